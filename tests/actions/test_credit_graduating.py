"""Limits that a rule proposes: paid on time they grow, paid late they shrink, unused they lapse."""

from datetime import date, timedelta

import pytest

from building import FIRST_MOMENT, Books
from deciding import MANAGER, ON, decide, hire, request_of
from duly.access.actions import Author
from duly.credit.actions.graduating import propose_changes
from duly.credit.models import CreditLimit, LimitProposal
from duly.credit.queries.decisions import proposals_waiting

pytestmark = pytest.mark.django_db
WORKER = Author("worker", FIRST_MOMENT)


@pytest.fixture
def books() -> Books:
    one = Books()
    hire()
    one.customer("C1", "Ostler Brewing", currency="EUR")
    decide(one, request_of(one, "5000"), "5000")
    return one


def trade(books: Books, count: int, days_late: int) -> date:
    """Invoices one after another, each paid so many days after it was due; the day after."""
    paid = ON
    for number in range(count):
        issued = ON + timedelta(days=30 * number + 1)
        due = issued + timedelta(days=14)
        paid = due + timedelta(days=days_late)
        name = f"{days_late}-{number}"
        books.invoice(f"I{name}", "C1", "900.00", issued=str(issued), due=str(due))
        books.payment(f"P{name}", "C1", "900.00", on=str(paid))
        books.apply(f"P{name}", f"I{name}", "900.00", on=str(paid))
    return paid + timedelta(days=10)


def proposed(books: Books, on: date) -> list[tuple[str, int]]:
    rows = propose_changes(entity=books.entity, on=on, author=WORKER)
    return [(row.origin, row.amount_minor) for row in rows]


def test_a_starter_limit_paid_on_time_is_proposed_doubled_once(books: Books) -> None:
    assert proposed(books, trade(books, 2, 0)) == []
    later = trade(books, 3, 2)
    assert proposed(books, later) == [("graduate", 10_000_00)]
    assert proposed(books, later) == []
    (row,) = proposals_waiting(books.entity_id)
    assert row.because == {"on_time_in_a_row": 5}
    assert row.replaces_id == CreditLimit.objects.get().pk
    assert CreditLimit.objects.get().amount_minor == 5_000_00  # a person decides


def test_one_paid_late_is_proposed_halved(books: Books) -> None:
    assert proposed(books, trade(books, 1, 20)) == []
    assert proposed(books, trade(books, 2, 30)) == [("shrink", 2_500_00)]


def test_what_is_open_past_its_day_is_late_and_what_is_not_due_tells_nothing(books: Books) -> None:
    due = ON + timedelta(days=10)
    for number in range(2):
        books.invoice(f"I{number}", "C1", "900.00", issued=str(ON), due=str(due))
    assert proposed(books, due + timedelta(days=2)) == []
    assert proposed(books, due + timedelta(days=9)) == [("shrink", 2_500_00)]


def test_one_that_nobody_uses_is_proposed_to_lapse(books: Books) -> None:
    assert proposed(books, ON + timedelta(days=200)) == []
    assert proposed(books, ON + timedelta(days=400)) == [("dormant", 0)]


def test_a_large_limit_and_an_imported_one_are_left_alone(books: Books) -> None:
    books.customer("C2", "Meridian", currency="EUR", credit_limit_minor=1_000_00)
    decide(books, request_of(books, "20000"), "20000", MANAGER)
    assert proposed(books, trade(books, 3, 0)) == []
    assert not LimitProposal.objects.exists()
