"""Mappings: how any table is read, told by a person once and remembered for its layout."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from duly.intake.rules.columns import ITEM_KINDS, KINDS
from duly.interfaces.exchange.readers.days import ORDERS
from duly.interfaces.exchange.readers.declared import Declared
from duly.interfaces.exchange.readers.numbers import DECIMALS, GROUPINGS
from duly.interfaces.exchange.readers.refusals import MappingUnfit
from duly.interfaces.exchange.readers.writing import Writing, encoding_named
from duly.kernel.quoting import quoted

DATE_COLUMNS = frozenset(
    {
        "on",
        "issued_on",
        "due_on",
        "settled_on",
        "discount_until",
        "delivered_on",
        "received_on",
        "applied_on",
        "ordered_on",
        "booked_on",
        "value_on",
    }
)
NUMBER_COLUMNS = frozenset(
    {
        "amount",
        "open_amount",
        "discount_amount",
        "credit_limit",
        "discount",
        "prepaid",
        "per_entity_currency",
    }
)
# What becomes of a negative amount: left for the books to refuse, its sign turned, or (items) the
# row becomes a credit note.
NEGATIVES = ("keep", "turn", "credit_note")


@dataclass(frozen=True, slots=True)
class Sign:
    """Where the sign of amounts stands, if not on them: a column of marks, or two columns."""

    column: str = ""
    negative: tuple[str, ...] = ()
    debit: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the columns of a table become those of a kind.

    `columns` gives our column the headers it comes from (several are joined with a space),
    `constants` a text for every row, `values` other words for what stands in a cell; `only` keeps
    the rows that have one of some words under a header. Headers are found in any case. With
    `preset` the columns are those of an accounting system's export, and the mapping tells only what
    that leaves open: date order, decimal mark, currency.
    """

    name: str
    kind: str
    columns: dict[str, tuple[str, ...]]
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    writing: Writing = field(default_factory=Writing)
    sheet: str = ""
    decimal: str = ""
    thousands: str = ""
    symbols: tuple[str, ...] = ()
    date_order: str | None = None
    date_format: str | None = None
    currency: str = ""
    preset: str = ""
    negative: str = "keep"
    sign: Sign = field(default_factory=Sign)

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        """The mapping that a TOML file or a person's choice describes.

        Refuses: MappingUnfit, with every key that is unknown, missing or can't mean anything.
        """
        given = Declared(told)
        told = told if isinstance(told, dict) else {}
        mapping = cls(
            name=given.text("name")[:60] or "unnamed",
            preset=given.text("preset"),
            kind=given.word("kind", tuple(KINDS), needed="preset" not in told),
            columns=given.lists("columns"),
            constants=given.words("constants"),
            values=given.tables_of_words("values"),
            only=given.lists("only"),
            writing=_writing(given),
            sheet=given.text("sheet"),
            decimal=given.word("decimal", DECIMALS),
            thousands=given.word("thousands", GROUPINGS),
            symbols=given.texts("symbols"),
            date_order=given.word("date_order", ORDERS) or None,
            date_format=given.text("date_format") or None,
            currency=given.text("currency"),
            negative=given.word("negative", NEGATIVES) or "keep",
            sign=_sign(given),
        )
        given.refuse_rest()
        _refuse_contradictions(mapping, given.faults)
        if given.faults:
            raise MappingUnfit(
                f"The mapping {quoted(mapping.name)} can't be used: {' '.join(given.faults)}",
                facts={"mapping": mapping.name, "faults": given.faults},
                remedy="See the examples in docs/importing.md.",
            )
        return mapping

    def to_dict(self) -> dict[str, Any]:
        """The mapping as it is kept: what `from_dict` takes, defaults left out."""
        told: dict[str, Any] = {
            "name": self.name,
            "kind": self.kind,
            "encoding": self.writing.encoding,
            "delimiter": self.writing.delimiter,
            "skip_rows": self.writing.skip_rows,
            "footer": list(self.writing.footer),
            "stops_at_blank": self.writing.stops_at_blank,
            "sheet": self.sheet,
            "decimal": self.decimal,
            "thousands": self.thousands,
            "symbols": list(self.symbols),
            "date_order": self.date_order,
            "date_format": self.date_format,
            "currency": self.currency,
            "preset": self.preset,
            "negative": self.negative if self.negative != "keep" else "",
            "columns": {
                ours: theirs[0] if len(theirs) == 1 else list(theirs)
                for ours, theirs in self.columns.items()
            },
            "constants": dict(self.constants),
            "values": {ours: dict(words) for ours, words in self.values.items()},
            "only": {theirs: list(words) for theirs, words in self.only.items()},
            "sign": {
                key: list(held) if isinstance(held, tuple) else held
                for key in Sign.__slots__
                if (held := getattr(self.sign, key))
            },
        }
        return {key: held for key, held in told.items() if held}

    def headers(self) -> frozenset[str]:
        """The headers that this mapping reads, normalised; a table must have all of them."""
        used = [header for theirs in self.columns.values() for header in theirs]
        used += [*self.only, self.sign.column, self.sign.debit, self.sign.credit]
        return frozenset(normal_header(header) for header in used if header)

    def fits(self, header: Sequence[str]) -> bool:
        """Tell whether a header has all the columns that this mapping reads."""
        return self.headers() <= {normal_header(cell) for cell in header}


