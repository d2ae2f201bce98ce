"""Take back what was just done: for a minute, by whoever did it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core import signing
from django.http import HttpRequest

from duly.access.actions import Author
from duly.collections import actions
from duly.disputes.actions import close_dispute
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.kernel.errors import RuleBreach

SECONDS = 60
GRACE_SECONDS = 5  # the page counts from when it got the answer
SALT = "duly.undo"


class UndoTooLate(RuleBreach):
    """The minute in which an act can be taken back is over, or it was another person's."""

    code = "UNDO_TOO_LATE"


def token(request: HttpRequest, **done: Any) -> str:
    """What takes an act back: its kind and number, signed, of this person and this minute."""
    return signing.dumps({**done, "by": actor(request)}, salt=SALT)


def take_back(request: HttpRequest, told: str) -> dict[str, Any]:
    """Take an act back; return what it was. Refuses: UndoTooLate, and as the verbs do."""
    try:
        done = signing.loads(told, salt=SALT, max_age=SECONDS + GRACE_SECONDS)
    except signing.BadSignature:
        done = {}
    if done.get("by") != actor(request):
        raise UndoTooLate(
            "This can no longer be taken back here.",
            remedy="Open the customer: what stands is told there, and can be ended.",
        )
    _UNDO[done["kind"]](request, done)
    for task_id in done.get("tasks", ()):
        actions.open_task_again(task_id=task_id, actor=actor(request))
    return dict(done)


Undo = Callable[[HttpRequest, Mapping[str, Any]], object]


def _promise(request: HttpRequest, done: Mapping[str, Any]) -> object:
    on = today(entity_of(request))
    return actions.cancel_promise(promise_id=done["id"], on=on, actor=actor(request), at=now())


def _dispute(request: HttpRequest, done: Mapping[str, Any]) -> object:
    return close_dispute(
        dispute_id=done["id"],
        verdict="mistake",
        credit_minor=0,
        on=today(entity_of(request)),
        actor=actor(request),
        at=now(),
    )


def _release(request: HttpRequest, done: Mapping[str, Any]) -> object:
    """Of the company that was released, whichever the browser shows by now."""
    on, who = date.fromisoformat(done["on"]), {"actor": actor(request), "at": now()}
    if not actions.hold_day(entity_id=done["entity"], on=on, **who):
        raise UndoTooLate("All of it has left already.", remedy="See in the outbox to whom.")
    return None


def _recorded(request: HttpRequest, done: Mapping[str, Any]) -> object:
    return actions.take_back_recorded(
        call_id=done["id"],
        dispute_ids=done["disputes"],
        on=today(entity_of(request)),
        author=Author(actor(request), now()),
    )


_UNDO: dict[str, Undo] = {
    "call": lambda r, d: actions.take_back_call(call_id=d["id"], actor=actor(r), at=now()),
    "promise": _promise,
    "dispute": _dispute,
    "snooze": lambda r, d: actions.end_block(block_id=d["id"], actor=actor(r), at=now()),
    "note": lambda r, d: actions.take_back_note(note_id=d["id"], at=now()),
    "send": lambda r, d: actions.hold_message(message_id=d["id"], actor=actor(r), at=now()),
    "several snooze": lambda r, d: actions.end_blocks(block_ids=d["ids"], actor=actor(r), at=now()),
    "several note": lambda r, d: actions.take_back_notes(note_ids=d["ids"], at=now()),
    "several take": lambda r, d: actions.let_customers_go(customer_ids=d["ids"], actor=actor(r)),
    "task": lambda r, d: None,  # the tasks of the act are opened again, as with every act
    "release": _release,
    "recorded": _recorded,
}
