"""Find or do: by name, number or page, within one's own books."""

import re

import pytest
from tests.interfaces.web.conftest import AT, take_in

from duly.interfaces.exchange.settling import Asked, void_by_number
from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity
from duly.receivables.models import Document

HTMX = {"HX-Request": "true"}


def hits(client, text: str) -> dict[str, list[str]]:
    """{group: labels} of what the palette finds."""
    html = client.get("/find/", {"q": text}, headers=HTMX).content.decode()
    found = {}
    for group in re.findall(r'<div role="group".*?</div></div>', html, re.DOTALL):
        name = re.search(r'class="grp"[^>]*>([^<]+)<', group).group(1)
        found[name] = re.findall(r"</svg><span>([^<]+)", group)
    return found


def test_customers_are_found_by_the_start_of_any_word(books: Entity, open_as) -> None:
    client = open_as("viewer")
    assert hits(client, "oak")["Customers"] == ["Tall Oaks Joinery"]
    assert hits(client, "joi tall")["Customers"] == ["Tall Oaks Joinery"]
    assert hits(client, "C1")["Customers"] == ["Meridian Foods"]


@pytest.mark.parametrize("typed", ["INV-", "inv-", " inv-"])
def test_documents_are_found_however_they_are_typed(typed: str, books: Entity, open_as) -> None:
    found = hits(open_as("viewer"), typed)
    assert found["Invoices and credit notes"] == ["INV-1", "INV-2", "INV-3", "INV-4"]


def test_a_void_document_is_found_last_and_says_so(books: Entity, open_as) -> None:
    document = Document.objects.get(number="INV-1")
    code = Customer.objects.get(pk=document.customer_id).code
    asked = Asked(actor="test", at=AT, on=document.issued_on)
    void_by_number(asked, customer=code, number="INV-1")
    client = open_as("viewer")
    found = hits(client, "INV-")["Invoices and credit notes"]
    assert found == ["INV-2", "INV-3", "INV-4", "INV-1"]
    html = client.get("/find/", {"q": "INV-1"}).content.decode()
    assert " · void</span>" in html
    assert ">Void</" in client.get("/customers/", {"q": "INV-1"}).content.decode()


def test_pages_stand_first_only_while_nothing_is_typed(books: Entity, open_as) -> None:
    client = open_as("viewer")
    assert list(hits(client, "")) == ["Go to"]
    assert "Overview" in hits(client, "")["Go to"]
    assert hits(client, "over")["Go to"] == ["Overview"]
    assert list(hits(client, "a"))[-1] == "Go to"


def test_a_hit_leads_somewhere(books: Entity, open_as) -> None:
    client = open_as("viewer")
    html = client.get("/find/", {"q": "meridian"}, headers=HTMX).content.decode()
    assert re.search(
        r'role="option" id="hit-1-1" aria-selected="false" data-address="/customers/', html
    )


def test_nothing_found_is_told_with_what_to_try(books: Entity, open_as) -> None:
    html = open_as("viewer").get("/find/", {"q": "zzz"}, headers=HTMX).content.decode()
    assert "Nothing is called “zzz”" in html


@pytest.mark.parametrize("typed", ["%", "_", "x" * 5000, "'; DROP TABLE", "ﬀ 株"])
def test_any_text_may_be_typed(typed: str, books: Entity, open_as) -> None:
    client = open_as("viewer")
    for headers in (HTMX, {}):
        assert client.get("/find/", {"q": typed}, headers=headers).status_code == 200


def test_another_companys_customers_stay_there(books: Entity, open_as) -> None:
    other = add_entity(name="Southwind", currency="EUR", country="DE", timezone="UTC", at=AT)
    take_in(other, "customers", ("customer_id", "name"), ("X9", "Meridian Elsewhere"))
    assert hits(open_as("viewer"), "meridian")["Customers"] == ["Meridian Foods"]


def test_without_script_the_same_hits_are_links(books: Entity, open_as) -> None:
    html = open_as("viewer").get("/find/", {"q": "meridian"}).content.decode()
    assert re.search(r'<a class="item"[^>]*href="/customers/\d+/"', html)
    assert "<h1>Find</h1>" in html
