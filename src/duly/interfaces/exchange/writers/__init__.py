"""Writers: tables to files that carry no formula and replace what was there in one step."""

from duly.interfaces.exchange.writers.tables import write_csv, write_xlsx

__all__ = ["write_csv", "write_xlsx"]
