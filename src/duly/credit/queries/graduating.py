"""What the rule that proposes limits looks at: granted limits, and how invoices since were paid."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from duly.credit.models import CreditLimit, LimitProposal
from duly.credit.queries.limits import limits_on
from duly.credit.rules.graduating import Record
from duly.credit.rules.limits_in_force import BASE, LimitInForce
from duly.receivables.queries.slowness import courses_of_items
from duly.receivables.queries.trading import last_invoiced

BANK_DAYS = 3  # money that came so soon after the due date was sent in time


class Standing(NamedTuple):
    """A limit of ours that stands, and how its customer paid since it began."""

    customer_id: int
    limit: LimitInForce
    record: Record


def standings(entity_id: int, on: date) -> Iterator[Standing]:
    """Everybody whom we granted a limit that stands on a day. A constant number of queries."""
    granted = CreditLimit.objects.filter(entity_id=entity_id, kind=BASE)
    ids = sorted(set(granted.values_list("customer_id", flat=True)))
    limits = {
        pk: one
        for pk, one in limits_on(entity_id, ids, on).items()
        if one.limit_id is not None and one.kind == BASE and one.from_on is not None
    }
    if not limits:
        return
    begun = {pk: one.from_on for pk, one in limits.items() if one.from_on is not None}
    cycles: dict[int, list[bool]] = {pk: [] for pk in limits}
    for item in courses_of_items(entity_id, limits, min(begun.values())):
        last = item.due_on + timedelta(days=BANK_DAYS)
        is_over = item.open_minor == 0 or last < on
        if is_over and item.issued_on >= begun[item.customer_id]:
            is_paid = item.open_minor == 0 and item.paid_on is not None
            cycles[item.customer_id].append(is_paid and (item.paid_on or on) <= last)
    invoiced = last_invoiced(entity_id, limits)
    for pk, one in limits.items():
        yield Standing(pk, one, Record(one.minor, begun[pk], cycles[pk], invoiced.get(pk)))


def proposed_before(entity_id: int) -> set[tuple[int | None, str]]:
    """(limit, what the rule saw) of everything that a rule proposed: it says each once."""
    rows = LimitProposal.objects.filter(entity_id=entity_id).exclude(origin="person")
    return set(rows.values_list("replaces_id", "origin"))
