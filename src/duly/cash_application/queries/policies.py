"""How an entity matches: the policy that comes with Duly, and its own knobs over it."""

from datetime import date

from duly.cash_application.models import MatchingVersion
from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.rules.knobs import read_knobs
from duly.kernel.currencies import exponent
from duly.parties.models import Entity

_LATEST = 20


def policy_on(entity: Entity, on: date) -> MatchingPolicy:
    """The policy of an entity on a day."""
    return read_knobs(knobs_on(entity.pk, on), exponent(entity.currency))


def versions_of(entity_id: int) -> list[MatchingVersion]:
    """What was set, the newest first."""
    return list(MatchingVersion.objects.filter(entity_id=entity_id).order_by("-pk")[:_LATEST])


def knobs_on(entity_id: int, on: date) -> dict[str, str]:
    """{name: text} of what an entity set itself, as it is on a day."""
    rows = MatchingVersion.objects.filter(entity_id=entity_id, from_on__lte=on)
    row = rows.order_by("-from_on", "-pk").first()
    return dict(row.knobs) if row else {}
