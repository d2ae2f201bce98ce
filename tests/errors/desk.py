"""A desk to bring refusals about at: books that are known, and files to import into them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from duly.interfaces.cli.main import parser
from duly.interfaces.exchange.importing import Wanted, import_files
from duly.interfaces.exchange.settling import Asked, apply_by_number
from duly.parties.actions import add_entity

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ON = date(2026, 3, 2)

CUSTOMERS = "customer_id,name\nC1,Meridian Foods\nC2,Tall Oaks\n"
ITEMS = (
    "kind,number,customer_id,currency,issued_on,due_on,terms,amount\n"
    "invoice,I1,C1,EUR,2026-02-01,2026-03-03,,100.00\n"
    "invoice,I2,C1,USD,2026-02-01,2026-03-03,,50.00\n"
    'invoice,I3,C1,EUR,2026-02-01,,"50% net 30, 50% net 60",80.00\n'
    "invoice,I4,C1,EUR,2026-02-28,2026-03-30,,10.00\n"
)
PAYMENTS = (
    "payment_id,customer_id,currency,received_on,amount\n"
    "P1,C1,EUR,2026-02-20,500.00\n"
    "P2,,EUR,2026-02-20,20.00\n"
)


@dataclass
class Desk:
    """A folder for files, and the books they go into."""

    folder: Path

    def take(self, text: str | bytes, name: str = "file.csv", **wanted: Any) -> dict[str, Any]:
        """Import a file of this content."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_files([path], wanted=Wanted(**wanted), actor="test", at=AT)

    def open_books(self) -> "Desk":
        """Northwind with two customers, four invoices and two payments."""
        add_entity(name="Northwind", currency="EUR", country="DE", at=AT)
        for name, text in (("customers", CUSTOMERS), ("items", ITEMS), ("payments", PAYMENTS)):
            self.take(text, f"{name}.csv")
        return self

    def apply(self, item: str, amount: str, source: str = "P1", **more: Any) -> dict[str, Any]:
        """Apply a payment, as `duly apply` does."""
        asked = Asked(actor="test", at=AT, on=more.pop("on", ON))
        return apply_by_number(asked, source=source, wanted=[(item, amount)], **more)

    def run(self, *arguments: str) -> object:
        """Run a command's own function."""
        parsed = parser().parse_args(arguments)
        return parsed.act(parsed)

    def map_as(self, text: str, told: str, **wanted: Any) -> dict[str, Any]:
        """Import through a mapping file."""
        path = self.folder / "map.toml"
        path.write_text(told)
        return self.take(text, map_file=path, **wanted)
