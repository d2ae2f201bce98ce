"""The rates of cash application over a window, and the payments behind each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.cash_application.queries.rates import rates_between, received_between
from duly.cash_application.rules.rates import TOUCHED, UNTOUCHED, WAITS, Received, Share
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, amount, file_addresses, file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in
from duly.receivables.queries import numbers_of_payments

PAGE_SIZE = 100
REVERSED = "reversed"
WHAT = {
    "": "All that is counted",
    UNTOUCHED: "Applied by itself",
    TOUCHED: "Applied by people",
    WAITS: "Not applied yet",
    REVERSED: "Applied by itself, taken back later",
}


@dataclass(frozen=True, slots=True)
class Window:
    """Days over which is counted."""

    name: str
    first: date
    last: date

    @property
    def label(self) -> str:
        """How it is called."""
        return {"month": "This month", "90": "90 days"}[self.name]


def window_of(request: HttpRequest) -> Window:
    """The window asked for: this month, or the last 90 days."""
    on = today(entity_of(request))
    if request.GET.get("window") == "90":
        return Window("90", on - timedelta(days=89), on)
    return Window("month", on.replace(day=1), on)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it is shown: its share, in which units, and what opens its parts."""

    label: str
    says: str
    share: Share
    currency: str
    part_address: str
    whole_address: str


def _rates(request: HttpRequest) -> list[Rate]:
    window = window_of(request)
    told = rates_between(entity_id=entity_of(request).pk, first=window.first, last=window.last)

    def rows(what: str = "", currency: str = "") -> str:
        asked = f"?window={window.name}&what={what}"
        return reverse("cash_rates_rows") + asked + (f"&currency={currency}" if currency else "")

    found = [
        Rate("By payment", "payments untouched", told.payments, "", rows(UNTOUCHED), rows()),
        Rate("By line", "lines untouched", told.lines, "", rows(UNTOUCHED), rows()),
    ]
    found += [
        Rate(f"By value, {currency}", "money untouched", share, currency,
             rows(UNTOUCHED, currency), rows("", currency))
        for currency, share in sorted(told.value.items())
    ]  # fmt: skip
    label, says = "Reversed later", "of what was applied by itself"
    found.append(Rate(label, says, told.reversed, "", rows(REVERSED), rows(UNTOUCHED)))
    return found


@page()
def rates(request: HttpRequest) -> HttpResponse:
    """The page."""
    told = {"window": window_of(request), "rates": _rates(request)}
    return render(request, "web/cash_rates.html", told)


@page()
def strip(request: HttpRequest) -> HttpResponse:
    """The rates of this month in short, for the page of the lines."""
    return render(request, "web/cash_rates_strip.html", {"rates": _rates(request)})


def _rows(request: HttpRequest) -> list[Received]:
    window, what = window_of(request), request.GET.get("what", "")
    currency = request.GET.get("currency", "")[:3].upper()
    return [
        row
        for row in received_between(
            entity_id=entity_of(request).pk, first=window.first, last=window.last
        )
        if currency in ("", row.currency)
        and (what not in WHAT or what in ("", row.by) or (what == REVERSED and row.is_reversed))
    ]


@page()
def rows(request: HttpRequest) -> HttpResponse:
    """The payments behind a rate."""
    found, number = _rows(request), page_in(request.GET.get("page", ""))
    first = (number - 1) * PAGE_SIZE
    some = found[first : first + PAGE_SIZE]
    numbers = numbers_of_payments({row.payment_id for row in some})
    query = request.GET.copy()
    query.pop("page", None)
    narrow = query.urlencode()
    told: dict[str, Any] = {
        "window": window_of(request),
        "what": WHAT.get(request.GET.get("what", ""), WHAT[""]),
        "words": WHAT,
        "rows": [(row, numbers.get(row.payment_id, ""), WHAT[row.by]) for row in some],
        "count": len(found),
        "newer": f"?{narrow}&page={number - 1}" if number > 1 else "",
        "following": f"?{narrow}&page={number + 1}" if first + PAGE_SIZE < len(found) else "",
        **file_addresses(request, "cash_rates_rows"),
    }
    return render(request, "web/cash_rates_rows.html", told)


def table(request: HttpRequest) -> Table:
    """All payments behind a rate."""
    found = _rows(request)
    numbers = numbers_of_payments({row.payment_id for row in found})
    cells = (
        [
            numbers.get(row.payment_id, ""),
            row.by,
            "yes" if row.is_reversed else "",
            row.currency,
            str(row.lines),
            amount(row.amount_minor, row.currency),
            amount(row.untouched_minor, row.currency),
        ]
        for row in found
    )
    return Table(
        "cash-rates",
        ["payment", "by", "reversed", "currency"],
        ["lines", "amount", "untouched"],
        cells,
    )


urlpatterns = [
    path("cash/rates/", rates, name="cash_rates"),
    path("cash/rates/strip/", strip, name="cash_rates_strip"),
    path("cash/rates/rows/", rows, name="cash_rates_rows"),
    *file_patterns("cash/rates/rows", "cash_rates_rows", table),
]
