"""Import: what is new, the same or rejected; all of a file or none of it; twice is once."""

from datetime import date

import pytest

from building import Books, broken, row_count, sheet_of
from duly.intake.actions import Options, import_sheets, plan_digest
from duly.intake.errors import PlanChanged, RowsRejected
from duly.intake.rules.outcome import SumTooLarge
from northwind import APPLICATIONS, CUSTOMERS, ITEMS, PAYMENTS, northwind, trading_northwind

pytestmark = pytest.mark.django_db

FILES = [
    ("customers", CUSTOMERS, ""),
    ("items", ITEMS, ""),
    ("payments", PAYMENTS, ""),
    ("applications", APPLICATIONS, ""),
]
ITEM = "kind,number,customer_id,currency,issued_on,due_on,amount\n"


def counts(report: dict) -> tuple[int, int, int, int]:
    return report["new"], report["changed"], report["same"], report["rejected"]


def problems(refusal: pytest.ExceptionInfo[RowsRejected]) -> list[tuple[str, str]]:
    return [(one["where"], one["code"]) for one in refusal.value.facts["problems"]]


def test_four_files_at_once_in_any_order() -> None:
    books = Books()
    reports = books.take_in_all(list(reversed(FILES)))
    assert [report["kind"] for report in reports] == [
        "applications",
        "payments",
        "items",
        "customers",
    ]
    assert [report["new"] for report in reports] == [2, 3, 8, 6]
    assert reports[2]["control"] == {
        "CLF": {"count": 1, "amount": "7.0001"},
        "EUR": {"count": 5, "amount": "2350.50"},  # the credit note counts negative
        "JPY": {"count": 1, "amount": "120000"},
        "KWD": {"count": 1, "amount": "12.345"},
    }
    assert broken() == {}


def test_the_aging_of_the_four_files_worked_out_by_hand() -> None:
    books = trading_northwind()
    assert books.aging("2026-03-10") == {
        "CLF": {"current": "7.0001", "total": "7.0001"},
        "EUR": {
            "current": "650.50",  # M-2 450.50, H-1 200.00
            "1-30": "1180.00",  # M-1 400.00 of 1000.00, T-1 780.00
            "unapplied": "-135.55",  # T-CN1 80.00, P-3 55.55
            "total": "1694.95",
        },
        "KWD": {"1-30": "12.345", "total": "12.345"},
    }
    assert set(books.differences("2026-03-10").values()) == {0}


def test_twice_adds_nothing() -> None:
    books = trading_northwind()
    before = books.aging("2026-03-10")
    reports = books.take_in_all(FILES)
    assert [counts(report) for report in reports] == [
        (0, 0, 6, 0),
        (0, 0, 8, 0),
        (0, 0, 3, 0),
        (0, 0, 2, 0),
    ]
    assert books.aging("2026-03-10") == before
    assert broken() == {}


def test_a_bad_row_refuses_the_file_whole_and_all_bad_rows_are_named() -> None:
    books = northwind()
    before = row_count()
    with pytest.raises(RowsRejected) as refusal:
        books.take_in(
            "items",
            ITEM + "invoice,I-1,MERIDIAN,EUR,2026-01-02,2026-02-01,10.00\n"
            "invoice,I-2,MERIDIAN,EUR,2026-13-02,2026-02-01,10.00\n"
            "invoice,I-3,MERIDIAN,XXQ,2026-01-02,2026-02-01,10.00\n"
            "invoice,I-4,MERIDIAN,EUR,2026-01-02,2026-02-01,ten\n"
            "invoice,I-5,NOBODY,EUR,2026-01-02,2026-02-01,10.00\n"
            "invoice,I-6,MERIDIAN,EUR,2026-01-02,2026-01-01,10.00\n"
            "invoice,I-7,MERIDIAN,EUR,2026-01-02,2026-02-01,-10.00\n"
            "letter,I-8,MERIDIAN,EUR,2026-01-02,2026-02-01,10.00\n"
            "invoice,,MERIDIAN,EUR,2026-01-02,2026-02-01,10.00\n"
            "invoice,I-1,MERIDIAN,EUR,2026-01-02,2026-02-01,10.00\n"
            "invoice,I-9,KOBO,JPY,2026-01-02,2026-02-01,10.50\n"
            "invoice,I-10,MERIDIAN,EUR,2026-01-02,2026-02-01,\n",
        )
    assert sorted(problems(refusal), key=lambda told: int(told[0][4:])) == [
        ("row 3", "INVALID_DATE"),
        ("row 4", "UNKNOWN_CURRENCY"),
        ("row 5", "INVALID_AMOUNT"),
        ("row 6", "CUSTOMER_UNKNOWN"),
        ("row 7", "DUE_BEFORE_ISSUED"),
        ("row 8", "AMOUNT_NOT_POSITIVE"),
        ("row 9", "WORD_UNKNOWN"),
        ("row 10", "VALUE_MISSING"),
        ("row 11", "NUMBER_REPEATED"),
        ("row 12", "INVALID_AMOUNT"),
        ("row 13", "VALUE_MISSING"),
    ]
    assert all(one["remedy"] for one in refusal.value.facts["problems"])
    assert refusal.value.facts["batches"][0]["rejected"] == 11
    assert row_count() == before


