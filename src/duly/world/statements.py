"""Bank lines cut into statements, a day or a week each, and written as files of a bank."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from duly.world.accounts import OwnAccount
from duly.world.camt import camt_053
from duly.world.mt940 import mt940
from duly.world.records import BankLine, History, Statement


def write_statements(history: History, folder: Path) -> list[Path]:
    """A file a statement, in a folder for each account; those without lines are not sent."""
    written = []
    for account in history.company.accounts:
        lines = [line for line in history.bank_lines() if line.account == account.name]
        for statement in cut(account, lines):
            written.append(_write(statement, history.company.name, folder / account.name))
    return written


def cut(account: OwnAccount, lines: Iterable[BankLine]) -> Iterator[Statement]:
    """The statements of one account: opening balance and lines make the closing balance."""
    periods: dict[date, list[BankLine]] = {}
    for line in lines:
        periods.setdefault(_period(account, line.booked_on), []).append(line)
    balance, told_on, numbers = account.opening_minor, None, dict[int, int]()
    for _, found in sorted(periods.items()):
        last = found[-1].booked_on
        opening, balance = balance, balance + sum(line.amount_minor for line in found)
        numbers[last.year] = numbers.get(last.year, 0) + 1
        yield Statement(
            account=account,
            number=numbers[last.year],
            opened_on=told_on or found[0].booked_on - timedelta(days=1),
            closed_on=last,
            opening_minor=opening,
            closing_minor=balance,
            lines=tuple(found),
        )
        told_on = last


def _period(account: OwnAccount, on: date) -> date:
    """The day that a period is called by: its own, or the Monday of a week."""
    return on if account.is_daily else on - timedelta(days=on.weekday())


def _write(statement: Statement, owner: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    day = statement.closed_on.isoformat()
    if statement.account.format == "MT940":
        path = folder / f"{day}.sta"
        path.write_bytes(mt940(statement).encode("ascii"))
    else:
        path = folder / f"{day}.xml"
        path.write_bytes(camt_053(statement, owner).encode())
    return path
