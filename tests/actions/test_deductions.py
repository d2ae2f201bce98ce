"""Deductions: what a payment left short, from the carving out to the credit note or the chase."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from building import Books, broken, row_count
from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.actions import Author
from duly.disputes.actions import (
    DeductionDraft,
    DutyDraft,
    MappingDraft,
    OpenedDeductions,
    credit_dispute,
    drop_deductions,
    drop_mapping,
    map_reasons,
    open_deductions,
    set_duties,
)
from duly.disputes.errors import (
    CreditNothing,
    CreditNumberTaken,
    DisputeClosed,
    DisputedTooMuch,
    DisputeReasonUnknown,
    DisputeUnknown,
    DutyUnfit,
    MappingUnknown,
)
from duly.disputes.models import Dispute, DisputeFile
from duly.disputes.queries import dispute, disputed_by_item
from duly.disputes.queries.reasons import mappings_of, policy_on, unknown_codes
from duly.receivables.errors import PaymentUnknown
from duly.receivables.models import Document, Item
from shell import duly, write

ON = date(2026, 3, 10)


class Short:
    """A book in which a customer paid 880.00 of 1,000.00."""

    def __init__(self) -> None:
        self.books = Books()
        self.books.customer("ALDER")
        self.books.invoice("I-1", "ALDER", "1000.00", issued="2026-01-10", due="2026-02-09")
        self.payment_id = self.books.payment("P-1", "ALDER", "880.00", on="2026-03-10")
        self.books.apply("P-1", "I-1", "880.00", on="2026-03-10")
        self.item_id = self.books.item("I-1").id

    def author(self) -> Author:
        return Author("tester", self.books.moment())

    def draft(self, minor: int = 12_000, reason: str = "07", **more: object) -> DeductionDraft:
        return DeductionDraft(self.item_id, minor, self.payment_id, reason, **more)  # type: ignore[arg-type]

    def open(self, *drafts: DeductionDraft) -> OpenedDeductions:
        with self.books.recording() as recorder:
            return open_deductions(recorder=recorder, drafts=drafts, on=ON)

    def map(self, *drafts: MappingDraft) -> int:
        return map_reasons(
            entity_id=self.books.entity_id, drafts=drafts, on=ON, author=self.author()
        )

    def credit(self, dispute_id: int, minor: int, verdict: str = "valid", number: str = "") -> None:
        with self.books.recording() as recorder:
            credit_dispute(
                recorder=recorder,
                dispute_id=dispute_id,
                verdict=verdict,
                credit_minor=minor,
                on=ON,
                number=number,
            )

    def withheld(self, on: date = ON) -> int:
        return disputed_by_item(entity_id=self.books.entity_id, on=on).get(self.item_id, 0)


@pytest.fixture
def short(db: None) -> Short:
    return Short()


class TestOpening:
    def test_it_knows_its_payment_and_who_clears_it(self, short: Short) -> None:
        short.map(MappingDraft("07", "quantity"))
        told = short.open(short.draft())
        assert told.unknown == []
        row = dispute(told.ids[0])
        assert (row.origin, row.payment_id, row.number) == ("short_pay", short.payment_id, "I-1")
        assert (row.reason, row.their_reason, row.owner) == ("quantity", "07", "logistics")
        assert row.deadline_on == date(2026, 3, 20)
        assert short.withheld() == 12_000
        assert short.books.open("I-1", "2026-03-10") == "120.00"  # nothing is posted
        assert broken() == {}

    def test_owner_and_deadline_may_be_told(self, short: Short) -> None:
        draft = short.draft(2_000, "price", owner="Ada", deadline_on=date(2026, 3, 12))
        row = dispute(short.open(draft).ids[0])
        assert (row.owner, row.deadline_on) == ("Ada", date(2026, 3, 12))
        assert short.withheld() == 2_000  # the rest is asked for

    def test_a_code_that_nobody_mapped_is_told(self, short: Short) -> None:
        told = short.open(short.draft(1_000, "zz 9"), short.draft(2_000, "ZZ 9"))
        assert told.unknown == ["ZZ 9"]
        assert {dispute(id_).reason for id_ in told.ids} == {"other"}
        [one] = unknown_codes(short.books.entity_id)
        assert (one.code, one.disputes, one.last_on) == ("ZZ 9", 2, ON)
        short.map(MappingDraft("zz 9", "freight"))
        assert unknown_codes(short.books.entity_id) == []
        assert dispute(told.ids[0]).reason == "other"  # what is open stays as it was told

    def test_no_more_than_is_short(self, short: Short) -> None:
        before = row_count()
        with pytest.raises(DisputedTooMuch):
            short.open(short.draft(7_000), short.draft(5_001))
        with pytest.raises(PaymentUnknown):
            short.open(short.draft()._replace(payment_id=10**9))
        assert row_count() == before

    def test_in_the_batch_that_applies_the_payment(self, short: Short) -> None:
        books = short.books
        books.unapply("P-1", on="2026-03-10")
        books.apply("P-1", "I-1", "880.00", on="2026-03-10")
        assert len(short.open(short.draft()).ids) == 1


class TestDropping:
    def test_it_ends_when_its_payment_is_taken_back(self, short: Short) -> None:
        books = short.books
        ids = short.open(short.draft(4_000), short.draft(8_000)).ids
        short.credit(ids[0], 4_000)
        with books.recording() as recorder:
            told = drop_deductions(recorder=recorder, payment_ids=[short.payment_id], on=ON)
        assert told == [ids[1]]
        assert [dispute(id_).verdict for id_ in ids] == ["valid", "dropped"]
        assert short.withheld() == 0
        with books.recording() as recorder:
            assert drop_deductions(recorder=recorder, payment_ids=[short.payment_id], on=ON) == []

    def test_an_objection_of_that_item_stays(self, short: Short) -> None:
        (id_,) = short.open(short.draft()).ids
        Dispute.objects.filter(pk=id_).update(origin="objection")
        with short.books.recording() as recorder:
            drop_deductions(recorder=recorder, payment_ids=[short.payment_id], on=ON)
        assert dispute(id_).verdict == ""


class TestCrediting:
    def test_one_act_issues_and_applies(self, short: Short) -> None:
        (id_,) = short.open(short.draft()).ids
        short.credit(id_, 12_000)
        row = dispute(id_)
        note = Document.objects.get(pk=row.credit_document_id)
        assert (note.number, note.kind, note.amount_minor) == (f"CN-D{id_}", "credit_note", -12_000)
        assert (row.verdict, row.credit_minor, row.closed_on) == ("valid", 12_000, ON)
        assert set(Item.objects.values_list("open_minor", flat=True)) == {0}
        assert short.withheld() == 0
        assert broken() == {}

    def test_the_rest_of_a_partly_valid_one_is_asked_for(self, short: Short) -> None:
        (id_,) = short.open(short.draft()).ids
        short.credit(id_, 5_000, "partly", "CN-77")
        assert short.books.open("I-1", "2026-03-10") == "70.00"
        assert short.withheld() == 0
        assert short.books.item("CN-77").open_minor == 0

    def test_what_the_item_does_not_owe_stays_on_the_credit_note(self, short: Short) -> None:
        (id_,) = short.open(short.draft()).ids
        short.books.payment("P-2", "ALDER", "100.00", on="2026-03-10")
        short.books.apply("P-2", "I-1", "100.00", on="2026-03-10")
        short.credit(id_, 12_000)
        assert short.books.item(f"CN-D{id_}").open_minor == -10_000
        assert broken() == {}

    def test_what_is_refused_writes_nothing(self, short: Short) -> None:
        first, second = short.open(short.draft(4_000), short.draft(8_000)).ids
        short.credit(first, 4_000, number="CN-1")
        before = row_count()
        for refusal, given in (
            (DisputeClosed, (first, 4_000)),
            (CreditNothing, (second, 0)),
            (CreditNumberTaken, (second, 8_000, "valid", "CN-1")),
            (DisputeUnknown, (99, 1)),
        ):
            with pytest.raises(refusal):
                short.credit(*given)
        assert row_count() == before

    def test_a_dispute_of_other_books_is_none_here(self, short: Short) -> None:
        (id_,) = short.open(short.draft()).ids
        other = Books("Southwind")
        with pytest.raises(DisputeUnknown), other.recording() as recorder:
            credit_dispute(
                recorder=recorder, dispute_id=id_, verdict="valid", credit_minor=1, on=ON
            )


class TestKnowing:
    def test_mappings_are_kept_once_and_changed(self, short: Short) -> None:
        alder = short.books.customer_id("ALDER")
        drafts = [MappingDraft("07", "price"), MappingDraft("7 a", "damage", alder)]
        assert short.map(*drafts) == 2
        assert short.map(*drafts) == 0
        assert short.map(MappingDraft("07", "tax"), MappingDraft("07", "freight")) == 1
        of = {(0, "07"): "freight", (alder, "7 A"): "damage"}
        assert mappings_of(short.books.entity_id) == of
        drop_mapping(
            entity_id=short.books.entity_id, code="7 a", customer_id=alder, author=short.author()
        )
        assert mappings_of(short.books.entity_id) == {(0, "07"): "freight"}
        with pytest.raises(MappingUnknown):
            short.map(MappingDraft("  ", "price"))
        with pytest.raises(DisputeReasonUnknown):
            short.map(MappingDraft("08", "because"))

    def test_duties_hold_from_their_day(self, short: Short) -> None:
        books = short.books

        def put(*drafts: DutyDraft, on: date = ON) -> int:
            return set_duties(
                entity_id=books.entity_id, drafts=drafts, on=on, author=short.author()
            )

        assert put(DutyDraft("price", " Key accounts ", 5), DutyDraft("tax", "billing", 3)) == 1
        assert policy_on(books.entity_id, date(2026, 3, 9)).duties["price"].owner == "sales"
        assert policy_on(books.entity_id, ON).duties["price"] == ("Key accounts", 5)
        row = dispute(short.open(short.draft(1_000, "price")).ids[0])
        assert (row.owner, row.deadline_on) == ("Key accounts", date(2026, 3, 15))
        for owner, days in (("", 5), ("Ada", 0), ("Ada", 367)):
            with pytest.raises(DutyUnfit):
                put(DutyDraft("price", owner, days))
        assert policy_on(Books("Southwind").entity_id, ON).duties["price"].owner == "sales"


def shortly_paid(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "1000.00")
    desk.payment("P-1", "ALDER", "880.00", item="I-1")


DEDUCT = ("dispute", "add", "I-1", "--customer", "ALDER", "--amount", "120.00", "--on", TODAY,
          "--origin", "short_pay", "--payment", "P-1")  # fmt: skip


def test_a_deduction_by_the_command_line(desk: CollectionsDesk, tmp_path: Path) -> None:  # noqa: F811
    shortly_paid(desk)
    desk.bank_is_fresh()
    codes = write(tmp_path, "codes.csv", "code,reason,customer_id\n07,quantity,\n07,price,ALDER\n")
    told = duly("dispute", "reasons", "map", codes, "Z9=freight", "--on", TODAY)
    assert told == {"mapped": 3, "changed": 3}
    duly("dispute", "reasons", "set", "price", "--owner", "Ada", "--days", "4", "--on", TODAY)
    [row] = duly(*DEDUCT, "--their-reason", "07")["disputes"]
    assert (row["reason"], row["their_reason"], row["origin"]) == ("price", "07", "short_pay")
    assert (row["payment"], row["owner"], row["deadline_on"]) == ("P-1", "Ada", str(after(4)))
    assert desk.outcomes() == {"ALDER": ["disputed"]}
    proof = write(tmp_path, "order.txt", "The price list of 2026")
    [file] = duly("dispute", "attach", row["id"], proof)["files"]
    duly("dispute", "attach", row["id"], proof)  # twice adds nothing
    assert (file["kind"], DisputeFile.objects.count()) == ("text", 1)
    assert duly("dispute", "list", "--origin", "objection")["disputes"] == []
    assert len(duly("dispute", "list", "--owner", "Ada", "--reason", "price")["disputes"]) == 1
    done = duly("dispute", "close", row["id"], "--as", "valid", "--issue", "--on", TODAY)
    assert done["disputes"][0]["credit_note"] == f"CN-D{row['id']}"
    shown = duly("dispute", "show", row["id"])["dispute"]
    assert (shown["state"], shown["credit"], len(shown["files"])) == ("valid", "120.00", 1)
    assert [set(one["what"]) for one in shown["history"]] == [
        {"opened"},
        {"file", "sha256"},
        {"verdict", "credit_minor", "credit_document_id"},
    ]
    items = duly("items", "--customer", "ALDER", "--on", TODAY)["items"]
    assert {one["open"] for one in items} == {"0.00"}


def test_it_ends_with_the_line_that_is_taken_back(desk: CollectionsDesk) -> None:  # noqa: F811
    shortly_paid(desk)
    desk.invoice("I-2", "ALDER", "100.00")
    desk.payment("P-2", "ALDER", "180.00")
    duly("apply", "P-2", "I-2=90.00", "I-1=60.00", "--on", TODAY)
    for item, minor in (("I-2", "10.00"), ("I-1", "60.00")):
        duly("dispute", "add", item, "--customer", "ALDER", "--amount", minor, "--reason", "tax",
             "--origin", "short_pay", "--payment", "P-2", "--on", TODAY)  # fmt: skip
    duly("unapply", "P-2", "I-2", "--on", TODAY)
    rows = duly("dispute", "list")["disputes"]
    assert {row["item"]: row["state"] for row in rows} == {"I-2": "dropped", "I-1": "open"}
    duly("payment", "return", "P-2", "--reason", "AM04", "--on", after(1))
    assert {row["state"] for row in duly("dispute", "list")["disputes"]} == {"dropped"}
    duly("payment", "unreturn", "P-2")
    rows = duly("dispute", "list")["disputes"]
    assert {row["item"]: row["state"] for row in rows} == {"I-2": "dropped", "I-1": "open"}
    assert broken() == {}


def test_an_invalid_one_is_in_chase_again_as_old_as_it_is(desk: CollectionsDesk) -> None:  # noqa: F811
    shortly_paid(desk)
    desk.bank_is_fresh()
    [row] = duly(*DEDUCT, "--reason", "unearned_discount")["disputes"]
    assert (row["owner"], row["deadline_on"]) == ("receivables", str(after(5)))
    assert desk.outcomes() == {"ALDER": ["disputed"]}
    duly("dispute", "close", row["id"], "--as", "invalid", "--on", TODAY)
    [step] = desk.day(TODAY, "--dry-run")["steps"]
    assert (step["outcome"], step["amount"]) == ("planned", "120.00")
    [item] = duly("items", "--customer", "ALDER", "--on", TODAY)["items"]
    assert (item["due_on"], item["days_past_due"]) == (str(after(-15)), 15)


def test_reasons_are_listed_with_what_nobody_knows(desk: CollectionsDesk) -> None:  # noqa: F811
    shortly_paid(desk)
    duly(*DEDUCT, "--their-reason", "q1")
    told = duly("dispute", "reasons", "list", "--on", TODAY)
    assert [one["code"] for one in told["unknown"]] == ["Q1"]
    assert {"reason": "price", "owner": "sales", "target_days": 10} in told["reasons"]
    duly("dispute", "reasons", "map", "q1=damage", "--customer", "ALDER", "--on", TODAY)
    told = duly("dispute", "reasons", "list", "--on", TODAY)
    assert told["mappings"] == [{"code": "Q1", "reason": "damage", "customer": "ALDER"}]
    assert told["unknown"] == []
    duly("dispute", "reasons", "drop", "q1", "--customer", "ALDER")
    assert duly("dispute", "reasons", "list")["mappings"] == []


@pytest.mark.parametrize(
    "content", [b"", b"\x7fELF\x02\x01\x01\x00", b"PK\x03\x04 no archive", b"\x00\x01\x02"]
)
def test_what_proves_nothing_is_not_kept(
    desk: CollectionsDesk,  # noqa: F811
    tmp_path: Path,
    content: bytes,
) -> None:
    shortly_paid(desk)
    [row] = duly(*DEDUCT, "--reason", "price")["disputes"]
    bad, good = tmp_path / "proof.pdf", write(tmp_path, "good.txt", "signed")
    bad.write_bytes(content)
    refusal = duly("dispute", "attach", row["id"], good, bad, code=3)
    assert refusal["code"] == "DISPUTE_FILE_UNFIT"
    assert DisputeFile.objects.count() == 0


def test_files_are_never_changed(short: Short) -> None:
    (id_,) = short.open(short.draft()).ids
    row = DisputeFile.objects.create(
        entity_id=1, dispute_id=id_, file="a.pdf", kind="pdf", sha256="0" * 64, bytes=1,
        actor="tester", recorded_at=short.books.moment(),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        DisputeFile.objects.filter(pk=row.pk).update(file="b.pdf")


def test_a_denied_deduction_is_told_in_the_reminder_and_to_a_person(desk: CollectionsDesk) -> None:  # noqa: F811
    shortly_paid(desk)
    desk.invoice("I-2", "ALDER", "300.00")
    desk.open_for_mail()
    [row] = duly(*DEDUCT, "--reason", "unearned_discount")["disputes"]
    duly("dispute", "close", row["id"], "--as", "invalid", "--on", TODAY)
    [task] = duly("task", "list")["tasks"]
    assert (task["kind"], task["customer"]) == ("chargeback", "ALDER")
    assert "EUR 120.00 deducted from I-1 is owed" in task["text"]
    desk.day()
    [message] = duly("messages", "--customer", "ALDER")["messages"]
    assert message["amount"] == "420.00"
    assert "About I-1: we looked into what was deducted" in message["body"]
    assert "About I-2" not in message["body"]


def test_so_is_the_rest_of_a_partly_valid_one(desk: CollectionsDesk) -> None:  # noqa: F811
    shortly_paid(desk)
    desk.open_for_mail()
    [row] = duly(*DEDUCT, "--reason", "price")["disputes"]
    close = ("dispute", "close", row["id"], "--as", "partly", "--credit", "20.00", "--on", TODAY)
    duly(*close, "--issue", "--number", "CN-9")
    [task] = duly("task", "list")["tasks"]
    assert "EUR 100.00 deducted from I-1 is owed" in task["text"]
    desk.day()
    [message] = duly("messages", "--customer", "ALDER")["messages"]
    assert (message["amount"], "About I-1:" in message["body"]) == ("100.00", True)


def test_deductions_are_measured(desk: CollectionsDesk) -> None:  # noqa: F811
    shortly_paid(desk)
    [first] = duly(*DEDUCT, "--reason", "price")["disputes"]
    window = ("--from", after(-79), "--to", after(10))  # 90 days
    told = {one["id"]: one for one in duly("metrics", *window)["measures"]}
    assert told["deduction_days_outstanding_eur"]["value"] == "90.00"
    assert told["invalid_deductions_recovered_eur"]["value"] is None
    duly("dispute", "close", first["id"], "--as", "invalid", "--on", after(1))
    desk.payment("P-2", "ALDER", "90.00", on=after(5), item="I-1")
    told = {one["id"]: one for one in duly("metrics", *window)["measures"]}
    assert told["deduction_days_outstanding_eur"]["value"] == "0.00"
    assert told["invalid_deductions_recovered_eur"]["value"] == "75.00"
    window = (*window[:2], "--to", after(4))
    told = {one["id"]: one for one in duly("metrics", *window)["measures"]}
    assert told["invalid_deductions_recovered_eur"]["value"] == "0.00"
