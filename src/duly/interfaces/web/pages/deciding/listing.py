"""The queue of credit requests: those first whose answer is due first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from duly.access.rules.roles import may
from duly.credit.models.decisions import VERDICTS
from duly.credit.queries.evidence import missing_of
from duly.credit.queries.queue import CONDITIONS, DONE, OPEN, TO_TELL, Queued, queue_of
from duly.credit.queries.scores import latest_of_requests, score_of
from duly.credit.rules.card_documents import plain
from duly.credit.rules.scorecards import Score
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, amount, file_addresses
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in
from duly.parties.queries import codes_and_names

PAGE_SIZE = 50
ALL = "all"
TABS = (
    (OPEN, "To decide"),
    (TO_TELL, "To tell"),
    (CONDITIONS, "Waits for conditions"),
    (DONE, "Done"),
    (ALL, "All"),
)
BADGES = {
    OPEN: ("act", "list-checks", "To decide"),
    TO_TELL: ("warn", "send", "To tell"),
    CONDITIONS: ("", "clock", "Waits for conditions"),
    DONE: ("good", "circle-check", "Done"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the queue."""

    state: str = OPEN
    turn: str = ""
    currency: str = ""

    def address(self, **changes: Any) -> str:
        """The queue with some of this changed."""
        page_number = changes.pop("page", None)
        asked = replace(self, **changes)
        told = {
            "state": asked.state if asked.state != OPEN else "",
            "turn": asked.turn,
            "currency": asked.currency,
            "page": page_number,
        }
        kept = {name: value for name, value in told.items() if value not in ("", None)}
        return reverse("credit") + (f"?{urlencode(kept)}" if kept else "")

    def fits(self, row: Queued) -> bool:
        """Tell whether a request is asked for."""
        return (
            self.state in (ALL, row.state)
            and self.turn in ("", row.waits_for)
            and self.currency in ("", row.request.currency)
        )


class Row(NamedTuple):
    """A request as a row."""

    queued: Queued
    code: str
    missing: tuple[str, ...]
    on: date
    score: Score | None = None

    @property
    def badge(self) -> tuple[str, str, str]:
        """Its state: tone, icon and words."""
        return BADGES[self.queued.state]

    @property
    def verdict(self) -> str:
        """What was decided, in words."""
        decision = self.queued.decision
        return dict(VERDICTS)[decision.verdict] if decision else ""

    @property
    def is_late(self) -> bool:
        """Tell whether the answer is overdue."""
        return self.queued.is_late(self.on)

    @property
    def cells(self) -> list[str]:
        """The row in a file."""
        one, decision = self.queued.request, self.queued.decision
        return [
            one.number,
            self.code,
            one.name,
            one.country,
            self.queued.state,
            self.queued.waits_for,
            " ".join(self.missing),
            plain(self.score.points) if self.score else "",
            self.score.band if self.score else "",
            decision.verdict if decision else "",
            one.submitted_on.isoformat() if one.submitted_on else "",
            self.queued.due_on.isoformat(),
            one.currency,
            amount(one.amount_minor, one.currency),
            amount(decision.amount_minor, one.currency) if decision else "",
        ]


def read_asked(request: HttpRequest) -> Asked:
    """The question in the address."""
    state = request.GET.get("state", "")
    return Asked(
        state if state in dict(TABS) else OPEN,
        request.GET.get("turn", "")[:12],
        request.GET.get("currency", "")[:3].upper(),
    )


def rows_of(on: date, queued: Sequence[Queued]) -> list[Row]:
    """Some of the queue, as rows."""
    names = codes_and_names({one.request.customer_id for one in queued if one.request.customer_id})
    missing = missing_of([one.request for one in queued if one.decision is None])
    scores = latest_of_requests([one.request.pk for one in queued])
    return [
        Row(
            one,
            names.get(one.request.customer_id or 0, ("",))[0],
            missing.get(one.request.pk, ()),
            on,
            score_of(scores[one.request.pk]) if one.request.pk in scores else None,
        )
        for one in queued
    ]


@page()
def listing(request: HttpRequest) -> HttpResponse:
    """The queue; `?state=`, `?turn=`, `?currency=`, `?page=`."""
    entity, asked = entity_of(request), read_asked(request)
    on, number = today(entity), page_in(request.GET.get("page", ""))
    every = queue_of(entity, on)
    found = [row for row in every if asked.fits(row)]
    told: dict[str, Any] = {
        "asked": asked,
        "on": on,
        "here": "credit",
        "rows": rows_of(on, found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]),
        "states": [
            (
                label,
                asked.address(state=state),
                asked.state == state,
                sum(row.state == state for row in every) if state not in (DONE, ALL) else 0,
            )
            for state, label in TABS
        ],
        "turns": sorted({row.waits_for for row in every if row.waits_for}),
        "currencies": sorted({row.request.currency for row in every}),
        "is_narrow": bool(asked.turn or asked.currency),
        "is_new": not every,
        "may_ask": may(request.user.role, "ask_credit"),
        "everything": Asked().address(),
        "newer": asked.address(page=number - 1) if number > 1 else "",
        "following": asked.address(page=number + 1) if len(found) > number * PAGE_SIZE else "",
        "keys": [("Page before, after", "P N")],
        **file_addresses(request, "credit"),
    }
    return render(request, "web/credit/requests.html", told)


def table(request: HttpRequest) -> Table:
    """The whole queue that is asked for."""
    entity, asked = entity_of(request), read_asked(request)
    on = today(entity)
    found = [row for row in queue_of(entity, on) if asked.fits(row)]
    texts = ["request", "customer", "name", "country", "state", "waits_for", "missing"]
    texts += ["score", "band"]
    texts += ["verdict", "submitted_on", "answer_due_on", "currency"]
    rows = (row.cells for row in rows_of(on, found))
    return Table(f"credit-requests-{on}", texts, ["asked", "approved"], rows)
