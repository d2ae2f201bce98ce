"""When a customer's credit is looked at again: by the calendar of its class, or for a signal.

Policy is data: a firm may know its customers better. What comes with Duly is a recommendation:
class A every 12 to 24 months, B 12, C 6, D 3; whoever is insured, or owes more than a twentieth of
what all owe, at least yearly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from duly.kernel.dates import add_months


class SignalKind(NamedTuple):
    """What a signal says in words, and how many of it within how many days open a review (0: none
    does, it is a warning)."""

    text: str
    needed: int = 1
    within_days: int = 0


KINDS = {
    "past_due": SignalKind("More than 30 days past due"),
    "promise_broken": SignalKind("Promise broken", 2, 183),
    "returned_payment": SignalKind("Payment returned by the bank"),
    "score_drop": SignalKind("Score fell by a band"),
    "limit_use": SignalKind("Limit used by more than 90 % for three months"),
    "insurer_cut": SignalKind("Insurer cut the insured limit"),
    "ownership_change": SignalKind("Ownership changed"),
    "adverse_news": SignalKind("Adverse news"),
    "distress_told": SignalKind("Told us of want of money, a frozen account or insolvency"),
    "excuse_repeated": SignalKind("The same excuse again after it was cleared", 0),
    "dormant": SignalKind("Nothing bought for twelve months: its limit is proposed to lapse"),
    "approaching_limit": SignalKind("More than 90 % of the limit used", 0),
}
CALENDAR, ASKED = "calendar", "asked"
CAUSES = {
    CALENDAR: "Due by the calendar",
    ASKED: "Opened by a colleague",
    **{kind: told.text for kind, told in KINDS.items()},
}
# States that begin and end: each is told once when it begins, and again when it begins again.
CROSSINGS = ("past_due", "approaching_limit", "dormant", "beyond_extension")


class Cycle(NamedTuple):
    """A review may be done from `opens_months` after the last one, and is due at `due_months`."""

    opens_months: int
    due_months: int


_YEARLY = Cycle(11, 12)


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """How often which class is reviewed, and from where on a state is a signal."""

    cycles: Mapping[str, Cycle] = field(
        default_factory=lambda: {
            "A": Cycle(12, 24),
            "B": _YEARLY,
            "C": Cycle(5, 6),
            "D": Cycle(2, 3),
            "E": Cycle(2, 3),
        }
    )
    unscored: Cycle = _YEARLY
    yearly: Cycle = _YEARLY  # insured, or large: at least so often
    large_percent: Decimal = Decimal(5)
    past_due_days: int = 30
    warn_percent: Decimal = Decimal(90)
    use_months: int = 3
    dormant_months: int = 12
    days_to_conclude: int = 14  # a review that a signal opened


REVIEWS = ReviewPolicy()


class Seen(NamedTuple):
    """A signal that was recorded before: its kind and its day."""

    kind: str
    on: date


def opens_review(kind: str, on: date, before: Sequence[Seen]) -> bool:
    """Tell whether a signal of a day opens a review, those recorded before it counted.

    >>> opens_review("adverse_news", date(2026, 3, 10), [])
    True
    >>> opens_review("promise_broken", date(2026, 3, 10), [])
    False
    >>> before = [Seen("promise_broken", date(2026, 1, 5))]
    >>> opens_review("promise_broken", date(2026, 3, 10), before)
    True
    """
    told = KINDS[kind]
    if not told.needed:
        return False
    first = on - timedelta(days=told.within_days)
    return 1 + sum(one.kind == kind and first <= one.on <= on for one in before) >= told.needed


class Standing(NamedTuple):
    """What the calendar asks of a customer that has a limit.

    `since` is the day of its last review, or from which its limit holds; `review_on` what whoever
    set the limit said.
    """

    since: date | None
    band: str = ""
    is_insured: bool = False
    is_large: bool = False
    review_on: date | None = None


class ReviewDue(NamedTuple):
    """From when on a customer may be reviewed, by when it is to be, and by what rule."""

    opens_on: date
    due_on: date
    why: str


def review_due(standing: Standing, policy: ReviewPolicy = REVIEWS) -> ReviewDue | None:
    """When a customer is reviewed next; None where no day is known to count from.

    >>> review_due(Standing(date(2025, 6, 1), "C"))
    ReviewDue(opens_on=datetime.date(2025, 11, 1), due_on=datetime.date(2025, 12, 1), why='class C')
    """
    found = []
    if standing.since is not None:
        cycle = policy.cycles.get(standing.band, policy.unscored)
        found.append((cycle, f"class {standing.band}" if standing.band else "no score yet"))
        if standing.is_insured:
            found.append((policy.yearly, "insured, yearly"))
        if standing.is_large:
            found.append((policy.yearly, "large, yearly"))
    by_cycle = [
        ReviewDue(
            add_months(standing.since, cycle.opens_months),
            add_months(standing.since, cycle.due_months),
            why,
        )
        for cycle, why in found
        if standing.since is not None
    ]
    if standing.review_on is not None:
        said = standing.review_on
        by_cycle.append(ReviewDue(add_months(said, -1), said, "as the limit says"))
    return min(by_cycle, key=lambda one: one.due_on, default=None)


class Use(NamedTuple):
    """What is known of a customer on a day, by which states begin and end."""

    exposure_minor: int
    limit_minor: int | None
    oldest_days: int = 0
    last_trade_on: date | None = None
    is_beyond_extension: bool = False


def states_of(use: Use, on: date, policy: ReviewPolicy = REVIEWS) -> set[str]:
    """The states a customer is in on a day.

    >>> sorted(states_of(Use(95_00, 100_00, 31, date(2024, 1, 1)), date(2026, 3, 10)))
    ['approaching_limit', 'dormant', 'past_due']
    """
    found = set()
    if use.oldest_days > policy.past_due_days:
        found.add("past_due")
    if use.limit_minor and use.exposure_minor * 100 > use.limit_minor * policy.warn_percent:
        found.add("approaching_limit")
    quiet_since = add_months(on, -policy.dormant_months)
    if use.limit_minor and use.last_trade_on is not None and use.last_trade_on < quiet_since:
        found.add("dormant")
    if use.is_beyond_extension:
        found.add("beyond_extension")
    return found


def has_lasted(since: date, on: date, policy: ReviewPolicy = REVIEWS) -> bool:
    """Tell whether a limit in use since a day was so for the months that make it a signal."""
    return add_months(since, policy.use_months) <= on
