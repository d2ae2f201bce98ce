"""BAI2: labelled by hand, held against the public files, and against broken ones."""

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

from duly.cash_application.rules.statements import INFORMATION, INTERIM, Balance, Entry

F_01 = """01,BANK,CUST,260331,0600,1,80,,2/
02,CUST,BANK,1,260330,2359,USD,2/
03,1234567890,USD,010,125000000,,,015,132500000,,/
16,165,5000000,0,B1,C1,ACME INV 1001/
16,195,2500000,0,B2,C2,WIRE BETA 7788/
49,265000000,4/
98,265000000,1,6/
99,265000000,1,8/
"""
DAY = date(2026, 3, 30)


def with_entry(line: str, amount: int = 0) -> str:
    """F-01 with one more line, its totals made right, as the sign of `amount` is."""
    more = line.count("\n") + 1
    closing, control = 132500000 + amount, 265000000 + amount + abs(amount)
    return (
        F_01.replace("015,132500000", f"015,{closing}")
        .replace("49,265000000,4/", f"{line}\n49,{control},{4 + more}/")
        .replace("98,265000000,1,6/", f"98,{control},1,{6 + more}/")
        .replace("99,265000000,1,8/", f"99,{control},1,{8 + more}/")
    )


def test_f_01_opening_and_entries_make_the_closing_balance() -> None:
    events = read("bai2", F_01)
    (head,) = heads(events)
    assert (head.account, head.currency, head.bank) == ("1234567890", "USD", "BANK")
    assert head.opening == Balance(DAY, 125_000_000)
    assert feet(events)[0].closing == Balance(DAY, 132_500_000)
    assert entries(events) == [
        Entry(
            "line 4",
            DAY,
            None,
            5_000_000,
            "USD",
            "B1",
            "C1",
            remittance="ACME INV 1001",
            code="165",
        ),
        Entry(
            "line 5",
            DAY,
            None,
            2_500_000,
            "USD",
            "B2",
            "C2",
            remittance="WIRE BETA 7788",
            code="195",
        ),
    ]
    assert problems(events) == []


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("49,265000000,4/", "49,265000001,4/", "line 6"),
        ("49,265000000,4/", "49,265000000,5/", "line 6"),
        ("98,265000000,1,6/", "98,265000000,2,6/", "line 7"),
        ("98,265000000,1,6/", "98,1,1,6/", "line 7"),
        ("99,265000000,1,8/", "99,265000000,1,9/", "line 8"),
        ("99,265000000,1,8/", "99,265000000,7,8/", "line 8"),
        ("49,265000000,4/", "49,,4/", "line 6"),
        ("16,165,5000000", "16,165,5000001", "line 6"),
        ("015,132500000", "015,132500001", "line 6"),
    ],
)
def test_each_total_that_is_wrong_is_told_where_it_stands(
    right: str, wrong: str, place: str
) -> None:
    assert right in F_01
    found = problems(read("bai2", F_01.replace(right, wrong)))
    assert (place, "DOES_NOT_ADD_UP") in found
    assert {code for _, code in found} == {"DOES_NOT_ADD_UP"}


@pytest.mark.parametrize(
    ("funds", "value_on"),
    [
        ("", None),
        ("Z", None),
        ("1", None),
        ("V,260402,", date(2026, 4, 2)),
        ("V,260402,1200", date(2026, 4, 2)),
        ("S,100,50,10", None),
        ("D,2,0,100,1,60", None),
        ("D,0", None),
    ],
)
def test_the_funds_type_tells_how_many_fields_it_has(funds: str, value_on: date | None) -> None:
    events = read("bai2", with_entry(f"16,455,160,{funds},REF,OURS,Text, with commas/", -160))
    entry = entries(events)[-1]
    assert (entry.minor, entry.bank_reference, entry.customer_reference) == (-160, "REF", "OURS")
    assert (entry.remittance, entry.value_on) == ("Text, with commas", value_on)
    assert problems(events) == []


def test_a_text_goes_on_in_88_and_is_joined_as_the_bank_cuts_it() -> None:
    full = "16,195,10,Z,B3,C3,".ljust(79, "x") + "y"
    assert len(full) == 80
    cut = entries(read("bai2", with_entry(f"{full}\n88,z 7788\n88,INV 9/", 10)))[-1]
    assert cut.remittance.endswith("xyz 7788 INV 9")
    begun_later = entries(read("bai2", with_entry("16,195,10,Z,B3,C3/\n88,INV 1/\n88,INV 2/", 10)))
    assert (begun_later[-1].customer_reference, begun_later[-1].remittance) == (
        "C3",
        "INV 1 INV 2",
    )


def test_a_reference_counts_where_its_check_digits_hold() -> None:
    for text, told in (("PAY RF18539007547034", "RF18539007547034"), ("RF19539007547034", "")):
        simple = entries(read("bai2", F_01.replace("ACME INV 1001", text)))[0]
        assert simple.structured_reference == told
        longer = entries(read("bai2", with_entry(f"16,195,10,Z,B,C/\n88,{text}/", 10)))[-1]
        assert longer.structured_reference == told


