"""Mail that comes in: whose it is, what follows from it, and each once however it is read."""

import signal
from collections import Counter
from typing import Any

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.models import IncomingMail, Message, Suppression
from incoming_mails import bounce, daemon_words, reply
from mailbox_server import Mailbox
from shell import attempt, duly


@pytest.fixture
def written(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """Two customers who were written to."""
    for code in ("C0", "C1"):
        desk.customer(code)
        desk.invoice(f"I-{code}", code, "500.00")
    desk.open_for_mail()
    desk.day()
    assert desk.work()["sent"] == 2
    return desk


def first_message() -> Message:
    return Message.objects.earliest("pk")


def read() -> dict[str, int]:
    """Read the mailbox; what there was none of is left out."""
    told = duly("mail", "read")
    return {kind: count for kind, count in told.items() if count}


def tasks() -> Counter[str]:
    return Counter(one["kind"] for one in duly("task", "list")["tasks"])


def test_an_answer_is_found_by_its_thread_and_waits_for_a_person(
    written: CollectionsDesk, mailbox: Mailbox
) -> None:
    mailbox.deliver(reply(first_message().message_id, sender="Bob <bob@elsewhere.example>"))
    assert read() == {"reply": 1}
    [one] = duly("mail", "list", "--customer", "C0")["mails"]
    assert (one["tied_by"], one["from"], one["text"]) == (
        "thread",
        "bob@elsewhere.example",
        "It was paid on Friday.",
    )
    assert one["message"] == first_message().pk
    [task] = duly("task", "list")["tasks"]
    assert (task["kind"], task["customer"]) == ("reply", "C0")
    assert task["text"] == "Bob answered: Re: Payment reminder"
    assert mailbox.is_untouched()
    written.bank_is_fresh(after(14))
    assert written.outcomes(after(14)) == {"C0": ["answered"], "C1": ["reminder"]}
    duly("task", "done", task["id"])
    assert written.outcomes(after(14))["C0"] == ["reminder"]


def test_without_a_thread_the_sender_tells(written: CollectionsDesk, mailbox: Mailbox) -> None:
    written.take("customer_id,name,role,email", "C1,Ann,accounts_payable,Ann@meridian.example")
    mailbox.deliver(reply())
    mailbox.deliver(reply(sender="who@nowhere.example", mail_id="<r2@x>"))
    assert read() == {"reply": 2, "untied": 1}
    assert duly("mail", "list", "--customer", "C1")["mails"][0]["tied_by"] == "sender"
    [untied] = duly("mail", "list")["mails"]
    assert (untied["from"], untied["customer"]) == ("who@nowhere.example", None)
    assert tasks() == {"reply": 1}
    told = duly("mail", "tie", untied["id"], "C0")["mails"][0]
    assert (told["customer"], told["tied_by"]) == ("C0", "person")
    assert tasks() == {"reply": 2}
    assert duly("mail", "list")["mails"] == []
    assert duly("mail", "tie", untied["id"], "C1", code=3)["code"] == "MAIL_TIED"


def test_an_address_of_two_customers_tells_nothing(
    written: CollectionsDesk, mailbox: Mailbox
) -> None:
    for code in ("C0", "C1"):
        written.take("customer_id,name,role,email", f"{code},Ann,approver,ann@meridian.example")
    mailbox.deliver(reply())
    assert read() == {"reply": 1, "untied": 1}


def test_what_programs_send_is_no_answer(written: CollectionsDesk, mailbox: Mailbox) -> None:
    about = first_message().message_id
    mailbox.deliver(reply(about, Auto_Submitted="auto-replied", subject="Away", mail_id="<a@x>"))
    mailbox.deliver(reply("", sender="c0@c.example", List_Id="<news.x>", mail_id="<b@x>"))
    mailbox.deliver(bounce(about, "c0@c.example", action="delayed", status="4.4.1"))
    assert read() == {"auto_reply": 1, "other": 1, "delay": 1, "untied": 1}
    assert tasks() == {}
    assert first_message().state == "sent"
    assert IncomingMail.objects.get(kind="other").text == ""  # none of our business
    assert duly("mail", "list")["mails"] == []
    assert not Suppression.objects.exists()


def test_a_dead_address_is_written_to_no_more(written: CollectionsDesk, mailbox: Mailbox) -> None:
    mailbox.deliver(bounce(first_message().message_id, "c0@c.example"))
    assert read() == {"bounce": 1}
    row = first_message()
    assert (row.state, row.why_code) == ("failed", "bounced")
    assert "550 5.1.1 no such user" in row.why_text
    assert Suppression.objects.get().address == "c0@c.example"
    [task] = duly("task", "list")["tasks"]
    assert task["kind"] == "bounce"
    assert "find another address" in task["text"]
    written.bank_is_fresh(after(14))
    assert written.outcomes(after(14))["C0"] == ["suppressed"]
    written.take("customer_id,name,email", "C0,C0,new@c.example")
    assert written.outcomes(after(14))["C0"] == ["friendly"]  # the first step never arrived


def test_softer_ones_are_counted(written: CollectionsDesk, mailbox: Mailbox) -> None:
    about = first_message().message_id
    for n in range(3):
        assert not Suppression.objects.exists()
        mailbox.deliver(
            bounce(about, "c0@c.example", status="5.2.2", diagnostic="552 full", mail_id=f"s{n}")
        )
        assert read() == {"bounce": 1}
    assert Suppression.objects.get().address == "c0@c.example"
    assert first_message().state == "failed"
    assert tasks() == {"bounce": 3}


def test_what_only_looks_like_a_report_kills_no_address(
    written: CollectionsDesk, mailbox: Mailbox
) -> None:
    """Forged, malformed, or about a message that was never ours."""
    about = first_message().message_id
    never_ours = f"<{'f' * 32}.{first_message().pk}@localhost>"
    mailbox.deliver(daemon_words(about, "c0@c.example"))
    mailbox.deliver(bounce(never_ours, "c1@c.example", mail_id="forged"))
    mailbox.deliver(bounce(about, "c1@c.example", mail_id="not its recipient"))
    vague = bounce(about, "c0@c.example", mail_id="vague")
    mailbox.deliver(vague.replace(b"5.1.1", b"five").replace(b"550", b"oh"))
    assert read() == {"bounce": 4}
    assert not Suppression.objects.exists()
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 2}
    assert tasks() == {"bounce": 4}


