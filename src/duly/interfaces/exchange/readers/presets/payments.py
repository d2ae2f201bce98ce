"""Payments and what they were applied to, out of any export.

Money counts once. An export's open amounts already count what the other system applied, so:
- a payment that names an invoice by its number comes in whole, with its application;
- of one that tells what is unapplied, only that part comes in;
- one applied to an invoice that it names by an internal id alone is left out, and told.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.readers.presets.days import DayReader
from duly.interfaces.exchange.readers.presets.documents import no_currency
from duly.interfaces.exchange.readers.presets.figures import (
    FigureReader,
    MinorReader,
    currency_code,
    undressed,
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
from duly.kernel.ids import digest

PAYMENTS = (
    "payment_id",
    "customer_id",
    "currency",
    "received_on",
    "amount",
    "payer_name",
    "reference",
)
APPLICATIONS = ("payment_id", "item_number", "customer_id", "amount", "applied_on")
FIGURES = ("amount", "applied_amount", "unapplied", "refunded")
APPLIED = "payments applied in full where they come from; what is open counts them"


@dataclass(frozen=True, slots=True)
class PaymentExport:
    """What differs between exports of payments.

    `sort` gives the reason why a row is left out, '' for a payment.
    """

    fields: Fields
    sort: Callable[[Row], str]
    prepare: Callable[[Gathered], None] = lambda gathered: None
    has_minor_units: bool = False


def payment_reader(export: PaymentExport) -> Callable[[Table, Told], Iterator[Block]]:
    """The reader of a preset: a table's rows as blocks of payments."""

    def read(table: Table, told: Told) -> Iterator[Block]:
        payments = _Payments(export, _gathered(export, table), told)
        return blocks_from(payments.records(), PAYMENTS, payments.notes())

    return read


def application_reader(export: PaymentExport) -> Callable[[Table, Told], Iterator[Block]]:
    """The reader of a preset: what the table's payments were applied to, by invoice number."""

    def read(table: Table, told: Told) -> Iterator[Block]:
        payments = _Payments(export, _gathered(export, table), told)
        return blocks_from(payments.applications(), APPLICATIONS, [])

    return read


def _gathered(export: PaymentExport, table: Table) -> Gathered:
    gathered = gather(table, export.fields)
    need_fields(gathered, {name: export.fields[name] for name in ("received_on", "amount")})
    export.prepare(gathered)
    return gathered


