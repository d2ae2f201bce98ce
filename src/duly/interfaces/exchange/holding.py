"""Held orders as people decide them, and the documents they are told by."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from duly.access.actions import Author
from duly.access.rules.authority import roles_that_may
from duly.collections.queries.order_signals import order_signals
from duly.credit.actions import release_hold, retest_holds
from duly.credit.errors import CreditRateMissing, ExposureRateMissing
from duly.credit.models import CreditLimit, OrderStop
from duly.credit.queries.holds import (
    Held,
    has_waiting,
    held_at,
    hold,
    holds,
    movements_of,
    releases_of,
)
from duly.credit.queries.policies import RELEASE, releases_on
from duly.credit.rules.authority import Releases
from duly.interfaces.exchange.orders_told import tell_sales_of
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import Money, text_from_minor
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.parties.queries.families import families_of
from duly.storage.writing import whole


def holds_document(entity: Entity, on: date) -> dict[str, Any]:
    """The queue of orders that wait."""
    reach = releases_on(entity, on)
    return {
        "on": on.isoformat(),
        "holds": [held_row(one, reach) for one in holds(entity_id=entity.pk, on=on)],
    }


def held_row(one: Held, reach: Releases) -> dict[str, Any]:
    """An order that waits, or waited."""
    case, order = one.case, one.order
    decimals = EXPONENTS[case.currency]
    margin = order.margin_minor
    return {
        "hold": case.pk,
        "order": order.ref,
        "customer": one.customer_code,
        "name": one.customer_name,
        "checkpoint": case.checkpoint,
        "currency": case.currency,
        "amount": text_from_minor(case.amount_minor, decimals),
        "margin": text_from_minor(margin, decimals) if margin is not None else None,
        "opened_on": case.opened_on.isoformat(),
        "days": one.days,
        "owner": case.owner,
        "who_may": who_may(one, reach),
        "failed": case.failed,
        "state": case.ending or "held",
    }


def who_may(one: Held, reach: Releases) -> list[str]:
    """The roles whose authority reaches what a release takes, as it was last tested."""
    found: list[str] | None = None
    for currency, minor in amounts_needed(one):
        try:
            money, limits = reach.held_against(Money(minor, currency))
        except CreditRateMissing:
            return []
        roles = roles_that_may(RELEASE, money.currency, money.minor, limits)
        found = roles if found is None else [role for role in found if role in roles]
    return found or []


def amounts_needed(one: Held) -> list[tuple[str, int]]:
    """(currency, minor units) that a release takes: the exposure over a limit, or the order."""
    over = [
        (facts["currency"], int(facts["total"].replace(".", "")))
        for failed in one.case.failed
        if failed["test"] == "limit" and (facts := failed["facts"]).get("total")
    ]
    return over or [(one.case.currency, one.case.amount_minor)]


def hold_document(entity: Entity, hold_id: int, on: date) -> dict[str, Any]:
    """One held order with what became of it."""
    one = hold(entity_id=entity.pk, hold_id=hold_id, on=on)
    decimals = EXPONENTS[one.order.currency]
    return held_row(one, releases_on(entity, on)) | {
        "movements": [
            {
                "kind": row.kind,
                "on": row.on.isoformat(),
                "currency": row.currency,
                "amount": text_from_minor(row.amount_minor, decimals),
                "actor": row.actor,
            }
            for row in movements_of(one.order.pk)
        ],
        "releases": [
            {
                "reason": row.reason,
                "tests": row.tests,
                "took": row.took,
                "role": row.role,
                "actor": row.actor,
                "released_on": row.released_on.isoformat(),
                "expires_on": row.expires_on.isoformat(),
            }
            for row in releases_of(one.order.pk)
        ],
    }


@whole()
def release(entity: Entity, hold_id: int, reason: str, on: date, author: Author) -> dict[str, Any]:
    """Let a held order go, and have sales and the customer told."""
    release_hold(
        entity=entity,
        hold_id=hold_id,
        reason=reason,
        on=on,
        author=author,
        signals_of=order_signals,
    )
    tell_sales_of(entity, [hold(entity_id=entity.pk, hold_id=hold_id, on=on)], on, author)
    return hold_document(entity, hold_id, on)


@whole()
def retest(
    entity: Entity, on: date, author: Author, customer_ids: Collection[int] | None = None
) -> dict[str, Any]:
    """Test what waits again; have sales and customers told of what goes by itself."""
    found = retest_holds(
        entity=entity,
        on=on,
        author=author,
        signals_of=order_signals,
        customer_ids=customer_ids,
    )
    cleared = [held.case.pk for held, checked in found if checked.hold_id is None]
    ended = [hold(entity_id=entity.pk, hold_id=pk, on=on) for pk in cleared]
    tell_sales_of(entity, ended, on, author)
    reach = releases_on(entity, on)
    return {"tested": len(found), "cleared": [held_row(one, reach) for one in ended]}


def retest_of(
    entity: Entity, on: date, author: Author, customer_ids: Collection[int] | None = None
) -> None:
    """Test what waits in the families of some customers again, or all of it; what lacks a rate
    waits on.

    Never as of a day that has passed: what was not late then may be late now.
    """
    on = max(on, author.at.astimezone(ZoneInfo(entity.timezone)).date())
    families = None if customer_ids is None else families_of(customer_ids).keys()
    if not has_waiting(entity.pk, families):
        return
    with suppress(ExposureRateMissing):
        retest(entity, on, author, customer_ids=families)


def follow_import(entity: Entity, author: Author) -> None:
    """After an import: who sells is told of orders that it let wait; what it cured goes."""
    on = author.at.astimezone(ZoneInfo(entity.timezone)).date()
    tell_sales_of(entity, held_at(entity_id=entity.pk, at=author.at, on=on), on, author)
    retest_of(entity, on, author)


def retest_for(entity: Entity, limit: CreditLimit | None, on: date, author: Author) -> None:
    """Test anew what waits for a limit that begins; nothing where none did."""
    if limit is not None:
        retest_of(entity, on, author, [limit.customer_id])


def stops_document(rows: Collection[OrderStop]) -> dict[str, Any]:
    """Stops that stand."""
    names = codes_and_names({row.customer_id for row in rows})
    return {
        "stops": [
            {
                "customer": names[row.customer_id][0],
                "kind": row.kind,
                "since": row.since_on.isoformat(),
                "reason": row.reason,
                "source": row.source,
                "actor": row.actor,
            }
            for row in rows
        ]
    }
