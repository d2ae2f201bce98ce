"""What a preset is, and what a person may tell it that the export itself leaves open."""

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.readers.refusals import HeaderUnfit
from duly.interfaces.exchange.readers.tables import Table

_DECORATION = re.compile(r"^[*\s]+|[*.:\s]+$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Told:
    """What a mapping says of an export; '' where it says nothing and the file must tell.

    `date_order` is "dmy", "mdy" or "ymd", `decimal` "." or ",", `currency` an ISO 4217 code for
    exports of a company with one currency, which have no currency column.
    """

    date_order: str = ""
    decimal: str = ""
    currency: str = ""


NOTHING_TOLD = Told()


def plain_header(cell: str) -> str:
    """A header without what differs between versions: case, stars, dots, double spaces.

    >>> plain_header("*Invoice  No."), plain_header("Amount (Foreign Currency)")
    ('invoice no', 'amount (foreign currency)')
    """
    return _SPACES.sub(" ", _DECORATION.sub("", cell.replace("\ufeff", ""))).casefold()


@dataclass(frozen=True, slots=True)
class Preset:
    """How one export of one system becomes blocks of one kind.

    `needs` lists columns that the export must have, each as its names in different versions,
    written as `plain_header` writes them; `lacks` are columns that it must not have. An export
    that holds several kinds is several presets of one `family`: each leaves the other's rows to it.
    """

    name: str
    kind: str
    needs: tuple[tuple[str, ...], ...]
    reader: Callable[[Table, Told], Iterator[Block]]
    columns: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    family: str = ""

    def fits(self, header: Sequence[str]) -> bool:
        """Tell whether a header has all the columns that this preset needs."""
        return self.fits_names({plain_header(cell) for cell in header})

    def fits_names(self, names: AbstractSet[str]) -> bool:
        """The same of a header's names, made plain."""
        return self.lacks.isdisjoint(names) and not any(map(names.isdisjoint, self.needs))

    def read(self, table: Table, told: Told = NOTHING_TOLD) -> Iterator[Block]:
        """The table's rows as blocks of this preset's kind.

        Refuses, while blocks are taken: what the export leaves open and nobody told
        (DateOrderUnclear, NumberStyleUnclear, CurrencyUnclear), and columns that are missing.
        """
        return self.reader(table, told)


def unusable(name: str, needs: tuple[tuple[str, ...], ...], reason: str, remedy: str) -> Preset:
    """A preset of an export that is recognised, but can't give a kind of record; it says why."""

    def refuse(table: Table, told: Told) -> Iterator[Block]:
        raise HeaderUnfit(
            f"{table.name}: {reason}",
            code="EXPORT_UNUSABLE",
            facts={"file": table.name, "found": list(table.header)},
            remedy=remedy,
        )

    return Preset(name, "items", needs, refuse)


def presets_fitting(
    presets: Sequence[Preset], header: Sequence[str], kind: str | None = None
) -> tuple[Preset, ...]:
    """The presets that read a header: one, or all of its family; the most demanding first wins."""
    names = frozenset(map(plain_header, header))
    fitting = [preset for preset in presets if preset.fits_names(names)]
    if kind is not None:
        fitting = [preset for preset in fitting if preset.kind == kind]
    best = max(fitting, key=lambda preset: len(preset.needs), default=None)
    if best is None:
        return ()
    if not best.family:
        return (best,)
    return tuple(preset for preset in fitting if preset.family == best.family)
