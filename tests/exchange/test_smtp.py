"""Handing over to a mail server: what is known of each ending, and what goes over the line."""

import re
import socket
from collections.abc import Iterator
from html import unescape

import pytest

from duly.collections.actions import Handover
from duly.interfaces.exchange.couriers import smtp
from duly.interfaces.exchange.couriers.letter import Enclosure
from duly.interfaces.exchange.couriers.smtp import (
    Courier,
    MailAddressUnclear,
    MailServerUnreachable,
    Patience,
)
from mail_server import MailServer


def message(**more) -> Handover:  # noqa: ANN003
    told = {
        "id": 1,
        "customer_id": 1,
        "message_id": "<key.1@northwind.example>",
        "sender": "money@northwind.example",
        "sender_name": "Northwind",
        "reply_to": "",
        "recipients": ("ap@meridian.example",),
        "subject": "Rückstand: 1.234,50 €",
        "body": "Guten Tag,\n\n.ein Punkt am Anfang\n..zwei\n"
        + "x" * 2000
        + "\n1\u202f234,50 EUR\n",
        "language": "de",
    }
    return Handover(**told | more)


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.mark.parametrize(
    ("fault", "state", "seen"),
    [
        ("none", "sent", 1),
        ("put-off", "put_off", 1),
        ("refuse", "failed", 1),
        ("refuse-address", "failed", 0),
        ("cut-before-text", "put_off", 0),  # nothing was sent: it can go again
        ("cut-in-text", "unknown", 0),
        ("cut-after-go-on", "unknown", 0),
        ("cut-after-text", "unknown", 1),  # taken, and we can't know it
        ("silent-before-text", "put_off", 0),
        ("silent-after-text", "unknown", 1),
        ("answer-early", "put_off", 0),  # a stray 250 was told as sent
        ("go-on-twice", "put_off", 0),  # a second 354 was told as failed
        ("answer-odd", "unknown", 1),  # and so was one after the text
    ],
)
def test_each_ending(server: MailServer, fault: str, state: str, seen: int) -> None:
    server.fault = lambda address: fault
    courier = Courier(server.url, Patience(1, 1))
    courier.connect()
    answer = courier.hand_over(message())
    assert (answer.state, len(server.taken)) == (state, seen)
    assert ("timed out" in answer.text) is fault.startswith("silent")
    assert answer.bad_addresses == (("ap@meridian.example",) if fault == "refuse-address" else ())
    server.fault = lambda address: "none"
    courier.connect()  # whatever happened, the next one goes
    assert courier.hand_over(message(recipients=("b@c.example",))).state == "sent"
    courier.close()


def test_what_is_written_is_what_arrives(server: MailServer) -> None:
    courier = Courier(server.url)
    courier.connect()
    courier.hand_over(message(reply_to="ann@northwind.example"))
    courier.close()
    [one] = server.taken
    assert one.mail["Subject"] == message().subject
    assert one.text.replace("\r\n", "\n") == message().body
    assert one.mail["Message-ID"] == "<key.1@northwind.example>"
    assert one.mail["To"] == "ap@meridian.example"
    assert one.mail["Reply-To"] == "ann@northwind.example"
    assert one.mail["Content-Language"] == "de"


def test_some_of_several_recipients_refused(server: MailServer) -> None:
    server.fault = lambda address: "refuse-address" if address.startswith("x") else "none"
    courier = Courier(server.url)
    courier.connect()
    answer = courier.hand_over(message(recipients=("x@a.example", "b@a.example")))
    courier.close()
    assert (answer.state, answer.bad_addresses) == ("sent", ("x@a.example",))
    assert "550" in answer.text
    assert server.taken[0].to == ("b@a.example",)


PLANTED = [
    "\r\nBcc: spy@elsewhere.example",
    "\nBcc: spy@elsewhere.example",
    "\r\n\r\n<script>alert(1)</script>",
    "\u2028Bcc: spy@elsewhere.example",
    "\x00\r\n.\r\nMAIL FROM:<spy@elsewhere.example>",
]


@pytest.mark.parametrize("planted", PLANTED)
def test_a_name_with_line_breaks_plants_no_header(server: MailServer, planted: str) -> None:
    courier = Courier(server.url)
    courier.connect()
    assert courier.hand_over(message(sender_name=f"Nord{planted}")).state == "sent"
    enclosed = [Enclosure(f"a{planted}.pdf", "application/pdf", b"%PDF")]
    assert courier.hand_over(message(), enclosed).state == "sent"
    for name in ("subject", "reply_to", "message_id", "sender", "language"):
        told = message(**{name: f"{getattr(message(), name)}{planted}"})
        assert courier.hand_over(told).state in ("failed", "sent")
    for to in (f"ap@meridian.example{planted}", f"x{planted}@meridian.example"):
        assert courier.hand_over(message(recipients=(to,))).state == "failed"
    courier.close()
    for one in server.taken:
        assert one.mail["Bcc"] is None
        assert one.to == ("ap@meridian.example",)
        assert one.text.replace("\r\n", "\n") == message().body
        assert [part.get_content_type() for part in one.mail.walk()][:3] != ["text/plain"]


