"""Learn from which accounts and under which names customers pay; take it back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from duly.access.actions import Author, record_changes
from duly.cash_application.errors import AliasUnknown
from duly.cash_application.models import Alias
from duly.cash_application.rules.names import name_of
from duly.cash_application.rules.references import normal
from duly.cash_application.rules.texts import says_nothing
from duly.storage import bulk
from duly.storage.among import among
from duly.storage.writing import whole

ACCOUNT, NAME = "account", "name"


class AliasDraft(NamedTuple):
    """An account or a name to be learned for a customer, from a payment or by a person's word."""

    customer_id: int
    kind: str
    shown: str
    payment_id: int | None = None

    @property
    def value(self) -> str:
        """As it is compared; empty for what banks write where nothing was said."""
        if says_nothing(self.shown):
            return ""
        plain = normal(self.shown) if self.kind == ACCOUNT else name_of(self.shown).whole
        return plain[:200]


def learn_aliases(
    *, entity_id: int, aliases: Sequence[AliasDraft], actor: str, at: datetime, is_said: bool
) -> int:
    """Keep what is new; return how many.

    What a person revoked for a customer is learned again only where a person says it, `is_said`.
    """
    wanted = {(one.kind, one.value, one.customer_id): one for one in aliases if one.value}
    rows = Alias.objects.filter(
        entity_id=entity_id, value__in=among({value for _, value, _ in wanted})
    )
    if is_said:
        rows = rows.filter(revoked_at=None)
    known = set(rows.values_list("kind", "value", "customer_id"))
    new = [one for key, one in wanted.items() if key not in known]
    ids = bulk.reserve_ids(Alias, len(new)) if new else range(0)
    bulk.insert_rows(
        Alias,
        [
            (
                id_,
                entity_id,
                one.customer_id,
                one.kind,
                one.value,
                one.shown[:200],
                one.payment_id,
                actor,
                at.isoformat(),
                "",
                None,
            )
            for id_, one in zip(ids, new, strict=True)
        ],
    )
    return len(new)


@whole()
def revoke_alias(*, entity_id: int, alias_id: int, author: Author) -> Alias:
    """Forget an account or name of a customer; what was applied by it stays. Refuses: AliasUnknown.

    The trail tells who did it.
    """
    row = Alias.objects.select_for_update().filter(pk=alias_id, entity_id=entity_id).first()
    if row is None or row.revoked_at is not None:
        raise AliasUnknown(
            f"There is no account or name {alias_id} that a customer pays from.",
            facts={"alias": alias_id},
            remedy="Look at `duly payers`.",
        )
    row.revoked_by, row.revoked_at = author.actor, author.at
    row.save(update_fields=["revoked_by", "revoked_at"])
    record_changes(
        noun="alias",
        changes=[(row.pk, {"alias": row.shown}, {"alias": ""})],
        author=author,
    )
    return row


def unlearn(*, payment_ids: Collection[int], actor: str, at: datetime) -> int:
    """Forget what payments taught whose match a person took back; return how many."""
    rows = Alias.objects.filter(payment_id__in=among(payment_ids), revoked_at=None)
    return rows.update(revoked_by=actor, revoked_at=at)
