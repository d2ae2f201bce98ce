"""The repository stands by itself: what code and tests cite is told in its own pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT

PAGE = re.compile(r"(?<![\w/*])[\w./-]+\.md\b")
PAINS = re.compile(r"[Pp]ains? ((?:[A-L]\d+(?:-[A-L]\d+)?(?:, | and )?)+)")
SPAN = re.compile(r"([A-L])(\d+)(?:-[A-L](\d+))?")
OTHERS = re.compile(r"\b(?:[IT]\d\d?|[MSK]-\d\d)\b")


def python_files() -> list[Path]:
    """Code and tests, but for this file, which cites what is not there."""
    found = [path for folder in ("src", "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if path != Path(__file__)]


def docstrings(text: str) -> Iterator[str]:
    """The docstrings of a file."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""


def cited_in(text: str) -> set[str]:
    """Invariants, families of tests, figures, and pains (as "pain I4")."""
    pains = {
        f"pain {letter}{number}"
        for listed in PAINS.findall(text)
        for letter, first, last in SPAN.findall(listed)
        for number in range(int(first), int(last or first) + 1)
    }
    return pains | set(OTHERS.findall(PAINS.sub("", text)))


def pages_in(text: str) -> set[str]:
    """Pages that are named and not here."""
    places = (ROOT, ROOT / "docs", ROOT / "docs" / "decisions")
    return {name for name in PAGE.findall(text) if not any((at / name).exists() for at in places)}


def test_what_is_cited_stands_in_a_page() -> None:
    sources, invariants = (
        (ROOT / "docs" / name).read_text() for name in ("sources.md", "invariants.md")
    )
    told = {f"pain {one}" for one in re.findall(r"^\| ([A-L]\d+) \|", sources, re.M)}
    told |= set(OTHERS.findall(sources)) | set(OTHERS.findall(invariants))
    cited = {
        one
        for path in python_files()
        for text in docstrings(path.read_text())
        for one in cited_in(text)
    }
    assert len(cited) > 40
    assert cited - told == set()


def test_pages_that_are_named_are_here() -> None:
    assert {path: gone for path in python_files() if (gone := pages_in(path.read_text()))} == {}


def test_what_is_cited_and_named_is_found() -> None:
    assert cited_in("See: I12, T6; pains A5-A7, I4 and K2.") == {
        *("I12", "T6", "pain A5", "pain A6", "pain A7", "pain I4", "pain K2")
    }
    assert cited_in("M-10 and S-02, not M-100.") == {"M-10", "S-02"}
    assert pages_in("See: docs/sources.md, ARCHITECTURE.md, nowhere.md.") == {"nowhere.md"}
