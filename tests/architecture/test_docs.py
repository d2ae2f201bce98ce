"""Pages can't fall behind the code: commands, settings, refusals, links, decisions."""

import argparse
import contextlib
import importlib.util
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.refusals import codes_in, codes_of_duly, is_code
from tests.architecture.sources import ROOT, Module, modules

from duly.interfaces.cli.main import parser

SETTING = re.compile(r"DULY_[A-Z_]+")
LINK = re.compile(r"\]\(([^)#:]+?)(?:#[^)]*)?\)")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
# cli.md is written from the commands; progress.md tells of those that are not there yet.
COMMANDED = [page for page in PAGES if page.name not in ("cli.md", "progress.md")]


def test_every_command_and_option_stands_in_its_page() -> None:
    spec = importlib.util.spec_from_file_location("write_cli", ROOT / "docs" / "write_cli.py")
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert writer.PAGE.read_text() == writer.page(), "run: python docs/write_cli.py"


def test_every_command_and_argument_says_what_it_is() -> None:
    def silent(of: argparse.ArgumentParser) -> Iterator[str]:
        for action in of._actions:
            if isinstance(action, argparse._SubParsersAction):
                told = {choice.dest for choice in action._choices_actions if choice.help}
                for name, command in action.choices.items():
                    if name not in told:
                        yield f"{of.prog} {name}"
                    yield from silent(command)
            elif not action.help:
                yield f"{of.prog} {(*action.option_strings, action.dest)[0]}"

    assert list(silent(parser())) == []


def commands_told(page: str) -> list[str]:
    """Every command of ours that a page says to type, within sentences and in blocks."""
    blocks = "".join(re.findall(r"^```(?:sh)?\n(.*?)^```", page, re.M | re.S))
    typed = [line.split("  #")[0] for line in blocks.splitlines() if line.startswith("duly ")]
    return [" ".join(span.split()) for span in re.findall(r"`(duly\s[^`]+)`", page)] + typed


def why_not(command: str) -> str:
    """Why a command is none of ours; "" for one that is, once what it wants is filled in."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.suppress(SystemExit):
        parser().parse_args(shlex.split(command)[1:])
    found = re.search(r"unrecognized arguments: .*|invalid choice: '[a-z].*", told.getvalue())
    return found[0] if found else ""


@pytest.mark.parametrize("page", COMMANDED, ids=[str(page.relative_to(ROOT)) for page in COMMANDED])
def test_what_a_page_says_to_type_can_be_typed(page: Path) -> None:
    told = {command: why_not(command) for command in commands_told(page.read_text())}
    assert {command: why for command, why in told.items() if why} == {}


def test_a_command_that_is_none_is_found() -> None:
    assert commands_told("Ask `duly\nnurse`.\n```\nduly up --loud  # so\n```\n") == [
        "duly nurse",
        "duly up --loud",
    ]
    assert why_not("duly nurse")
    assert why_not("duly up --loud")
    assert not why_not("duly user role EMAIL ROLE")


def test_every_setting_stands_in_its_page() -> None:
    used = {name for module in modules() for name in SETTING.findall(module.text)}
    told = set(SETTING.findall((ROOT / "docs" / "settings.md").read_text()))
    assert used == told


def test_every_code_stands_in_its_page() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "errors.md").read_text(), re.M)
    assert sorted(told) == sorted(set(told))
    there = codes_of_duly()
    assert len(there) > 80
    assert {"never told": there - set(told), "no longer there": set(told) - there} == {
        "never told": set(),
        "no longer there": set(),
    }


@pytest.mark.parametrize(
    "text",
    [
        'class Late(Refusal):\n    code = "TOO_LATE"',
        'raise Malformed("It is late.", code="TOO_LATE")',
        'Problem(where, "TOO_LATE", "It is late.")',
        'problem("TOO_LATE", "It is late.", "Be early.")',
        'return ("TOO_LATE", "It is late.", "Be early.")',
    ],
)
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    assert set(codes_in(Module("receivables/errors.py", text))) == {"TOO_LATE"}


def test_what_is_no_code() -> None:
    assert not is_code("EUR")
    assert not is_code("DULY_HOME")
    assert not is_code("too_late")


def test_every_component_filter_and_tag_stands_in_its_page() -> None:
    web = ROOT / "src" / "duly" / "interfaces" / "web"
    told = (ROOT / "docs" / "pages.md").read_text()
    there = {f"<c-{path.stem}" for path in (web / "templates" / "cotton").glob("*.html")}
    there |= set(
        re.findall(r"@register\.\w+.*\ndef (\w+)", (web / "templatetags" / "show.py").read_text())
    )
    assert len(there) > 20
    assert {name for name in there if name not in told} == set()
    assert set(re.findall(r"<c-\w+", told)) <= there


def test_every_decision_stands_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text()))
    assert listed == {path.name for path in folder.glob("0*.md")}


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
