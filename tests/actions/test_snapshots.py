"""The weekly list of what is open: what is missing or lower was settled elsewhere."""

import pytest

from building import Books, broken, day, row_count, sheet_of
from duly.intake.actions import Options, import_sheets
from duly.intake.errors import (
    ImportInUse,
    RowsRejected,
    SnapshotKind,
    SnapshotUnclear,
    TooMuchCloses,
)
from duly.intake.queries import freshness
from duly.kernel.errors import Problem
from northwind import northwind

pytestmark = pytest.mark.django_db

HEADER = "kind,number,customer_id,currency,issued_on,due_on,amount,open_amount\n"
ROWS = {
    n: f"invoice,I-{n},MERIDIAN,EUR,2026-01-0{n},2026-02-0{n},100.00,100.00\n" for n in range(1, 7)
}
FRIDAY = day("2026-02-13")


@pytest.fixture
def books() -> Books:
    books = northwind()
    books.take_in("items", HEADER + "".join(ROWS.values()))
    return books


def snapshot(books: Books, *rows: str, **options: object) -> dict:
    return books.take_in("items", HEADER + "".join(rows), snapshot_on=FRIDAY, **options)


def without(*gone: int) -> list[str]:
    return [row for n, row in ROWS.items() if n not in gone]


def test_what_is_missing_is_settled_on_its_day(books: Books) -> None:
    report = snapshot(books, *without(3))
    assert report["closing"] == [
        {
            "number": "I-3",
            "customer": "MERIDIAN",
            "currency": "EUR",
            "amount": "100.00",
            "because": "missing",
        }
    ]
    assert (report["rows"], report["same"], report["new"], report["changed"]) == (5, 5, 0, 0)
    assert books.open("I-3", "2026-02-12") == "100.00"
    assert books.open("I-3", "2026-02-13") == "0.00"
    assert broken() == {}


def test_what_is_lower_is_settled_in_part(books: Books) -> None:
    lower = ROWS[3].replace("100.00,100.00", "100.00,60.00")
    report = snapshot(books, *without(3), lower)
    assert report["changed"] == 1
    assert [(one["number"], one["amount"], one["because"]) for one in report["closing"]] == [
        ("I-3", "40.00", "lower")
    ]
    assert books.open("I-3", "2026-02-13") == "60.00"
    assert broken() == {}


def test_what_is_new_is_issued(books: Books) -> None:
    report = snapshot(
        books, *ROWS.values(), "invoice,I-9,TALLOAKS,EUR,2026-02-10,2026-03-12,7.00,5.00\n"
    )
    assert (report["new"], report["same"]) == (1, 6)
    assert books.open("I-9", "2026-02-13") == "5.00"
    assert broken() == {}


def test_the_same_snapshot_again_changes_nothing(books: Books) -> None:
    rows = [*without(3, 4), ROWS[4].replace("100.00,100.00", "100.00,60.00")]
    snapshot(books, *rows, accept_closing=True)
    report = snapshot(books, *rows)
    assert (report["new"], report["changed"], report["same"]) == (0, 0, 5)
    assert "closing" not in report
    assert broken() == {}


def test_credit_notes_are_held_against_it_too(books: Books) -> None:
    books.credit_note("CN", "MERIDIAN", "30.00", issued="2026-01-05")
    lower = "credit_note,CN,MERIDIAN,EUR,2026-01-05,,30.00,10.00\n"
    snapshot(books, *ROWS.values(), lower)
    assert books.open("CN", "2026-02-13") == "-10.00"
    snapshot(books, *ROWS.values())
    assert books.open("CN", "2026-02-13") == "0.00"
    assert broken() == {}


def test_another_entity_is_left_alone(books: Books) -> None:
    other = Books("Northwind Benelux")
    other.customer("B")
    other.invoice("B-1", "B", "9.00", issued="2026-01-01")
    snapshot(books, *without(3))
    assert other.open("B-1", "2026-02-13") == "9.00"


