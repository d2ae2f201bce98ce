"""What a payment is for, if a given customer made it: the best explanation by their open items.

Rule: what the text names goes first, whole; then what it names in part, where the rest adds up in
one way; then what it names with a sign wrong. Without any name the amount alone speaks, and only
where one set of items makes it.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import islice, product

from duly.cash_application.rules.advised import by_advice
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.explanation import (
    CERTAIN,
    COMPLETED,
    GUESS,
    MISREAD,
    NAMED,
    NOTHING,
    ORDER_OF_FITS,
    RANGE,
    Explanation,
    Question,
    Search,
    best_of,
    weakest,
)  # fmt: skip
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem
from duly.cash_application.rules.mentions import (
    FULL,
    SHORT,
    TYPO,
    Reading,
    between,
    near_places,
)  # fmt: skip
from duly.cash_application.rules.plain import read_whole
from duly.cash_application.rules.residuals import (
    BANK_FEE,
    DEDUCTED,
    DISCOUNT,
    EXACT,
    SHORT_PAY,
    UNEARNED,
    Fit,
    Line,
    Terms,
    is_earned,
    is_usual,
    parts_of,
)  # fmt: skip
from duly.cash_application.rules.series import read_series
from duly.cash_application.rules.summing import (
    BY_AMOUNT,
    habitual,
    is_told,
    kept_of_several,
    summed,
)
from duly.cash_application.rules.texts import Mention, form_of

_MOST_COMBINATIONS = 64
_AHEAD = timedelta(days=7)  # an invoice may follow its payment, not by more
_APART_DAYS = 4


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
    if payment.advised:
        return by_advice(payment, customer, book.of(ids, payment.currency), terms)
    reading = reading_of(payment, customer, ids, book)
    at_once = _to_the_cent(payment, customer, reading)
    if at_once is not None:
        return at_once
    known = payment.received_on + _AHEAD
    own = book.known_by(known, customer.id, payment.currency)
    is_plain = book.owned(customer.id, payment.currency).is_plain
    asked = Question(payment, customer, reading, own, terms, is_plain=is_plain)
    ways = _BY_TEXT if reading.mentions else BY_AMOUNT
    for way in ways:
        if way is _completed and _is_too_much(asked):
            continue
        found = way(asked)
        if way in _BY_HABIT and not is_told(found, terms):
            found = habitual(way, asked, found)
        if found:
            return found
    return _guessed(asked)


def _to_the_cent(payment: BankPayment, customer: Customer, reading: Reading) -> Explanation | None:
    """All that is named is clear, and its open amounts make the payment to the cent."""
    named: dict[int, OpenItem] = {}
    for mention in reading.mentions:
        if len(mention.items) != 1:
            return None
        item = mention.items[0]
        named[item.id] = item
    items = tuple(named.values())
    if not items or sum([item.open_minor for item in items]) != payment.minor:
        return None
    fits = Fit(EXACT, tuple([Line(item.id, item.open_minor) for item in items]))
    return Explanation(customer, NAMED, items, fits, reading, weakest(reading.mentions), True)


def reading_of(
    payment: BankPayment,
    customer: Customer,
    ids: Sequence[int],
    book: Book,
) -> Reading:
    """What a payment says of some customers' items: at once where that can be told."""
    text, digits = f"{payment.text} {payment.reference}", form_of(customer.code).bare
    own = book.all_of(ids, payment.currency)
    if book.is_silent(text, own, digits):
        return Reading(text=text.upper())
    at_once = read_whole(text, ids, payment.currency, book)
    if at_once is None and not book.has_orders:
        at_once = read_series(text, book.series(ids, payment.currency), digits)
    if at_once is not None:
        return at_once
    return book.numbers(ids, payment.currency).read(text, ignore=(digits,))


def _combinations(mentions: Iterable[Mention]) -> list[tuple[OpenItem, ...]]:
    """What the mentions may mean together, each item once."""
    return [
        tuple({item.id: item for item in chosen}.values())
        for chosen in islice(product(*(m.items for m in mentions)), _MOST_COMBINATIONS)
    ]


