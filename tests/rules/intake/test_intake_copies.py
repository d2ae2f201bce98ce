"""To which invoice a PDF belongs: by the number in its name, else by the one in its text."""

import doctest

import pytest

from duly.intake.rules import copies
from duly.intake.rules.copies import Tie, numbers_of_name, numbers_of_text, tie

KNOWN = {"INV-204": [1], "RE/2026/7": [2], "2026-0001": [3], "4711": [4], "INV-9": [5, 6]}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("INV-204.pdf", "", Tie(1, "name")),
        ("inv.INV-204 (1).PDF", "", Tie(1, "name")),
        ("Meridian_INV-204_copy.pdf", "", Tie(1, "name")),
        ("RE_2026_7.pdf", "", Tie(2, "name")),
        ("Rechnung 2026_0001.pdf", "", Tie(3, "name")),
        ("4711.pdf", "INV-204", Tie(4, "name")),  # the name goes first
        ("scan.pdf", "Invoice no. INV-204\nTotal 4,711.00", Tie(1, "text")),
        ("scan.pdf", "RE/2026/7.", Tie(2, "text")),
        ("scan.pdf", "INV-204 and 2026-0001", None),  # a statement names many
        ("INV-9.pdf", "INV-204", None),  # two documents have it: a person decides
        ("scan.pdf", "", None),
        ("", "", None),
        ("\x00.pdf", "\x00", None),
    ],
)
def test_a_copy_is_tied_by_its_number_or_waits(name: str, text: str, told: Tie | None) -> None:
    assert tie(numbers_of_name(name), numbers_of_text(text), KNOWN) == told


def test_long_names_and_texts_are_read_as_far_as_is_sensible() -> None:
    assert len(numbers_of_name("a1 " * 500)) < 300
    assert len(numbers_of_text(" ".join(f"N-{n}" for n in range(9_000)))) == 1_500
    assert numbers_of_text("7 12 123") == []  # such numbers stand everywhere
    assert numbers_of_text("x" * 1_000_000 + " INV-1") == []  # in no time, and beyond what is read
    assert numbers_of_text("INV-1\0" + "2 INV-3") == ["INV-3"]


def test_examples() -> None:
    assert doctest.testmod(copies).failed == 0
