"""`duly up`: who gets the link it prints, and where it leads. The serving itself is tried in
tests/interfaces/web/test_shell_browser.py."""

import re
import socket
from datetime import UTC, datetime
from threading import Thread

import pytest

from duly.access.actions import add_user, redeem_entry_link
from duly.access.models import EntryLink, User
from duly.interfaces.cli.serving import (
    FIRST_USER,
    _greeting,
    _require_free,
    entry_link,
    greet_once_up,
)
from duly.kernel.errors import Outage


def person(role: str, email: str, is_active: bool = True) -> User:
    made = add_user(email=email, name=email, role=role, password=None, at=datetime.now(UTC))
    User.objects.filter(pk=made.pk).update(is_active=is_active)
    return made


def opened_by(link: str) -> str:
    secret = re.fullmatch(r"http://[^/]+/enter/(\S+)", link).group(1)
    return redeem_entry_link(secret=secret, at=datetime.now(UTC)).email


@pytest.mark.django_db
def test_an_empty_home_gets_its_first_administrator_once() -> None:
    first = entry_link(host="127.0.0.1", port=8010)
    second = entry_link(host="127.0.0.1", port=8010)
    assert User.objects.count() == 1
    assert opened_by(first) == opened_by(second) == FIRST_USER
    assert User.objects.get().role == "admin"
    assert not User.objects.get().has_usable_password()


@pytest.mark.django_db
def test_the_link_is_for_an_administrator_and_for_nobody_else() -> None:
    person("viewer", "v@example.org")
    assert entry_link(host="127.0.0.1", port=8010) is None
    person("admin", "gone@example.org", is_active=False)
    assert entry_link(host="127.0.0.1", port=8010) is None
    person("admin", "first@example.org")
    person("admin", "a@example.org")
    assert opened_by(entry_link(host="127.0.0.1", port=8010)) == "first@example.org"
    assert EntryLink.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8010/"),
        ("0.0.0.0", "http://127.0.0.1:8010/"),
        ("::1", "http://[::1]:8010/"),
    ],
)
def test_the_link_leads_to_where_it_is_served(host: str, address: str) -> None:
    assert entry_link(host=host, port=8010).startswith(address + "enter/")


def test_serving_everyone_says_which_names_it_answers_to(monkeypatch) -> None:
    monkeypatch.delenv("DULY_ALLOWED_HOSTS", raising=False)
    assert "DULY_ALLOWED_HOSTS" in _greeting("0.0.0.0", 8010, None)
    assert "DULY_ALLOWED_HOSTS" not in _greeting("127.0.0.1", 8010, None)
    assert "duly user link" in _greeting("127.0.0.1", 8010, None)


def test_the_link_is_printed_once_a_request_is_answered(capsys) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        greeter = Thread(target=greet_once_up, args=("127.0.0.1", port, "welcome"))
        greeter.start()
        caller, _ = server.accept()
        with caller:
            assert caller.recv(4096).startswith(b"HEAD ")
            assert capsys.readouterr().out == ""
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            greeter.join(5)
    assert capsys.readouterr().out == "welcome\n"


def test_a_taken_port_is_told_before_anything_starts() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        with pytest.raises(Outage) as told:
            _require_free("127.0.0.1", holder.getsockname()[1])
    assert told.value.code == "ADDRESS_TAKEN"
    assert "--port" in told.value.remedy
