"""Plans in a list: which wait for somebody, which are kept, which broke."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duly.access.rules.roles import may
from duly.collections.queries.plans import Plan, plans, reckoned
from duly.collections.rules.plans.moving import ENDED, MOVES
from duly.collections.rules.plans.reckoning import COVERED, Reckoning, Result
from duly.interfaces.web.current import customer_of, entity_of, today
from duly.interfaces.web.guard import page
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.storage.reading import one_state

TONES = {
    "proposed": "warn",
    "offered": "act",
    "signed": "act",
    "active": "good",
    "cured": "good",
    "defaulted": "bad",
    "completed": "good",
    "cancelled": "",
}


class Row(NamedTuple):
    """A plan in the list."""

    plan: Plan
    name: str
    tone: str
    state: str
    next: Result | None
    reckoning: Reckoning
    received_minor: int


def rows_of(entity: Entity, some: Sequence[Plan], on: date) -> list[Row]:
    """Plans with what came of them."""
    told = reckoned(entity, some, on)
    names = codes_and_names({plan.row.customer_id for plan in some})
    found = []
    for plan in some:
        reckoning, row = told[plan.row.pk], plan.row
        left = [one for one in reckoning.results if one.state not in COVERED]
        found.append(
            Row(
                plan,
                names[row.customer_id][1],
                TONES[row.state],
                "Whole balance due" if row.accelerated_on else row.get_state_display(),
                left[0] if left and row.state not in ENDED else None,
                reckoning,
                sum(one.received_minor for one in reckoning.results),
            )
        )
    return found


@page()
def listing(request: HttpRequest) -> HttpResponse:
    """Plans that have not ended; with `?all=1` all of them."""
    entity = entity_of(request)
    is_all = bool(request.GET.get("all"))
    states = None if is_all else [state for state in MOVES if state not in ENDED]
    with one_state():
        rows = rows_of(entity, plans(entity.pk, states=states), today(entity))
    return render(request, "web/plans.html", {"rows": rows, "is_all": is_all})


@page()
def of_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Every plan of a customer."""
    customer, entity = customer_of(request, customer_id), entity_of(request)
    with one_state():
        rows = rows_of(entity, plans(entity.pk, customer_ids=[customer.pk]), today(entity))
    told: dict[str, Any] = {
        "rows": rows,
        "customer": customer,
        "is_all": True,
        "may_propose": may(request.user.role, "collect"),
    }
    return render(request, "web/plans.html", told)
