"""Import what was applied: each row once, twins both, refusals by row, instalments in order."""

import pytest

from building import Books, broken, row_count, sheet_of
from duly.intake.actions import import_sheets
from duly.intake.errors import RowsRejected
from northwind import northwind, trading_northwind

pytestmark = pytest.mark.django_db


def counts(report: dict) -> tuple[int, int, int, int]:
    return report["new"], report["changed"], report["same"], report["rejected"]


def problems(refusal: pytest.ExceptionInfo[RowsRejected]) -> list[tuple[str, str]]:
    return [(one["where"], one["code"]) for one in refusal.value.facts["problems"]]


def test_twin_applications_in_one_file_are_both_kept_and_come_once() -> None:
    """An application has no id: alike rows are counted."""
    books = trading_northwind()
    text = (
        "payment_id,item_number,customer_id,amount,applied_on\n"
        "P-3,M-2,MERIDIAN,10.00,2026-03-09\nP-3,M-2,MERIDIAN,10.00,2026-03-09\n"
    )
    assert books.take_in("applications", text)["new"] == 2
    assert counts(books.take_in("applications", text)) == (0, 0, 2, 0)
    assert books.open("M-2", "2026-03-09") == "430.50"
    three = text + "P-3,M-2,MERIDIAN,10.00,2026-03-09\n"
    assert counts(books.take_in("applications", three)) == (1, 0, 2, 0)
    assert broken() == {}


def test_a_credit_note_settles_what_another_member_of_its_group_owes() -> None:
    books = trading_northwind()
    text = (
        "payment_id,item_number,customer_id,amount,applied_on\n"
        "T-CN1,M-2,MERIDIAN,10.00,2026-03-09\n"
    )
    with pytest.raises(RowsRejected) as refusal:
        books.take_in("applications", text)
    assert problems(refusal) == [("row 2", "PAYMENT_UNKNOWN")]
    books.take_in("customers", "customer_id,name,parent_id\nTALLOAKS,Tall Oaks,MERIDIAN\n")
    assert books.take_in("applications", text)["new"] == 1
    assert counts(books.take_in("applications", text)) == (0, 0, 1, 0)
    assert (books.open("M-2", "2026-03-09"), books.open("T-CN1", "2026-03-09")) == (
        "440.50",
        "-70.00",
    )
    assert broken() == {}


class TestApplicationsOverInstalments:
    @pytest.fixture
    def books(self) -> Books:
        books = northwind()
        books.invoice(
            "I-1",
            "MERIDIAN",
            "100.00",
            issued="2026-01-01",
            instalments=[("2026-01-31", "50.00"), ("2026-03-02", "50.00")],
        )
        books.payment("P", "MERIDIAN", "100.00", on="2026-02-01")
        return books

    def applied(self, *amounts: str) -> str:
        rows = "".join(f"P,I-1,MERIDIAN,{amount},2026-02-02\n" for amount in amounts)
        return "payment_id,item_number,customer_id,amount,applied_on\n" + rows

    def test_the_earliest_due_is_settled_first(self, books: Books) -> None:
        books.take_in("applications", self.applied("70.00"))
        assert books.open("I-1", "2026-02-02", instalment=1) == "0.00"
        assert books.open("I-1", "2026-02-02", instalment=2) == "30.00"

    def test_one_row_over_two_comes_once(self, books: Books) -> None:
        books.take_in("applications", self.applied("70.00"))
        assert counts(books.take_in("applications", self.applied("70.00"))) == (0, 0, 1, 0)

    @pytest.mark.parametrize("amounts", [("70.00", "30.00"), ("40.00", "40.00")])
    def test_two_rows_over_two_come_once(self, books: Books, amounts: tuple[str, str]) -> None:
        books.take_in("applications", self.applied(*amounts))
        assert counts(books.take_in("applications", self.applied(*amounts))) == (0, 0, 2, 0)

    def test_rows_are_known_again_in_whatever_order(self, books: Books) -> None:
        books.take_in("applications", self.applied("70.00", "20.00", "10.00"))
        again = self.applied("10.00", "70.00", "20.00")
        assert counts(books.take_in("applications", again)) == (0, 0, 3, 0)
        assert broken() == {}

    def test_rows_are_known_again_block_by_block(self, books: Books) -> None:
        text = self.applied("30.00", "40.00", "30.00")
        books.take_in("applications", text)
        sheet = sheet_of("applications", text, block_rows=1)
        (report,) = import_sheets(
            entity=books.entity, sheets=[(sheet, "0" * 64)], actor="t", at=books.moment()
        )
        assert counts(report) == (0, 0, 3, 0)

    def test_more_than_all_of_them_is_refused(self, books: Books) -> None:
        books.payment("P-2", "MERIDIAN", "50.00", on="2026-02-01")
        text = self.applied("100.00") + "P-2,I-1,MERIDIAN,0.01,2026-02-02\n"
        with pytest.raises(RowsRejected) as refusal:
            books.take_in("applications", text)
        assert problems(refusal) == [("row 3", "OVER_APPLIED")]


