"""Keys, kinship, discounts and files (I9, I15, I16, I18): each breach is seen and named."""

import pytest

from banking import line, statement, take
from building import Books
from duly.cash_application.models import BankDetail, BankLine, ReturnedLine
from duly.intake.models import Import
from duly.ledger.models import Entry, Posting
from duly.receivables.models import Application, Document, Payment
from queries.asking import application_of, entry_of, item_of, violations
from queries.planting import change, drop, plant

pytestmark = pytest.mark.django_db


class TestI9Keys:
    def test_a_digest_that_is_none(self, books: Books) -> None:
        plant("access_request", "UPDATE access_request SET input_digest = 'none'")
        assert [told["key"] for told in violations("I9")] == ["K-1"]

    @pytest.mark.parametrize(
        "changed",
        ["result = '{\"done\": 2}'", "command = 'void'", "input_digest = repeat_f"],
    )
    def test_a_result_or_input_that_was_flipped(self, books: Books, changed: str) -> None:
        changed = changed.replace("repeat_f", f"'{'f' * 64}'")
        plant("access_request", f"UPDATE access_request SET {changed}")
        assert [told["key"] for told in violations("I9")] == ["K-1"]


class TestI15Kinship:
    @pytest.fixture
    def other(self, books: Books) -> Books:
        other = Books("Northwind Benelux")
        other.customer("B")
        other.invoice("B-1", "B", "9.00", issued="2026-03-01", due="2026-03-31")
        other.credit_note("B-CN", "B", "50.00", issued="2026-02-05")
        other.payment("B-P", "B", "600.00", on="2026-02-20")
        return other

    def test_a_document_of_another_entitys_customer(self, books: Books, other: Books) -> None:
        change(
            "receivables_document",
            Document.objects.get(number="M-2").pk,
            customer_id=other.customer_id("B"),
        )
        assert ("document", "M-2") in {(t["what"], t["document"]) for t in violations("I15")}

    def test_a_document_of_nobody(self, books: Books) -> None:
        change("receivables_document", Document.objects.get(number="M-2").pk, customer_id=999_999)
        assert "M-2" in {told["document"] for told in violations("I15")}

    def test_an_item_of_another_entity(self, books: Books, other: Books) -> None:
        change("receivables_item", item_of("M-2").pk, entity_id=other.entity_id)
        assert "M-2" in {told["document"] for told in violations("I15")}

    def test_an_item_without_a_document(self, books: Books) -> None:
        pk = item_of("M-2").pk
        drop("receivables_document", Document.objects.get(number="M-2").pk)
        assert f"item {pk}" in {told["document"] for told in violations("I15")}

    def test_a_payment_of_another_entitys_customer(self, books: Books, other: Books) -> None:
        change(
            "receivables_payment",
            Payment.objects.get(number="P-1").pk,
            customer_id=other.customer_id("B"),
        )
        assert "P-1" in {told["document"] for told in violations("I15")}

    def test_an_application_of_another_entitys_payment(self, books: Books, other: Books) -> None:
        change(
            "receivables_application",
            application_of("M-1").pk,
            payment_id=Payment.objects.get(number="B-P").pk,
        )
        assert "B-P" in {told["document"] for told in violations("I15")}

    def test_an_application_to_another_entitys_item(self, books: Books, other: Books) -> None:
        change("receivables_application", application_of("M-1").pk, item_id=item_of("B-1").pk)
        assert "B-1" in {told["document"] for told in violations("I15")}

    def test_an_application_of_another_entitys_credit(self, books: Books, other: Books) -> None:
        change(
            "receivables_application",
            application_of("T-1", "credit").pk,
            credit_item_id=item_of("B-CN").pk,
        )
        assert "B-CN" in {told["document"] for told in violations("I15")}

    def test_a_posting_of_another_entitys_customer(self, books: Books, other: Books) -> None:
        posting = Posting.objects.get(entry_id=entry_of("M-2").pk, account_id=5)
        change("ledger_posting", posting.pk, customer_id=other.customer_id("B"))
        assert "M-2" in str(violations("I15"))

    def test_a_parent_of_another_entity(self, books: Books, other: Books) -> None:
        plant(
            "parties_customer",
            "UPDATE parties_customer SET parent_id = %s WHERE code = 'GULF'",
            other.customer_id("B"),
        )
        assert "GULF" in str(violations("I15"))

    def test_a_credit_applied_that_is_none(self, books: Books) -> None:
        change(
            "receivables_application",
            application_of("T-1", "credit").pk,
            credit_item_id=item_of("M-2").pk,
        )
        assert "M-2" in {told["document"] for told in violations("I15")}

    @pytest.mark.parametrize(
        "changed",
        [
            {"amount_minor": -1},
            {"reverses_id": None},
            {"reverses_id": 999_999},
            {"reason": "credit"},
            {"applied_on": "2026-02-20"},
        ],
    )
    def test_taken_back_as_it_was_not_applied(self, books: Books, changed: dict) -> None:
        books.unapply("P-1", on="2026-03-20")
        back = Application.objects.get(amount_minor__lt=0)
        change("receivables_application", back.pk, **changed)
        assert f"application {back.pk}" in {told["document"] for told in violations("I15")}

    @pytest.mark.parametrize(
        ("kind", "number"), [("document", "M-2"), ("payment", "P-1"), ("application", "")]
    )
    def test_an_entry_of_another_entity(
        self, books: Books, other: Books, kind: str, number: str
    ) -> None:
        entry = {
            "document": lambda: entry_of("M-2"),
            "payment": lambda: Entry.objects.get(
                source_kind="payment", source_id=Payment.objects.get(number="P-1").pk
            ),
            "application": lambda: Entry.objects.get(
                source_kind="application", source_id=application_of("M-1").pk
            ),
        }[kind]()
        change("ledger_entry", entry.pk, entity_id=other.entity_id)
        named = number or f"application {application_of('M-1').pk}"
        assert named in {told["document"] for told in violations("I15")}

    def test_a_document_without_its_entry(self, books: Books) -> None:
        drop("ledger_entry", entry_of("M-2").pk)
        assert "M-2" in {told["document"] for told in violations("I15")}

    def test_an_entry_that_is_of_nothing(self, books: Books) -> None:
        entry = entry_of("M-2")
        change("ledger_entry", entry.pk, source_id=999_999)
        assert f"entry {entry.pk}" in {told["document"] for told in violations("I15")}


