"""The frame: who may open a page, how a refusal is told, what is served with it."""

import doctest
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from tests.interfaces.web.conftest import AT

from duly.interfaces.portal import urls as portal
from duly.interfaces.web import chart, middleware, static_names
from duly.interfaces.web.guard import page
from duly.interfaces.web.templatetags import show
from duly.kernel.errors import (
    Conflict,
    Defect,
    DulyError,
    Forbidden,
    Malformed,
    Missing,
    Outage,
    RuleBreach,
)
from duly.parties.actions import add_entity
from duly.parties.models import Entity
from duly.receivables.queries import AgingRow

OPEN_TO_ALL = {"enter", "account_login", "account_signup", "account_inactive", "mfa_authenticate"}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, str]]:
    """(name, an address) of every page, numbers and names filled in."""
    for one in resolver.url_patterns:
        route = before + re.sub(r"<int:\w+>", "1", str(one.pattern))
        route = re.sub(r"<str:currency>", "GBP", route)
        route = re.sub(r"<\w+:\w+>", "x", route)
        if isinstance(one, URLPattern):
            yield one.name or "", route
        else:
            yield from addresses(one, route)


def test_every_page_asks_who_you_are(db: None) -> None:
    open_to_all = OPEN_TO_ALL | {one.name for one in portal.urlpatterns}
    found = [(n, a) for n, a in addresses(get_resolver()) if n not in open_to_all]
    assert len(found) >= 12
    for name, address in found:
        for response in (Client().get(address), Client().post(address)):
            assert response.status_code in (302, 401, 403, 405), (name, address)
            assert b"<main" not in response.content or response.status_code == 403, name
            if response.status_code == 302:
                assert response.headers["Location"].startswith("/account/sign-in/"), name


