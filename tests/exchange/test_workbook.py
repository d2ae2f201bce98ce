"""Workbooks: what a person saw in the cells is what is read, and nothing is guessed from hiding."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from time import process_time
from typing import Any

import openpyxl
import pytest

from duly.intake.rules.sheet import Block, Sheet
from duly.interfaces.exchange.readers import Mapping, read_files
from duly.interfaces.exchange.readers.workbook import check_workbook
from duly.kernel.errors import DulyError

HEADER = ["kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"]
ROW = ["invoice", "N-1", "A", "EUR", date(2026, 3, 1), datetime(2026, 3, 31, 0, 0), 1234.5]

MAPPING = {
    "name": "ledger",
    "kind": "items",
    "columns": {
        "number": "No",
        "customer_id": "Who",
        "issued_on": "Day",
        "due_on": "Due",
        "amount": "Sum",
    },
    "constants": {"kind": "invoice", "currency": "EUR"},
    "decimal": ",",
    "thousands": ".",
    "date_order": "dmy",
}


def book(path: Path, **pages: list[list[Any]]) -> Path:
    """A workbook with these rows in these worksheets."""
    held = openpyxl.Workbook()
    held.remove(held.active)
    for title, rows in pages.items():
        page = held.create_sheet(title)
        for row in rows:
            page.append(row)
    held.save(path)
    return path


def read(path: Path, **told: Any) -> tuple[Sheet, list[Block]]:
    [sheet] = read_files([path], **told)
    return sheet, list(sheet.blocks)


def refused(path: Path, **told: Any) -> DulyError:
    with pytest.raises(DulyError) as caught:
        [list(sheet.blocks) for sheet in read_files([path], **told)]
    assert caught.value.remedy
    return caught.value


def test_days_and_numbers_of_cells_need_no_declaration(tmp_path: Path) -> None:
    sheet, [block] = read(book(tmp_path / "a.xlsx", Items=[HEADER, ROW]))
    assert (sheet.kind, sheet.preset, list(block.rows)) == ("items", "duly", [2])
    assert {name: texts[0] for name, texts in block.columns.items()} == {
        "kind": "invoice",
        "number": "N-1",
        "customer_id": "A",
        "currency": "EUR",
        "issued_on": "2026-03-01",
        "due_on": "2026-03-31",
        "amount": "1234.5",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1200.0, "1200"),
        (1e-7, "0.0000001"),
        (19.99 * 3, "59.97"),
        (999999999999.99, "999999999999.99"),
        (-5, "-5"),
        ("007", "007"),
        ("12.50", "12.50"),
    ],
)
def test_a_number_is_what_the_person_saw(tmp_path: Path, value: Any, text: str) -> None:
    _, [block] = read(book(tmp_path / "a.xlsx", Items=[HEADER, [*ROW[:-1], value]]))
    assert block.columns["amount"] == [text]


def test_a_mapping_declares_for_texts_and_cells_speak_for_themselves(tmp_path: Path) -> None:
    """What a declaration says of texts does not bend a number or a day that the cell holds."""
    path = book(
        tmp_path / "a.xlsx",
        Open=[
            ["Open items of March"],
            [],
            ["No", "Who", "Day", "Due", "Sum"],
            ["R-1", "D100", date(2026, 4, 3), "03.05.2026", 1234.5],
            ["R-2", 200, "03.04.2026", None, "1.234,50"],
            ["Total", None, None, None, 2469],
        ],
    )
    mapping = Mapping.from_dict(MAPPING | {"footer": "Total"})
    _, blocks = read(path, mappings=[mapping])
    columns = {
        name: [text for block in blocks for text in block.columns[name]]
        for name in MAPPING["columns"]
    }
    assert columns == {
        "number": ["R-1", "R-2"],
        "customer_id": ["D100", "200"],
        "issued_on": ["2026-04-03", "2026-04-03"],
        "due_on": ["2026-05-03", ""],
        "amount": ["1234.5", "1234.50"],
    }
    assert [row for block in blocks for row in block.rows] == [4, 5]


class TestWorksheets:
    people: list[list[Any]] = [["customer_id", "name"], ["A", "Ann"]]

    def test_each_worksheet_that_is_known_is_read(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", People=self.people, Items=[HEADER, ROW], Notes=[["hi"]])
        assert [sheet.kind for sheet in read_files([path])] == ["customers", "items"]

    def test_two_of_a_kind_are_asked_for(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", Old=[HEADER, ROW], New=[HEADER, ROW])
        error = refused(path)
        assert (error.code, error.facts["sheets"]) == ("SHEET_UNCLEAR", ["Old", "New"])

    def test_a_worksheet_is_named(self, tmp_path: Path) -> None:
        header = ["No", "Who", "Day", "Due", "Sum"]
        path = book(tmp_path / "a.xlsx", Old=[header, ["1"]], New=[header, ["2"], ["3"]])
        told = MAPPING | {"sheet": "New"}
        _, [block] = read(path, mappings=[Mapping.from_dict(told)])
        assert block.columns["number"] == ["2", "3"]
        error = refused(path, mappings=[Mapping.from_dict(MAPPING | {"sheet": "Newest"})])
        assert (error.code, error.facts["sheets"]) == ("MAPPING_UNFIT", ["Old", "New"])
        assert refused(path, mappings=[Mapping.from_dict(MAPPING)]).code == "SHEET_UNCLEAR"

    def test_hidden_worksheets_are_left_out_and_told(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", People=self.people, Old=self.people)
        held = openpyxl.load_workbook(path)
        held["Old"].sheet_state = "hidden"
        held.save(path)
        _, blocks = read(path)
        assert any("Old" in note for block in blocks for note in block.notes)

    def test_nothing_in_any_worksheet(self, tmp_path: Path) -> None:
        assert refused(book(tmp_path / "a.xlsx", A=[], B=[])).code == "HEADER_UNFIT"


class TestCells:
    def problems(self, path: Path) -> list[tuple[str, str]]:
        _, blocks = read(path)
        return [(one.where, one.code) for block in blocks for one in block.problems]

    @pytest.mark.parametrize("value", ["#REF!", "#N/A", 12345678901234567890.0])
    def test_errors_and_numbers_beyond_their_digits(self, tmp_path: Path, value: Any) -> None:
        path = book(tmp_path / "a.xlsx", Items=[HEADER, ROW, [*ROW[:-1], value]])
        assert self.problems(path) == [("row 3", "CELL_UNREADABLE")]

    def test_a_short_row_is_whole(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", People=[["customer_id", "name", "email"], ["A", "Ann"]])
        assert self.problems(path) == []

    def test_formulas_without_results_are_refused(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", Items=[HEADER, [*ROW[:-1], "=SUM(1,2)"]])
        assert refused(path).code == "FORMULAS_UNSAVED"


def packed(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return held.getvalue()


def with_sheet(raw: bytes, content: bytes, called: str = "sheet1.xml") -> bytes:
    """A workbook whose worksheet is this, under this name."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(held, "w") as new:
        for part in old.namelist():
            is_sheet = part == "xl/worksheets/sheet1.xml"
            text = content if is_sheet else old.read(part).replace(b"sheet1.xml", called.encode())
            new.writestr(part.replace("sheet1.xml", called), text)
    return held.getvalue()


