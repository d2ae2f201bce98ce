"""How long after its due date money came in, application by application, for whole books."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from django.db import connection

from duly.receivables.models import Payment, PaymentReturn
from duly.storage.among import among, listed
from duly.storage.reading import days_between
from duly.storage.streaming import stream


class PaidPart(NamedTuple):
    """A part of an item that money paid: when it was due, and when the money was there.

    What was taken back has a negative amount and the same days.
    """

    customer_id: int
    currency: str
    due_on: date
    paid_on: date
    minor: int


def paid_parts(
    entity_id: int, first: date, last: date, customer_ids: Collection[int] | None = None
) -> Iterator[PaidPart]:
    """What money received after the first day, up to the last, has paid. One query."""
    sql = (
        "SELECT customer_id, currency, item_due_on, source_on, amount_minor"
        " FROM receivables_application WHERE entity_id = %s AND applied_on > %s"
        " AND applied_on <= %s AND source_on > %s AND payment_id IS NOT NULL"
        " AND item_id IS NOT NULL"
    )
    params: list[object] = [entity_id, first, last, first]
    if customer_ids is not None:
        select, parameter = listed(customer_ids)
        sql += f" AND customer_id IN ({select})"
        params.append(parameter)
    days: dict[str | date, date] = {}
    for rows in stream(sql, params):
        for customer_id, currency, due, paid, minor in rows:
            for told in (due, paid):
                if told not in days:
                    days[told] = date.fromisoformat(told) if isinstance(told, str) else told
            yield PaidPart(customer_id, currency, days[due], days[paid], minor)


class ItemCourse(NamedTuple):
    """An invoice's item: when it was due, what is open of it now, and when money last came."""

    customer_id: int
    issued_on: date
    due_on: date
    open_minor: int
    paid_on: date | None


def courses_of_items(
    entity_id: int, customer_ids: Collection[int], since: date
) -> Iterator[ItemCourse]:
    """What became of items issued from a day on, the first due first. One query."""
    select, parameter = listed(customer_ids)
    sql = (
        "SELECT i.customer_id, i.issued_on, i.due_on, i.open_minor, MAX(a.source_on)"
        " FROM receivables_item i JOIN receivables_document d ON d.id = i.document_id"
        " LEFT JOIN receivables_application a ON a.item_id = i.id AND a.amount_minor > 0"
        f" WHERE i.entity_id = %s AND i.customer_id IN ({select}) AND i.issued_on >= %s"
        " AND i.amount_minor > 0 AND NOT d.is_void"
        " GROUP BY i.id, i.customer_id, i.issued_on, i.due_on, i.open_minor"
        " ORDER BY i.due_on, i.id"
    )
    for rows in stream(sql, [entity_id, parameter, since]):
        for customer_id, issued, due, open_minor, paid in rows:
            yield ItemCourse(
                customer_id, _day(issued), _day(due), open_minor, _day(paid) if paid else None
            )


def _day(told: str | date) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told


def returned_counts(
    entity_id: int, first: date, last: date, customer_ids: Collection[int] | None = None
) -> dict[int, int]:
    """{customer: how many of their payments the bank took back after the first day}. One query."""
    returned = PaymentReturn.objects.filter(
        entity_id=entity_id, is_void=False, returned_on__gt=first, returned_on__lte=last
    ).values("payment_id")
    payments = Payment.objects.filter(pk__in=returned, customer_id__isnull=False)
    if customer_ids is not None:
        payments = payments.filter(customer_id__in=among(customer_ids))
    found: dict[int, int] = {}
    for customer_id in payments.values_list("customer_id", flat=True):
        if customer_id is not None:
            found[customer_id] = found.get(customer_id, 0) + 1
    return found


def paid_late_by_span(
    entity_id: int,
    *,
    on: date,
    span: int,
    most: int,
    customer_ids: Collection[int] | None = None,
) -> dict[int, dict[int, int]]:
    """{customer: {span of days past due: how often money that came up to a day was so late}}.

    The first span, of `span` days, is 0; from the one numbered `most` on they count together. What
    was taken back doesn't count.
    """
    days = days_between("item_due_on", "source_on")
    some, params = ("", []) if customer_ids is None else listed(customer_ids)
    narrow = f" AND customer_id IN ({some})" if some else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT customer_id, ({days} - 1) / %s AS late,"
            " SUM(CASE WHEN amount_minor > 0 THEN 1 ELSE -1 END)"
            " FROM receivables_application"
            f" WHERE entity_id = %s AND reason = 'cash' AND source_on <= %s"
            f" AND {days} > 0{narrow} GROUP BY customer_id, late",
            [span, entity_id, on, *([params] if some else [])],
        )
        found: dict[int, dict[int, int]] = {}
        for customer_id, late, count in cursor.fetchall():
            spans = found.setdefault(customer_id, {})
            spans[min(late, most)] = spans.get(min(late, most), 0) + count
        return found
