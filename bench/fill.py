"""Fill an installation with made books, for the benchmarks that read.

    DULY_HOME=/tmp/books python bench/fill.py --size 1000000 --customers 100000

85 % of the items are paid, or none with --unpaid. Does nothing where the books are already there.
"""

import argparse
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import books
import measure


def fill(size: int, customers: int, *, paid: bool = True) -> None:
    """Import customers, items, payments and applications, unless there are customers."""
    from duly.interfaces.exchange.importing import Wanted, import_files
    from duly.parties.models import Customer

    if Customer.objects.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        items = books.write_items(place / "items.csv", size, customers)
        files = [books.write_customers(place / "customers.csv", customers), items]
        if paid:
            files += books.write_payments(place, items)
        for path in files:
            import_files([path], wanted=Wanted(), actor="bench", at=datetime.now(UTC))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def fresh_money(on: date) -> None:
    """One payment of the day before, so that the money side is known."""
    from duly.interfaces.exchange.importing import Wanted, import_files

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payments.csv"
        path.write_text(
            "payment_id,customer_id,currency,received_on,amount\n"
            f"FRESH,C000000,EUR,{on - timedelta(days=1)},1.00\n"
        )
        import_files([path], wanted=Wanted(), actor="bench", at=datetime.now(UTC))


def money_to_match(on: date, count: int = 2_000) -> None:
    """Payments of the day before whose payers only their names and texts tell, unless there are."""
    from duly.interfaces.exchange.importing import Wanted, import_files
    from duly.parties.queries import codes_and_names
    from duly.receivables.models import Document, Item, Payment

    if Payment.objects.filter(number="WAITS-0").exists():
        return
    rows = list(Item.objects.filter(open_minor__gt=0).order_by("id")[: count * 3 : 3])
    names = codes_and_names({row.customer_id for row in rows})
    numbers = dict(Document.objects.values_list("id", "number"))
    lines = ["payment_id,currency,received_on,amount,payer_name,reference"]
    for n, row in enumerate(rows):
        amount = f"{row.open_minor // 100}.{row.open_minor % 100:02d}"
        name, number = names[row.customer_id][1], numbers[row.document_id]
        text = (number, number[-6:], "", f"{number} thanks")[n % 4]
        day = on - timedelta(days=1 + n % 20)
        lines.append(f"WAITS-{n},EUR,{day},{amount},{name.upper()},{text}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payments.csv"
        path.write_text("\n".join(lines) + "\n")
        import_files([path], wanted=Wanted(), actor="bench", at=datetime.now(UTC))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--unpaid", action="store_true", help="leave everything open")
    arguments = parser.parse_args()
    measure.open_installation()
    with measure.costing() as cost:
        fill(arguments.size, arguments.customers, paid=not arguments.unpaid)
    measure.tell(
        "fill", size=arguments.size, wall_s=round(cost.wall_s, 1), peak_mb=measure.peak_mb()
    )


if __name__ == "__main__":
    main()
