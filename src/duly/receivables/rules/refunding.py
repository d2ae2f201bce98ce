"""Whether money may go back to who paid it.

Rule: never more than is left of the payment or credit note besides what other refunds ask for; what
is asked for is reserved until it is paid, refused or lapsed. It goes to the account it came from;
another one is allowed, and said loudly to everyone who looks at it.
"""

from datetime import date
from typing import NamedTuple

from duly.kernel.currencies import exponent
from duly.kernel.errors import DulyError
from duly.kernel.money import text_from_minor
from duly.receivables.errors import (
    AmountNotPositive,
    OverApplied,
    RefundReasonMissing,
    RefundSettled,
    TakenBackTooEarly,
)
from duly.receivables.rules.course import Course

ASKED, APPROVED, PAID, REFUSED, LAPSED = "asked", "approved", "paid", "refused", "lapsed"
RESERVING = (ASKED, APPROVED)  # states in which nobody else can use the money


class Refundable(NamedTuple):
    """A payment or credit note that may be refunded; `left` counts refunds that wait as used."""

    number: str
    currency: str
    since: date
    left: Course


def refusal_of_refund(source: Refundable, minor: int, reason: str) -> DulyError | None:
    """Why a refund can't be asked for, or None.

    One of: AmountNotPositive, OverApplied, RefundReasonMissing.
    """
    facts: dict[str, object] = {"payment": source.number}

    def shown(amount: int) -> str:
        return f"{text_from_minor(amount, exponent(source.currency))} {source.currency}"

    if minor <= 0:
        return AmountNotPositive(
            f"{shown(minor)} is nothing to refund.", facts=facts, remedy="Ask for more than zero."
        )
    if minor > source.left.left_minor:
        left = shown(max(source.left.left_minor, 0))
        return OverApplied(
            f"{shown(minor)} is more than is left of {source.number}: {left}.",
            facts=facts | {"left": left},
            remedy="Ask for what is left, or take back first what it was applied to.",
        )
    if not reason.strip():
        return RefundReasonMissing(
            "Nobody could say later why this was refunded.",
            facts=facts,
            remedy="Say why the money goes back.",
        )
    return None


def refusal_of_paying(
    source: Refundable, minor: int, *, state: str, on: date, asked_on: date
) -> DulyError | None:
    """Why a refund can't be booked as paid on a day, or None: RefundSettled, TakenBackTooEarly."""
    if state != APPROVED:
        told = "waits for a second person" if state == ASKED else f"is {state} already"
        return RefundSettled(
            f"This refund of {source.number} {told}.",
            facts={"payment": source.number, "state": state},
            remedy="Pay what was approved, and once.",
        )
    day = source.left.first_day(minor, since=max(asked_on, source.since))
    if day is None or day > on:
        since = day or source.since
        return TakenBackTooEarly(
            f"The refund of {source.number} can't have been paid on {on}: the money is free "
            f"only since {since}.",
            facts={"payment": source.number, "since": since.isoformat(), "on": on.isoformat()},
            remedy=f"Book it on {since} or later.",
        )
    return None


def warning_of(account: str, source_account: str) -> str:
    """What whoever looks at a refund must be told of where it goes; "" where nothing is wrong.

    >>> warning_of("DE02 1203 0000", "DE0212030000")
    ''
    >>> warning_of("FR76 3000", "DE0212030000")
    'It goes to FR76 3000, and the money came from DE0212030000: call the customer before.'
    """
    if not account:
        return "It is not said to which account it goes."
    if not source_account:
        return f"It goes to {account}; which account the money came from is not known."
    if _plain(account) != _plain(source_account):
        return (
            f"It goes to {account}, and the money came from {source_account}: call the customer "
            "before."
        )
    return ""


def _plain(account: str) -> str:
    return "".join(account.split()).upper()
