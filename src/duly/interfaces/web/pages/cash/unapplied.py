"""Unapplied cash, which can't hide: all of it by age, and apart what is set aside, with its why."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.access.rules.roles import may
from duly.cash_application.queries.waiting import queue
from duly.cash_application.rules.queue import AGE_NAMES, ASIDE, Queued, age_of, aged
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, amount, file_addresses, file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in, page_in, pages_beside
from duly.interfaces.web.pages.cash.asked import LONGEST_ID, OUTCOMES, STATE_WORDS
from duly.parties.queries import codes_and_names

PAGE_SIZE = 100


class Shown(NamedTuple):
    """A payment of the list, with whose it is and for how long it waits."""

    row: Queued
    code: str
    customer: str
    days: int

    @property
    def says(self) -> str:
        """What keeps it from being applied, in words."""
        if self.row.state == ASIDE:
            return self.row.why
        if self.row.state == "kept":
            return STATE_WORDS["kept"]
        return OUTCOMES.get(self.row.outcome, self.row.outcome)

    def cells(self) -> list[str]:
        """The row in a file."""
        row = self.row
        return [
            row.number,
            row.received_on.isoformat(),
            row.name or row.number,
            self.code,
            self.customer,
            row.state,
            self.says,
            str(self.days),
            row.currency,
            amount(row.amount_minor, row.currency),
            amount(row.unapplied_minor, row.currency),
        ]


def _rows(request: HttpRequest) -> tuple[list[Queued], list[Queued]]:
    """What is asked for: (not applied, of it in the age asked for)."""
    entity = entity_of(request)
    on, told = today(entity), request.GET
    found = queue(
        entity_id=entity.pk,
        on=on,
        customer_id=number_in(told.get("customer", ""), LONGEST_ID),
    )
    currency, age = told.get("currency", "")[:3].upper(), number_in(told.get("bucket", ""), 1)
    shown = [
        row
        for row in found
        if currency in ("", row.currency) and age in (None, age_of(row.received_on, on))
    ]
    return found, shown


def _named(request: HttpRequest, rows: list[Queued]) -> list[Shown]:
    on = today(entity_of(request))
    names = codes_and_names({row.customer_id for row in rows if row.customer_id})
    return [
        Shown(row, *names.get(row.customer_id or 0, ("", "")), (on - row.received_on).days)
        for row in rows
    ]


@page()
def unapplied(request: HttpRequest) -> HttpResponse:
    """The list, the oldest first."""
    found, shown = _rows(request)
    on, number = today(entity_of(request)), page_in(request.GET.get("page", ""))
    first = (number - 1) * PAGE_SIZE
    waiting = [row for row in shown if row.state != ASIDE]
    query = request.GET.copy()
    query.pop("page", None)
    narrow = query.urlencode()
    told: dict[str, Any] = {
        "on": on,
        "sums": aged((row for row in found if row.state != ASIDE), on),
        "age_names": AGE_NAMES,
        "rows": _named(request, waiting[first : first + PAGE_SIZE]),
        "count": len(waiting),
        "aside": _named(request, [row for row in shown if row.state == ASIDE][:PAGE_SIZE]),
        "is_narrow": bool(narrow),
        **pages_beside(narrow, number, is_more=first + PAGE_SIZE < len(waiting)),
        "may_apply": may(request.user.role, "apply"),
        **file_addresses(request, "cash_unapplied"),
    }
    return render(request, "web/cash_unapplied.html", told)


def table(request: HttpRequest) -> Table:
    """All of it, with what is set aside."""
    texts = ["payment", "received_on", "payer", "customer", "name", "state", "why", "days"]
    rows = (one.cells() for one in _named(request, _rows(request)[1]))
    return Table("unapplied-cash", [*texts, "currency"], ["amount", "not_applied"], rows)


urlpatterns = [
    path("cash/unapplied/", unapplied, name="cash_unapplied"),
    *file_patterns("cash/unapplied", "cash_unapplied", table),
]
