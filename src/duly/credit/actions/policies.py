"""Set knobs of credit."""

from collections.abc import Mapping
from datetime import date

from duly.access.actions import Author, require
from duly.access.queries import user_acting
from duly.credit.models import CreditPolicy
from duly.credit.rules.knobs import read_knob
from duly.storage.writing import whole


@whole()
def set_credit_knobs(
    *, entity_id: int, knobs: Mapping[str, str], on: date, author: Author
) -> CreditPolicy:
    """Set some knobs from a day on. Refuses: CreditKnobUnfit, NotYourPart."""
    user = user_acting(author.actor)
    if user is not None:
        require(user=user, act="edit_policy")
    kept = {name: read_knob(name, text) for name, text in knobs.items()}
    return CreditPolicy.objects.create(
        entity_id=entity_id,
        knobs=kept,
        from_on=on,
        actor=author.actor,
        recorded_at=author.at,
    )
