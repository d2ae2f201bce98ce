"""Invoices and credit notes out of any export: lines grouped, totals taken or summed.

An export has a row for each document or for each line. Rows of one document are those with the
same id, or the same number and customer; they need not stand together. A total that each line
repeats counts once; without one the lines are summed, but only where their tax is known.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from duly.intake.rules.columns import ITEM_KINDS
from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.readers.presets.days import DayReader
from duly.interfaces.exchange.readers.presets.figures import (
    CurrencyUnclear,
    FigureReader,
    MinorReader,
    currency_code,
    rounded,
)
from duly.interfaces.exchange.readers.presets.gathering import (
    Fields,
    Gathered,
    Row,
    gather,
    need_fields,
)
from duly.interfaces.exchange.readers.presets.handing import (
    TITLE,
    Omissions,
    Record,
    blocks_from,
)
from duly.interfaces.exchange.readers.presets.preset import Told
from duly.interfaces.exchange.readers.tables import Table

COLUMNS = (
    "kind",
    "number",
    "customer_id",
    "currency",
    "issued_on",
    "amount",
    "due_on",
    "terms",
    "open_amount",
    "settled_on",
    "po_number",
    "reference",
    "customer_name",
    "customer_email",
)
FIGURES = (
    "total",
    "open_amount",
    "paid",
    "credited",
    "line_amount",
    "line_tax",
    "quantity",
    "unit_amount",
)
_CENT = Decimal("0.01")

# Tax codes under which a line bears no tax, in the words of QuickBooks and Xero.
_UNTAXED = frozenset(
    {
        "",
        "0%",
        "0% s",
        "0.0% z",
        "bas excluded",
        "exempt",
        "exempt income",
        "exempt output",
        "gst free",
        "gst free income",
        "no gst",
        "no tax",
        "no tax (0%)",
        "no vat",
        "non",
        "none",
        "out of scope",
        "tax exempt",
        "tax exempt (0%)",
        "zero rated",
        "zero rated income",
        "zero-rated",
    }
)


@dataclass(frozen=True, slots=True)
class DocumentExport:
    """What differs between exports of documents.

    `fields` names the headers of each field; `sort` gives a row's kind (of ITEM_KINDS), or the
    reason why it is left out; `settled` tells of a row without an open amount that nothing is open;
    `prepare` brings a report into rows that stand for themselves.
    """

    fields: Fields
    sort: Callable[[Row], str]
    settled: Callable[[Row], bool] = lambda row: False
    prepare: Callable[[Gathered], None] = lambda gathered: None
    has_minor_units: bool = False


def document_reader(export: DocumentExport) -> Callable[[Table, Told], Iterator[Block]]:
    """The reader of a preset: a table's rows as blocks of items."""

    def read(table: Table, told: Told) -> Iterator[Block]:
        gathered = gather(table, export.fields)
        need_fields(gathered, {"issued_on": export.fields["issued_on"]})
        export.prepare(gathered)
        return _Documents(export, gathered, told).blocks()

    return read


