"""One statement of every format, labelled by hand (golden/labels.toml): every field of it (T14)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from duly.interfaces.exchange.banking import inspect_files
from duly.interfaces.exchange.readers.bank.opening import FORMATS

GOLDEN = Path(__file__).parent / "golden"
LABELS: list[dict[str, Any]] = tomllib.loads((GOLDEN / "labels.toml").read_text())["file"]
NOT_LABELLED = ("place", "currency", "counterparty")  # told elsewhere
NOTHING = ("0.00", "0")
USUAL = {
    "status": ("booked",),
    "charges": NOTHING,
    "discount": NOTHING,
    "deduction": NOTHING,
}


def said(told: dict[str, Any]) -> dict[str, Any]:
    """An entry or detail as labels tell it: empty fields left out, the other side in one row."""
    found = {**told, **told.get("counterparty", {})}
    for several in ("details", "documents"):
        found[several] = [said(one) for one in told.get(several, [])]
    return {
        key: value
        for key, value in found.items()
        if value and key not in NOT_LABELLED and value not in USUAL.get(key, ())
    }


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label["name"])
def test_every_field_is_as_it_was_labelled(label: dict[str, Any]) -> None:
    (file,) = inspect_files([GOLDEN / label["name"]])["files"]
    assert file["format"] == label["format"]
    assert [one["code"] for one in file["problems"]] == label.get("problems", [])
    (statement,) = file["statements"]
    head = ("account", "currency", "kind", "number", "bank", "owner", "opening", "closing")
    assert {key: statement[key] for key in head if statement[key]} == {
        key: label[key] for key in head if key in label
    }
    assert [said(one) for one in statement["entries"]] == label["entries"]


def test_every_format_has_one() -> None:
    assert {label["format"] for label in LABELS} == set(FORMATS)
    assert {label["name"] for label in LABELS} | {"labels.toml"} == {
        path.name for path in GOLDEN.iterdir()
    }
