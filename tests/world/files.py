"""The world's files, and small worlds written whole: `python -m tests.world.files FOLDER`."""

import csv
import hashlib
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from duly.world.company import build_company
from duly.world.records import History
from duly.world.statements import write_statements
from duly.world.tables import write_tables
from duly.world.trading import World


@dataclass(frozen=True)
class Files:
    """A folder of the world."""

    folder: Path
    tables: list[Path]
    statements: list[Path]

    def rows(self, kind: str) -> list[dict[str, str]]:
        """The rows of a table."""
        with (self.folder / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def received(self) -> dict[str, Decimal]:
        """What the payments table says came in, by currency."""
        sums: dict[str, Decimal] = {}
        for row in self.rows("payments"):
            sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + Decimal(row["amount"])
        return sums


def write_all(history: History, folder: Path) -> Files:
    """Write a history."""
    return Files(folder, write_tables(history, folder), write_statements(history, folder / "bank"))


def live_small(seed: int = 7, customers: int = 40) -> History:
    """Five months of a small company."""
    start, until = date(2026, 1, 1), date(2026, 5, 29)
    company = build_company(seed=seed, customers=customers, start=start, until=until)
    return World(company, start).live(until)


def digest(folder: Path) -> str:
    """One digest of all files under a folder, their names included."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0")
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


if __name__ == "__main__":
    write_all(live_small(), Path(sys.argv[1]))
    print(digest(Path(sys.argv[1])))
