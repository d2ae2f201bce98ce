"""Instalment plans by the numbers that people use, and as the documents that `--json` prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings

from duly.collections.actions import PLAN_LINK, PlanDraft
from duly.collections.errors import PlanUnfit
from duly.collections.policy import PLANS
from duly.collections.queries.plans import Plan, items_taken, papers_of, reckoned
from duly.collections.rules.plans.moving import ENDED
from duly.collections.rules.plans.reckoning import Reckoning
from duly.collections.rules.plans.schedules import MONTH, Part, Wanted, schedule, shift
from duly.credit.models import SecretLink
from duly.credit.queries.links import link_of
from duly.interfaces.exchange.collecting import amount, items_named
from duly.interfaces.exchange.secret_links import path_of
from duly.kernel.currencies import EXPONENTS, exponent
from duly.kernel.money import Money, minor_from_text
from duly.kernel.rounding import half_up
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.receivables.queries import charges_among, open_of_items, overdue_by_customer


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan as somebody types it; texts are amounts in `currency`, empty ones are left open."""

    on: date
    currency: str
    items: tuple[str, ...] = ()  # default: all that is overdue
    debt: str = ""
    down: str = ""
    down_percent: str = ""
    down_on: date | None = None
    count: int | None = None
    bearable: str = ""
    amounts: tuple[str, ...] = ()
    period: str = MONTH
    first_on: date | None = None
    interest: str = ""
    way: str = "transfer"
    mandate: str = ""
    security: str = ""
    note: str = ""
    with_disputed: bool = False
    item_ids: tuple[int, ...] = ()  # in place of `items`, where they are known


def draft_of(entity: Entity, customer_id: int, asked: Asked) -> PlanDraft:
    """A plan as asked for, with the debt read from the books. Refuses: PlanUnfit, ItemUnknown."""
    if asked.currency not in EXPONENTS:
        raise PlanUnfit(
            f"{asked.currency[:20]!r} is no currency.",
            facts={"currency": asked.currency[:20]},
            remedy="Give its three letters, such as EUR.",
        )
    decimals = exponent(asked.currency)
    ids = _item_ids(entity, customer_id, asked)
    owed = sum(max(minor, 0) for minor in open_of_items(ids).values())
    debt = minor_from_text(asked.debt, decimals) if asked.debt else owed
    down = minor_from_text(asked.down, decimals) if asked.down else 0
    if asked.down_percent:
        down = half_up(debt * percent_of(asked.down_percent) / 100)
    return PlanDraft(
        customer_id,
        tuple(ids),
        Wanted(
            Money(debt, asked.currency),
            asked.on,
            asked.first_on or shift(asked.on, asked.period, 1),
            down,
            asked.down_on,
            asked.period,
            percent_of(asked.interest or "0"),
            asked.count,
            minor_from_text(asked.bearable, decimals) if asked.bearable else None,
            tuple(minor_from_text(one, decimals) for one in asked.amounts),
        ),
        asked.way,
        asked.mandate,
        asked.security,
        asked.note,
        asked.with_disputed,
    )


def percent_of(text: str) -> Decimal:
    """A rate in percent. Refuses: PlanUnfit."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found != round(found, 4) or abs(found) >= 1000:
        raise PlanUnfit(
            f"{text[:20]!r} is no rate in percent.",
            facts={"percent": text[:20]},
            remedy="Give a number such as 1 or 0.75, of at most four decimals.",
        )
    return found


def _item_ids(entity: Entity, customer_id: int, asked: Asked) -> list[int]:
    """The items named; without names, what is overdue in the currency and on no plan, finance
    charges left out: a plan that bears interest must not bear it on interest."""
    if asked.item_ids:
        return list(asked.item_ids)
    if asked.items:
        return [item.id for item in items_named(entity.pk, customer_id, asked.items)]
    found = [
        pk
        for _, currency, items in overdue_by_customer(
            entity_id=entity.pk, on=asked.on, customer_ids=[customer_id]
        )
        if currency == asked.currency
        for _, pk, _ in items
    ]
    left_out = items_taken(found).keys() | charges_among(found)
    return [pk for pk in found if pk not in left_out]


def preview(draft: PlanDraft) -> list[Part]:
    """The payments that a plan would ask for; writes nothing."""
    return schedule(draft.wanted, PLANS)


def plans_document(entity: Entity, some: Sequence[Plan], on: date) -> dict[str, Any]:
    """Plans with what came of each payment by a day."""
    told = reckoned(entity, some, on)
    names = codes_and_names({plan.row.customer_id for plan in some})
    return {
        "on": on.isoformat(),
        "plans": [
            plan_row(plan, told[plan.row.pk], names[plan.row.customer_id][0]) for plan in some
        ],
    }


def plan_row(plan: Plan, told: Reckoning, code: str) -> dict[str, Any]:
    """One plan as scripts read it."""
    row, currency = plan.row, plan.row.currency
    return {
        "id": row.pk,
        "customer": code,
        "state": row.state,
        "accelerated_on": row.accelerated_on.isoformat() if row.accelerated_on else None,
        "currency": currency,
        "debt": amount(row.debt_minor, currency),
        "interest": amount(plan.total_minor - row.debt_minor, currency),
        "total": amount(plan.total_minor, currency),
        "received": amount(sum(one.received_minor for one in told.results), currency),
        "credited": amount(told.credited_minor, currency),
        "left": amount(0 if row.state in ENDED else told.left_minor, currency),
        "made_on": row.made_on.isoformat(),
        "period": row.period,
        "interest_percent": row.interest_percent,
        "way": row.way,
        "mandate": row.mandate,
        "beyond_policy": list(row.beyond),
        "items": [
            {
                "number": item.number,
                "due_on": item.due_on.isoformat(),
                "open": amount(item.open_minor, currency),
                "disputed": amount(item.disputed_minor, currency),
            }
            for item in plan.items
        ],
        "instalments": [
            {
                "number": one.number,
                "due_on": one.due_on.isoformat(),
                "agreed": amount(part.minor, currency),
                "principal": amount(part.principal_minor, currency),
                "interest": amount(part.interest_minor, currency),
                "amount": amount(one.asked_minor, currency),
                "received": amount(one.received_minor, currency),
                "covered_on": one.covered_on.isoformat() if one.covered_on else None,
                "state": one.state,
                "reference": plan.references[one.number],
            }
            for part, one in zip(plan.agreed.parts, told.results, strict=True)
        ],
    }


def plan_papers(plan: Plan) -> dict[str, Any]:
    """Agreement, signature and steps of a plan."""
    papers = papers_of(plan)
    signature = papers.signature
    return {
        "agreement": None
        if papers.agreement is None
        else {
            "sha256": papers.agreement.sha256,
            "expires_on": papers.agreement.expires_on.isoformat(),
            "consents": papers.agreement.consents,
            "clauses": papers.agreement.document["clauses"],
        },
        "signature": None
        if signature is None
        else {
            "name": signature.name,
            "title": signature.title,
            "way": signature.way,
            "signed_at": signature.signed_at.isoformat(),
            "sha256": signature.sha256,
        },
        "steps": [
            {"kind": step.kind, "on": step.on.isoformat(), "by": step.actor, "text": step.text}
            for step in papers.steps
        ],
    }


def address_of(link: SecretLink) -> str:
    """Where a link leads."""
    return settings.PUBLIC_URL + path_of(link)


def link_to(plan: Plan, at: Any) -> str | None:
    """The address of a plan's public page, where it was offered."""
    link = link_of(purpose=PLAN_LINK, record_id=plan.row.pk, at=at)
    return None if link is None else address_of(link)
