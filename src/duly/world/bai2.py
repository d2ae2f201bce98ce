"""Statements as BAI2, a group for each day: the records in which banks in the US report accounts.

A line has no payments of its own in this format: a batch of direct debits is one entry. Who paid
stands in records 88, with the tags of a bank that writes them.
"""

from collections.abc import Iterator
from itertools import groupby

from duly.world.names import swift
from duly.world.records import BankLine, Statement

# Kind of line -> type codes where money comes and where it goes.
_CODES = {
    "transfer": ("195", "495"),
    "direct_debit": ("165", "455"),
    "return": ("257", "557"),
    "fee": ("399", "698"),
    "reversal": ("399", "699"),
    "sweep": ("275", "575"),
}


def bai2(statement: Statement) -> str:
    """One statement as a file: a group for each day on which something was booked."""
    account, day = statement.account, f"{statement.closed_on:%y%m%d}"
    held, groups = statement.opening_minor, list[list[str]]()
    total = 0
    for on, found in groupby(statement.lines, lambda line: line.booked_on):
        lines = list(found)
        opening, held = held, held + sum(line.amount_minor for line in lines)
        records = [f"03,{account.number},{account.currency},010,{opening},,,015,{held},,/"]
        for line in lines:
            records += _entry(line)
        control = opening + held + sum(abs(line.amount_minor) for line in lines)
        records.append(f"49,{control},{len(records) + 1}/")
        group = [f"02,DULY,{account.bic[:8]},1,{on:%y%m%d},2359,{account.currency},2/", *records]
        groups.append([*group, f"98,{control},1,{len(group) + 1}/"])
        total += control
    count = sum(map(len, groups)) + 2
    head = f"01,{account.bic[:8]},DULY,{day},2359,{statement.number},,,2/"
    told = [head, *(record for group in groups for record in group)]
    return "".join(f"{record}\n" for record in [*told, f"99,{total},{len(groups)},{count}/"])


def _entry(line: BankLine) -> Iterator[str]:
    """An entry and what is told of it, a record each."""
    code = _CODES[line.kind][line.amount_minor < 0]
    one = line.payments[0] if len(line.payments) == 1 else None
    own = _plain(one.end_to_end) if one else ""
    text = _plain(line.text)
    if one:
        text = _plain(" ".join(one.structured_references) or one.remittance)
    yield f"16,{code},{abs(line.amount_minor)},Z,{line.bank_reference},{own[:16]},{text}/"
    if one:
        side = "DB" if line.amount_minor >= 0 else "CR"
        yield f"88,{side}NM: {_plain(one.payer_name)}/"
        yield f"88,{side[0]}ACT: {one.payer_account}/"


def _plain(text: str) -> str:
    """A text in the signs that no record is parted by."""
    return swift(text).replace("/", "-").replace(",", " ")
