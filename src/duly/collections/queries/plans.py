"""Reads of instalment plans: what they cover, and what came of them by a day."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from duly.collections.errors import PlanUnknown
from duly.collections.models import (
    InstalmentPlan,
    PlanAgreement,
    PlanItem,
    PlanSignature,
    PlanStep,
)
from duly.collections.rules.plans.moving import BINDING, ENDED, OFFERED, SIGNED, Verdict, verdict
from duly.collections.rules.plans.reckoning import Agreed, Came, Reckoning, reckon
from duly.collections.rules.plans.schedules import Part
from duly.collections.rules.promising import Receipt
from duly.credit.models import ClockDone
from duly.credit.queries.insurance import EXTEND
from duly.disputes.queries import disputed_by_item
from duly.kernel.calendar import TARGET, add_business_days
from duly.kernel.errors import UnknownCalendar
from duly.ledger.queries import recorded_moments
from duly.parties.models import Entity
from duly.receivables.queries import money_since, open_of_items
from duly.storage.among import among


@dataclass(slots=True)
class Plan:
    """A plan with its payments and what it covers."""

    row: InstalmentPlan
    agreed: Agreed
    items: list[PlanItem]
    references: dict[int, str] = field(default_factory=dict)  # of its payments, by number

    @property
    def total_minor(self) -> int:
        """Debt and interest as agreed."""
        return sum(part.minor for part in self.agreed.parts)

    @property
    def debtor(self) -> tuple[int, str]:
        """Customer and currency."""
        return self.row.customer_id, self.row.currency


class Papers(NamedTuple):
    """What was written down of a plan beside its terms."""

    agreement: PlanAgreement | None
    signature: PlanSignature | None
    steps: list[PlanStep]


def plans(
    entity_id: int,
    *,
    customer_ids: Collection[int] | None = None,
    states: Collection[str] | None = None,
) -> list[Plan]:
    """Plans of an entity, the newest first. Three queries."""
    rows = InstalmentPlan.objects.filter(entity_id=entity_id)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    if states is not None:
        rows = rows.filter(state__in=list(states))
    found = rows.order_by("-pk").prefetch_related("instalments", "items")
    return [_plan(row) for row in found]


def plan_numbered(entity_id: int, number: int) -> Plan:
    """One plan. Refuses: PlanUnknown."""
    row = InstalmentPlan.objects.filter(entity_id=entity_id, pk=number).first()
    if row is None:
        raise PlanUnknown(
            f"There is no instalment plan {number}.",
            facts={"plan": number},
            remedy="Look at `duly plan list`.",
        )
    return _plan(row)


def papers_of(plan: Plan) -> Papers:
    """Agreement, signature and steps of a plan."""
    number = plan.row.pk
    return Papers(
        PlanAgreement.objects.filter(plan_id=number).first(),
        PlanSignature.objects.filter(plan_id=number).first(),
        list(PlanStep.objects.filter(plan_id=number).order_by("pk")),
    )


def lapsed_offers(entity_id: int, on: date) -> list[InstalmentPlan]:
    """Plans that were offered, and not signed by the day their offer ended."""
    rows = InstalmentPlan.objects.filter(entity_id=entity_id, state=OFFERED)
    return list(rows.filter(agreement__expires_on__lt=on).order_by("pk"))


def reckoned(entity: Entity, some: Sequence[Plan], on: date) -> dict[int, Reckoning]:
    """{plan: what came of it by a day}. The same few queries, however many plans."""
    if not some:
        return {}
    item_ids = {item.item_id for plan in some for item in plan.items}
    open_now = open_of_items(item_ids)
    customer_ids = {plan.row.customer_id for plan in some}
    disputed = disputed_by_item(entity_id=entity.pk, on=on, customer_ids=customer_ids)
    came, applied = _money(entity.pk, some, on)
    found = {}
    for plan in some:
        closed = sum(item.open_minor - open_now.get(item.item_id, 0) for item in plan.items)
        objected = sum(
            max(disputed.get(item.item_id, 0) - item.disputed_minor, 0) for item in plan.items
        )
        found[plan.row.pk] = reckon(
            plan.agreed,
            came[plan.row.pk],
            credited_minor=max(closed - applied[plan.row.pk], 0),
            disputed_minor=objected,
            on=on,
            last_day=partial(last_day, entity, plan.row.grace_business_days),
        )
    return found


def changed_items(plan: Plan, on: date) -> list[PlanItem]:
    """Items of which other is open or disputed by a day than the plan took in. Two queries."""
    row = plan.row
    owed = open_of_items([item.item_id for item in plan.items])
    disputed = disputed_by_item(entity_id=row.entity_id, on=on, customer_ids=[row.customer_id])
    now = {pk: (minor, min(disputed.get(pk, 0), minor)) for pk, minor in owed.items()}
    return [
        item
        for item in plan.items
        if now.get(item.item_id, (0, 0)) != (item.open_minor, item.disputed_minor)
    ]


def last_day(entity: Entity, days: int, due_on: date) -> date:
    """The last day of grace of a due date."""
    try:
        return add_business_days(due_on, days, entity.country, entity.region)
    except UnknownCalendar:
        return add_business_days(due_on, days, TARGET)


class Standing(NamedTuple):
    """A plan that binds, what came of it by a day, and what the day does to it."""

    plan: Plan
    reckoning: Reckoning
    verdict: Verdict


def standing(
    entity: Entity, on: date, customer_ids: Collection[int] | None = None
) -> list[Standing]:
    """Every plan that binds on a day, the newest first; writes nothing."""
    return judged(entity, plans(entity.pk, customer_ids=customer_ids, states=BINDING), on)


def judged(entity: Entity, some: Sequence[Plan], on: date) -> list[Standing]:
    """What a day does to some plans that bind."""
    told = reckoned(entity, some, on)
    return [
        Standing(
            plan,
            told[plan.row.pk],
            verdict(
                plan.row.state,
                plan.row.accelerated_on is not None,
                told[plan.row.pk],
                plan.agreed,
                on,
            ),
        )
        for plan in some
    ]


def planned_items(
    entity: Entity, on: date, customer_ids: Collection[int] | None = None
) -> set[int]:
    """Items on plans that are kept on a day, or can still be cured: they are not chased."""
    return {
        item.item_id
        for one in standing(entity, on, customer_ids)
        if one.verdict.state in BINDING and not one.verdict.is_accelerated
        for item in one.plan.items
    }


def planned_days(
    entity_id: int, customer_ids: Collection[int]
) -> dict[int, list[tuple[date, date | None]]]:
    """{item: (signed, accelerated or ended; None while it is neither)} of plans that bound. Two
    queries."""
    steps = PlanStep.objects.filter(
        plan__entity_id=entity_id,
        plan__customer_id__in=among(customer_ids),
        state__in=(SIGNED, *ENDED),
    )
    told = steps.order_by("pk").values_list("plan_id", "state", "on", "plan__accelerated_on")
    signed: dict[int, date] = {}
    over: dict[int, date | None] = {}
    for plan_id, state, on, accelerated_on in told:
        if state == SIGNED:
            signed.setdefault(plan_id, on)
        ends = [over.get(plan_id), accelerated_on, on if state in ENDED else None]
        over[plan_id] = min((day for day in ends if day), default=None)
    found: dict[int, list[tuple[date, date | None]]] = {}
    rows = PlanItem.objects.filter(plan_id__in=among(signed))
    for item_id, plan_id in rows.values_list("item_id", "plan_id"):
        found.setdefault(item_id, []).append((signed[plan_id], over[plan_id]))
    return found


def items_taken(item_ids: Collection[int]) -> dict[int, int]:
    """{item: the plan that it stands on} of plans that have not ended."""
    rows = PlanItem.objects.filter(item_id__in=among(item_ids)).exclude(plan__state__in=ENDED)
    return dict(rows.values_list("item_id", "plan_id"))


def consents_of(plan: Plan) -> list[str]:
    """What the insurer agreed to: that items of a plan are put off."""
    numbers = {f"{EXTEND}:{item.item_id}": item.number for item in plan.items}
    rows = ClockDone.objects.filter(entity_id=plan.row.entity_id, key__in=among(numbers))
    return [
        f"{numbers[key]}: {evidence} ({on})"
        for key, evidence, on in rows.order_by("pk").values_list("key", "evidence", "done_on")
    ]


def _plan(row: InstalmentPlan) -> Plan:
    payments = sorted(row.instalments.all(), key=lambda one: one.number)
    parts = [
        Part(one.number, one.due_on, one.principal_minor, one.interest_minor) for one in payments
    ]
    rate = Decimal(row.interest_percent)
    return Plan(
        row,
        Agreed(parts, row.made_on, row.period, rate, row.acceleration_days),
        sorted(row.items.all(), key=lambda one: (one.due_on, one.item_id)),
        {one.number: one.reference for one in payments},
    )


def _money(
    entity_id: int, some: Sequence[Plan], on: date
) -> tuple[dict[int, list[Came]], dict[int, int]]:
    """({plan: money that came for it by a day}, {plan: cash applied to its items, to this day}).

    Money that is applied to nothing is the oldest plan's until that has all it asks for.
    """
    money = money_since(
        entity_id=entity_id,
        customer_ids={plan.row.customer_id for plan in some},
        since=min(plan.row.made_on for plan in some),
    )
    moments = recorded_moments({one.batch_id for one in money})
    receipts: dict[tuple[int, str], list[Receipt]] = defaultdict(list)
    for one in money:
        receipt = Receipt(one.received_on, moments[one.batch_id], one.free_minor, dict(one.applied))
        receipts[one.customer_id, one.currency].append(receipt)
    came: dict[int, list[Came]] = {plan.row.pk: [] for plan in some}
    applied = dict.fromkeys(came, 0)
    for plan in sorted(some, key=lambda one: one.row.pk):
        ids, wanted = {item.item_id for item in plan.items}, plan.total_minor
        mine = [one for one in receipts[plan.debtor] if _is_after(one, plan.row)]
        of_items = {id(one): sum(one.applied.get(pk, 0) for pk in ids) for one in mine}
        applied[plan.row.pk] = sum(of_items.values())
        wanted -= applied[plan.row.pk]
        for receipt in mine:
            if receipt.received_on > on:
                continue
            free = min(receipt.free_minor, max(wanted, 0))
            receipt.free_minor -= free
            wanted -= free
            if of_items[id(receipt)] + free:
                came[plan.row.pk].append(Came(receipt.received_on, of_items[id(receipt)] + free))
    return came, applied


def _is_after(receipt: Receipt, row: InstalmentPlan) -> bool:
    return receipt.received_on > row.made_on or (
        receipt.received_on == row.made_on and receipt.recorded_at > row.recorded_at
    )
