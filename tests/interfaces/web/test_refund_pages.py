"""Refunds on a page: asked for by one, approved by another, and told loudly where they go."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from tests.interfaces.web.conftest import take_in
from tests.interfaces.web.shown import section, table, text

from duly.interfaces.exchange.refunding import refunds_document
from duly.parties.models import Entity
from duly.receivables.models import Payment

PAYMENT = ("payment_id", "customer_id", "currency", "received_on", "amount", "payer_account")


@pytest.fixture
def paid(books: Entity, today: date) -> Entity:
    """Meridian sent 80.00 that nobody can apply."""
    row = ("P-80", "C1", "GBP", today.isoformat(), "80.00", "GB33BUKB20201555555555")
    take_in(books, "payments", PAYMENT, row)
    return books


def ask(client: Client, amount: str = "80.00", **more: str) -> int:
    told = {"payment": "P-80", "amount": amount, "reason": "paid twice", **more}
    return client.post("/refunds/", told).status_code


def state(entity: Entity) -> str:
    (row,) = refunds_document(entity)["refunds"]
    return row["state"]


def test_from_asking_to_paid(
    paid: Entity, today: date, open_as: Callable[[str], Client], client: Client
) -> None:
    clerk = open_as("clerk")
    assert ask(clerk) == 302
    html = clerk.get("/refunds/").content.decode()
    assert table(html, "refunds-table") == [("P-80", [Decimal("80.00")])]
    assert "You asked" not in html  # a clerk approves nothing
    payment = clerk.get(f"/payments/{Payment.objects.get(number='P-80').pk}/").content.decode()
    assert "wait to be refunded" in payment
    number = refunds_document(paid)["refunds"][0]["id"]
    assert clerk.post(f"/refunds/{number}/approve/").status_code == 403
    manager = open_as("manager")
    assert manager.post(f"/refunds/{number}/approve/").status_code == 302
    assert state(paid) == "approved"
    assert clerk.post(f"/refunds/{number}/paid/", {"on": str(today)}).status_code == 302
    assert state(paid) == "paid"
    assert "No refund waits" in text(clerk.get("/refunds/").content.decode())
    everything = clerk.get("/refunds/?all=1").content.decode()
    assert "Paid" in text(section(everything, "<tbody"))
    listed = clerk.get("/refunds/refunds.csv?all=1").content.decode("utf-8-sig").splitlines()
    assert listed[1].startswith("P-80,Meridian Foods,paid,paid twice,GB33BUKB20201555555555,,")
    assert listed[1].endswith(",GBP,80.00")


def test_who_asked_does_not_approve(paid: Entity, open_as: Callable[[str], Client]) -> None:
    manager = open_as("manager")
    ask(manager, account="FR7630006000011234567890189")
    html = manager.get("/refunds/").content.decode()
    assert "You asked: another person approves." in text(html)
    assert "It goes to FR7630006000011234567890189, and the money came from" in text(html)
    number = refunds_document(paid)["refunds"][0]["id"]
    assert manager.post(f"/refunds/{number}/approve/").status_code == 403
    assert state(paid) == "asked"
    assert manager.post(f"/refunds/{number}/refuse/").status_code == 302
    assert state(paid) == "refused"


def test_what_does_not_fit_is_told_beside_what_was_typed(
    paid: Entity, open_as: Callable[[str], Client]
) -> None:
    clerk = open_as("clerk")
    response = clerk.post("/refunds/", {"payment": "P-80", "amount": "80.01", "reason": "why"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "more than is left of P-80" in text(html)
    assert 'value="80.01"' in html
    assert ask(open_as("viewer")) == 403
    assert clerk.post("/refunds/1/forget/").status_code == 404
    assert clerk.get("/refunds/?payment=P-80").content.decode().count('value="P-80"') == 1


def test_a_form_that_is_sent_twice_asks_once(
    paid: Entity, open_as: Callable[[str], Client]
) -> None:
    clerk = open_as("clerk")
    html = clerk.get("/refunds/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', html)
    assert key is not None
    assert [ask(clerk, "30.00", key=key[1]) for _ in range(2)] == [302, 302]
    assert [row["amount"] for row in refunds_document(paid)["refunds"]] == ["30.00"]


def test_an_account_that_is_too_long_is_not_cut(
    paid: Entity, open_as: Callable[[str], Client]
) -> None:
    assert ask(open_as("clerk"), account="X" * 65) == 422
    assert refunds_document(paid)["refunds"] == []
