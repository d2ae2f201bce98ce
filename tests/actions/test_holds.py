"""Held orders: who may let them go, for how long, and what goes by itself."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from building import Books
from duly.access.actions import Author, add_user, set_authority
from duly.access.errors import AuthorityExceeded
from duly.collections.models import Block, Promise, Task
from duly.credit.actions import StopDraft, assign_hold, lift_stop, stop_orders
from duly.credit.errors import (
    HoldEnded,
    HoldNotReleasable,
    HoldReasonMissing,
    HoldUnknown,
    OrderNotReleased,
    OwnOrder,
    StopUnfit,
    StopUnknown,
)
from duly.credit.models import HoldCase, HoldRelease
from duly.credit.queries.holds import customers_waiting
from duly.disputes.actions import DisputeDraft, open_disputes
from duly.disputes.models import Dispute
from duly.interfaces.exchange.disputing import Verdict, give_verdict
from duly.interfaces.exchange.holding import holds_document, release, retest, retest_of
from duly.interfaces.exchange.importing import Wanted, import_files
from duly.interfaces.exchange.matching import match
from duly.interfaces.exchange.settling import Asked, apply_by_number
from duly.interfaces.jobs import holding
from duly.interfaces.jobs.holding import retest_all
from duly.kernel.money import Money
from duly.receivables.queries import items_by_number
from ordering import AT, AUTHOR, ON, ask, books_of_c10, cancel, decision, parts, ship

pytestmark = pytest.mark.django_db
DIRECTOR, ANALYST, SALES = (
    Author(f"{role}@example.org", AT) for role in ("director", "analyst", "sales")
)


@pytest.fixture
def books() -> Books:
    for role in ("director", "manager", "analyst", "sales"):
        add_user(email=f"{role}@example.org", name=role, role=role, password=None, at=AT)
    return books_of_c10()


def held(books: Books, amount: str = "22500.00", ref: str = "O-1", **more: Any) -> int:
    """An order that waits: over the limit by 1,500 unless told otherwise."""
    told = ask(books, amount, ref, **more)
    assert told["decision"] == "hold"
    return told["hold"]


def let_go(
    books: Books,
    hold_id: int,
    author: Author = DIRECTOR,
    reason: str = "Paid by Friday",
    on: date = ON,
) -> dict[str, Any]:
    return release(books.entity, hold_id, reason, on, author)


class TestRelease:
    def test_it_counts_and_says_who_why_and_until_when(self, books: Books) -> None:
        told = let_go(books, held(books))
        assert told["state"] == "released"
        (one,) = told["releases"]
        assert (one["actor"], one["role"]) == ("director@example.org", "director")
        assert (one["reason"], one["expires_on"]) == ("Paid by Friday", "2026-03-13")
        assert one["took"] == [{"currency": "USD", "amount": "51500.00"}]
        assert parts(books)["open_orders"] == "22500.00"
        assert [row["kind"] for row in told["movements"]] == ["confirmed"]

    def test_it_is_for_that_order_only_and_lasts_its_days(self, books: Books) -> None:
        let_go(books, held(books))
        again = ask(books, "22500.00", "O-1", checkpoint="ship", on=ON + timedelta(days=3))
        assert decision(again) == ["release"]
        assert [one["test"] for one in again["waived"]] == ["limit"]
        assert decision(ask(books, "1.00", "O-2")) == ["hold", "limit"]
        later = ask(books, "22500.00", "O-1", checkpoint="ship", on=ON + timedelta(days=4))
        assert decision(later) == ["hold", "limit"]

    def test_another_rule_or_a_larger_amount_holds_it_again(self, books: Books) -> None:
        let_go(books, held(books))
        assert decision(ask(books, "22500.01", "O-1")) == ["hold", "limit"]
        books.invoice("I-2", "C1", "5000.00", issued="2026-01-02", due="2026-02-01")
        told = ask(books, "22500.00", "O-1", checkpoint="pick")
        assert decision(told) == ["hold", "past_due"]

    def test_it_takes_authority_for_the_exposure_that_comes_of_it(self, books: Books) -> None:
        set_authority(
            role="analyst", act="release_order", up_to=Money(5_000_000, "USD"), author=AUTHOR
        )
        hold_id = held(books)
        assert holds_document(books.entity, ON)["holds"][0]["who_may"] == [
            "manager",
            "director",
            "admin",
        ]
        with pytest.raises(AuthorityExceeded) as told:
            let_go(books, hold_id, ANALYST)
        assert told.value.facts["amount"] == "51500.00"
        assert not HoldRelease.objects.exists()

    def test_within_the_limit_it_takes_authority_for_the_order(self, books: Books) -> None:
        set_authority(
            role="analyst", act="release_order", up_to=Money(100_000, "USD"), author=AUTHOR
        )
        books.invoice("I-2", "C1", "5000.00", issued="2026-01-02", due="2026-02-01")
        assert let_go(books, held(books, "1000.00"), ANALYST)["state"] == "released"

    def test_where_none_is_set_it_takes_what_one_may_approve(self, books: Books) -> None:
        """Nobody reaches with a release what they may not give as a limit (credit.md section 6)."""
        hold_id = held(books)
        for author in (ANALYST, ANALYST._replace(actor="manager@example.org")):
            with pytest.raises(AuthorityExceeded) as told:
                let_go(books, hold_id, author)
            assert told.value.facts["roles"] == ["director", "admin"]
        assert holds_document(books.entity, ON)["holds"][0]["who_may"] == ["director", "admin"]

    def test_sales_never_releases(self, books: Books) -> None:
        with pytest.raises(AuthorityExceeded):
            let_go(books, held(books), SALES)

    def test_who_placed_it_never_releases_it(self, books: Books) -> None:
        """I17: maker and checker are two."""
        hold_id = held(books, author=DIRECTOR._replace(actor="Director@Example.org"))
        with pytest.raises(OwnOrder):
            let_go(books, hold_id)

    def test_who_asked_for_the_amount_never_releases_it(self, books: Books) -> None:
        held(books, "21000.01")
        hold_id = held(books, "22500.00", author=DIRECTOR)
        with pytest.raises(OwnOrder):
            let_go(books, hold_id)

    def test_refusals(self, books: Books) -> None:
        hold_id = held(books)
        with pytest.raises(HoldReasonMissing):
            let_go(books, hold_id, reason="  ")
        with pytest.raises(HoldUnknown):
            let_go(books, hold_id + 1)
        let_go(books, hold_id)
        with pytest.raises(HoldEnded):
            let_go(books, hold_id)

    def test_what_nothing_holds_any_more_is_cleared_instead(self, books: Books) -> None:
        hold_id = held(books)
        books.payment("P-9", "C1", "1500.00", on="2026-03-09")
        assert let_go(books, hold_id)["state"] == "cleared"
        assert not HoldRelease.objects.exists()


class TestByItself:
    def test_money_that_cures_the_cause_lets_it_go_and_sales_is_told(self, books: Books) -> None:
        hold_id = held(books)
        assert retest(books.entity, ON, AUTHOR)["cleared"] == []
        books.payment("P-9", "C1", "1500.00", on="2026-03-09")
        (row,) = retest(books.entity, ON, AUTHOR)["cleared"]
        assert (row["hold"], row["state"]) == (hold_id, "cleared")
        told = Task.objects.get(key=f"hold:{hold_id}:cleared").text
        assert "order O-1 over USD 22500.00 is free by itself" in told

    def test_everything_is_tested_again(self, books: Books) -> None:
        held(books)
        books.payment("P-9", "C1", "9500.00", on="2026-03-09")
        books.invoice("I-2", "C1", "12000.00", issued="2026-01-02", due="2026-02-01")
        assert retest(books.entity, ON, AUTHOR)["cleared"] == []
        failed = [one["test"] for one in HoldCase.objects.get().failed]
        assert failed == ["limit", "past_due"]

    def test_the_longest_waiting_goes_first_and_takes_what_is_left(self, books: Books) -> None:
        held(books, "22000.00", "O-1")
        held(books, "22000.00", "O-2")
        books.payment("P-9", "C1", "1000.00", on="2026-03-09")
        told = retest(books.entity, ON, AUTHOR)
        assert [row["order"] for row in told["cleared"]] == ["O-1"]
        assert parts(books)["total"] == "50000.00"

    def test_a_cancelled_order_waits_no_more(self, books: Books) -> None:
        held(books)
        cancel(books, "O-1")
        assert HoldCase.objects.get().ending == "cancelled"
        assert retest(books.entity, ON, AUTHOR) == {"tested": 0, "cleared": []}

    def test_cash_that_is_matched_lets_it_go(self, books: Books) -> None:
        held(books)
        books.payment("P-9", "C1", "31000.00", on="2026-03-09")
        match(Asked("tester", AT, on=ON), auto=True)
        assert HoldCase.objects.get().ending == "cleared"

    def test_the_worker_tests_what_waits_on_its_day(self, books: Books) -> None:
        held(books)
        assert retest_all(at=AT) == 0
        books.payment("P-9", "C1", "1500.00", on="2026-03-09")
        assert retest_all(at=AT) == 1

    def test_the_worker_tests_each_family_by_itself(self, books: Books) -> None:
        """Whoever asks about an order of another family does not wait until all are tested."""
        books.customer("C9", credit_limit_minor=100)
        books.take_in("customers", "customer_id,name,parent_id\nC2,Below,C1\n")
        for customer in ("C1", "C2", "C9"):
            held(books, ref=f"O-{customer}", customer=customer)
        books.payment("P-9", "C1", "31000.00", on="2026-03-09")
        with CaptureQueriesContext(connection) as asked:
            assert retest_all(at=AT) == 2
        begun = [one for one in asked if str(one["sql"]).startswith(("BEGIN", "SAVEPOINT"))]
        assert len(begun) == 2

    def test_the_worker_begins_with_what_was_not_tested_for_the_longest(
        self, books: Books, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        books.customer("C9", credit_limit_minor=100)
        held(books)
        held(books, ref="O-9", customer="C9")
        retest(books.entity, ON, Author("x", AT + timedelta(minutes=1)), [books.customer_id("C1")])
        c1, c9 = books.customer_id("C1"), books.customer_id("C9")
        assert customers_waiting(books.entity_id) == [c9, c1]
        monkeypatch.setattr(holding, "MOST_SECONDS", -1.0)  # no time for any
        assert retest_all(at=AT + timedelta(minutes=2)) == 0
        assert customers_waiting(books.entity_id) == [c9, c1]

    def test_what_comes_of_nothing_notes_only_when_it_was_tested(self, books: Books) -> None:
        held(books)
        with CaptureQueriesContext(connection) as asked:
            retest_all(at=AT + timedelta(minutes=1))
        (update,) = [sql for one in asked if (sql := str(one["sql"])).startswith("UPDATE")]
        assert "failed" not in update
        assert HoldCase.objects.get().tested_at == AT + timedelta(minutes=1)


class TestSignals:
    def test_stops_hold_everybody_below_and_no_release_overrules_them(self, books: Books) -> None:
        books.take_in("customers", "customer_id,name,parent_id\nC2,Below,C1\n")
        draft = StopDraft(books.customer_id("C1"), "sanctions", "Listed 2026-03-01, annex I")
        for _ in range(2):
            stop_orders(entity_id=books.entity_id, drafts=[draft], on=ON, author=AUTHOR)
        told = ask(books, "1.00", "O-1", customer="C2", is_prepaid=True)
        assert decision(told) == ["hold", "sanctions"]
        assert told["failed"][0]["facts"] == {
            "kind": "sanctions",
            "since": "2026-03-10",
            "reason": "Listed 2026-03-01, annex I",
        }
        with pytest.raises(HoldNotReleasable):
            let_go(books, told["hold"])
        lift_stop(
            entity_id=books.entity_id,
            customer_id=books.customer_id("C1"),
            kind="sanctions",
            reason="Another firm of that name",
            author=AUTHOR,
        )
        assert len(retest(books.entity, ON, AUTHOR)["cleared"]) == 1

    def test_stops_that_can_t_be(self, books: Books) -> None:
        pk = books.customer_id("C1")
        for draft in (StopDraft(pk, "rumour", "x"), StopDraft(pk, "blocked", " ")):
            with pytest.raises(StopUnfit):
                stop_orders(entity_id=books.entity_id, drafts=[draft], on=ON, author=AUTHOR)
        with pytest.raises(StopUnknown):
            lift_stop(
                entity_id=books.entity_id, customer_id=pk, kind="blocked", reason="x", author=AUTHOR
            )

    def test_a_legal_stay_of_collections_blocks(self, books: Books) -> None:
        Block.objects.create(
            entity_id=books.entity_id,
            customer_id=books.customer_id("C1"),
            kind="legal",
            reason="Insolvency opened",
            from_on=ON,
            actor="tester",
            recorded_at=AT,
        )
        assert decision(ask(books, "1.00")) == ["hold", "blocked"]

    def test_a_broken_promise_holds_while_money_is_late(self, books: Books) -> None:
        books.invoice("I-2", "C1", "10.00", issued="2026-02-20", due="2026-03-05")
        Promise.objects.create(
            entity_id=books.entity_id,
            customer_id=books.customer_id("C1"),
            currency="USD",
            amount_minor=1000,
            made_on=ON - timedelta(days=9),
            due_on=ON - timedelta(days=4),
            state="broken",
            judged_on=ON - timedelta(days=2),
            actor="tester",
            recorded_at=AT,
        )
        assert decision(ask(books, "1.00")) == ["hold", "broken_promise"]
        books.apply("P-1", "I-2", "10.00", on="2026-03-09")
        assert decision(ask(books, "1.00")) == ["release"]


def test_the_queue_tells_age_margin_and_owner(books: Books) -> None:
    hold_id = held(books, margin_minor=450_000)
    assign_hold(entity=books.entity, hold_id=hold_id, owner="Ann", on=ON, author=AUTHOR)
    (row,) = holds_document(books.entity, ON + timedelta(days=2))["holds"]
    assert (row["days"], row["margin"], row["owner"]) == (2, "4500.00", "Ann")
    assert Decimal(row["amount"]) == 22_500
    assert row["who_may"] == ["director", "admin"]


def test_goods_of_a_released_hold_can_leave(books: Books) -> None:
    let_go(books, held(books))
    ship(books, "O-1", "22500.00")
    assert parts(books)["shipped_not_invoiced"] == "22500.00"


def test_without_a_limit_a_release_takes_authority_for_all_that_is_owed(books: Books) -> None:
    """Else one would give a customer any exposure, order by order, within one's authority."""
    books.customer("NEW")
    books.invoice("I-2", "NEW", "8000.00", issued="2026-03-01", due="2026-04-01")
    hold_id = held(books, "3000.00", customer="NEW")
    (row,) = holds_document(books.entity, ON)["holds"]
    assert row["who_may"] == ["manager", "director", "admin"]
    with pytest.raises(AuthorityExceeded) as told:
        let_go(books, hold_id, ANALYST)
    assert told.value.facts["amount"] == "11000.00"


