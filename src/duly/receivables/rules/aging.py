"""Which bucket an open item stands in.

Rule: by due date, zero or fewer days past due is current; then 1-30, 31-60, 61-90 and over 90
days. By invoice date, 0-30 days of age, 31-60, 61-90, over 90. Credit notes and money not applied
stand apart, in `unapplied`. Disputed and promised items keep their true bucket.
See: docs/sources.md, M-10 and pains E1-E4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from duly.kernel.errors import Malformed

MOST_DAYS = 36_500


class BucketsUnclear(Malformed):
    """Bucket bounds that do not rise, or are beyond a lifetime."""

    code = "BUCKETS_UNCLEAR"


@dataclass(frozen=True, slots=True)
class Buckets:
    """Names of buckets and the last day of each but the last, which is open-ended.

    >>> DUE.index_of(0), DUE.index_of(1), DUE.index_of(90), DUE.index_of(91)
    (0, 1, 3, 4)
    """

    basis: str  # "due" or "invoice"
    names: tuple[str, ...]
    last_days: tuple[int, ...]

    def index_of(self, days: int) -> int:
        """The bucket of an item that is `days` past due (or old)."""
        for index, last in enumerate(self.last_days):
            if days <= last:
                return index
        return len(self.last_days)

    def first_dates(self, on: date) -> tuple[date, ...]:
        """For each bucket but the last: the earliest due (or issue) date that falls in it."""
        return tuple(on - timedelta(days=last) for last in self.last_days)

    def stays_until(self, earliest: Sequence[date | None]) -> date:
        """The last day on which everything is still in its bucket.

        Given: the earliest due (or issue) date in each bucket, None where it is empty.

        >>> DUE.stays_until((date(2026, 3, 6), date(2026, 2, 3), None, None, date(2020, 1, 1)))
        datetime.date(2026, 3, 5)
        """
        return min(
            (
                first + timedelta(days=last)
                for first, last in zip(earliest, self.last_days, strict=False)
                if first is not None
            ),
            default=date.max,
        )


DUE = Buckets("due", ("current", "1-30", "31-60", "61-90", "over-90"), (0, 30, 60, 90))
INVOICE = Buckets("invoice", ("0-30", "31-60", "61-90", "over-90"), (30, 60, 90))


def buckets(basis: str, last_days: tuple[int, ...] | None = None) -> Buckets:
    """The usual buckets of a basis, or those that end on the days given.

    Refuses: BucketsUnclear when the days do not rise or are too many, or the basis is neither due
    nor invoice.

    >>> buckets("due", (0, 15, 45)).names
    ('current', '1-15', '16-45', 'over-45')
    """
    if basis not in ("due", "invoice"):
        raise BucketsUnclear(
            f"{basis!r} is no basis for aging.",
            facts={"basis": basis},
            remedy="Choose due (days past due) or invoice (days since the invoice).",
        )
    if last_days is None:
        return DUE if basis == "due" else INVOICE
    days = last_days if basis == "invoice" or last_days[:1] == (0,) else (0, *last_days)
    is_rising = all(earlier < later for earlier, later in pairwise(days))
    if not days or not is_rising or days[0] < 0 or days[-1] > MOST_DAYS:
        raise BucketsUnclear(
            f"Bucket bounds must rise, from 0 to {MOST_DAYS:,} days at most.",
            facts={"last_days": list(last_days)},
            remedy="Give them like 30,60,90.",
        )
    names = ["current"] if basis == "due" else [f"0-{days[0]}"]
    names += [f"{earlier + 1}-{later}" for earlier, later in pairwise(days)]
    names.append(f"over-{days[-1]}")
    return Buckets(basis, tuple(names), tuple(days))
