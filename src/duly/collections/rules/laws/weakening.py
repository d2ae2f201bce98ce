"""What enforced rules lose by a pack that takes their place."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.collections.rules.laws.places import covers
from duly.collections.rules.laws.rule import ENFORCE, Rule


class Loss(NamedTuple):
    """What an enforced rule has no more: its level, debtors, a place, days, its terms, or all."""

    rule: str
    what: str

    @property
    def text(self) -> str:
        """It in words."""
        return f"{self.rule} ({self.what})"


def losses(before: Iterable[Rule], after: Sequence[Rule], on: date) -> list[Loss]:
    """What enforced rules lose from a day on, by rule, each thing once.

    Whether other terms are stricter no machine can tell: they count as lost.
    """
    found: dict[Loss, None] = {}
    for rule in before:
        if rule.level != ENFORCE or (rule.to_on is not None and rule.to_on < on):
            continue
        there = [one for one in after if one.id == rule.id]
        for day in _days(rule, there, on):
            then = [one for one in there if one.holds_on(day)]
            found |= dict.fromkeys(Loss(rule.id, what) for what in _lost(rule, there, then))
    return sorted(found)


def _days(rule: Rule, there: Sequence[Rule], on: date) -> list[date]:
    """The days of a period, from one on, on which what holds in its place may change."""
    first = max(on, rule.from_on or on)
    starts = {one.from_on for one in there if one.from_on is not None}
    ends = {one.to_on for one in there if one.to_on is not None and one.to_on < date.max}
    days = {first, *starts, *(end + timedelta(days=1) for end in ends)}
    return sorted(day for day in days if day >= first and rule.holds_on(day))


def _lost(rule: Rule, there: Sequence[Rule], then: Sequence[Rule]) -> list[str]:
    if not there:
        return ["ended"]
    if not then:
        return ["days"]
    (now, *_) = then  # periods of a rule never overlap
    is_there = now.place == rule.place or covers(now.place, rule.place)
    kept = {
        "level": now.level == ENFORCE,
        "debtors": now.who >= rule.who,
        "place": is_there and now.by == rule.by,
        "terms": now.what == rule.what and now.params == rule.params,
    }
    return [what for what, is_kept in kept.items() if not is_kept]