def normal_header(header: str) -> str:
    """A header as it is compared: in lower case, with single spaces.

    >>> normal_header("  Invoice  No. ")
    'invoice no.'
    """
    return " ".join(header.casefold().split())


def layout_of(header: Sequence[str]) -> str:
    """The signature of a header, under which its mapping is remembered."""
    text = "\x1f".join(normal_header(cell) for cell in header)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _writing(given: Declared) -> Writing:
    return Writing(
        encoding=encoding_named(given.text("encoding"), given.faults),
        delimiter=_delimiter(given),
        skip_rows=given.count("skip_rows"),
        footer=given.texts("footer"),
        stops_at_blank=given.flag("stops_at_blank"),
    )


def _sign(given: Declared) -> Sign:
    told = Declared(given.table("sign"), "sign", given.faults)
    sign = Sign(
        column=told.text("column"),
        negative=told.texts("negative"),
        debit=told.text("debit"),
        credit=told.text("credit"),
    )
    told.refuse_rest()
    return sign


def _delimiter(given: Declared) -> str | None:
    told = given.text("delimiter")
    told = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}.get(told, told)
    if told and (len(told) != 1 or told in '"\r\n\x00' or told.isalnum() or told == " "):
        given.faults.append('delimiter is one character, such as ";" or "tab".')
        return None
    return told or None


def _refuse_contradictions(mapping: Mapping, faults: list[str]) -> None:
    """Collect what can't be true together, and which columns nothing fills."""
    if mapping.preset:
        if mapping.columns or mapping.constants or mapping.values or mapping.only:
            faults.append("preset has its own columns: leave columns, constants, values, only out.")
        return
    kind = KINDS.get(mapping.kind)
    if kind is None:
        return
    if mapping.currency:
        faults.append("currency is for presets; here it is one of columns or of constants.")
    given = set(mapping.columns) | set(mapping.constants)
    unknown = sorted((given | set(mapping.values)) - set(kind.columns))
    if unknown:
        faults.append(
            f"{mapping.kind} have no column {', '.join(unknown)}; they have "
            f"{', '.join(kind.columns)}."
        )
    twice = sorted(set(mapping.columns) & set(mapping.constants))
    if twice:
        faults.append(f"{', '.join(twice)} stands in columns and in constants.")
    if mapping.sign.debit and mapping.sign.credit:
        given.add("amount")
        if "amount" in mapping.columns:
            faults.append("amount comes from a column or from debit and credit, not from both.")
    missing = [column for column in kind.required if column not in given]
    if missing:
        faults.append(f"Nothing fills {', '.join(missing)}, which {mapping.kind} need.")
    if (mapping.decimal or ".") == mapping.thousands:
        faults.append("decimal and thousands are the same mark.")
    if mapping.date_order and mapping.date_format:
        faults.append("Say date_order or date_format, not both.")
    if bool(mapping.sign.debit) != bool(mapping.sign.credit):
        faults.append("sign needs debit and credit, or neither.")
    if bool(mapping.sign.column) != bool(mapping.sign.negative):
        faults.append("sign needs column and negative (the marks of negative amounts), or neither.")
    if mapping.sign.column and mapping.sign.debit:
        faults.append("sign is a column of marks or two columns of amounts, not both.")
    if mapping.negative == "credit_note":
        if mapping.kind != "items":
            faults.append('negative = "credit_note" is for items alone.')
        elif mapping.constants.get("kind", "invoice") not in ITEM_KINDS:
            faults.append(f"kind is one of {', '.join(ITEM_KINDS)}.")
