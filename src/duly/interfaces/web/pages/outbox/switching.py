"""Whether messages leave: the stop button, test mode and its list, and who changed it when."""

from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import require
from duly.access.queries import changes_of_several
from duly.access.rules.roles import may
from duly.collections.actions import name_sender, stop_sending, switch_sending
from duly.collections.errors import ConfirmationDiffers, SenderUnnamed
from duly.collections.queries.messages import last_switch, sending_of
from duly.collections.rules.addressing import is_address
from duly.interfaces.exchange.couriers.hosts import is_mailed_elsewhere
from duly.interfaces.web.current import actor, entities_of, entity_of, now
from duly.interfaces.web.guard import page
from duly.parties.models import Entity

SHOWN_CHANGES = 20
MOST_ADDRESSES = 100
UNNAMED = "Name the address first that messages come from."


@page(act="send", methods=("POST",))
def stop(request: HttpRequest) -> HttpResponse:
    """The stop button: of no company of the firm does a message leave."""
    stop_sending(entities=entities_of(request), actor=actor(request), at=now())
    return redirect("outbox_sending")


@page(methods=("GET", "HEAD", "POST"))
def sending(request: HttpRequest) -> HttpResponse:
    """How sending stands, its trail, and the forms that change it."""
    entity = entity_of(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        require(user=request.user, act="switch_sending")
        errors = _change(request, entity)
        if not errors:
            return redirect("outbox_sending")
    switch = sending_of(entity.pk)
    told: dict[str, Any] = {
        "switch": switch,
        "last": last_switch(entity.pk),
        "changes": changes_of_several({"sending": [switch.pk or 0]}, limit=SHOWN_CHANGES),
        "others": [one.name for one in entities_of(request) if one.pk != entity.pk],
        "errors": errors,
        "given": request.POST,
        "may_switch": may(request.user.role, "switch_sending"),
        "may_send": may(request.user.role, "send"),
    }
    return render(request, "web/outbox_sending.html", told, status=422 if errors else 200)


def _change(request: HttpRequest, entity: Entity) -> dict[str, str]:
    """Carry out what a form asks for; return what is wrong, by field."""
    given: dict[str, Any] = {"entity": entity, "actor": actor(request), "at": now()}
    act = request.POST.get("act", "")
    if act == "on":
        try:
            confirm = request.POST.get("confirm", "")
            switch_sending(**given, mode="on", confirm=confirm, needs_sender=is_mailed_elsewhere())
        except ConfirmationDiffers:
            return {"confirm": f"Type the company’s name as it stands: {entity.name}."}
        except SenderUnnamed:
            return {"sender": UNNAMED}
        toasts.success(request, "Sending is on. What waits leaves as it may.")
    elif act == "test":
        allowed = request.POST.get("allowed", "").replace(",", "\n").split()
        wrong = [text for text in allowed if not is_address(text)]
        if not allowed or wrong or len(allowed) > MOST_ADDRESSES:
            named = ", ".join(wrong[:5])
            told = f"{named} is no e-mail address." if wrong else "Name at least one address."
            return {"allowed": told if len(allowed) <= MOST_ADDRESSES else "Name fewer addresses."}
        try:
            needs = is_mailed_elsewhere()
            switch_sending(**given, mode="test", allowed=allowed, needs_sender=needs)
        except SenderUnnamed:
            return {"sender": UNNAMED}
        toasts.success(request, "Test mode is on. Only these addresses can be reached.")
    elif act == "off":
        switch_sending(**given, mode="off")
        toasts.success(request, "Sending is off. Messages wait.")
    elif act == "sender":
        names = {name: request.POST.get(name, "").strip() for name in ("sender", "reply_to")}
        errors = {
            name: f"{text[:60]} is no e-mail address." if text else "Enter an address."
            for name, text in names.items()
            if not is_address(text) and (text or name == "sender")
        }
        if errors:
            return errors
        name_sender(**given, **names)
        toasts.success(request, "Messages come from this address from now on.")
    return {}
