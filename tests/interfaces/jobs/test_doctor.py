"""What `duly doctor mail` sees: from a name server, a mail server and a mailbox on loopback."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collecting import CollectionsDesk, desk, mail  # noqa: F401
from duly.interfaces.exchange.couriers.names import NamesUnreachable, Resolver
from mailbox_server import Mailbox
from name_server import NameServer
from shell import duly

RECORDS = {
    ("n.example", "TXT"): ["v=spf1 ip4:192.0.2.7 -all", "x" * 900],
    ("n.example", "MX"): ["10 mx.n.example", "20 mx2.n.example"],
    ("n.example", "A"): ["192.0.2.1"],
    ("_dmarc.n.example", "TXT"): ["v=DMARC1; p=reject"],
    ("s1._domainkey.n.example", "TXT"): ["v=DKIM1; p="],
}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    server = NameServer(RECORDS)
    monkeypatch.setenv("DULY_DNS_SERVER", f"127.0.0.1:{server.port}")
    yield server
    server.close()


def test_questions_and_answers(names: NameServer) -> None:
    resolver = Resolver("127.0.0.1", names.port)
    assert resolver.ask("n.example", "TXT") == RECORDS["n.example", "TXT"]  # too long: by stream
    assert resolver.ask("n.example.", "MX") == ["10 mx.n.example", "20 mx2.n.example"]
    assert resolver.ask("n.example", "A") == ["192.0.2.1"]
    assert resolver.ask("n.example", "AAAA") == []
    assert resolver.ask("nobody.example", "TXT") == []


@pytest.mark.parametrize("fault", ["silent", "nonsense", "refused"])
def test_a_name_server_that_does_not_tell(
    names: NameServer, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duly.interfaces.exchange.couriers.names.SECONDS", 0.1)
    names.fault = fault
    with pytest.raises(NamesUnreachable):
        Resolver("127.0.0.1", names.port).ask("n.example", "TXT")


@pytest.mark.parametrize("name", ["", "a..b", "a" * 64 + ".example"])
def test_what_is_no_name(names: NameServer, name: str) -> None:
    with pytest.raises(NamesUnreachable):
        Resolver("127.0.0.1", names.port).ask(name, "TXT")


def look(*more: str) -> dict[str, str]:
    """{check: its state}."""
    return {one["name"]: one["state"] for one in duly("doctor", "mail", *more)["checks"]}


def test_the_whole_look(
    desk: CollectionsDesk,  # noqa: F811
    names: NameServer,
    mailbox: Mailbox,
) -> None:
    assert look() == {"sender": "wrong", "mail server": "ok", "mailbox": "ok"}
    duly("sending", "from", "money@n.example", "--reply-to", "ann@n.example")
    assert look() == {
        "sender": "ok",
        "mail server": "ok",
        "mailbox": "ok",
        "returned mail": "ok",
        "SPF": "ok",
        "DKIM": "unchecked",
        "DMARC": "ok",
    }
    assert look("--selector", "s1")["DKIM"] == "wrong"  # the key was withdrawn


def test_what_can_t_be_checked_says_why(
    desk: CollectionsDesk,  # noqa: F811
    names: NameServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("duly.interfaces.exchange.couriers.names.SECONDS", 0.1)
    names.fault = "silent"
    duly("sending", "from", "money@n.example")
    monkeypatch.delenv("DULY_SMTP_URL")
    told = {one["name"]: one for one in duly("doctor", "mail")["checks"]}
    assert told["mail server"]["state"] == "wrong"
    assert told["mailbox"]["state"] == "warning"
    for name in ("SPF", "DMARC", "returned mail"):
        assert told[name]["state"] == "unchecked"
        assert told[name]["saw"].startswith("Could not be checked: The name server 127.0.0.1")


def test_a_certificate_that_nobody_vouches_for(
    desk: CollectionsDesk,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate = _self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        line, _ = listening.accept()
        with line:
            try:
                context.wrap_socket(line, server_side=True).send(b"220 here\r\n")
            except (OSError, ssl.SSLError):
                return

    threading.Thread(target=talk, daemon=True).start()
    monkeypatch.setenv("DULY_SMTP_URL", f"smtps://127.0.0.1:{listening.getsockname()[1]}")
    told = {one["name"]: one for one in duly("doctor", "mail")["checks"]}["mail server"]
    assert told["state"] == "wrong"
    assert "certificate" in told["saw"]
    listening.close()


def _self_signed(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_mail_to_another_machine_needs_a_sender(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    duly("init", "--entity", "N", "--currency", "EUR", "--country", "DE")
    monkeypatch.setenv("DULY_SMTP_URL", "smtps://mail.n.example")
    for act in (("on", "--confirm", "N"), ("test", "--allow", "me@n.example")):
        assert duly("sending", *act, code=3)["code"] == "SENDER_UNNAMED"
    assert duly("sending", "status")["mode"] == "off"
    duly("entity", "--email", "money@n.example")
    told = duly("sending", "on", "--confirm", "N")
    assert (told["mode"], told["sender"]) == ("on", "money@n.example")


def test_a_mail_server_here_goes_on_without_a_sender(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    duly("init", "--entity", "N", "--currency", "EUR", "--country", "DE")
    monkeypatch.setenv("DULY_SMTP_URL", "smtp://127.0.0.1:25")
    told = duly("sending", "on", "--confirm", "N")
    assert (told["mode"], told["sender"]) == ("on", "")
