"""What the rules of matching are told, gathered from the books: a constant number of reads."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from duly.cash_application.models import Alias, BankAccount, SetAside
from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.queries.advices import advices_for, advices_that_wait
from duly.cash_application.queries.issued import in_our_numbers
from duly.cash_application.queries.lines import Source, documents_of, sources_of
from duly.cash_application.rules.advices import lines_of
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem, PastPayment
from duly.cash_application.rules.habits import habit_of, usual_deductions
from duly.cash_application.rules.joining import NOTHING_AGAINST
from duly.cash_application.rules.names import name_of, weight_of
from duly.cash_application.rules.payers import Directory
from duly.cash_application.rules.references import normal
from duly.cash_application.rules.texts import numbers_like, says_nothing
from duly.parties.queries.payers import customers_to_match, times_of_words
from duly.receivables.queries import (
    ItemToMatch,
    PaymentToMatch,
    charges_kept,
    days_paid,
    items_to_match,
    kept_back,
    moved_since,
    payers_of_charges,
    payments_received,
    payments_to_match,
    settled_numbers,
    undone_payments,
)
from duly.storage.among import among

_CHARGE_TIMES = 3  # a charge that was kept so often is known


class Gathered(NamedTuple):
    """All that a run of matching looks at; `rows` are the payments as the books have them."""

    payments: tuple[BankPayment, ...]
    directory: Directory
    book: Book
    past: tuple[PastPayment, ...]
    policy: MatchingPolicy
    discount_until: Mapping[int, date]
    later: tuple[OpenItem, ...]  # issued after the first of these payments came in
    rows: Mapping[int, PaymentToMatch]
    sources: Mapping[int, Source]


def gather(
    *,
    entity_id: int,
    country: str,
    on: date,
    policy: MatchingPolicy,
    insolvent: Collection[int] = (),
    payment_ids: Collection[int] | None = None,
    customer_ids: Collection[int] | None = None,
) -> Gathered:
    """What is known on a day of all money not applied, or of some payments.

    Input: `insolvent` customers, whose money waits for a person; `customer_ids` where only these
    come into question (`near`).
    """
    found = payments_to_match(entity_id, on=on, payment_ids=payment_ids)
    rows = {one.id: one for one in found}
    recent = _recent(entity_id, rows, on, policy, is_near=customer_ids is not None)
    sources = sources_of([*rows, *(one.id for one in recent)])
    told, spoken, referred = in_our_numbers(entity_id, [*rows.values(), *recent], sources)
    charges = charges_kept(entity_id)
    moved_items, moved_payments = moved_since(entity_id, on)
    items = [
        one
        for one in items_to_match(entity_id, on=on, customer_ids=customer_ids)
        if one.id not in moved_items
    ]
    known = tuple(sorted(minor for minor, times in charges.items() if times >= _CHARGE_TIMES))
    customers = _customers(entity_id, country, insolvent, customer_ids)
    weights = None if customer_ids is None else _weights(entity_id, customers)
    there, later = _by_day(items, rows.values(), is_near=customer_ids is not None)
    return Gathered(
        _payments(entity_id, told[: len(rows)], spoken, moved_payments),
        Directory(customers, weights, referred),
        Book(there),
        tuple(_past(one, spoken.get(one.id)) for one in told[len(rows) :]),
        _learned(entity_id, policy, known),
        {one.id: one.discount_until for one in items if one.discount_until},
        later,
        rows,
        sources,
    )


def _learned(entity_id: int, policy: MatchingPolicy, charges: Collection[int]) -> MatchingPolicy:
    """The policy with what banks and customers usually keep, once the books tell enough of it."""
    policy = replace(policy, charges_minor=tuple(sorted({*policy.charges_minor, *charges})))
    usual = usual_deductions(kept_back(entity_id))
    if usual is None:
        return policy
    return replace(policy, deduction_percents=usual.percents, other_deductions_ppm=usual.others_ppm)


def _by_day(
    items: Sequence[ItemToMatch], rows: Collection[PaymentToMatch], *, is_near: bool
) -> tuple[list[OpenItem], tuple[OpenItem, ...]]:
    """(items that were there when the first payment came in, those issued later).

    A person who looks at one payment looks at all that is open now.
    """
    found = [OpenItem(*one) for one in items]
    if is_near or not rows:
        return found, ()
    first = min(row.received_on for row in rows)
    there = [one for one in found if one.issued_on <= first]
    return there, tuple(one for one in found if one.issued_on > first)


def text_of(row: PaymentToMatch, source: Source | None) -> str:
    """What a payment says of what it is for."""
    if source is None:
        return row.reference
    told = (source.structured_reference, source.remittance, source.end_to_end)
    return " ".join(part for part in told if part and not says_nothing(part))


class Told(NamedTuple):
    """Who paid, as it was told."""

    name: str
    account: str


def told_by_bank(row: PaymentToMatch) -> Told:
    """Who paid, as the bank's file or the payments file tells it."""
    source = sources_of([row.id]).get(row.id)
    if source is not None:
        return Told(source.name, source.account)
    return Told(row.payer_name, row.payer_account)


