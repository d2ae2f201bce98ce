"""Requests for credit: kept as typed, taken in when complete, with evidence; people can go."""

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.applying import application

from duly.access.actions import Author, add_user
from duly.access.queries import changes_of_several
from duly.collections.models import Message
from duly.credit.actions import (
    Evidence,
    begin_request,
    erase_lapsed_drafts,
    erase_person,
    issue_link,
    save_answers,
    save_conditions,
    save_request_form,
    sign_guarantee,
    spend_link,
    submit_request,
    tie_request,
)
from duly.credit.actions.decisions import DecisionDraft, decide_request
from duly.credit.actions.erasing import kept_digest
from duly.credit.errors.requests import (
    CreditRequestSubmitted,
    CreditRequestUnfit,
    LinkUnusable,
    LinkUsed,
    SignatureMissing,
)
from duly.credit.models import (
    CreditDecision,
    CreditRequest,
    RequestKey,
    RequestRevision,
    SecretLink,
)
from duly.credit.queries.clocks import clocks
from duly.credit.queries.links import link_behind, link_of
from duly.credit.queries.requests import (
    acceptance_of,
    answers_of,
    conditions_by_id,
    consents_of,
    flags_of,
    form_of,
    form_of_request,
    guarantees_of,
    people_by_id,
    people_of,
    request_by_id,
    typed_in,
)
from duly.credit.rules.deciding import Terms
from duly.credit.rules.links import digest_of, secret_of
from duly.interfaces.exchange.erasing import erase_everywhere
from duly.interfaces.exchange.noticing import mail_notice
from duly.parties.actions import CustomerDraft, add_entity, save_customers
from duly.parties.models import Customer, Entity
from duly.storage.among import among

ON = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
KEY = b"the key of this installation"
WHO = Author("test", AT)
FROM = Evidence("203.0.113.7", "Firefox")

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity() -> Entity:
    found = add_entity(name="Northwind", currency="GBP", country="GB", at=AT)
    save_request_form(entity_id=found.pk, segment="", document={}, author=WHO)
    return found


def begun(entity: Entity, **changes: Any) -> CreditRequest:
    request = begin_request(
        entity_id=entity.pk, currency="GBP", segment="", source="form", author=WHO
    )
    save_answers(request_id=request.pk, given=application(**changes), on=ON, author=WHO)
    return request_by_id(request.pk)


def sent_in(entity: Entity, **changes: Any) -> CreditRequest:
    return submitted(begun(entity, **changes))


def submitted(request: CreditRequest) -> CreditRequest:
    return submit_request(
        request_id=request.pk,
        entity_name="Northwind",
        on=ON,
        evidence=FROM,
        key=KEY,
        author=WHO,
    )


def test_a_complete_request_is_taken_in_with_its_evidence(entity: Entity) -> None:
    save_conditions(entity_id=entity.pk, text="Net 30, interest 8 %.", author=WHO)
    request = sent_in(entity)
    assert (request.number, request.submitted_on) == ("CR-0001", ON)
    assert (request.amount_minor, request.currency) == (5_000_000, "GBP")
    accepted = acceptance_of(request.pk)
    assert accepted is not None
    conditions = conditions_by_id(accepted.conditions_id)
    assert conditions is not None
    assert accepted.sha256 == conditions.sha256
    signer = people_by_id([accepted.person_id])[accepted.person_id].details
    assert signer["signer_name"] == "Ann Lee"
    assert (signer["signer_title"], signer["address"]) == ("Director", "203.0.113.7")
    given = {row.kind: row.is_given for row in consents_of(request.pk)}
    assert given["may_get_reports"] is True
    assert given["may_get_personal_reports"] is False
    assert len(given) == 7


def test_what_is_missing_is_named_and_nothing_is_taken_in(entity: Entity) -> None:
    request = begun(entity, formed_on=None, signer_name=None, terms=None)
    with pytest.raises(CreditRequestUnfit) as told:
        submitted(request)
    places = {problem["where"] for problem in told.value.facts["problems"]}
    assert places == {"formed_on", "signer_name", "terms"}
    assert request_by_id(request.pk).submitted_on is None


