"""Money that goes back: refunds, asked for by one person and approved by another, and what the bank
took back without saying from which payment."""

from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.crypto import get_random_string

from duly.access.actions import require
from duly.access.rules.roles import may
from duly.cash_application.queries import undoing_lines
from duly.interfaces.exchange.refunding import (
    OPEN,
    ask_by_number,
    decide_by_number,
    pay_by_number,
)
from duly.interfaces.exchange.settling import Asked
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.exporting import Table, all_rows, amount, file_addresses, file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Refusal
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.receivables.queries import RefundRow, refunds
from duly.receivables.rules.returning import reason_of
from duly.storage.reading import one_state

PAGE_SIZE = 100
LONGEST = 300
STATES = {
    "asked": ("warn", "Waits for a second person"),
    "approved": ("act", "Approved, to be paid"),
    "paid": ("good", "Paid"),
    "refused": ("", "Refused"),
    "lapsed": ("", "Lapsed: the bank took the payment back"),
}
ACTS = {"approve": "approve_refund", "refuse": "apply", "paid": "apply"}
DONE = {
    "approve": "approved",
    "refuse": "refused; its money is free again",
    "paid": "booked as paid",
}


@page(methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Refunds that wait (`?all=1`: all of them), and a form that asks for one (`?payment=`)."""
    entity, refusal = entity_of(request), None
    if request.method == "POST":
        require(user=request.user, act="apply")
        try:
            return _ask(request, entity)
        except Refusal as error:
            refusal = error
    number = page_in(request.GET.get("page", ""))
    with one_state():
        rows = refunds(
            entity.pk,
            states=_states(request),
            limit=PAGE_SIZE + 1,
            offset=(number - 1) * PAGE_SIZE,
        )
        unknown = undoing_lines(entity.pk, limit=PAGE_SIZE)
    is_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    names = _names(rows)
    role = request.user.role
    told: dict[str, Any] = {
        "refusal": refusal,
        "given": request.POST if request.method == "POST" else request.GET,
        "rows": [(row, names.get(row.customer_id or 0, ""), *STATES[row.state]) for row in rows],
        "unknown": [(one, reason_of(one.undoing.reason)) for one in unknown],
        "is_all": not _states(request),
        "number": number,
        "is_more": is_more,
        "key": request.POST.get("key") or get_random_string(22),
        "me": actor(request),
        "today": today(entity),
        "may_ask": may(role, "apply"),
        "may_approve": may(role, "approve_refund"),
        **file_addresses(request, "refunds"),
    }
    return render(request, "web/refunds.html", told, status=422 if refusal else 200)


def _states(request: HttpRequest) -> tuple[str, ...]:
    return () if request.GET.get("all") else OPEN


def _names(rows: list[RefundRow]) -> dict[int, str]:
    named = codes_and_names({row.customer_id for row in rows if row.customer_id})
    return {pk: name for pk, (_, name) in named.items()}


def _ask(request: HttpRequest, entity: Entity) -> HttpResponse:
    def text(name: str) -> str:
        return request.POST.get(name, "").strip()[:LONGEST]

    told = ask_by_number(
        _asked(request, entity),
        source=text("payment"),
        amount=text("amount"),
        reason=text("reason"),
        account=text("account"),
    )
    money = f"{told['amount']} {told['currency']}"
    toasts.success(request, f"A second person must approve {money}. They are reserved till then.")
    return redirect("refunds")


def _asked(request: HttpRequest, entity: Entity) -> Asked:
    on = request.POST.get("on", "").strip()
    return Asked(
        actor=actor(request),
        at=now(),
        entity_name=entity.name,
        on=parse_iso_date(on) if on else today(entity),
        key=request.POST.get("key", "")[:64] or None,
    )


@page(methods=("POST",))
def settle(request: HttpRequest, refund_id: int, act: str) -> HttpResponse:
    """Approve, refuse, or book as paid. Refuses: as the verbs do, NotYourPart."""
    if act not in ACTS or refund_id > LARGEST_ID:
        raise Http404
    require(user=request.user, act=ACTS[act])
    asked = _asked(request, entity_of(request))
    if act == "paid":
        told = pay_by_number(asked, refund_id=refund_id)
    else:
        told = decide_by_number(asked, refund_id=refund_id, is_approved=act == "approve")
    money = f"{told['amount']} {told['currency']} of {told['payment']}"
    toasts.success(request, f"The refund of {money} is {DONE[act]}.")
    return redirect("refunds")


def table(request: HttpRequest) -> Table:
    """The whole list."""
    entity = entity_of(request)
    states = _states(request)
    rows = list(all_rows(lambda at, n: refunds(entity.pk, states=states, limit=n, offset=at)))
    names = _names(rows)
    texts = ["payment", "customer", "state", "reason", "account", "warning", "asked_on"]
    texts += ["asked_by", "decided_by", "paid_on", "currency"]
    lines = (
        [
            row.source,
            names.get(row.customer_id or 0, ""),
            row.state,
            row.reason,
            row.account,
            row.warning,
            row.asked_on.isoformat(),
            row.asked_by,
            row.decided_by,
            row.paid_on.isoformat() if row.paid_on else "",
            row.currency,
            amount(row.amount_minor, row.currency),
        ]
        for row in rows
    )
    return Table("refunds", texts, ["amount"], lines)


urlpatterns = [
    path("refunds/", listing, name="refunds"),
    *file_patterns("refunds/refunds", "refunds", table),
    path("refunds/<int:refund_id>/<str:act>/", settle, name="refund_settle"),
]
