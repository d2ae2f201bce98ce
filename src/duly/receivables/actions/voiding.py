"""Void documents and payments: reversed whole, as if they had not been, and still to be seen."""

from collections.abc import Collection, Mapping
from datetime import date

from duly.access.actions import announce
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.ledger.actions import Recorder
from duly.ledger.queries import entries_of
from duly.receivables.actions.settling import Settlement, write_settlements
from duly.receivables.errors import (
    AlreadyReturned,
    AlreadyVoid,
    ChargeNotVoided,
    ItemSettled,
    MoneyReserved,
    TakenBackTooEarly,
)
from duly.receivables.events import Voided
from duly.receivables.models import CHARGE, Application, Document, Item, Payment
from duly.receivables.queries.refunds import reserved_of_payments
from duly.receivables.queries.returns import returns_of
from duly.receivables.queries.standing import (
    courses_of_items,
    courses_of_payments,
    documents_of,
    last_attributions,
    openings_of,
    payments_of,
)
from duly.receivables.rules.course import Course
from duly.storage.among import among


def void_documents(
    *, recorder: Recorder, entity_id: int, document_ids: Collection[int], on: date | None
) -> None:
    """Void documents that nothing settles, dated `on`.

    With None each on its day of issue, or on the first day since which nothing settles it: what it
    was settled with for a while stays true of those days. What was settled before the books were
    opened goes with the document.
    Posts: the reversal of each document's entry, and of its opening. Announces: Voided.
    Refuses: DocumentUnknown, AlreadyVoid, ChargeNotVoided, ItemSettled (take the applications back
    first), TakenBackTooEarly, PeriodLocked.
    """
    documents = documents_of(entity_id, document_ids)
    if not documents:
        return
    items_by_document: dict[int, list[Item]] = {pk: [] for pk in documents}
    found = Item.objects.filter(document_id__in=among(documents))
    for item in found.order_by("document_id", "instalment"):
        items_by_document[item.document_id].append(item)
    items = {item.pk: item for rows in items_by_document.values() for item in rows}
    first = on or min(document.issued_on for document in documents.values())
    courses, openings = courses_of_items(items, after=first), openings_of(items)
    entry_of = entries_of("document", sorted(documents))
    opening_entry = entries_of("application", [row.pk for of in openings.values() for row in of])
    settlements, reverses = [], {}
    for pk, rows in items_by_document.items():
        day = _day_of_document(documents[pk], rows, courses, openings, on)
        for opening in (one for item in rows for one in openings.get(item.pk, ())):
            reverses[len(settlements)] = opening_entry[opening.pk]
            settlements.append(Settlement.taking_back(opening, max(day, opening.applied_on)))
        # One entry reverses one entry: the first instalment's void carries the link.
        reverses[len(settlements)] = entry_of[pk]
        settlements += [
            Settlement.of_item(
                "void",
                item.pk,
                item.customer_id,
                item.currency,
                item.amount_minor,
                day.isoformat(),
                item.issued_on.isoformat(),
                item.due_on.isoformat(),
            )
            for item in rows
        ]
    write_settlements(recorder, entity_id, settlements, reverses)
    Document.objects.filter(pk__in=among(documents)).update(is_void=True)
    announce(event=Voided(recorder.batch_id, entity_id, len(documents), 0), at=recorder.at)


def _day_of_document(
    document: Document,
    items: Collection[Item],
    courses: Mapping[int, Course],
    openings: Mapping[int, Collection[Application]],
    on: date | None,
) -> date:
    """The day on which a document is voided, or the refusal that stops it."""
    if document.is_void:
        raise AlreadyVoid(
            f"{document.number} was voided before.", facts={"number": document.number}
        )
    if document.kind == CHARGE:
        raise ChargeNotVoided(
            f"{document.number} is a finance charge, and is not voided.",
            facts={"number": document.number},
            remedy="Waive it or reverse it: `duly charge waive` or `duly charge reverse`.",
        )
    since = _not_before(document.number, document.issued_on, on)
    wholes = [_besides(item, courses[item.pk], openings.get(item.pk, ())) for item in items]
    return _whole_day(document, wholes, since, on)