def test_the_same_words_as_html_and_nothing_from_elsewhere(server: MailServer) -> None:
    courier = Courier(server.url)
    courier.connect()
    body = (
        "Hello <img src=http://spy.example/x.png> & co,\n\nbelow:\nInvoice, due, open:\n"
        "A-1   2 March 2026   5.00 EUR\nA-2   3 March 2026   60.00 EUR\n\nBye\n"
    )
    courier.hand_over(message(body=body, language="en"))
    courier.close()
    [one] = server.taken
    assert one.mail.get_content_type() == "multipart/alternative"
    html = one.mail.get_body(("html",)).get_content()
    assert '<html lang="en">' in html
    assert "&lt;img src=http://spy.example/x.png&gt; &amp; co," in html
    assert not re.search(r"<(img|a|link|script|style|iframe)|url\(|@import", html)
    assert html.count("<tr>") == 2
    assert "60.00 EUR</td>" in html
    words = unescape(re.sub(r"<[^>]+>", " ", html)).split()
    assert words == body.split()


def test_a_message_joins_its_thread(server: MailServer) -> None:
    courier = Courier(server.url)
    courier.connect()
    courier.hand_over(message(thread=("<a@n.example>", "<b@n.example>")))
    courier.close()
    [one] = server.taken
    assert one.mail["In-Reply-To"] == "<b@n.example>"
    assert one.mail["References"] == "<a@n.example> <b@n.example>"
    assert one.mail["Auto-Submitted"] == "auto-generated"
    assert one.mail["Date"].datetime is not None


def test_addresses_of_other_scripts(server: MailServer) -> None:
    """The domain in ASCII for any server; letters before the @ only where the server takes them."""
    courier = Courier(server.url)
    courier.connect()
    answer = courier.hand_over(message(recipients=("ap@bücher.example",)))
    assert answer.state == "sent"
    assert server.taken[0].to == ("ap@xn--bcher-kva.example",)
    answer = courier.hand_over(message(recipients=("käse@bücher.example",)))
    assert (answer.state, answer.bad_addresses) == ("failed", ())
    assert "SMTPUTF8" in answer.text
    courier.close()
    server.extensions = ("SMTPUTF8",)
    courier.connect()
    answer = courier.hand_over(message(recipients=("käse@bücher.example",)))
    courier.close()
    assert answer.state == "sent"
    assert server.taken[1].to == ("käse@xn--bcher-kva.example",)
    assert server.taken[1].mail["To"] == "käse@xn--bcher-kva.example"


@pytest.mark.parametrize("fault", ["answer-twice", "answer-late"])
def test_a_server_that_answers_twice_is_not_believed_for_the_next_message(
    server: MailServer, fault: str
) -> None:
    """The defect: each answer counted for the command after; what nobody took was told as sent."""
    server.fault = lambda address: fault if address.startswith("ap@") else "none"
    courier = Courier(server.url)
    states = []
    for address in ("ap@meridian.example", "b@c.example", "b@c.example"):
        courier.connect()
        states.append(courier.hand_over(message(recipients=(address,))).state)
    courier.close()
    assert states == ["sent", "put_off" if fault == "answer-late" else "sent", "sent"]
    assert len(server.taken) == states.count("sent")


@pytest.mark.parametrize("tls", ["refused", "broken"])
def test_nothing_is_said_unencrypted_where_encryption_was_offered(
    server: MailServer, tls: str
) -> None:
    server.tls = tls
    courier = Courier(server.url)
    with pytest.raises(MailServerUnreachable):
        courier.connect()
    server.tls = ""
    courier.connect()
    assert courier.hand_over(message()).state == "sent"


def test_a_password_is_told_to_nobody_unencrypted(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of the test stands for one elsewhere."""
    monkeypatch.setattr(smtp, "is_this_machine", lambda host: False)
    port = server.url.rpartition(":")[2]
    with pytest.raises(MailServerUnreachable, match="no encryption"):
        Courier(f"smtp://user:secret@127.0.0.1:{port}").connect()


def test_no_server_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(MailServerUnreachable) as told:
        Courier(f"smtp://user:secret@127.0.0.1:{port}").connect()
    assert "secret" not in str(told.value) + str(told.value.facts)


@pytest.mark.parametrize("url", ["", "127.0.0.1", "http://mail", "smtp://", "imap://mail"])
def test_what_names_no_server(url: str) -> None:
    with pytest.raises(MailAddressUnclear):
        Courier(url)