def worksheet(rows: bytes, before: bytes = b"") -> bytes:
    return (
        before
        + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + b"<sheetData>%s</sheetData></worksheet>" % rows
    )


WIDE = b"<c/>" * 300_000
ENTITY = b'<!DOCTYPE worksheet [<!ENTITY a "b">]>'

HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut off": (lambda raw: raw[: len(raw) // 2], "FORMAT_UNREADABLE"),
    "bytes flipped": (lambda raw: raw[:60] + bytes(40) + raw[100:], "FORMAT_UNREADABLE"),
    "a bomb": (
        lambda raw: packed(xl__workbook_xml=b"<workbook/>", xl__worksheets__a_xml=bytes(1 << 26)),
        "FILE_TOO_BIG",
    ),
    "entities": (
        lambda raw: packed(
            xl__workbook_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>'
        ),
        "XML_DECLARES",
    ),
    "a row without end": (
        lambda raw: with_sheet(raw, worksheet(b"<row>" + WIDE + WIDE + b"</row>")),
        "TABLE_BROKEN",
    ),
    "a row that only seems to end": (
        lambda raw: with_sheet(
            raw, worksheet(b"<row>" + (WIDE + b"<!--</row>-->") * 2 + b"</row>")
        ),
        "TABLE_BROKEN",
    ),
    "rows in a row": (
        lambda raw: with_sheet(
            raw, worksheet(b"<row>" + (WIDE + b"<row a='/>'></row>") * 2 + b"</row>")
        ),
        "TABLE_BROKEN",
    ),
    "rows of another vocabulary": (
        lambda raw: with_sheet(
            raw, worksheet((b"<x:row xmlns:x='urn:x'>" + WIDE + b"</x:row>") * 2)
        ),
        "TABLE_BROKEN",
    ),
    "rows under a prefix with another meaning": (
        lambda raw: with_sheet(
            raw, worksheet(b"<g xmlns='urn:x'>" + (b"<row>" + WIDE + b"</row>") * 2 + b"</g>")
        ),
        "TABLE_BROKEN",
    ),
    "entities in a part of another ending": (
        lambda raw: with_sheet(raw, worksheet(b"<row><c/></row>", ENTITY), "sheet1.bin"),
        "XML_DECLARES",
    ),
    "spaces after a formula": (
        lambda raw: with_sheet(
            raw, worksheet(b"<row><c><f>1</f>" + b" " * 1_000_000 + b"<v>1</v></c></row>")
        ),
        "HEADER_UNFIT",
    ),
    "no workbook inside": (lambda raw: packed(readme_xml=b"hello"), "FORMAT_UNREADABLE"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_workbook_is_refused(tmp_path: Path, what: str) -> None:
    damage, code = HOSTILE[what]
    path = book(tmp_path / "a.xlsx", Items=[HEADER, ROW])
    path.write_bytes(damage(path.read_bytes()))
    began = process_time()
    assert refused(path).code == code
    assert process_time() - began < 5


def test_pictures_and_settings_are_no_xml(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Items=[HEADER, ROW])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\x00<!DOCTYPE")
        archive.writestr("xl/printerSettings/printerSettings1.bin", bytes(64))
    check_workbook(path, "a.xlsx")


def test_many_rows_of_many_cells_are_no_wide_row(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Items=[HEADER, ROW])
    row = b"<row r='1'>" + b"<c/>" * 10_000 + b"</row><row/>"
    path.write_bytes(with_sheet(path.read_bytes(), worksheet(row * 60)))
    check_workbook(path, "a.xlsx")
    prefixed = worksheet(row * 60).replace(b"xmlns=", b"xmlns:m=").replace(b"<", b"<m:")
    prefixed = prefixed.replace(b"<m:/", b"</m:")
    path.write_bytes(with_sheet(path.read_bytes(), prefixed))
    check_workbook(path, "a.xlsx")
