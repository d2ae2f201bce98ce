"""What the frame around every page needs: navigation, whose books, how fresh they are."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from duly.access.rules.roles import may
from duly.cash_application.queries.waiting import count_that_ask
from duly.collections.queries.messages import sending_of
from duly.intake.queries import freshness
from duly.interfaces.web.current import entities_of, entity_of, now, today
from duly.interfaces.web.links import address
from duly.ledger.queries import known_sequence

STALE_AFTER = timedelta(days=3)
COUNTED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A way to a page: where it leads, how it is called, its icon and its key after G."""

    name: str
    label: str
    icon: str
    key: str
    act: str | None = None
    group: str = "work"  # "rules": by which the work is done, at the foot of the rail
    address: str = ""
    is_here: bool = False

    @property
    def is_on_phone(self) -> bool:
        """Tell whether the bar of a phone has it; the others are found there."""
        return self.name in ("today", "customers", "cash", "aging")


PLACES = (
    Place("overview", "Overview", "layout-dashboard", "o"),
    Place("owner", "Twenty minutes", "sun", "m"),
    Place("today", "Today", "list-checks", "t"),
    Place("customers", "Customers", "users", "c"),
    Place("aging", "Aging", "chart-column-stacked", "a"),
    Place("cash", "Cash", "landmark", "b"),
    Place("outbox", "Outbox", "send", "x"),
    Place("disputes", "Disputes", "message-square-warning", "d"),
    Place("plans", "Plans", "calendar-clock", "n"),
    Place("credit", "Credit", "shield-check", "k"),
    Place("statements", "Statements", "file-text", "s"),
    Place("refunds", "Refunds", "undo-2", "r"),
    Place("importing", "Imports", "file-input", "i"),
    Place("policies", "Policies", "list-ordered", "p", group="rules"),
    Place("templates", "Templates", "file-pen", "w", group="rules"),
    Place("laws", "Laws", "scale", "l", group="rules"),
)
DESK = dict.fromkeys(("silent", "leaving", "desk_act", "several"), "today") | {
    "owner_week": "owner"
}


# What the names of the pages begin with that belong to a place.
PARTS = {
    "cash": "cash",
    "importing": "import",
    "outbox": "outbox",
    "disputes": "dispute",
    "plans": "plan_",
    "credit": "credit_",
    "statements": "statements",
    "refunds": "refund",
    "policies": "policy_",
    "templates": "template_",
    "laws": "law_",
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """When one kind of data last came in; `at` None: never."""

    label: str
    at: datetime | None
    is_old: bool


def places(request: HttpRequest) -> list[Place]:
    """The pages that exist and that this person's role opens, the present one marked."""
    match = request.resolver_match
    here = match.url_name if match else None
    parents = {
        "customer": "customers",
        "customer_credit": "customers",
        "items": "aging",
        "document": "customers",
        **dict.fromkeys(("charges", "charge"), "disputes"),
        **DESK,
    }
    found = []
    for place in PLACES:
        if place.act and not may(request.user.role, place.act):
            continue
        leads_to = address(place.name)
        if not leads_to:
            continue
        is_here = place.name in (here, parents.get(here or ""))
        is_here = is_here or (here or "").startswith(PARTS.get(place.name, "-"))
        found.append(replace(place, address=leads_to, is_here=is_here))
    return found


def freshness_of(entity_id: int) -> list[Freshness]:
    """How fresh invoices and payments are; beyond three days it is said in warning colour."""
    newest = freshness(entity_id)
    since = now() - STALE_AFTER
    return [
        Freshness(label, newest[name], (at := newest[name]) is None or at < since)
        for name, label in (("items", "Invoices"), ("payments", "Payments"))
    ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; empty for visitors who are not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    entity = entity_of(request)
    return {
        "places": places(request),
        "entity": entity,
        "entities": entities_of(request),
        "freshness": freshness_of(entity.pk) if entity else [],
        "may_import": may(user.role, "import"),
        "sending": sending_of(entity.pk) if entity else None,
        "may_send": may(user.role, "send"),
        "cash_waits": lambda: _lines_that_ask(entity.pk, today(entity)) if entity else 0,
    }


def _lines_that_ask(entity_id: int, on: date) -> int:
    """How many lines of the bank ask a person; counted anew when something is written."""

    name = f"cash:{entity_id}:{on}:{known_sequence()}"
    found = cache.get_or_set(
        name, lambda: count_that_ask(entity_id=entity_id, on=on), COUNTED_SECONDS
    )
    return int(found)
