"""The states of a plan, how it moves from one to another, and what a day does to it.

Rule: a payment that is missed makes the plan defaulted: the customer is given notice, and may cure
it until it is more than the agreed days late. Then the whole balance is due and collection of the
items goes on; no day of the plan is ever moved silently.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from duly.collections.errors import PlanStateUnfit
from duly.collections.rules.plans.reckoning import Agreed, Reckoning, accelerates_on
from duly.collections.rules.plans.schedules import DOWN

PROPOSED, OFFERED, SIGNED, ACTIVE = "proposed", "offered", "signed", "active"
CURED, DEFAULTED, COMPLETED, CANCELLED = "cured", "defaulted", "completed", "cancelled"
MOVES: Mapping[str, frozenset[str]] = {
    PROPOSED: frozenset({OFFERED, CANCELLED}),
    OFFERED: frozenset({SIGNED, CANCELLED}),
    SIGNED: frozenset({ACTIVE, DEFAULTED, COMPLETED, CANCELLED}),
    ACTIVE: frozenset({DEFAULTED, COMPLETED, CANCELLED}),
    CURED: frozenset({DEFAULTED, COMPLETED, CANCELLED}),
    DEFAULTED: frozenset({CURED, COMPLETED, CANCELLED}),
    COMPLETED: frozenset(),
    CANCELLED: frozenset(),
}
ENDED = (COMPLETED, CANCELLED)
BINDING = (SIGNED, ACTIVE, CURED, DEFAULTED)  # signed, and not at its end


class Verdict(NamedTuple):
    """What a day does to a plan: its new state, or that its whole balance is due now."""

    state: str
    is_accelerated: bool = False


def refuse_move(number: int, state: str, to: str) -> None:
    """Refuse a step that the table does not know. Refuses: PlanStateUnfit."""
    if to not in MOVES[state]:
        then = ", ".join(sorted(MOVES[state])) or "nothing: it has ended"
        raise PlanStateUnfit(
            f"Plan {number} is {state}, and can't be {to} from there.",
            facts={"plan": number, "state": state, "wanted": to},
            remedy=f"What can follow is {then}.",
        )


def verdict(
    state: str, is_accelerated: bool, reckoned: Reckoning, agreed: Agreed, on: date
) -> Verdict:
    """What a plan that binds comes to on a day."""
    if reckoned.is_whole:
        return Verdict(COMPLETED, is_accelerated)
    if is_accelerated:
        return Verdict(DEFAULTED, True)
    failing = reckoned.failing
    if failing is not None:
        return Verdict(DEFAULTED, on > accelerates_on(failing, agreed))
    if state == DEFAULTED:
        return Verdict(CURED)
    if state == SIGNED and any(
        one.number == DOWN and one.missing_minor for one in reckoned.results
    ):
        return Verdict(SIGNED)
    return Verdict(ACTIVE if state == SIGNED else state)
