"""Stories of a credit department, told through the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shell import attempt, duly
from stories.desk import aged_on, books_hold, open_on, state_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("northwind")]

File = Callable[[str, str], Path]

INVOICES = """
kind,number,customer_id,currency,issued_on,due_on,amount
invoice,M-100,MERIDIAN,EUR,2026-01-10,2026-02-09,1000.00
invoice,M-101,MERIDIAN,EUR,2026-02-10,2026-03-12,450.50
"""


def test_meridian_pays_in_part_and_the_bank_takes_it_back(file: File) -> None:
    """A part payment is applied; then the cheque bounces. The past stays as it was."""
    duly("import", file("invoices.csv", INVOICES))
    duly(
        "import",
        file(
            "bank.csv",
            "payment_id,customer_id,currency,received_on,amount\nCHQ-1,MERIDIAN,EUR,2026-02-20,600.00",
        ),
    )

    # On the 21st the clerk applies it to the oldest invoice.
    duly("apply", "CHQ-1", "M-100=600.00", "--on", "2026-02-21")
    assert state_on("M-100", "2026-02-21") == "overdue"
    assert open_on("M-100", "2026-02-21") == "400.00"

    # At the end of February the board sees what is left.
    february = aged_on("2026-02-28")
    assert february == {"current": "450.50", "1-30": "400.00", "total": "850.50"}

    # On 5 March the bank returns the cheque: it is taken off the invoice again.
    duly("unapply", "CHQ-1", "--on", "2026-03-05")
    assert open_on("M-100", "2026-03-05") == "1000.00"

    # February still says what the board saw. March says what is owed now.
    assert aged_on("2026-02-28") == february
    assert aged_on("2026-03-05") == {
        "current": "450.50",
        "1-30": "1000.00",
        "unapplied": "-600.00",
        "total": "850.50",
    }
    assert books_hold()


def test_the_auditor_asks_what_was_owed_on_new_years_eve(file: File) -> None:
    """A past day counts only what was dated then, whatever came later."""
    duly(
        "import",
        file(
            "invoices.csv",
            """
kind,number,customer_id,currency,issued_on,due_on,amount
invoice,OLD-1,MERIDIAN,EUR,2025-10-01,2025-10-31,100.00
invoice,OLD-2,MERIDIAN,EUR,2025-11-20,2025-12-20,200.00
invoice,OLD-3,MERIDIAN,EUR,2025-12-30,2026-01-29,400.00
invoice,NEW-1,MERIDIAN,EUR,2026-01-02,2026-02-01,800.00
""",
        ),
        file(
            "payments.csv",
            """
payment_id,customer_id,currency,received_on,amount
P-1,MERIDIAN,EUR,2025-12-31,100.00
P-2,MERIDIAN,EUR,2026-01-05,200.00
""",
        ),
        file(
            "applied.csv",
            """
