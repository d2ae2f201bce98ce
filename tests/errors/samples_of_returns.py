"""A refusal of each kind that money going back can meet."""

from collections.abc import Callable
from datetime import date

from tests.errors.desk import AT, ON, Desk

from duly.access.actions import add_user, require_authority
from duly.kernel.money import Money
from duly.ledger.actions import recording
from duly.parties.queries import entity
from duly.receivables.actions import void_payments
from duly.receivables.queries import payments_by_number, refunds
from duly.receivables.rules.course import Course
from duly.receivables.rules.returning import Paid, refusal_of_return


def _returned_twice(desk: Desk) -> None:
    desk.open_books()
    for _ in range(2):
        desk.run("payment", "return", "P1", "--reason", "NSF")


def _settled_since(desk: Desk) -> None:
    desk.open_books().apply("I1", "100.00")
    desk.run("payment", "return", "P1", "--reason", "NSF", "--on", str(ON))
    desk.take(
        "payment_id,customer_id,currency,received_on,amount\nP9,C1,EUR,2026-03-01,100.00\n", "p.csv"
    )
    desk.apply("I1", "100.00", "P9")
    desk.run("payment", "unreturn", "P1")


def _returned_and_refunded(desk: Desk) -> None:
    paid = Paid("P1", "EUR", 100, date(2026, 1, 2), False, False, Course(40))
    refusal = refusal_of_return(paid, ON)
    assert refusal is not None
    raise refusal


def _asked(desk: Desk) -> None:
    desk.open_books().run("refund", "ask", "P1", "--amount", "1.00", "--reason", "paid twice")


def _voided_while_it_waits(desk: Desk) -> None:
    _asked(desk)
    one = entity()
    payment = payments_by_number(one.pk, ["P1"])["P1"]
    with recording(kind="test", entity_id=one.pk, actor="test", at=AT) as recorder:
        void_payments(recorder=recorder, entity_id=one.pk, payment_ids=[payment.id], on=None)


def _refused_twice(desk: Desk) -> None:
    _asked(desk)
    (refund,) = refunds(entity().pk)
    for _ in range(2):
        desk.run("refund", "refuse", str(refund.id))


def _above_authority(desk: Desk) -> None:
    desk.run("authority", "set", "manager", "approve_refund", "EUR", "0.50")
    boss = add_user(email="b@x.example", name="Bea", role="manager", password=None, at=AT)
    require_authority(user=boss, act="approve_refund", money=Money(51, "EUR"))


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "ALREADY_RETURNED": _returned_twice,
    "AUTHORITY_EXCEEDED": _above_authority,
    "AUTHORITY_UNFIT": lambda d: d.run("authority", "lift", "manager", "credit", "EUR"),
    "BANK_LINE_UNKNOWN": lambda d: d.open_books().run(
        "payment", "return", "P1", "--reason", "NSF", "--line", "9"
    ),
    "MONEY_RESERVED": _voided_while_it_waits,
    "KIND_UNFIT": lambda d: d.open_books().run("bank", "kind", "set", "***", "--is", "Interest"),
    "NOT_RETURNED": lambda d: d.open_books().run("payment", "unreturn", "P1"),
    "PAYMENT_REFUNDED": _returned_and_refunded,
    "REFUND_REASON_MISSING": lambda d: d.open_books().run(
        "refund", "ask", "P1", "--amount", "1.00", "--reason", " "
    ),
    "REFUND_SETTLED": _refused_twice,
    "REFUND_UNKNOWN": lambda d: d.open_books().run("refund", "refuse", "9"),
    "RETURN_IN_USE": _settled_since,
    "RETURN_REASON_UNKNOWN": lambda d: d.open_books().run(
        "payment", "return", "P1", "--reason", "BECAUSE"
    ),
}
