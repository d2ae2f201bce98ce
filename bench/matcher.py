"""The product's own matching rules behind the shape that ../shared/bench/cash_application.py asks.

    PYTHONPATH=bench:src python ../shared/bench/cash_application.py --matcher matcher:match

Amounts become minor units here and days of a number dates; customers learn accounts and charges
from what was posted before, as the product does.
"""

from datetime import date, timedelta
from typing import Any

from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem, PastPayment
from duly.cash_application.rules.habits import earliest_days
from duly.cash_application.rules.matching import Proposal, propose
from duly.cash_application.rules.payers import Directory
from duly.cash_application.rules.residuals import BANK_FEE, SETTLED

_FIRST = date(2025, 1, 1)


def minor(amount: float) -> int:
    """Euros of a float as cents."""
    return round(amount * 100)


def day(number: int) -> date:
    """The date of a day's number."""
    return _FIRST + timedelta(days=number)


class Company:
    """What the product would know at each payment: open items, learned accounts and charges."""

    def __init__(self, customers: list[dict[str, Any]], history: dict[str, Any]) -> None:
        self.history = history
        self.ids = {one["id"]: n for n, one in enumerate(customers)}
        self.customers = {
            n: Customer(n, one["id"], one["name"], tuple(one["ibans"]), (), None, False,
                        one["currency"] != "EUR")
            for n, one in enumerate(customers)
        }  # fmt: skip
        self.directory = Directory(self.customers.values())
        self.book = Book(())
        self.now: dict[str, float] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self.numbers: dict[str, int] = {}
        self.names: list[str] = []
        self.owner: dict[str, int] = {}
        self.past: list[PastPayment] = []
        self.charges: dict[int, int] = {}
        self.habits: dict[int, list[int]] = {}
        self.read = 0

    def learn(self) -> None:
        """Take in what was posted since: accounts of payers, and charges that banks kept."""
        changed = False
        payments = self.history["payments"]
        new = payments[self.read :]
        for one in new:
            lines = one["truth"]["lines"]
            owners = {self.owner[item] for item, _ in lines if item in self.owner}
            customer = next(iter(owners)) if len(owners) == 1 else None
            changed |= self._learn_habit(one["date"], lines)
            if customer is not None:
                kept = minor(sum(cash for _, cash in lines)) - minor(one["amount"])
                changed |= self._learn_charge(customer, kept)
            self.past.append(
                PastPayment(day(one["date"]), minor(one["amount"]), one.get("currency", ""),
                            customer, one["text"], one["payer"], one["iban"],
                            tuple(self.rows[i]["number"] for i, _ in lines if i in self.rows))
            )  # fmt: skip
        self.read = len(payments)
        for account in {one["iban"] for one in new}:
            owners = self.history["iban"].get(account, ())
            if len(owners) == 1:
                changed |= self._learn_account(account, self.ids[next(iter(owners))])
        if changed:
            self.directory = Directory(self.customers.values())

    def _learn_habit(self, paid_on: int, lines: list[tuple[str, float]]) -> bool:
        """When customers pay earliest, in days after the due date, once enough was paid."""
        changed = False
        for item, cash in lines:
            if item in self.owner and cash > 0:
                customer = self.owner[item]
                days = self.habits.setdefault(customer, [])
                days.append(paid_on - self.rows[item]["due"])
                earliest = earliest_days(days)
                was = self.customers[customer]
                if was.earliest_days != earliest:
                    self.customers[customer] = was._replace(earliest_days=earliest)
                    changed = True
        return changed

    def _learn_charge(self, customer: int, kept: int) -> bool:
        if kept <= 0:
            return False
        self.charges[kept] = self.charges.get(kept, 0) + 1
        was = self.customers[customer]
        self.customers[customer] = was._replace(pays_from_abroad=True)
        return not was.pays_from_abroad

    def _learn_account(self, account: str, customer: int) -> bool:
        was = self.customers[customer]
        if account in was.accounts:
            return False
        self.customers[customer] = was._replace(accounts=(*was.accounts, account))
        return True

    def open(self, items: list[dict[str, Any]]) -> None:
        """Bring the book to what is open now."""
        now = {one["id"]: one["open"] for one in items}
        if now.items() == self.now.items():
            return
        for one in items:
            if self.now.get(one["id"]) != one["open"]:
                self.change(one)
        for key in self.now.keys() - now.keys():
            self.change({**self.rows[key], "open": 0})
        self.now = now

    def change(self, one: dict[str, Any]) -> None:
        """Bring one item of the book to what is open of it now."""
        key = one["id"]
        if key not in self.numbers:
            self.numbers[key] = len(self.names)
            self.names.append(key)
            self.owner[key] = self.ids[one["customer"]]
        self.rows[key] = one
        self.book.put(self._item(self.numbers[key], one))

    def _item(self, number: int, one: dict[str, Any]) -> OpenItem:
        has_discount = one["disc_rate"] and one["amount"] > 0
        return OpenItem(
            number, self.ids[one["customer"]], one["number"], one["currency"], minor(one["open"]),
            day(one["issue"]), day(one["due"]),
            day(one["disc_until"]) if has_discount else None,
            minor(round(one["open"] * one["disc_rate"], 2)) if has_discount else 0,
            one["po"],
        )  # fmt: skip

    def policy(self) -> MatchingPolicy:
        """Charges count as known once they were seen a few times."""
        seen = tuple(sorted(c for c, times in self.charges.items() if times >= 3))
        return MatchingPolicy(charges_minor=seen, discount_grace_days=3)


_company: Company | None = None


def match(
    payment: dict[str, Any],
    items: list[dict[str, Any]],
    customers: list[dict[str, Any]],
    history: dict[str, Any],
) -> dict[str, Any]:
    """One payment of the benchmark, matched by the product's rules."""
    return answer(proposed(payment, items, customers, history))


def answer(proposal: Proposal) -> dict[str, Any]:
    """A proposal as the benchmark wants it: the cash of each item, kept charges counted."""
    company = _company
    assert company is not None
    cash: dict[str, int] = {}
    for line in proposal.lines:
        if line.reason in (SETTLED, BANK_FEE):
            key = company.names[line.item_id]
            cash[key] = cash.get(key, 0) + line.minor
    return {
        "decision": proposal.decision,
        "lines": [(key, units / 100) for key, units in cash.items()],
        "on_account": proposal.on_account / 100,
    }


def proposed(
    payment: dict[str, Any],
    items: list[dict[str, Any]] | None,
    customers: list[dict[str, Any]],
    history: dict[str, Any],
) -> Proposal:
    """The product's proposal itself."""
    global _company
    if _company is None or _company.history is not history:
        _company = Company(customers, history)
    if items is not None:
        _company.open(items)
    _company.learn()
    on = day(payment["date"])
    told = BankPayment(
        int(payment["id"][1:]), on, minor(payment["amount"]), payment["currency"],
        payment["payer"], payment["iban"], payment["text"],
    )  # fmt: skip
    recent = [one for one in _company.past[-200:] if (on - one.received_on).days <= 12]
    recent = [one._replace(currency=payment["currency"]) for one in recent]
    return propose(told, _company.directory, _company.book, recent, _company.policy())
