"""What a row of a file means: due dates, outcomes, cells."""

from datetime import date

import pytest

from duly.intake.rules.columns import KINDS
from duly.intake.rules.items import Due, DueDateMissing, TermsBook, schedule
from duly.intake.rules.outcome import MOST_PROBLEMS, Outcome
from duly.intake.rules.reading import Reading
from duly.intake.rules.sheet import Block
from duly.kernel.dates import DateReader
from duly.kernel.errors import DulyError, Problem
from duly.kernel.money import Money


def due(terms: str, issued: str, minor: int = 100_00) -> tuple[Due, ...]:
    dues, _ = schedule(
        terms_text=terms,
        issued_on=date.fromisoformat(issued),
        amount=Money(minor, "EUR"),
        book=TermsBook(),
    )
    return dues


class TestSchedule:
    @pytest.mark.parametrize(
        ("terms", "issued", "due_on"),
        [
            ("net30", "2026-01-31", "2026-03-02"),
            ("net 30", "2026-01-31", "2026-03-02"),
            ("net0", "2026-01-31", "2026-01-31"),
        ],
    )
    def test_net(self, terms: str, issued: str, due_on: str) -> None:
        assert due(terms, issued) == (Due(due_on, 100_00, None, 0),)

    def test_a_discount_is_an_offer_with_a_date(self) -> None:
        """Pain H1: what is due stays the whole."""
        assert due("2/10 net 30", "2026-03-01") == (Due("2026-03-31", 100_00, "2026-03-11", 2_00),)

    def test_free_text_gives_no_due_date(self) -> None:
        with pytest.raises(DueDateMissing):
            due("as we agreed", "2026-03-01")

    def test_the_same_text_is_read_once_and_refused_every_time(self) -> None:
        book = TermsBook()
        assert book.read("net30") is book.read("net30")
        for _ in range(2):
            with pytest.raises(DulyError):
                book.read("net 30 EOM")

    @pytest.mark.parametrize("minor", [1, 2, 3, 99, 100, 101, 9_999_999_999_999])
    def test_instalments_add_up_to_the_cent(self, minor: int) -> None:
        """Pain H3: the remainder is placed, never lost."""
        dues = due("33.33% in 30 days, 33.33% in 60 days, 33.34% in 90 days", "2026-01-01", minor)
        assert sum(part.amount_minor for part in dues) == minor
        assert [part.due_on for part in dues] == ["2026-01-31", "2026-03-02", "2026-04-01"]


class TestOutcome:
    def test_problems_are_told_up_to_a_number_and_counted_beyond(self) -> None:
        outcome = Outcome()
        outcome.add_problems(Problem(f"row {n}", "X", "x") for n in range(MOST_PROBLEMS + 5))
        assert (len(outcome.problems), outcome.more_problems) == (MOST_PROBLEMS, 5)

    def test_control_totals_are_texts_of_each_currency(self) -> None:
        outcome = Outcome()
        outcome.add_control([("EUR", 1_50), ("JPY", 7), ("EUR", -50), ("KWD", 1)])
        assert outcome.control_told() == {
            "EUR": {"count": 2, "amount": "1.00"},
            "JPY": {"count": 1, "amount": "7"},
            "KWD": {"count": 1, "amount": "0.001"},
        }


def reading(**columns: list[str]) -> Reading:
    count = len(next(iter(columns.values())))
    return Reading(Block(range(2, count + 2), columns), "row", DateReader())


def told(read: Reading) -> list[tuple[str, str]]:
    return [(problem.where, problem.code) for problem in read.problems]


