"""References and agency reports: whom was asked, what they told, what it comes to."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, Sum

from duly.credit.errors.requests import ReferenceUnknown
from duly.credit.models import (
    AgencyBudget,
    AgencyReport,
    CreditRequest,
    Reference,
    ReferenceAnswer,
    RequestPerson,
)
from duly.credit.queries.requests import customers_of_requests, people_by_id
from duly.credit.rules.answers import read_answers
from duly.credit.rules.references import (
    BANK,
    MOST_REMINDERS,
    QUESTIONS,
    REMIND_AFTER_DAYS,
    STATES,
    TRADE,
    Standing,
    Summary,
    TradeAnswer,
    days_beyond_terms,
    is_due_again,
    state_of,
    summed_up,
)
from duly.credit.rules.request_fields import Block
from duly.credit.rules.request_form import Form
from duly.storage.among import among


class ReferenceRow(NamedTuple):
    """A reference with its state, whom to ask, and what was told."""

    reference: Reference
    state: str
    contact: RequestPerson | None
    answer: ReferenceAnswer | None
    values: dict[str, Any]

    @property
    def reminders(self) -> int:
        """How many times it was reminded."""
        return max(self.reference.asked - 1, 0)


class References(NamedTuple):
    """All references of a request, and what they come to for limits and scores."""

    rows: list[ReferenceRow]
    trade: Summary
    reports: list[AgencyReport]
    agency_days_beyond_terms: Decimal | None
    agency_recommendation_minor: int | None  # in the request's currency
    public_record: str = ""  # of the newest report that tells it

    @property
    def states(self) -> dict[str, int]:
        """{state: how many}."""
        return {s: sum(row.state == s for row in self.rows) for s in STATES}


def question_form(kind: str) -> Form:
    """The questions that a kind of referee is asked, as a form of which nothing is required."""
    blocks = tuple(
        Block(f"question-{n}", title, fields)
        for n, (title, fields) in enumerate(QUESTIONS[kind], 1)
    )
    return Form("", blocks, frozenset(), {})


def reference_by_id(reference_id: int) -> ReferenceRow:
    """One reference. Refuses: ReferenceUnknown."""
    rows = _rows(list(Reference.objects.filter(pk=reference_id)))
    if not rows:
        raise ReferenceUnknown(
            f"There is no reference {reference_id}.",
            facts={"reference": reference_id},
            remedy="Look at `duly credit references NUMBER`.",
        )
    return rows[0]


def references_of(request_id: int) -> References:
    """References and agency reports of a request, whatever their state. A fixed number of reads."""
    rows = _rows(list(Reference.objects.filter(request_id=request_id).order_by("pk")))
    currency = (
        CreditRequest.objects.filter(pk=request_id).values_list("currency", flat=True).first() or ""
    )
    answers = [
        TradeAnswer(
            row.reference.name,
            row.values.get("currency", ""),
            row.values.get("high_credit"),
            row.values.get("owing"),
            row.values.get("past_due"),
            row.values.get("days_slow"),
            row.values.get("terms", ""),
            row.values.get("opened_on"),
        )
        for row in rows
        if row.reference.kind == TRADE and row.answer is not None
    ]
    asked = sum(row.reference.kind == TRADE for row in rows)
    reports = reports_of(request_id=request_id)
    return References(
        rows,
        summed_up(answers, asked, currency),
        reports,
        days_beyond_terms([row.document for row in reports]),
        next(
            (
                row.document["recommended_minor"]
                for row in reports
                if row.document.get("recommended_minor") and row.document["currency"] == currency
            ),
            None,
        ),
        next((told for row in reports if (told := row.document.get("public_record"))), ""),
    )


def reports_of(
    *, request_id: int | None = None, customer_id: int | None = None
) -> list[AgencyReport]:
    """Agency reports on a subject, the newest first."""
    rows = AgencyReport.objects.order_by("-reported_on", "-pk")
    if request_id is not None:
        return list(rows.filter(request_id=request_id))
    return list(rows.filter(customer_id=customer_id))


def reports_by_customer(
    entity_id: int, customer_ids: Collection[int]
) -> dict[int, list[dict[str, Any]]]:
    """{customer: what agencies' reports on it and its requests tell, the newest first}."""
    rows = AgencyReport.objects.filter(entity_id=entity_id).order_by("-reported_on", "-pk")
    wanted, whose = set(customer_ids), customers_of_requests(entity_id)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for customer_id, request_id, document in rows.values_list(
        "customer_id", "request_id", "document"
    ):
        pk = customer_id or whose.get(request_id)
        if pk in wanted:
            found[pk].append(document)
    return found


def references_to_ask(
    entity_id: int, on: date, request_ids: Collection[int] | None = None
) -> list[ReferenceRow]:
    """References that were never asked, or are to be reminded on a day.

    Rule: released by the applicant, with an address, and not asked too often.
    """
    rows = Reference.objects.filter(
        entity_id=entity_id,
        is_released=True,
        refused_on=None,
        unverifiable_on=None,
        asked__lte=MOST_REMINDERS,
    ).filter(Q(last_asked_on=None) | Q(last_asked_on__lte=on - timedelta(REMIND_AFTER_DAYS)))
    rows = rows.exclude(pk__in=ReferenceAnswer.objects.values("reference_id"))
    if request_ids is not None:
        rows = rows.filter(request_id__in=among(request_ids))
    found = _rows(list(rows.order_by("pk")))
    return [
        row
        for row in found
        if email_of(row)
        and (
            row.state == "not_sent"
            or is_due_again(_standing(row.reference, row.answer), row.reference.last_asked_on, on)
        )
    ]


def email_of(row: ReferenceRow) -> str:
    """Where a referee is written to; "" where nothing is known, or it was erased."""
    details = row.contact.details if row.contact else {}
    name = "bank_email" if row.reference.kind == BANK else "email"
    return str(details.get(name, ""))


def budget_on(entity_id: int, on: date) -> AgencyBudget | None:
    """How much reports may cost in the month of a day."""
    rows = AgencyBudget.objects.filter(entity_id=entity_id, from_on__lte=on)
    return rows.order_by("-from_on", "-pk").first()


def spent_in_month(entity_id: int, on: date) -> int:
    """What reports have cost in the month of a day, in minor units of the budget's currency."""
    rows = AgencyReport.objects.filter(
        entity_id=entity_id, pulled_on__year=on.year, pulled_on__month=on.month
    )
    return int(rows.aggregate(sum=Sum("cost_minor"))["sum"] or 0)


def _standing(row: Reference, answer: ReferenceAnswer | None) -> Standing:
    return Standing(row.asked, answer is not None, row.refused_on, row.unverifiable_on)


def _rows(rows: list[Reference]) -> list[ReferenceRow]:
    answers = defaultdict(list)
    told = ReferenceAnswer.objects.filter(reference_id__in=among({row.pk for row in rows}))
    for one in told.order_by("pk"):
        answers[one.reference_id].append(one)
    people = people_by_id([row.person_id for row in rows])
    found = []
    for row in rows:
        answer = answers[row.pk][-1] if answers[row.pk] else None
        values = {}
        if answer is not None:
            values = read_answers(question_form(row.kind), answer.typed, answer.answered_on).values
        state = state_of(_standing(row, answer))
        contact = people.get(row.person_id or 0)
        found.append(ReferenceRow(row, state, contact, answer, values))
    return found
