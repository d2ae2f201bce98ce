"""A form for mapping columns: read from what was posted, or first filled from what is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from duly.intake.rules.columns import KINDS
from duly.interfaces.exchange.readers import Mapping
from duly.interfaces.exchange.readers.tables import Table
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.importing.proposing import (
    CHOICES,
    propose_columns,
    propose_fixed,
    propose_footer,
    propose_kind,
    propose_numbers,
    propose_word,
)

FIXED = "="  # instead of a header: the same text for every row
JOIN = "\x1f"  # between several headers that are read as one text
MOST_WORDS = 12  # of a column of words that are asked about
_TEXTS = ("name", "kind", "sheet", "encoding", "delimiter", "decimal", "thousands", "date_order")


@dataclass(slots=True)
class Source:
    """Where one of our columns comes from: a header, a text for every row, or nothing ("")."""

    header: str = ""
    fixed: str = ""
    words: dict[str, str] = field(default_factory=dict)  # theirs -> ours


@dataclass(slots=True)
class Asked:
    """What the form says, in the words of a mapping's own keys."""

    name: str = ""
    kind: str = "items"
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    skip_rows: int = 0
    footer: tuple[str, ...] = ()
    stops_at_blank: bool = False
    decimal: str = ""
    thousands: str = ""
    symbols: tuple[str, ...] = ()
    date_order: str = ""
    negative: str = "keep"
    sign: str = ""  # "" on the amount itself, "column", "two"
    sign_column: str = ""
    sign_negative: tuple[str, ...] = ()
    sign_debit: str = ""
    sign_credit: str = ""
    only_header: str = ""
    only_words: tuple[str, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """The mapping that this describes, as `Mapping.from_dict` takes it."""
        columns: dict[str, Any] = {}
        constants: dict[str, str] = {}
        values: dict[str, dict[str, str]] = {}
        for column in KINDS[self.kind].columns:
            source = self.sources.get(column, Source())
            if self.sign == "two" and column == "amount":
                continue
            if source.header == FIXED:
                constants[column] = source.fixed
            elif source.header:
                columns[column] = source.header.split(JOIN)
                words = {theirs: ours for theirs, ours in source.words.items() if ours}
                if words:
                    values[column] = words
        sign: dict[str, Any] = {}
        if self.sign == "column":
            sign = {"column": self.sign_column, "negative": list(self.sign_negative)}
        elif self.sign == "two":
            sign = {"debit": self.sign_debit, "credit": self.sign_credit}
        return {
            **{name: getattr(self, name) for name in _TEXTS},
            "skip_rows": self.skip_rows,
            "footer": list(self.footer),
            "stops_at_blank": self.stops_at_blank,
            "symbols": list(self.symbols),
            "negative": self.negative,
            "sign": sign,
            "only": {self.only_header: list(self.only_words)} if self.only_header else {},
            "columns": columns,
            "constants": {column: text for column, text in constants.items() if text},
            "values": values,
        }

    def missing(self) -> list[str]:
        """Columns that the kind needs and nothing fills yet."""
        told = self.told()
        filled = told["columns"].keys() | told["constants"].keys()
        if self.sign == "two" and self.sign_debit and self.sign_credit:
            filled = filled | {"amount"}
        return [column for column in KINDS[self.kind].required if column not in filled]


def asked_by_form(posted: QueryDict) -> Asked:
    """What a person filled in."""
    asked = Asked(**{name: posted.get(name, "").strip()[:200] for name in _TEXTS})
    asked.thousands = posted.get("thousands", "")[:1]
    if asked.kind not in KINDS:
        asked.kind = "items"
    asked.skip_rows = number_in(posted.get("skip_rows", ""), 6) or 0
    asked.footer = _listed(posted.get("footer", ""), "\n")
    asked.stops_at_blank = "stops_at_blank" in posted
    asked.symbols = _listed(posted.get("symbols", ""), " ")
    asked.negative = posted.get("negative", "") or "keep"
    asked.sign = posted.get("sign", "")
    asked.sign_column = posted.get("sign_column", "")
    asked.sign_negative = _listed(posted.get("sign_negative", ""), ",")
    asked.sign_debit = posted.get("sign_debit", "")
    asked.sign_credit = posted.get("sign_credit", "")
    asked.only_header = posted.get("only_header", "")
    asked.only_words = _listed(posted.get("only_words", ""), ",")
    for column in KINDS[asked.kind].columns:
        words = zip(
            posted.getlist(f"their.{column}"), posted.getlist(f"our.{column}"), strict=False
        )
        asked.sources[column] = Source(
            posted.get(f"from.{column}", ""), posted.get(f"fixed.{column}", "").strip(), dict(words)
        )
    return asked


def _listed(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())


def asked_by_mapping(mapping: Mapping) -> Asked:
    """The form of a mapping that is known."""
    sign = mapping.sign
    header, words = next(iter(mapping.only.items()), ("", ()))
    asked = Asked(
        name=mapping.name,
        kind=mapping.kind,
        sheet=mapping.sheet,
        encoding=mapping.writing.encoding or "",
        delimiter={"\t": "tab"}.get(
            mapping.writing.delimiter or "", mapping.writing.delimiter or ""
        ),
        skip_rows=mapping.writing.skip_rows,
        footer=mapping.writing.footer,
        stops_at_blank=mapping.writing.stops_at_blank,
        decimal=mapping.decimal,
        thousands=mapping.thousands,
        symbols=mapping.symbols,
        date_order=mapping.date_order or "",
        negative=mapping.negative,
        sign="column" if sign.column else "two" if sign.debit else "",
        sign_column=sign.column,
        sign_negative=sign.negative,
        sign_debit=sign.debit,
        sign_credit=sign.credit,
        only_header=header,
        only_words=words,
    )
    for column, headers in mapping.columns.items():
        asked.sources[column] = Source(JOIN.join(headers), "", dict(mapping.values.get(column, {})))
    for column, text in mapping.constants.items():
        asked.sources[column] = Source(FIXED, text)
    return asked


def asked_by_table(
    table: Table, cells: Sequence[Sequence[str]], name: str, encoding: str, currency: str
) -> Asked:
    """A first proposal for a table that nobody mapped yet."""
    kind = propose_kind(table.header)
    asked = Asked(name=name.rsplit(".", 1)[0][:60], kind=kind, sheet=table.part, encoding=encoding)
    asked.skip_rows = table.header_row - 1
    propose_sources(asked, table, currency)
    if cells:
        asked.footer = propose_footer(cells[0])
    amount = table.place_of(asked.sources["amount"].header) if "amount" in asked.sources else None
    if amount is not None and cells:
        asked.decimal, asked.thousands = propose_numbers(cells[amount][:500])
    return asked


def propose_sources(asked: Asked, table: Table, currency: str) -> None:
    """Fill where columns come from by the names of the headers."""
    asked.sources = {}
    named = propose_columns(asked.kind, table.header)
    for column in KINDS[asked.kind].columns:
        fixed = propose_fixed(asked.kind, column, currency)
        if column in named:
            asked.sources[column] = Source(named[column])
        elif fixed and column in KINDS[asked.kind].required:
            asked.sources[column] = Source(FIXED, fixed)


def fill_words(asked: Asked, table: Table, texts: Sequence[Sequence[str]]) -> None:
    """Ask about the words of columns that take a few words only, in the order of the file."""
    for column in CHOICES:
        source = asked.sources.get(column)
        place = table.place_of(source.header) if source and source.header else None
        if source is None or place is None or not texts:
            continue
        theirs = list(dict.fromkeys(text.strip() for text in texts[place] if text.strip()))
        source.words = {
            word: source.words.get(word) or propose_word(column, word)
            for word in theirs[:MOST_WORDS]
        }
