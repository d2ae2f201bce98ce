"""Why not: customers who are late and are not written to, each with its reason."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.collections.models import WorklistRow
from duly.collections.queries.desk import handled_on, kept_rows, newest_plan
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import (
    Table,
    all_pages,
    amount,
    file_addresses,
    file_patterns,
    some_at_a_time,
)
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.desk.asked import read
from duly.kernel.errors import Malformed
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names

PAGE_SIZE = 50
WHY = {
    "not_due": "Not late enough",
    "already_sent": "Waiting since the last step",
    "disputed": "In dispute",
    "promised": "Promised",
    "planned": "On a plan",
    "covered": "Covered by credits",
    "below_minimum": "Too little",
    "no_address": "No address",
    "bad_address": "Address is none",
    "suppressed": "Mail came back",
    "do_not_contact": "Not to be written to",
    "do_not_chase": "Not to be chased",
    "direct_debit": "Direct debit",
    "snooze": "Snoozed",
    "hold": "On hold",
    "placed": "Placed outside",
    "legal": "Legal stay",
    "not_delivered": "Not delivered",
    "probably_paid": "Probably paid",
    "capped": "Written to lately",
    "quiet_day": "No working day",
    "bank_data_old": "Bank data is old",
    "steps_done": "Every step taken",
    "silent_policy": "Policy without steps",
    "one_a_day": "One message a day",
    "failed_before": "Failed before",
    "undecided": "May have been sent",
}


@dataclass(frozen=True, slots=True)
class Silenced:
    """A row of the plan, whose it is, and what was done about them since."""

    kept: WorklistRow
    code: str
    name: str
    handled: str

    @property
    def why(self) -> str:
        """The reason in a word or two."""
        return why_words(self.kept.why_code)


def why_words(code: str) -> str:
    """A reason's code in a word or two.

    >>> why_words("no_address"), why_words("something_new")
    ('No address', 'Something new')
    """
    return WHY.get(code, code.replace("_", " ").capitalize())


def silent_rows(entity: Entity, kept: list[WorklistRow]) -> list[Silenced]:
    """Rows with the names of their customers, and what was done about them today."""
    ids = {row.customer_id for row in kept}
    names = codes_and_names(ids)
    handled = handled_on(entity.pk, today(entity), ids)
    return [
        Silenced(row, *names[row.customer_id], handled.get(row.customer_id, "")) for row in kept
    ]


@page()
def silent(request: HttpRequest) -> HttpResponse:
    """The page: reasons with their counts, and whom each keeps from being written to."""
    entity = entity_of(request)
    asked = read(request, entity, is_silent=True)
    after = number_in(request.GET.get("after", "0"), 9)
    if after is None:
        raise Malformed("The list can't go on from there.", remedy="Open the page again.")
    plan = newest_plan(entity.pk)
    kept = kept_rows(plan, asked.wanted, after=after, limit=PAGE_SIZE + 1) if plan else []
    counts = plan.counts["silent"] if plan else {}
    told = {
        "on": today(entity),
        "plan": plan,
        "asked": asked,
        "rows": silent_rows(entity, kept[:PAGE_SIZE]),
        "more": asked.query(after=str(kept[PAGE_SIZE - 1].rank)) if len(kept) > PAGE_SIZE else "",
        "all": sum(counts.values()),
        "reasons": [
            (why_words(code), count, asked.query(why=code), asked.fields.get("why") == code)
            for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        ],
    }
    told |= file_addresses(request, "silent")
    return render(request, "web/silent.html", told)


def table(request: HttpRequest) -> Table:
    """Everyone who is left out, or for the reason asked for."""
    entity = entity_of(request)
    asked, plan = read(request, entity, is_silent=True), newest_plan(entity.pk)

    def kept(after: int, limit: int) -> list[WorklistRow]:
        return kept_rows(plan, asked.wanted, after=after, limit=limit) if plan else []

    rows = (
        [
            one.code,
            one.name,
            one.why,
            one.kept.why_text,
            one.kept.next_on.isoformat() if one.kept.next_on else "",
            one.kept.currency,
            amount(one.kept.overdue_minor, one.kept.currency),
        ]
        for some in some_at_a_time(all_pages(kept, 0, lambda row: row.rank))
        for one in silent_rows(entity, some)
    )
    texts = ["customer", "name", "why", "told", "next_on", "currency"]
    return Table(f"left-out-{today(entity)}", texts, ["overdue"], rows)


urlpatterns = [
    path("today/silent/", silent, name="silent"),
    *file_patterns("today/silent/left-out", "silent", table),
]
