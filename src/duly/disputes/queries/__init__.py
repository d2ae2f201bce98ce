"""Reads of disputes."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from duly.disputes.errors import DisputeUnknown
from duly.disputes.models import Dispute, DisputeFile
from duly.disputes.policy import DISPUTES, DisputePolicy
from duly.disputes.rules.disputing import Objection, withheld
from duly.storage.among import among, listed
from duly.storage.prepared import prepared_rows
from duly.storage.reading import day_of


def disputes(
    *,
    entity_id: int,
    customer_id: int | None = None,
    only_open: bool = False,
    wanted: Mapping[str, str] | None = None,
) -> list[Dispute]:
    """Disputes of an entity (or one customer), those to be cleared first in front.

    Given: `wanted` {origin, reason or owner: what it must be}.
    """
    rows = Dispute.objects.filter(entity_id=entity_id, **(wanted or {}))
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if only_open:
        rows = rows.filter(verdict="")
    return list(rows.order_by("deadline_on", "pk"))


def dispute(dispute_id: int) -> Dispute:
    """The dispute of a number. Refuses: DisputeUnknown."""
    row = Dispute.objects.filter(pk=dispute_id).first()
    if row is None:
        raise dispute_unknown(dispute_id)
    return row


def disputes_of(ids: Collection[int]) -> dict[int, Dispute]:
    """{number: dispute} of some numbers."""
    return {row.pk: row for row in Dispute.objects.filter(pk__in=among(ids))}


def deductions_of(payment_id: int) -> list[Dispute]:
    """What a payment left short, as it was carved out."""
    return list(Dispute.objects.filter(payment_id=payment_id).order_by("pk"))


def dispute_unknown(dispute_id: int) -> DisputeUnknown:
    """The refusal of a number that is none."""
    return DisputeUnknown(
        f"There is no dispute {dispute_id}.",
        facts={"dispute": dispute_id},
        remedy="Look at `duly dispute list`.",
    )


def files_of(dispute_id: int) -> list[DisputeFile]:
    """The back-up documents of a dispute, the first first."""
    return list(DisputeFile.objects.filter(dispute_id=dispute_id).order_by("pk"))


def file_by_id(file_id: int) -> DisputeFile | None:
    """A back-up document, or None."""
    return DisputeFile.objects.filter(pk=file_id).first()


def denied_items(item_ids: Collection[int]) -> set[int]:
    """Those of some items of which a dispute was found invalid, in part or whole."""
    rows = Dispute.objects.filter(item_id__in=among(item_ids), verdict__in=["invalid", "partly"])
    return set(rows.values_list("item_id", flat=True))


def disputed_by_item(
    *,
    entity_id: int,
    on: date,
    customer_ids: Collection[int] | None = None,
    policy: DisputePolicy = DISPUTES,
) -> dict[int, int]:
    """{item: minor units that may not be asked for on a day}."""
    still = on - timedelta(days=policy.credit_wait_days)
    sql, params = _OBJECTIONS, [entity_id, still]
    if customer_ids is not None:
        select, some = listed(customer_ids)
        sql, params = f"{sql} AND customer_id IN ({select})", [*params, some]
    return withheld(
        (
            Objection(item_id, minor, verdict, day_of(closed_on), credit, document is not None)
            for item_id, minor, verdict, closed_on, credit, document in prepared_rows(sql, params)
        ),
        on=on,
        policy=policy,
    )


_OBJECTIONS = (
    "SELECT item_id, amount_minor, verdict, closed_on, credit_minor, credit_document_id"
    " FROM disputes_dispute WHERE entity_id = %s AND (verdict = '' OR closed_on > %s)"
)
