"""Discounts for paying early, with their cost both ways, as the documents that `--json` prints."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from duly.access.actions import Author
from duly.collections.actions.offering import Price, honour_offer, offer_discounts
from duly.collections.models import DiscountOffer
from duly.collections.rules.charges.discounts import yearly_cost
from duly.interfaces.exchange.collecting import amount, items_named
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.receivables.errors import PaymentUnknown
from duly.receivables.queries import payments_by_number


def cost_document(percent: Decimal, days_early: int) -> dict[str, Any]:
    """What so many percent for so many days cost who grants them, and bring who takes them."""
    cost, by_360 = yearly_cost(percent, days_early), yearly_cost(percent, days_early, 360)
    return {
        "percent": str(percent),
        "days_early": days_early,
        "nominal_365": _percent(cost.nominal),
        "effective_365": _percent(cost.effective),
        "nominal_360": _percent(by_360.nominal),
    }


def offer_document(
    entity: Entity,
    code: str,
    numbers: Sequence[str],
    price: Price,
    pay_by: date,
    on: date,
    author: Author,
) -> dict[str, Any]:
    """Offer a discount on items of a customer."""
    customer = parties.customer(entity_id=entity.pk, code=code)
    rows = offer_discounts(
        entity=entity,
        customer_id=customer.pk,
        items=items_named(entity.pk, customer.pk, numbers),
        price=price,
        pay_by=pay_by,
        on=on,
        author=author,
    )
    return {"offers": [_offer(row, on) for row in rows]}


def honour_document(
    entity: Entity, offer_id: int, payment: str, on: date, author: Author
) -> dict[str, Any]:
    """Honour an offer by a payment's number."""
    found = payments_by_number(entity.pk, [payment])
    if payment not in found:
        raise PaymentUnknown(
            f"There is no payment {payment}.",
            facts={"payment": payment},
            remedy="Look at its number in the list of payments.",
        )
    row = honour_offer(
        entity=entity, offer_id=offer_id, payment_id=found[payment].id, on=on, author=author
    )
    return {"offers": [_offer(row, on)]}


def offers_document(entity: Entity, code: str | None, on: date) -> dict[str, Any]:
    """Offers, the newest first."""
    rows = DiscountOffer.objects.filter(entity_id=entity.pk)
    if code:
        rows = rows.filter(customer_id=parties.customer(entity_id=entity.pk, code=code).pk)
    return {"offers": [_offer(row, on) for row in rows.order_by("-pk")]}


def _offer(row: DiscountOffer, on: date) -> dict[str, Any]:
    days = (row.due_on - row.pay_by).days
    state = "honoured" if row.honoured_on else "expired" if row.pay_by < on else "open"
    return {
        "id": row.pk,
        "customer": codes_and_names({row.customer_id})[row.customer_id][0],
        "item": row.number,
        "currency": row.currency,
        "open": amount(row.open_minor, row.currency),
        "discount": amount(row.discount_minor, row.currency),
        "to_pay": amount(row.open_minor - row.discount_minor, row.currency),
        "pay_by": row.pay_by.isoformat(),
        "due_on": row.due_on.isoformat(),
        "state": state,
        "cost": cost_document(Decimal(row.percent), days),
    }


def _percent(value: Decimal) -> str:
    return str(round(value, 2))
