"""The pages and parts of the aging."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.interfaces.exchange.reports import aging_document, write_aging_csv, write_aging_xlsx
from duly.interfaces.web.chart import month_ends, stacked
from duly.interfaces.web.current import entities_of, now
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.aging.asked import Asked, name_of, read_asked
from duly.interfaces.web.pages.aging.reads import count_open, largest_today
from duly.kernel.currencies import exponent
from duly.kernel.errors import Malformed
from duly.ledger.queries import known_sequence, latest_seal
from duly.receivables.queries import (
    Aging,
    AgingRow,
    Scope,
    TieOut,
    aging,
    latest_day,
    tie_out,
    totals_today,
)

Counted = TypeVar("Counted")
PAGE_SIZE = 50
BASES = (("due", "By due date"), ("invoice", "By invoice date"))
KEPT_SECONDS = 24 * 3600
FILES: dict[str, tuple[str, Callable[[Path, dict[str, Any]], None]]] = {
    "csv": ("text/csv; charset=utf-8", write_aging_csv),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write_aging_xlsx,
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table with the addresses that open its figures."""

    row: AgingRow
    opens: str
    cells: list[tuple[int, str]]  # (minor units, address of the items, "" for nothing)
    unapplied_address: str
    total_address: str


def totals_of(asked: Asked) -> dict[str, AgingRow]:
    """The total rows of the whole book asked about, by currency; today's without a sum over it."""
    one = None if asked.is_every_entity else asked.entity.pk
    if asked.is_today and one is not None:
        latest = latest_day(one)
        if latest is None or latest <= asked.on:
            return totals_today(on=asked.on, chosen=asked.chosen, entity_id=one)

    def count() -> dict[str, AgingRow]:
        return aging(
            on=asked.on,
            basis=asked.basis,
            scope=Scope(entity_id=one),
            by="none",
            last_days=asked.last_days,
            known=asked.known,
        ).totals

    return kept(f"totals:{one}:{asked.on}:{asked.basis}:{asked.last_days}:{asked.known}", count)


def kept(name: str, count: Callable[[], Counted]) -> Counted:
    """What was counted, kept until the books change: its name holds the ledger's newest seal."""
    named = f"aging:{name}:{known_sequence()}".replace(" ", "")
    return cache.get_or_set(named, count, KEPT_SECONDS)


@page()
def view(request: HttpRequest) -> HttpResponse:
    """The page. `?after=` and `?from=` go on in the table; all else is the question."""
    asked = read_asked(request)
    whole = totals_of(asked)
    currency = _currency_on_top(asked, whole)
    told = _counted(asked, currency)
    total = told.totals.get(currency) if told else whole.get(currency)
    lines, following = _lines(request, asked, currency, told)
    return render(
        request,
        "web/aging.html",
        {
            **_controls(request, asked, currency),
            **_certificate(asked, whole, currency),
            "names": asked.chosen.names,
            "whose": name_of(asked),
            "total": total,
            "total_line": _line(asked, total) if total else None,
            "books": [
                (_line(asked, row), asked.address("aging", currency=code))
                for code, row in whole.items()
            ],
            "lines": lines,
            "following": following,
            "owed": sum(total.amounts) if total else 0,
            "bar_label": f"Aging by {asked.basis} date",
            "overdue_address": asked.items_address(currency=currency, buckets="0", bucket=1),
            "page_size": PAGE_SIZE,
        },
    )


def _currency_on_top(asked: Asked, whole: dict[str, AgingRow]) -> str:
    """The currency asked for; else the entity's own, or the first in which anything is open."""
    own = asked.entity.currency
    return asked.currency or (own if own in whole or not whole else next(iter(whole)))


def _can_page(asked: Asked) -> bool:
    """Tell whether today's sums by customer answer, so that a page of them is enough."""
    if not asked.is_today or asked.is_every_entity or asked.is_narrowed or asked.by != "customer":
        return False
    latest = latest_day(asked.entity.pk)
    return latest is None or latest <= asked.on