def test_a_required_document_is_missing_until_it_is_there(entity: Entity) -> None:
    form = {"documents": {"financial_statements": True}}
    save_request_form(entity_id=entity.pk, segment="", document=form, author=WHO)
    request = begun(entity)
    assert [p.where for p in answers_of(request, ON).problems] == ["financial_statements"]


def test_each_save_is_a_revision_that_nobody_changes(entity: Entity) -> None:
    request = begun(entity, amount="a lot")
    save_answers(request_id=request.pk, given={"amount": "9000"}, on=ON, author=WHO)
    save_answers(request_id=request.pk, given={"amount": "9000"}, on=ON, author=WHO)
    assert typed_in(request.pk, 1)[1]["amount"] == "a lot"
    assert typed_in(request.pk)[0] == 2
    assert typed_in(request.pk)[1]["legal_name"] == "Meadow Prints Ltd"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        RequestRevision.objects.filter(request_id=request.pk).update(typed={})


def test_what_was_submitted_is_not_changed_and_twice_is_once(entity: Entity) -> None:
    request = sent_in(entity)
    with pytest.raises(CreditRequestSubmitted):
        save_answers(request_id=request.pk, given={"amount": "1"}, on=ON, author=WHO)
    assert submitted(request) == request
    assert len(guarantees_of(request.pk)) == 1


def test_a_new_form_and_new_conditions_are_for_later_requests(entity: Entity) -> None:
    save_conditions(entity_id=entity.pk, text="First.", author=WHO)
    early = begun(entity)
    save_conditions(entity_id=entity.pk, text="Second.", author=WHO)
    shorter = {"without": ["owners"]}
    save_request_form(entity_id=entity.pk, segment="", document=shorter, author=WHO)
    late = begun(entity, owners=None)
    told = [conditions_by_id(row.conditions_id) for row in (early, late)]
    assert [row.text for row in told if row] == ["First.", "Second."]
    assert "owners" in form_of_request(early).fields
    assert "owners" not in form_of_request(late).fields


def test_a_segment_has_a_form_of_its_own(entity: Entity) -> None:
    own = {"title": "Schools", "without": ["owners"]}
    save_request_form(entity_id=entity.pk, segment="schools", document=own, author=WHO)
    assert form_of(entity.pk, "schools").form.title == "Schools"
    assert form_of(entity.pk, "shops").form.title == "Ask for credit"


def test_flags_look_at_own_customers_and_other_requests(entity: Entity) -> None:
    customers = [
        CustomerDraft("C1", {"name": "Meadow Prints", "email": "ap@meadow-prints.example"}),
        CustomerDraft("C2", {"name": "Somebody Else", "tax_id": "GB 980 7806 84"}),
    ]
    save_customers(entity_id=entity.pk, customers=customers, author=WHO)
    first = sent_in(entity)
    seen = {(row.code, row.facts["number"]) for row in flags_of(first.pk)}
    assert seen == {("near_name", "C1"), ("identity_copy", "C1"), ("same_tax_id", "C2")}
    again = sent_in(entity, legal_name="Quite Another Ltd")
    seen = {(row.code, row.facts["number"]) for row in flags_of(again.pk)}
    assert ("same_account", "CR-0001") in seen


def test_an_applicant_is_no_duplicate_of_the_customer_it_is(entity: Entity) -> None:
    customers = [CustomerDraft("C1", {"name": "Meadow Prints", "tax_id": "GB980780684"})]
    save_customers(entity_id=entity.pk, customers=customers, author=WHO)
    request = begun(entity)
    mine = Customer.objects.get(code="C1").pk
    tie_request(request_id=request.pk, customer_id=mine, author=WHO)
    assert flags_of(submitted(request).pk) == []


