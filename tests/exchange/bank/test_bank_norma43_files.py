"""Norma 43: labelled by hand, held against the public files, and against broken ones."""

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

from duly.cash_application.rules.statements import Balance, Claimed, Entry

HERE = pytest.mark.skipif(not CORPUS.is_dir(), reason="the public bank files are not here")
ACCOUNT = "210004180200051332"


def head(amount: str = "00000000050000", side: str = "2", currency: str = "978") -> str:
    return f"11{ACCOUNT}260301260331{side}{amount}{currency}3NOSOTROS SL"


def line(amount: str, side: str = "2", concept: str = "04", first: str = "0" * 12) -> str:
    return f"22    0418260330260331{concept}016{side}{amount}0000000000{first}{'FACTURA 7':16}"


def foot(debits: str, credits: str, closing: str) -> str:
    return f"33{ACCOUNT}{debits}{credits}{closing}978   "


def file(*lines: str) -> str:
    return "".join(f"{one:80}\r\n" for one in (*lines, f"88{'9' * 18}{len(lines):06d}"))


GOOD = file(
    head(),
    line("00000000011900", first="RF1234567890"),
    f"2301{'TRANSFERENCIA DE CLIENTE SA':38}FACTURA 1001",
    "2302Y 1002",
    line("00000000001250", "1", "98"),
    foot("0000100000000001250", "0000100000000011900", "200000000060650"),
)


def test_opening_and_lines_make_the_closing_balance() -> None:
    events = read("norma43", GOOD)
    assert problems(events) == []
    (opened,) = heads(events)
    assert (opened.account, opened.currency, opened.owner) == (ACCOUNT, "EUR", "NOSOTROS SL")
    assert opened.opening == Balance(date(2026, 3, 1), 50_000)
    (closed,) = feet(events)
    assert closed.closing == Balance(date(2026, 3, 31), 60_650)
    assert closed.claimed == (Claimed("debits", None, 1_250), Claimed("credits", None, 11_900))
    assert entries(events) == [
        Entry(
            "line 2",
            date(2026, 3, 30),
            date(2026, 3, 31),
            11_900,
            "EUR",
            customer_reference="RF1234567890 FACTURA 7",
            remittance="TRANSFERENCIA DE CLIENTE SA FACTURA 1001 Y 1002",
            code="04-016",
        ),
        Entry(
            "line 5",
            date(2026, 3, 30),
            date(2026, 3, 31),
            -1_250,
            "EUR",
            customer_reference="FACTURA 7",
            code="98-016",
            is_reversal=True,
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("200000000060650", "200000000060651", "line 1"),  # closing balance
        ("0000100000000011900", "0000100000000011901", "line 1"),  # sum of credits
        ("0000100000000011900", "0000200000000011900", "line 6"),  # count of credits
        (f"88{'9' * 18}000006", f"88{'9' * 18}000007", "line 7"),  # count of records
    ],
)
def test_what_does_not_add_up_is_told(old: str, new: str, place: str) -> None:
    assert problems(read("norma43", GOOD.replace(old, new))) == [(place, "DOES_NOT_ADD_UP")]


def test_a_debit_balance_is_negative_and_currencies_have_their_decimals() -> None:
    text = file(head(side="1", currency="392"), line("00000000012300"))
    events = read("norma43", text)
    assert heads(events)[0].opening == Balance(date(2026, 3, 1), -500)
    assert [(found.minor, found.currency) for found in entries(events)] == [(123, "JPY")]
    cents = read("norma43", file(head(currency="392"), line("00000000012345")))
    assert problems(cents)[0] == ("line 2", "BANK_LINE_UNREADABLE")
    unknown = read("norma43", file(head(currency="999")))
    assert problems(unknown)[0] == ("line 1", "BANK_LINE_DOUBTFUL")


@pytest.mark.parametrize(
    "bad",
    [
        line("0000000001X900"),
        line("00000000011900", "3"),
        line("00000000011900").ljust(80) + "1",
        "55",
        "23",
    ],
)
def test_a_record_that_is_none_is_told(bad: str) -> None:
    lines = (head(), bad) if bad != "23" else (head(), "2301TEXT")
    events = read("norma43", file(*lines, line("00000000000100")))
    assert problems(events)[0] == ("line 2", "BANK_LINE_UNREADABLE")
    assert [found.minor for found in entries(events)] == [100]


def test_lines_before_an_account_are_told() -> None:
    text = file(line("00000000000100"))
    assert problems(read("norma43", text))[0] == ("line 1", "BANK_LINE_UNREADABLE")


@HERE
def test_a_real_statement_labelled_by_hand() -> None:
    events = read("norma43", (CORPUS / "n43/oca-spain/tests__test.n43").read_bytes())
    # Both files have a side of neither kind, and count records that are not there.
    assert problems(events) == [("line 11", "BANK_LINE_DOUBTFUL"), ("line 12", "DOES_NOT_ADD_UP")]
    assert [
        (found.booked_on, found.value_on, found.minor, found.customer_reference, found.code)
        for found in entries(events)
    ] == [
        (date(2016, 5, 26), date(2016, 5, 25), -3, "5540014210128010", "06-100"),
        (date(2016, 5, 12), date(2016, 5, 12), -17_830, "000975737917", "04-016"),
        (date(2016, 5, 16), date(2016, 5, 16), 28_029, "", "04-016"),
        (date(2016, 5, 16), date(2016, 5, 16), 0, "", "04-016"),
    ]
    assert feet(events)[0].closing == Balance(date(2016, 5, 31), 10_196)


@HERE
def test_every_public_file_has_as_many_entries_as_records() -> None:
    for path in corpus("n43"):
        data = path.read_bytes()
        events = read("norma43", data)
        assert_well_formed(events)
        have = sum(record.startswith(b"22") for record in data.splitlines())
        assert len(entries(events)) == have, path.name


def test_spoiled_files_give_problems_and_nothing_else() -> None:
    for broken in spoiled(GOOD.encode()):
        assert_well_formed(read("norma43", broken))
