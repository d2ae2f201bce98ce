"""What a plan would bring on its day, for whoever looks the day before: holds laid over it."""

from collections.abc import Collection, Iterator

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, When

from duly.collections.models import DayPlan, Message, WorklistRow
from duly.storage.among import among


def steps_to_come(
    plan: DayPlan, held: Collection[int], *, first: int, limit: int
) -> list[WorklistRow]:
    """Steps that leave, of customers on hold first, then by rank."""
    is_free = Case(
        When(customer_id__in=among(held), then=0), default=1, output_field=IntegerField()
    )
    return list(_leaving(plan).order_by(is_free, "rank")[first : first + limit])


def steps_of_customer(plan: DayPlan, customer_id: int) -> list[WorklistRow]:
    """Steps that leave to one customer."""
    return list(_leaving(plan).filter(customer_id=customer_id).order_by("rank"))


def held_steps(plan: DayPlan, held: Collection[int]) -> int:
    """How many steps would leave to customers on hold."""
    return _leaving(plan).filter(customer_id__in=among(held)).count()


def sums_to_come(plan: DayPlan, held: Collection[int]) -> Iterator[tuple[str, int, int, int]]:
    """(currency, e-mails, steps for people, money) of what leaves, held ones not counted."""
    is_mail = Q(channel="email")
    rows = _leaving(plan).exclude(customer_id__in=among(held)).order_by("currency")
    counted = rows.values_list("currency").annotate(
        mails=Count("pk", filter=is_mail),
        others=Count("pk", filter=~is_mail),
        minor=Sum("asked_minor"),
    )
    for currency, mails, others, minor in counted:
        yield str(currency), int(mails), int(others), int(minor)


def steps_left_out(plan: DayPlan, why: str, *, first: int, limit: int) -> list[WorklistRow]:
    """Steps that a plan leaves out for a reason, by rank."""
    rows = WorklistRow.objects.filter(plan=plan, why_code=why).exclude(why_code="")
    return list(rows.order_by("rank")[first : first + limit])


def _leaving(plan: DayPlan) -> QuerySet[WorklistRow]:
    """Steps that are taken, or would be but for a hold, and were not queued since."""
    queued = Message.objects.filter(
        entity_id=plan.entity_id,
        planned_on=plan.on,
        customer_id=OuterRef("customer_id"),
        currency=OuterRef("currency"),
        channel=OuterRef("channel"),
    )
    rows = WorklistRow.objects.filter(~Q(key="") | Q(why_code="hold"), plan=plan)
    return rows.filter(~Exists(queued))
