"""Find out what each file is and which reader takes it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from duly.intake.rules.columns import KINDS
from duly.intake.rules.sheet import Sheet
from duly.interfaces.exchange.readers.delimited import open_delimited
from duly.interfaces.exchange.readers.mapping import Mapping
from duly.interfaces.exchange.readers.own import PRESET, kind_of, nearest_kind, own_sheet
from duly.interfaces.exchange.readers.presets import PRESETS, preset_for
from duly.interfaces.exchange.readers.refusals import FileEmpty, HeaderUnfit
from duly.interfaces.exchange.readers.tables import Table


def read_files(
    paths: Sequence[Path],
    *,
    names: Sequence[str] | None = None,
    kind: str | None = None,
    preset: str | None = None,
    mappings: Sequence[Mapping | None] | None = None,
    remembered: Callable[[str], Mapping | None] | None = None,
) -> list[Sheet]:
    """The sheets of some files; one file may give several."""
    told = names or [path.name for path in paths]
    sheets: list[Sheet] = []
    for path, name in zip(paths, told, strict=True):
        for table in open_tables(path, name):
            sheets.append(_sheet_of(table, kind, preset))
    return sheets


def open_tables(path: Path, name: str) -> list[Table]:
    """The tables that a file holds."""
    if not path.stat().st_size:
        raise FileEmpty(f"{name} has no bytes.", facts={"file": name}, remedy="Export it again.")
    return [open_delimited(path, name)]


def _sheet_of(table: Table, kind: str | None, preset: str | None) -> Sheet:
    own = KINDS[kind] if kind else kind_of(table.header)
    if preset not in (None, PRESET):
        chosen = PRESETS[preset]
        return Sheet(chosen.kind, table.name, chosen.name, chosen.columns, chosen.read(table))
    if own is not None and (kind is None or kind_of(table.header) is not None):
        return own_sheet(table, own)
    found = preset_for(table.header, kind)
    if found:
        return Sheet(found.kind, table.name, found.name, found.columns, found.read(table))
    near = nearest_kind(table.header)
    missing = [column for column in near.required if column not in table.header]
    raise HeaderUnfit(
        f"{table.name} is no file that we know: {', '.join(table.header)[:300]}.",
        facts={"file": table.name, "found": list(table.header), "missing": missing},
        remedy=f"For {near.name} it lacks {', '.join(missing)}. Say how to read it with --map.",
    )
