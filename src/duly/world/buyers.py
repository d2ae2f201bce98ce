"""What a customer owes, and when it means to pay. A plan stands in `Due.pay_on`: whoever wants
customers to react to a message moves that day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from duly.kernel.currencies import exponent
from duly.kernel.money import Money
from duly.kernel.terms import Instalment, Terms
from duly.world import behaviour
from duly.world.company import PARITIES, Customer
from duly.world.dice import Dice
from duly.world.records import Dispute, Document

HOLDS_ALL = 0.4  # of disputes: the whole invoice waits, not only what is disputed
NOTICED_AFTER = (4, 25)  # days after the invoice
LOST_FOR = (45, 140)  # days late of an invoice that got lost, or was paid when a court asked
COURT_HELPS = 0.8
PART = (0.3, 0.6)
RETURNED = 0.004  # of direct debits
RETURNED_IF_DISTRESSED = 0.04
BANK_FEE = 0.12  # of payments in other currencies arrive less a correspondent's fee
FINDS_ITS_INVOICES = frozenset({"large", "mid", "public", "retail"})
IGNORES_A_VERDICT = 0.15
DEDUCTS_ITS_CREDIT = 0.85


@dataclass(slots=True, eq=False)
class Due:
    """Part of a document that a customer means to pay on one day, or (None) not now or never."""

    document: Document
    customer: Customer
    amount_minor: int
    pay_on: date | None
    discount_until: date | None = None
    discount_minor: int = 0
    is_urgent: bool = False  # does not wait for the payment run
    is_debited: bool = False  # the seller collects it
    is_disputed: bool = False
    returns: bool = False  # the direct debit will come back


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that the seller owes: of a credit note, or of a payment that was for nothing."""

    source: str
    amount_minor: int
    known_on: date


