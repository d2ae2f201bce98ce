"""Match payments to open items end to end: gathered from the books, proposed, applied, posted.

    python bench/cash.py --size 1000000

Invoices, payments and texts are those of bench/matching.py (../shared/bench/gen.py); accounts of
payers are known. Told are wall and CPU seconds of the whole run (limit: 120 s for 576,000 payments
against 1,000,000 items, 2 GB), and how right it was by item.
"""

import argparse
import csv
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import measure


def write(path: Path, header: str, rows: list[tuple[object, ...]]) -> Path:
    """A CSV file."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    measure.open_installation()
    from gen import generate

    import matching
    from duly.interfaces.exchange.importing import Wanted, import_files

    data = generate(arguments.size, arguments.seed)
    invoices, payments = data["invoices"], data["payments"]
    written = matching.texts(data, arguments.seed)
    truth: dict[str, set[str]] = {}
    for payment, invoice in zip(
        *(data["allocations"][c].tolist() for c in ("payment_id", "invoice_id")), strict=True
    ):
        truth.setdefault(f"P{payment}", set()).add(f"INV{invoice:08d}")
    customers = sorted(set(invoices["customer_id"].tolist()))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        files = [
            write(
                place / "customers.csv",
                "customer_id,name,currency",
                [(f"C{n}", f"Customer {n}", "EUR") for n in customers],
            ),
            write(
                place / "items.csv",
                "kind,number,customer_id,currency,issued_on,due_on,amount",
                [
                    ("invoice", f"INV{n:08d}", f"C{c}", "EUR", on, due, f"{a / 100:.2f}")
                    for n, c, a, on, due in zip(
                        invoices["id"].tolist(), invoices["customer_id"].tolist(),
                        invoices["amount"].tolist(), matching.days(invoices["doc_date"]),
                        matching.days(invoices["due_date"]), strict=True,
                    )
                ],
            ),
        ]  # fmt: skip
        for path in files:
            import_files([path], wanted=Wanted(), actor="bench", at=datetime.now(UTC))
    bank(payments, written)
    learn(customers)
    told = matched(truth)
    measure.tell("cash", size=arguments.size, **told)


def bank(payments: dict, written: dict[int, str]) -> None:
    """The bank tells of all payments in one statement."""
    import matching
    from duly.cash_application.rules.statements import Balance, Closed, Entry, Opened, prove
    from duly.intake.actions import Options, import_sheets
    from duly.interfaces.exchange.readers.bank.sheets import bank_sheet
    from duly.parties.queries import entity

    rows = sorted(
        zip(
            matching.days(payments["date"]), payments["id"].tolist(),
            payments["customer_id"].tolist(), payments["amount"].tolist(), strict=True,
        )
    )  # fmt: skip
    total = sum(row[3] for row in rows)
    events = [
        Opened("statement", "DE89370400440532013000", "EUR", "1", "statement",
               Balance(rows[0][0], 0)),
        *(
            Entry(place="entry", booked_on=on, value_on=on, minor=minor, currency="EUR",
                  account=f"A{customer}", remittance=written[number], bank_reference=f"P{number}")
            for on, number, customer, minor in rows
        ),
        Closed("end", Balance(rows[-1][0], total)),
    ]  # fmt: skip
    import_sheets(
        entity=entity(None),
        sheets=[(bank_sheet("bank.xml", "camt.053", prove(events)), "a" * 64)],
        actor="bench",
        at=datetime.now(UTC),
        options=Options(),
    )


def learn(customers: list[int]) -> None:
    """The accounts of all payers are known."""
    from django.db import connection

    from duly.cash_application.actions import AliasDraft, learn_aliases
    from duly.parties.queries import entity, ids_by_code

    company = entity(None)
    ids = ids_by_code(company.pk, [f"C{n}" for n in customers])
    learn_aliases(
        entity_id=company.pk,
        aliases=[AliasDraft(ids[f"C{n}"], "account", f"A{n}") for n in customers],
        actor="bench",
        at=datetime.now(UTC),
        is_said=True,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def matched(truth: dict[str, set[str]]) -> dict[str, object]:
    """One run over all that waits."""
    from duly.cash_application.actions import match_payments
    from duly.cash_application.rules.outcomes import outcome_of
    from duly.parties.queries import entity
    from duly.receivables.queries import numbers_of_items

    before = measure.peak_mb()
    with measure.costing() as cost:
        told = match_payments(
            entity=entity(None), on=date(2030, 1, 1), auto=True, actor="bench", at=datetime.now(UTC)
        )
    applied = [one for one in told.proposals if outcome_of(one) == "applied"]
    numbers = numbers_of_items({line.item_id for one in applied for line in one.lines})
    right = lines = 0
    for one in applied:
        meant = truth[told.gathered.sources[one.payment.id].bank_reference]
        lines += len(one.lines)
        right += sum(numbers[line.item_id] in meant for line in one.lines)
    return {
        "payments": len(told.proposals),
        "wall_s": round(cost.wall_s, 1),
        "cpu_s": round(cost.cpu_s, 1),
        "peak_mb": measure.peak_mb(),
        "peak_mb_before": before,
        "applied": round(len(applied) / len(told.proposals), 4),
        "item_precision": round(right / max(lines, 1), 5),
        "item_recall": round(right / sum(map(len, truth.values())), 4),
    }


if __name__ == "__main__":
    main()