class TestTooMuch:
    """More than 20 % of the items or of the value: perhaps not the whole list."""

    def test_two_of_six_items_are_refused(self, books: Books) -> None:
        before = row_count()
        with pytest.raises(TooMuchCloses) as refusal:
            snapshot(books, *without(3, 4))
        assert refusal.value.facts["closing_items"] == 2
        assert refusal.value.facts["open_items"] == 6
        assert row_count() == before

    def test_when_said_they_close(self, books: Books) -> None:
        assert len(snapshot(books, *without(3, 4), accept_closing=True)["closing"]) == 2

    def test_exactly_a_fifth_is_taken(self, books: Books) -> None:
        books.void("I-6", on="2026-02-01")
        assert len(snapshot(books, *without(3, 6))["closing"]) == 1

    def test_value_counts_as_well_as_number(self, books: Books) -> None:
        books.invoice("BIG", "MERIDIAN", "900.00", issued="2026-01-01", due="2026-02-01")
        with pytest.raises(TooMuchCloses) as refusal:
            snapshot(books, *ROWS.values())
        assert refusal.value.facts["currencies"] == ["EUR"]
        lower = "invoice,BIG,MERIDIAN,EUR,2026-01-01,2026-02-01,900.00,599.99\n"
        with pytest.raises(TooMuchCloses):
            snapshot(books, *ROWS.values(), lower)
        snapshot(books, *ROWS.values(), lower.replace("599.99", "600.00"))
        assert broken() == {}

    def test_each_currency_is_held_by_itself(self, books: Books) -> None:
        books.invoice("Y", "KOBO", "10", issued="2026-01-01", due="2026-02-01", currency="JPY")
        with pytest.raises(TooMuchCloses) as refusal:
            snapshot(books, *ROWS.values())
        assert refusal.value.facts["currencies"] == ["JPY"]


def test_what_rose_is_told(books: Books) -> None:
    books.payment("P", "MERIDIAN", "30.00", on="2026-02-05")
    books.apply("P", "I-1", "30.00", on="2026-02-05")
    with pytest.raises(RowsRejected) as refusal:
        snapshot(books, *ROWS.values())
    assert [(one["where"], one["code"]) for one in refusal.value.facts["problems"]] == [
        ("row 2", "OPEN_ROSE")
    ]


def test_what_rose_by_a_cent_is_told(books: Books) -> None:
    books.settle_elsewhere("I-1", "0.01", on="2026-02-05")
    with pytest.raises(RowsRejected) as refusal:
        snapshot(books, *ROWS.values())
    assert refusal.value.facts["problems"][0]["code"] == "OPEN_ROSE"
    assert books.open("I-1", "2026-02-13") == "99.99"


def test_a_snapshot_is_one_file_of_items(books: Books) -> None:
    with pytest.raises(SnapshotKind):
        books.take_in("customers", "customer_id,name\n", snapshot_on=FRIDAY)


def test_it_counts_as_fresh_news_of_payments(books: Books) -> None:
    assert freshness(books.entity_id)["payments"] is None
    snapshot(books, *ROWS.values())
    assert freshness(books.entity_id)["payments"] is not None


def test_taken_back_it_opens_what_it_closed(books: Books) -> None:
    batch = snapshot(books, *without(3))["id"]
    books.revert(batch)
    assert books.open("I-3", "2026-02-13") == "100.00"
    assert broken() == {}


def test_it_is_taken_back_after_the_later_snapshots_only(books: Books) -> None:
    """The later one found closed what this one closed: alone it would leave that open again."""
    first = snapshot(books, *without(3))["id"]
    second = snapshot(books, *without(3))["id"]
    with pytest.raises(ImportInUse) as told:
        books.revert(first)
    assert told.value.facts["depends"] == [
        {"what": f"import {second} (items.csv)", "why": "a later snapshot"}
    ]
    assert "1 thing depends on it" in told.value.message
    books.revert(second)
    books.revert(first)
    assert broken() == {}


