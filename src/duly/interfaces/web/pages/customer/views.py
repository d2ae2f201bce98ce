"""The views of a customer."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.interfaces.exchange.collecting import ProtectedParts, protected_parts
from duly.interfaces.web.current import customer_of, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.links import items_address, overdue_address
from duly.interfaces.web.pages.customer.happenings import (
    SORTS,
    Page,
    read_page,
    read_position,
)
from duly.interfaces.web.pages.customer.master_data import (
    Record,
    terms_in_words,
    told_changes,
    told_fields,
)
from duly.interfaces.web.pages.desk.worklist import KEYS, detail_of
from duly.kernel.dates import parse_iso_date
from duly.parties.models import Customer
from duly.parties.queries import CustomerRow, children_of, ids_under
from duly.receivables.queries import (
    AgingRow,
    ItemRow,
    Scope,
    aging,
    balances_of,
    customers_with_history,
    open_items,
    owed_by,
    waiting_payments,
)
from duly.receivables.rules.aging import DUE

SHOWN_ITEMS = 25
SHOWN_CHILDREN = 20
SHOWN_CHANGES = 12
LABELS = {
    "": "All",
    "said": "Collecting",
    "invoices": "Invoices",
    "money": "Money",
    "changes": "Master data",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks: which customer, as of which day, in which currency."""

    customer: Customer
    today: date
    on: date
    currency: str
    show: str

    def address(self, name: str = "customer", **changes: object) -> str:
        """The page (or a part of it) that asks the same, with some of it changed."""
        told: dict[str, object] = {
            "on": self.on.isoformat() if self.on != self.today else "",
            "currency": self.currency,
            "show": self.show,
            **changes,
        }
        told = {key: value for key, value in told.items() if value}
        here = reverse(name, args=[self.customer.pk])
        return f"{here}?{urlencode(told)}" if told else here


@dataclass(frozen=True, slots=True)
class Book:
    """What is open with the customer in one currency, with the addresses of its figures."""

    row: AgingRow
    address: str  # this page in this currency
    items: str
    overdue: str
    unapplied: str

    @property
    def held(self) -> int:
        """What is theirs: credit notes and money that nothing was owed against."""
        return -self.row.total


@page()
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The page: balances, open items, kin, master data, timeline."""
    asked = _read(request, customer_id)
    record = Record(asked.customer)
    books = _books(asked)
    lead = next((book for book in books if book.row.currency == asked.currency), None)
    lead = lead or (books[0] if books else None)
    items = _items(asked, lead) if lead else None
    told: dict[str, Any] = {
        "asked": asked,
        "customer": asked.customer,
        "terms": terms_in_words(asked.customer.terms or asked.customer.entity.terms),
        "books": books,
        "lead": lead,
        "late_too": [book.row.currency for book in books if book is not lead and book.row.overdue],
        "bucket_names": DUE.names,
        "items": items,
        "waiting_minor": _waiting(asked, lead, items),
        "oldest_money": _oldest_money(asked, lead),
        "group": _group(asked),
        "contacts": record.contacts,
        "fields": told_fields(record),
        "changes": [(one, told_changes(one, record)) for one in record.changes[:SHOWN_CHANGES]],
        "more_changes": max(len(record.changes) - SHOWN_CHANGES, 0),
        "all_changes": asked.address(show="changes") + "#what-happened",
        "has_history": lead is not None or bool(customers_with_history([asked.customer.pk])),
        **_timeline(request, asked, record, lead.row.currency if lead else ""),
        **_days(asked),
    }
    if asked.on == asked.today:
        told |= detail_of(request, customer_id, lead.row.currency if lead else "")
        told["keys"] = KEYS
    return render(request, "web/customer.html", told)


@page()
def collecting(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The part that says what comes next and why, after something was done."""
    told = detail_of(request, customer_id, request.GET.get("currency", "")[:3].upper())
    return render(request, "web/customer_collecting.html", told)