def test_one_bad_file_keeps_the_others_out() -> None:
    before = row_count()
    books = Books()
    with pytest.raises(RowsRejected) as refusal:
        books.take_in_all([("customers", CUSTOMERS, "a.csv"), ("items", ITEM + "x" + "," * 6, "")])
    assert {one["file"] for one in refusal.value.facts["problems"]} == {"items.csv"}
    assert row_count() == before + 1  # the entity


def test_the_good_rows_alone_when_asked() -> None:
    books = northwind()
    report = books.take_in(
        "items",
        ITEM + "invoice,I-1,MERIDIAN,EUR,2026-01-02,2026-02-01,10.00\n"
        "invoice,I-2,MERIDIAN,EUR,2026-01-02,2026-02-01,ten\n",
        accept_partial=True,
    )
    assert counts(report) == (1, 0, 0, 1)
    assert [one["where"] for one in report["problems"]] == ["row 3"]
    assert books.aging("2026-01-02")["EUR"]["total"] == "10.00"
    assert broken() == {}


def test_what_was_issued_is_frozen() -> None:
    books = trading_northwind()
    for change in (
        ("1000.00", "1000.01"),
        ("2026-01-10", "2026-01-11"),
        ("2026-02-09", "2026-02-10"),
    ):
        with pytest.raises(RowsRejected) as refusal:
            books.take_in("items", ITEMS.replace(*change))
        assert problems(refusal) == [("row 2", "ALREADY_ISSUED")]


def test_a_payment_that_differs_under_its_id_is_told() -> None:
    books = trading_northwind()
    with pytest.raises(RowsRejected) as refusal:
        books.take_in("payments", PAYMENTS.replace("600.00", "600.01"))
    assert problems(refusal) == [("row 2", "ALREADY_RECEIVED")]


def test_rows_that_look_alike_but_are_two_are_both_kept() -> None:
    """Pains I1, I2: same customer, day and amount, each with an id of its own."""
    books = northwind()
    text = (
        "payment_id,customer_id,currency,received_on,amount\n"
        "A,MERIDIAN,EUR,2026-01-05,25.00\nB,MERIDIAN,EUR,2026-01-05,25.00\n"
    )
    assert books.take_in("payments", text)["new"] == 2
    assert books.take_in("payments", text)["new"] == 0
    assert books.aging("2026-01-05")["EUR"]["unapplied"] == "-50.00"


def test_part_paid_items_open_with_what_is_left() -> None:
    """Pain I9: migration with a control total."""
    books = northwind()
    header = ITEM.strip() + ",open_amount\n"
    text = header + (
        "invoice,OLD-1,MERIDIAN,EUR,2025-10-01,2025-10-31,500.00,120.25\n"
        "credit_note,OLD-2,MERIDIAN,EUR,2025-10-05,,100.00,40.00\n"
        "invoice,OLD-3,MERIDIAN,EUR,2025-10-06,2025-11-05,10.00,0.00\n"
        "invoice,OLD-4,MERIDIAN,EUR,2025-10-06,2025-11-05,10.00,\n"
    )
    books.take_in("items", text)
    assert books.aging("2026-01-01")["EUR"] == {
        "31-60": "10.00",
        "61-90": "120.25",
        "unapplied": "-40.00",
        "total": "90.25",
    }
    assert counts(books.take_in("items", text)) == (0, 0, 4, 0)
    with pytest.raises(RowsRejected) as refusal:
        books.take_in("items", text.replace("120.25", "119.25"))
    assert problems(refusal) == [("row 2", "OPEN_AMOUNT_CHANGED")]
    for wrong in ("500.01", "-0.01"):
        row = text.splitlines()[1].replace("OLD-1", "OLD-9").replace("120.25", wrong)
        with pytest.raises(RowsRejected) as refusal:
            books.take_in("items", header + row)
        assert problems(refusal) == [("row 2", "OPEN_BEYOND_AMOUNT")]
    assert broken() == {}