def test_what_it_found_paid_is_not_opened_behind_it(books: Books) -> None:
    """It closed nothing of I-3, which was paid here; with the payment taken back nobody would."""
    paid = books.take_in(
        "payments",
        "payment_id,customer_id,currency,received_on,amount\nP-3,MERIDIAN,EUR,2026-02-05,100.00\n",
    )["id"]
    applied = books.take_in(
        "applications",
        "payment_id,item_number,customer_id,amount,applied_on\n"
        "P-3,I-3,MERIDIAN,100.00,2026-02-05\n",
    )["id"]
    weekly = snapshot(books, *without(3))["id"]
    with pytest.raises(ImportInUse) as told:
        books.revert(applied)
    assert told.value.facts["depends"] == [
        {"what": f"import {weekly} (items.csv)", "why": "a later snapshot"}
    ]
    books.revert(weekly)
    books.revert(applied)
    assert books.open("I-3", "2026-02-13") == "100.00"
    snapshot(books, *without(3))
    books.revert(paid)  # nothing of it is applied: no invoice opens again
    assert books.open("I-3", "2026-02-13") == "0.00"
    assert broken() == {}


def test_what_was_issued_after_its_day_is_not_missing(books: Books) -> None:
    books.invoice("LATER", "MERIDIAN", "10.00", issued="2026-02-16", due="2026-03-18")
    report = snapshot(books, *ROWS.values())
    assert "closing" not in report
    assert books.open("LATER", "2026-02-16") == "10.00"


def test_a_row_that_is_left_out_closes_nothing(books: Books) -> None:
    bad = ROWS[3].replace("2026-02-03,", "2026-02-33,").replace("EUR", "XXQ")
    report = snapshot(books, *without(3), bad, accept_partial=True)
    assert report["rejected"] == 1
    assert books.open("I-3", "2026-02-13") == "100.00"


def test_a_document_that_stands_twice_is_told(books: Books) -> None:
    lower = ROWS[3].replace("100.00,100.00", "100.00,90.00")
    with pytest.raises(RowsRejected) as refusal:
        snapshot(books, *without(3), lower, lower)
    assert [(one["where"], one["code"]) for one in refusal.value.facts["problems"]] == [
        ("row 8", "NUMBER_REPEATED")
    ]


def test_a_row_that_cannot_be_read_closes_nothing_unasked(books: Books) -> None:
    """It may be the very document that is missing."""
    sheet = sheet_of("items", HEADER + "".join(without(3)) + ROWS[3])
    (block,) = sheet.blocks
    block.spoilt = frozenset({5})
    block.problems = [Problem("row 7", "CELLS_MISCOUNTED", "The row has 3 cells.", "Fill it up.")]
    block.columns["number"][5] = ""
    sheet.blocks = iter([block])
    with pytest.raises(SnapshotUnclear) as refusal:
        import_sheets(
            entity=books.entity,
            sheets=[(sheet, "0" * 64)],
            actor="t",
            at=books.moment(),
            options=Options(snapshot_on=FRIDAY, accept_partial=True),
        )
    assert refusal.value.facts == {"where": "row 7", "missing": 1}
    assert books.open("I-3", "2026-02-13") == "100.00"


def test_bad_rows_are_told_before_too_much_closes(books: Books) -> None:
    with pytest.raises(RowsRejected) as refusal:
        snapshot(books, ROWS[1], ROWS[2].replace("EUR", "XXQ").replace("I-2", "I-99"))
    assert [one["code"] for one in refusal.value.facts["problems"]] == ["UNKNOWN_CURRENCY"]


def test_a_negative_open_amount_is_refused(books: Books) -> None:
    with pytest.raises(RowsRejected) as refusal:
        snapshot(books, *without(3), ROWS[3].replace("100.00,100.00", "100.00,-5.00"))
    assert [one["code"] for one in refusal.value.facts["problems"]] == ["OPEN_BEYOND_AMOUNT"]
