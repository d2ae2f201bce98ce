"""Which documents take an order's amount out of it, and money that is spoken for (pain G3)."""

from datetime import UTC, date, datetime

import pytest

from building import Books
from duly.credit.actions.settled_orders import settle_orders
from duly.credit.errors import OrderNotReleased
from duly.credit.models import NEVER, Order
from duly.credit.queries.exposure import ordered, read_book
from duly.interfaces.exchange.settling import Asked, void_by_number
from ordering import ON, ask, bill, books_of_c10, parts, ship

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    """An order of 1,000 on credit."""
    books = books_of_c10()
    ask(books, "1000.00", "O-1")
    return books


def credit(books: Books, number: str, amount: str, ref: str, on: str = "2026-03-06") -> None:
    """Import a credit note that names an order."""
    books.take_in(
        "items",
        "kind,number,customer_id,currency,issued_on,due_on,amount,order_ref\n"
        f"credit_note,{number},C1,USD,{on},{on},{amount},{ref}\n",
    )


def settle(books: Books) -> int:
    return settle_orders(entity_id=books.entity_id, on=ON)


def left(books: Books, customer: str = "C1") -> int:
    """What it has ordered and is not invoiced, as the watch of limits adds it up."""
    pk = books.customer_id(customer)
    return ordered(books.entity_id, [pk], ON).get(pk, {}).get("USD", 0)


class TestWhoseDocument:
    def test_an_invoice_of_a_stranger_takes_nothing_out_of_it(self, books: Books) -> None:
        books.customer("C9")
        bill(books, "I-9", "1000.00", "O-1", customer="C9")
        assert parts(books)["open_orders"] == "1000.00"
        assert left(books) == 100_000
        assert settle(books) == 0

    def test_nor_where_both_families_are_read_at_once(self, books: Books) -> None:
        both = [books.customer_id("C1"), books.customer("C9")]
        bill(books, "I-9", "1000.00", "O-1", customer="C9")
        assert read_book(books.entity, both, ON).orders["O-1"].invoiced_minor == 0

    def test_a_stranger_s_currency_needs_no_rate(self, books: Books) -> None:
        books.customer("C9")
        books.take_in(
            "items",
            "kind,number,customer_id,currency,issued_on,due_on,amount,order_ref\n"
            "invoice,I-9,C9,EUR,2026-03-05,2026-04-04,5.00,O-1\n",
        )
        assert parts(books)["open_orders"] == "1000.00"

    def test_its_parent_s_does_and_is_noted(self, books: Books) -> None:
        books.take_in("customers", "customer_id,name,parent_id\nC2,Below,C1\nC3,Below,C2\n")
        ask(books, "500.00", "O-3", customer="C3")
        bill(books, "I-3", "500.00", "O-3", customer="C1")
        assert parts(books)["open_orders"] == "1000.00"
        assert left(books, "C3") == 0
        assert settle(books) == 1

    def test_of_somebody_beside_it_in_the_family_it_does_and_is_not_noted(
        self, books: Books
    ) -> None:
        books.take_in("customers", "customer_id,name,parent_id\nC2,Below,C1\nC3,Below,C1\n")
        ask(books, "500.00", "O-3", customer="C3")
        bill(books, "I-3", "500.00", "O-3", customer="C2")
        assert parts(books)["open_orders"] == "1000.00"
        assert (left(books, "C3"), settle(books)) == (50_000, 0)


