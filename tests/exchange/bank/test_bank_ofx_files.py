"""OFX and QFX, SGML and XML: labelled by hand, the public files, and broken ones."""

from datetime import date
from pathlib import Path

import pytest
from tests.exchange.bank_files import (
    assert_well_formed,
    corpus,
    entries,
    feet,
    heads,
    problems,
    read,
    spoiled,
)

from duly.cash_application.rules.statements import INTERIM, PENDING, Balance, Entry

SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>021000021<ACCTID>123456789<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20260330120000[-5:EST]
<DTAVAIL>20260401
<TRNAMT>1250.50
<FITID>F1
<CHECKNUM>1007
<NAME>ACME &amp; SONS
<MEMO>INV 1001 < 1002
</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260331<TRNAMT>-20,5<FITID>F2<NAME>AT&T</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>11230.00<DTASOF>20260331</LEDGERBAL>
<AVAILBAL><BALAMT>99.00<DTASOF>20260401</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
FIRST = Entry(
    "line 9",
    date(2026, 3, 30),
    date(2026, 4, 1),
    125_050,
    "USD",
    "F1",
    "1007",
    "ACME & SONS",
    remittance="INV 1001 < 1002",
    code="CREDIT",
)


def as_xml(sgml: str) -> str:
    """The same file with every value closed, as OFX 2 is written."""
    import re

    body = sgml[sgml.index("<OFX>") :].replace("< 1002", "&lt; 1002").replace("AT&T", "AT&amp;T")
    closed = re.sub(r"<([A-Z0-9.]+)>([^<\s][^<\n]*)", r"<\1>\2</\1>", body)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200"?>\n{closed}'


def test_sgml_is_read_with_its_open_values() -> None:
    events = read("ofx", SGML)
    (head,) = heads(events)
    assert (head.account, head.bank, head.currency) == ("123456789", "021000021", "USD")
    assert (head.kind, head.opening) == (INTERIM, None)
    assert feet(events)[0].closing == Balance(date(2026, 3, 31), 1_123_000)
    first, second = entries(events)
    assert first == FIRST
    assert (second.place, second.minor, second.name) == ("line 19", -2050, "AT&T")
    assert problems(events) == []


def test_xml_says_the_same_as_sgml() -> None:
    by_sgml, by_xml = entries(read("ofx", SGML)), entries(read("ofx", as_xml(SGML)))
    assert [one._replace(place="") for one in by_xml] == [one._replace(place="") for one in by_sgml]
    assert problems(read("ofx", as_xml(SGML))) == []


def test_a_reference_counts_where_its_check_digits_hold() -> None:
    right = read("ofx", SGML.replace("INV 1001", "RF18539007547034"))
    assert entries(right)[0].structured_reference == "RF18539007547034"
    wrong = read("ofx", SGML.replace("INV 1001", "RF19539007547034"))
    assert entries(wrong)[0].structured_reference == ""


def test_a_file_of_one_line_tells_the_number_of_the_entry() -> None:
    told = entries(read("ofx", SGML.replace("\n", "")))
    assert [one.place for one in told] == ["entry 1", "entry 2"]


def test_lower_case_tags_and_cdata_are_read() -> None:
    lower = SGML.replace("<MEMO>INV 1001 < 1002", "<MEMO><![CDATA[5 < 6 & more]]>")
    assert entries(read("ofx", lower))[0].remittance == "5 < 6 & more"
    assert entries(read("ofx", SGML.replace("<STMTTRN>", "<stmttrn>").replace("TRNAMT", "trnamt")))


@pytest.mark.parametrize(
    "amount", ["$1250.50", "1250.505", "1,250", "", "1.2.3", "1250.50 CR", "12e3", "٣.٠٠"]
)
def test_an_amount_that_is_not_exact_is_unreadable(amount: str) -> None:
    found = problems(read("ofx", SGML.replace("1250.50", amount)))
    assert found == [("line 9", "BANK_LINE_UNREADABLE")]


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("+1250.5", 125_050), ("1,250.50", 125_050), ("1.250,50", 125_050), ("0001250.5000", 125_050)],
)
def test_amounts_are_taken_as_banks_write_them(amount: str, minor: int) -> None:
    events = read("ofx", SGML.replace("1250.50", amount))
    assert entries(events)[0].minor == minor
    assert problems(events) == []


