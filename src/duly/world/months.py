"""A month of every account in each format that banks write, and beside it what is true of it.

For whoever reads the files back: `truth.csv` has a row for each part of each line, with the payer
and the document that it is meant for, which no bank tells.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.world.accounts import OwnAccount
from duly.world.bai2 import bai2
from duly.world.camt import camt_053
from duly.world.mt940 import mt940
from duly.world.ofx import ofx
from duly.world.records import BankLine, History, Statement

TRUTH = "truth.csv"
COLUMNS = (
    "bank_reference",
    "account",
    "kind",
    "currency",
    "booked_on",
    "line_amount",
    "payment",
    "payment_amount",
    "payer",
    "document",
    "customer",
    "amount",
    "discount",
)
_WRITERS: dict[str, Callable[[Statement, str], str]] = {
    "camt.053": camt_053,
    "mt940": lambda statement, _: mt940(statement),
    "bai2": lambda statement, _: bai2(statement),
    "ofx": lambda statement, _: ofx(statement),
}
_ENDS = {"camt.053": "xml", "mt940": "sta", "bai2": "bai", "ofx": "ofx"}


def write_month(history: History, folder: Path) -> list[Path]:
    """Write the last month in a folder for each format, and the truth beside; return the files."""
    first, last = _month(history)
    written = []
    for account in history.company.accounts:
        statement = _statement(history, account, first, last)
        if statement is None:
            continue
        for format, write in _WRITERS.items():
            path = folder / format / f"{account.name}.{_ENDS[format]}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(write(statement, history.company.name).encode())
            written.append(path)
    with (folder / TRUTH).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for line in history.bank_lines():
            if first <= line.booked_on <= last:
                rows.writerows(_truth(history, line))
    return written


def _month(history: History) -> tuple[date, date]:
    """The last month that was lived to its end; where there is none, all days."""
    last = history.until
    if (last + timedelta(days=1)).month == last.month:
        last = last.replace(day=1) - timedelta(days=1)
    first, begun = last.replace(day=1), history.days[0].on
    return (first, last) if first >= begun else (begun, history.until)


def _statement(history: History, account: OwnAccount, first: date, last: date) -> Statement | None:
    """The month as one statement; None where nothing was booked."""
    lines = [line for line in history.bank_lines() if line.account == account.name]
    before = sum(line.amount_minor for line in lines if line.booked_on < first)
    told = tuple(line for line in lines if first <= line.booked_on <= last)
    if not told:
        return None
    opening = account.opening_minor + before
    return Statement(
        account=account,
        number=last.month,
        opened_on=first - timedelta(days=1),
        closed_on=told[-1].booked_on,
        opening_minor=opening,
        closing_minor=opening + sum(line.amount_minor for line in told),
        lines=told,
    )


def _truth(history: History, line: BankLine) -> Iterator[tuple[str, ...]]:
    """The rows of one line: one without payer where it has no payments."""
    account = next(one for one in history.company.accounts if one.name == line.account)

    def text(minor: int) -> str:
        return text_from_minor(minor, exponent(account.currency))

    head = (
        line.bank_reference,
        account.number,
        line.kind,
        account.currency,
        line.booked_on.isoformat(),
        text(line.amount_minor),
    )
    if not line.payments:
        yield (*head, "", "", "", "", "", "", "")
    for payment in line.payments:
        paid = (payment.bank_reference, text(payment.amount_minor), payment.payer)
        for part in payment.lines:
            what = (part.document, part.customer)
            yield (*head, *paid, *what, text(part.amount_minor), text(part.discount_minor))
