"""Each invariant holds on books that were kept, and each breach of it is seen and named.

The breaches are planted with the triggers off. I7 sees most of them as well, as it should: here
each is asked of the invariant whose sentence it breaks.
"""

import pytest
from django.db import connection

from building import Books, broken, day, proved
from duly.interfaces.jobs.proving import prove_books
from duly.ledger.models import Entry, Posting
from duly.receivables.actions import RefundDraft, ask_refund
from duly.receivables.models import Item, Payment, PaymentReturn, Refund
from queries.asking import application_of, entry_of, item_of, violations
from queries.planting import change, copy_row, drop, newest, plant

pytestmark = pytest.mark.django_db

ALL = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I9", "I14", "I15", "I16", "I18", "I19"]


def test_books_that_were_kept_hold_and_everything_was_looked_at(books: Books) -> None:
    books.lock("2025-12-31")
    proofs = prove_books()
    assert [proof.id for proof in proofs] == ALL
    assert {proof.id: proof.violations for proof in proofs if proof.violations} == {}
    assert {proof.id: proof.checked for proof in proofs if not proof.checked} == {}
    counted = proved()
    assert counted["I1"].checked == Entry.objects.count()
    assert counted["I3"].checked == Item.objects.count()
    assert counted["I4"].checked == Payment.objects.count()
    assert counted["I16"].checked == 1
    assert counted["I18"].checked == 6


def test_empty_books_hold(db: None) -> None:
    assert broken() == {}


class TestI1Balance:
    def test_a_posting_of_another_amount(self, books: Books) -> None:
        entry = entry_of("M-1")
        change("ledger_posting", Posting.objects.filter(entry_id=entry.pk)[0].pk, amount_minor=1)
        (told,) = violations("I1")
        assert (told["entry"], told["source_kind"], told["currency"]) == (
            entry.pk,
            "document",
            "EUR",
        )

    def test_balanced_only_across_currencies(self, books: Books) -> None:
        entry = entry_of("M-1")
        change("ledger_posting", Posting.objects.filter(entry_id=entry.pk)[0].pk, currency="USD")
        assert {told["currency"] for told in violations("I1")} == {"EUR", "USD"}

    def test_an_entry_without_postings(self, books: Books) -> None:
        entry = entry_of("M-1")
        plant("ledger_posting", "DELETE FROM ledger_posting WHERE entry_id = %s", entry.pk)
        (told,) = violations("I1")
        assert (told["entry"], told["problem"]) == (entry.pk, "no postings")

    def test_postings_without_an_entry(self, books: Books) -> None:
        entry = entry_of("M-1")
        drop("ledger_entry", entry.pk)
        assert {told["entry"] for told in violations("I1")} == {entry.pk}


class TestI2Control:
    def test_a_posting_to_another_customer(self, books: Books) -> None:
        posting = Posting.objects.get(entry_id=entry_of("M-2").pk, account_id=1)
        change("ledger_posting", posting.pk, customer_id=books.customer_id("TALLOAKS"))
        told = [one for one in violations("I2") if "customer" in one]
        assert {one["customer"] for one in told} == {"MERIDIAN", "TALLOAKS"}
        assert "M-2" in next(o for o in told if o["customer"] == "MERIDIAN")["documents"]

    def test_a_posting_to_another_account(self, books: Books) -> None:
        posting = Posting.objects.get(entry_id=entry_of("G-1").pk, account_id=1)
        change("ledger_posting", posting.pk, account_id=7)
        told = next(one for one in violations("I2") if one.get("customer") == "GULF")
        assert (told["open_items_minor"], told["control_account_minor"]) == (12345, 0)
        assert told["documents"] == ["G-1"]

    def test_an_open_amount_that_drifted(self, books: Books) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE receivables_item SET open_minor = open_minor - 1 WHERE id = %s",
                [item_of("M-1").pk],
            )
        assert "MERIDIAN" in {one.get("customer") for one in violations("I2")}

    @pytest.mark.parametrize(
        ("table", "column", "named"),
        [
            ("ledger_accountday", "amount_minor", "account_day"),
            ("ledger_customeraccount", "amount_minor", "customer_account"),
            ("receivables_customerbalance", "owed_minor", "customer_balance"),
            ("receivables_customerbalance", "credits_minor", "customer_balance"),
            ("receivables_customerbalance", "unapplied_minor", "customer_balance"),
            ("receivables_openday", "amount_minor", "open_day"),
        ],
    )
    def test_a_sum_that_drifted(self, books: Books, table: str, column: str, named: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {column} = {column} + 1"
                f" WHERE id = (SELECT MIN(id) FROM {table})"
            )
        (told,) = violations("I2")
        assert told["projection"] == named

    @pytest.mark.parametrize(
        "table",
        [
            "ledger_accountday",
            "ledger_customeraccount",
            "receivables_customerbalance",
            "receivables_openday",
        ],
    )
    def test_a_sum_that_is_gone(self, books: Books, table: str) -> None:
        columns = {
            "receivables_customerbalance": "owed_minor <> 0",
        }
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE id = (SELECT MIN(id) FROM {table}"
                f" WHERE {columns.get(table, 'amount_minor <> 0')})"
            )
        assert violations("I2")


