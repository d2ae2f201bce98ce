"""The state of an item is derived: open, partly paid, paid, overdue, credit, void."""

from datetime import date

import pytest

from duly.receivables.rules.state import state_of

DUE = date(2026, 3, 10)
BEFORE, AFTER = date(2026, 3, 9), date(2026, 3, 11)


@pytest.mark.parametrize(
    ("amount", "left", "on", "is_void", "state"),
    [
        (100, 100, BEFORE, False, "open"),
        (100, 100, DUE, False, "open"),  # the due date itself is not late
        (100, 100, AFTER, False, "overdue"),
        (100, 40, BEFORE, False, "partly_paid"),
        (100, 40, DUE, False, "partly_paid"),
        (100, 40, AFTER, False, "overdue"),
        (100, 0, BEFORE, False, "paid"),
        (100, 0, AFTER, False, "paid"),
        (-100, -100, AFTER, False, "credit"),
        (-100, -40, AFTER, False, "credit"),
        (-100, 0, AFTER, False, "paid"),
        (100, 0, AFTER, True, "void"),
        (-100, 0, BEFORE, True, "void"),
    ],
)
def test_state(amount: int, left: int, on: date, is_void: bool, state: str) -> None:
    told = state_of(amount_minor=amount, open_minor=left, due_on=DUE, on=on, is_void=is_void)
    assert told == state
