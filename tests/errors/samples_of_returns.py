"""A refusal of each kind that money going back can meet."""

from collections.abc import Callable
from datetime import date

from tests.errors.desk import ON, Desk

from duly.receivables.rules.course import Course
from duly.receivables.rules.returning import Paid, refusal_of_return


def _returned_twice(desk: Desk) -> None:
    desk.open_books()
    for _ in range(2):
        desk.run("payment", "return", "P1", "--reason", "NSF")


def _returned_and_refunded(desk: Desk) -> None:
    paid = Paid("P1", "EUR", 100, date(2026, 1, 2), False, False, Course(40))
    refusal = refusal_of_return(paid, ON)
    assert refusal is not None
    raise refusal


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "ALREADY_RETURNED": _returned_twice,
    "BANK_LINE_UNKNOWN": lambda d: d.open_books().run(
        "payment", "return", "P1", "--reason", "NSF", "--line", "9"
    ),
    "PAYMENT_REFUNDED": _returned_and_refunded,
    "RETURN_REASON_UNKNOWN": lambda d: d.open_books().run(
        "payment", "return", "P1", "--reason", "BECAUSE"
    ),
}
