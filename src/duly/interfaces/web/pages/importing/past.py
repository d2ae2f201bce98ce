"""One import that was written: what it brought, and taking it back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.queries import changes_by_batch
from duly.access.rules.requests import OWN
from duly.access.rules.roles import may
from duly.interfaces.exchange.importing import revert
from duly.interfaces.web.current import actor, now
from duly.interfaces.web.exporting import Table, download, file_addresses
from duly.interfaces.web.guard import page
from duly.interfaces.web.links import address
from duly.interfaces.web.middleware import status_of
from duly.interfaces.web.numbers import page_in
from duly.interfaces.web.pages.importing import wrote
from duly.interfaces.web.pages.importing.arriving import lines_of
from duly.interfaces.web.pages.importing.shown import tell
from duly.interfaces.web.pages.importing.words import (
    PROBLEM_HEADS,
    column_label,
    for_page,
    tell_problems,
)
from duly.kernel.errors import Refusal
from duly.ledger.queries import recorded_moments
from duly.parties.queries import codes_and_names

PAGE_SIZE = 100
SHOWN_PROBLEMS = 100
SHOWN_CHANGES = 50
AT_ONCE_ROWS = 10_000  # what taking back more than so many would do is told after a page that waits


@page()
def one(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What an import brought; `?show=` bank lines, documents, payments ..., `?page=` of them."""
    record = wrote.import_of(request, batch_id)
    counts = wrote.counts(batch_id)
    show = wrote.shown(request, counts)
    number = page_in(request.GET.get("page", ""))
    rows = (
        wrote.READS[show](batch_id, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
        if show
        else []
    )
    problems = tell_problems(record.kind, record.file, record.problems)
    reverted = record.reverted_by_batch_id
    told = {
        **lines_of([record])[0],
        "tabs": list(counts.items()),
        "show": show,
        "rows": wrote.with_customers(rows[:PAGE_SIZE]),
        "number": number,
        "is_more": len(rows) > PAGE_SIZE,
        "changes": _changes(batch_id),
        "shown_changes": SHOWN_CHANGES,
        "problems": problems[:SHOWN_PROBLEMS],
        "problem_count": len(problems),
        "notes": [for_page(note) for note in record.notes],
        "reverted_at": recorded_moments({reverted})[reverted] if reverted else None,
        "may_revert": may(request.user.role, "revert"),
        "may_import": may(request.user.role, "import"),
        "may_apply": may(request.user.role, "apply"),
        **file_addresses(request, "import", batch_id=batch_id),
    }
    return render(request, "web/importing_one.html", told)


def _changes(batch_id: int) -> list[dict[str, Any]]:
    """What an import changed in customers: before and after, field by field."""
    found = changes_by_batch("customer", batch_id, limit=SHOWN_CHANGES)
    names = codes_and_names({record_id for record_id, _, _ in found})
    return [
        {
            "code": names.get(record_id, ("", ""))[0],
            "name": names.get(record_id, ("", ""))[1],
            "address": address("customer", record_id),
            "fields": [
                (column_label(field.removesuffix("_minor")), was, after.get(field))
                for field, was in before.items()
            ],
        }
        for record_id, before, after in found
    ]


@page()
def problems_file(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The rows that an import left out, as CSV."""
    record = wrote.import_of(request, batch_id)
    rows = [line.cells for line in tell_problems(record.kind, record.file, record.problems)]
    return download(Table("left-out", PROBLEM_HEADS, (), rows), "csv")


@page(act="revert", methods=("GET", "POST"))
def take_back(request: HttpRequest, batch_id: int) -> HttpResponse:
    """First what taking an import back would do, or why it can't be; then doing it, once."""
    record = wrote.import_of(request, batch_id)
    if request.method == "POST":
        revert(
            batch_id=batch_id,
            actor=actor(request),
            at=now(),
            key=f"{OWN}take back import {batch_id}",
        )
        return redirect("import", batch_id)
    refusal, would = None, None
    is_asked = record.rows <= AT_ONCE_ROWS or "look" in request.GET
    try:
        if is_asked:
            would = revert(batch_id=batch_id, actor=actor(request), at=now(), is_dry_run=True)
    except Refusal as error:
        refusal = error
    told = {
        **lines_of([record])[0],
        "would": would,
        "is_asked": is_asked,
        "refusal": tell(refusal.as_dict()) if refusal else None,
        "depends": refusal.facts.get("depends", []) if refusal else [],
    }
    status = status_of(refusal) if refusal else 200
    return render(request, "web/importing_take_back.html", told, status=status)
