"""Import of a bank's camt.053 with many lines: time, memory, and how many queries it takes.

    python bench/bank_import.py --size 100000

The file is that of ../shared/bench/limit_parse.py: one statement, each line money in, so that each
becomes a line, a payment and its posting. Queries are told for a tenth of the size as well: they
may grow with the blocks of a file, never with its lines. `again`: the same file once more.
"""

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bank_reading
import measure


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=100_000)
    arguments = parser.parse_args()
    measure.open_installation()

    from django.db import connection

    from duly.interfaces.exchange.importing import Wanted, import_files

    def take(path: Path, entity: str) -> tuple[measure.Cost, int]:
        queries = 0

        def count(execute: Callable[..., Any], *said: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*said)

        with connection.execute_wrapper(count), measure.costing() as cost:
            wanted = Wanted(entity=entity)
            import_files([path], wanted=wanted, actor="bench", at=datetime.now(UTC))
        return cost, queries

    from duly.parties.actions import add_entity

    size = arguments.size
    with tempfile.TemporaryDirectory() as folder:
        for name in ("One", "Other"):
            add_entity(name=name, currency="EUR", country="DE", at=datetime.now(UTC))
        tenth, whole = Path(folder) / "tenth.xml", Path(folder) / "whole.xml"
        bank_reading.write("camt", size // 10, tenth)
        # The account of a company is no other's: the tenth is of another one.
        other = tenth.read_bytes().replace(b"DE02120300000000202051", b"DE89370400440532013000")
        tenth.write_bytes(other)
        bank_reading.write("camt", size, whole)
        _, few = take(tenth, "Other")
        took, many = take(whole, "One")
        peak = measure.peak_mb()
        again, _ = take(whole, "One")
    measure.tell(
        "bank_import",
        size=size,
        wall_s=round(took.wall_s, 2),
        per_cpu_s=round(size / took.cpu_s),
        again_per_cpu_s=round(size / again.cpu_s),
        peak_mb=peak,
        queries=many,
        queries_of_a_tenth=few,
    )


if __name__ == "__main__":
    main()
