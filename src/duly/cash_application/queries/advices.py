"""What payers said they paid, and which payments that is of, found anew from what is there."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from duly.cash_application.models import Alias, RemittanceAdvice, RemittanceLine
from duly.cash_application.policy import JOINING, JoiningPolicy
from duly.cash_application.queries.lines import sources_of
from duly.cash_application.rules.advices import Advice, AdviceLine
from duly.cash_application.rules.joining import (
    AdviceFacts,
    Joins,
    PaymentFacts,
    join,
    references_of,
    share_of,
    window_of,
)
from duly.cash_application.rules.references import normal
from duly.parties.models import Customer
from duly.parties.queries import ids_by_code, names_of
from duly.receivables.queries.numbers import MoneyIn, money_between, money_of, owners_of_numbers
from duly.storage.among import among

_SAID = (
    "place",
    "payer_name",
    "payer_account",
    "payer_code",
    "payment_reference",
    "amount_minor",
    "currency",
    "paid_on",
)


_NO_DAY = date(1900, 1, 1)


class Advised(NamedTuple):
    """What an advice says of a payment: `lines` for `BankPayment.advised`, how it was found."""

    advice_id: int
    lines: tuple[AdviceLine, ...]
    by: int
    is_shared: bool = False  # the advice is of several payments


class Kept(NamedTuple):
    """An advice as it is kept."""

    row: RemittanceAdvice
    advice: Advice


def files_taken(entity_id: int, digests: Collection[str]) -> set[str]:
    """Those of some files (by SHA-256) whose advices were taken in and count."""
    rows = RemittanceAdvice.objects.filter(
        entity_id=entity_id, sha256__in=among(digests), is_void=False
    )
    return set(rows.values_list("sha256", flat=True))


def advices_kept(
    entity_id: int, *, ids: Collection[int] | None = None, limit: int = 200
) -> list[Kept]:
    """Advices that count, the newest first; or some of them."""
    rows = RemittanceAdvice.objects.filter(entity_id=entity_id, is_void=False)
    if ids is not None:
        rows = rows.filter(pk__in=among(ids))
    return _kept(rows.order_by("-id")[:limit])


def advices_for(
    entity_id: int, payment_ids: Collection[int], policy: JoiningPolicy = JOINING
) -> dict[int, Advised]:
    """{payment: what its payer's advice says} of those for which one advice is found surely.

    All that came in counts when it is asked which payment an advice is of, applied or not.
    """
    standing = RemittanceAdvice.objects.filter(entity_id=entity_id, is_void=False)
    if not payment_ids or not standing.exists():
        return {}
    asked = money_of(payment_ids)
    if not asked:
        return {}
    kept = _kept(_near(standing, asked, policy))
    wanted = {one.id for one in asked}
    by_id = {one.row.pk: one.advice for one in kept}
    minors = {one.id: one.minor for one in asked}
    found: dict[int, Advised] = {}
    for joined in joins_of(entity_id, kept, policy).joined:
        for payment_id in wanted.intersection(joined.payment_ids):
            advice = by_id[joined.advice_id]
            is_shared = len(joined.payment_ids) > 1
            if is_shared:
                advice = share_of(advice, minors[payment_id])
            if advice.lines:
                found[payment_id] = Advised(joined.advice_id, advice.lines, joined.by, is_shared)
    return found


def advices_that_wait(
    entity_id: int, payment_ids: Collection[int], policy: JoiningPolicy = JOINING
) -> set[int]:
    """Payments as large as an advice of those days that no payment is found for.

    What comes with a name and for the same sum may be what the advice tells of, though nothing else
    ties the two.
    """
    standing = RemittanceAdvice.objects.filter(entity_id=entity_id, is_void=False)
    asked = money_of(payment_ids) if payment_ids and standing.exists() else []
    if not asked:
        return set()
    kept = _kept(_near(standing, asked, policy))
    joins = joins_of(entity_id, kept, policy)
    joined = {one.advice_id for one in joins.joined}
    paid = {payment for one in joins.joined for payment in one.payment_ids}
    sums = {(one.row.currency, one.row.total_minor) for one in kept if one.row.pk not in joined}
    return {one.id for one in asked if (one.currency, one.minor) in sums and one.id not in paid}


def joins_of(entity_id: int, kept: Sequence[Kept], policy: JoiningPolicy = JOINING) -> Joins:
    """Which payments some advices are of, and which of them abstain."""
    if not kept:
        return Joins()
    facts = _facts(entity_id, kept)
    return join(facts, _payments(entity_id, facts, policy), policy)


def _near(
    rows: QuerySet[RemittanceAdvice], asked: Sequence[MoneyIn], policy: JoiningPolicy
) -> QuerySet[RemittanceAdvice]:
    """Advices that may be of some payments, by amount and day."""
    first = min(one.received_on for one in asked)
    last = max(one.received_on for one in asked)
    days = timedelta(days=1)
    told = Q(paid_on__range=(first - policy.late_days * days, last + policy.early_days * days)) | Q(
        paid_on=None,
        told_on__range=(first - policy.ahead_days * days, last + policy.waited_days * days),
    )
    amounts = (
        Q(total_minor__in=among({one.minor for one in asked}))
        | Q(total_minor=None)
        | Q(payment_reference__contains=" ")
    )
    return rows.filter(told & amounts).order_by("id")


def _kept(rows: QuerySet[RemittanceAdvice]) -> list[Kept]:
    found = list(rows)
    lines: dict[int, list[AdviceLine]] = defaultdict(list)
    told = RemittanceLine.objects.filter(advice_id__in=among({row.pk for row in found}))
    for advice_id, *said in told.order_by("id").values_list("advice_id", *AdviceLine._fields):
        lines[advice_id].append(AdviceLine(*said))
    return [
        Kept(row, Advice._make((*(getattr(row, name) for name in _SAID), tuple(lines[row.pk]))))
        for row in found
    ]


def _facts(entity_id: int, kept: Sequence[Kept]) -> list[AdviceFacts]:
    """Advices with who may have sent them: the owners of what they name, and their parents."""
    whose = _whose(entity_id, kept)
    everyone = {customer for some in whose.values() for customer in some}
    parents = dict(
        Customer.objects.filter(pk__in=among(everyone), parent_id__isnull=False).values_list(
            "pk", "parent_id"
        )
    )
    everyone |= set(parents.values())
    names, accounts = names_of(everyone), _aliases(everyone, "account")
    seen = _aliases(everyone, "name")
    facts = []
    for one in kept:
        customers = whose[one.row.pk]
        customers = customers | {parents[c] for c in customers if c in parents}
        facts.append(
            AdviceFacts(
                one.row.pk,
                one.advice,
                one.row.told_on,
                frozenset(customers),
                tuple(n for c in sorted(customers) for n in (*names.get(c, ()), *seen.get(c, ()))),
                frozenset(normal(n) for c in customers for n in accounts.get(c, ())),
            )
        )
    return facts


def _whose(entity_id: int, kept: Sequence[Kept]) -> dict[int, set[int]]:
    """{advice: the customers who may have sent it}."""
    written = {n for one in kept for line in one.advice.lines for n in ways_to_write(line.number)}
    owners = owners_of_numbers(entity_id, written)
    codes = {one.advice.payer_code for one in kept if one.advice.payer_code}
    coded = ids_by_code(entity_id, codes)
    return {one.row.pk: _owners(one, owners, coded) for one in kept}


def _aliases(customer_ids: Collection[int], kind: str) -> dict[int, list[str]]:
    """{customer: accounts, or names, from which they were seen to pay}."""
    rows = Alias.objects.filter(customer_id__in=among(customer_ids), kind=kind, revoked_at=None)
    found: dict[int, list[str]] = defaultdict(list)
    for customer_id, shown in rows.order_by("id").values_list("customer_id", "shown"):
        found[customer_id].append(shown)
    return found


def senders_of(entity_id: int, advices: Sequence[Advice]) -> list[int | None]:
    """The customer who sent each: the one whose documents it names, or whose code; else None."""
    kept = [Kept(RemittanceAdvice(pk=n, told_on=_NO_DAY), one) for n, one in enumerate(advices)]
    return [
        next(iter(some)) if len(some) == 1 else None for some in _whose(entity_id, kept).values()
    ]


def _owners(one: Kept, owners: dict[str, set[int]], coded: dict[str, int]) -> set[int]:
    """Whoever sent it, where that is known, and those whose documents it names."""
    known = {one.row.customer_id, coded.get(one.advice.payer_code)} - {None}
    named = {
        customer
        for line in one.advice.lines
        for number in ways_to_write(line.number)
        for customer in owners.get(number, ())
    }
    return named | {customer for customer in known if customer is not None}


def ways_to_write(number: str) -> set[str]:
    """A number as the books may have it: with a hyphen, or nothing, where a blank stands.

    >>> sorted(ways_to_write("INV 7"))
    ['INV 7', 'INV-7', 'INV7']
    """
    return {number, number.replace(" ", "-"), number.replace(" ", "")} - {""}


def _payments(
    entity_id: int, facts: Sequence[AdviceFacts], policy: JoiningPolicy
) -> list[PaymentFacts]:
    """All payments that some advices could be of, whatever was applied of them."""
    windows = [window_of(one.advice.paid_on, one.told_on, policy) for one in facts]
    first, last = min(w[0] for w in windows), max(w[1] for w in windows)
    totals = {one.advice.total_minor for one in facts}
    is_open = None in totals or any(len(references_of(one.advice)) > 1 for one in facts)
    amounts = None if is_open else {minor for minor in totals if minor is not None}
    rows = money_between(entity_id, first, last, amounts)
    sources = sources_of([row.id for row in rows])
    found = []
    for row in rows:
        source = sources.get(row.id)
        text = f"{row.reference} {source.end_to_end} {source.remittance}" if source else ""
        found.append(
            PaymentFacts(
                row.id,
                row.received_on,
                row.minor,
                row.currency,
                source.name if source else row.name,
                source.account if source else row.account,
                text or row.reference,
                row.customer_id,
            )
        )
    return found
