"""What every kind of import has in common while its blocks are taken in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from duly.intake.rules.items import TermsBook
from duly.intake.rules.outcome import FIRST_REJECTED, Outcome
from duly.intake.rules.reading import Reading
from duly.kernel.currencies import EXPONENTS
from duly.kernel.dates import DateReader
from duly.kernel.money import text_from_minor
from duly.ledger.actions import Recorder
from duly.ledger.errors import PeriodLocked
from duly.parties.actions import Saved
from duly.parties.models import Entity

# What a row changes: {column: [here now, in the file]}.
Differences = dict[str, list[str]]


@dataclass(slots=True)
class Taking:
    """One file on its way in: where to write, for whom, and what has become of it so far."""

    recorder: Recorder
    entity: Entity
    create_customers: bool = False
    today: date | None = None  # where the entity is
    sha256: str = ""  # of the file's bytes
    preset: str = ""  # how it is read; the format of a bank's file
    outcome: Outcome = field(default_factory=Outcome)
    dates: DateReader = field(default_factory=DateReader)
    terms: TermsBook = field(default_factory=TermsBook)

    def close_block(self, reading: Reading) -> None:
        """Count the rows of a block, and those of it that fell out."""
        outcome = self.outcome
        outcome.rows += reading.count
        outcome.rejected += len(reading.bad)
        outcome.add_problems(reading.in_order())
        rejected = map(reading.row, sorted(reading.bad))
        outcome.keep_first("rejected", rejected, FIRST_REJECTED)

    def open_rows(self, reading: Reading, rows: Collection[int], column: str) -> list[int]:
        """Those of some new rows that may be booked; of a closed period each is told."""
        days = reading.texts(column)
        closed: dict[str, PeriodLocked] = {}
        for on in {days[row] for row in rows}:
            try:
                self.recorder.refuse_closed(self.entity.pk, on)
            except PeriodLocked as refusal:
                closed[on] = refusal
        if closed:
            for row in rows:
                if days[row] in closed:
                    reading.refuse_as(row, closed[days[row]], column)
        return [row for row in rows if days[row] not in closed]

    def sort_rows(
        self,
        row: Callable[[int], dict[str, Any]],
        *,
        new: Collection[int] = (),
        same: Collection[int] = (),
        changed: Mapping[int, Differences] | None = None,
    ) -> None:
        """Count rows that were taken, of changed ones with what differs; `row` shows one."""
        outcome, changed = self.outcome, changed or {}
        outcome.new += len(new)
        outcome.changed += len(changed)
        outcome.same += len(same)
        outcome.keep_first("new", map(row, new))
        outcome.keep_first("same", map(row, same))
        outcome.keep_first(
            "changed", (row(place) | {"differs": told} for place, told in changed.items())
        )

    def count_saved(
        self,
        row: Callable[[int], dict[str, Any]],
        saved: Saved,
        keys: Sequence[str],
        values: Sequence[Mapping[str, Any]],
    ) -> None:
        """Count what became of drafts of master data that have these keys and values, and plan it.

        `row` shows the row of a draft. Values are such as mean the same the next time.
        """
        own = self.entity.currency
        changed = {
            place: {
                name.removesuffix("_minor"): [
                    _told(name, was, own, values[place]),
                    _told(name, values[place][name], own, values[place]),
                ]
                for name, was in before.items()
            }
            for place, before in saved.changed.items()
        }
        self.outcome.plan("new", [[keys[place], dict(values[place])] for place in saved.new])
        self.outcome.plan("changed", [[keys[place], told] for place, told in changed.items()])
        self.sort_rows(row, new=saved.new, same=saved.same, changed=changed)


def _told(name: str, value: Any, own_currency: str, values: Mapping[str, Any]) -> str:
    """A value of master data as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_minor") and value is not None:
        return text_from_minor(value, EXPONENTS[values.get("currency") or own_currency])
    return "" if value is None else str(value)


class Taker(Protocol):
    """Takes in the blocks of one kind."""

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new."""

    def finish(self) -> None:
        """Do what needs the whole file, after the last block."""
