"""The seller's side: orders become invoices, complaints become credit notes."""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from duly.kernel.currencies import exponent
from duly.kernel.terms import parse_terms
from duly.world.accounts import creditor_reference
from duly.world.buyers import FINDS_ITS_INVOICES, Buyer, Contested, Due
from duly.world.company import PARITIES, Company, Customer
from duly.world.dice import Dice, dice
from duly.world.records import Document

AMOUNT_SIGMA = 0.75  # of log amounts between invoices of one customer
WORKING_DAYS = 21.0  # a month
SEASON = (0.94, 0.97, 1.06, 1.0, 1.02, 1.0, 0.95, 0.84, 1.08, 1.08, 1.12, 0.94)
GROWTH_PER_YEAR = 0.06
HOLD_AFTER_DAYS = 60  # past due: no more deliveries on credit
GIVES_BACK = 0.012  # of invoices: goods come back, or a price was wrong
BONUS = {"retail": 0.015, "large": 0.01}  # of a quarter's turnover
GIVES_UP_AFTER_DAYS = 200  # past due: credited as uncollectible; whoever owed it buys no more
RETURN_CHARGE_MINOR = 950  # for a direct debit that came back
_ALWAYS_HAS_PO = frozenset({"large", "retail", "public"})


class Seller:
    """Sells, and numbers what it issues."""

    def __init__(self, company: Company, start: date) -> None:
        self._start = start
        self._streams = {code: dice(company.seed, "orders", code) for code in company.customers}
        self._numbers: Counter[str] = Counter()
        self._quarter = start.year * 4 + start.month // 3  # for which a bonus was given last
        self._turnover: Counter[str] = Counter()  # since then, by customer
        self._to_give_back: list[tuple[date, Document]] = []
        self._given_up: set[str] = set()  # customers who are sold nothing any more

    def sell(self, on: date, buyers: Mapping[str, Buyer]) -> list[Document]:
        """The invoices of a working day."""
        years = (on - self._start).days / 365
        busy = SEASON[on.month - 1] * (1 + GROWTH_PER_YEAR * years) / WORKING_DAYS
        found = []
        for code, buyer in buyers.items():
            stream = self._streams[code]
            orders = _poisson(stream, buyer.customer.orders_per_month * busy)
            if orders and self._delivers_to(buyer, on):
                found += [self._invoice(stream, buyer.customer, on) for _ in range(orders)]
        return found

    def give_back(self, on: date, buyers: Mapping[str, Buyer]) -> list[Document]:
        """Credit notes for what came back, and on the first days of a quarter the bonus."""
        ready = [document for day, document in self._to_give_back if day <= on]
        self._to_give_back = [one for one in self._to_give_back if one[0] > on]
        found = []
        for document in ready:
            stream = self._streams[document.customer]
            minor = round(document.amount_minor * stream.uniform(0.04, 0.5))
            found.append(self.credit(document, max(1, minor), on))
        quarter = on.year * 4 + on.month // 3
        if on.month % 3 == 1 and on.day >= 5 and quarter > self._quarter:
            found += self._bonuses(on, buyers)
            self._turnover.clear()
            self._quarter = quarter
        return [note for note in found if buyers[note.customer].customer.is_solvent(on)]

    def credit(self, document: Document, minor: int, on: date) -> Document:
        """A credit note over part of a document."""
        customer, currency = document.customer, document.currency
        number = self._number("GS", on)
        return Document("credit_note", number, customer, currency, on, on, "", minor)

    def credit_for(self, contested: Contested, on: date) -> Document | None:
        """The credit note with which a dispute ends; None where the seller was right."""
        held = contested.due
        share = {"valid": 1.0, "partly": 0.5, "invalid": 0.0}[contested.dispute.verdict]
        minor = round(held.amount_minor * share)
        return self.credit(held.document, minor, on) if minor else None

    def give_up(self, on: date, buyers: Mapping[str, Buyer]) -> list[tuple[Document, Due]]:
        """Credit notes for old debt that nobody means to pay, with what each is about."""
        found = []
        for code, buyer in buyers.items():
            for due in buyer.hopeless(on - timedelta(days=GIVES_UP_AFTER_DAYS)):
                found.append((self.credit(due.document, due.amount_minor, on), due))
                is_remainder = 2 * due.amount_minor < due.document.amount_minor
                if not is_remainder and buyer.customer.segment.name not in FINDS_ITS_INVOICES:
                    self._given_up.add(code)
        return found

    def charge(self, customer: Customer, on: date) -> Document:
        """A debit note for a direct debit that came back."""
        minor, due_on = RETURN_CHARGE_MINOR, on + timedelta(days=14)
        number = self._number("LB", on)
        return Document(
            "debit_note", number, customer.code, customer.currency, on, due_on, "", minor
        )

    def _delivers_to(self, buyer: Buyer, on: date) -> bool:
        """Whether a customer buys on a day and has no old debt; big names are trusted."""
        customer = buyer.customer
        is_gone = not customer.is_solvent(on) or customer.code in self._given_up
        if on < customer.buys_from or is_gone:
            return False
        oldest = buyer.oldest_unpaid()
        is_trusted = customer.segment.name in FINDS_ITS_INVOICES
        return is_trusted or oldest is None or (on - oldest).days <= HOLD_AFTER_DAYS

    def _invoice(self, stream: Dice, customer: Customer, on: date) -> Document:
        number = self._number("RE", on)
        terms = parse_terms(customer.terms)
        document = Document(
            kind="invoice",
            number=number,
            customer=customer.code,
            currency=customer.currency,
            issued_on=on,
            due_on=terms.due_on(on),
            terms=customer.terms,
            amount_minor=_amount(stream, customer),
            po_number=_po_number(stream, customer),
            order_ref=self._number("AB", on),
            delivered_on=on - timedelta(days=stream.choice((0, 0, 1, 1, 2, 3))),
            reference=creditor_reference(number),
        )
        self._turnover[customer.code] += document.amount_minor
        if stream.random() < GIVES_BACK:
            self._to_give_back.append((on + timedelta(days=stream.randint(5, 30)), document))
        return document

    def _bonuses(self, on: date, buyers: Mapping[str, Buyer]) -> list[Document]:
        found = []
        for code, turnover in sorted(self._turnover.items()):
            customer = buyers[code].customer
            minor = round(turnover * BONUS.get(customer.segment.name, 0.0))
            if minor:
                number = self._number("GS", on)
                found.append(
                    Document("credit_note", number, code, customer.currency, on, on, "", minor)
                )
        return found

    def _number(self, series: str, on: date) -> str:
        """The next number of a series, such as RE-2500017; series begin anew each year."""
        series = f"{series}-{on:%y}"
        self._numbers[series] += 1
        return f"{series}{self._numbers[series]:05d}"


def _poisson(stream: Dice, mean: float) -> int:
    """How often something happens that happens so often on average (Knuth)."""
    limit, product, times = math.exp(-mean), stream.random(), 0
    while product > limit:
        product *= stream.random()
        times += 1
    return times


def _amount(stream: Dice, customer: Customer) -> int:
    """An invoice's amount in minor units, at least worth five euro."""
    least = math.ceil(5 * PARITIES[customer.currency] * 10 ** exponent(customer.currency))
    drawn = stream.lognormvariate(math.log(customer.median_minor), AMOUNT_SIGMA)
    return max(least, round(drawn))


def _po_number(stream: Dice, customer: Customer) -> str:
    """A purchase order of the customer, in its own style; many small ones have none."""
    digits = stream.randint(100_000, 999_999)
    is_known = customer.segment.name in _ALWAYS_HAS_PO or stream.random() < 0.3
    if not is_known and customer.reference_manner != "purchase order":
        return ""
    styles = (f"45{digits:08d}", f"PO-{digits}", f"B{digits}", f"{digits}/{digits % 90 + 10}")
    return styles[sum(map(ord, customer.code)) % len(styles)]
