"""QIF: labelled by hand, the public files, and broken ones."""

import re
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

from duly.cash_application.rules.statements import INFORMATION, NOTICE, Detail, Entry

QIF = """!Account
NChecking
TBank
^
!Type:Bank
D3/30'2026
T1,250.50
CX
N1007
PACME INC
MINV 1001
^
D4/2/26
T-20.50
PBank
SFees
EWire
$-15.50
SOther
$-5.00
^
"""


def test_entries_have_their_days_parts_and_names() -> None:
    events = read("qif", QIF)
    (head,) = heads(events)
    assert (head.account, head.currency, head.kind) == ("Checking", "", NOTICE)
    assert entries(events) == [
        Entry(
            "line 6",
            date(2026, 3, 30),
            None,
            125_050,
            "",
            customer_reference="1007",
            name="ACME INC",
            remittance="INV 1001",
        ),
        Entry(
            "line 13",
            date(2026, 4, 2),
            None,
            -2050,
            "",
            name="Bank",
            details=(Detail(-1550, remittance="Wire"), Detail(-500)),
        ),
    ]
    assert problems(events) == [("line 5", "INCOMPLETE")]  # QIF tells no currency


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("4/2/26", "22/12/2026"), (date(2026, 2, 4), date(2026, 12, 22))),
        (("4/2/26", "12/22/2026"), (date(2026, 4, 2), date(2026, 12, 22))),
        (("2026-04-02", "1/ 1'00"), (date(2026, 4, 2), date(2000, 1, 1))),
        (("02.04.1999", "13.04.99"), (date(1999, 4, 2), date(1999, 4, 13))),
        (("4/2/26", "3/1/26"), (None, None)),
    ],
)
def test_the_order_of_a_day_is_told_by_the_file_or_left_open(
    days: tuple[str, str], told: tuple[date | None, date | None]
) -> None:
    text = "!Type:Bank\n" + "".join(f"D{day}\nT1.00\n^\n" for day in days)
    events = read("qif", text)
    assert tuple(entry.booked_on for entry in entries(events)) == told
    unclear = [("line 2", "DATE_ORDER_UNCLEAR")] if None in told else []
    assert problems(events) == [*unclear, ("line 1", "INCOMPLETE")]


def test_a_reference_counts_where_its_check_digits_hold() -> None:
    told = entries(read("qif", QIF.replace("INV 1001", "RF18539007547034")))
    assert told[0].structured_reference == "RF18539007547034"


def test_an_opening_balance_is_no_money_that_came() -> None:
    told = entries(read("qif", "!Type:Bank\nD3/30'2026\nT500.00\nPOpening Balance\n^\n"))
    assert told[0].status == INFORMATION


@pytest.mark.parametrize("amount", ["", "1,234", "12.345", "abc", "1.2.3", "--1"])
def test_a_record_without_an_exact_amount_is_unreadable(amount: str) -> None:
    assert ("line 6", "BANK_LINE_UNREADABLE") in problems(
        read("qif", QIF.replace("1,250.50", amount))
    )


def test_other_lists_are_named_and_never_taken_for_entries() -> None:
    events = read("qif", "!Type:Invst\nD3/30'2026\nT500.00\n^\n")
    assert entries(events) == []
    assert problems(events) == [("line 1", "BANK_LINE_DOUBTFUL"), ("line 4", "INCOMPLETE")]


def test_parts_that_do_not_make_the_amount_are_told() -> None:
    assert ("line 13", "DOES_NOT_ADD_UP") in problems(read("qif", QIF.replace("$-5.00", "$-5.01")))


def test_a_last_record_without_its_end_is_told() -> None:
    events = read("qif", QIF.removesuffix("^\n"))
    assert len(entries(events)) == 2
    assert ("line 13", "BANK_LINE_DOUBTFUL") in problems(events)


FILES = corpus("qif")


@pytest.mark.skipif(not FILES, reason="the public bank files of ../shared/data are not here")
def test_a_real_list_is_read_as_its_label_says() -> None:
    (path,) = [path for path in FILES if path.name == "test_files__test_category_override.qif"]
    told = entries(read("qif", path.read_bytes()))
    assert [(entry.booked_on, entry.minor, entry.name) for entry in told] == [
        (date(2017, 12, 22), 100_000, "Income For January"),
        (date(2018, 1, 1), 110_000, "Starting Balance"),
        (date(2018, 1, 2), -1257, "FOOD C LONDON VIS"),
        (date(2018, 1, 2), -999, "GOUSTO.CO.UK - A LONDON  W3 VIS"),
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_public_file_is_read_or_its_trouble_named(path: Path) -> None:
    events = read("qif", path.read_bytes())
    assert_well_formed(events)
    count = len(re.findall(rb"(?m)^T[-+]?[0-9.,]+\s*$", path.read_bytes()))
    assert len(entries(events)) == count


def test_hostile_bytes_end_in_problems_only() -> None:
    for data in spoiled(QIF.encode()):
        assert_well_formed(read("qif", data))
