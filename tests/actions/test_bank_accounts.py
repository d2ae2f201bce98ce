"""One account under several numbers and in several formats: money counts once."""

import pytest

from banking import IBAN, line, statement, take
from building import Books, broken, day
from duly.cash_application.actions import join_accounts, part_accounts
from duly.cash_application.errors import AccountsBothUsed, BankAccountUnknown
from duly.cash_application.models import BankAccount, BankLine
from duly.receivables.models import Payment

pytestmark = pytest.mark.django_db

GERMAN = "37040044/0532013000"
CAMT = (
    line("2026-03-09", "119.00", "RE 4711", "S-1"),
    line("2026-03-10", "50.00", "RE 4712", "S-2"),
    line("2026-03-10", "50.00", "RE 4713", "S-3"),
    line("2026-03-10", "-9.00", "FEE", "S-4"),
)
# The same in another format: other references and texts, in another order.
MT940 = (
    line("2026-03-09", "119.00", "EREF+NOTPROVIDED SVWZ+RE 4711", "X1"),
    line("2026-03-10", "-9.00", "ENTGELT"),
    line("2026-03-10", "50.00", "SVWZ+RE 4713"),
    line("2026-03-10", "50.00", "SVWZ+RE 4712"),
)


@pytest.fixture
def books() -> Books:
    return Books()


def test_an_iban_and_its_national_number_are_one_account(books: Books) -> None:
    take(books, statement(*CAMT))
    (report,) = take(books, statement(*MT940, account=GERMAN), format="mt940", name="a.sta")
    assert (report["new"], report["same"]) == (0, 4)
    assert any(f"{GERMAN} is the account {IBAN}" in note for note in report["notes"])
    assert any("4 lines were told" in note and "camt.053" in note for note in report["notes"])
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [5000, 5000, 11900]
    assert broken() == {}


def test_what_only_the_other_format_tells_is_new(books: Books) -> None:
    take(books, statement(*CAMT[:2]))
    wider = (*MT940, line("2026-03-11", "1.00", "LATE"))
    (report,) = take(books, statement(*wider, account=GERMAN), format="mt940")
    assert (report["new"], report["same"]) == (3, 2)
    (again,) = take(books, statement(*wider, account=GERMAN), format="mt940")
    assert (again["new"], again["same"]) == (0, 5)
    assert broken() == {}


def test_twins_of_one_format_stay_two(books: Books) -> None:
    twins = (line("2026-03-09", "5.00", "A"), line("2026-03-09", "5.00", "B"))
    take(books, statement(twins[0]))
    (report,) = take(books, statement(twins[1], opening="1005.00", number="2"))
    assert (report["new"], report["same"]) == (1, 0)


def test_a_bare_number_is_a_person_s_to_say(books: Books) -> None:
    take(books, statement(*CAMT))
    (report,) = take(books, statement(account="532013000", number="0"), format="mt940")
    assert any(f"It may be {IBAN}" in note for note in report["notes"])
    at = books.moment()
    numbers = (IBAN, "532013000")
    (row,) = join_accounts(entity_id=books.entity_id, numbers=numbers, actor="ann", at=at)
    assert row.same_said_by == "ann"
    (told,) = take(books, statement(*MT940, account="532013000"), format="mt940")
    assert (told["new"], told["same"]) == (0, 4)

    part_accounts(entity_id=books.entity_id, number="532013000", actor="ann", at=at)
    with pytest.raises(BankAccountUnknown):
        part_accounts(entity_id=books.entity_id, number="532013000", actor="ann", at=at)


def test_the_one_that_has_lines_is_the_account(books: Books) -> None:
    take(books, statement(account="532013000", number="0"), format="mt940")
    take(books, statement(*CAMT))
    for numbers in (("532013000", IBAN),):
        join_accounts(entity_id=books.entity_id, numbers=numbers, actor="a", at=books.moment())
    assert BankAccount.objects.get(number=IBAN).same_as_id is None
    assert BankAccount.objects.get(number="532013000").same_as_id is not None


def test_two_that_both_have_lines_are_not_joined(books: Books) -> None:
    take(books, statement(*CAMT))
    (report,) = take(books, statement(*MT940, account="532013000"), format="mt940")
    numbers, at = (IBAN, "532013000"), books.moment()
    with pytest.raises(AccountsBothUsed):
        join_accounts(entity_id=books.entity_id, numbers=numbers, actor="a", at=at)
    books.revert(report["id"])
    join_accounts(entity_id=books.entity_id, numbers=numbers, actor="a", at=at)
    (told,) = take(books, statement(*MT940, account="532013000"), format="mt940")
    assert told["new"] == 0
    assert BankLine.objects.filter(is_void=False, booked_on=day("2026-03-10")).count() == 3
    assert broken() == {}


def test_what_two_formats_book_on_two_days_counts_once(books: Books) -> None:
    """By the bank's reference; by the end-to-end id; by the days that both tell of in full."""
    camt = (
        line("2026-03-06", "10.00", "FIRST", "S-0"),
        line("2026-03-09", "119.00", "RE 4711", "S-1"),
        line("2026-03-10", "50.00", "RE 4712", "S-2", end_to_end="E-1"),
        line("2026-03-11", "70.00", "RE 4713", "S-3"),
        line("2026-03-16", "1.00", "LAST", "S-9"),
    )
    moved = (
        line("2026-03-06", "10.00", "FIRST"),
        line("2026-03-10", "119.00", "OTHER WORDS", "S-1"),
        line("2026-03-12", "50.00", "OTHER WORDS", end_to_end="E-1"),
        line("2026-03-13", "70.00", "OTHER WORDS"),
        line("2026-03-16", "1.00", "LAST"),
    )
    take(books, statement(*camt, on="2026-03-05"))
    (told,) = take(books, statement(*moved, on="2026-03-05"), format="mt940", name="a.sta")
    assert (told["new"], told["same"]) == (0, 5)
    assert any("3 lines were booked on another day" in note for note in told["notes"])
    (again,) = take(books, statement(*moved, on="2026-03-05"), format="mt940", name="a.sta")
    assert again["new"] == 0
    assert broken() == {}


def test_what_may_be_other_money_stays_a_line_of_its_own(books: Books) -> None:
    take(books, statement(line("2026-03-09", "70.00", "RE 1", "S-1", end_to_end="E-1")))
    for other in (
        line("2026-03-11", "70.00", "RE 2", "S-2"),  # nothing tells of both days
        line("2026-03-12", "70.00", "RE 3", end_to_end="E-2"),
    ):
        (told,) = take(books, statement(other, account=GERMAN), format="mt940")
        assert told["new"] == 1
