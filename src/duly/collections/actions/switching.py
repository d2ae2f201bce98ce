"""Switch sending on, off or to a trial; hold, release and cancel single messages; say what became
of one that nobody saw end."""

from collections.abc import Callable, Sequence
from datetime import datetime

from duly.access.actions import Author, announce, record_changes
from duly.collections.errors import (
    ConfirmationDiffers,
    MessageGone,
    MessageUnknown,
    SenderUnnamed,
)
from duly.collections.events import SendingSwitched
from duly.collections.models import Message, Sending, Task
from duly.collections.rules.addressing import is_address
from duly.collections.rules.handing import trouble_key
from duly.collections.rules.reasons import ARRIVED, HELD
from duly.parties.models import Entity
from duly.storage.writing import whole


@whole()
def switch_sending(
    *,
    entity: Entity,
    mode: str,
    actor: str,
    at: datetime,
    confirm: str = "",
    allowed: Sequence[str] = (),
    needs_sender: bool = False,
) -> Sending:
    """Switch sending of an entity to off, test, on or stopped.

    Rule: on only when the entity's name is typed; test reaches the addresses `allowed` alone.
    Where no sender is named, the company's own address is.
    Given: `needs_sender` where the mail server is another machine.
    Refuses: ConfirmationDiffers, SenderUnnamed. Announces: SendingSwitched.
    """
    if mode == "on" and confirm.strip() != entity.name:
        raise ConfirmationDiffers(
            f"{confirm!r} is not the name of the company whose mail would leave.",
            facts={"confirm": confirm, "entity": entity.name},
            remedy=f"Type it as it stands: duly sending on --confirm {entity.name!r}.",
        )
    row = _sending(entity.pk, actor, at)
    before = {"mode": row.mode, "allowed": row.allowed, "sender": row.sender}
    if mode in ("on", "test"):
        row.sender = row.sender or _own_address(entity, is_needed=needs_sender)
    row.mode, row.actor, row.changed_at = mode, actor, at
    if mode == "test":
        row.allowed = sorted({address.strip().lower() for address in allowed})
    row.save()
    record_changes(
        noun="sending",
        changes=[
            (
                row.pk,
                before,
                {"mode": row.mode, "allowed": row.allowed, "sender": row.sender},
            )
        ],
        author=Author(actor, at),
    )
    announce(event=SendingSwitched(entity.pk, mode), at=at)
    return row


def _own_address(entity: Entity, *, is_needed: bool) -> str:
    if is_address(entity.email):
        return entity.email
    if is_needed:
        raise SenderUnnamed(
            "Nobody said from which address messages come.",
            facts={"entity": entity.name},
            remedy="Name it: duly sending from ADDRESS, or Outbox, Sending, From whom.",
        )
    return ""


@whole()
def stop_sending(*, entities: Sequence[Entity], actor: str, at: datetime) -> None:
    """The stop button: not one message of the whole firm leaves until somebody switches it on."""
    for entity in entities:
        switch_sending(entity=entity, mode="stopped", actor=actor, at=at)


def _sending(entity_id: int, actor: str, at: datetime) -> Sending:
    row, _ = Sending.objects.select_for_update().get_or_create(
        entity_id=entity_id, defaults={"mode": "off", "actor": actor, "changed_at": at}
    )
    return row


@whole()
def name_sender(*, entity: Entity, sender: str, reply_to: str, actor: str, at: datetime) -> Sending:
    """Say from which address messages come and where replies go."""
    row = _sending(entity.pk, actor, at)
    before = {"sender": row.sender, "reply_to": row.reply_to}
    row.sender, row.reply_to, row.actor, row.changed_at = sender, reply_to, actor, at
    row.save()
    record_changes(
        noun="sending",
        changes=[(row.pk, before, {"sender": sender, "reply_to": reply_to})],
        author=Author(actor, at),
    )
    return row


@whole()
def name_readers(*, entity: Entity, readers: Sequence[str], actor: str, at: datetime) -> Sending:
    """Say who of the firm gets the week by mail; nobody does while none is named."""
    row = _sending(entity.pk, actor, at)
    before = {"readers": row.readers}
    row.readers, row.actor, row.changed_at = list(dict.fromkeys(readers)), actor, at
    row.save()
    record_changes(
        noun="sending",
        changes=[(row.pk, before, {"readers": row.readers})],
        author=Author(actor, at),
    )
    return row


def hold_message(*, message_id: int, actor: str, at: datetime) -> Message:
    """Keep a queued message back until it is released."""

    def change(row: Message) -> None:
        row.state, row.why_code, row.why_text = "held", *HELD

    return _change(message_id, ("queued",), change, actor, at)


def release_message(
    *, message_id: int, actor: str, at: datetime, not_before: datetime | None = None
) -> Message:
    """Let a held message go, not before a moment: the minute in which a person may undo it."""

    def change(row: Message) -> None:
        row.state, row.why_code, row.why_text, row.not_before = "queued", "", "", not_before

    return _change(message_id, ("held",), change, actor, at)


def cancel_message(*, message_id: int, reason: str, actor: str, at: datetime) -> Message:
    """Take a message off that has not left, or that failed: what is due then is planned anew."""

    def change(row: Message) -> None:
        _finish_task(row, actor, at)
        row.state, row.why_code, row.why_text = "cancelled", "by_hand", reason
        row.settled_at = at

    return _change(message_id, ("queued", "held", "failed"), change, actor, at)


def confirm_arrival(*, message_id: int, actor: str, at: datetime) -> Message:
    """Say that a message arrived of which nobody knew: a person looked, or asked the customer."""

    def change(row: Message) -> None:
        _finish_task(row, actor, at)
        row.state, row.why_code, row.why_text = "sent", *ARRIVED

    return _change(message_id, ("unknown",), change, actor, at)


def send_again(
    *, message_id: int, actor: str, at: datetime, not_before: datetime | None = None
) -> Message:
    """Queue a message again that did not arrive, as a person found; it is judged again first."""

    def change(row: Message) -> None:
        _finish_task(row, actor, at)
        row.state, row.why_code, row.why_text, row.not_before = "queued", "", "", not_before
        row.settled_at = None

    return _change(message_id, ("unknown", "failed"), change, actor, at)


def _finish_task(row: Message, actor: str, at: datetime) -> None:
    waiting = Task.objects.filter(key=trouble_key(row.pk, row.state, row.attempts), done_at=None)
    waiting.update(done_at=at, actor=actor)


@whole()
def _change(
    message_id: int,
    states: tuple[str, ...],
    change: Callable[[Message], None],
    actor: str,
    at: datetime,
) -> Message:
    """Change a message that is in one of some states. Refuses: MessageUnknown, MessageGone."""
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None:
        raise MessageUnknown(
            f"There is no message {message_id}.",
            facts={"message": message_id},
            remedy="Look at `duly messages`.",
        )
    if row.state not in states:
        raise MessageGone(
            f"Message {message_id} is {row.get_state_display().lower()}.",
            facts={"message": message_id, "state": row.state},
            remedy=f"This can be done while it is {' or '.join(states)}.",
        )
    before = {"state": row.state}
    change(row)
    row.save()
    record_changes(
        noun="message",
        changes=[(row.pk, before, {"state": row.state, "why": row.why_text})],
        author=Author(actor, at),
    )
    return row