class _Payments:
    """The payments of one export, a list of rows for each."""

    def __init__(self, export: PaymentExport, gathered: Gathered, told: Told) -> None:
        self._gathered = gathered
        self._omissions = Omissions()
        self._kept = [index for index in range(len(gathered.rows)) if self._keep(export, index)]
        column = gathered.cells.get("currency")
        if self._kept and not told.currency and not (column and any(column)):
            raise no_currency(gathered.file)
        self._currency = told.currency
        self._days = DayReader.for_texts(
            self._texts(("received_on",)), told=told, file=gathered.file
        )
        self._figures: FigureReader | MinorReader = (
            MinorReader()
            if export.has_minor_units
            else FigureReader.for_texts(self._texts(FIGURES), told=told, file=gathered.file)
        )

    def notes(self) -> list[str]:
        """What was left out."""
        return self._gathered.notes + self._omissions.notes()

    def records(self) -> Iterator[Record]:
        """The payments; rows with the same id are parts of one."""
        for payment_id, group in self._by_id().items():
            first = self._gathered.row(group[0])
            record = Record(self._gathered.rows[group[0]], {})
            for index in group:
                record.problems += self._gathered.problems.get(index, [])
            record.cells = {
                "payment_id": payment_id,
                "customer_id": first.first("customer_id", "customer_name"),
                "currency": self._currency_of(first),
                "received_on": self._days.read(first["received_on"]),
                "amount": self._received(record, group),
                "payer_name": first["customer_name"],
                "reference": first.first("reference", "invoice_number"),
            }
            yield record

    def applications(self) -> Iterator[Record]:
        """Where each payment went; parts for the same invoice and day are one application."""
        for payment_id, group in self._by_id().items():
            parts: dict[str, list[int]] = {}
            for index in group:
                number = self._gathered.row(index)["invoice_number"]
                if number and index not in self._gathered.problems:
                    parts.setdefault(number, []).append(index)
            for number, indexes in parts.items():
                row = self._gathered.row(indexes[0])
                amounts = [self._applied(self._gathered.row(index)) for index in indexes]
                yield Record(
                    self._gathered.rows[indexes[0]],
                    {
                        "payment_id": payment_id,
                        "item_number": number,
                        "customer_id": row.first("customer_id", "customer_name"),
                        "amount": _sum(amounts),
                        "applied_on": self._days.read(row["received_on"]),
                    },
                )

    def _keep(self, export: PaymentExport, index: int) -> bool:
        row = self._gathered.row(index)
        reason = export.sort(row)
        if index in self._gathered.problems and reason != TITLE:
            return True
        if not reason and not row["invoice_number"]:
            is_applied = row["invoice_id"] or _is_zero(row["unapplied"])
            reason = APPLIED if is_applied else ""
        if not reason and row["refunded"] and row["refunded"] == row["amount"]:
            reason = "payments refunded in full"
        if reason:
            self._omissions.add(reason)
        return not reason

    def _by_id(self) -> dict[str, list[int]]:
        """Rows by payment. Payments without an id get one from what they say.

        Two that look alike are two payments: the second's id ends in -2.
        """
        groups: dict[str, list[int]] = {}
        alike: Counter[str] = Counter()
        for index in self._kept:
            row = self._gathered.row(index)
            payment_id = row["payment_id"]
            if not payment_id:
                parts = (row["received_on"], row["customer_name"], row["reference"], row["amount"])
                payment_id = f"no-id-{digest(*parts)[:20]}"
                alike[payment_id] += 1
                if alike[payment_id] > 1:
                    payment_id = f"{payment_id}-{alike[payment_id]}"
            groups.setdefault(payment_id, []).append(index)
        return groups

    def _currency_of(self, row: Row) -> str:
        return currency_code(row["currency"]) or self._currency

    def _amount(self, row: Row) -> str:
        """What came in: the unapplied part where it is told, less what was refunded.

        Some reports write money received below zero, as it lowers the balance.
        """
        currency = self._currency_of(row)
        is_part = row["unapplied"] and not row["invoice_number"]
        text = self._figures.read(row["unapplied" if is_part else "amount"], currency)
        amount = text.removeprefix("-")
        refunded = self._figures.read(row["refunded"], currency) or "0"
        if _is_zero(refunded):
            return amount
        return _sum([amount, f"-{refunded.removeprefix('-')}"])

    def _received(self, record: Record, group: list[int]) -> str:
        """A payment's amount: its rows added up, or what they repeat beside the part applied."""
        amounts = [self._amount(self._gathered.row(index)) for index in group]
        if "applied_amount" not in self._gathered.cells:
            return _sum(amounts)
        said = list(dict.fromkeys(amounts))
        if len(said) > 1:
            record.refuse(
                "LINES_DISAGREE",
                f"The rows of this payment give its amount as {' and '.join(said[:3])}.",
                "Mend the export: one number must be one payment.",
            )
        return said[0]

    def _applied(self, row: Row) -> str:
        """What of a payment went to the invoice that a row names."""
        text = self._figures.read(row["applied_amount"], self._currency_of(row))
        return text.removeprefix("-") or self._amount(row)

    def _texts(self, names: tuple[str, ...]) -> set[str]:
        cells = self._gathered.cells
        return {cells[n][index] for n in names if n in cells for index in self._kept} - {""}


def _is_zero(text: str) -> bool:
    try:
        return Decimal(undressed(text)) == 0
    except InvalidOperation:
        return False


def _sum(texts: list[str]) -> str:
    """Amounts added up; one that is none stays as it is, so that intake refuses it."""
    if len(texts) == 1:
        return texts[0]
    total = Decimal(0)
    for text in texts:
        try:
            total += Decimal(text)
        except InvalidOperation:
            return text
    return format(total, "f")
