"""The policy of credit on a day, and up to how much each role may approve."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from duly.access.queries import limits_of
from duly.credit.models import CreditPolicy
from duly.credit.policy import DECISIONS, DecisionPolicy
from duly.credit.rules.authority import ACT, Powers, Rates, Releases
from duly.credit.rules.knobs import applied
from duly.parties.models import Entity
from duly.parties.queries.reach import rates_on

RELEASE = "release_order"


def decision_policy(entity_id: int, on: date) -> DecisionPolicy:
    """What comes with Duly, and over it what a firm set by a day."""
    rows = CreditPolicy.objects.filter(entity_id=entity_id, from_on__lte=on)
    return policy_of(rows.order_by("from_on", "pk").values_list("knobs", flat=True))


def policy_of(versions: Iterable[Mapping[str, str]]) -> DecisionPolicy:
    """What comes with Duly, and over it what a firm set, in the order in which it began."""
    policy = DECISIONS
    for knobs in versions:
        policy = applied(policy, knobs)
    return policy


def policy_versions(entity_id: int) -> list[CreditPolicy]:
    """What a firm set, the newest first."""
    return list(CreditPolicy.objects.filter(entity_id=entity_id).order_by("-pk"))


def powers_on(entity: Entity, on: date) -> Powers:
    """Who may approve how much on a day, at that day's rates."""
    per_own = {
        code: Decimal(rate) for code, (_, rate) in rates_on(entity_id=entity.pk, on=on).items()
    }
    return Powers(limits_of(ACT), decision_policy(entity.pk, on), Rates(entity.currency, per_own))


def releases_on(entity: Entity, on: date) -> Releases:
    """Who may release orders up to how much on a day."""
    return Releases(limits_of(RELEASE), powers_on(entity, on))
