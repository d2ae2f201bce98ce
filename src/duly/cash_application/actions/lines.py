"""Keep statements, book lines, take them back."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from duly.cash_application.models import (
    BankDetail,
    BankLine,
    BankStatement,
    PaidDocument,
    ReturnedLine,
)
from duly.cash_application.rules.kept import cut, texts_of
from duly.cash_application.rules.lines import payments_of, undone_by, whole_of
from duly.cash_application.rules.statements import Detail, Entry
from duly.ledger.actions import Recorder
from duly.receivables.actions import PaymentDraft, receive_payments
from duly.receivables.queries import payments_by_number
from duly.storage import bulk

PREFIX = "B"  # of the numbers of payments that a bank's file brought


class StatementDraft(NamedTuple):
    """A statement to be; its id is reserved before its foot is read: lines point at it."""

    id: int
    account_id: int
    kind: str
    number: str
    opened_on: date | None
    opening_minor: int | None
    closed_on: date | None
    closing_minor: int | None
    line_count: int
    new_count: int
    sha256: str


class LineDraft(NamedTuple):
    """A booked line to be, as a bank told it."""

    statement_id: int
    account_id: int
    identity: str
    occurrence: int
    booked_on: date
    entry: Entry


def reserve_statements(count: int) -> range:
    """Ids of statements that are kept once their foot is read."""
    return bulk.reserve_ids(BankStatement, count) if count else range(0)


def keep_statements(*, recorder: Recorder, statements: Sequence[StatementDraft]) -> None:
    """Keep what a bank told of its accounts."""
    rows = [
        (
            said.id,
            recorder.batch_id,
            said.account_id,
            said.kind,
            said.number[:64],
            _iso(said.opened_on),
            said.opening_minor,
            _iso(said.closed_on),
            said.closing_minor,
            said.line_count,
            said.new_count,
            said.sha256,
            0,
        )
        for said in statements
    ]
    # Ids of statements that were told before stay unused: each run of the others by itself.
    for _, run in groupby(enumerate(rows), lambda pair: pair[1][0] - pair[0]):
        recorder.write(BankStatement, [row for _, row in run])


def book_lines(*, recorder: Recorder, entity_id: int, lines: Sequence[LineDraft]) -> range:
    """Write new lines of a bank, and a payment for each that brought money; return their ids.

    A batch brings a payment for each of its details. Who paid is not known yet. Posts: bank /
    unapplied cash. Announces: PaymentsReceived. Refuses: PeriodLocked.
    """
    if not lines:
        return range(0)
    ids = bulk.reserve_ids(BankLine, len(lines))
    brought = [payments_of(line.entry) for line in lines]
    parts = [(at, part) for at, of in enumerate(brought) for part in of]
    paid = receive_payments(
        recorder=recorder,
        entity_id=entity_id,
        payments=_payments(entity_id, lines, ids, parts, brought),
    )
    alone: dict[int, int] = {}
    details: list[tuple[int, Detail, int]] = []
    for (at, part), payment_id in zip(parts, paid, strict=True):
        if len(brought[at]) == 1:
            alone[at] = payment_id
        else:
            details.append((ids[at], part, payment_id))
    recorder.write(
        BankLine,
        [
            _line(id_, recorder.batch_id, alone.get(at), line)
            for at, (id_, line) in enumerate(zip(ids, lines, strict=True))
        ],
    )
    _keep_documents(recorder, zip([part for _, part in parts], paid, strict=True))
    detail_ids = bulk.reserve_ids(BankDetail, len(details)) if details else range(0)
    recorder.write(
        BankDetail,
        [
            (
                id_,
                recorder.batch_id,
                line_id,
                payment_id,
                part.minor,
                cut(part.bank_reference, 140),
                *texts_of(part),
            )
            for id_, (line_id, part, payment_id) in zip(detail_ids, details, strict=True)
        ],
    )
    return ids


def _keep_documents(recorder: Recorder, paid: Iterable[tuple[Detail, int]]) -> None:
    """Keep the documents that payments name in a structured remittance."""
    named = [(pk, document) for part, pk in paid for document in part.documents]
    if not named:
        return
    ids = bulk.reserve_ids(PaidDocument, len(named))
    recorder.write(
        PaidDocument,
        [
            (
                id_,
                recorder.batch_id,
                payment_id,
                cut(document.number, 300),
                cut(document.kind, 35),
                document.gross_minor,
                document.paid_minor,
                document.discount_minor,
                document.deduction_minor,
                cut(document.reason, 300),
            )
            for id_, (payment_id, document) in zip(ids, named, strict=True)
        ],
    )


def void_lines(*, batch_id: int) -> int:
    """Mark what a batch told of the bank as taken back; its payments are voided by themselves."""
    BankStatement.objects.filter(batch_id=batch_id).update(is_void=True)
    lines = BankLine.objects.filter(batch_id=batch_id).values("id")
    ReturnedLine.objects.filter(line_id__in=lines).update(is_void=True)
    return BankLine.objects.filter(batch_id=batch_id).update(is_void=True)


def _payments(
    entity_id: int,
    lines: Sequence[LineDraft],
    ids: range,
    parts: Sequence[tuple[int, Detail]],
    brought: Sequence[tuple[Detail, ...]],
) -> list[PaymentDraft]:
    """The payments of lines, numbered by their line and, in a batch, by their place in it."""
    tails, places = [], dict[int, int]()
    for at, _ in parts:
        places[at] = places.get(at, 0) + 1
        tails.append(f"{ids[at]}" + (f"-{places[at]}" if len(brought[at]) > 1 else ""))
    prefix = _free_prefix(entity_id, tails)
    return [
        PaymentDraft(
            prefix + tail,
            None,
            lines[at].entry.currency,
            part.minor or 0,
            lines[at].booked_on.isoformat(),
            cut(part.name, 200),
            cut(part.account, 64),
            cut(" ".join(filter(None, (part.structured_reference, part.remittance))), 500),
        )
        for (at, part), tail in zip(parts, tails, strict=True)
    ]


def _free_prefix(entity_id: int, tails: Sequence[str]) -> str:
    """A prefix under which no payment of these numbers is there: files bring numbers of theirs."""
    prefix = PREFIX
    while tails and payments_by_number(entity_id, {prefix + tail for tail in tails}):
        prefix += PREFIX
    return prefix


def _line(id_: int, batch_id: int, payment_id: int | None, line: LineDraft) -> bulk.Row:
    entry, whole = line.entry, whole_of(line.entry)
    return (
        id_,
        batch_id,
        line.statement_id,
        line.account_id,
        line.identity,
        line.occurrence,
        payment_id,
        line.booked_on.isoformat(),
        _iso(entry.value_on),
        entry.currency,
        entry.minor,
        entry.charges_minor,
        undone_by(entry),
        cut(entry.code, 64),
        cut(whole.bank_reference, 140),
        cut(entry.customer_reference, 140),
        *texts_of(whole),
        cut(whole.return_reason, 64),
        0,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