def _besides(item: Item, course: Course, openings: Collection[Application]) -> tuple[Course, int]:
    """How an item runs but for what goes with it, and its whole of that."""
    moves = list(course.moves)
    for opening in openings:
        move = (opening.applied_on, opening.amount_minor)
        if move in moves:
            moves.remove(move)
    whole = abs(item.amount_minor) - sum(opening.amount_minor for opening in openings)
    return Course(course.left_minor, moves), whole


def void_payments(
    *, recorder: Recorder, entity_id: int, payment_ids: Collection[int], on: date | None
) -> None:
    """Void payments of which nothing is applied, dated `on`.

    With None each on the day received, or on the first day since which nothing of it is applied.
    Posts: the reversal of each payment's entry. Announces: Voided.
    Refuses: PaymentUnknown, AlreadyVoid, AlreadyReturned, ItemSettled (take the applications back
    first), MoneyReserved, TakenBackTooEarly, PeriodLocked.
    """
    payments = payments_of(entity_id, payment_ids)
    if not payments:
        return
    first = on or min(payment.received_on for payment in payments.values())
    courses = courses_of_payments(payments, after=first)
    attributed = last_attributions(payments)
    entry_of = entries_of("payment", sorted(payments))
    _refuse_returned(payments)
    _refuse_reserved(payments)
    write_settlements(
        recorder,
        entity_id,
        [
            Settlement(
                "void",
                None,
                pk,
                None,
                None,
                payment.customer_id,
                payment.currency,
                payment.amount_minor,
                _day_of_payment(payment, courses[pk], on, attributed.get(pk)).isoformat(),
                None,
                None,
                payment.received_on.isoformat(),
            )
            for pk, payment in payments.items()
        ],
        {index: entry_of[pk] for index, pk in enumerate(payments)},
    )
    Payment.objects.filter(pk__in=among(payments)).update(is_void=True)
    announce(event=Voided(recorder.batch_id, entity_id, 0, len(payments)), at=recorder.at)


def _refuse_returned(payments: Mapping[int, Payment]) -> None:
    """Refuse what came, and went back: it is not as if it had never come."""
    for pk in returns_of(payments):
        number = payments[pk].number
        raise AlreadyReturned(
            f"Payment {number} can't be voided: the bank took it back.",
            facts={"payment": number},
            remedy="Nothing of it is left to void.",
        )


def _refuse_reserved(payments: Mapping[int, Payment]) -> None:
    """Refuse what a refund waits for."""
    for pk in reserved_of_payments(payments):
        number = payments[pk].number
        raise MoneyReserved(
            f"Payment {number} can't be voided: a refund of it waits.",
            facts={"payment": number},
            remedy="Refuse the refund first.",
        )


def _day_of_payment(
    payment: Payment, course: Course, on: date | None, attributed_on: date | None
) -> date:
    """The day on which a payment is voided, or the refusal that stops it."""
    if payment.is_void:
        raise AlreadyVoid(
            f"Payment {payment.number} was voided before.", facts={"number": payment.number}
        )
    since = _not_before(payment.number, attributed_on or payment.received_on, on)
    return _whole_day(payment, [(course, payment.amount_minor)], since, on)


def _not_before(number: str, there_since: date, on: date | None) -> date:
    """The first day asked about. Refuses: TakenBackTooEarly."""
    if on is not None and on < there_since:
        raise TakenBackTooEarly(
            f"{number} can't be voided on {on}: it is there only since {there_since}.",
            facts={"number": number, "since": there_since.isoformat(), "on": on.isoformat()},
            remedy=f"Void it on {there_since} or later.",
        )
    return on or there_since


def _whole_day(
    record: Document | Payment,
    wholes: Collection[tuple[Course, int]],
    since: date,
    on: date | None,
) -> date:
    """The first day since which nothing is used of some amounts. Refuses: ItemSettled.

    Of a day that was asked for by name, only that day will do.
    """
    number, day = record.number, since
    for course, whole in wholes:
        free = course.first_day(whole, since=day)
        if free is None:
            settled = text_from_minor(whole - course.left_minor, exponent(record.currency))
            raise ItemSettled(
                f"{number} can't be voided: {settled} {record.currency} of it is settled.",
                facts={"number": number, "settled": settled},
                remedy="Take back what was applied, then void it.",
            )
        day = free
    if on is not None and day > on:
        raise ItemSettled(
            f"{number} can't be voided on {on}: part of it was settled until {day}.",
            facts={"number": number, "earliest": day.isoformat()},
            remedy=f"Void it on {day} or later.",
        )
    return day
