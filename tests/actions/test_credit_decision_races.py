"""Two who decide at the same moment: one does, on both databases (T4, I17)."""

from functools import partial
from typing import Any

import pytest
from tests.actions.test_races import at_once

from building import Books
from deciding import DIRECTOR, MANAGER, ON, SECOND, decide, hire, propose, request_of
from duly.credit.actions.decisions import decide_proposal
from duly.credit.models import CreditDecision, CreditLimit

ROUNDS = 2


@pytest.fixture
def books(fresh_database: Any) -> Books:
    one = Books()
    hire()
    one.customer("C1", "Ostler Brewing")
    return one


def test_two_approvals_of_one_request(books: Books) -> None:
    for n in range(ROUNDS):
        request = request_of(books, "1000", name=f"Round {n}")
        told = at_once(
            partial(decide, books, request, "1000", MANAGER),
            partial(decide, books, request, "900", DIRECTOR, "approve_less"),
        )
        assert told == ["CREDIT_ALREADY_DECIDED", "done"]
        assert CreditDecision.objects.filter(request_id=request.pk).count() == 1
    assert CreditLimit.objects.count() == ROUNDS


def test_two_limits_for_the_same_days(books: Books) -> None:
    ids = [propose(books, amount, kind="temporary", to_on=ON).pk for amount in ("500", "600")]

    def settle(pk: int, author: Any) -> object:
        return decide_proposal(
            entity_id=books.entity_id,
            proposal_id=pk,
            is_approved=True,
            reason="Fine",
            on=ON,
            author=author,
        )

    told = at_once(lambda: settle(ids[0], MANAGER), lambda: settle(ids[1], SECOND))
    assert told == ["LIMITS_OVERLAP", "done"]
    assert CreditLimit.objects.count() == 1
