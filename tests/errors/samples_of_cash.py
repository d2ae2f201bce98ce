"""Samples of the refusals of cash application."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from tests.errors.desk import Desk

from duly.access.actions import Author
from duly.cash_application.actions import accept_match, join_accounts, revoke_alias
from duly.cash_application.rules.by_hand import refuse_changed
from duly.cash_application.rules.residuals import Line
from duly.interfaces.exchange.readers.bank import Said
from duly.parties.queries import entity
from duly.receivables.queries import items_by_number, payments_by_number

AT = datetime(2026, 3, 20, tzinfo=UTC)


def _accepted(desk: Desk, *lines: tuple[int, str], payment: int | None = None) -> None:
    """Accept the first payment for its first item, with lines of (minor, reason)."""
    desk.open_books()
    company = entity(None)
    (item,) = next(iter(items_by_number(company.pk, ["I1"]).values()))
    accept_match(
        entity=company,
        payment_id=payment or payments_by_number(company.pk, ["P1"])["P1"].id,
        customer_id=item.customer_id,
        lines=[Line(item.id, minor, reason) for minor, reason in lines],
        on=date(2026, 3, 20),
        actor="test",
        at=AT,
    )


def _no_alias(desk: Desk) -> None:
    desk.open_books()
    revoke_alias(entity_id=entity(None).pk, alias_id=999, author=Author("test", AT))


def _one_account(desk: Desk) -> None:
    """Say that two numbers are one account, when both have lines."""
    desk.open_books()
    for number in ("1", "2"):
        said = Said(account=number)
        desk.take(f"{_BANK_HEADER}\n2026-03-01,RE {number},1.00,EUR\n", "bank.csv", said=said)
    join_accounts(entity_id=entity(None).pk, numbers=("1", "2"), actor="test", at=AT)


_BANK_HEADER = "Date,Description,Amount,Currency"


def _no_account(desk: Desk) -> None:
    desk.open_books()
    join_accounts(entity_id=entity(None).pk, numbers=("1", "2"), actor="test", at=AT)


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "ACCOUNTS_BOTH_USED": _one_account,
    "ALIAS_UNKNOWN": _no_alias,
    "CHANGED_MEANWHILE": lambda d: refuse_changed([(7, 100)], {7: 90}, is_same_payment=True),
    "KNOB_UNFIT": lambda d: d.open_books().run("matching", "tolerance=many"),
    "BANK_ACCOUNT_UNKNOWN": _no_account,
    "DIFFERENCE_TOO_LARGE": lambda d: _accepted(d, (100, "settled"), (9_000, "tolerance")),
    "MATCH_UNCLEAR": lambda d: _accepted(d, (100, "settled"), (200, "settled")),
    "NOTHING_TO_MATCH": lambda d: _accepted(d, (100, "settled"), payment=999_999),
}
