"""CODA: labelled by hand, held against the public files, and against broken ones."""

from datetime import date

import pytest
from tests.exchange.bank_files import (
    CORPUS,
    assert_well_formed,
    corpus,
    entries,
    feet,
    heads,
    problems,
    read,
    spoiled,
)

from duly.cash_application.rules.statements import Balance, Claimed, Detail, Entry

DAY = date(2026, 3, 30)
HERE = pytest.mark.skipif(not CORPUS.is_dir(), reason="the public bank files are not here")


def record(*parts: tuple[int, str]) -> str:
    """A record of 128 characters with texts at their positions, counted from 1."""
    line = [" "] * 128
    for at, text in parts:
        line[at - 1 : at - 1 + len(text)] = text
    assert len(line) == 128
    return "".join(line)


HEAD = record((1, "0000030032630005"), (61, "KREDBEBB"), (128, "2"))


def opening(amount: str = "000000000500000", side: str = "0", currency: str = "EUR") -> str:
    return record(
        (1, "12001"),
        (6, "BE68539007547034"),
        (40, currency),
        (43, side + amount + "290326"),
        (65, "US BVBA"),
        (126, "062"),
    )


def movement(
    amount: str, side: str = "0", number: str = "00010000", code: str = "00150000", say: str = "0"
) -> str:
    return record(
        (1, "21" + number),
        (11, "REF" + number),
        (32, side + amount + "300326" + code),
        (62, say),
        (116, "300326"),
    )


def closing(amount: str, side: str = "0") -> str:
    return record((1, "8001BE68539007547034"), (39, "EUR"), (42, side + amount + "300326"))


def trailer(records: int, debits: str, credits: str) -> str:
    return record((1, "9"), (17, f"{records:06d}{debits}{credits}"), (128, "2"))


def file(*records: str) -> str:
    return "".join(line + "\r\n" for line in records)


TWO = record(
    (1, "2200010000"), (11, " AND 1002"), (64, "E7"), (99, "BBRUBEBB"), (113, "2"), (114, "MD01")
)
THREE = record(
    (1, "2300010000"), (11, "BE25646548413215"), (45, "EUR"), (48, "KLANT NV"), (83, "THANKS")
)
SAID = movement("000000000119000", say="0INV 1001")
GOOD = file(
    HEAD,
    opening(),
    SAID,
    TWO,
    THREE,
    movement("000000000012500", "1", "00020000", "00149000"),
    closing("000000000606500"),
    trailer(6, "000000000012500", "000000000119000"),
)


def test_opening_and_movements_make_the_closing_balance() -> None:
    events = read("coda", GOOD)
    assert problems(events) == []
    (head,) = heads(events)
    assert (head.account, head.currency, head.number, head.bank, head.owner) == (
        "BE68539007547034",
        "EUR",
        "062",
        "KREDBEBB",
        "US BVBA",
    )
    assert head.opening == Balance(date(2026, 3, 29), 50_000)
    (foot,) = feet(events)
    assert foot.closing == Balance(DAY, 60_650)
    assert foot.claimed == (Claimed("debits", None, 1_250), Claimed("credits", None, 11_900))
    assert entries(events) == [
        Entry(
            "line 3",
            DAY,
            DAY,
            11_900,
            "EUR",
            bank_reference="REF00010000",
            customer_reference="E7",
            name="KLANT NV",
            account="BE25646548413215",
            end_to_end="E7",
            remittance="INV 1001 AND 1002 THANKS",
            code="00150000",
            return_reason="MD01",
        ),
        Entry("line 6", DAY, DAY, -1_250, "EUR", "REF00020000", code="00149000", is_reversal=True),
    ]


def test_what_does_not_add_up_is_told() -> None:
    other = file(*GOOD.splitlines()[:-2], closing("000000000606400"), GOOD.splitlines()[-1])
    assert problems(read("coda", other)) == [("line 2", "DOES_NOT_ADD_UP")]
    lost = file(*GOOD.splitlines()[:3], *GOOD.splitlines()[4:])
    assert problems(read("coda", lost)) == [("line 7", "DOES_NOT_ADD_UP")]
    assert problems(read("coda", file(*GOOD.splitlines()[:-2]))) == [("line 2", "INCOMPLETE")]


def with_movements(*lines: str, currency: str = "EUR") -> str:
    return file(HEAD, opening(currency=currency), *lines)


