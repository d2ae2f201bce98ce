"""How a customer has paid us, as factors of a score.

Rule: days slow are days after the due date, none below zero, weighted by amount over what was paid
within twelve months and what is overdue now; several currencies weigh by how many payments they
have. The trend is the last six months less the six before them. Who never paid, and owes nothing
that is due, has no history, and what did not happen to them tells nothing.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

YEAR, HALF = timedelta(days=365), timedelta(days=183)
_TENTH = Decimal("0.1")

OWN = frozenset(
    {
        "days_slow",
        "days_slow_trend",
        "broken_promises",
        "disputes_invalid",
        "utilisation",
        "returned_payments",
        "sanctions",
        "insolvent",
    }
)


@dataclass(slots=True)
class _Weighed:
    """Days, each weighed by its minor units, late or in time; and of how many payments."""

    weight: int = 0
    days: int = 0
    parts: int = 0

    def add(self, minor: int, days: int) -> None:
        self.weight += minor
        self.days += minor * max(days, 0)
        self.parts += 1 if minor > 0 else -1


@dataclass(slots=True)
class Course:
    """How one customer paid and owes, by currency: in the last six months, and the six before."""

    on: date
    recent: dict[str, _Weighed] = field(default_factory=dict)
    before: dict[str, _Weighed] = field(default_factory=dict)

    def paid(self, currency: str, due_on: date, paid_on: date, minor: int) -> None:
        """Count a part that money paid."""
        kept = self.recent if paid_on > self.on - HALF else self.before
        _of(kept, currency).add(minor, (paid_on - due_on).days)

    def overdue(self, currency: str, due_on: date, minor: int) -> None:
        """Count what is due and not paid: as late as it is by now."""
        _of(self.recent, currency).add(minor, (self.on - due_on).days)

    def days_slow(self) -> Decimal | None:
        """Days slow over twelve months; None without a history."""
        whole: dict[str, _Weighed] = {}
        for kept in (self.recent, self.before):
            for currency, one in kept.items():
                both = _of(whole, currency)
                both.weight += one.weight
                both.days += one.days
                both.parts += one.parts
        return _mean(whole)

    def trend(self) -> Decimal | None:
        """Days slower (or, negative, faster) than in the six months before."""
        now, then = _mean(self.recent), _mean(self.before)
        return None if now is None or then is None else now - then


def _of(kept: dict[str, _Weighed], currency: str) -> _Weighed:
    found = kept.get(currency)
    if found is None:
        found = kept[currency] = _Weighed()
    return found


def _mean(kept: dict[str, _Weighed]) -> Decimal | None:
    told = [one for one in kept.values() if one.weight > 0 and one.parts > 0]
    if not told:
        return None
    weighed = sum((Decimal(o.days) / Decimal(o.weight) * o.parts for o in told), Decimal(0))
    return (weighed / sum(one.parts for one in told)).quantize(_TENTH, ROUND_HALF_UP)


def used_percent(owed_minor: int, limit_minor: int) -> Decimal | None:
    """How much of a limit is used, in percent; None where there is none.

    >>> used_percent(4_550_000, 5_000_000), used_percent(-5, 100), used_percent(1, 0)
    (Decimal('91.0'), Decimal('0.0'), None)
    """
    owed, limit = Decimal(max(owed_minor, 0)), Decimal(limit_minor)
    return (owed * 100 / limit).quantize(_TENTH, ROUND_HALF_UP) if limit > 0 else None