payment_id,item_number,customer_id,amount,applied_on
P-1,OLD-1,MERIDIAN,100.00,2026-01-02
P-2,OLD-2,MERIDIAN,200.00,2026-01-05
""",
        ),
    )
    assert aged_on("2025-12-31") == {
        "current": "400.00",
        "1-30": "200.00",
        "61-90": "100.00",  # paid that day, applied on the 2nd: open, and its money stands apart
        "unapplied": "-100.00",
        "total": "600.00",
    }
    assert aged_on("2026-01-05") == {"current": "1200.00", "total": "1200.00"}
    assert books_hold()


def test_the_first_import_has_mistakes_and_is_mended(file: File) -> None:
    """Everything wrong is told at once, with row and remedy; then the mended file goes in whole."""
    spoilt = INVOICES.replace("2026-02-09", "2026-02-30").replace("450.50", '"450,50"')
    path = file("invoices.csv", spoilt + "invoice,H-1,HARBUR,EUR,2026-03-01,2026-03-31,200.00\n")
    refusal = duly("import", path, code=3)
    assert {(one["where"], one["code"]) for one in refusal["facts"]["problems"]} == {
        ("row 2", "INVALID_DATE"),
        ("row 3", "INVALID_AMOUNT"),
        ("row 4", "CUSTOMER_UNKNOWN"),
    }
    assert all(one["remedy"] for one in refusal["facts"]["problems"])
    assert duly("items")["items"] == []

    mended = INVOICES + "invoice,H-1,HARBOUR,EUR,2026-03-01,2026-03-31,200.00\n"
    path = file("invoices.csv", mended)
    seen = duly("import", path, "--dry-run")["batches"][0]
    done = duly("import", path)["batches"][0]
    assert {**seen, "id": 0} == {**done, "id": 0}
    assert done["control"] == {"EUR": {"count": 3, "amount": "1650.50"}}
    assert books_hold()


def test_a_week_of_snapshots(file: File) -> None:
    """Cash is applied in the accounting system; every Friday it tells what is still open."""
    header = "kind,number,customer_id,currency,issued_on,due_on,amount,open_amount\n"
    rows = {
        n: f"invoice,S-{n},MERIDIAN,EUR,2026-01-0{n},2026-02-0{n},100.00,{{}}\n"
        for n in range(1, 8)
    }

    def friday(day: str, opens: dict[int, str]) -> list[dict]:
        text = header + "".join(rows[n].format(left) for n, left in opens.items())
        told = duly("import", file("open.csv", text), "--kind", "items", "--snapshot", day)
        return told["batches"][0].get("closing", [])

    assert friday("2026-02-06", dict.fromkeys(range(1, 8), "100.00")) == []

    # In the second week S-1 was paid and S-2 in part.
    second = dict.fromkeys(range(3, 8), "100.00") | {2: "70.00"}
    closing = friday("2026-02-13", second)
    assert [(c["number"], c["amount"], c["because"]) for c in closing] == [
        ("S-1", "100.00", "missing"),
        ("S-2", "30.00", "lower"),
    ]
    assert (open_on("S-1", "2026-02-12"), open_on("S-1", "2026-02-13")) == ("100.00", "0.00")

    # The same list again changes nothing.
    assert friday("2026-02-13", second) == []

    # A list with half of the rows missing is held back: perhaps it is not the whole list.
    text = header + "".join(rows[n].format("100.00") for n in (3, 4, 5))
    refusal = duly("import", file("open.csv", text), "--snapshot", "2026-02-20", code=3)
    assert refusal["code"] == "TOO_MUCH_CLOSES"
    assert aged_on("2026-02-20")["total"] == "570.00"
    assert books_hold()


def test_the_wrong_file_is_taken_back(file: File) -> None:
    """Somebody imports last year's list, sees it, and takes it back, once."""
    duly("import", file("invoices.csv", INVOICES))
    before = aged_on("2026-03-31")
    wrong = INVOICES.replace("M-10", "X-10").replace("2026-", "2025-")
    batch = duly("import", file("last-year.csv", wrong))["batches"][0]["id"]
    assert aged_on("2026-03-31") != before

    told = duly("import", "--revert", batch)
    assert (told["documents"], told["file"]) == (2, "last-year.csv")
    assert aged_on("2026-03-31") == before
    assert duly("import", "--revert", batch, code=3)["code"] == "ALREADY_REVERTED"

    # It stays to be seen, and the number is free for the right document.
    assert [one["is_reverted"] for one in duly("imports")["imports"]] == [True, False, False]
    assert duly("import", file("last-year.csv", wrong))["batches"][0]["new"] == 2
    assert books_hold()