def test_a_yen_has_no_decimals_and_foreign_entries_keep_their_currency() -> None:
    assert entries(read("ofx", SGML.replace("USD", "JPY").replace("1250.50", "1250")))[0].minor == (
        1250
    )
    foreign = SGML.replace("<NAME>AT&T", "<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY>")
    assert entries(read("ofx", foreign))[1].currency == "EUR"
    original = foreign.replace("CURRENCY>", "ORIGCURRENCY>")
    assert entries(read("ofx", original))[1].currency == "USD"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("20260330120000", "20260231"),
        ("<TRNTYPE>CREDIT", "<TRNTYPE>DEBIT"),
        ("<FITID>F1", "<FITID>F1<CORRECTFITID>F0<CORRECTACTION>REPLACE"),
    ],
)
def test_doubts_are_told_and_the_entry_is_read(right: str, wrong: str) -> None:
    events = read("ofx", SGML.replace(right, wrong))
    assert len(entries(events)) == 2
    assert problems(events) == [("line 9", "BANK_LINE_DOUBTFUL")]


def test_an_entry_without_its_end_is_read() -> None:
    for times in (1, -1):
        told = entries(read("ofx", SGML.replace("</STMTTRN>", "", times)))
        assert [(one.place, one.minor) for one in told] == [("line 9", 125_050), ("line 19", -2050)]


def test_pending_entries_are_no_money_yet() -> None:
    told = entries(read("ofx", SGML.replace("STMTTRN>", "STMTTRNP>")))
    assert {one.status for one in told} == {PENDING}


def test_an_answer_without_statement_says_so() -> None:
    refused = "<OFX><STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>General Server Error</STATUS></OFX>"
    assert problems(read("ofx", refused)) == [("line 1", "BANK_LINE_DOUBTFUL")]
    assert problems(read("ofx", "<OFX></OFX>")) == [("line 1", "INCOMPLETE")]
    assert ("end of file", "INCOMPLETE") in problems(read("ofx", SGML[: SGML.index("<LEDGER")]))


def test_a_document_type_is_refused_and_nothing_is_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "cccc">]>' + as_xml(SGML).split("\n", 1)[1]
    assert ("line 1", "BANK_LINE_UNREADABLE") in problems(read("ofx", bomb))
    assert entries(read("ofx", SGML.replace("AT&T", "&b;&#0;&#xD800;")))[1].name == (
        "&b;&#0;&#xD800;"
    )


def test_an_entry_that_never_ends_is_unreadable() -> None:
    endless = SGML.replace("</STMTTRN>", "").replace("</BANKTRANLIST>", "x" * 3_000_000)
    assert any(code == "BANK_LINE_UNREADABLE" for _, code in problems(read("ofx", endless)))


FILES = corpus("ofx")


@pytest.mark.skipif(not FILES, reason="the public bank files of ../shared/data are not here")
def test_a_real_statement_is_read_as_its_label_says() -> None:
    (path,) = [path for path in FILES if path.name == "fixtures__ofxdata-bb-two-stmtrs.ofx"]
    events = read("ofx", path.read_bytes())
    assert [(head.account, head.bank, head.currency) for head in heads(events)] == [
        ("455000-5", "001", "BRL"),
        ("655000-2", "001", "BRL"),
    ]
    first = entries(events)[0]
    assert (first.booked_on, first.minor, first.bank_reference, first.customer_reference) == (
        date(2017, 3, 1),
        1_331_836,
        "2017030101331836",
        "5322222",
    )
    assert len(entries(events)) == 36
    assert problems(events) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_public_file_is_read_or_its_trouble_named(path: Path) -> None:
    events = read("ofx", path.read_bytes())
    assert_well_formed(events)
    count = path.read_bytes().upper().count(b"<STMTTRN>")
    unread = [code for _, code in problems(events) if code == "BANK_LINE_UNREADABLE"]
    assert len(entries(events)) + len(unread) == count


def test_hostile_bytes_end_in_problems_only() -> None:
    for data in [*spoiled(SGML.encode()), *spoiled(as_xml(SGML).encode(), seed=2)]:
        assert_well_formed(read("ofx", data))
