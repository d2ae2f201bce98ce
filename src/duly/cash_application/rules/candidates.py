"""Who else may have made a payment, and what each of them would have paid with it."""

from decimal import Decimal
from typing import NamedTuple

from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.confidence import confidence_of
from duly.cash_application.rules.facts import BankPayment, Customer
from duly.cash_application.rules.matching import explanations
from duly.cash_application.rules.payers import Directory
from duly.cash_application.rules.residuals import Line

MOST = 9  # one key each


class Candidate(NamedTuple):
    """A customer who may have paid: the lines of what would explain it, none where nothing does."""

    customer: Customer
    lines: tuple[Line, ...]
    confidence: Decimal


def candidates_of(
    payment: BankPayment, directory: Directory, book: Book, policy: MatchingPolicy
) -> tuple[Candidate, ...]:
    """Those whose items explain a payment, the likeliest first, then those who may have paid it.

    Nobody's name alone counts where an account or a person tells who paid.
    """
    payer = directory.identify(payment)
    told = explanations(payment, payer, directory, book, policy)
    found = [
        Candidate(one.customer, one.fit.lines, confidence_of(one, payer, policy)) for one in told
    ]
    found.sort(key=lambda one: (-one.confidence, one.customer.name, one.customer.id))
    known = {one.customer.id for one in found}
    found += [Candidate(one, (), Decimal(0)) for one in payer.possible if one.id not in known]
    return tuple(found[:MOST])
