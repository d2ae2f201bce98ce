"""Ask referees, keep what they tell of the past, and what agencies report."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from duly.access.actions import Author, record_changes
from duly.credit.actions.links import issue_link, spend_link
from duly.credit.actions.rescoring import rescore_request
from duly.credit.errors.requests import (
    AgencyBudgetSpent,
    AgencyBudgetUnfit,
    ReferenceAnswerUnfit,
    ReferenceUnknown,
)
from duly.credit.models import (
    AgencyBudget,
    AgencyReport,
    Reference,
    ReferenceAnswer,
    RequestPerson,
    SecretLink,
)
from duly.credit.queries.links import link_of
from duly.credit.queries.references import budget_on, question_form, spent_in_month
from duly.credit.rules.answers import kept, read_answers
from duly.credit.rules.links import REFERENCE
from duly.credit.rules.references import LINK_DAYS, check_answer
from duly.kernel.money import Money
from duly.kernel.quoting import safe_text
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole


class ReportDraft(NamedTuple):
    """A report as an adapter read it: `document` has what is known, under our own names."""

    agency: str
    reported_on: date
    document: Mapping[str, Any]
    sha256: str


@whole()
def ask_references(
    *, entity_id: int, reference_ids: Collection[int], on: date, key: bytes, at: datetime
) -> dict[int, SecretLink]:
    """Count references as asked on a day; return the link of each, the same in every reminder."""
    links = {}
    for row in Reference.objects.select_for_update().filter(
        entity_id=entity_id, pk__in=among(reference_ids)
    ):
        link = link_of(purpose=REFERENCE, record_id=row.pk, at=at + timedelta(days=1))
        links[row.pk] = link or issue_link(
            entity_id=entity_id,
            purpose=REFERENCE,
            record_id=row.pk,
            expires_at=at + timedelta(days=LINK_DAYS),
            key=key,
            at=at,
        )
        row.asked, row.last_asked_on = row.asked + 1, on
        row.save(update_fields=["asked", "last_asked_on"])
    return links


@whole()
def answer_reference(
    *,
    entity_id: int,
    reference_id: int,
    given: Mapping[str, Any],
    way: str,
    person: Mapping[str, str],
    on: date,
    author: Author,
) -> ReferenceAnswer:
    """Keep what a referee told, and score the request by it. Given: `person` who told it, kept
    apart and erasable.

    Refuses: ReferenceUnknown, ReferenceAnswerUnfit with every problem.
    """
    row = _held(entity_id, reference_id)
    form = question_form(row.kind)
    problems = check_answer(row.kind, read_answers(form, given, on))
    if problems:
        raise ReferenceAnswerUnfit(
            f"The answer can't be kept yet: {problems[0].message}",
            facts={"reference": reference_id, "problems": problems},
            remedy="Mend what is told. Only what was is asked, nothing that is to come.",
        )
    teller = None
    if any(person.values()) and row.request_id is not None:
        teller = RequestPerson.objects.create(
            entity_id=row.entity_id,
            request_id=row.request_id,
            revision=0,
            place=f"reference.{row.pk}",
            details={name: value for name, value in person.items() if value},
        )
    answer = ReferenceAnswer.objects.create(
        reference_id=row.pk,
        way=way,
        typed=kept(form, given),
        person_id=teller.pk if teller else None,
        answered_on=on,
        actor=author.actor,
        recorded_at=author.at,
    )
    if row.request_id is not None:
        rescore_request(request_id=row.request_id, on=on, author=author)
    return answer


@whole()
def answer_by_link(
    *, secret: str, given: Mapping[str, Any], person: Mapping[str, str], on: date, at: datetime
) -> ReferenceAnswer:
    """Keep a referee's answer and use the link up; an answer that is refused leaves it open.

    Refuses: LinkUnusable, LinkUsed, ReferenceAnswerUnfit.
    """
    link = spend_link(purpose=REFERENCE, secret=secret, at=at)
    return answer_reference(
        entity_id=link.entity_id,
        reference_id=link.record_id,
        given=given,
        way="link",
        person=person,
        on=on,
        author=Author("link", at),
    )


@whole()
def refuse_reference(*, secret: str, on: date, at: datetime) -> Reference:
    """A referee will tell nothing; the link is used up. Refuses: LinkUnusable, LinkUsed."""
    link = spend_link(purpose=REFERENCE, secret=secret, at=at)
    row = _held(link.entity_id, link.record_id)
    row.refused_on = on
    row.save(update_fields=["refused_on"])
    return row


@whole()
def close_reference(
    *, entity_id: int, reference_id: int, state: str, why: str, on: date, author: Author
) -> Reference:
    """Say that a reference was refused by phone, or can't be verified, and why.

    Refuses: ReferenceUnknown, ReferenceAnswerUnfit without a reason.
    """
    if not why.strip():
        raise ReferenceAnswerUnfit(
            "Nothing says why this reference ends.",
            facts={"reference": reference_id},
            remedy="Say why in a few words: a number that is not theirs, a firm that is not there.",
        )
    row = _held(entity_id, reference_id)
    if state == "refused":
        row.refused_on = on
    else:
        row.unverifiable_on = on
    row.why = why.strip()[:500]
    row.save(update_fields=["refused_on", "unverifiable_on", "why"])
    after = {"state": state, "why": row.why, "on": on}
    record_changes(noun="reference", changes=[(row.pk, {}, after)], author=author)
    return row


def _held(entity_id: int, reference_id: int) -> Reference:
    rows = Reference.objects.select_for_update().filter(entity_id=entity_id, pk=reference_id)
    row = rows.first()
    if row is None:
        raise ReferenceUnknown(
            f"There is no reference {safe_text(reference_id)}.",
            facts={"reference": reference_id},
            remedy="Look at `duly credit references NUMBER`.",
        )
    return row


@whole()
def set_agency_budget(
    *, entity_id: int, currency: str, month_minor: int, from_on: date, author: Author
) -> AgencyBudget:
    """Say how much reports may cost in a month, from a day on. Refuses: AgencyBudgetUnfit."""
    if month_minor < 0:
        raise AgencyBudgetUnfit(
            "A budget is nothing or more.",
            facts={"minor": month_minor},
            remedy="Give an amount of 0 or more.",
        )
    return AgencyBudget.objects.create(
        entity_id=entity_id,
        currency=currency,
        month_minor=month_minor,
        from_on=from_on,
        actor=author.actor,
        recorded_at=author.at,
    )


@whole()
def add_agency_report(
    *,
    entity_id: int,
    draft: ReportDraft,
    cost: Money,
    on: date,
    author: Author,
    request_id: int | None = None,
    customer_id: int | None = None,
) -> AgencyReport:
    """Keep an agency's report and log what it cost against the month's budget.

    Rule: a report costs nothing, or there is a budget that it fits in; the same file for the same
    subject is kept, and paid, once. A request is scored again by it.
    Refuses: AgencyBudgetSpent, AgencyBudgetUnfit.
    """
    locks.hold(f"agency:{entity_id}")
    there = AgencyReport.objects.filter(
        entity_id=entity_id, sha256=draft.sha256, request_id=request_id, customer_id=customer_id
    ).first()
    if there is not None:
        return there
    if cost.minor:
        _refuse_over_budget(entity_id, cost, on)
    report = AgencyReport.objects.create(
        entity_id=entity_id,
        request_id=request_id,
        customer_id=customer_id,
        agency=draft.agency,
        sha256=draft.sha256,
        reported_on=draft.reported_on,
        document=dict(draft.document),
        currency=cost.currency,
        cost_minor=cost.minor,
        pulled_on=on,
        actor=author.actor,
        recorded_at=author.at,
    )
    if request_id is not None:
        rescore_request(request_id=request_id, on=on, author=author)
    return report


def _refuse_over_budget(entity_id: int, cost: Money, on: date) -> None:
    budget = budget_on(entity_id, on)
    if cost.minor < 0 or (budget is not None and budget.currency != cost.currency):
        raise AgencyBudgetUnfit(
            f"A report can't cost {cost}: the budget is in {budget.currency if budget else '-'}.",
            facts={"cost": cost},
            remedy="Give what it cost in the currency of the budget.",
        )
    spent = spent_in_month(entity_id, on)
    left = (budget.month_minor if budget else 0) - spent
    if cost.minor > left:
        rest = Money(max(left, 0), cost.currency)
        raise AgencyBudgetSpent(
            f"The report costs {cost}; {rest} is left of the budget of {on:%B %Y}.",
            facts={"cost": cost, "left": rest},
            remedy="Wait for next month, or raise it: `duly credit agency budget`.",
        )
