"""Entries balance, accounts are one chart, seals chain."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.kernel.errors import Defect
from duly.ledger.errors import Unbalanced
from duly.ledger.rules import sealing
from duly.ledger.rules.accounts import BANK, BY_ID, CHART, CONTROL_IDS, RECEIVABLE
from duly.ledger.rules.entries import (
    Draft,
    Leg,
    credit,
    debit,
    refuse_unbalanced,
    transfer,
)
from duly.storage import bulk


def draft(*legs: Leg) -> Draft:
    return Draft("2026-01-01", "test", "document", 1, None, legs)


class TestEntries:
    def test_debit_is_positive_and_credit_negative(self) -> None:
        assert debit(BANK, 5, "EUR").amount_minor == 5
        assert credit(BANK, 5, "EUR").amount_minor == -5

    @pytest.mark.parametrize("leg", [debit, credit])
    def test_a_negative_side_is_our_bug(self, leg) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(Defect):
            leg(BANK, -1, "EUR")

    @given(st.integers(-(10**15), 10**15))
    def test_a_transfer_balances(self, amount: int) -> None:
        legs = transfer(BANK, RECEIVABLE, amount, "EUR", 7)
        assert sum(leg.amount_minor for leg in legs) == 0
        assert {leg.account_id: leg.amount_minor for leg in legs}[RECEIVABLE.id] == amount

    @pytest.mark.parametrize(
        "legs",
        [
            (Leg(1, "EUR", 5, None),),
            (Leg(1, "EUR", 5, None), Leg(2, "EUR", -4, None)),
            (Leg(1, "EUR", 5, None), Leg(2, "USD", -5, None)),
            (Leg(1, "EUR", 5, None), Leg(2, "EUR", 5, None), Leg(3, "USD", -10, None)),
        ],
    )
    def test_what_does_not_balance_is_never_written(self, legs: tuple[Leg, ...]) -> None:
        with pytest.raises(Unbalanced):
            refuse_unbalanced([draft(*transfer(BANK, RECEIVABLE, 1, "EUR", 1)), draft(*legs)])

    def test_each_currency_balances_by_itself(self) -> None:
        refuse_unbalanced(
            [
                draft(
                    Leg(1, "EUR", 5, None),
                    Leg(2, "EUR", -5, None),
                    Leg(1, "USD", 7, None),
                    Leg(2, "USD", -7, None),
                )
            ]
        )


class TestAccounts:
    def test_ids_and_codes_are_each_used_once(self) -> None:
        assert len({account.id for account in CHART}) == len(CHART) == len(BY_ID)
        assert len({account.code for account in CHART}) == len(CHART)

    def test_the_control_accounts(self) -> None:
        assert {BY_ID[id_].code for id_ in CONTROL_IDS} == {
            "receivable",
            "deductions_receivable",
            "unapplied_cash",
        }

    def test_ids_never_change(self) -> None:
        """They stand in postings that are sealed."""
        assert {account.code: account.id for account in CHART} == {
            "receivable": 1,
            "deductions_receivable": 2,
            "unapplied_cash": 3,
            "bank": 4,
            "billing_clearing": 5,
            "opening_balances": 6,
            "settled_elsewhere": 7,
            "discount_allowed": 8,
            "small_differences": 9,
            "finance_charge_income": 10,
            "bad_debt": 11,
            "bad_debt_recovered": 12,
            "bank_charges": 13,
        }


HEADER = {
    "sequence": 2,
    "batch": (7, "import", "anna", "a.csv"),
    "recorded_at": datetime(2026, 1, 1, 12, tzinfo=UTC),
    "totals": {"EUR": {"receivable": 5}},
    "rows": {"ledger_entry": 1},
}
BLOCKS = [("ledger_entry", 1, 2, "a" * 64), ("ledger_posting", 1, 4, "b" * 64)]


class TestSealing:
    def test_version_one_is_written_so(self) -> None:
        """A seal that was written must verify for ever: this digest never changes."""
        told = sealing.batch_digest("0" * 64, sealing.header(**HEADER), BLOCKS)
        assert told == "061dff0e2e76aea2de64a554f8949832100f5206000aff633fdae5ad79ec6b21"

    @pytest.mark.parametrize(
        "changed",
        [
            {"sequence": 3},
            {"batch": (8, "import", "anna", "a.csv")},
            {"batch": (7, "import", "bert", "a.csv")},
            {"batch": (7, "import", "anna", "b.csv")},
            {"recorded_at": datetime(2026, 1, 1, 12, 0, 0, 1, tzinfo=UTC)},
            {"totals": {"EUR": {"receivable": 6}}},
            {"rows": {"ledger_entry": 2}},
        ],
    )
    def test_every_word_of_a_header_counts(self, changed: dict) -> None:
        same = sealing.batch_digest("0" * 64, sealing.header(**HEADER), BLOCKS)
        other = sealing.batch_digest("0" * 64, sealing.header(**(HEADER | changed)), BLOCKS)
        assert same != other

    @pytest.mark.parametrize(
        ("previous", "blocks"),
        [
            ("1" * 64, BLOCKS),
            ("0" * 64, BLOCKS[:1]),
            ("0" * 64, BLOCKS[::-1]),
            ("0" * 64, [("ledger_entry", 1, 2, "c" * 64), BLOCKS[1]]),
            ("0" * 64, [("ledger_entry", 2, 2, "a" * 64), BLOCKS[1]]),
        ],
    )
    def test_every_block_and_the_seal_before_count(self, previous: str, blocks: list) -> None:
        same = sealing.batch_digest("0" * 64, sealing.header(**HEADER), BLOCKS)
        assert sealing.batch_digest(previous, sealing.header(**HEADER), blocks) != same

    def test_a_moment_is_one_whatever_zone_tells_it(self) -> None:
        moved = HEADER["recorded_at"].astimezone(timezone(timedelta(hours=9)))  # type: ignore[attr-defined]
        assert sealing.header(**(HEADER | {"recorded_at": moved})) == sealing.header(**HEADER)

    @given(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), max_size=8),
        st.data(),
    )
    def test_marks_name_the_row_that_differs(self, texts: list[str], data: st.DataObject) -> None:
        rows = [(index, text) for index, text in enumerate(texts, 5)]
        lines = bulk.lines_of(rows)
        marks = sealing.row_marks(lines, len(rows))
        found = [(row[0], bulk.lines_of([row])) for row in rows]
        assert sealing.differing_rows(marks, 5, found) == []
        if not rows:
            return
        index = data.draw(st.integers(0, len(rows) - 1))
        gone = [one for one in found if one[0] != index + 5]
        assert sealing.differing_rows(marks, 5, gone) == [(index + 5, "missing")]
        changed = dict(found) | {index + 5: bulk.lines_of([(index + 5, texts[index] + "x")])}
        assert sealing.differing_rows(marks, 5, list(changed.items())) == [(index + 5, "changed")]
