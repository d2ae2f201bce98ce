"""The books on which every proof is tried."""

import pytest

from banking import line, part, statement, take
from building import Books
from duly.access.actions import once
from northwind import trading_northwind


@pytest.fixture
def books(db: None) -> Books:
    """The trading company, with a discount taken, a credit applied, a void, a key, bank lines."""
    books = trading_northwind()
    books.payment("P-H", "HARBOUR", "196.00", on="2026-03-11")
    books.apply("P-H", "H-1", "196.00", discount="4.00", on="2026-03-12")
    books.apply("T-CN1", "T-1", "50.00", on="2026-03-12")
    books.invoice("M-3", "MERIDIAN", "9.00", issued="2026-03-12", due="2026-04-11")
    books.void("M-3", on="2026-03-13")
    once(key="K-1", command="apply", given=1, at=books.moment(), act=lambda: {"done": 1})
    batch = line("2026-03-13", "3.00", details=(part("1.00"), part("2.00")))
    take(books, statement(batch, line("2026-03-13", "-1.00", "FEES"), on="2026-03-13"))
    take(books, statement(line("2026-03-13", "7.00"), on="2026-03-13", opening="1002.00"))
    return books
