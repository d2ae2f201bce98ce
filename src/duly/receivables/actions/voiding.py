"""Void documents and payments: reversed whole, as if they had not been, and still to be seen."""

from collections.abc import Collection
from datetime import date

from duly.access.actions import announce
from duly.kernel.currencies import exponent
from duly.kernel.errors import Refusal
from duly.kernel.money import text_from_minor
from duly.ledger.actions import Recorder
from duly.ledger.queries import entries_of
from duly.receivables.actions.settling import Settlement, write_settlements
from duly.receivables.actions.sums import Sums
from duly.receivables.errors import AlreadyVoid, ItemSettled
from duly.receivables.events import Voided
from duly.receivables.models import Document, Item, Payment
from duly.storage.among import among


def void_documents(
    *, recorder: Recorder, entity_id: int, document_ids: Collection[int], on: date | None
) -> None:
    """Void documents that nothing settles; dated `on`, or with None each on its day of issue.

    Posts: the reversal of each document's entry. Announces: Voided.
    Refuses: AlreadyVoid, ItemSettled (take the applications back first), PeriodLocked.
    """
    documents = {
        row.pk: row
        for row in Document.objects.filter(pk__in=among(document_ids))
        .order_by("pk")
        .select_for_update()
    }
    items = list(
        Item.objects.filter(document_id__in=among(documents)).order_by("pk").select_for_update()
    )
    for refusal in _refusals(documents, items):
        raise refusal
    entry_of = entries_of("document", sorted(documents))
    settlements, reverses, reversed_documents = [], {}, set()
    for item in sorted(items, key=lambda item: (item.document_id, item.instalment)):
        document = documents[item.document_id]
        day = document.issued_on if on is None else max(on, document.issued_on)
        if item.document_id not in reversed_documents:
            # One entry reverses one entry: the first instalment's void carries the link.
            reversed_documents.add(item.document_id)
            reverses[len(settlements)] = entry_of[item.document_id]
        settlements.append(
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
        )
    sums = Sums(entity_id)
    write_settlements(recorder, entity_id, settlements, sums, reverses)
    sums.flush()
    Document.objects.filter(pk__in=among(documents)).update(is_void=True)
    announce(event=Voided(recorder.batch_id, entity_id, len(documents), 0), at=recorder.at)


def _refusals(documents: dict[int, Document], items: list[Item]) -> list[Refusal]:
    refusals: list[Refusal] = [
        AlreadyVoid(f"{document.number} was voided before.", facts={"number": document.number})
        for document in documents.values()
        if document.is_void
    ]
    for item in items:
        if item.open_minor != item.amount_minor and not documents[item.document_id].is_void:
            number = documents[item.document_id].number
            settled = text_from_minor(item.amount_minor - item.open_minor, exponent(item.currency))
            refusals.append(
                ItemSettled(
                    f"{number} can't be voided: {settled} {item.currency} of it is settled.",
                    facts={"number": number, "settled": settled},
                    remedy="Take back what was applied to it, then void it.",
                )
            )
    return refusals


def void_payments(
    *, recorder: Recorder, entity_id: int, payment_ids: Collection[int], on: date | None
) -> None:
    """Void payments of which nothing is applied; dated `on`, or with None on the day received.

    Posts: the reversal of each payment's entry. Announces: Voided.
    Refuses: AlreadyVoid, ItemSettled (take the applications back first), PeriodLocked.
    """
    payments = list(
        Payment.objects.filter(pk__in=among(payment_ids)).order_by("pk").select_for_update()
    )
    for payment in payments:
        if payment.is_void:
            raise AlreadyVoid(
                f"Payment {payment.number} was voided before.", facts={"number": payment.number}
            )
        if payment.unapplied_minor != payment.amount_minor:
            raise ItemSettled(
                f"Payment {payment.number} can't be voided: part of it is applied.",
                facts={"number": payment.number},
                remedy="Take back what was applied from it, then void it.",
            )
    entry_of = entries_of("payment", [payment.pk for payment in payments])
    sums = Sums(entity_id)
    write_settlements(
        recorder,
        entity_id,
        [
            Settlement(
                "void",
                None,
                payment.pk,
                None,
                None,
                payment.customer_id,
                payment.currency,
                payment.amount_minor,
                (payment.received_on if on is None else max(on, payment.received_on)).isoformat(),
                None,
                None,
                payment.received_on.isoformat(),
            )
            for payment in payments
        ],
        sums,
        {index: entry_of[payment.pk] for index, payment in enumerate(payments)},
    )
    sums.flush()
    Payment.objects.filter(pk__in=among({payment.pk for payment in payments})).update(is_void=True)
    announce(event=Voided(recorder.batch_id, entity_id, 0, len(payments)), at=recorder.at)
