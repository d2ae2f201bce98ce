"""docs/importing.md tells the truth: its files are written, its commands are run, in its order."""

import re
import shlex
from pathlib import Path

import pytest

from building import broken
from duly.intake.actions.importing import _TAKERS
from duly.intake.rules.columns import KINDS
from duly.interfaces.exchange.readers.limits import DELIMITED_BYTES, OTHER_BYTES
from duly.interfaces.exchange.readers.presets import PRESETS
from shell import duly

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", PAGE, re.M | re.S)


@pytest.mark.django_db
def test_the_examples_work_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = []
    closing: list[tuple[str, str]] = []
    for language, name, text in BLOCKS:
        if language in ("csv", "toml", "text"):
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        assert language == "sh"
        for line in text.splitlines():
            command, _, told = line.partition("  # refused: ")
            program, *words = shlex.split(command)
            assert program == "duly"
            document = duly(*words, code=3 if told else 0)
            codes = {one["code"] for one in document.get("facts", {}).get("problems", [])}
            assert not told or told in codes | {document["code"]}
            for batch in document.get("batches", []):
                closing += [(one["number"], one["amount"]) for one in batch.get("closing", [])]
            ran.append(line)
    assert len(ran) == 15
    assert sorted(closing) == [("INV-7", "250.00"), ("R-1001", "500.00")]
    assert "here INV-7 and 500.00 of R-1001" in PAGE
    open_items = {item["number"]: item["open"] for item in duly("items", "--open")["items"]}
    assert open_items == {
        "R-1001": "700.00",
        "R-1002": "320.00",
        "G-17": "80.00",
        "4711": "1234.50",
        "4712": "34.50",
    }
    assert broken() == {}


def test_every_column_stands_in_the_table() -> None:
    rows = re.findall(r"^\| (\w+) \| (`.*?) \| (`.*?) \|$", PAGE, re.M)
    told = {
        kind: tuple(tuple(re.findall(r"`(\w+)`", cell)) for cell in cells) for kind, *cells in rows
    }
    assert told == {
        kind: (KINDS[kind].required, KINDS[kind].optional) for kind in _TAKERS if kind in KINDS
    }


def test_every_preset_named_is_there_and_none_is_left_out() -> None:
    table = PAGE.split("## Exports of accounting systems")[1].split("```")[0]
    named = set(re.findall(r"`((?:quickbooks|xero|stripe|netsuite)-[a-z*-]+)`", table))
    patterns = [re.escape(name).replace(r"\*", ".*") for name in named]
    heads = {name.removesuffix("-payments").removesuffix("-applied") for name in PRESETS}
    heads |= set(PRESETS)
    assert [name for name in named if "*" not in name and name not in heads] == []
    unnamed = [
        name
        for name, preset in PRESETS.items()
        if not any(re.fullmatch(pattern, name) for pattern in patterns)
        and preset.family not in named
    ]
    assert unnamed == []


def test_the_limits_told_are_those_kept() -> None:
    assert f"up to {DELIMITED_BYTES >> 30} GiB" in PAGE
    assert f"up to {OTHER_BYTES >> 20} MiB" in PAGE.replace("\n", " ")
