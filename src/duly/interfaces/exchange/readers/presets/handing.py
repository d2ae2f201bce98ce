"""Records that a preset made, handed on as blocks of a sheet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from duly.intake.rules.sheet import BLOCK_ROWS, Block
from duly.kernel.errors import Problem

TITLE = "title and total rows of the report"


@dataclass(slots=True)
class Record:
    """What becomes one row: where it stood, its cells by column, and what is wrong with it."""

    row: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, message: str, remedy: str) -> None:
        """Name a problem; the record falls out."""
        self.problems.append(Problem(f"row {self.row}", code, message, remedy))


@dataclass(slots=True)
class Omissions:
    """What was left out on purpose, counted by reason, so that the person is told."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, reason: str) -> None:
        """Count one row that is left out."""
        self.counts[reason] += 1

    def notes(self) -> list[str]:
        """A sentence for each reason; title rows are nobody's loss."""
        return [
            f"{count} {'row' if count == 1 else 'rows'} left out: {reason}."
            for reason, count in sorted(self.counts.items())
            if reason != TITLE
        ]


def blocks_from(
    records: Iterable[Record], columns: Sequence[str], notes: list[str]
) -> Iterator[Block]:
    """Records as blocks; a file without any gives one empty block, which carries the notes.

    `notes` may grow while records are taken; each is told once.
    """
    remaining = iter(records)
    told = 0
    is_first = True
    while True:
        taken = list(islice(remaining, BLOCK_ROWS))
        if not taken and not is_first:
            break
        block = Block(
            rows=[record.row for record in taken],
            columns={name: [record.cells.get(name, "") for record in taken] for name in columns},
            problems=[problem for record in taken for problem in record.problems],
            spoilt=frozenset(i for i, record in enumerate(taken) if record.problems),
        )
        block.notes = notes[told:]
        told = len(notes)
        is_first = False
        yield block
    if told < len(notes):
        yield Block(rows=[], columns={name: [] for name in columns}, notes=notes[told:])
