"""An explanation of a payment by items of one customer, and the search for what adds up.

Rule: of several candidates the one that fits best is taken, and it is unique where no other fits as
well. Sets that nothing names count only while they are so few that they tell something.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem
from duly.cash_application.rules.mentions import CUT, FULL, ORDER, SHORT, TYPO, Reading
from duly.cash_application.rules.proof import chance_ppm, grain_of, scale_of, telling_size
from duly.cash_application.rules.residuals import (
    BANK_FEE,
    DEDUCTED,
    DISCOUNT,
    EXACT,
    SHORT_PAY,
    TOLERANCE,
    UNEARNED,
    Fit,
    Terms,
    amounts_of,
    fit,
)
from duly.cash_application.rules.subsets import Chosen, sums_of, sums_to
from duly.cash_application.rules.texts import Mention

NAMED, RANGE, COMPLETED, MISREAD, SUM, GUESS = (
    "named", "range", "completed", "misread", "sum", "guess",
)  # fmt: skip
ADVISED = "advised"
NOTHING = "nothing"

ORDER_OF_FITS = (EXACT, DISCOUNT, BANK_FEE, UNEARNED, TOLERANCE, DEDUCTED, SHORT_PAY)
CERTAIN = (EXACT, DISCOUNT, BANK_FEE)
_ORDER_OF_WAYS = (TYPO, CUT, ORDER, SHORT, FULL)  # the weakest first


class Explanation(NamedTuple):
    """Items that a payment may be for.

    `way`: how they were found; `how`: how the weakest mention is written; `fit`: the difference.
    `is_unique`: nothing else of this customer explains the payment as well. `chance_ppm`: how
    probable it is, per million, that unnamed items add up by chance.
    """

    customer: Customer
    way: str
    items: tuple[OpenItem, ...]
    fit: Fit
    reading: Reading
    how: str = ""
    is_unique: bool = False
    chance_ppm: int = 0
    is_timely: bool = False  # told from others by when this customer pays
    is_early: bool = False  # some of it was never paid that early
    doubts: tuple[str, ...] = ()  # why an advice is not followed without a person

    @property
    def cash(self) -> int:
        """What of the payment it uses."""
        return sum(line.minor for line in self.fit.lines if line.reason == "settled")


class Question:
    """What is asked of one customer's items; what of these is looked at is made once."""

    def __init__(
        self,
        payment: BankPayment,
        customer: Customer,
        reading: Reading,
        own: Sequence[OpenItem],
        terms: Terms,
        *,
        is_plain: bool = False,
    ) -> None:
        """Take items, the oldest first.

        `is_plain`: it is known that all are owed whole, that none is a credit, and that of none a
        discount may be taken.
        """
        self.payment, self.customer, self.reading = payment, customer, reading
        self.terms, self.own = terms, own
        self.is_plain = is_plain or not any(i.open_minor < 0 or i.discount_minor for i in own)
        self.fits: dict[tuple[int, ...], Fit | None] = {}  # of items that were looked at

    def among(self, own: Sequence[OpenItem]) -> "Question":
        """The same, asked of some of the items."""
        asked = Question(
            self.payment, self.customer, self.reading, own, self.terms, is_plain=self.is_plain
        )
        asked.fits = self.fits
        return asked

    def fit(self, items: tuple[OpenItem, ...]) -> Fit | None:
        """How the payment settles some items."""
        key = tuple([item.id for item in items])
        if key not in self.fits:
            self.fits[key] = fit(items, self.payment.minor, self.terms)
        return self.fits[key]

    @property
    def is_unclear(self) -> bool:
        """Some of the text is cut, not understood or only guessed at: no loose fit is taken."""
        how = weakest(self.reading.mentions)
        return self.reading.is_cut or bool(self.reading.unknown) or how == CUT


def is_early(item: OpenItem, asked: Question, margin: int = 0) -> bool:
    """It would be paid earlier, by more than a margin of days, than the customer has ever paid."""
    return is_before(item, asked.payment, asked.customer, margin)


def paid_by_now(asked: Question, margin: int) -> list[OpenItem]:
    """The items that the customer would pay by now, as they have always paid, and all credits."""
    on, customer = asked.payment.received_on, asked.customer
    earliest, latest = customer.earliest_days, customer.latest_days
    first = date.min if latest is None else on - timedelta(days=latest)
    last = date.max if earliest is None else on - timedelta(days=earliest - margin)
    return [i for i in asked.own if first <= i.due_on <= last or i.open_minor < 0]


def is_before(item: OpenItem, payment: BankPayment, customer: Customer, margin: int = 0) -> bool:
    """The same, of a payment by a customer."""
    earliest = customer.earliest_days
    if earliest is None:
        return False
    return (payment.received_on - item.due_on).days < earliest - margin


def best_of(
    asked: Question, candidates: Collection[tuple[OpenItem, ...]], allowed: Sequence[str]
) -> tuple[tuple[OpenItem, ...], Fit, bool] | None:
    """The candidate that fits best, and whether no other fits as well.

    Equal instalments of one document are no rivals: the one that is due first is paid.
    """
    if len(candidates) != 1:
        return _best_of_many(asked, candidates, allowed)
    (items,) = candidates
    found = asked.fit(items)
    return (items, found, True) if found and found.kind in allowed else None


