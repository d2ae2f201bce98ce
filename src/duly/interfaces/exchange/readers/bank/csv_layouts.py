"""Layouts of the CSV that banks hand out: which column is what, as data that a user may change.

A layout fits a file whose header has all the columns that it names; the one that names most counts.
What fits none, or two as well, is asked for, and so is a layout for a file without header: it is
never found, only chosen by its name. See: csv_layouts.toml beside this module.
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from duly.interfaces.exchange.readers.presets.preset import plain_header
from duly.interfaces.exchange.readers.refusals import MappingUnfit
from duly.kernel.currencies import EXPONENTS

HEADER_ROWS = 40  # the header stands among so many rows
_DELIMITERS = (",", ";", "\t", "|")
_WHERE_MONEY = ("amount", "credit", "debit", "side", "currency", "balance")
_WHO = ("own_account", "name", "account", "mandate")
_WHAT = ("bank_reference", "customer_reference", "end_to_end", "structured_reference", "remittance")
_ROLES = {"booked_on", "value_on", "code", *_WHERE_MONEY, *_WHO, *_WHAT}
_TOLD = ("dates", "decimal", "currency", "encoding", "delimiter")
_KEYS = {"name", "columns", "header", *_TOLD, "in", "out", "pending", "not_entries", "continued"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a bank's CSV is read.

    `columns`: role -> the headers that hold it, several of `remittance`, in order. `dates`: "dmy",
    "mdy", "ymd", or "" where the file's days must tell. `decimal`: "," or ".", or "" where each
    amount must tell. `ins` and `outs`: words of the column `side`. `pending`: words in place of a
    day. `not_entries`: header -> words by which a row is a balance or a total. `is_continued`: a
    row without day and amount goes on with the text before it. Without header (`has_header`) the
    columns are numbers from 1, written "#1", and the `delimiter` is told.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    dates: str = ""
    decimal: str = ""
    currency: str = ""
    encoding: str = ""
    delimiter: str = ""
    has_header: bool = True
    ins: frozenset[str] = frozenset()
    outs: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()
    not_entries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_continued: bool = False

    def headers(self) -> set[str]:
        """All headers that it needs, as `plain_header` writes them."""
        return {name for names in self.columns.values() for name in names} | set(self.not_entries)


@dataclass(frozen=True, slots=True)
class Found:
    """The layouts that fit a file best (one, if it is clear), and where its header stands."""

    layouts: tuple[Layout, ...]
    header: tuple[str, ...]
    row: int
    delimiter: str


@cache
def own_layouts() -> tuple[Layout, ...]:
    """The layouts that come with Duly."""
    path = Path(__file__).with_name("csv_layouts.toml")
    return layouts_from(path.read_text(encoding="utf-8"))


def layouts_from(text: str) -> tuple[Layout, ...]:
    """The layouts of a TOML text, a table [[layout]] each.

    Refuses: MappingUnfit for what can't mean anything, with the name of the layout.
    """
    try:
        tables = tomllib.loads(text).get("layout", [])
    except tomllib.TOMLDecodeError as error:
        raise _unfit("the layouts", f"are no TOML: {error}") from None
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise _unfit("the layouts", "need a table [[layout]] each")
    return tuple(_layout(table) for table in tables)


def _layout(table: dict[str, Any]) -> Layout:
    name, columns = table.get("name"), table.get("columns")
    if not isinstance(name, str) or not isinstance(columns, dict):
        raise _unfit("a layout", "needs a name and columns")
    strange = [*(set(table) - _KEYS), *(set(columns) - _ROLES)]
    if strange:
        raise _unfit(name, f"has {', '.join(sorted(strange))}, which no layout knows")
    has_amount = "amount" in columns or {"credit", "debit"} <= set(columns)
    if "booked_on" not in columns or not has_amount:
        raise _unfit(name, "needs booked_on, and amount or both credit and debit")
    told = {key: str(table.get(key, "")) for key in _TOLD}
    for key, allowed in (("dates", ("", "dmy", "mdy", "ymd")), ("decimal", ("", ".", ","))):
        if told[key] not in allowed:
            raise _unfit(name, f"has {key} = {told[key]!a}; it can be {', '.join(allowed[1:])}")
    if told["currency"] and told["currency"] not in EXPONENTS:
        raise _unfit(name, f"has the currency {told['currency']!a}, which is none")
    has_header = table.get("header", True) is not False
    if not has_header and told["delimiter"] not in _DELIMITERS:
        raise _unfit(name, "has no header and needs a delimiter")
    left_out = table.get("not_entries", {})
    if not isinstance(left_out, dict):
        raise _unfit(name, "has not_entries that are no table of headers and words")
    if told["encoding"] and not _is_encoding(told["encoding"]):
        raise _unfit(name, f"has the encoding {told['encoding']!a}, which is none of text")
    if "side" in columns and "amount" not in columns:
        raise _unfit(name, "has a side without an amount")
    return Layout(
        name,
        {
            role: tuple(plain_header(one if has_header else f"#{one}") for one in _texts(names))
            for role, names in columns.items()
        },
        **told,
        has_header=has_header,
        ins=frozenset(_texts(table.get("in", []))),
        outs=frozenset(_texts(table.get("out", []))),
        pending=frozenset(_texts(table.get("pending", []))),
        not_entries={
            plain_header(header): frozenset(_texts(words)) for header, words in left_out.items()
        },
        is_continued=bool(table.get("continued")),
    )


def choose_layout(name: str, layouts: Sequence[Layout] | None = None) -> Found | None:
    """The layout of this name, for a file without header; None where there is none such."""
    for one in own_layouts() if layouts is None else layouts:
        if one.name == name and not one.has_header:
            return Found((one,), tuple(f"#{at}" for at in range(1, 100)), 0, one.delimiter)
    return None


def find_layout(head: bytes, layouts: Sequence[Layout] | None = None) -> Found | None:
    """The layouts that fit a file best, by its first bytes; None where none fits.

    `layouts`: the user's own, in place of those that come with Duly.
    """
    layouts = own_layouts() if layouts is None else layouts
    best: Found | None = None
    most = 0
    for encoding in sorted({one.encoding for one in layouts}):
        able = [one for one in layouts if one.encoding == encoding and one.has_header]
        for row, delimiter, header in _headers(_text(head, encoding)):
            names = {plain_header(cell) for cell in header}
            for layout in able:
                needed = layout.headers()
                if needed <= names and len(needed) >= most:
                    others = best.layouts if best and len(needed) == most else ()
                    if layout not in others:
                        best = Found((*others, layout), tuple(header), row, delimiter)
                    most = len(needed)
    return best


def _headers(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Line, delimiter and cells of each row that may be the header."""
    for delimiter in _DELIMITERS:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        try:
            for _, row in zip(range(HEADER_ROWS), rows, strict=False):
                if len(row) > 1:
                    yield rows.line_num, delimiter, row
        except csv.Error:
            continue


def _text(head: bytes, encoding: str) -> str:
    for one in (encoding,) if encoding else ("utf-8-sig", "cp1252"):
        try:
            return head.decode(one, "strict" if one == "utf-8-sig" else "replace")
        except UnicodeDecodeError as error:
            if error.start > len(head) - 4:  # the head ends within a character
                return head[: error.start].decode(one)
    return ""


def _is_encoding(name: str) -> bool:
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError):
        return False
    return True


def _texts(told: Any) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else [str(told)]


def _unfit(name: str, told: str) -> MappingUnfit:
    return MappingUnfit(
        f"The layout {name} {told}.",
        facts={"layout": name},
        remedy="Mend it in the file of layouts.",
    )
