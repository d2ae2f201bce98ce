"""What every kind of import has in common while its blocks are taken in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from duly.intake.rules.items import TermsBook
from duly.intake.rules.outcome import Outcome
from duly.intake.rules.reading import Reading
from duly.kernel.dates import DateReader
from duly.ledger.actions import Recorder
from duly.parties.models import Entity

# What a row changes: {column: [here now, in the file]}.
Differences = dict[str, list[str]]


@dataclass(slots=True)
class Taking:
    """One file on its way in: where to write, for whom, and what has become of it so far."""

    recorder: Recorder
    entity: Entity
    create_customers: bool = False
    outcome: Outcome = field(default_factory=Outcome)
    dates: DateReader = field(default_factory=DateReader)
    terms: TermsBook = field(default_factory=TermsBook)

    def close_block(
        self,
        reading: Reading,
        *,
        new: Collection[int],
        same: Collection[int],
        changed: Mapping[int, Differences] | None = None,
    ) -> None:
        """Count a block: the indexes of its rows by sort, of changed ones with what differs."""
        outcome, changed = self.outcome, changed or {}
        outcome.rows += reading.count
        outcome.rejected += len(reading.bad)
        outcome.add_problems(reading.problems)
        outcome.keep_first("rejected", (reading.row(index) for index in sorted(reading.bad)))
        self.sort_rows(reading, new=new, same=same, changed=changed)

    def sort_rows(
        self,
        reading: Reading,
        *,
        new: Collection[int] = (),
        same: Collection[int] = (),
        changed: Mapping[int, Differences],
    ) -> None:
        """Count the rows of a block that were taken, and keep the first of each sort."""
        outcome = self.outcome
        outcome.new += len(new)
        outcome.changed += len(changed)
        outcome.same += len(same)
        outcome.keep_first("new", map(reading.row, new))
        outcome.keep_first("same", map(reading.row, same))
        outcome.keep_first(
            "changed",
            (reading.row(index) | {"differs": told} for index, told in changed.items()),
        )


class Taker(Protocol):
    """Takes in the blocks of one kind."""

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new."""

    def finish(self) -> None:
        """Do what needs the whole file, after the last block."""
