"""Orders against the limit, on a real database: facts credit.md section 8, case C-10, pains G."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from building import Books, broken
from duly.credit.actions import check_order, lift_stop
from duly.credit.actions.policies import set_credit_knobs
from duly.credit.errors import (
    ExposureRateMissing,
    OrderNotReleased,
    OrderOfAnother,
    OrderShipped,
    OrderUnfit,
    OrderUnknown,
    ShippedTooMuch,
)
from duly.credit.models import HoldCase, Order, OrderMovement
from duly.credit.queries.orders import no_signals
from duly.credit.rules.exposure import Asked
from duly.disputes.actions import DisputeDraft, open_disputes
from duly.kernel.errors import UnknownCurrency
from duly.receivables.queries import Scope, aging
from ordering import AT, AUTHOR, ON, ask, bill, books_of_c10, cancel, decision, names, parts, ship

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return books_of_c10()


def test_c_10_over_the_limit_by_1500_is_held(books: Books) -> None:
    assert decision(ask(books, "9000.00", "O-1")) == ["release"]
    told = ask(books, "13500.00", "O-2")
    assert decision(told) == ["hold", "limit"]
    assert told["failed"][0]["facts"]["over"] == "1500.00"
    assert told["exposure"]["total"] == "51500.00"
    assert [(p["id"], p["amount"]) for p in told["exposure"]["parts"]] == [
        ("open_items", "31000.00"),
        ("unapplied", "-2000.00"),
        ("open_orders", "9000.00"),
        ("shipped_not_invoiced", "0.00"),
        ("this_order", "13500.00"),
    ]


def test_exactly_the_limit_is_not_over_it_and_a_question_counts_nothing(books: Books) -> None:
    for _ in range(2):
        assert decision(ask(books, "21000.00")) == ["release"]
    assert decision(ask(books, "21000.01")) == ["hold", "limit"]
    assert not Order.objects.exists()


def test_a_firm_says_when_its_orders_are_held(books: Books) -> None:
    """Section 8 names tolerances as examples: they are the firm's to set."""
    books.customer("NEW")
    told = ask(books, "10.00", customer="NEW")
    assert decision(told) == ["hold", "limit"]
    assert decision(ask(books, "10.00")) == ["release"]
    set_credit_knobs(
        entity_id=books.entity_id, knobs={"orders.needs_limit": "no"}, on=ON, author=AUTHOR
    )
    assert decision(ask(books, "10.00", customer="NEW")) == ["release"]


def test_a_firm_that_upgrades_keeps_that_customers_without_a_limit_pass(books: Books) -> None:
    books.customer("NEW")
    tomorrow = ON + timedelta(days=1)
    knobs = {"orders.needs_limit": "yes"}
    set_credit_knobs(entity_id=books.entity_id, knobs=knobs, on=tomorrow, author=AUTHOR)
    import_module("duly.credit.migrations.0011_orders_without_a_limit").keep(apps, None)
    assert decision(ask(books, "10.00", customer="NEW")) == ["release"]
    assert decision(ask(books, "10.00", customer="NEW", on=tomorrow))[0] == "hold"


def test_asked_again_it_counts_once(books: Books) -> None:
    first, again = ask(books, "9000.00", "O-1"), ask(books, "9000.00", "O-1")
    assert first == again
    assert parts(books)["open_orders"] == "9000.00"
    assert OrderMovement.objects.count() == 1


def test_a_held_order_waits_once_and_does_not_count(books: Books) -> None:
    first, again = ask(books, "30000.00", "O-1"), ask(books, "30000.00", "O-1")
    assert first["hold"] == again["hold"] == HoldCase.objects.get().pk
    assert "open_orders" not in parts(books)