def aliases_of(
    entity_id: int, kind: str, customer_ids: Collection[int] | None = None
) -> dict[int, list[str]]:
    """{customer: accounts, or names, from which they were seen to pay} that are not revoked."""
    rows = Alias.objects.filter(entity_id=entity_id, kind=kind, revoked_at=None)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    found: dict[int, list[str]] = defaultdict(list)
    for customer_id, shown in rows.order_by("id").values_list("customer_id", "shown"):
        found[customer_id].append(shown)
    return found


def set_aside(payment_ids: Collection[int]) -> dict[int, str]:
    """{payment: why} of those that a person said to be no customer's."""
    rows = SetAside.objects.filter(payment_id__in=among(payment_ids), ended_at=None)
    return dict(rows.values_list("payment_id", "reason"))


def _payments(
    entity_id: int,
    rows: Collection[PaymentToMatch],
    sources: Mapping[int, Source],
    moved: Collection[int],
) -> tuple[BankPayment, ...]:
    ids = {row.id for row in rows}
    undone, aside, advised = undone_payments(ids), set_aside(ids), advices_for(entity_id, ids)
    waiting = advices_that_wait(entity_id, ids - advised.keys())
    named = documents_of(ids - advised.keys())
    own = {normal(number) for number in _own_accounts(entity_id)}
    texts = {row.id: text_of(row, sources.get(row.id)) for row in rows}
    like = {id_: numbers_like(text) for id_, text in texts.items()}
    settled = settled_numbers(entity_id, {one for told in like.values() for one in told})
    found = []
    for row in rows:
        source = sources.get(row.id)
        account = source.account if source else row.payer_account
        is_own = normal(account) in own if account else False
        is_back = source is not None and source.undoes == "out"
        found.append(
            BankPayment(
                row.id,
                row.received_on,
                row.unapplied_minor,
                row.currency,
                source.name if source else row.payer_name,
                account,
                texts[row.id],
                source.structured_reference if source else "",
                row.customer_id,
                not (row.id in aside or is_own or is_back),
                row.id in undone,
                tuple(one for one in like[row.id] if one in settled),
                advised[row.id].lines
                if row.id in advised
                else lines_of(named.get(row.id, ()), row.unapplied_minor),
                row.id in moved,
                row.id in advised and advised[row.id].by == NOTHING_AGAINST,
                row.id in waiting,
            )
        )
    return tuple(found)


def _own_accounts(entity_id: int) -> list[str]:
    rows = BankAccount.objects.filter(entity_id=entity_id)
    return list(rows.values_list("number", flat=True))


def _customers(
    entity_id: int,
    country: str,
    insolvent: Collection[int],
    customer_ids: Collection[int] | None,
) -> list[Customer]:
    accounts = aliases_of(entity_id, "account", customer_ids)
    names = aliases_of(entity_id, "name", customer_ids)
    abroad = payers_of_charges(entity_id, customer_ids)
    paid = days_paid(entity_id, customer_ids)
    return [
        Customer(
            one.id,
            one.code,
            one.name,
            tuple(accounts.get(one.id, ())),
            (*one.other_names, *names.get(one.id, ())),
            one.parent_id,
            one.id in insolvent,
            one.id in abroad or bool(one.country and country and one.country != country),
            *habit_of(*paid.get(one.id, (0, 0, 0))),
        )
        for one in customers_to_match(entity_id, customer_ids)
    ]


def _weights(entity_id: int, customers: Sequence[Customer]) -> dict[str, int]:
    """Weights of the words of some customers' names, by how many of all have them."""
    words = {word for one in customers for word in name_of(one.name).words}
    return {word: weight_of(times) for word, times in times_of_words(entity_id, words).items()}


def _recent(
    entity_id: int,
    rows: Mapping[int, PaymentToMatch],
    on: date,
    policy: MatchingPolicy,
    *,
    is_near: bool,
) -> Sequence[PaymentToMatch]:
    """Payments just before those at hand that are not among them: one may be made twice."""
    if not rows:
        return ()
    first = min(row.received_on for row in rows.values())
    since = first - timedelta(days=policy.duplicate_days)
    minors = {row.unapplied_minor for row in rows.values()} if is_near else None
    found = payments_received(entity_id, since=since, until=on, minors=minors)
    return [one for one in found if one.id not in rows]


def _past(row: PaymentToMatch, source: Source | None) -> PastPayment:
    return PastPayment(
        row.received_on,
        row.amount_minor,
        row.currency,
        row.customer_id,
        text_of(row, source),
        source.name if source else row.payer_name,
        source.account if source else row.payer_account,
    )
