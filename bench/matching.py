"""How many payments a CPU second the matching rules take, and how right they are.

    PYTHONPATH=src:bench:../shared/bench python bench/matching.py --size 100000

Invoices and payments are those of ../shared/bench/gen.py, with the bank texts of limit_match.py:
70 % quote all numbers, 20 % only the customer, 10 % mistype each number. Payments come in order of
their days, invoices are open from their issue on, and what is applied is no longer open. When
customers pay and what they keep back is learned from what was applied, and gathered each month,
for the run of that month; that is not counted, all else is.
"""

import argparse
import gc
import json
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np
from gen import generate

from duly.cash_application.policy import STANDARD, MatchingPolicy
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem, PastPayment
from duly.cash_application.rules.habits import habit_of, usual_deductions
from duly.cash_application.rules.matching import AUTO, Proposal, as_past, run
from duly.cash_application.rules.payers import Directory

_EPOCH = date(1970, 1, 1)
_RECENT = 20_000  # payments before a month that may be made again in it


def texts(data: dict, seed: int) -> dict[int, str]:
    """What stands on each bank line."""
    allocations, style = data["allocations"], data["payments"]["style"]
    dice = np.random.default_rng(seed)
    ids, invoices = allocations["payment_id"], allocations["invoice_id"]
    wrong = invoices + 10 ** dice.integers(0, 5, len(invoices))
    written = np.where(style[ids - 1] == 2, wrong, invoices)
    numbers: dict[int, list[str]] = {}
    for payment, number in zip(ids.tolist(), written.tolist(), strict=True):
        numbers.setdefault(payment, []).append(f"INV{number:08d}")
    customers = data["payments"]["customer_id"].tolist()
    return {
        payment: f"TRANSFER CUST {customers[payment - 1]}"
        if style[payment - 1] == 1
        else f"SEPA CT /RFB/ {' '.join(found)} THANK YOU"
        for payment, found in numbers.items()
    }


def days(column: np.ndarray) -> list[date]:
    """Dates of a column of days."""
    return [_EPOCH + timedelta(days=n) for n in column.astype("datetime64[D]").astype(int).tolist()]


class Seen:
    """What the books tell by what was applied: when customers pay, and what they keep back."""

    def __init__(self, customers: list[Customer]) -> None:
        self.customers = customers
        self.days: dict[int, tuple[int, int, int]] = {}  # how many, the earliest, the latest
        self.kept: list[tuple[int, int]] = []

    def keep(self, told: Proposal) -> None:
        """Take in what was applied."""
        assert told.chosen is not None
        items = {item.id: item for item in told.chosen.items}
        for line in told.lines:
            item = items[line.item_id]
            late = (told.payment.received_on - item.due_on).days
            count, least, most = self.days.get(item.customer_id, (0, late, late))
            self.days[item.customer_id] = (count + 1, min(least, late), max(most, late))
            if line.minor < item.open_minor:
                self.kept.append((item.open_minor, item.open_minor - line.minor))

    def facts(self) -> tuple[Directory, MatchingPolicy]:
        """Customers and policy as they are gathered for a run."""
        customers = []
        for one in self.customers:
            count, least, most = self.days.get(one.id, (0, 0, 0))
            earliest, latest = habit_of(count, least, most)
            customers.append(one._replace(earliest_days=earliest, latest_days=latest))
        usual = usual_deductions(self.kept)
        policy = STANDARD
        if usual:
            policy = replace(
                policy, deduction_percents=usual.percents, other_deductions_ppm=usual.others_ppm
            )
        return Directory(customers), policy


def by_month(
    payments: list[BankPayment], items: list[OpenItem]
) -> Iterator[tuple[list[BankPayment], list[OpenItem]]]:
    """The payments of each month, and what was invoiced until its end."""

    def month_of(payment: BankPayment) -> tuple[int, int]:
        return payment.received_on.year, payment.received_on.month

    opened = 0
    for _, of_month in groupby(payments, month_of):
        come = list(of_month)
        first = opened
        while opened < len(items) and items[opened].issued_on <= come[-1].received_on:
            opened += 1
        yield come, items[first:opened]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    data = generate(arguments.size, arguments.seed)
    invoices, payments = data["invoices"], data["payments"]
    items = [
        OpenItem(number, customer, f"INV{number:08d}", "EUR", minor, issued, due)
        for number, customer, minor, issued, due in zip(
            invoices["id"].tolist(), invoices["customer_id"].tolist(),
            invoices["amount"].tolist(), days(invoices["doc_date"]),
            days(invoices["due_date"]), strict=True,
        )
    ]  # fmt: skip
    items.sort(key=lambda item: item.issued_on)
    written = texts(data, arguments.seed)
    incoming = [
        BankPayment(number, on, minor, "EUR", "", f"A{customer}", written[number])
        for number, customer, on, minor in zip(
            payments["id"].tolist(), payments["customer_id"].tolist(), days(payments["date"]),
            payments["amount"].tolist(), strict=True,
        )
    ]  # fmt: skip
    incoming.sort(key=lambda payment: (payment.received_on, payment.id))
    truth: dict[int, set[int]] = {}
    pairs = zip(
        *(data["allocations"][c].tolist() for c in ("payment_id", "invoice_id")), strict=True
    )
    for payment, invoice in pairs:
        truth.setdefault(payment, set()).add(invoice)
    customers = [
        Customer(n, f"C{n}", f"Customer {n}", (f"A{n}",))
        for n in sorted(set(invoices["customer_id"].tolist()))
    ]
    seen, book = Seen(customers), Book(())
    applied = right = lines = 0
    past: list[PastPayment] = []
    new: list[Proposal] = []
    gc.collect()
    gc.freeze()
    spent = 0.0
    for payments_of_month, items_of_month in by_month(incoming, items):
        for one in new:
            seen.keep(one)
        directory, policy = seen.facts()
        begun = time.process_time()
        told = run(payments_of_month, directory, book, past, policy, items_of_month)
        spent += time.process_time() - begun
        new = [one for one in told if one.decision == AUTO and one.lines]
        applied += sum(one.decision == AUTO for one in told)
        for one in new:
            lines += len(one.lines)
            right += sum(line.item_id in truth[one.payment.id] for line in one.lines)
        past = [as_past(one.payment, one.customer) for one in told[-_RECENT:]]
    print(
        json.dumps(
            {
                "items": len(items),
                "payments": len(incoming),
                "payments_per_cpu_s": round(len(incoming) / spent),
                "applied": round(applied / len(incoming), 4),
                "item_precision": round(right / max(1, lines), 5),
                "item_recall": round(right / sum(map(len, truth.values())), 4),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
