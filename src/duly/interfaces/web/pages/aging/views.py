"""The pages and parts of the aging."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from shlex import quote
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.interfaces.web.chart import Month, month_ends, told_months
from duly.interfaces.web.current import entities_of, now
from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.links import address
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.aging.asked import THEN, Asked, read_asked
from duly.interfaces.web.pages.aging.counting import (
    Certificate,
    Figures,
    certify,
    currency_on_top,
    figures,
    kept,
    part_of_book,
    whole_book,
)
from duly.interfaces.web.pages.aging.files import table
from duly.interfaces.web.templatetags.show import known_on
from duly.kernel.errors import Malformed
from duly.ledger.queries import latest_seal
from duly.receivables.queries import (
    AgingRow,
    Counted,
    Scope,
    TieOut,
    aging_sums,
    count_open,
    totals_of,
)
from duly.storage.reading import one_state

PAGE_SIZE = 50
LONGEST_PLACE = 9
GROUPINGS = (
    (None, "Customer"),
    ("parent", "Parent"),
    ("currency", "Currency"),
    ("entity", "Company"),
    ("none", "Total"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table with the addresses that open its figures."""

    row: AgingRow
    name: str
    opens: str
    cells: list[tuple[int, str]]  # (minor units, address of the items, "" for nothing)
    owed_address: str
    unapplied_address: str
    total_address: str


@page()
def view(request: HttpRequest) -> HttpResponse:
    """The page. `?from=` goes on in the table; all else is the question."""
    asked = read_asked(request)
    first = _read_place(request)
    with one_state():
        found = figures(asked, first=first, limit=PAGE_SIZE + 1)
        told = {
            **_controls(request, asked, found),
            **_table(asked, found, first),
            **_tie(asked, certify(asked, whole=found.whole, part=found.part), found.currency),
            "keys": [("Day before, day after", ", ."), ("Today", "T")],
        }
    return render(request, "web/aging.html", told)


def _table(asked: Asked, found: Figures, first: int) -> dict[str, Any]:
    """The figures on top, the rows of the table, and where the table goes on."""
    currency = found.currency
    total = found.part.get(currency)
    is_more = asked.by not in ("currency", "none") and len(found.rows) > PAGE_SIZE
    rows = found.rows[:PAGE_SIZE] if is_more else found.rows
    return {
        "names": asked.chosen.names,
        "total": total,
        "total_line": _line(asked, total) if total else None,
        "books": [
            (_line(asked, row), asked.address("aging", currency=code, by=_grouping(asked)))
            for code, row in found.part.items()
        ],
        "lines": [_line(asked, row, is_row=True) for row in rows],
        "bar_label": f"Aging by {asked.basis} date",
        "overdue_address": asked.items_address(
            currency=currency, basis="due", buckets="0", bucket=1
        ),
        "first": first,
        "page_size": PAGE_SIZE,
        "following": asked.address("aging", currency=currency, **{"from": first + PAGE_SIZE})
        if is_more
        else "",
        "previous": asked.address("aging", currency=currency, **_place(first - PAGE_SIZE))
        if first
        else "",
    }


def _grouping(asked: Asked) -> str | None:
    """The grouping to keep where one currency is chosen."""
    return None if asked.by in ("customer", "currency") else asked.by


def _place(first: int) -> dict[str, int]:
    return {"from": first} if first > 0 else {}


def _line(asked: Asked, row: AgingRow, *, is_row: bool = False) -> Line:
    """A row with its addresses; a total row opens to everything in its currency."""
    whose: dict[str, object] = {"currency": row.currency}
    name, opens = row.name, ""
    if is_row and asked.by == "currency":
        name, opens = row.currency, asked.address("aging", by=None, currency=row.currency)
    elif is_row and asked.by == "entity":
        whose["entity"] = row.entity_id
        opens = asked.address("aging", by=None, **whose)
    elif is_row and asked.by == "parent" and row.customer_id:
        whose["parent"] = row.customer_id
        opens = asked.address("aging", by=None, **whose)
    elif is_row:
        whose |= {"customer": row.customer_id or 0, "parent": None}
        opens = address("customer", row.customer_id) if row.customer_id else ""
    items = asked.items_address(**whose)
    return Line(
        row,
        name or "Payer not known",
        opens,
        [
            (minor, f"{items}&bucket={index}" if minor else "")
            for index, minor in enumerate(row.amounts)
        ],
        f"{items}&owed=1",
        f"{items}&unapplied=1" if row.unapplied else "",
        items,
    )


def _read_place(request: HttpRequest) -> int:
    place = number_in(request.GET.get("from", "") or "0", LONGEST_PLACE)
    if place is None:
        raise Malformed(
            "This address names no place in the table.",
            remedy="Open the page from its start and go on from there.",
        )
    return place


