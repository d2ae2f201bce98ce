"""One plan: its payments and what came of them, its papers, and what may be done with it."""

from typing import Any

from django.conf import settings
from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author, require
from duly.access.rules.roles import may
from duly.collections.actions import (
    Signer,
    approve_plan,
    cancel_plan,
    offer_plan,
    sign_plan,
)
from duly.collections.errors import PlanUnknown
from duly.collections.queries.plans import Plan, papers_of, plan_numbered
from duly.collections.rules.plans.moving import CANCELLED, MOVES
from duly.interfaces.exchange.agreements import agreement_pdf
from duly.interfaces.exchange.instalments import link_to
from duly.interfaces.exchange.secret_links import link_key
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.plans.listing import rows_of
from duly.receivables.rules.references import spaced
from duly.storage.reading import one_state

ACTS = {
    "approve": "approve_plan",
    "decline": "approve_plan",
    "offer": "collect",
    "sign": "collect",
    "cancel": "collect",
}
DONE = {
    "approve": "Approved. Offer it to the customer now.",
    "decline": "Declined; the plan is cancelled.",
    "offer": "The agreement is written. Give the customer its link.",
    "sign": "Signed. These invoices are not chased while the plan is kept.",
    "cancel": "Cancelled; its invoices are chased again.",
}


@page()
def one(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The page."""
    entity = entity_of(request)
    with one_state():
        plan = _plan(request, plan_id)
        [row] = rows_of(entity, [plan], today(entity))
        papers = papers_of(plan)
        is_approved = any(step.kind == "approved" for step in papers.steps)
    role, state = request.user.role, plan.row.state
    parts = zip(row.reckoning.results, plan.agreed.parts, strict=True)
    told: dict[str, Any] = {
        "plan": plan.row,
        "row": row,
        "payments": [
            (result, part, spaced(plan.references[result.number])) for result, part in parts
        ],
        "items": plan.items,
        "total_minor": plan.total_minor,
        "interest_minor": plan.total_minor - plan.row.debt_minor,
        "papers": papers,
        "address": link_to(plan, now()) if papers.agreement else None,
        "is_reachable": bool(settings.PUBLIC_URL),
        "may_approve": state == "proposed" and not is_approved and may(role, "approve_plan"),
        "is_mine": plan.row.actor == actor(request),
        "may_offer": state == "proposed" and is_approved and may(role, "collect"),
        "may_sign": state == "offered" and may(role, "collect"),
        "may_cancel": CANCELLED in MOVES[state] and may(role, "collect"),
    }
    return render(request, "web/plan.html", told)


@page()
def agreement(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The agreement as PDF. Refuses: PlanUnknown, PlanStateUnfit."""
    plan = _plan(request, plan_id)
    name = f'attachment; filename="agreement-{plan.row.pk}.pdf"'
    return HttpResponse(
        agreement_pdf(plan).pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": name},
    )


@page(methods=("POST",))
def act(request: HttpRequest, plan_id: int, act: str) -> HttpResponse:
    """Approve, decline, offer, take in as signed on paper, cancel. Refuses: as the verbs do."""
    if act not in ACTS:
        raise Http404
    require(user=request.user, act=ACTS[act])
    plan, entity = _plan(request, plan_id), entity_of(request)
    about = {
        "entity": entity,
        "plan_id": plan.row.pk,
        "on": today(entity),
        "author": Author(actor(request), now()),
    }
    reason = request.POST.get("reason", "").strip()[:500]
    if act in ("approve", "decline"):
        approve_plan(**about, is_approved=act == "approve", reason=reason)
    elif act == "offer":
        offer_plan(**about, key=link_key())
    elif act == "sign":
        signer = Signer(request.POST.get("name", ""), request.POST.get("title", ""), "paper")
        sign_plan(**about, signer=signer, is_agreed=True)
    else:
        cancel_plan(**about, reason=reason)
    toasts.success(request, DONE[act])
    return redirect("plan_one", plan.row.pk)


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    """A plan of the books at hand. Refuses: PlanUnknown."""
    if plan_id > LARGEST_ID:
        raise PlanUnknown(
            f"There is no instalment plan {plan_id}.",
            facts={"plan": plan_id},
            remedy="Look at the list of plans.",
        )
    return plan_numbered(entity_of(request).pk, plan_id)
