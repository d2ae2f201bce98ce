"""An aging as a document, a table for people, a CSV or XLSX file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from duly.interfaces.exchange.writers import write_csv, write_xlsx
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.receivables.queries import Aging, AgingRow, TieOut

NAME_WIDTH = 36
UNBOUNDED = 10_000


def aging_document(told: Aging, ties: dict[str, TieOut], *, is_part: bool) -> dict[str, Any]:
    """An aging with its tie-out certificate as the contract writes them.

    `tie_out_of` says what that holds against the control accounts: the rows, or, where they are a
    part of the customers, the whole book that they belong to.
    """
    names = told.buckets.names
    return {
        "on": told.on.isoformat(),
        "basis": told.buckets.basis,
        "buckets": list(names),
        "totals": {currency: _cells(row, names) for currency, row in told.totals.items()},
        "rows": [
            {
                "customer": row.code,
                "name": row.name,
                "currency": row.currency,
                **_cells(row, names),
            }
            for row in told.rows
        ],
        "tie_out": {
            currency: {
                "open_items": text_from_minor(tie.open_items, exponent(currency)),
                "control_account": text_from_minor(tie.control_account, exponent(currency)),
                "difference": text_from_minor(tie.difference, exponent(currency)),
            }
            for currency, tie in ties.items()
        },
        "tie_out_of": "whole_book" if is_part else "rows",
    }


def _cells(row: AgingRow, names: tuple[str, ...]) -> dict[str, str]:
    decimals = exponent(row.currency)
    cells = {
        name: text_from_minor(amount, decimals)
        for name, amount in zip(names, row.amounts, strict=True)
    }
    cells["unapplied"] = text_from_minor(row.unapplied, decimals)
    cells["total"] = text_from_minor(row.total, decimals)
    return cells


def _lines(document: dict[str, Any]) -> tuple[list[str], Iterator[list[str]]]:
    columns = ["customer", "name", "currency", *document["buckets"], "unapplied", "total"]
    return columns, ([row[column] or "" for column in columns] for row in document["rows"])


def write_aging_csv(path: Path, document: dict[str, Any]) -> None:
    """The rows of an aging as a CSV file that carries no formula."""
    columns, lines = _lines(document)
    write_csv(path, columns, lines)


def write_aging_xlsx(path: Path, document: dict[str, Any]) -> None:
    """The rows of an aging as an XLSX file that carries no formula."""
    columns, lines = _lines(document)
    write_xlsx(path, columns, lines, texts=3)


def print_aging(document: dict[str, Any]) -> None:
    """An aging as a table for people, with its tie-out. A figure is never cut, nor broken."""
    basis = "due date" if document["basis"] == "due" else "invoice date"
    table = Table(title=f"What is open on {document['on']}, by {basis}", box=None)
    table.add_column("Customer", no_wrap=True)
    table.add_column("Name", max_width=NAME_WIDTH, overflow="fold")
    table.add_column("Currency", no_wrap=True)
    for name in [*document["buckets"], "unapplied", "total"]:
        table.add_column(name, justify="right", no_wrap=True)
    for row in document["rows"]:
        cells = [row[name] for name in [*document["buckets"], "unapplied", "total"]]
        # A name is text: what stands in square brackets would be an order to the terminal.
        who = (Text(row["customer"] or "not known"), Text(row["name"]))
        table.add_row(*who, row["currency"], *cells)
    table.add_section()
    for currency, total in document["totals"].items():
        table.add_row("All", "", currency, *total.values(), style="bold")
    needed = Console(width=UNBOUNDED).measure(table).maximum
    console = Console(width=max(Console().width, needed))
    console.print(table)
    whose = "The whole company, " if document["tie_out_of"] == "whole_book" else ""
    for currency, tie in document["tie_out"].items():
        console.print(
            f"{whose}{currency}: open items {tie['open_items']} = control account "
            f"{tie['control_account']}, difference {tie['difference']}"
        )
