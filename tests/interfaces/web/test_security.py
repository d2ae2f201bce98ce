"""No page lets foreign code, foreign hosts or a foreign form in."""

import logging
import re
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from duly.interfaces.web.middleware import POLICY
from duly.parties.models import Entity

PAGES = [
    "/",
    "/overview/months/GBP/",
    "/overview/late/GBP/",
    "/find/",
    "/find/?q=cmd",
    "/account/",
    "/account/password/",
    "/account/again/",
    "/account/sign-out/",
    "/aging/",
    "/aging/?by=parent&on=2026-01-31&known=then",
    "/aging/months/?currency=GBP",
    "/aging/certificate/?currency=GBP",
    "/items/?currency=GBP",
    "/customers/",
    "/customers/?q=cmd&order=overdue&overdue=1",
]
DOORS = ["/account/sign-in/", "/enter/abc", "/nothing-here/"]


class Page(HTMLParser):
    """Collects what a strict policy would refuse, and what leads elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.foreign: list[str] = []
        self.in_script = False
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.inline.append(tag)
        self.inline += [name for name in names if name == "style" or name.startswith("on")]
        self.inline += [n for n in names if n.startswith("hx-on") or n in ("hx-vals", "hx-vars")]
        for name in ("src", "href", "action", "poster", "data", "hx-get", "hx-post"):
            value = names.get(name) or ""
            if re.match(r"(?:[a-z]+:)?//|javascript:|data:", value, re.IGNORECASE):
                self.foreign.append(value)


def check(response) -> None:
    page = Page()
    page.feed(response.content.decode())
    assert page.inline == []
    assert page.foreign == []
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_the_policy_allows_nothing_inline_and_no_other_host() -> None:
    assert POLICY.startswith("default-src 'none'")
    for word in ("unsafe", "http", "*", "data:", "blob:", "nonce"):
        assert word not in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "base-uri 'none'" in POLICY


@pytest.mark.parametrize("address", PAGES)
def test_pages_keep_to_the_policy(address: str, books: Entity, person) -> None:
    client = Client()
    client.force_login(person("manager"))  # with a password: two of the pages ask for it again
    response = client.get(address, follow=False)
    assert response.status_code == 200
    check(response)


@pytest.mark.parametrize("address", DOORS)
def test_doors_keep_to_the_policy(address: str, db: None) -> None:
    response = Client().get(address)
    assert response.status_code in (200, 302, 404)
    check(response)


def test_a_name_that_is_markup_or_a_formula_is_shown_as_text(books: Entity, open_as) -> None:
    client = open_as("viewer")
    for address in ("/overview/late/JPY/", "/find/?q=cmd", "/aging/?currency=JPY", "/items/"):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text
        assert "=cmd|&quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot;" in text


def test_what_was_typed_comes_back_as_text(books: Entity, open_as) -> None:
    text = open_as("viewer").get('/find/?q="><img src=x>').content.decode()
    assert "<img" not in text
    assert "&lt;img src=x&gt;" in text


@pytest.mark.parametrize("address", ["/books/", "/account/sign-in/", "/account/sign-out/"])
def test_a_form_of_another_site_changes_nothing(address: str, books: Entity, person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("viewer"))
    response = client.post(address, {"entity": books.pk})
    assert response.status_code == 403
    assert "This page was open too long" in response.content.decode()


def test_the_session_is_closed_to_scripts_and_other_sites(person) -> None:
    person("viewer")
    client = Client()
    client.post(
        "/account/sign-in/",
        {"login": "viewer@example.org", "password": "a sentence is easier to keep"},
    )
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"] == "", "it ends with the browser"


def test_a_page_with_figures_is_kept_nowhere(books: Entity, open_as) -> None:
    for address in ("/", "/overview/late/GBP/", "/account/sign-in/"):
        response = open_as("viewer").get(address) if address == "/" else Client().get(address)
        assert "no-store" in response.headers["Cache-Control"]


def test_another_host_name_is_refused(db: None) -> None:
    assert Client().get("/account/sign-in/", headers={"Host": "evil.example"}).status_code == 400


def logged(client: Client, caplog, address: str, **more: str) -> str:
    """What the log of the installation says of a request."""
    caplog.clear()
    client.get(address, **more)
    (handler,) = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    return "\n".join(map(handler.format, caplog.records))


@pytest.mark.django_db
def test_the_log_keeps_no_token_and_no_long_address(caplog) -> None:
    told = logged(Client(), caplog, "/enter/s3cret-token/")
    assert "Not Found: /enter/..." in told
    assert "s3cret" not in told
    assert "s3cret" not in logged(Client(), caplog, "/import/files/s3cret/nothing/")
    told = logged(Client(), caplog, "/no%20page/" + "a%20" * 5000)
    assert "Not Found: /no page" in told
    assert len(told) < 250


def test_a_wrong_host_leaves_no_trace(caplog) -> None:
    assert "Traceback" not in logged(Client(), caplog, "/account/sign-in/", HTTP_HOST="evil.test")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/account/sign-in/", "/books/", "/import/files/"])
def test_files_are_taken_from_nobody_who_may_not_bring_them(
    address: str, monkeypatch, person
) -> None:
    """A stranger's go nowhere, and so do a viewer's at an address that asks for none."""
    client = Client()
    if address == "/books/":
        client.force_login(person("viewer"))
    written = []
    monkeypatch.setattr(TemporaryUploadedFile, "write", lambda _, data: written.append(data))
    file = SimpleUploadedFile("a.csv", b"x" * 1000)
    assert client.post(address, {"login": "a", "files": file}).status_code in (200, 302)
    assert written == []
