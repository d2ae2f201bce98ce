"""What a bank's file adds up to, told of streams that readers hand on."""

from datetime import date

import pytest

from duly.cash_application.rules.statements import (
    INTERIM,
    PENDING,
    Balance,
    Claimed,
    Closed,
    Detail,
    Entry,
    Opened,
    prove,
)
from duly.kernel.errors import Problem

ON = date(2026, 3, 30)


def _entry(minor: int, **more: object) -> Entry:
    return Entry("line 2", ON, ON, minor, "EUR", **more)  # type: ignore[arg-type]


def _problems(*entries: Entry, closing: int | None, claimed: tuple[Claimed, ...] = (), **head):
    balance = None if closing is None else Balance(ON, closing)
    opened = Opened("line 1", **{"account": "DE1", "currency": "EUR"} | head)
    events = [opened, *entries, Closed("line 9", balance, claimed)]
    passed = list(prove(events))
    assert [one for one in passed if not isinstance(one, Problem)] == events
    return [(one.code, one.message) for one in passed if isinstance(one, Problem)]


OPENING = {"opening": Balance(ON, 1_000_000)}


def test_f02_adds_up() -> None:
    assert _problems(_entry(125_000), _entry(-20_050), closing=1_104_950, **OPENING) == []


def test_f02_with_a_cent_lost_tells_the_difference() -> None:
    told = _problems(_entry(125_000), _entry(-20_050), closing=1_104_949, **OPENING)
    assert told == [
        (
            "DOES_NOT_ADD_UP",
            "Opening balance and entries make 11049.50 EUR, the closing balance is 11049.49 EUR: "
            "0.01 EUR too much.",
        )
    ]


def test_f03_adds_up() -> None:
    entries = (_entry(11_900), _entry(23_800), _entry(-1_250))
    assert _problems(*entries, closing=84_450, opening=Balance(ON, 50_000)) == []


def test_what_is_pending_does_not_count_towards_the_balance() -> None:
    assert _problems(_entry(500, status=PENDING), closing=1_000_000, **OPENING) == []


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (Claimed("entries", 2, 14_505), None),
        (Claimed("credits", 1, 12_505), None),
        (Claimed("debits", 1, 2_000), None),
        (Claimed("net", None, 10_505), None),
        (Claimed("entries", 3, None), "The file claims 3 entries; there are 2."),
        (Claimed("debits", 1, 1), "The file claims 0.01 EUR of debits; they make 20.00 EUR."),
    ],
)
def test_totals_that_the_bank_claims_are_counted(claim: Claimed, told: str | None) -> None:
    found = _problems(
        _entry(12_505), _entry(-2_000), closing=1_010_505, claimed=(claim,), **OPENING
    )
    assert found == ([("DOES_NOT_ADD_UP", told)] if told else [])


def test_details_make_the_amount_of_their_batch() -> None:
    whole = _entry(300, details=(Detail(100), Detail(200)))
    short = _entry(300, details=(Detail(100), Detail(199)))
    silent = _entry(300, details=(Detail(100), Detail(None)))
    assert _problems(whole, silent, closing=600, opening=Balance(ON, 0)) == []
    told = _problems(short, closing=300, opening=Balance(ON, 0))
    assert told == [("DOES_NOT_ADD_UP", "Its 2 details make 2.99 EUR, the entry is 3.00 EUR.")]


def test_a_statement_without_account_or_balance_is_incomplete() -> None:
    told = _problems(_entry(1), closing=None, account="")
    message = "The statement lacks an account, an opening balance, a closing balance."
    assert told == [("INCOMPLETE", message)]


def test_a_notice_between_statements_needs_no_balance() -> None:
    assert _problems(_entry(1), closing=None, kind=INTERIM) == []
