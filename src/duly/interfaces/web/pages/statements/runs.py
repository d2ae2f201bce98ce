"""Statements of many customers as one PDF for post: asked for, written behind the page, taken."""

from typing import Any

from django.contrib import messages as toasts
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import require
from duly.access.rules.roles import may
from duly.interfaces.exchange.statement_runs import (
    PDF,
    StatementRun,
    StatementRunUnknown,
    begin_run,
    run_of,
    runs_of,
    throw_away_run,
)
from duly.interfaces.exchange.statements import Filter
from duly.interfaces.jobs.post import write_statements
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.statements.asked import KINDS, PAPERS, read_asked
from duly.kernel.errors import Refusal
from duly.parties.queries import pay_to
from duly.parties.queries.finding import (
    collectors_in_use,
    countries_in_use,
    segments_in_use,
)
from duly.receivables.queries.customers import balance_currencies

LONGEST = 64


@page(methods=("GET", "HEAD", "POST"))
def statements(request: HttpRequest) -> HttpResponse:
    """The form of a run, and the runs there are."""
    entity = entity_of(request)
    refusal = None
    if request.method == "POST":
        require(user=request.user, act="send")
        try:
            found = begin_run(
                entity=entity,
                asked=read_asked(request.POST, today(entity)),
                whose=_whose(request),
                actor=actor(request),
                at=now(),
            )
        except Refusal as error:
            refusal = error
        else:
            write_statements.enqueue(entity.pk, found.token)
            return redirect("statements_run", found.token)
    told: dict[str, Any] = {
        "refusal": refusal,
        "given": request.POST,
        "runs": runs_of(entity.pk),
        "on": today(entity),
        "kinds": KINDS,
        "papers": PAPERS,
        "segments": segments_in_use(entity.pk),
        "collectors": collectors_in_use(entity.pk),
        "countries": countries_in_use(entity.pk),
        "currencies": balance_currencies(entity.pk),
        "pay_to": sorted(pay_to(entity.pk)),
        "may_send": may(request.user.role, "send"),
    }
    return render(request, "web/statements.html", told, status=422 if refusal else 200)


def _whose(request: HttpRequest) -> Filter:
    def text(name: str) -> str | None:
        return request.POST.get(name, "").strip()[:LONGEST] or None

    return Filter(
        segment=text("segment"),
        collector=text("collector"),
        country=text("country"),
        is_overdue=bool(request.POST.get("overdue")),
        currency=text("currency"),
        minimum=text("minimum"),
    )


@page()
def run(request: HttpRequest, token: str) -> HttpResponse:
    """A run, as far as it is; asked again while it is written."""
    found = run_of(entity_of(request).pk, token)
    told = {"run": found, "may_send": may(request.user.role, "send")}
    name = "web/statements_progress.html" if request.htmx else "web/statements_run.html"
    return render(request, name, told)


@page()
def pdf(request: HttpRequest, token: str) -> FileResponse:
    """The PDF of a run that is done. Refuses: StatementRunUnknown."""
    found = run_of(entity_of(request).pk, token)
    if found.state != "done" or not found.file.is_file():
        raise StatementRunUnknown(
            "This run has no PDF yet.", remedy="Wait until it is done, or go on with it."
        )
    name = f"statements-{found.asked['on']}.pdf"
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )


@page(act="send", methods=("POST",))
def change(request: HttpRequest, token: str, act: str) -> HttpResponse:
    """Go on with a run, or throw it away. Refuses: StatementRunUnknown."""
    entity = entity_of(request)
    found: StatementRun = run_of(entity.pk, token)
    if act == "again":
        write_statements.enqueue(entity.pk, found.token)
        return redirect("statements_run", token)
    if act == "remove":
        throw_away_run(entity_id=entity.pk, token=token)
        toasts.success(request, f"The run and its {PDF} are gone.")
        return redirect("statements")
    raise Http404
