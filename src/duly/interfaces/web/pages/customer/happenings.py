"""A customer's timeline in words: what happened, what it concerned, where that can be opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from duly.access.models import Change
from duly.collections.queries.history import history
from duly.intake.models import Import
from duly.intake.queries import imports_by_batch
from duly.interfaces.web.links import address
from duly.interfaces.web.pages.customer import said
from duly.interfaces.web.pages.customer.entries import Entry, Link
from duly.interfaces.web.pages.customer.master_data import (
    Arrival,
    Record,
    arrivals,
    told_changes,
)
from duly.kernel.errors import Malformed
from duly.receivables.queries import Happening, Position, timeline
from duly.receivables.queries.timeline import APPLICATIONS, DOCUMENTS, MASTER_DATA, PAYMENTS

PAGE_SIZE = 25
SHOWN_ITEMS = 4
COLLECTING = 99  # above everything else of its day; the desk's records have ranks below it
SORTS = {
    "": (DOCUMENTS, PAYMENTS, APPLICATIONS, MASTER_DATA, COLLECTING),
    "said": (COLLECTING,),
    "invoices": (DOCUMENTS,),
    "money": (PAYMENTS, APPLICATIONS),
    "changes": (MASTER_DATA,),
}

# kind -> (icon, tone of its dot, words before the number)
_DOCUMENTS = {
    "invoice": ("file-text", "", "Invoice"),
    "debit_note": ("file-plus-2", "", "Debit note"),
    "credit_note": ("receipt", "act", "Credit note"),
    "charge": ("percent", "", "Finance charge"),
    "payment": ("banknote", "good", "Payment"),
}
# reason -> (icon, tone, words with a source, words without)
_SETTLEMENTS = {
    "cash": ("check-check", "good", "applied to", "Payment applied to"),
    "credit": ("check-check", "good", "applied to", "Credit applied to"),
    "discount": ("badge-percent", "", "Discount taken on", "Discount taken on"),
    "late_discount": ("badge-percent", "", "Late discount on", "Late discount on"),
    "bank_fee": ("landmark", "", "Bank charges of", "Bank charges of"),
    "tolerance": ("equal-approximately", "", "Small difference let pass on", "Small difference on"),
    "opening": ("book-open", "", "Settled before the books began here:", ""),
    "settled_elsewhere": ("arrow-right-left", "", "Settled in another system:", ""),
    "charge_waived": ("eraser", "", "Charge waived:", "Charge waived:"),
    "charge_reversed": ("undo-2", "", "Charge taken back:", "Charge taken back:"),
    "void": ("ban", "bad", "Void:", "Void:"),
    "returned": ("undo-2", "bad", "Returned by the bank: payment", "Returned by the bank: payment"),
    "refunded": ("undo-2", "", "Refunded:", "Refunded:"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Entries by day, newest first, and the place from which earlier ones are read."""

    days: list[tuple[date, list[Entry]]]
    earlier: str


Row = Happening | Change | Arrival | Entry


def read_page(
    record: Record, *, zone: ZoneInfo, until: date, before: Position | None, show: str
) -> Page:
    """A page of a customer's timeline.

    Given: `until` the last day to tell of; `before` the place of the last entry seen; `show` a
    key of SORTS.
    """
    start = before or Position(until, COLLECTING, 0)
    ranks = SORTS[show]
    rows: list[Happening] = []
    if set(ranks) & {DOCUMENTS, PAYMENTS, APPLICATIONS}:
        rows = timeline(
            customer_id=record.customer.pk, limit=PAGE_SIZE + 1, before=start, ranks=ranks
        )
    placed: list[tuple[Position, Row]] = [(row.position, row) for row in rows]
    if MASTER_DATA in ranks:
        placed += _placed([*record.changes, *arrivals(record)], zone, start)
    if COLLECTING in ranks:
        found = history(
            customer_id=record.customer.pk, before=start, limit=PAGE_SIZE + 1, zone=zone
        )
        placed += [(Position(*place), said.told(place, row, zone)) for place, row in found]
    placed.sort(key=lambda one: one[0], reverse=True)
    is_more, placed = len(placed) > PAGE_SIZE, placed[:PAGE_SIZE]
    batches = {row.batch_id for _, row in placed if not isinstance(row, Entry) and row.batch_id}
    files = {one.batch_id: one for one in imports_by_batch(batches)}
    entries = list(_entries([row for _, row in placed], record, files, zone))
    return Page(
        [(on, list(group)) for on, group in groupby(entries, key=lambda entry: entry.on)],
        position_text(placed[-1][0]) if is_more else "",
    )


