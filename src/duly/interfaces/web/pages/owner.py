"""Twenty minutes: for a firm without A/R staff. At most three acts today, and the week's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.access.rules.roles import may
from duly.collections.models import DayPlan
from duly.collections.queries.desk import (
    Wanted,
    claims_on,
    handled_on,
    kept_rows,
    messages_by_state,
    newest_plan,
)
from duly.collections.queries.messages import sending_of
from duly.collections.queries.standing import next_sending_day
from duly.collections.queries.week import week_to
from duly.interfaces.web.current import actor, customer_of, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.desk.customer_now import CustomerNow, Together
from duly.interfaces.web.pages.desk.planning import to_release
from duly.kernel.currencies import exponent
from duly.ledger.queries import known_sequence
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.storage.reading import one_state

MOST = 3
LOOKED_AT = 30  # rows of the list among which a person's acts are chosen
MINUTES = {"release": 3, "call": 5}
KEPT_SECONDS = 24 * 3600
NUMBERS = ("Nothing", "One thing", "Two things", "Three things")


@dataclass(frozen=True)
class Deed:
    """One act: what to do, with whom, the money at stake in the entity's currency."""

    kind: str  # release, call
    minor: int
    now: CustomerNow | None = None
    count: int = 0

    @property
    def minutes(self) -> int:
        """About how long it takes."""
        return MINUTES[self.kind]

    @property
    def row(self):  # type: ignore[no-untyped-def]
        """The customer's row in the currency of which most is expected."""
        return self.now.row_in("") if self.now else None

    @property
    def say(self):  # type: ignore[no-untyped-def]
        """The words to say."""
        return self.now.words(self.row) if self.now else None


@page()
def owner(request: HttpRequest) -> HttpResponse:
    """The page."""
    entity = entity_of(request)
    return render(request, "web/owner.html", {**_acts(request, entity), "entity": entity})


@page()
def owner_acts(request: HttpRequest) -> HttpResponse:
    """The acts alone, after one of them is done."""
    return render(request, "web/owner_acts.html", _acts(request, entity_of(request)))


def _acts(request: HttpRequest, entity: Entity) -> dict[str, Any]:
    on = today(entity)
    plan = newest_plan(entity.pk)
    deeds = _deeds(request, entity, on, plan) if plan else []
    return {
        "on": on,
        "plan": plan,
        "is_planned": plan is not None and plan.on == on,
        "deeds": deeds,
        "heading": NUMBERS[len(deeds)],
        "at_stake": sum(deed.minor for deed in deeds),
        "minutes": sum(deed.minutes for deed in deeds),
        "waiting": messages_by_state(entity.pk, on).get("queued", 0),
        "mode": sending_of(entity.pk).mode,
        "tomorrow": next_sending_day(entity, on),
        "may_collect": may(request.user.role, "collect"),
    }


def _deeds(request: HttpRequest, entity: Entity, on: date, plan: DayPlan) -> list[Deed]:
    """What a person alone can do: first what must be released, then whom to call."""
    found = []
    waiting = to_release(plan, on)
    if waiting:
        minor = plan.counts["to_send_sums"].get(entity.currency, 0)
        found.append(Deed("release", minor, count=waiting))
    # Those alone who are to be called: who waits, or is not to be chased, is nobody's act today.
    rows = kept_rows(plan, Wanted(action="call"), limit=LOOKED_AT)
    ids = list(dict.fromkeys(row.customer_id for row in rows))
    busy = handled_on(entity.pk, on, ids).keys() | {
        id_ for id_, one in claims_on(ids, now()).items() if one.actor != actor(request)
    }
    free = [id_ for id_ in ids if id_ not in busy]
    while free and len(found) < MOST:  # as many at once as there is room for
        some = tuple(free[: MOST - len(found)])
        free = free[len(some) :]
        together = Together(entity, on, some)
        for id_ in some:
            here = CustomerNow(customer_of(request, id_), on, now(), together)
            if here.rows and here.rows[0].value_minor > 0:
                found.append(Deed("call", here.rows[0].value_minor, here))
    return found


@page()
def week(request: HttpRequest) -> HttpResponse:
    """The week on one page, in `?currency=` or the entity's own; a part of the page before it."""
    entity = entity_of(request)
    currency = (request.GET.get("currency") or entity.currency)[:3].upper()
    exponent(currency)
    on = today(entity)
    with one_state():
        name = f"week:{entity.pk}:{on}:{known_sequence()}"
        told = cache.get_or_set(name, lambda: week_to(entity=entity, on=on), KEPT_SECONDS)
    names = codes_and_names(told.customer_ids())

    def named(rows: Iterable[Any]) -> list[tuple[Any, str]]:
        return [(row, names[row.customer_id][1]) for row in rows]

    part = told.part(currency)
    context = {
        "week": told,
        "part": part,
        "others": [
            one.owed.currency for one in told.parts if one.owed.currency != part.owed.currency
        ],
        "on": on,
        "largest": named(part.owed.largest),
        "promises": named(part.judged),
        "risks": named(part.owed.at_risk),
    }
    template = "web/owner_week.html" if request.htmx else "web/owner_week_page.html"
    return render(request, template, context)


urlpatterns = [
    path("owner/", owner, name="owner"),
    path("owner/acts/", owner_acts, name="owner_acts"),
    path("owner/week/", week, name="owner_week"),
]
