"""Orders that were invoiced whole are read no more, and count again as soon as they are not."""

from datetime import UTC, date, datetime

import pytest

from building import Books
from duly.credit.actions.settled_orders import settle_orders
from duly.credit.models import NEVER, Order
from duly.credit.queries.exposure import read_book
from duly.interfaces.exchange.settling import Asked, void_by_number
from ordering import ON, ask, bill, books_of_c10, cancel, decision, parts, ship

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    """One order invoiced whole, one in part."""
    books = books_of_c10()
    for ref, billed in (("O-1", "9000.00"), ("O-2", "1000.00")):
        ask(books, "9000.00", ref)
        bill(books, f"I-{ref}", billed, ref)
    return books


def settle(books: Books) -> int:
    return settle_orders(entity_id=books.entity_id, on=ON)


def read(books: Books, on: date = ON) -> set[str]:
    """The orders that a check reads."""
    return set(read_book(books.entity, [books.customer_id("C1")], on).orders)


def test_an_order_invoiced_whole_is_noted_once_and_read_no_more(books: Books) -> None:
    before = parts(books)
    assert read(books) == {"O-1", "O-2"}
    assert (settle(books), settle(books)) == (1, 0)
    assert read(books) == {"O-2"}
    assert parts(books) == before


def test_a_question_of_an_earlier_day_counts_it(books: Books) -> None:
    """It was invoiced on 5 March."""
    settle(books)
    assert read(books, date(2026, 3, 4)) == {"O-1", "O-2"}
    assert parts(books, on=date(2026, 3, 4))["open_orders"] == "18000.00"
    assert read(books, date(2026, 3, 5)) == {"O-2"}


def test_an_invoice_voided_it_counts_again_at_once(books: Books) -> None:
    settle(books)
    void_by_number(
        Asked("test", datetime(2026, 3, 10, tzinfo=UTC), on=ON), customer="C1", number="I-O-1"
    )
    assert parts(books)["open_orders"] == "17000.00"
    assert settle(books) == 0


def test_an_import_of_invoices_reverted_it_counts_again_at_once(books: Books) -> None:
    ask(books, "1000.00", "O-3")
    told = books.take_in(
        "items",
        "kind,number,customer_id,currency,issued_on,due_on,amount,order_ref\n"
        "invoice,I-3,C1,USD,2026-03-05,2026-04-04,1000.00,O-3\n",
    )
    assert settle(books) == 2
    before = parts(books)["total"]
    books.revert(told["id"])
    assert parts(books)["open_orders"] == "9000.00"
    assert parts(books)["total"] == before


def test_made_larger_it_counts_again(books: Books) -> None:
    settle(books)
    assert decision(ask(books, "9500.00", "O-1")) == ["release"]
    assert Order.objects.get(ref="O-1").settled_on == NEVER
    assert parts(books)["open_orders"] == "8500.00"


def test_asked_again_and_shipped_it_is_answered_as_ever(books: Books) -> None:
    first = ask(books, "9000.00", "O-1")
    settle(books)
    assert ask(books, "9000.00", "O-1") == first
    settle(books)
    ship(books, "O-1", "4000.00")
    assert settle(books) == 1
    cancel(books, "O-1")
    assert "shipped_not_invoiced" not in parts(books)


def test_an_invoice_in_another_currency_notes_nothing(books: Books) -> None:
    books.take_in("rates", "on,currency,per_entity_currency\n2026-03-01,EUR,0.5\n")
    ask(books, "100.00", "O-4", currency="EUR")
    bill(books, "I-4", "900.00", "O-4")
    assert settle(books) == 1
    assert "O-4" in read(books)