class TestWhatIsTestedAnew:
    """Pain G1: a limit is not passed by changing, closing or taking up an order again."""

    def test_made_larger_it_is_tested_again_and_the_old_amount_stays(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        assert decision(ask(books, "21000.01", "O-1")) == ["hold", "limit"]
        assert parts(books)["open_orders"] == "9000.00"
        assert decision(ask(books, "21000.00", "O-1")) == ["release"]
        assert parts(books)["open_orders"] == "21000.00"
        assert HoldCase.objects.get().ending == "cleared"

    def test_made_smaller_it_counts_less_at_once(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        ask(books, "4000.00", "O-1")
        assert parts(books)["open_orders"] == "4000.00"

    def test_cancelled_and_taken_up_again_it_is_tested(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        cancel(books, "O-1")
        assert "open_orders" not in parts(books)
        ask(books, "20000.00", "O-2")
        assert decision(ask(books, "9000.00", "O-1")) == ["hold", "limit"]

    def test_put_into_another_currency_it_is_tested_at_a_stated_rate(self, books: Books) -> None:
        """Pain G4."""
        books.take_in("rates", "on,currency,per_entity_currency\n2026-03-01,EUR,0.5\n")
        ask(books, "9000.00", "O-1")
        told = ask(books, "11000.00", "O-1", currency="EUR")
        assert decision(told) == ["hold", "limit"]
        assert told["exposure"]["total"] == "51000.00"
        assert told["exposure"]["rates"] == [
            {"currency": "EUR", "on": "2026-03-01", "per_entity_currency": "0.5"}
        ]

    def test_a_copy_under_another_reference_is_an_order_of_its_own(self, books: Books) -> None:
        """Pain G2: the decision belongs to the verb, whoever asks."""
        ask(books, "15000.00", "O-1")
        assert decision(ask(books, "15000.00", "O-1-COPY")) == ["hold", "limit"]


class TestEachDocumentCountsOnce:
    """Pain G3: ordered, shipped, invoiced, paid: at every step it stands in one part."""

    def test_from_order_to_invoice(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        ship(books, "O-1", "5000.00")
        assert parts(books) == {
            "open_items": "31000.00",
            "unapplied": "-2000.00",
            "open_orders": "4000.00",
            "shipped_not_invoiced": "5000.00",
            "total": "38000.00",
        }
        bill(books, "I-2", "5500.00", "O-1")
        told = parts(books)
        assert (told["open_items"], told["open_orders"], told["total"]) == (
            "36500.00",
            "3500.00",
            "38000.00",
        )
        bill(books, "I-3", "6000.00", "O-1")  # more than is left: never below zero
        told = parts(books)
        assert (told["total"], told.get("open_orders")) == ("40500.00", None)

    def test_asked_about_again_after_a_part_is_invoiced(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        ship(books, "O-1", "5000.00")
        bill(books, "I-2", "5000.00", "O-1")
        told = ask(books, "9000.00", "O-1", checkpoint="pick")
        assert told["exposure"]["total"] == "38000.00"

    def test_a_void_invoice_gives_its_amount_back_to_the_order(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        bill(books, "I-2", "9000.00", "O-1")
        assert "open_orders" not in parts(books)
        books.void("I-2", on=None)
        assert parts(books)["open_orders"] == "9000.00"

    def test_an_order_that_its_parent_is_billed_for_counts_once(self, books: Books) -> None:
        books.take_in("customers", "customer_id,name,parent_id\nC2,Below,C1\n")
        ask(books, "9000.00", "O-1", customer="C2")
        bill(books, "I-2", "9000.00", "O-1", customer="C1")
        assert parts(books)["total"] == "38000.00"

    def test_parts_equal_the_aging(self, books: Books) -> None:
        books.credit_note("CN-1", "C1", "700.00", issued="2026-03-02")
        books.invoice("I-9", "C1", "400.00", issued="2026-02-01", due="2026-03-03")
        books.apply("P-1", "I-9", "400.00", on="2026-03-20")
        for on in (ON, ON.replace(day=25)):
            (row,) = aging(on=on, scope=Scope(entity_id=books.entity_id)).rows
            told = parts(books, on=on)
            assert told["total"] == f"{row.total / 100:.2f}"
            assert told["unapplied"] == f"{row.unapplied / 100:.2f}"


class TestFamilies:
    def test_the_family_shares_its_parent_s_limit(self, books: Books) -> None:
        books.take_in("customers", "customer_id,name,parent_id\nC2,Below,C1\nC3,Below,C1\n")
        ask(books, "12000.00", "O-2", customer="C2")
        told = ask(books, "9000.01", "O-3", customer="C3")
        assert decision(told) == ["hold", "limit"]
        assert told["failed"][0]["facts"]["customer"] == "C1"
        assert told["exposure"]["customer"] == "C1"
        assert decision(ask(books, "9000.00", "O-3", customer="C3")) == ["release"]

    def test_a_limit_of_its_own_counts_beside_the_family_s(self, books: Books) -> None:
        books.take_in(
            "customers",
            "customer_id,name,parent_id,credit_limit,currency\nC2,Below,C1,1000.00,USD\n",
        )
        told = ask(books, "22000.00", "O-2", customer="C2")
        assert decision(told) == ["hold", "limit", "limit"]
        assert [one["facts"]["customer"] for one in told["failed"]] == ["C2", "C1"]
        assert "over the limit of USD" in told["failed"][0]["text"]
        assert "over the limit of C1, above it, of USD" in told["failed"][1]["text"]
        assert [one["customer"] for one in told["above"]] == ["C1"]

    def test_the_reads_are_as_many_for_fifty(
        self, books: Books, django_assert_max_num_queries: object
    ) -> None:
        below = "".join(f"D{n},Below {n},C1\n" for n in range(50))
        books.take_in("customers", f"customer_id,name,parent_id\n{below}")
        for n in range(50):
            books.invoice(f"D-{n}", f"D{n}", "10.00", issued="2026-02-20", due="2026-03-22")
        with django_assert_max_num_queries(13):  # type: ignore[operator]
            told = ask(books, "1.00", customer="D7")
        assert told["exposure"]["total"] == "29501.00"


class TestCheckpoints:
    def test_goods_already_shipped_can_always_be_invoiced(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        ship(books, "O-1", "9000.00")
        books.invoice("I-8", "C1", "30000.00", issued="2026-01-01", due="2026-01-31")
        told = ask(books, "9000.00", "O-1", checkpoint="invoice")
        assert (told["decision"], told["because"]) == ("release", "shipped")
        assert names(told["waived"]) == ["limit", "past_due"]

    def test_what_was_released_is_held_later_if_things_changed(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        books.invoice("I-8", "C1", "2100.00", issued="2026-01-01", due="2026-01-31")
        assert decision(ask(books, "4000.00", "O-1", checkpoint="pick")) == ["hold", "past_due"]
        assert parts(books)["open_orders"] == "9000.00"  # a part asked about makes it no smaller
        with pytest.raises(OrderNotReleased):
            ship(books, "O-1", "9000.00")

    def test_a_prepaid_order_does_not_ship_without_its_money(self, books: Books) -> None:
        """Also when nobody asked again before the goods left."""
        ask(books, "30000.00", "O-1", is_prepaid=True)
        with pytest.raises(OrderNotReleased):
            ship(books, "O-1", "30000.00")
        books.payment("P-2", "C1", "30000.00", on="2026-03-09")
        ship(books, "O-1", "30000.00")

    def test_a_prepaid_order_passes_and_needs_its_money_when_it_ships(self, books: Books) -> None:
        told = ask(books, "30000.00", "O-1", is_prepaid=True)
        assert (told["decision"], told["because"]) == ("release", "prepaid")
        assert parts(books)["open_orders"] == "2000.00"  # it uses up the money that is there
        told = ask(books, "30000.00", "O-1", is_prepaid=True, checkpoint="ship")
        assert decision(told) == ["hold", "limit"]
        books.payment("P-2", "C1", "28000.00", on="2026-03-09")
        told = ask(books, "30000.00", "O-1", is_prepaid=True, checkpoint="ship")
        assert decision(told) == ["release"]
        assert decision(ask(books, "19000.01", "O-2")) == ["hold", "limit"]


class TestPastDue:
    @pytest.mark.parametrize(
        ("due", "amount", "is_held"),
        [
            ("2026-02-22", "50.01", True),  # 16 days late
            ("2026-02-22", "50.00", False),  # at the floor
            ("2026-02-23", "900.00", False),  # 15 days late
        ],
    )
    def test_more_than_15_days_late_above_50(self, due: str, amount: str, is_held: bool) -> None:
        books = Books(currency="USD")
        books.customer("C1", currency="USD", credit_limit_minor=5_000_000)
        books.invoice("I-1", "C1", amount, issued="2026-01-20", due=due)
        assert decision(ask(books, "1.00")) == (["hold", "past_due"] if is_held else ["release"])

    def test_disputed_amounts_count_in_exposure_alone(self) -> None:
        books = Books(currency="USD")
        books.customer("C1", currency="USD", credit_limit_minor=100_000)
        books.invoice("I-1", "C1", "900.00", issued="2025-12-01", due="2026-01-05")
        assert decision(ask(books, "500.00")) == ["hold", "limit", "past_due"]
        draft = DisputeDraft(item=books.item("I-1"), amount_minor=90_000, reason="quality")
        open_disputes(entity_id=books.entity_id, drafts=[draft], on=ON, actor="tester", at=AT)
        assert decision(ask(books, "50.00")) == ["release"]
        assert parts(books)["open_items"] == "900.00"

    def test_money_not_applied_yet_stands_against_it(self) -> None:
        books = Books(currency="USD")
        books.customer("C1", currency="USD", credit_limit_minor=500_000)
        books.invoice("I-1", "C1", "900.00", issued="2025-12-01", due="2026-01-05")
        books.payment("P-1", "C1", "860.00", on="2026-03-09")
        assert decision(ask(books, "50.00")) == ["release"]


class TestRefusals:
    def test_what_can_t_be_asked(self, books: Books) -> None:
        with pytest.raises(UnknownCurrency):
            check_order(
                entity=books.entity,
                asked=Asked(books.customer_id("C1"), "XXQ", 100, "O-1"),
                on=ON,
                author=AUTHOR,
                signals_of=no_signals,
            )
        for amount in ("0.00", "-5.00", "99999999999999.99"):
            with pytest.raises(OrderUnfit):
                ask(books, amount, "O-1")
        with pytest.raises(OrderUnfit):
            ask(books, "1.00", "O" * 65)
        with pytest.raises(OrderUnfit):
            ask(books, "1.00", checkpoint="never")

    def test_a_currency_without_a_rate(self, books: Books) -> None:
        with pytest.raises(ExposureRateMissing) as told:
            ask(books, "1.00", "O-1", currency="EUR")
        assert told.value.facts["currency"] == "EUR"
        assert not Order.objects.exists()

    def test_references_and_amounts_that_contradict(self, books: Books) -> None:
        ask(books, "9000.00", "O-1")
        books.customer("C2")
        with pytest.raises(OrderOfAnother):
            ask(books, "9000.00", "O-1", customer="C2")
        with pytest.raises(ShippedTooMuch):
            ship(books, "O-1", "9000.01")
        ship(books, "O-1", "5000.00")
        with pytest.raises(OrderShipped):
            ask(books, "4999.99", "O-1")
        with pytest.raises(OrderUnknown):
            cancel(books, "O-9")


class TestImport:
    HEADER = "order_ref,customer_id,currency,amount,ordered_on,prepaid\n"

    def test_a_file_of_orders_is_asked_about_row_by_row(self, books: Books) -> None:
        text = f"{self.HEADER}O-1,C1,USD,9000.00,2026-03-09,\nO-2,C1,USD,13500.00,2026-03-09,no\n"
        report = books.take_in("orders", text, today=ON)
        assert (report["new"], report["rejected"]) == (2, 0)
        assert report["notes"] == ["1 orders are held; `duly credit holds` tells why."]
        assert parts(books)["open_orders"] == "9000.00"
        again = books.take_in("orders", text, today=ON)
        assert (again["new"], again["same"]) == (0, 2)

    def test_another_amount_is_a_change_and_is_tested(self, books: Books) -> None:
        books.take_in("orders", f"{self.HEADER}O-1,C1,USD,9000.00,2026-03-09,\n", today=ON)
        report = books.take_in(
            "orders", f"{self.HEADER}O-1,C1,USD,21000.01,2026-03-09,\n", today=ON
        )
        assert report["changed"] == 1
        assert HoldCase.objects.get().amount_minor == 2_100_001

    def test_bad_rows_are_named(self, books: Books) -> None:
        report = books.take_in(
            "orders",
            f"{self.HEADER}O-1,C9,USD,9000.00,2026-03-09,\nO-2,C1,USD,0.00,2026-03-09,\n"
            "O-3,C1,USD,1.00,2026-03-09,\nO-3,C1,USD,1.00,2026-03-09,\n",
            accept_partial=True,
        )
        told = [problem["code"] for problem in report["problems"]]
        assert told == ["CUSTOMER_UNKNOWN", "AMOUNT_NOT_POSITIVE", "NUMBER_REPEATED"]

    def test_taken_back_its_orders_are_cancelled(self, books: Books) -> None:
        report = books.take_in("orders", f"{self.HEADER}O-1,C1,USD,9000.00,2026-03-09,\n", today=ON)
        assert books.revert(report["id"])["orders"] == 1
        assert "open_orders" not in parts(books)
        assert broken() == {}


class TestStopsFromAFile:
    """Section 8: a block, an insolvency or a sanctions flag comes with its day and its source."""

    HEADER = "customer_id,kind,since_on,source,reason\n"
    ROW = "C1,sanctions,2026-03-01,Consolidated list of 1 March,\n"

    def test_no_order_goes_from_its_day_on_and_it_is_set_once(self, books: Books) -> None:
        report = books.take_in("stops", self.HEADER + self.ROW, today=ON)
        assert (report["new"], report["rejected"]) == (1, 0)
        told = ask(books, "1.00", "O-1")
        assert decision(told) == ["hold", "sanctions"]
        assert told["failed"][0]["facts"]["since"] == "2026-03-01"
        assert decision(ask(books, "1.00", on=ON.replace(day=1) - timedelta(days=1)))[0] != "hold"
        again = books.take_in("stops", self.HEADER + self.ROW, today=ON)
        assert (again["new"], again["same"]) == (0, 1)
        assert broken() == {}

    def test_what_was_lifted_is_not_set_again_by_the_same_word(self, books: Books) -> None:
        books.take_in("stops", self.HEADER + self.ROW, today=ON)
        pk = books.customer_id("C1")
        lift_stop(
            entity_id=books.entity_id,
            customer_id=pk,
            kind="sanctions",
            reason="Another firm of that name",
            author=AUTHOR,
        )
        assert books.take_in("stops", self.HEADER + self.ROW, today=ON)["same"] == 1
        assert decision(ask(books, "1.00")) == ["release"]
        other = self.ROW.replace("2026-03-01", "2026-03-09")
        assert books.take_in("stops", self.HEADER + other, today=ON)["new"] == 1
        assert decision(ask(books, "1.00")) == ["hold", "sanctions"]

    def test_bad_rows_are_refused_with_place_and_remedy(self, books: Books) -> None:
        report = books.take_in(
            "stops",
            f"{self.HEADER}C9,blocked,2026-03-01,x,\nC1,rumour,2026-03-01,x,\n"
            "C1,blocked,,x,\nC1,blocked,2026-03-11,x,\nC1,blocked,2026-03-01,,\n"
            f"{self.ROW}{self.ROW}",
            accept_partial=True,
            today=ON,
        )
        assert [(one["where"], one["code"]) for one in report["problems"]] == [
            ("row 2", "CUSTOMER_UNKNOWN"),
            ("row 3", "WORD_UNKNOWN"),
            ("row 4", "VALUE_MISSING"),
            ("row 5", "STOP_IN_FUTURE"),
            ("row 6", "VALUE_MISSING"),
            ("row 8", "STOP_REPEATED"),
        ]
        assert all(one["remedy"] for one in report["problems"])
        assert report["new"] == 1

    def test_taken_back_its_stops_are_lifted_and_may_be_set_again(self, books: Books) -> None:
        report = books.take_in("stops", self.HEADER + self.ROW, today=ON)
        assert books.revert(report["id"])["stops"] == 1
        assert decision(ask(books, "1.00")) == ["release"]
        assert broken() == {}
        assert books.take_in("stops", self.HEADER + self.ROW, today=ON)["new"] == 1
