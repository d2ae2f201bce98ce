"""Bank files as sheets: a row for each booked line, beside what the bank told."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from duly.cash_application.rules.lines import payments_of, whole_of
from duly.cash_application.rules.statements import (
    BOOKED,
    NOTICE,
    STATEMENT,
    Closed,
    Entry,
    Event,
    Noticed,
    Opened,
    decimals_of,
)
from duly.intake.rules.columns import BANK
from duly.intake.rules.sheet import BLOCK_ROWS, Block, Sheet
from duly.interfaces.exchange.readers.bank.opening import open_bank_files
from duly.interfaces.exchange.readers.bank.said import NOTHING_SAID, Said
from duly.kernel.amounts import text_from_minor
from duly.kernel.errors import Problem

DOUBTFUL = "BANK_LINE_DOUBTFUL"  # of what is read, though it is not as its format says
MOST_DOUBTS = 20  # told one by one

# Formats that tell no opening balance, and whose lines no statement tells again.
_RECORDS = frozenset({"csv", "ofx", "qif"})
_MESSAGES = frozenset({"nacha", "fedwire"})
_UNBOOKED = {
    "interim": "of an interim report are not booked: the statement of the day tells them again, at "
    "some banks under another reference, and money would count twice",
    "notice": "of a notice are not booked: the statement of the account brings their money",
    "batch": "of a notice are batch entries with their payments: they are not booked again, but "
    "open the entry of the statement to its payments, whichever comes first",
    "message": "of a payment message are not booked: it tells of no account's balance, and the "
    "statement of the account brings the money; what it names is taken in as a remittance",
    "pending": "are not booked yet by the bank: they come again once they are",
    "information": "are told for information and move no money",
}


def bank_sheets(path: Path, name: str, said: Said = NOTHING_SAID) -> list[Sheet]:
    """The sheets of a bank's file: one, or one for each file of a ZIP.

    Refuses: as `open_bank_files`.
    """
    files = open_bank_files(path, name, said)
    return [bank_sheet(one.name, one.format, one.events()) for one in files]


def bank_sheet(name: str, format: str, events: Iterable[Event]) -> Sheet:
    """A sheet of what a bank's file says."""
    told = map(_as_statement, events) if format in _RECORDS else events
    return Sheet(BANK.name, name, format, BANK.columns, _blocks(told, format), place="entry")


def _as_statement(event: Event) -> Event:
    return event._replace(kind=STATEMENT) if isinstance(event, Opened) else event


@dataclass(slots=True)
class _Gathered:
    """What the next block holds."""

    events: list[Opened | Entry | Noticed | Closed] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _blocks(events: Iterable[Event], format: str) -> Iterator[Block]:
    gathered, first, head = _Gathered(), 1, None
    unbooked: Counter[str] = Counter()
    doubts: list[Problem] = []
    for event in events:
        if isinstance(event, Entry):
            why = _why_unbooked(head, event, format)
            if why:
                unbooked[why] += 1
                if why != "batch":
                    continue
                gathered.events.append(Noticed(event))
            else:
                gathered.rows.append(_row(head, event))
                gathered.events.append(event)
            if len(gathered.rows) == BLOCK_ROWS or len(gathered.events) > 2 * BLOCK_ROWS:
                yield _block(gathered, first, [])
                gathered, first = _Gathered(), first + len(gathered.rows)
        elif isinstance(event, Problem):
            (doubts if event.code == DOUBTFUL else gathered.problems).append(event)
        else:
            if isinstance(event, Opened):
                head = event
            gathered.events.append(event)
    yield _block(gathered, first, _notes(unbooked, doubts))


def _why_unbooked(head: Opened | None, entry: Entry, format: str) -> str:
    """Why a line is no row; "" where it is one.

    A line of an interim report or notice comes again in the statement, under another reference at
    some banks, and is booked then alone.
    """
    if format in _MESSAGES:
        return "message"
    if head is not None and head.kind == NOTICE:
        return "batch" if len(payments_of(entry)) > 1 else "notice"
    if head is None or head.kind != STATEMENT:
        return "interim"
    return "" if entry.status == BOOKED else entry.status


def _block(gathered: _Gathered, first: int, notes: list[str]) -> Block:
    columns = list(zip(*gathered.rows, strict=True)) or [()] * len(BANK.columns)
    return Block(
        rows=range(first, first + len(gathered.rows)),
        columns={name: list(texts) for name, texts in zip(BANK.columns, columns, strict=True)},
        problems=gathered.problems,
        notes=notes,
        events=gathered.events,
    )


def _row(head: Opened | None, entry: Entry) -> tuple[str, ...]:
    """A line as it is shown, in the order of `BANK.columns`."""
    whole, payments = whole_of(entry), len(payments_of(entry))
    on = entry.booked_on or entry.value_on
    return (
        head.account if head else "",
        head.number if head else "",
        on.isoformat() if on else "",
        entry.value_on.isoformat() if entry.value_on else "",
        entry.currency,
        text_from_minor(entry.minor, decimals_of(entry.currency)),
        whole.name,
        whole.account,
        " ".join(filter(None, (whole.structured_reference, whole.remittance))),
        whole.bank_reference,
        str(payments) if payments > 1 else "",
    )


def _notes(unbooked: Counter[str], doubts: list[Problem]) -> list[str]:
    told = [f"{number:,} of its lines {_UNBOOKED[why]}." for why, number in unbooked.items()]
    told += [f"{one.where}: {one.message}" for one in doubts[:MOST_DOUBTS]]
    if len(doubts) > MOST_DOUBTS:
        told.append(f"{len(doubts) - MOST_DOUBTS:,} more lines are not as the format says.")
    return told