def test_a_person_is_erased_and_the_rest_stays(entity: Entity) -> None:
    request = sent_in(entity)
    ann = next(row for row in people_of(request.pk) if row.place == "owners.0")
    erase_person(entity_id=request.entity_id, person_id=ann.pk, author=WHO)
    left = str([row.details for row in people_of(request.pk)])
    assert "Ann Lee" not in left
    assert "Bo Marsh" in left
    assert request_by_id(request.pk).name == "Meadow Prints Ltd"
    assert acceptance_of(request.pk) is not None
    assert answers_of(request_by_id(request.pk), ON).problems == []


def test_a_sole_trader_is_a_person_and_goes_whole(entity: Entity) -> None:
    request = sent_in(entity, legal_form="sole_trader", legal_name="Ann Lee")
    assert request.is_natural_person
    own = next(row for row in people_of(request.pk) if row.place == "applicant")
    erase_person(entity_id=request.entity_id, person_id=own.pk, author=WHO)
    assert request_by_id(request.pk).name == "Erased"
    assert not RequestKey.objects.filter(request_id=request.pk).exists()
    held = [
        *RequestRevision.objects.values_list("typed"),
        *(g.guarantee.wording for g in guarantees_of(request.pk)),
    ]
    assert "Ann Lee" not in str([*held, *[row.details for row in people_of(request.pk)]])


def test_of_a_draft_that_was_never_sent_no_person_is_left(entity: Entity) -> None:
    sent, left = sent_in(entity), begun(entity, legal_name="Other Ltd")
    assert erase_lapsed_drafts(before=AT, author=WHO) == 0  # its link opens it still
    assert erase_lapsed_drafts(before=AT + timedelta(days=1), author=WHO) > 0
    assert not any(row.details for row in people_of(left.pk))
    assert all(row.details for row in people_of(sent.pk))
    assert typed_in(left.pk)[1]["legal_name"] == "Other Ltd"


def test_a_guarantor_signs_once_and_a_title_is_told(entity: Entity) -> None:
    request = sent_in(entity)
    one = guarantees_of(request.pk)[0]
    link = link_of(purpose="guarantee", record_id=one.guarantee.pk, at=AT)
    assert link is not None
    secret = secret_of(link.nonce, KEY)
    given = {"secret": secret, "evidence": FROM, "at": AT}
    with pytest.raises(SignatureMissing):
        sign_guarantee(signed="Ann Lee", is_agreed=False, **given)
    signature = sign_guarantee(signed="Ann Lee, Director", is_agreed=True, **given)
    assert "title after the signature" in signature.warnings[0]
    with pytest.raises(LinkUsed, match="2026-03-10 at 09:30"):
        sign_guarantee(signed="Ann Lee", is_agreed=True, **given)
    signed_by = guarantees_of(request.pk)[0].signed_by
    assert signed_by is not None
    assert signed_by.details == {"signed": "Ann Lee, Director", **FROM._asdict()}


def test_ten_thousand_guesses_open_nothing(entity: Entity) -> None:
    """Random secrets, and those one letter away from a real one."""
    link = issue_link(
        entity_id=entity.pk,
        purpose="reference",
        record_id=1,
        expires_at=AT + timedelta(days=30),
        key=KEY,
        at=AT,
    )
    real = secret_of(link.nonce, KEY)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    near = {
        real[:place] + letter + real[place + 1 :] for place in range(43) for letter in letters
    } - {real}
    # The last letter of 43 carries four bits: some neighbours would decode alike, none opens.
    far = {secrets.token_urlsafe(32) for _ in range(10_000 - len(near) - 6)}
    odd = {"", real[:-1], real + "A", real.upper(), f" {real}", link.digest, link.nonce}
    guesses = [*near, *far, *odd]
    assert len(guesses) >= 10_000
    digests = [digest_of(guess) for guess in guesses]
    assert not SecretLink.objects.filter(digest__in=among(digests)).exists()
    for guess in [*odd, *guesses[::25]]:  # and some all the way; a query each takes long
        with pytest.raises(LinkUnusable):
            link_behind(purpose="reference", secret=guess, at=AT)
    assert link_behind(purpose="reference", secret=real, at=AT) == link
    assert real not in str(list(SecretLink.objects.values()))
    assert link.digest == digest_of(real)


