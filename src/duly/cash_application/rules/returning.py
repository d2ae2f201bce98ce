"""Which payment a bank's line takes back.

Rule: money that was there before, of the same currency, over the same amount (or that less what the
bank tells as its charges). What the line says decides, the strongest first: the bank's own
reference of the payment, the end-to-end id, the mandate, the payer's account, the payment's
reference, the payer's name. What says something else speaks against it. Without any of these it is
nobody's, and of several that fit as well none is chosen: a person looks.
See: docs/sources.md, F-05; pain C8.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

MOST_DAYS = 400  # an unauthorised debit comes back within 13 months
_BLANKS = re.compile(r"[\s/.,:;-]+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_NOTHING = frozenset({"NONREF", "NOREF", "NOTPROVIDED", "NONE", "NA", ""})
_SHORTEST = 4  # a reference within a text


class Undoing(NamedTuple):
    """Money that a bank took back, as its line tells; amounts are positive."""

    booked_on: date
    currency: str
    amount_minor: int
    charges_minor: int
    reason: str
    bank_reference: str = ""
    customer_reference: str = ""
    end_to_end: str = ""
    mandate: str = ""
    account: str = ""
    name: str = ""
    text: str = ""  # structured reference and free text


class Came(NamedTuple):
    """A payment that may be meant."""

    payment_id: int
    number: str
    customer_id: int | None
    currency: str
    amount_minor: int
    received_on: date
    bank_reference: str = ""
    end_to_end: str = ""
    mandate: str = ""
    account: str = ""
    name: str = ""
    text: str = ""


class Finding(NamedTuple):
    """The payment that a line takes back, or None and why."""

    payment: Came | None
    because: str
    customer_id: int | None = None  # of all that fit, where it is one


def amounts_of(line: Undoing) -> set[int]:
    """What the payment may have been, in minor units."""
    return {line.amount_minor, line.amount_minor - max(line.charges_minor, 0)}


def find_returned(line: Undoing, payments: Iterable[Came]) -> Finding:
    """The one payment that a line takes back.

    >>> day = date(2026, 3, 9)
    >>> line = Undoing(day, "EUR", 11900, 0, "AM04", mandate="M-7")
    >>> one = Came(1, "B1", 5, "EUR", 11900, date(2026, 3, 2), mandate="m-7")
    >>> find_returned(line, [one]).because
    'its mandate'
    >>> find_returned(line, [one, one._replace(payment_id=2, number="B2")]).because
    '2 payments fit as well: B1, B2'
    """
    amounts = amounts_of(line)
    ranked: dict[tuple[bool, ...], list[Came]] = {}
    of_amount = [
        one
        for one in payments
        if one.currency == line.currency
        and one.amount_minor in amounts
        and 0 <= (line.booked_on - one.received_on).days <= MOST_DAYS
    ]
    for one in of_amount:
        evidence = _evidence(line, one)
        if evidence is not None:
            ranked.setdefault(evidence, []).append(one)
    if not of_amount:
        return Finding(None, "no payment of this amount came in before")
    best = max(ranked, default=None)
    if best is None or not any(best):
        told = "one payment has" if len(of_amount) == 1 else f"{len(of_amount)} payments have"
        return Finding(
            None,
            f"{told} this amount, and nothing on the line says which is meant",
            _only_customer(of_amount),
        )
    found = ranked[best]
    if len(found) > 1:
        listed = ", ".join(one.number for one in found[:5])
        return Finding(None, f"{len(found)} payments fit as well: {listed}", _only_customer(found))
    return Finding(found[0], WORDS[best.index(True)], found[0].customer_id)


WORDS = (
    "its reference at the bank",
    "its end-to-end id",
    "its mandate",
    "its account",
    "its reference",
    "its payer's name",
)


def _evidence(line: Undoing, one: Came) -> tuple[bool, ...] | None:
    """What speaks for a payment, the strongest first; None where something speaks against it."""
    if _differ(line.end_to_end, one.end_to_end) or _differ(line.mandate, one.mandate):
        return None
    account, other = _plain(line.account), _plain(one.account)
    if account != other and _IBAN.fullmatch(account) and _IBAN.fullmatch(other):
        return None
    references = {_plain(line.bank_reference), _plain(line.customer_reference)} - _NOTHING
    told = _plain(" ".join((line.text, line.customer_reference)))
    reference = _plain(one.bank_reference)
    is_named = len(reference) >= _SHORTEST and reference not in _NOTHING and reference in told
    return (
        reference in references or is_named,
        _agree(line.end_to_end, one.end_to_end),
        _agree(line.mandate, one.mandate),
        _agree(line.account, one.account),
        _agree(line.text, one.text) or _names(told, one.number),
        _agree(line.name, one.name),
    )


def _names(told: str, number: str) -> bool:
    plain = _plain(number)
    return len(plain) >= _SHORTEST and plain in told


def _plain(text: str) -> str:
    return _BLANKS.sub("", text).upper()


def _agree(one: str, other: str) -> bool:
    return _plain(one) == _plain(other) not in _NOTHING


def _differ(one: str, other: str) -> bool:
    mine, theirs = _plain(one), _plain(other)
    return mine not in _NOTHING and theirs not in _NOTHING and mine != theirs


def _only_customer(payments: Sequence[Came]) -> int | None:
    whose = {one.customer_id for one in payments}
    return whose.pop() if len(whose) == 1 else None
