"""A bank's file takes money back: the payment is found, returned at import, and so undone with it.

Pain C8: one step, and the bank's line is tied to what it undid.
"""

import pytest
from django.db import transaction

from banking import line, part, statement, take
from building import Books, broken, row_count
from duly.cash_application.models import BankLine, ReturnedLine
from duly.cash_application.queries import undoing_lines
from duly.collections.models import Task
from duly.intake.errors import ImportInUse, RowsRejected
from duly.receivables.queries import payments_by_number
from duly.storage.writing import whole
from northwind import northwind

pytestmark = pytest.mark.django_db

IN = line("2026-03-09", "119.00", "RE 4711", "BANK-REF-1", mandate="M-7", end_to_end="E-1")
OTHER_IN = line("2026-03-10", "119.00", "RE 4712", "BANK-REF-2", mandate="M-7", end_to_end="E-2")
BACK = line(
    "2026-03-16", "-119.00", "RETURN", "BANK-REF-9", mandate="M-7", end_to_end="E-1",
    return_reason="AM04",
)  # fmt: skip


@pytest.fixture
def books() -> Books:
    """Meridian owes 119.00; two payments of 119.00 came in, the first of them applied."""
    books = northwind()
    books.invoice("M-1", "MERIDIAN", "119.00", issued="2026-01-10", due="2026-02-09")
    take(books, statement(IN, OTHER_IN))
    books.attribute(paid()[0], "MERIDIAN", on="2026-03-11")
    books.apply(paid()[0], "M-1", "119.00", on="2026-03-11")
    return books


def paid() -> list[str]:
    """The numbers of the bank's payments, in the order of their lines."""
    rows = BankLine.objects.filter(payment_id__isnull=False).order_by("id")
    return [f"B{pk}" for pk in rows.values_list("id", flat=True)]


def second(*lines: object, **more: object) -> list:
    return statement(*lines, opening="1238.00", on="2026-03-16", number="2", **more)  # type: ignore[arg-type]


def test_the_payment_that_is_meant_comes_back_in_the_same_batch(books: Books) -> None:
    before = books.aging("2026-03-15")
    (report,) = take(books, second(BACK))
    assert (
        f"Payment {paid()[0]} of 119.00 EUR is returned: there was not enough money on the account "
        "(AM04); found by its end-to-end id."
    ) in report["notes"]
    assert books.open("M-1", "2026-03-16") == "119.00"
    assert books.open("M-1", "2026-03-15") == "0.00"
    assert books.aging("2026-03-15") == before
    assert books.aging("2026-03-16")["EUR"]["unapplied"] == "-119.00"  # the other one stays
    assert undoing_lines(books.entity_id) == []
    assert list(Task.objects.values_list("kind", flat=True)) == ["payment_returned"]
    assert broken() == {}


def test_what_is_told_is_the_payment_without_the_banks_charges(books: Books) -> None:
    (report,) = take(books, second(BACK._replace(minor=-12200, charges_minor=300)))
    assert any(f"Payment {paid()[0]} of 119.00 EUR is returned" in one for one in report["notes"])


def test_taking_the_import_back_takes_the_return_back(books: Books) -> None:
    told = {on: books.aging(on) for on in ("2026-03-15", "2026-03-16", "2026-04-01")}
    (report,) = take(books, second(BACK))
    assert books.revert(report["id"])["returns"] == 1
    assert {on: books.aging(on) for on in told} == told
    assert books.open("M-1", "2026-04-01") == "0.00"
    assert Task.objects.filter(done_at=None).count() == 0
    assert broken() == {}
    # And the file may come again.
    (again,) = take(books, second(BACK))
    assert again["new"] == 1
    assert books.open("M-1", "2026-03-16") == "119.00"
    assert broken() == {}


def test_not_while_what_it_opened_is_paid_otherwise(books: Books) -> None:
    (report,) = take(books, second(BACK))
    books.payment("P-5", "MERIDIAN", "119.00", on="2026-03-20")
    books.apply("P-5", "M-1", "119.00", on="2026-03-20")
    with pytest.raises(ImportInUse) as refused:
        books.revert(report["id"])
    assert refused.value.facts["depends"] == [
        {"what": "M-1", "why": "settled again since its payment was returned"}
    ]