@dataclass(frozen=True, slots=True)
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
        self.credits: list[Credit] = []
        self._was_on_time: bool | None = None

    def receive(self, document: Document, terms: Terms) -> list[Contested]:
        """Take an invoice in: plan its payments, and contest part of it in some cases."""
        money = Money(document.amount_minor, document.currency)
        parts = terms.schedule(document.issued_on, money)
        planned = [self._plan(document, part, terms) for part in parts]
        self.dues += planned
        last = planned[-1]
        contested = [] if last.is_debited else self._contest(last)
        if not contested and self.stream.random() < self.customer.segment.pays_in_parts:
            self._pay_in_parts(last)
        return contested

    def owe(self, document: Document) -> None:
        """Take in a debit note: paid like an invoice, by transfer."""
        pay_on = self._decided_on(document, document.due_on)
        self.dues.append(Due(document, self.customer, document.amount_minor, pay_on))

    def ready(self, on: date) -> list[Due]:
        """What is meant to be paid by a day, in order of the documents."""
        return [due for due in self.dues if due.pay_on is not None and due.pay_on <= on]

    def oldest_unpaid(self) -> date | None:
        """The earliest due date of what is neither paid nor disputed."""
        return min((due.document.due_on for due in self.dues if not due.is_disputed), default=None)

    def hopeless(self, due_by: date) -> list[Due]:
        """What was due by a day and will never be paid."""
        return [
            due
            for due in self.dues
            if due.document.due_on <= due_by
            and not due.is_disputed
            and (due.pay_on is None or not self.customer.is_solvent(due_by))
        ]

    def take_back(self, due: Due, on: date) -> None:
        """A direct debit came back: it is owed again, by transfer if there is money at all."""
        recovers = self.customer.is_solvent(on) and self.customer.segment.name != "distressed"
        pay_on = on + timedelta(days=self.stream.randint(8, 40)) if recovers else None
        self.dues.append(replace(due, pay_on=pay_on, is_debited=False, returns=False))

    def accept(self, contested: Contested, credited_minor: int, on: date) -> None:
        """A dispute has ended with a credit note over so much: most pay what is left."""
        due = contested.due
        due.amount_minor -= credited_minor
        due.is_disputed = False
        if due.amount_minor == 0:
            self.dues.remove(due)
        elif self.stream.random() >= IGNORES_A_VERDICT:
            due.pay_on = on + timedelta(days=self.stream.randint(3, 25))

    # --- plans ----------------------------------------------------------------------------

    def _plan(self, document: Document, part: Instalment, terms: Terms) -> Due:
        """When an instalment will be paid, and whether its discount will be taken."""
        customer, stream, segment = self.customer, self.stream, self.customer.segment
        due = Due(document, customer, part.amount.minor, part.due_on)
        until, discount = part.discount_until, part.discount
        if customer.payment_method == "direct_debit":
            share = RETURNED_IF_DISTRESSED if segment.name == "distressed" else RETURNED
            due.is_debited, due.returns = True, stream.random() < share
        elif not terms.gives_credit:
            due.is_urgent = True
            due.pay_on = document.issued_on + timedelta(days=stream.randint(1, 5))
        elif until and discount and customer.takes_discount and stream.random() < 0.85:
            due.is_urgent = True
            due.discount_until, due.discount_minor = until, discount.minor
            due.pay_on = until - timedelta(days=stream.randint(3, 6))
        else:
            due.pay_on = self._decided_on(document, part.due_on)
        return due

    def _decided_on(self, document: Document, due_on: date) -> date | None:
        """The day from which the next payment run takes the invoice; None is never."""
        customer, stream, segment = self.customer, self.stream, self.customer.segment
        slowness = customer.slowness * behaviour.decline(document.issued_on, customer.failed_on)
        drawn = behaviour.draw_invoice(
            stream, segment, was_on_time=self._was_on_time, slowness=slowness
        )
        if drawn is None:
            if segment.name not in FINDS_ITS_INVOICES and stream.random() >= COURT_HELPS:
                return None
            return due_on + timedelta(days=stream.randint(*LOST_FOR))
        is_on_time, days = drawn
        self._was_on_time = is_on_time
        wanted = due_on + timedelta(days=ceil(days))
        # Whoever means to be on time takes the run before the due date, not the one after; and
        # whoever is late pays by then, not a run later.
        earliest = document.issued_on if is_on_time else due_on
        latest = due_on if is_on_time else wanted
        under_way = 1 if document.currency == "EUR" else 3
        run = behaviour.run_between(earliest, latest, customer.run, days_under_way=under_way)
        wanted = run or wanted
        wanted = max(wanted, document.issued_on + timedelta(days=1))
        slip = behaviour.season_days(stream, wanted, customer.place.country)
        return wanted + timedelta(days=slip)

    def _pay_in_parts(self, due: Due) -> None:
        part = round(due.amount_minor * self.stream.uniform(*PART))
        if due.pay_on is None or due.is_urgent or due.is_debited or not 0 < part < due.amount_minor:
            return
        later = due.pay_on + timedelta(days=self.stream.randint(15, 45))
        self.dues.append(replace(due, amount_minor=due.amount_minor - part, pay_on=later))
        due.amount_minor = part

    # --- what is not paid -------------------------------------------------------------------

    def _contest(self, due: Due) -> list[Contested]:
        """Take away what will not be paid at first: a dispute, or a short pay without a word."""
        if due.pay_on is None:
            return []
        stream, segment, document = self.stream, self.customer.segment, due.document
        if stream.random() < segment.disputes:
            share = behaviour.draw_disputed_share(stream)
            raised_on = document.issued_on + timedelta(days=stream.randint(*NOTICED_AFTER))
            waits = stream.random() < HOLDS_ALL
            return self._withhold(due, round(due.amount_minor * share), raised_on, waits=waits)
        if stream.random() < segment.short_pays:
            share = stream.uniform(0.01, 0.10)
            return self._withhold(due, round(due.amount_minor * share), due.pay_on)
        if document.currency != "EUR" and stream.random() < BANK_FEE:
            fee = stream.choice((10.0, 12.5, 15.0, 25.0)) * PARITIES[document.currency]
            minor = round(fee) * 10 ** exponent(document.currency)
            return self._withhold(due, minor, due.pay_on, verdict="valid")
        has_discount = document.terms.startswith("2/") and not due.discount_minor
        if has_discount and self.customer.takes_late_discount:
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