def _counted(asked: Asked, currency: str) -> Aging | None:
    """The aging counted over the book of a currency, where the sums kept do not answer."""
    is_whole = not asked.is_narrowed and asked.by in ("currency", "none")
    if is_whole or _can_page(asked):
        return None
    scope = Scope(
        entity_id=asked.scope.entity_id,
        currency=currency,
        customer_id=asked.customer_id,
        parent_id=asked.parent_id,
    )
    return aging(
        on=asked.on,
        basis=asked.basis,
        scope=scope,
        by=asked.by if asked.by == "parent" else "customer",
        last_days=asked.last_days,
        known=asked.known,
    )


def _lines(
    request: HttpRequest, asked: Asked, currency: str, told: Aging | None
) -> tuple[list[Line], str]:
    """A page of rows, those that owe most first, and the address of the next page or ""."""
    if asked.by in ("currency", "none"):
        return [], ""
    if told is None:
        rows = largest_today(
            on=asked.on,
            chosen=asked.chosen,
            entity_id=asked.entity.pk,
            currency=currency,
            after=_read_after(request),
            limit=PAGE_SIZE + 1,
        )
        more = {"after": f"{sum(rows[-2].amounts)}.{rows[-2].customer_id or 0}"} if rows[1:] else {}
    else:
        first = _read_number(request.GET.get("from", ""))
        ordered = sorted(told.rows, key=lambda row: (-sum(row.amounts), row.customer_id or 0))
        rows = ordered[first : first + PAGE_SIZE + 1]
        more = {"from": str(first + PAGE_SIZE)}
    is_more = len(rows) > PAGE_SIZE
    following = asked.address("aging", currency=currency, **more) if is_more else ""
    return [_line(asked, row, is_customer=True) for row in rows[:PAGE_SIZE]], following


def _line(asked: Asked, row: AgingRow, *, is_customer: bool = False) -> Line:
    whose: dict[str, object] = {"currency": row.currency}
    if is_customer:
        part = "parent" if asked.by == "parent" and row.customer_id else "customer"
        whose |= {"customer": None, "parent": None, part: row.customer_id or 0}
    opens = ""
    if row.customer_id:
        opens = asked.address("customer", row.customer_id, by=None, customer=None, parent=None)
    return Line(
        row,
        opens,
        [
            (minor, asked.items_address(**whose, bucket=index) if minor else "")
            for index, minor in enumerate(row.amounts)
        ],
        asked.items_address(**whose, unapplied=1) if row.unapplied else "",
        asked.items_address(**whose),
    )


def _read_after(request: HttpRequest) -> tuple[int, int] | None:
    owed, _, last_id = request.GET.get("after", "").partition(".")
    if not owed:
        return None
    return _read_number(owed), _read_number(last_id)


