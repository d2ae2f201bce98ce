"""Root causes: which reasons, customers and owners disputes come from, and what they cost."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from duly.collections.queries.measures import dispute_measures
from duly.disputes.queries.economics import cases_of
from duly.disputes.rules.causes import AGES, GROUPS, Case, Cause, by_age, causes
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, amount, file_addresses
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.disputes.asked import ALL, CLOSED, OPEN, Asked, day_in
from duly.interfaces.web.templatetags.show import percent_of
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names

WINDOW = timedelta(days=90)
MOST = 25  # causes drawn; the file has all


@dataclass(frozen=True, slots=True)
class Wanted:
    """The question: causes of which sort, in which currency, opened in which window."""

    entity: Entity
    by: str
    currency: str
    first: date
    last: date
    every: list[Case]  # of the entity, whatever is asked

    @property
    def cases(self) -> list[Case]:
        """What was opened in the window in this currency."""
        return [
            case
            for case in self.every
            if case.currency == self.currency and self.first <= case.opened_on <= self.last
        ]

    def address(self, **changes: Any) -> str:
        """This page with some of the question changed."""
        asked = replace(self, **changes)
        told = {"by": asked.by, "currency": asked.currency, "from": asked.first, "to": asked.last}
        query = "&".join(f"{name}={value}" for name, value in told.items())
        return f"{reverse('dispute_causes')}?{query}"

    def rows(self, key: str, state: str = ALL) -> str:
        """The disputes behind a cause."""
        narrow: Any = {"customer_id": int(key)} if self.by == "customer" else {self.by: key}
        return self.all_rows(state=state, **narrow)

    def all_rows(self, **more: Any) -> str:
        """The disputes behind the page."""
        asked = Asked(ALL, currency=self.currency, first=self.first, last=self.last)
        return replace(asked, **more).address()


@dataclass(frozen=True, slots=True)
class Bar:
    """A cause as it is drawn: its name, its share of the longest bar, where its parts lead."""

    cause: Cause
    label: str
    open_width: str
    cleared_width: str
    open_address: str
    cleared_address: str
    address: str


@page()
def roots(request: HttpRequest) -> HttpResponse:
    """The page; `?by=reason`, `customer` or `owner`, `?currency=`, `?from=`, `?to=`."""
    wanted = _read(request)
    entity, on = wanted.entity, today(wanted.entity)
    cases = wanted.cases
    found = causes(cases, by=wanted.by, on=on)
    measured = {one.id: one for one in dispute_measures(entity.pk, wanted.first, wanted.last)}
    code = wanted.currency.lower()
    told: dict[str, Any] = {
        "wanted": wanted,
        "bars": _bars(wanted, found[:MOST]),
        "left": max(len(found) - MOST, 0),
        "groups": [(name, wanted.address(by=name)) for name in GROUPS],
        "currencies": [
            (one, wanted.address(currency=one))
            for one in sorted({case.currency for case in wanted.every})
        ],
        "taken_minor": sum(case.amount_minor for case in cases),
        "open_minor": sum(one.open_minor for one in found),
        "judged_minor": sum(one.judged_minor for one in found),
        "credited_minor": sum(one.credited_minor for one in found),
        "everything": wanted.all_rows(),
        "outstanding": measured.get(f"deduction_days_outstanding_{code}"),
        "recovered": measured.get(f"invalid_deductions_recovered_{code}"),
        "ages": by_age(cases, on).get(wanted.currency),
        "age_names": AGES,
        "aged": wanted.all_rows(state=OPEN),
        **file_addresses(request, "dispute_causes"),
    }
    return render(request, "web/dispute_causes.html", told)


def _bars(wanted: Wanted, found: list[Cause]) -> list[Bar]:
    longest = max([one.minor for one in found] + [1])
    names = _names(wanted, found)

    def width(minor: int) -> str:
        hundredths = minor * 10_000 // longest
        return f"{hundredths // 100}.{hundredths % 100:02d}%"

    return [
        Bar(
            one,
            names[one.key],
            width(one.open_minor),
            width(one.minor - one.open_minor),
            wanted.rows(one.key, OPEN),
            wanted.rows(one.key, CLOSED),
            wanted.rows(one.key),
        )
        for one in found
    ]


def _names(wanted: Wanted, found: list[Cause]) -> dict[str, str]:
    """{key: how it is called}."""
    if wanted.by == "customer":
        names = codes_and_names({int(one.key) for one in found})
        return {one.key: names[int(one.key)][1] for one in found}
    return {one.key: one.key.replace("_", " ").capitalize() for one in found}


def table(request: HttpRequest) -> Table:
    """Every cause."""
    wanted = _read(request)
    found = causes(wanted.cases, by=wanted.by, on=today(wanted.entity))
    names = _names(wanted, found)
    code = wanted.currency
    rows = (
        [
            names[one.key],
            code,
            str(one.taken),
            amount(one.minor, code),
            str(one.open_count),
            amount(one.open_minor, code),
            amount(one.judged_minor, code),
            amount(one.credited_minor, code),
            percent_of(one.credited_minor, one.judged_minor) if one.judged_minor else "",
            str(one.mean_days) if one.mean_days is not None else "",
        ]
        for one in found
    )
    figures = ["disputes", "amount", "open", "open_amount", "judged_amount", "credited_amount"]
    figures += ["share_credited", "days_to_clear"]
    name = f"causes-by-{wanted.by}-{wanted.first}-{wanted.last}"
    return Table(name, [wanted.by, "currency"], figures, rows)


def _read(request: HttpRequest) -> Wanted:
    """Read the question out of the address. Refuses: InvalidDate."""
    entity = entity_of(request)
    last = day_in(request.GET.get("to", "")) or today(entity)
    first = day_in(request.GET.get("from", "")) or last - WINDOW + timedelta(days=1)
    by = request.GET.get("by", "")
    every = cases_of(entity.pk)
    known = {case.currency for case in every}
    currency = request.GET.get("currency", "")[:3].upper()
    chosen = currency if currency in known else entity.currency
    kind = by if by in GROUPS else "reason"
    return Wanted(entity, kind, chosen, min(first, last), last, every)