def test_due_on_the_day_of_issue_is_due_at_once() -> None:
    books = northwind()
    books.take_in("items", ITEM + "invoice,I-1,MERIDIAN,EUR,2026-01-02,2026-01-02,10.00")
    assert books.aging("2026-01-02")["EUR"]["current"] == "10.00"
    assert books.aging("2026-01-03")["EUR"]["1-30"] == "10.00"


def test_customers_are_made_from_items_only_when_asked() -> None:
    books = Books()
    text = ITEM + "invoice,I-1,NEW,EUR,2026-01-02,2026-02-01,10.00\n"
    with pytest.raises(RowsRejected) as refusal:
        books.take_in("items", text)
    assert problems(refusal) == [("row 2", "CUSTOMER_UNKNOWN")]
    report = books.take_in("items", text, create_customers=True)
    assert counts(report) == (1, 0, 0, 0)
    assert "NEW" in report["notes"][0]
    assert broken() == {}


def test_a_name_that_begins_like_a_formula_is_a_name() -> None:
    books = Books()
    names = ["=cmd|' /C calc'!A0", "+49 GmbH", "-Minus-", "@home", "\tTab"]
    rows = "".join(f'C{n},"{name}"\n' for n, name in enumerate(names))
    books.take_in("customers", "customer_id,name\n" + rows)
    kept = books.customers()
    assert [kept[f"C{n}"].name for n in range(5)] == names


def test_a_header_without_rows_is_no_rows() -> None:
    assert counts(Books().take_in("items", ITEM)) == (0, 0, 0, 0)
    assert broken() == {}


class TestPreview:
    """What a person saw is what is written (pain I4)."""

    row = "invoice,I-1,MERIDIAN,EUR,2026-01-02,2026-02-01,10.00\n"

    def preview(self, books: Books, text: str) -> str:
        from django.db import transaction

        from duly.storage.writing import whole

        with whole():
            reports = books.take_in_all([("items", text, "")])
            transaction.set_rollback(True)
        return plan_digest(reports)

    def test_a_preview_leaves_nothing(self) -> None:
        books = northwind()
        before = row_count()
        self.preview(books, ITEM + self.row)
        assert row_count() == before
        assert broken() == {}

    def test_the_same_outcome_is_committed(self) -> None:
        books = northwind()
        digest = self.preview(books, ITEM + self.row)
        assert books.take_in("items", ITEM + self.row, expected_digest=digest)["new"] == 1

    def test_another_outcome_is_refused(self) -> None:
        books = northwind()
        digest = self.preview(books, ITEM + self.row)
        books.take_in("items", ITEM + self.row)
        before = row_count()
        with pytest.raises(PlanChanged):
            books.take_in("items", ITEM + self.row, expected_digest=digest)
        assert row_count() == before

    def test_another_file_of_the_same_size_is_refused(self) -> None:
        books = northwind()
        digest = self.preview(books, ITEM + self.row)
        other = sheet_of("items", ITEM + self.row.replace("I-1,MERIDIAN", "I-2,TALLOAKS"))
        with pytest.raises(PlanChanged):
            import_sheets(
                entity=books.entity,
                sheets=[(other, "1" * 64)],
                actor="tester",
                at=books.moment(),
                options=Options(expected_digest=digest),
            )

    def test_a_change_from_another_name_is_refused(self) -> None:
        from django.db import transaction

        from duly.storage.writing import whole

        books = northwind()
        wanted = "customer_id,name\nMERIDIAN,Meridian Group"
        with whole():
            digest = plan_digest(books.take_in_all([("customers", wanted, "")]))
            transaction.set_rollback(True)
        books.take_in("customers", "customer_id,name\nMERIDIAN,Meridian Holding")
        with pytest.raises(PlanChanged):
            books.take_in("customers", wanted, expected_digest=digest)


def test_blocks_of_one_file_count_as_one_file() -> None:
    """What repeats further down than a block reaches is found too."""
    books = northwind()
    rows = [f"invoice,I-{n},MERIDIAN,EUR,2026-01-02,2026-02-01,1.00\n" for n in range(5)]
    sheet = sheet_of("items", ITEM + "".join(rows) + rows[0], block_rows=2)
    with pytest.raises(RowsRejected) as refusal:
        import_sheets(entity=books.entity, sheets=[(sheet, "0" * 64)], actor="t", at=books.moment())
    assert problems(refusal) == [("row 7", "NUMBER_REPEATED")]


