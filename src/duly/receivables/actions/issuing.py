"""Issue documents: an open item for each instalment, an entry for each document."""

from collections.abc import Sequence
from typing import NamedTuple

from duly.access.actions import announce
from duly.ledger.actions import Recorder
from duly.ledger.rules.accounts import BILLING_CLEARING, FINANCE_CHARGE_INCOME, RECEIVABLE
from duly.ledger.rules.entries import Transfers
from duly.receivables.actions.settling import Settlement, write_settlements
from duly.receivables.actions.sums import Sums
from duly.receivables.events import DocumentsIssued
from duly.receivables.models import CHARGE, Document, Item
from duly.storage import bulk


class InstalmentDraft(NamedTuple):
    """One due date of a document to be; amounts have the document's sign."""

    due_on: str  # ISO date
    amount_minor: int
    discount_until: str | None = None
    discount_minor: int = 0


class DocumentDraft(NamedTuple):
    """A document to be. Amounts of credit notes are negative; dates are ISO texts.

    `settled_before_minor` is what was settled before the books were opened here; it has the
    document's sign and goes off the earliest instalments first, on `settled_on`: the day of issue
    where nobody knows it.
    """

    customer_id: int
    kind: str
    number: str
    currency: str
    amount_minor: int
    issued_on: str
    instalments: tuple[InstalmentDraft, ...]
    terms: str = ""
    po_number: str = ""
    order_ref: str = ""
    reference: str = ""
    delivered_on: str | None = None
    settled_before_minor: int = 0
    settled_on: str | None = None


def issue_documents(
    *, recorder: Recorder, entity_id: int, documents: Sequence[DocumentDraft]
) -> range:
    """Write documents with their items and entries; return the documents' ids.

    Posts: receivable / billing clearing, turned round for a credit note; of a finance charge,
    receivable / finance charge income; what was settled before the books were opened as opening
    balances / receivable, on the day it was settled.
    Announces: DocumentsIssued. Refuses: PeriodLocked.
    """
    if not documents:
        return range(0)
    ids = bulk.reserve_ids(Document, len(documents))
    batch_id = recorder.batch_id
    recorder.write(
        Document,
        [
            (
                id_,
                batch_id,
                entity_id,
                d.customer_id,
                d.kind,
                d.number,
                d.currency,
                d.amount_minor,
                d.issued_on,
                d.terms,
                d.po_number,
                d.order_ref,
                d.reference,
                d.delivered_on,
                0,
            )
            for id_, d in zip(ids, documents, strict=True)
        ],
    )
    item_ids = bulk.reserve_ids(Item, sum(len(d.instalments) for d in documents))
    items = _item_rows(recorder, entity_id, ids, documents, item_ids)
    recorder.write(Item, items)
    _post(recorder, entity_id, ids, documents)
    if any(d.settled_before_minor for d in documents):
        write_settlements(recorder, entity_id, _settled_before(documents, items))
    announce(event=DocumentsIssued(batch_id, entity_id, len(documents)), at=recorder.at)
    return ids


def _post(
    recorder: Recorder, entity_id: int, ids: range, documents: Sequence[DocumentDraft]
) -> None:
    """An entry for each document, of charges against their own income."""
    for is_charge, account in ((False, BILLING_CLEARING), (True, FINANCE_CHARGE_INCOME)):
        some = [
            (id_, d)
            for id_, d in zip(ids, documents, strict=True)
            if (d.kind == CHARGE) is is_charge
        ]
        recorder.transfer(
            entity_id=entity_id,
            from_account=account,
            to_account=RECEIVABLE,
            moved=Transfers(
                "document",
                [id_ for id_, _ in some],
                [d.issued_on for _, d in some],
                [d.kind for _, d in some],
                [d.amount_minor for _, d in some],
                [d.currency for _, d in some],
                [d.customer_id for _, d in some],
            ),
        )


def _item_rows(
    recorder: Recorder,
    entity_id: int,
    ids: range,
    documents: Sequence[DocumentDraft],
    item_ids: range,
) -> list[bulk.Row]:
    next_id = iter(item_ids).__next__
    batch_id, sums = recorder.batch_id, recorder.gather(Sums)
    rows: list[bulk.Row] = []
    for document_id, d in zip(ids, documents, strict=True):
        for number, (due_on, amount, until, discount) in enumerate(d.instalments, 1):
            rows.append(
                (
                    next_id(),
                    batch_id,
                    document_id,
                    number,
                    entity_id,
                    d.customer_id,
                    d.currency,
                    d.issued_on,
                    due_on,
                    amount,
                    until,
                    discount,
                    amount,
                )
            )
            if amount >= 0:
                sums.item(d.customer_id, d.currency, due_on, d.issued_on, amount)
            else:
                sums.credit(d.customer_id, d.currency, d.issued_on, amount)
    return rows


def _settled_before(
    documents: Sequence[DocumentDraft], items: Sequence[bulk.Row]
) -> list[Settlement]:
    """What was settled before the books were opened here, earliest instalments first."""
    settlements: list[Settlement] = []
    next_item = iter(items).__next__
    for d in documents:
        left = abs(d.settled_before_minor)
        for instalment in d.instalments:
            item_id = next_item()[0]
            part = min(left, abs(instalment.amount_minor))
            if part:
                left -= part
                settlements.append(
                    Settlement.of_item(
                        "opening",
                        int(item_id),
                        d.customer_id,
                        d.currency,
                        part if d.amount_minor >= 0 else -part,
                        d.settled_on or d.issued_on,
                        d.issued_on,
                        instalment.due_on,
                    )
                )
    return settlements
