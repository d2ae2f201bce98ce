"""A proposal for one payment, made while somebody looks: customers who may have paid it alone.

Rule: who may have paid is told by the account and the name as they were learned, by references and
numbers in the text, by words of the name, by an item open to the amount, and by what the last run
proposed. Among these the rules are those of a whole run.
"""

import re
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from duly.cash_application.models import Alias, Suggestion
from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.queries.gathering import Gathered, gather, text_of
from duly.cash_application.queries.issued import in_our_numbers
from duly.cash_application.queries.lines import Source, sources_of
from duly.cash_application.queries.policies import policy_on
from duly.cash_application.rules.candidates import Candidate, candidates_of
from duly.cash_application.rules.matching import Proposal, propose
from duly.cash_application.rules.names import name_of
from duly.cash_application.rules.references import normal, structured_in
from duly.parties.models import Entity
from duly.parties.queries.payers import customers_with_words, families_of, ids_by_codes_alike
from duly.receivables.queries import (
    PaymentToMatch,
    owners_of_amounts,
    owners_of_numbers,
    payments_to_match,
)
from duly.storage.among import among

_MOST_OWNERS = 30
_MOST_WORDS = 8
_LETTERS = 5  # of a word's beginning that is looked for
_WORD = re.compile(r"[^\s,;:+()]+")


class Near(NamedTuple):
    """What is proposed for a payment, who else may have paid, and what it was made from."""

    proposal: Proposal
    candidates: tuple[Candidate, ...]
    gathered: Gathered

    @property
    def row(self) -> PaymentToMatch:
        """The payment as the books have it."""
        return self.gathered.rows[self.proposal.payment.id]

    @property
    def source(self) -> Source | None:
        """What the bank told of it."""
        return self.gathered.sources.get(self.proposal.payment.id)


def gather_near(
    *,
    entity: Entity,
    row: PaymentToMatch,
    on: date,
    policy: MatchingPolicy,
    insolvent: Collection[int] = (),
    also: Collection[int] = (),
) -> Gathered:
    """What a run would look at for one payment; `also` are customers that a person asks about."""
    (told,), spoken, referred = in_our_numbers(entity.pk, [row], sources_of([row.id]))
    near = _who_may_have_paid(entity.pk, told, spoken.get(row.id))
    found = families_of({*also, *near, *referred.values()})
    return gather(
        entity_id=entity.pk,
        country=entity.country,
        on=on,
        policy=policy,
        insolvent=insolvent,
        payment_ids=[row.id],
        customer_ids=found,
    )


def propose_near(
    *,
    entity: Entity,
    payment_id: int,
    on: date,
    insolvent: Collection[int] = (),
    customer_id: int | None = None,
) -> Near | None:
    """A proposal for a payment, as though `customer_id` had made it; None where nothing waits."""
    rows = payments_to_match(entity.pk, on=on, payment_ids=[payment_id])
    if not rows:
        return None
    also = [] if customer_id is None else [customer_id]
    gathered = gather_near(
        entity=entity,
        row=rows[0],
        on=on,
        policy=policy_on(entity, on),
        insolvent=insolvent,
        also=also,
    )
    payment = gathered.payments[0]
    _, directory, book, past, known, *_ = gathered
    candidates = candidates_of(payment, directory, book, known)
    if customer_id is not None:
        payment = payment._replace(customer_id=customer_id)
    return Near(propose(payment, directory, book, past, known), candidates, gathered)


def _who_may_have_paid(entity_id: int, row: PaymentToMatch, source: Source | None) -> set[int]:
    found = {row.customer_id} if row.customer_id else _by_name(entity_id, row, source)
    text = text_of(row, source)
    last = Suggestion.objects.filter(payment_id=row.id, customer_id__isnull=False)
    found.update(pk for pk in last.values_list("customer_id", flat=True) if pk is not None)
    codes = {one.core for one in structured_in(f"{row.reference} {text}")}
    found |= ids_by_codes_alike(entity_id, codes) if codes else set()
    found |= owners_of_numbers(entity_id, _numbers_in(text))
    minors = [row.unapplied_minor]
    return found | owners_of_amounts(
        entity_id, currency=row.currency, minors=minors, limit=_MOST_OWNERS
    )


def _by_name(entity_id: int, row: PaymentToMatch, source: Source | None) -> set[int]:
    """Customers of an account or a name that was learned, or with a word of the name."""
    name = source.name if source else row.payer_name
    account = source.account if source else row.payer_account
    values = [one for one in (normal(account), name_of(name).whole) if one]
    learned = Alias.objects.filter(
        entity_id=entity_id, revoked_at=None, value__in=among([one[:200] for one in values])
    )
    words = name_of(name or text_of(row, source)).words
    long = [word if word.isdigit() else word[:_LETTERS] for word in words if len(word) > 2]
    found = set(learned.values_list("customer_id", flat=True))
    return found | customers_with_words(entity_id, long[:_MOST_WORDS])


def _numbers_in(text: str) -> set[str]:
    """The words of a text that may be numbers of documents, as they are printed."""
    return {word for word in _WORD.findall(text.upper()) if any(c.isdigit() for c in word)}
