"""Made books for the benchmarks: customers and items as files of the product's own preset."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

FIRST = date(2024, 7, 1)
DAYS = 730


def write_customers(path: Path, customers: int) -> Path:
    """A customers file."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("customer_id", "name", "country", "terms", "email"))
        for n in range(customers):
            out.writerow(
                (
                    f"C{n:06d}",
                    f"{_NAMES[n % len(_NAMES)]} {n:06d} Ltd",
                    "DE",
                    "net30",
                    f"ap@c{n}.example",
                )
            )
    return path


def write_items(path: Path, items: int, customers: int, seed: int = 7) -> Path:
    """An items file: invoices of two years, a few customers with most of them."""
    chance = random.Random(seed)
    days = [(FIRST + timedelta(days=n)).isoformat() for n in range(DAYS + 61)]
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"))
        for n in range(items):
            customer = int(customers * chance.random() ** 2.5)
            day = n * DAYS // items
            term = (14, 30, 30, 45, 60)[customer % 5]
            amount = max(100, int(chance.lognormvariate(11.2, 1.1)))
            out.writerow(
                (
                    "invoice",
                    f"INV-{n:08d}",
                    f"C{customer:06d}",
                    "EUR",
                    days[day],
                    days[day + term],
                    f"{amount // 100}.{amount % 100:02d}",
                )
            )
    return path


def write_payments(folder: Path, items: Path, share: float = 0.85, seed: int = 8) -> list[Path]:
    """Payments that settle most of an items file, and their applications."""
    chance = random.Random(seed)
    paid, applied = folder / "payments.csv", folder / "applications.csv"
    with (
        items.open() as source,
        paid.open("w", newline="") as p,
        applied.open("w", newline="") as a,
    ):
        payments, applications = csv.writer(p), csv.writer(a)
        payments.writerow(("payment_id", "customer_id", "currency", "received_on", "amount"))
        applications.writerow(("payment_id", "item_number", "customer_id", "amount", "applied_on"))
        for row in csv.DictReader(source):
            if chance.random() < share:
                late = int(chance.gauss(8, 14))
                on = (date.fromisoformat(row["due_on"]) + timedelta(days=late)).isoformat()
                on = max(on, row["issued_on"])
                name = "P" + row["number"][4:]
                payments.writerow((name, row["customer_id"], row["currency"], on, row["amount"]))
                applications.writerow((name, row["number"], row["customer_id"], row["amount"], on))
    return [paid, applied]


_NAMES = (
    "Amber Valley Foods",
    "Borealis Timber",
    "Cobalt Instruments",
    "Driftwood Supply",
    "Elmhurst Packaging",
    "Foxglove Interiors",
    "Granite Bay Tools",
    "Harrow & Finch",
    "Indigo Print Works",
    "Juniper Logistics",
)
