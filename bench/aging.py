"""Aging by customer, today and on past days, against plain SQL over the same tables.

    DULY_HOME=/tmp/books python bench/aging.py --floor

The plain SQL is that of ../shared/bench/limit_aging.py, put to our tables: open amounts in five
buckets a customer; on a past day invoices less what was applied by then. Ours also counts credit
notes and money not applied, names the customers and ties out. `--floor` runs the script itself, on
its own tables, beside it.
"""

import argparse
from datetime import date, timedelta

import books
import fill
import measure

_BUCKETS = """SELECT customer_id,
 SUM(CASE WHEN due_on >= %(d0)s THEN open_minor ELSE 0 END),
 SUM(CASE WHEN due_on < %(d0)s AND due_on >= %(d30)s THEN open_minor ELSE 0 END),
 SUM(CASE WHEN due_on < %(d30)s AND due_on >= %(d60)s THEN open_minor ELSE 0 END),
 SUM(CASE WHEN due_on < %(d60)s AND due_on >= %(d90)s THEN open_minor ELSE 0 END),
 SUM(CASE WHEN due_on < %(d90)s THEN open_minor ELSE 0 END)
 FROM {source} GROUP BY customer_id"""
_NOW = "receivables_item WHERE open_minor <> 0"
_THEN = """(SELECT i.customer_id, i.due_on, i.amount_minor - COALESCE(a.paid, 0) AS open_minor
 FROM receivables_item i LEFT JOIN (SELECT item_id, SUM(amount_minor) AS paid
  FROM receivables_application WHERE applied_on <= %(d0)s GROUP BY item_id) a ON a.item_id = i.id
 WHERE i.issued_on <= %(d0)s AND i.amount_minor <> COALESCE(a.paid, 0)) x"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--floor", action="store_true")
    arguments = parser.parse_args()
    measure.open_installation()
    fill.fill(arguments.size, arguments.customers)

    from django.db import connection

    from duly.receivables.queries import aging, tie_out

    def plain(source: str, on: date) -> int:
        days = {f"d{n}": str(on - timedelta(days=n)) for n in (0, 30, 60, 90)}
        sql = _BUCKETS.format(source=source)
        with connection.cursor() as cursor:
            cursor.execute(sql, days)
            return len(cursor.fetchall())

    def ours(on: date) -> int:
        found = aging(on=on)
        tie_out(on=on, totals=found.totals)
        return len(found.rows)

    newest = books.FIRST + timedelta(days=books.DAYS)
    figures = {}
    for name, on, source in (
        ("today", newest + timedelta(days=200), _NOW),
        ("90_days_ago", newest - timedelta(days=90), _THEN),
        ("180_days_ago", newest - timedelta(days=180), _THEN),
        ("a_year_ago", newest - timedelta(days=365), _THEN),
    ):
        floor_ms, _ = measure.median_ms(
            lambda on=on, source=source: plain(source, on), arguments.times
        )
        own_ms, _ = measure.median_ms(lambda on=on: ours(on), arguments.times)
        figures[name] = {
            "ms": round(own_ms),
            "plain_sql_ms": round(floor_ms),
            "ratio": round(own_ms / floor_ms, 2),
        }
    if arguments.floor:
        engine = "postgres" if measure.is_postgres() else "sqlite_file"
        told = measure.floor("limit_aging.py", engine, arguments.size)
        figures["limit_aging"] = {key: told[key] for key in ("current_s", "asof_s") if key in told}
    measure.tell("aging", size=arguments.size, customers=arguments.customers, **figures)


if __name__ == "__main__":
    main()
