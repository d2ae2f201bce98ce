"""Which advice is of which payment: they find each other by amount, currency, payer and day.

Rule: either may come first. A reference that both carry goes before a payer that both have, and
that before nothing that speaks against it; what is found surely is taken away from the rest. Two
that fit as well are a tie, which abstains and is told. The same advice that came twice counts once.
One advice is of several payments only where it names them all and they make its amount.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from duly.cash_application.policy import JoiningPolicy
from duly.cash_application.rules.advices import Advice
from duly.cash_application.rules.names import likeness, name_of
from duly.cash_application.rules.references import normal
from duly.cash_application.rules.subsets import sums_to
from duly.cash_application.rules.texts import squeeze

REFERENCE, PAYER, NOTHING_AGAINST = 3, 2, 1
WORDS = {
    REFERENCE: "They carry the same reference.",
    PAYER: "Payer, amount and day agree.",
    NOTHING_AGAINST: "Amount and day agree, and nothing speaks against it.",
}
_ALIKE, _STRANGE = 80, 45
_SHORTEST_REFERENCE = 4
_MOST_APART = 5  # days between two tellings of one payment


class AdviceFacts(NamedTuple):
    """An advice, the day it came, and who may have sent it: by the documents that it names."""

    id: int
    advice: Advice
    told_on: date
    customers: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()  # by which these customers go
    accounts: frozenset[str] = frozenset()  # from which these were seen to pay, in normal form


class PaymentFacts(NamedTuple):
    """Money that came in, all of it: what was applied of it before makes no difference."""

    id: int
    received_on: date
    minor: int
    currency: str
    name: str = ""
    account: str = ""
    text: str = ""
    customer_id: int | None = None


class Joined(NamedTuple):
    """An advice and its payments, mostly one, and by what they were found."""

    advice_id: int
    payment_ids: tuple[int, ...]
    by: int


class Tied(NamedTuple):
    """An advice that may be of several payments, or one of several advices of a payment."""

    advice_id: int
    payment_ids: tuple[int, ...]


class Joins(NamedTuple):
    """What was found, and what abstains."""

    joined: tuple[Joined, ...] = ()
    tied: tuple[Tied, ...] = ()


def join(
    advices: Sequence[AdviceFacts], payments: Sequence[PaymentFacts], policy: JoiningPolicy
) -> Joins:
    """Which payments some advices are of. Input: all payments that could be, applied or not."""
    money = _Money(payments)
    edges = {
        (one.id, payment.id): strength
        for one in _each_once(advices)
        for payment, strength in _strengths(one, money, policy)
    }
    several = _several(advices, money, {advice for advice, _ in edges}, policy)
    shared = {payment for one in several for payment in one.payment_ids}
    joined = [*several, *_sure_pairs({p: s for p, s in edges.items() if p[1] not in shared})]
    done = {one.advice_id for one in joined}
    paid = {payment for one in joined for payment in one.payment_ids}
    left: dict[int, list[int]] = {}
    for advice_id, payment_id in edges:
        if advice_id not in done and payment_id not in paid:
            left.setdefault(advice_id, []).append(payment_id)
    tied = tuple(Tied(advice_id, tuple(some)) for advice_id, some in left.items())
    return Joins(tuple(joined), tied)


class _Money:
    """Payments by what an advice may know of them."""

    def __init__(self, payments: Sequence[PaymentFacts]) -> None:
        self.payments = payments
        self._texts: dict[int, str] = {}
        self.by_sum: dict[tuple[str, int], list[PaymentFacts]] = defaultdict(list)
        for payment in payments:
            self.by_sum[payment.currency, payment.minor].append(payment)

    def text(self, payment: PaymentFacts) -> str:
        """What a payment carries, squeezed."""
        found = self._texts.get(payment.id)
        if found is None:
            found = self._texts[payment.id] = squeeze(payment.text)
        return found

    @cached_property
    def by_payer(self) -> dict[object, list[PaymentFacts]]:
        """By the account, the customer, and how the words of the name begin."""
        found: dict[object, list[PaymentFacts]] = defaultdict(list)
        for payment in self.payments:
            found[normal(payment.account)].append(payment)
            found[payment.customer_id].append(payment)
            for start in _starts(payment.name):
                found[start].append(payment)
        return found

    def possible(self, one: AdviceFacts) -> Iterable[PaymentFacts]:
        """Payments of the advice's amount; of one that tells none, those of its payer."""
        total = one.advice.total_minor
        if total is not None:
            return self.by_sum.get((one.advice.currency, total), ())
        names = (one.advice.payer_name, *one.names)
        keys: set[object] = {*one.customers, *one.accounts, normal(one.advice.payer_account)}
        keys |= {start for name in names for start in _starts(name)}
        some = [payment for key in keys - {""} for payment in self.by_payer.get(key, ())]
        some += [each for token in references_of(one.advice) for each in self.carrying(token)]
        return {payment.id: payment for payment in some}.values()

    def carrying(self, token: str) -> list[PaymentFacts]:
        """Payments whose text carries a reference."""
        return [payment for payment in self.payments if token in self.text(payment)]


def _starts(name: str) -> set[tuple[str]]:
    return {(word[:3],) for word in name_of(name).words} if name else set()


def _sure_pairs(edges: Mapping[tuple[int, int], int]) -> list[Joined]:
    """Pairs in which each is the other's only one, the strongest first, until none is left."""
    joined: list[Joined] = []
    rest = dict(edges)
    for level in (REFERENCE, PAYER, NOTHING_AGAINST):
        while sure := _sure({pair for pair, strength in rest.items() if strength >= level}):
            joined += [Joined(advice, (paid,), rest[advice, paid]) for advice, paid in sure]
            advices, payments = {a for a, _ in sure}, {p for _, p in sure}
            rest = {
                pair: strength
                for pair, strength in rest.items()
                if pair[0] not in advices and pair[1] not in payments
            }
    return joined


