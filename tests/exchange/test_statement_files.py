"""Statements out of tables: lines by years or years by lines, strictly, every fault told."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.exchange.filing_files import SMALL, filing

from duly.interfaces.exchange.statement_files import ReadStatements, Said, read_statements
from duly.kernel.errors import DulyError

SAID = Said(1000, "GBP")
LINES = 'Line,2025-12-31,2024-12-31\nTurnover,8000,7920\nCash,250,\nTotal assets,"5,000",4800\n'
YEARS = "year_end,months,sales,ebit\n2025-12-31,12,8000,(52)\n2024-12-31,6,3900,40.5\n"


def read(folder: Path, content: str | bytes, name: str = "s.csv", said: Said = SAID) -> Any:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_statements(path, name, said)


def figures(found: ReadStatements) -> list[dict[str, Decimal]]:
    return [dict(sheet.figures) for sheet in found.sheets]


def test_lines_by_years(tmp_path: Path) -> None:
    found = read(tmp_path, LINES)
    assert [sheet.year_end for sheet in found.sheets] == [date(2025, 12, 31), date(2024, 12, 31)]
    assert figures(found) == [
        {"sales": 8_000_000, "cash": 250_000, "total_assets": 5_000_000},
        {"sales": 7_920_000, "total_assets": 4_800_000},
    ]


def test_a_row_for_each_year(tmp_path: Path) -> None:
    found = read(tmp_path, YEARS)
    assert figures(found) == [
        {"sales": 8_000_000, "ebit": -52_000},
        {"sales": 3_900_000, "ebit": 40_500},
    ]
    assert [sheet.months for sheet in found.sheets] == [12, 6]


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Line", date(2025, 12, 31), "2024-12-31"])
    page.append(["Net profit", 300.5, "240"])
    held = io.BytesIO()
    book.save(held)
    found = read(tmp_path, held.getvalue(), "s.xlsx")
    assert figures(found) == [{"net_income": 300_500}, {"net_income": 240_000}]


def test_json_and_filings_say_their_unit_themselves(tmp_path: Path) -> None:
    document = {"currency": "EUR", "unit": 1000, "statements": [{"year_end": "2025-12-31"}]}
    document["statements"][0]["sales"] = 8  # type: ignore[index]
    found = read(tmp_path, json.dumps(document), "s.json", Said())
    assert (found.sheets[0].currency, figures(found)) == ("EUR", [{"sales": 8000}])
    filed = read(tmp_path, filing(*SMALL), "s.xhtml", Said())
    assert (filed.kind, filed.sheets[0].figures["equity"]) == ("ixbrl", 2000)


@pytest.mark.parametrize(
    ("content", "said", "code"),
    [
        (LINES, Said(None, "GBP"), "UNIT_UNKNOWN"),
        (LINES, Said(7, "GBP"), "UNIT_UNKNOWN"),
        (LINES, Said(1000, ""), "UNKNOWN_CURRENCY"),
        ("", SAID, "FILE_EMPTY"),
        ("a,b\n1,2\n", SAID, "HEADER_UNFIT"),
        (b"\x00\x01\x02" * 900, SAID, "FORMAT_UNREADABLE"),
        (b"PK\x03\x04 broken", SAID, "FORMAT_UNREADABLE"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: Any, said: Said, code: str) -> None:
    with pytest.raises(DulyError) as told:
        read(tmp_path, content, said=said)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("Goodwill,1,2", 'column "2025-12-31", Goodwill'),
        ('Cash,"1.234,50",2', 'column "2025-12-31", Cash'),
        ("Cash,NaN,2", 'column "2025-12-31", Cash'),
        ("Cash,1e999,2", 'column "2025-12-31", Cash'),
        ("Revenue,1,2", 'column "2025-12-31", Revenue'),
    ],
)
def test_every_place_that_cant_be_read_is_told(tmp_path: Path, line: str, where: str) -> None:
    with pytest.raises(DulyError) as told:
        read(tmp_path, f"Line,2025-12-31,31.12.2024\nTurnover,1,1\n{line}\n")
    places = [problem["where"] for problem in told.value.facts["problems"]]
    assert told.value.code == "STATEMENT_UNREADABLE"
    assert where in places
    assert 'column "31.12.2024", year_end' in places