class TestShipping:
    """Goods leave after everything was tested once more: credit.md section 8, issue 5 part 7."""

    def test_what_is_held_now_waits_and_does_not_ship(self, books: Books) -> None:
        ask(books, "1000.00", "O-1")
        ship(books, "O-1", "400.00")
        books.invoice("I-2", "C1", "3000.00", issued="2026-01-02", due="2026-02-01")
        with pytest.raises(OrderNotReleased) as told:
            ship(books, "O-1", "600.00")
        case = HoldCase.objects.get()
        assert (case.checkpoint, [one["test"] for one in case.failed]) == ("ship", ["past_due"])
        assert told.value.facts["hold"] == case.pk
        assert Task.objects.filter(key=f"hold:{case.pk}:opened").exists()
        assert parts(books)["shipped_not_invoiced"] == "400.00"

    def test_what_left_is_invoiced_and_its_hold_of_the_rest_stands(self, books: Books) -> None:
        ask(books, "1000.00", "O-1")
        ship(books, "O-1", "400.00")
        books.invoice("I-2", "C1", "3000.00", issued="2026-01-02", due="2026-02-01")
        with pytest.raises(OrderNotReleased):
            ship(books, "O-1", "600.00")
        told = ask(books, "400.00", "O-1", checkpoint="invoice")
        assert (told["decision"], told["because"]) == ("release", "shipped")
        assert HoldCase.objects.get().ending == ""

    def test_a_release_lets_it_ship_while_it_lasts(self, books: Books) -> None:
        ask(books, "1000.00", "O-1")
        books.invoice("I-2", "C1", "3000.00", issued="2026-01-02", due="2026-02-01")
        with pytest.raises(OrderNotReleased):
            ship(books, "O-1", "600.00")
        let_go(books, HoldCase.objects.get().pk)
        ship(books, "O-1", "600.00")
        with pytest.raises(OrderNotReleased):
            ship(books, "O-1", "400.00", on=ON + timedelta(days=4))

    def test_once_the_cause_cleared_it_ships_at_once(self, books: Books) -> None:
        ask(books, "1000.00", "O-1")
        books.invoice("I-2", "C1", "3000.00", issued="2026-01-02", due="2026-02-01")
        with pytest.raises(OrderNotReleased):
            ship(books, "O-1", "1000.00")
        books.payment("P-9", "C1", "3000.00", on="2026-03-09")
        ship(books, "O-1", "1000.00")
        assert HoldCase.objects.get().ending == "cleared"

    def test_an_amendment_that_waits_keeps_goods_back(self, books: Books) -> None:
        ask(books, "1000.00", "O-1")
        held(books, "22000.00", "O-1")
        with pytest.raises(OrderNotReleased):
            ship(books, "O-1", "1.00")