def _named(asked: Question) -> Explanation | None:
    mentions = asked.reading.mentions
    allowed = CERTAIN if asked.is_unclear else ORDER_OF_FITS[:-2]
    found = best_of(asked, _combinations(mentions), allowed)
    if not found:
        return None
    items, how_it_fits, is_unique = found
    return Explanation(
        asked.customer, NAMED, items, how_it_fits, asked.reading, weakest(mentions), is_unique
    )


def _deducted(asked: Question) -> Explanation | None:
    """All is named, and a usual percentage was kept back from one of the items."""
    reading = asked.reading
    if asked.is_unclear or reading.ranges:
        return None
    found = best_of(asked, _combinations(reading.mentions), (DEDUCTED,))
    if not found:
        return None
    how = weakest(reading.mentions)
    return Explanation(asked.customer, NAMED, *found[:2], reading, how, found[2])


def _paid_short(asked: Question) -> Explanation | None:
    """One invoice is named, nothing is unclear, and no other items make the amount."""
    reading = asked.reading
    if asked.is_unclear or reading.ranges:
        return None
    found = best_of(asked, _combinations(reading.mentions), (SHORT_PAY,))
    if not found:
        return None
    items, how_it_fits, is_unique = found
    rest = [i for i in asked.own if i not in items]
    other = Search(asked)
    other.look(asked.payment.minor, rest, 1)
    other.look(asked.payment.minor - sum(i.open_minor for i in items), rest, 1)
    how = weakest(reading.mentions)
    is_clear = how in (FULL, SHORT) or is_usual(items, how_it_fits.difference, asked.terms)
    is_unique &= other.is_complete and not other.sets and is_clear
    # A credit note that isn't named may have been netted; a charge may hide in what is short.
    is_unique &= not any(0 < -i.open_minor <= how_it_fits.difference for i in rest)
    is_unique &= not _is_another(asked, items, how_it_fits.difference, other)
    is_unique &= len(items) == 1 or not asked.terms.pays_from_abroad
    return Explanation(asked.customer, NAMED, items, how_it_fits, reading, how, is_unique)


def _is_another(asked: Question, items: Sequence[OpenItem], short: int, other: Search) -> bool:
    """The difference is unusual, but usual ones would do.

    That of another item: the number may be wrong. Or of this one, and others were paid with it.
    """
    if is_usual(items, short, asked.terms):
        return False
    minor, policy = asked.payment.minor, asked.terms.policy
    rest = [item for item in asked.own if item not in items]
    for item in rest:
        left = item.open_minor - minor
        if left in policy.charges_minor:
            return True
        if 0 < left <= minor and is_usual((item,), left, asked.terms):
            return True
    for item in items:
        for percent in policy.deduction_percents:
            for part in parts_of(item, percent):
                if part > short:
                    other.look(part - short, rest, 2 * len(policy.deduction_percents))
    return bool(other.sets)


def _ranged(asked: Question) -> Explanation | None:
    """All items of a range are paid, with what else is named; or all but a few inside it."""
    if not asked.reading.ranges:
        return None
    named = {i.id: i for m in asked.reading.mentions for i in m.items}
    ranged = dict(named)
    for one, other in asked.reading.ranges:
        for first, last in product(one.items, other.items):
            ranged |= {i.id: i for i in between(first, last, asked.own)}
    how = weakest(asked.reading.mentions)
    whole = tuple(ranged.values())
    found = best_of(asked, [whole], (EXACT, DISCOUNT, BANK_FEE, UNEARNED))
    if found:
        return Explanation(asked.customer, RANGE, *found[:2], asked.reading, how, True)
    inside = [item for item in whole if item.id not in named]
    search = Search(asked)
    goals = [t + c for t in _totals(whole, asked.terms) for c in (0, *asked.terms.charges)]
    for total in goals:
        search.leave_out(total - asked.payment.minor, inside, len(goals), whole)
    return search.explained(RANGE, how)


