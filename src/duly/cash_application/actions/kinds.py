"""Say what a bank's code of kinds means, and set aside what such codes say is no receivable."""

import re

from duly.access.actions import Author, record_changes
from duly.cash_application.actions.setting_aside import set_aside_payments
from duly.cash_application.errors import KindUnfit
from duly.cash_application.models import BankKind
from duly.cash_application.queries.kinds import kinds_of, payments_by_line
from duly.cash_application.rules.kinds import kind_of, reason_of
from duly.storage.writing import whole

_CODE = re.compile(r"[A-Z0-9*?+./ -]{1,64}")
_LONGEST = 200


@whole()
def set_kind(*, entity_id: int, code: str, says: str, author: Author) -> BankKind:
    """Say what money of a code is, if no receivable; without words it is one. Refuses: KindUnfit.

    It counts for what is imported from then on; what was set aside stays so.
    """
    told, words = code.strip().upper(), " ".join(says.split())
    if not _CODE.fullmatch(told) or not re.search(r"[A-Z0-9]", told) or len(words) > _LONGEST:
        raise KindUnfit(
            f"{code[:64]!r} is no code of a bank, or there are too many words.",
            facts={"code": code[:64]},
            remedy="Give a code as the bank's lines tell it, such as NTRF-814 or *-INTR.",
        )
    row = BankKind.objects.filter(entity_id=entity_id, code=told).first()
    before = {"says": row.says} if row else {}
    if row is None:
        row = BankKind(entity_id=entity_id, code=told)
    row.says, row.actor, row.recorded_at = words, author.actor, author.at
    row.save()
    record_changes(
        noun="bank_kind", changes=[(row.pk, before, {"code": told, "says": words})], author=author
    )
    return row


@whole()
def drop_kind(*, entity_id: int, code: str, author: Author) -> None:
    """Forget what was said of a code; what comes with Duly counts again. Refuses: KindUnfit."""
    told = code.strip().upper()
    row = BankKind.objects.filter(entity_id=entity_id, code=told).first()
    if row is None:
        raise KindUnfit(
            f"Nothing of your own is said of {told[:64]}.",
            facts={"code": told[:64]},
            remedy="Look at `duly bank kind list`; say otherwise of one that comes with Duly.",
        )
    record_changes(
        noun="bank_kind",
        changes=[(row.pk, {"code": told, "says": row.says}, {})],
        author=author,
    )
    row.delete()


def set_aside_by_kind(*, entity_id: int, codes: dict[int, str], author: Author) -> dict[str, int]:
    """Set aside the money of bank lines whose code says that it is no receivable.

    Input: {line: its code}, of money in. Returns {what it is: how many payments}.
    """
    own = kinds_of(entity_id)
    kinds = {code: kind_of(code, own) for code in set(codes.values())}
    meant = {line: kinds[code] for line, code in codes.items() if kinds[code]}
    if not meant:
        return {}
    by_reason: dict[tuple[str, str], list[int]] = {}
    for payment_id, line in payments_by_line(meant).items():
        key = (meant[line], reason_of(meant[line], codes[line]))
        by_reason.setdefault(key, []).append(payment_id)
    found: dict[str, int] = {}
    for (says, reason), ids in by_reason.items():
        set_aside_payments(
            entity_id=entity_id, payment_ids=ids, reason=reason, actor=author.actor, at=author.at
        )
        found[says] = found.get(says, 0) + len(ids)
    return found
