"""Statements that go out by themselves: schedules, their next days, and what came of each day."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from duly.access.actions import Author, require
from duly.access.rules.roles import may
from duly.collections.actions import (
    ScheduleDraft,
    end_schedule,
    pause_schedule,
    resume_schedule,
    save_schedule,
)
from duly.collections.errors import ScheduledRunUnknown
from duly.collections.models import ScheduledRun
from duly.collections.queries.statements import (
    changes_of_schedule,
    outcomes_of,
    rows_of_run,
    runs_page,
    schedule_names,
    scheduled_run,
    schedules_of,
)
from duly.collections.rules.statement_days import RHYTHMS
from duly.collections.rules.statement_ways import DELIVERIES, OUTCOMES
from duly.interfaces.exchange.scheduled import draft_of, post_file, rows_document
from duly.interfaces.exchange.statements import Filter
from duly.interfaces.jobs.scheduled import next_days, rhythm_of
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.exporting import Table, file_addresses
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.outbox.words import STATES
from duly.interfaces.web.pages.statements.asked import KINDS, PAPERS
from duly.kernel.errors import Refusal
from duly.kernel.locales import LANGUAGES
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.parties.queries.finding import collectors_in_use, countries_in_use, segments_in_use
from duly.receivables.queries.customers import balance_currencies

LONGEST = 64
SHOWN_RUNS = 20
PAGE_SIZE = 100
READ_AT_ONCE = 1000
DIGITS = 9
WORDS = ("segment", "collector", "country", "language", "currency", "minimum")
DONE = {"pause": "rests", "resume": "goes on", "end": "has ended"}


@page(methods=("GET", "HEAD", "POST"))
def schedules(request: HttpRequest) -> HttpResponse:
    """The schedules with their next days, the form, and the newest runs; `?change=NAME`."""
    entity, refusal = entity_of(request), None
    if request.method == "POST":
        require(user=request.user, act="send")
        try:
            row = save_schedule(
                entity_id=entity.pk,
                draft=_draft(request),
                on=today(entity),
                author=Author(actor(request), now()),
            )
        except Refusal as error:
            refusal = error
        else:
            toasts.success(request, f"{row.name} is kept.")
            return redirect("statements_schedules")
    rows = schedules_of(entity.pk)
    changed = next((row for row in rows if row.name == request.GET.get("change")), None)
    given: dict[str, Any] = request.POST.dict()
    if changed is not None and not given:
        given = {
            **changed.whose,
            "name": changed.name,
            "due": rhythm_of(changed).code,
            "kind": changed.kind,
            "paper": changed.paper,
            "by": changed.delivery,
        }
    told: dict[str, Any] = {
        "refusal": refusal,
        "given": given,
        "changed": changed,
        "rows": [
            (row, rhythm_of(row).words, next_days(row, entity, today(entity))) for row in rows
        ],
        "runs": _runs(runs_page(entity.pk, limit=SHOWN_RUNS)),
        "trail": changes_of_schedule(changed.pk) if changed else [],
        "may_send": may(request.user.role, "send"),
        **_choices(entity),
    }
    return render(request, "web/statements_schedules.html", told, status=422 if refusal else 200)


def _choices(entity: Entity) -> dict[str, Any]:
    return {
        "dues": [(one.code, one.words) for one in RHYTHMS],
        "kinds": KINDS,
        "papers": PAPERS,
        "deliveries": DELIVERIES,
        "languages": LANGUAGES,
        "segments": segments_in_use(entity.pk),
        "collectors": collectors_in_use(entity.pk),
        "countries": countries_in_use(entity.pk),
        "currencies": balance_currencies(entity.pk),
    }


def _draft(request: HttpRequest) -> ScheduleDraft:
    def text(name: str) -> str:
        return request.POST.get(name, "").strip()[: LONGEST + 1]

    whose = Filter(
        **{name: text(name) or None for name in WORDS},
        is_overdue=bool(request.POST.get("overdue")),
    )
    return draft_of(
        name=text("name"),
        due=text("due"),
        kind=text("kind"),
        delivery=text("by"),
        paper=text("paper"),
        whose=whose,
    )


def _runs(runs: list[ScheduledRun]) -> list[tuple[ScheduledRun, str, dict[str, int]]]:
    """(run, its schedule's name, how many customers by outcome)."""
    names = schedule_names({run.schedule_id for run in runs})
    counts = outcomes_of([run.pk for run in runs])
    return [(run, names[run.schedule_id], counts.get(run.pk, {})) for run in runs]


@page(act="send", methods=("POST",))
def change(request: HttpRequest, act: str) -> HttpResponse:
    """Pause, resume or end a schedule. Refuses: StatementScheduleUnknown."""
    entity, name = entity_of(request), request.POST.get("name", "")
    author = Author(actor(request), now())
    if act == "pause":
        pause_schedule(entity_id=entity.pk, name=name, author=author)
    elif act == "resume":
        resume_schedule(entity_id=entity.pk, name=name, on=today(entity), author=author)
    elif act == "end":
        end_schedule(entity_id=entity.pk, name=name, author=author)
    else:
        raise Http404
    toasts.success(request, f"{name} {DONE[act]}.")
    return redirect("statements_schedules")


@page()
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Who is in a run, by which way, who is left out and why; `?outcome=`, `?after=`."""
    found = _run(request, run_id)
    outcome = _outcome(request)
    after = number_in(request.GET.get("after", ""), DIGITS)
    rows = rows_of_run(found.pk, outcome=outcome, after=after, limit=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    names = codes_and_names({one.row.customer_id for one in shown})
    ((_, name, counts),) = _runs([found])
    here = reverse("statements_scheduled_run", args=[found.pk])
    following = {"outcome": outcome, "after": shown[-1].row.place} if len(rows) > PAGE_SIZE else {}
    told = {
        "run": found,
        "name": name,
        "counts": counts,
        "outcome": outcome,
        "tabs": [("", "All", sum(counts.values()))]
        + [(value, label, counts.get(value, 0)) for value, label in OUTCOMES],
        "rows": [
            (one.row, names[one.row.customer_id], one.message, _shown(one.message)) for one in shown
        ],
        "following": f"{here}?{urlencode(following)}" if following else "",
        "here": here,
        **file_addresses(request, "statements_scheduled_list", run_id=found.pk),
    }
    return render(request, "web/statements_scheduled_run.html", told)


def _shown(message):  # type: ignore[no-untyped-def]
    return STATES[message.state] if message is not None else None


@page()
def pdf(request: HttpRequest, run_id: int) -> FileResponse:
    """The PDF for post of a run. Refuses: ScheduledRunUnknown."""
    found = _run(request, run_id)
    if not found.sha256 or not post_file(found).is_file():
        raise ScheduledRunUnknown(
            "This run has no PDF for post.", remedy="Look who is in it on its page."
        )
    return FileResponse(
        post_file(found).open("rb"),
        as_attachment=True,
        filename=f"statements-{found.due_on}.pdf",
        content_type="application/pdf",
    )


def listed(request: HttpRequest, run_id: int) -> Table:
    """Who is in a run and who is left out, for a file. Refuses: ScheduledRunUnknown."""
    found = _run(request, run_id)
    columns = ["customer", "name", "way", "why", "message", "to"]
    return Table(f"statements-{found.due_on}", columns, [], _listed(found, _outcome(request)))


def _listed(found: ScheduledRun, outcome: str) -> Iterator[list[str]]:
    """The rows of a run's list, read some at a time."""
    after = None
    while rows := rows_of_run(found.pk, outcome=outcome, after=after, limit=READ_AT_ONCE):
        after = rows[-1].row.place
        for one in rows_document(rows):
            yield [
                one["customer"],
                one["name"],
                dict(OUTCOMES)[one["outcome"]],
                one["why"]["text"] if one["why"] else "",
                one["state"] or "",
                ", ".join(one["to"]),
            ]


def _outcome(request: HttpRequest) -> str:
    """Which of a run's rows are asked for: of one outcome, or "" for all."""
    outcome = request.GET.get("outcome", "")
    return outcome if outcome in dict(OUTCOMES) else ""


def _run(request: HttpRequest, run_id: int) -> ScheduledRun:
    return scheduled_run(entity_of(request).pk, min(run_id, LARGEST_ID))
