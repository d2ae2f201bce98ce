"""Cards in versions, adopted by persons; customers scored by how they paid, a challenger beside."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.applying import application
from tests.rules.credit.companies import A, sheet

from building import Books
from duly.access.actions import Author, add_user
from duly.access.errors import NotYourPart
from duly.credit.actions import (
    Evidence,
    ReportDraft,
    add_agency_report,
    begin_request,
    save_answers,
    save_request_form,
    submit_request,
    tie_request,
)
from duly.credit.actions.policies import set_credit_knobs
from duly.credit.actions.rescoring import rescore_request
from duly.credit.actions.scores import (
    Rescored,
    adopt_card,
    end_challenge,
    propose_card,
    score_customers,
    score_request,
)
from duly.credit.actions.signals import record_signal
from duly.credit.actions.statements import StatementDraft, keep_financial_statements
from duly.credit.errors import (
    CardExists,
    CardNotAdopted,
    CardUnknown,
    DecisionNotYours,
    NothingToScore,
    OwnCard,
)
from duly.credit.models import CreditDecision, CreditSignal, CustomerScore, Order, OrderStop
from duly.credit.queries.backtests import agreement, backtest
from duly.credit.queries.known import known_of_request
from duly.credit.queries.scores import (
    cards_on,
    factors_of,
    latest_score_of_request,
    latest_scores,
)
from duly.credit.rules.standard_cards import BEHAVIOUR, STANDARD
from duly.disputes.models import Dispute
from duly.interfaces.jobs.watching import watch_credit
from duly.kernel.money import Money

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 10)


@pytest.fixture
def books() -> Books:
    """ALDER pays slowly and slower, BIRCH in time, CEDAR owes and never paid, DOGWOOD is new."""
    books = Books()
    for code in ("ALDER", "BIRCH", "CEDAR", "DOGWOOD"):
        books.customer(code, currency="EUR", credit_limit_minor=100_000)
    _paid(books, "ALDER", "A1", "100.00", due="2025-07-01", on="2025-07-11")
    _paid(books, "ALDER", "A2", "300.00", due="2026-01-01", on="2026-01-31")
    _paid(books, "BIRCH", "B1", "100.00", due="2026-01-31", on="2026-01-20")
    books.invoice("C1", "CEDAR", "250.00", issued="2025-11-01", due="2025-12-01")
    return books


def _paid(books: Books, code: str, number: str, amount: str, *, due: str, on: str) -> None:
    issued = (date.fromisoformat(due) - timedelta(days=30)).isoformat()
    books.invoice(number, code, amount, issued=issued, due=due)
    books.payment(f"P-{number}", code, amount, on=on)
    books.apply(f"P-{number}", number, amount, on=on)


def author(books: Books, actor: str = "ann") -> Author:
    return Author(actor, books.moment())


def rescore(books: Books, on: date = ON, **more: Any) -> Rescored:
    return score_customers(
        entity=books.entity, customer_ids=None, on=on, author=author(books), **more
    )


def facts(books: Books, code: str, on: date = ON) -> dict[str, Any]:
    pk = books.customer_id(code)
    return factors_of(books.entity, [pk], on)[pk]


def adopt(books: Books, document: dict[str, Any], place: str, on: date = ON) -> None:
    told = {"document": document, "origin": "file", "author": author(books, "bea")}
    propose_card(entity_id=books.entity_id, **told)
    adopt_card(
        entity_id=books.entity_id,
        version=document["version"],
        place=place,
        on=on,
        reason="Tried on last year.",
        author=author(books),
    )


class TestBehaviour:
    def test_days_slow_weigh_by_amount_and_the_trend_is_told(self, books: Books) -> None:
        told = facts(books, "ALDER")
        assert told["days_slow"] == Decimal(25)  # (100 * 10 + 300 * 30) / 400
        assert told["days_slow_trend"] == Decimal(20)
        assert told["utilisation"] == 0
        assert (told["disputes_invalid"], told["returned_payments"]) == (0, 0)

    def test_early_is_in_time_and_what_is_overdue_counts_as_late_as_it_is(
        self, books: Books
    ) -> None:
        assert facts(books, "BIRCH")["days_slow"] == 0
        cedar = facts(books, "CEDAR")
        assert cedar["days_slow"] == (ON - date(2025, 12, 1)).days
        assert cedar["utilisation"] == 25
        assert "days_slow_trend" not in cedar

    def test_who_is_new_has_no_history(self, books: Books) -> None:
        assert facts(books, "DOGWOOD") == {"utilisation": Decimal(0)}

    def test_what_was_taken_back_tells_nothing(self, books: Books) -> None:
        books.unapply("P-A2", "A2", on="2026-02-10")
        now = facts(books, "ALDER")["days_slow"]
        assert now == ((100 * 10 + 300 * Decimal(68)) / 400).quantize(Decimal("0.1"))

    def test_returned_payments_disputes_and_broken_promises_are_counted(self, books: Books) -> None:
        books.return_payment("P-A1", on="2025-08-01")
        pk = books.customer_id("ALDER")
        record_signal(
            entity_id=books.entity_id,
            customer_id=pk,
            kind="promise_broken",
            on=date(2026, 2, 1),
            author=author(books),
        )
        for verdict, closed in (("invalid", ON), ("valid", ON), ("invalid", date(2024, 1, 1))):
            Dispute.objects.create(
                entity_id=books.entity_id,
                customer_id=pk,
                item_id=1,
                number="A1",
                currency="EUR",
                amount_minor=100,
                reason="price",
                owner="sales",
                opened_on=date(2024, 1, 1),
                deadline_on=ON,
                verdict=verdict,
                closed_on=closed,
                actor="ann",
                recorded_at=books.moment(),
            )
        told = facts(books, "ALDER")
        assert (told["returned_payments"], told["broken_promises"]) == (1, 1)
        assert told["disputes_invalid"] == 1
        assert facts(books, "BIRCH")["broken_promises"] == 0

    def test_a_constant_number_of_queries(self, books: Books) -> None:
        counts = []
        for codes in (["ALDER"], ["ALDER", "BIRCH", "CEDAR", "DOGWOOD"]):
            ids = [books.customer_id(code) for code in codes]
            with CaptureQueriesContext(connection) as asked:
                factors_of(books.entity, ids, ON)
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 12


class TestScoring:
    def test_a_book_is_scored_with_reasons_and_kept(self, books: Books) -> None:
        told = rescore(books)
        assert (told.scored, told.not_scorable) == (3, 1)
        scores = latest_scores(books.entity_id, [books.customer_id(c) for c in ("ALDER", "CEDAR")])
        alder = scores[books.customer_id("ALDER")]
        assert (alder.points, alder.band, alder.version) == (Decimal(50), "C", "standard-1")
        assert alder.known_weight == 30
        assert alder.lost_most == ("days_slow",)
        assert (alder.factors[0].value, alder.factors[0].points) == ("25", 15)
        assert scores[books.customer_id("CEDAR")].band == "E"
        assert told.bands == {"A": 0, "B": 0, "C": 2, "D": 0, "E": 1}

    def test_what_else_is_known_lasts_and_the_ledger_is_read_anew(self, books: Books) -> None:
        pk = books.customer_id("BIRCH")
        known = {pk: {"years_in_business": Decimal(12), "public_record": "clean"}}
        rescore(books, known=known)
        books.invoice("B2", "BIRCH", "500.00", issued="2025-12-01", due="2026-01-01")
        rescore(books, ON + timedelta(days=1))
        told = latest_scores(books.entity_id, [pk])[pk]
        assert {one.id for one in told.factors} == {
            *("days_slow", "years_in_business", "public_record")
        }
        assert told.factors[0].points == 6  # 69 days of the most, none of the rest
        assert CustomerScore.objects.filter(customer_id=pk).count() == 2

    def test_who_falls_a_band_is_signalled_once(self, books: Books) -> None:
        rescore(books)
        books.invoice("B2", "BIRCH", "5000.00", issued="2025-11-01", due="2025-12-01")
        told = rescore(books, ON + timedelta(days=1))
        assert told.fallen == (books.customer_id("BIRCH"),)
        assert CreditSignal.objects.filter(kind="score_drop").count() == 1
        assert rescore(books, ON + timedelta(days=2)).fallen == ()

    def test_a_constant_number_of_queries_for_a_book(self, books: Books) -> None:
        with CaptureQueriesContext(connection) as few:
            score_customers(
                entity=books.entity,
                customer_ids=[books.customer_id("ALDER")],
                on=ON,
                author=author(books),
            )
        for code in ("ELM", "FIR", "GORSE"):
            books.customer(code, currency="EUR", credit_limit_minor=5_000)
            _paid(books, code, f"{code}-1", "10.00", due="2026-01-31", on="2026-02-20")
        with CaptureQueriesContext(connection) as many:
            assert rescore(books).scored == 6
        assert len(many) <= len(few) + 2  # the ids of all, and no more for each

    def test_who_asks_for_credit_is_scored_by_what_is_known(self, books: Books) -> None:
        known = {"years_in_business": Decimal(12), "z2_zone": "grey"}
        score_request(
            entity_id=books.entity_id, request_id=7, factors=known, on=ON, author=author(books)
        )
        told = latest_score_of_request(7)
        assert told is not None
        assert (told.points, told.band, told.known_weight) == (Decimal("75.86"), "C", 29)
        assert latest_score_of_request(8) is None
        with pytest.raises(NothingToScore):
            score_request(
                entity_id=books.entity_id, request_id=7, factors={}, on=ON, author=author(books)
            )

    def test_what_every_part_knows_of_an_applicant_is_put_together(self, books: Books) -> None:
        save_request_form(entity_id=books.entity_id, segment="", document={}, author=author(books))
        request = begin_request(
            entity_id=books.entity_id,
            currency="EUR",
            segment="",
            source="form",
            author=author(books),
        )
        given = application(formed_on="2016-01-01")
        save_answers(request_id=request.pk, given=given, on=ON, author=author(books))
        keep_financial_statements(
            entity_id=books.entity_id,
            request_id=request.pk,
            drafts=[StatementDraft(sheet(A), firm_kind="private_other")],
            author=author(books),
        )
        request.refresh_from_db()
        assert known_of_request(books.entity, request, ON) == {
            "years_in_business": Decimal("10.1"),
            "z2_zone": "safe",
            "interest_cover": Decimal("4.33"),
        }
        request.customer_id = books.customer_id("ALDER")
        assert known_of_request(books.entity, request, ON)["days_slow"] == 25

    def test_a_request_is_scored_when_it_is_submitted_and_by_what_comes_in_later(
        self, books: Books
    ) -> None:
        who = author(books)
        save_request_form(entity_id=books.entity_id, segment="", document={}, author=who)
        request = begin_request(
            entity_id=books.entity_id, currency="EUR", segment="", source="form", author=who
        )
        given = application(formed_on="2016-01-01")
        save_answers(request_id=request.pk, given=given, on=ON, author=who)
        assert rescore_request(request_id=request.pk, on=ON, author=who) is None  # a draft
        submit_request(
            request_id=request.pk,
            entity_name="Northwind",
            on=ON,
            evidence=Evidence(),
            key=b"k" * 32,
            author=who,
        )
        first = latest_score_of_request(request.pk)
        assert first is not None
        assert (first.band, first.known_weight) == ("C", 20)  # age and documents: capped
        keep_financial_statements(
            entity_id=books.entity_id,
            request_id=request.pk,
            drafts=[StatementDraft(sheet(A), firm_kind="private_other")],
            author=who,
        )
        second = latest_score_of_request(request.pk)
        assert second is not None
        assert second.known_weight == 40
        tie_request(request_id=request.pk, customer_id=books.customer_id("ALDER"), author=who)
        third = latest_score_of_request(request.pk)
        assert third is not None
        assert third.known_weight > 60  # how they paid us before
        again = rescore_request(request_id=request.pk, on=who.at.date(), author=who)
        assert again is not None
        assert CustomerScore.objects.filter(request_id=request.pk).count() == 3  # nothing new

    def test_a_stop_for_insolvency_or_sanctions_declines_until_it_is_lifted(
        self, books: Books
    ) -> None:
        pk = books.customer_id("BIRCH")
        stop = OrderStop.objects.create(
            entity_id=books.entity_id,
            customer_id=pk,
            kind="insolvency",
            since_on=ON,
            reason="told by the court",
            actor="ann",
            recorded_at=books.moment(),
        )
        rescore(books)
        told = latest_scores(books.entity_id, [pk])[pk]
        assert (told.is_declined, told.band) == (True, "E")
        OrderStop.objects.filter(pk=stop.pk).update(lifted_at=books.moment())
        rescore(books, ON + timedelta(days=1))
        assert not latest_scores(books.entity_id, [pk])[pk].is_declined

    def test_scores_are_never_changed(self, books: Books) -> None:
        rescore(books)
        for act in (
            lambda: CustomerScore.objects.update(band="A"),
            lambda: CustomerScore.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


class TestCards:
    def test_the_standard_card_judges_until_a_person_adopts_another(self, books: Books) -> None:
        assert cards_on(books.entity_id, ON).champion.version == "standard-1"
        adopt(books, BEHAVIOUR, "champion")
        assert cards_on(books.entity_id, ON).champion.version == "behaviour-1"
        assert cards_on(books.entity_id, ON - timedelta(days=1)).champion.version == "standard-1"

    @pytest.mark.parametrize(("actor", "reason"), [("worker", "better"), ("", "x"), ("ann", " ")])
    def test_a_machine_adopts_nothing_nor_a_person_for_no_reason(
        self, books: Books, actor: str, reason: str
    ) -> None:
        propose_card(
            entity_id=books.entity_id,
            document=BEHAVIOUR,
            origin="file",
            author=author(books, "bea"),
        )
        with pytest.raises(CardNotAdopted):
            adopt_card(
                entity_id=books.entity_id,
                version="behaviour-1",
                place="champion",
                on=ON,
                reason=reason,
                author=author(books, actor),
            )

    def test_a_version_never_changes_under_its_name(self, books: Books) -> None:
        one = {"entity_id": books.entity_id, "origin": "file", "author": author(books)}
        first = propose_card(document=BEHAVIOUR, **one)
        assert propose_card(document=BEHAVIOUR, **one) == first
        with pytest.raises(CardExists):
            propose_card(document={**STANDARD, "version": "behaviour-1"}, **one)
        with pytest.raises(CardUnknown):
            adopt_card(
                entity_id=books.entity_id,
                version="none",
                place="champion",
                on=ON,
                reason="x",
                author=author(books),
            )

    def test_a_challenger_runs_silently_beside(self, books: Books) -> None:
        adopt(books, BEHAVIOUR, "challenger")
        rescore(books)
        row = CustomerScore.objects.get(customer_id=books.customer_id("ALDER"))
        assert (row.version, row.band) == ("standard-1", "C")
        assert (row.challenger_version, row.challenger_band) == ("behaviour-1", "B")
        assert sum(Decimal(got) for _, got, _ in json.loads(row.challenger_factors)) == 65
        told = agreement(books.entity_id, "standard-1", "behaviour-1")
        assert (told.compared, told.same) == (3, 0)
        assert told.pairs[("C", "B")] == 1
        end_challenge(
            entity_id=books.entity_id, on=ON, reason="It is no better.", author=author(books)
        )
        assert cards_on(books.entity_id, ON).challenger is None


def test_a_book_that_was_scored_once_is_scored_each_month(books: Books) -> None:
    def look(on: date) -> int:
        watch_credit(entity=books.entity, on=on, actor="worker", at=books.moment())
        return CustomerScore.objects.count()

    assert look(ON) == 0  # nobody ever asked for it
    rescore(books)
    scored = CustomerScore.objects.count()
    assert look(ON + timedelta(days=29)) == scored > 0
    assert look(ON + timedelta(days=30)) == 2 * scored
    assert look(ON + timedelta(days=31)) == 2 * scored


def _decided(books: Books, person: str, code: str, verdict: str) -> None:
    CreditDecision.objects.create(
        entity_id=books.entity_id,
        customer_id=books.customer_id(code),
        verdict=verdict,
        currency="EUR",
        asked_minor=100,
        amount_minor=0,
        counted_minor=0,
        counted_currency="EUR",
        reason="seen",
        decided_on=date(2026, 1, 20),
        role="manager",
        actor=person,
        recorded_at=books.moment(),
    )


def test_a_card_is_held_against_what_came_after_in_money(books: Books) -> None:
    """CEDAR is refused by the card and went bad, ALDER is accepted and paid, late."""
    first = date(2026, 1, 10)
    rescore(books, first)
    _paid(books, "ALDER", "A9", "1000.00", due="2026-02-28", on="2026-04-30")
    books.invoice("C9", "CEDAR", "400.00", issued="2026-02-01", due="2026-03-01")
    _paid(books, "CEDAR", "C8", "200.00", due="2026-03-01", on="2026-03-01")
    for person, code, verdict in (
        ("bob", "CEDAR", "approve"),
        ("bob", "ALDER", "approve_less"),
        ("eve", "ALDER", "decline"),
    ):
        _decided(books, person, code, verdict)
    told = backtest(
        books.entity,
        first=first,
        last=first,
        on=date(2026, 9, 1),
        margin=Decimal("0.2"),
    )
    money = told.champion
    assert (told.customers, money.accepted, money.refused) == (2, 1, 1)
    assert (money.losses_avoided_minor, money.refused_invoiced_minor) == (40_000, 60_000)
    assert money.margin_refused_minor == 4_000
    assert money.gain_minor == 36_000
    assert (money.accepted_invoiced_minor, money.accepted_bad_minor) == (100_000, 0)
    bob, eve = told.overrides
    assert (bob.approved, bob.approved_bad_minor, bob.declined) == (1, 40_000, 0)
    assert (eve.approved, eve.declined) == (0, 1)
    # what is not old enough to tell tells nothing
    early = backtest(
        books.entity, first=first, last=first, on=date(2026, 5, 1), margin=Decimal("0.2")
    )
    assert early.customers == 0


class TestSecondPerson:
    """Who proposed a card is not who lets it judge, and it takes the role, whoever calls."""

    def propose(self, books: Books, actor: str = "ann") -> None:
        propose_card(
            entity_id=books.entity_id,
            document=BEHAVIOUR,
            origin="file",
            author=author(books, actor),
        )

    def judge(self, books: Books, actor: str, place: str = "champion") -> None:
        adopt_card(
            entity_id=books.entity_id,
            version="behaviour-1",
            place=place,
            on=ON,
            reason="better",
            author=author(books, actor),
        )

    @pytest.mark.parametrize("actor", ["ann", " ANN ", "shell:root"])
    def test_its_own_card_nobody_adopts(self, books: Books, actor: str) -> None:
        self.propose(books)
        with pytest.raises(OwnCard):
            self.judge(books, actor)
        self.judge(books, actor, "challenger")  # it judges nothing
        self.judge(books, "bea")
        assert cards_on(books.entity_id, ON).champion.version == "behaviour-1"

    def test_a_role_that_sets_no_policy_adopts_nothing_and_sets_no_knob(self, books: Books) -> None:
        at = books.moment()
        add_user(email="ana@example.org", name="Ana", role="analyst", password=None, at=at)
        add_user(email="max@example.org", name="Max", role="manager", password=None, at=at)
        self.propose(books)
        for place in ("champion", "challenger"):
            with pytest.raises(NotYourPart):
                self.judge(books, "ana@example.org", place)
        knobs = {"orders.late_days": "90"}
        told = {"entity_id": books.entity_id, "knobs": knobs, "on": ON}
        with pytest.raises(DecisionNotYours):
            set_credit_knobs(**told, author=author(books, "ana@example.org"))
        set_credit_knobs(**told, author=author(books, "max@example.org"))
        self.judge(books, "max@example.org")


class TestWhatIsKnownOfACustomer:
    def test_its_statements_and_reports_reach_its_score(self, books: Books) -> None:
        pk = books.customer_id("BIRCH")
        keep_financial_statements(
            entity_id=books.entity_id,
            drafts=[StatementDraft(sheet(A), "private_other")],
            author=author(books),
            customer_id=pk,
        )
        for day, record in (("2026-01-05", "judgment"), ("2026-02-05", "open_lien")):
            add_agency_report(
                entity_id=books.entity_id,
                draft=ReportDraft(
                    "Bureau",
                    date.fromisoformat(day),
                    {"public_record": record, "days_beyond_terms": "12", "currency": "EUR"},
                    day,
                ),
                cost=Money(0, "EUR"),
                on=ON,
                author=author(books),
                customer_id=pk,
            )
        rescore(books)
        told = latest_scores(books.entity_id, [pk])[pk]
        values = {one.id: one.value for one in told.factors}
        assert values["public_record"] == "open_lien"  # of the newest
        assert Decimal(values["agency_days_beyond_terms"]) == 12
        assert values["z2_zone"]
        assert values["interest_cover"]

    def test_orders_use_a_limit_until_they_are_invoiced(self, books: Books) -> None:
        before = facts(books, "CEDAR")["utilisation"]
        pk = books.customer_id("CEDAR")
        for ref, minor, is_prepaid in (("O-1", 30_000, False), ("O-2", 5_000, True)):
            Order.objects.create(
                entity_id=books.entity_id,
                customer_id=pk,
                ref=ref,
                currency="EUR",
                amount_minor=minor,
                is_prepaid=is_prepaid,
                ordered_on=ON,
                actor="t",
                recorded_at=books.moment(),
            )
        assert facts(books, "CEDAR")["utilisation"] == before + 30
        books.take_in(
            "items",
            "kind,number,customer_id,currency,issued_on,due_on,amount,order_ref\n"
            "invoice,C2,CEDAR,EUR,2026-03-01,2026-04-01,100.00,O-1\n",
        )
        assert facts(books, "CEDAR")["utilisation"] == before + 30

    def test_a_book_is_scored_first_by_the_daily_look_once_a_card_was_adopted(
        self, books: Books
    ) -> None:
        def look() -> int:
            watch_credit(entity=books.entity, on=ON, actor="worker", at=books.moment())
            return CustomerScore.objects.count()

        assert look() == 0
        adopt(books, BEHAVIOUR, "champion")
        assert look() == look() > 0
