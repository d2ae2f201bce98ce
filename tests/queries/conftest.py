"""The books on which every proof is tried."""

import pytest

from building import Books
from duly.access.actions import once
from northwind import trading_northwind


@pytest.fixture
def books(db: None) -> Books:
    """The trading company, with a discount taken, a credit applied, a void and a key."""
    books = trading_northwind()
    books.payment("P-H", "HARBOUR", "196.00", on="2026-03-11")
    books.apply("P-H", "H-1", "196.00", discount="4.00", on="2026-03-12")
    books.apply("T-CN1", "T-1", "50.00", on="2026-03-12")
    books.invoice("M-3", "MERIDIAN", "9.00", issued="2026-03-12", due="2026-04-11")
    books.void("M-3", on="2026-03-13")
    once(key="K-1", command="apply", given=1, at=books.moment(), act=lambda: {"done": 1})
    return books
