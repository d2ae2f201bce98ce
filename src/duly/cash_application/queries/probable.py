"""What open items are probably paid by money that is not applied yet."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from duly.cash_application.models import Suggestion
from duly.cash_application.queries.gathering import set_aside
from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.outcomes import APPLIED, PROPOSED
from duly.cash_application.rules.probable import spread
from duly.cash_application.rules.residuals import Line
from duly.receivables.queries import (
    PaymentToMatch,
    items_to_match,
    payments_to_match,
    unclaimed_payments,
)
from duly.storage.among import among

_LIKELY_PPM = 500_000


class ProbablyPaid(NamedTuple):
    """`by_item` {item: minor units}; `of_credits` {(customer, currency): minor units} of it that
    come out of their own money, which counts as theirs already."""

    by_item: dict[int, int]
    of_credits: dict[tuple[int, str], int]


class _Wanted(NamedTuple):
    """A proposal, as far as it says whose money it is and what for."""

    customer_id: int | None
    confidence: Decimal
    lines: tuple[Line, ...]


_NOTHING = _Wanted(None, Decimal(0), ())


def probably_paid(
    *, entity_id: int, on: date, customer_ids: Collection[int] | None = None
) -> ProbablyPaid:
    """Money received by a day and not applied, spread over the items of whoever sent it.

    See: rules/probable.py. A constant number of reads.
    """
    wanted = _proposals(entity_id, customer_ids)
    told = ProbablyPaid({}, defaultdict(int))
    payments = _payments(entity_id, on, wanted, customer_ids)
    if not payments:
        return told
    owners = {owner for _, owner in payments}
    open_now: dict[tuple[int, str], dict[int, OpenItem]] = defaultdict(dict)
    for item in items_to_match(entity_id, on=on, customer_ids=owners):
        open_now[item.customer_id, item.currency][item.id] = OpenItem(*item)
    for payment, owner in payments:
        proposal = wanted.get(payment.id, _NOTHING)
        _spread(payment, owner, proposal, open_now[owner, payment.currency], told)
    return told


def likely_paid(*, entity_id: int, customer_ids: Collection[int] | None = None) -> set[int]:
    """Items that a proposal settles, with even odds or better, by money that is nobody's yet."""
    rows = Suggestion.objects.filter(
        entity_id=entity_id, confidence_ppm__gte=_LIKELY_PPM, outcome__in=(APPLIED, PROPOSED)
    )
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    found = dict(rows.values_list("payment_id", "lines"))
    if not found:
        return set()
    free = unclaimed_payments(found) - set_aside(found).keys()
    return {item for pk in free for item, minor, *_ in found[pk] if minor > 0}


def _spread(
    payment: PaymentToMatch,
    owner: int,
    proposal: _Wanted,
    items: dict[int, OpenItem],
    told: ProbablyPaid,
) -> None:
    """What of one payment goes to which item; items shrink by it."""
    is_theirs = payment.customer_id is not None
    for one in spread(
        payment.unapplied_minor,
        list(items.values()),
        proposal.lines,
        proposal.confidence,
        is_theirs=is_theirs,
    ):
        item = items[one.item_id]
        items[one.item_id] = item._replace(open_minor=item.open_minor - one.minor)
        told.by_item[one.item_id] = told.by_item.get(one.item_id, 0) + one.minor
        if is_theirs:
            told.of_credits[owner, payment.currency] += one.minor


def _proposals(entity_id: int, customer_ids: Collection[int] | None) -> dict[int, _Wanted]:
    rows = Suggestion.objects.filter(entity_id=entity_id, customer_id__isnull=False)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    found = {}
    for payment_id, customer_id, ppm, outcome, lines in rows.values_list(
        "payment_id", "customer_id", "confidence_ppm", "outcome", "lines"
    ):
        says_what_for = outcome in (APPLIED, PROPOSED)
        found[payment_id] = _Wanted(
            customer_id,
            Decimal(ppm).scaleb(-6) if says_what_for else Decimal(0),
            tuple(Line(*line) for line in lines),
        )
    return found


def _payments(
    entity_id: int,
    on: date,
    wanted: dict[int, _Wanted],
    customer_ids: Collection[int] | None,
) -> list[tuple[PaymentToMatch, int]]:
    """(payment, whose it is or may be) of those that are not set aside."""
    rows = payments_to_match(entity_id, on=on, owned_or=wanted.keys())
    aside = set_aside([row.id for row in rows]) if rows else {}
    some = None if customer_ids is None else set(customer_ids)
    found = []
    for row in rows:
        owner = row.customer_id or wanted.get(row.id, _NOTHING).customer_id
        if owner is not None and (some is None or owner in some) and row.id not in aside:
            found.append((row, owner))
    return found
