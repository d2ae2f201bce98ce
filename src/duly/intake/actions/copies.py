"""Keep copies of invoices, and say to which document one belongs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from duly.access.actions import Author, record_changes
from duly.intake.errors import CopyUnknown
from duly.intake.models import InvoiceCopy
from duly.receivables.queries.standing import documents_of
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole


class CopyDraft(NamedTuple):
    """A file that is kept already, under its digest; `document_id` None: nobody knows yet."""

    file: str
    sha256: str
    bytes: int
    document_id: int | None
    told_by: str
    may_be: tuple[int, ...] = ()


@whole()
def keep_copies(
    *, entity_id: int, drafts: Sequence[CopyDraft], actor: str, at: datetime
) -> list[InvoiceCopy]:
    """Write copies down, each once; one that waited is tied where its document is known now, unless
    a person said that it belongs to none."""
    locks.hold(f"copies:{entity_id}")
    found = InvoiceCopy.objects.filter(
        entity_id=entity_id, sha256__in=among([draft.sha256 for draft in drafts])
    )
    there = {row.sha256: row for row in found}
    kept: dict[str, InvoiceCopy] = {}
    tied: list[InvoiceCopy] = []
    for draft in drafts:
        row = there.get(draft.sha256) or kept.get(draft.sha256)
        if row is None:
            row = InvoiceCopy(entity_id=entity_id, **draft._asdict(), actor=actor, recorded_at=at)
        elif row.document_id is None and row.told_by != "hand":
            row.document_id, row.told_by = draft.document_id, draft.told_by
            row.may_be = list(draft.may_be)
            tied += [row] if row.pk else []
        kept[draft.sha256] = row
    InvoiceCopy.objects.bulk_create([row for row in kept.values() if row.pk is None])
    InvoiceCopy.objects.bulk_update(tied, ["document_id", "told_by", "may_be"], batch_size=500)
    known = [(row.pk, row.document_id) for row in tied if row.document_id]
    changes = [(pk, {"document": None}, {"document": document_id}) for pk, document_id in known]
    record_changes(noun="invoice_copy", changes=changes, author=Author(actor, at))
    return list(kept.values())


@whole()
def tie_copy(
    *,
    entity_id: int,
    copy_id: int,
    document_id: int | None,
    author: Author,
    may_be: Sequence[int] = (),
) -> InvoiceCopy:
    """Say to which document a copy belongs, or that it belongs to none, or to which it may.

    Rule: where a person is to choose, what it is tied to stays until they did.
    Refuses: CopyUnknown; DocumentUnknown where the document is not of the entity.
    """
    row = _held(entity_id, copy_id)
    if document_id is not None:
        documents_of(entity_id, [document_id])
    before = {"document": row.document_id}
    row.may_be = list(may_be)
    if may_be:
        row.save(update_fields=["may_be"])
        return row
    row.document_id, row.told_by = document_id, "hand"
    row.save(update_fields=["document_id", "told_by", "may_be"])
    record_changes(
        noun="invoice_copy", changes=[(row.pk, before, {"document": document_id})], author=author
    )
    return row


@whole()
def confirm_copy(*, entity_id: int, copy_id: int, author: Author) -> InvoiceCopy:
    """Say of a copy that it is what it was taken for: from then on it is given to the customer.

    Refuses: CopyUnknown.
    """
    row = _held(entity_id, copy_id)
    if row.is_unsure:
        before = {"told_by": row.told_by}
        row.told_by, row.may_be = "hand", []
        row.save(update_fields=["told_by", "may_be"])
        record_changes(
            noun="invoice_copy", changes=[(row.pk, before, {"told_by": "hand"})], author=author
        )
    return row


def _held(entity_id: int, copy_id: int) -> InvoiceCopy:
    row = InvoiceCopy.objects.select_for_update().filter(entity_id=entity_id, pk=copy_id).first()
    if row is None:
        raise CopyUnknown(
            f"There is no copy {copy_id} in these books.",
            facts={"copy": copy_id},
            remedy="Look at the list of copies.",
        )
    return row
