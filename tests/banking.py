"""What a bank tells, in a few words: statements of an account that add up, as sheets of an import.

Amounts are decimal texts with their sign, days ISO texts. `opening` is what the account held.
"""

from collections.abc import Sequence
from typing import Any

from building import Books, day, minor
from duly.cash_application.rules.statements import (
    STATEMENT,
    Balance,
    Closed,
    Detail,
    Entry,
    Event,
    Opened,
    prove,
)
from duly.intake.actions import Options, import_sheets
from duly.interfaces.exchange.readers.bank.sheets import bank_sheet

IBAN = "DE89370400440532013000"


def line(on: str, amount: str, text: str = "", reference: str = "", **said: Any) -> Entry:
    """A booked line in euro."""
    given = {"currency": "EUR", "value_on": day(on), "name": "Acme GmbH", **said}
    return Entry(
        place="entry",
        booked_on=day(on),
        minor=minor(amount, "EUR"),
        remittance=text,
        bank_reference=reference,
        **given,
    )


def part(amount: str | None, text: str = "", **said: Any) -> Detail:
    """One payment of a batch entry."""
    return Detail(None if amount is None else minor(amount, "EUR"), remittance=text, **said)


def statement(
    *lines: Entry,
    opening: str = "1000.00",
    on: str = "2026-03-09",
    number: str = "1",
    off: str = "0.00",
    account: str = IBAN,
    kind: str = STATEMENT,
) -> list[Event]:
    """A statement that adds up, but for what it is `off` by, from `on` to its last line."""
    opens = minor(opening, "EUR")
    closes = opens + sum(one.minor for one in lines if one.status == "booked") + minor(off, "EUR")
    last = max([day(on), *(one.booked_on for one in lines if one.booked_on)])
    return [
        Opened("statement", account, "EUR", number, kind, Balance(day(on), opens)),
        *lines,
        Closed("end", Balance(last, closes)),
    ]


def take(
    books: Books,
    *files: Sequence[Event],
    name: str = "bank.xml",
    format: str = "camt.053",
    **options: Any,
) -> list[dict[str, Any]]:
    """Import files of a bank, each what it says; return their reports."""
    return import_sheets(
        entity=books.entity,
        sheets=[(bank_sheet(name, format, prove(file)), "a" * 64) for file in files],
        actor="tester",
        at=books.moment(),
        options=Options(**options),
    )