def test_a_part_asked_for_after_signing_out_sends_the_browser_to_the_sign_in(db: None) -> None:
    response = Client().get("/find/?q=a", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/account/sign-in/")


def test_the_frame_names_the_books_and_where_one_is(books: Entity, open_as) -> None:
    text = open_as("viewer").get("/").content.decode()
    assert text.count("<h1") == 1
    assert "Northwind Packaging" in text
    assert re.search(r'<a class="rail-link" href="/" aria-current="page"', text)
    assert '<a class="skip" href="#main">' in text
    assert 'id="main" tabindex="-1"' in text


def test_another_company_can_be_looked_at(books: Entity, open_as) -> None:
    other = add_entity(
        name="Southwind", currency="EUR", country="DE", timezone="Europe/Berlin", at=AT
    )
    client = open_as("viewer")
    assert "Southwind" in client.get("/").content.decode(), "it can be chosen"
    client.post("/books/", {"entity": other.pk})
    text = client.get("/").content.decode()
    assert "Your books are ready, and empty." in text
    client.post("/books/", {"entity": "999"})
    assert "Your books are ready, and empty." in client.get("/").content.decode()


def test_choosing_a_company_leads_to_no_other_host(books: Entity, open_as) -> None:
    headers = {"Referer": "https://evil.example/trap"}
    response = open_as("viewer").post("/books/", {"entity": books.pk}, headers=headers)
    assert response.headers["Location"] == "/"


@page(act="revert")
def for_managers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def outage(request: HttpRequest) -> HttpResponse:
    raise Outage("The bank can't be reached.", remedy="Try again at noon.")


def defect(request: HttpRequest) -> HttpResponse:
    raise Defect("Ours.")


@page()
def locked(request: HttpRequest) -> HttpResponse:
    """What SQLite says when another writer does not end."""
    raise OperationalError("database is locked")


urlpatterns = [
    *get_resolver("duly.interfaces.web.urls").url_patterns,
    path("for-managers/", for_managers),
    path("outage/", outage),
    path("defect/", defect),
    path("locked/", locked),
]


@override_settings(ROOT_URLCONF=__name__)
def test_a_role_opens_what_it_includes(books: Entity, open_as) -> None:
    assert open_as("manager").get("/for-managers/").content == b"done"
    client = open_as("sales")
    response = client.get("/for-managers/")
    assert response.status_code == 403
    assert "Your role, sales, does not include this." in response.content.decode()
    assert "NOT_YOUR_PART" in response.content.decode()
    part = client.get("/for-managers/", headers={"HX-Request": "true"})
    assert (part.status_code, part.content) == (403, b"")
    told = json.loads(part.headers["HX-Trigger"])["duly:toast"]
    assert told["text"] == "Your role, sales, does not include this."
    assert told["tone"] == "bad"
    assert open_as("director").post("/for-managers/").status_code == 405


@override_settings(ROOT_URLCONF=__name__)
def test_an_outage_is_told_and_a_defect_is_ours(books: Entity, open_as) -> None:
    client = open_as("viewer")
    client.raise_request_exception = False
    response = client.get("/outage/")
    assert response.status_code == 503
    assert "Try again at noon." in response.content.decode()
    busy = client.get("/locked/")
    assert busy.status_code == 503
    assert "then try again: nothing was half done" in busy.content.decode()
    broken = client.get("/defect/")
    assert broken.status_code == 500
    assert "Our mistake" in broken.content.decode()


@pytest.mark.parametrize(
    ("family", "status"),
    [
        (Missing, 404),
        (Forbidden, 403),
        (Conflict, 409),
        (Malformed, 422),
        (RuleBreach, 422),
        (Outage, 503),
    ],
)
def test_each_family_of_refusals_has_its_status(family: type[DulyError], status: int) -> None:
    class Special(family):  # type: ignore[misc, valid-type]
        code = f"SPECIAL_{status}_{family.__name__}"

    assert middleware.status_of(Special("No.")) == status


def test_a_toast_survives_any_script(rf: RequestFactory) -> None:
    response = middleware.add_toast(HttpResponse(), "Zwölf\r\nX-Evil: 1 日本")
    assert response.headers["HX-Trigger"].isascii()
    assert json.loads(response.headers["HX-Trigger"])["duly:toast"]["text"].endswith("日本")


def test_figures_and_days_are_shown_as_their_examples_say() -> None:
    result = doctest.testmod(show)
    assert result.attempted >= 11
    assert result.failed == 0


@pytest.mark.parametrize(
    ("minor", "currency", "html"),
    [
        (1234567, "EUR", '<data class="money" value="12345.67">12,345<span class="dec">.67</span>'),
        (-5, "GBP", '<data class="money" value="-0.05">−0<span class="dec">.05</span></data>'),
        (6720502, "JPY", '<data class="money" value="6720502">6,720,502</data>'),
        (9512205, "KWD", '<data class="money" value="9512.205">9,512<span class="dec">.205</span>'),
    ],
)
def test_money_keeps_its_exact_value_beside_what_people_read(
    minor: int, currency: str, html: str
) -> None:
    assert show.money(minor, currency).startswith(html)


def test_an_aging_bar_fills_its_width_and_leaves_credits_out() -> None:
    drawn = show.segments((100, 0, 200, 0, 100))
    assert drawn == [
        (0, "0.00%", "25.00%"),
        (2, "25.00%", "50.00%"),
        (4, "75.00%", "25.00%"),
    ]
    assert show.segments((0, 0, 0, 0, 0)) == []
    assert [shade for shade, _, _ in show.segments((1, 1, 1, 1))] == [0, 1, 3, 4]


def test_chart_columns_stand_on_the_axis_and_add_up() -> None:
    full = AgingRow(None, None, "", "GBP", (12_000_00, 0, 3_000_00, 0, 500_00), -100_00)
    rows = [(date(2026, 1, 31), None), (date(2026, 2, 28), full)]
    drawn = chart.stacked(rows=rows, decimals=2)
    assert drawn.columns[0].parts == []
    assert [part.shade for part in drawn.columns[1].parts] == [0, 2, 4]
    bottoms = [float(p.y) + float(p.height) for p in drawn.columns[1].parts]
    assert bottoms[0] == chart.HEIGHT - chart.BOTTOM
    assert bottoms[1:] == pytest.approx([float(p.y) for p in drawn.columns[1].parts[:-1]])
    assert drawn.unit == "thousand"
    assert [line.label for line in drawn.lines] == ["0", "5", "10", "15", "20"]


def test_month_ends_cross_the_year_and_end_today() -> None:
    found = chart.month_ends(until=date(2024, 3, 15), months=4)
    assert found == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 15)]


def test_static_addresses_change_with_their_content(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    marks = []
    for content in ("a{}", "b{}"):
        file.write_text(content)
        static_names._mark.cache_clear()
        with override_settings(STATICFILES_DIRS=[tmp_path]):
            finders.get_finder.cache_clear()
            marks.append(static_names.MarkedStorage().url("a.css"))
    finders.get_finder.cache_clear()
    static_names._mark.cache_clear()
    assert marks[0] != marks[1]
    assert all(re.fullmatch(r"/static/a\.css\?v=[0-9a-f]{10}", mark) for mark in marks)


def test_everything_a_page_asks_for_is_served_from_here(books: Entity, open_as) -> None:
    client: Client = open_as("viewer")
    text = client.get("/").content.decode()
    wanted = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text))
    assert len(wanted) >= 8
    styles = [finders.find(name) for name in ("web/tokens.css",)]
    fonts = re.findall(r'url\("(fonts/[^"]+)"\)', Path(styles[0]).read_text())
    wanted |= {f"/static/web/{font}" for font in fonts}
    for address in wanted:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "max-age=31536000" in response.headers["Cache-Control"], address
        assert "Access-Control-Allow-Origin" not in response.headers
