"""Scoring a whole book again by how its customers paid, with a challenger beside.

    DULY_HOME=/tmp/scored-books python bench/rescoring.py --size 1000000 --customers 100000

Most items are paid. Scores are written, then rolled back. CPU counts the server's too.
"""

import argparse
from datetime import UTC, date, datetime

import fill
import measure

ON = date(2026, 7, 1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    arguments = parser.parse_args()
    measure.open_installation()
    fill.fill(arguments.size, arguments.customers)

    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from duly.access.actions import Author
    from duly.credit.actions.scores import adopt_card, propose_card, score_customers
    from duly.credit.rules.standard_cards import BEHAVIOUR
    from duly.parties.queries import entity

    one = entity()
    author = Author("bench", datetime.now(UTC))
    with transaction.atomic():
        told = {"entity_id": one.pk, "author": author}
        propose_card(document=BEHAVIOUR, origin="shipped", **told)
        adopt_card(
            version="behaviour-1", place="challenger", on=ON, reason="to be measured", **told
        )
        for turn in ("first", "again"):
            with CaptureQueriesContext(connection) as asked, measure.costing() as cost:
                found = score_customers(entity=one, customer_ids=None, on=ON, author=author)
            measure.tell(
                f"rescore_{turn}",
                customers=arguments.customers,
                scored=found.scored,
                bands=str(found.bands),
                queries=len(asked),
                wall_s=round(cost.wall_s, 1),
                cpu_s=round(cost.cpu_s, 1),
                peak_mb=measure.peak_mb(),
            )
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
