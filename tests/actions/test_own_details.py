"""Our own details: bank details take two persons, and are never changed behind them (pain J6)."""

import os
import pwd
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from building import FIRST_MOMENT, Books
from duly.access.actions import Author, add_user, tie_shell
from duly.access.errors import (
    ApprovalDecided,
    ApprovalUnknown,
    OwnWorkApproval,
    UserNameUnfit,
)
from duly.access.models import Event
from duly.access.queries import approvals_of, changes_of_several
from duly.parties.actions import add_entity, ask_bank_details, decide_bank_details, save_entity
from duly.parties.errors import EntityDetailsUnfit
from duly.parties.models import BankDetails
from duly.parties.queries import pay_to
from duly.parties.rules.bank_details import BankDetailsDraft
from duly.parties.rules.bank_numbers import BankNumberWrong
from shell import duly

pytestmark = pytest.mark.django_db

ANN, BEN = Author("ann@example.org", FIRST_MOMENT), Author("ben@example.org", FIRST_MOMENT)
FIRST = BankDetailsDraft("EUR", "Northwind", iban="DE89370400440532013000")
SECOND = BankDetailsDraft("EUR", "Northwind", iban="NL91ABNA0417164300")


def ask(books: Books, draft: BankDetailsDraft = FIRST, author: Author = ANN) -> int:
    return ask_bank_details(author=author, entity_id=books.entity_id, draft=draft).pk


def approve(number: int, author: Author = BEN) -> None:
    decide_bank_details(author=author, approval_id=number, is_approved=True)


def test_what_one_person_asks_for_changes_nothing() -> None:
    books = Books()
    ask(books)
    assert pay_to(books.entity_id) == {}


def test_two_persons_put_details_in_force() -> None:
    books = Books()
    number = ask(books)
    approve(number)
    assert pay_to(books.entity_id)["EUR"].iban == "DE89370400440532013000"
    (approval,) = approvals_of("change_bank_details")
    assert (approval.asked_by, approval.decided_by, approval.is_approved) == (
        "ann@example.org",
        "ben@example.org",
        True,
    )


@pytest.mark.parametrize("name", ["ann@example.org", " Ann@Example.ORG "])
def test_the_one_who_asks_is_not_the_second(name: str) -> None:
    books = Books()
    number = ask(books)
    with pytest.raises(OwnWorkApproval):
        approve(number, Author(name, FIRST_MOMENT))
    assert pay_to(books.entity_id) == {}
    approve(number)  # it still waits for the second person


def test_the_one_who_asks_may_take_it_back() -> None:
    books = Books()
    number = ask(books)
    assert decide_bank_details(author=ANN, approval_id=number, is_approved=False) is None
    with pytest.raises(ApprovalDecided):
        approve(number)
    assert pay_to(books.entity_id) == {}


def test_an_approval_counts_once_and_for_its_own_act() -> None:
    books = Books()
    number = ask(books)
    approve(number)
    with pytest.raises(ApprovalDecided):
        approve(number)
    with pytest.raises(ApprovalUnknown):
        approve(number + 1)


def test_the_newest_details_are_in_force_and_say_since_when() -> None:
    books = Books()
    approve(ask(books))
    assert pay_to(books.entity_id)["EUR"].is_first
    later = Author("ben@example.org", FIRST_MOMENT + timedelta(days=40))
    approve(ask(books, SECOND), later)
    now = pay_to(books.entity_id)["EUR"]
    assert (now.iban, now.is_first) == ("NL91ABNA0417164300", False)
    assert now.in_force_on.isoformat() == "2026-02-10"
    news = [event.facts for event in Event.objects.filter(name="BankDetailsChanged")]
    assert [one["is_first"] for one in news] == [True, False]


def test_entities_and_currencies_keep_theirs_apart() -> None:
    books = Books()
    other = add_entity(name="Southwind", currency="EUR", country="DE", at=FIRST_MOMENT)
    approve(ask(books))
    approve(ask(books, BankDetailsDraft("USD", "Northwind", account_number="1", bank_code="021")))
    assert set(pay_to(books.entity_id)) == {"EUR", "USD"}
    assert pay_to(other.pk) == {}


