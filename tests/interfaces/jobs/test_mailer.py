"""The thread beside the web app: it sends what waits and reads what came, and ends when told."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collecting import ENTITY, CollectionsDesk
from duly.collections.models import IncomingMail
from duly.interfaces.jobs import mailing
from duly.interfaces.jobs.mailing import Mailer
from incoming_mails import reply
from mail_server import MailServer
from mailbox_server import Mailbox
from shell import duly


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    server = MailServer()
    monkeypatch.setenv("DULY_SMTP_URL", server.url)
    yield server
    server.close()


def test_it_sends_and_reads_and_ends(
    fresh_database: Any,
    tmp_path: Path,
    server: MailServer,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mailing, "POLL_SECONDS", 0.05)
    desk = CollectionsDesk(tmp_path, server)
    desk.customer("C0")
    duly("sending", "on", "--confirm", ENTITY)
    duly("sending", "digest", "ann@northwind.example")  # which may leave at any hour
    mailbox.deliver(reply(sender="c0@c.example"))
    mailer = Mailer()
    mailer.start()
    until = time.monotonic() + 30
    while time.monotonic() < until and not (server.taken and IncomingMail.objects.exists()):
        time.sleep(0.05)
    assert mailer.stop()
    assert [one.to for one in server.taken] == [("ann@northwind.example",)]
    assert IncomingMail.objects.get().kind == "reply"
