"""Whose books a request looks at, and what day it is there: the only clock of the web app."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from duly.parties import queries as parties
from duly.parties.errors import CustomerUnknown
from duly.parties.models import Customer, Entity

_KEPT = "_duly_entity"
SESSION_KEY = "entity"
LARGEST_ID = 2**63 - 1


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def today(entity: Entity) -> date:
    """The day it is where the entity keeps its books."""
    return now().astimezone(ZoneInfo(entity.timezone)).date()


def entity_of(request: HttpRequest) -> Entity | None:
    """The entity chosen in this session, else the first; None in an empty home."""
    if not hasattr(request, _KEPT):
        found = parties.entities()
        chosen = request.session.get(SESSION_KEY)
        one = next((e for e in found if e.pk == chosen), found[0] if found else None)
        setattr(request, _KEPT, (one, found))
    return getattr(request, _KEPT)[0]


def entities_of(request: HttpRequest) -> list[Entity]:
    """Every entity, read once a request."""
    entity_of(request)
    return getattr(request, _KEPT)[1]


def actor(request: HttpRequest) -> str:
    """Who acts, for the trail."""
    return str(request.user.email)


def customer_of(request: HttpRequest, customer_id: int) -> Customer:
    """A customer of the books that the request looks at. Refuses: CustomerUnknown."""
    entity = entity_of(request)
    found = parties.customer_by_id(customer_id) if customer_id <= LARGEST_ID else None
    if found is None or entity is None or found.entity_id != entity.pk:
        raise CustomerUnknown(
            "There is no such customer in these books.",
            remedy="Look it up by name or id on the customers page.",
        )
    return found