def test_movements_under_one_number_are_details() -> None:
    events = read(
        "coda",
        with_movements(
            movement("000000001000000", code="10550000"),
            movement("000000000250000", number="00010001", code="50550000", say="1101090933755493"),
            record((1, "3100010001"), (40, "1001KLANT EEN")),
            movement("000000000750000", number="00010002", code="50550000"),
        ),
    )
    (found,) = entries(events)
    assert found.minor == 100_000
    assert found.details == (
        Detail(
            25_000,
            "KLANT EEN",
            bank_reference="REF00010001",
            structured_reference="090933755493",
            remittance="090933755493",
        ),
        Detail(75_000, bank_reference="REF00010002"),
    )


def test_a_direct_debit_tells_mandate_and_text() -> None:
    said = "127" + "300326" + "120" + f"{'BE2ZZZ3215646432':35}{'M7':35}{'INV 9':62}"
    found = entries(
        read(
            "coda",
            with_movements(
                movement("000000000001000", say="1" + said[:53]),
                record((1, "2200010000"), (11, said[53:106])),
                record((1, "2300010000"), (83, said[106:])),
            ),
        )
    )[0]
    assert (found.mandate, found.remittance) == ("M7", "INV 9")


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [
        ("EUR", "000000000001230", 123),
        ("JPY", "000000001234000", 1234),
        ("KWD", "0" * 12 + "123", 123),
    ],
)
def test_amounts_have_three_decimals(currency: str, amount: str, minor: int) -> None:
    text = with_movements(movement(amount), currency=currency)
    assert entries(read("coda", text))[0].minor == minor


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (movement("000000000001234"), "line 3"),  # a tenth of a cent
        (movement("00000000000123X"), "line 3"),
        (movement("000000000001230", "7"), "line 3"),
        (movement("000000000001230") + "1", "line 3"),
        ("X" * 128, "line 3"),
    ],
)
def test_a_record_that_is_none_is_told(line: str, place: str) -> None:
    events = read("coda", with_movements(line, movement("000000000001000", number="00020000")))
    assert problems(events)[0] == (place, "BANK_LINE_UNREADABLE")
    assert [found.minor for found in entries(events)] == [100]


def test_version_one_is_refused() -> None:
    assert problems(read("coda", file(HEAD[:-1] + "1")))[0] == ("line 1", "BANK_LINE_UNREADABLE")


@HERE
def test_a_real_statement_labelled_by_hand() -> None:
    events = read("coda", (CORPUS / "coda/wimverstuyf/Samples__sample1.cod").read_bytes())
    assert problems(events) == []
    (head,) = heads(events)
    assert (head.account, head.currency) == ("138536152215", "EUR")
    assert head.opening == Balance(date(2017, 10, 10), 1_775_212)
    assert feet(events)[0].closing == Balance(date(2017, 10, 11), 1_783_212)
    assert [
        (found.place, found.minor, found.name, found.account, found.structured_reference)
        for found in entries(events)
    ] == [
        ("line 3", 500, "KLANT1 MET NAAM1", "BE22313215646432", "000003505158"),
        ("line 8", 2_500, "KLANT2 NAAM2", "BE25646548413215", "000003515846"),
        ("line 13", 2_000, "KLANT3 NAAM3", "BE32135468465432", "000003154982"),
        ("line 18", 3_000, "KLANT4 - NAAM4 MET", "BE23156453132168", "000002133131"),
    ]


@HERE
def test_every_public_file_has_as_many_entries_as_movements() -> None:
    unread = {}
    for path in corpus("coda"):
        data = path.read_bytes()
        events = read("coda", data)
        assert_well_formed(events)
        codes = [code for _, code in problems(events)]
        if "BANK_LINE_UNREADABLE" in codes:
            unread[path.name] = problems(events)[codes.index("BANK_LINE_UNREADABLE")][0]
            continue
        have = sum(1 + len(found.details) for found in entries(events))
        assert have == sum(line.startswith(b"21") for line in data.splitlines()), path.name
    # Made-up amounts with a tenth of a cent.
    assert unread == {"Samples__sample2.cod": "line 17", "Samples__sample6.cod": "line 3"}


def test_spoiled_files_give_problems_and_nothing_else() -> None:
    for broken in spoiled(GOOD.encode()):
        assert_well_formed(read("coda", broken))