class _Documents:
    """The documents of one export."""

    def __init__(self, export: DocumentExport, gathered: Gathered, told: Told) -> None:
        self._export = export
        self._gathered = gathered
        self._omissions = Omissions()
        self._groups, self._kinds = self._grouped()
        kept = [index for group in self._groups for index in group]
        self._currency = self._single_currency(told)
        self._days = DayReader.for_texts(
            self._texts(kept, ("issued_on", "due_on", "settled_on")), told=told, file=gathered.file
        )
        self._figures: FigureReader | MinorReader = (
            MinorReader()
            if export.has_minor_units
            else FigureReader.for_texts(self._texts(kept, FIGURES), told=told, file=gathered.file)
        )
        self._owners = self._owners_of_numbers()
        self._renamed = 0
        self._uneven = 0

    def blocks(self) -> Iterator[Block]:
        """All documents, in the order of their first rows."""
        notes = self._gathered.notes + self._omissions.notes()
        return blocks_from(self._records(notes), COLUMNS, notes)

    def _records(self, notes: list[str]) -> Iterator[Record]:
        zeros = 0
        for group, kind in zip(self._groups, self._kinds, strict=True):
            record = self._record(group, kind)
            if not record.problems and _is_zero(record.cells["amount"]):
                zeros += 1
            else:
                yield record
        if zeros:
            notes.append(
                f"Documents of amount zero left out: {zeros}. There is nothing to collect."
            )
        if self._renamed:
            notes.append(
                f"Documents with the number of another one of the same customer: {self._renamed}. "
                "Their id stands behind it in parentheses."
            )
        if self._uneven:
            notes.append(
                f"Documents with lines that do not add up to their total: {self._uneven}. "
                "The total was taken."
            )

    def _texts(self, indexes: list[int], names: tuple[str, ...]) -> set[str]:
        cells = self._gathered.cells
        return {cells[name][index] for name in names if name in cells for index in indexes} - {""}

    def _grouped(self) -> tuple[list[list[int]], list[str]]:
        """Indexes of the rows of each document, and its kind; what is left out is counted."""
        gathered, sort = self._gathered, self._export.sort
        groups: dict[tuple[str, ...], list[int]] = {}
        kinds: list[str] = []
        for index in range(len(gathered.rows)):
            row = gathered.row(index)
            kind = sort(row)
            is_broken = index in gathered.problems and kind != TITLE
            if kind not in ITEM_KINDS and not is_broken:
                self._omissions.add(kind)
                continue
            who = row.first("customer_id", "customer_name")
            name: tuple[str, ...] = (row["id"],) if row["id"] else (row["number"], who)
            if is_broken or not any(name):
                name = (str(index), "", "")  # stands alone, so that its problem has its place
            found = groups.get((kind, *name))
            if found is None:
                groups[kind, *name] = [index]
                kinds.append(kind)
            else:
                found.append(index)
        return list(groups.values()), kinds

    def _single_currency(self, told: Told) -> str:
        """The currency for rows that name none. Refuses: CurrencyUnclear."""
        column = self._gathered.cells.get("currency")
        if self._groups and not told.currency and not (column and any(column)):
            raise no_currency(self._gathered.file)
        return told.currency

    def _record(self, group: list[int], kind: str) -> Record:
        gathered = self._gathered
        first = gathered.row(group[0])
        record = Record(gathered.rows[group[0]], {})
        for index in group:
            record.problems += gathered.problems.get(index, [])
        currency = currency_code(first["currency"]) or self._currency
        amount = self._total(record, group, currency)
        open_amount = self._open(record, group, currency, amount)
        if kind == "credit_note":  # some exports write credits below zero; the kind tells the side
            amount, open_amount = amount.removeprefix("-"), open_amount.removeprefix("-")
        name = first.first("customer_name", "customer_id")
        email = first["customer_email"].replace(";", ",").partition(",")[0].strip()
        customer = first.first("customer_id", "customer_name")
        record.cells = {
            "kind": kind if kind in ITEM_KINDS else "invoice",
            "number": self._number(first, kind, customer),
            "customer_id": customer,
            "currency": currency,
            "issued_on": self._days.read(first["issued_on"]),
            "amount": amount,
            "due_on": self._days.read(first["due_on"]),
            "terms": first["terms"],
            "open_amount": open_amount,
            "settled_on": self._days.read(first["settled_on"]) if _is_zero(open_amount) else "",
            "po_number": first["po_number"],
            "reference": first["reference"],
            "customer_name": name,
            "customer_email": email if "@" in email else "",
        }
        return record

    def _owners_of_numbers(self) -> dict[tuple[str, str, str], str]:
        """Which id may bear a number alone: the lowest, whatever the order of the file."""
        owners: dict[tuple[str, str, str], str] = {}
        for group, kind in zip(self._groups, self._kinds, strict=True):
            row = self._gathered.row(group[0])
            key = (kind, row.first("customer_id", "customer_name"), row["number"])
            given = row["id"]
            if given and key[2]:
                held = owners.setdefault(key, given)
                owners[key] = min(held, given, key=lambda text: (len(text), text))
        return owners

    def _number(self, row: Row, kind: str, customer: str) -> str:
        """The document's number, or its id where it has none; made unique where two share it."""
        number, given = row["number"], row["id"]
        if not number or not given or self._owners[kind, customer, number] == given:
            return number or given
        self._renamed += 1
        return f"{number} ({given})"

    def _each(self, group: list[int], name: str, currency: str) -> list[str]:
        """What the rows of a document say of a figure, without repetition and empty cells."""
        column = self._gathered.cells.get(name)
        if column is None:
            return []
        texts = dict.fromkeys(column[index] for index in group if column[index])
        return list(dict.fromkeys(self._figures.read(text, currency) for text in texts))

    def _one(self, record: Record, group: list[int], name: str, currency: str) -> str:
        """A figure of the whole document, which its lines repeat; '' if none says it."""
        said = self._each(group, name, currency)
        if len(said) > 1:
            record.refuse(
                "LINES_DISAGREE",
                f"The rows of this document give its {name.replace('_', ' ')} as "
                f"{' and '.join(said[:3])}.",
                "Mend the export: one number must be one document.",
            )
        return said[0] if said else ""

    def _total(self, record: Record, group: list[int], currency: str) -> str:
        total = self._one(record, group, "total", currency)
        is_single = "line_amount" not in self._gathered.cells
        if total and (is_single or record.problems):
            return total
        summed, tax = self._summed(record, group, currency, is_needed=not total)
        if not total:
            return "" if summed is None or tax is None else format(summed + tax, "f")
        if summed is not None and tax is not None:
            given = _decimal(total)
            near = _CENT * len(group)
            if given is not None and all(
                abs(abs(given) - abs(sum_)) > near for sum_ in (summed, summed + tax)
            ):
                self._uneven += 1
        return total

    def _summed(
        self, record: Record, group: list[int], currency: str, *, is_needed: bool
    ) -> tuple[Decimal | None, Decimal | None]:
        """What the lines add up to, and their tax; None, and a problem where needed, if unknown."""
        lines, taxes = Decimal(0), Decimal(0)
        for index in group:
            row = self._gathered.row(index)
            line = self._line(row, currency)
            tax = _decimal(self._figures.read(row["line_tax"], currency) or "0")
            if line is None or tax is None:
                if is_needed:
                    record.refuse(
                        "TOTAL_UNKNOWN",
                        "The export gives no total, and this document's lines can't be summed.",
                        "Export the document's total, or an amount in every line.",
                    )
                return None, None
            if is_needed and not row["line_tax"] and not _is_untaxed(row["tax_code"]):
                record.refuse(
                    "TAX_UNKNOWN",
                    f"A line bears tax ({row['tax_code'][:40]}), and the export gives neither the "
                    "tax nor a total.",
                    "Export invoices with their totals: this looks like a template for import.",
                )
                return None, None
            lines += line
            taxes += tax
        return lines, taxes

    def _line(self, row: Row, currency: str) -> Decimal | None:
        """The amount of a line: as given, or quantity times price less discount."""
        if row["line_amount"]:
            return _decimal(self._figures.read(row["line_amount"], currency))
        if not row["quantity"] and not row["unit_amount"]:
            return Decimal(0)  # a line of text
        price = _decimal(self._figures.read(row["unit_amount"], currency))
        quantity = _decimal(self._figures.read(row["quantity"], currency) or "1")
        discount = _decimal(row["discount_percent"].removesuffix("%") or "0")
        if price is None or quantity is None or discount is None:
            return None
        return rounded(price * quantity * (100 - discount) / 100, currency)

    def _open(self, record: Record, group: list[int], currency: str, amount: str) -> str:
        """What is open: as given, or the total less what was paid and credited, or by status."""
        said = self._one(record, group, "open_amount", currency)
        if said:
            return said
        if self._export.settled(self._gathered.row(group[0])):
            return "0"
        settled = [self._one(record, group, name, currency) for name in ("paid", "credited")]
        total = _decimal(amount)
        if not any(settled) or total is None:
            return ""
        parts = [_decimal(text or "0") for text in settled]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return ""
        return format(abs(total) - sum(abs(part) for part in known), "f")


def no_currency(file: str) -> CurrencyUnclear:
    """The refusal of an export that names no currency anywhere."""
    return CurrencyUnclear(
        f"{file} does not say in which currency its amounts are.",
        facts={"file": file},
        remedy="Add the currency to the export, or write a mapping with the preset's name and "
        'currency = "USD" (or whichever it is), and give it with --map.',
    )


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _is_zero(text: str) -> bool:
    return _decimal(text) == 0


def _is_untaxed(code: str) -> bool:
    return code.casefold() in _UNTAXED
