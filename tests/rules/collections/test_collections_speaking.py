"""Words to say: facts of the book, one question, and nothing where nothing may be asked."""

from datetime import date

import pytest

from duly.collections.rules.speaking import Late, Missed, next_friday, spoken, words_to_say

ON = date(2026, 3, 2)
LATE = Late("INV-1", "9,310.20", 1, date(2026, 2, 8))


def first(**facts: object) -> str:
    told = words_to_say(**({"missed": None, "late": None, "on": ON} | facts))  # type: ignore[arg-type]
    assert told is not None
    assert spoken(told.then).endswith("?")
    return spoken(told.first)


def test_a_promise_that_was_not_kept_goes_first() -> None:
    missed = Missed("12,000.00", "3,400.00", "8,600.00", date(2026, 2, 26))
    told = first(missed=missed, late=LATE)
    assert told == (
        "You told me 12,000.00 would be here by Thursday 26 February. I see 3,400.00."
        " When did the rest go out?"
    )
    nothing = first(missed=missed._replace(received="", missing="12,000.00"))
    assert nothing.endswith("I see nothing of it yet. When did it go out?")


def test_many_invoices_are_told_by_their_sum() -> None:
    told = first(late=LATE._replace(items=4))
    assert told == (
        "4 invoices over 9,310.20 are past due, the oldest since 8 February."
        " Can you pay them by Friday 6 March?"
    )


def test_what_stands_out_is_what_the_book_says() -> None:
    told = words_to_say(missed=None, late=LATE, on=ON)
    assert told is not None
    assert [part.text for part in told.first if part.is_fact] == [
        "INV-1",
        "9,310.20",
        "8 February",
        "Friday 6 March",
    ]


def test_where_nothing_may_be_asked_there_are_no_words() -> None:
    assert words_to_say(missed=None, late=None, on=ON) is None


@pytest.mark.parametrize(
    ("on", "friday"),
    [("2026-03-02", "2026-03-06"), ("2026-03-04", "2026-03-06"), ("2026-03-05", "2026-03-13")],
)
def test_the_friday_is_two_days_away_or_more(on: str, friday: str) -> None:
    assert next_friday(date.fromisoformat(on)) == date.fromisoformat(friday)
