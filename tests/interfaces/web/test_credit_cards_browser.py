"""The page of cards in a real browser, at every width, with the eyes of axe."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.interfaces.web.browsing import BROWSER, Served, assert_pages_fit, serving

pytestmark = BROWSER


def _write_books(folder: Path) -> list[str]:
    due = (datetime.now(UTC) - timedelta(days=40)).date()
    files = {
        "customers.csv": "customer_id,name,currency,credit_limit\n"
        "C1,Meridian Foods,GBP,5000\nC2,Tall Oaks,GBP,100\n",
        "items.csv": "kind,number,customer_id,currency,issued_on,due_on,amount\n"
        f"invoice,I1,C1,GBP,{due - timedelta(days=30)},{due},900.00\n"
        f"invoice,I2,C2,GBP,{due - timedelta(days=30)},{due},90.00\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return [str(folder / name) for name in files]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("cards"), _write_books) as one:
        for act in (
            ("card", "challenge", "behaviour", "--reason", "To be seen."),
            ("rescore",),
        ):
            subprocess.run(
                [sys.executable, "-m", "duly", "credit", *act],
                env=one.environment,
                check=True,
                capture_output=True,
            )
        yield one


def test_the_pages_fit_and_axe_finds_nothing(open_page) -> None:
    page = open_page("/credit/cards")
    page.get_by_text("Customers on whom they differ most").first.wait_for(state="attached")
    page.get_by_label("Card", exact=True).select_option("standard-1")
    page.get_by_label("From today on it").select_option("champion")
    page.get_by_label("Why").fill("As it was.")
    page.get_by_role("button", name="Adopt").click()
    page.get_by_text("judges from today on").first.wait_for()
    assert_pages_fit(open_page, ["/credit/cards", "/credit/cards/standard-1"])