class TestReading:
    def test_rows_are_counted_as_a_spreadsheet_counts(self) -> None:
        read = reading(a=["x", "", "y"])
        read.names("a")
        assert told(read) == [("row 3", "VALUE_MISSING")]
        assert read.bad == {1}

    def test_a_column_that_is_not_there_is_empty(self) -> None:
        read = reading(a=["x", "y"])
        assert read.texts("b") == ["", ""]
        assert read.dates("b") == [None, None]
        assert read.amounts("b", ["EUR", "EUR"]) == [None, None]
        assert read.flags("b") == [False, False]
        assert read.problems == []

    def test_too_long_a_text(self) -> None:
        read = reading(a=["x" * 64, "x" * 65])
        read.names("a")
        assert told(read) == [("row 3", "TEXT_TOO_LONG")]

    def test_amounts_in_the_decimals_of_their_currency(self) -> None:
        read = reading(amount=["1.5", "15", "1.005", "1.00005", "1.5", ""])
        currencies = ["EUR", "JPY", "KWD", "CLF", "JPY", "EUR"]
        assert read.amounts("amount", currencies) == [150, 15, 1005, None, None, None]
        assert told(read) == [("row 5", "INVALID_AMOUNT"), ("row 6", "INVALID_AMOUNT")]

    @pytest.mark.parametrize(
        "text", ["1,50", "1.234,50", "(12.50)", "12.50-", "1e3", "NaN", "١٢", " 1", "0x10", "--1"]
    )
    def test_amounts_are_never_guessed(self, text: str) -> None:
        """Pain I7."""
        read = reading(amount=[text])
        assert read.amounts("amount", ["EUR"]) == [None]
        assert told(read) == [("row 2", "INVALID_AMOUNT")]

    @pytest.mark.parametrize(
        "text", ["01/02/2026", "2026-2-1", "1.2.26", "31072026", "2026-02-30", "today", "20260201"]
    )
    def test_dates_are_never_guessed(self, text: str) -> None:
        """Pains I7, I8."""
        read = reading(on=[text])
        assert read.dates("on") == [None]
        assert told(read) == [("row 2", "INVALID_DATE")]

    def test_flags(self) -> None:
        words = ["true", "Yes", "1", "y", "false", "NO", "0", "n", ""]
        assert reading(f=words).flags("f") == [True] * 4 + [False] * 5
        read = reading(f=["maybe"])
        read.flags("f")
        assert told(read) == [("row 2", "WORD_UNKNOWN")]

    def test_words_from_a_list(self) -> None:
        read = reading(kind=["invoice", "", "bill"])
        assert read.choices("kind", ["invoice"], default="invoice")[:2] == ["invoice", "invoice"]
        assert told(read) == [("row 4", "WORD_UNKNOWN")]
        assert "invoice" in read.problems[0].remedy

    def test_what_a_reader_spoilt_stays_out(self) -> None:
        block = Block(range(2, 4), {"a": ["", "x"]}, [Problem("row 2", "X", "x")], frozenset({0}))
        read = Reading(block, "row", DateReader())
        read.names("a")
        assert told(read) == [("row 2", "X")]


def test_each_kind_has_these_columns() -> None:
    required = {
        "customers": "customer_id name",
        "contacts": "customer_id name",
        "items": "kind number customer_id currency issued_on amount",
        "payments": "payment_id currency received_on amount",
        "applications": "payment_id item_number customer_id amount applied_on",
        "orders": "order_ref customer_id currency amount ordered_on",
        "rates": "on currency per_entity_currency",
        "stops": "customer_id kind since_on source",
    }
    optional = {
        "customers": "email phone country language timezone terms credit_limit currency parent_id "
        "tax_id address segment collector sales_rep payment_method do_not_chase",
        "contacts": "role email phone language do_not_contact",
        "items": "due_on terms open_amount discount_until discount_amount po_number order_ref "
        "delivered_on reference",
        "payments": "customer_id payer_name payer_account reference",
        "applications": "discount",
        "orders": "prepaid",
        "rates": "source",
        "stops": "reason",
    }
    assert {name: set(kind.required) for name, kind in KINDS.items()} == {
        name: set(columns.split()) for name, columns in required.items()
    }
    for name, columns in optional.items():
        assert set(columns.split()) <= set(KINDS[name].optional)


def test_kinds_go_in_the_order_in_which_they_depend() -> None:
    order = sorted(KINDS, key=lambda name: KINDS[name].order)
    assert order.index("customers") < order.index("contacts")
    assert order.index("customers") < order.index("items") < order.index("applications")
    assert order.index("payments") < order.index("applications")
