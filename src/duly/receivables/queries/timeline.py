"""Everything that happened with a customer, newest first, a page at a time."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from duly.ledger.queries import recorded_moments
from duly.receivables.models import PAYER_ALONE, Application, Document, Payment
from duly.receivables.queries.documents import names_of

DOCUMENTS, PAYMENTS, APPLICATIONS, MASTER_DATA = range(4)  # on one day, the later stands above


class Position(NamedTuple):
    """Where something stands on a timeline: its day, its sort within the day, its number."""

    on: date
    rank: int
    id: int


class Happening(NamedTuple):
    """One thing on a timeline."""

    on: date
    recorded_at: datetime
    kind: str  # invoice, credit_note, debit_note, payment, cash, credit, discount, void, ...
    number: str
    other: str  # of an application: the payment's or the credit note's number
    currency: str
    amount_minor: int
    record: str  # "document" or "payment": what a click opens
    record_id: int
    is_taken_back: bool  # void, or an application that takes another back
    position: Position
    batch_id: int
    other_record: str = ""
    other_id: int = 0
    is_undone: bool = False  # an application that a later one takes back


def timeline(
    *,
    customer_id: int,
    limit: int = 40,
    before: Position | None = None,
    ranks: Iterable[int] = (DOCUMENTS, PAYMENTS, APPLICATIONS),
) -> list[Happening]:
    """What happened with a customer, newest first; `before` the position of the last one seen.

    `ranks` narrows to some sorts of things. Each sort is read along an index from there on.
    """
    wanted = set(ranks)
    placed = [
        (Position(getattr(row, day), rank, row.pk), row)
        for rank, day, rows in _sources(customer_id)
        if rank in wanted
        for row in _page(rows, day, rank, before, limit)
    ]
    placed.sort(key=lambda one: one[0], reverse=True)
    placed = placed[:limit]
    moments = recorded_moments({row.batch_id for _, row in placed})
    applications = [row for _, row in placed if isinstance(row, Application)]
    told = _Told(moments, *names_of(applications), _undone(applications))
    return [_happening(position, row, told) for position, row in placed]


def _sources(customer_id: int) -> list[tuple[int, str, QuerySet]]:
    """(rank, day, rows) of each sort; applications are the settlements of the customer's items,
    and what its money and credit did elsewhere."""
    applications = Application.objects.all()
    return [
        (DOCUMENTS, "issued_on", Document.objects.filter(customer_id=customer_id)),
        (PAYMENTS, "received_on", Payment.objects.filter(customer_id=customer_id)),
        (APPLICATIONS, "applied_on", applications.filter(customer_id=customer_id)),
        (APPLICATIONS, "applied_on", applications.filter(PAYER_ALONE, payer_id=customer_id)),
    ]


def _page(rows: QuerySet, day: str, rank: int, before: Position | None, limit: int) -> QuerySet:
    """Rows of one sort that stand below a position."""
    if before is not None:
        if rank > before.rank:
            rows = rows.filter(**{f"{day}__lt": before.on})
        else:
            rows = rows.filter(**{f"{day}__lte": before.on})
        if rank == before.rank:
            rows = rows.exclude(**{day: before.on, "id__gte": before.id})
    return rows.order_by(f"-{day}", "-id")[:limit]


class _Told(NamedTuple):
    """What the rows of a page point at."""

    moments: dict[int, datetime]
    items: dict[int | None, tuple[str, int]]
    sources: dict[tuple[int | None, int | None], tuple[str, int]]
    undone: set[int | None]


def _undone(rows: list[Application]) -> set[int | None]:
    """The applications that a later one takes back."""
    later = Application.objects.filter(reverses_id__in=[row.pk for row in rows])
    return set(later.values_list("reverses_id", flat=True))


def _happening(position: Position, row: Document | Payment | Application, told: _Told) -> Happening:
    if isinstance(row, Application):
        return _of_application(position, row, told)
    return Happening(
        position.on,
        told.moments[row.batch_id],
        row.kind if isinstance(row, Document) else "payment",
        row.number,
        "" if isinstance(row, Document) else row.reference,
        row.currency,
        row.amount_minor,
        "document" if isinstance(row, Document) else "payment",
        row.pk,
        row.is_void,
        position,
        row.batch_id,
    )


def _of_application(position: Position, row: Application, told: _Told) -> Happening:
    item = told.items.get(row.item_id)
    source = told.sources.get((row.payment_id, row.credit_item_id))
    number, record_id = item or source or ("", 0)
    other, other_id = source or ("", 0)
    return Happening(
        position.on,
        told.moments[row.batch_id],
        row.reason,
        number,
        other,
        row.currency,
        row.amount_minor,
        "document" if item or row.credit_item_id else "payment",
        record_id,
        row.reverses_id is not None,
        position,
        row.batch_id,
        ("payment" if row.payment_id else "document") if source else "",
        other_id,
        row.pk in told.undone,
    )
