"""Import of documents against the floor of the job (post_floor), in one run.

    python bench/imports.py --size 100000

CPU seconds per document of `import_files` (read, validated, sealed, posted), the server's counted;
`share_of_floor` is our documents per CPU second over the floor's. Import of payments and of their
applications is told beside it.
"""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import books
import measure


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--with-payments", action="store_true")
    parser.add_argument("--no-floor", action="store_true")
    arguments = parser.parse_args()
    measure.open_installation()

    from duly.interfaces.exchange.importing import Wanted, import_files

    def take(*paths: Path) -> measure.Cost:
        with measure.costing() as cost:
            import_files(paths, wanted=Wanted(), actor="bench", at=datetime.now(UTC))
        return cost

    size = arguments.size
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        take(books.write_customers(place / "customers.csv", size // 50))
        items = books.write_items(place / "items.csv", size, size // 50)
        took = take(items)
        again = take(items)
        more = {}
        if arguments.with_payments:
            paid, applied = books.write_payments(place, items)
            rows = sum(1 for _ in paid.open()) - 1
            payments, applications = take(paid), take(applied)
            more = {
                "payments": rows,
                "payments_us": round(payments.cpu_s / rows * 1e6, 1),
                "applications_us": round(applications.cpu_s / rows * 1e6, 1),
            }
    peak = measure.peak_mb()
    rate = size / took.cpu_s
    engine = "post_floor_pg" if measure.is_postgres() else "post_floor_sqlite"
    if not arguments.no_floor:
        limit = measure.floor("limit_load.py", engine, size)["rows_per_cpu_s"]
        more |= {"floor_per_cpu_s": limit, "share_of_floor": round(rate / limit, 3)}
    measure.tell(
        "imports",
        size=size,
        wall_s=round(took.wall_s, 2),
        per_cpu_s=round(rate),
        again_per_cpu_s=round(size / again.cpu_s),
        peak_mb=peak,
        **more,
    )


if __name__ == "__main__":
    main()
