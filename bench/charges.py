"""Finance charges of a month over a book of overdue items and three rate periods; run again.

    DULY_HOME=/tmp/books python bench/charges.py

Every item is overdue. The first run is rolled back; what it would write is written all the same.
The second one counts as the run that finds everything charged.
"""

import argparse
import os
from datetime import UTC, date, datetime
from typing import Any

import fill
import measure

MONTH, TODAY = date(2026, 9, 1), date(2026, 10, 5)
DAYS = ("2026-01-01", "2026-09-10"), ("2026-09-11", "2026-09-20"), ("2026-09-21", "2026-12-31")


def switch_on() -> None:
    """Charge everybody by terms, at a rate that changes twice in the month."""
    from duly.access.actions import Author
    from duly.collections.actions.charging import add_rates, set_charging
    from duly.collections.queries.rates import tables_of
    from duly.parties.queries import entity

    one, author = entity(None), Author("bench", datetime.now(UTC))
    if "bench" not in tables_of(one.pk):
        periods = [
            {
                "from": date.fromisoformat(first),
                "to": date.fromisoformat(last),
                "percent": f"{2 + place}.15",
                "source": "bench",
                "checked": "2026-09",
                "verified": True,
            }
            for place, (first, last) in enumerate(DAYS)
        ]
        document = {"table": [{"id": "bench", "name": "Bench", "periods": periods}]}
        add_rates(entity=one, document=document, place="bench", author=author)
    knobs = {"basis": "terms", "signed_on": "2020-01-01", "rate": "9", "table": "bench"}
    set_charging(entity=one, knobs=knobs, month_on=MONTH, author=author)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    arguments = parser.parse_args()
    measure.open_installation()
    fill.fill(arguments.size, arguments.customers, paid=False)
    switch_on()
    from django.db import connection, transaction

    from duly.access.actions import Author
    from duly.collections.actions.charging import run_charges
    from duly.parties.queries import entity

    asked: dict[str, Any] = {
        "entity": entity(None),
        "month_on": MONTH,
        "today": TODAY,
        "author": Author("bench", datetime.now(UTC)),
    }
    queries = 0

    def counting(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    with transaction.atomic():
        with measure.costing() as first, connection.execute_wrapper(counting):
            ran = run_charges(**asked)
        with measure.costing() as again:
            idle = run_charges(**asked)
        transaction.set_rollback(True)
    measure.tell(
        "charges",
        size=arguments.size,
        load=round(os.getloadavg()[0], 1),
        lines=ran.lines,
        documents=ran.documents,
        queries=queries,
        wall_s=round(first.wall_s, 1),
        cpu_s=round(first.cpu_s, 1),
        again_lines=idle.lines,
        again_wall_s=round(again.wall_s, 1),
        again_cpu_s=round(again.cpu_s, 1),
        peak_mb=measure.peak_mb(),
    )


if __name__ == "__main__":
    main()
