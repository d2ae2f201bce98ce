"""One message: what is said, to whom, about which items, by which step, and what became of it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.queries import changes_of_several
from duly.access.rules.roles import may
from duly.collections import actions
from duly.collections.errors import MessageUnknown
from duly.collections.models import Message, ScheduledRun
from duly.collections.policy import DunningPolicy
from duly.collections.queries.messages import message_by_id, sending_of
from duly.collections.queries.policies import policies_on
from duly.collections.queries.standing import lines_of
from duly.collections.queries.statements import run_of_message
from duly.collections.rules.orders_told import ORDER_TOLD, SALES_TOLD
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.middleware import add_toast
from duly.interfaces.web.pages.outbox.listing import UNDO, rows_of
from duly.parties.models import Entity
from duly.receivables.queries import places_of_items
from duly.receivables.rules.statements import ACTIVITY

SHOWN_CHANGES = 20
DONE = {
    "hold": "It is held until somebody releases it.",
    "release": "It leaves in a minute. Undo keeps it back.",
    "cancel": "It is taken off and will not be sent. What is due then is planned anew.",
    "arrived": "It counts as sent.",
    "again": "It is sent again in a minute, if it may still go. Undo keeps it back.",
}


@page()
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """The message as it is or was sent, with its items, its step and its trail."""
    entity = entity_of(request)
    found = _message_of(entity, message_id)
    (row,) = rows_of([found], sending_of(entity.pk), now())
    lines = lines_of([found.pk])[found.pk]
    documents = places_of_items([line.item_id for line in lines if line.item_id is not None])
    run = run_of_message(found.pk) if found.channel == "statement" else None
    told: dict[str, Any] = {
        "row": row,
        "message": found,
        "lines": [(line, documents[line.item_id][0] if line.item_id else None) for line in lines],
        "step": _step_words(entity, found, run),
        "run": run,
        "encloses_on": _encloses_on(entity, found, run) if run is not None else None,
        "changes": changes_of_several({"message": [found.pk]}, limit=SHOWN_CHANGES),
        "switch": sending_of(entity.pk),
        "may_send": may(request.user.role, "send"),
        "keys": [("Hold, release, undo", "H R Z")],
    }
    return render(request, "web/outbox_message.html", told)


def _encloses_on(entity: Entity, row: Message, run: ScheduledRun) -> date:
    """The day that an enclosed statement tells: of what is open, the one on which it leaves."""
    if run.asked["kind"] == ACTIVITY:
        return run.due_on
    if row.settled_at is None:
        return today(entity)
    return row.settled_at.astimezone(ZoneInfo(row.timezone)).date()


def _message_of(entity: Entity, message_id: int) -> Message:
    """A message of the books at hand. Refuses: MessageUnknown."""
    found = message_by_id(entity.pk, message_id) if message_id <= LARGEST_ID else None
    if found is None:
        raise MessageUnknown(
            "There is no such message in these books.",
            facts={"message": message_id},
            remedy="Look at the outbox.",
        )
    return found


def _step_words(entity: Entity, row: Message, run: ScheduledRun | None) -> str:
    """The step of the policy that was taken, as it stood then; or why it was written otherwise."""
    if run is not None:
        return "Statement by schedule"
    if row.channel == "enquiry":
        return "Of a credit request: to a referee, a guarantor or the applicant"
    if row.channel in (ORDER_TOLD, SALES_TOLD):
        return "Of orders that wait, or may go"
    policy = policies_on(entity.pk, row.planned_on).get(row.policy)
    version = f"version {row.policy_version}" if row.policy_version else "built in"
    said = f"Step {row.step} of policy {row.policy} ({version})"
    if policy is None or policy.version != row.policy_version:
        return f"{said}."
    return f"{said}: {_due_words(policy, row.step)}."


def _due_words(policy: DunningPolicy, code: str) -> str:
    for place, step in enumerate(policy.steps, 1):
        if step.code == code:
            side = "after" if step.days >= 0 else "before"
            wait = f", {step.wait_days} days after the step before" if place > 1 else ""
            return f"number {place} of {len(policy.steps)}, {abs(step.days)} days {side} due{wait}"
    return "no longer in it"


@page(act="send", methods=("POST",))
def change(request: HttpRequest, message_id: int, act: str) -> HttpResponse:
    """Hold, release or take a message off; say of one that nobody saw end what became of it."""
    found = _message_of(entity_of(request), message_id)
    given: dict[str, Any] = {"message_id": found.pk, "actor": actor(request), "at": now()}
    verbs: dict[str, Callable[[], Message]] = {
        "hold": lambda: actions.hold_message(**given),
        "release": lambda: actions.release_message(**given, not_before=given["at"] + UNDO),
        "cancel": lambda: actions.cancel_message(**given, reason="Taken off on the outbox page."),
        "arrived": lambda: actions.confirm_arrival(**given),
        "again": lambda: actions.send_again(**given, not_before=given["at"] + UNDO),
    }
    if act not in verbs:
        raise Http404
    changed = verbs[act]()
    if not request.htmx:
        toasts.success(request, DONE[act])
        return redirect("outbox_message", found.pk)
    (row,) = rows_of([changed], sending_of(changed.entity_id), now())
    told = {"row": row, "may_send": True, "is_fresh": True}
    return add_toast(render(request, "web/outbox_row.html", told), DONE[act])
