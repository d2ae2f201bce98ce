"""Find out what each file is, and which reader takes it.

In this order: the mapping given; the preset given; Duly's own columns; the mapping remembered for
this header; the export of an accounting system. What none of them reads is refused, and told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from duly.intake.rules.columns import ALL_KINDS, BANK, KINDS, Kind
from duly.intake.rules.sheet import Sheet
from duly.interfaces.exchange.readers.bank.csv_layouts import find_layout
from duly.interfaces.exchange.readers.bank.said import NOTHING_SAID, Said
from duly.interfaces.exchange.readers.bank.sheets import bank_sheets
from duly.interfaces.exchange.readers.delimited import DELIMITERS, open_delimited, sample_rows
from duly.interfaces.exchange.readers.einvoice import read_einvoices
from duly.interfaces.exchange.readers.formats import BANK as BANK_FILE
from duly.interfaces.exchange.readers.formats import (
    DELIMITED,
    EINVOICE,
    WORKBOOK,
    encoding_marked,
    read_head,
    recognise,
)
from duly.interfaces.exchange.readers.mapped import mapped_sheet
from duly.interfaces.exchange.readers.mapping import Mapping, layout_of
from duly.interfaces.exchange.readers.own import PRESET, kind_of, nearest_kind, own_names, own_sheet
from duly.interfaces.exchange.readers.presets import (
    NOTHING_TOLD,
    PRESETS,
    Preset,
    Told,
    presets_for,
    presets_named,
)
from duly.interfaces.exchange.readers.refusals import FormatUnreadable, MappingUnfit, PresetUnknown
from duly.interfaces.exchange.readers.tables import Table
from duly.interfaces.exchange.readers.unread import no_rows, refuse_alike, unknown_header
from duly.interfaces.exchange.readers.workbook import open_workbook
from duly.interfaces.exchange.readers.writing import Writing

EINVOICE_PRESETS = ("ubl", "cii", "factur-x")

Remembered = Callable[[str], Mapping | None]


def read_files(
    paths: Sequence[Path],
    *,
    names: Sequence[str] | None = None,
    kind: str | None = None,
    preset: str | None = None,
    mappings: Sequence[Mapping | None] | None = None,
    remembered: Remembered | None = None,
    said: Said = NOTHING_SAID,
) -> list[Sheet]:
    """The sheets of some files, in their order; one file may give several.

    `names` are what the person calls the files (default: as they are called on disk); `remembered`
    finds the mapping kept for a layout (`Sheet.layout`); `said` is of bank files, and with a layout
    in it every file is one.
    Refuses: a DulyError for whatever can't be read, at once or while blocks are taken.
    """
    kind = kind or (BANK.name if said.layout else None)
    wanted = _Wanted(ALL_KINDS[kind] if kind else None, preset, remembered, said)
    sheets: list[Sheet] = []
    told = names if names is not None else [path.name for path in paths]
    chosen = mappings if mappings is not None else [None] * len(paths)
    for path, name, mapping in zip(paths, told, chosen, strict=True):
        sheets += _sheets_of(path, name, mapping, wanted)
    return sheets


def open_tables(path: Path, name: str, mapping: Mapping | None = None) -> list[Table]:
    """The tables of a delimited file or workbook, for somebody to look at.

    Refuses: as `read_files`; FormatUnreadable for an e-invoice, which is no table.
    """
    wanted = _Wanted(None, None, None)
    form = recognise(path, name, encoding=mapping.writing.encoding if mapping else None)
    if form in (EINVOICE, BANK_FILE):
        told = "XML or PDF" if form == EINVOICE else "a bank's file"
        raise FormatUnreadable(
            f"{name} is {told}: it has no rows to map.",
            facts={"file": name},
            remedy="Import it as it is.",
        )
    return wanted.tables(path, name, form, mapping)


@dataclass(slots=True)
class _Wanted:
    """What was said of all files of an import."""

    kind: Kind | None
    preset: str | None
    remembered: Remembered | None
    said: Said = NOTHING_SAID
    _found: dict[str, Mapping | None] = field(default_factory=dict)

    @property
    def kind_name(self) -> str | None:
        """The kind by its name."""
        return self.kind.name if self.kind else None

    @property
    def is_open(self) -> bool:
        """Tell whether neither kind nor preset was said."""
        return self.kind is None and self.preset is None

    def own_kind(self, header: Sequence[str]) -> Kind | None:
        """The kind whose columns a header has, if it is the one wanted."""
        if self.kind is not None:
            has_all = set(own_names(header)).issuperset(self.kind.required)
            return self.kind if has_all else None
        return kind_of(header)

    def recall(self, header: Sequence[str]) -> Mapping | None:
        """The mapping remembered for a header; each layout is looked up once."""
        if self.remembered is None:
            return None
        layout = layout_of(header)
        if layout not in self._found:
            found = self.remembered(layout)
            fits = found is not None and self.kind in (None, KINDS.get(found.kind))
            self._found[layout] = found if fits else None
        return self._found[layout]

    def recalls(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is a header that is known, or whose mapping is remembered."""
        return self.knows(cells) or self.recall(cells) is not None

    def reader_of(self, table: Table) -> str:
        """What reads a table that is known."""
        own = self.own_kind(table.header)
        return own.name if own else presets_for(table.header, self.kind_name)[0].name

    def knows(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is a header that can be read without being told how."""
        return self.own_kind(cells) is not None or bool(presets_for(cells, self.kind_name))

    def tables(self, path: Path, name: str, form: str, mapping: Mapping | None) -> list[Table]:
        """The tables of a file, read as a mapping says or as is recognised."""
        writing = mapping.writing if mapping else Writing()
        is_header = mapping.fits if mapping and mapping.columns else self.knows
        if form == WORKBOOK:
            return open_workbook(path, name, writing, is_header, mapping.sheet if mapping else "")
        return [open_delimited(path, name, writing, is_header)]


def _sheets_of(path: Path, name: str, mapping: Mapping | None, wanted: _Wanted) -> list[Sheet]:
    """The sheets of one file."""
    if wanted.kind is BANK:
        return _of_bank(path, name, wanted, mapping)
    form = recognise(path, name, encoding=mapping.writing.encoding if mapping else None)
    if form == BANK_FILE:
        return _of_bank(path, name, wanted, mapping)
    if form == EINVOICE:
        return _einvoices(path, name, wanted)
    if mapping is None and wanted.preset is None and wanted.remembered is not None:
        mapping = _remembered_for(path, name, form, wanted)
    if form == DELIMITED and mapping is None and wanted.is_open and _is_banks_table(path, wanted):
        return bank_sheets(path, name, wanted.said)
    tables = wanted.tables(path, name, form, mapping)
    if not tables:
        raise no_rows(name)
    if mapping is not None:
        return _mapped(tables, mapping, wanted)
    known = [table for table in tables if wanted.knows(table.header)]
    if not known and wanted.preset is None:
        raise unknown_header(tables, wanted.kind)
    refuse_alike(known, wanted.reader_of)
    return [sheet for table in known or tables[:1] for sheet in _recognised(table, wanted)]


def _is_banks_table(path: Path, wanted: _Wanted) -> bool:
    """Tell whether a bank's layout of columns fits a table, and nothing that is known better."""
    found = find_layout(read_head(path))
    return found is not None and not wanted.knows(found.header)


def _of_bank(path: Path, name: str, wanted: _Wanted, mapping: Mapping | None) -> list[Sheet]:
    if mapping is not None or wanted.kind not in (None, BANK):
        told = wanted.kind.name if wanted.kind is not None else "the mapping"
        raise FormatUnreadable(
            f"{name} is a bank's file, which can't be read as {told}.",
            code="BANK_FILE",
            facts={"file": name, "kind": wanted.kind_name},
            remedy="Leave --kind and --map out: bank files are recognised by what they hold.",
        )
    sheets = bank_sheets(path, name, wanted.said)
    formats = sorted({sheet.preset for sheet in sheets})
    if wanted.preset is not None and formats != [wanted.preset]:
        raise PresetUnknown(
            f"{name} is {', '.join(formats)}, not {wanted.preset}.",
            facts={"file": name, "preset": wanted.preset, "formats": formats},
            remedy="Leave --preset out: bank files are recognised by what they hold.",
        )
    return sheets


def _einvoices(path: Path, name: str, wanted: _Wanted) -> list[Sheet]:
    if wanted.kind is not None and wanted.kind.name != "items":
        raise FormatUnreadable(
            f"{name} is XML or PDF, which holds no {wanted.kind.name}.",
            facts={"file": name, "kind": wanted.kind.name},
            remedy="E-invoices are items; give other kinds as CSV or .xlsx.",
        )
    if wanted.preset is not None and wanted.preset not in EINVOICE_PRESETS:
        raise PresetUnknown(
            f"{name} is XML or PDF, which {wanted.preset} does not read.",
            facts={"file": name, "preset": wanted.preset},
            remedy="Leave --preset out: e-invoices are recognised by what they hold.",
        )
    return read_einvoices(path, name)


def _remembered_for(path: Path, name: str, form: str, wanted: _Wanted) -> Mapping | None:
    """The mapping remembered for some row at the head of a file; None for our own columns.

    The header may be written in an encoding that only the mapping tells, so that the head is looked
    at in the usual one of Western Europe as well.
    """
    if form == WORKBOOK:
        tables = open_workbook(path, name, Writing(), wanted.recalls)
        heads = [[list(table.header)] for table in tables]
    else:
        head = read_head(path)
        heads = [
            sample_rows(head, encoding, mark)
            for encoding in (encoding_marked(head) or "utf-8", "cp1252")
            for mark in DELIMITERS
        ]
    rows = [[cell.strip() for cell in row] for rows in heads for row in rows]
    if any(wanted.own_kind(row) for row in rows):
        return None
    return next((found for row in rows if any(row) and (found := wanted.recall(row))), None)


def _mapped(tables: list[Table], mapping: Mapping, wanted: _Wanted) -> list[Sheet]:
    """The sheets that a mapping makes of the one table that it fits."""
    if mapping.preset:
        presets = _presets_named(tables[0], mapping.preset, wanted)
        table = next((table for table in tables if presets[0].fits(table.header)), tables[0])
        told = Told(mapping.date_order or "", mapping.decimal, mapping.currency)
        return [_preset_sheet(table, preset, told) for preset in presets]
    if wanted.kind is not None and wanted.kind.name != mapping.kind:
        raise MappingUnfit(
            f"The mapping {mapping.name} reads {mapping.kind}, not {wanted.kind.name}.",
            facts={"file": tables[0].name, "mapping": mapping.name},
            remedy=f"Leave the kind out, or say {mapping.kind}.",
        )
    fitting = [table for table in tables if mapping.fits(table.header)]
    refuse_alike(fitting, lambda table: f"the mapping {mapping.name}")
    return [mapped_sheet((fitting or tables)[0], mapping)]


def _recognised(table: Table, wanted: _Wanted) -> list[Sheet]:
    """The sheets of a table whose header, or the preset named, says what it is."""
    own = wanted.own_kind(table.header)
    if wanted.preset == PRESET or (own is not None and wanted.preset is None):
        kind = own or wanted.kind or nearest_kind(table.header)
        return [own_sheet(table.plain(), kind, layout_of(table.header))]
    if wanted.preset is not None:
        presets = _presets_named(table, wanted.preset, wanted)
    else:
        presets = presets_for(table.header, wanted.kind_name)
    return [_preset_sheet(table, preset, NOTHING_TOLD) for preset in presets]


def _presets_named(table: Table, name: str, wanted: _Wanted) -> tuple[Preset, ...]:
    found = presets_named(name, wanted.kind_name)
    if not found:
        raise PresetUnknown(
            f"{table.name}: there is no preset {name}"
            + (f" of {wanted.kind_name}." if wanted.kind else "."),
            facts={"file": table.name, "preset": name},
            remedy=f"Presets are: {', '.join([PRESET, *PRESETS])}. E-invoices need none.",
        )
    return tuple(preset for preset in found if preset.fits(table.header)) or found[:1]


def _preset_sheet(table: Table, preset: Preset, told: Told) -> Sheet:
    """A table as one preset reads it; each preset of a family reads it anew."""
    return Sheet(
        preset.kind,
        table.name,
        preset.name,
        preset.columns,
        preset.read(table.plain().again(), told),
        layout=layout_of(table.header),
    )
