"""Who is to be called today, by the hours of their own place."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.access.rules.roles import may
from duly.collections.rules.handing import Clock
from duly.interfaces.jobs.calling import callback_list
from duly.interfaces.web.current import entity_of, now, today
from duly.interfaces.web.guard import page
from duly.parties.queries import codes_and_names


@page()
def callbacks(request: HttpRequest) -> HttpResponse:
    """The list: those whose hours end soonest in front, then those who can't be called yet."""
    entity = entity_of(request)
    on = today(entity)
    rows = callback_list(entity=entity, on=on, clock=Clock(now()))
    names = codes_and_names({row.customer_id for row in rows})
    told: dict[str, Any] = {
        "on": on,
        "rows": [(row, names[row.customer_id][1]) for row in rows],
        "now_count": sum(row.may_call for row in rows),
        "may_collect": may(request.user.role, "collect"),
    }
    return render(request, "web/callbacks.html", told)


urlpatterns = [path("today/calls/", callbacks, name="callbacks")]