def test_text_keeps_its_slashes() -> None:
    text = "AB/GS/0001 of 08/18/23"
    assert entries(read("bai2", with_entry(f"16,195,10,Z,B,C,{text}/", 10)))[-1].remittance == text
    assert entries(read("bai2", with_entry(f"16,195,10,Z,B,C,{text}", 10)))[-1].remittance == text


def test_money_out_and_returns_have_their_sign() -> None:
    events = read(
        "bai2", with_entry('16,555,700,Z,B,C,Deposited item returned, Reason: "R01"/', -700)
    )
    entry = entries(events)[-1]
    assert (entry.minor, entry.is_reversal, entry.return_reason) == (-700, True, "R01")
    told = read("bai2", with_entry("16,890,,,,,Your branch moves/"))
    assert (entries(told)[-1].status, entries(told)[-1].minor) == (INFORMATION, 0)
    assert problems(told) == []


def test_a_type_code_that_tells_no_side_is_unreadable() -> None:
    assert ("line 6", "BANK_LINE_UNREADABLE") in problems(
        read("bai2", with_entry("16,720,100,Z,B,C,LOAN/", 100))
    )


def test_a_yen_account_has_no_decimals_and_none_told_means_dollars() -> None:
    yen = read("bai2", F_01.replace("USD", "JPY"))
    assert entries(yen)[0].minor == 5_000_000
    assert problems(yen) == []
    untold = read("bai2", F_01.replace("USD", ""))
    assert heads(untold)[0].currency == "USD"


def test_interim_groups_need_no_balances_and_tests_are_told() -> None:
    without = F_01.replace("010,125000000,,,015,132500000,,", "").replace("265000000", "7500000")
    interim = read("bai2", without.replace("USD,2/", "USD,3/"))
    assert heads(interim)[0].kind == INTERIM
    assert problems(interim) == []
    assert problems(read("bai2", without)) == [("line 3", "INCOMPLETE")]
    assert problems(read("bai2", F_01.replace("BANK,1,26", "BANK,4,26"))) == [
        ("line 2", "BANK_LINE_DOUBTFUL")
    ]


def test_a_file_that_ends_early_lacks_its_trailers() -> None:
    cut = F_01[: F_01.index("49,")]
    assert problems(read("bai2", cut)) == [
        ("end of file", "INCOMPLETE"),
        ("end of file", "INCOMPLETE"),
    ]


def test_a_line_that_is_none_of_the_format_is_named() -> None:
    broken = F_01.replace("49,265", "garbage\n49,265").replace("02,CUST", "77,what/\n02,CUST")
    assert ("line 2", "BANK_LINE_UNREADABLE") in problems(read("bai2", broken))
    stray = "16,165,1,Z,B,C,x/\n" + F_01
    assert ("line 1", "BANK_LINE_UNREADABLE") in problems(read("bai2", stray))


def test_what_is_unreadable_is_told_at_most_a_hundred_times() -> None:
    rubbish = F_01.replace("49,265", "16,1,x/\n" * 500 + "49,265")
    found = [code for _, code in problems(read("bai2", rubbish))]
    assert 100 <= found.count("BANK_LINE_UNREADABLE") <= 101


FILES = corpus("bai2")


@pytest.mark.skipif(not FILES, reason="the public bank files of ../shared/data are not here")
def test_a_real_statement_is_read_as_its_label_says() -> None:
    (path,) = [path for path in FILES if path.name == "data__nwb_example.bai2"]
    events = read("bai2", path.read_bytes())
    (head,) = heads(events)
    assert (head.account, head.currency) == ("88888888 600004", "GBP")
    assert head.opening == Balance(date(2009, 12, 16), 36521)
    assert feet(events)[0].closing == Balance(date(2009, 12, 16), 33845)
    assert [(entry.place, entry.minor, entry.code) for entry in entries(events)] == [
        ("line 5", -971, "699"),
        ("line 7", -100, "699"),
        ("line 9", -123, "699"),
        ("line 11", -1571, "699"),
        ("line 13", 89, "399"),
    ]
    assert entries(events)[-1].remittance == (
        "TFR XBANKGO24007680SJ CAT JPY 2 GBPXBANKGO24007680BGC INTERNATIONAL-5373 CLIENT SECCY"
        " AC TFR"
    )
    assert problems(events) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_public_file_is_read_or_its_trouble_named(path: Path) -> None:
    events = read("bai2", path.read_bytes())
    assert_well_formed(events)
    lines = sum(line.startswith(b"16,") for line in path.read_bytes().splitlines())
    assert len(entries(events)) == lines or problems(events)


@pytest.mark.skipif(not FILES, reason="the public bank files of ../shared/data are not here")
def test_the_names_that_a_bank_tags_are_found() -> None:
    (path,) = [path for path in FILES if "sample4" in path.name]
    found = {entry.bank_reference: entry for entry in entries(read("bai2", path.read_bytes()))}
    money_in = found["GI2229300000187"]
    assert (money_in.name, money_in.account, money_in.end_to_end) == (
        "",
        "8348572423",
        "GS0D9VGMP1IWPLW",
    )
    assert found["GI2321400000090"].name == "TEST COMPANY"


def test_hostile_bytes_end_in_problems_only() -> None:
    for data in spoiled(with_entry("16,195,10,V,260401,,B,C,INV 1/\n88,INV 2/", 10).encode()):
        assert_well_formed(read("bai2", data))
