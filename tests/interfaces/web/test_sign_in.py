"""Coming in: passwords, one-time links, the second step, and who is kept out."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value
from django.test import Client
from tests.interfaces.web.conftest import PASSWORD

from duly.access.actions import issue_entry_link
from duly.access.models import Change, EntryLink, User
from shell import duly

pytestmark = pytest.mark.django_db
People = Callable[..., User]


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post("/account/sign-in/", {"login": email, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_password_opens_the_overview(person: People) -> None:
    client = Client()
    person("clerk")
    response = sign_in(client, "Clerk@Example.org")
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert is_in(client)


def test_wrong_password_and_unknown_address_are_told_alike(person: People) -> None:
    person("clerk")
    wrong = sign_in(Client(), "clerk@example.org", "another sentence altogether")
    unknown = sign_in(Client(), "nobody@example.org")
    for response in (wrong, unknown):
        assert response.status_code == 200
        assert "don&#x27;t go together" in response.content.decode()
    assert text_of(wrong).replace("clerk@", "nobody@") == text_of(unknown)


def test_after_five_wrong_passwords_the_right_one_waits_too(person: People) -> None:
    person("clerk")
    client = Client()
    for _ in range(5):
        sign_in(client, "clerk@example.org", "wrong wrong wrong")
    response = sign_in(client, "clerk@example.org")
    assert "Too many tries" in response.content.decode()
    assert not is_in(client)


def test_a_role_changes_and_a_closed_person_is_out_at_once(person: People) -> None:
    someone = person("clerk")
    client = Client()
    client.force_login(someone)
    link = issue_entry_link(email=someone.email, at=datetime.now(UTC))
    assert duly("user", "role", someone.email, "viewer")["role"] == "viewer"
    assert is_in(client)
    for _ in range(2):  # a second time is no change
        assert duly("user", "close", someone.email)["is_active"] is False
    assert not is_in(client)
    assert Client().post(f"/enter/{link}").status_code == 409
    assert not EntryLink.objects.filter(user=someone).exists()
    told = Change.objects.filter(noun="user", record_id=someone.pk).order_by("id")
    assert [(change.before, change.after) for change in told] == [
        ({"role": "clerk"}, {"role": "viewer"}),
        ({"is_active": True}, {"is_active": False}),
    ]
    assert duly("user", "close", "nobody@example.org", code=3)["code"] == "USER_UNKNOWN"


def test_a_strangers_wrong_passwords_lock_nobody_out(person: People) -> None:
    person("clerk")
    for _ in range(6):
        sign_in(Client(REMOTE_ADDR="203.0.113.9"), "clerk@example.org", "wrong wrong wrong")
    at_home = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(at_home, "clerk@example.org")
    assert is_in(at_home)


def test_who_was_closed_out_stays_out(person: People) -> None:
    one = person("clerk")
    one.is_active = False
    one.save()
    client = Client()
    sign_in(client, "clerk@example.org")
    assert not is_in(client)


def test_nobody_signs_up() -> None:
    client = Client()
    assert client.get("/account/sign-up/").status_code in (302, 404)
    client.post(
        "/account/sign-up/",
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.exists()


def test_signing_in_leads_to_no_other_host(person: People) -> None:
    person("clerk")
    response = Client().post(
        "/account/sign-in/?next=https://evil.example/",
        {"login": "clerk@example.org", "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert response.headers["Location"] == "/"


def test_sign_out_asks_first_and_then_is_out(person: People) -> None:
    person("clerk")
    client = Client()
    sign_in(client, "clerk@example.org")
    assert client.get("/account/sign-out/").status_code == 200
    assert is_in(client)
    response = client.post("/account/sign-out/")
    assert response.headers["Location"] == "/account/sign-in/"
    assert not is_in(client)


def test_a_look_at_an_entry_link_does_not_spend_it(person: People) -> None:
    person("admin", password=None)
    secret = issue_entry_link(email="admin@example.org", at=datetime.now(UTC))
    for _ in range(3):
        assert Client().get(f"/enter/{secret}").status_code == 200
    client = Client()
    response = client.post(f"/enter/{secret}")
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert is_in(client)


def test_an_entry_link_works_once(person: People) -> None:
    person("admin", password=None)
    secret = issue_entry_link(email="admin@example.org", at=datetime.now(UTC))
    Client().post(f"/enter/{secret}")
    late = Client()
    response = late.post(f"/enter/{secret}")
    assert response.status_code == 409
    assert "used before or is too old" in response.content.decode()
    assert not is_in(late)


def test_an_entry_link_ages_and_a_made_up_one_opens_nothing(person: People) -> None:
    person("admin", password=None)
    secret = issue_entry_link(
        email="admin@example.org", at=datetime.now(UTC) - timedelta(hours=12, seconds=1)
    )
    for tried in (secret, "x" * 43):
        client = Client()
        assert client.post(f"/enter/{tried}").status_code == 409
        assert not is_in(client)
    assert EntryLink.objects.get().used_at is None


def test_who_came_by_link_can_choose_a_password(person: People) -> None:
    one = person("admin", password=None)
    secret = issue_entry_link(email=one.email, at=datetime.now(UTC))
    client = Client()
    client.post(f"/enter/{secret}")
    assert "/account/first-password/" in client.get("/account/").content.decode()
    client.post("/account/first-password/", {"password1": PASSWORD, "password2": PASSWORD})
    one.refresh_from_db()
    assert one.check_password(PASSWORD)
    short = client.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": "too short", "password2": "too short"},
    )
    assert "12 characters" in short.content.decode()


def turn_on_second_step(client: Client) -> tuple[str, list[str]]:
    """(secret, recovery codes) of whoever is signed in."""
    asked = client.get("/account/second-step/app/activate/")
    assert asked.headers["Location"].startswith("/account/again/"), "the password, once more"
    assert "That is not your password" in text_of(
        client.post("/account/again/", {"password": "not this one, no"})
    )
    client.post("/account/again/", {"password": PASSWORD})
    page = client.get("/account/second-step/app/activate/")
    secret = re.search(r'class="secret">(\w+)<', page.content.decode()).group(1)
    done = client.post("/account/second-step/app/activate/", {"code": code_of(secret)})
    assert done.status_code == 302, text_of(done)
    codes = client.get("/account/second-step/codes/").content.decode()
    return secret, re.findall(r"<li>(\w{8})</li>", codes)


def code_of(secret: str) -> str:
    return f"{hotp_value(secret, int(time.time()) // 30):06d}"


def test_second_step_is_asked_after_password_and_after_link(person: People) -> None:
    one = person("manager")
    client = Client()
    sign_in(client, one.email)
    secret, codes = turn_on_second_step(client)
    assert len(codes) == 10
    assert Authenticator.objects.filter(user=one).count() == 2

    by_password, by_link = Client(), Client()
    response = sign_in(by_password, one.email)
    assert response.headers["Location"] == "/account/second-step/"
    link = issue_entry_link(email=one.email, at=datetime.now(UTC))
    assert by_link.post(f"/enter/{link}").headers["Location"] == "/account/second-step/"
    for browser in (by_password, by_link):
        assert not is_in(browser)
        assert browser.get("/account/second-step/").status_code == 200
        wrong = browser.post("/account/second-step/", {"code": "000000"})
        assert wrong.status_code == 200
        assert not is_in(browser)
    by_password.post("/account/second-step/", {"code": codes[0]})
    assert is_in(by_password)
    again = Client()
    sign_in(again, one.email)
    again.post("/account/second-step/", {"code": codes[0]})
    assert not is_in(again), "a recovery code works once"


def test_second_step_can_be_removed_by_its_owner(person: People) -> None:
    one = person("manager")
    client = Client()
    sign_in(client, one.email)
    turn_on_second_step(client)
    assert client.get("/account/second-step/app/deactivate/").status_code == 200
    client.post("/account/second-step/app/deactivate/")
    assert not Authenticator.objects.filter(user=one).exists()
