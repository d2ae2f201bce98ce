"""The last of a limit is taken once (T4, I10), on both databases."""

import threading
from typing import Any

import pytest
from django.db import connection

from building import Books
from duly.credit.models import HoldCase, Order
from ordering import ask, bill, cancel, decision, parts


@pytest.fixture
def books(fresh_database: Any) -> Books:
    books = Books(currency="USD")
    books.customer("C1", currency="USD", credit_limit_minor=1_000_000)
    books.take_in("customers", "customer_id,name,parent_id\nC2,Below,C1\nC3,Below,C1\n")
    books.invoice("I-1", "C1", "5500.00", issued="2026-02-20", due="2026-03-22")
    return books


def at_once(*acts: Any) -> list[Any]:
    """What each act returned, or raised, all begun at the same moment."""
    barrier, told = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int, act: Any) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(20)
            told[index] = act()
        except Exception as error:
            told[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def test_orders_of_a_family_at_once_never_pass_its_limit(books: Books) -> None:
    acts = [
        lambda n=n: decision(ask(books, "1000.00", f"O-{n}", customer=f"C{n % 3 + 1}"))
        for n in range(8)
    ]
    told = at_once(*acts)
    assert sorted(told) == [["hold", "limit"]] * 4 + [["release"]] * 4
    assert parts(books)["total"] == "9500.00"
    assert HoldCase.objects.filter(ending="").count() == 4


def test_the_same_order_at_once_is_one_order(books: Books) -> None:
    told = at_once(*[lambda: decision(ask(books, "1000.00", "O-1")) for _ in range(4)])
    assert told == [["release"]] * 4
    assert Order.objects.get().amount_minor == 100_000


def test_an_order_invoiced_while_others_are_asked_counts_all_the_time(books: Books) -> None:
    """Pain G3: between order and invoice there is no moment in which it stands in neither."""
    ask(books, "4000.00", "O-1")
    acts = [lambda n=n: decision(ask(books, "600.00", f"N-{n}")) for n in range(6)]
    told = at_once(lambda: bill(books, "I-2", "4000.00", "O-1"), *acts)
    assert told[1:] == [["hold", "limit"]] * 6
    assert parts(books)["total"] == "9500.00"


def test_cancelled_and_asked_at_once_ends_in_one_of_both_orders(books: Books) -> None:
    ask(books, "4000.00", "O-1")
    told = at_once(lambda: cancel(books, "O-1"), lambda: decision(ask(books, "4500.00", "O-2")))
    assert told[1] in (["release"], ["hold", "limit"])
    expected = "10000.00" if told[1] == ["release"] else "5500.00"
    assert parts(books)["total"] == expected
