"""Credit insurance: what is covered today, until when, and what would void it. Pure.

The policy is the source; its figures are data. Cover of an item is judged by the day on which it
was shipped: the limit of that day, the oldest first. While an invoice is beyond the maximum
extension period, what is shipped after is not covered.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from duly.kernel.rounding import half_up

ALERT_DAYS = 10  # before the extension period ends, and before a notice is due


class Terms(NamedTuple):
    """What a policy says, in its currency."""

    number: str
    insurer: str
    currency: str
    from_on: date
    to_on: date
    mep_days: int  # maximum extension period: from the original due date
    notify_days: int  # past due, by which an overdue is reported
    waiting_days: int
    indemnity_percent: Decimal
    first_loss_minor: int = 0
    discretionary_minor: int = 0

    def mep_on(self, due_on: date) -> date:
        """The last day to which payment may be put off without asking the insurer."""
        return due_on + timedelta(days=self.mep_days)

    def notify_on(self, due_on: date) -> date:
        """The last day to report an item that is not paid."""
        return due_on + timedelta(days=self.notify_days)


class InsuredFrom(NamedTuple):
    """A buyer's insured limit from a day on, through another."""

    from_on: date
    to_on: date | None
    minor: int
    basis: str = "approved"


class ItemAtRisk(NamedTuple):
    """An open item of an insured buyer; amounts in the policy's currency."""

    id: int
    number: str
    shipped_on: date
    due_on: date
    open_minor: int
    disputed_minor: int = 0
    is_notified: bool = False
    is_extended: bool = False  # the insurer agreed to a later day


class Clause(NamedTuple):
    """What voids cover, or would: a code, words, and the day."""

    code: str
    text: str
    on: date | None = None


class Cover(NamedTuple):
    """Whether an item is covered, for how much, until when, why not, and what would void it."""

    item_id: int
    covered_minor: int
    indemnified_minor: int
    until: date | None
    why_not: tuple[Clause, ...]
    would_void: tuple[Clause, ...]

    @property
    def is_covered(self) -> bool:
        """Anything of it is."""
        return self.covered_minor > 0


def limit_on(limits: Sequence[InsuredFrom], on: date) -> InsuredFrom | None:
    """The insured limit in force on a day: of those begun, the one that began last."""
    begun = [one for one in limits if one.from_on <= on]
    if not begun:
        return None
    last = max(enumerate(begun), key=lambda pair: (pair[1].from_on, pair[0]))[1]
    return last if last.minor > 0 and (last.to_on is None or on <= last.to_on) else None


def is_beyond(item: ItemAtRisk, terms: Terms, on: date) -> bool:
    """Tell whether an item is unpaid beyond the maximum extension period."""
    return not item.is_extended and terms.mep_on(item.due_on) < on


def stops(
    items: Collection[ItemAtRisk], limits: Sequence[InsuredFrom], terms: Terms, on: date
) -> bool:
    """Tell whether shipments to a buyer would not be covered now: stop them."""
    return limit_on(limits, on) is not None and any(is_beyond(one, terms, on) for one in items)


def covers(
    items: Sequence[ItemAtRisk], limits: Sequence[InsuredFrom], terms: Terms, on: date
) -> list[Cover]:
    """What of a buyer's items is covered on a day; the limit serves what was shipped first."""
    found, used = [], 0
    for item in sorted(items, key=lambda one: (one.shipped_on, one.id)):
        why_not = list(_voids(item, items, limits, terms, on))
        covered = 0
        limit = limit_on(limits, item.shipped_on)
        if not why_not and limit is not None:
            sound = item.open_minor - item.disputed_minor
            covered = max(0, min(sound, limit.minor - used))
            used += covered
            if item.disputed_minor:
                why_not.append(Clause("disputed", "Disputed: not paid out until it is resolved."))
            if covered < sound:
                why_not.append(Clause("over_limit", "Beyond the insured limit of the buyer."))
        found.append(
            Cover(
                item.id,
                covered,
                half_up(covered * terms.indemnity_percent * Decimal("0.01")),
                terms.notify_on(item.due_on) if covered and not item.is_notified else None,
                tuple(why_not),
                tuple(_would_void(item, terms, on)) if covered else (),
            )
        )
    return found


def _voids(
    item: ItemAtRisk,
    items: Sequence[ItemAtRisk],
    limits: Sequence[InsuredFrom],
    terms: Terms,
    on: date,
) -> Iterator[Clause]:
    if not terms.from_on <= item.shipped_on <= terms.to_on:
        yield Clause("not_in_policy", "Shipped outside the time of the policy.", item.shipped_on)
    if limit_on(limits, item.shipped_on) is None:
        yield Clause("no_limit", "The buyer had no insured limit when it was shipped.")
    late = [one for one in items if one is not item and is_beyond(one, terms, item.shipped_on)]
    if late:
        first = min(late, key=lambda one: one.due_on)
        told = f"Shipped while {first.number} was beyond the maximum extension."
        yield Clause("shipped_after_stop", told, terms.mep_on(first.due_on))
    if not item.is_notified and terms.notify_on(item.due_on) < on:
        day = terms.notify_on(item.due_on)
        yield Clause("not_notified", f"Not reported by {day.isoformat()}.", day)


def _would_void(item: ItemAtRisk, terms: Terms, on: date) -> Iterator[Clause]:
    mep, notify = terms.mep_on(item.due_on), terms.notify_on(item.due_on)
    if not item.is_notified:
        yield Clause("notify", f"Not reporting it by {notify.isoformat()}.", notify)
    if not item.is_extended:
        told = f"Putting payment off beyond {mep.isoformat()} without asking the insurer."
        yield Clause("extend", told, mep)
        if mep < on:
            yield Clause("ship", "What is shipped from now on is not covered.", mep)
    yield Clause("dispute", "A dispute: nothing is paid out until it is resolved.")
