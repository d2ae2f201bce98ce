"""Take in what payers say they paid, each file once; say of an advice that it counts no more."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import Author, record_changes
from duly.cash_application.errors import AdviceUnknown
from duly.cash_application.models import RemittanceAdvice, RemittanceLine
from duly.cash_application.queries.advices import files_taken, senders_of
from duly.cash_application.rules.advices import Advice
from duly.ledger.actions import Recorder
from duly.storage import bulk
from duly.storage.writing import whole


class AdviceDraft(NamedTuple):
    """An advice to be: what it says, and where it came from."""

    advice: Advice
    kind: str
    file: str
    sha256: str
    told_on: date
    mail_id: str = ""
    customer_id: int | None = None


def take_advices(
    *, recorder: Recorder, entity_id: int, currency: str, drafts: Sequence[AdviceDraft]
) -> list[int]:
    """Write down advices of files that were not taken in before; return their ids.

    Input: `currency` of those that tell none: the entity's own. Drafts of one file follow each
    other, in the order of the file.
    """
    known = files_taken(entity_id, {draft.sha256 for draft in drafts})
    fresh = [draft for draft in drafts if draft.sha256 not in known]
    if not fresh:
        return []
    senders = senders_of(entity_id, [draft.advice for draft in fresh])
    ids = bulk.reserve_ids(RemittanceAdvice, len(fresh))
    places: dict[str, int] = {}
    rows = []
    for id_, draft, sender in zip(ids, fresh, senders, strict=True):
        ordinal = places[draft.sha256] = places.get(draft.sha256, 0) + 1
        draft = draft._replace(customer_id=draft.customer_id or sender)
        rows.append(_row(id_, recorder.batch_id, entity_id, currency, ordinal, draft))
    recorder.write(RemittanceAdvice, rows)
    lines = [
        (id_, line) for id_, draft in zip(ids, fresh, strict=True) for line in draft.advice.lines
    ]
    line_ids = bulk.reserve_ids(RemittanceLine, len(lines)) if lines else range(0)
    recorder.write(
        RemittanceLine,
        [
            (line_id, recorder.batch_id, advice_id, *line)
            for line_id, (advice_id, line) in zip(line_ids, lines, strict=True)
        ],
    )
    return list(ids)


def _row(
    id_: int, batch_id: int, entity_id: int, currency: str, ordinal: int, draft: AdviceDraft
) -> bulk.Row:
    said = draft.advice
    return (
        id_,
        batch_id,
        entity_id,
        draft.customer_id,
        draft.kind,
        draft.file[:255],
        said.place[:100],
        draft.sha256,
        ordinal,
        draft.mail_id[:255],
        said.payer_name,
        said.payer_account,
        said.payer_code,
        said.payment_reference,
        said.amount_minor,
        said.total_minor,
        said.currency or currency,
        said.paid_on.isoformat() if said.paid_on else None,
        draft.told_on.isoformat(),
        len(said.lines),
        0,
    )


@whole()
def void_advices(*, entity_id: int, advice_ids: Sequence[int], actor: str, at: datetime) -> None:
    """Say of some advices that they count no more; their file can then be taken in again.

    Refuses: AdviceUnknown.
    """
    rows = RemittanceAdvice.objects.filter(
        entity_id=entity_id, pk__in=list(advice_ids), is_void=False
    )
    found = set(rows.values_list("pk", flat=True))
    for missing in sorted(set(advice_ids) - found):
        raise AdviceUnknown(
            f"There is no advice {missing} that counts.",
            facts={"advice": missing},
            remedy="Look at `duly remittance list`.",
        )
    rows.update(is_void=True)
    record_changes(
        noun="remittance advice",
        changes=[(pk, {"is_void": False}, {"is_void": True}) for pk in sorted(found)],
        author=Author(actor, at),
    )
