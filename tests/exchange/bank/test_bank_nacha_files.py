"""NACHA: CCD+ and CTX with their remittances, returns, controls; the public and broken files."""

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

from duly.cash_application.rules.statements import INFORMATION, NOTICE, Entry, NamedDocument
from duly.interfaces.exchange.readers.bank.nacha import check_digit

EDI = (
    "ISA*00*          *00*          *01*071000013      *01*021000021      *260331*0600*U*00401*"
    "000000001*0*P*>~GS*RA*A*B*260331*0600*1*X*004010~ST*820*0001~BPR*C*4950.00*C*ACH*CTX~"
    "RMR*IV*INV1001*PO*3000.00*3000.00*0~RMR*IV*INV1002*PO*1950.00*2000.00*0~ADX*-50.00*01~SE*6*0001~"
    "GE*1*1~IEA*1*000000001~"
)


def entry(code: str, amount: int, name: str, *, account: str = "987654", trace: int = 1) -> str:
    """A record 6 for the bank 02100002."""
    digit = check_digit("02100002")
    return (
        f"6{code}02100002{digit}{account:<17}{amount:010d}{'CUST-7':<15}{name:<22}  1"
        f"07100001{trace:07d}"
    )


def slices(text: str) -> list[str]:
    """Records 7 with a text in slices of 80."""
    parts = [text[at : at + 80] for at in range(0, len(text), 80)]
    return [f"705{part:<80}{at:04d}0000001" for at, part in enumerate(parts, 1)]


def file(kind: str, records: list[str]) -> str:
    """A file of one batch, its controls right."""
    six = [one for one in records if one[0] == "6"]
    hash = f"{sum(int(one[3:11]) for one in six) % 10**10:010d}"
    debits = sum(int(one[29:39]) for one in six if one[2] >= "5")
    credits = sum(int(one[29:39]) for one in six if one[2] < "5")
    totals = f"{hash}{debits:012d}{credits:012d}"
    lines = [
        f"101 021000021 0710000132603300600A094101{'OUR BANK':<23}{'THEIR BANK':<23}{'':8}",
        f"5220{'ACME INC':<16}{'':20}{'1234567890'}{kind}{'PAYMENT':<10}260330260331090107100001"
        f"{1:07d}",
        *records,
        f"8220{len(records):06d}{totals}1234567890{'':25}07100001{1:07d}",
        f"9{1:06d}{1:06d}{len(records):08d}{totals}{'':39}",
        "9" * 94,
    ]
    assert {len(line) for line in lines} == {94}
    return "\n".join(lines) + "\n"


CTX = file("CTX", [entry("22", 495_000, f"{len(slices(EDI)):04d}OUR CO"), *slices(EDI)])


def test_f_05_check_digits_and_hash() -> None:
    assert (check_digit("07100001"), check_digit("02100002")) == ("3", "1")
    numbers = ["07100001", "02100002", "12100035"]
    records = [
        entry("22", 1, "OUR CO").replace("021000021", number + check_digit(number))
        for number in numbers
    ]
    assert "0021300038" in file("CCD", records)
    assert problems(read("nacha", file("CCD", records))) == []
    wrong = file("CCD", records).replace("0021300038", "0021300039")
    assert problems(read("nacha", wrong)) == [
        ("line 6", "DOES_NOT_ADD_UP"),
        ("line 7", "DOES_NOT_ADD_UP"),
    ]


def test_ctx_addenda_are_joined_to_the_whole_820() -> None:
    events = read("nacha", CTX)
    (head,) = heads(events)
    assert (head.account, head.currency, head.kind, head.number) == (
        "987654",
        "USD",
        NOTICE,
        "260330A/1",
    )
    assert entries(events) == [
        Entry(
            "line 3",
            date(2026, 3, 31),
            date(2026, 3, 31),
            495_000,
            "USD",
            bank_reference="071000010000001",
            customer_reference="CUST-7",
            name="ACME INC",
            remittance=EDI,
            code="CTX 22",
            documents=(
                NamedDocument("INV1001", "", 300_000, 300_000),
                NamedDocument("INV1002", "", 200_000, 195_000, 0, 5_000, "01"),
            ),
        )
    ]
    assert problems(events) == []


def test_a_ccd_with_its_addenda() -> None:
    text = "RMR*IV*INV1001**3000.00\\"
    (told,) = entries(read("nacha", file("CCD", [entry("22", 300_000, "OUR CO"), *slices(text)])))
    assert (told.remittance, told.code) == (text, "CCD 22")
    assert told.documents == (NamedDocument("INV1001", "", None, 300_000),)


