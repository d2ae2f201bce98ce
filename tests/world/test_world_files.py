"""The files of the world: the same bytes wherever they are made."""

import os
import subprocess
import sys
from pathlib import Path

from tests.world.files import Files, digest

ROOT = Path(__file__).resolve().parents[2]
# Of `python -m tests.world.files FOLDER`. A change of the world changes it; another machine,
# another Python or another hash seed must not.
SMALL = "acea890ea6f44921b556bb70b3ed0017a80b2c16d4719bbbdc431a4096801182"


def written_with(hash_seed: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.world.files", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_seed_gives_the_same_bytes_everywhere(tmp_path: Path) -> None:
    first = written_with("1", tmp_path / "first")
    second = written_with("2", tmp_path / "second")
    assert first == second == digest(tmp_path / "first") == SMALL


def test_tables_hold_what_happened(files: Files, history) -> None:
    gone = history.returned()
    assert len(files.rows("customers")) == len(history.company.customers)
    assert len(files.rows("items")) == len(list(history.documents()))
    payments = [one for one in history.payments() if one.bank_reference not in gone]
    assert [row["payment_id"] for row in files.rows("payments")] == [
        one.bank_reference for one in payments
    ]
    unknown = [row for row in files.rows("payments") if not row["customer_id"]]
    assert len(unknown) == sum(one.identified_on > history.until for one in payments)


def test_tables_keep_to_what_a_seller_knows(files: Files) -> None:
    told = {row["segment"] for row in files.rows("customers")}
    assert "distressed" not in told
    assert "start-up" not in told


def test_rates_are_there_for_every_currency_and_banking_day(files: Files, history) -> None:
    rows = files.rows("rates")
    days = {row["on"] for row in rows}
    assert {row["currency"] for row in rows} == {"USD", "GBP", "JPY", "KWD"}
    assert len(rows) == 4 * len(days)
    assert len(days) > 350
    assert all(0.2 < float(row["per_entity_currency"]) < 250 for row in rows)