class TestCreditNotes:
    def test_what_was_credited_and_invoiced_again_counts_once(self, books: Books) -> None:
        bill(books, "I-2", "500.00", "O-1")
        credit(books, "CN-2", "500.00", "O-1")
        bill(books, "I-3", "500.00", "O-1")
        assert parts(books)["open_orders"] == "500.00"
        assert (left(books), settle(books)) == (50_000, 0)
        bill(books, "I-4", "500.00", "O-1")
        assert (left(books), settle(books)) == (0, 1)
        assert "open_orders" not in parts(books)

    def test_more_credited_than_invoiced_makes_it_no_larger(self, books: Books) -> None:
        credit(books, "CN-2", "300.00", "O-1")
        assert parts(books)["open_orders"] == "1000.00"
        assert left(books) == 100_000

    def test_one_that_comes_after_it_was_noted_takes_the_note_back(self, books: Books) -> None:
        bill(books, "I-2", "1000.00", "O-1")
        assert settle(books) == 1
        credit(books, "CN-2", "400.00", "O-1")
        assert Order.objects.get(ref="O-1").settled_on == NEVER
        assert parts(books)["open_orders"] == "400.00"
        assert settle(books) == 0

    def test_one_that_names_no_order_takes_no_note_back(self, books: Books) -> None:
        bill(books, "I-2", "1000.00", "O-1")
        assert settle(books) == 1
        credit(books, "CN-2", "400.00", "")
        assert Order.objects.get(ref="O-1").settled_on != NEVER

    def test_one_of_a_later_day_keeps_it_from_being_noted(self, books: Books) -> None:
        bill(books, "I-2", "1000.00", "O-1")
        credit(books, "CN-2", "400.00", "O-1", on="2026-03-20")
        assert settle(books) == 0
        assert "open_orders" not in parts(books)
        assert parts(books, on=date(2026, 3, 20))["open_orders"] == "400.00"

    def test_voided_it_counts_no_more(self, books: Books) -> None:
        bill(books, "I-2", "1000.00", "O-1")
        credit(books, "CN-2", "400.00", "O-1")
        void_by_number(
            Asked("test", datetime(2026, 3, 10, tzinfo=UTC), on=ON), customer="C1", number="CN-2"
        )
        assert "open_orders" not in parts(books)
        assert settle(books) == 1


class TestMoneyOfPrepaidOrders:
    """The same money pays one prepaid order."""

    @pytest.fixture
    def books(self) -> Books:
        """100 came in, and an order of 100 shipped on it."""
        books = Books(currency="USD")
        books.customer("C1", currency="USD", credit_limit_minor=0)
        books.take_in("customers", "customer_id,name,parent_id\nC2,Below,C1\n")
        books.payment("P-1", "C1", "100.00", on="2026-03-01")
        ask(books, "100.00", "O-1", is_prepaid=True)
        ship(books, "O-1", "100.00")
        return books

    def refused(self, books: Books, ref: str) -> None:
        ask(books, "100.00", ref, is_prepaid=True)
        with pytest.raises(OrderNotReleased):
            ship(books, ref, "100.00")

    def test_invoiced_and_not_paid_by_it_yet_it_is_not_free_again(self, books: Books) -> None:
        bill(books, "I-1", "100.00", "O-1")
        self.refused(books, "O-2")

    def test_nor_once_the_order_was_noted_as_invoiced(self, books: Books) -> None:
        bill(books, "I-1", "100.00", "O-1")
        assert settle(books) == 1
        self.refused(books, "O-2")

    def test_nor_where_its_family_is_billed(self, books: Books) -> None:
        bill(books, "I-1", "100.00", "O-1", customer="C2")
        self.refused(books, "O-2")

    def test_nor_is_what_is_due(self, books: Books) -> None:
        bill(books, "I-1", "100.00", "O-1")
        books.apply("P-1", "I-1", "100.00", on="2026-03-09")
        books.payment("P-2", "C1", "100.00", on="2026-03-09")
        books.invoice("I-2", "C1", "0.01", issued="2026-02-08", due="2026-03-10")
        self.refused(books, "O-2")

    def test_new_money_pays_the_next_one(self, books: Books) -> None:
        bill(books, "I-1", "100.00", "O-1")
        books.payment("P-2", "C1", "100.00", on="2026-03-09")
        books.invoice("I-2", "C1", "0.01", issued="2026-02-09", due="2026-03-11")  # not due
        ask(books, "100.00", "O-2", is_prepaid=True)
        ship(books, "O-2", "100.00")
        bill(books, "I-3", "100.00", "O-2")
        books.apply("P-1", "I-1", "100.00", on="2026-03-10")
        self.refused(books, "O-3")
