"""One way into each refusal of credit."""

import json
from collections.abc import Callable

from tests.errors.desk import Desk

GOOD = {"year_end": "2025-12-31", "total_assets": 100, "total_liabilities": 60, "equity": 40}
SMALL = {"year_end": "2024-12-31", "total_assets": "0.1"}


def _assess(
    *statements: dict[str, object], unit: int = 1, kind: str = "listed"
) -> Callable[[Desk], object]:
    def sample(desk: Desk) -> object:
        path = desk.folder / "case.json"
        told = {"currency": "USD", "unit": unit, "kind": kind, "statements": statements}
        path.write_text(json.dumps(told))
        return desk.run("credit", "assess", str(path))

    return sample


def _import(customer: str, text: str) -> Callable[[Desk], object]:
    def sample(desk: Desk) -> object:
        path = desk.open_books().folder / "statement.csv"
        path.write_text(text)
        firm = ("--kind", "listed", "--unit", "1", "--currency", "EUR")
        return desk.run("credit", "statement", "import", str(path), *firm, *customer.split())

    return sample


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "DOES_NOT_BALANCE": _assess({**GOOD, "equity": 41}),
    "FIGURE_UNFIT": _assess({**GOOD, "cash": "much"}),
    "STATEMENT_UNFIT": _assess(GOOD, kind="bank"),
    "STATEMENT_UNREADABLE": _import("--customer C1", "line,2025-12-31\ncash,much\n"),
    "SUBJECT_UNKNOWN": _import("--request CR-1", "line,2025-12-31\ncash,1\n"),
    "UNIT_UNKNOWN": _assess(GOOD, unit=7),
    "UNITS_DIFFER": _assess(GOOD, SMALL),
}