def _completed(asked: Question) -> Explanation | None:
    """Some items are named; others, perhaps credit notes, make up the rest in one way."""
    bases = _combinations(asked.reading.mentions)[:8]
    goals = [
        (base, asked.payment.minor + charge - total)
        for base in bases
        for total in _totals(base, asked.terms)
        for charge in (0, *asked.terms.charges)
    ]
    found = Search(asked)
    for base, target in goals:
        if target <= 0 and asked.is_plain:
            continue
        rest = [i for i in asked.own if i not in base]
        found.look(target, rest, len(goals), base)
    return found.explained(COMPLETED, weakest(asked.reading.mentions))


def _is_too_much(asked: Question) -> bool:
    """What is named is as much as was paid, or more: nothing but a credit could be added."""
    mentions = asked.reading.mentions
    items = {mention.items[0].id: mention.items[0] for mention in mentions}
    is_clear = all(len(mention.items) == 1 for mention in mentions)
    named = sum(item.open_minor for item in items.values())
    is_enough = is_clear and named >= asked.payment.minor
    return is_enough and asked.is_plain and not asked.terms.charges


def _totals(items: Sequence[OpenItem], terms: Terms) -> set[int]:
    """What is paid on named items: all, or less all earned discounts."""
    whole = sum(item.open_minor for item in items)
    return {whole, whole - sum(item.discount_minor for item in items if is_earned(item, terms))}


def _instead(asked: Question, named: Sequence[OpenItem]) -> tuple[OpenItem, ...]:
    """Own items of which one, in the place of a named one, may make the amount."""
    short = asked.payment.minor - sum(item.open_minor for item in named)
    wanted = {short + item.open_minor for item in named}
    if asked.is_plain and not any(item.discount_minor for item in named):
        return tuple([item for item in asked.own if item.open_minor in wanted])
    most = sum(item.discount_minor for item in (*named, *asked.own))
    return tuple(
        item
        for item in asked.own
        if item.open_minor in wanted
        or (most and any(0 <= item.open_minor - one <= most for one in wanted))
    )


def _misread(asked: Question) -> Explanation | None:
    """A number that is right by itself may be another one mistyped: then the amount fits that."""
    mentions = asked.reading.mentions
    if len(mentions) > _MOST_COMBINATIONS:
        return None
    own = asked.own
    if all(len(mention.items) == 1 for mention in mentions):
        own = _instead(asked, [mention.items[0] for mention in mentions])
    widened, is_wider = [], False
    nearest = _near_of([mention.items for mention in mentions], own)
    for mention, near in zip(mentions, nearest, strict=False):
        widened.append(mention._replace(items=(*mention.items, *near)))
        is_wider = is_wider or bool(near)
    if not is_wider:
        return None
    found = best_of(asked, _combinations(widened), (EXACT, DISCOUNT))
    if not found:
        return None
    items, how_it_fits, is_unique = found
    return Explanation(asked.customer, MISREAD, items, how_it_fits, asked.reading, TYPO, is_unique)


def _near_of(groups: Sequence[Sequence[OpenItem]], own: Sequence[OpenItem]) -> list[list[OpenItem]]:
    """Of each group of items, the own ones whose number is that of one of them but for one sign."""
    squeezed = [form_of(item.number).squeezed for item in own]
    found = []
    for items in groups if own else ():
        numbers = {form_of(item.number).squeezed for item in items}
        places = {place for number in numbers for place in near_places(number, squeezed)}
        found.append([own[place] for place in sorted(places)])
    return found


_BY_TEXT = (_named, _ranged, _completed, _misread, _deducted, _paid_short)
_BY_HABIT = (_completed, summed, kept_of_several)


def _guessed(asked: Question) -> Explanation | None:
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
    how = weakest(asked.reading.mentions)
    return Explanation(
        asked.customer, GUESS, items, Fit(NOTHING, tuple(lines), 0), asked.reading, how
    )
