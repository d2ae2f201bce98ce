"""What was said to a customer and what was not, in the words of its timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from duly.cash_application.models import RemittanceAdvice
from duly.collections.models import Block, Call, IncomingMail, Message, Note, Promise, Silence
from duly.collections.queries.history import JUDGED, Place
from duly.disputes.models import SHORT_PAY, Dispute
from duly.interfaces.web.links import address
from duly.interfaces.web.pages.customer.entries import Entry, Link
from duly.interfaces.web.templatetags.show import day, plain_money
from duly.kernel.quoting import safe_text

# state -> (icon, tone, words behind the step's name)
_MESSAGES = {
    "queued": ("mail", "", "waits to leave"),
    "held": ("pause", "warn", "is held back"),
    "sending": ("send", "", "is being handed over"),
    "task": ("list-checks", "act", "is for a person"),
    "sent": ("mail-check", "", "sent"),
    "unknown": ("mail-question-mark", "warn", "may have been sent"),
    "failed": ("mail-x", "bad", "was not delivered"),
    "cancelled": ("skip-forward", "skip-dot", "not sent"),
}
_MOMENTS = ("recorded_at", "queued_at", "read_at")
_VERDICTS = {
    "kept": ("circle-check", "good", "Promise kept"),
    "partly_kept": ("circle-dot-dashed", "warn", "Promise kept in part"),
    "broken": ("circle-x", "bad", "Promise broken"),
}

# kind -> (icon, tone, words behind the sender's name or the address)
_MAILS = {
    "reply": ("reply", "act", "answered"),
    "auto_reply": ("bot", "", "answered automatically"),
    "bounce": ("mail-x", "bad", "did not get our mail"),
    "delay": ("clock", "warn", "gets our mail late"),
    "other": ("mail", "", "wrote"),
}
_LONGEST_SUBJECT, _LONGEST_NAME = 200, 80


def told(place: Place, row: Model, zone: ZoneInfo) -> Entry:
    """One record of the desk as an entry."""
    if place.rank == JUDGED and isinstance(row, Promise):
        return _judged(row)
    words = _WORDS[type(row)](row)
    at = next(filter(None, (getattr(row, name, None) for name in _MOMENTS)), None)
    local = at.astimezone(zone) if isinstance(at, datetime) else None
    return Entry(on=place.on, at=local if local and local.date() == place.on else None, **words)


def _judged(row: Promise) -> Entry:
    icon, tone, words = _VERDICTS[row.state]
    came = plain_money(row.received_minor, row.currency)
    return Entry(
        on=row.judged_on,
        icon=icon,
        tone=tone,
        words=words,
        detail=f"{came} came of {plain_money(row.amount_minor, row.currency)} by {day(row.due_on)}",
        minor=row.amount_minor,
        currency=row.currency,
    )


def _promise(row: Promise) -> dict[str, Any]:
    said = ", ".join(part for part in (row.person, row.channel, f"told to {row.actor}") if part)
    return {
        "icon": "handshake",
        "tone": "act",
        "words": f"Promised by {day(row.due_on)}",
        "detail": ". ".join(part for part in (said, row.note) if part),
        "minor": row.amount_minor,
        "currency": row.currency,
        "is_undone": row.state == "cancelled",
    }


def _dispute(row: Dispute) -> dict[str, Any]:
    state = f"Closed as {row.get_verdict_display().lower()}" if row.verdict else "Open"
    act = "deducted" if row.origin == SHORT_PAY else "objected to"
    return {
        "icon": "message-square-warning",
        "tone": "warn",
        "words": f"{row.number} {act}: {row.reason.replace('_', ' ')}",
        "detail": f"{state}; {row.owner} clears it by {day(row.deadline_on)}. {row.note}".strip(),
        "minor": row.amount_minor,
        "currency": row.currency,
        "is_undone": row.verdict == "mistake",
    }


def _call(row: Call) -> dict[str, Any]:
    again = f"Again on {day(row.next_on)}" if row.next_on else ""
    whom = " on ".join(part for part in (row.person, row.phone) if part)
    return {
        "icon": "phone",
        "tone": "",
        "words": f"Call: {row.get_outcome_display().lower()}",
        "detail": ". ".join(p for p in (whom, row.note, again, f"by {row.actor}") if p),
        "is_undone": row.taken_back_at is not None,
    }


def _block(row: Block) -> dict[str, Any]:
    until = f" until {day(row.until_on)}" if row.until_on else ""
    return {
        "icon": "alarm-clock" if row.kind == "snooze" else "circle-pause",
        "tone": "",
        "words": f"{row.get_kind_display()}{until}",
        "detail": f"{row.reason}, by {row.actor}",
        "is_undone": row.ended_at is not None,
    }


def _message(row: Message) -> dict[str, Any]:
    icon, tone, words = _MESSAGES[row.state]
    to = f"to {', '.join(row.recipients)}" if row.recipients else ""
    return {
        "icon": icon,
        "tone": tone,
        "words": f"{row.step.replace('_', ' ').capitalize()} {words}",
        "detail": ". ".join(part for part in (to, row.why_text) if part),
        "minor": row.amount_minor,
        "currency": row.currency,
    }


def _silence(row: Silence) -> dict[str, Any]:
    what = row.step.replace("_", " ").capitalize() if row.step else "This part"
    until = f" Until {day(row.until_on)}." if row.until_on else ""
    return {
        "icon": "skip-forward",
        "tone": "skip-dot",
        "words": f"{what} not sent" if row.step else f"{what} was not asked for",
        "detail": f"{row.why_text}{until}",
        "minor": row.amount_minor,
        "currency": row.currency,
    }


def _note(row: Note) -> dict[str, Any]:
    return {
        "icon": "notebook-pen",
        "tone": "act",
        "words": "Note",
        "detail": f"{row.text} ({row.actor})",
        "is_undone": row.taken_back_at is not None,
    }


def _advice(row: RemittanceAdvice) -> dict[str, Any]:
    documents = f"{row.line_count} document" + "s" * (row.line_count != 1)
    on = f"says that it was paid on {day(row.paid_on)}" if row.paid_on else ""
    reference = safe_text(row.payment_reference, _LONGEST_NAME)
    who = safe_text(row.payer_name, _LONGEST_NAME)
    return {
        "icon": "list-checks",
        "tone": "act",
        "words": f"Told what was paid: {documents}",
        "detail": ", ".join(p for p in (who, reference, on, safe_text(row.file, 80)) if p),
        "minor": row.total_minor,
        "currency": row.currency if row.total_minor is not None else "",
    }


def _mail(row: IncomingMail) -> dict[str, Any]:
    icon, tone, words = _MAILS[row.kind]
    is_returned = row.kind in ("bounce", "delay")
    who = row.address if is_returned and row.address else row.sender_name or row.sender
    told = [safe_text(row.subject, _LONGEST_SUBJECT)]
    if row.sender and not is_returned:
        told.append(f"from {safe_text(row.sender, _LONGEST_NAME)}")
    if row.enclosed:
        told.append(f"with {', '.join(safe_text(name, _LONGEST_NAME) for name in row.enclosed)}")
    return {
        "icon": icon,
        "tone": tone,
        "words": f"{safe_text(who, _LONGEST_NAME) or 'Somebody'} {words}",
        "items": [Link("our message", address("outbox_message", row.about_id))]
        if row.about_id
        else [],
        "detail": ", ".join(filter(None, told)),
        "text": f"{row.text} …" if row.is_cut else row.text,
    }


_WORDS: Mapping[type[Model], Any] = {
    Promise: _promise,
    Dispute: _dispute,
    Call: _call,
    Block: _block,
    Message: _message,
    Silence: _silence,
    Note: _note,
    IncomingMail: _mail,
    RemittanceAdvice: _advice,
}
