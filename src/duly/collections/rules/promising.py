"""Promises: what they pause, and whether they were kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from duly.collections.errors import PromiseUnfit
from duly.collections.policy import KEPT, KeptPolicy, PromisePolicy
from duly.kernel.dates import add_months
from duly.kernel.money import Money
from duly.kernel.rounding import down


class Pledge(NamedTuple):
    """A live promise as the rules see it; without `item_ids` it is for whatever is oldest."""

    id: int
    customer_id: int
    currency: str
    amount_minor: int
    made_on: date
    due_on: date
    recorded_at: datetime
    item_ids: frozenset[int]
    waits_for_us: bool = False  # on a condition of ours that is not met
    unlocked_on: date | None = None  # the day on which it was


@dataclass(slots=True)
class Receipt:
    """Money that came in: what of it is applied to which item, and what to none."""

    received_on: date
    recorded_at: datetime
    free_minor: int
    applied: dict[int, int]

    def take(self, pledge: Pledge, wanted: int) -> int:
        """Count money towards a promise, once; return how much."""
        if self.received_on < pledge.made_on or (
            self.received_on == pledge.made_on and self.recorded_at <= pledge.recorded_at
        ):
            return 0
        taken = min(self.free_minor, wanted)
        self.free_minor -= taken
        for item_id in self.applied:
            if taken < wanted and (not pledge.item_ids or item_id in pledge.item_ids):
                more = min(self.applied[item_id], wanted - taken)
                self.applied[item_id] -= more
                taken += more
        return taken


class Verdict(NamedTuple):
    """What a promise came to: open, kept, partly_kept or broken."""

    id: int
    state: str
    received_minor: int


def judge(
    pledges: Iterable[Pledge],
    receipts: Sequence[Receipt],
    *,
    on: date,
    last_day: Callable[[date], date],
    policy: PromisePolicy,
) -> list[Verdict]:
    """Judge the live promises of one customer in one currency.

    Rule: money received since the promise was made counts, applied or not, each cent once, to the
    promise that is due first; money applied to items that a promise does not name is not its. Kept
    as soon as the amount less tolerance is there; else, when the due date and its grace are over,
    partly kept with some of it, broken with none. Where we were to do something first, the due date
    is not before the day on which we did it.
    Given: `last_day` the last day of grace of a due date.
    See: docs/sources.md, K-01.
    """
    verdicts = []
    for pledge in sorted(pledges, key=lambda one: (one.due_on, one.id)):
        received = 0
        for receipt in sorted(receipts, key=lambda one: one.received_on):
            received += receipt.take(pledge, pledge.amount_minor - received)
        tolerance = down(Decimal(pledge.amount_minor * policy.tolerance_percent).scaleb(-2))
        if received >= pledge.amount_minor - tolerance:
            state = "kept"
        elif not pledge.waits_for_us and on > last_day(
            max(pledge.due_on, pledge.unlocked_on or pledge.due_on)
        ):
            state = "partly_kept" if received else "broken"
        else:
            state = "open"
        verdicts.append(Verdict(pledge.id, state, received))
    return verdicts


class Owed(NamedTuple):
    """An open item, oldest first where a list is asked for."""

    id: int
    open_minor: int


def promised(pledges: Iterable[tuple[int, frozenset[int]]], owed: Sequence[Owed]) -> dict[int, int]:
    """{item: what of it is promised} by the live promises of one customer in one currency.

    Rule: a promise covers the items it names, or the oldest ones, up to its amount. An item it
    names is paused even when the amount does not reach it.
    Given: each promise as (amount still to come, items named).

    >>> promised([(150, frozenset())], [Owed(1, 100), Owed(2, 100), Owed(3, 100)])
    {1: 100, 2: 50}
    """
    found: dict[int, int] = {}
    for left, named in pledges:
        for item_id, open_minor in owed:
            if named and item_id not in named:
                continue
            part = min(left, open_minor - found.get(item_id, 0))
            if part > 0 or named:
                found[item_id] = found.get(item_id, 0) + max(part, 0)
                left -= max(part, 0)
    return found


def refuse_unfit(
    *, amount: Money, made_on: date, due_on: date, policy: PromisePolicy, is_approved: bool = True
) -> None:
    """Refuse what is no promise: nothing, the past, or too far away. Refuses: PromiseUnfit."""
    facts: Mapping[str, object] = {"amount": amount, "made_on": made_on, "due_on": due_on}
    days = (due_on - made_on).days
    if amount.minor <= 0:
        told, remedy = f"{amount} is nothing to promise.", "Record an amount above zero."
    elif days < 0:
        told = f"{due_on} is before {made_on}, when the promise was made."
        remedy = "Record the day on which the money is to be here."
    elif days > policy.approved_days:
        told = f"{due_on} is more than {policy.approved_days} days away."
        remedy = "Ask for an earlier day, or agree on instalments."
    elif days > policy.horizon_days and not is_approved:
        told = f"{due_on} is more than {policy.horizon_days} days away."
        remedy = "Ask for an earlier day, or have somebody with the role for it approve this one."
    else:
        return
    raise PromiseUnfit(told, facts=dict(facts), remedy=remedy)


def refuse_above_debt(
    *, amount: Money, owed_minor: int, awaited_minor: int, is_of_items: bool
) -> None:
    """Refuse to be promised more than is owed, what is awaited already counted.

    Refuses: PromiseUnfit; also where nothing is owed in the currency.
    """
    left = owed_minor - awaited_minor
    if amount.minor <= left:
        return
    facts = {
        "amount": amount,
        "owed": Money(owed_minor, amount.currency),
        "awaited": Money(awaited_minor, amount.currency),
    }
    whose = "of these items" if is_of_items else f"in {amount.currency}"
    if not owed_minor:
        told = f"Nothing is open {whose}."
        remedy = "Record the promise in the currency and for the items that are owed."
    elif awaited_minor:
        told = f"{amount} is more than the {Money(max(left, 0), amount.currency)} that is neither"
        told += " promised already nor paid."
        remedy = "Put the promise that stands off with `duly promise extend`, or cancel it first."
    else:
        told = f"{amount} is more than the {Money(owed_minor, amount.currency)} open {whose}."
        remedy = "Record at most what is owed."
    raise PromiseUnfit(told, facts=facts, remedy=remedy)


def strikes(broken_on: Iterable[date], on: date, policy: PromisePolicy) -> int:
    """How many promises were broken within the months that count, up to a day.

    >>> days = [date(2026, 3, 17), date(2025, 9, 17), date(2025, 9, 16)]
    >>> strikes(days, date(2026, 3, 17), PromisePolicy())
    2
    """
    first = add_months(on, -policy.within_months)
    return sum(first <= day <= on for day in broken_on)


def kept_rate(kept: int, due: int, policy: KeptPolicy = KEPT) -> Decimal:
    """The chance that the next promise is kept: those before, and a prior that few cannot outweigh.

    See: docs/sources.md, S-05.

    >>> round(kept_rate(4, 5), 3), round(kept_rate(0, 5), 3), kept_rate(0, 0)
    (Decimal('0.733'), Decimal('0.467'), Decimal('0.7'))
    """
    return Decimal(kept + policy.prior_kept) / (due + policy.prior_kept + policy.prior_broken)
