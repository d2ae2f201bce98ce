"""Duly's own preset: the columns of `intake.rules.columns`, by their names, in any order."""

from collections.abc import Iterator, Sequence

from duly.intake.rules.columns import KINDS, Kind
from duly.intake.rules.sheet import Block, Sheet
from duly.interfaces.exchange.readers.refusals import HeaderUnfit
from duly.interfaces.exchange.readers.tables import Table

PRESET = "duly"


def own_names(header: Sequence[str]) -> list[str]:
    """The header's cells as our column names are written.

    >>> own_names(["Customer_ID", "Name"])
    ['customer_id', 'name']
    """
    return [cell.casefold() for cell in header]


def kind_of(header: Sequence[str]) -> Kind | None:
    """The kind whose required columns all stand in a header; None if no kind's do.

    Several kinds may fit: the one that needs most wins, then the one that knows most of the
    columns (contacts need what customers need, and have a role).
    """
    names = set(own_names(header))
    fitting = [kind for kind in KINDS.values() if names.issuperset(kind.required)]
    return max(
        fitting,
        key=lambda kind: (len(kind.required), len(names.intersection(kind.columns))),
        default=None,
    )


def nearest_kind(header: Sequence[str]) -> Kind:
    """The kind whose columns a header has most of, by the share of what it requires."""
    names = set(own_names(header))

    def nearness(kind: Kind) -> tuple[float, int]:
        has = len(names.intersection(kind.required))
        return has / len(kind.required), len(names.intersection(kind.columns))

    return max(KINDS.values(), key=nearness)


def refuse_twice(table: Table, names: Sequence[str]) -> None:
    """Refuse a header that has a column twice: nobody can say which one counts."""
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise HeaderUnfit(
            f"{table.name}, row {table.header_row}: the header has {', '.join(twice)} twice.",
            code="HEADER_TWICE",
            facts={"file": table.name, "columns": twice},
            remedy="Rename or remove one of the two columns.",
        )


def own_sheet(table: Table, kind: Kind, layout: str = "") -> Sheet:
    """A table with our own column names as a sheet.

    Refuses: HeaderUnfit when a column is there twice or a required one is missing.
    """
    names = own_names(table.header)
    refuse_twice(table, names)
    missing = [column for column in kind.required if column not in names]
    if missing:
        raise HeaderUnfit(
            f"{table.name} has no column {', '.join(missing)}, which {kind.name} need.",
            facts={"file": table.name, "kind": kind.name, "missing": missing, "found": names},
            remedy=f"A file of {kind.name} has the columns {', '.join(kind.required)}.",
        )
    known = tuple(name for name in names if name in kind.columns)
    return Sheet(kind.name, table.name, PRESET, known, _blocks(table, names, kind), layout=layout)


def _blocks(table: Table, names: Sequence[str], kind: Kind) -> Iterator[Block]:
    places = [(place, name) for place, name in enumerate(names) if name in kind.columns]
    unknown = [name for name in names if name and name not in kind.columns]
    notes = [f"Not read, because {kind.name} have no such column: {', '.join(unknown)}."]
    for block in table.blocks:
        columns = {name: block.columns[place] for place, name in places}
        told = block.notes + (notes if unknown else [])
        yield Block(block.rows, columns, block.problems, block.spoilt, told)
        unknown = []
