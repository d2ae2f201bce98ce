"""Who clears which reason on a day, and what customers' codes mean."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max

from duly.disputes.models import Dispute, DutyVersion, ReasonMapping
from duly.disputes.policy import DISPUTES, DisputePolicy
from duly.disputes.rules.reasons import EVERYBODY, OTHER, duties_on
from duly.storage.among import among


class UnknownCode(NamedTuple):
    """A code of a customer that nobody mapped: on how many disputes, the newest of which day."""

    customer_id: int
    code: str
    disputes: int
    last_on: date


def policy_on(entity_id: int, on: date) -> DisputePolicy:
    """The policy of an entity on a day: the duties that come with Duly, and its own over them."""
    rows = DutyVersion.objects.filter(entity_id=entity_id, from_on__lte=on).order_by("pk")
    versions = rows.values_list("from_on", "reason", "owner", "target_days")
    return replace(DISPUTES, duties=duties_on(DISPUTES.duties, versions, on))


def duty_versions(entity_id: int) -> list[DutyVersion]:
    """Every change of a duty, the newest first."""
    return list(DutyVersion.objects.filter(entity_id=entity_id).order_by("-pk"))


def mappings_of(
    entity_id: int, customer_ids: Collection[int] | None = None
) -> dict[tuple[int, str], str]:
    """{(customer, 0 for all; code): reason} of an entity, or of some customers and all."""
    rows = ReasonMapping.objects.filter(entity_id=entity_id)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among({*customer_ids, EVERYBODY}))
    ordered = rows.order_by("customer_id", "code")
    return {(c, code): reason for c, code, reason in ordered.values_list(*_MAPPED)}


_MAPPED = ("customer_id", "code", "reason")


def unknown_codes(entity_id: int) -> list[UnknownCode]:
    """Codes on disputes that fell to "other" and are mapped to nothing yet, the most used first."""
    rows = Dispute.objects.filter(entity_id=entity_id, reason=OTHER).exclude(their_reason="")
    grouped = rows.values_list("customer_id", "their_reason").annotate(
        disputes=Count("pk"), last_on=Max("opened_on")
    )
    known = mappings_of(entity_id)
    found = [UnknownCode(*row) for row in grouped.order_by("-disputes", "their_reason")]
    return [
        one
        for one in found
        if (one.customer_id, one.code) not in known and (EVERYBODY, one.code) not in known
    ]