def test_a_customer_repeated_in_a_later_block_is_told() -> None:
    books = Books()
    sheet = sheet_of("customers", "customer_id,name\nA,Ann\nB,Bea\nA,Anna\n", block_rows=2)
    with pytest.raises(RowsRejected) as refusal:
        import_sheets(entity=books.entity, sheets=[(sheet, "0" * 64)], actor="t", at=books.moment())
    assert problems(refusal) == [("row 4", "CUSTOMER_REPEATED")]


def test_absurd_amounts_are_refused_before_they_overflow() -> None:
    books = northwind()
    rows = "".join(
        f"invoice,I-{n},MERIDIAN,EUR,2026-01-02,2026-02-01,999999999999999.99\n" for n in range(95)
    )
    before = row_count()
    with pytest.raises(RowsRejected) as refusal:
        books.take_in("items", ITEM + rows)
    assert {code for _, code in problems(refusal)} == {"AMOUNT_TOO_LARGE"}
    assert row_count() == before


def test_amounts_that_add_up_to_the_absurd_are_refused() -> None:
    books = northwind()
    rows = "".join(
        f"invoice,I-{n},MERIDIAN,EUR,2026-01-02,2026-02-01,9999999999999.99\n" for n in range(101)
    )
    before = row_count()
    with pytest.raises(SumTooLarge):
        books.take_in("items", ITEM + rows)
    assert row_count() == before


def test_nobody_reads_on_in_a_file_that_is_wrong_throughout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("duly.intake.actions.importing.MOST_REJECTED", 10)
    books = northwind()
    rows = [f"invoice,I-{n},NOBODY,EUR,2026-01-02,2026-02-01,1.00\n" for n in range(40)]
    sheet = sheet_of("items", ITEM + "".join(rows), block_rows=8)
    with pytest.raises(RowsRejected) as refusal:
        import_sheets(entity=books.entity, sheets=[(sheet, "0" * 64)], actor="t", at=books.moment())
    (batch,) = refusal.value.facts["batches"]
    assert (batch["rows"], batch["rejected"]) == (16, 16)
    assert "16 rows" in batch["notes"][-1]
    assert next(sheet.blocks).rows[0] == 18


def test_every_wrong_cell_of_every_row_is_told_in_order() -> None:
    books = northwind()
    with pytest.raises(RowsRejected) as refusal:
        books.take_in(
            "items",
            ITEM
            + "invoice,I-1,MERIDIAN,EUR,2026-01-02,2026-02-01,-1\n"
            + "bill,,NOBODY,XXQ,2026-13-02,soon,ten\n"
            + "invoice,I-3,NOBODY,EUR,2026-01-02,2026-01-01,0\n",
        )
    assert problems(refusal) == [
        ("row 2", "AMOUNT_NOT_POSITIVE"),
        ("row 3", "WORD_UNKNOWN"),
        ("row 3", "VALUE_MISSING"),
        ("row 3", "UNKNOWN_CURRENCY"),
        ("row 3", "INVALID_DATE"),
        ("row 3", "INVALID_AMOUNT"),
        ("row 3", "INVALID_DATE"),
        ("row 3", "CUSTOMER_UNKNOWN"),
        ("row 4", "AMOUNT_NOT_POSITIVE"),
        ("row 4", "CUSTOMER_UNKNOWN"),
        ("row 4", "DUE_BEFORE_ISSUED"),
    ]


def test_what_came_in_settled_already_is_told_with_the_import() -> None:
    """Agings of days before it are of what was left only: whoever reads them is to know."""
    books = northwind()
    head = "kind,number,customer_id,currency,issued_on,due_on,amount,open_amount\n"
    row = "invoice,X-{},MERIDIAN,EUR,2026-02-01,2026-03-03,10.00,{}\n"
    whole = books.take_in("items", head + row.format(1, "10.00") + row.format(2, ""))
    assert whole["notes"] == []
    part = books.take_in("items", head + row.format(3, "0.00") + row.format(4, "4.00"))
    assert part["notes"] == [
        "History before this import is not known: 2 documents came in as already settled, wholly "
        "or in part, dated on the day of issue. Agings of earlier days leave that out. A column "
        "settled_on tells the day."
    ]


SETTLED = "kind,number,customer_id,currency,issued_on,due_on,amount,open_amount,settled_on\n"


