"""Bank files told by their first bytes, plain or in a ZIP, and shown by `duly bank inspect`."""

import io
import zipfile
from pathlib import Path

import pytest

from duly.interfaces.exchange.readers.bank import open_bank_files, recognise_bank
from duly.interfaces.exchange.readers.refusals import FileRefused, SourceMissing
from shell import duly

F01 = (
    "01,BANK,CUST,260331,0600,1,80,,2/\n02,CUST,BANK,1,260330,2359,USD,2/\n"
    "03,1234567890,USD,010,125000000,,,015,132500000,,/\n"
    "16,165,5000000,0,B1,C1,ACME INV 1001/\n16,195,2500000,0,B2,C2,WIRE BETA 7788/\n"
    "49,265000000,4/\n98,265000000,1,6/\n99,265000000,1,8/\n"
)
F02 = (
    ":20:S1\n:25:DE89370400440532013000\n:28C:1/1\n:60F:C260329EUR10000,00\n"
    ":61:2603300330C1250,00NTRFNONREF//B1\n:86:ACME INVOICE 7\n"
    ":61:2603300330D200,50NDDTNONREF//B2\n:62F:C260330EUR11049,50\n-\n"
)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (F01.encode(), "bai2"),
        (F02.encode(), "mt940"),
        (b"\xef\xbb\xbf" + F02.encode(), "mt940"),
        (b"{1:F01BANKDEFFXXXX0000000000}{2:O940}{4:\n:20:1\n", "mt940"),
        (b":20:1\n:25:1\n:28C:1\n:34F:EUR0,\n:13D:2603301200+0100\n", "mt942"),
        (b'<?xml version="1.0"?><Document><BkToCstmrStmt>', "camt.053"),
        (b"<ns:Document xmlns:ns='urn:iso:std:iso:20022:tech:xsd:camt.054.001.08'>", "camt.054"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n", "ofx"),
        (b"!Type:Bank\nD1/2/26\nT5\n^\n", "qif"),
        (b"101 07100001 0710000130", "nacha"),
        (b"{1500}30User ReqT ", "fedwire"),
        (b"kind,number,customer_id\n", None),
        (b"<Invoice/>", None),
        (b"", None),
    ],
)
def test_a_format_is_told_by_its_first_bytes(head: bytes, found: str | None) -> None:
    assert recognise_bank(head) == found


def zipped(folder: Path, **members: bytes) -> Path:
    path = folder / "statements.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def test_every_file_of_a_zip_is_read_by_its_name(db: None, tmp_path: Path) -> None:
    told = duly("bank", "inspect", zipped(tmp_path, b__sta=F02.encode(), a__bai=F01.encode()))
    assert [(one["file"], one["format"]) for one in told["files"]] == [
        ("statements.zip/a.bai", "bai2"),
        ("statements.zip/b.sta", "mt940"),
    ]
    assert [one["problems"] for one in told["files"]] == [[], []]
    (first,) = told["files"][0]["statements"]
    assert [one["amount"] for one in first["entries"]] == ["50000.00", "25000.00"]
    assert first["closing"] == {"amount": "1325000.00", "on": "2026-03-30"}


@pytest.mark.parametrize("kind", ["nested", "bomb", "none", "cut", "other"])
def test_a_zip_that_is_not_a_bank_s_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.sta", F02)
    if kind == "nested":
        path = zipped(tmp_path, a__zip=held.getvalue())
    elif kind == "bomb":
        path = zipped(tmp_path, a__sta=F02.encode() + b"\n" * 50_000_000)
    elif kind == "none":
        path = zipped(tmp_path)
    elif kind == "cut":
        path = tmp_path / "cut.zip"
        path.write_bytes(held.getvalue()[:-30])
    else:
        path = zipped(tmp_path, a__sta=F02.encode(), b__txt=b"hello\n")
    with pytest.raises(FileRefused) as refused:
        open_bank_files(path, path.name)
    assert refused.value.facts["where"]
    assert refused.value.remedy


def test_what_is_not_there_or_empty_or_no_bank_file_says_where(db: None, tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        open_bank_files(tmp_path / "none.sta", "none.sta")
    for content in (b"", b" \n", b"kind,number\n"):
        (tmp_path / "x.sta").write_bytes(content)
        refusal = duly("bank", "inspect", tmp_path / "x.sta", code=3)
        assert refusal["remedy"]
        assert refusal["facts"].get("where") or refusal["facts"].get("problems") or not content


def test_what_does_not_add_up_is_shown_with_its_difference(db: None, tmp_path: Path) -> None:
    (tmp_path / "off.sta").write_text(F02.replace("11049,50", "11049,49"))
    told = duly("bank", "inspect", tmp_path / "off.sta")
    (problem,) = told["files"][0]["problems"]
    assert problem["code"] == "DOES_NOT_ADD_UP"
    assert "0.01 EUR" in problem["message"]


def test_lines_that_can_not_be_parsed_are_all_named(db: None, tmp_path: Path) -> None:
    (tmp_path / "bad.sta").write_text(F02.replace(":61:26", ":61:xx"))
    (tmp_path / "good.sta").write_text(F02)
    files = (tmp_path / "bad.sta", tmp_path / "good.sta")
    refusal = duly("bank", "inspect", *files, code=3)
    assert refusal["code"] == "BANK_FILE_UNREADABLE"
    assert {one["where"] for one in refusal["facts"]["problems"]} == {"line 5", "line 7"}
