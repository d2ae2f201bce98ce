"""Refusals of tables that nothing reads, or that two readings fit."""

from collections.abc import Callable, Sequence

from duly.intake.rules.columns import Kind
from duly.interfaces.exchange.readers.mapping import layout_of
from duly.interfaces.exchange.readers.own import nearest_kind, own_names
from duly.interfaces.exchange.readers.refusals import HeaderUnfit, SheetUnclear
from duly.interfaces.exchange.readers.tables import Table


def no_rows(name: str) -> HeaderUnfit:
    """The refusal of a workbook without anything in it."""
    return HeaderUnfit(
        f"{name} holds no row in any visible worksheet.",
        facts={"file": name},
        remedy="Export it again: a file needs at least its header.",
    )


def unknown_header(tables: Sequence[Table], kind: Kind | None) -> HeaderUnfit:
    """The refusal of headers that are not known, with what the nearest kind would need."""
    table = tables[0]
    near = kind or nearest_kind(table.header)
    names = own_names(table.header)
    missing = [column for column in near.required if column not in names]
    shown = ", ".join(cell or "(empty)" for cell in table.header)
    where = f"{table.name}, row {table.header_row}"
    told = f"{where}: this header is not known: {shown[:400]}."
    lacks = f"For {near.name} it lacks {', '.join(missing)}. "
    if kind is not None:
        told = f"{where}: the header lacks {', '.join(missing)}, which {kind.name} need."
        lacks = ""
    elif len(tables) > 1:
        parts = ", ".join(each.part for each in tables)
        told = f"{table.name}: no header of its worksheets ({parts[:300]}) is known."
    if len(missing) == len(near.required):
        lacks = ""  # nothing is near
    return HeaderUnfit(
        told,
        facts={
            "file": table.name,
            "where": f"row {table.header_row}",
            "found": list(table.header),
            "nearest": near.name,
            "missing": missing,
            "layout": layout_of(table.header),
        },
        remedy=f"{lacks}Rename its columns, or say with a mapping what they are: "
        "docs/importing.md shows how.",
    )


def refuse_alike(tables: Sequence[Table], reader_of: Callable[[Table], str]) -> None:
    """Refuse worksheets that one reading fits: nobody can say which is meant, or whether all are.

    Refuses: SheetUnclear with their names.
    """
    parts: dict[str, list[str]] = {}
    for table in tables:
        parts.setdefault(reader_of(table), []).append(table.part)
    for reader, named in parts.items():
        if len(named) > 1:
            raise SheetUnclear(
                f"{tables[0].name} has {len(named)} worksheets of {reader}: {', '.join(named)}.",
                facts={"file": tables[0].name, "sheets": named},
                remedy="Keep the one that is meant, or say sheet in a mapping.",
            )
