"""Limits in force, and every limit that was ever granted."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date

from duly.credit.models import CreditLimit
from duly.credit.rules.deciding import Terms, granted
from duly.credit.rules.limits_in_force import (
    BASE,
    IMPORTED,
    Granted,
    LimitInForce,
    grown,
    limit_on,
    standing,
)
from duly.kernel.money import Money
from duly.parties.models import Customer
from duly.parties.queries import ids_under, tops_of
from duly.parties.queries.families import Member
from duly.storage.among import among

GRANTED = (  # the columns of `Granted`, in its order
    "id",
    "customer_id",
    "kind",
    "part",
    "currency",
    "amount_minor",
    "from_on",
    "to_on",
    "review_on",
    "replaces_id",
    "insured_minor",
    "secured_minor",
    "terms_band",
    "terms_days",
)


def limits_on(entity_id: int, customer_ids: Collection[int], on: date) -> dict[int, LimitInForce]:
    """{customer: limit on a day}; who has none is left out. Two queries.

    A limit is shared by everybody below the customer in its hierarchy.
    """
    return in_force(imported_to(entity_id, customer_ids), granted_to(entity_id, customer_ids), on)


def in_force(
    imported: Mapping[int, LimitInForce], granted: Mapping[int, Collection[Granted]], on: date
) -> dict[int, LimitInForce]:
    """{customer: limit on a day} of limits that came with customers and that were granted."""
    found = {
        pk: limit_on(granted.get(pk, ()), imported.get(pk), on) for pk in {*imported, *granted}
    }
    return {pk: limit for pk, limit in found.items() if limit is not None}


def imported_of(members: Mapping[int, Member], own: str) -> dict[int, LimitInForce]:
    """{customer: the limit that it came with} of members of families; who came with none is left
    out. Given: `own` the entity's currency."""
    return {
        pk: LimitInForce(one.limit_minor, one.currency or own, IMPORTED)
        for pk, one in members.items()
        if one.limit_minor is not None
    }


def imported_to(entity_id: int, customer_ids: Collection[int]) -> dict[int, LimitInForce]:
    """{customer: the limit that it came with}; who came with none is left out. One query."""
    rows = Customer.objects.filter(
        pk__in=among(customer_ids), entity_id=entity_id, credit_limit_minor__isnull=False
    )
    told = rows.values_list("pk", "credit_limit_minor", "currency", "entity__currency")
    return {
        pk: LimitInForce(minor or 0, currency or own, IMPORTED) for pk, minor, currency, own in told
    }


def granted_to(entity_id: int, customer_ids: Collection[int]) -> dict[int, list[Granted]]:
    """{customer: every limit that it was granted}; who has none is left out. One query."""
    rows = CreditLimit.objects.filter(
        entity_id=entity_id, customer_id__in=among(customer_ids)
    ).order_by("id")
    found: dict[int, list[Granted]] = defaultdict(list)
    for told in rows.values_list(*GRANTED):
        one = Granted(*told)
        found[one.customer_id].append(one)
    return dict(found)


def following(entity_id: int, customer_id: int, terms: Terms) -> Terms:
    """Terms that say which base a new one follows: it ends the day before."""
    if terms.kind != BASE or terms.replaces_id is not None:
        return terms
    there = standing(granted_to(entity_id, [customer_id]).get(customer_id, ()), terms.from_on)
    return terms._replace(replaces_id=next((one.id for one in there if one.kind == BASE), None))


def growth_of(
    entity_id: int,
    customer_id: int,
    money: Money,
    terms: Terms,
    convert: Callable[[Money, str], Money],
) -> date | None:
    """The first day on which a customer may owe more by a limit than without it, None: never."""
    return grown(
        granted_to(entity_id, [customer_id]).get(customer_id, []),
        granted(customer_id, money, following(entity_id, customer_id, terms)),
        imported_to(entity_id, [customer_id]).get(customer_id),
        convert,
    )


def limit_history(entity_id: int, customer_id: int) -> list[CreditLimit]:
    """Every limit of a customer, the newest first."""
    rows = CreditLimit.objects.filter(entity_id=entity_id, customer_id=customer_id)
    return list(rows.order_by("-pk"))


def family_of(customer_id: int) -> list[int]:
    """Everybody of a customer's family: all below the top of its hierarchy."""
    return ids_under(tops_of([customer_id])[customer_id])