class TestI16Discounts:
    def test_more_than_granted(self, books: Books) -> None:
        change("receivables_application", application_of("H-1", "discount").pk, amount_minor=401)
        (told,) = violations("I16")
        assert (told["document"], told["granted_minor"], told["taken_minor"]) == ("H-1", 400, 401)

    def test_terms_changed_after_the_fact(self, books: Books) -> None:
        change("receivables_item", item_of("H-1").pk, discount_minor=399)
        assert [told["document"] for told in violations("I16")] == ["H-1"]

    def test_money_that_came_too_late(self, books: Books) -> None:
        change("receivables_item", item_of("H-1").pk, discount_until="2026-03-10")
        assert [told["document"] for told in violations("I16")] == ["H-1"]

    def test_terms_that_grant_none(self, books: Books) -> None:
        change("receivables_item", item_of("H-1").pk, discount_until=None)
        assert [told["document"] for told in violations("I16")] == ["H-1"]

    def test_a_discount_beside_no_money(self, books: Books) -> None:
        change("receivables_application", application_of("H-1", "discount").pk, beside_id=None)
        assert [told["document"] for told in violations("I16")] == ["H-1"]

    def test_a_discount_beside_money_that_went_back(self, books: Books) -> None:
        """Cash and discount are taken back together; a discount alone is not left standing."""
        books.unapply("P-H", on="2026-03-15")
        back = Application.objects.get(reason="discount", amount_minor__lt=0)
        drop("receivables_application", back.pk)
        assert "H-1" in {told["document"] for told in violations("I16")}

    def test_money_that_really_came_too_late(self, books: Books) -> None:
        change(
            "receivables_payment", Payment.objects.get(number="P-H").pk, received_on="2026-03-12"
        )
        assert [told["document"] for told in violations("I16")] == ["H-1"]


