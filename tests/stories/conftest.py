"""A desk for the stories: files in a folder, and the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shell import duly, write


@pytest.fixture
def file(tmp_path: Path, db: None) -> Callable[[str, str], Path]:
    """Save a file with a name, as somebody exported it."""
    return lambda name, text: write(tmp_path, name, text)


@pytest.fixture
def northwind(file: Callable[[str, str], Path]) -> None:
    """Northwind Packaging opens its books; Meridian Foods and Harbour & Sons buy from it."""
    duly("init", "--entity", "Northwind Packaging", "--currency", "EUR", "--country", "DE")
    duly(
        "import",
        file(
            "customers.csv",
            """
customer_id,name,terms
MERIDIAN,Meridian Foods,net30
HARBOUR,Harbour & Sons,2/10 net 30
""",
        ),
    )
