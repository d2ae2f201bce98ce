"""Differences above what policy lets pass: asked for by one person, decided by another."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from duly.access.rules.roles import may
from duly.interfaces.exchange.differences import decide_by_number, differences_document
from duly.interfaces.exchange.settling import Asked
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.exporting import Table, file_addresses, file_patterns
from duly.interfaces.web.guard import page

STATES = {
    "asked": ("warn", "Waits for a second person"),
    "approved": ("good", "Let pass"),
    "declined": ("", "Declined"),
}
ACTS = {"approve": True, "decline": False}
_COLUMNS = ("payment", "customer", "note", "asked_by", "state", "decided_by", "currency")


@page()
def differences(request: HttpRequest) -> HttpResponse:
    """What was asked for, the newest first."""
    rows = differences_document(entity_of(request).name)["differences"]
    told: dict[str, Any] = {
        "rows": [(row, *STATES[row["state"]]) for row in rows],
        "me": actor(request),
        "may_decide": may(request.user.role, "credit"),
        **file_addresses(request, "cash_differences"),
    }
    return render(request, "web/cash_differences.html", told)


@page(act="credit", methods=("POST",))
def decide(request: HttpRequest, approval_id: int, act: str) -> HttpResponse:
    """Let it pass, or decline. Refuses: as the verb does."""
    if act not in ACTS or approval_id > LARGEST_ID:
        raise Http404
    entity = entity_of(request)
    told = decide_by_number(
        Asked(actor=actor(request), at=now(), entity_name=entity.name, on=today(entity)),
        approval_id=approval_id,
        is_approved=ACTS[act],
    )["differences"][0]
    done = "let pass, and the payment applied" if ACTS[act] else "declined"
    money = f"{told['difference']} {told['currency']}"
    notices.success(request, f"{money} of {told['payment']}: {done}.")
    return redirect("cash_differences")


def table(request: HttpRequest) -> Table:
    """The whole list."""
    rows = differences_document(entity_of(request).name)["differences"]
    return Table(
        "differences",
        list(_COLUMNS),
        ["difference"],
        ([*(row[name] or "" for name in _COLUMNS), row["difference"]] for row in rows),
    )


urlpatterns = [
    path("cash/differences/", differences, name="cash_differences"),
    *file_patterns("cash/differences", "cash_differences", table),
    path("cash/differences/<int:approval_id>/<str:act>/", decide, name="cash_difference_decide"),
]