def test_applications_that_cannot_be_are_named_by_row() -> None:
    books = trading_northwind()
    before = row_count()
    with pytest.raises(RowsRejected) as refusal:
        books.take_in(
            "applications",
            "payment_id,item_number,customer_id,amount,applied_on,discount\n"
            "P-3,NONE,MERIDIAN,1.00,2026-03-09,\n"
            "P-9,M-2,MERIDIAN,1.00,2026-03-09,\n"
            "P-3,M-2,NOBODY,1.00,2026-03-09,\n"
            "P-3,M-2,MERIDIAN,55.56,2026-03-09,\n"
            "P-3,M-2,MERIDIAN,1.00,2026-03-07,\n"
            "P-3,M-2,MERIDIAN,1.00,2026-03-09,0.10\n"
            "P-3,G-1,GULF,1.000,2026-03-09,\n"
            "P-3,M-2,MERIDIAN,0.00,2026-03-09,\n"
            "P-3,M-2,MERIDIAN,-1.00,2026-03-09,\n",
        )
    assert dict(problems(refusal)) == {
        "row 2": "ITEM_UNKNOWN",
        "row 3": "PAYMENT_UNKNOWN",
        "row 4": "CUSTOMER_UNKNOWN",
        "row 5": "OVER_APPLIED",
        "row 6": "APPLIED_TOO_EARLY",
        "row 7": "DISCOUNT_NOT_EARNED",
        "row 8": "CURRENCY_DIFFERS",
        "row 9": "AMOUNT_NOT_POSITIVE",
        "row 10": "AMOUNT_NOT_POSITIVE",
    }
    assert row_count() == before


def test_a_discount_comes_with_its_application() -> None:
    books = trading_northwind()
    books.take_in(
        "payments",
        "payment_id,customer_id,currency,received_on,amount\nP-H,HARBOUR,EUR,2026-03-11,196.00",
    )
    text = (
        "payment_id,item_number,customer_id,amount,applied_on,discount\n"
        "P-H,H-1,HARBOUR,196.00,2026-03-12,4.00\n"
    )
    books.take_in("applications", text)
    assert books.state("H-1", "2026-03-12") == "paid"
    assert counts(books.take_in("applications", text)) == (0, 0, 1, 0)
    assert broken() == {}


def test_a_discount_told_later_is_not_dropped_in_silence() -> None:
    """The money is there and its discount is not: nobody is left to think that it came in."""
    books = trading_northwind()
    books.take_in(
        "payments",
        "payment_id,customer_id,currency,received_on,amount\nP-H,HARBOUR,EUR,2026-03-11,196.00",
    )
    header = "payment_id,item_number,customer_id,amount,applied_on,discount\n"
    row = "P-H,H-1,HARBOUR,196.00,2026-03-12,"
    books.take_in("applications", header + row)
    with pytest.raises(RowsRejected) as refusal:
        books.take_in("applications", header + row + "4.00")
    assert problems(refusal) == [("row 2", "ALREADY_APPLIED")]


def test_a_credit_note_is_applied_by_its_number() -> None:
    books = trading_northwind()
    books.take_in(
        "applications",
        "payment_id,item_number,customer_id,amount,applied_on\n"
        "T-CN1,T-1,TALLOAKS,80.00,2026-02-28\n",
    )
    assert books.open("T-1", "2026-02-28") == "700.00"
    assert books.open("T-CN1", "2026-02-28") == "0.00"
    assert broken() == {}


class TestDiscountsOfInstalments:
    """Each instalment grants its own: money and discount go together, earliest due first."""

    header = "payment_id,item_number,customer_id,amount,applied_on,discount\n"

    @pytest.fixture
    def books(self) -> Books:
        books = northwind()
        parts = [
            ("2026-03-31", "60.00", "2026-03-11", "1.20"),
            ("2026-04-30", "40.00", "2026-04-10", "0.80"),
        ]
        books.invoice("I-1", "MERIDIAN", "100.00", issued="2026-03-01", instalments=parts)
        books.payment("P", "MERIDIAN", "98.00", on="2026-03-10")
        return books

    def open(self, books: Books) -> tuple[str, str]:
        return (
            books.open("I-1", "2026-03-10", instalment=1),
            books.open("I-1", "2026-03-10", instalment=2),
        )

    @pytest.mark.parametrize(
        ("amount", "discount", "left"),
        [
            ("98.00", "2.00", ("0.00", "0.00")),
            ("58.80", "1.20", ("0.00", "40.00")),
            ("60.00", "1.20", ("0.00", "38.80")),
            ("30.00", "1.20", ("28.80", "40.00")),
            ("70.00", "1.50", ("0.00", "28.50")),
        ],
    )
    def test_they_are_split_as_they_are_granted(
        self, books: Books, amount: str, discount: str, left: tuple[str, str]
    ) -> None:
        row = f"P,I-1,MERIDIAN,{amount},2026-03-10,{discount}"
        assert books.take_in("applications", self.header + row)["new"] == 1
        assert self.open(books) == left
        assert books.take_in("applications", self.header + row)["same"] == 1
        assert broken() == {}

    def test_more_than_both_grant_is_refused(self, books: Books) -> None:
        row = "P,I-1,MERIDIAN,97.99,2026-03-10,2.01"
        with pytest.raises(RowsRejected) as refusal:
            books.take_in("applications", self.header + row)
        assert [p["code"] for p in refusal.value.facts["problems"]] == ["DISCOUNT_NOT_EARNED"]
