"""Mapping the columns of a file by hand, with a view of its first rows as they will be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from duly.intake.models import Upload
from duly.intake.queries import mapped, mapping_for
from duly.intake.rules.columns import KINDS
from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.importing import Wanted, read
from duly.interfaces.exchange.readers import Mapping, open_tables
from duly.interfaces.exchange.readers.formats import WORKBOOK, recognise
from duly.interfaces.exchange.readers.mapping import layout_of
from duly.interfaces.exchange.readers.refusals import EncodingUnclear
from duly.interfaces.exchange.readers.tables import Table
from duly.interfaces.exchange.readers.writing import Writing
from duly.interfaces.exchange.uploads import folder, map_file, plan_of
from duly.interfaces.web.current import entity_of
from duly.interfaces.web.guard import page
from duly.interfaces.web.middleware import status_of
from duly.interfaces.web.pages.importing.arriving import look_at_once, refuse_written, upload_of
from duly.interfaces.web.pages.importing.asked import (
    FIXED,
    JOIN,
    Asked,
    Source,
    asked_by_form,
    asked_by_mapping,
    asked_by_table,
    fill_words,
    propose_sources,
)
from duly.interfaces.web.pages.importing.proposing import CHOICES, table_of
from duly.interfaces.web.pages.importing.shown import cells_of, tell
from duly.interfaces.web.pages.importing.words import (
    KIND_WORDS,
    MONEY_COLUMNS,
    Told,
    column_label,
    tell_problems,
)
from duly.kernel.currencies import exponent
from duly.kernel.errors import Malformed, Missing, Refusal

SHOWN_ROWS = 8
USUAL_ENCODING = "cp1252"  # proposed, and shown as such, where bytes are no UTF-8
USUAL_COLUMNS = frozenset({"due_on", "open_amount"})  # left out, they change what is owed when
MAPPED_KINDS = ("items", "customers", "payments", "applications", "contacts", "rates")
ENCODINGS = (
    ("", "As recognised"),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252 (Western Europe)"),
    ("iso8859-15", "ISO 8859-15"),
    ("cp1250", "Windows-1250 (Central Europe)"),
    ("cp1251", "Windows-1251 (Cyrillic)"),
    ("cp1253", "Windows-1253 (Greek)"),
    ("cp1254", "Windows-1254 (Turkish)"),
    ("utf-16-le", "UTF-16, little-endian"),
    ("shift_jis", "Shift JIS"),
    ("gb18030", "GB 18030"),
)
DELIMITERS = (
    ("", "As recognised"),
    (",", "Comma ,"),
    (";", "Semicolon ;"),
    ("tab", "Tab"),
    ("|", "Bar |"),
)
DECIMALS = ((".", "Point 1234.50"), (",", "Comma 1234,50"))
GROUPINGS = (
    ("", "Nothing"),
    (",", "Comma 1,234"),
    (".", "Point 1.234"),
    (" ", "Space 1 234"),
    ("'", "Apostrophe 1'234"),
)
ORDERS = (
    ("", "As the file itself proves"),
    ("dmy", "Day first: 31.12.2026"),
    ("mdy", "Month first: 12/31/2026"),
    ("ymd", "Year first: 26-12-31"),
)
NEGATIVES = (
    ("keep", "Is a problem, and told"),
    ("turn", "Counts without its sign"),
    ("credit_note", "Is a credit note"),
)
SIGNS = (
    ("", "On the amount itself"),
    ("column", "In a column of its own"),
    ("two", "Debit and credit in two columns"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a table: its first cells by column, and the worksheets beside it."""

    table: Table
    cells: Sequence[Sequence[str]]
    parts: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One of our columns in the form."""

    column: str
    label: str
    is_needed: bool
    source: Source
    headers: list[tuple[str, str]]  # (value, label), what it has now among them
    choices: list[tuple[str, str]]  # (word, label)
    words: list[tuple[str, str]]  # (theirs, ours)
    is_missing: bool

    @property
    def is_first(self) -> bool:
        """Tell whether it stands among those that are asked about without being looked for."""
        return self.is_needed or bool(self.source.header) or self.column in USUAL_COLUMNS


@dataclass(slots=True)
class Look:
    """A file's first rows as they will be read."""

    heads: list[tuple[str, bool]] = field(default_factory=list)  # (label, is an amount)
    rows: list[tuple[str, list[tuple[str, bool]], bool]] = field(default_factory=list)
    problems: list[Told] = field(default_factory=list)
    problem_count: int = 0
    looked_at: int = 0
    notes: list[str] = field(default_factory=list)
    refusal: dict[str, Any] | None = None