def _sure(pairs: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    of_advice: dict[int, int] = {}
    of_payment: dict[int, int] = {}
    for advice, payment in pairs:
        of_advice[advice] = of_advice.get(advice, 0) + 1
        of_payment[payment] = of_payment.get(payment, 0) + 1
    return sorted(
        (advice, payment)
        for advice, payment in pairs
        if of_advice[advice] == 1 and of_payment[payment] == 1
    )


def _strengths(
    one: AdviceFacts, money: _Money, policy: JoiningPolicy
) -> Iterator[tuple[PaymentFacts, int]]:
    """How sure it is that an advice is of each payment of its amount: REFERENCE to NOTHING_AGAINST.

    One that tells no amount needs more than nothing against it.
    """
    first, last = window_of(one.advice.paid_on, one.told_on, policy)
    currency, tokens = one.advice.currency, references_of(one.advice)
    own = normal(one.advice.payer_account)
    names = tuple(name for name in (one.advice.payer_name, *one.names) if name)
    for payment in money.possible(one):
        if payment.currency != currency or not first <= payment.received_on <= last:
            continue
        if tokens and any(token in money.text(payment) for token in tokens):
            yield payment, REFERENCE
            continue
        agrees = _payer_agrees(one, payment, own, names)
        if agrees:
            yield payment, PAYER
        elif agrees is None and one.advice.total_minor is not None:
            yield payment, NOTHING_AGAINST


def references_of(advice: Advice) -> list[str]:
    """What an advice says that its payments carry: squeezed, each with digits and not too short.

    >>> references_of(Advice("", payment_reference="ZA-2026-17 ZA-2026-18 from us"))
    ['ZA202617', 'ZA202618']
    """
    whole = squeeze(advice.payment_reference)
    parts = [squeeze(part) for part in re.split(r"[\s,;+&]+", advice.payment_reference)]
    found = [one for one in parts if len(one) >= _SHORTEST_REFERENCE and re.search(r"\d", one)]
    return found or ([whole] if len(whole) > 2 * _SHORTEST_REFERENCE else [])


def window_of(paid_on: date | None, told_on: date, policy: JoiningPolicy) -> tuple[date, date]:
    """From when to when the money of an advice may come in."""
    if paid_on is not None:
        return _moved(paid_on, -policy.early_days), _moved(paid_on, policy.late_days)
    return _moved(told_on, -policy.waited_days), _moved(told_on, policy.ahead_days)


def _moved(on: date, days: int) -> date:
    try:
        return on + timedelta(days=days)
    except OverflowError:
        return on


def _payer_agrees(
    one: AdviceFacts, payment: PaymentFacts, own: str, names: tuple[str, ...]
) -> bool | None:
    """Whether both have one payer; None where too little is told to say."""
    account = normal(payment.account) if payment.account else ""
    if account and (account == own or account in one.accounts):
        return True
    if payment.customer_id is not None and payment.customer_id in one.customers:
        return True
    if not payment.name or not names:
        is_other = payment.customer_id is not None and bool(one.customers)
        return False if is_other or (account and own) else None
    best = _likest(payment.name, names)
    if best >= _ALIKE:
        return True
    return None if best >= _STRANGE else False


@lru_cache(maxsize=1 << 16)
def _likest(name: str, names: tuple[str, ...]) -> int:
    """How alike a name is to the likest of some: payers repeat theirs."""
    return max(likeness(name_of(name), name_of(other)) for other in names)


def _several(
    advices: Sequence[AdviceFacts],
    money: _Money,
    single: Collection[int],
    policy: JoiningPolicy,
) -> list[Joined]:
    """Advices that name several payments, each once, which make its amount together."""
    joined = []
    for one in advices:
        tokens = references_of(one.advice)
        if one.id in single or len(tokens) < 2:
            continue
        first, last = window_of(one.advice.paid_on, one.told_on, policy)
        found = [
            [p for p in money.carrying(token) if first <= p.received_on <= last] for token in tokens
        ]
        if all(len(some) == 1 for some in found):
            named = {some[0].id: some[0] for some in found}
            made = sum(payment.minor for payment in named.values())
            is_of_one = {payment.currency for payment in named.values()} == {one.advice.currency}
            if is_of_one and len(named) == len(tokens) and made == one.advice.total_minor:
                joined.append(Joined(one.id, tuple(named), REFERENCE))
    return joined


def share_of(advice: Advice, minor: int) -> Advice:
    """Of an advice of several payments what is of one: the one set of lines that makes it.

    Where several do, or none, all lines stay, and the sums tell a person.
    """
    told = [line.paid_minor or 0 for line in advice.lines]
    only = sums_to(minor, [(paid,) for paid in told]).only if all(told) else None
    if only is None:
        return advice
    return advice._replace(lines=tuple(advice.lines[n] for n, _ in only), amount_minor=minor)


def _each_once(advices: Sequence[AdviceFacts]) -> list[AdviceFacts]:
    """Advices that say the same, by mail and as a file, are one: the first."""
    seen: dict[object, AdviceFacts] = {}
    for one in advices:
        said = one.advice
        lines = tuple((line.number, line.paid_minor) for line in said.lines)
        key = (said.currency, said.total_minor, squeeze(said.payment_reference), lines)
        first = seen.setdefault(key, one)
        if first is not one and abs((one.told_on - first.told_on).days) > _MOST_APART:
            seen[(*key, one.id)] = one  # a payer may pay the same again, and say so again
    return list(seen.values())
