"""Scorecards on pages: adopted with a reason, side by side, held against what came."""

from collections.abc import Callable
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client
from tests.interfaces.web.conftest import AT

from duly.access.actions import Author
from duly.credit.actions.scores import score_customers, score_request
from duly.credit.models import CardAdoption, CustomerScore
from duly.credit.rules.scorecards import Value
from duly.interfaces.exchange.cards import adopt
from duly.interfaces.web.pages.cards import (
    score_card,
    score_card_of_customer,
    score_card_of_request,
)
from duly.parties.models import Entity

AUTHOR = Author("ann", AT)


@pytest.fixture
def scored(books: Entity, today: date) -> Entity:
    """Scored by the standard card, the behaviour card beside."""
    adopt(books.pk, "behaviour", "challenger", today, "To be seen.", AUTHOR)
    score_customers(entity=books, customer_ids=None, on=today, author=AUTHOR)
    return books


def test_both_cards_are_held_side_by_side(scored: Entity, open_as: Callable[[str], Client]) -> None:
    shown = open_as("viewer").get("/credit/cards").content.decode()
    assert "behaviour-1" in shown
    assert "runs beside" in shown
    assert "Customers on whom they differ most" in shown
    assert "Nothing is old enough to tell" in shown
    assert "Adopt a card" not in shown  # who only looks adopts nothing


def test_a_manager_adopts_with_a_reason_and_nobody_else(
    books: Entity, open_as: Callable[[str], Client]
) -> None:
    told = {"version": "behaviour-1", "place": "champion", "reason": "Six months beside."}
    assert open_as("analyst").post("/credit/cards", told).status_code == 403
    manager = open_as("manager")
    refused = manager.post("/credit/cards", {**told, "reason": " "})
    assert (refused.status_code, CardAdoption.objects.count()) == (400, 0)
    assert "says why" in refused.content.decode()
    assert manager.post("/credit/cards", told).status_code == 302
    row = CardAdoption.objects.get()
    assert (row.place, row.reason) == ("champion", "Six months beside.")
    assert "behaviour-1 judges" in manager.get("/credit/cards").content.decode()


def test_a_card_is_opened_to_its_steps(books: Entity, open_as: Callable[[str], Client]) -> None:
    client = open_as("viewer")
    shown = client.get("/credit/cards/standard-1").content.decode()
    assert "Own payment history" in shown
    assert "up to 10 <b>24</b>" in shown
    assert "a filing for insolvency" in shown
    assert client.get("/credit/cards/none").status_code == 404


def test_a_score_shows_its_points_and_what_cost_most(books: Entity, today: date) -> None:
    known: dict[str, Value] = {"z2_zone": "grey", "public_record": "clean"}
    row = score_request(entity_id=books.pk, request_id=1, factors=known, on=today, author=AUTHOR)
    assert score_card_of_request(1) == score_card(row)
    shown = render_to_string("web/credit/score_card.html", {"score_card": score_card(row)})
    assert "70.83" in shown
    assert "Cost most: altman z&#x27;&#x27; zone −7." in shown
    assert "held back: 24% of the weight is known" in shown
    assert "own payment history" in shown  # among what is left out
    assert score_card_of_request(2) is None
    score_customers(entity=books, customer_ids=None, on=today, author=AUTHOR)
    kept = CustomerScore.objects.filter(customer_id__isnull=False).first()
    assert kept is not None
    assert kept.customer_id is not None
    assert score_card_of_customer(books.pk, kept.customer_id) == score_card(kept)
