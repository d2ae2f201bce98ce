"""Duly's own files: read by name, numbered as a spreadsheet counts, refused with place."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from duly.intake.rules.columns import KINDS
from duly.intake.rules.sheet import BLOCK_ROWS, Block, Sheet
from duly.interfaces.exchange.readers import read_files
from duly.kernel.errors import DulyError

CUSTOMERS = "customer_id,name,email\n"


def write(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_one(path: Path, **told: object) -> tuple[Sheet, list[Block]]:
    [sheet] = read_files([path], **told)  # type: ignore[arg-type]
    return sheet, list(sheet.blocks)


def rows_of(blocks: Sequence[Block], *columns: str) -> list[tuple[object, ...]]:
    return [
        (row, *(block.columns[column][index] for column in columns))
        for block in blocks
        for index, row in enumerate(block.rows)
    ]


def test_reads_columns_in_any_order_and_case(tmp_path):
    sheet, blocks = read_one(write(tmp_path, "Name,CUSTOMER_ID\nAcme,C1\nBolt,C2\n"))
    assert (sheet.kind, sheet.preset, sheet.columns) == (
        "customers",
        "duly",
        ("name", "customer_id"),
    )
    assert rows_of(blocks, "customer_id", "name") == [(2, "C1", "Acme"), (3, "C2", "Bolt")]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_each_kind_is_found_from_its_header(tmp_path, kind):
    sheet, blocks = read_one(write(tmp_path, ",".join(kind.columns) + "\n"))
    assert (sheet.kind, blocks) == (kind.name, [])


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("customer_id,name", "customers"),
        ("customer_id,name,email,phone,language", "customers"),
        ("customer_id,name,role", "contacts"),
        ("customer_id,name,email,do_not_contact", "contacts"),
        ("payment_id,item_number,customer_id,amount,applied_on,currency,received_on", None),
        ("payment_id,customer_id,currency,received_on,amount", "payments"),
    ],
)
def test_like_kinds_are_told_apart(tmp_path, header, kind):
    sheet, _ = read_one(write(tmp_path, header + "\n"))
    assert sheet.kind == (kind or "applications")


@pytest.mark.parametrize("head", [b"\xef\xbb\xbf", b""], ids=["with byte order mark", "without"])
def test_utf8_with_and_without_mark(tmp_path, head):
    path = write(tmp_path, head + (CUSTOMERS + "C1,Müller & Söhne 株式会社,\n").encode())
    _, blocks = read_one(path)
    assert rows_of(blocks, "customer_id", "name") == [(2, "C1", "Müller & Söhne 株式会社")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_unicode_with_mark(tmp_path, encoding):
    _, blocks = read_one(write(tmp_path, (CUSTOMERS + "C1,Åse,\n").encode(encoding)))
    assert rows_of(blocks, "name") == [(2, "Åse")]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiter_is_told_by_the_header(tmp_path, delimiter):
    text = "customer_id,name,email\nC1,Acme,\n".replace(",", delimiter)
    _, blocks = read_one(write(tmp_path, text))
    assert rows_of(blocks, "customer_id", "name") == [(2, "C1", "Acme")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path, end):
    _, blocks = read_one(write(tmp_path, end.join(["customer_id,name", "C1,A", "C2,B"])))
    assert rows_of(blocks, "customer_id") == [(2, "C1"), (3, "C2")]


def test_rows_are_numbered_by_record_and_blank_ones_counted(tmp_path):
    text = '\ncustomer_id,name\nC1,"two\nlines"\n\n,\nC2,B\n'
    _, blocks = read_one(write(tmp_path, text))
    assert rows_of(blocks, "customer_id", "name") == [(3, "C1", "two\nlines"), (6, "C2", "B")]


def test_rows_beyond_a_block_keep_their_numbers(tmp_path):
    count = BLOCK_ROWS * 2 + 7
    text = "customer_id,name\n" + "".join(f"C{n},N{n}\n" for n in range(2, count + 2))
    _, blocks = read_one(write(tmp_path, text))
    told = rows_of(blocks, "customer_id")
    assert told == [(n, f"C{n}") for n in range(2, count + 2)]
    assert max(map(len, blocks)) <= BLOCK_ROWS


def test_records_across_chunks_are_whole(tmp_path):
    long = "ä" * 70_000
    text = "customer_id,name,address\n" + "".join(f"C{n},N,{long}\n" for n in range(2, 12))
    _, blocks = read_one(write(tmp_path, text))
    assert rows_of(blocks, "customer_id", "address") == [(n, f"C{n}", long) for n in range(2, 12)]


def test_a_row_of_another_width_is_named_and_falls_out(tmp_path):
    _, [block] = read_one(write(tmp_path, CUSTOMERS + "C1,A,\nC2,B\nC3,C,,x\nC4,D,,\n"))
    assert [problem.where for problem in block.problems] == ["row 3", "row 4"]
    assert {problem.code for problem in block.problems} == {"CELLS_MISCOUNTED"}
    assert block.spoilt == {1, 2}
    assert block.columns["customer_id"] == ["C1", "C2", "C3", "C4"]


@pytest.mark.parametrize(
    "bad",
    ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ufeff", "\u202a", "\u202e", "\u2066", "\u2069"],
)
def test_control_characters_are_named_with_row_and_column(tmp_path, bad):
    _, [block] = read_one(write(tmp_path, CUSTOMERS + f"C1,A,\nC2,B{bad}b,\n"))
    [problem] = block.problems
    assert (problem.where, problem.code) == ("row 3", "CONTROL_CHARACTER")
    assert "name" in problem.message
    assert problem.message.isprintable()
    assert block.spoilt == {1}
    assert bad not in block.columns["name"][1]


def test_control_characters_are_found_in_every_block(tmp_path):
    text = "customer_id,name\nC\x01,A\n" + "C,B\n" * BLOCK_ROWS + "C\x02,A\n"
    _, blocks = read_one(write(tmp_path, text))
    found = [problem.where for block in blocks for problem in block.problems]
    assert found == ["row 2", f"row {BLOCK_ROWS + 3}"]


def test_unknown_columns_are_noted(tmp_path):
    _, [block] = read_one(write(tmp_path, "customer_id,name,shoe size\nC1,A,42\n"))
    assert "shoe size" in block.notes[0]
    assert set(block.columns) == {"customer_id", "name"}


def test_a_header_below_a_title_is_found(tmp_path):
    text = "Customers of March,,\n,,\ncustomer_id,name,email\nC1,A,\n"
    _, blocks = read_one(write(tmp_path, text))
    assert rows_of(blocks, "customer_id") == [(4, "C1")]


def test_names_that_people_gave_are_told(tmp_path):
    path = write(tmp_path, CUSTOMERS, "upload-17")
    [sheet] = read_files([path], names=["Kunden März.csv"])
    assert sheet.file == "Kunden März.csv"


def refused(path: Path, **told: object) -> DulyError:
    with pytest.raises(DulyError) as caught:
        [list(sheet.blocks) for sheet in read_files([path], **told)]  # type: ignore[arg-type]
    assert caught.value.remedy
    assert path.name in caught.value.message
    return caught.value


def test_no_bytes(tmp_path):
    assert refused(write(tmp_path, b"")).code == "FILE_EMPTY"


def test_blank_lines_alone(tmp_path):
    assert refused(write(tmp_path, "\n \n,,\n")).code == "FILE_EMPTY"


def test_a_header_twice(tmp_path):
    error = refused(write(tmp_path, "customer_id,name,Name\nC1,A,B\n"))
    assert (error.code, error.facts["columns"]) == ("HEADER_TWICE", ["name"])


def test_an_unknown_header_is_listed_with_what_it_lacks(tmp_path):
    error = refused(write(tmp_path, "number,customer_id,currency,amount\n1,2,3,4\n"))
    assert error.code == "HEADER_UNFIT"
    assert "number, customer_id, currency, amount" in error.message
    assert error.facts["missing"] == ["kind", "issued_on"]
    assert "For items it lacks kind, issued_on" in error.remedy


def test_a_kind_told_that_does_not_fit(tmp_path):
    error = refused(write(tmp_path, CUSTOMERS), kind="payments")
    assert "payment_id" in error.message


@pytest.mark.parametrize("row", [2, 3, 9_000, 25_000])
def test_bytes_of_another_encoding_are_named_with_their_row(tmp_path, row):
    lines = [b"C,plain" for _ in range(30_000)]
    lines[0] = b"customer_id,name"
    lines[row - 1] = "C,Müller".encode("latin-1")
    error = refused(write(tmp_path, b"\n".join(lines)))
    assert error.code == "ENCODING_UNCLEAR"
    assert error.facts["where"] == f"row {row}"
    assert "windows-1252" in error.remedy


def test_a_quotation_mark_that_never_closes(tmp_path):
    error = refused(write(tmp_path, 'customer_id,name\nC1,A\nC2,"B\nC3,C\n'))
    assert (error.code, error.facts["where"]) == ("TABLE_BROKEN", "row 3")


def test_text_after_a_closing_quotation_mark(tmp_path):
    error = refused(write(tmp_path, 'customer_id,name\nC1,A\nC2,"B"x\n'))
    assert (error.code, error.facts["where"]) == ("TABLE_BROKEN", "row 3")


def test_a_file_that_is_not_there(tmp_path):
    assert refused(tmp_path / "nothing.csv").code == "SOURCE_MISSING"


def test_a_table_is_no_bank_file(tmp_path):
    with pytest.raises(DulyError) as caught:
        read_files([write(tmp_path, CUSTOMERS)], kind="bank")
    assert caught.value.code == "FORMAT_UNREADABLE"


def test_an_unknown_preset(tmp_path):
    error = refused(write(tmp_path, CUSTOMERS), preset="sap")
    assert error.code == "PRESET_UNKNOWN"
    assert "duly" in error.remedy
