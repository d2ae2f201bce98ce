"""The driver: one working day after another, everybody does what they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from duly.kernel.terms import parse_terms
from duly.world import behaviour
from duly.world.bank import RETURN_REASONS, Bank
from duly.world.buyers import Buyer, Contested, Credit, Due
from duly.world.clerks import Clerk
from duly.world.company import Company
from duly.world.dice import dice, pick
from duly.world.payers import Payer
from duly.world.records import BankLine, Day, History, Payment
from duly.world.sellers import Seller

CREDIT_KNOWN_AFTER = 3  # days, until a credit note is there
MISTAKE_KNOWN_AFTER = 16  # days, until someone tells a payer that it paid for nothing


@dataclass(frozen=True, slots=True)
class _Return:
    """A direct debit that will come back."""

    on: date
    payment: Payment
    due: Due


class World:
    """A company that trades from a day on. `buyers` may be moved from outside: see `Due.pay_on`."""

    def __init__(self, company: Company, start: date) -> None:
        seed = company.seed
        self.company = company
        self.today = start
        self.buyers = {
            code: Buyer(customer, dice(seed, "buyer", code))
            for code, customer in company.customers.items()
        }
        groups: dict[str, list[Buyer]] = {}
        for code, customer in company.customers.items():
            groups.setdefault(customer.payer, []).append(self.buyers[code])
        self._payers = {
            code: Payer(company.customers[code], buyers, seed) for code, buyers in groups.items()
        }
        self._seller = Seller(company, start)
        self._bank = Bank(company.accounts, seed)
        self._clerk = Clerk(seed)
        self._stream = dice(seed, "world")
        self._given_up_in = start.month
        self._under_way: list[Payment] = []
        self._returns: list[_Return] = []
        self._unheard: list[Contested] = []
        self._contested: list[Contested] = []

    def live(self, until: date) -> History:
        """Let all days pass up to one, and that one too."""
        days = []
        while self.today <= until:
            days.append(self.pass_day())
        return History(self.company, tuple(days))

    def pass_day(self) -> Day:
        """Everything that happens today; then it is tomorrow."""
        day = Day(self.today)
        self._hear_disputes(day)
        if behaviour.is_working_day(day.on):
            self._end_disputes(day)
            self._give_up(day)
            self._trade(day)
            self._pay(day)
            day.applications += self._clerk.work(day.on)
        self.today += timedelta(days=1)
        return day

    # --- goods and complaints -----------------------------------------------------------------

    def _trade(self, day: Day) -> None:
        for document in self._seller.sell(day.on, self.buyers):
            day.documents.append(document)
            terms = parse_terms(document.terms)
            self._unheard += self.buyers[document.customer].receive(document, terms)
        for note in self._seller.give_back(day.on, self.buyers):
            day.documents.append(note)
            known_on = day.on + timedelta(days=CREDIT_KNOWN_AFTER)
            credit = Credit(note.number, note.amount_minor, known_on)
            self.buyers[note.customer].credits.append(credit)

    def _give_up(self, day: Day) -> None:
        """Once a month, what is old and hopeless leaves the books."""
        if day.on.month == self._given_up_in:
            return
        self._given_up_in = day.on.month
        for note, due in self._seller.give_up(day.on, self.buyers):
            self.buyers[note.customer].dues.remove(due)
            day.documents.append(note)
            day.applications.append(self._clerk.credit(note, due.document))

    def _hear_disputes(self, day: Day) -> None:
        heard = [one for one in self._unheard if one.dispute.raised_on <= day.on]
        self._unheard = [one for one in self._unheard if one.dispute.raised_on > day.on]
        self._contested += heard
        day.disputes += [one.dispute for one in heard]

    def _end_disputes(self, day: Day) -> None:
        ending = [one for one in self._contested if one.dispute.ends_on <= day.on]
        self._contested = [one for one in self._contested if one.dispute.ends_on > day.on]
        for contested in ending:
            note = self._seller.credit_for(contested, day.on)
            if note:
                day.documents.append(note)
                day.applications.append(self._clerk.credit(note, contested.due.document))
            credited = note.amount_minor if note else 0
            self.buyers[contested.dispute.customer].accept(contested, credited, day.on)

    # --- money ----------------------------------------------------------------------------------

    def _pay(self, day: Day) -> None:
        self._send_back(day)
        self._collect(day)
        for payer in self._payers.values():
            self._under_way += payer.pay(day.on)
        arrived = [one for one in self._under_way if one.received_on <= day.on]
        self._under_way = [one for one in self._under_way if one.received_on > day.on]
        self._book(day, self._bank.receive(arrived, day.on))
        day.bank_lines += self._bank.close_day(day.on)

    def _collect(self, day: Day) -> None:
        """Direct debits that are due, and the news of those that will come back."""
        dues = [
            (buyer, due)
            for buyer in self.buyers.values()
            for due in buyer.ready(day.on)
            if due.is_debited
        ]
        drawn = []
        for buyer, due in dues:
            buyer.dues.remove(due)
            drawn.append(self._payers[buyer.customer.payer].debit(due, day.on))
        lines = self._bank.collect(drawn, day.on)
        self._book(day, lines)
        of_document = {due.document.number: (buyer, due) for buyer, due in dues}
        for payment in _payments(lines):
            buyer, due = of_document[payment.end_to_end]
            if due.returns or not buyer.customer.is_solvent(day.on):
                on = behaviour.working_day_after(day.on, self._stream.randint(2, 5))
                self._returns.append(_Return(on, payment, due))

    def _send_back(self, day: Day) -> None:
        ready = [one for one in self._returns if one.on <= day.on]
        self._returns = [one for one in self._returns if one.on > day.on]
        for one in ready:
            buyer = self.buyers[one.due.customer.code]
            reason = (
                pick(self._stream, RETURN_REASONS) if buyer.customer.is_solvent(day.on) else "AM04"
            )
            day.bank_lines += self._bank.send_back(one.payment, reason, day.on)
            buyer.take_back(one.due, day.on)
            note = self._seller.charge(buyer.customer, day.on)
            day.documents.append(note)
            buyer.owe(note)

    def _book(self, day: Day, lines: Iterable[BankLine]) -> None:
        """Money has arrived: it goes to the clerk, and what is for nothing is kept in mind."""
        lines = list(lines)
        payments = _payments(lines)
        day.bank_lines += lines
        day.payments += payments
        self._clerk.take(payments)
        for payment in payments:
            on = payment.received_on + timedelta(days=MISTAKE_KNOWN_AFTER)
            for line in payment.lines:
                if not line.document:
                    credit = Credit(payment.bank_reference, line.amount_minor, on)
                    self.buyers[line.customer].credits.append(credit)


def _payments(lines: Iterable[BankLine]) -> list[Payment]:
    return [payment for line in lines for payment in line.payments]
