"""Ways around the law of the house in credit, each of which was open once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from applying import application
from building import FIRST_MOMENT, Books, minor
from deciding import (
    ANALYST,
    DIRECTOR,
    MANAGER,
    ON,
    SALES,
    SECOND,
    decide,
    hire,
    propose,
    request_of,
)
from duly.access.actions import Author
from duly.collections.actions import Handover
from duly.collections.models import Message
from duly.credit.actions import (
    answer_reference,
    close_reference,
    erase_lapsed_drafts,
    erase_person,
)
from duly.credit.actions.decisions import decide_proposal
from duly.credit.actions.limits import LimitDraft, set_limit
from duly.credit.actions.policies import set_credit_knobs
from duly.credit.actions.reviews import conclude_review, open_review, take_review
from duly.credit.actions.sequels import name_customer
from duly.credit.errors import (
    DecisionAboveAuthority,
    DecisionNotYours,
    LimitUnknown,
    OwnCreditWork,
    ReviewUnknown,
)
from duly.credit.errors.requests import ReferenceUnknown, RequestPersonUnknown
from duly.credit.models import (
    CreditLimit,
    CreditRequest,
    Reference,
    RequestFlag,
    RequestKey,
    RequestPerson,
    RequestRevision,
    SecretLink,
)
from duly.credit.queries.decisions import Matter, makers_of
from duly.credit.rules.deciding import Terms
from duly.credit.rules.links import placeholder
from duly.interfaces.exchange.requesting import Asked, send_in, take_in
from duly.interfaces.exchange.secret_links import with_links
from duly.parties.actions import add_entity

pytestmark = pytest.mark.django_db
SOON = ON + timedelta(days=30)


@pytest.fixture
def books() -> Books:
    one = Books()
    hire()
    one.customer("C1", "Ostler Brewing", credit_limit_minor=2_000_00, currency="EUR")
    return one


def grant(books: Books, amount: str, **terms: Any) -> None:
    """Two persons grant a limit."""
    decide_proposal(
        entity_id=books.entity_id,
        proposal_id=propose(books, amount, **terms).pk,
        is_approved=True,
        reason="Fine",
        on=ON,
        author=MANAGER,
    )


def put(books: Books, amount: str, **terms: Any) -> CreditLimit:
    """One person sets a limit."""
    wanted = Terms(**{"from_on": ON, **terms})
    draft = LimitDraft(books.customer_id("C1"), "EUR", minor(amount, "EUR"), wanted, "News")
    return set_limit(entity_id=books.entity_id, draft=draft, on=ON, author=ANALYST)


class TestOnePersonRaisesNothing:
    """I17: what grows takes two, whatever it grows by."""

    def test_not_from_a_limit_for_a_time_to_one_for_good(self, books: Books) -> None:
        grant(books, "3000")
        grant(books, "9000", kind="temporary", to_on=SOON)
        with pytest.raises(OwnCreditWork):
            put(books, "9000")
        with pytest.raises(OwnCreditWork):
            put(books, "3001")

    def test_not_by_making_it_last_longer(self, books: Books) -> None:
        grant(books, "3000", to_on=SOON)
        with pytest.raises(OwnCreditWork):
            put(books, "3000")
        with pytest.raises(OwnCreditWork):
            put(books, "3000", to_on=SOON + timedelta(days=1))
        assert put(books, "2500", to_on=SOON).amount_minor == 2_500_00

    def test_not_by_a_limit_for_a_time_beside_one_that_ends(self, books: Books) -> None:
        grant(books, "3000", to_on=SOON)
        with pytest.raises(OwnCreditWork):
            put(books, "3000", kind="temporary", to_on=SOON + timedelta(days=90))

    def test_not_from_a_day_when_it_was_more(self, books: Books) -> None:
        grant(books, "9000", from_on=ON - timedelta(days=90), to_on=ON - timedelta(days=30))
        with pytest.raises(OwnCreditWork):
            put(books, "9000", from_on=ON - timedelta(days=60))

    def test_not_of_a_part(self, books: Books) -> None:
        grant(books, "3000")
        grant(books, "500", kind="sub", part="open_orders")
        standing = CreditLimit.objects.get(kind="sub").pk
        for more in ({}, {"to_on": ON}):
            amount = "400" if more else "501"
            with pytest.raises(OwnCreditWork):
                put(books, amount, kind="sub", part="open_orders", replaces_id=standing, **more)
        put(books, "400", kind="sub", part="open_orders", replaces_id=standing)
        put(books, "100", kind="sub", part="open_items")


class TestSplitting:
    def test_what_an_applicant_got_counts_for_the_customer_they_became(self, books: Books) -> None:
        told = decide(books, request_of(books, "6000", None), "6000", ANALYST)
        assert told.decision is not None
        name_customer(
            decision=told.decision,
            customer_id=books.customer_id("C1"),
            on=ON,
            author=ANALYST,
        )
        with pytest.raises(DecisionAboveAuthority) as refused:
            decide(books, request_of(books, "7000"), "7000", ANALYST)
        assert refused.value.facts["counted"] == "13000.00"

    def test_a_decision_of_an_earlier_day_is_no_way_around_a_later_one(self, books: Books) -> None:
        decide(books, request_of(books, "6000"), "6000", ANALYST)
        before = ON - timedelta(days=1)
        with pytest.raises(DecisionAboveAuthority):
            decide(books, request_of(books, "6000"), "6000", ANALYST, on=before)

    def test_nor_do_applicants_of_two_names_and_one_tax_number(self, books: Books) -> None:
        rows = [request_of(books, "6000", None, name=name) for name in ("Ostler", "Ostler Ltd")]
        for row in rows:
            told = {"kind": "tax_id", "value": "DE136695976"}
            RequestKey.objects.create(entity_id=books.entity_id, request_id=row.pk, **told)
        decide(books, rows[0], "6000", ANALYST)
        with pytest.raises(DecisionAboveAuthority):
            decide(books, rows[1], "6000", ANALYST)


class TestFourEyes:
    def test_a_committee_votes_for_the_whole_decision(self, books: Books) -> None:
        knobs = {"statements_above": "900000"}
        set_credit_knobs(entity_id=books.entity_id, knobs=knobs, on=ON, author=DIRECTOR)
        request = request_of(books, "300000")
        first = {"verdict": "approve_secured", "conditions": ["A bank guarantee of 300,000"]}
        decide(books, request, "300000", DIRECTOR, **first)
        other = {**first, "conditions": ["A letter"]}
        told = decide(books, request, "300000", SECOND, **other)
        assert told.decision is None

    def test_whoever_worked_on_a_request_does_not_approve_it(self, books: Books) -> None:
        request = request_of(books, "1000")
        wrote(request, MANAGER)
        with pytest.raises(OwnCreditWork):
            decide(books, request, "1000", MANAGER)

    def test_also_where_the_applicant_began_it(self, books: Books) -> None:
        request = request_of(books, "1000", source="form", actor="applicant")
        wrote(request, Author("applicant", FIRST_MOMENT))
        wrote(request, MANAGER)
        with pytest.raises(OwnCreditWork):
            decide(books, request, "1000", MANAGER)
        decide(books, request, "1000", ANALYST)


def test_whoever_sends_a_request_in_stands_under_it() -> None:
    entity = add_entity(name="Northwind", currency="GBP", country="GB", at=FIRST_MOMENT)
    asked = Asked(entity, ON, Author("applicant", FIRST_MOMENT), "form")
    take_in(application(), Path("."), asked, is_draft=True)
    row = CreditRequest.objects.get()
    send_in(row.pk, Asked(entity, ON, MANAGER))
    assert makers_of(Matter(entity.pk, row, None)) == [MANAGER.actor]


def wrote(request: CreditRequest, author: Author) -> None:
    """Somebody changed what was typed."""
    RequestRevision.objects.create(
        request_id=request.pk,
        number=RequestRevision.objects.filter(request_id=request.pk).count() + 1,
        typed={},
        actor=author.actor,
        recorded_at=author.at,
    )


class TestWhoseLimitItBecomes:
    def test_sales_names_no_customer_for_what_was_approved(self, books: Books) -> None:
        told = decide(books, request_of(books, "6000", None), "6000")
        assert told.decision is not None
        with pytest.raises(DecisionNotYours):
            name_customer(
                decision=told.decision,
                customer_id=books.customer_id("C1"),
                on=ON,
                author=SALES,
            )
        assert not CreditLimit.objects.exists()

    def test_nor_one_of_another_company(self, books: Books) -> None:
        told = decide(books, request_of(books, "6000", None), "6000", conditions=["Signed"])
        assert told.decision is not None
        with pytest.raises(LimitUnknown):
            name_customer(decision=told.decision, customer_id=10**6, on=ON, author=ANALYST)
        assert CreditRequest.objects.get().customer_id is None


class TestOfAnotherCompany:
    """A number of another company's record is no number here."""

    def test_a_reference_and_a_person(self) -> None:
        entity = add_entity(name="Northwind", currency="GBP", country="GB", at=FIRST_MOMENT)
        other = add_entity(name="Southwind", currency="GBP", country="GB", at=FIRST_MOMENT)
        take_in(application(), Path("."), Asked(entity, ON, SALES), is_draft=False)
        reference, person = Reference.objects.all()[0], RequestPerson.objects.all()[0]
        of_reference: dict[str, Any] = {
            "entity_id": other.pk,
            "reference_id": reference.pk,
            "on": ON,
            "author": MANAGER,
        }
        with pytest.raises(ReferenceUnknown):
            close_reference(state="refused", why="By phone", **of_reference)
        with pytest.raises(ReferenceUnknown):
            answer_reference(given={"days_slow": "1"}, way="phone", person={}, **of_reference)
        with pytest.raises(RequestPersonUnknown):
            erase_person(entity_id=other.pk, person_id=person.pk, author=MANAGER)

    def test_a_review(self, books: Books) -> None:
        other = add_entity(name="Southwind", currency="GBP", country="GB", at=FIRST_MOMENT)
        row = open_review(
            entity_id=books.entity_id, customer_id=books.customer_id("C1"), on=ON, author=ANALYST
        )
        told: dict[str, Any] = {"entity_id": other.pk, "review_id": row.pk, "author": MANAGER}
        with pytest.raises(ReviewUnknown):
            take_review(owner="ann", **told)
        with pytest.raises(ReviewUnknown):
            conclude_review(outcome="keep", reason="Pays", on=ON, **told)


