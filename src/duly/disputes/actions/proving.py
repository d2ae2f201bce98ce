"""Keep the back-up documents of disputes."""

from collections.abc import Sequence
from typing import NamedTuple

from duly.access.actions import Author, record_changes
from duly.disputes.models import DisputeFile
from duly.disputes.queries import dispute, dispute_unknown
from duly.storage.writing import whole


class FileDraft(NamedTuple):
    """A file that proves something: its name, its kind by content, its digest and size."""

    file: str
    kind: str
    sha256: str
    bytes: int


@whole()
def attach_files(
    *, entity_id: int, dispute_id: int, drafts: Sequence[FileDraft], author: Author
) -> list[DisputeFile]:
    """Attach files to a dispute, open or closed; one that is there already adds nothing.

    Return those of the drafts, in their order. Refuses: DisputeUnknown.
    """
    if dispute(dispute_id).entity_id != entity_id:
        raise dispute_unknown(dispute_id)
    there = {row.sha256: row for row in DisputeFile.objects.filter(dispute_id=dispute_id)}
    new = {draft.sha256: draft for draft in drafts if draft.sha256 not in there}
    told = {"entity_id": entity_id, "dispute_id": dispute_id}
    who = {"actor": author.actor, "recorded_at": author.at}
    rows = DisputeFile.objects.bulk_create(
        [DisputeFile(**draft._asdict(), **told, **who) for draft in new.values()]
    )
    there.update({row.sha256: row for row in rows})
    record_changes(
        noun="dispute",
        changes=[(dispute_id, {}, {"file": row.file, "sha256": row.sha256}) for row in rows],
        author=author,
    )
    return [there[draft.sha256] for draft in drafts]
