"""Orders that were invoiced whole: noted, so that no check of their family reads them again.

The note is the day of the last document, so that a question of an earlier day counts them as ever.
Whatever changes an order, voids a document of it or credits one, takes the note back in the same
transaction.
"""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection

from duly.credit.models import NEVER, Order
from duly.credit.queries.exposure import COUNTED
from duly.ledger.actions import Recorder
from duly.parties.queries.families import above_sql
from duly.receivables import actions as receivables
from duly.receivables.queries.documents import order_refs_of
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole

_UNSETTLED = """SELECT customer_id FROM credit_order
 WHERE entity_id = %s AND settled_on = %s AND NOT (amount_minor = 0)"""
# Held against what the order is when it is written: who checks it meanwhile may have changed it. A
# credit note of a later day counts already: nobody looks at the order again on that day.
_SETTLE = f"""
UPDATE credit_order SET settled_on = covered.last_on
  FROM (WITH RECURSIVE {above_sql(_UNSETTLED)}
        SELECT o.id, o.currency, SUM(d.amount_minor) AS minor, MAX(d.issued_on) AS last_on
          FROM credit_order o JOIN above ON above.customer_id = o.customer_id
          JOIN receivables_document d
            ON d.entity_id = o.entity_id AND d.order_ref = o.ref AND d.order_ref > ''
         WHERE o.entity_id = %s AND o.settled_on = %s AND NOT (o.amount_minor = 0)
           AND d.currency = o.currency AND (d.issued_on <= %s OR d.amount_minor < 0)
           AND NOT d.is_void AND {COUNTED}
         GROUP BY o.id, o.currency, o.amount_minor
        HAVING SUM(d.amount_minor) >= o.amount_minor) AS covered
 WHERE credit_order.id = covered.id AND credit_order.currency = covered.currency
   AND credit_order.amount_minor <= covered.minor
"""


@whole()
def settle_orders(*, entity_id: int, on: date) -> int:
    """Note which orders were invoiced whole by a day; return how many are new."""
    _hold(entity_id)
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [entity_id, NEVER, entity_id, NEVER, on])
        return cursor.rowcount


@whole()
def void_documents(
    *, recorder: Recorder, entity_id: int, document_ids: Collection[int], on: date | None
) -> None:
    """Void documents, and count the orders again that they had invoiced.

    Refuses: as `receivables.actions.void_documents`.
    """
    receivables.void_documents(
        recorder=recorder, entity_id=entity_id, document_ids=document_ids, on=on
    )
    _count_again(entity_id, order_refs_of(document_ids))


@whole()
def issue_documents(
    *, recorder: Recorder, entity_id: int, documents: Sequence[receivables.DocumentDraft]
) -> range:
    """Issue documents, and count the orders again that credit notes among them name.

    Refuses: as `receivables.actions.issue_documents`.
    """
    ids = receivables.issue_documents(recorder=recorder, entity_id=entity_id, documents=documents)
    credited = {one.order_ref for one in documents if one.order_ref and one.amount_minor < 0}
    _count_again(entity_id, credited)
    return ids


def _count_again(entity_id: int, refs: Collection[str]) -> None:
    if refs:
        _hold(entity_id)
        rows = Order.objects.filter(entity_id=entity_id, ref__in=among(refs))
        rows.exclude(settled_on=NEVER).update(settled_on=NEVER)


def _hold(entity_id: int) -> None:
    # Who notes orders and who voids or credits wait for each other: neither misses what the other
    # wrote.
    locks.hold(f"settled:{entity_id}")
