"""What is charged for a month: facts of many customers at once, in a constant number of reads."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, Sum

from duly.collections.models import Block, Charge
from duly.collections.policy import ChargingPolicy
from duly.collections.queries.gate import profiles_of
from duly.collections.queries.plans import planned_days
from duly.collections.queries.rates import Chargings, known_to
from duly.collections.rules.charges.charging import (
    NEVER,
    Debt,
    Line,
    Month,
    Objected,
    Terms,
    charge,
)
from duly.collections.rules.charges.knobs import OFF, STATUTE, terms_of
from duly.collections.rules.laws.rule import CONSUMER
from duly.collections.rules.reasons import BARRING
from duly.disputes.queries import objected_until
from duly.kernel.currencies import exponent
from duly.parties.models import Customer, Entity
from duly.receivables.models import Item
from duly.receivables.queries.charging import (
    LateItem,
    late_items,
    value_moves,
    with_money_waiting,
)
from duly.storage.among import among
from duly.storage.bulk import slices

CUSTOMERS_AT_ONCE = 20_000
FEE = "RETURN-"  # of the number of a fee for a returned payment: it is a charge itself
_DENIED = ("invalid", "partly", "mistake")
Moves = dict[int, list[tuple[int, int]]]
Taken = dict[int, set[str]]
Objections = dict[int, list[tuple[int, date, date | None, int, int, date | None, str]]]


@dataclass(slots=True)
class Proposal:
    """What some customers are charged: lines by customer and currency; why others are not."""

    notes: dict[tuple[int, str], list[Line]] = field(default_factory=dict)
    terms: dict[int, Terms] = field(default_factory=dict)
    skipped: list[tuple[int, str]] = field(default_factory=list)


def proposals(
    entity: Entity, month: Month, customer_ids: Collection[int] | None = None
) -> Iterator[Proposal]:
    """What is charged for a month and was not yet, some thousands of customers at once.

    Refuses: RateMissing, LawUnknown, ChargingUnfit.
    """
    first_on = date.fromordinal(month.first)
    chargings, known = Chargings(entity.pk, first_on), known_to(entity)
    rows = Customer.objects.filter(entity_id=entity.pk)
    if customer_ids is not None:
        rows = rows.filter(pk__in=among(customer_ids))
    consumers = {
        pk for pk, (kind, _, _) in profiles_of(entity.pk, customer_ids).items() if kind == CONSUMER
    }
    made: dict[ChargingPolicy, Terms | None] = {}
    on: dict[int, tuple[ChargingPolicy, Terms | None]] = {}
    for pk, segment in rows.order_by("pk").values_list("pk", "segment").iterator():
        policy = chargings.of(segment, pk)
        if policy.basis == OFF:
            continue
        if policy not in made:
            made[policy] = terms_of(policy, known)
        is_excluded = policy.basis == STATUTE and pk in consumers
        on[pk] = (policy, None if is_excluded else made[policy])
    for some in slices(on, CUSTOMERS_AT_ONCE):
        yield _proposal(entity.pk, month, {pk: on[pk] for pk in some})


def _proposal(
    entity_id: int, month: Month, on: dict[int, tuple[ChargingPolicy, Terms | None]]
) -> Proposal:
    found = Proposal()
    first_on, last_on = date.fromordinal(month.first), date.fromordinal(month.last)
    charged = [pk for pk, (_, terms) in on.items() if terms is not None]
    found.skipped += [(pk, "consumer") for pk, (_, terms) in on.items() if terms is None]
    waiting = with_money_waiting(entity_id, charged, last_on)
    objections = objected_until(entity_id=entity_id, customer_ids=charged, until=last_on)
    items = late_items(entity_id, charged, first_on, last_on)
    moves = value_moves(charged, first_on)
    items += _denied_before(entity_id, {one.id for one in items}, moves, objections, month)
    barred = _barred(entity_id, charged)
    planned = _planned(entity_id, charged)
    taken = _taken(entity_id, charged, first_on)
    has_cap = any(policy.cap_share is not None for policy, _ in on.values())
    so_far = _charged_so_far(entity_id, charged) if has_cap else {}
    waits: set[int] = set()
    on_plan: set[int] = set()
    for item in items:
        pk = item.customer_id
        if pk in waiting:
            waits.add(pk)
            continue
        if item.number.startswith(FEE):
            continue
        terms = on[pk][1]
        if terms is None:
            continue
        debt = _debt(item, month, moves, objections, so_far)
        paused = planned.get(item.id, ())
        if any(first <= month.last and last >= month.first for first, last in paused):
            on_plan.add(pk)
        out = (*barred.get(pk, ()), *paused)
        lines = charge(debt, terms, month, out, taken.get(pk, ()))
        if lines:
            taken.setdefault(pk, set()).update(line.key for line in lines)
            found.notes.setdefault((pk, item.currency), []).extend(lines)
            found.terms[pk] = terms
    found.skipped += [(pk, "money_waits") for pk in sorted(waits)]
    found.skipped += [(pk, "on_plan") for pk in sorted(on_plan)]
    for pk, currency in list(found.notes):
        least = on[pk][0].least
        total = sum(line.amount_minor for line in found.notes[pk, currency])
        if least and total < least.scaleb(exponent(currency)):
            del found.notes[pk, currency]
            found.skipped.append((pk, "below_least"))
    return found


def _denied_before(
    entity_id: int, known: set[int], moves: Moves, objections: Objections, month: Month
) -> list[LateItem]:
    """Read the moves of items whose dispute was denied in the month back to its opening; return
    those that were settled meanwhile."""
    opened = [
        (item_id, one[1])
        for item_id, told in objections.items()
        for one in told
        if one[2] and one[6] in _DENIED and month.first <= one[2].toordinal() <= month.last
    ]
    ids, since = {pk for pk, _ in opened}, min((day for _, day in opened), default=None)
    if since is None or since.toordinal() >= month.first:
        return []
    owners = set(Item.objects.filter(pk__in=among(ids)).values_list("customer_id", flat=True))
    further = value_moves(owners, since)
    moves.update((pk, further[pk]) for pk in ids if pk in further)
    last_on = date.fromordinal(month.last)
    rows = late_items(entity_id, owners, since, last_on)
    return [one for one in rows if one.id in ids and one.id not in known]


def _debt(
    item: LateItem,
    month: Month,
    moves: Moves,
    objections: Objections,
    so_far: dict[int, int],
) -> Debt:
    settled, objected = moves.get(item.id), objections.get(item.id)
    if settled is None and objected is None:
        return Debt(*item, charged_minor=so_far.get(item.id, 0))
    balance, changes, earlier = item.open_minor, [], []
    for day, minor in settled or ():
        if day < month.first:
            earlier.append((day, -minor))
            continue
        balance += minor
        if day < month.last:
            changes.append((day, -minor))
    told = tuple(
        Objected(
            pk,
            opened.toordinal(),
            closed.toordinal() if closed else NEVER,
            minor,
            credit,
            until.toordinal() if until else 0,
            verdict in _DENIED,
        )
        for pk, opened, closed, minor, credit, until, verdict in objected or ()
    )
    return Debt(*item[:8], balance, changes, told, so_far.get(item.id, 0), earlier)


def _barred(entity_id: int, customer_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """{customer: days (first, last) of insolvency or of collection outside}."""
    rows = Block.objects.filter(
        entity_id=entity_id, customer_id__in=among(customer_ids), kind__in=BARRING, item_id=None
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        lasts = [day for day in (row.until_on, row.ended_at and row.ended_at.date()) if day]
        last = min(lasts).toordinal() if lasts else NEVER
        found.setdefault(row.customer_id, []).append((row.from_on.toordinal(), last))
    return found


def _planned(entity_id: int, customer_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """{item: days (first, last) on which it stood on a plan that bound and was not accelerated}."""
    return {
        item_id: [
            (first.toordinal(), over.toordinal() - 1 if over else NEVER) for first, over in told
        ]
        for item_id, told in planned_days(entity_id, customer_ids).items()
    }


def _taken(entity_id: int, customer_ids: Collection[int], month_on: date) -> Taken:
    """{customer: keys charged for the month, and fixed sums and disputes of any month}."""
    rows = Charge.objects.filter(
        Q(month_on=month_on) | Q(kind__in=("dispute", "fixed_sum")),
        entity_id=entity_id,
        customer_id__in=among(customer_ids),
        is_reversed=False,
    )
    found: Taken = {}
    for customer_id, key in rows.values_list("customer_id", "key").iterator():
        found.setdefault(customer_id, set()).add(key)
    return found


def _charged_so_far(entity_id: int, customer_ids: Collection[int]) -> dict[int, int]:
    """{item: interest that it was charged in all}."""
    rows = Charge.objects.filter(
        entity_id=entity_id, customer_id__in=among(customer_ids), is_reversed=False
    ).exclude(kind="fixed_sum")
    return dict(rows.order_by().values_list("item_id").annotate(Sum("amount_minor")))
