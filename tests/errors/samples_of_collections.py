"""One way into each refusal of the collections desk."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import RequestFactory
from tests.errors.desk import AT, ON, Desk

from duly.access.actions import drop_view
from duly.access.models import User
from duly.collections import actions
from duly.collections.actions import Handover, Place
from duly.collections.models import IncomingMail, Message
from duly.collections.queries.laws import merged, shipped_packs
from duly.collections.rules.laws.linter import lint, refuse_unlawful
from duly.collections.rules.laws.reading import read_pack
from duly.collections.rules.policies import read_policy
from duly.interfaces.exchange.attaching import enclosures
from duly.interfaces.exchange.couriers.arrivals import read_mail
from duly.interfaces.exchange.couriers.imap import Mailbox, address_from_environment
from duly.interfaces.exchange.couriers.names import Resolver
from duly.interfaces.exchange.couriers.smtp import Courier
from duly.interfaces.jobs.day import run_day
from duly.interfaces.jobs.foreseeing import preview_text
from duly.interfaces.jobs.mailing import _courier
from duly.interfaces.jobs.planned import send_step
from duly.interfaces.web.pages.desk.planning import refuse_unplanned
from duly.interfaces.web.pages.desk.undoing import take_back
from duly.interfaces.web.written import refuse_controls
from duly.parties.models import Entity
from duly.parties.queries import customer, entity


def _dispute(desk: Desk, *more: str, amount: str = "1.00", reason: str = "price") -> object:
    return desk.run(
        "dispute", "add", "I1", "--customer", "C1", "--amount", amount, "--reason", reason, *more
    )


def _credited(desk: Desk, *more: str) -> None:
    number = str(_dispute(desk)[0]["disputes"][0]["id"])
    desk.run("dispute", "close", number, "--issue", *more)


def _credited_alike(desk: Desk) -> None:
    desk.open_books()
    for _ in range(2):
        _credited(desk, "--as", "valid", "--number", "CN-1")


_REASONS = ("dispute", "reasons")


def _given(desk: Desk, name: str, text: str) -> str:
    (desk.folder / name).write_text(text)
    return str(desk.folder / name)


def _empty_proof(desk: Desk) -> None:
    number = str(_dispute(desk.open_books())[0]["disputes"][0]["id"])
    desk.run("dispute", "attach", number, _given(desk, "proof.pdf", ""))


def _duty(desk: Desk) -> None:
    desk.open_books().run(*_REASONS, "set", "tax", "--owner", "Ada", "--days", "0")


def _codes_without_header(desk: Desk) -> None:
    desk.open_books().run(*_REASONS, "map", _given(desk, "codes.csv", "a,b\n1,2\n"))


def _closed_twice(desk: Desk) -> None:
    number = str(_dispute(desk.open_books())[0]["disputes"][0]["id"])
    for _ in range(2):
        desk.run("dispute", "close", number, "--as", "valid")


def _promise(desk: Desk, *more: str) -> object:
    return desk.run(
        "promise", "add", "C1", "--amount", "1.00", "--currency", "EUR", "--on", "2026-03-02", *more
    )


def _excuse(desk: Desk, text: str) -> object:
    return desk.run("excuse", "add", _given(desk, "excuse.toml", text))


def _cancelled_twice(desk: Desk) -> None:
    number = str(_promise(desk.open_books(), "--due", "2026-03-05")[0]["promises"][0]["id"])
    for _ in range(2):
        desk.run("promise", "cancel", number)


def _held_when_sent(desk: Desk) -> None:
    desk.open_books()
    row = Message.objects.create(
        entity_id=entity(None).pk,
        customer_id=1,
        key="k",
        planned_on=ON,
        policy_version=0,
        recipients=[],
        amount_minor=1,
        state="sent",
        queued_at=AT,
    )
    actions.hold_message(message_id=row.pk, actor="test", at=AT)


def _enclosure(desk: Desk) -> object:
    asked = Handover(1, 1, "<1@x>", "", "", "", (), "S", "B", "en", attachments=("scan",))
    return enclosures(desk.open_books() and entity(None), asked, ON)


def _mailbox(url: str) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DULY_IMAP_URL", url)
        address = address_from_environment()
        return address and Mailbox(address)


def _mail_tied_twice(desk: Desk) -> None:
    desk.open_books()
    given = Place("box", 1, 1), read_mail(b"From: who@nowhere.example\r\n\r\nHello")
    actions.take_in_mail(arrived=[given], only_entity_id=None, on=ON, at=AT)
    for _ in range(2):
        desk.run("mail", "tie", str(IncomingMail.objects.get().pk), "C1")


def _template(desk: Desk) -> None:
    actions.save_template(
        entity_id=1, name="x", language="en", subject="S", body="Pay.", actor="test", at=AT
    )


def _latin_pack(desk: Desk) -> None:
    path = desk.folder / "pack.toml"
    path.write_bytes("title = 'Ä'".encode("latin-1"))
    desk.open_books().run("laws", "add", str(path))


def _weak_pack(desk: Desk) -> None:
    path = desk.folder / "pack.toml"
    path.write_text(
        'name = "x"\ntitle = "X"\nchecked_on = 2026-01-01\n[[rule]]\nid = "US-REGF-7"\n'
        'place = "US"\nwho = ["consumer"]\nwhat = "frequency"\nlevel = "warn"\n'
        'channels = ["call"]\nlimits = [{ most = 7, days = 7 }]\nafter_talk_days = 7\n'
        'counts = "attempts"\nwords = "w"\nsource = "s"\nstatus = "verified"\n'
    )
    desk.open_books().run("laws", "add", str(path))


def _latin_template(desk: Desk) -> None:
    path = desk.folder / "t.txt"
    path.write_bytes(b"S\xe9\nbody")
    desk.open_books().run("template", "set", "t", str(path), "--language", "fr")


def _policy_file(desk: Desk) -> None:
    path = desk.folder / "policy.toml"
    path.write_text("= broken")
    desk.open_books().run("policy", "preview", str(path))


def _claimed(desk: Desk) -> None:
    for who in ("ann", "bob"):
        actions.claim_customer(customer_id=1, actor=who, name=who.title(), at=AT)


def _nothing_to_send(desk: Desk) -> None:
    one = desk.open_books() and entity(None)
    send_step(entity=one, on=ON, customer_id=_first(one), actor="test", at=AT)


def _first(one: Entity) -> int:
    return customer(entity_id=one.pk, code="C1").pk


def _choice_ended_twice(desk: Desk) -> None:
    desk.open_books()
    desk.run("policy", "choose", "silent", "--customer", "C1")
    for _ in range(2):
        desk.run("policy", "end", "--customer", "C1")


def _not_suppressed(desk: Desk) -> None:
    desk.open_books().run("suppression", "lift", "ap@c.example")


def _released_unseen(desk: Desk) -> None:
    refuse_unplanned(None, ON)


def _released_otherwise(desk: Desk) -> None:
    desk.open_books().take("customer_id,name,email\nC2,Tall Oaks,ap@oaks.example\n")
    names = "kind,number,customer_id,currency,issued_on,due_on,amount"
    desk.take(f"{names}\ninvoice,I9,C2,EUR,2026-01-01,2026-01-31,500.00\n")
    desk.take(f"payment_id,customer_id,currency,received_on,amount\nP9,C1,EUR,{ON},1.00\n")
    run_day(entity=entity(None), on=ON, actor="test", at=AT, is_dry_run=False, looked_at=[])


def _undone_by_another(desk: Desk) -> None:
    request = RequestFactory().post("/undo/")
    request.user = User(email="bob@example.org")
    take_back(request, "forged")


def _sender_unnamed(desk: Desk) -> None:
    desk.open_books()
    given = {"entity": entity(None), "actor": "test", "at": AT, "needs_sender": True}
    actions.switch_sending(**given, mode="test", allowed=["me@n.example"])


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "BLOCK_UNKNOWN": lambda d: d.run("block", "end", "99"),
    "CALL_UNKNOWN": lambda d: actions.take_back_call(call_id=99, actor="test", at=AT),
    "CLAIMED_BY_OTHER": _claimed,
    "CONFIRMATION_DIFFERS": lambda d: d.open_books().run("sending", "on", "--confirm", "Other"),
    "SENDER_UNNAMED": _sender_unnamed,
    "DAY_NOT_PLANNED": _released_unseen,
    "CHOICE_UNKNOWN": _choice_ended_twice,
    "SUPPRESSION_UNKNOWN": _not_suppressed,
    "DAY_CHANGED": _released_otherwise,
    "CREDIT_NOTHING": lambda d: _credited(d.open_books(), "--as", "partly"),
    "CREDIT_NUMBER_TAKEN": _credited_alike,
    "DISPUTE_FILE_UNFIT": _empty_proof,
    "DISPUTED_TOO_MUCH": lambda d: _dispute(d.open_books(), amount="100.01"),
    "DISPUTE_CLOSED": _closed_twice,
    "DISPUTE_REASON_UNKNOWN": lambda d: _dispute(d.open_books(), reason="because"),
    "DUTY_UNFIT": _duty,
    "MAPPING_HEADER_UNFIT": _codes_without_header,
    "REASON_MAPPING_UNKNOWN": lambda d: d.open_books().run(*_REASONS, "drop", "07"),
    "DISPUTE_UNKNOWN": lambda d: d.run("dispute", "close", "99", "--as", "valid"),
    "ENCLOSURE_UNKNOWN": _enclosure,
    "FIELD_NOT_TEXT": lambda d: refuse_controls(RequestFactory().get("/?q=a%00b"), {}),
    "DEBTOR_UNFIT": lambda d: d.open_books().run(
        "laws", "debtor", "C1", "--kind", "business", "--place", "EU"
    ),
    "LAW_LEVEL_UNFIT": lambda d: d.open_books().run(
        "laws", "level", "DE-SOL", "enforce", "--reason", "x"
    ),
    "LAW_PACK_UNFIT": lambda d: read_pack({}),
    "LAW_WEAKENED": _weak_pack,
    "LAW_RULE_UNKNOWN": lambda d: d.open_books().run("laws", "show", "NOPE"),
    "LAW_UNREADABLE": _latin_pack,
    "WORDING_UNLAWFUL": lambda d: refuse_unlawful(
        lint("Or go to jail.", language="en", rules=merged(shipped_packs()))
    ),
    "MAIL_SERVER_UNCLEAR": lambda d: Courier("http://mail"),
    "MAIL_SERVER_UNREACHABLE": lambda d: Courier("smtp://127.0.0.1:9").connect(),
    "MAIL_SERVER_UNSET": lambda d: _courier(),
    "MAILBOX_UNCLEAR": lambda d: _mailbox("imap://mail.example/INBOX"),
    "MAILBOX_UNREACHABLE": lambda d: _mailbox("imap://money:secret@127.0.0.1:9/INBOX"),
    "MAILBOX_UNSET": lambda d: d.run("mail", "read"),
    "MAIL_TIED": _mail_tied_twice,
    "MAIL_UNKNOWN": lambda d: d.open_books().run("mail", "tie", "99", "C1"),
    "MESSAGE_GONE": _held_when_sent,
    "MESSAGE_UNKNOWN": lambda d: d.run("message", "hold", "99"),
    "NOTE_UNKNOWN": lambda d: actions.take_back_note(note_id=99, at=AT),
    "NOTHING_TO_SEND": _nothing_to_send,
    "NAMES_UNREACHABLE": lambda d: Resolver("127.0.0.1", 9).ask("a..b", "TXT"),
    "POLICY_UNFIT": lambda d: read_policy({}, version=0, valid_from=date.min, templates=[]),
    "POLICY_UNKNOWN": lambda d: d.open_books().run("policy", "choose", "rude"),
    "CALL_UNFIT": lambda d: d.open_books().run("call", "record", "C1", "--outcome", "promised"),
    "SCRIPT_UNFIT": lambda d: d.open_books().run(
        "script", "set", _given(d, "script.toml", 'stage = "early"')
    ),
    "SCRIPT_UNKNOWN": lambda d: d.open_books().run("script", "show", "angry"),
    "EXCUSE_UNFIT": lambda d: _excuse(d.open_books(), 'code = "rain"'),
    "EXCUSE_UNKNOWN": lambda d: d.open_books().run("excuse", "record", "C1", "thunder"),
    "PACK_UNREADABLE": lambda d: _excuse(d.open_books(), "code = "),
    "POLICY_UNREADABLE": _policy_file,
    "PROMISE_JUDGED": _cancelled_twice,
    "PROMISE_UNFIT": lambda d: _promise(d.open_books(), "--due", "2026-03-01"),
    "PROMISE_UNKNOWN": lambda d: d.run("promise", "cancel", "99"),
    "SAVED_VIEW_UNKNOWN": lambda d: drop_view(view_id=99, owner="ann"),
    "STATEMENT_SCHEDULE_UNFIT": lambda d: d.open_books().run("schedule", "set", "A", "--due", "32"),
    "STATEMENT_SCHEDULE_UNKNOWN": lambda d: d.open_books().run("schedule", "pause", "A"),
    "SCHEDULED_RUN_UNKNOWN": lambda d: d.open_books().run("schedule", "run", "99"),
    "TASK_UNKNOWN": lambda d: d.run("task", "done", "99"),
    "TEMPLATE_UNREADABLE": _latin_template,
    "TEMPLATE_UNFIT": _template,
    "TEMPLATE_UNKNOWN": lambda d: preview_text(
        entity=d.open_books() and entity(None),
        on=ON,
        name="rude",
        language="en",
        customer_id=None,
    ),
    "UNDO_TOO_LATE": _undone_by_another,
}
