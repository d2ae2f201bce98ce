"""What a card would have saved and what it would have cost, by what became of the customers.

Rule: of each customer the first score of the window counts, and what was invoiced after it, within
the horizon, and is old enough to tell. What is open more than 90 days after its due date went bad.
A card would have refused whose band is below the last good one, or whom a gate declines. Bad money
of the refused is a loss avoided; margin on the rest of their invoices is margin refused. A person
overrode the card who decided the other way.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from duly.kernel.rounding import half_up

LATE_DAYS = 90


class Course(NamedTuple):
    """What became of a customer's invoices after its score, in minor units of one currency."""

    invoiced_minor: int
    bad_minor: int


class Judgement(NamedTuple):
    """What a card said of a customer, when."""

    customer_id: int
    scored_on: date
    band: str
    is_declined: bool = False


class Decided(NamedTuple):
    """What a person decided of a customer's credit."""

    person: str
    customer_id: int
    decided_on: date
    is_approved: bool


class Money(NamedTuple):
    """What a card came to: customers and money on either side, and what that is worth."""

    accepted: int
    refused: int
    accepted_invoiced_minor: int
    accepted_bad_minor: int
    refused_invoiced_minor: int
    losses_avoided_minor: int
    margin_refused_minor: int

    @property
    def gain_minor(self) -> int:
        """Losses avoided less margin refused."""
        return self.losses_avoided_minor - self.margin_refused_minor


class Overrides(NamedTuple):
    """How one person's overrides ended: approved what the card refused, and the other way."""

    person: str
    approved: int
    approved_invoiced_minor: int
    approved_bad_minor: int
    declined: int


def would_refuse(judgement: Judgement, good: Sequence[str]) -> bool:
    """Tell whether a card would have refused."""
    return judgement.is_declined or judgement.band not in good


def money_of(
    judgements: Iterable[Judgement],
    courses: Mapping[int, Course],
    good: Sequence[str],
    margin: Decimal,
) -> Money:
    """What a card came to; customers of whom nothing is known yet are left out."""
    accepted = refused = sold = bad = lost_sales = avoided = 0
    for one in judgements:
        course = courses.get(one.customer_id)
        if course is None:
            continue
        if would_refuse(one, good):
            refused += 1
            lost_sales += course.invoiced_minor
            avoided += course.bad_minor
        else:
            accepted += 1
            sold += course.invoiced_minor
            bad += course.bad_minor
    return Money(
        accepted=accepted,
        refused=refused,
        accepted_invoiced_minor=sold,
        accepted_bad_minor=bad,
        refused_invoiced_minor=lost_sales,
        losses_avoided_minor=avoided,
        margin_refused_minor=half_up(Decimal(lost_sales - avoided) * margin),
    )


def overrides_of(
    judgements: Iterable[Judgement],
    courses: Mapping[int, Course],
    decisions: Iterable[Decided],
    good: Sequence[str],
) -> list[Overrides]:
    """How the overrides of each person ended, by name."""
    said = {one.customer_id: one for one in judgements}
    found: dict[str, Overrides] = {}
    for one in decisions:
        judgement = said.get(one.customer_id)
        if judgement is None or one.decided_on < judgement.scored_on:
            continue
        if one.is_approved != would_refuse(judgement, good):
            continue
        course = courses.get(one.customer_id, Course(0, 0)) if one.is_approved else Course(0, 0)
        kept = found.get(one.person, Overrides(one.person, 0, 0, 0, 0))
        found[one.person] = Overrides(
            one.person,
            kept.approved + one.is_approved,
            kept.approved_invoiced_minor + course.invoiced_minor,
            kept.approved_bad_minor + course.bad_minor,
            kept.declined + (not one.is_approved),
        )
    return [found[name] for name in sorted(found)]