def _controls(request: HttpRequest, asked: Asked, found: Figures) -> dict[str, Any]:
    """The addresses of what can be chosen, the present choice marked."""

    def choices(
        name: str, pairs: Sequence[tuple[object, str]], present: object
    ) -> list[tuple[str, str, bool]]:
        return [
            (label, asked.address("aging", **{name: value}), value == present)
            for value, label in pairs
        ]

    companies = entities_of(request)
    is_one = len(companies) == 1
    knowns: list[tuple[object, str]] = [(None, "Known now"), (THEN, "Known then")]
    if asked.known_as not in ("", THEN):
        knowns.append((asked.known_as, f"Known {known_on(asked.known_at)}"))
    bases = (("due", "By due date"), ("invoice", "By invoice date"))
    return {
        "asked": asked,
        "currency": found.currency,
        "bases": choices("basis", bases, asked.basis),
        "groupings": choices(
            "by",
            [(value, label) for value, label in GROUPINGS if value != "entity" or not is_one],
            asked.by if asked.by != "customer" else None,
        ),
        "knowns": choices("known", knowns, asked.known_as or None)
        if asked.on < asked.today or asked.known_as
        else [],
        "companies": [] if is_one else companies,
        **dates(asked, lambda **changes: asked.address("aging", **changes)),
        "here": reverse("aging"),
        "kept_fields": asked.parameters(on=None),
        "entity_fields": asked.parameters(
            entity=None, currency=None, by=_grouping(asked), customer=None, parent=None
        ),
        "currency_fields": asked.parameters(currency=None, by=_grouping(asked)),
        "bucket_fields": asked.parameters(buckets=None),
        "bucket_text": ", ".join(str(day) for day in asked.chosen.last_days if day),
        "csv_address": asked.address("aging_csv", currency=found.currency),
        "xlsx_address": asked.address("aging_xlsx", currency=found.currency),
        "months_address": asked.address("aging_months", currency=found.currency),
        "known_now": asked.address("aging", known=None),
        "unnarrowed": asked.address("aging", customer=None, parent=None),
    }


def dates(asked: Asked, leads_to: Callable[..., str]) -> dict[str, str]:
    """The addresses of the date control: `leads_to` makes one of what is changed."""
    day = timedelta(days=1)
    return {
        "before": leads_to(on=(asked.on - day).isoformat()),
        "behind": leads_to(on=(asked.on + day).isoformat()),
        "back_to_today": leads_to(on=None, known=None),
    }


@page()
def months_part(request: HttpRequest) -> HttpResponse:
    """The part that draws twelve month ends up to the day asked for."""
    asked = read_asked(request)
    currency = asked.currency or asked.entity.currency
    scope = Scope(
        entity_id=asked.entity_id,
        currency=currency,
        customer_id=asked.customer_id,
        parent_id=asked.parent_id,
    )
    with one_state():
        months = [
            Month(day, _month(asked, scope, day), asked.address("aging", on=day.isoformat()))
            for day in month_ends(until=asked.on)
        ]
    told = told_months(months, names=asked.chosen.names, currency=currency, today=asked.today)
    return render(request, "web/parts/months.html", told)


def _month(asked: Asked, scope: Scope, day: date) -> AgingRow | None:
    def count() -> dict[str, AgingRow]:
        return totals_of(aging_sums(on=day, chosen=asked.chosen, scope=scope, by="none"))

    name = f"month:{scope}:{asked.basis}:{asked.last_days}:{day}"
    return kept(name, count).get(scope.currency or "")


@page()
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate with every open record counted and added up; asked for after the page."""
    asked = read_asked(request)
    with one_state():
        part = part_of_book(asked)
        currency = currency_on_top(asked, part)
        held = certify(asked, whole=whole_book(asked), part=part)
        scope = asked.part if held.is_of_part else Scope(entity_id=asked.entity_id)
        counted = kept(
            f"open:{scope}:{asked.on}:{asked.known}",
            lambda: count_open(on=asked.on, chosen=asked.chosen, scope=scope, known=asked.known),
        )
        sequence, digest = latest_seal()
    told = {
        **_tie(asked, held, currency, counted),
        "asked": asked,
        "sequence": sequence,
        "digest": " ".join(digest[at : at + 4] for at in range(0, 12, 4)),
        "at": now(),
        "command": _command(request, asked, held, currency),
    }
    return render(request, "web/aging_tie.html", told)


@dataclass(frozen=True, slots=True)
class Held:
    """One currency's total held against its items, where they were counted, and the ledger."""

    currency: str
    tie: TieOut
    counted: Counted | None

    @property
    def is_off(self) -> bool:
        """Tell whether the three differ."""
        return self.tie.difference != 0 or not self.is_counted_so

    @property
    def is_counted_so(self) -> bool:
        """Tell whether the items, where they were counted, add up to the total."""
        return self.counted is None or self.counted.total_minor == self.tie.open_items


def _tie(
    asked: Asked, held: Certificate, currency: str, counted: dict[str, Counted] | None = None
) -> dict[str, Any]:
    """The certificate of the currency on top, or of each where each has a row."""
    shown = list(held.ties) if asked.by == "currency" else [currency]
    rows = [
        Held(
            code,
            held.ties.get(code, TieOut(0, 0)),
            None if counted is None else counted.get(code, Counted(0, 0)),
        )
        for code in shown
    ]
    off = {row.currency for row in rows if row.is_off} | set(held.off)
    return {
        "ties": rows,
        "off": sorted(off),
        "is_of_part": held.is_of_part,
        "certificate_address": asked.address("aging_certificate", currency=currency),
    }


def _command(request: HttpRequest, asked: Asked, held: Certificate, currency: str) -> str:
    """What a shell says to get the same figures."""
    words = ["duly aging", f"--on {asked.on.isoformat()}"]
    if asked.basis != "due":
        words.append(f"--basis {asked.basis}")
    if asked.by != "currency":
        words.append(f"--currency {currency}")
    if asked.last_days:
        words.append(f"--buckets {','.join(map(str, asked.last_days))}")
    if asked.entity_id is not None and len(entities_of(request)) > 1:
        words.append(f"--entity {quote(asked.entity.name)}")
    if held.is_of_part and asked.customer is not None:
        words.append(f"--customer {quote(asked.customer.code)}")
    if asked.known_at is not None:
        words.append(f"--known {asked.known_at.isoformat(timespec='seconds')}")
    return " ".join(words)


urlpatterns = [
    path("aging/", view, name="aging"),
    path("aging/months/", months_part, name="aging_months"),
    path("aging/certificate/", certificate, name="aging_certificate"),
    *file_patterns("aging/aging", "aging", table),
]
