"""The items behind a figure: every list adds up to the number that was clicked."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.interfaces.web.current import entities_of
from duly.interfaces.web.exporting import Table, amount, file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in, page_in
from duly.interfaces.web.pages.aging.asked import Asked, read_asked
from duly.interfaces.web.pages.aging.counting import kept, part_of_book
from duly.interfaces.web.pages.aging.views import dates
from duly.receivables.queries import (
    AgingRow,
    Counted,
    ItemRow,
    Scope,
    count_open,
    open_items,
)
from duly.receivables.rules.aging import BucketsUnclear
from duly.storage.reading import one_state

PAGE_SIZE = 100
SIDES = ("owed", "unapplied")
HEADINGS = {
    "all": "Open items",
    "owed": "Open invoices",
    "unapplied": "Credit notes and money not applied",
    "overdue": "Overdue items",
    "current": "Items not yet due",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """Which number was opened: the question, and the bucket or the side (see `open_items`)."""

    asked: Asked
    bucket: int | None
    side: str

    @property
    def what(self) -> dict[str, Any]:
        """The question as the reads take it."""
        asked = self.asked
        return {
            "on": asked.on,
            "chosen": asked.chosen,
            "scope": Scope(
                entity_id=asked.entity_id,
                currency=asked.currency,
                customer_id=asked.customer_id,
                parent_id=asked.parent_id,
            ),
            "bucket": self.bucket,
            "side": self.side,
            "known": asked.known,
        }

    @property
    def name(self) -> str:
        """A name of it: "all", "owed", "unapplied", "overdue", or the bucket's own name."""
        if self.bucket is None:
            return self.side or "all"
        if self.asked.basis == "due" and self.asked.chosen.last_days == (0,) and self.bucket == 1:
            return "overdue"
        return self.asked.chosen.names[self.bucket]

    @property
    def heading(self) -> str:
        """What the page is called."""
        if self.name in HEADINGS:
            return HEADINGS[self.name]
        if self.name.startswith("over-"):
            days = f"over {self.name.removeprefix('over-')}"
        else:
            days = self.name.replace("-", "–")
        return f"Items {days} days {'late' if self.asked.basis == 'due' else 'old'}"

    def of(self, row: AgingRow) -> int:
        """The number itself, in a row of the aging."""
        if self.bucket is not None:
            return row.amounts[self.bucket]
        return {"": row.total, "owed": row.owed, "unapplied": row.unapplied}[self.side]

    def address(self, name: str = "items", **changes: object) -> str:
        """The list, or one of its files, with some of the question changed."""
        return self.asked.address(name, **{**self.part, "by": None, **changes})

    @property
    def part(self) -> dict[str, object]:
        """What the address says beside the question."""
        said = {"bucket": self.bucket, **{side: 1 for side in SIDES if side == self.side}}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Total:
    """A currency: the figure of the aging, and its items counted and added up one by one."""

    currency: str
    figure_minor: int
    counted: Counted
    here_minor: int  # of the rows on this page

    @property
    def difference(self) -> int:
        """Zero, or the items are not those of the figure."""
        return self.figure_minor - self.counted.total_minor


@page()
def items(request: HttpRequest) -> HttpResponse:
    """The list behind a number; `?bucket=`, `?unapplied=` and `?page=` beside the question."""
    figure = read_figure(request)
    asked, number = figure.asked, page_in(request.GET.get("page", ""))
    with one_state():
        rows = open_items(**figure.what, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
        is_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
        totals = _totals(figure, rows)
    companies = {one.pk: one.name for one in entities_of(request)}
    told: dict[str, Any] = {
        "asked": asked,
        "heading": figure.heading,
        "rows": [(row, companies[row.entity_id]) for row in rows],
        "totals": totals,
        "is_off": any(total.difference for total in totals),
        "is_paged": is_more or number > 1,
        "number": number,
        "columns_between": 5 + (not asked.currency) + asked.is_every_entity,
        **dates(asked, figure.address),
        "here": reverse("items"),
        "kept_fields": asked.parameters(on=None, by=None) | figure.part,
        "newer": figure.address(page=number - 1) if number > 1 else "",
        "following": figure.address(page=number + 1) if is_more else "",
        "aging_address": asked.address("aging"),
        "everything": asked.items_address(),
        "csv_address": figure.address("items_csv"),
        "xlsx_address": figure.address("items_xlsx"),
        "keys": [("Day before, day after", ", ."), ("Today", "T"), ("Page before, after", "P N")],
    }
    return render(request, "web/items.html", told)


def read_figure(request: HttpRequest) -> Figure:
    """Read which number is opened. Refuses: BucketsUnclear, and what the question refuses."""
    asked = read_asked(request)
    text = request.GET.get("bucket", "")
    if not text:
        return Figure(asked, None, next((side for side in SIDES if request.GET.get(side)), ""))
    bucket = number_in(text, 3)
    if bucket is None or bucket >= len(asked.chosen.names):
        raise BucketsUnclear(
            f"There is no bucket {text[:20]} here.",
            facts={"bucket": text[:20], "buckets": list(asked.chosen.names)},
            remedy="Open the figure again from the aging.",
        )
    return Figure(asked, bucket, "")


def _totals(figure: Figure, rows: list[ItemRow]) -> list[Total]:
    """Each currency's figure, counted apart from its items: from the aging, and one by one."""
    asked = figure.asked
    counted_apart = part_of_book(asked)
    counted = kept(f"items:{figure.what}", lambda: count_open(**figure.what))
    here: dict[str, int] = {}
    for row in rows:
        here[row.currency] = here.get(row.currency, 0) + row.open_minor
    totals = []
    for currency in sorted(counted_apart.keys() | counted.keys()):
        row_then = counted_apart.get(currency)
        minor = figure.of(row_then) if row_then else 0
        one_by_one = counted.get(currency, Counted(0, 0))
        if asked.currency in (None, currency) and (minor or one_by_one.number):
            totals.append(Total(currency, minor, one_by_one, here.get(currency, 0)))
    return totals


def table(request: HttpRequest) -> Table:
    """The whole list."""
    figure = read_figure(request)
    rows = open_items(**figure.what, limit=None)
    name = f"items-{figure.asked.on.isoformat()}-{figure.name}"
    texts = ["number", "part", "kind", "customer", "name", "currency", "issued_on", "due_on"]
    texts, figures = [*texts, "state"], ["days_past_due", "amount", "open"]
    if not figure.asked.is_every_entity:
        return Table(name, texts, figures, map(_cells, rows))
    companies = {one.pk: one.name for one in entities_of(request)}
    lines = ([companies[row.entity_id], *_cells(row)] for row in rows)
    return Table(name, ["company", *texts], figures, lines)


def _cells(row: ItemRow) -> list[str]:
    is_owed = row.kind in ("invoice", "debit_note", "charge")
    return [
        row.number,
        str(row.instalment),
        row.kind,
        row.customer_code or "",
        row.customer_name or "Payer not known",
        row.currency,
        row.issued_on.isoformat(),
        row.due_on.isoformat() if is_owed else "",
        row.state,
        str(row.days_past_due) if is_owed else "",
        amount(row.amount_minor, row.currency),
        amount(row.open_minor, row.currency),
    ]


urlpatterns = [
    path("items/", items, name="items"),
    *file_patterns("items/items", "items", table),
]
