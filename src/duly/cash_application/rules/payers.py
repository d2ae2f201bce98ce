"""Who paid: by account, alias, structured reference, or name. A tie abstains and is told.

Rule: what was said by a person or stands in the master data goes before likeness. An account that
several customers pay from, or a name that fits several, gives candidates and no payer: then the
items that are paid may tell.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from duly.cash_application.rules.facts import BankPayment, Customer
from duly.cash_application.rules.names import Name, likeness, name_of, rarity
from duly.cash_application.rules.references import normal, structured_in
from duly.receivables.rules.references import (
    creditor_reference,
    qr_reference,
    without_instalment,
)

SAID, ACCOUNT, ALIAS, REFERENCE, NAME = (
    "said", "account", "alias", "reference", "name",
)  # fmt: skip
_CLEAR, _AHEAD, _POSSIBLE, _STRANGE = 80, 12, 45, 20
_MOST_CANDIDATES = 40
_LEAST_IN_TEXT = 6  # letters of a name that is looked for in a text


class Payer(NamedTuple):
    """Who paid, or who may have: `customer` where it is clear, else the candidates of a tie."""

    customer: Customer | None
    how: str = ""
    candidates: tuple[Customer, ...] = ()
    likeness: int = 0  # of the names, 0 to 100

    @property
    def possible(self) -> tuple[Customer, ...]:
        """The payer alone, or all candidates."""
        return (self.customer,) if self.customer else self.candidates


NOBODY = Payer(None)


def _one_of(how: str, found: Sequence[Customer]) -> Payer:
    return Payer(found[0], how) if len(found) == 1 else Payer(None, how, tuple(found))


class Directory:
    """All customers, found by what a bank tells of a payer."""

    def __init__(
        self,
        customers: Iterable[Customer],
        weights: Mapping[str, int] | None = None,
        issued_to: Mapping[int, int] | None = None,
    ) -> None:
        """Take customers; `weights` of the words of names, where these are not all customers.

        `issued_to`: {payment: customer} of payments that carry a reference we issued.
        """
        self._issued_to = issued_to or {}
        self.by_id = {customer.id: customer for customer in customers}
        self.children: dict[int, list[Customer]] = defaultdict(list)
        self._accounts: dict[str, list[Customer]] = defaultdict(list)
        self._aliases: dict[str, list[Customer]] = defaultdict(list)
        self._references: dict[str, list[Customer]] = defaultdict(list)
        self._starts: dict[str, list[int]] = defaultdict(list)
        self._names: dict[int, Name] = {}
        for customer in self.by_id.values():
            self._take(customer)
        self._weights = rarity(self._names.values()) if weights is None else weights
        self._like: dict[str, Payer] = {}
        self._bearers: dict[tuple[str, str], Payer] = {}

    def _take(self, customer: Customer) -> None:
        name = self._names[customer.id] = name_of(customer.name)
        for account in customer.accounts:
            self._accounts[normal(account)].append(customer)
        for alias in customer.aliases:
            self._aliases[name_of(alias).whole].append(customer)
        for reference in (creditor_reference(customer.code), qr_reference(customer.code)):
            if reference:
                self._references[reference].append(customer)
        for start in {word[:3] for word in name.words}:
            self._starts[start].append(customer.id)
        if customer.parent_id is not None:
            self.children[customer.parent_id].append(customer)

    def family(self, customer: Customer) -> tuple[Customer, ...]:
        """Whom a customer may pay for: themselves and all below them."""
        if customer.id not in self.children:
            return (customer,)
        found, todo = {customer.id: customer}, [customer.id]
        while todo:
            for child in self.children.get(todo.pop(), ()):
                if child.id not in found:
                    found[child.id] = child
                    todo.append(child.id)
        return tuple(found.values())

    def is_below(self, customer_id: int, customer: Customer) -> bool:
        """Tell whether a customer is one of those that another may pay for."""
        if customer.id not in self.children:
            return False
        return any(one.id == customer_id for one in self.family(customer))

    def identify(self, payment: BankPayment) -> Payer:
        """Who made a payment, as far as the bank's line alone can tell."""
        if payment.customer_id is not None and payment.customer_id in self.by_id:
            return Payer(self.by_id[payment.customer_id], SAID)
        bearer = (payment.account, payment.name)
        known = self._bearers.get(bearer)
        if known is None:
            known = self._bearers[bearer] = self._by_bearer(payment)
        if known is not NOBODY:
            return known
        referred = self._referred(payment)
        if referred:
            return _one_of(REFERENCE, referred)
        return self.by_name(payment.name) if payment.name else self.in_text(payment.text)

    def in_text(self, text: str) -> Payer:
        """Whose whole name stands in a text, word by word; the longest of several, or a tie.

        Of a line that tells no name apart, as those of BAI2.
        """
        words = name_of(text).words
        near = {n for word in set(words) for n in self._starts.get(word[:3], ())}
        found: dict[int, int] = {}
        for n in near:
            name = self._names[n].words
            if len("".join(name)) >= _LEAST_IN_TEXT and _stands_in(name, words):
                found[n] = len("".join(name))
        longest = max(found.values(), default=0)
        best = sorted(n for n, length in found.items() if length == longest)
        if len(best) == 1:
            return Payer(self.by_id[best[0]], NAME, likeness=100)
        return Payer(None, NAME, tuple(self.by_id[n] for n in best[:_MOST_CANDIDATES]))

    def _by_bearer(self, payment: BankPayment) -> Payer:
        """By the account and by a learned alias."""
        found = self._accounts.get(normal(payment.account))
        if found:
            if len(found) > 1:
                return Payer(None, ACCOUNT, tuple(found))
            if not self._is_strange(payment, found[0]):
                return Payer(found[0], ACCOUNT)
            named = self.by_name(payment.name)  # another customer by name pays from it
            return named if named.customer else Payer(None, ACCOUNT, tuple(found))
        found = self._aliases.get(name_of(payment.name).whole)
        return _one_of(ALIAS, found) if found else NOBODY

    def _is_strange(self, payment: BankPayment, customer: Customer) -> bool:
        """The name has nothing of the customer's: who pays for others, such as a factor."""
        if not payment.name:
            return False
        name = name_of(payment.name)
        known = (self._names[customer.id], *map(name_of, customer.aliases))
        return bool(name.whole) and max(likeness(name, one) for one in known) < _STRANGE

    def _referred(self, payment: BankPayment) -> list[Customer]:
        """By a structured reference made from a customer's code."""
        issued_to = self._issued_to.get(payment.id)
        if issued_to in self.by_id:
            return [self.by_id[issued_to]]
        text = f"{payment.reference} {payment.text}"
        if not re.search(r"RF\d\d|\d{5} ?\d{5}", text, re.I):
            return []
        told = [one.reference for one in structured_in(text)]
        if not any(one in self._references for one in told):
            told = [without_instalment(one) for one in told]
        found = {c.id: c for one in told for c in self._references.get(one, [])}
        return list(found.values())

    def by_name(self, text: str) -> Payer:
        """Who bears a name; a tie gives candidates, best first."""
        if text not in self._like:
            self._like[text] = self._by_name(name_of(text))
        return self._like[text]

    def _by_name(self, name: Name) -> Payer:
        near = {n for word in name.words for n in self._starts.get(word[:3], ())}
        scored = sorted(
            ((likeness(name, self._names[n], self._weights), n) for n in near),
            key=lambda one: (-one[0], one[1]),
        )
        scored = [one for one in scored if one[0] >= _POSSIBLE][:_MOST_CANDIDATES]
        if not scored:
            return NOBODY
        best, customer = scored[0][0], self.by_id[scored[0][1]]
        second = scored[1][0] if len(scored) > 1 else 0
        if best >= _CLEAR and (best - second >= _AHEAD or best == 100 > second):
            return Payer(customer, NAME, likeness=best)
        return Payer(None, NAME, tuple(self.by_id[n] for _, n in scored), best)


def _stands_in(name: Sequence[str], words: Sequence[str]) -> bool:
    """Whether words stand in others, one after the other."""
    size = len(name)
    return any(words[at : at + size] == name for at in range(len(words) - size + 1))
