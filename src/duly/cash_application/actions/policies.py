"""Turn knobs of matching, from a day on."""

from collections.abc import Mapping
from datetime import date

from duly.access.actions import Author, record_changes
from duly.cash_application.models import MatchingVersion
from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.queries.policies import knobs_on
from duly.cash_application.rules.knobs import read_knobs
from duly.kernel.currencies import exponent
from duly.parties.models import Entity
from duly.storage.writing import whole


@whole()
def set_matching(
    *, entity: Entity, knobs: Mapping[str, str], on: date, author: Author
) -> MatchingPolicy:
    """Set knobs, the others stay; return the policy from then on. Refuses: KnobUnfit."""
    before = knobs_on(entity.pk, on)
    after = {**before, **knobs}
    policy = read_knobs(after, exponent(entity.currency))
    row = MatchingVersion.objects.create(
        entity_id=entity.pk,
        from_on=on,
        knobs=after,
        actor=author.actor,
        recorded_at=author.at,
    )
    record_changes(noun="matching", changes=[(row.pk, before, after)], author=author)
    return policy