def test_the_import_that_brought_it_stays_while_it_is_returned(books: Books) -> None:
    first = BankLine.objects.order_by("id")[0].batch_id
    take(books, second(BACK))
    with pytest.raises(ImportInUse) as refused:
        books.revert(first)
    assert {"what": paid()[0], "why": "returned"} in refused.value.facts["depends"]


def test_in_and_back_in_one_file(books: Books) -> None:
    came = line("2026-03-17", "50.00", "RE 9", "BANK-REF-3", end_to_end="E-3")
    back = line("2026-03-18", "-50.00", "", "BANK-REF-4", end_to_end="E-3", is_reversal=True)
    (report,) = take(books, second(came, back))
    assert books.aging("2026-03-17")["EUR"]["unapplied"] == "-169.00"
    assert books.aging("2026-03-18")["EUR"]["unapplied"] == "-119.00"
    books.revert(report["id"])
    assert books.aging("2026-03-18")["EUR"]["unapplied"] == "-119.00"
    assert broken() == {}


def test_a_tie_is_left_to_a_person(books: Books) -> None:
    """The line names the mandate of both payments, and no end-to-end id."""
    (report,) = take(books, second(BACK._replace(end_to_end="")))
    assert any("2 payments fit as well" in note for note in report["notes"])
    (waits,) = undoing_lines(books.entity_id)
    assert waits.because == f"2 payments fit as well: {', '.join(paid())}"
    assert books.open("M-1", "2026-03-16") == "0.00"
    assert broken() == {}


def test_what_nobody_knows_stays_to_be_seen(books: Books) -> None:
    strange = line("2026-03-16", "-7.00", "CHEQUE", "X", code="555")
    take(books, second(strange))
    (waits,) = undoing_lines(books.entity_id)
    assert (waits.undoing.amount_minor, waits.because) == (
        700,
        "no payment of this amount came in before",
    )


def test_one_that_a_person_returned_before_is_not_returned_again(books: Books) -> None:
    books.return_payment(paid()[0], on="2026-03-14", reason="OTHER")
    (report,) = take(books, second(BACK))
    assert any("had been returned by hand" in note for note in report["notes"])
    assert ReturnedLine.objects.count() == 1
    assert undoing_lines(books.entity_id) == []
    books.revert(report["id"])
    assert books.open("M-1", "2026-03-20") == "119.00"  # the person's return stays
    assert broken() == {}


def test_a_batch_entry_takes_several_back(books: Books) -> None:
    entry = line(
        "2026-03-16", "-238.00", "", "BANK-REF-9", name="", is_reversal=True,
        details=(part("-119.00", end_to_end="E-1"), part("-119.00", end_to_end="E-2")),
    )  # fmt: skip
    take(books, second(entry))
    assert "unapplied" not in books.aging("2026-03-16")["EUR"]
    assert ReturnedLine.objects.count() == 2
    assert broken() == {}


def test_the_first_day_on_which_it_can_come_back(books: Books) -> None:
    """It was said on the 20th whose money it is: its return of the 16th counts from then on."""
    books.attribute(paid()[1], "TALLOAKS", on="2026-03-20")
    take(books, second(BACK._replace(end_to_end="E-2")))
    assert books.aging("2026-03-19")["EUR"]["unapplied"] == "-119.00"
    assert not any(books.aging("2026-03-20").values())
    assert broken() == {}


def test_a_dry_run_tells_it_and_writes_nothing(books: Books) -> None:
    rows = row_count()
    with whole():
        (report,) = take(books, second(BACK))
        transaction.set_rollback(True)
    assert any("is returned" in note for note in report["notes"])
    assert row_count() == rows
    assert books.open("M-1", "2026-03-16") == "0.00"


def test_a_closed_day_takes_no_return(books: Books) -> None:
    books.lock("2026-03-16")
    with pytest.raises(RowsRejected) as refused:
        take(books, second(BACK))
    assert [one["code"] for one in refused.value.facts["problems"]] == ["PERIOD_LOCKED"]


def test_a_payment_of_a_file_of_payments_is_found_too(books: Books) -> None:
    books.take_in(
        "payments",
        "payment_id,customer_id,currency,received_on,amount,payer_account\n"
        "P-7,MERIDIAN,EUR,2026-03-01,77.00,DE89370400440532013000",
    )
    take(books, second(line("2026-03-16", "-77.00", "", "B", account="DE89370400440532013000",
                            return_reason="MD01")))  # fmt: skip
    assert payments_by_number(books.entity_id, ["P-7"])["P-7"].unapplied_minor == 0
    assert broken() == {}
