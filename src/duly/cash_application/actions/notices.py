"""Batch entries whose payments notices tell: kept, and entries of statements opened by them."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from duly.cash_application.actions.lines import LineDraft, book_lines
from duly.cash_application.actions.suggestions import drop_suggestions
from duly.cash_application.models import BankLine, NoticedBatch, NoticedPart
from duly.cash_application.rules.kept import cut, texts_of
from duly.cash_application.rules.statements import Detail, Entry
from duly.ledger.actions import Recorder
from duly.receivables.actions import void_payments
from duly.storage import bulk
from duly.storage.among import among


class NoticedDraft(NamedTuple):
    """A batch entry to be kept, as a notice tells it."""

    account_id: int
    booked_on: date | None
    entry: Entry


def keep_noticed(*, recorder: Recorder, drafts: Sequence[NoticedDraft]) -> range:
    """Keep batch entries of notices with their payments; return their ids."""
    if not drafts:
        return range(0)
    ids = bulk.reserve_ids(NoticedBatch, len(drafts))
    recorder.write(
        NoticedBatch,
        [
            (
                id_,
                recorder.batch_id,
                one.account_id,
                one.booked_on.isoformat() if one.booked_on else None,
                one.entry.currency,
                one.entry.minor,
                cut(one.entry.bank_reference, 140),
                0,
            )
            for id_, one in zip(ids, drafts, strict=True)
        ],
    )
    parts = [
        (id_, part) for id_, one in zip(ids, drafts, strict=True) for part in one.entry.details
    ]
    recorder.write(
        NoticedPart,
        [
            (
                pk,
                recorder.batch_id,
                id_,
                part.minor,
                cut(part.bank_reference, 140),
                *texts_of(part),
                json.dumps(part.documents),
            )
            for pk, (id_, part) in zip(
                bulk.reserve_ids(NoticedPart, len(parts)), parts, strict=True
            )
        ],
    )
    return ids


def open_lines(
    *,
    recorder: Recorder,
    entity_id: int,
    opened: Sequence[tuple[BankLine, tuple[Detail, ...], int]],
) -> None:
    """Open batch entries that are in the books as one payment: a payment for each of their details.

    Input: the line, its payments, and the statement (the notice) that tells them. The one payment
    is voided and its line marked; both are told again under the same identity. Posts: as
    `book_lines`, and the reversal of each voided payment. Refuses: as `void_payments`.
    """
    lines = [line for line, _, _ in opened]
    payments = [line.payment_id for line in lines if line.payment_id is not None]
    void_payments(recorder=recorder, entity_id=entity_id, payment_ids=payments, on=None)
    drop_suggestions(payments)
    BankLine.objects.filter(pk__in=among({line.pk for line in lines})).update(is_void=True)
    book_lines(
        recorder=recorder,
        entity_id=entity_id,
        lines=[
            LineDraft(
                statement_id,
                line.account_id,
                line.identity,
                line.occurrence,
                line.booked_on,
                _entry_of(line, details),
            )
            for line, details, statement_id in opened
        ],
    )


def void_noticed(*, batch_id: int, line_ids: Collection[int] = ()) -> None:
    """Mark what a batch of notices told as taken back, and lines that notices had opened."""
    NoticedBatch.objects.filter(batch_id=batch_id).update(is_void=True)
    BankLine.objects.filter(pk__in=among(line_ids)).update(is_void=True)


def _entry_of(line: BankLine, details: tuple[Detail, ...]) -> Entry:
    """A line that is in the books as its file told it, with the payments that it is made of."""
    return Entry(
        "",
        line.booked_on,
        line.value_on,
        line.amount_minor,
        line.currency,
        line.bank_reference,
        line.customer_reference,
        line.name,
        line.account,
        line.end_to_end,
        line.mandate,
        line.structured_reference,
        line.remittance,
        line.code,
        charges_minor=line.charges_minor,
        details=details,
    )