@page(act="import", methods=("GET", "POST"))
def columns(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """The form; every change of it is posted and answered with the rows as they read then."""
    found = upload_of(request, token)
    refuse_written(found)
    file = _file_of(found, number)
    path, name = folder(found) / file["path"], file["name"]
    form = recognise(path, name, encoding=request.POST.get("encoding") or None)
    currency = entity_of(request).currency
    head, refusal = None, None
    asked = asked_by_form(request.POST) if request.method == "POST" else Asked(name=name)
    try:
        if request.method == "POST":
            head = _head(path, name, asked)
            if _starts_again(request.POST):
                propose_sources(asked, head.table, currency)
        else:
            asked, head = _first(path, name, form, file["mapping"], currency)
    except Refusal as error:
        refusal = error
    if refusal is None and "use" in request.POST:
        try:
            mapping = Mapping.from_dict(asked.told())
            read(path, wanted=Wanted(), name=name, mapping=mapping)
        except Refusal as error:
            refusal = error
        else:
            map_file(found, name, mapping)
            look_at_once(request, found)
            return redirect("import_upload", token)
    told = _shown(path, name, asked, head) | {
        "upload": found,
        "file": file,
        "number": number,
        "is_workbook": form == WORKBOOK,
        "refusal": tell(refusal.as_dict()) if refusal else None,
    }
    return render(
        request, "web/importing_columns.html", told, status=status_of(refusal) if refusal else 200
    )


def _starts_again(posted: QueryDict) -> bool:
    """Tell whether the kind or the worksheet was changed: columns are then proposed anew."""
    return any(posted.get(f"{key}_before", "") != posted.get(key, "") for key in ("kind", "sheet"))


def _file_of(found: Upload, number: int) -> dict[str, Any]:
    if number >= len(found.files):
        raise Missing(
            "There is no such file in this upload.", remedy="Open the upload from its own page."
        )
    return dict(found.files[number])


def _first(
    path: Path, name: str, form: str, kept: dict[str, Any] | None, currency: str
) -> tuple[Asked, Head]:
    """The form as it opens: what was said before, what is remembered, or a proposal."""
    if kept and not kept.get("preset"):
        asked = asked_by_mapping(Mapping.from_dict(kept))
        return asked, _head(path, name, asked)
    encoding = ""
    try:
        head = _head_of([table_of(path, name, form, Writing())])
    except EncodingUnclear:
        encoding = USUAL_ENCODING
        head = _head_of([table_of(path, name, form, Writing(encoding=encoding))])
    known = mapped(layout_of(head.table.header))
    if known is not None and not known.mapping.get("preset"):
        asked = asked_by_mapping(Mapping.from_dict(known.mapping))
    else:
        asked = asked_by_table(head.table, head.cells, name, encoding, currency)
    return asked, _head(path, name, asked)


def _head(path: Path, name: str, asked: Asked) -> Head:
    """The table that the form points at: under the row that has all headers it names."""
    told = asked.told()
    named = [header for headers in told["columns"].values() for header in headers]
    writing = Mapping.from_dict(
        {
            "name": "form",
            "preset": "form",
            **{key: told[key] for key in ("encoding", "delimiter", "skip_rows", "footer")},
        }
    )
    reading = replace(writing, columns={"named": tuple(named)} if named else {})
    return _head_of(open_tables(path, name, reading), asked.sheet)


def _head_of(tables: Sequence[Table], part: str = "") -> Head:
    """The table of a name, else the one of most columns, with its first rows."""
    table = next(
        (table for table in tables if part and table.part == part),
        max(tables, key=lambda table: len(table.header), default=None),
    )
    if table is None:
        raise Malformed("No worksheet holds a row.", remedy="Export the file again.")
    block = next(table.blocks, None)
    return Head(table, block.columns if block else [], [table.part for table in tables])


def _shown(path: Path, name: str, asked: Asked, head: Head | None) -> dict[str, Any]:
    """What the form shows: its lines, and the first rows as they are read."""
    options: list[tuple[str, str]] = []
    if head is not None:
        asked.sheet = head.table.part
        fill_words(asked, head.table, head.cells)
        options = _options(head)
    missing = asked.missing()
    needed = KINDS[asked.kind].required
    lines = [
        Line(
            column,
            column_label(column),
            column in needed,
            source,
            _with(options, source.header),
            [(word, word.replace("_", " ")) for word in CHOICES.get(column, ())],
            list(source.words.items()),
            column in missing,
        )
        for column in KINDS[asked.kind].columns
        if not (asked.sign == "two" and column == "amount")
        for source in (asked.sources.get(column, Source()),)
    ]
    return {
        "asked": asked,
        "headers": [header for header, _ in options],
        "parts": head.parts if head else [],
        "lines": [line for line in lines if line.is_first],
        "more_lines": [line for line in lines if not line.is_first],
        "missing": [column_label(column) for column in missing],
        "look": look_at(path, name, asked) if head else Look(),
        "kinds": [(kind, KIND_WORDS[kind]) for kind in MAPPED_KINDS],
        "encodings": _with(list(ENCODINGS), asked.encoding),
        "delimiters": _with(list(DELIMITERS), asked.delimiter),
        "decimals": DECIMALS,
        "groupings": GROUPINGS,
        "orders": ORDERS,
        "negatives": NEGATIVES if asked.kind == "items" else NEGATIVES[:2],
        "signs": SIGNS,
        "fixed": FIXED,
    }


def _options(head: Head) -> list[tuple[str, str]]:
    """The headers to choose from, each with the first cell under it."""
    found = []
    for place, header in enumerate(head.table.header):
        if header:
            column = head.cells[place] if place < len(head.cells) else []
            first = next((text.strip() for text in column if text.strip()), "")
            found.append((header, f"{header} · {first[:30]}" if first else header))
    return found


def _with(options: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """Options with the present value among them, so that a form never loses what it has."""
    if not value or value == FIXED or value in (held for held, _ in options):
        return options
    return [*options, (value, " + ".join(value.split(JOIN)))]


def look_at(path: Path, name: str, asked: Asked) -> Look:
    """The first rows as a form reads them; columns that nothing fills yet are left out."""
    told = asked.told()
    missing = asked.missing()
    told["constants"] = {**told["constants"], **dict.fromkeys(missing, "")}
    try:
        mapping = Mapping.from_dict(told)
        sheet = read(path, wanted=Wanted(), name=name, mapping=mapping)[0]
        block = next(iter(sheet.blocks), None)
    except Refusal as refusal:
        return Look(refusal=tell(refusal.as_dict()))
    if block is None:
        return Look()
    return _rows_of(block, sheet.kind, name, [c for c in sheet.columns if c not in missing])


def _rows_of(block: Block, kind: str, name: str, shown: list[str]) -> Look:
    shown = [column for column in shown if column in block.columns]
    number = min(len(block), SHOWN_ROWS)
    first = {f"row {row}" for row in block.rows[:number]}
    here = [problem for problem in block.problems if problem.where in first]
    told = [
        {"where": one.where, "code": one.code, "message": one.message, "remedy": one.remedy}
        for one in here or block.problems[:3]
    ]
    wrong = {problem.where for problem in here}
    rows = [
        (
            str(block.rows[index]),
            cells_of({name: block.columns[name][index] for name in block.columns}, shown),
            f"row {block.rows[index]}" in wrong,
        )
        for index in range(number)
    ]
    return Look(
        [(column_label(column), column in MONEY_COLUMNS) for column in shown],
        rows,
        tell_problems(kind, name, told),
        len(block.problems),
        len(block),
        list(block.notes),
    )


@page(act="import", methods=("POST",))
def answer(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Say the one thing that an accounting system's export leaves open, and preview it so."""
    found = upload_of(request, token)
    refuse_written(found)
    file, plan = _file_of(found, number), plan_of(found)
    export = plan.files[number].export if plan else None
    if export is None:
        raise Malformed(
            "Nothing is asked of this file any more.", remedy="Open the upload from its own page."
        )
    said = {
        key: request.POST[key]
        for key in ("date_order", "decimal", "currency")
        if request.POST.get(key)
    }
    if "currency" in said:
        said["currency"] = said["currency"].strip().upper()
        exponent(said["currency"])
    before = file["mapping"] or mapping_for(export["layout"]) or {}
    kept = {key: before[key] for key in ("date_order", "decimal", "currency") if before.get(key)}
    told = {"name": export["family"], "preset": export["family"], **kept, **said}
    map_file(found, file["name"], Mapping.from_dict(told))
    look_at_once(request, found)
    return redirect("import_upload", token)
