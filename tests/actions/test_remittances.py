"""Advices in the books: taken in once, joined to money whichever came first, and followed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from banking import line, statement, take
from building import Books, broken, day
from duly.cash_application.actions import void_advices
from duly.cash_application.errors import AdviceUnknown
from duly.cash_application.models import RemittanceAdvice, RemittanceLine
from duly.cash_application.queries import advices_for, propose_matches
from duly.interfaces.exchange.evidence import evidence_of
from duly.interfaces.exchange.remittances import (
    RemittanceUnreadable,
    add_remittances,
    inspect_remittances,
    list_remittances,
)
from duly.interfaces.exchange.settling import Asked
from duly.receivables.models import Payment

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
TABLE = """Payer;Acme GmbH
Invoice;Gross;Discount;Deduction;Amount paid;Reason
R-1;119.00;;19.00;100.00;04
R-2;238.00;;;238.00;
Total;;;;338.00;
"""


@pytest.fixture
def books() -> Books:
    books = Books()
    books.customer("A", "Acme GmbH")
    books.customer("B", "Baker Ltd")
    for number, customer, amount in (
        ("R-1", "A", "119.00"),
        ("R-2", "A", "238.00"),
        ("R-3", "A", "338.00"),
        ("R-9", "B", "50.00"),
    ):
        books.invoice(number, customer, amount, issued="2026-02-01", due="2026-03-03")
    return books


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "advice.csv"
    path.write_text(TABLE)
    return path


def add(*paths: Path, **said: Any) -> dict[str, Any]:
    return add_remittances(Asked("tester", AT, **said), [(path, path.name) for path in paths])


def proposal(books: Books) -> Any:
    proposed = propose_matches(entity=books.entity, on=day("2026-03-12"))
    (told,) = proposed.proposals
    return told


@pytest.mark.parametrize("comes_first", ["advice", "money"])
def test_either_may_come_first(books: Books, table: Path, comes_first: str) -> None:
    """Pain C12. By its amount alone the money would be R-3's."""
    money = statement(line("2026-03-09", "338.00", "PAYMENT"))
    if comes_first == "money":
        take(books, money)
        assert [one.item_id for one in proposal(books).lines] == [books_item("R-3")]
    told = add(table)
    if comes_first == "advice":
        assert told["advices"][0]["state"] == "waiting"
        take(books, money)
    (advice,) = list_remittances(None, 10)["advices"]
    (number,) = Payment.objects.values_list("number", flat=True)
    assert (advice["state"], advice["payments"], advice["customer"]) == ("joined", [number], "A")
    found = proposal(books)
    assert found.way == "advised/full/deducted"
    assert [(one.item_id, one.minor) for one in found.lines] == [
        (books_item("R-1"), 10_000),
        (books_item("R-2"), 23_800),
    ]
    assert "It keeps 19.00 EUR back: 04." in found.because
    assert broken() == {}


def books_item(number: str) -> int:
    from duly.receivables.models import Document, Item

    return Item.objects.get(document_id=Document.objects.get(number=number).pk).pk


def test_each_file_once_and_its_bytes_are_kept(books: Books, table: Path, tmp_path: Path) -> None:
    first = add(table)
    assert (first["new"], first["same"], first["advices"][0]["told_on"]) == (1, 0, "2026-03-10")
    copy = tmp_path / "other.txt"
    copy.write_bytes(table.read_bytes())
    again = add(copy)
    assert (again["new"], again["same"], again["advices"]) == (0, 1, [])
    row = RemittanceAdvice.objects.get()
    assert evidence_of(row.sha256).read_bytes() == table.read_bytes()
    assert (row.currency, row.total_minor, row.line_count, row.kind) == ("EUR", 33_800, 2, "csv")
    assert RemittanceLine.objects.filter(advice_id=row.pk).count() == 2


def test_a_dry_run_writes_nothing(books: Books, table: Path) -> None:
    assert add(table, is_dry_run=True)["new"] == 1
    assert not RemittanceAdvice.objects.exists()


