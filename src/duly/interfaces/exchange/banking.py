"""Bank files looked at: what `duly bank inspect` tells, and what stands in the way of an import."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from duly.cash_application.rules.statements import (
    Balance,
    Closed,
    Detail,
    Entry,
    NamedDocument,
    Opened,
    decimals_of,
)
from duly.interfaces.exchange.readers.bank import BankFile, open_bank_files
from duly.interfaces.exchange.readers.bank.said import NOTHING_SAID, Said
from duly.interfaces.exchange.readers.refusals import FileRefused
from duly.kernel.amounts import text_from_minor
from duly.kernel.errors import Malformed, Problem, Refusal

UNREADABLE = "BANK_LINE_UNREADABLE"
MOST_PROBLEMS = 100


class BankFileUnreadable(FileRefused):
    """Bank files with lines that can't be parsed; every place is in `facts.problems`."""

    code = "BANK_FILE_UNREADABLE"


@dataclass
class Told:
    """What one file says, as the command prints it."""

    file: str
    format: str
    statements: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)


def inspect_files(paths: Sequence[Path], said: Said = NOTHING_SAID) -> dict[str, Any]:
    """What bank files say; writes nothing. Statements that do not add up are told, not refused.

    Refuses: BankFileUnreadable with every place of every file that can't be parsed; what
    `open_bank_files` refuses.
    """
    files, refused = [], []
    for path in paths:
        try:
            files += open_bank_files(path, path.name, said)
        except Malformed as refusal:
            refused.append((path.name, refusal))
    told = [_told(one) for one in files]
    unreadable = [
        {"file": one.file} | problem
        for one in told
        for problem in one.problems
        if problem["code"] == UNREADABLE
    ]
    _refuse(refused, unreadable)
    return {"files": [vars(one) for one in told]}


def _refuse(refused: Sequence[tuple[str, Refusal]], unreadable: list[dict[str, str]]) -> None:
    if len(refused) == 1 and not unreadable:
        raise refused[0][1]
    unreadable = [
        {
            "file": file,
            "where": str(one.facts.get("where", "")),
            "code": one.code,
            "message": one.message,
            "remedy": one.remedy,
        }
        for file, one in refused
    ] + unreadable
    if unreadable:
        first = unreadable[0]
        raise BankFileUnreadable(
            f"{first['file']}, {first['where']}: {first['message']}"
            + (f" There are {len(unreadable) - 1} more." if unreadable[1:] else ""),
            facts={"problems": unreadable[:MOST_PROBLEMS], "count": len(unreadable)},
            remedy=first["remedy"] or "Ask the bank for the file again.",
        )


def _told(file: BankFile) -> Told:
    told = Told(file.name, file.format)
    for event in file.events():
        if isinstance(event, Entry):
            told.statements[-1]["entries"].append(_entry(event))
        elif isinstance(event, Opened):
            told.statements.append(_statement(event))
        elif isinstance(event, Closed):
            closed = told.statements[-1]
            closed["closing"] = _balance(event.closing, closed["currency"])
        else:
            told.problems.append(_problem(event))
    return told


def _problem(problem: Problem) -> dict[str, str]:
    return {
        "where": problem.where,
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def _statement(head: Opened) -> dict[str, Any]:
    return {
        "account": head.account,
        "currency": head.currency,
        "number": head.number,
        "kind": head.kind,
        "bank": head.bank,
        "owner": head.owner,
        "opening": _balance(head.opening, head.currency),
        "closing": None,
        "entries": [],
    }


def _balance(balance: Balance | None, currency: str) -> dict[str, Any] | None:
    if balance is None:
        return None
    return {
        "amount": text_from_minor(balance.minor, decimals_of(currency)),
        "on": _iso(balance.on),
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _entry(entry: Entry) -> dict[str, Any]:
    decimals = decimals_of(entry.currency)
    return {
        "place": entry.place,
        "booked_on": _iso(entry.booked_on),
        "value_on": _iso(entry.value_on),
        "amount": text_from_minor(entry.minor, decimals),
        "currency": entry.currency,
        "bank_reference": entry.bank_reference,
        "customer_reference": entry.customer_reference,
        "counterparty": {"name": entry.name, "account": entry.account},
        "end_to_end": entry.end_to_end,
        "mandate": entry.mandate,
        "structured_reference": entry.structured_reference,
        "remittance": entry.remittance,
        "code": entry.code,
        "reversal": entry.is_reversal,
        "status": entry.status,
        "return_reason": entry.return_reason,
        "charges": text_from_minor(entry.charges_minor, decimals),
        "documents": [_document(one, decimals) for one in entry.documents],
        "details": [_detail(one, decimals) for one in entry.details],
    }


def _detail(detail: Detail, decimals: int) -> dict[str, Any]:
    amount = None if detail.minor is None else text_from_minor(detail.minor, decimals)
    return {
        "amount": amount,
        "counterparty": {"name": detail.name, "account": detail.account},
        "end_to_end": detail.end_to_end,
        "mandate": detail.mandate,
        "bank_reference": detail.bank_reference,
        "structured_reference": detail.structured_reference,
        "remittance": detail.remittance,
        "return_reason": detail.return_reason,
        "documents": [_document(one, decimals) for one in detail.documents],
    }


def _document(document: NamedDocument, decimals: int) -> dict[str, Any]:
    """A document that is paid; amounts that are not told are null."""
    amounts = {
        "gross": document.gross_minor,
        "paid": document.paid_minor,
        "discount": document.discount_minor,
        "deduction": document.deduction_minor,
    }
    return {
        "number": document.number,
        "kind": document.kind,
        **{
            name: None if minor is None else text_from_minor(minor, decimals)
            for name, minor in amounts.items()
        },
        "reason": document.reason,
    }
