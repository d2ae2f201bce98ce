"""What a payment is for, if a given customer made it: the best explanation by their open items.

Rule: what the text names goes first, whole; then what it names in part, where the rest adds up in
one way; then what it names with a sign wrong. Without any name the amount alone speaks, and only
where one set of items makes it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem
from duly.cash_application.rules.mentions import (
    CUT,
    FULL,
    ORDER,
    SHORT,
    TYPO,
    Mention,
    Reading,
    between,
    form_of,
    is_near,
)  # fmt: skip
from duly.cash_application.rules.proof import chance_ppm, customary, scale_of, telling_size
from duly.cash_application.rules.residuals import (
    BANK_FEE,
    DEDUCTED,
    DISCOUNT,
    EXACT,
    SHORT_PAY,
    TOLERANCE,
    UNEARNED,
    Fit,
    Line,
    Terms,
    amounts_of,
    fit,
    is_earned,
)  # fmt: skip
from duly.cash_application.rules.subsets import Chosen, sums_to

NAMED, RANGE, COMPLETED, MISREAD, SUM, GUESS = (
    "named", "range", "completed", "misread", "sum", "guess",
)  # fmt: skip
NOTHING = "nothing"

_ORDER_OF_FITS = (EXACT, DISCOUNT, BANK_FEE, UNEARNED, TOLERANCE, DEDUCTED, SHORT_PAY)
_CERTAIN = (EXACT, DISCOUNT, BANK_FEE)
_ORDER_OF_WAYS = (TYPO, CUT, ORDER, SHORT, FULL)  # the weakest first
_MOST_COMBINATIONS = 64


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

    @property
    def cash(self) -> int:
        """What of the payment it uses."""
        return sum(line.minor for line in self.fit.lines if line.reason == "settled")


class _Question(NamedTuple):
    payment: BankPayment
    customer: Customer
    reading: Reading
    own: tuple[OpenItem, ...]
    terms: Terms

    @property
    def is_unclear(self) -> bool:
        """Some of the text is cut, not understood or only guessed at: no loose fit is taken."""
        weakest = _weakest(self.reading.mentions)
        return self.reading.is_cut or bool(self.reading.unknown) or weakest == CUT


def explain(
    payment: BankPayment,
    customer: Customer,
    family: Sequence[Customer],
    book: Book,
    terms: Terms,
) -> Explanation | None:
    """The best explanation of a payment by the items of a customer and of whom they pay for.

    Returns: nothing where none of these items has to do with it.
    """
    ids = [one.id for one in family]
    numbers = book.numbers(ids, payment.currency)
    digits = form_of(customer.code).bare
    reading = numbers.read(f"{payment.text} {payment.reference}", ignore=(digits,))
    own = tuple(i for i in numbers.items if i.customer_id == customer.id)
    asked = _Question(payment, customer, reading, own, terms)
    ways = _BY_TEXT if reading.mentions else (_summed,)
    for way in ways:
        found = way(asked) or _habitual(way, asked, None)
        if found:
            return found if found.is_unique else _habitual(way, asked, found)
    return _guessed(asked)


def _habitual(
    way: Callable[[_Question], Explanation | None], asked: _Question, found: Explanation | None
) -> Explanation | None:
    """Where several sets add up: the one that this customer, as they pay, would pay by now."""
    if way not in (_summed, _completed) or asked.customer.earliest_days is None:
        return found
    by_now = tuple(i for i in asked.own if i.open_minor < 0 or not _is_early(i, asked))
    told = way(asked._replace(own=by_now))
    return told._replace(is_timely=True) if told and told.is_unique else found


def _is_early(item: OpenItem, asked: _Question) -> bool:
    """It would be paid earlier than this customer has ever paid."""
    earliest = asked.customer.earliest_days
    return earliest is not None and (asked.payment.received_on - item.due_on).days < earliest


def _combinations(mentions: Iterable[Mention]) -> Iterator[tuple[OpenItem, ...]]:
    """What the mentions may mean together, each item once."""
    for chosen in islice(product(*(m.items for m in mentions)), _MOST_COMBINATIONS):
        items = {item.id: item for item in chosen}
        yield tuple(items.values())


def _best(
    asked: _Question, candidates: Iterable[tuple[OpenItem, ...]], allowed: Sequence[str]
) -> tuple[tuple[OpenItem, ...], Fit, bool] | None:
    """The candidate that fits best, and whether no other fits as well."""
    fits: dict[frozenset[int], tuple[tuple[OpenItem, ...], Fit]] = {}
    for items in candidates:
        found = fit(items, asked.payment.minor, asked.terms)
        if found and found.kind in allowed:
            fits[frozenset(item.id for item in items)] = (items, found)
    if not fits:
        return None
    ranked = sorted(fits.values(), key=lambda one: _ORDER_OF_FITS.index(one[1].kind))
    best = ranked[0]
    ties = [one for one in ranked if one[1].kind == best[1].kind]
    return (*best, len(ties) == 1)


def _weakest(mentions: Iterable[Mention]) -> str:
    return min((m.how for m in mentions), key=_ORDER_OF_WAYS.index, default="")


def _named(asked: _Question) -> Explanation | None:
    mentions = asked.reading.mentions
    allowed = _CERTAIN if asked.is_unclear else _ORDER_OF_FITS[:-2]
    found = _best(asked, _combinations(mentions), allowed)
    if not found:
        return None
    items, how_it_fits, is_unique = found
    return Explanation(
        asked.customer, NAMED, items, how_it_fits, asked.reading, _weakest(mentions), is_unique
    )


def _deducted(asked: _Question) -> Explanation | None:
    """All is named, and a usual percentage was kept back from one of the items."""
    reading = asked.reading
    if asked.is_unclear or reading.ranges:
        return None
    found = _best(asked, _combinations(reading.mentions), (DEDUCTED,))
    if not found:
        return None
    how = _weakest(reading.mentions)
    return Explanation(asked.customer, NAMED, *found[:2], reading, how, found[2])


def _paid_short(asked: _Question) -> Explanation | None:
    """One invoice is named, nothing is unclear, and no other items make the amount."""
    reading = asked.reading
    if asked.is_unclear or reading.ranges:
        return None
    found = _best(asked, _combinations(reading.mentions), (SHORT_PAY,))
    if not found:
        return None
    items, how_it_fits, is_unique = found
    rest = [i for i in asked.own if i not in items]
    other = _Search(asked)
    other.look(asked.payment.minor, rest, 1)
    other.look(asked.payment.minor - sum(i.open_minor for i in items), rest, 1)
    how = _weakest(reading.mentions)
    is_unique &= other.is_complete and not other.sets and how in (FULL, SHORT)
    # A credit note that isn't named may have been netted; a charge may hide in what is short.
    is_unique &= not any(0 < -i.open_minor <= how_it_fits.difference for i in rest)
    is_unique &= len(items) == 1 or not asked.terms.pays_from_abroad
    return Explanation(asked.customer, NAMED, items, how_it_fits, reading, how, is_unique)


def _ranged(asked: _Question) -> Explanation | None:
    """All items of a range are paid, with what else is named; or all but a few inside it."""
    if not asked.reading.ranges:
        return None
    named = {i.id: i for m in asked.reading.mentions for i in m.items}
    ranged = dict(named)
    for one, other in asked.reading.ranges:
        for first, last in product(one.items, other.items):
            ranged |= {i.id: i for i in between(first, last, asked.own)}
    how = _weakest(asked.reading.mentions)
    whole = tuple(ranged.values())
    found = _best(asked, [whole], (EXACT, DISCOUNT, BANK_FEE, UNEARNED))
    if found:
        return Explanation(asked.customer, RANGE, *found[:2], asked.reading, how, True)
    inside = [item for item in whole if item.id not in named]
    search = _Search(asked)
    goals = [t + c for t in _totals(whole, asked.terms) for c in (0, *asked.terms.charges)]
    for total in goals:
        search.leave_out(total - asked.payment.minor, inside, len(goals), whole)
    return search.explained(RANGE, how)


def _completed(asked: _Question) -> Explanation | None:
    """Some items are named; others, perhaps credit notes, make up the rest in one way."""
    bases = list(islice(_combinations(asked.reading.mentions), 8))
    goals = [
        (base, asked.payment.minor + charge - total)
        for base in bases
        for total in _totals(base, asked.terms)
        for charge in (0, *asked.terms.charges)
    ]
    found = _Search(asked)
    for base, target in goals:
        rest = [i for i in asked.own if i not in base]
        found.look(target, rest, len(goals), base)
    return found.explained(COMPLETED, _weakest(asked.reading.mentions))


class _Search:
    """Sets of items that make an amount, gathered from several questions."""

    def __init__(self, asked: _Question) -> None:
        self.asked = asked
        self.sets: dict[frozenset[int], tuple[OpenItem, ...]] = {}
        self.chances: dict[frozenset[int], int] = {}
        self.is_complete = True

    def look(
        self, target: int, items: Sequence[OpenItem], tries: int, base: tuple[OpenItem, ...] = ()
    ) -> None:
        """Add what makes `target`, as far as it is more than chance."""
        choices = [amounts_of(item, self.asked.terms) for item in items]
        amounts = [amount for some in choices for amount in some]
        scale = scale_of(target, amounts)
        size = telling_size(len(amounts), scale, tries)
        if not size:
            return
        sums = sums_to(target, choices, most=max(size, 2))
        self.is_complete &= sums.is_complete
        for chosen in sums.sets:
            chance = chance_ppm(len(amounts), len(chosen), scale, tries)
            self.add((*base, *_items(items, chosen)), chance)

    def leave_out(
        self, target: int, items: Sequence[OpenItem], tries: int, whole: tuple[OpenItem, ...]
    ) -> None:
        """Add `whole` without what makes `target`, as far as it is more than chance."""
        gathered = _Search(self.asked)
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
        best = _best(self.asked, self.sets.values(), (*_CERTAIN, UNEARNED))
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
            is_early=any(_is_early(i, self.asked) for i in items if i.open_minor > 0),
        )

    def _is_twin(self, items: tuple[OpenItem, ...], fits: Fit) -> bool:
        """A discount was taken, and another item has the same amount without one in time."""
        return fits.kind == DISCOUNT and _has_twin(items, self.asked.own)


def _items(items: Sequence[OpenItem], chosen: Chosen) -> tuple[OpenItem, ...]:
    return tuple(items[n] for n, _ in chosen)


def _totals(items: Sequence[OpenItem], terms: Terms) -> set[int]:
    """What is paid on named items: all, or less all earned discounts."""
    whole = sum(item.open_minor for item in items)
    return {whole, whole - sum(item.discount_minor for item in items if is_earned(item, terms))}


def _misread(asked: _Question) -> Explanation | None:
    """A number that is right by itself may be another one mistyped: then the amount fits that."""
    widened = []
    for mention in asked.reading.mentions:
        numbers = {form_of(item.number).squeezed for item in mention.items}
        near = [
            item
            for item in asked.own
            if any(is_near(form_of(item.number).squeezed, number) for number in numbers)
        ]
        widened.append(mention._replace(items=(*mention.items, *near)))
    found = _best(asked, _combinations(widened), (EXACT, DISCOUNT))
    if not found:
        return None
    items, how_it_fits, is_unique = found
    return Explanation(asked.customer, MISREAD, items, how_it_fits, asked.reading, TYPO, is_unique)


def _summed(asked: _Question) -> Explanation | None:
    """Nothing is named: the sets of items that make the amount, with a charge where one may be."""
    found = _Search(asked)
    charges = (0, *asked.terms.charges)
    for charge in charges:
        found.look(asked.payment.minor + charge, asked.own, len(charges))
    usual = list(customary(asked.own, asked.payment.received_on))
    chance = chance_ppm(len(usual), 1, asked.payment.minor, len(charges))
    for items in usual:
        fits = fit(items, asked.payment.minor, asked.terms)
        if fits and fits.kind in _CERTAIN and not _has_twin(items, asked.own):
            found.add(items, chance)
    return found.explained(SUM, "")


def _has_twin(items: Sequence[OpenItem], own: Sequence[OpenItem]) -> bool:
    """An item left out is open to the same amount as one inside: which is paid can't be told."""
    inside = {item.open_minor for item in items}
    chosen = {item.id for item in items}
    return any(i.open_minor in inside and i.id not in chosen for i in own)


_BY_TEXT = (_named, _ranged, _completed, _misread, _deducted, _paid_short)


def _guessed(asked: _Question) -> Explanation | None:
    """For a person to look at: what is named, or is oldest, as far as the money goes."""
    named = [item for mention in asked.reading.mentions for item in mention.items[:1]]
    if not named:
        return None
    left, lines = asked.payment.minor, []
    for item in dict.fromkeys(named):
        minor = min(left, item.open_minor)
        if minor:
            lines.append(Line(item.id, minor))
            left -= minor
    items = tuple(dict.fromkeys(named))
    how = _weakest(asked.reading.mentions)
    return Explanation(
        asked.customer, GUESS, items, Fit(NOTHING, tuple(lines), 0), asked.reading, how
    )
