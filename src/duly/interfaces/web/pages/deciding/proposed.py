"""Limits that a person or a rule proposed, for another person to decide about."""

from typing import Any, NamedTuple

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author
from duly.access.rules.roles import may
from duly.credit.actions.decisions import decide_proposal
from duly.credit.models import LimitProposal
from duly.credit.queries.decisions import proposals_waiting
from duly.credit.queries.limits import limits_on
from duly.credit.queries.policies import powers_on
from duly.credit.queries.queue import waits_for
from duly.credit.rules.limits_in_force import LimitInForce
from duly.interfaces.exchange.holding import retest_for
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.kernel.errors import Refusal
from duly.parties.queries import codes_and_names

ACT = "approve_credit"


class Row(NamedTuple):
    """A proposal with the customer's name and the limit that stands."""

    proposal: LimitProposal
    code: str
    name: str
    limit: LimitInForce | None
    is_own: bool
    needs: str  # the least powerful role that may approve it, "committee", or no rate tells


@page()
def proposed(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first."""
    return _shown(request)


def _shown(request: HttpRequest, refusal: Refusal | None = None, wanted: int = 0) -> HttpResponse:
    entity = entity_of(request)
    waiting = proposals_waiting(entity.pk)
    ids = {one.customer_id for one in waiting}
    names, limits = codes_and_names(ids), limits_on(entity.pk, ids, today(entity))
    own, powers = actor(request).casefold(), powers_on(entity, today(entity))
    told: dict[str, Any] = {
        "rows": [
            Row(
                one,
                *names[one.customer_id],
                limits.get(one.customer_id),
                one.actor.casefold() == own,
                waits_for(one, (), powers),
            )
            for one in waiting
        ],
        "may_decide": may(request.user.role, ACT),
        "refusal": refusal,
        "wanted": wanted,
        "here": "credit_proposed",
        "on": today(entity),
    }
    return render(request, "web/credit/proposed.html", told, status=422 if refusal else 200)


@page(act=ACT, methods=("POST",))
def settle(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Approve a proposal as it stands, or decline it."""
    if proposal_id > LARGEST_ID:
        raise Http404
    entity = entity_of(request)
    try:
        outcome = decide_proposal(
            entity_id=entity.pk,
            proposal_id=proposal_id,
            is_approved=request.POST.get("verdict") == "approve",
            reason=request.POST.get("reason", ""),
            on=today(entity),
            author=Author(actor(request), now()),
        )
    except Refusal as refusal:
        return _shown(request, refusal, proposal_id)
    retest_for(entity, outcome.limit, today(entity), Author(actor(request), now()))
    if outcome.limit is not None:
        toasts.success(request, f"The limit stands from {outcome.limit.from_on}.")
    elif outcome.vote is not None:
        toasts.success(request, "Your vote is kept; another one is needed.")
    else:
        toasts.success(request, "It is declined; nothing changes.")
    return redirect("credit_proposed")
