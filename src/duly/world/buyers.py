"""What a customer owes, decides and pays. A plan stands in `Due.pay_on`: whoever wants customers
to react to a message moves that day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from duly.kernel.money import Money
from duly.kernel.terms import Instalment, Terms
from duly.world import behaviour
from duly.world.company import PARITIES, Customer
from duly.world.dice import Dice
from duly.world.records import Dispute, Document

HOLDS_ALL = 0.4  # of disputes: the whole invoice waits, not only what is disputed
NOTICED_AFTER = (4, 25)  # days after the invoice
LOST_FOR = (90, 240)  # days late of an invoice that got lost at a payer who can pay
PART = (0.3, 0.6)
RETURNED = 0.004  # of direct debits
RETURNED_IF_DISTRESSED = 0.04
BANK_FEE = 0.12  # of payments in other currencies arrive less a correspondent's fee
FINDS_ITS_INVOICES = frozenset({"large", "mid", "public", "retail"})


@dataclass(slots=True)
class Due:
    """Part of a document that a customer means to pay on one day, or (None) not now or never."""

    document: Document
    customer: Customer
    amount_minor: int
    pay_on: date | None
    discount_until: date | None = None
    discount_minor: int = 0
    is_disputed: bool = False
    returns: bool = False  # the direct debit will come back


@dataclass(slots=True)
class Contested:
    """A dispute or short pay on its way to an end, and what is not paid meanwhile."""

    dispute: Dispute
    due: Due


class Buyer:
    """One customer at work: decides for each invoice when and how much will be paid."""

    def __init__(self, customer: Customer, stream: Dice) -> None:
        self.customer = customer
        self.stream = stream
        self.dues: list[Due] = []
        self._was_on_time: bool | None = None

    def is_solvent(self, on: date) -> bool:
        failed_on = self.customer.failed_on
        return failed_on is None or on < failed_on

    def receive(self, document: Document, terms: Terms) -> list[Contested]:
        """Take an invoice in: plan its payments, and contest part of it in some cases."""
        money = Money(document.amount_minor, document.currency)
        instalments = terms.schedule(document.issued_on, money)
        contested: list[Contested] = []
        for part in instalments:
            due = self._plan(document, part, is_advance=not terms.gives_credit)
            self.dues.append(due)
            if part is instalments[-1] and self.customer.payment_method != "direct_debit":
                contested += self._contest(due, part.due_on)
        if not contested and self.stream.random() < self.customer.segment.pays_in_parts:
            self._pay_in_parts(self.dues[-1])
        return contested

    def ready(self, on: date, is_payable: Callable[[Due], bool] = lambda due: True) -> list[Due]:
        """What is meant to be paid by a day, in order of the documents."""
        return [
            due
            for due in self.dues
            if due.pay_on is not None and due.pay_on <= on and is_payable(due)
        ]

    def oldest_unpaid(self) -> date | None:
        """The earliest due date of what is neither paid nor disputed."""
        days = [due.document.due_on for due in self.dues if not due.is_disputed]
        return min(days, default=None)

    # --- plans ----------------------------------------------------------------------------

    def _plan(self, document: Document, part: Instalment, *, is_advance: bool) -> Due:
        """When an instalment will be paid, and whether its discount will be taken."""
        customer, stream = self.customer, self.stream
        due = Due(document, customer, part.amount.minor, None)
        if customer.payment_method == "direct_debit":
            due.pay_on = part.due_on
            distressed = customer.segment.name == "distressed"
            due.returns = stream.random() < (RETURNED_IF_DISTRESSED if distressed else RETURNED)
            return due
        if is_advance:
            due.pay_on = document.issued_on + timedelta(days=stream.randint(1, 5))
            return due
        is_offered = part.discount is not None and part.discount_until is not None
        if is_offered and customer.takes_discount and stream.random() < 0.85:
            due.discount_until, due.discount_minor = part.discount_until, part.discount.minor
            due.pay_on = part.discount_until - timedelta(days=stream.randint(2, 5))
            return due
        due.pay_on = self._decided_on(document, part.due_on)
        return due

    def _decided_on(self, document: Document, due_on: date) -> date | None:
        """The day from which the next payment run takes the invoice; None is never."""
        customer, stream, segment = self.customer, self.stream, self.customer.segment
        if stream.random() < segment.never_pays:
            if segment.name not in FINDS_ITS_INVOICES:
                return None
            return due_on + timedelta(days=stream.randint(*LOST_FOR))
        is_on_time = behaviour.draw_is_on_time(stream, segment, self._was_on_time)
        self._was_on_time = is_on_time
        slowness = customer.slowness * behaviour.decline(document.issued_on, customer.failed_on)
        days = behaviour.draw_days_late(stream, segment, is_on_time=is_on_time, slowness=slowness)
        wanted = max(due_on + timedelta(days=ceil(days)), document.issued_on + timedelta(days=1))
        slip = behaviour.season_days(stream, wanted, customer.place.country)
        return wanted + timedelta(days=slip)

    def _pay_in_parts(self, due: Due) -> None:
        part = round(due.amount_minor * self.stream.uniform(*PART))
        if due.pay_on is None or due.discount_minor or not 0 < part < due.amount_minor:
            return
        later = due.pay_on + timedelta(days=self.stream.randint(15, 45))
        self.dues.append(replace(due, amount_minor=due.amount_minor - part, pay_on=later))
        due.amount_minor = part

    # --- what is not paid -------------------------------------------------------------------

    def _contest(self, due: Due, due_on: date) -> list[Contested]:
        """Take away what will not be paid at first: a dispute, or a short pay without a word."""
        if due.pay_on is None:
            return []
        stream, segment, document = self.stream, self.customer.segment, due.document
        if stream.random() < segment.disputes:
            share = behaviour.draw_disputed_share(stream)
            raised_on = document.issued_on + timedelta(days=stream.randint(*NOTICED_AFTER))
            return self._withhold(
                due, round(due.amount_minor * share), raised_on, waits=stream.random() < HOLDS_ALL
            )
        if stream.random() < segment.short_pays:
            share = stream.uniform(0.01, 0.10)
            return self._withhold(due, round(due.amount_minor * share), due.pay_on)
        if document.currency != "EUR" and stream.random() < BANK_FEE:
            fee = stream.choice((10.0, 12.5, 15.0, 25.0)) * PARITIES[document.currency]
            minor = round(fee) * _unit(document.currency)
            return self._withhold(due, minor, due.pay_on, verdict="valid")
        if (
            self.customer.takes_late_discount
            and document.terms.startswith("2/")
            and not due.discount_minor
        ):
            return self._withhold(due, due.amount_minor // 50, due.pay_on)
        return []

    def _withhold(
        self, due: Due, minor: int, raised_on: date, *, waits: bool = False, verdict: str = ""
    ) -> list[Contested]:
        if not 0 < minor < due.amount_minor or due.pay_on is None:
            return []
        stream, document = self.stream, due.document
        ends_on = raised_on + timedelta(days=behaviour.draw_days_to_resolve(stream))
        if waits:
            due.pay_on = max(due.pay_on, ends_on + timedelta(days=stream.randint(2, 12)))
            due.discount_until, due.discount_minor = None, 0
        elif due.discount_minor:
            # Of what is paid, so that the discount is never more than its terms grant.
            due.discount_minor = due.discount_minor * (due.amount_minor - minor) // due.amount_minor
        due.amount_minor -= minor
        held = Due(document, self.customer, minor, None, is_disputed=True)
        self.dues.append(held)
        dispute = Dispute(
            document.number,
            self.customer.code,
            minor,
            raised_on,
            ends_on,
            verdict or behaviour.draw_verdict(stream),
        )
        return [Contested(dispute, held)]


def _unit(currency: str) -> int:
    """Minor units of a whole unit of a currency."""
    return Money.parse("1", currency).minor
