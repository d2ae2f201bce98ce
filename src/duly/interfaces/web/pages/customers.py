"""Customers: found as one types, narrowed and ordered by the address, a page at a time."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, all_pages, amount, file_addresses, file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.links import LATE, address, items_address
from duly.interfaces.web.numbers import number_in
from duly.kernel.currencies import exponent
from duly.kernel.errors import Malformed
from duly.ledger.queries import known_sequence
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names, customer_count
from duly.parties.queries.finding import (
    CustomerFilter,
    collectors_in_use,
    countries_in_use,
    segments_in_use,
)
from duly.receivables.models import Document
from duly.receivables.queries import (
    AgingRow,
    CustomerLine,
    Owing,
    Place,
    balance_currencies,
    customers_page,
    find_numbers,
)

PAGE_SIZE = 30
NUMBERS = 3
LONGEST = 120
ORDERS = {"name": "by name", "overdue": "most overdue first", "owed": "most owed first"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the list. `after` is the place of the last row seen."""

    wanted: CustomerFilter
    currency: str
    is_overdue: bool
    order: str
    after: Place | None

    @property
    def is_narrowed(self) -> bool:
        """Asked for some customers only."""
        return self.wanted != CustomerFilter() or bool(self.currency) or self.is_overdue

    def address(self, **changes: Any) -> str:
        """The list with some of this changed, from its beginning unless `after` is given."""
        asked = replace(self, **{"after": None, **changes})
        told = {
            "q": asked.wanted.text,
            "segment": asked.wanted.segment,
            "collector": asked.wanted.collector,
            "country": asked.wanted.country,
            "currency": asked.currency,
            "overdue": 1 if asked.is_overdue else "",
            "order": asked.order if asked.order != "name" else "",
            "after": f"{asked.after[1]}:{asked.after[0]}" if asked.after else "",
        }
        told = {name: value for name, value in told.items() if value != ""}
        return reverse("customers") + (f"?{urlencode(told)}" if told else "")


@page()
def customers(request: HttpRequest) -> HttpResponse:
    """The list; htmx gets the part that changes with the filters."""
    entity = entity_of(request)
    asked = read_asked(request, entity)
    on = today(entity)
    lines = _read(entity, asked, on, asked.after, PAGE_SIZE + 1)
    is_more, lines = len(lines) > PAGE_SIZE, lines[:PAGE_SIZE]
    items = _opening([row for line in lines for row in line.rows], on)
    told = {
        "asked": asked,
        "on": on,
        "said": _said(asked, entity, len(lines), is_more),
        "lines": [Line(line, _figures(line, items)) for line in lines],
        "following": asked.address(after=lines[-1].place) if is_more else "",
        "first": asked.address() if asked.after else "",
        "everyone": reverse("customers"),
        "sorts": {order: _sort(asked, order) for order in ORDERS},
        "numbers": _numbers(entity.pk, asked),
        "currencies": balance_currencies(entity.pk),
        **file_addresses(request, "customers"),
        "is_part": request.htmx and not request.htmx.history_restore_request,
    }
    if not told["is_part"]:
        return render(request, "web/customers.html", told | _choices(entity.pk))
    response = render(request, "web/customers_found.html", told)
    # While someone types there is one step back, not one a letter.
    is_typing = request.htmx.trigger_name == "q"
    response.headers["HX-Replace-Url" if is_typing else "HX-Push-Url"] = asked.address(
        after=asked.after
    )
    return response


def _read(
    entity: Entity, asked: Asked, on: date, after: Place | None, limit: int
) -> list[CustomerLine]:
    return customers_page(
        entity_id=entity.pk,
        on=on,
        wanted=asked.wanted,
        owing=Owing(asked.currency, asked.is_overdue),
        order=asked.order,
        after=after,
        limit=limit,
    )


def read_asked(request: HttpRequest, entity: Entity) -> Asked:
    """Read the question out of the address. Refuses: UnknownCurrency, Malformed."""

    def text(name: str) -> str:
        return request.GET.get(name, "").strip()[:LONGEST]

    currency = text("currency").upper()
    if currency:
        exponent(currency)
    order = text("order") if text("order") in ORDERS else "name"
    if order != "name" and not currency:
        currency = entity.currency
    return Asked(
        CustomerFilter(text("q"), text("segment"), text("collector"), text("country").upper()),
        currency,
        bool(text("overdue")),
        order,
        _after(request.GET.get("after", ""), order),
    )


def _after(text: str, order: str) -> Place | None:
    """The place an address goes on from: the customer's number and what the list is ordered by."""
    if not text:
        return None
    id_, _, value = text.partition(":")
    customer_id, amount = number_in(id_, 18), number_in(value, 18)
    place = value if order == "name" else amount
    if customer_id is None or place is None:
        raise Malformed(
            "This list can't go on from there.", remedy="Open the list from its beginning."
        )
    return place, customer_id


