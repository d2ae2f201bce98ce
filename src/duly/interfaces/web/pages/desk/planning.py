"""The day: plan it, look at what would leave, change it, release it, and take that back."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from duly.access.rules.roles import may
from duly.collections.actions import let_day_go
from duly.collections.models import DayPlan, WorklistRow
from duly.collections.queries.desk import (
    e_mails_seen,
    held_with_day,
    leaving_rows,
    newest_plan,
)
from duly.collections.queries.messages import holds_on, sending_of
from duly.collections.rules.releasing import held_digest
from duly.interfaces.jobs.day import DayChanged, run_day
from duly.interfaces.jobs.planned import plan_ahead
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.exporting import (
    Table,
    all_pages,
    amount,
    file_addresses,
    file_patterns,
    some_at_a_time,
)
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.desk import undoing
from duly.interfaces.web.pages.desk.acts import way_back
from duly.interfaces.web.pages.desk.silent import silent_rows
from duly.kernel.errors import Conflict

PAGE_SIZE = 50


class DayNotPlanned(Conflict):
    """The day was not planned yet, so that nobody has seen what would leave."""

    code = "DAY_NOT_PLANNED"


def to_release(plan: DayPlan | None, on: date) -> int:
    """How many e-mails wait for somebody to release them on a day."""
    if plan is None or plan.on != on:
        return 0
    return int(plan.counts["to_send"]) + len(held_with_day(plan.entity_id, on))


def refuse_unplanned(kept: DayPlan | None, on: date) -> None:
    """Refuse to release what nobody could look at. Refuses: DayNotPlanned."""
    if kept is None or kept.on != on:
        raise DayNotPlanned(
            f"{on} is not planned yet: nobody has seen what would leave.",
            facts={"on": on},
            remedy="Plan the day, look at it, then release it.",
        )


def refuse_unseen_held(held: Sequence[int], looked_at: str, on: date) -> None:
    """Refuse to let go what a colleague took back since somebody looked. Refuses: DayChanged."""
    if held_digest(held) != looked_at:
        raise DayChanged(
            "Not released: which reminders are held back has changed since you looked.",
            facts={"on": on, "held": len(held)},
            remedy="Look at what would leave now, and release that.",
        )


@page(act="collect", methods=("POST",))
def plan_day(request: HttpRequest) -> HttpResponse:
    """Plan today; nothing is queued by it."""
    entity = entity_of(request)
    kept = plan_ahead(entity=entity, on=today(entity), actor=actor(request), at=now())
    notices.success(request, f"Planned: {kept.counts['rows']:,} customers to see.")
    return redirect(way_back(request, reverse("today")))


@page()
def leaving(request: HttpRequest) -> HttpResponse:
    """What would leave if the plan were released: to whom, which step, how much."""
    entity = entity_of(request)
    on = today(entity)
    place = number_in(request.GET.get("after", "0"), 9) or 0
    plan = newest_plan(entity.pk)
    kept = leaving_rows(plan, after=place, limit=PAGE_SIZE + 1) if plan else []
    return render(
        request,
        "web/leaving.html",
        {
            "on": on,
            "plan": plan,
            "to_release": to_release(plan, on),
            "held": held_digest(held_with_day(entity.pk, on)),
            "rows": silent_rows(entity, kept[:PAGE_SIZE]),
            "holds": holds_on(entity.pk, on),
            "more": kept[PAGE_SIZE - 1].rank if len(kept) > PAGE_SIZE else 0,
            "may_collect": may(request.user.role, "collect"),
            **file_addresses(request, "leaving"),
        },
    )


def table(request: HttpRequest) -> Table:
    """Everything that would leave."""
    entity = entity_of(request)
    on, plan = today(entity), newest_plan(entity.pk)

    def kept(after: int, limit: int) -> list[WorklistRow]:
        return leaving_rows(plan, after=after, limit=limit) if plan else []

    rows = (
        [
            one.code,
            one.name,
            one.kept.step,
            one.handled,
            one.kept.currency,
            amount(one.kept.asked_minor, one.kept.currency),
        ]
        for some in some_at_a_time(all_pages(kept, 0, lambda row: row.rank))
        for one in silent_rows(entity, some)
    )
    texts = ["customer", "name", "step", "done", "currency"]
    return Table(f"leaving-{on}", texts, ["asks_for"], rows)


@page(act="collect", methods=("POST",))
def release(request: HttpRequest) -> HttpResponse:
    """Queue what was looked at, and nothing else; it leaves a minute later.

    Refuses: DayNotPlanned, DayChanged.
    """
    entity = entity_of(request)
    on, at = today(entity), now()
    refuse_unplanned(newest_plan(entity.pk), on)
    held = held_with_day(entity.pk, on)
    refuse_unseen_held(held, request.POST.get("held", ""), on)
    not_before = at + timedelta(seconds=undoing.SECONDS)
    who = {"actor": actor(request), "at": at}
    day = run_day(
        entity=entity,
        on=on,
        is_dry_run=False,
        looked_at=e_mails_seen(entity.pk, on, request.POST.get("looked_at", "")[:64]),
        not_before=not_before,
        **who,
    )
    again = let_day_go(message_ids=held, not_before=not_before, **who)
    queued = sum(told.is_new and told.step.channel == "email" for told in day.steps)
    mode = sending_of(entity.pk).mode
    leave = f"leave from {timezone.localtime(not_before):%H:%M:%S} on"
    if mode in ("off", "stopped"):
        leave = f"wait: sending is {mode}"
    text = f"Released: {queued + again:,} reminders {leave}."
    if day.dropped:
        text += f" {len(day.dropped):,} of those looked at may not leave any more."
    token = undoing.token(request, kind="release", id=0, entity=entity.pk, on=on.isoformat())
    notices.success(request, text, extra_tags=token)
    return redirect("today")


urlpatterns = [
    path("today/plan/", plan_day, name="plan_day"),
    path("today/leaving/", leaving, name="leaving"),
    *file_patterns("today/leaving/leaving", "leaving", table),
    path("today/release/", release, name="release_day"),
]
