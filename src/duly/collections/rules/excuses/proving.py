"""Whether excuses proved true, by what came after: never by what anybody thought of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from duly.kernel.rounding import down, half_up


class Heard(NamedTuple):
    """An excuse as it was told once: what must come by when, or it was not true."""

    id: int
    customer_id: int
    code: str
    proof: str
    told_on: date
    within_on: date  # the last day that is waited for
    amount_minor: int  # what must come; 0: any money


class Came(NamedTuple):
    """What came after: money by day since it was told, and what it hangs on.

    `verdict_on` closes its dispute, `copy_on` is when what was asked for had been sent; a person's
    own finding goes before all of them.
    """

    money: tuple[tuple[date, int], ...] = ()
    verdict: str = ""
    verdict_on: date | None = None
    copy_on: date | None = None
    found_true: bool | None = None
    found_on: date | None = None


class Outcome(NamedTuple):
    """true, false or open; how many days it cost, and what it was seen by."""

    state: str
    days: int
    by: str
    on: date | None


def prove(heard: Heard, came: Came, *, on: date, tolerance_percent: int = 1) -> Outcome:
    """What an excuse came to by a day.

    Rule: what a person found goes first. By "dispute": its verdict (valid, also in part, is true);
    by "cash": money of at least the amount, less tolerance, by the last day that is waited for; by
    "copy": the copy was sent, and then that money came. What only a person can tell stays open
    until one does. The days it cost run from when it was told to when it was cleared, or, while it
    is not, to the day asked for.

    >>> cheque = Heard(1, 1, "cheque", "cash", date(2026, 3, 2), date(2026, 3, 12), 10000)
    >>> prove(cheque, Came(money=((date(2026, 3, 8), 9950),)), on=date(2026, 3, 20))[:3]
    ('true', 6, 'cash')
    >>> [prove(cheque, Came(), on=date(2026, 3, day)).state for day in (12, 13)]
    ['open', 'false']
    """
    if came.found_true is not None and came.found_on is not None and came.found_on <= on:
        return _at("true" if came.found_true else "false", heard, came.found_on, "person")
    if came.verdict in ("valid", "partly", "invalid") and came.verdict_on and came.verdict_on <= on:
        state = "false" if came.verdict == "invalid" else "true"
        return _at(state, heard, came.verdict_on, "dispute")
    paid_on = _paid_on(heard, came.money, on, tolerance_percent)
    if heard.proof in ("cash", "copy") and paid_on is not None:
        was_sent = came.copy_on is not None and came.copy_on <= paid_on
        if heard.proof == "cash" and paid_on <= heard.within_on:
            return _at("true", heard, paid_on, "cash")
        if heard.proof == "copy" and was_sent and paid_on <= heard.within_on:
            return _at("true", heard, paid_on, "copy")
        return _at("false", heard, paid_on, "cash")
    days = max((on - heard.told_on).days, 0)
    is_over = on > heard.within_on
    if is_over and (heard.proof == "cash" or (heard.proof == "copy" and came.copy_on is not None)):
        return Outcome("false", days, "nothing came", heard.within_on + timedelta(days=1))
    return Outcome("open", days, "", None)


def _at(state: str, heard: Heard, on: date, by: str) -> Outcome:
    return Outcome(state, max((on - heard.told_on).days, 0), by, on)


def _paid_on(
    heard: Heard, money: Sequence[tuple[date, int]], on: date, tolerance_percent: int
) -> date | None:
    """The day on which enough had come."""
    least = heard.amount_minor - down(Decimal(heard.amount_minor * tolerance_percent).scaleb(-2))
    total = 0
    for day, minor in sorted(money):
        total += minor
        if day <= on and total >= max(least, 1):
            return day
    return None


class Ledger(NamedTuple):
    """How often an excuse was heard and proved true, and the days that it cost."""

    heard: int
    true: int
    false: int
    open: int
    days: int  # altogether
    median_days: str  # of those that are cleared; "" for none

    @property
    def true_percent(self) -> str:
        """Of those that are cleared how many were true, to one decimal; "" for none."""
        cleared = self.true + self.false
        if not cleared:
            return ""
        return str(Decimal(half_up(Decimal(self.true * 1000) / cleared)).scaleb(-1))


def count_up(found: Iterable[tuple[str, Outcome]]) -> Mapping[str, Ledger]:
    """{excuse: its ledger} of (excuse, outcome) pairs.

    >>> told = [Outcome("true", 6, "cash", None), Outcome("false", 9, "", None)]
    >>> found = count_up(("cheque", one) for one in told)["cheque"]
    >>> found.true_percent, found.median_days
    ('50.0', '7.5')
    """
    by_code: dict[str, list[Outcome]] = defaultdict(list)
    for code, outcome in found:
        by_code[code].append(outcome)
    return {code: _ledger(outcomes) for code, outcomes in sorted(by_code.items())}


def _ledger(outcomes: Sequence[Outcome]) -> Ledger:
    states = [one.state for one in outcomes]
    cleared = sorted(one.days for one in outcomes if one.state != "open")
    middle = cleared[(len(cleared) - 1) // 2 : len(cleared) // 2 + 1]
    median = str(Decimal(sum(middle) * 10 // len(middle)).scaleb(-1)) if middle else ""
    return Ledger(
        len(outcomes),
        states.count("true"),
        states.count("false"),
        states.count("open"),
        sum(one.days for one in outcomes),
        median,
    )