def test_harbour_takes_its_discount_once_in_time_and_once_late(file: File) -> None:
    """2/10 net 30: two per cent when the money comes within ten days, and not a day later."""
    duly(
        "import",
        file(
            "invoices.csv",
            """
kind,number,customer_id,currency,issued_on,terms,amount
invoice,H-1,HARBOUR,EUR,2026-03-01,2/10 net 30,200.00
invoice,H-2,HARBOUR,EUR,2026-03-01,2/10 net 30,200.00
""",
        ),
        file(
            "payments.csv",
            """
payment_id,customer_id,currency,received_on,amount
EARLY,HARBOUR,EUR,2026-03-11,196.00
LATE,HARBOUR,EUR,2026-03-12,196.00
""",
        ),
    )
    header = "payment_id,item_number,customer_id,amount,applied_on,discount\n"
    early = "EARLY,H-1,HARBOUR,196.00,2026-03-20,4.00\n"
    late = "LATE,H-2,HARBOUR,196.00,2026-03-20,4.00\n"

    # Both in one file: the late one is refused, and so is the file.
    refusal = duly("import", file("applied.csv", header + early + late), code=3)
    assert [(one["where"], one["code"]) for one in refusal["facts"]["problems"]] == [
        ("row 3", "DISCOUNT_NOT_EARNED")
    ]
    assert open_on("H-1", "2026-03-20") == "200.00"

    # The earned one settles the invoice; the late one leaves what was not earned.
    duly("import", file("applied.csv", header + early + late.replace("4.00\n", "\n")))
    assert state_on("H-1", "2026-03-20") == "paid"
    assert open_on("H-2", "2026-03-20") == "4.00"
    assert books_hold()


def test_the_month_is_closed(file: File) -> None:
    """A closed month keeps its figures; corrections are dated in the open one."""
    duly("import", file("invoices.csv", INVOICES))
    duly("lock", "2026-02-28")
    closed = aged_on("2026-02-28")

    backdated = INVOICES.replace("M-10", "B-10")
    late = duly("import", file("late.csv", backdated), code=3)["facts"]["problems"]
    assert late
    assert {problem["code"] for problem in late} == {"PERIOD_LOCKED"}
    line = ("void", "M-100", "--customer", "MERIDIAN", "--on")
    refusal = duly(*line, "2026-02-28", code=3)
    assert (refusal["code"], refusal["facts"]["locked_through"]) == (
        "PERIOD_LOCKED",
        "2026-02-28",
    )

    duly(*line, "2026-03-02")
    assert aged_on("2026-02-28") == closed
    assert aged_on("2026-03-02") == {"current": "450.50", "total": "450.50"}
    assert books_hold()


def test_moving_in_with_what_is_open(file: File) -> None:
    """Opening balances: items part-paid before, credit, and money without a home; they tie."""
    told = duly(
        "import",
        file(
            "open-items.csv",
            """
kind,number,customer_id,currency,issued_on,due_on,amount,open_amount
invoice,L-1,MERIDIAN,EUR,2025-09-01,2025-10-01,1200.00,300.00
credit_note,L-2,MERIDIAN,EUR,2025-09-15,,80.00,50.00
debit_note,L-3,HARBOUR,EUR,2025-12-01,2025-12-31,12.34,
""",
        ),
        file(
            "money.csv",
            """
payment_id,customer_id,currency,received_on,amount,payer_name
U-1,,EUR,2025-12-30,99.99,UNKNOWN SENDER
""",
        ),
    )
    assert [batch["control"]["EUR"] for batch in told["batches"]] == [
        {"count": 3, "amount": "1132.34"},
        {"count": 1, "amount": "99.99"},
    ]
    assert aged_on("2026-01-01") == {
        "1-30": "12.34",
        "over-90": "300.00",
        "unapplied": "-149.99",
        "total": "162.35",
    }
    # When the payer becomes known the money settles the oldest invoice.
    duly("apply", "U-1", "L-1=99.99", "--customer", "MERIDIAN", "--on", "2026-01-02")
    assert open_on("L-1", "2026-01-02") == "200.01"
    assert books_hold()


def test_a_manager_reads_it_without_json() -> None:
    """People get sentences and tables."""
    status, out, _ = attempt("check")
    assert status == 0
    assert out.strip().endswith("The books hold.")
