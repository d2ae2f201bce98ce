"""The list of disputes and deductions: those first that are expected to bring most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duly.disputes.models import ORIGINS, SHORT_PAY, Dispute
from duly.disputes.queries import disputes_of
from duly.disputes.queries.economics import cases_of, expected_of
from duly.disputes.rules.causes import AGES, Case
from duly.disputes.rules.recovering import Expected
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, amount, file_addresses, some_at_a_time
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in
from duly.interfaces.web.pages.disputes.asked import OPEN, OVERDUE, TABS, Asked, read_asked
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names, customer_by_id
from duly.parties.queries.reach import rates_on

PAGE_SIZE = 50


class Shown(NamedTuple):
    """A state as a badge."""

    tone: str
    icon: str
    label: str


STATES = {
    "": Shown("act", "message-square-warning", "To clear"),
    OVERDUE: Shown("warn", "clock-alert", "Past its day"),
    "valid": Shown("good", "circle-check", "Valid"),
    "partly": Shown("good", "circle-check", "Partly valid"),
    "invalid": Shown("bad", "undo-2", "Invalid: owed"),
    "mistake": Shown("", "circle-slash", "By mistake"),
    "dropped": Shown("", "circle-slash", "Dropped"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A dispute as a row, with what it is expected to bring while it is open."""

    dispute: Dispute
    code: str
    name: str
    expected: Expected | None
    on: date
    own: str  # the currency of what is expected

    @property
    def shown(self) -> Shown:
        """Its state."""
        is_late = not self.dispute.verdict and self.dispute.deadline_on < self.on
        return STATES[OVERDUE if is_late else self.dispute.verdict]

    @property
    def is_deduction(self) -> bool:
        """Tell whether it was taken from a payment."""
        return self.dispute.origin == SHORT_PAY

    @property
    def cells(self) -> list[str]:
        """The row in a file."""
        row, brings = self.dispute, self.expected
        return [
            str(row.pk),
            self.code,
            self.name,
            row.number,
            row.origin,
            row.reason,
            row.their_reason,
            row.owner,
            row.verdict or "open",
            row.opened_on.isoformat(),
            row.deadline_on.isoformat(),
            row.closed_on.isoformat() if row.closed_on else "",
            row.currency,
            amount(row.amount_minor, row.currency),
            amount(row.credit_minor, row.currency) if row.verdict else "",
            amount(brings.minor, self.own) if brings and brings.minor is not None else "",
        ]


class Sum(NamedTuple):
    """What the list adds up to in a currency."""

    currency: str
    disputes: int
    minor: int


@dataclass(frozen=True, slots=True)
class Found:
    """The disputes that are asked for, in their order, and what the open ones may bring."""

    cases: list[Case]
    brings: dict[int, Expected]

    @property
    def sums(self) -> list[Sum]:
        """The list added up, by currency."""
        by: dict[str, list[int]] = {}
        for case in self.cases:
            by.setdefault(case.currency, []).append(case.amount_minor)
        return [Sum(code, len(minors), sum(minors)) for code, minors in sorted(by.items())]


def find(entity: Entity, on: date, asked: Asked, every: Sequence[Case]) -> Found:
    """Those of all disputes that are asked for: the open ones by what they are expected to bring,
    behind them the cleared ones, the newest first."""
    rates = {code: rate for code, (_, rate) in rates_on(entity_id=entity.pk, on=on).items()}
    brings = expected_of(every, on=on, own=entity.currency, rates=rates)

    def place(case: Case) -> tuple[int, ...]:
        if case.id in brings:
            return (0, *brings[case.id].rank, case.id)
        return (1, -(case.closed_on or case.opened_on).toordinal(), 0, -case.id)

    cases = [case for case in every if asked.fits(case, on)]
    return Found(sorted(cases, key=place), brings)


def rows_of(entity: Entity, on: date, found: Found, cases: Sequence[Case]) -> list[Row]:
    """Some of what was found, as rows."""
    there = disputes_of([case.id for case in cases])
    names = codes_and_names({case.customer_id for case in cases})
    return [
        Row(
            there[case.id],
            *names[case.customer_id],
            found.brings.get(case.id),
            on,
            entity.currency,
        )
        for case in cases
    ]


@page()
def listing(request: HttpRequest) -> HttpResponse:
    """The list; `?state=`, `?reason=`, `?owner=`, `?origin=`, `?customer=`, `?from=`, `?to=`."""
    entity, asked = entity_of(request), read_asked(request)
    on, number = today(entity), page_in(request.GET.get("page", ""))
    every = cases_of(entity.pk)
    found = find(entity, on, asked, every)
    here = found.cases[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    told: dict[str, Any] = {
        "asked": asked,
        "on": on,
        "rows": rows_of(entity, on, found, here),
        "sums": found.sums,
        "tabs": [
            (
                label,
                asked.address(state=state),
                asked.state == state,
                _count(asked, state, every, on),
            )
            for state, label in TABS
        ],
        "reasons": sorted({case.reason for case in every}),
        "owners": sorted({case.owner for case in every}),
        "origins": ORIGINS,
        "customer": _name(asked.customer_id, entity),
        "without_customer": asked.address(customer_id=None),
        "bucket": AGES[asked.age] if asked.age is not None else "",
        "everything": Asked().address(),
        "newer": asked.address(page=number - 1) if number > 1 else "",
        "following": asked.address(page=number + 1)
        if len(found.cases) > number * PAGE_SIZE
        else "",
        "keys": [("Page before, after", "P N")],
        **file_addresses(request, "disputes"),
    }
    return render(request, "web/disputes.html", told)


def _count(asked: Asked, state: str, every: Sequence[Case], on: date) -> int:
    """How many stand under a tab that counts what waits."""
    if state not in (OPEN, OVERDUE):
        return 0
    wanted = replace(asked, state=state)
    return sum(wanted.fits(case, on) for case in every)


def table(request: HttpRequest) -> Table:
    """The whole list."""
    entity = entity_of(request)
    on = today(entity)
    found = find(entity, on, read_asked(request), cases_of(entity.pk))
    rows = (
        row.cells
        for some in some_at_a_time(found.cases)
        for row in rows_of(entity, on, found, some)
    )
    texts = ["dispute", "customer", "name", "item", "origin", "reason", "their_reason", "owner"]
    texts += ["state", "opened_on", "deadline_on", "closed_on", "currency"]
    return Table(f"disputes-{on}", texts, ["amount", "credit", "expected"], rows)


def _name(customer_id: int | None, entity: Entity) -> str:
    if customer_id is None:
        return ""
    found = customer_by_id(customer_id)
    return found.name if found is not None and found.entity_id == entity.pk else "nobody here"
