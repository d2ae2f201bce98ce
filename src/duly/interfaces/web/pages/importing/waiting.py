"""An upload from its first look to the moment it is written."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html

from duly.access.queries import first_result
from duly.access.rules.roles import may
from duly.intake.errors import PlanChanged
from duly.intake.models import Upload
from duly.intake.queries import imports_by_batch
from duly.interfaces.exchange.readers.bank.said import Said, layout_names
from duly.interfaces.exchange.uploads import (
    Plan,
    check,
    choose,
    commit,
    key_of,
    leave_out,
    plan_of,
    progress,
    throw_away,
)
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.exporting import Table, amount, download
from duly.interfaces.web.guard import page
from duly.interfaces.web.middleware import status_of
from duly.interfaces.web.pages.importing.arriving import (
    limits,
    lines_of,
    look_at_once,
    refuse_written,
    upload_of,
)
from duly.interfaces.web.pages.importing.shown import (
    closing_of,
    files_of,
    problems_of,
    tell,
    total_rows,
)
from duly.interfaces.web.pages.importing.words import PROBLEM_HEADS
from duly.interfaces.web.templatetags.show import count
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Refusal

SILENT = ("csv", "qif", "ofx")  # formats of banks that may not tell account or currency
OPEN_SHEETS = 2  # of so few the first rows are open to see


@page(act="import")
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """An upload as it stands: to be looked at, previewed, or written."""
    found = upload_of(request, token)
    if found.committed_at is not None:
        return _done(request, found)
    return _show(request, found, plan_of(found))


def _show(
    request: HttpRequest, found: Upload, plan: Plan | None, refusal: Refusal | None = None
) -> HttpResponse:
    told: dict[str, Any] = {
        "upload": found,
        "plan": plan,
        "refusal": tell(refusal.as_dict()) if refusal else None,
        "bytes": sum(file["bytes"] for file in found.files),
        **limits(),
    }
    if plan is None:
        return render(request, "web/importing_look.html", told)
    files = files_of(found, plan)
    kinds = [report["kind"] for report in plan.reports]
    has_silent = any(report["preset"] in SILENT for report in plan.reports)
    is_said = any(found.options.get(name) for name in ("account", "currency", "layout"))
    may_say = is_said or has_silent or any(file.refusal for file in files)
    whole = plan.refusal if plan.refusal and not any(file.refusal for file in files) else None
    told |= {
        "files": files,
        "kinds": kinds,
        "unread": [file for file in files if file.refusal],
        "whole": tell(whole) if whole else None,
        "guard": tell(plan.guard) if plan.guard else None,
        "good": total_rows(plan, ("new", "changed", "same")),
        "fresh": total_rows(plan, ("new", "changed")),
        "closes": sum(len(report.get("closing", ())) for report in plan.reports),
        "has_unknown": any(p["code"] == "CUSTOMER_UNKNOWN" for p in plan.problems),
        "is_open": len(plan.reports) <= OPEN_SHEETS,
        "has_choices": "items" in kinds or may_say or any(found.options.values()),
        "may_say": may_say,
        "layouts": layout_names() if may_say else [],
        "may_be_snapshot": kinds.count("items") == 1,
        "today": today(entity_of(request)),
    }
    status = status_of(refusal) if refusal else 200
    return render(request, "web/importing_preview.html", told, status=status)


def _done(request: HttpRequest, found: Upload) -> HttpResponse:
    batches = (first_result(key_of(found)) or {}).get("batches", [])
    lines = lines_of(imports_by_batch(batches))
    told = {
        "lines": lines,
        "upload": found,
        "is_mapped": any(file["mapping"] for file in found.files),
        "may_apply": may(request.user.role, "apply"),
    }
    return render(request, "web/importing_done.html", told)


@page(act="import", methods=("POST",))
def look(request: HttpRequest, token: str) -> HttpResponse:
    """Look at the files and preview what they would do."""
    found = upload_of(request, token)
    if found.committed_at is None and plan_of(found) is None:
        check(found, actor=actor(request), at=now())
    return redirect("import_upload", token)


@page(act="import", methods=("POST",))
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """Say how an upload is to be imported, and preview it so."""
    found = upload_of(request, token)
    refuse_written(found)
    choose(
        found,
        create_customers="create_customers" in request.POST,
        snapshot_on=_day(request) if "is_snapshot" in request.POST else None,
        said=_said(request),
    )
    look_at_once(request, found)
    return redirect("import_upload", token)


def _said(request: HttpRequest) -> Said:
    """What a person says of bank files; a layout is one of Duly's, never a path of the server."""
    layout = request.POST.get("layout", "")
    return Said(
        account="".join(request.POST.get("account", "").split())[:64],
        currency=request.POST.get("currency", "").strip().upper()[:3],
        layout=layout if layout in layout_names() else "",
    )