def test_addenda_that_cannot_be_read_whole_name_nothing() -> None:
    for text in ("RMR*IV*INV1001**3x\\", EDI.replace("SE*6", "SE*9"), "INV1001 3000.00"):
        records = [entry("22", 300_000, "OUR CO"), *slices(text)]
        (told,) = entries(read("nacha", file("CCD", records)))
        assert (told.remittance, told.documents) == (text, ())


def test_a_reference_counts_where_its_check_digits_hold() -> None:
    text = "for RF18539007547034"
    (told,) = entries(read("nacha", file("CCD", [entry("22", 1, "OUR CO"), *slices(text)])))
    assert told.structured_reference == "RF18539007547034"


def test_debits_go_out_and_each_account_is_a_statement() -> None:
    records = [entry("22", 5, "OUR CO"), entry("27", 7, "OUR CO", account="111")]
    events = read("nacha", file("CCD", records))
    assert [(head.account) for head in heads(events)] == ["987654", "111"]
    assert [one.minor for one in entries(events)] == [5, -7]


def test_a_return_undoes_what_was_collected() -> None:
    addenda = f"799R01{'07100001000000':<15}{'':6}02100002{'':44}{'071000010000001'}"
    events = read("nacha", file("PPD", [entry("26", 900, "JANE DOE"), addenda]))
    (told,) = entries(events)
    assert (told.minor, told.is_reversal, told.return_reason) == (-900, True, "R01")
    assert (told.name, told.account, heads(events)[0].account) == (
        "JANE DOE",
        "987654",
        "1234567890",
    )


@pytest.mark.parametrize(("code", "amount"), [("23", 0), ("24", 0), ("28", 0)])
def test_what_moves_no_money_is_information(code: str, amount: int) -> None:
    (told,) = entries(read("nacha", file("CCD", [entry(code, amount, "OUR CO")])))
    assert told.status == INFORMATION


def test_a_wrong_check_digit_is_a_doubt_and_an_amount_of_letters_unreadable() -> None:
    digit = CTX.replace("021000021987654", "021000025987654")
    assert problems(read("nacha", digit)) == [("line 3", "BANK_LINE_DOUBTFUL")]
    letters = CTX.replace("0000495000CUST", "000049500OCUST")
    assert ("line 3", "BANK_LINE_UNREADABLE") in problems(read("nacha", letters))


def test_totals_counts_and_lost_controls_are_told() -> None:
    less = "\n".join(line for line in CTX.splitlines() if line[:1] != "7" or "RMR" not in line)
    assert ("line 7", "DOES_NOT_ADD_UP") in problems(read("nacha", less))
    cut = CTX[: CTX.index("\n8220")] + "\n"
    assert problems(read("nacha", cut)) == [("end of file", "INCOMPLETE")] * 2


def test_a_file_without_line_ends_and_one_with_lost_blanks_say_the_same() -> None:
    want = entries(read("nacha", CTX))
    assert entries(read("nacha", CTX.replace("\n", ""))) == want
    assert entries(read("nacha", "\n".join(line.rstrip() for line in CTX.split("\n")))) == want
    assert entries(read("nacha", CTX.replace("\n", "\r\n"))) == want


FILES = corpus("nacha")


@pytest.mark.skipif(not FILES, reason="the public bank files of ../shared/data are not here")
def test_a_real_file_is_read_as_its_label_says() -> None:
    (path,) = [path for path in FILES if path.name == "ach-ctx-read__ctx-debit.ach"]
    (told,) = entries(read("nacha", path.read_bytes()))
    assert (told.minor, told.code, told.name) == (-100_000_000, "CTX 27", "Name on Account")
    assert told.remittance == "Debit First Account".ljust(80) + "Debit Second Account"
    assert told.value_on == date(2018, 11, 27)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_public_file_is_read_or_its_trouble_named(path: Path) -> None:
    events = read("nacha", path.read_bytes())
    assert_well_formed(events)
    count = sum(line.startswith(b"6") for line in path.read_bytes().splitlines())
    assert len(entries(events)) == count or problems(events)


def test_hostile_bytes_end_in_problems_only() -> None:
    for data in spoiled(CTX.encode()):
        assert_well_formed(read("nacha", data))
