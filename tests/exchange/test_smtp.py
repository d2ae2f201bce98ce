"""Handing over to a mail server: what is known of each ending, and what goes over the line."""

import socket
import threading
from collections.abc import Iterator

import pytest

from duly.collections.actions import Handover
from duly.interfaces.exchange.couriers import smtp
from duly.interfaces.exchange.couriers.smtp import (
    Courier,
    MailAddressUnclear,
    MailServerUnreachable,
)
from mail_server import MailServer


def message(**more) -> Handover:  # noqa: ANN003
    told = {
        "id": 1,
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
        ("cut-after-text", "unknown", 1),  # taken, and we can't know it
    ],
)
def test_each_ending(server: MailServer, fault: str, state: str, seen: int) -> None:
    server.fault = lambda address: fault
    courier = Courier(server.url)
    courier.connect()
    answer = courier.hand_over(message())
    assert (answer.state, len(server.taken)) == (state, seen)
    assert answer.text
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
    assert answer.state == "sent"
    assert server.taken[0].to == ("b@a.example",)


def test_a_name_with_line_breaks_plants_no_header(server: MailServer) -> None:
    courier = Courier(server.url)
    courier.connect()
    answer = courier.hand_over(message(sender_name="Nord\r\nBcc: spy@elsewhere.example"))
    assert answer.state == "sent"
    assert courier.hand_over(message(subject="a\r\nBcc: spy@elsewhere.example")).state == "failed"
    courier.close()
    assert [one.mail["Bcc"] for one in server.taken] == [None]
    assert server.taken[0].to == ("ap@meridian.example",)


def test_a_server_that_falls_silent_after_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TAKING_SECONDS", 1)
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        line, _ = listening.accept()
        with line, line.makefile("rwb", buffering=0) as file:
            file.write(b"220 here\r\n")
            for _ in range(3):
                file.readline()
                file.write(b"250 ok\r\n")
            file.readline()
            file.write(b"354 go on\r\n")
            while file.readline() != b".\r\n":
                pass
            file.read(1)  # and not a word

    threading.Thread(target=talk, daemon=True).start()
    courier = Courier(f"smtp://127.0.0.1:{listening.getsockname()[1]}")
    courier.connect()
    answer = courier.hand_over(message())
    assert answer.state == "unknown"
    assert "timed out" in answer.text
    listening.close()


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
