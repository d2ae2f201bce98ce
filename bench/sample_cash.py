"""The sample company's own bank files matched, format by format, and compared with what is true.

    python bench/sample_cash.py [--format camt.053]

Books of its customers, with all that was paid and applied before the last month; then that month's
bank files in one format, and `duly match --auto`. A line of money in is `right` where it went to
exactly the documents that its payer meant, `wrong` where any of it went to any other; else it, or a
part of it, waits.
Formats other than camt.053 tell no payments of a batch of direct debits, OFX no accounts.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import measure

FORMATS = ("camt.053", "mt940", "bai2", "ofx")
FROM_CUSTOMERS = ("transfer", "direct_debit")


def live(arguments: argparse.Namespace, folder: Path) -> date:
    """Write the company's tables and its month of bank files; return the month's first day."""
    from duly.kernel.dates import add_months
    from duly.world.company import build_company
    from duly.world.months import write_month
    from duly.world.tables import write_tables
    from duly.world.trading import World

    until = date.fromisoformat(arguments.until)
    start = add_months(until, -arguments.months) + timedelta(days=1)
    company = build_company(
        seed=arguments.seed, customers=arguments.customers, start=start, until=until
    )
    history = World(company, start).live(until)
    write_tables(history, folder)
    write_month(history, folder / "month")
    return until.replace(day=1)


def before(path: Path, column: str, day: date) -> Path:
    """A table without the rows of a day and later."""
    rows = list(csv.reader(path.open(encoding="utf-8")))
    at = rows[0].index(column)
    with path.open("w", encoding="utf-8", newline="") as file:
        kept = [row for row in rows[1:] if row[at] < day.isoformat()]
        csv.writer(file).writerows([rows[0], *kept])
    return path


def truth(folder: Path) -> tuple[dict[str, set[str]], set[str], dict[str, str]]:
    """{line: documents meant}, lines that are no customer's, {payment: its line}."""
    meant: dict[str, set[str]] = defaultdict(set)
    others, line_of = set(), {}
    with (folder / "month" / "truth.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            line = row["bank_reference"]
            if row["line_amount"].startswith("-"):
                continue
            if row["kind"] not in FROM_CUSTOMERS:
                others.add(line)
                continue
            line_of[row["payment"]] = line
            found = meant[line]
            if row["document"] and not row["amount"].startswith("-"):
                found.add(row["document"])
    return meant, others, line_of


def applied(line_of: dict[str, str]) -> dict[str, set[str]]:
    """{line: documents that its money, and credit notes netted with it, went to}."""
    from duly.cash_application.models import Match
    from duly.cash_application.queries import sources_of
    from duly.receivables.queries import numbers_of_items

    made = {
        payment: [item for item, minor, *_ in json.loads(lines) if minor > 0]
        for payment, lines in Match.objects.values_list("payment_id", "lines")
    }
    sources = sources_of(list(made))
    numbers = numbers_of_items({item for items in made.values() for item in items})
    found: dict[str, set[str]] = defaultdict(set)
    for payment, source in sources.items():
        reference, items = source.bank_reference, made[payment]
        found[line_of.get(reference, reference)].update(numbers[item] for item in items)
    return found


def run(format: str, arguments: argparse.Namespace) -> None:
    """One format in books of its own."""
    measure.open_installation()
    from duly.interfaces.exchange.importing import Wanted, import_files
    from duly.interfaces.exchange.matching import match
    from duly.interfaces.exchange.settling import Asked
    from duly.parties.actions import add_entity

    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = live(arguments, folder)
        add_entity(name="Sample", currency="EUR", country="DE", at=now)
        tables = [folder / f"{kind}.csv" for kind in ("rates", "customers", "contacts", "items")]
        tables.append(before(folder / "payments.csv", "received_on", first))
        tables.append(before(folder / "applications.csv", "applied_on", first))
        import_files(tables, wanted=Wanted(), actor="bench", at=now)
        files = sorted((folder / "month" / format).iterdir())
        import_files(files, wanted=Wanted(), actor="bench", at=now)
        asked = Asked(actor="bench", at=now, on=date.fromisoformat(arguments.until))
        with measure.costing() as cost:
            match(asked, auto=True)
        meant, others, line_of = truth(folder)
    went = defaultdict(set, applied(line_of))
    counts = Counter(
        "wrong"
        if went[line] - documents
        else "right"
        if went[line] and went[line] == documents
        else "waiting"
        for line, documents in meant.items()
    )
    measure.tell(
        "sample_cash",
        format=format,
        lines_of_customers=len(meant),
        **{what: counts[what] for what in ("right", "wrong", "waiting")},
        right_share=round(counts["right"] / len(meant), 4),
        wrong_share=round(counts["wrong"] / len(meant), 4),
        other_lines=len(others),
        others_applied=len(others & went.keys()),
        match_s=round(cost.wall_s, 2),
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--format", choices=FORMATS)
    parser.add_argument("--customers", type=int, default=60)
    parser.add_argument("--months", type=int, default=9)
    parser.add_argument("--until", default="2026-06-30", help="last day of a month")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    if arguments.format:
        run(arguments.format, arguments)
        return
    for format in FORMATS:  # books of its own for each
        environment = {k: v for k, v in os.environ.items() if k != "DULY_HOME"}
        subprocess.run(
            [sys.executable, __file__, *sys.argv[1:], "--format", format],
            env=environment,
            check=True,
        )


if __name__ == "__main__":
    main()
