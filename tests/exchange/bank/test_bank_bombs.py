"""T16: files made to fill memory, to read other files or to lie: answered in a second."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.exchange.bank.test_bank_golden_files import GOLDEN, LABELS
from tests.exchange.bank_files import entries, problems, read

from duly.cash_application.rules.statements import Event
from duly.interfaces.exchange.readers.bank import open_bank_files
from duly.interfaces.exchange.readers.refusals import FileRefused

MOST_S = 1.0
MOST_BYTES = 100_000_000
CAMT = (GOLDEN / "camt.053.xml").read_text()
OFX = (GOLDEN / "ofx2.ofx").read_text()
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = {
    "laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>',
    "file": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "net": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "http://127.0.0.1:1/">]>',
    "parameter": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "outside": '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
}


def read_whole(path: Path) -> list[Event] | FileRefused:
    try:
        return [event for file in open_bank_files(path, "file") for event in file.events()]
    except FileRefused as refusal:
        return refusal


def answered(path: Path) -> list[Event] | FileRefused:
    """What a file is answered with, within the limits of time and memory.

    Read once for each: counting memory takes several times the time.
    """
    begun = time.process_time()
    found = read_whole(path)
    assert time.process_time() - begun < MOST_S
    del found
    tracemalloc.start()
    found = read_whole(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_BYTES
    return found


def told_bad(path: Path) -> bool:
    """Tell whether it is refused, or read with a problem that refuses an import."""
    found = answered(path)
    if isinstance(found, FileRefused):
        return bool(found.remedy)
    return any(code != "BANK_LINE_DOUBTFUL" for _, code in problems(found))


@pytest.mark.parametrize("what", ENTITIES)
@pytest.mark.parametrize("text", [CAMT, OFX], ids=["camt", "ofx"])
def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path, what: str, text: str) -> None:
    head, tail = text.split("\n", 1)
    path = tmp_path / "a.xml"
    path.write_text(head + "\n" + ENTITIES[what] + tail.replace("RE-1001", "&l9;"))
    assert told_bad(path)


@pytest.mark.parametrize("name", [label["name"] for label in LABELS])
@pytest.mark.parametrize("digits", [400, 200_000])
def test_no_number_is_too_long_to_answer(tmp_path: Path, name: str, digits: int) -> None:
    """A number of any length in place of the first amount."""
    label = next(one for one in LABELS if one["name"] == name)
    data = (GOLDEN / name).read_bytes()
    amount = label["entries"][0]["amount"].partition(".")[0]
    written = next(
        text.encode()
        for text in (amount, f"{int(amount):,}", f"{int(amount):,}".replace(",", "."))
        if text.encode() in data
    )
    path = tmp_path / name
    path.write_bytes(data.replace(written, b"9" * digits, 1))
    found = answered(path)
    assert isinstance(found, FileRefused) or problems(found)


@pytest.mark.parametrize("name", [label["name"] for label in LABELS])
def test_a_nul_is_told(tmp_path: Path, name: str) -> None:
    data = (GOLDEN / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(data[: len(data) // 2] + b"\0" * 9 + data[len(data) // 2 :])
    assert told_bad(path)


BOMBS: dict[str, Callable[[], bytes]] = {
    "columns": lambda: b"Date,Description," + b"Amount," * 1_000_000 + b"\n" + b"1," * 1_000_000,
    "wide row": lambda: b"Date,Description,Amount\n2026-03-01,x," + b"1.00," * 1_000_000,
    "deep": lambda: CAMT.replace("RE-1001", "<a>" * 100_000 + "</a>" * 100_000).encode(),
    "attribute": lambda: CAMT.replace('Ccy="EUR"', f'Ccy="{"E" * 2_000_000}"', 1).encode(),
    "attributes": lambda: CAMT.replace(
        "<Cd>BOOK", "<Cd " + " ".join(f'a{n}="1"' for n in range(50_000)) + ">BOOK", 1
    ).encode(),
    "comments": lambda: CAMT.replace("<Stmt>", "<Stmt>" + "<!-- -->" * 100_000, 1).encode(),
    "utf-7": lambda: CAMT.replace("UTF-8", "UTF-7", 1).encode(),
    "codec of bytes": lambda: CAMT.replace("UTF-8", "zlib_codec", 1).encode(),
}
HARMLESS = {
    "wide row",
    "comments",
    "attributes",
    "utf-7",
}  # read, for they say nothing else than a file may


@pytest.mark.parametrize("what", BOMBS)
def test_what_is_made_to_fill_memory_is_answered(tmp_path: Path, what: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[what]())
    found = answered(path)
    if what not in HARMLESS:
        assert isinstance(found, FileRefused) or problems(found)


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


ZIPS: dict[str, Callable[[], bytes]] = {
    "nested": lambda: zipped({"a.zip": zipped({"b.zip": zipped({"c.sta": b":20:1\n"})})}),
    "gigabytes": lambda: zipped({f"{n}.sta": b"\n" * 20_000_000 for n in range(3)}),
    "members": lambda: zipped({f"{n}.sta": b":20:1\n" for n in range(2_000)}),
    "lies of its size": lambda: zipped({"a.sta": b":20:1\n" * 50_000}).replace(
        (300_000).to_bytes(4, "little"), (5).to_bytes(4, "little")
    ),
}


@pytest.mark.parametrize("what", ZIPS)
def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(ZIPS[what]())
    assert told_bad(path)


def test_names_in_a_zip_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"../../evil.sta": (GOLDEN / "mt940.sta").read_bytes()}))
    found = answered(path)
    assert not isinstance(found, FileRefused)
    assert len(entries(found)) == 3
    assert sorted(one.name for one in tmp_path.parent.rglob("evil*")) == []


def test_signs_that_turn_the_reading_are_kept_as_text() -> None:
    (first, *_) = entries(read("camt.053", CAMT.replace("E2E-1", "E2E\u202e1")))
    assert first.end_to_end == "E2E\u202e1"