def _best_of_many(
    asked: Question, candidates: Collection[tuple[OpenItem, ...]], allowed: Sequence[str]
) -> tuple[tuple[OpenItem, ...], Fit, bool] | None:
    fits: dict[frozenset[int], tuple[tuple[OpenItem, ...], Fit]] = {}
    for items in candidates:
        found = asked.fit(items)
        if found and found.kind in allowed:
            fits[frozenset(item.id for item in items)] = (items, found)
    if not fits:
        return None
    ranked = sorted(
        fits.values(), key=lambda one: (ORDER_OF_FITS.index(one[1].kind), _due_days(one[0]))
    )
    best = ranked[0]
    ties = {_documents(one[0]) for one in ranked if one[1].kind == best[1].kind}
    return (*best, len(ties) == 1)


def _due_days(items: Sequence[OpenItem]) -> list[date]:
    return sorted(item.due_on for item in items)


def _documents(items: Sequence[OpenItem]) -> tuple[tuple[int, str, int], ...]:
    """What is paid of which documents, whichever of their instalments it is."""
    return tuple(sorted((item.customer_id, item.number, item.open_minor) for item in items))


def weakest(mentions: Iterable[Mention]) -> str:
    """How the weakest mention is written."""
    ways = {mention.how for mention in mentions}
    return min(ways, key=_ORDER_OF_WAYS.index) if len(ways) > 1 else next(iter(ways), "")


class Search:
    """Sets of items that make an amount, gathered from several questions."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.sets: dict[frozenset[int], tuple[OpenItem, ...]] = {}
        self.chances: dict[frozenset[int], int] = {}
        self.is_complete = True

    def look(
        self, target: int, items: Sequence[OpenItem], tries: int, base: tuple[OpenItem, ...] = ()
    ) -> None:
        """Add what makes `target`, as far as it is more than chance."""
        terms = self.asked.terms
        if target <= 0 and self.asked.is_plain:
            return
        if self.asked.is_plain:
            amounts = [item.open_minor for item in items]
        else:
            choices = [amounts_of(i, terms) if i.discount_minor else (i.open_minor,) for i in items]
            amounts = [amount for some in choices for amount in some]
        if not amounts or (target <= 0 and min(amounts) > 0):
            return
        scale = scale_of(target, amounts)
        size = telling_size(len(amounts), scale, tries)
        if not size:
            return
        if self.asked.is_plain:
            sums = sums_of(target, amounts, most=max(size, 2))
        else:
            sums = sums_to(target, choices, most=max(size, 2))
        self.is_complete &= sums.is_complete
        for chosen in sums.sets:
            steps = scale // grain_of(target, amounts) if len(chosen) > 1 else scale
            chance = chance_ppm(len(amounts), len(chosen), steps, tries)
            self.add((*base, *_items(items, chosen)), chance)

    def leave_out(
        self, target: int, items: Sequence[OpenItem], tries: int, whole: tuple[OpenItem, ...]
    ) -> None:
        """Add `whole` without what makes `target`, as far as it is more than chance."""
        gathered = Search(self.asked)
        gathered.look(target, items, tries)
        self.is_complete &= gathered.is_complete
        for key, chance in gathered.chances.items():
            self.add(tuple(item for item in whole if item.id not in key), chance)

    def add(self, items: tuple[OpenItem, ...], chance: int) -> None:
        """Add a set that makes the amount by `chance` per million."""
        key = frozenset(item.id for item in items)
        self.sets[key] = items
        self.chances[key] = min(chance, self.chances.get(key, chance))

    def explained(self, way: str, how: str) -> Explanation | None:
        """The best of what was found, unique where it is all that was found."""
        best = best_of(self.asked, self.sets.values(), (*CERTAIN, UNEARNED))
        if not best:
            return None
        items, how_it_fits, _ = best
        return Explanation(
            self.asked.customer,
            way,
            items,
            how_it_fits,
            self.asked.reading,
            how,
            self.is_complete and len(self.sets) == 1 and not self._is_twin(items, how_it_fits),
            self.chances[frozenset(item.id for item in items)],
            is_early=any(is_early(i, self.asked) for i in items if i.open_minor > 0),
        )

    def _is_twin(self, items: tuple[OpenItem, ...], fits: Fit) -> bool:
        """A discount was taken, and another item has the same amount without one in time."""
        return fits.kind == DISCOUNT and has_twin(items, self.asked.own)


def _items(items: Sequence[OpenItem], chosen: Chosen) -> tuple[OpenItem, ...]:
    return tuple(items[n] for n, _ in chosen)


def has_twin(items: Sequence[OpenItem], own: Sequence[OpenItem]) -> bool:
    """An item left out is open to the same amount as one inside: which is paid can't be told."""
    inside = {item.open_minor for item in items}
    chosen = {item.id for item in items}
    return any(i.open_minor in inside and i.id not in chosen for i in own)
