"""camt.054 and the batch entry of camt.053: opened to its payments whichever comes first."""

from typing import Any

import pytest

from banking import line, part, statement, take
from building import Books, broken, row_count
from duly.cash_application.models import BankDetail, BankLine, NoticedBatch
from duly.cash_application.queries import documents_of, sources_of
from duly.cash_application.rules.statements import NOTICE, Entry, NamedDocument
from duly.intake.errors import ImportInUse
from duly.receivables.models import Payment

pytestmark = pytest.mark.django_db

NAMED = (NamedDocument("RE-1", "CINV", None, 10000),)
PARTS = (
    part("100.00", "RE 1", name="Acme", documents=NAMED),
    part("200.00", "RE 2", name="Baker"),
)
WHOLE = line("2026-03-09", "300.00", reference="B1", name="")
OTHER = line("2026-03-09", "5.00", "RE 9", "B2")


@pytest.fixture
def books() -> Books:
    return Books()


def notice(*entries: Entry) -> Any:
    head, *rest = statement(*entries, kind=NOTICE, number="N1")
    return [head._replace(opening=None), *(one for one in rest if isinstance(one, Entry)), rest[-1]]


def tell(books: Books, *entries: Entry) -> dict[str, Any]:
    file = notice(*entries)
    file[-1] = file[-1]._replace(closing=None)
    (report,) = take(books, file, format="camt.054", name="notice.xml")
    return report


def standing() -> list[tuple[int, str, bool]]:
    """(minor units, payer, void?) of all payments."""
    rows = Payment.objects.order_by("is_void", "id")
    return list(rows.values_list("amount_minor", "payer_name", "is_void"))


OPENED = [(10000, "Acme", False), (20000, "Baker", False)]


def test_the_notice_first(books: Books) -> None:
    report = tell(books, WHOLE._replace(details=PARTS))
    assert (report["rows"], report["new"]) == (0, 0)
    assert any("whichever comes first" in note for note in report["notes"])
    assert Payment.objects.count() == 0
    (told,) = take(books, statement(WHOLE))
    assert (told["rows"], told["new"]) == (1, 1)
    assert any("notice told before" in note for note in told["notes"])
    assert standing() == OPENED
    first = Payment.objects.order_by("id")[0]
    assert documents_of([first.pk]) == {first.pk: list(NAMED)}
    assert broken() == {}


def test_the_statement_first(books: Books) -> None:
    take(books, statement(WHOLE, OTHER))
    assert len(standing()) == 2
    before = books.aging("2026-03-12")
    report = tell(books, WHOLE._replace(details=PARTS))
    assert (report["rows"], report["new"]) == (1, 1)
    assert standing() == [(500, "Acme GmbH", False), *OPENED, (30000, "", True)]
    assert books.aging("2026-03-12") == before
    ids = Payment.objects.filter(payer_name="Baker").values_list("id", flat=True)
    assert [one.bank_reference for one in sources_of(ids).values()] == ["B1"]
    assert broken() == {}


@pytest.mark.parametrize("is_first", [True, False])
def test_each_twice_adds_nothing(books: Books, is_first: bool) -> None:
    acts = [
        lambda: tell(books, WHOLE._replace(details=PARTS)),
        lambda: take(books, statement(WHOLE)),
    ]
    for act in [*(acts if is_first else acts[::-1]), *acts, *acts[::-1]]:
        act()
    assert [one for one in standing() if not one[2]] == OPENED
    assert NoticedBatch.objects.count() == 1
    assert broken() == {}


def test_by_the_day_where_a_reference_is_missing_and_never_by_halves(books: Books) -> None:
    nameless = line("2026-03-09", "300.00", name="")
    take(books, statement(nameless, line("2026-03-10", "300.00", "X", name="")))
    tell(books, nameless._replace(details=PARTS))
    assert BankDetail.objects.count() == 2
    twins = (line("2026-03-11", "7.00", "A", name=""), line("2026-03-11", "7.00", "B", name=""))
    take(books, statement(*twins, opening="1600.00", number="2"))
    tell(books, line("2026-03-11", "7.00", details=(part("3.00"), part("4.00"))))
    assert BankDetail.objects.count() == 2
    assert broken() == {}


def test_another_reference_is_another_entry(books: Books) -> None:
    take(books, statement(WHOLE))
    tell(books, WHOLE._replace(details=PARTS, bank_reference="B7"))
    assert standing() == [(30000, "", False)]


def test_what_is_applied_as_one_is_left_and_told(books: Books) -> None:
    books.customer("ACME")
    books.invoice("I-1", "ACME", "300.00", issued="2026-03-01", due="2026-03-31")
    take(books, statement(WHOLE))
    number = Payment.objects.get().number
    books.apply(number, "I-1", "300.00", on="2026-03-10")
    report = tell(books, WHOLE._replace(details=PARTS))
    assert any("applied as one already" in note for note in report["notes"])
    assert standing() == [(30000, "", False)]
    assert broken() == {}


def test_a_closed_period_is_left_and_told(books: Books) -> None:
    take(books, statement(WHOLE))
    books.lock("2026-03-09")
    report = tell(books, WHOLE._replace(details=PARTS))
    assert any("period is closed" in note for note in report["notes"])
    assert standing() == [(30000, "", False)]


def test_taken_back_with_the_statement_that_it_opened(books: Books) -> None:
    before = books.aging("2026-03-12")
    (told,) = take(books, statement(WHOLE, OTHER))
    report = tell(books, WHOLE._replace(details=PARTS))
    rows = row_count()
    with pytest.raises(ImportInUse) as refused:
        books.revert(report["id"])
    assert f"import {told['id']}" in refused.value.facts["depends"][0]["what"]
    assert row_count() == rows
    books.revert(told["id"])
    assert BankLine.objects.filter(is_void=False).count() == 0
    assert books.aging("2026-03-12") == before
    assert broken() == {}
    take(books, statement(WHOLE, OTHER))
    assert [one for one in standing() if not one[2]] == [*OPENED, (500, "Acme GmbH", False)]
    assert broken() == {}


def test_a_notice_taken_back_before_its_statement_opens_nothing(books: Books) -> None:
    report = tell(books, WHOLE._replace(details=PARTS))
    books.revert(report["id"])
    take(books, statement(WHOLE))
    assert standing() == [(30000, "", False)]
    assert broken() == {}
