"""What every kind of import has in common while its blocks are taken in."""

from dataclasses import dataclass, field
from typing import Protocol

from duly.intake.rules.items import TermsBook
from duly.intake.rules.outcome import Outcome
from duly.intake.rules.reading import Reading
from duly.kernel.dates import DateReader
from duly.ledger.actions import Recorder
from duly.parties.models import Entity


@dataclass(slots=True)
class Taking:
    """One file on its way in: where to write, for whom, and what has become of it so far."""

    recorder: Recorder
    entity: Entity
    create_customers: bool = False
    outcome: Outcome = field(default_factory=Outcome)
    dates: DateReader = field(default_factory=DateReader)
    terms: TermsBook = field(default_factory=TermsBook)

    def close_block(self, reading: Reading, *, new: int, changed: int, same: int) -> None:
        """Count a block."""
        outcome = self.outcome
        outcome.rows += reading.count
        outcome.new += new
        outcome.changed += changed
        outcome.same += same
        outcome.rejected += len(reading.bad)
        outcome.add_problems(reading.problems)


class Taker(Protocol):
    """Takes in the blocks of one kind."""

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new."""

    def finish(self) -> None:
        """Do what needs the whole file, after the last block."""
