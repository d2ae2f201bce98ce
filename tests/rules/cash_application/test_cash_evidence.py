"""What a page marks in a bank's text: places as they are written, dates and signs and all."""

from datetime import date

import pytest

from duly.cash_application.rules.evidence import pieces_of, places_in_text, places_of_name
from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import Numbers

DAY = date(2026, 3, 2)
ITEMS = [
    OpenItem(n, 1, number, "EUR", 100, DAY, DAY)
    for n, number in enumerate(("INV-2025-00881", "INV-2025-00882", "CN-2003"), 1)
]


def told(text: str, chosen: set[int]) -> list[tuple[str, str, str]]:
    places = places_in_text(text, Numbers(ITEMS), chosen)
    return [(one.text, one.what, one.says) for one in pieces_of(text, places) if one.what]


@pytest.mark.parametrize(
    ("text", "chosen", "marks"),
    [
        ("Re. INV-2025-00881", {1}, [("INV-2025-00881", "item", "INV-2025-00881")]),
        ("zu Rg. inv 2025/00882 vom 02.03.2026", {2},
         [("inv 2025/00882", "item", "INV-2025-00882")]),
        ("2026-03-02 INV-2025-00881 less CN-2003", {1, 3},
         [("INV-2025-00881", "item", "INV-2025-00881"), ("CN-2003", "item", "CN-2003")]),
        ("INV-2025-00881 77889900", set(),
         [("INV-2025-00881", "other", "INV-2025-00881"), ("77889900", "unknown", "no open item")]),
        ("Größe INV-2025-00881", {1}, [("INV-2025-00881", "item", "INV-2025-00881")]),
        ("RF18 5390 0754 7034", set(),
         [("RF18 5390 0754 7034", "reference", "check digits fit")]),
        ("", set(), []),
    ],
)  # fmt: skip
def test_places_are_those_of_the_text_as_it_was_sent(
    text: str, chosen: set[int], marks: list[tuple[str, str, str]]
) -> None:
    assert told(text, chosen) == marks
    places = places_in_text(text, Numbers(ITEMS), chosen)
    assert "".join(one.text for one in pieces_of(text, places)) == text


def test_words_of_a_name_are_those_of_the_customer() -> None:
    text = "FINOVIA SHARED SERVICES i.A.  GRUENWALDT HOCHBAU KG"
    places = places_of_name(text, ["Grünwaldt Hochbau KG"])
    assert [text[one.start : one.end] for one in places] == ["GRUENWALDT", "HOCHBAU"]