@dataclass(frozen=True, slots=True)
class Figures:
    """What a customer owes in a currency, with the addresses that open the figures."""

    row: AgingRow
    address: str
    overdue_address: str
    unapplied_address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list."""

    line: CustomerLine
    figures: list[Figures]


def table(request: HttpRequest) -> Table:
    """Everyone who is asked for, a row a currency."""
    entity = entity_of(request)
    asked, on = read_asked(request, entity), today(entity)

    def read(after: Place | None, limit: int) -> list[CustomerLine]:
        return _read(entity, asked, on, after, limit)

    rows = (
        _cells(line, row)
        for line in all_pages(read, None, lambda line: line.place)
        for row in line.rows or [_nothing(line, asked, entity)]
    )
    texts = ["customer", "name", "country", "segment", "collector", "currency"]
    return Table(f"customers-{on}", texts, ["overdue", "owed", "unapplied", "total"], rows)


def _nothing(line: CustomerLine, asked: Asked, entity: Entity) -> AgingRow:
    """The row of a customer with nothing open."""
    one = line.customer
    currency = asked.currency or one.currency or entity.currency
    return AgingRow(one.id, one.code, one.name, currency, (), 0)


def _cells(line: CustomerLine, row: AgingRow) -> list[str]:
    one, currency = line.customer, row.currency
    figures = (row.overdue, row.owed, row.unapplied, row.total)
    told = [one.code, one.name, one.country, one.segment, one.collector, currency]
    return [*told, *(amount(minor, currency) for minor in figures)]


def _opening(rows: list[AgingRow], on: date) -> dict[str, str]:
    """{currency: address of its items on a day}, a customer put behind it."""
    return {row.currency: items_address(on=on, currency=row.currency) for row in rows}


def _figures(line: CustomerLine, items: dict[str, str]) -> list[Figures]:
    found = []
    for row in line.rows:
        listed = f"{items[row.currency]}&customer={line.customer.id}"
        found.append(Figures(row, listed, f"{listed}{LATE}", f"{listed}&unapplied=1"))
    return found


@dataclass(frozen=True, slots=True)
class Sort:
    """A heading by which the list can be ordered."""

    address: str
    is_here: bool


def _sort(asked: Asked, order: str) -> Sort:
    return Sort(asked.address(order=order), asked.order == order)


def _said(asked: Asked, entity: Entity, number: int, is_more: bool) -> str:
    """What is listed, in a sentence."""
    wanted = asked.wanted
    which = [
        f"found by “{wanted.text}”" if wanted.text else "",
        f"in {wanted.country}" if wanted.country else "",
        f"of segment {wanted.segment}" if wanted.segment else "",
        f"of {wanted.collector}" if wanted.collector else "",
    ]
    if asked.is_overdue:
        which.append(f"overdue in {asked.currency}" if asked.currency else "overdue")
    elif asked.currency:
        which.append(f"with something open in {asked.currency}")
    if not asked.is_narrowed:
        number = _count_all(entity.pk)
    elif is_more or asked.after:
        number = 0
    count = f"{number:,} customer{'' if number == 1 else 's'}" if number else "Customers"
    if asked.is_narrowed and not number and not is_more and not asked.after:
        count = "No customer"
    return " ".join([count, *filter(None, which)]) + f", {ORDERS[asked.order]}."


def _count_all(entity_id: int) -> int:
    """How many customers there are, kept until the books change."""
    name = f"customers:{entity_id}:{known_sequence()}"
    return cache.get_or_set(name, lambda: customer_count(entity_id), 24 * 3600)


def _choices(entity_id: int) -> dict[str, list[str]]:
    """What the filters offer: only what customers have."""
    return {
        "segments": segments_in_use(entity_id),
        "collectors": collectors_in_use(entity_id),
        "countries": countries_in_use(entity_id),
    }


def _numbers(entity_id: int, asked: Asked) -> list[tuple[Document, str, str]]:
    """(document, its customer's name, address) of the documents whose number the text begins."""
    if not asked.wanted.text or asked.after:
        return []
    # Numbers are kept as printed, mostly in capitals; people type them as they come.
    found = {
        row.pk: row
        for spelling in dict.fromkeys((asked.wanted.text, asked.wanted.text.upper()))
        for row in find_numbers(entity_id=entity_id, text=spelling, limit=NUMBERS)
    }
    rows = list(found.values())[:NUMBERS]
    names = codes_and_names({row.customer_id for row in rows})
    return [(row, names[row.customer_id][1], address("document", row.pk)) for row in rows]


urlpatterns = [
    path("customers/", customers, name="customers"),
    *file_patterns("customers/customers", "customers", table),
]