class TestI3Items:
    def test_an_open_amount_that_drifted(self, books: Books) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE receivables_item SET open_minor = open_minor - 1 WHERE id = %s",
                [item_of("M-1").pk],
            )
        (told,) = violations("I3")
        assert (told["document"], told["open_minor"], told["settled_minor"]) == (
            "M-1",
            39999,
            60000,
        )

    def test_an_open_amount_beyond_zero(self, books: Books) -> None:
        """Settled with more than it was: open and applications agree, and still it is wrong."""
        from django.db import IntegrityError, transaction

        if connection.vendor == "postgresql":
            with pytest.raises(IntegrityError), transaction.atomic():
                change("receivables_item", item_of("M-1").pk, open_minor=-1)
            return
        application = application_of("M-1")
        change("receivables_application", application.pk, amount_minor=100100)
        change("receivables_item", item_of("M-1").pk, open_minor=-100)
        assert "M-1" in {told["document"] for told in violations("I3")}

    def test_an_application_of_another_amount(self, books: Books) -> None:
        change("receivables_application", application_of("K-1").pk, amount_minor=119999)
        assert [told["document"] for told in violations("I3")] == ["K-1"]

    def test_an_application_dropped(self, books: Books) -> None:
        drop("receivables_application", application_of("M-1").pk)
        assert [told["document"] for told in violations("I3")] == ["M-1"]

    def test_a_credit_note_settled_with_what_was_not_applied(self, books: Books) -> None:
        change(
            "receivables_application",
            application_of("T-1", "credit").pk,
            credit_item_id=None,
        )
        assert [told["document"] for told in violations("I3")] == ["T-CN1"]

    def test_instalments_that_do_not_add_up(self, books: Books) -> None:
        change("receivables_item", item_of("M-2").pk, amount_minor=45051, open_minor=45051)
        assert [told.get("problem") for told in violations("I3")] == [
            "its items do not add up to it"
        ]
        assert violations("I3")[0]["document"] == "M-2"

    def test_a_document_without_items(self, books: Books) -> None:
        drop("receivables_item", item_of("M-2").pk)
        assert [told["document"] for told in violations("I3")] == ["M-2"]

    def test_an_open_amount_beyond_zero_on_a_past_day(self, books: Books) -> None:
        """Open never crosses zero: on no day."""
        application = application_of("K-1")
        copy_row("receivables_application", application.pk, newest("receivables_application") + 1)
        copy_row(
            "receivables_application",
            application.pk,
            newest("receivables_application") + 1,
            amount_minor=-120000,
            applied_on="2026-03-20",
            reverses_id=newest("receivables_application"),
        )
        assert [told["document"] for told in violations("I3")] == ["K-1"]


class TestI4Payments:
    def test_a_rest_that_drifted(self, books: Books) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE receivables_payment SET unapplied_minor = 1 WHERE number = 'P-3'"
            )
        (told,) = violations("I4")
        assert (told["payment"], told["amount_minor"], told["unapplied_minor"]) == (
            "P-3",
            5555,
            1,
        )

    def test_an_application_of_another_payment(self, books: Books) -> None:
        other = Payment.objects.get(number="P-3").pk
        change("receivables_application", application_of("M-1").pk, payment_id=other)
        assert {told["payment"] for told in violations("I4")} == {"P-1", "P-3"}

    def test_a_payment_of_another_amount(self, books: Books) -> None:
        change("receivables_payment", Payment.objects.get(number="P-1").pk, amount_minor=60001)
        assert [told["payment"] for told in violations("I4")] == ["P-1"]

    def test_applied_beyond_its_whole_on_a_past_day(self, books: Books) -> None:
        """P-1 stood on M-1 from 21 February: nothing of it was left for the days till 20 March."""
        newest_one = newest("receivables_application")
        other = application_of("M-1").pk
        for pk, (amount, on, reverses) in enumerate(
            [(60000, "2026-03-01", None), (-60000, "2026-03-20", newest_one + 1)], newest_one + 1
        ):
            copy_row(
                "receivables_application",
                other,
                pk,
                item_id=item_of("M-2").pk,
                amount_minor=amount,
                applied_on=on,
                reverses_id=reverses,
            )
        assert [(told["payment"], told["on"]) for told in violations("I4")] == [
            ("P-1", "2026-03-01")
        ]

    def test_taken_back_before_it_was_applied(self, books: Books) -> None:
        books.unapply("P-1", on="2026-03-20")
        back = newest("receivables_application")
        change("receivables_application", back, applied_on="2026-02-20")
        assert [told["payment"] for told in violations("I4")] == ["P-1"]
        assert f"application {back}" in str(violations("I15"))

    def test_a_return_on_another_day(self, books: Books) -> None:
        books.return_payment("P-3", on="2026-03-20")
        (back,) = PaymentReturn.objects.all()
        change("receivables_paymentreturn", back.pk, returned_on="2026-03-21")
        assert [(told["payment"], told["problem"]) for told in violations("I4")] == [
            ("P-3", "returned on another day, or in part")
        ]

    def test_a_return_that_is_no_longer_written_down(self, books: Books) -> None:
        books.return_payment("P-3", on="2026-03-20")
        drop("receivables_paymentreturn", PaymentReturn.objects.get().pk)
        assert [(told["payment"], told["problem"]) for told in violations("I4")] == [
            ("P-3", "returned, and not marked so")
        ]

    @pytest.fixture
    def refund(self, books: Books) -> Refund:
        """1.00 of P-3 is asked back."""
        draft = RefundDraft(
            Payment.objects.get(number="P-3").pk, None, 100, "paid twice", day("2026-03-20")
        )
        with books.recording("refund") as recorder:
            ask_refund(recorder=recorder, entity_id=books.entity_id, draft=draft)
        return Refund.objects.get()

    @pytest.mark.parametrize(
        ("changed", "problem"),
        [
            ({"state": "paid"}, "refunded otherwise than it says"),
            ({"state": "approved"}, "paid, and no second person approved it"),
            ({"amount_minor": 5556}, "more is reserved for refunds than is left"),
        ],
    )
    def test_a_refund_that_is_not_what_was_done(
        self, books: Books, refund: Refund, changed: dict, problem: str
    ) -> None:
        assert violations("I4") == []
        change("receivables_refund", refund.pk, **changed)
        assert ("P-3", problem) in {(told["payment"], told["problem"]) for told in violations("I4")}


