"""Fedwire: a wire with its remittance, requests that bring no money, public and broken files."""

from datetime import date
from pathlib import Path

import pytest
from tests.exchange.bank_files import (
    assert_well_formed,
    corpus,
    entries,
    heads,
    problems,
    read,
    spoiled,
)

from duly.cash_application.rules.statements import BOOKED, INFORMATION, NOTICE, Entry, NamedDocument

WIRE = "".join(
    f"{line}\n"
    for line in (
        "{1500}30REQ 7   P ",
        "{1510}1000",
        "{1520}20260331MMQFMPU8000001",
        "{2000}000000495000",
        "{3100}071000013THEIR BANK*",
        "{3400}021000021OUR BANK*",
        "{3600}CTP",
        "{3320}SENDER 1*",
        "{3700}BUSD15,00*",
        f"{{4200}}D{'987654':<34}{'OUR CO':<35}*",
        "{4320}CUST-7*",
        "{5000}D123456*ACME INC*1 MAIN ST*",
        "{6000}INV1001 AND INV1002 LESS 50 FOR THR" + "EE CARTONS*",
        "{8400}CINV*INV1001*",
        "{8450}USD3000.00*",
        "{8400}CINV*INV1002*",
        "{8450}USD1950.00*",
        "{8600}01CRDTUSD50.00*DAMAGED*",
        "{8750}PLEASE CALL*",
    )
)


def test_a_wire_is_an_entry_with_who_and_what_for() -> None:
    events = read("fedwire", WIRE)
    (head,) = heads(events)
    assert (head.account, head.bank, head.kind) == ("987654", "021000021", NOTICE)
    assert entries(events) == [
        Entry(
            "line 1",
            date(2026, 3, 31),
            date(2026, 3, 31),
            495_000,
            "USD",
            bank_reference="20260331MMQFMPU8000001",
            customer_reference="CUST-7",
            name="ACME INC",
            account="123456",
            remittance="INV1001 AND INV1002 LESS 50 FOR THREE CARTONS CINV INV1001 paid USD "
            "3000.00 CINV INV1002 paid USD 1950.00 adjusted 01 CRDT USD 50.00 DAMAGED PLEASE CALL",
            code="CTP 1000",
            status=BOOKED,
            charges_minor=1500,
            documents=(
                NamedDocument("INV1001", "CINV", None, 300_000),
                NamedDocument("INV1002", "CINV", None, 195_000, 0, 5_000, "01"),
            ),
        )
    ]
    assert problems(events) == []


def test_addenda_are_kept_as_they_came() -> None:
    edi = "ST*820*0001~RMR*IV*INV1001*PO*4950.00~SE*3*0001~"
    told = entries(read("fedwire", WIRE.replace("{8750}PLEASE CALL*", f"{{8200}}0048{edi}")))
    assert told[0].remittance.endswith(edi)


def test_an_820_in_the_addenda_names_its_documents() -> None:
    edi = "ST*820*0001~RMR*IV*INV1001*PO*4950.00~SE*3*0001~"
    text = "".join(line for line in WIRE.splitlines(True) if line[:3] != "{84")
    (told,) = entries(read("fedwire", text.replace("{8750}", f"{{8200}}0048{edi}\n{{8750}}")))
    assert told.documents == (NamedDocument("INV1001", "", None, 495_000),)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("{8450}USD1950.00", "{8450}EUR1950.00"),
        ("USD1950.00", "USD19x"),
        ("{8450}USD1950.00*\n", ""),
    ],
)
def test_half_a_structured_remittance_is_none(right: str, wrong: str) -> None:
    (told,) = entries(read("fedwire", WIRE.replace(right, wrong)))
    assert told.documents == ()


def test_what_a_wire_says_of_a_document_in_full() -> None:
    text = WIRE.replace(
        "{8450}USD3000.00*\n", "{8450}USD2940,00*\n{8500}USD3000,00*\n{8550}USD60,00*\n"
    ).replace("{8400}CINV*INV1002", "{8400}CREN*CN7")
    (told,) = entries(read("fedwire", text))
    assert told.documents[0] == NamedDocument("INV1001", "CINV", 300_000, 294_000, 6_000)
    assert told.documents[1].paid_minor == -195_000


def test_a_reference_counts_where_its_check_digits_hold() -> None:
    told = entries(read("fedwire", WIRE.replace("PLEASE CALL", "RF18539007547034")))
    assert told[0].structured_reference == "RF18539007547034"


def test_several_messages_with_and_without_lines_between() -> None:
    for text in (WIRE + WIRE, (WIRE + WIRE).replace("\n", ""), "{1100}30P N{1120}20260401" + WIRE):
        events = read("fedwire", text)
        assert len(heads(events)) == 1
        assert [one.minor for one in entries(events)] == [495_000] * (text.count("{1500}"))
    assert entries(events)[0].booked_on == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("{1510}1000", "{1510}1031"), ("{1510}1000", "{1510}1001"), ("REQ 7   P ", "REQ 7   T ")],
)
def test_requests_and_tests_bring_no_money(right: str, wrong: str) -> None:
    events = read("fedwire", WIRE.replace(right, wrong))
    assert entries(events)[0].status == INFORMATION
    assert problems(events) == [("line 1", "BANK_LINE_DOUBTFUL")]


def test_a_reversal_a_duplicate_and_foreign_charges_are_told() -> None:
    assert entries(read("fedwire", WIRE.replace("{1510}1000", "{1510}1002")))[0].is_reversal
    twice = read("fedwire", WIRE.replace("REQ 7   P ", "REQ 7   PP"))
    assert problems(twice) == [("line 1", "BANK_LINE_DOUBTFUL")]
    foreign = read("fedwire", WIRE.replace("BUSD15,00", "BEUR15,00"))
    assert problems(foreign) == [("line 1", "BANK_LINE_DOUBTFUL")]


@pytest.mark.parametrize("amount", ["", "00000049500O", "0000004950000", "-00000495000"])
def test_a_message_without_an_amount_is_unreadable(amount: str) -> None:
    text = WIRE.replace("{2000}000000495000", f"{{2000}}{amount}")
    assert problems(read("fedwire", text)) == [("line 1", "BANK_LINE_UNREADABLE")]


FILES = corpus("fedwire")


@pytest.mark.skipif(not FILES, reason="the public bank files of ../shared/data are not here")
def test_a_real_message_is_read_as_its_label_says() -> None:
    (path,) = [path for path in FILES if path.name == "customerTransfer-read__customerTransfer.txt"]
    (told,) = entries(read("fedwire", path.read_bytes()))
    assert (told.minor, told.name, told.account) == (1_234_567, "Name", "1234")
    assert (told.booked_on, told.bank_reference) == (date(2019, 6, 10), "20190610Source08000001")
    assert told.remittance == "LineOne LineTwo LineThree LineFour"
    assert told.charges_minor == 99 + 299 + 399 + 100


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_public_message_is_one_entry(path: Path) -> None:
    events = read("fedwire", path.read_bytes())
    assert_well_formed(events)
    assert len(entries(events)) == path.read_bytes().count(b"{1500}")


def test_hostile_bytes_end_in_problems_only() -> None:
    for data in spoiled(WIRE.encode()):
        assert_well_formed(read("fedwire", data))
