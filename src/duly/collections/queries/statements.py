"""Reads of statements that go out by themselves: schedules, runs, who is in one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count

from duly.access.models import Change
from duly.collections.errors import ScheduledRunUnknown, StatementScheduleUnknown
from duly.collections.models import Message, RunStatement, ScheduledRun, StatementSchedule
from duly.collections.models.statements import UNFINISHED
from duly.receivables.queries import open_of_customers
from duly.storage.among import among


def schedules_of(entity_id: int) -> list[StatementSchedule]:
    """The schedules of an entity that have not ended, by name."""
    rows = StatementSchedule.objects.filter(entity_id=entity_id, ended_at__isnull=True)
    return list(rows.order_by("name", "pk"))


def schedule_names(schedule_ids: Collection[int]) -> dict[int, str]:
    """{schedule: its name}, of those that ended too."""
    rows = StatementSchedule.objects.filter(pk__in=among(schedule_ids))
    return dict(rows.values_list("pk", "name"))


def schedule_named(entity_id: int, name: str) -> StatementSchedule:
    """The schedule of a name that has not ended. Refuses: StatementScheduleUnknown."""
    found = schedules_of(entity_id)
    for row in found:
        if row.name.casefold() == name.casefold():
            return row
    raise StatementScheduleUnknown(
        f"There is no schedule of statements {name!r}.",
        facts={"name": name, "schedules": [row.name for row in found]},
        remedy="Look at `duly schedule list`.",
    )


def runs_page(entity_id: int, *, before: int | None = None, limit: int = 50) -> list[ScheduledRun]:
    """The runs of an entity, the newest first."""
    rows = ScheduledRun.objects.filter(entity_id=entity_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


def scheduled_run(entity_id: int, run_id: int) -> ScheduledRun:
    """A run of an entity. Refuses: ScheduledRunUnknown."""
    row = ScheduledRun.objects.filter(entity_id=entity_id, pk=run_id).first()
    if row is None:
        raise ScheduledRunUnknown(
            f"There is no run {run_id} of a schedule here.",
            facts={"run": run_id},
            remedy="Look at `duly schedule runs`.",
        )
    return row


def unfinished_runs(entity_id: int) -> list[ScheduledRun]:
    """Runs that broke off, or whose worker died, the oldest first."""
    rows = ScheduledRun.objects.filter(entity_id=entity_id, state__in=UNFINISHED)
    return list(rows.order_by("pk"))


def days_run(schedule_ids: Collection[int]) -> dict[int, dict[date, str]]:
    """{schedule: {due day: state of its run}}."""
    rows = ScheduledRun.objects.filter(schedule_id__in=among(schedule_ids))
    found: dict[int, dict[date, str]] = defaultdict(dict)
    for schedule_id, due_on, state in rows.values_list("schedule_id", "due_on", "state"):
        found[schedule_id][due_on] = state
    return found


def outcomes_of(run_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """{run: {outcome: how many customers}}."""
    rows = RunStatement.objects.filter(run_id__in=among(run_ids)).order_by()
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for run_id, outcome, count in rows.values_list("run_id", "outcome").annotate(Count("pk")):
        found[run_id][outcome] = count
    return found


def customers_done(run_id: int, customer_ids: Collection[int] | None = None) -> set[int]:
    """The customers of a run of whom it is decided, of some or of all."""
    rows = RunStatement.objects.filter(run_id=run_id)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    return set(rows.values_list("customer_id", flat=True))


def customers_for_post(run_id: int) -> list[int]:
    """The customers in a run's PDF for post, in its order."""
    rows = RunStatement.objects.filter(run_id=run_id, outcome="post")
    return list(rows.order_by("place").values_list("customer_id", flat=True))


def changes_of_schedule(schedule_id: int) -> list[Change]:
    """What people did to a schedule, the newest first."""
    rows = Change.objects.filter(noun="statement_schedule", record_id=schedule_id)
    return list(rows.order_by("-id"))


class RunRow(NamedTuple):
    """A customer in a run, and the message where there is one."""

    row: RunStatement
    message: Message | None


def rows_of_run(
    run_id: int, *, outcome: str = "", after: int | None = None, limit: int | None = None
) -> list[RunRow]:
    """Who is in a run and who is left out, in its order."""
    rows = RunStatement.objects.filter(run_id=run_id)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if after is not None:
        rows = rows.filter(place__gt=after)
    found = list(rows.order_by("place")[:limit])
    messages = Message.objects.defer("body").in_bulk(
        [row.message_id for row in found if row.message_id is not None]
    )
    return [RunRow(row, messages.get(row.message_id or 0)) for row in found]


def run_of_message(message_id: int) -> ScheduledRun:
    """The run that a statement by mail belongs to. Refuses: ScheduledRunUnknown."""
    row = RunStatement.objects.filter(message_id=message_id).first()
    if row is None:
        raise ScheduledRunUnknown(
            f"No run of a schedule queued message {message_id}.", remedy="Send it by hand."
        )
    return ScheduledRun.objects.get(pk=row.run_id)


def runs_of_messages(message_ids: Collection[int]) -> dict[int, ScheduledRun]:
    """{statement by mail: the run that it belongs to}."""
    rows = RunStatement.objects.filter(message_id__in=among(message_ids))
    run_ids = dict(rows.values_list("message_id", "run_id"))
    runs = ScheduledRun.objects.in_bulk(set(run_ids.values()))
    return {pk: runs[run_id] for pk, run_id in run_ids.items() if pk is not None}


def settled_statements(entity_id: int, rows: Sequence[Message]) -> set[int]:
    """Of statements of what is open that told a debt, those of customers who owe nothing."""
    ours = {row.pk: row.customer_id for row in rows if row.amount_minor > 0}
    owing = {
        customer_id
        for customer_id, _ in open_of_customers(
            entity_id=entity_id, customer_ids=set(ours.values())
        )
    }
    return {pk for pk, customer_id in ours.items() if customer_id not in owing}
