"""Reads of credit insurance: what is covered, whom the insurer stops, what may not be put off."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from duly.credit.errors import ExtensionBeyondCover, InsurancePolicyUnknown
from duly.credit.models import ClockDone, InsurancePolicy, InsuredLimit
from duly.credit.queries.watching import Rates, in_currency
from duly.credit.rules.insurance import (
    Clause,
    Cover,
    InsuredFrom,
    ItemAtRisk,
    Terms,
    covers,
    limit_on,
    stops,
)
from duly.disputes.queries import disputed_by_item
from duly.parties.models import Entity
from duly.parties.queries.reach import rates_on
from duly.receivables.queries.trading import OpenDebt, open_debts
from duly.storage.among import among

NOTIFY, EXTEND = "notify", "extend"  # clocks of an item: reported, put off with consent


class CoveredItem(NamedTuple):
    """An open item of an insured buyer and its cover, in the policy's currency."""

    debt: OpenDebt
    cover: Cover
    is_extended: bool


class Insured(NamedTuple):
    """A buyer that an insurer covers, or did: under which policy, up to what now, item by item."""

    terms: Terms
    limits: list[InsuredFrom]
    limit: InsuredFrom | None
    is_stopped: bool
    items: list[CoveredItem]


def policies_on(entity_id: int, on: date) -> dict[str, Terms]:
    """{number: the terms on a day}, those that ended too; renewed, it is one policy."""
    found: dict[str, Terms] = {}
    rows = InsurancePolicy.objects.filter(entity_id=entity_id, from_on__lte=on)
    for row in rows.order_by("from_on", "pk"):
        before = found.get(row.number)
        first = before.from_on if before else row.from_on
        known_on = row.recorded_at.date()
        if before is not None and before.known_on is not None:
            known_on = min(known_on, before.known_on)
        found[row.number] = Terms(
            row.number,
            row.insurer,
            row.currency,
            first,
            row.to_on,
            row.mep_days,
            row.notify_days,
            row.waiting_days,
            Decimal(row.indemnity_percent),
            row.first_loss_minor,
            row.discretionary_minor,
            row.declare_days,
            known_on,
        )
    return found


def policy_named(entity_id: int, number: str, on: date) -> Terms:
    """The terms of a policy on a day. Refuses: InsurancePolicyUnknown."""
    found = policies_on(entity_id, on).get(number)
    if found is None:
        raise InsurancePolicyUnknown(
            f"No policy {number} has begun by {on}.",
            facts={"policy": number, "on": on},
            remedy="Look at `duly credit insurance list`.",
        )
    return found


def insured_limits(
    entity_id: int, customer_ids: Collection[int] | None = None
) -> dict[int, tuple[str, list[InsuredFrom]]]:
    """{customer: (its policy, its insured limits as they were recorded)}."""
    rows = InsuredLimit.objects.filter(entity_id=entity_id).order_by("pk")
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    of: dict[int, list[InsuredLimit]] = defaultdict(list)
    for row in rows:
        of[row.customer_id].append(row)
    return {
        pk: (
            theirs[-1].policy_number,
            [
                InsuredFrom(row.from_on, row.to_on, row.amount_minor, row.basis)
                for row in theirs
                if row.policy_number == theirs[-1].policy_number
            ],
        )
        for pk, theirs in of.items()
    }


def cover_of(
    entity: Entity, on: date, customer_ids: Collection[int] | None = None
) -> dict[int, Insured]:
    """{insured customer: its cover on a day, item by item}. One query where nobody is insured."""
    limits = insured_limits(entity.pk, customer_ids)
    policies = policies_on(entity.pk, on) if limits else {}
    limits = {pk: found for pk, found in limits.items() if found[0] in policies}
    if not limits:
        return {}
    debts: dict[int, list[OpenDebt]] = {pk: [] for pk in limits}
    for debt in open_debts(entity.pk, limits):
        debts[debt.customer_id].append(debt)
    disputed = disputed_by_item(entity_id=entity.pk, on=on, customer_ids=limits.keys())
    done = _done_of_items(entity.pk, limits)
    rates = rates_on(entity_id=entity.pk, on=on)
    found = {}
    for pk, (number, given) in limits.items():
        terms = policies[number]
        items, unrated = _at_risk(debts[pk], terms, disputed, done, entity, rates)
        told = {one.item_id: one for one in covers(items, given, terms, on)}
        found[pk] = Insured(
            terms,
            given,
            limit_on(given, on),
            terms.to_on >= on and stops(items, given, terms, on),
            [
                CoveredItem(debt, told.get(debt.id) or unrated[debt.id], (EXTEND, debt.id) in done)
                for debt in debts[pk]
            ],
        )
    return found


