"""Money arrives at the bank and finds what it pays: stories a credit manager can read."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from banking import line, statement, take
from building import Books, broken, day, minor
from duly.access.actions import Author
from duly.access.errors import ApprovalUnknown, OwnWorkApproval
from duly.cash_application.actions import (
    accept_match,
    ask_difference,
    decide_difference,
    match_payments,
    revoke_alias,
    set_aside_payments,
    set_matching,
    take_up_payments,
    undo_matches,
)
from duly.cash_application.errors import DifferenceTooLarge, KnobUnfit, MatchUnclear, NothingToMatch
from duly.cash_application.models import Match, Suggestion
from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.queries import aliases, likely_paid, policy_on, probably_paid
from duly.cash_application.queries.waiting import count_that_ask, queue
from duly.cash_application.rules.matching import Proposal
from duly.cash_application.rules.outcomes import outcome_of
from duly.cash_application.rules.queue import ASKS
from duly.cash_application.rules.residuals import Line
from duly.collections.queries.worklist import worklist
from duly.disputes.queries import disputes
from duly.interfaces.exchange.remittances import add_remittances
from duly.interfaces.exchange.settling import Asked
from duly.ledger.errors import PeriodLocked
from duly.parties.actions import add_entity
from duly.receivables.models import Payment
from duly.receivables.queries import aging

pytestmark = pytest.mark.django_db

ON = "2026-03-12"


@pytest.fixture
def books() -> Books:
    books = Books()
    books.customer("ACME", "Acme Tools GmbH", country="DE")
    books.customer("KESTREL", "Kestrel Optics GmbH", country="DE")
    for number, amount in (("INV-1001", "1190.00"), ("INV-1002", "357.00"), ("INV-1003", "88.25")):
        books.invoice(number, "ACME", amount, issued="2026-01-15", due="2026-02-14")
    books.invoice("INV-2001", "KESTREL", "1190.00", issued="2026-01-20", due="2026-02-19")
    return books


def match(books: Books, *, auto: bool = True, on: str = ON, **more: object) -> list[Proposal]:
    return match_payments(
        entity=books.entity,
        on=day(on),
        auto=auto,
        actor="tester",
        at=books.moment(),
        **more,  # type: ignore[arg-type]
    ).proposals


def money(
    books: Books, *lines: tuple[str, str], name: str = "Acme Tools GmbH", **more: str
) -> None:
    """The bank tells of money: (amount, text) each."""
    told = [
        line("2026-03-10", amount, text, f"R{n}-{text}", name=name, **more)
        for n, (amount, text) in enumerate(lines)
    ]
    take(books, statement(*told))


def outcomes(found: Sequence[Proposal]) -> list[str]:
    return [outcome_of(one) for one in found]


def unapplied() -> dict[str | None, int]:
    return {row.code: row.unapplied for row in aging(on=day(ON)).rows if row.unapplied}


def only_payment() -> Payment:
    return Payment.objects.get()


def undo(books: Books, payment: Payment, on: str = ON) -> None:
    with books.recording("unapply") as recorder:
        undo_matches(
            recorder=recorder, entity_id=books.entity_id, payment_ids=[payment.pk], on=day(on)
        )


def test_an_invoice_named_and_paid_to_the_cent_is_settled_by_itself(books: Books) -> None:
    money(books, ("1190.00", "Invoice INV-1001"))
    (one,) = match(books)
    assert outcome_of(one) == "applied"
    assert books.open("INV-1001", ON) == "0.00"
    assert any("INV-1001" in reason for reason in one.because)
    kept = Match.objects.get()
    assert (kept.decided, kept.applied_minor, kept.is_unique) == ("auto", 119000, True)
    assert match(books) == []  # nothing waits
    assert broken() == {}


def test_without_auto_nothing_moves_and_the_proposal_is_kept(books: Books) -> None:
    money(books, ("1190.00", "Invoice INV-1001"))
    assert outcomes(match(books, auto=False)) == ["applied"]
    assert books.open("INV-1001", ON) == "1190.00"
    assert Suggestion.objects.get().outcome == "applied"
    assert unapplied() == {None: -119000}


def test_two_equal_invoices_and_no_word_wait_for_a_person(books: Books) -> None:
    books.invoice("INV-1004", "ACME", "357.00", issued="2026-01-15", due="2026-02-14")
    money(books, ("357.00", "Payment"))
    (one,) = match(books)
    assert outcome_of(one) == "proposed"
    assert not one.unique
    assert books.open("INV-1002", ON) == books.open("INV-1004", ON) == "357.00"


def test_a_payment_made_twice_is_applied_once(books: Books) -> None:
    money(books, ("1190.00", "INV-1001"), ("1190.00", "INV-1001"))
    assert sorted(outcomes(match(books))) == ["applied", "on_account"]
    assert books.open("INV-1001", ON) == "0.00"
    assert unapplied() == {"ACME": -119000}
    assert broken() == {}


def test_what_a_person_took_back_is_never_applied_again_by_itself(books: Books) -> None:
    money(books, ("1190.00", "INV-1001"))
    match(books)
    undo(books, only_payment())
    assert books.open("INV-1001", ON) == "1190.00"
    (one,) = match(books)
    assert outcome_of(one) == "proposed"
    assert any("taken" in text for text in one.against)
    assert broken() == {}


def test_an_account_is_learned_and_can_be_revoked_for_good(books: Books) -> None:
    account = "DE02120300000000202051"
    money(books, ("1190.00", "INV-1001"), account=account)
    match(books)
    (learned,) = aliases(entity_id=books.entity_id)
    assert (learned.kind, learned.shown) == ("account", account)
    take(books, statement(line("2026-03-11", "357.00", "rent?", "R9", name="", account=account),
                          opening="2190.00", on="2026-03-11", number="2"))  # fmt: skip
    (one,) = match(books)
    assert any("account belongs to Acme" in text for text in one.because)
    revoke_alias(
        entity_id=books.entity_id, alias_id=learned.pk, author=Author("Ada", books.moment())
    )
    money(books, ("88.25", "INV-1003"), account=account)
    match(books)
    assert aliases(entity_id=books.entity_id) == []  # not learned again by itself


def test_what_is_taken_back_unlearns_what_it_taught(books: Books) -> None:
    money(books, ("1190.00", "INV-1001"), account="DE02120300000000202051")
    match(books)
    undo(books, only_payment())
    assert aliases(entity_id=books.entity_id) == []


def test_a_credit_note_is_netted_and_comes_back_with_the_payment(books: Books) -> None:
    books.credit_note("CN-1", "ACME", "90.00", issued="2026-02-01")
    money(books, ("1100.00", "INV-1001 less CN-1"))
    assert outcomes(match(books)) == ["applied"]
    assert books.open("INV-1001", ON) == books.open("CN-1", ON) == "0.00"
    undo(books, only_payment())
    assert (books.open("INV-1001", ON), books.open("CN-1", ON)) == ("1190.00", "-90.00")
    assert broken() == {}


class TestDifferences:
    def test_an_earned_discount_is_granted(self, books: Books) -> None:
        books.invoice(
            "INV-1005", "ACME", "2000.00", issued="2026-03-01", due="2026-03-31",
            discount=("2026-03-11", "40.00"),
        )  # fmt: skip
        money(books, ("1960.00", "INV-1005"))
        (one,) = match(books)
        assert {line.reason for line in one.lines} == {"settled", "discount"}
        assert books.open("INV-1005", ON) == "0.00"
        assert broken() == {}

    def test_a_day_late_it_passes_by_grace_and_is_told_apart(self, books: Books) -> None:
        books.invoice(
            "INV-1005", "ACME", "2000.00", issued="2026-02-27", due="2026-03-31",
            discount=("2026-03-09", "40.00"),
        )  # fmt: skip
        money(books, ("1960.00", "INV-1005"))
        assert outcomes(match(books)) == ["applied"]
        assert books.open("INV-1005", ON) == "0.00"
        assert broken() == {}

    def test_small_differences_pass_up_to_the_limit_of_the_year(self, books: Books) -> None:
        policy = MatchingPolicy(tolerance_year_minor=60)
        money(books, ("1189.50", "INV-1001"), ("356.50", "INV-1002"))
        told = match(books, policy=policy)
        assert sorted(outcomes(told)) == ["applied", "proposed"]
        left = {books.open("INV-1001", ON), books.open("INV-1002", ON)}
        assert "0.00" in left
        assert broken() == {}


class TestAPersonDecides:
    def accept(self, books: Books, *lines: tuple[str, str, str], **more: object) -> int:
        return accept_match(
            entity=books.entity,
            payment_id=only_payment().pk,
            customer_id=books.customer_id(str(more.pop("customer", "ACME"))),
            lines=[Line(books.item(n).id, minor(a, "EUR"), reason) for n, a, reason in lines],
            on=day(ON),
            actor="Ada",
            at=books.moment(),
            **more,  # type: ignore[arg-type]
        )

    def test_what_is_accepted_is_applied_and_teaches_the_name(self, books: Books) -> None:
        money(books, ("357.00", "thanks"), name="J. Miller", account="DE02120300000000202051")
        match(books)
        self.accept(books, ("INV-1002", "357.00", "settled"))
        assert books.open("INV-1002", ON) == "0.00"
        assert {(one.kind, one.shown) for one in aliases(entity_id=books.entity_id)} == {
            ("account", "DE02120300000000202051"),
            ("name", "J. Miller"),
        }
        assert Suggestion.objects.count() == 0
        assert Match.objects.get().decided == "accepted"
        assert broken() == {}

    def test_charges_and_what_is_over(self, books: Books) -> None:
        money(books, ("400.00", "?"))
        self.accept(books, ("INV-1002", "345.00", "settled"), ("INV-1002", "12.00", "bank_fee"))
        assert books.open("INV-1002", ON) == "0.00"
        assert unapplied() == {"ACME": -5500}
        assert broken() == {}

    def test_all_of_it_may_stay_on_account(self, books: Books) -> None:
        money(books, ("500.00", "deposit"))
        self.accept(books)
        assert unapplied() == {"ACME": -50000}

    def test_a_parent_may_pay_what_another_owes(self, books: Books) -> None:
        money(books, ("1190.00", "for Kestrel"))
        self.accept(books, ("INV-2001", "1190.00", "settled"))
        assert books.open("INV-2001", ON) == "0.00"
        assert broken() == {}

    def test_too_large_a_difference_is_refused(self, books: Books) -> None:
        money(books, ("350.00", "?"))
        with pytest.raises(DifferenceTooLarge):
            self.accept(books, ("INV-1002", "350.00", "settled"), ("INV-1002", "7.00", "tolerance"))
        assert unapplied() == {None: -35000}

    def test_an_item_named_twice_is_refused(self, books: Books) -> None:
        money(books, ("350.00", "?"))
        with pytest.raises(MatchUnclear):
            self.accept(books, ("INV-1002", "300.00", "settled"), ("INV-1002", "50.00", "settled"))

    def test_what_somebody_else_applied_is_gone(self, books: Books) -> None:
        money(books, ("1190.00", "INV-1001"))
        match(books)
        with pytest.raises(NothingToMatch):
            self.accept(books, ("INV-1001", "1190.00", "settled"))


def test_money_that_is_no_customers_is_set_aside(books: Books) -> None:
    money(books, ("1190.00", "INV-1001"))
    given = {"entity_id": books.entity_id, "payment_ids": [only_payment().pk], "actor": "Ada"}
    set_aside_payments(reason="tax refund", at=books.moment(), **given)  # type: ignore[arg-type]
    (one,) = match(books)
    assert outcome_of(one) != "applied"
    assert books.open("INV-1001", ON) == "1190.00"
    take_up_payments(at=books.moment(), **given)  # type: ignore[arg-type]
    assert outcomes(match(books)) == ["applied"]


def test_money_of_an_insolvent_customer_waits(books: Books) -> None:
    money(books, ("1190.00", "INV-1001"))
    (one,) = match(books, insolvent={books.customer_id("ACME")})
    assert outcome_of(one) == "proposed"
    assert any("insolvent" in text for text in one.against)


def test_a_closed_day_refuses_the_run_whole(books: Books) -> None:
    money(books, ("1190.00", "INV-1001"))
    books.lock("2026-03-12")
    with pytest.raises(PeriodLocked):
        match(books)
    assert unapplied() == {None: -119000}
    assert Match.objects.count() == 0


class TestProbablyPaid:
    """Money that nobody has matched yet lowers what is asked for (part 8)."""

    def value(self, books: Books, code: str = "ACME") -> int:
        rows = worklist(entity=books.entity, on=day(ON)).rows
        return {row.customer_id: row.value_minor for row in rows}[books.customer_id(code)]

    def test_a_proposal_lowers_its_customers_value(self, books: Books) -> None:
        books.invoice("INV-1004", "ACME", "357.00", issued="2026-01-15", due="2026-02-14")
        before = self.value(books)
        money(books, ("357.00", "Payment"), name="Acme Tools")
        assert self.value(books) == before  # nobody has looked at the money yet
        match(books, auto=False)
        after = self.value(books)
        assert after < before
        paid = probably_paid(entity_id=books.entity_id, on=day(ON))
        assert 0 < sum(paid.by_item.values()) <= 35700

    def test_money_of_theirs_is_spread_and_counted_once(self, books: Books) -> None:
        before = self.value(books)
        money(books, ("500.00", "deposit"))
        match(books)  # the payer is certain, what for is not
        paid = probably_paid(entity_id=books.entity_id, on=day(ON))
        assert sum(paid.by_item.values()) == 50000
        assert paid.of_credits == {(books.customer_id("ACME"), "EUR"): 50000}
        rows = worklist(
            entity=books.entity, on=day(ON), customer_ids=[books.customer_id("ACME")]
        ).rows
        [parts] = [{one.code: one.minor for one in row.because} for row in rows]
        assert parts["probable"] == -50000
        assert "credits" not in parts  # told of the items, not once more of the customer
        assert self.value(books) < before

    def test_nobody_is_asked_for_what_a_likely_proposal_pays(self, books: Books) -> None:
        money(books, ("1100.00", "INV-1001"), name="")
        told = match(books, auto=False)
        likely = likely_paid(entity_id=books.entity_id)
        (one,) = told
        assert (books.item("INV-1001").id in likely) == (one.confidence >= Decimal("0.5"))


class TestADifferenceAboveTheLimit:
    """Small differences by policy, with an approval above (part 5)."""

    def test_another_person_lets_it_pass(self, books: Books) -> None:
        money(books, ("350.00", "INV-1002"))
        item, payment = books.item("INV-1002"), only_payment()
        ada = Author("ada@example.org", books.moment())
        bob = Author("bob@example.org", books.moment())
        asked = ask_difference(
            entity=books.entity,
            payment_id=payment.pk,
            customer_id=books.customer_id("ACME"),
            lines=[Line(item.id, 35000), Line(item.id, 700, "tolerance")],
            note="freight was agreed",
            on=day(ON),
            author=ada,
        )
        given = {"entity": books.entity, "approval_id": asked.pk, "on": day(ON)}
        with pytest.raises(OwnWorkApproval):
            decide_difference(is_approved=True, author=ada, **given)  # type: ignore[arg-type]
        assert books.open("INV-1002", ON) == "357.00"
        decide_difference(is_approved=True, author=bob, **given)  # type: ignore[arg-type]
        assert books.open("INV-1002", ON) == "0.00"
        assert broken() == {}

    def test_what_waits_in_other_books_is_decided_there(self, books: Books) -> None:
        money(books, ("350.00", "INV-1002"))
        asked = ask_difference(
            entity=books.entity,
            payment_id=only_payment().pk,
            customer_id=books.customer_id("ACME"),
            lines=[Line(books.item("INV-1002").id, 35000)],
            note="freight was agreed",
            on=day(ON),
            author=Author("ada@example.org", books.moment()),
        )
        bob = Author("bob@example.org", books.moment())
        other = add_entity(
            name="Other", currency="EUR", country="DE", timezone="UTC", terms="net30", at=bob.at
        )
        with pytest.raises(ApprovalUnknown):
            decide_difference(
                entity=other, approval_id=asked.pk, is_approved=False, on=day(ON), author=bob
            )
        asked.refresh_from_db()
        assert asked.decided_at is None

    def test_less_than_nothing_is_not_let_pass(self, books: Books) -> None:
        money(books, ("350.00", "INV-1002"))
        item = books.item("INV-1002").id
        with pytest.raises(MatchUnclear):
            accept_match(
                entity=books.entity,
                payment_id=only_payment().pk,
                customer_id=books.customer_id("ACME"),
                lines=[Line(item, 35000), Line(item, -700, "tolerance")],
                on=day(ON),
                actor="Ada",
                at=books.moment(),
            )

    def test_the_limit_is_the_firms_own_from_a_day_on(self, books: Books) -> None:
        money(books, ("350.00", "INV-1002"))
        (before,) = match(books, auto=False)
        assert {one.reason for one in before.lines} == {"settled"}
        set_matching(
            entity=books.entity,
            knobs={"tolerance": "10.00", "tolerance_percent": "5"},
            on=day("2026-03-12"),
            author=Author("Ada", books.moment()),
        )
        assert policy_on(books.entity, day("2026-03-11")).tolerance_minor == 100
        assert outcomes(match(books)) == ["applied"]
        assert books.open("INV-1002", ON) == "0.00"
        assert broken() == {}

    @pytest.mark.parametrize(
        "knobs", [{"tolerance": "-1"}, {"auto_from": "0.5"}, {"short_pays": "x"}, {"nothing": "1"}]
    )
    def test_a_knob_that_cannot_be_is_refused(self, books: Books, knobs: dict[str, str]) -> None:
        author = Author("Ada", books.moment())
        with pytest.raises(KnobUnfit):
            set_matching(entity=books.entity, knobs=knobs, on=day(ON), author=author)


def test_a_discount_taken_too_late_becomes_a_deduction_where_policy_carves(books: Books) -> None:
    books.invoice(
        "INV-1005", "ACME", "2000.00", issued="2026-02-01", due="2026-03-31",
        discount=("2026-02-15", "40.00"),
    )  # fmt: skip
    money(books, ("1960.00", "INV-1005"))
    policy = MatchingPolicy(short_pays="carve")
    assert outcomes(match(books, policy=policy)) == ["applied"]
    assert books.open("INV-1005", ON) == "40.00"
    (deduction,) = disputes(entity_id=books.entity_id)
    assert (deduction.reason, deduction.amount_minor) == ("unearned_discount", 4000)
    undo(books, only_payment())
    assert disputes(entity_id=books.entity_id)[0].verdict == "dropped"
    assert broken() == {}


def test_money_is_not_for_what_was_issued_after_it_came_unless_it_says_so(books: Books) -> None:
    for number, amount in (("INV-3001", "712.33"), ("INV-3002", "641.07")):
        books.invoice(number, "ACME", amount, issued="2026-03-11", due="2026-04-10")
    money(books, ("712.33", "thank you"), ("641.07", "proforma, INV-3002"))
    told = {one.payment.minor: one for one in match(books)}
    assert outcome_of(told[71233]) == "on_account"
    assert outcome_of(told[64107]) == "applied"
    assert (books.open("INV-3001", ON), books.open("INV-3002", ON)) == ("712.33", "0.00")
    assert broken() == {}


def test_a_day_that_is_over_is_matched_without_what_moved_since(books: Books) -> None:
    money(books, ("1190.00", "INV-1001"), ("357.00", "INV-1002"), ("88.25", "INV-1003"))
    first, second = (Payment.objects.get(amount_minor=minor) for minor in (119000, 35700))
    match(books, payment_ids=[first.pk])
    undo(books, first, on="2026-03-20")
    books.attribute(second.number, "ACME", on="2026-03-18")
    told = {one.payment.minor: one for one in match(books, on="2026-03-13")}
    assert outcome_of(told[119000]) != "applied"  # INV-1001 was not open on that day
    assert outcome_of(told[35700]) == "proposed"
    assert outcome_of(told[8825]) == "applied"
    assert any("later day" in text for text in told[35700].against)
    assert broken() == {}


def test_accounts_are_learned_from_a_history_of_payments_and_forgotten_with_it(
    books: Books,
) -> None:
    header = "payment_id,customer_id,currency,received_on,amount,payer_account\n"
    row = "P-7,ACME,EUR,2026-01-05,10.00,DE02120300000000202051\n"
    batch = books.take_in("payments", header + row)
    (learned,) = aliases(entity_id=books.entity_id)
    assert learned.shown == "DE02120300000000202051"
    money(books, ("357.00", "?"), name="", account="DE02120300000000202051")
    assert outcomes(match(books))[-1] == "applied"
    books.revert(batch["id"])
    assert aliases(entity_id=books.entity_id) == []
    assert broken() == {}


def test_of_equal_instalments_the_one_due_first_is_paid(books: Books) -> None:
    books.invoice(
        "INV-1009",
        "ACME",
        "900.00",
        issued="2026-01-10",
        instalments=[("2026-02-09", "300.00"), ("2026-03-09", "300.00"), ("2026-04-09", "300.00")],
    )
    money(books, ("300.00", "INV-1009"), ("300.00", "INV-1009 second"))
    assert outcomes(match(books)) == ["applied", "applied"]
    open_now = [books.open("INV-1009", ON, instalment=n) for n in (1, 2, 3)]
    assert open_now == ["0.00", "0.00", "300.00"]
    assert broken() == {}


def test_round_amounts_prove_less_than_odd_ones(books: Books) -> None:
    """In books of whole hundreds many sets make a whole hundred."""
    for n in range(12):
        books.invoice(
            f"R-{n:02}", "KESTREL", f"{(n * 7 % 12 + 1) * 100}.00", issued="2026-01-10",
            due="2026-02-09",
        )  # fmt: skip
    money(books, ("3500.00", "Payment"), name="Kestrel Optics GmbH")
    (one,) = match(books)
    assert outcome_of(one) != "applied"


def test_how_many_ask_is_counted_as_the_queue_says(books: Books) -> None:
    money(books, ("500.00", "?"), ("357.00", "INV-1002"), ("12.00", "??"), ("13.00", "???"))
    match(books)
    one, other = (Payment.objects.get(amount_minor=minor).pk for minor in (1200, 1300))
    set_aside_payments(
        entity_id=books.entity_id, payment_ids=[one], reason="tax", actor="Ada", at=books.moment()
    )
    accept_match(
        entity=books.entity,
        payment_id=other,
        customer_id=books.customer_id("ACME"),
        lines=[],
        on=day(ON),
        actor="Ada",
        at=books.moment(),
    )
    asks = sum(row.state == ASKS for row in queue(entity_id=books.entity_id, on=day(ON)))
    assert count_that_ask(entity_id=books.entity_id, on=day(ON)) == asks == 1


def test_money_as_large_as_an_advice_that_waits_is_not_applied_by_its_amount(
    books: Books, tmp_path: Path
) -> None:
    """The advice names Kestrel's invoice; a stranger's money of that sum equals one of Acme's."""
    books.invoice("INV-2002", "KESTREL", "900.40", issued="2026-01-20", due="2026-02-19")
    books.invoice("INV-2003", "KESTREL", "1000.00", issued="2026-01-20", due="2026-02-19")
    books.invoice("INV-1007", "ACME", "1900.40", issued="2026-01-15", due="2026-02-14")
    advice = tmp_path / "advice.csv"
    advice.write_text(
        "Payer,Invoice,Amount paid,Currency\n"
        "Kestrel Optics GmbH,INV-2002,900.40,EUR\nKestrel Optics GmbH,INV-2003,1000.00,EUR\n"
    )
    add_remittances(
        Asked(actor="tester", at=books.moment(), entity_name=books.entity.name, on=day(ON)),
        [(advice, advice.name)],
    )
    money(books, ("1900.40", "transfer"), name="OZ Zentralkasse")
    (one,) = match(books)
    assert outcome_of(one) == "proposed"
    assert books.open("INV-1007", ON) == "1900.40"
