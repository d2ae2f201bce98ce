"""Files made to take the time of a machine: each format answers within a second."""

import time
from collections.abc import Callable

import pytest
from tests.exchange.bank_files import assert_well_formed, problems, read

MEGABYTE = 1_000_000
OFX = "<OFX><STMTRS><CURDEF>USD<ACCTID>1<BANKTRANLIST>"
FILES: dict[str, tuple[str, Callable[[], str]]] = {
    "tag": ("ofx", lambda: OFX + "<" + "A" * MEGABYTE),
    "cdata": ("ofx", lambda: f"{OFX}<STMTTRN>{']]>' * 50_000}{'<![CDATA[' * 50_000}</STMTTRN>"),
    "no end": ("ofx", lambda: OFX + "<STMTTRN><TRNAMT>1.00" * 8_000),
    "opened": ("ofx", lambda: "<" * MEGABYTE),
    "day": ("qif", lambda: "!Type:Bank\nD1" + " " * 900_000 + "\nT1\n^\n"),
    "record": ("qif", lambda: "!Type:Bank\n" + "Ax\n" * 300_000),
    "wire": ("fedwire", lambda: "{1500}\n{6000}" + ("x" * 79 + "\n") * 20_000),
    "braces": ("fedwire", lambda: "{1500}" * 100_000),
    "addenda": ("nacha", lambda: "6" * 94 + "\n" + ("7" * 94 + "\n") * 10_000),
    "text": ("bai2", lambda: "01,A,B,260101,,,,,2/\n16,1,\n" + "x" * 900_000 + "/ " * 10_000),
    "slashes": ("bai2", lambda: "01,A,B,260101,,,,,2/\n" + "/ 16,165,1,,,,a" * 20_000),
    "amount": ("csv", lambda: "Date,Description,Amount\n2026-01-01,x," + "1" * 100_000),
    "quote": ("csv", lambda: 'Date,Description,Amount\n"' + '""' * 60_000),
}


@pytest.mark.parametrize("name", FILES)
def test_an_endless_file_is_answered_at_once(name: str) -> None:
    format, make = FILES[name]
    text = make()
    begun = time.process_time()
    events = read(format, text)
    assert time.process_time() - begun < 1.5
    assert problems(events)
    assert_well_formed(events)
