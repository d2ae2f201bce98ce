"""A new plan for a customer, with its payments as they would be while somebody types."""

from datetime import date
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author
from duly.collections.actions import propose_plan
from duly.collections.errors import PlanUnfit
from duly.collections.policy import PLANS
from duly.collections.queries.plans import items_taken
from duly.collections.rules.plans.schedules import PERIODS, beyond_policy
from duly.disputes.queries import disputed_by_item
from duly.interfaces.exchange.instalments import Asked, draft_of, preview
from duly.interfaces.web.current import actor, customer_of, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Malformed, Refusal
from duly.parties.models import Customer
from duly.receivables.queries import charges_among
from duly.receivables.queries.trading import open_debts

LONGEST = 500
MOST_ITEMS = 500


@page(act="collect", methods=("GET", "HEAD", "POST"))
def propose(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The form, and the plan that it makes."""
    customer, entity = customer_of(request, customer_id), entity_of(request)
    on, refusal = today(entity), None
    if request.method == "POST":
        try:
            draft = draft_of(entity, customer.pk, _asked(request, customer, on))
            plan = propose_plan(entity=entity, draft=draft, author=Author(actor(request), now()))
        except Refusal as error:
            refusal = error
        else:
            toasts.success(request, "Proposed. A second person approves it.")
            return redirect("plan_one", plan.row.pk)
    told = {**_form(request, customer, on), **_payments(request, customer, on)}
    if refusal is not None:
        told["refusal"] = refusal
    return render(request, "web/plan_new.html", told, status=422 if refusal else 200)


@page(act="collect")
def payments(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The payments of a plan as it is typed; writes nothing."""
    customer = customer_of(request, customer_id)
    told = _payments(request, customer, today(entity_of(request)))
    return render(request, "web/plan_payments.html", told)


def _form(request: HttpRequest, customer: Customer, on: date) -> dict[str, Any]:
    given = request.POST or request.GET
    debts = open_debts(customer.entity_id, [customer.pk])
    currencies = sorted({debt.currency for debt in debts})
    currency = _currency(request, customer, currencies)
    mine = sorted(
        (debt for debt in debts if debt.currency == currency), key=lambda one: one.due_on
    )[:MOST_ITEMS]
    taken = items_taken([debt.id for debt in mine])
    disputed = disputed_by_item(entity_id=customer.entity_id, on=on, customer_ids=[customer.pk])
    left_out = taken.keys() | charges_among([debt.id for debt in mine])
    chosen = set(given.getlist("item"))
    return {
        "customer": customer,
        "given": given,
        "currencies": currencies,
        "currency": currency,
        "periods": PERIODS,
        "today": on,
        "policy": PLANS,
        "debts": [
            (
                debt,
                taken.get(debt.id),
                disputed.get(debt.id, 0),
                str(debt.id) in chosen if chosen else debt.due_on < on and debt.id not in left_out,
            )
            for debt in mine
        ],
        "has_disputed": any(disputed.get(debt.id) for debt in mine),
    }


def _down(typed: str | None) -> str:
    """The percentage down as it was typed; the usual one before anything is, as the form shows."""
    return str(PLANS.least_down_percent) if typed is None else typed.strip()[:LONGEST] or "0"


def _payments(request: HttpRequest, customer: Customer, on: date) -> dict[str, Any]:
    """The payments that the form comes to, or why there are none."""
    try:
        draft = draft_of(entity_of(request), customer.pk, _asked(request, customer, on))
        parts = preview(draft)
    except Refusal as refusal:
        return {"unfit": refusal, "parts": []}
    debt = draft.wanted.debt
    return {
        "parts": parts,
        "debt": debt,
        "interest_minor": sum(part.interest_minor for part in parts),
        "whole_minor": sum(part.minor for part in parts),
        "beyond": beyond_policy(draft.wanted, parts, PLANS),
    }


def _currency(request: HttpRequest, customer: Customer, there: list[str]) -> str:
    given = (request.POST or request.GET).get("currency", "")
    own = customer.currency or customer.entity.currency
    first = own if own in there or not there else there[0]
    return given if given in there else first


def _asked(request: HttpRequest, customer: Customer, on: date) -> Asked:
    """A plan as the form tells it. Refuses: Malformed, PlanUnfit."""
    given = request.POST or request.GET

    def text(name: str) -> str:
        return given.get(name, "").strip()[:LONGEST]

    def day(name: str) -> date | None:
        return parse_iso_date(text(name)) if text(name) else None

    ids = [one for one in given.getlist("item")[:MOST_ITEMS] if one.isdecimal() and len(one) < 19]
    if given.get("picked") and not ids:
        raise PlanUnfit(
            "No invoice is picked.", facts={"items": []}, remedy="Pick what the plan is for."
        )
    by_amount = text("how") == "bearable"
    count = text("count")
    if count and (not count.isdecimal() or len(count) > 3):
        raise Malformed(
            f"{count[:20]!r} is no number of instalments.",
            facts={"count": count[:20]},
            remedy="Give a whole number.",
        )
    there = sorted({debt.currency for debt in open_debts(customer.entity_id, [customer.pk])})
    return Asked(
        on=on,
        currency=_currency(request, customer, there),
        item_ids=tuple(int(one) for one in ids),
        down=text("down") if text("down_by") == "amount" else "",
        down_percent="" if text("down_by") == "amount" else _down(given.get("down")),
        down_on=day("down_on"),
        count=None if by_amount or not count else int(count),
        bearable=text("bearable") if by_amount else "",
        period=text("every") or "month",
        first_on=day("first"),
        interest=text("interest"),
        way="direct_debit" if text("way") == "direct_debit" else "transfer",
        mandate=text("mandate")[:64],
        security=text("security"),
        note=text("note"),
        with_disputed=given.get("with_disputed") == "on",
    )