def test_a_dead_end_behind_a_forwarding(written: CollectionsDesk, mailbox: Mailbox) -> None:
    raw = bounce(first_message().message_id, "ann@private.example")
    mailbox.deliver(raw.replace(b"Original-Recipient: rfc822;ann@private.example\r\n", b""))
    read()
    assert Suppression.objects.get().address == "c0@c.example"


def test_one_of_two_recipients_is_dead(desk: CollectionsDesk, mailbox: Mailbox) -> None:  # noqa: F811
    desk.customer("C0")
    desk.take(
        "customer_id,name,role,email",
        "C0,Ann,accounts_payable,ann@c.example",
        "C0,Bob,accounts_payable,bob@c.example",
    )
    desk.invoice("I-0", "C0", "500.00")
    desk.open_for_mail()
    desk.day()
    desk.work()
    mailbox.deliver(bounce(first_message().message_id, "bob@c.example"))
    read()
    assert first_message().state == "sent"
    assert Suppression.objects.get().address == "bob@c.example"


def test_an_answer_proves_that_a_message_arrived(desk: CollectionsDesk, mailbox: Mailbox) -> None:  # noqa: F811
    for code in ("C0", "C1"):
        desk.customer(code)
        desk.invoice(f"I-{code}", code, "500.00")
    desk.open_for_mail()
    desk.server.fault = lambda address: "cut-after-text"
    desk.day()
    assert desk.work()["unknown"] == 2
    arrived, dead = (row.message_id for row in Message.objects.order_by("pk"))
    mailbox.deliver(reply(arrived))
    mailbox.deliver(bounce(dead, "c1@c.example"))
    read()
    assert desk.states() == {"C0": "sent", "C1": "failed"}
    assert len(desk.server.taken) == 2


def test_each_mail_once_however_it_is_numbered(written: CollectionsDesk, mailbox: Mailbox) -> None:
    for n in range(3):
        mailbox.deliver(reply(first_message().message_id, mail_id=f"<r{n}@x>"))
    assert read() == {"reply": 3}
    assert read() == {}
    mailbox.deliver(reply(first_message().message_id, mail_id="<r1@x>"))  # delivered twice
    assert read() == {}
    mailbox.number_anew()
    assert read() == {}
    mailbox.deliver(reply(first_message().message_id, mail_id="<r9@x>"))
    assert read() == {"reply": 1}
    assert tasks() == {"reply": 4}
    assert mailbox.is_untouched()


def test_the_worker_reads_as_well(written: CollectionsDesk, mailbox: Mailbox) -> None:
    mailbox.deliver(reply(first_message().message_id))
    written.work()
    assert tasks() == {"reply": 1}


def test_a_mailbox_that_does_not_answer_stops_no_mail(
    written: CollectionsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.invoice("I-9", "C0", "900.00")
    monkeypatch.setenv("DULY_IMAP_URL", "imap://money:secret@127.0.0.1:9/INBOX")
    written.bank_is_fresh(after(14))
    written.day(after(14))
    code, out, err = attempt("work", "--until-idle", "--on", after(14))
    assert code == 4
    assert "2 sent" in out
    assert "MAILBOX_UNREACHABLE" in err
    assert "secret" not in out + err


def test_killed_after_mail_was_taken_in(fresh_database: Any, mailbox: Mailbox) -> None:
    """Some of it is in the books and nobody was told: the next reading goes on from there."""
    duly("init", "--entity", "N", "--currency", "EUR", "--country", "DE")
    for n in range(45):
        mailbox.deliver(reply(mail_id=f"<r{n}@x>"))
    for taken in (20, 40):
        done = fresh_database.run(
            "mail", "read", DULY_FAILPOINT="mail.taken_in", **mailbox.environment
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert IncomingMail.objects.count() == taken
    assert duly("mail", "read")["reply"] == 5
    assert IncomingMail.objects.count() == 45
    assert mailbox.is_untouched()
