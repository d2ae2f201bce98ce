"""Why a bank takes a payment back, and on which day its return may count.

Rule: all that is left of a payment when its applications are taken back must be there on the day
of the return and on every later one, and it must be the whole payment: what was refunded can't be
returned as well.
See: docs/sources.md, F-05; pain C8.
"""

from datetime import date
from typing import NamedTuple

from duly.kernel.currencies import exponent
from duly.kernel.errors import DulyError
from duly.kernel.money import text_from_minor
from duly.receivables.errors import (
    AlreadyReturned,
    AlreadyVoid,
    PaymentRefunded,
    ReturnReasonUnknown,
    TakenBackTooEarly,
)
from duly.receivables.rules.course import Course


class ReturnDraft(NamedTuple):
    """A payment that the bank took back; `reason` is its code."""

    payment_id: int
    on: date
    reason: str


class ReturnReason(NamedTuple):
    """Why a payment came back; `is_worth_a_try`: the same money may well come if asked again."""

    code: str
    words: str
    is_worth_a_try: bool = False


# ISO 20022 (SEPA), NACHA, and plain words for cheques and cards.
REASONS = {
    reason.code: reason
    for reason in (
        ReturnReason("AC01", "the account number is wrong"),
        ReturnReason("AC04", "the account is closed"),
        ReturnReason("AC06", "the account is blocked"),
        ReturnReason("AG01", "the account takes no direct debits"),
        ReturnReason("AM04", "there was not enough money on the account", True),
        ReturnReason("AM05", "it was collected twice"),
        ReturnReason("MD01", "there is no valid mandate"),
        ReturnReason("MD06", "the payer asked for the money back"),
        ReturnReason("MD07", "the payer has died"),
        ReturnReason("MS02", "the payer refused it"),
        ReturnReason("MS03", "the bank gives no reason", True),
        ReturnReason("SL01", "the payer has it blocked at the bank"),
        ReturnReason("R01", "there was not enough money on the account", True),
        ReturnReason("R02", "the account is closed"),
        ReturnReason("R03", "there is no such account"),
        ReturnReason("R04", "the account number is wrong"),
        ReturnReason("R08", "the payer stopped it"),
        ReturnReason("R10", "the payer says it was not authorised"),
        ReturnReason("R29", "the company says it was not authorised"),
        ReturnReason("NSF", "there was not enough money on the account", True),
        ReturnReason("STOPPED", "the payer stopped it"),
        ReturnReason("CHARGEBACK", "the card holder had it charged back"),
        ReturnReason("OTHER", "another reason"),
    )
}


def reason_of(code: str) -> ReturnReason:
    """A reason by its code; one that is not known is kept as it was told.

    >>> reason_of("am04").words, reason_of("X9").words
    ('there was not enough money on the account', 'the bank says X9')
    """
    told = code.strip().upper()
    return REASONS.get(told) or ReturnReason(told, f"the bank says {told}")


def refuse_unknown_reason(code: str) -> None:
    """Refuse a code that nobody could read later. Refuses: ReturnReasonUnknown."""
    if code.strip().upper() not in REASONS:
        raise ReturnReasonUnknown(
            f"{code!r} is no reason for a return.",
            facts={"reason": code, "known": sorted(REASONS)},
            remedy="Use the bank's code, such as AM04, MD01 or R01, or NSF; OTHER for none.",
        )


class Paid(NamedTuple):
    """A payment whose return is asked for; `left` as it runs once nothing of it is applied.

    `since`: the day it came in, or on which it was last said whose it is.
    """

    number: str
    currency: str
    amount_minor: int
    since: date
    is_void: bool
    is_returned: bool
    left: Course


def first_day_of_return(paid: Paid, on: date) -> date | None:
    """The first day, `on` or later, on which all of a payment is there; None: never."""
    return paid.left.first_day(paid.amount_minor, since=max(on, paid.since))


def refusal_of_return(paid: Paid, on: date) -> DulyError | None:
    """Why a payment can't be returned on a day, or None.

    One of: AlreadyReturned, AlreadyVoid, TakenBackTooEarly, PaymentRefunded.
    """
    facts: dict[str, object] = {"payment": paid.number, "on": on.isoformat()}
    if paid.is_returned:
        return AlreadyReturned(f"Payment {paid.number} was returned before.", facts=facts)
    if paid.is_void:
        return AlreadyVoid(f"Payment {paid.number} is void.", facts=facts)
    day = first_day_of_return(paid, on)
    if day is None:
        gone = text_from_minor(paid.amount_minor - paid.left.left_minor, exponent(paid.currency))
        return PaymentRefunded(
            f"{gone} {paid.currency} of payment {paid.number} was refunded: "
            "it can't be returned as well.",
            facts=facts | {"refunded": gone},
            remedy="Claim what was refunded from the customer, with a debit note.",
        )
    if day > on:
        return TakenBackTooEarly(
            f"Payment {paid.number} can't be returned on {on}: all of it is there only "
            f"since {day}.",
            facts=facts | {"since": day.isoformat()},
            remedy=f"Return it on {day} or later.",
        )
    return None