class TestInTheSameCommand:
    """What cures the cause lets the order go with it, not at the worker's next minute."""

    @staticmethod
    def take(books: Books, tmp_path: Path, name: str, text: str, **more: Any) -> None:
        path = tmp_path / f"{name}.csv"
        path.write_text(text)
        import_files([path], wanted=Wanted(kind=name), actor="t", at=AT, **more)

    def test_money_that_is_imported(self, books: Books, tmp_path: Path) -> None:
        held(books)
        text = "payment_id,customer_id,currency,received_on,amount\nP-9,C1,USD,2026-03-09,1500.00\n"
        self.take(books, tmp_path, "payments", text, is_dry_run=True)
        assert HoldCase.objects.get().ending == ""
        self.take(books, tmp_path, "payments", text)
        assert HoldCase.objects.get().ending == "cleared"

    def test_a_limit_that_a_file_raises(self, books: Books, tmp_path: Path) -> None:
        held(books)
        text = "customer_id,name,credit_limit\nC1,Oak,51500.00\n"
        self.take(books, tmp_path, "customers", text)
        assert HoldCase.objects.get().ending == "cleared"

    def test_money_that_is_applied_and_everything_is_tested_again(self, books: Books) -> None:
        for number in ("I-2", "I-3"):
            books.invoice(number, "C1", "5000.00", issued="2026-01-02", due="2026-02-01")
        for number in ("P-2", "P-3"):
            books.payment(number, None, "5000.00", on="2026-03-01")
        held(books, "100.00")
        for source, item, ending in (("P-2", "I-2", ""), ("P-3", "I-3", "cleared")):
            asked = Asked("t", AT, on=ON)
            apply_by_number(asked, source=source, wanted=[(item, "5000.00")], customer="C1")
            assert HoldCase.objects.get().ending == ending

    def test_applied_as_of_an_earlier_day_it_is_tested_as_of_today(self, books: Books) -> None:
        """Else a date would free what is late today."""
        books.invoice("I-2", "C1", "9000.00", issued="2026-01-02", due="2026-02-20")
        held(books, "100.00")
        asked = Asked("t", AT, on=ON - timedelta(days=5))
        apply_by_number(asked, source="P-1", wanted=[("I-1", "1.00")])
        assert HoldCase.objects.get().ending == ""

    def test_a_dispute_that_is_credited(self, books: Books) -> None:
        hold_id = held(books)
        (item,) = items_by_number(books.entity_id, ["I-1"])[books.customer_id("C1"), "I-1"]
        (pk,) = open_disputes(
            entity_id=books.entity_id,
            drafts=[DisputeDraft(item, 150_000, "quality")],
            on=ON,
            actor="t",
            at=AT,
        )
        verdict = Verdict("valid", is_issued=True)
        give_verdict(Dispute.objects.get(pk=pk), verdict, on=ON, actor="t", at=AT)
        assert HoldCase.objects.get(pk=hold_id).ending == "cleared"

    def test_it_takes_no_more_statements_for_many_customers(
        self, books: Books, django_assert_max_num_queries: Any
    ) -> None:
        for n in range(20):
            books.customer(f"N{n}", credit_limit_minor=100)
            held(books, "5.00", f"N-{n}", customer=f"N{n}")
        with django_assert_max_num_queries(60):
            retest_of(books.entity, ON, AUTHOR)
