"""Who asks the seller for more, whom its insurer covers, and what stands behind the large ones.

Orders are a file like the other tables; what the insurer and the guarantors said is told as data.
"""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from duly.kernel.currencies import exponent
from duly.kernel.dates import add_months
from duly.kernel.money import text_from_minor
from duly.world.company import Customer
from duly.world.dice import dice
from duly.world.records import History

ORDERS = ("order_ref", "customer_id", "currency", "amount", "ordered_on", "prepaid")
ORDER_DAYS = 5  # before the last one
EVERY_NTH = 6  # customer has an order under way
INSURED_SHARE = 6  # of ten parts of a limit
STEP = 100_000  # minor units that insurers think in


class Pledge(NamedTuple):
    """What somebody gave for a customer's debts."""

    code: str
    kind: str
    currency: str
    minor: int
    from_on: date
    to_on: date | None
    given_by: str


class CreditStory(NamedTuple):
    """What others said of the seller's customers by the last day."""

    policy_number: str
    insurer: str
    insured: tuple[tuple[str, int], ...]  # (customer, minor units of the seller's currency)
    pledges: tuple[Pledge, ...]
    news: tuple[tuple[str, str], ...]  # (customer, what was heard)


def write_orders(history: History, folder: Path) -> Path:
    """Orders of the last days, some of them larger than the customer's limit leaves room for."""
    path = folder / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(ORDERS)
        for number, customer in enumerate(_with_limit(history)[::EVERY_NTH], 1):
            stream = dice(history.company.seed, "orders", customer.code)
            size = stream.choice((1, 1, 2, 2, 3, 8))
            amount = text_from_minor(customer.median_minor * size, exponent(customer.currency))
            on = history.until - timedelta(days=stream.randrange(ORDER_DAYS))
            prepaid = "yes" if stream.random() < 0.1 else ""
            writer.writerow(
                (f"SO-{number:04}", customer.code, customer.currency, amount, on, prepaid)
            )
    return path


def credit_story(history: History) -> CreditStory:
    """What the insurer, guarantors and newspapers said."""
    own = [c for c in _with_limit(history) if c.currency == history.company.currency]
    insured = [
        (c.code, (c.credit_limit_minor or 0) * INSURED_SHARE // 10 // STEP * STEP)
        for c in own[: len(own) // 3]
    ]
    until = history.until
    pledges = [
        Pledge(c.code, kind, c.currency, (c.credit_limit_minor or 0) // 2, begun, ends, given_by)
        for c, (kind, begun, ends, given_by) in zip(
            own,
            (
                ("guarantee", add_months(until, -11), until + timedelta(days=25), "Its owner"),
                ("standby", add_months(until, -3), add_months(until, 9), "Its bank"),
                ("deposit", add_months(until, -6), None, ""),
            ),
            strict=False,
        )
    ]
    pledges += [
        Pledge(c.code, "ucc1", c.currency, (c.credit_limit_minor or 0) // 2,
               add_months(until, -57), None, "")
        for c in _with_limit(history)
        if c.currency == "USD"
    ][:2]  # fmt: skip
    failing = [c for c in _with_limit(history) if c.segment.name == "distressed"][:2]
    news = tuple((c.code, "Lenders are said to hold back") for c in failing)
    limits = tuple((code, minor) for code, minor in insured if minor)
    return CreditStory("KV-20417", "Nordkredit", limits, tuple(pledges), news)


def _with_limit(history: History) -> list[Customer]:
    """Customers that have a limit and buy by now, the largest limit first."""
    found = [
        customer
        for customer in history.company.customers.values()
        if customer.credit_limit_minor and customer.buys_from <= history.until
    ]
    return sorted(found, key=lambda one: (-(one.credit_limit_minor or 0), one.code))
