"""Set knobs of credit."""

from collections.abc import Mapping
from datetime import date

from duly.access.actions import Author
from duly.credit.models import CreditPolicy
from duly.credit.queries.decisions import person_acting
from duly.credit.rules.authority import refuse_policy
from duly.credit.rules.knobs import read_knob
from duly.storage.writing import whole


@whole()
def set_credit_knobs(
    *, entity_id: int, knobs: Mapping[str, str], on: date, author: Author
) -> CreditPolicy:
    """Set some knobs from a day on. Refuses: DecisionNotYours, CreditKnobUnfit."""
    refuse_policy(person_acting(author.actor), knobs)
    kept = {name: read_knob(name, text) for name, text in knobs.items()}
    return CreditPolicy.objects.create(
        entity_id=entity_id,
        knobs=kept,
        from_on=on,
        actor=author.actor,
        recorded_at=author.at,
    )
