"""Requests that a colleague enters, references taken by phone, and what the checks show."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.applying import application
from tests.interfaces.web.shown import text
from tests.interfaces.web.test_portal_pages import posted

from duly.access.actions import Author
from duly.credit.models import CreditRequest
from duly.credit.queries.references import references_of
from duly.credit.queries.requests import acceptance_of
from duly.credit.rules.request_form import read_form
from duly.interfaces.exchange.requesting import Asked, take_in
from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WHO = Author("test", AT)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def test_a_clerk_enters_a_request_by_the_applicant_s_own_form(open_as, entity: Entity) -> None:
    clerk = open_as("clerk")
    response = clerk.post("/credit/new/")
    assert response.status_code == 302
    address = response["Location"]
    for block in read_form({})[0].blocks:
        given = {f.id: application()[f.id] for f in block.fields if f.id in application()}
        response = clerk.post(f"{address}{block.id}/", {**posted(**given), "act": "next"})
        assert response.status_code == 302, text(response.content.decode())
    request = CreditRequest.objects.get()
    assert request.submitted_on is not None
    assert request.actor == "clerk@example.org"
    accepted = acceptance_of(request.pk)
    assert accepted is not None
    assert accepted.way == "told"


def test_a_request_of_a_customer_of_ours_is_tied_to_it(open_as, books: Entity) -> None:
    one = Customer.objects.get(code="C1")
    open_as("clerk").post("/credit/new/", {"customer": one.pk})
    assert CreditRequest.objects.get().customer_id == one.pk


def test_who_only_looks_enters_nothing(open_as, entity: Entity) -> None:
    assert open_as("viewer").post("/credit/new/").status_code == 403


def test_a_request_of_other_books_is_not_there(open_as, entity: Entity) -> None:
    other = add_entity(name="Zeta", currency="EUR", country="DE", at=AT)
    take_in(application(), Path("."), Asked(other, date(2026, 3, 10), WHO), is_draft=True)
    clerk, row = open_as("clerk"), CreditRequest.objects.get()
    assert clerk.get(f"/credit/requests/{row.pk}/fill/").status_code == 404
    assert clerk.get("/credit/requests/99/fill/identity/").status_code == 404


@pytest.fixture
def taken(entity: Entity) -> CreditRequest:
    given = application(payables_email="meadow@gmail.com", tax_id="GB980780685")
    take_in(given, Path("."), Asked(entity, date(2026, 3, 10), WHO), is_draft=False)
    return CreditRequest.objects.get()


def test_a_reference_is_taken_by_phone(open_as, taken: CreditRequest) -> None:
    clerk: Client = open_as("clerk")
    first, second, *_ = references_of(taken.pk).rows
    address = f"/credit/references/{first.reference.pk}/"
    assert "Kestrel Board on Meadow Prints Ltd" in text(clerk.get(address).content.decode())
    response = clerk.post(address, {"comment": "Fine", "act": "answer"})
    assert response.status_code == 422
    assert "Fine" in response.content.decode()
    told = {"days_slow": "6", "teller_name": "Eve", "act": "answer", "currency": "GBP"}
    assert clerk.post(address, told).status_code == 302
    address = f"/credit/references/{second.reference.pk}/"
    assert clerk.post(address, {"act": "unverifiable"}).status_code == 422
    assert clerk.post(address, {"act": "unverifiable", "why": "No such firm"}).status_code == 302
    assert [row.state for row in references_of(taken.pk).rows[:2]] == ["received", "unverifiable"]


def test_the_page_of_a_request_shows_its_checks(open_as, taken: CreditRequest) -> None:
    clerk = open_as("clerk")
    page = text(clerk.get(f"/credit/requests/{taken.pk}/").content.decode())
    for told in (
        "gmail.com",
        "No VAT number of GB",
        "Guarantee of Ann Lee, personal, unlimited",
        "personal reports on the owners",
        "Kestrel Board",
        "Not sent",
        "0 of 3 suppliers answered",
    ):
        assert told in page
    assert "New request" in text(clerk.get("/credit/").content.decode())
    assert "New request" not in text(open_as("viewer").get("/credit/").content.decode())
