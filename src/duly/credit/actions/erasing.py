"""Erase what names a person from what was kept about a request beside its answers."""

import json
from collections.abc import Sequence
from typing import Any

from duly.access.actions import Author, record_changes
from duly.credit.models import CreditDecision, RequestFlag
from duly.credit.rules.tombstones import without
from duly.kernel.ids import digest
from duly.storage.writing import whole


@whole()
def erase_words(*, request_id: int, words: Sequence[str], author: Author) -> None:
    """Put tombstones for some words into flags, and into the memo and the notice of a decision.

    The trail keeps the digests of memo and notice before and after, so that it can be told from a
    change that nobody asked for.
    """
    for flag in RequestFlag.objects.filter(request_id=request_id):
        text, facts = without(words, flag.text), without(words, flag.facts)
        if (text, facts) != (flag.text, flag.facts):
            RequestFlag.objects.filter(pk=flag.pk).update(text=text, facts=facts)
    for row in CreditDecision.objects.filter(request_id=request_id):
        before = kept_digest(row)
        row.memo, row.notice = without(words, row.memo), without(words, row.notice)
        after = kept_digest(row)
        if before != after:
            row.save(update_fields=["memo", "notice"])
            change = (row.pk, {"sha256": before}, {"sha256": after, "is_erased": True})
            record_changes(noun="credit decision", changes=[change], author=author)


def kept_digest(row: CreditDecision) -> str:
    """The digest of a memo with its notice, as they are kept."""
    kept: dict[str, Any] = {"memo": row.memo, "notice": row.notice}
    return digest("memo", json.dumps(kept, sort_keys=True, ensure_ascii=False))
