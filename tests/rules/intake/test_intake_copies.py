"""To which invoice a PDF belongs: by the number in its name, else by the one in its text."""

import doctest

import pytest

from duly.intake.rules import copies
from duly.intake.rules.copies import Tie, is_named, numbers_of_name, numbers_of_text, tie
from duly.parties.rules.search import words_of

LETTER = "Invoice {} for {}, 1 Quay Street, Bristol. Ten crates of apples and one of pears, 120.00"
NAMES = {1: ["Meridian Foods Ltd."], 5: ["Ash"], 6: ["Oak"]}
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
        ("scan.pdf", "INV-204 and 2026-0001", Tie(may_be=(1, 3))),  # a statement names many
        ("INV-9.pdf", "INV-204", Tie(may_be=(5, 6))),  # two customers have it: a person decides
        ("INV-9.pdf", LETTER.format("INV-9", "Ash"), Tie(may_be=(5, 6))),  # whatever it says
        ("scan.pdf", LETTER.format("INV-9", "Ash"), Tie(may_be=(5, 6))),
        ("INV-204.pdf", LETTER.format("INV-204", "MERIDIAN FOODS"), Tie(1, "name")),
        ("INV-204.pdf", LETTER.format("INV-204", "Tall Oaks"), Tie(1, "unnamed")),
        ("scan.pdf", "", Tie()),
        ("", "", Tie()),
        ("\x00.pdf", "\x00", Tie()),
    ],
)
def test_a_copy_is_tied_by_its_number_or_waits(name: str, text: str, told: Tie) -> None:
    found = tie(numbers_of_name(name), numbers_of_text(text), KNOWN, NAMES, words_of(text))
    assert found == told


def test_long_names_and_texts_are_read_as_far_as_is_sensible() -> None:
    assert len(numbers_of_name("a1 " * 500)) < 300
    assert len(numbers_of_text(" ".join(f"N-{n}" for n in range(9_000)))) == 1_500
    assert numbers_of_text("7 12 123") == []  # such numbers stand everywhere
    assert numbers_of_text("x" * 1_000_000 + " INV-1") == []  # in no time, and beyond what is read
    assert numbers_of_text("INV-1\0" + "2 INV-3") == ["INV-3"]


@pytest.mark.parametrize(
    ("names", "text", "told"),
    [
        (["Söhne & Co. KG"], "An Sohne, Hafen 3", True),
        (["AG"], "an ag", True),  # a name that is a form only
        (["", "Ash Ltd", "Quarry Lane"], "Quarry Lane Aggregates", True),
        (["Ash Ltd"], "Ashford Ltd", False),
        ([], "Ash", False),
    ],
)
def test_whether_a_text_names_the_customer(names: list[str], text: str, told: bool) -> None:
    assert is_named(names, words_of(text)) is told


def test_nobody_is_asked_about_very_many() -> None:
    numbers = [f"N-{n}" for n in range(10, 30)]
    known = {number: [place] for place, number in enumerate(numbers)}
    assert tie([], numbers, known, {}, []) == Tie()


def test_examples() -> None:
    assert doctest.testmod(copies).failed == 0
