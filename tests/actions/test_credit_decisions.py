"""Decisions of credit: by whom, at what authority, once; what follows them (parts 5 and 6)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from building import FIRST_MOMENT, Books, minor
from deciding import (
    ANALYST,
    DIRECTOR,
    MANAGER,
    ON,
    SALES,
    SECOND,
    decide,
    draft_of,
    hire,
    propose,
    request_of,
)
from duly.access.actions import Author, set_authority
from duly.credit.actions.decisions import decide_proposal, send_on
from duly.credit.actions.limits import LimitDraft, set_limit
from duly.credit.actions.policies import set_credit_knobs
from duly.credit.actions.sequels import (
    meet_condition,
    name_customer,
    tell_applicant,
    turn_down_offer,
)
from duly.credit.errors import (
    AlreadyDecided,
    CreditRateMissing,
    DecisionAboveAuthority,
    DecisionNotYours,
    DecisionUnfit,
    LimitsOverlap,
    LimitUnfit,
    LimitUnknown,
    NotSubmitted,
    OwnCreditWork,
    SequelUnfit,
    StatementsMissing,
)
from duly.credit.models import CreditDecision, CreditLimit, CustomerScore, DecisionStep
from duly.credit.queries.limits import limit_history, limits_on
from duly.credit.rules.deciding import Terms
from duly.credit.rules.limits_in_force import LimitInForce
from duly.kernel.errors import Refusal
from duly.kernel.money import Money

pytestmark = pytest.mark.django_db
SHELL = Author("shell:ann", FIRST_MOMENT)


@pytest.fixture
def books() -> Books:
    one = Books()
    hire()
    one.customer("C1", "Ostler Brewing", credit_limit_minor=2_000_00, currency="EUR")
    return one


def limit(books: Books, on: date = ON, customer: str = "C1") -> LimitInForce | None:
    pk = books.customer_id(customer)
    return limits_on(books.entity_id, [pk], on).get(pk)


def amount_on(books: Books, on: date) -> str:
    there = limit(books, on)
    return "none" if there is None else Money(there.minor, there.currency).text()


class TestWhoDecides:
    def test_an_approval_grants_a_limit_over_the_imported_one(self, books: Books) -> None:
        told = decide(books, request_of(books, "20000"), "20000")
        assert told.limit is not None
        assert (told.limit.before_minor, told.limit.approver) == (2_000_00, MANAGER.actor)
        there = limit(books)
        assert there is not None
        assert (there.minor, there.source) == (20_000_00, f"L-{told.limit.pk}")
        assert amount_on(books, ON - timedelta(days=1)) == "2000.00"

    def test_above_authority_is_refused_with_who_may(self, books: Books) -> None:
        request = request_of(books, "20000")
        with pytest.raises(DecisionAboveAuthority, match=r"above your authority of EUR 10000\.00"):
            decide(books, request, "20000", ANALYST)
        assert not CreditLimit.objects.exists()
        decide(books, request, "10000", ANALYST, "approve_less")

    def test_what_an_administrator_set_counts_before_the_shipped_amounts(
        self, books: Books
    ) -> None:
        for role, up_to in (("analyst", 500_00), ("manager", 1_000_00)):
            set_authority(
                role=role, act="approve_credit", up_to=Money(up_to, "EUR"), author=MANAGER
            )
        with pytest.raises(DecisionAboveAuthority, match="director"):
            decide(books, request_of(books, "2000"), "2000", MANAGER)

    @pytest.mark.parametrize("author", [SALES, Author("nobody@example.org", FIRST_MOMENT)])
    def test_sales_and_strangers_never_approve(self, books: Books, author: Author) -> None:
        request = request_of(books, "1000", actor="clerk@example.org")
        with pytest.raises(DecisionNotYours):
            decide(books, request, "1000", author)

    @pytest.mark.parametrize("maker", [MANAGER.actor, " Manager@Example.ORG ", "shell:ann"])
    def test_i17_nobody_approves_their_own_submission(self, books: Books, maker: str) -> None:
        request = request_of(books, "1000", actor=maker)
        with pytest.raises(OwnCreditWork):
            decide(books, request, "1000", MANAGER)
        decide(books, request, "0", MANAGER, "decline")  # a no takes nobody else

    def test_what_the_applicant_sent_in_has_no_maker_among_us(self, books: Books) -> None:
        decide(
            books,
            request_of(books, "1000", actor="ostler@example.org", source="form"),
            "1000",
            SHELL,
        )

    def test_i17_nor_what_they_sent_on(self, books: Books) -> None:
        request = request_of(books, "20000")
        draft = draft_of(books, "20000")
        sent: dict[str, Any] = {
            "entity_id": books.entity_id,
            "request": request.number,
            "draft": draft,
            "on": ON,
        }
        step = send_on(to_role="director", author=MANAGER, **sent)
        assert (step.to_role, step.actor) == ("director", MANAGER.actor)
        with pytest.raises(OwnCreditWork):
            decide(books, request, "20000", MANAGER)
        told = decide(books, request, "20000", DIRECTOR)
        assert told.decision is not None
        assert [one["by"] for one in told.decision.memo["steps"]] == [MANAGER.actor]

    def test_splitting_is_summed_in_the_family_within_days(self, books: Books) -> None:
        books.customer("C2", "Ostler Inns", parent_id=books.customer_id("C1"))
        decide(books, request_of(books, "6000"), "6000", ANALYST)
        other = request_of(books, "6000", "C2")
        with pytest.raises(DecisionAboveAuthority) as told:
            decide(books, other, "6000", ANALYST)
        assert told.value.facts["counted"] == "12000.00"
        decide(books, other, "6000", ANALYST, on=ON + timedelta(days=30))

    def test_nor_do_applicants_of_one_name_split(self, books: Books) -> None:
        decide(books, request_of(books, "6000", None), "6000", ANALYST)
        with pytest.raises(DecisionAboveAuthority):
            decide(books, request_of(books, "6000", None), "6000", ANALYST)

    def test_a_limit_that_does_not_grow_is_no_split(self, books: Books) -> None:
        decide(books, request_of(books, "6000"), "6000", ANALYST)
        decide(books, request_of(books, "6000"), "6000", ANALYST, on=ON + timedelta(days=1))

    def test_above_a_director_two_vote_for_the_same(self, books: Books) -> None:
        set_credit_knobs(
            entity_id=books.entity_id,
            knobs={"statements_above": "900000"},
            on=ON,
            author=DIRECTOR,
        )
        request = request_of(books, "300000")
        with pytest.raises(DecisionAboveAuthority, match="2 of director"):
            decide(books, request, "300000", MANAGER)
        first = decide(books, request, "300000", DIRECTOR)
        assert first.vote is not None
        assert first.decision is None
        with pytest.raises(OwnCreditWork):
            decide(books, request, "300000", DIRECTOR)
        other = decide(books, request, "280000", SECOND, "approve_less")
        assert other.decision is None
        assert not CreditLimit.objects.exists()

    def test_the_second_vote_for_the_same_carries_it(self, books: Books) -> None:
        knobs = {"statements_above": "900000"}
        set_credit_knobs(entity_id=books.entity_id, knobs=knobs, on=ON, author=DIRECTOR)
        request = request_of(books, "300000")
        decide(books, request, "300000", DIRECTOR)
        told = decide(books, request, "300000", SECOND)
        assert told.limit is not None
        assert DecisionStep.objects.count() == 2

    def test_a_shell_is_no_committee(self, books: Books) -> None:
        knobs = {"statements_above": "900000"}
        set_credit_knobs(entity_id=books.entity_id, knobs=knobs, on=ON, author=DIRECTOR)
        request = request_of(books, "300000", actor="shell:ann")
        with pytest.raises(DecisionAboveAuthority):
            decide(books, request, "300000", Author("shell:ben", FIRST_MOMENT))

    def test_another_currency_is_held_against_authority_at_a_rate(self, books: Books) -> None:
        request = request_of(books, "9000", currency="USD")
        with pytest.raises(CreditRateMissing):
            decide(books, request, "9000", ANALYST, currency="USD")


class TestWhatIsDecided:
    def test_once(self, books: Books) -> None:
        request = request_of(books, "1000")
        decide(books, request, "1000")
        with pytest.raises(AlreadyDecided):
            decide(books, request, "0", DIRECTOR, "decline")

    def test_a_draft_is_not_decided(self, books: Books) -> None:
        with pytest.raises(NotSubmitted):
            decide(books, request_of(books, "1000", submitted_on=None), "1000")

    def test_above_the_threshold_not_without_statements(self, books: Books) -> None:
        request = request_of(books, "30000")
        with pytest.raises(StatementsMissing):
            decide(books, request, "30000")
        decide(books, request, "25000", verdict="approve_less")

    @pytest.mark.parametrize(
        ("amount", "verdict", "told"),
        [
            ("1000", "approve", {"reason": " "}),
            ("0", "approve", {}),
            ("10", "decline", {}),
            ("1000", "approve_less", {}),
            ("500", "approve_secured", {}),
            ("1000", "maybe", {}),
            ("1000", "approve", {"currency": "USD"}),
            ("1000", "approve", {"conditions": [" "]}),
            ("1000", "approve", {"reason": "x" * 1001}),
        ],
    )
    def test_what_says_too_little_is_refused(
        self, books: Books, amount: str, verdict: str, told: dict[str, Any]
    ) -> None:
        with pytest.raises(DecisionUnfit):
            decide(books, request_of(books, "1000"), amount, verdict=verdict, **told)

    def test_a_decline_tells_why_and_what_the_law_asks(self, books: Books) -> None:
        request = request_of(books, "9000", country="US")
        told = decide(books, request, "0", verdict="decline", reason_codes=["young_firm"])
        assert told.decision is not None
        notice = told.decision.notice
        assert (notice["kind"], notice["due_on"]) == ("adverse_action", "2026-03-26")
        assert "within 60 days" in notice["text"]
        assert "too young" in notice["text"]
        assert told.limit is None

    def test_the_memo_keeps_what_was_known_and_missing(self, books: Books) -> None:
        told = decide(books, request_of(books, "1000"), "1000")
        assert told.decision is not None
        memo = told.decision.memo
        assert memo["known"]["limit_now"]["minor"] == 2_000_00
        assert "statements" in memo["known"]["missing"]
        assert len(memo["known"]["methods"]) >= 8
        assert memo["decision"]["reason"] == "Pays slow but steady."
        assert memo["policy"]["authority.manager"] == "50000"

    def test_rows_are_never_changed(self, books: Books) -> None:
        decide(books, request_of(books, "1000"), "1000")
        for model in (CreditDecision, CreditLimit):
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.update(amount_minor=1)


class TestWhatFollows:
    def test_the_limit_begins_when_the_last_condition_is_met(self, books: Books) -> None:
        told = decide(
            books,
            request_of(books, "5000"),
            "5000",
            verdict="approve_secured",
            conditions=["Guarantee signed", "Bank reference"],
        )
        assert told.decision is not None
        assert told.limit is None
        later: dict[str, Any] = {"decision": told.decision, "note": "", "author": ANALYST}
        assert meet_condition(place=0, on=ON, **later) is None
        with pytest.raises(SequelUnfit):
            meet_condition(place=0, on=ON, **later)
        with pytest.raises(SequelUnfit):
            meet_condition(place=2, on=ON, **later)
        begun = meet_condition(place=1, on=ON + timedelta(days=5), **later)
        assert begun is not None
        assert begun.from_on == ON + timedelta(days=5)
        assert amount_on(books, ON + timedelta(days=4)) == "2000.00"

    def test_an_offer_that_is_turned_down_begins_never(self, books: Books) -> None:
        told = decide(
            books, request_of(books, "5000"), "3000", verdict="approve_less", is_offer=True
        )
        assert told.decision is not None
        turn_down_offer(decision=told.decision, note="Too little", on=ON, author=ANALYST)
        accepted: dict[str, Any] = {"decision": told.decision, "place": 0, "note": "", "on": ON}
        assert meet_condition(author=ANALYST, **accepted) is None
        assert not CreditLimit.objects.exists()

    def test_an_applicant_gets_the_limit_once_it_is_a_customer(self, books: Books) -> None:
        told = decide(books, request_of(books, "5000", None), "5000")
        assert told.decision is not None
        assert told.limit is None
        customer_id = books.customer("NEW")
        begun = name_customer(
            decision=told.decision, customer_id=customer_id, on=ON, author=ANALYST
        )
        assert begun is not None
        assert begun.customer_id == customer_id

    def test_told_once(self, books: Books) -> None:
        told = decide(books, request_of(books, "5000"), "5000")
        assert told.decision is not None
        for _ in range(1):
            tell_applicant(decision=told.decision, note="by phone", on=ON, author=SALES)
        with pytest.raises(SequelUnfit):
            tell_applicant(decision=told.decision, note="again", on=ON, author=SALES)


def settle(books: Books, proposal_id: int, author: Author = MANAGER) -> CreditLimit:
    told = decide_proposal(
        entity_id=books.entity_id,
        proposal_id=proposal_id,
        is_approved=True,
        reason="Fine",
        on=ON,
        author=author,
    )
    assert told.limit is not None
    return told.limit


class TestLimits:
    def test_one_for_a_time_lapses_by_itself(self, books: Books) -> None:
        base = settle(books, propose(books, "5000").pk)
        until = ON + timedelta(days=30)
        one = settle(books, propose(books, "8000", kind="temporary", to_on=until).pk)
        assert (one.before_minor, one.amount_minor) == (5_000_00, 8_000_00)
        assert [amount_on(books, ON + timedelta(days=d)) for d in (-1, 0, 30, 31)] == [
            "2000.00",
            "8000.00",
            "8000.00",
            "5000.00",
        ]
        assert [row.pk for row in limit_history(books.entity_id, base.customer_id)] == [
            one.pk,
            base.pk,
        ]

    def test_one_that_runs_out_leaves_nothing_and_not_the_imported_one(self, books: Books) -> None:
        settle(books, propose(books, "5000", to_on=ON).pk)
        assert amount_on(books, ON + timedelta(days=1)) == "0.00"

    def test_overlapping_ones_are_refused_and_a_replacement_ends_the_other(
        self, books: Books
    ) -> None:
        first = settle(books, propose(books, "5000").pk)
        later = ON + timedelta(days=10)
        with pytest.raises(LimitsOverlap):
            propose(books, "6000", from_on=later, to_on=later)
        second = propose(books, "6000", from_on=later, replaces_id=first.pk)
        settle(books, second.pk)
        with pytest.raises(LimitUnknown):
            propose(books, "7000", from_on=later, replaces_id=first.pk)
        assert amount_on(books, ON + timedelta(days=9)) == "5000.00"
        assert amount_on(books, later) == "6000.00"

    def test_two_proposals_for_the_same_days_begin_once(self, books: Books) -> None:
        one = propose(books, "5000", kind="temporary", to_on=ON)
        other = propose(books, "6000", kind="temporary", to_on=ON)
        settle(books, one.pk)
        with pytest.raises(LimitsOverlap):
            settle(books, other.pk)

    def test_parts_of_the_exposure_have_limits_of_their_own(self, books: Books) -> None:
        settle(books, propose(books, "5000").pk)
        settle(books, propose(books, "1000", kind="sub", part="open_orders").pk)
        there = limit(books)
        assert there is not None
        assert (there.minor, dict(there.parts)) == (5_000_00, {"open_orders": 1_000_00})

    @pytest.mark.parametrize(
        "terms",
        [
            {"to_on": ON - timedelta(days=1)},
            {"kind": "temporary"},
            {"kind": "sub"},
            {"kind": "sub", "part": "everything"},
            {"part": "open_orders"},
            {"kind": "other"},
            {"insured_minor": 5_000_01},
            {"secured_minor": -1},
            {"review_on": ON - timedelta(days=1)},
            {"terms_band": "barter"},
            {"terms_band": "prepay"},
        ],
    )
    def test_what_can_t_stand_is_refused(self, books: Books, terms: dict[str, Any]) -> None:
        with pytest.raises(LimitUnfit):
            propose(books, "5000", **terms)

    def test_negative_unknown_currency_and_strangers(self, books: Books) -> None:
        with pytest.raises(LimitUnfit):
            propose(books, "-1")
        books.currency = "XXQ"
        with pytest.raises(Refusal):
            propose(books, "1")

    def test_insured_secured_and_own_risk_parts(self, books: Books) -> None:
        settle(books, propose(books, "5000", insured_minor=3_000_00, secured_minor=500_00).pk)
        there = limit(books)
        assert there is not None
        assert there.own_risk_minor == 1_500_00

    def test_i17_the_one_who_proposes_does_not_approve(self, books: Books) -> None:
        with pytest.raises(OwnCreditWork):
            settle(books, propose(books, "5000", MANAGER).pk)

    def test_lowering_takes_one_and_raising_two(self, books: Books) -> None:
        settle(books, propose(books, "5000").pk)

        def put(amount: str) -> CreditLimit:
            standing = limit(books)
            assert standing is not None
            terms = Terms(ON, replaces_id=standing.limit_id)
            draft = LimitDraft(books.customer_id("C1"), "EUR", minor(amount, "EUR"), terms, "News")
            return set_limit(entity_id=books.entity_id, draft=draft, on=ON, author=ANALYST)

        with pytest.raises(OwnCreditWork):
            put("5000.01")
        put("4000")
        assert amount_on(books, ON) == "4000.00"

    def test_a_family_shares_what_stands_above_it(self, books: Books) -> None:
        books.customer("C2", parent_id=books.customer_id("C1"))
        settle(books, propose(books, "5000").pk)
        assert limit(books, customer="C2") is None  # it has none of its own; C1's is for both

    def test_no_limit_without_its_decision(self, books: Books) -> None:
        decide(books, request_of(books, "3000"), "3000")
        settle(books, propose(books, "9000", kind="temporary", to_on=ON).pk)
        decided = set(CreditDecision.objects.values_list("pk", "amount_minor", "currency"))
        granted = CreditLimit.objects.values_list("decision_id", "amount_minor", "currency")
        assert set(granted) <= decided
        assert len(granted) == 2


def in_band(request: Any, books: Books, band: str) -> None:
    """Score a request, as a card would."""
    CustomerScore.objects.create(
        entity_id=books.entity_id,
        request_id=request.pk,
        scored_on=ON,
        version="standard",
        points_cents=40_00,
        band=band,
        known_cents=100_00,
        is_declined=False,
        inputs="{}",
        factors="[]",
        lost_most="[]",
        actor="duly",
        recorded_at=FIRST_MOMENT,
    )


def test_looser_terms_than_the_band_s_take_authority_for_the_whole_amount(books: Books) -> None:
    """A limit that does not grow counts alone, but not on terms that the band does not give."""
    request = request_of(books, "8000")
    in_band(request, books, "D")
    decide(books, request, "8000", ANALYST, terms=Terms(ON, terms_band="deposit", terms_days=14))
    again = request_of(books, "8000", submitted_on=ON)
    in_band(again, books, "D")
    with pytest.raises(DecisionAboveAuthority) as refused:
        decide(books, again, "8000", ANALYST, terms=Terms(ON, terms_days=14))
    assert refused.value.facts["counted"] == "16000.00"
    told = decide(books, again, "8000", MANAGER, terms=Terms(ON, terms_days=14)).decision
    assert told is not None
    kept = told.memo["decision"]
    assert kept["is_looser"]
    assert kept["terms_proposed"]["terms_band"] == "deposit"


def test_nobody_loosens_terms_alone(books: Books) -> None:
    decide(
        books,
        request_of(books, "8000"),
        "8000",
        terms=Terms(ON, terms_band="deposit", terms_days=14),
    )
    later = ON + timedelta(days=40)
    customer = books.customer_id("C1")

    def lower(**terms: Any) -> CreditLimit:
        draft = LimitDraft(customer, "EUR", minor("7000", "EUR"), Terms(later, **terms), "Less")
        return set_limit(entity_id=books.entity_id, draft=draft, on=later, author=MANAGER)

    stands = limits_on(books.entity_id, [customer], later)[customer]
    for terms in ({"terms_band": "open"}, {"terms_band": "deposit", "terms_days": 30}):
        with pytest.raises(OwnCreditWork):
            lower(replaces_id=stands.limit_id, **terms)
    kept = lower(replaces_id=stands.limit_id, terms_band="deposit", terms_days=10)
    assert (kept.terms_band, kept.terms_days) == ("deposit", 10)
