"""`duly credit assess`, `statement` and `yardstick`, as a script runs them."""

import json
from pathlib import Path

import pytest
from tests.exchange.filing_files import SMALL, filing
from tests.rules.credit.companies import A

from duly.credit.models import FinancialStatement
from shell import attempt, duly, write

LINES = "line,2025-12-31\n" + "".join(f"{line},{value}\n" for line, value in A.items())
FIRM = ("--kind", "private_other", "--unit", "1000", "--currency", "USD")


@pytest.fixture
def books(db: None, tmp_path: Path) -> Path:
    duly("init", "--entity", "Northwind", "--currency", "USD", "--country", "US")
    duly("import", write(tmp_path, "c.csv", "customer_id,name,segment\nC1,Meridian,food"))
    return tmp_path


def test_a_firm_is_assessed_without_books(db: None, tmp_path: Path) -> None:
    document = {"currency": "USD", "unit": 1000, "kind": "listed", "market_value_of_equity": 3200}
    document["statements"] = [{"year_end": "2025-12-31", **A}]  # type: ignore[assignment]
    path = write(tmp_path, "a.json", json.dumps(document))
    told = duly("credit", "assess", path)
    assert told["ratios"]["current_ratio"] == "1.600000"
    assert told["models"][0]["value"] == "3.051200"
    assert [one["id"] for one in told["models"] if one["chosen"]] == ["altman_z"]
    assert [one["id"] for one in told["models"] if "probability" in one] == ["ohlson"]
    inputs = told["made_of"]["current_ratio"]["inputs"]
    assert inputs[0] == {"name": "Current assets", "value": "2400000"}
    status, out, _ = attempt("credit", "assess", path)
    assert status == 0
    assert "Altman Z                                             3.051200  safe  chosen" in out


def test_statements_are_imported_listed_and_shown(books: Path) -> None:
    path = write(books, "s.csv", LINES)
    dry = duly("credit", "statement", "import", path, "--customer", "C1", *FIRM, "--dry-run")
    assert dry["statements"][0]["figures"]["cash"] == "250000.00"
    assert not FinancialStatement.objects.exists()
    first = duly("credit", "statement", "import", path, "--customer", "C1", *FIRM, "--key", "k")
    again = duly("credit", "statement", "import", path, "--customer", "C1", *FIRM, "--key", "k")
    assert first == again
    listed = duly("credit", "statement", "list", "--customer", "C1")["statements"]
    assert [(one["year_end"], one["file"]) for one in listed] == [("2025-12-31", "s.csv")]
    shown = duly("credit", "statement", "show", "--customer", "C1")
    assert shown["chosen"] == "altman_z2"
    assert shown["rows"][0]["values"] == ["1.600000"]
    assert {"line": "cash", "shares": ["0.050000"]} in shown["common_size"]


def test_a_statement_is_typed_and_corrected(books: Path) -> None:
    typed = ("credit", "statement", "add", "--customer", "C1", "--year-end", "2025-12-31", *FIRM)
    duly(*typed, "cash=250", "Turnover=8,000")
    told = duly(*typed, "cash=260", "sales=8000", "--assurance", "audited")["statements"][0]
    assert told["figures"] == {"cash": "260000.00", "sales": "8000000.00"}
    (kept,) = duly("credit", "statement", "list", "--customer", "C1")["statements"]
    assert (kept["corrects"], kept["assurance"]) == (1, "audited")
    for wrong in ("cash", "gold=1", "cash=1.234,5"):
        assert duly(*typed, wrong, code=3)["remedy"]


def test_a_filing_says_its_unit_and_what_was_found(books: Path) -> None:
    path = books / "accounts.xhtml"
    path.write_bytes(filing(*SMALL))
    firm = ("--kind", "private_other")
    told = duly("credit", "statement", "import", path, "--customer", "C1", *firm)
    assert told["statements"][0]["currency"] == "GBP"
    assert any("less equity" in note for note in told["notes"])
    table = write(books, "s.csv", LINES)
    refused = duly("credit", "statement", "import", table, "--customer", "C1", *firm, code=3)
    assert refused["code"] == "UNIT_UNKNOWN"


def test_yardsticks_come_with_their_source(books: Path) -> None:
    rows = "segment,ratio,low,median,high,source\nfood,current_ratio,1.1,1.2,1.3,A survey of 2025"
    path = write(books, "y.csv", rows)
    assert duly("credit", "yardstick", "import", path, "--on", "2026-01-01")["kept"] == 1
    (one,) = duly("credit", "yardstick", "list")["yardsticks"]
    assert (one["segment"], one["median"], one["source"]) == ("food", "1.2", "A survey of 2025")
    table = write(books, "s.csv", LINES)
    duly("credit", "statement", "import", table, "--customer", "C1", *FIRM)
    shown = duly("credit", "statement", "show", "--customer", "C1", "--on", "2026-02-01")
    assert (shown["rows"][0]["reading"], shown["rows"][0]["by"]) == (
        "In the best quarter",
        "A survey of 2025",
    )
    for wrong in (
        "segment,ratio\nfood,roa",
        "ratio,low,median,high,source\nluck,1,2,3,x",
        "ratio,low,median,high,source\nroa,1,,3,x",
        "ratio,low,median,high,source\nroa,3,2,1,x",
        "ratio,low,median,high,source\nroa,1,2,3,",
        "ratio,low,median,high,source\nroa,1,NaN,3,x",
    ):
        assert duly("credit", "yardstick", "import", write(books, "w.csv", wrong), code=3)["remedy"]
    assert len(duly("credit", "yardstick", "list")["yardsticks"]) == 1


def test_nobody_has_no_statements(books: Path) -> None:
    assert duly("credit", "statement", "show", "--customer", "C1", code=3)["remedy"]
    assert duly("credit", "statement", "list", "--customer", "C9", code=3)["code"]
    refused = duly("credit", "statement", "list", "--request", "CR-1", code=3)
    assert refused["code"] == "SUBJECT_UNKNOWN"
