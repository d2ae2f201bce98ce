"""The limit that a customer has on a day, out of every limit that was ever granted it.

A limit for a time stands over the base while it lasts; one that another replaces ends the day
before; nothing needs to run for either. Once a firm has granted limits of its own, the one that
was imported counts no more: a base that ran out leaves a limit of nothing, so that somebody asks.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from duly.kernel.money import Money

IMPORTED = "imported"
LAPSED = "lapsed"
BASE, TEMPORARY, SUB = "base", "temporary", "sub"
PARTS = ("open_items", "open_orders", "shipped_not_invoiced")  # that may have a limit of their own
ONE_DAY = timedelta(days=1)


class LimitInForce(NamedTuple):
    """How much a customer may owe: `minor` of `currency`, and since when and until when.

    `source` says where it comes from: IMPORTED with the customer, LAPSED when all of ours ran out,
    or a limit of ours by its number. `parts` are limits of parts of the exposure. The insured and
    the secured part are within `minor`; the rest is at own risk.
    """

    minor: int
    currency: str
    source: str
    from_on: date | None = None
    to_on: date | None = None
    review_on: date | None = None
    limit_id: int | None = None
    kind: str = BASE
    insured_minor: int = 0
    secured_minor: int = 0
    terms_band: str = ""
    parts: Mapping[str, int] = {}
    terms_days: int | None = None

    @property
    def own_risk_minor(self) -> int:
        """What neither an insurer nor a security covers."""
        return max(self.minor - self.insured_minor - self.secured_minor, 0)


class Granted(NamedTuple):
    """A limit as it was granted. A new one that is asked about has no id yet."""

    id: int | None
    customer_id: int
    kind: str
    part: str
    currency: str
    minor: int
    from_on: date
    to_on: date | None = None
    review_on: date | None = None
    replaces_id: int | None = None
    insured_minor: int = 0
    secured_minor: int = 0
    terms_band: str = "open"
    terms_days: int | None = None


def last_days(granted: Collection[Granted]) -> dict[int | None, date | None]:
    """{limit: its last day, None where it has none}; before its first day if it never stands."""
    ends = {one.id: one.to_on for one in granted}
    for one in granted:
        if one.replaces_id in ends:
            before = one.from_on - ONE_DAY
            end = ends[one.replaces_id]
            ends[one.replaces_id] = before if end is None else min(end, before)
    return ends


def standing(granted: Collection[Granted], on: date) -> list[Granted]:
    """Those that stand on a day."""
    ends = last_days(granted)
    return [one for one in granted if one.from_on <= on and _reaches(ends[one.id], on)]


def overlapping(granted: Collection[Granted], new: Granted) -> Granted | None:
    """The first limit of the same kind whose days a new one would share, once it replaced what it
    says it does.

    >>> first = Granted(1, 7, "base", "", "EUR", 100, date(2026, 1, 1))
    >>> new = first._replace(id=None, from_on=date(2026, 6, 1))
    >>> overlapping([first], new) == first, overlapping([first], new._replace(replaces_id=1))
    (True, None)
    """
    ends = last_days([*granted, new])
    for one in sorted(granted, key=lambda one: one.from_on):
        is_alike = (one.kind, one.part) == (new.kind, new.part)
        end = ends[one.id]
        is_there = end is None or end >= one.from_on
        begins_in_time = new.to_on is None or one.from_on <= new.to_on
        if is_alike and is_there and begins_in_time and _reaches(end, new.from_on):
            return one
    return None


def limit_on(
    granted: Collection[Granted], imported: LimitInForce | None, on: date
) -> LimitInForce | None:
    """The limit of a customer on a day; None where nobody ever gave it one."""
    there = standing(granted, on)
    parts = {one.part: one.minor for one in there if one.kind == SUB}
    wholes = {one.kind: one for one in there if one.kind != SUB}
    whole = wholes.get(TEMPORARY) or wholes.get(BASE)
    if whole is not None:
        return _in_force(whole, last_days(granted)[whole.id], parts)
    bases = [one for one in granted if one.kind == BASE and one.from_on <= on]
    if bases:
        last = max(bases, key=lambda one: one.from_on)
        return LimitInForce(0, last.currency, LAPSED, limit_id=last.id, parts=parts)
    return imported._replace(parts=parts) if imported is not None else None


def grown(
    granted: Collection[Granted],
    new: Granted,
    imported: LimitInForce | None,
    convert: Callable[[Money, str], Money],
) -> date | None:
    """The first day on which a customer may owe more with a new limit than without it, None where
    there is none. Days on which nobody gave any limit count as such a day.
    """
    there = [*granted, new._replace(id=0)]
    turns = {one.from_on for one in there}
    turns |= {
        end + ONE_DAY
        for ends in (last_days(granted), last_days(there))
        for end in ends.values()
        if end is not None and end < date.max
    }
    for day in sorted(turns):
        if day < new.from_on:
            continue
        before, after = limit_on(granted, imported, day), limit_on(there, imported, day)
        if after is None or before is None or _is_more(before, after, convert):
            return day
    return None


def _is_more(
    before: LimitInForce, after: LimitInForce, convert: Callable[[Money, str], Money]
) -> bool:
    whole = convert(Money(after.minor, after.currency), before.currency)
    parts = after.parts
    return whole.minor > before.minor or any(
        part not in parts or parts[part] > minor for part, minor in before.parts.items()
    )


def _in_force(one: Granted, end: date | None, parts: Mapping[str, int]) -> LimitInForce:
    return LimitInForce(
        one.minor,
        one.currency,
        f"L-{one.id}",
        one.from_on,
        end,
        one.review_on,
        one.id,
        one.kind,
        one.insured_minor,
        one.secured_minor,
        one.terms_band,
        parts,
        one.terms_days,
    )


def _reaches(end: date | None, day: date) -> bool:
    return end is None or end >= day
