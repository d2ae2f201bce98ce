"""The calendar: what is missed, open or ahead, the earliest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from duly.collections.queries.clocks import clocks
from duly.credit.queries.clocks import AHEAD_DAYS
from duly.credit.rules.clocks import SECURITIES, Clock
from duly.interfaces.exchange.securing import CLOCK_COLUMNS, clock_rows, clocks_document
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, file_addresses
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in
from duly.parties.queries import codes_and_names

PAGE_SIZE = 50
MISSED, OPEN, AHEAD = "missed", "open", "ahead"
KINDS = {
    "": ("All", ()),
    "reviews": ("Reviews", ("review",)),
    "insurance": ("Insurance", ("notify", "extend", "insured_limit", "policy", "declaration")),
    "securities": ("Securities", tuple(SECURITIES)),
    "laws": ("Law", ("limitation", "preference")),
    "others": ("Limits and documents", ("limit", "deadline", "consent")),
}


class Shown(NamedTuple):
    """A state as a badge."""

    tone: str
    icon: str
    label: str


STATES = {
    MISSED: Shown("bad", "clock-alert", "Missed"),
    OPEN: Shown("act", "calendar-clock", "To do"),
    AHEAD: Shown("", "calendar", "Ahead"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A clock as a row."""

    clock: Clock
    code: str
    name: str
    on: date

    @property
    def state(self) -> str:
        """Missed, open or ahead."""
        return self.clock.state(self.on)

    @property
    def shown(self) -> Shown:
        """Its state as a badge."""
        return STATES[self.state]

    @property
    def days(self) -> int:
        """How many days are left; negative where it is missed."""
        return (self.clock.due_on - self.on).days

    @property
    def address(self) -> str:
        """Where it is seen to: the review, or the clock's own page."""
        if self.clock.kind == "review" and self.clock.about:
            return reverse("credit_review", args=[self.clock.about])
        if self.clock.kind == "review":
            return reverse("customer_credit", args=[self.clock.customer_id])
        return f"{reverse('credit_clock')}?{urlencode({'clock': self.clock.key})}"


class Stake(NamedTuple):
    """The money at stake in a currency: missed, to do now, ahead."""

    currency: str
    missed_minor: int
    open_minor: int
    ahead_minor: int


def rows_of(found: Sequence[Clock], on: date) -> list[Row]:
    """Clocks as rows, with the names of their customers."""
    names = codes_and_names({one.customer_id for one in found if one.customer_id})
    return [Row(one, *names.get(one.customer_id, ("", "")), on) for one in found]


def stakes_of(found: Sequence[Clock], on: date) -> list[Stake]:
    """The money at stake, by currency."""
    by: dict[str, dict[str, int]] = {}
    for one in found:
        if one.at_stake_minor and one.currency:
            sums = by.setdefault(one.currency, dict.fromkeys(STATES, 0))
            sums[one.state(on)] += one.at_stake_minor
    return [Stake(code, *(sums[name] for name in STATES)) for code, sums in sorted(by.items())]


@page()
def calendar(request: HttpRequest) -> HttpResponse:
    """The list; `?kind=`, `?page=`."""
    entity = entity_of(request)
    on, number, kind = today(entity), page_in(request.GET.get("page", "")), _kind(request)
    every = clocks(entity.pk, on)
    found = [one for one in every if _fits(one, kind)]
    here = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    told: dict[str, Any] = {
        "on": on,
        "rows": rows_of(here, on),
        "kind": kind,
        "ahead_days": AHEAD_DAYS,
        "stakes": stakes_of(found, on),
        "tabs": [
            (label, _address(name), name == kind, _waiting(every, name, on))
            for name, (label, _) in KINDS.items()
        ],
        "newer": _address(kind, number - 1) if number > 1 else "",
        "following": _address(kind, number + 1) if len(found) > number * PAGE_SIZE else "",
        "keys": [("Page before, after", "P N")],
        "here": "credit_reviews",
        **file_addresses(request, "credit_reviews"),
    }
    return render(request, "web/credit/reviews.html", told)


def table(request: HttpRequest) -> Table:
    """The whole list as it is asked for."""
    entity, kind = entity_of(request), _kind(request)
    on = today(entity)
    found = [one for one in clocks(entity.pk, on) if _fits(one, kind)]
    rows = clock_rows(clocks_document(found, on))
    place = CLOCK_COLUMNS.index("at_stake")
    return Table(
        f"clocks-{on}",
        [name for name in CLOCK_COLUMNS if name != "at_stake"],
        ["at_stake"],
        ([*row[:place], *row[place + 1 :], row[place]] for row in rows),
    )


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in KINDS else ""


def _fits(one: Clock, kind: str) -> bool:
    return not kind or one.kind in KINDS[kind][1]


def _waiting(every: Sequence[Clock], kind: str, on: date) -> int:
    """How many of a kind are missed or to do."""
    return sum(_fits(one, kind) and one.state(on) != AHEAD for one in every)


def _address(kind: str, page_number: int = 1) -> str:
    told = {"kind": kind, "page": page_number if page_number > 1 else ""}
    told = {name: value for name, value in told.items() if value}
    return reverse("credit_reviews") + (f"?{urlencode(told)}" if told else "")