class TestI18Imports:
    def record(self, kind: str) -> int:
        return Import.objects.get(kind=kind).pk

    @pytest.mark.parametrize("column", ["rows", "new", "changed", "same", "rejected"])
    def test_rows_that_do_not_add_up(self, books: Books, column: str) -> None:
        change("intake_import", self.record("items"), **{column: 99})
        assert {told["file"] for told in violations("I18")} == {"items.csv"}

    @pytest.mark.parametrize("kind", ["items", "payments", "applications"])
    def test_a_count_of_new_rows_that_is_none(self, books: Books, kind: str) -> None:
        """The rows still add up: what is there tells."""
        record = Import.objects.get(kind=kind)
        change("intake_import", record.pk, new=0, same=record.new)
        assert [told["file"] for told in violations("I18")] == [f"{kind}.csv"]

    @pytest.mark.parametrize("kind", ["customers", "items", "payments", "applications"])
    def test_the_record_of_an_import_that_is_gone(self, books: Books, kind: str) -> None:
        record = Import.objects.get(kind=kind)
        drop("intake_import", record.pk)
        problem = "the record of its import is missing"
        assert violations("I18") == [
            {"file": record.file, "batch": record.batch_id, "problem": problem}
        ]

    def test_a_record_of_no_import(self, books: Books) -> None:
        change("intake_import", self.record("items"), batch_id=99_999)
        assert {told["batch"] for told in violations("I18")} >= {99_999}

    def test_a_row_that_is_gone(self, books: Books) -> None:
        drop("receivables_document", Document.objects.get(number="G-1").pk)
        (told,) = violations("I18")
        assert (told["file"], told["problem"]) == (
            "items.csv",
            "what it wrote is not what is there",
        )

    def test_another_amount(self, books: Books) -> None:
        change("receivables_payment", Payment.objects.get(number="P-3").pk, amount_minor=5556)
        assert [told["file"] for told in violations("I18")] == ["payments.csv"]

    def test_an_application_that_is_gone(self, books: Books) -> None:
        drop("receivables_application", application_of("M-1").pk)
        assert [told["file"] for told in violations("I18")] == ["applications.csv"]

    def test_a_customer_that_is_gone(self, books: Books) -> None:
        plant("parties_customer", "DELETE FROM parties_customer WHERE code = 'SANTIAGO'")
        assert "customers.csv" in {told["file"] for told in violations("I18")}

    def test_taken_back_only_in_part(self, books: Books) -> None:
        change("intake_import", self.record("payments"), reverted_by_batch_id=1)
        assert [told["file"] for told in violations("I18")] == ["payments.csv"]

    @pytest.mark.parametrize("kind", ["items", "payments", "applications"])
    def test_said_to_be_taken_back_and_still_there(self, books: Books, kind: str) -> None:
        change("intake_import", self.record(kind), reverted_by_batch_id=1)
        assert [told["file"] for told in violations("I18")] == [f"{kind}.csv"]

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("rates", "on,currency,per_entity_currency\n2026-03-01,USD,1.1"),
            ("customers", "customer_id,name\nNEW-1,New"),
            ("contacts", "customer_id,name,role\nMERIDIAN,Nina,owner"),
        ],
    )
    def test_master_data_said_to_be_taken_back(self, books: Books, kind: str, text: str) -> None:
        batch = books.take_in(kind, text, file="more.csv")["id"]
        record = Import.objects.get(batch_id=batch)
        change("intake_import", record.pk, reverted_by_batch_id=1)
        assert [told["file"] for told in violations("I18")] == ["more.csv"]

    def test_taken_back_for_good(self, books: Books) -> None:
        """A customer stays while what was voided points at it: that is no breach."""
        for kind in ("applications", "payments"):
            books.revert(Import.objects.get(kind=kind).batch_id)
        files = [
            ("rates", "on,currency,per_entity_currency\n2026-03-01,USD,1.1"),
            ("customers", "customer_id,name\nNEW-1,New\nNEW-2,Newer"),
            ("contacts", "customer_id,name,role\nNEW-1,Nina,owner"),
        ]
        made = [books.take_in(kind, text, file=f"more {kind}.csv")["id"] for kind, text in files]
        row = "invoice,N-1,NEW-1,EUR,2026-03-01,2026-03-31,9.00"
        header = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
        made.append(books.take_in("items", header + row, file="more items.csv")["id"])
        assert violations("I18") == []
        for batch_id in reversed(made):
            books.revert(batch_id)
        assert violations("I18") == []

    @pytest.mark.parametrize("table", ["parties_contact", "parties_rate"])
    def test_master_data_that_is_gone(self, books: Books, table: str) -> None:
        books.take_in("rates", "on,currency,per_entity_currency\n2026-03-01,USD,1.1")
        books.take_in("contacts", "customer_id,name,role\nMERIDIAN,Nina,owner")
        assert violations("I18") == []
        plant(table, f"DELETE FROM {table}")
        (told,) = violations("I18")
        assert (told["told"], told["there"]) == (1, 0)


