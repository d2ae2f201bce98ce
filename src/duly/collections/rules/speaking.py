"""Words to say on the telephone: the facts, one question, then silence. A draft, never sent."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

FRIDAY = 5


class Said(NamedTuple):
    """A stretch of a sentence; what is fact stands out."""

    text: str
    is_fact: bool = False


class Missed(NamedTuple):
    """A promise that was not kept: amounts as they are spoken."""

    promised: str
    received: str  # "" for nothing
    missing: str
    due_on: date


class Late(NamedTuple):
    """What may be asked for: as it is spoken."""

    number: str  # of the oldest
    amount: str
    items: int
    due_on: date  # of the oldest


class Words(NamedTuple):
    """What to say first, and what to say to the likely answer."""

    first: tuple[Said, ...]
    then: tuple[Said, ...]


def words_to_say(*, missed: Missed | None, late: Late | None, on: date) -> Words | None:
    """What to say to a customer; None where nothing may be asked for.

    >>> told = words_to_say(missed=None, late=Late("I1", "50.00", 1, date(2026, 2, 8)),
    ...                     on=date(2026, 3, 2))
    >>> spoken(told.first)
    'I1 of 50.00 was due on 8 February. Is anything in the way of paying it by Friday 6 March?'
    """
    friday = _say_day(next_friday(on))
    if missed is not None:
        came = (_fact(missed.received), Said(". When did the rest go out?"))
        first = (
            Said("You told me "),
            _fact(missed.promised),
            Said(" would be here by "),
            _fact(_say_day(missed.due_on)),
            *((Said(". I see "), *came) if missed.received else (Said(_NOTHING_CAME),)),
        )
        return Words(first, (Said("Can you release "), _fact(missed.missing), Said(" today?")))
    if late is None:
        return None
    if late.items == 1:
        first = (
            _fact(late.number),
            Said(" of "),
            _fact(late.amount),
            Said(" was due on "),
            _fact(_say_date(late.due_on)),
            Said(". Is anything in the way of paying it by "),
            _fact(friday),
            Said("?"),
        )
    else:
        first = (
            _fact(f"{late.items} invoices"),
            Said(" over "),
            _fact(late.amount),
            Said(" are past due, the oldest since "),
            _fact(_say_date(late.due_on)),
            Said(". Can you pay them by "),
            _fact(friday),
            Said("?"),
        )
    then = (Said("Which of it can leave on "), _fact(friday), Said(", and on which day the rest?"))
    return Words(first, then)


_NOTHING_CAME = ". I see nothing of it yet. When did it go out?"


def next_friday(on: date) -> date:
    """The Friday by which to ask for money: two days or more away.

    >>> next_friday(date(2026, 3, 2)).isoformat(), next_friday(date(2026, 3, 5)).isoformat()
    ('2026-03-06', '2026-03-13')
    """
    day = on + timedelta(days=2)
    return day + timedelta(days=(FRIDAY - day.isoweekday()) % 7)


def spoken(parts: Sequence[Said]) -> str:
    """The sentence as plain text."""
    return "".join(part.text for part in parts)


def _fact(text: str) -> Said:
    return Said(text, is_fact=True)


def _say_date(on: date) -> str:
    return f"{on.day} {on:%B}"


def _say_day(on: date) -> str:
    return f"{on:%A} {_say_date(on)}"
