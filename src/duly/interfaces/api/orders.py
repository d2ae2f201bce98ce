"""Orders over HTTP: may it go, it was shipped, it is cancelled, which wait."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import path

from duly.credit.queries.policies import decision_policy
from duly.credit.rules.orders import CHECKPOINTS, refuse_day
from duly.interfaces.api.answering import Call, endpoint
from duly.interfaces.api.fields import Field
from duly.interfaces.api.schema import document
from duly.interfaces.exchange import holding, ordering
from duly.ledger.queries import last_booked_on

ON = Field(
    "on",
    "day",
    "the business date, not far from what is booked; default today at the entity's",
    longest=10,
)
ORDER = Field("order", "text", "the order's reference", is_needed=True)
CHECK = (
    Field("customer", "text", "the customer's id", is_needed=True),
    Field("amount", "amount", "what the order comes to, tax included", is_needed=True, longest=24),
    Field("currency", "text", "its currency, ISO 4217", is_needed=True, longest=3),
    ORDER._replace(is_needed=False, told="its reference; without one nothing is written"),
    Field("checkpoint", "text", "where it is checked; default confirm", choices=CHECKPOINTS),
    Field("prepaid", "flag", "it is paid before goods leave"),
    Field("margin", "amount", "what is earned on it, shown while it waits", longest=24),
    ON,
)
SHIP = (ORDER, Field("amount", "amount", "what left the house", is_needed=True, longest=24), ON)
CANCEL = (ORDER, ON)


def _on(call: Call) -> date:
    """The day of a question. Refuses: OrderDayUnfit."""
    given: date | None = call.given.get("on")
    today = call.author.at.astimezone(ZoneInfo(call.entity.timezone)).date()
    if given is None or given == today:
        return today
    refuse_day(
        given,
        today=today,
        booked_on=last_booked_on(call.entity.pk, today),
        policy=decision_policy(call.entity.pk, today).orders,
    )
    return given


@endpoint(act="record_order", fields=CHECK)
def check(call: Call) -> dict[str, Any]:
    """Whether an order may go, with every test it fails; with a reference it is written down."""
    given = call.given
    told = ordering.OrderTold(
        given["customer"],
        given["amount"],
        given["currency"],
        given.get("order", ""),
        given.get("checkpoint", "confirm"),
        given.get("prepaid", False),
        given.get("margin"),
    )
    return ordering.check(call.entity, told, _on(call), call.author)


@endpoint(act="record_order", fields=SHIP, then=ordering.refuse_held)
def ship(call: Call) -> dict[str, Any]:
    """Some of an order leaves the house, unless anything holds it now: then it waits (422)."""
    order, amount = call.given["order"], call.given["amount"]
    return ordering.ship(call.entity, order, amount, _on(call), call.author)


@endpoint(act="record_order", fields=CANCEL)
def cancel(call: Call) -> dict[str, Any]:
    """What is left of an order is dropped."""
    return ordering.cancel(call.entity, call.given["order"], _on(call), call.author)


@endpoint(act="look", method="GET", is_writing=False)
def holds(call: Call) -> dict[str, Any]:
    """The orders that wait."""
    return holding.holds_document(call.entity, _on(call))


@endpoint(act="look", method="GET", is_writing=False)
def schema(call: Call) -> dict[str, Any]:
    """All of this as OpenAPI."""
    return document(PATHS)


PATHS = {
    "orders/check": (check, "post", CHECK),
    "orders/ship": (ship, "post", SHIP),
    "orders/cancel": (cancel, "post", CANCEL),
    "holds": (holds, "get", ()),
    "schema": (schema, "get", ()),
}

urlpatterns = [
    path(f"api/v1/{place}", view, name=f"api_{place.replace('/', '_')}")
    for place, (view, _, _) in PATHS.items()
]
