"""Tables written to files: exact figures, texts as texts, no formula, the file whole or not."""

import csv
import io
import re
import tempfile
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from duly.interfaces.exchange.writers import write_csv, write_xlsx
from duly.interfaces.exchange.writers.neutral import neutral
from duly.interfaces.exchange.writers.tables import MOST_ROWS, WorkbookFull

COLUMNS = ("customer", "name", "total")
ROWS = [
    ("007", "=1+1", "1234.50"),
    ("12", "@SUM(A1)", "-0.05"),
    ("x", "+49 30 1234", "12345678901234567.89"),
    ("-1", "-1+1", "0.000"),
]


def cells(path: Path) -> list[list[tuple[object, str]]]:
    rows = load_workbook(path).active.iter_rows()
    return [[(cell.value, cell.data_type) for cell in row] for row in rows]


def test_in_a_workbook_figures_are_numbers_and_texts_stay_texts(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", COLUMNS, ROWS, texts=2)
    head, *rows = cells(tmp_path / "a.xlsx")
    assert head == [(name, "s") for name in COLUMNS]
    assert [row[0] for row in rows] == [("007", "s"), ("12", "s"), ("x", "s"), ("-1", "s")]
    assert [row[1][1] for row in rows] == ["s"] * 4, "no formula"
    assert [row[2] for row in rows] == [
        (1234.5, "n"),
        (-0.05, "n"),
        ("12345678901234567.89", "s"),  # a spreadsheet would round it
        (0, "n"),
    ]


def test_in_a_csv_what_a_spreadsheet_would_run_is_quoted(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", COLUMNS, ROWS)
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert list(csv.reader(text.splitlines()))[1:] == [
        ["007", "'=1+1", "1234.50"],
        ["12", "'@SUM(A1)", "-0.05"],
        ["x", "'+49 30 1234", "12345678901234567.89"],
        ["-1", "'-1+1", "0.000"],
    ]


SPACES = " \t\n\r\u00a0\u3000\u200b\u2060\ufeff\u2028"
TEXTS = st.text(st.sampled_from(SPACES + ",;|=+-@＝a1.\"'"), max_size=12)


@given(TEXTS, TEXTS, st.sampled_from(",;\t|"))
def test_no_separator_makes_a_cell_of_a_csv_begin_with_a_formula(one, two, separator) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["id", neutral(one), neutral(two)])
    file.seek(0)
    for row in csv.reader(file, delimiter=separator):
        for cell in row:
            bare = cell.lstrip(SPACES + '"')
            number = re.match(r"-[0-9]+(\.[0-9]+)?(,|\Z)", bare)
            assert number or not bare.startswith(("=", "+", "-", "@", "＝")), cell


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Acme;=1+1", "Acme;'=1+1"),
        ("Acme, +1", "Acme,' +1"),
        ("a\n@x", "a\n'@x"),
        ("\u3000=1", "'\u3000=1"),
        ("\u200b\u200b=1", "'\u200b\u200b=1"),
        ("-12.50", "-12.50"),
        ("Acme - Berlin; 1-2", "Acme - Berlin; 1-2"),
        ("," * 100_000 + " " * 100_000, "," * 100_000 + " " * 100_000),
    ],
)
def test_a_text_that_could_become_a_formula_gets_an_apostrophe(text: str, safe: str) -> None:
    assert neutral(text) == safe


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_file_that_fails_leaves_the_old_one(
    write, tmp_path: Path, tmp_path_factory, monkeypatch
) -> None:
    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path = tmp_path / "a.file"
    path.write_text("before")

    def broken():
        yield ("1", "2", "3")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(path, COLUMNS, broken())
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.file"]
    assert list(scratch.iterdir()) == []


def test_rows_that_a_worksheet_has_no_room_for_are_refused_and_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, COLUMNS, repeat((), MOST_ROWS - 1))
    path.unlink()
    with pytest.raises(WorkbookFull, match="1,048,575 rows"):
        write_xlsx(path, COLUMNS, repeat((), MOST_ROWS))
    assert list(tmp_path.iterdir()) == []
