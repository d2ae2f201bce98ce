"""Bad input: refused with row, column and remedy, all of it at once, and nothing written."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from building import broken, row_count
from northwind import trading_northwind
from shell import duly

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books(db: None) -> None:
    trading_northwind()


HEADER = "kind,number,customer_id,currency,issued_on,due_on,amount"
GOOD = "invoice,N-1,MERIDIAN,EUR,2026-03-01,2026-03-31,10.00"
TEXT = f"{HEADER}\n{GOOD}\n"


def refused(path: Path, code: str) -> dict:
    """The refusal of a file that writes nothing, with and without a look before."""
    before = row_count()
    dry = duly("import", path, "--dry-run", code=3)
    refusal = duly("import", path, code=3)
    assert dry == refusal
    assert refusal["code"] == code
    assert refusal["remedy"]
    assert row_count() == before
    return refusal


WHOLE = {
    "no bytes": (b"", "FILE_EMPTY"),
    "blank lines": (b"\n\n \n", "FILE_EMPTY"),
    "cut off in quotation marks": (TEXT.encode() + b'invoice,"N-2,MERID', "TABLE_BROKEN"),
    "a workbook cut off": (b"PK\x03\x04" + b"\x14\x00" * 200, "FORMAT_UNREADABLE"),
    "binary": (bytes(range(256)) * 40, "FORMAT_UNREADABLE"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "FORMAT_UNREADABLE"),
    "packed": (gzip.compress(TEXT.encode()), "FORMAT_UNREADABLE"),
    "of another encoding": (TEXT.replace("N-1", "Nº1").encode("latin-1"), "ENCODING_UNCLEAR"),
    "of wide characters without a mark": (TEXT.encode("utf-16-le"), "FORMAT_UNREADABLE"),
    "a header twice": (TEXT.replace("due_on", "amount").encode(), "HEADER_TWICE"),
    "a column lacking": (TEXT.replace("currency", "money").encode(), "HEADER_UNFIT"),
    "a table of something else": (b"name,shoe size\nAnn,42\n", "HEADER_UNFIT"),
    "no table": (b"Dear Sir or Madam,\nplease find attached\n", "HEADER_UNFIT"),
    "a payment order": (b'<Document xmlns="urn:iso:pain.001.001.03"/>', "BANK_FILE"),
    "half a bank statement": (b":20:STARTUMS\n:25:1/2\n:60F:C260101EUR1,\n", "ROWS_REJECTED"),
    "a web page": (b"<!DOCTYPE html><html><table></table></html>", "FORMAT_UNREADABLE"),
    "JSON": (b'{"invoices": []}', "FORMAT_UNREADABLE"),
    "XML that is none": (b"<Invoice><ID>1</ID>", "XML_UNREADABLE"),
    "XML of something else": (b"<note><to>Ann</to></note>", "NOT_EINVOICE"),
}


@pytest.mark.parametrize("what", WHOLE)
def test_what_is_no_file_of_ours_is_told(tmp_path: Path, what: str) -> None:
    content, code = WHOLE[what]
    path = tmp_path / "items.csv"
    path.write_bytes(content)
    assert "items.csv" in refused(path, code)["message"]


def test_the_place_is_told_where_there_is_one(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    for content, where in (
        (TEXT.encode() * 1 + b"invoice,N-2\xe9,MERIDIAN\n", "row 3"),
        (TEXT.encode() + b'invoice,"N-2" x,MERIDIAN\n', "row 3"),
        (HEADER.replace("number", "num\x07ber").encode() + b"\n", "row 1, column 2"),
    ):
        path.write_bytes(content)
        refusal = duly("import", path, code=3)
        assert refusal["facts"]["where"] == where
        assert where.split(",")[0] in refusal["message"]


ROWS = {
    "wrongly delimited": (GOOD.replace(",", ";"), "CELLS_MISCOUNTED", "1 cell,"),
    "cut off": (GOOD[:30], "CELLS_MISCOUNTED", "5 cells"),
    "a cell too many": (GOOD + ",5", "CELLS_MISCOUNTED", "8 cells"),
    "a decimal comma": (GOOD.replace("10.00", '"10,00"'), "INVALID_AMOUNT", "amount"),
    "negative": (GOOD.replace("10.00", "-10.00"), "AMOUNT_NOT_POSITIVE", "amount"),
    "nothing": (GOOD.replace("10.00", "0.00"), "AMOUNT_NOT_POSITIVE", "amount"),
    "an account for an amount": (GOOD.replace("10.00", "9" * 22), "INVALID_AMOUNT", "amount"),
    "absurd": (GOOD.replace("10.00", "9" * 15), "AMOUNT_TOO_LARGE", "amount"),
    "no number": (GOOD.replace("10.00", "NaN"), "INVALID_AMOUNT", "amount"),
    "a thousandth of a cent": (GOOD.replace("10.00", "1.00001"), "INVALID_AMOUNT", "amount"),
    "an unknown currency": (GOOD.replace("EUR", "XXQ"), "UNKNOWN_CURRENCY", "currency"),
    "a currency in small letters": (GOOD.replace("EUR", "eur"), "UNKNOWN_CURRENCY", "currency"),
    "no day": (GOOD.replace("2026-03-01", "2026-02-30"), "INVALID_DATE", "issued_on"),
    "a day of two readings": (GOOD.replace("2026-03-31", "03/04/2026"), "INVALID_DATE", "due_on"),
    "due before it was issued": (
        GOOD.replace("2026-03-31", "2026-02-28"),
        "DUE_BEFORE_ISSUED",
        "Due 2026-02-28",
    ),
    "nobody": (GOOD.replace("MERIDIAN", "NOBODY"), "CUSTOMER_UNKNOWN", "NOBODY"),
    "no customer": (GOOD.replace("MERIDIAN", ""), "VALUE_MISSING", "customer_id"),
    "another kind": (GOOD.replace("invoice", "bill"), "WORD_UNKNOWN", "kind"),
    "too long": (GOOD.replace("N-1", "N" * 65), "TEXT_TOO_LONG", "number"),
    "NUL": (GOOD.replace("N-1", "N\x001"), "CONTROL_CHARACTER", "number"),
    "a control character": (GOOD.replace("N-1", "N\x1b1"), "CONTROL_CHARACTER", "number"),
    "a number that is there": (GOOD.replace("N-1", "M-1"), "ALREADY_ISSUED", "M-1"),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_bad_row_is_told_by_row_and_column(tmp_path: Path, what: str) -> None:
    row, code, named = ROWS[what]
    path = tmp_path / "items.csv"
    path.write_text(f"{HEADER}\n{GOOD.replace('N-1', 'N-0')}\n{row}\n", encoding="utf-8")
    (problem,) = refused(path, "ROWS_REJECTED")["facts"]["problems"]
    assert (problem["where"], problem["code"]) == ("row 3", code)
    assert named in problem["message"]
    assert problem["remedy"]


def test_all_bad_rows_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    rows = [row for row, _, _ in ROWS.values()]
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    other.write_text("customer_id,name,country\nX,Xen,Germany\nY,,DE\n", encoding="utf-8")
    before = row_count()
    refusal = duly("import", one, other, code=3)
    told = {(problem["file"], problem["where"]) for problem in refusal["facts"]["problems"]}
    bad = {("one.csv", f"row {number}") for number in range(2, len(rows) + 2)}
    assert told == bad | {("other.csv", "row 2"), ("other.csv", "row 3")}
    assert row_count() == before
    assert broken() == {}


def of_a_hundred_megabytes(part: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.write(part)
            for _ in range(100):
                file.write(part * ((1 << 20) // len(part)))

    return write


LARGE = {
    "zeros": (lambda path: sparse(path), "FORMAT_UNREADABLE"),
    "one line": (of_a_hundred_megabytes(b"a,b,c,"), "TABLE_BROKEN"),
    "a quotation mark that never closes": (of_a_hundred_megabytes(b'"x,y,z\n'), "TABLE_BROKEN"),
    "rows of something else": (of_a_hundred_megabytes(b"a,b,c\n"), "HEADER_UNFIT"),
    "XML": (of_a_hundred_megabytes(b"<a>x</a>"), "FILE_TOO_BIG"),
}


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 << 20)


@pytest.mark.parametrize("what", LARGE)
def test_a_hundred_megabytes_are_refused_soon(tmp_path: Path, what: str) -> None:
    write, code = LARGE[what]
    path = tmp_path / "items.csv"
    write(path)
    assert duly("import", path, "--dry-run", code=3)["code"] == code
    path.unlink()
