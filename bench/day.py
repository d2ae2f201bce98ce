"""Planning a collections day over a large open book, and queueing its messages.

    DULY_HOME=/tmp/open-books python bench/day.py --size 1000000 --customers 100000

A decision is one overdue open item judged, reading included. CPU counts the server's too.
"""

import argparse
from datetime import UTC, date, datetime

import fill
import measure

ON = date(2026, 8, 4)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=10_000)
    arguments = parser.parse_args()
    measure.open_installation()
    fill.fill(arguments.size, arguments.customers, paid=False)
    fill.fresh_money(ON)

    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from duly.collections.queries.standing import Standing
    from duly.interfaces.jobs import day
    from duly.parties.queries import entity
    from duly.receivables.queries import overdue_by_customer

    one = entity()
    decisions = sum(len(items) for _, _, items in overdue_by_customer(entity_id=one.pk, on=ON))
    with CaptureQueriesContext(connection) as asked, measure.costing() as cost:
        standing = Standing(entity=one, on=ON)
        plan = list(day.plan_day(standing, standing.last_messages()))
        digest = day.plan_digest(plan)
    queries = len(asked)
    taken = [step for step in plan if step.why is None][: arguments.messages]
    measure.tell(
        "plan",
        customers=arguments.customers,
        decisions=decisions,
        steps=len(plan),
        taken=sum(step.why is None for step in plan),
        queries=queries,
        wall_s=round(cost.wall_s, 1),
        cpu_s=round(cost.cpu_s, 1),
        decisions_per_cpu_s=round(decisions / cost.cpu_s),
        peak_mb=measure.peak_mb(),
        digest=digest[:16],
    )
    with transaction.atomic():
        with measure.costing() as cost:
            count = 0
            for start in range(0, len(taken), day.CHUNK):
                drafts = day.write_drafts(standing, taken[start : start + day.CHUNK])
                count += len(list(day.queue_drafts(one, drafts, ON, "bench", datetime.now(UTC))))
        transaction.set_rollback(True)
    measure.tell(
        "queue",
        messages=count,
        wall_s=round(cost.wall_s, 1),
        cpu_s=round(cost.cpu_s, 1),
        messages_per_s=round(count / cost.wall_s),
        peak_mb=measure.peak_mb(),
    )


if __name__ == "__main__":
    main()
