"""Northwind Packaging as its files tell it, imported by the command line."""

from pathlib import Path

import pytest

from northwind import APPLICATIONS, CUSTOMERS, ITEMS, PAYMENTS
from shell import duly, write

FILES = (
    ("customers.csv", CUSTOMERS),
    ("items.csv", ITEMS),
    ("payments.csv", PAYMENTS),
    ("applications.csv", APPLICATIONS),
)


@pytest.fixture
def company(db: None) -> None:
    """The company, and nothing in its books."""
    duly("init", "--entity", "Northwind Packaging", "--currency", "EUR", "--country", "DE")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The four files of the trading company."""
    return [write(tmp_path, name, text) for name, text in FILES]


@pytest.fixture
def trading(company: None, files: list[Path]) -> None:
    """The company in March 2026."""
    duly("import", *files)
