"""Statements of account as PDF, single files and one for post, against bare typesetting.

    DULY_FLOOR_PYTHON=/tmp/floors/bin/python python bench/statements.py --size 1000

The floors are `typst_one` and `typst_batch` of ../shared/bench/limit_docs.py: 25 lines of ready
text, no aging, no slip, no code, no PDF/A. Ours also read the books. Measured in turns, medians.
"""

import argparse
import csv
import statistics
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import measure

_LINES = 25
_ON = date(2026, 3, 2)


def fill(size: int, folder: Path) -> None:
    """Import customers with 25 open invoices each, and put bank details in force."""
    from duly.access.actions import Author
    from duly.interfaces.exchange.importing import Wanted, import_files
    from duly.parties.actions import add_entity, ask_bank_details, decide_bank_details
    from duly.parties.rules.bank_details import BankDetailsDraft

    now = datetime.now(UTC)
    entity = add_entity(name="Northwind Packaging", currency="EUR", country="DE", at=now)
    draft = BankDetailsDraft("EUR", "Northwind Packaging", "DE89370400440532013000", "COBADEFFXXX")
    asked = ask_bank_details(author=Author("ann", now), entity_id=entity.pk, draft=draft)
    decide_bank_details(author=Author("ben", now), approval_id=asked.pk, is_approved=True)
    with (folder / "customers.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("customer_id", "name", "country", "language", "address"))
        for n in range(size):
            rows.writerow((f"C{n:05d}", f"Customer {n} Ltd", "GB", "en", f"{n} High Street, Leeds"))
    with (folder / "items.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")
        )
        for n in range(size * _LINES):
            due = _ON - timedelta(days=n * 7919 % 90)
            cents = n * 7919 % 1_000_000 + 1
            amount = f"{cents // 100}.{cents % 100:02d}"
            customer = f"C{n % size:05d}"
            rows.writerow(
                ("invoice", f"INV{n:08d}", customer, "EUR", due - timedelta(days=30), due, amount)
            )
    for name in ("customers.csv", "items.csv"):
        import_files([folder / name], wanted=Wanted(), actor="bench", at=now)


def run(size: int, place: Path, processes: int, *, is_combined: bool) -> dict[str, float]:
    """One run in a new place: statements a second, and a CPU second of one process."""
    from duly.interfaces.exchange.statements import Asked, Filter, write_many
    from duly.parties.queries import entity

    with measure.costing() as cost:
        told = write_many(
            entity(),
            Asked(on=_ON),
            Filter(),
            folder=None if is_combined else place / "single",
            combined=place / "post.pdf" if is_combined else None,
            processes=processes,
        )
    if told["statements"] != size:
        raise SystemExit(f"{told['statements']} statements instead of {size}")
    return {"docs_per_s": size / cost.wall_s, "docs_per_cpu_s": size / cost.cpu_s}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    measure.open_installation()
    size, figures = arguments.size, {}
    with tempfile.TemporaryDirectory() as name:
        fill(size, Path(name))
        for kind, engine in (("single", "typst_one"), ("combined", "typst_batch")):
            taken: dict[str, list[float]] = {}
            for turn in range(arguments.times):
                place = Path(name) / f"{kind}-{turn}"
                place.mkdir()
                floor = measure.floor("limit_docs.py", engine, size)
                alone = run(size, place, 1, is_combined=kind == "combined")
                (place / "over").mkdir()
                over = run(
                    size, place / "over", arguments.processes, is_combined=kind == "combined"
                )
                for key, value in {
                    "floor_per_s": floor["docs_per_s"],
                    "floor_per_cpu_s": floor["docs_per_cpu_s"],
                    "per_s": alone["docs_per_s"],
                    "per_cpu_s": alone["docs_per_cpu_s"],
                    "over_processes_per_s": over["docs_per_s"],
                }.items():
                    taken.setdefault(key, []).append(value)
            found = {key: statistics.median(values) for key, values in taken.items()}
            figures[kind] = {key: round(value, 1) for key, value in found.items()} | {
                "ratio": round(found["per_s"] / found["floor_per_s"], 2),
                "ratio_cpu": round(found["per_cpu_s"] / found["floor_per_cpu_s"], 2),
                "ratio_over_processes": round(
                    found["over_processes_per_s"] / found["floor_per_s"], 2
                ),
            }
    measure.tell("statements", size=size, peak_mb=measure.peak_mb(), **figures)


if __name__ == "__main__":
    main()
