"""Reads of the desk: the worklist as the newest plan kept it, what was done, who works on whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from duly.collections.models import (
    Block,
    Call,
    CustomerClaim,
    DayPlan,
    Message,
    Promise,
    Task,
    WorklistRow,
)
from duly.collections.rules.reasons import HELD_WITH_DAY
from duly.collections.rules.releasing import Seen
from duly.disputes.models import Dispute
from duly.parties.queries import search_customers
from duly.storage.among import among

GONE_OUT = ("queued", "sending", "sent", "unknown")
MOST_FOUND = 500  # customers that a search within the worklist looks at


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the worklist is asked for; empty means everything."""

    action: str = ""
    collectors: tuple[str, ...] = ()  # names under which one person stands
    segment: str = ""
    currency: str = ""
    least_minor: int = 0  # of value
    why_code: str = ""
    text: str = ""  # of a customer's name or id
    is_silent: bool = False  # those alone to whom nothing is said


def newest_plan(entity_id: int) -> DayPlan | None:
    """The plan that the worklist is of: the newest of a day that has come."""
    return DayPlan.objects.filter(entity_id=entity_id, facts="").order_by("-on", "-pk").first()


def foreseen_plan(entity_id: int, on: date) -> DayPlan | None:
    """The plan of a day that was yet to come when it was planned."""
    rows = DayPlan.objects.filter(entity_id=entity_id, on=on).exclude(facts="")
    return rows.order_by("-pk").first()


def kept_rows(
    plan: DayPlan, wanted: Wanted, *, after: int = 0, limit: int = 50
) -> list[WorklistRow]:
    """Rows of a plan's worklist by rank, behind a rank."""
    rows = _rows(plan, wanted).filter(rank__gt=after)
    return list(rows.order_by("rank")[:limit])


def chosen_rows(plan: DayPlan, customer_ids: Collection[int]) -> list[WorklistRow]:
    """The rows of some customers, by rank."""
    rows = WorklistRow.objects.filter(plan=plan, customer_id__in=among(customer_ids))
    return list(rows.order_by("rank"))


def kept_sums(plan: DayPlan, wanted: Wanted) -> tuple[int, int]:
    """(rows, their value) of what is asked for."""
    found = _rows(plan, wanted).aggregate(rows=Count("pk"), value=Sum("value_minor"))
    return int(found["rows"]), int(found["value"] or 0)


def e_mails_seen(entity_id: int, on: date, leaving: str) -> list[Seen]:
    """The e-mails of the plan that a person looked at; none where it is not kept any more."""
    plan = DayPlan.objects.filter(entity_id=entity_id, on=on, facts="", leaving=leaving)
    rows = WorklistRow.objects.filter(plan=plan.order_by("-pk").first(), action="email")
    return [
        Seen(
            row.customer_id,
            row.currency,
            row.step,
            row.key,
            row.asked_minor,
            tuple(row.recipients),
            frozenset(row.items),
        )
        for row in rows
    ]


def _rows(plan: DayPlan, wanted: Wanted) -> QuerySet[WorklistRow]:
    rows = WorklistRow.objects.filter(plan=plan)
    if wanted.is_silent or wanted.why_code:
        rows = rows.exclude(why_code="")
    else:
        rows = rows.filter(Q(value_minor__gt=0) | Q(currency__in=plan.counts["without_rate"]))
    for name, value in (
        ("action", wanted.action),
        ("segment", wanted.segment),
        ("currency", wanted.currency),
        ("why_code", wanted.why_code),
        ("value_minor__gte", wanted.least_minor),
        ("collector__in", wanted.collectors),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if wanted.text:
        found = search_customers(entity_id=plan.entity_id, text=wanted.text, limit=MOST_FOUND)
        rows = rows.filter(customer_id__in=among([one.id for one in found]))
    return rows


def handled_on(
    entity_id: int, on: date, customer_ids: Collection[int] | None = None
) -> dict[int, str]:
    """{customer: what was done about it on a day}, by a person where it was by several; of all
    customers what persons did alone."""
    sources: tuple[tuple[str, QuerySet], ...] = (
        ("snoozed", Block.objects.filter(from_on=on, ended_at=None)),
        ("called", Call.objects.filter(called_on=on, taken_back_at=None)),
        ("disputed", Dispute.objects.filter(opened_on=on).exclude(verdict="mistake")),
        ("promised", Promise.objects.filter(made_on=on).exclude(state="cancelled")),
    )
    if customer_ids is not None:
        mails = Message.objects.filter(planned_on=on, channel="email")
        went = mails.filter(state__in=GONE_OUT).exclude(state="queued")
        sources = (("queued", mails.filter(state="queued")), ("written to", went), *sources)
    found: dict[int, str] = {}
    for what, rows in sources:
        here = rows.filter(entity_id=entity_id)
        if customer_ids is not None:
            here = here.filter(customer_id__in=among(customer_ids))
        found |= dict.fromkeys(here.values_list("customer_id", flat=True), what)
    return found


def messages_by_state(entity_id: int, on: date) -> dict[str, int]:
    """{state: e-mails planned for a day}."""
    rows = Message.objects.filter(entity_id=entity_id, planned_on=on, channel="email")
    counted = rows.order_by().values_list("state").annotate(Count("pk"))
    return {state: int(count) for state, count in counted}


def leaving_rows(plan: DayPlan, *, after: int = 0, limit: int = 50) -> list[WorklistRow]:
    """Rows of a plan whose e-mail leaves once its day is released, by rank behind a rank."""
    held = _held(plan.entity_id, plan.on).values("customer_id")
    rows = WorklistRow.objects.filter(Q(action="email") | Q(customer_id__in=held), plan=plan)
    return list(rows.filter(rank__gt=after).order_by("rank")[:limit])


def held_with_day(entity_id: int, on: date) -> list[int]:
    """Numbers of the e-mails of a day that are kept back since its release was taken back."""
    return list(_held(entity_id, on).order_by("pk").values_list("pk", flat=True))


def _held(entity_id: int, on: date) -> QuerySet[Message]:
    rows = Message.objects.filter(entity_id=entity_id, planned_on=on, state="held")
    return rows.filter(why_code=HELD_WITH_DAY.code)


def other_tasks(entity_id: int, on: date, plan: DayPlan | None, *, limit: int = 10) -> list[Task]:
    """Tasks that are due and of customers who are not on the worklist, the earliest first."""
    rows = Task.objects.filter(entity_id=entity_id, done_at__isnull=True, due_on__lte=on)
    rows = rows.exclude(customer_id=0)  # of mail to our own people: `duly task list` has them
    listed = WorklistRow.objects.filter(
        customer_id=OuterRef("customer_id"), plan=plan, value_minor__gt=0
    )
    return list(rows.filter(~Exists(listed)).order_by("due_on", "pk")[:limit])


def claims_on(customer_ids: Collection[int], at: datetime) -> dict[int, CustomerClaim]:
    """{customer: who works on it now}."""
    rows = CustomerClaim.objects.filter(customer_id__in=among(customer_ids), until_at__gt=at)
    return {row.customer_id: row for row in rows}


def blocks_in_force(customer_id: int, on: date) -> list[Block]:
    """Why a customer, or an item of it, is not to be chased on a day."""
    rows = Block.objects.filter(customer_id=customer_id, from_on__lte=on, ended_at=None)
    return list(rows.exclude(until_on__lt=on).order_by("pk"))