def _day(request: HttpRequest) -> date:
    text = request.POST.get("snapshot_on", "")
    return parse_iso_date(text) if text else today(entity_of(request))


@page(act="import", methods=("POST",))
def without(request: HttpRequest, token: str) -> HttpResponse:
    """Leave one file out of an upload; the last one takes the upload with it."""
    found = upload_of(request, token)
    refuse_written(found)
    leave_out(found, request.POST.get("file", ""))
    if not found.files:
        throw_away(found)
        return redirect("importing")
    look_at_once(request, found)
    return redirect("import_upload", token)


@page(act="import", methods=("POST",))
def abandon(request: HttpRequest, token: str) -> HttpResponse:
    """Throw an upload away."""
    found = upload_of(request, token)
    if found.committed_at is None:
        throw_away(found)
    return redirect("importing")


@page(act="import", methods=("POST",))
def write(request: HttpRequest, token: str) -> HttpResponse:
    """Write exactly what the page showed, once; on a refusal show what would be written now."""
    found = upload_of(request, token)
    try:
        if found.committed_at is None and request.POST.get("plan") != found.plan_digest:
            raise PlanChanged(
                "This upload was changed since the page was opened.",
                remedy="Look at the preview as it is now, then confirm it.",
            )
        commit(
            found,
            accept_partial=request.POST.get("rows") == "good",
            accept_closing="accept_closing" in request.POST,
            actor=actor(request),
            at=now(),
        )
    except Refusal as refusal:
        found = upload_of(request, token)
        refuse_written(found)
        plan = check(found, actor=actor(request), at=now())
        return _show(request, found, plan, refusal)
    return redirect("import_upload", token)


@page(act="import")
def so_far(request: HttpRequest, token: str) -> HttpResponse:
    """How far the run at hand has come, as text."""
    rows, about = progress(upload_of(request, token))
    of = f" of about {about:,}" if about > rows else ""
    return HttpResponse(
        format_html("{}{} so far", count(rows, "row,rows"), of) if rows else "Reading",
        content_type="text/plain; charset=utf-8",
    )


@page(act="import")
def problems_file(request: HttpRequest, token: str) -> HttpResponse:
    """Every problem of an upload as CSV."""
    plan = plan_of(upload_of(request, token)) or Plan([])
    rows = [line.cells for report in plan.reports for line in problems_of(report)]
    return download(Table("problems", PROBLEM_HEADS, (), rows), "csv")


@page(act="import")
def closing_file(request: HttpRequest, token: str) -> HttpResponse:
    """All that a snapshot would settle as CSV."""
    plan = plan_of(upload_of(request, token)) or Plan([])
    rows = [
        (
            line.number,
            line.customer,
            line.because,
            line.currency,
            amount(line.minor, line.currency),
        )
        for report in plan.reports
        for line in closing_of(report)
    ]
    heads = ("Number", "Customer", "Why", "Currency", "Amount")
    return download(Table("settled", heads, (), rows), "csv")