def _read_number(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Malformed(
            "This address names no place in the table.",
            remedy="Open the page from its start and go on from there.",
        )
    return int(text or 0)


def _controls(request: HttpRequest, asked: Asked, currency: str) -> dict[str, Any]:
    """The addresses of what can be chosen, the present choice marked."""

    def choices(name: str, pairs: Sequence[tuple[object, str]], present: object) -> list[tuple]:
        return [
            (label, asked.address("aging", **{name: value}), value == present)
            for value, label in pairs
        ]

    on_then = asked.on.isoformat()
    several = len(entities_of(request)) > 1
    return {
        "bases": choices(
            "basis", [("due", "By due date"), ("invoice", "By invoice date")], asked.basis
        ),
        "groupings": choices(
            "by",
            [(None, "Customer"), ("parent", "Parent"), ("currency", "Currency"), ("none", "Total")],
            asked.by if asked.by != "customer" else None,
        ),
        "knowns": choices(
            "known",
            [(None, "As known now"), (on_then, "As known then")],
            asked.known_as or None,
        ),
        "scopes": choices(
            "entity",
            [(None, asked.entity.name), ("all", "All companies")],
            "all" if asked.is_every_entity else None,
        )
        if several
        else [],
        "before": asked.address("aging", on=(asked.on - timedelta(days=1)).isoformat()),
        "behind": asked.address("aging", on=(asked.on + timedelta(days=1)).isoformat()),
        "back_to_today": asked.address("aging", on=asked.today.isoformat(), known=None),
        "kept_fields": asked.parameters(on=None, currency=currency),
        "currency_fields": asked.parameters(currency=None),
        "here": reverse("aging"),
        "bucket_fields": asked.parameters(buckets=None, currency=currency),
        "bucket_text": ", ".join(str(day) for day in asked.chosen.last_days if day),
        "csv_address": asked.address("aging_csv"),
        "xlsx_address": asked.address("aging_xlsx"),
        "months_address": asked.address("aging_months", currency=currency),
        "unnarrowed": asked.address("aging", customer=None, parent=None),
    }


@page()
def months(request: HttpRequest) -> HttpResponse:
    """The part that draws twelve month ends up to the day asked for."""
    asked = read_asked(request)
    currency = asked.currency or asked.entity.currency
    scope = Scope(
        entity_id=asked.scope.entity_id,
        currency=currency,
        customer_id=asked.customer_id,
        parent_id=asked.parent_id,
    )

    def total(day: date) -> tuple[AgingRow | None]:
        found = aging(on=day, basis=asked.basis, scope=scope, by="none", last_days=asked.last_days)
        return (found.totals.get(currency),)

    named = f"month:{scope}:{asked.basis}:{asked.last_days}"
    rows = [
        (day, kept(f"{named}:{day}", lambda day=day: total(day))[0])
        for day in month_ends(until=asked.on)
    ]
    told = {
        "chart": stacked(rows=rows, decimals=exponent(currency)),
        "rows": [
            (day, row, asked.address("aging", on=day.isoformat(), known=None)) for day, row in rows
        ],
        "names": asked.chosen.names,
        "currency": currency,
        "on": asked.on,
    }
    return render(request, "web/parts/months.html", told)


@page()
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate with every open record counted and added up; asked for after the page."""
    asked = read_asked(request)
    whole = totals_of(asked)
    currency = _currency_on_top(asked, whole)
    scope = Scope(entity_id=asked.scope.entity_id, currency=currency)
    counted = None
    if asked.known is None:
        counted = kept(f"open:{scope}:{asked.on}", lambda: count_open(on=asked.on, scope=scope))
    sequence, digest = latest_seal()
    told = {
        **_certificate(asked, whole, currency),
        "counted": counted,
        "sequence": sequence,
        "digest": digest[:12],
        "at": now(),
    }
    return render(request, "web/aging_tie.html", told)


def _certificate(asked: Asked, whole: dict[str, AgingRow], currency: str) -> dict[str, Any]:
    """The aging of the whole book against the control account, in the currency on top."""
    ties = tie_out(
        on=asked.on,
        entity_id=None if asked.is_every_entity else asked.entity.pk,
        totals=whole,
        known=asked.known,
    )
    return {
        "asked": asked,
        "currency": currency,
        "tie": ties.get(currency, TieOut(0, 0)),
        "off": [code for code, tie in ties.items() if tie.difference and code != currency],
        "certificate_address": asked.address("aging_certificate", currency=currency),
    }


@page()
def file(request: HttpRequest, form: str) -> HttpResponse:
    """The rows of the aging as a CSV or XLSX file, every currency unless one is asked for."""
    asked = read_asked(request)
    told = aging(
        on=asked.on,
        basis=asked.basis,
        scope=asked.scope,
        by="parent" if asked.by == "parent" else "customer",
        last_days=asked.last_days,
        known=asked.known,
    )
    content_type, write = FILES[form]
    name = f"aging-{asked.on.isoformat()}.{form}"
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / name, aging_document(told, {}))
        response = HttpResponse((Path(folder) / name).read_bytes(), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("aging/", view, name="aging"),
    path("aging/months/", months, name="aging_months"),
    path("aging/certificate/", certificate, name="aging_certificate"),
    path("aging/file.csv", file, {"form": "csv"}, name="aging_csv"),
    path("aging/file.xlsx", file, {"form": "xlsx"}, name="aging_xlsx"),
]
