"""The sample company as `duly demo` makes it, lived once for all these tests, with its files."""

from datetime import date
from pathlib import Path

import pytest
from tests.world.files import Files, write_all

from duly.interfaces.cli.main import parser
from duly.world.company import build_company
from duly.world.records import History
from duly.world.trading import World

START, UNTIL = date(2025, 1, 1), date(2026, 6, 30)


@pytest.fixture(scope="session")
def history() -> History:
    """Eighteen months of the company that stands behind the default seed."""
    asked = parser().parse_args(["demo"])
    assert asked.months == 18
    company = build_company(seed=asked.seed, customers=asked.customers, start=START, until=UNTIL)
    return World(company, START).live(UNTIL)


@pytest.fixture(scope="session")
def files(history: History, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """All that it tells, as files."""
    folder: Path = tmp_path_factory.mktemp("sample")
    return write_all(history, folder)