class TestI19BankLines:
    def lines(self) -> list[BankLine]:
        return list(BankLine.objects.order_by("id"))

    def told(self) -> list[tuple[object, object]]:
        return [(told["line"], told["problem"]) for told in violations("I19")]

    @pytest.mark.parametrize(
        "changed", [{"amount_minor": 701}, {"currency": "USD"}, {"booked_on": "2026-03-12"}]
    )
    def test_a_payment_that_is_not_its_line(self, books: Books, changed: dict) -> None:
        (alone,) = [line for line in self.lines() if line.payment_id]
        change("cash_application_bankline", alone.pk, **changed)
        assert (alone.pk, "payment differs from its line") in self.told()

    def test_a_part_that_is_not_its_payment(self, books: Books) -> None:
        part = BankDetail.objects.order_by("id")[0]
        change("cash_application_bankdetail", part.pk, amount_minor=101)
        assert self.told() == [
            (part.line_id, "payment differs from its part of a batch entry"),
            (part.line_id, "money in that is no payment, or money out that is one"),
        ]

    def test_a_part_that_is_gone(self, books: Books) -> None:
        part = BankDetail.objects.order_by("id")[0]
        drop("cash_application_bankdetail", part.pk)
        assert self.told() == [
            (part.line_id, "money in that is no payment, or money out that is one")
        ]

    def test_a_line_taken_back_whose_payment_stands(self, books: Books) -> None:
        batch, *_ = self.lines()
        change("cash_application_bankline", batch.pk, is_void=True)
        assert set(self.told()) == {(batch.pk, "taken back, and its payment stands")}

    def test_a_line_of_no_statement(self, books: Books) -> None:
        fee = self.lines()[1]
        change("cash_application_bankline", fee.pk, statement_id=99_999)
        assert self.told() == [(fee.pk, "of no statement of its account")]

    def test_a_line_that_is_gone(self, books: Books) -> None:
        drop("cash_application_bankline", self.lines()[1].pk)
        assert {told["file"] for told in violations("I18")} == {"bank.xml"}

    @pytest.fixture
    def back(self, books: Books) -> ReturnedLine:
        """The bank took back what it had brought on the 10th, and is tied to it."""
        alone = next(line for line in self.lines() if line.payment_id)
        minor = f"{alone.amount_minor // 100}.{alone.amount_minor % 100:02}"
        undone = line("2026-03-20", f"-{minor}", "", "X-9", mandate="M", is_reversal=True)
        take(books, statement(undone._replace(remittance=alone.remittance), on="2026-03-20"))
        return ReturnedLine.objects.get()

    def test_a_line_tied_to_what_stands(self, books: Books, back: ReturnedLine) -> None:
        assert violations("I19") == []
        other = BankDetail.objects.order_by("id")[0].payment_id
        change("cash_application_returnedline", back.pk, payment_id=other)
        assert (back.line_id, "takes back no payment that was returned, or one of another currency"
                ) in self.told()  # fmt: skip

    def test_a_line_tied_to_more_than_it_took(self, books: Books, back: ReturnedLine) -> None:
        change("cash_application_bankline", back.line_id, amount_minor=-1)
        told = (back.line_id, "takes back less than the payments that it is said to")
        assert told in self.told()
