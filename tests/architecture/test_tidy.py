"""Sizes, names, and words that don't belong into a project that others read."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.sources import ROOT, Module, functions, modules

FILE_LINES = 400
FUNCTION_LINES = 60
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "service"}
UNDONE = re.compile(r"\b(TODO|FIXME|raise NotImplementedError|coming soon)\b")

FOREIGN = re.compile(
    "|".join(
        [
            r"/wo" r"rk/",
            r"/ho" r"me/\w+/",
            r"/ro" r"ot/",
            r"py" r"pi\.org",
            r"pythonhosted" r"\.org",
            r"npm" r"js\.(com|org)",
            r"deb\." r"debian\.org",
            r"index" r"-url\s*=",
            r"\b[Cc]oding (ag" r"ent|ses" r"sion)",
            r"\bAI (ag" r"ent|assist" r"ant)",
            r"\b([Cc]lau" r"de|[Cc]hat" r"G[Pp][Tt]|[Cc]od" r"ex)\b",
        ]
    )
)
SHOWN_AS_TEXT = {".py", ".md", ".toml", ".txt", ".in", ".html", ".css", ".js", ".sh", ".svg", ""}


def tracked_files() -> list[Path]:
    """What the repository holds, with what is about to be added; all files in a plain copy."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    names = listed.stdout.splitlines() if listed.returncode == 0 else []
    paths = [ROOT / name for name in names] or [
        path for folder in ("src", "tests", "docs") for path in (ROOT / folder).rglob("*")
    ]
    itself = Path(__file__)
    return [
        path for path in paths if path.is_file() and path.suffix in SHOWN_AS_TEXT and path != itself
    ]


def long_parts(module: Module) -> Iterator[str]:
    """Files and functions that outgrew their limit."""
    lines = module.text.count("\n")
    if lines > FILE_LINES:
        yield f"{module.path}: {lines} lines"
    for function in functions(module.tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > FUNCTION_LINES:
            yield f"{module.path}:{function.lineno} {function.name}: {length} lines"


def test_files_and_functions_are_short() -> None:
    assert [one for module in modules() for one in long_parts(module)] == []


def test_long_ones_are_found() -> None:
    body = "\n".join(["    pass"] * FUNCTION_LINES)
    assert list(long_parts(Module("kernel/x.py", f"def long():\n{body}\n")))
    assert list(long_parts(Module("kernel/x.py", "x = 1\n" * (FILE_LINES + 1))))
    assert not list(long_parts(Module("kernel/x.py", "x = 1\n" * FILE_LINES)))


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [module.path for module in modules() if VAGUE_NAMES & set(module.parts)]
    assert found == []


def test_every_package_says_what_it_is() -> None:
    found = [
        module.path
        for module in modules()
        if module.path.endswith("__init__.py") and not module.text.lstrip().startswith('"""')
    ]
    assert found == []


def test_nothing_is_left_undone() -> None:
    assert [module.path for module in modules() if UNDONE.search(module.text)] == []


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in tracked_files()
        if (hit := FOREIGN.search(path.read_text(errors="replace")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["/work/main", "/home/jane/duly", "https://pypi.org/simple", "index-url = x"],
)
def test_words_of_a_machine_are_found(text: str) -> None:
    assert FOREIGN.search(text)
    assert len(tracked_files()) > 100
