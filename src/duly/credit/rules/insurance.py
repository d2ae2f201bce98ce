"""Credit insurance: what is covered today, until when, and what would void it. Pure.

The policy is the source; its figures are data. Cover of an item is judged by the day on which it
was shipped: the limit of that day, the oldest first. While an invoice is beyond the maximum
extension period, what is shipped after is not covered.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from duly.kernel.dates import add_months
from duly.kernel.rounding import half_up

NOT_NOTIFIED = "not_notified"
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
    first_loss_minor: int = 0  # of each loss, which is a buyer's, we bear so much ourselves
    discretionary_minor: int = 0
    declare_days: int = 0  # after a month, to declare its turnover; 0: nothing is declared
    known_on: date | None = None  # when the policy was first written down here

    def mep_on(self, due_on: date) -> date:
        """The last day to which payment may be put off without asking the insurer."""
        return due_on + timedelta(days=self.mep_days)

    def pays_on(self, due_on: date, notified_on: date | None) -> date:
        """When the insurer is expected to pay: the waiting time counts from the report, else from
        the last day for it. An insolvency pays without waiting."""
        return (notified_on or self.notify_on(due_on)) + timedelta(days=self.waiting_days)

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
    notified_on: date | None = None


class Clause(NamedTuple):
    """What voids cover, or would: a code, words, and the day."""

    code: str
    text: str
    on: date | None = None


class Cover(NamedTuple):
    """Whether an item is covered, for how much, until when, why not, and what would void it.

    `borne_minor` is what of the covered part the first loss leaves to us; `indemnified_minor` what
    the insurer is expected to pay, on `pays_on`. `lost_minor` it would have paid, had the item been
    reported by `lost_on`.
    """

    item_id: int
    covered_minor: int
    indemnified_minor: int
    until: date | None
    why_not: tuple[Clause, ...]
    would_void: tuple[Clause, ...]
    borne_minor: int = 0
    pays_on: date | None = None
    lost_minor: int = 0
    lost_on: date | None = None

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
    """What of a buyer's items is covered on a day; the limit serves what was shipped first, and so
    does the first loss that we bear."""
    found, used, to_bear = [], 0, terms.first_loss_minor
    for item in sorted(items, key=lambda one: (one.shipped_on, one.id)):
        why_not = list(_voids(item, items, limits, terms, on))
        covered, lost = 0, 0
        limit = limit_on(limits, item.shipped_on)
        if not why_not and limit is not None:
            sound = item.open_minor - item.disputed_minor
            covered = max(0, min(sound, limit.minor - used))
            used += covered
            if item.disputed_minor:
                why_not.append(Clause("disputed", "Disputed: not paid out until it is resolved."))
            if covered < sound:
                why_not.append(Clause("over_limit", "Beyond the insured limit of the buyer."))
        elif limit is not None and [one.code for one in why_not] == [NOT_NOTIFIED]:
            sound = item.open_minor - item.disputed_minor
            lost = max(0, min(sound, limit.minor - used) - to_bear)
        borne = min(covered, to_bear)
        to_bear -= borne
        if borne:
            told = "Within the first loss: we bear that ourselves."
            why_not.append(Clause("first_loss", told))
        found.append(
            Cover(
                item.id,
                covered,
                _paid_of(covered - borne, terms),
                terms.notify_on(item.due_on) if covered and not item.is_notified else None,
                tuple(why_not),
                tuple(_would_void(item, terms, on)) if covered else (),
                borne,
                terms.pays_on(item.due_on, item.notified_on) if covered > borne else None,
                _paid_of(lost, terms),
                terms.notify_on(item.due_on) if lost else None,
            )
        )
    return found


def _paid_of(minor: int, terms: Terms) -> int:
    """What an insurer pays of a loss."""
    return half_up(minor * terms.indemnity_percent * Decimal("0.01"))


def declarations(terms: Terms, on: date) -> list[tuple[date, date]]:
    """(first day of a month, last day to declare its turnover) of each month of a policy that is
    over, since the policy was known here."""
    if not terms.declare_days:
        return []
    begun = max(terms.from_on, terms.known_on or terms.from_on)
    month, found = begun.replace(day=1), []
    while (following := add_months(month, 1)) <= on and month <= terms.to_on:
        found.append((month, following + timedelta(days=terms.declare_days - 1)))
        month = following
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
        yield Clause(NOT_NOTIFIED, f"Not reported by {day.isoformat()}.", day)


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