class TestI5Aging:
    def test_an_application_dated_elsewhere(self, books: Books) -> None:
        """The ledger says the 21st, the application another day: the days between differ."""
        change("receivables_application", application_of("M-1").pk, applied_on="2026-02-01")
        change("receivables_application", application_of("M-1").pk, source_on="2026-02-01")
        assert "I15" in broken()

    def test_an_item_dated_elsewhere(self, books: Books) -> None:
        change("receivables_item", item_of("M-2").pk, issued_on="2026-01-06")
        told = violations("I5")
        assert {one["currency"] for one in told} == {"EUR"}
        assert all(one["on"] < "2026-02-10" for one in told)

    def test_an_entry_booked_elsewhere(self, books: Books) -> None:
        entry = entry_of("M-2")
        change("ledger_entry", entry.pk, booked_on="2026-01-05")
        plant(
            "ledger_accountday",
            "UPDATE ledger_accountday SET booked_on = '2026-01-05'"
            " WHERE booked_on = '2026-02-10' AND currency = 'EUR'",
        )
        assert {one["currency"] for one in violations("I5")} == {"EUR"}

    def test_every_day_between_is_held_against_the_ledger(self, books: Books) -> None:
        """Two mistakes that cancel out later: the days between them are named, and no other."""
        change(
            "receivables_payment", Payment.objects.get(number="P-1").pk, received_on="2026-02-18"
        )
        days = {told["on"] for told in violations("I5") if "control_account_minor" in told}
        assert days == {"2026-02-18"}

    def test_each_entity_by_itself(self, books: Books) -> None:
        """What one company has too much and another too little is not the same sum."""
        other = Books("Northwind Benelux")
        plant(
            "ledger_accountday",
            "UPDATE ledger_accountday SET entity_id = %s WHERE booked_on = '2026-02-10'",
            other.entity_id,
        )
        assert {told.get("entity") for told in violations("I5")} == {
            books.entity_id,
            other.entity_id,
        }

    def test_a_due_date_repeated_wrongly_in_an_application(self, books: Books) -> None:
        """On a past day the application is added back to the bucket of its own due date."""
        change("receivables_application", application_of("M-1").pk, item_due_on="2025-01-01")
        assert {"I15"} <= set(broken())

    def test_money_alone_is_proved_too(self, db: None) -> None:
        books = Books()
        books.payment("P", None, "5.00", on="2026-03-08")
        assert proved()["I5"].checked > 0
        plant("ledger_accountday", "UPDATE ledger_accountday SET booked_on = '2026-03-09'")
        assert violations("I5")

    def test_days_after_the_newest_document_are_proved(self, books: Books) -> None:
        books.payment("P-L", "MERIDIAN", "5.00", on="2026-05-08")
        plant(
            "receivables_payment",
            "UPDATE receivables_payment SET received_on = '2026-05-20' WHERE number = 'P-L'",
        )
        assert violations("I5")


class TestI6KnownThen:
    def test_a_posting_that_came_to_be_later(self, books: Books) -> None:
        entry = entry_of("M-1")
        for posting in Posting.objects.filter(entry_id=entry.pk):
            change("ledger_posting", posting.pk, amount_minor=posting.amount_minor * 2)
        told = violations("I6")
        assert told[0]["batch"] == entry.batch_id
        assert len(told) == proved()["I6"].checked - 1  # all but the customers' batch before it

    def test_an_entry_moved_to_another_batch(self, books: Books) -> None:
        entry = entry_of("M-1")
        change("ledger_entry", entry.pk, batch_id=entry.batch_id + 1)
        assert entry.batch_id in [told["batch"] for told in violations("I6")]
