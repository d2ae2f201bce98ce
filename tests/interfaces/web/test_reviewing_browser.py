"""Reviews and clocks in a real browser: concluded by keyboard only, read with the eyes of axe."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.interfaces.web.browsing import BROWSER, Served, assert_pages_fit, serving

pytestmark = BROWSER


def day(days: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=days))


LONG = "Société Générale des Emballages Réunis du Nord et de la Picardie Orientale S.A."
COMMANDS = [
    "insurance policy P-1 --insurer Insurer --currency EUR --mep-days 60 --notify-days 45"
    f" --waiting-days 150 --indemnity 90 --from {day(-500)} --to {day(200)}",
    f"insurance limit ALDER --policy P-1 --amount 9000.00 --from {day(-400)}",
    f"security add ALDER guarantee --amount 5000.00 --currency EUR --to {day(9)}",
    f"security add ALDER lien --currency EUR --state CA --date completed={day(-60)}"
    f" --from {day(-90)}",
    "signal add ALDER adverse_news",
]


def _write_books(folder: Path) -> list[str]:
    """A customer that owes more than its limit, some of it late."""
    files = {
        "customers": ["customer_id,name,currency,credit_limit", f"ALDER,{LONG},EUR,8000.00"],
        "items": [
            "kind,number,customer_id,currency,issued_on,due_on,amount",
            *(
                f"invoice,INV-{n},ALDER,EUR,{day(-30 - late)},{day(-late)},2500.00"
                for n, late in enumerate((70, 40, 20, -10))
            ),
        ],
    }
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [str(folder / f"{name}.csv") for name in files]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("reviewing"), _write_books) as found:
        for command in COMMANDS:
            subprocess.run(
                [sys.executable, "-m", "duly", "credit", *command.split()],
                env=found.environment,
                check=True,
                capture_output=True,
            )
        yield found


def test_pages_fit_every_screen_and_axe_finds_nothing(open_page) -> None:
    assert_pages_fit(
        open_page,
        [
            "/credit/reviews/",
            "/credit/reviews/?kind=securities",
            "/credit/reviews/1/",
            f"/credit/reviews/clock/?clock=security:1:ends:{day(9)}",
            "/customers/1/credit/",
        ],
    )


def test_a_review_is_concluded_by_keyboard_only(open_page) -> None:
    page = open_page("/credit/reviews/?kind=reviews")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Review of {LONG}")
    page.keyboard.press("t")
    expect(page.get_by_text("It is yours.")).to_be_visible()
    page.get_by_label("Kept as it is").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("The plant is a small one.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The review is concluded.")).to_be_visible()
    expect(page.get_by_text("The plant is a small one.")).to_be_visible()
