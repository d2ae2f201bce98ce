"""The overview: what is open, what is late, how fresh the books are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.intake.queries import imports
from duly.interfaces.web.chart import Month, month_ends, told_months
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.links import aging_address, items_address, overdue_address
from duly.kernel.currencies import exponent
from duly.ledger.queries import known_sequence
from duly.parties.models import Entity
from duly.parties.queries import customer_count
from duly.receivables.queries import (
    AgingRow,
    Scope,
    TieOut,
    aging,
    aging_sums,
    is_current,
    largest_of,
    tie_out,
    totals_of,
    totals_today,
)
from duly.receivables.rules.aging import DUE
from duly.storage.reading import one_state

Found = TypeVar("Found")
KEPT_SECONDS = 24 * 3600
LATE_CUSTOMERS = 8
LAST_IMPORTS = 5


@dataclass(frozen=True, slots=True)
class Book:
    """What is open in one currency, with the addresses that open its figures."""

    row: AgingRow
    tie: TieOut
    address: str
    owed_address: str
    overdue_address: str
    unapplied_address: str
    aging_address: str

    @property
    def currency(self) -> str:
        """The currency of the book."""
        return self.row.currency


@page(needs_books=False)
def overview(request: HttpRequest) -> HttpResponse:
    """The first page after signing in; `?currency=` says which book stands on top."""
    entity = entity_of(request)
    if entity is None:
        return render(request, "web/overview_empty.html", {"has_company": False})
    on = today(entity)
    with one_state():
        books, off = _books(entity, on)
        last = imports(entity_id=entity.pk, limit=LAST_IMPORTS)
    if not books and not last:
        return render(request, "web/overview_empty.html", {"has_company": True})
    wanted = request.GET.get("currency") or (books[0].currency if books else "")
    lead = next((book for book in books if book.currency == wanted), books[0] if books else None)
    told = {
        "on": on,
        "books": books,
        "lead": lead,
        "bucket_names": DUE.names,
        "customers": customer_count(entity.pk),
        "imports": last,
        "is_tied": not off,
    }
    return render(request, "web/overview.html", told)


def _books(entity: Entity, on: date) -> tuple[list[Book], list[str]]:
    """(a book a currency: the entity's own first, then those of which most is open; those off)."""
    if is_current(on=on, entity_id=entity.pk):
        totals = totals_today(on=on, chosen=DUE, entity_id=entity.pk)
    else:
        totals = aging(on=on, scope=Scope(entity_id=entity.pk), by="none").totals
    ties = tie_out(on=on, entity_id=entity.pk, totals=totals)
    nothing = (0,) * len(DUE.names)
    books = [
        Book(
            totals.get(currency, AgingRow(None, None, "", currency, nothing, 0)),
            tie,
            items_address(on=on, currency=currency),
            items_address(on=on, currency=currency, side="owed"),
            overdue_address(on=on, currency=currency),
            items_address(on=on, currency=currency, side="unapplied"),
            aging_address(on=on, currency=currency),
        )
        for currency, tie in ties.items()
        if currency in totals or tie.difference
    ]
    books.sort(
        key=lambda book: (book.currency != entity.currency, -_whole_units(book.row), book.currency)
    )
    return books, [book.currency for book in books if book.tie.difference]


def _whole_units(row: AgingRow) -> int:
    return row.owed // 10 ** exponent(row.currency)


def _kept(asked: str, entity: Entity, count: Callable[[], Found]) -> Found:
    """What was counted, kept until the books change: its name holds the ledger's newest seal."""
    return cache.get_or_set(f"overview:{entity.pk}:{asked}:{known_sequence()}", count, KEPT_SECONDS)


@page()
def months_part(request: HttpRequest, currency: str) -> HttpResponse:
    """The part that draws the last twelve month ends; asked for after the page stands."""
    entity = entity_of(request)
    on = today(entity)
    exponent(currency)
    scope = Scope(entity_id=entity.pk, currency=currency)

    def total(day: date) -> AgingRow | None:
        def count() -> dict[str, AgingRow]:
            return totals_of(aging_sums(on=day, chosen=DUE, scope=scope, by="none"))

        return _kept(f"month:{day}:{currency}", entity, count).get(currency)

    with one_state():
        months = [
            Month(day, total(day), aging_address(on=day, currency=currency))
            for day in month_ends(until=on)
        ]
    told = told_months(months, names=DUE.names, currency=currency, today=on)
    return render(request, "web/parts/months.html", told)


@page()
def late(request: HttpRequest, currency: str) -> HttpResponse:
    """The part that lists the customers of whom most is overdue."""
    entity = entity_of(request)
    on = today(entity)
    exponent(currency)

    def count() -> tuple[list[AgingRow], int, int]:
        scope = Scope(entity_id=entity.pk, currency=currency)
        sums = aging_sums(on=on, chosen=DUE, scope=scope)
        rows = largest_of(
            sums, by="customer", currency=currency, limit=LATE_CUSTOMERS, is_overdue=True
        )
        late_sums = [sum(cells[1:-1]) for cells in sums.values() if any(cells[1:-1])]
        return rows, len(late_sums), sum(late_sums)

    with one_state():
        rows, number, overdue = _kept(f"late:{on}:{currency}", entity, count)
    whose = [{"on": on, "currency": currency, "customer_id": row.customer_id or 0} for row in rows]
    told = {
        "rows": [
            (row, overdue_address(**one), items_address(**one, side="owed"))
            for row, one in zip(rows, whose, strict=True)
        ],
        "others": number - len(rows),
        "others_minor": overdue - sum(row.overdue for row in rows),
        "overdue": overdue,
        "overdue_address": overdue_address(on=on, currency=currency),
        "currency": currency,
        "aging_address": aging_address(on=on, currency=currency),
    }
    return render(request, "web/parts/late.html", told)


urlpatterns = [
    path("", overview, name="overview"),
    path("overview/months/<str:currency>/", months_part, name="overview_months"),
    path("overview/late/<str:currency>/", late, name="overview_late"),
]