def test_wrong_check_digits_are_refused_before_anybody_looks() -> None:
    with pytest.raises(BankNumberWrong):
        ask(Books(), FIRST._replace(iban="DE98370400440532013000"))
    assert approvals_of("change_bank_details") == []


def test_nobody_changes_a_row_of_bank_details() -> None:
    approve(ask(Books()))
    for change in (
        lambda: BankDetails.objects.update(iban="NL91ABNA0417164300"),
        lambda: BankDetails.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_entity_keeps_what_its_details_were() -> None:
    books = Books()
    save_entity(author=ANN, entity_id=books.entity_id, values={"address": "Way 1, Town"})
    save_entity(author=BEN, entity_id=books.entity_id, values={"address": "Way 1, Town"})
    (change,) = changes_of_several({"entity": [books.entity_id]})
    assert (change.actor, change.before, change.after) == (
        "ann@example.org",
        {"address": ""},
        {"address": "Way 1, Town"},
    )


@pytest.mark.parametrize("values", [{"phone": "1" * 41}, {"address": "Way\x00 1"}])
def test_what_fits_on_no_letter_is_refused(values: dict[str, str]) -> None:
    books = Books()
    with pytest.raises(EntityDetailsUnfit):
        save_entity(author=ANN, entity_id=books.entity_id, values=values)
    assert changes_of_several({"entity": [books.entity_id]}) == []


@pytest.mark.parametrize(
    ("asked_by", "approved_by"),
    [("shell:root", "ann@example.org"), ("ann@example.org", "shell:root")],
)
def test_the_shell_and_the_web_are_no_two_persons(asked_by: str, approved_by: str) -> None:
    books = Books()
    number = ask(books, author=Author(asked_by, FIRST_MOMENT))
    with pytest.raises(OwnWorkApproval, match="may be the same person"):
        approve(number, Author(approved_by, FIRST_MOMENT))
    assert pay_to(books.entity_id) == {}
    decide_bank_details(author=ANN, approval_id=number, is_approved=False)


def test_a_name_that_anybody_sets_in_the_shell_makes_no_second_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ann ties "bob" to him, asks as DULY_ACTOR=bob in the shell and approves in the browser."""
    books = Books()
    for email in ("ann@example.org", "bob@example.org"):
        add_user(email=email, name=email, role="admin", password=None, at=FIRST_MOMENT)
    real = pwd.getpwuid(os.getuid()).pw_name
    tie_shell(email="bob@example.org", name="bob", author=ANN)
    iban = ("--currency", "EUR", "--iban", "DE89370400440532013000")
    monkeypatch.setenv("DULY_ACTOR", "bob")
    number = duly("bank-details", "ask", "--entity", books.entity.name, *iban)["approval"]
    with pytest.raises(OwnWorkApproval, match="may be the same person"):
        approve(number, ANN)
    tie_shell(email="ann@example.org", name=real, author=BEN)  # who runs the shell
    with pytest.raises(OwnWorkApproval, match="ann@example.org asked for this"):
        approve(number, ANN)
    with pytest.raises(UserNameUnfit):
        tie_shell(email="bob@example.org", name=f"{real}:bob", author=ANN)
    approve(number, BEN)
    assert "EUR" in pay_to(books.entity_id)


def test_who_asks_in_the_shell_by_name_is_a_person() -> None:
    books = Books()
    add_user(email="ann@example.org", name="Ann", role="admin", password=None, at=FIRST_MOMENT)
    iban = ("--currency", "EUR", "--iban", "DE89370400440532013000")
    asked = ("bank-details", "ask", "--entity", books.entity.name, *iban, "--user")
    assert duly(*asked, "eve@example.org", code=3)["code"] == "USER_UNKNOWN"
    number = duly(*asked, "ann@example.org")["approval"]
    with pytest.raises(OwnWorkApproval):
        approve(number, ANN)
    approve(number, BEN)
    assert "EUR" in pay_to(books.entity_id)
