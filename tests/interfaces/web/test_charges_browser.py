"""Finance charges in a real browser: the pages fit every screen, and axe finds nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.interfaces.web.browsing import BROWSER, Served, _duly, assert_pages_fit, serving

pytestmark = BROWSER


def _month() -> str:
    """The last month that is over."""
    last = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)
    return f"{last:%Y-%m}"


def _write_books(folder: Path) -> list[str]:
    files = {
        "customers": ["customer_id,name,currency", "ALDER,Société des Emballages Réunis,EUR"],
        "items": [
            "kind,number,customer_id,currency,issued_on,due_on,amount",
            "invoice,INV-1,ALDER,EUR,2026-01-10,2026-02-10,31000.00",
            "invoice,INV-2,ALDER,EUR,2026-01-10,2026-02-20,250.00",
        ],
    }
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [str(folder / f"{name}.csv") for name in files]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("charging"), _write_books) as found:
        knobs = ("basis=terms", "signed_on=2026-01-01", "rate=18", "--from", "2026-01")
        _duly(found.environment, "charge", "policy", *knobs)
        _duly(found.environment, "charge", "run", "--month", "2026-03")
        yield found


def test_pages_fit_every_screen_and_axe_finds_nothing(open_page) -> None:
    pages = ["/charges/?month=2026-03", f"/charges/?month={_month()}&propose=1"]
    assert_pages_fit(open_page, [*pages, "/charges/FC-2026-03-1/"])
