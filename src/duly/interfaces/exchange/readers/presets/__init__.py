"""Presets: exports of accounting systems that are read without being told how.

Each module of this package (quickbooks, xero, stripe, netsuite) exports
`PRESETS: tuple[Preset, ...]`; they are collected here. An export that holds two kinds of record
is two presets, each of which leaves the other's rows out and says so in a note.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.readers.tables import Table


@dataclass(frozen=True, slots=True)
class Preset:
    """How one export of one system becomes blocks of one kind.

    `needs` are headers in lower case, all of which the export has; `read` turns the table's blocks
    into blocks with the columns of `kind`, passing problems, spoilt rows and notes on; `columns`
    are the columns that it fills.
    """

    name: str
    kind: str
    needs: frozenset[str]
    read: Callable[[Table], Iterator[Block]]
    columns: tuple[str, ...] = ()

    def fits(self, header: tuple[str, ...]) -> bool:
        """Tell whether a header has all the columns that this preset needs."""
        return self.needs <= {cell.casefold() for cell in header}


PRESETS: dict[str, Preset] = {}


def preset_for(header: tuple[str, ...], kind: str | None = None) -> Preset | None:
    """The preset whose needs stand in a header, the most demanding first; None if none does."""
    fitting = [
        preset for preset in PRESETS.values() if preset.fits(header) and kind in (None, preset.kind)
    ]
    return max(fitting, key=lambda preset: len(preset.needs), default=None)