def _placed(
    told: list[Change | Arrival], zone: ZoneInfo, start: Position
) -> list[tuple[Position, Change | Arrival]]:
    placed = [
        (Position(one.recorded_at.astimezone(zone).date(), MASTER_DATA, one.id), one)
        for one in told
    ]
    return [(position, one) for position, one in placed if position < start]


def _entries(
    rows: list[Row],
    record: Record,
    files: dict[int, Import],
    zone: ZoneInfo,
) -> Iterable[Entry]:
    """Entries in order; what one payment or credit note settled on a day is one of them."""
    for _, group in groupby(rows, key=_together):
        first, *others = list(group)
        if isinstance(first, Entry):
            yield first
            continue
        origin = _origin(files.get(first.batch_id) if first.batch_id else None)
        at = first.recorded_at.astimezone(zone)
        if isinstance(first, Arrival):
            yield Entry(at.date(), first.icon, "", first.words, at=at, origin=origin)
        elif isinstance(first, Change):
            yield _of_change(first, record, at, origin)
        elif first.position.rank == APPLICATIONS:
            settled = [first, *(one for one in others if isinstance(one, Happening))]
            yield _of_settlements(settled, _clock(first, at), origin)
        else:
            yield _of_document(first, _clock(first, at), origin)


def _together(row: Row) -> tuple[object, ...]:
    """What has the same key, one after the other, is told as one."""
    if not isinstance(row, Happening) or row.position.rank != APPLICATIONS:
        return (id(row),)
    source = (row.other_record, row.other_id) if row.other_id else (row.record, row.record_id)
    fate = (row.is_taken_back, row.is_undone)
    return (row.on, row.kind, *source, *fate, row.currency, row.batch_id)


def _of_document(row: Happening, at: datetime | None, origin: Link | None) -> Entry:
    icon, tone, words = _DOCUMENTS[row.kind]
    return Entry(
        on=row.on,
        icon=icon,
        tone="" if row.is_taken_back else tone,
        words=words,
        items=[_link(row.number, row.record, row.record_id)],
        minor=row.amount_minor,
        currency=row.currency,
        detail="Void" if row.is_taken_back else row.other,
        is_undone=row.is_taken_back,
        at=at,
        origin=origin,
    )


def _of_settlements(rows: list[Happening], at: datetime | None, origin: Link | None) -> Entry:
    first = rows[0]
    unknown = ("check-check", "", "applied to", first.kind.replace("_", " ").capitalize())
    icon, tone, with_source, alone = _SETTLEMENTS.get(first.kind, unknown)
    # Of a void or an opening the source is the thing itself.
    has_source = bool(first.other_id) and first.kind in ("cash", "credit")
    words = with_source if has_source else alone or with_source
    if first.is_taken_back:
        icon, tone = "undo-2", "warn"
        words = "taken back from" if has_source else f"Taken back. {words}"
    items = [_link(row.number, row.record, row.record_id) for row in rows if row.record_id]
    return Entry(
        on=first.on,
        icon=icon,
        tone="" if first.is_undone else tone,
        words=words,
        source=_link(first.other, first.other_record, first.other_id) if has_source else None,
        items=items[:SHOWN_ITEMS],
        more=max(len(items) - SHOWN_ITEMS, 0),
        minor=sum(row.amount_minor for row in rows),
        currency=first.currency,
        detail="Taken back later" if first.is_undone else "",
        is_undone=first.is_undone,
        at=at,
        origin=origin,
    )


def _of_change(row: Change, record: Record, at: datetime, origin: Link | None) -> Entry:
    told = told_changes(row, record)
    return Entry(
        on=at.date(),
        icon=told.icon,
        tone="",
        words=told.words,
        detail=f"by {row.actor}",
        fields=told.fields,
        at=at,
        origin=origin,
    )


def _clock(row: Happening, at: datetime) -> datetime | None:
    """The time of day, where it was recorded on the day for which it counts."""
    return at if at.date() == row.on else None


def _link(label: str, record: str, record_id: int) -> Link:
    return Link(label, address(record, record_id))


def _origin(one: Import | None) -> Link | None:
    return Link(one.file, address("import", one.batch_id)) if one else None


def position_text(position: Position) -> str:
    """A position as an address spells it."""
    return f"{position.on.isoformat()}.{position.rank}.{position.id}"


def read_position(text: str) -> Position | None:
    """The position that an address spells; None where it spells none. Refuses: Malformed."""
    if not text:
        return None
    try:
        on, rank, id_ = text.split(".")
        return Position(date.fromisoformat(on), int(rank[:2]), int(id_[:18]))
    except ValueError:
        raise Malformed(
            "The timeline can't go on from there.", remedy="Open the customer again."
        ) from None
