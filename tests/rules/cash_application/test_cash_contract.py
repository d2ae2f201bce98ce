"""The cases of the contract, as ../shared/accept/cash.py makes them: by the rules alone."""

import random
from datetime import date, timedelta

import pytest

from duly.cash_application.policy import STANDARD
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem
from duly.cash_application.rules.matching import AUTO, NONE, Proposal, run
from duly.cash_application.rules.payers import Directory

FIRST, TODAY = date(2026, 3, 9), date(2026, 3, 13)
CASES = (
    "exact", "several", "glued", "typo", "unique", "equal_items", "two_sums", "discount",
    "late_discount", "short", "twice",
)  # fmt: skip
CERTAIN, NEVER = {"exact", "several", "discount"}, {"equal_items", "two_sums"}
NAMES = (
    "Alder", "Baltic", "Cobalt", "Ember", "Falcon", "Iris", "Kestrel", "Lumen", "Orion", "Ridge",
    "Zenith",
)  # fmt: skip
PAID = {"several": 3, "glued": 2, "unique": 2}


class World:
    """A customer for each case, with six open items; and a payment, or two, of each."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.numbers = self.dice.sample(range(100_000, 1_000_000), 100)
        self.items: list[OpenItem] = []
        self.payments: list[BankPayment] = []
        self.truth: dict[int, tuple[str, dict[int, int]]] = {}
        self.customers = [
            Customer(n, f"C{n:03d}", f"{NAMES[n]} GmbH", (f"DE{n:020d}",))
            for n in range(len(CASES))
        ]  # fmt: skip
        for customer, case in zip(self.customers, CASES, strict=True):
            self.add(customer, case)

    def add(self, customer: Customer, case: str) -> None:
        """The items of a case and what pays them."""
        cents = [self.dice.randint(250_000, 900_000) for _ in range(6)]
        if case in ("equal_items", "twice"):
            cents[1] = cents[0]
        if case == "two_sums":
            cents[2] = cents[0] + cents[1]
        has_discount = "discount" in case
        until = TODAY + timedelta(days=3) if case == "discount" else FIRST - timedelta(days=5)
        mine = []
        for minor in cents:
            number, due = self.numbers.pop(), date(2026, 2, self.dice.randint(1, 27))
            mine.append(
                OpenItem(
                    number, customer.id, f"INV-{number}", "EUR", minor, date(2026, 1, 15), due,
                    until if has_discount else None, minor * 3 // 100 if has_discount else 0,
                )
            )  # fmt: skip
        self.items += mine
        chosen = mine[2:3] if case == "two_sums" else mine[: PAID.get(case, 1)]
        cash = {one.id: one.open_minor - one.discount_minor for one in chosen}
        if case == "short":
            cash = {key: minor * 8 // 10 for key, minor in cash.items()}
        names = [one.number for one in chosen]
        text = "Invoices " + " ".join(names)
        if case == "glued":
            text = "".join(names).replace("-", "")
        if case == "typo":
            text = names[0][:-1] + str((int(names[0][-1]) + 5) % 10)
        if case in ("unique", *NEVER):
            text = "Payment"
        for _ in range(2 if case == "twice" else 1):
            self.pay(customer.name.upper(), customer.accounts[0], cash, text, case)

    def pay(self, name: str, account: str, cash: dict[int, int], text: str, case: str) -> None:
        """One line of the bank."""
        on, number = FIRST + timedelta(days=self.dice.randint(0, 4)), len(self.payments) + 1
        minor = sum(cash.values()) or 7_731
        self.payments.append(BankPayment(number, on, minor, "EUR", name, account, text))
        self.truth[number] = (case, cash)


def cash_of(told: Proposal) -> dict[int, int]:
    """What a proposal pays on each item."""
    return {line.item_id: line.minor for line in told.lines if line.reason == "settled"}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_certain_is_applied_and_what_is_unclear_never(seed: int) -> None:
    """Pains C1, C2, C5, C15."""
    world = World(seed)
    world.pay("Umbrella Unrelated Holdings", "DE77310000", {}, "THANK YOU", "unknown")
    directory = Directory(world.customers)
    applied: list[str] = []
    for told in run(world.payments, directory, Book(world.items), (), STANDARD):
        case, truth = world.truth[told.payment.id]
        is_applied = told.decision == AUTO and bool(told.lines)
        assert not (is_applied and case in NEVER), told
        assert is_applied or case not in CERTAIN, told
        if is_applied:
            applied.append(case)
            assert told.unique
            assert told.because
            assert cash_of(told) == truth or case == "twice"
        if case == "unknown":
            assert told.decision == NONE
        if case in ("late_discount", "short"):
            assert {line.reason for line in told.lines} <= {"settled", "short_pay"}
    assert applied.count("twice") <= 1
