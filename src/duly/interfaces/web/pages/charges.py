"""Finance charges: those of a month, proposed and charged; one of them, open to its parts.

Purpose: the way of `duly charge` for people who look first.
"""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.crypto import get_random_string

from duly.access.actions import Author, once
from duly.access.rules.roles import may
from duly.collections.queries.charges import charge_numbered
from duly.interfaces.exchange.charge_rules import is_any_on
from duly.interfaces.exchange.charging import (
    ask_document,
    charge_document,
    decide_document,
    list_document,
    reverse_document,
    run_document,
    waive_document,
)
from duly.interfaces.exchange.settling import carry_out
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.exporting import Table, file_addresses, file_patterns
from duly.interfaces.web.guard import page
from duly.parties.models import Entity

STATES = {
    "open": ("", "Open"),
    "part": ("", "Paid in part"),
    "paid": ("good", "Paid"),
    "waived": ("", "Waived"),
    "reversed": ("", "Taken back"),
}
KINDS = {"interest": "Interest", "dispute": "Interest, after a dispute", "fixed_sum": "Fixed sum"}
_ACTS = {"waive": "waived", "ask": "asked for", "reverse": "taken back"}
_COLUMNS = ("number", "customer", "month", "charged_on", "state", "currency")


@page()
def charges(request: HttpRequest) -> HttpResponse:
    """The charges of a month; asked for, what a run would charge."""
    entity = entity_of(request)
    month_on = _month(request, entity)
    customer = request.GET.get("customer") or None
    listed = list_document(entity, None if customer else month_on, customer, only_open=False)
    may_charge = may(request.user.role, "credit")
    proposal = None
    if may_charge and request.GET.get("propose"):
        proposal = _run(request, entity, month_on, is_dry_run=True)
    before, after = _beside(month_on, today(entity))
    told: dict[str, Any] = {
        "month_on": month_on,
        "month": f"{month_on:%Y-%m}",
        "of_customer": customer,
        "rows": [(row, *STATES[row["state"]]) for row in listed["charges"]],
        "waivers": [one for one in listed["waivers"] if one["state"] == "asked"],
        "proposal": proposal,
        "is_on": is_any_on(entity.pk, month_on),
        "is_over": today(entity) > _end(month_on),
        "may_charge": may_charge,
        "me": actor(request),
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}" if after else "",
        **file_addresses(request, "charges"),
    }
    return render(request, "web/charges.html", told)


@page(act="credit", methods=("POST",))
def run(request: HttpRequest) -> HttpResponse:
    """Charge the month. Refuses: as the verb does."""
    entity = entity_of(request)
    month_on = _month(request, entity)
    told = _run(request, entity, month_on, is_dry_run=False)
    total = ", ".join(f"{code} {sum_}" for code, sum_ in told["totals"].items())
    notices.success(request, f"Charged for {told['month']}: {total or 'nothing more'}.")
    return redirect(f"{reverse('charges')}?month={told['month']}")


@page()
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One charge, each line open to what it was worked out from."""
    row = charge_document(charge_numbered(entity_of(request).pk, number))
    told = {
        "row": row,
        "lines": [(line, KINDS[line["kind"]]) for line in row["lines"]],
        "state": STATES[row["state"]],
        "may_charge": may(request.user.role, "credit"),
        "may_ask": may(request.user.role, "collect"),
        "is_open": row["state"] in ("open", "part"),
        "key": get_random_string(22),
        "customer_id": charge_numbered(entity_of(request).pk, number).customer_id,
    }
    return render(request, "web/charge.html", told)


@page(act="collect", methods=("POST",))
def relieve(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Waive it, ask for that, or take it back. Once a form. Refuses: as the verbs do."""
    if act not in _ACTS or (act != "ask" and not may(request.user.role, "credit")):
        raise Http404
    entity, author = entity_of(request), Author(actor(request), now())
    reason, part = request.POST.get("reason", "").strip(), request.POST.get("amount") or None
    if not reason:
        notices.error(request, "Say why: the reason stays with the charge.")
        return redirect("charge", number)

    def carry_out_act() -> dict[str, Any]:
        if act == "waive":
            return waive_document(entity, number, part, reason, today(entity), author)
        if act == "ask":
            return ask_document(entity, number, part, reason, author)
        return reverse_document(entity, number, reason, today(entity), author)

    once(
        key=request.POST.get("key", "")[:64] or None,
        command=f"web charge {act}",
        given=[number, reason, part],
        at=now(),
        act=carry_out_act,
    )
    notices.success(request, f"{number}: {_ACTS[act]}.")
    return redirect("charge", number)


@page(act="credit", methods=("POST",))
def decide(request: HttpRequest, approval_id: int, act: str) -> HttpResponse:
    """Waive what another person asked for, or leave it. Refuses: as the verb does."""
    if act not in ("approve", "decline") or approval_id > LARGEST_ID:
        raise Http404
    entity, author = entity_of(request), Author(actor(request), now())
    told = decide_document(entity, approval_id, act == "approve", today(entity), author)
    done = "waived" if act == "approve" else "left as it is"
    notices.success(request, f"{told['waivers'][0]['number']}: {done}.")
    return redirect("charge", told["waivers"][0]["number"])


def table(request: HttpRequest) -> Table:
    """The charges of the month, whole."""
    entity = entity_of(request)
    month_on = _month(request, entity)
    rows = list_document(entity, month_on, None, only_open=False)["charges"]
    return Table(
        f"charges-{month_on:%Y-%m}",
        list(_COLUMNS),
        ["amount", "open"],
        ([*(row[name] for name in _COLUMNS), row["amount"], row["open"]] for row in rows),
    )


def _run(
    request: HttpRequest, entity: Entity, month_on: date, *, is_dry_run: bool
) -> dict[str, Any]:
    author, on = Author(actor(request), now()), today(entity)

    def act() -> dict[str, Any]:
        return run_document(entity, month_on, None, None, on, author)

    return carry_out(act, None, "charge run", [str(month_on)], now(), is_dry_run)


def _month(request: HttpRequest, entity: Entity) -> date:
    """The month that the address names; else the last that is over."""
    named = request.POST.get("month") or request.GET.get("month") or ""
    try:
        return date.fromisoformat(f"{named}-01")
    except ValueError:
        return _beside(today(entity).replace(day=1), today(entity))[0]


def _beside(month_on: date, on: date) -> tuple[date, date | None]:
    """The month before, and the one after if it has begun."""
    after = _end(month_on) + timedelta(days=1)
    return (month_on - timedelta(days=1)).replace(day=1), after if after <= on else None


def _end(month_on: date) -> date:
    return (month_on.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


urlpatterns = [
    path("charges/", charges, name="charges"),
    path("charges/run/", run, name="charges_run"),
    *file_patterns("charges/charges", "charges", table),
    path("charges/waivers/<int:approval_id>/<str:act>/", decide, name="charge_decide"),
    path("charges/<str:number>/", one, name="charge"),
    path("charges/<str:number>/<str:act>/", relieve, name="charge_relieve"),
]
