"""The agreement of a plan: what it must hold, as a document that is kept word for word.

The wording that comes with Duly is an example for a lawyer to look at.
See: docs/plans.md.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from duly.collections.rules.plans.schedules import DOWN, FORTNIGHT, MONTH, WEEK, Part
from duly.kernel.currencies import exponent
from duly.kernel.locales import Locale

_EVERY = {WEEK: "every week", FORTNIGHT: "every two weeks", MONTH: "every month"}
_A = {WEEK: "a week", FORTNIGHT: "a fortnight", MONTH: "a month"}


class Party(NamedTuple):
    """Who agrees."""

    name: str
    address: str
    code: str = ""


class Covered(NamedTuple):
    """An item as the agreement names it."""

    number: str
    due_on: date
    minor: int
    disputed_minor: int = 0


class Terms(NamedTuple):
    """Everything that an agreement says."""

    number: int
    creditor: Party
    debtor: Party
    currency: str
    made_on: date
    items: Sequence[Covered]
    parts: Sequence[Part]
    references: dict[int, str]
    period: str
    interest_percent: str  # as it is told: "1", "0.5"; "0" for none
    acceleration_days: int
    way: str
    mandate: str
    pay_to: Sequence[tuple[str, str]]
    security: str
    consents: Sequence[str]


def agreement(terms: Terms, locale: Locale) -> dict[str, Any]:
    """The document: parties, items, payments, clauses; all texts and amounts as they are shown."""
    principal = sum(part.principal_minor for part in terms.parts)
    interest = sum(part.interest_minor for part in terms.parts)

    def money(minor: int) -> str:
        return f"{terms.currency} {locale.money(minor, exponent(terms.currency))}"

    return {
        "title": f"Instalment agreement {terms.number}",
        "day": locale.long_day(terms.made_on),
        "creditor": terms.creditor._asdict(),
        "debtor": terms.debtor._asdict(),
        "debt": money(principal),
        "interest": money(interest) if interest else "",
        "total": money(principal + interest),
        "items": [[one.number, locale.day(one.due_on), money(one.minor)] for one in terms.items],
        "payments": [
            [
                "Down payment" if part.number == DOWN else f"Instalment {part.number}",
                locale.day(part.due_on),
                money(part.minor),
                money(part.interest_minor) if interest else "",
                terms.references.get(part.number, ""),
            ]
            for part in terms.parts
        ],
        "pay_to": [list(one) for one in terms.pay_to],
        "clauses": [list(one) for one in _clauses(terms, money(principal), money(interest))],
    }


def digest_of(document: dict[str, Any]) -> str:
    """What tells one wording from another."""
    told = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _clauses(terms: Terms, principal: str, interest: str) -> list[tuple[str, str]]:
    us, them = terms.creditor.name, terms.debtor.name
    count = sum(part.number != DOWN for part in terms.parts)
    found = [
        (
            "Acknowledgement of the debt",
            f"{them} acknowledges that it owes {us} {principal} for the items listed, and that it"
            " has neither defence nor right of set-off against them."
            + (
                " This includes parts that it had questioned before; they are settled by this."
                if any(one.disputed_minor for one in terms.items)
                else ""
            ),
        ),
        (
            "Payment",
            f"{them} pays as listed: {count} instalments {_EVERY[terms.period]}"
            + (" after a down payment." if len(terms.parts) > count else ".")
            + f" {_way(terms)}",
        ),
        ("Interest and costs", _interest(terms, interest)),
        (
            "What a payment settles",
            "Payments settle costs first, then interest, then the debt, the oldest item first.",
        ),
        (
            "If an instalment is late",
            f"If any payment is more than {terms.acceleration_days} days late, in whole or in part,"
            f" the whole balance is due at once, and {us} may go on to collect it.",
        ),
        (
            "No waiver",
            f"{us} grants time and gives up no right. Taking a late or a smaller payment changes"
            " nothing in this agreement. The original due dates of the items stay as they are.",
        ),
        (
            "Limitation",
            f"This acknowledgement is meant to begin the limitation of {us}'s claims anew, as far"
            " as the law lets it.",
        ),
        (
            "Invoices to come",
            f"Invoices that are not listed stay in their terms. {us} may ask for payment in advance"
            " or lower the credit limit while this agreement lasts.",
        ),
    ]
    if terms.security:
        found.append(("Security", terms.security))
    if terms.consents:
        found.append(("Insurer’s consent", "; ".join(terms.consents) + "."))
    return found


def _way(terms: Terms) -> str:
    if terms.way == "direct_debit":
        mandate = f" under mandate {terms.mandate}" if terms.mandate else ""
        return f"{terms.creditor.name} collects each by direct debit on its day{mandate}."
    return "Each is paid by transfer, under its own reference, so that it is there on its day."


def _interest(terms: Terms, interest: str) -> str:
    if not any(part.interest_minor for part in terms.parts):
        return "No interest is charged on the instalments, and no costs, while they come in time."
    return (
        f"Interest is {terms.interest_percent} % {_A[terms.period]} on what is left of the debt,"
        f" {interest} in all, as listed. It stops on what is paid early."
    )