@page()
def customer_timeline(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The timeline alone: another sort of things, or earlier ones."""
    asked = _read(request, customer_id)
    told = _timeline(request, asked, Record(asked.customer), asked.currency)
    name = "entries" if request.GET.get("before") else "timeline"
    return render(request, f"web/customer_{name}.html", {"asked": asked, **told})


def _read(request: HttpRequest, customer_id: int) -> Asked:
    """Read the question. Refuses: CustomerUnknown, InvalidDate."""
    found = customer_of(request, customer_id)
    now_on = today(found.entity)
    on, show = request.GET.get("on", "").strip(), request.GET.get("show", "")
    return Asked(
        found,
        now_on,
        parse_iso_date(on) if on else now_on,
        request.GET.get("currency", "")[:3].upper(),
        show if show in SORTS else "",
    )


def _books(asked: Asked) -> list[Book]:
    """A book a currency: what is owed before what is held, the customer's own currency first."""
    one = asked.customer
    if asked.on == asked.today:
        rows = owed_by(entity_id=one.entity_id, customer_ids=[one.pk], on=asked.on)[one.pk]
    else:
        rows = aging(on=asked.on, scope=Scope(entity_id=one.entity_id, customer_id=one.pk)).rows
    own = (one.currency, one.entity.currency)
    books = []
    for row in sorted(rows, key=lambda row: (not row.owed, row.currency not in own, row.currency)):
        listed = items_address(on=asked.on, currency=row.currency, customer_id=one.pk)
        late = overdue_address(on=asked.on, currency=row.currency, customer_id=one.pk)
        here = asked.address(currency=row.currency)
        books.append(Book(row, here, listed, late, f"{listed}&unapplied=1"))
    return books


@dataclass(frozen=True, slots=True)
class OpenItems:
    """The oldest open items of a currency, and what all of them come to."""

    rows: list[ItemRow]
    is_cut: bool  # there are younger ones
    total_minor: int
    parts: ProtectedParts  # of them in dispute and promised

    @property
    def told(self) -> list[tuple[ItemRow, int, int]]:
        """(item, what of it is in dispute, what is promised)."""
        return [
            (
                row,
                min(self.parts.disputed.get((row.id, row.instalment), 0), abs(row.open_minor)),
                min(self.parts.promised.get((row.id, row.instalment), 0), abs(row.open_minor)),
            )
            for row in self.rows
        ]

    @property
    def others_minor(self) -> int:
        """What those that are not listed add up to."""
        return self.total_minor - sum(row.open_minor for row in self.rows)

    @property
    def oldest_days(self) -> int:
        """For how many days the oldest invoice is overdue; 0 where none is."""
        return max((row.days_past_due for row in self.rows if row.state == "overdue"), default=0)

    @property
    def next_due(self) -> ItemRow | None:
        """The invoice that is due next."""
        due = [row for row in self.rows if row.state in ("open", "partly_paid")]
        return min(due, key=lambda row: row.due_on, default=None)


def _items(asked: Asked, lead: Book) -> OpenItems:
    one, row = asked.customer, lead.row
    scope = Scope(entity_id=one.entity_id, customer_id=one.pk, currency=row.currency)
    rows = open_items(on=asked.on, chosen=DUE, scope=scope, limit=SHOWN_ITEMS + 1)
    parts = ProtectedParts({}, {})
    if asked.on == asked.today:
        parts = protected_parts(one.entity, asked.on, one.pk)
    return OpenItems(rows[:SHOWN_ITEMS], len(rows) > SHOWN_ITEMS, row.total, parts)


def _waiting(asked: Asked, lead: Book | None, items: OpenItems | None) -> int:
    """Money of the customer that is not applied today; credit notes are no money."""
    if lead is None or items is None or asked.on != asked.today or not lead.row.unapplied:
        return 0
    if not items.is_cut:
        return -sum(row.open_minor for row in items.rows if row.kind == "payment")
    rows = balances_of([asked.customer.pk])[asked.customer.pk]
    return -sum(row.unapplied_minor for row in rows if row.currency == lead.row.currency)


def _oldest_money(asked: Asked, lead: Book | None) -> tuple[int, int] | None:
    """(payment, days it waits) of the oldest money of theirs that is not applied today."""
    if lead is None or asked.on != asked.today or not lead.row.unapplied:
        return None
    rows = waiting_payments(asked.customer.entity_id, on=asked.today, customer_id=asked.customer.pk)
    first = next((row for row in rows if row.currency == lead.row.currency), None)
    return (first.id, (asked.today - first.received_on).days) if first else None


@dataclass(frozen=True, slots=True)
class Group:
    """The hierarchy around a customer: who is above, who is right below, what all owe."""

    parent: Customer | None
    children: list[tuple[CustomerRow, list[AgingRow]]]
    others: int
    size: int
    totals: list[tuple[str, int, int]]  # currency, overdue, net


def _group(asked: Asked) -> Group | None:
    one = asked.customer
    children = children_of(one.pk, limit=SHOWN_CHILDREN + 1)
    if not one.parent_id and not children:
        return None
    ids = ids_under(one.pk) if children else []
    owed = owed_by(entity_id=one.entity_id, customer_ids=ids, on=asked.today)
    totals: dict[str, list[int]] = {}
    for rows in owed.values():
        for row in rows:
            sums = totals.setdefault(row.currency, [0, 0])
            sums[0] += row.overdue
            sums[1] += row.total
    shown = children[:SHOWN_CHILDREN]
    return Group(
        one.parent,
        [(child, owed[child.id]) for child in shown],
        len(children) - len(shown),
        len(ids),
        [(currency, late, net) for currency, (late, net) in sorted(totals.items())],
    )


def _timeline(
    request: HttpRequest, asked: Asked, record: Record, lead_currency: str
) -> dict[str, Any]:
    found: Page = read_page(
        record,
        zone=ZoneInfo(asked.customer.entity.timezone),
        until=asked.on,
        before=read_position(request.GET.get("before", "")),
        show=asked.show,
    )
    more = {"before": found.earlier} if found.earlier else {}
    part = {"currency": lead_currency}
    return {
        "timeline_part": asked.address("customer_timeline", **part),
        "lead_currency": lead_currency or asked.customer.currency or asked.customer.entity.currency,
        "happened": found,
        "earlier": asked.address(**more) + "#what-happened" if more else "",
        "earlier_part": asked.address("customer_timeline", **part, **more) if more else "",
        "sorts": [
            (
                label,
                asked.address(show=show) + "#what-happened",
                asked.address("customer_timeline", **part, show=show),
                show == asked.show,
            )
            for show, label in LABELS.items()
        ],
        "is_later_page": bool(request.GET.get("before")),
    }


def _days(asked: Asked) -> dict[str, Any]:
    """What the date control asks for: the days beside this one."""
    day = timedelta(days=1)
    return {
        "before": asked.address(on=(asked.on - day).isoformat()),
        "behind": asked.address(on=(asked.on + day).isoformat()),
        "back_to_today": asked.address(on=""),
        "here": reverse("customer", args=[asked.customer.pk]),
        "kept_fields": {
            name: value
            for name, value in (("currency", asked.currency), ("show", asked.show))
            if value
        },
    }


urlpatterns = [
    path("customers/<int:customer_id>/", customer, name="customer"),
    path("customers/<int:customer_id>/collecting/", collecting, name="collecting"),
    path("customers/<int:customer_id>/timeline/", customer_timeline, name="customer_timeline"),
]
