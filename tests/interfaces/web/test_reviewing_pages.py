"""Reviews and clocks on pages: one calendar, one review, a customer's credit."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from tests.interfaces.web.conftest import AT

from duly.access.actions import Author
from duly.credit.actions.insuring import (
    InsuredLimitDraft,
    save_insurance_policy,
    set_insured_limits,
)
from duly.credit.actions.reviews import open_review
from duly.credit.actions.securing import SecurityDraft, take_security
from duly.credit.actions.signals import record_signal
from duly.credit.models import ClockDone, CreditReview
from duly.credit.queries.clocks import clocks
from duly.credit.queries.limits import limits_on
from duly.credit.rules.insurance import Terms
from duly.parties.models import Customer, Entity
from duly.parties.queries import customer as customer_named

AUTHOR = Author("test", AT)


@pytest.fixture
def manager(open_as: Callable[[str], Client]) -> Client:
    return open_as("manager")


@pytest.fixture
def alder(books: Entity, today: date) -> Customer:
    """Meridian Foods with a limit, an insurer, a guarantee that ends and bad news."""
    one = customer_named(entity_id=books.pk, code="C1")
    Customer.objects.filter(pk=one.pk).update(credit_limit_minor=100_00)
    terms = Terms("P-1", "Insurer <b>", "GBP", today - timedelta(days=400),
                  today + timedelta(days=400), 60, 45, 150, Decimal(90))  # fmt: skip
    save_insurance_policy(entity_id=books.pk, terms=terms, author=AUTHOR)
    limit = InsuredLimitDraft(one.pk, 1000_00, today - timedelta(days=400))
    set_insured_limits(
        entity_id=books.pk, policy_number="P-1", drafts=[limit], on=today, author=AUTHOR
    )
    guarantee = SecurityDraft(
        one.pk, "guarantee", "GBP", 50_00, today - timedelta(days=300),
        today + timedelta(days=10), given_by="A. Person",
    )  # fmt: skip
    take_security(entity_id=books.pk, draft=guarantee, author=AUTHOR)
    record_signal(
        entity_id=books.pk,
        customer_id=one.pk,
        kind="adverse_news",
        on=today,
        note="Plant closed",
        author=AUTHOR,
    )
    return one


def told(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_one_calendar_with_the_money_at_stake(manager: Client, alder: Customer) -> None:
    page = told(manager, "/credit/reviews/")
    assert "Review: adverse news" in page
    assert "Guarantee ends" in page
    assert "Report INV-2" in page
    assert "Guarantee ends" not in told(manager, "/credit/reviews/?kind=insurance")
    assert "Guarantee ends" in told(manager, "/credit/reviews/?kind=securities")
    file = manager.get("/credit/reviews/clocks.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {row["kind"] for row in rows} >= {"review", "guarantee", "notify", "extend"}
    assert next(row["at_stake"] for row in rows if row["kind"] == "guarantee") == "50.00"
    assert manager.get("/credit/reviews/clocks.xlsx").status_code == 200


def test_an_empty_calendar_says_so(manager: Client, books: Entity) -> None:
    assert "Nothing runs out" in told(manager, "/credit/reviews/")


def test_a_clock_is_seen_to_with_evidence_once(
    manager: Client, alder: Customer, today: date
) -> None:
    (clock,) = (one for one in clocks(alder.entity_id, today) if one.kind == "guarantee")
    page = told(manager, f"/credit/reviews/clock/?clock={clock.key}")
    assert "It is done" in page
    sent = {"clock": clock.key, "key": "k1", "evidence": " ", "note": ""}
    answer = manager.post("/credit/reviews/clock/done/", sent)
    assert answer.status_code == 422
    assert "Say what proves it." in answer.content.decode()
    for _ in range(2):
        answer = manager.post("/credit/reviews/clock/done/", sent | {"evidence": "Letter 7"})
        assert answer.status_code == 302
    (row,) = ClockDone.objects.all()
    assert row.evidence == "Letter 7"
    assert manager.get(f"/credit/reviews/clock/?clock={clock.key}").status_code == 404
    assert "Seen to: Letter 7" in told(manager, f"/customers/{alder.pk}/credit/")


def test_a_review_is_taken_and_concluded(manager: Client, alder: Customer) -> None:
    row = CreditReview.objects.get()
    page = told(manager, f"/credit/reviews/{row.pk}/")
    assert "Plant closed" in page
    manager.post(f"/credit/reviews/{row.pk}/take/")
    answer = manager.post(f"/credit/reviews/{row.pk}/outcome/", {"reason": ""})
    assert answer.status_code == 422
    assert "Say what is decided." in answer.content.decode()
    sent = {"key": "k", "outcome": "keep", "reason": "Small plant"}
    assert manager.post(f"/credit/reviews/{row.pk}/outcome/", sent).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.reason, row.owner) == ("keep", "Small plant", row.concluded_by)
    page = told(manager, f"/credit/reviews/{row.pk}/")
    assert "Small plant" in page
    assert "Conclude it" not in page


def test_the_credit_of_a_customer(manager: Client, alder: Customer) -> None:
    page = told(manager, f"/customers/{alder.pk}/credit/")
    for words in ("Limit and exposure", "Over the limit", "Covered today", "Guarantee",
                  "A. Person", "Adverse news: Plant closed", "What would void it"):  # fmt: skip
        assert words in page, words
    assert "Open a review" not in page  # one is open
    assert f'href="/customers/{alder.pk}/credit/"' in told(manager, f"/customers/{alder.pk}/")


def test_a_review_is_opened_by_hand_once(manager: Client, books: Entity) -> None:
    one = customer_named(entity_id=books.pk, code="C2")
    assert "Never reviewed." in told(manager, f"/customers/{one.pk}/credit/")
    answer = manager.post(f"/customers/{one.pk}/credit/review/")
    assert answer.status_code == 302
    assert manager.post(f"/customers/{one.pk}/credit/review/").status_code == 409


@pytest.mark.parametrize("role", ["viewer", "sales", "clerk", "collector"])
def test_who_assesses_no_credit_looks_and_changes_nothing(
    open_as: Callable[[str], Client], alder: Customer, role: str
) -> None:
    client, row = open_as(role), CreditReview.objects.get()
    assert "Conclude it" not in told(client, f"/credit/reviews/{row.pk}/")
    sent = {"outcome": "keep", "reason": "x"}
    assert client.post(f"/credit/reviews/{row.pk}/outcome/", sent).status_code == 403
    assert client.post(f"/credit/reviews/{row.pk}/take/").status_code == 403
    assert client.post(f"/customers/{alder.pk}/credit/review/").status_code == 403
    assert client.post("/credit/reviews/clock/done/", {"evidence": "x"}).status_code == 403


def test_reviews_of_other_books_are_not_shown(manager: Client, alder: Customer) -> None:
    other = open_review(entity_id=alder.entity_id + 1, customer_id=alder.pk, on=AT.date(),
                        author=AUTHOR)  # fmt: skip
    for number in (other.pk, 99, 10**30):
        assert manager.get(f"/credit/reviews/{number}/").status_code == 404


def test_a_limit_is_lowered_by_a_review(manager: Client, alder: Customer, today: date) -> None:
    row = CreditReview.objects.get()
    sent = {"key": "k", "outcome": "change_limit", "reason": "Bad news"}
    answer = manager.post(f"/credit/reviews/{row.pk}/outcome/", sent)
    assert "Say how much it is to be." in answer.content.decode()
    sent |= {"limit": "40.00"}
    assert manager.post(f"/credit/reviews/{row.pk}/outcome/", sent).status_code == 302
    assert limits_on(alder.entity_id, [alder.pk], today)[alder.pk].minor == 40_00
    assert "GBP 40.00" in told(manager, f"/customers/{alder.pk}/credit/")