def test_a_name_that_is_a_placeholder_opens_nobody_elses_link(settings: Any) -> None:
    """Who sees a mail that waits knows a placeholder; it is filled in where it was put by us."""
    settings.PUBLIC_URL = "https://books.example"
    entity = add_entity(name="Northwind", currency="GBP", country="GB", at=FIRST_MOMENT)
    asked = Asked(entity, ON, SALES)
    take_in(application(), Path("."), asked, is_draft=False)
    stolen = placeholder(SecretLink.objects.get(purpose="guarantee").nonce)
    told = take_in(application(legal_name=f"Ash {stolen} Ltd"), Path("."), asked, is_draft=False)
    number = told["request"]["number"]
    mails = Message.objects.filter(channel="enquiry", subject__contains="Ash").order_by("pk")
    assert len(mails) == 5, number
    for mail in mails:
        message = Handover(1, 0, "", "", "", "", (), "", mail.body, "en")
        assert with_links(message).body.count("https://books.example/") == 1


class TestErasure:
    def test_flags_keep_nothing_of_who_was_erased(self) -> None:
        entity = add_entity(name="Northwind", currency="GBP", country="GB", at=FIRST_MOMENT)
        asked = Asked(entity, ON, SALES)
        own = application(legal_form="sole_trader", legal_name="Ann Lee")
        take_in(own, Path("."), asked, is_draft=False)
        first = CreditRequest.objects.get()
        take_in(application(legal_name="Ash Ltd"), Path("."), asked, is_draft=False)
        take_in({**own, "tax_id": ""}, Path("."), asked, is_draft=False)
        last = CreditRequest.objects.order_by("-pk")[0]
        for row in (first, last):
            person = RequestPerson.objects.filter(request_id=row.pk, place="applicant")[0]
            erase_person(entity_id=entity.pk, person_id=person.pk, author=MANAGER)
        told = str(list(RequestFlag.objects.values_list("text", "facts")))
        assert RequestFlag.objects.filter(code="same_account").exists()
        assert "Ann Lee" not in told
        assert "GB33BUKB20201555555555" not in str(
            list(RequestFlag.objects.filter(request_id=last.pk).values_list("facts"))
        )

    def test_nor_does_a_draft_that_was_never_sent(self) -> None:
        entity = add_entity(name="Northwind", currency="GBP", country="GB", at=FIRST_MOMENT)
        given = application(legal_form="sole_trader", legal_name="Ann Lee")
        asked = Asked(entity, ON, Author("applicant", FIRST_MOMENT), "form")
        take_in(given, Path("."), asked, is_draft=True)
        later = FIRST_MOMENT + timedelta(days=1)
        erase_lapsed_drafts(before=later, author=Author("worker", later))
        assert CreditRequest.objects.get().name == "Erased"
