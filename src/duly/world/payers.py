"""Who pays: one customer for itself, or a parent for its subsidiaries, in runs of its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.world import behaviour, names, references
from duly.world.accounts import draw_account
from duly.world.buyers import DEDUCTS_ITS_CREDIT, Buyer, Due
from duly.world.company import Customer
from duly.world.dice import Dice, dice
from duly.world.records import Line, Payment

MOST_LINES = 25  # of one payment
PAYS_TWICE = 0.002
PAYS_TOO_MUCH = 0.004
PAYS_A_ROUND_SUM = 0.004  # on account, of the runs of small firms
PAYS_FROM_ELSEWHERE = 0.015  # the owner's account, a new bank
STAYS_UNKNOWN = 0.7  # of payments from elsewhere that name nothing
_ROUND_SUM_PAYERS = frozenset({"small", "construction", "start-up", "distressed"})

Bundle = Sequence[tuple[Buyer, Due]]


class Payer:
    """One payment run: its customer's account pays what the customer's buyers owe."""

    def __init__(self, customer: Customer, buyers: Sequence[Buyer], seed: int) -> None:
        self.customer = customer
        self._buyers = buyers
        self._stream = dice(seed, "payments", customer.code)
        # The same agent each time, whatever else is drawn.
        self._name = names.payer_name(
            dice(seed, "payer", customer.code),
            customer.name_manner,
            customer.name,
            customer.form,
            customer.town,
        )

    def pay(self, on: date) -> list[Payment]:
        """The payments of a working day; they reach the seller's bank on `received_on`."""
        if not self.customer.is_solvent(on):
            return []
        is_run = behaviour.is_run_day(self.customer.run, on)
        ready = [
            (buyer, due)
            for buyer in self._buyers
            if buyer.customer.is_solvent(on)
            for due in buyer.ready(on)
            if not due.is_debited and (is_run or due.is_urgent)
        ]
        payments = [self._pay(bundle, on) for bundle in self._bundles(ready)]
        payments += [self._again(one) for one in payments if self._happens(PAYS_TWICE)]
        may_round = ready and is_run and self.customer.segment.name in _ROUND_SUM_PAYERS
        if may_round and self._happens(PAYS_A_ROUND_SUM):
            payments.append(self._round_sum(on))
        return payments

    def debit(self, due: Due, on: date) -> Payment:
        """What the seller collects from the payer's account, for one invoice."""
        number = due.document.number
        line = Line(number, due.customer.code, due.amount_minor)
        return Payment(
            bank_reference="",
            account=self.customer.own_account,
            payer=self.customer.code,
            currency=due.document.currency,
            received_on=on,
            amount_minor=due.amount_minor,
            payer_name=self.customer.legal_name[:70],
            payer_account=self.customer.account,
            end_to_end=number,
            structured_references=(),
            remittance=f"Rechnung {number}",
            method="direct_debit",
            lines=(line,),
            identified_on=on,
        )

    # --- one payment ------------------------------------------------------------------------

    def _bundles(self, ready: Bundle) -> list[Bundle]:
        if self.customer.pays_one_by_one:
            return [[one] for one in ready]
        return [ready[at : at + MOST_LINES] for at in range(0, len(ready), MOST_LINES)]

    def _pay(self, bundle: Bundle, on: date) -> Payment:
        arrives = on if self._arrives_at_once() else self._days_under_way(on)
        lines: list[Line] = []
        for buyer, due in bundle:
            buyer.dues.remove(due)
            is_early = due.discount_until is not None and arrives <= due.discount_until
            discount = due.discount_minor if is_early else 0
            amount = due.amount_minor - discount
            lines.append(Line(due.document.number, due.customer.code, amount, discount))
        for buyer in dict.fromkeys(buyer for buyer, _ in bundle):
            lines += self._deduct(buyer, lines, on)
        if self._happens(PAYS_TOO_MUCH):
            paid = sum(line.amount_minor for line in lines)
            extra = round(paid * self._stream.uniform(0.01, 0.2))
            lines += [Line("", self.customer.code, extra)] if extra else []
        quoted = self._quoted([due for _, due in bundle], lines)
        return self._payment(lines, quoted, arrives)

    def _deduct(self, buyer: Buyer, lines: Sequence[Line], on: date) -> list[Line]:
        """What the buyer has good with the seller, taken off what it pays."""
        code = buyer.customer.code
        payable = sum(one.amount_minor for one in lines if one.customer == code and not _off(one))
        taken: list[Line] = []
        for credit in list(buyer.credits):
            if credit.known_on > on or not self._happens(DEDUCTS_ITS_CREDIT):
                continue
            if credit.amount_minor < payable:
                payable -= credit.amount_minor
                buyer.credits.remove(credit)
                taken.append(Line(credit.source, code, -credit.amount_minor))
        return taken

    def _quoted(self, dues: Sequence[Due], lines: Sequence[Line]) -> list[references.Quoted]:
        decimals = exponent(self.customer.currency)
        paid = {line.document: line.amount_minor for line in lines}
        documents = {due.document.number: due.document for due in dues}
        return [
            references.Quoted(
                one.number,
                one.reference,
                one.issued_on,
                one.po_number,
                text_from_minor(paid[one.number], decimals),
            )
            for one in documents.values()
        ]

    def _payment(
        self, lines: Sequence[Line], quoted: Sequence[references.Quoted], arrives: date
    ) -> Payment:
        stream, customer = self._stream, self.customer
        told = references.tell(
            stream,
            customer.reference_manner,
            quoted,
            customer=customer.code,
            language=customer.place.language,
        )
        name, account = self._name, customer.account
        if is_elsewhere := self._happens(PAYS_FROM_ELSEWHERE):
            name = customer.contacts[-1].name if customer.contacts else customer.name
            account = draw_account(stream, customer.place.country)
        is_foreign = is_elsewhere or customer.name_manner == "agent"
        is_dark = is_foreign and not told.structured and not _has_number(told.text)
        days = stream.randint(5, 75) if is_dark and self._happens(STAYS_UNKNOWN) else 0
        return Payment(
            bank_reference="",
            account=customer.own_account,
            payer=customer.code,
            currency=customer.currency,
            received_on=arrives,
            amount_minor=sum(line.amount_minor for line in lines),
            payer_name=name,
            payer_account=account,
            end_to_end=_end_to_end(stream),
            structured_references=told.structured,
            remittance=told.text,
            method="transfer",
            lines=tuple(lines),
            identified_on=arrives + timedelta(days=days),
        )

    def _again(self, payment: Payment) -> Payment:
        """The same once more, by mistake."""
        later = behaviour.working_day_after(payment.received_on, self._stream.randint(2, 8))
        line = Line("", self.customer.code, payment.amount_minor)
        return replace(payment, received_on=later, lines=(line,), identified_on=later)

    def _round_sum(self, on: date) -> Payment:
        """Something on account, for nothing in particular."""
        whole = 100 * 10 ** exponent(self.customer.currency)
        minor = max(1, self.customer.median_minor // whole // 2) * whole
        words = {"de": "Akonto", "fr": "acompte", "it": "acconto", "es": "a cuenta"}
        text = words.get(self.customer.place.language, "on account")
        line = Line("", self.customer.code, minor)
        payment = self._payment([line], [], self._days_under_way(on))
        arrived = payment.received_on
        return replace(payment, structured_references=(), remittance=text, identified_on=arrived)

    def _arrives_at_once(self) -> bool:
        return self.customer.currency == "EUR" and self._happens(0.35)

    def _days_under_way(self, on: date) -> date:
        days = 1 if self.customer.currency == "EUR" else self._stream.choice((1, 2, 2, 3))
        return behaviour.working_day_after(on, days)

    def _happens(self, share: float) -> bool:
        return self._stream.random() < share


def _off(line: Line) -> bool:
    """Whether nothing may be deducted from a line: its discount is worked out already."""
    return line.discount_minor > 0 or line.amount_minor < 0


def _has_number(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _end_to_end(stream: Dice) -> str:
    """What the payer's own system calls the payment; most say nothing."""
    point = stream.random()
    if point < 0.55:
        return "NOTPROVIDED"
    digits = stream.randint(100_000, 999_999)
    return f"ZV{digits}" if point < 0.8 else f"{digits:010d}-{digits % 97:02d}"
