"""Spread a statement: lines by years, by keyboard; what was typed stays when it is refused."""

from pathlib import Path
from typing import Any, cast

from django.contrib import messages as toasts
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from duly.access.actions import Author
from duly.credit.actions.statements import keep_financial_statements
from duly.credit.models.statements import ASSURANCES, FIRM_KINDS
from duly.credit.queries.statements import statements_of
from duly.credit.rules.statement_lines import LINES, SECTIONS
from duly.interfaces.exchange.statement_files import Said, read_statements
from duly.interfaces.exchange.uploads import refuse_too_big
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.spreading.typed import (
    Fault,
    Typed,
    drafts_of,
    typed_from,
    typed_in,
    typed_with,
)
from duly.interfaces.web.pages.spreading.whose import Whose, whose_of
from duly.interfaces.web.templatetags.show import count
from duly.kernel.errors import Malformed, Refusal

UNIT_NAMES = (("1", "Whole"), ("1000", "Thousands"), ("1000000", "Millions"))
# What must hold, for the script that says so while one types: whole, parts, and whether equal.
CHECKS = (
    ("Assets are liabilities and equity", "total_assets", "total_liabilities equity", "equal"),
    (
        "Current assets and intangibles within assets",
        "total_assets",
        "current_assets intangibles",
        "",
    ),
    (
        "Cash, receivables, inventory within current",
        "current_assets",
        "cash receivables inventory",
        "",
    ),
    ("Payables within current liabilities", "current_liabilities", "payables", ""),
    (
        "Current and long-term within liabilities",
        "total_liabilities",
        "current_liabilities long_term_debt",
        "",
    ),
    (
        "Cash rolls on from the year before",
        "cash",
        "operating_cash_flow investing_cash_flow financing_cash_flow",
        "roll",
    ),
)


@page(act="assess_credit", methods=("GET", "HEAD", "POST"))
def spread(
    request: HttpRequest, customer_id: int | None = None, request_id: int | None = None
) -> HttpResponse:
    """The grid; a POST keeps it whole, or tells every cell that can't be read."""
    entity = entity_of(request)
    whose = whose_of(request, customer_id, request_id)
    if request.method != "POST":
        kept = statements_of(entity.pk, *whose.subject)
        return _shown(request, whose, typed_from(kept, whose.currency, today(entity)))
    typed = typed_in(request.POST)
    drafts, faults = drafts_of(typed)
    if faults:
        return _shown(request, whose, typed, faults=faults)
    try:
        ids = keep_financial_statements(
            entity_id=entity.pk,
            request_id=whose.subject.request_id,
            customer_id=whose.subject.customer_id,
            drafts=drafts,
            author=Author(actor(request), now()),
        )
    except Refusal as error:
        return _shown(request, whose, typed, refusal=error)
    toasts.success(request, f"{count(len(ids), 'statement is,statements are')} kept.")
    return redirect(whose.address)


@page(act="assess_credit", methods=("POST",))
def read_file(
    request: HttpRequest, customer_id: int | None = None, request_id: int | None = None
) -> HttpResponse:
    """The years of a file in the grid, to be looked at; nothing is kept yet."""
    whose = whose_of(request, customer_id, request_id)
    typed = typed_in(request.POST)
    try:
        if hasattr(request, "too_big"):
            raise refuse_too_big(request.too_big)
        files = cast(list[TemporaryUploadedFile], request.FILES.getlist("file"))
        if len(files) != 1:
            raise Malformed("No file was chosen.", remedy="Choose one: CSV, XLSX, JSON or iXBRL.")
        unit = int(typed.unit) if typed.unit.isdecimal() else None
        name = str(files[0].name)
        said = Said(unit, typed.currency.strip().upper())
        read = read_statements(Path(files[0].temporary_file_path()), name, said)
        filled = typed_with(typed, read, name)
    except Refusal as error:
        return _shown(request, whose, typed, refusal=error)
    return _shown(request, whose, filled, notes=read.notes)


def _shown(
    request: HttpRequest,
    whose: Whose,
    typed: Typed,
    *,
    faults: list[Fault] | None = None,
    refusal: Refusal | None = None,
    notes: list[str] | None = None,
) -> HttpResponse:
    wrong = {fault.field: fault.message for fault in faults or []}
    told: dict[str, Any] = {
        "whose": whose,
        "typed": typed,
        "sections": _sections(typed, wrong),
        "columns": [
            {
                "place": place,
                "column": column,
                "day_wrong": wrong.get(f"year_end-{place}", ""),
                "months_wrong": wrong.get(f"months-{place}", ""),
            }
            for place, column in enumerate(typed.columns)
        ],
        "wrong": wrong,
        "faults": faults or [],
        "refusal": refusal,
        "notes": notes or [],
        "units": UNIT_NAMES,
        "kinds": FIRM_KINDS,
        "assurances": ASSURANCES,
        "checks": CHECKS,
        "keys": [("Down a line, up a line", "Enter \u2191 \u2193"), ("Keep it", "Ctrl Enter")],
    }
    status = 422 if faults or refusal else 200
    return render(request, "web/credit/spread.html", told, status=status)


def _sections(typed: Typed, wrong: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "rows": [
                {
                    "line": line,
                    "cells": [
                        {
                            "id": f"{line.id}-{place}",
                            "text": column.cells.get(line.id, ""),
                            "label": f"{line.label}, {column.year_end or f'year {place + 1}'}",
                            "wrong": wrong.get(f"{line.id}-{place}", ""),
                        }
                        for place, column in enumerate(typed.columns)
                    ],
                }
                for line in LINES
                if line.section == section
            ],
        }
        for section, label in SECTIONS.items()
    ]


urlpatterns = [
    path("customers/<int:customer_id>/financials/spread/", spread, name="credit_spread_customer"),
    path(
        "credit/requests/<int:request_id>/financials/spread/", spread, name="credit_spread_request"
    ),
    path("customers/<int:customer_id>/financials/file/", read_file, name="credit_file_customer"),
    path(
        "credit/requests/<int:request_id>/financials/file/", read_file, name="credit_file_request"
    ),
]
