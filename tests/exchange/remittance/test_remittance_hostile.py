"""Whatever is broken in a remittance is a problem with a place: no crash, no hang."""

import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.exchange.bank.test_bank_fedwire_files import WIRE
from tests.exchange.bank_files import spoiled
from tests.exchange.remittance.test_remittance_tables import pdf_of
from tests.exchange.remittance_files import (
    CCD,
    CSV,
    CTX,
    F_04,
    GERMAN,
    INTERCHANGE,
    OLD_PAIN,
    REMT,
    UBL,
    opened,
    problems,
    read,
    workbook,
)

from duly.cash_application.rules.advices import FATAL, Advice, Event
from duly.interfaces.exchange.readers.refusals import FileRefused
from duly.interfaces.exchange.readers.remittance import open_remittance
from duly.interfaces.exchange.readers.remittance.mail import enclosed_in, own_words
from duly.interfaces.exchange.remittances import read_mailed
from duly.kernel.errors import Problem

SAMPLES = {
    "edi": INTERCHANGE,
    "nacha": CTX,
    "fedwire": WIRE,
    "pain.001": OLD_PAIN,
    "remt.001": REMT,
    "ubl": UBL,
    "csv": CSV,
    "text": GERMAN,
}
SECONDS = 5  # of the processor: other tests run beside


def assert_told(events: list[Event]) -> None:
    """Each event has a place; texts hold no NUL; there is an advice or a reason why not."""
    assert any(isinstance(one, Advice) or one.code in FATAL for one in events)
    for event in events:
        if isinstance(event, Problem):
            assert event.where
            assert event.code
            assert event.message
            assert event.remedy
        else:
            assert "\0" not in repr(event)
            assert all(len(line.number) <= 300 for line in event.lines)


@pytest.mark.parametrize("kind", SAMPLES)
def test_hostile_bytes_end_in_problems_only(kind: str) -> None:
    for data in spoiled(SAMPLES[kind].encode()):
        for as_kind in {kind, "text", "csv"}:
            assert_told(read(as_kind, data))


def test_hostile_workbooks_and_pdfs(tmp_path: Path) -> None:
    whole = workbook([["Invoice", "Amount paid"], ["A1", 5], ["A2", 6]])
    path = tmp_path / "file"
    for data in [*_some(spoiled(whole)), *_some(spoiled(pdf_of(["INV-1 5.00"])))]:
        path.write_bytes(data)
        try:
            assert_told(list(open_remittance(path, "file").events()))
        except FileRefused:
            continue


def _some(all: Iterator[bytes]) -> list[bytes]:
    return list(all)[::4]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("csv", "invoice;amount paid\n" + "A;1.00;" * 1_000_000),
        ("csv", "invoice;amount paid\n" + '"' + "A" * 3_000_000),
        ("csv", "invoice;amount paid\n" + "A1;1.00\n" * 25_000),
        ("text", "A1 1.00 " * 200_000),
        ("text", "1" * 1_900_000),
        ("text", "INV-1 1 000 000 000 " * 90_000),
        ("text", ("(" * 1000 + "\n") * 1_800),
        ("edi", "ST*820*1~RMR*IV*" + "A" * 2_000_000),
        ("edi", "ST*820*1~" + "RMR*IV*A1**1.00~" * 25_000),
        ("pain.001", OLD_PAIN.replace("RG-9", "A1 " * 3_000_000)),
        ("pain.001", "<a>" * 200_000),
        ("ubl", UBL.replace("<cbc:ID>RA-5</cbc:ID>", "<cbc:ID>" + "<x>" * 50_000)),
        ("nacha", CCD.replace("705RMR", "705" + "RMR*" * 100)),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_an_endless_file_is_answered_at_once(kind: str, data: str) -> None:
    begins = time.process_time()
    read(kind, data)
    assert time.process_time() - begins < SECONDS


@pytest.mark.parametrize("name", ["march.sta", "march.csv"])
def test_a_file_of_the_bank_is_none(name: str, tmp_path: Path) -> None:
    text = {
        "march.sta": ":20:ST1\n:25:37040044/0532013000\n:28C:1/1\n:60F:C260309EUR1000,00\n",
        "march.csv": "Rekeningnummer;Munt;Datum;Valuta;Bedrag;Saldo;Omschrijving;rekeningnummer "
        "tegenpartij;Naam tegenpartij;gestructureerde mededeling;Vrije mededeling\n"
        "BE11;EUR;28/02/2026;01/03/2026;1.250,50;11.250,50;x;BE99;ACME;;INV 1001\n",
    }[name]
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, text)
    assert (refusal.value.code, refusal.value.remedy) == (
        "FORMAT_UNREADABLE",
        "Take it in with `duly import`.",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("*USD~", "*U\0D~"), ("*USD~", "*DEM~"), ("*3000.00*0~", "*3000.00*0~" + "ADX*" + "9" * 15
     + ".00~" + ("ADX*" + "9" * 15 + ".00~") * 100)],
    ids=["NUL", "no more", "endless"],
)  # fmt: skip
def test_what_no_book_can_hold_is_told(before: str, after: str) -> None:
    told = problems(read("edi", F_04.replace(before, after)))
    assert ("set 1", "ADVICE_UNREADABLE") in told


def test_a_bomb_in_a_workbook_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    begins = time.process_time()
    with pytest.raises(FileRefused) as refusal:
        list(open_remittance(path, "bomb.xlsx").events())
    assert refusal.value.code == "FILE_TOO_BIG"
    assert time.process_time() - begins < SECONDS


def test_problems_of_a_file_do_not_fill_the_screen() -> None:
    told = problems(read("csv", "invoice;amount paid\n" + "A1;x\n" * 5_000))
    assert 1 < len(told) <= 101


@pytest.mark.parametrize(
    "page", ["<table>" + "<td>" * 50_000, "<table><tr>" + "<td>1.00</td>" * 50_000, "<p>" * 200_000]
)
def test_an_endless_page_of_a_mail_is_answered_at_once(page: str, tmp_path: Path) -> None:
    head = b"From: a@b.example\r\nSubject: Remittance\r\nContent-Type: text/html\r\n\r\n"
    begins = time.process_time()
    assert read_mailed(head + page.encode(), "mail", tmp_path) == []
    assert time.process_time() - begins < SECONDS


def test_a_mail_that_is_broken_encloses_nothing() -> None:
    head = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary="
    for data in (head, head + b"x\r\n\r\n--x\r\n" * 3, b"\xff\0" * 100, F_04.encode()):
        assert enclosed_in(data) == []
    assert own_words("INV-1 5.00\n> INV-2 6.00") == ["INV-1 5.00", ""]