def test_what_was_paid_before_is_open_until_the_day_it_was_paid() -> None:
    books = northwind()
    row = "invoice,X-{},MERIDIAN,EUR,2026-02-01,2026-03-03,10.00,{},{}\n"
    rows = [
        row.format(1, "0.00", "2026-03-20"),
        row.format(2, "4.00", "2026-02-15"),
        row.format(3, "0.00", "2026-01-15"),  # paid ahead of its issue
        row.format(4, "10.00", ""),
        "credit_note,X-5,MERIDIAN,EUR,2026-02-01,2026-03-03,3.00,0.00,2026-02-10\n",
    ]
    report = books.take_in("items", SETTLED + "".join(rows))
    assert report["notes"] == []
    days = ["2026-02-01", "2026-02-14", "2026-02-15", "2026-03-19", "2026-03-20"]
    assert [books.aging(on)["EUR"]["total"] for on in days] == [
        *("27.00", "30.00", "24.00", "24.00", "14.00")
    ]
    assert broken() == {}
    again = books.take_in("items", SETTLED + "".join(rows).replace("03-20", "03-21"))
    assert counts(again) == (0, 0, 5, 0)
    assert "day of settlement than when they came in: 1." in again["notes"][0]
    books.revert(report["id"])
    assert not any(books.aging(on).get("EUR") for on in days)
    assert broken() == {}


def test_a_day_of_settlement_beside_all_of_the_amount_is_asked_about() -> None:
    """Taken as written it would have a payer chased."""
    books = northwind()
    row = "invoice,X-{},MERIDIAN,EUR,2026-02-01,2026-03-03,10.00,{},{}\n"
    rows = [row.format(1, "", "2026-03-20"), row.format(2, "0.00", "20 March")]
    with pytest.raises(RowsRejected) as refusal:
        books.take_in("items", SETTLED + "".join(rows))
    assert problems(refusal) == [("row 2", "NOTHING_SETTLED"), ("row 3", "INVALID_DATE")]


def test_nothing_was_settled_on_a_day_to_come() -> None:
    """Until that day its customer would be chased, and the books would owe it to nobody."""
    books = northwind()
    row = "invoice,X-{},MERIDIAN,EUR,2026-02-01,2026-03-03,10.00,0.00,{}\n"
    sheet = sheet_of("items", SETTLED + row.format(1, "2026-03-20") + row.format(2, "2026-03-21"))
    with pytest.raises(RowsRejected) as refusal:
        import_sheets(
            entity=books.entity,
            sheets=[(sheet, "0" * 64)],
            actor="t",
            at=books.moment(),
            options=Options(today=date(2026, 3, 20)),
        )
    assert problems(refusal) == [("row 3", "SETTLED_IN_FUTURE")]


def test_rows_of_a_closed_period_are_named() -> None:
    """What is there already needs no booking, and goes through."""
    books = trading_northwind()
    books.lock("2026-03-31")
    for kind, text in (("items", ITEMS), ("payments", PAYMENTS), ("applications", APPLICATIONS)):
        assert books.take_in(kind, text)["new"] == 0
    rows = "".join(f"invoice,L-{n},MERIDIAN,EUR,2026-0{n}-15,2026-05-01,10.00\n" for n in (2, 3, 4))
    files = [
        ("items", ITEM + rows, ""),
        (
            "payments",
            "payment_id,customer_id,currency,received_on,amount\nP-9,,EUR,2026-03-31,5.00\n",
            "",
        ),
        (
            "applications",
            "payment_id,item_number,customer_id,amount,applied_on\n"
            "P-1,M-1,MERIDIAN,1.00,2026-04-02\nP-3,M-1,MERIDIAN,1.00,2026-03-20\n",
            "",
        ),
    ]
    with pytest.raises(RowsRejected) as refusal:
        books.take_in_all(files)
    assert [
        (one["file"], one["where"], one["code"]) for one in refusal.value.facts["problems"]
    ] == [
        ("items.csv", "row 2", "PERIOD_LOCKED"),
        ("items.csv", "row 3", "PERIOD_LOCKED"),
        ("payments.csv", "row 2", "PERIOD_LOCKED"),
        ("applications.csv", "row 2", "OVER_APPLIED"),
        ("applications.csv", "row 3", "PERIOD_LOCKED"),
    ]
    assert "closed through 2026-03-31" in refusal.value.facts["problems"][0]["message"]
    told = books.take_in("items", ITEM + rows, accept_partial=True)
    assert counts(told) == (1, 0, 0, 2)
    assert broken() == {}
