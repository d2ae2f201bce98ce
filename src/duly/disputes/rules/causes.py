"""What disputes cost and where they come from: how old the open ones are, and their root causes.

Taken is what was opened in a window, whatever became of it since; entered by mistake, or ended
with its payment, counts nowhere. Amounts of two currencies are never added.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

LAST_DAYS = (30, 60, 90)
AGES = ("0-30", "31-60", "61-90", "over-90")
JUDGED = ("valid", "partly", "invalid")
GROUPS: dict[str, Callable[["Case"], str]] = {
    "reason": lambda case: case.reason,
    "customer": lambda case: str(case.customer_id),
    "owner": lambda case: case.owner,
}


class Case(NamedTuple):
    """A dispute as the rules see it; `verdict` is empty while it is open."""

    id: int
    customer_id: int
    item_id: int
    reason: str
    owner: str
    currency: str
    amount_minor: int
    opened_on: date
    deadline_on: date
    verdict: str = ""
    closed_on: date | None = None
    credit_minor: int = 0
    is_short_pay: bool = False

    def is_open(self, on: date) -> bool:
        """Tell whether it was open at the end of a day."""
        return self.opened_on <= on and (self.closed_on is None or self.closed_on > on)


class Cause(NamedTuple):
    """What comes from one reason, customer or owner in one currency.

    `judged_minor` is what verdicts were given on, `credited_minor` what they granted of it, over
    `judged` disputes cleared in `days` together.
    """

    key: str
    currency: str
    taken: int
    minor: int
    open_count: int
    open_minor: int
    judged: int
    judged_minor: int
    credited_minor: int
    days: int

    @property
    def mean_days(self) -> int | None:
        """Days to clear one, rounded half up; None where none was judged."""
        return (2 * self.days + self.judged) // (2 * self.judged) if self.judged else None


def by_age(cases: Iterable[Case], on: date) -> dict[str, tuple[int, ...]]:
    """{currency: what is open in each of `AGES`, by days since it was opened}."""
    found: dict[str, list[int]] = {}
    for case in cases:
        if case.is_open(on):
            days = (on - case.opened_on).days
            place = sum(days > last for last in LAST_DAYS)
            found.setdefault(case.currency, [0] * len(AGES))[place] += case.amount_minor
    return {currency: tuple(amounts) for currency, amounts in sorted(found.items())}


def causes(cases: Iterable[Case], *, by: str, on: date) -> list[Cause]:
    """The root causes by "reason", "customer" or "owner", the most money first, as of a day."""
    key_of = GROUPS[by]
    found: dict[tuple[str, str], Cause] = {}
    for case in cases:
        key = (key_of(case), case.currency)
        before = found.get(key) or Cause(*key, 0, 0, 0, 0, 0, 0, 0, 0)
        is_open = case.is_open(on)
        is_judged = not is_open and case.verdict in JUDGED and case.closed_on is not None
        days = (case.closed_on - case.opened_on).days if is_judged and case.closed_on else 0
        found[key] = Cause(
            *key,
            before.taken + 1,
            before.minor + case.amount_minor,
            before.open_count + is_open,
            before.open_minor + case.amount_minor * is_open,
            before.judged + is_judged,
            before.judged_minor + case.amount_minor * is_judged,
            before.credited_minor + case.credit_minor * is_judged,
            before.days + days,
        )
    return sorted(found.values(), key=lambda one: (one.currency, -one.minor, one.key))
