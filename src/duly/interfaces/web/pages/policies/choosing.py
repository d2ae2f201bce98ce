"""Put everyone, a segment, a customer or an item under a policy."""

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.collections.actions import choose_policy, end_choice
from duly.collections.errors import ChoiceUnknown, PolicyUnknown
from duly.collections.queries.policies import choices_in_force
from duly.interfaces.exchange.collecting import items_named
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.policies.looking import SCOPES, told_policies
from duly.kernel.errors import Missing
from duly.parties import queries as parties

LONGEST = 64


@page(act="edit_policy", methods=("POST",))
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a choice from today on; what is wrong is told at its field."""
    entity = entity_of(request)
    given = {
        name: request.POST.get(name, "").strip()[:LONGEST]
        for name in ("policy", "scope", "segment", "customer", "item")
    }
    errors: dict[str, str] = {}
    record_id = 0
    scope = given["scope"]
    if scope not in SCOPES:
        errors["scope"] = "Say for whom."
    if scope == "segment" and not given["segment"]:
        errors["segment"] = "Choose a segment."
    if scope in ("customer", "item"):
        try:
            record_id = parties.customer(entity_id=entity.pk, code=given["customer"]).pk
            if scope == "item":
                record_id = items_named(entity.pk, record_id, [given["item"]])[0].id
        except Missing as error:
            errors["item" if record_id else "customer"] = error.message
    if not errors:
        try:
            choose_policy(
                entity_id=entity.pk,
                policy=given["policy"],
                scope=scope,
                segment=given["segment"] if scope == "segment" else "",
                record_id=record_id,
                on=today(entity),
                actor=actor(request),
                at=now(),
            )
        except PolicyUnknown as error:
            errors["policy"] = error.message
    if errors:
        told = told_policies(request) | {"given": given, "errors": errors}
        return render(request, "web/policies.html", told, status=422)
    toasts.success(request, f"{given['policy']} holds there from today on.")
    return redirect("policies")


@page(act="edit_policy", methods=("POST",))
def end(request: HttpRequest) -> HttpResponse:
    """End a choice from today on. Refuses: ChoiceUnknown."""
    entity = entity_of(request)
    on, number = today(entity), request.POST.get("choice", "")
    row = next((one for one in choices_in_force(entity.pk, on) if str(one.pk) == number), None)
    if row is None:
        raise ChoiceUnknown(
            "This choice ended before, or another replaced it.", remedy="Look at the policies."
        )
    end_choice(
        entity_id=entity.pk,
        scope=row.scope,
        segment=row.segment,
        record_id=row.record_id,
        on=on,
        actor=actor(request),
        at=now(),
    )
    toasts.success(request, f"{row.policy} ends there today: what holds around it holds.")
    return redirect("policies")