def test_a_link_opens_one_purpose_until_its_day_and_once(entity: Entity) -> None:
    until = AT + timedelta(days=1)
    link = issue_link(
        entity_id=entity.pk, purpose="draft", record_id=1, expires_at=until, key=KEY, at=AT
    )
    secret = secret_of(link.nonce, KEY)
    for purpose, at in (("guarantee", AT), ("draft", until)):
        with pytest.raises(LinkUnusable):
            link_behind(purpose=purpose, secret=secret, at=at)
    spend_link(purpose="draft", secret=secret, at=AT)
    with pytest.raises(LinkUsed):
        spend_link(purpose="draft", secret=secret, at=AT)


def test_days_in_a_form_are_clocks_by_themselves(entity: Entity) -> None:
    customers = [CustomerDraft("C1", {"name": "Meadow Prints"})]
    save_customers(entity_id=entity.pk, customers=customers, author=WHO)
    until = {"kind": "personal", "name": "Ann Lee", "email": "a@m.example", "until": "2026-12-31"}
    request = sent_in(entity, consents_until="2026-09-30", guarantors=[until])
    mine = Customer.objects.get(code="C1").pk
    tie_request(request_id=request.pk, customer_id=mine, author=WHO)
    found = {one.kind: one for one in clocks(entity.pk, ON, ahead_days=400)}
    assert "guarantee" not in found  # nobody signed it yet
    assert found["consent"].due_on == date(2026, 9, 30)
    one = guarantees_of(request.pk)[0]
    assert "for what is supplied until 2026-12-31" in one.guarantee.wording
    link = link_of(purpose="guarantee", record_id=one.guarantee.pk, at=AT)
    assert link is not None
    secret = secret_of(link.nonce, KEY)
    sign_guarantee(secret=secret, signed="Ann Lee", is_agreed=True, evidence=FROM, at=AT)
    found = {one.kind: one for one in clocks(entity.pk, ON, ahead_days=400)}
    assert (found["guarantee"].due_on, found["guarantee"].about) == (
        date(2026, 12, 31),
        request.number,
    )


def test_an_erasure_reaches_memo_notice_and_mails(entity: Entity) -> None:
    """A tombstone stands for the name; what was decided, by whom and when, stays."""
    request = sent_in(entity, legal_form="sole_trader", legal_name="Ann Lee")
    add_user(email="m@x.example", name="M", role="manager", password=None, at=AT)
    who = Author("m@x.example", AT)
    draft = DecisionDraft("decline", 0, "GBP", "Too young", Terms(ON))
    told = decide_request(
        entity_id=entity.pk, request=request.number, draft=draft, on=ON, author=who
    )
    decision = told.decision
    assert decision is not None
    to = {"to": "ann@meadow.example", "on": ON, "author": who}
    mail_notice(entity=entity, request=request, decision=decision, **to)
    own = next(row for row in people_of(request.pk) if row.place == "applicant")
    erase_everywhere(entity, own.pk, WHO)
    kept = CreditDecision.objects.get(pk=decision.pk)
    message = Message.objects.get(channel="enquiry")
    held = str([kept.memo, kept.notice, message.subject, message.body, message.recipients])
    assert "Ann Lee" not in held
    assert "ann@meadow.example" not in held
    assert kept.memo["applicant"] == "Erased"
    assert kept.memo["decision"]["reason"] == "Too young"
    assert message.state == "cancelled"
    (change,) = changes_of_several({"credit decision": [kept.pk]})
    assert change.after == {"sha256": kept_digest(kept), "is_erased": True}
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditDecision.objects.update(amount_minor=1)
