"""Requests as a queue: what each waits for, whose turn it is, by when it is to be answered."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duly.credit.models import (
    CreditDecision,
    CreditLimit,
    CreditRequest,
    DecisionStep,
    LimitProposal,
)
from duly.credit.queries.decisions import (
    decisions_of,
    requests_of,
    sequels_of,
    steps_of_requests,
)
from duly.credit.queries.policies import powers_on
from duly.credit.rules.authority import Powers
from duly.credit.rules.notices import answer_due_on
from duly.kernel.money import Money
from duly.parties.models import Entity
from duly.storage.among import among

OPEN, CONDITIONS, TO_TELL, DONE = "open", "conditions", "to_tell", "done"


class Queued(NamedTuple):
    """A request and where it stands."""

    request: CreditRequest
    decision: CreditDecision | None
    steps: Sequence[DecisionStep]
    conditions_open: tuple[str, ...]
    has_limit: bool
    is_told: bool
    is_turned_down: bool
    due_on: date
    waits_for: str  # a role, "the applicant", "somebody", or nobody

    @property
    def state(self) -> str:
        """Whether it is to be decided, waits for conditions, is to be told, or is done."""
        if self.decision is None:
            return OPEN
        if not self.is_told:
            return TO_TELL
        is_waiting = self.decision.verdict != "decline" and not self.has_limit
        return CONDITIONS if is_waiting and not self.is_turned_down else DONE

    def is_late(self, on: date) -> bool:
        """Tell whether its answer is overdue."""
        return not self.is_told and self.due_on < on


def queue_of(entity: Entity, on: date) -> list[Queued]:
    """Every submitted request, those to be answered first in front. Constant number of queries."""
    requests = requests_of(entity.pk)
    ids = [one.pk for one in requests]
    decisions = decisions_of(ids)
    steps = steps_of_requests(ids)
    decided = {row.request_id: row for row in decisions.values()}
    followed = sequels_of([row.pk for row in decided.values()])
    limits = CreditLimit.objects.filter(decision_id__in=among({row.pk for row in decided.values()}))
    begun = set(limits.values_list("decision_id", flat=True))
    powers = powers_on(entity, on)
    found = []
    for one in requests:
        decision = decided.get(one.pk)
        after = followed.get(decision.pk, []) if decision else []
        met = {row.place for row in after if row.sequel == "met"}
        conditions = decision.conditions if decision else []
        found.append(
            Queued(
                one,
                decision,
                steps.get(one.pk, []),
                tuple(text for place, text in enumerate(conditions) if place not in met),
                decision is not None and decision.pk in begun,
                any(row.sequel == "told" for row in after),
                any(row.sequel == "turned_down" for row in after),
                answer_due_on(one.submitted_on or on, powers.policy.answer_days),
                "" if decision else waits_for(one, steps.get(one.pk, []), powers),
            )
        )
    return sorted(found, key=lambda one: (one.state == DONE, one.due_on, one.request.pk))


def waits_for(
    request: CreditRequest | LimitProposal, steps: Sequence[DecisionStep], powers: Powers
) -> str:
    """The least powerful role that may decide it, or to whom it was sent; "committee" where none
    alone."""
    if steps and steps[-1].step == "sent_on":
        return steps[-1].to_role
    asked = Money(request.amount_minor, request.currency)
    currency = powers.currency_for(asked.currency)
    if asked.currency != currency and not _has_rates(powers, asked.currency, currency):
        return ""
    roles = powers.roles_for(powers.rates.convert(asked, currency))
    return roles[0] if roles else "committee"


def _has_rates(powers: Powers, *currencies: str) -> bool:
    return all(one == powers.rates.own or one in powers.rates.per_own for one in currencies)