def test_what_was_written_is_not_changed(books: Books, table: Path) -> None:
    add(table)
    for rows, change in (
        (RemittanceAdvice.objects.all(), {"total_minor": 1}),
        (RemittanceLine.objects.all(), {"paid_minor": 1}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_one_that_counts_no_more_joins_nothing_and_can_come_again(
    books: Books, table: Path
) -> None:
    take(books, statement(line("2026-03-09", "338.00", "PAYMENT")))
    (advice,) = add(table)["advices"]
    payment_id = Payment.objects.get().pk
    assert advices_for(books.entity_id, [payment_id])[payment_id].advice_id == advice["id"]
    void_advices(
        entity_id=books.entity_id, advice_ids=[advice["id"]], actor="tester", at=books.moment()
    )
    assert advices_for(books.entity_id, [payment_id]) == {}
    with pytest.raises(AdviceUnknown):
        void_advices(
            entity_id=books.entity_id, advice_ids=[advice["id"]], actor="x", at=books.moment()
        )
    assert add(table)["new"] == 1
    assert broken() == {}


def test_two_equal_payments_are_a_tie_until_a_reference_tells(
    books: Books, table: Path, tmp_path: Path
) -> None:
    twins = (line("2026-03-09", "338.00", "ZA-2026-1"), line("2026-03-09", "338.00", "ZA-2026-2"))
    take(books, statement(*twins))
    assert add(table)["advices"][0]["state"] == "tied"
    path = tmp_path / "second.csv"
    path.write_text("Payment reference;ZA-2026-2\n" + TABLE.replace("R-2;", "R-3;"))
    add(path)
    told = {one["file"]: one for one in list_remittances(None, 10)["advices"]}
    assert [one["state"] for one in told.values()] == ["joined", "joined"]
    numbers = dict(Payment.objects.values_list("reference", "number"))
    assert told["second.csv"]["payments"] == [numbers["ZA-2026-2"]]
    assert told["advice.csv"]["payments"] == [numbers["ZA-2026-1"]]


def test_money_of_somebody_else_to_the_same_amount_is_not_joined(books: Books, table: Path) -> None:
    take(books, statement(line("2026-03-09", "338.00", "PAYMENT", name="Baker Ltd")))
    assert add(table)["advices"][0]["state"] == "waiting"


def test_money_that_names_nobody_is_not_moved_by_an_advice_alone(
    books: Books, tmp_path: Path
) -> None:
    """Whoever can write a mail could say that somebody else's money is theirs."""
    path = tmp_path / "forged.csv"
    path.write_text("Invoice;Amount paid\nR-9;50.00\n")
    take(books, statement(line("2026-03-09", "50.00", "THANKS", name="")))
    (advice,) = add(path)["advices"]
    assert (advice["state"], advice["because"]) == (
        *("joined", "Amount and day agree, and nothing speaks against it."),
    )
    told = proposal(books)
    assert (told.decision, told.refused) == ("suggest", ("hearsay",))
    assert [one.item_id for one in told.lines] == [books_item("R-9")]


def test_a_parent_pays_what_its_child_is_told_of(books: Books, tmp_path: Path) -> None:
    """The advice names nobody: whose documents it names, and who is above them, tells."""
    parent_id = books.customer("P", "Cedar Holding AG")
    books.customer("K", "Kiln Works Ltd", parent_id=parent_id)
    books.invoice("K-1", "K", "75.00", issued="2026-02-01", due="2026-03-03")
    path = tmp_path / "a.csv"
    path.write_text("Invoice;Amount paid\nK-1;75.00\n")
    take(books, statement(line("2026-03-09", "75.00", "PAYMENT", name="CEDAR HOLDING AG")))
    (advice,) = add(path)["advices"]
    assert (advice["state"], advice["because"]) == ("joined", "Payer, amount and day agree.")
    assert proposal(books).way == "advised/full/exact"


def test_files_that_cannot_be_read_are_told_together_and_nothing_is_written(
    books: Books, table: Path, tmp_path: Path
) -> None:
    paths = {
        "cut.edi": "ST*820*1~BPR*C*1.00~",
        "wrong.csv": "invoice;amount paid\nR-1;abc\n",
        "none.txt": "Hello.",
    }
    for name, text in paths.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(RemittanceUnreadable) as refusal:
        add(table, *(tmp_path / name for name in paths))
    told = {(one["file"], one["code"]) for one in refusal.value.facts["problems"]}
    assert told == {
        ("cut.edi", "INCOMPLETE"),
        ("wrong.csv", "ADVICE_UNREADABLE"),
        ("none.txt", "INCOMPLETE"),
    }
    assert not RemittanceAdvice.objects.exists()


def test_an_advice_that_contradicts_itself_is_kept_and_goes_to_a_person(
    books: Books, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Invoice;Amount paid\nR-1;119.00\nR-2;238.00\nTotal;338.00\n")
    take(books, statement(line("2026-03-09", "338.00", "PAYMENT")))
    told = add(path)
    assert [one["code"] for one in told["problems"]] == ["ADVICE_CONTRADICTS"]
    found = proposal(books)
    assert (found.decision, found.lines) == ("suggest", ())
    assert "The lines of the advice make 357.00 EUR" in " ".join(found.against)


def test_inspecting_needs_no_books(tmp_path: Path, table: Path) -> None:
    (file,) = inspect_remittances([(table, "advice.csv")])["files"]
    assert (file["kind"], file["advices"][0]["total"]) == ("csv", "338.00")
    assert file["advices"][0]["lines"][0] == {
        "number": "R-1",
        "gross": "119.00",
        "paid": "100.00",
        "discount": "0.00",
        "deduction": "19.00",
        "reason": "04",
        "text": "",
    }