def _at_risk(
    debts: Collection[OpenDebt],
    terms: Terms,
    disputed: Mapping[int, int],
    done: Mapping[tuple[str, int], date],
    entity: Entity,
    rates: Rates,
) -> tuple[list[ItemAtRisk], dict[int, Cover]]:
    """Items in the policy's currency; and those for which no rate is known, uncovered."""
    items, unrated = [], {}
    for debt in debts:
        open_minor, objected = (
            in_currency(minor, debt.currency, terms.currency, entity, rates)
            for minor in (debt.open_minor, min(disputed.get(debt.id, 0), debt.open_minor))
        )
        if open_minor is None or objected is None:
            told = Clause("no_rate", f"No rate of {debt.currency} in {terms.currency} is known.")
            unrated[debt.id] = Cover(debt.id, 0, 0, None, (told,), ())
            continue
        reported = done.get((NOTIFY, debt.id))
        items.append(
            ItemAtRisk(
                debt.id,
                debt.number,
                debt.shipped_on,
                debt.due_on,
                open_minor,
                objected,
                reported is not None and reported <= terms.notify_on(debt.due_on),
                (EXTEND, debt.id) in done,
                reported,
            )
        )
    return items, unrated


def _done_of_items(entity_id: int, customer_ids: Collection[int]) -> dict[tuple[str, int], date]:
    """{(clock, item): day} of what was done about items of some customers."""
    rows = ClockDone.objects.filter(entity_id=entity_id, customer_id__in=among(customer_ids))
    found = {}
    for key, on in rows.values_list("key", "done_on"):
        name, _, rest = key.partition(":")
        if name in (NOTIFY, EXTEND) and rest.isdecimal():
            found[name, int(rest)] = on
    return found


def insurer_stops(entity_id: int, customer_ids: Collection[int], on: date) -> set[int]:
    """Those of some customers to whom nothing may be shipped under cover: an invoice of theirs is
    beyond the maximum extension period of a policy in force."""
    insured = insured_limits(entity_id, customer_ids)
    if not insured:
        return set()
    entity = Entity.objects.get(pk=entity_id)
    return {pk for pk, one in cover_of(entity, on, insured).items() if one.is_stopped}


class ExtensionLimit(NamedTuple):
    """To which day payment of an insured item may be put off without asking the insurer."""

    number: str
    last_on: date


def extension_limits(
    entity: Entity, customer_ids: Collection[int], on: date
) -> dict[int, ExtensionLimit]:
    """{item: to which day it may be put off unasked}; items that no insurer covers, or whose
    extension it agreed to, are left out. For whoever agrees to later payment: promises, plans.

    A constant number of queries, one where nobody is insured.
    """
    return {
        item.debt.id: ExtensionLimit(item.debt.number, one.terms.mep_on(item.debt.due_on))
        for one in cover_of(entity, on, customer_ids).values()
        for item in one.items
        if item.cover.is_covered and not item.is_extended
    }


def refuse_extension(
    entity_id: int, customer_id: int, item_ids: Collection[int], until: date, on: date
) -> None:
    """Refuse to put payment of insured items off beyond what the policy allows unasked.

    Refuses: ExtensionBeyondCover. An item whose extension the insurer agreed to passes.
    """
    limits = extension_limits(Entity.objects.get(pk=entity_id), [customer_id], on)
    beyond = {
        one.number: one.last_on
        for pk, one in limits.items()
        if pk in item_ids and one.last_on < until
    }
    if beyond:
        number, day = min(beyond.items(), key=lambda pair: pair[1])
        raise ExtensionBeyondCover(
            f"{number} would be put off to {until}; the insurer covers it until {day} unasked.",
            facts={"items": {name: last.isoformat() for name, last in beyond.items()}},
            remedy="Ask the insurer, record its consent as the clock's evidence, then put it off.",
        )
