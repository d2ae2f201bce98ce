"""How many statements a check of an order takes: few, and as many for a large family as for one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from building import Books
from duly.collections.queries.order_signals import order_signals
from duly.credit.actions import check_orders
from duly.credit.rules.exposure import Asked
from duly.interfaces.exchange.ordering import OrderTold, check
from ordering import AUTHOR, ON, books_of_c10

pytestmark = pytest.mark.django_db
OF_TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def books() -> Books:
    return books_of_c10()


def statements(act: Callable[[], Any]) -> int:
    """How many statements an act takes, beside those that begin and end transactions."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return sum(not str(one["sql"]).startswith(OF_TRANSACTIONS) for one in asked.captured_queries)


def ask(books: Books, amount: str, ref: str, customer: str = "C1") -> dict[str, Any]:
    told = OrderTold(customer, amount, books.currency, ref)
    return check(books.entity, told, ON, AUTHOR)


def test_a_released_order_takes_ten_statements_and_a_held_one_twelve(books: Books) -> None:
    ask(books, "1.00", "O-0")
    assert statements(lambda: ask(books, "9000.00", "O-1")) <= 10
    assert statements(lambda: ask(books, "90000.00", "O-2")) <= 12
    assert statements(lambda: ask(books, "9000.00", "O-1")) <= 13  # again: it is read and written


def test_a_family_of_fifty_takes_as_many_as_one_customer(books: Books) -> None:
    ask(books, "1.00", "O-0")
    alone = statements(lambda: ask(books, "10.00", "O-1"))
    rows = "".join(f"M{n},Member {n},C1\n" for n in range(49))
    books.take_in("customers", f"customer_id,name,parent_id\n{rows}")
    assert statements(lambda: ask(books, "10.00", "O-2", customer="M7")) == alone


def test_a_batch_takes_as_many_statements_for_many_orders_as_for_two(books: Books) -> None:
    def batch(mark: str, count: int) -> int:
        customer = books.customer_id("C1")
        asked = [Asked(customer, "USD", 100, f"{mark}-{n}") for n in range(count)]
        return statements(
            lambda: check_orders(
                entity=books.entity, asked=asked, on=ON, author=AUTHOR, signals_of=order_signals
            )
        )

    assert batch("A", 2) == batch("B", 40)
