"""README.md tells the truth: what it says to type is typed, in its order, in an empty home."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from northwind import CUSTOMERS, ITEMS, PAYMENTS
from shell import duly
from stories.desk import books_hold

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# In a block of lines, or within a sentence.
SAID = re.findall(r"^(duly .*)$|`(duly [^`]+)`", README, re.M)
STATEMENT = """:20:S1
:25:37040044/0532013000
:28C:1/1
:60F:C260310EUR1000,00
:61:2603100310C780,00NTRFNONREF//B1
:86:166?00CREDIT?20INVOICE T-1?32TALL OAKS TIMBER
:62F:C260310EUR1780,00
-
"""
COMMANDS = [shlex.split(line or span)[1:] for line, span in SAID]


@pytest.mark.django_db
def test_your_own_books(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: Callable[[str, str], Path]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("customers", CUSTOMERS), ("invoices", ITEMS), ("payments", PAYMENTS)):
        file(f"{name}.csv", text)
    opened, looked, taken_back, told, matched, aged, checked, served = COMMANDS

    assert duly(*opened)["entity"] == "Northwind Packaging"
    seen = duly(*looked)["batches"]
    assert looked.pop() == "--dry-run"
    written = duly(*looked)["batches"]
    assert [(one["kind"], one["new"], one["control"]) for one in seen] == [
        (one["kind"], one["new"], one["control"]) for one in written
    ]
    assert sum(one["new"] for one in duly(*looked)["batches"]) == 0
    assert duly(*aged)["tie_out"]["EUR"]["difference"] == "0.00"
    assert duly(*checked)["ok"]
    assert served == ["up"]

    assert taken_back.pop() == "BATCH"
    duly(*taken_back, written[-1]["id"])
    assert duly("items", "--open")["items"]
    (tmp_path / "statement.sta").write_text(STATEMENT, encoding="utf-8")
    assert duly(*told)["batches"][0]["new"] == 1
    assert [one["outcome"] for one in duly(*matched)["payments"]] == ["applied"]
    assert books_hold()


def test_what_is_made_can_be_made() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    told = set(re.findall(r"\bmake (run|test|lint|lock|clean)\b", README))
    assert {"run", "test"} <= told <= targets
