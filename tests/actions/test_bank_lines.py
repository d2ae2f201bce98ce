"""Bank files into the books: each line once, money in as payments, all or nothing (T17, I1-I6)."""

import random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from banking import IBAN, line, part, statement, take
from building import Books, broken, day, proved, row_count
from duly.access.actions import Author
from duly.cash_application.actions import match_payments, set_kind, take_up_payments
from duly.cash_application.models import BankAccount, BankDetail, BankLine, BankStatement, SetAside
from duly.cash_application.queries import documents_of, latest_bank_day, sources_of
from duly.cash_application.rules.advices import lines_of
from duly.cash_application.rules.statements import INTERIM, PENDING, NamedDocument
from duly.intake.actions import plan_digest
from duly.intake.errors import ImportInUse, PlanChanged, RowsRejected
from duly.intake.queries import freshness
from duly.receivables.models import Payment
from duly.receivables.queries import payments_alike
from duly.storage.writing import whole

pytestmark = pytest.mark.django_db

FIRST = (
    line("2026-03-09", "119.00", "RE 4711", "B1"),
    line("2026-03-10", "-12.50", "FEES", "B2", name="Our Bank"),
    line("2026-03-11", "88.88", "PAYMENT"),
    line("2026-03-11", "88.88", "PAYMENT"),
)
LATER = (line("2026-03-12", "88.88", "PAYMENT"), line("2026-03-12", "50.00", "RE 4712", "B3"))


@pytest.fixture
def books() -> Books:
    return Books()


def new_and_same(reports: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    return [(one["rows"], one["new"], one["same"]) for one in reports]


def amounts() -> list[int]:
    rows = Payment.objects.filter(is_void=False).order_by("id")
    return list(rows.values_list("amount_minor", flat=True))


def codes(refusal: pytest.ExceptionInfo[RowsRejected]) -> list[str]:
    return [one["code"] for one in refusal.value.facts["problems"]]


class TestALineIsALineOnce:
    def test_money_in_is_a_payment_whose_payer_is_not_known(self, books: Books) -> None:
        (report,) = take(books, statement(*FIRST))
        assert (report["kind"], report["preset"], report["rows"], report["new"]) == (
            "bank",
            "camt.053",
            4,
            4,
        )
        assert report["control"] == {"EUR": {"count": 4, "amount": "284.26"}}
        assert amounts() == [11900, 8888, 8888]
        first = Payment.objects.order_by("id")[0]
        assert first.customer_id is None
        assert (first.payer_name, first.reference) == ("Acme GmbH", "RE 4711")
        assert sources_of([first.pk])[first.pk].bank_reference == "B1"
        assert books.aging("2026-03-12") == {"EUR": {"unapplied": "-296.76", "total": "-296.76"}}
        assert broken() == {}
        assert proved()["I19"].checked == 4

    def test_twice_adds_nothing_and_keeps_twins(self, books: Books) -> None:
        """Pains I1 and I2."""
        file = statement(*FIRST)
        assert new_and_same(take(books, file)) == [(4, 4, 0)]
        assert new_and_same(take(books, file, name="renamed.xml")) == [(4, 0, 4)]
        assert amounts().count(8888) == 2
        assert BankStatement.objects.count() == 1

    def test_statements_that_overlap_add_what_is_new(self, books: Books) -> None:
        take(books, statement(*FIRST))
        wider = statement(*FIRST[1:], *LATER, opening="1119.00", on="2026-03-10", number="2")
        assert new_and_same(take(books, wider)) == [(5, 2, 3)]
        assert amounts().count(8888) == 3
        assert broken() == {}

    def test_a_corrected_statement_adds_what_was_missing(self, books: Books) -> None:
        take(books, statement(*FIRST))
        said = FIRST[0]._replace(remittance="RE 4711 of 2 March", name="ACME")
        corrected = statement(said, *FIRST[1:], line("2026-03-11", "7.00", "LATE", "B9"))
        assert new_and_same(take(books, corrected)) == [(5, 1, 4)]
        assert BankStatement.objects.count() == 2

    def test_one_reference_for_several_amounts_of_a_day(self, books: Books) -> None:
        two = (line("2026-03-09", "1.00", "", "R"), line("2026-03-09", "2.00", "", "R"))
        take(books, statement(*two))
        assert new_and_same(take(books, statement(two[1], opening="1001.00"))) == [(1, 0, 1)]

    def test_pages_of_one_file_count_twins_on(self, books: Books) -> None:
        """Two statements a day: what the first closes with, the second opens with."""
        morning = statement(FIRST[2], on="2026-03-11", number="1/1")
        noon = statement(FIRST[2], on="2026-03-11", number="1/2", opening="1088.88")
        assert new_and_same(take(books, [*morning, *noon])) == [(2, 2, 0)]
        assert new_and_same(take(books, [*morning, *noon])) == [(2, 0, 2)]

    def test_a_statement_told_twice_in_one_file(self, books: Books) -> None:
        assert new_and_same(take(books, [*statement(*FIRST), *statement(*FIRST)])) == [(8, 4, 4)]

    def test_accounts_are_apart(self, books: Books) -> None:
        other = "DE75512108001245126199"
        reports = take(books, statement(*FIRST), statement(*FIRST, account=other))
        assert new_and_same(reports) == [(4, 4, 0), (4, 4, 0)]
        assert BankAccount.objects.count() == 2
        assert any("is opened" in note for note in reports[0]["notes"])

    def test_blocks_of_a_long_statement(
        self, books: Books, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("duly.interfaces.exchange.readers.bank.sheets.BLOCK_ROWS", 2)
        many = [line("2026-03-09", f"{n}.00", f"RE {n}") for n in range(1, 6)]
        file = [
            *statement(*many),
            *statement(*LATER, on="2026-03-12", number="2", opening="1015.00"),
        ]
        assert new_and_same(take(books, file)) == [(7, 7, 0)]
        rows = BankStatement.objects.order_by("id").values_list("line_count", "new_count")
        assert list(rows) == [(5, 5), (2, 2)]
        assert new_and_same(take(books, file)) == [(7, 0, 7)]
        assert broken() == {}


@pytest.mark.parametrize("seed", range(3))
def test_any_windows_in_any_order_bring_each_line_once(books: Books, seed: int) -> None:
    """T17: statements of random days, overlapping, repeated, with twins that have no reference."""
    dice = random.Random(seed)
    truth = [
        line(
            f"2026-03-{dice.randint(1, 8):02d}",
            dice.choice(["1.00", "2.00", "-3.00"]),
            dice.choice(["RE 1", "RE 2"]),
            dice.choice(["", "", f"B{n}"]),
        )
        for n in range(40)
    ]
    truth.sort(key=lambda one: one.booked_on or day("2026-03-01"))
    windows = [sorted(dice.sample(range(1, 9), 2)) for _ in range(6)]
    windows += [[1, 4], [5, 8]]
    for number, (first, last) in enumerate(windows):
        told = [one for one in truth if first <= one.booked_on.day <= last]
        dice.shuffle(told)
        start = sum(one.minor for one in truth if one.booked_on.day < first)
        on = f"2026-03-{first:02d}"
        file = statement(*told, opening=f"{start / 100:.2f}", on=on, number=str(number))
        take(books, file)
    kept = BankLine.objects.values_list("booked_on", "amount_minor", "remittance", "bank_reference")
    said = [(one.booked_on, one.minor, one.remittance, one.bank_reference) for one in truth]
    assert sorted(kept) == sorted(said)
    assert amounts()
    assert sum(amounts()) == sum(one.minor for one in truth if one.minor > 0)


class TestWhatALineBrings:
    def test_a_batch_is_a_payment_for_each_detail(self, books: Books) -> None:
        """Pain I5: the total is not used for each."""
        batch = line(
            "2026-03-09",
            "300.00",
            reference="B1",
            details=(part("100.00", "RE 1", name="Acme"), part("200.00", "RE 2", name="Baker")),
        )
        (report,) = take(books, statement(batch))
        assert (report["rows"], report["new"]) == (1, 1)
        assert amounts() == [10000, 20000]
        told = sources_of(Payment.objects.values_list("id", flat=True)).values()
        assert [(one.name, one.remittance, one.bank_reference) for one in told] == [
            ("Acme", "RE 1", "B1"),
            ("Baker", "RE 2", "B1"),
        ]
        assert broken() == {}

    def test_money_that_a_payments_file_told_before_is_pointed_out(self, books: Books) -> None:
        """Two kinds of file of the same money would count it twice: the preview says so."""
        books.payment("P-1", None, "119.00", on="2026-03-09")
        told = (
            line("2026-03-09", "119.00", "RE 7", "B1"),
            line("2026-03-09", "20.00", "RE 8", "B2"),
        )
        (report,) = take(books, statement(*told))
        assert any("1 line brings an amount" in note for note in report["notes"])
        (again,) = take(books, statement(line("2026-03-09", "20.00", "RE 9", "B3")))
        assert not any("brings an amount" in note for note in again["notes"])

    def test_a_batch_whose_amounts_are_not_told_is_one(self, books: Books) -> None:
        take(books, statement(line("2026-03-09", "300.00", details=(part(None), part(None)))))
        assert amounts() == [30000]

    def test_details_that_make_another_amount_refuse_the_file(self, books: Books) -> None:
        batch = line("2026-03-09", "300.00", details=(part("300.00"), part("300.00")))
        with pytest.raises(RowsRejected) as refused:
            take(books, statement(batch))
        assert codes(refused) == ["DOES_NOT_ADD_UP"]

    def test_money_out_is_a_line_and_a_returned_payment_is_told(self, books: Books) -> None:
        back = line("2026-03-10", "-119.00", "RETURN", "B4", is_reversal=True, return_reason="AM04")
        (report,) = take(books, statement(FIRST[0], FIRST[1], back))
        assert amounts() == [11900]
        undoes = BankLine.objects.order_by("id").values_list("undoes", flat=True)
        assert list(undoes) == ["", "", "in"]
        assert any("119.00 EUR" in note and "returned" in note for note in report["notes"])

    def test_what_the_bank_has_not_booked_waits(self, books: Books) -> None:
        """Pending lines and interim reports are told; the statement books them, once."""
        pending = line("2026-03-10", "50.00", "RE 4712", "P1", status=PENDING)
        (interim,) = take(books, statement(*FIRST, kind=INTERIM))
        assert (interim["rows"], interim["new"]) == (0, 0)
        assert any("interim" in note for note in interim["notes"])
        (report,) = take(books, statement(*FIRST, pending))
        assert (report["rows"], report["new"]) == (4, 4)
        assert any("not booked yet" in note for note in report["notes"])
        assert latest_bank_day(books.entity_id) == day("2026-03-11")

    def test_a_list_that_no_statement_follows_is_booked(self, books: Books) -> None:
        """OFX and QIF tell no opening balance; their lines are the record all the same."""
        head, *rest = statement(*FIRST, kind=INTERIM)
        (report,) = take(books, [head._replace(opening=None), *rest], format="ofx")
        assert (report["preset"], report["rows"], report["new"]) == ("ofx", 4, 4)
        assert latest_bank_day(books.entity_id) == day("2026-03-11")

    def test_numbers_that_a_file_took_are_left_to_it(self, books: Books) -> None:
        take(books, statement(FIRST[0]))
        taken = BankLine.objects.get().pk + 1
        books.payment(f"B{taken}", None, "1.00", on="2026-03-09")
        take(books, statement(FIRST[2], opening="1119.00", number="2"))
        assert Payment.objects.filter(number=f"BB{taken}").count() == 1


class TestOddFiles:
    """Pain I6."""

    def test_without_movements_with_a_negative_balance_and_several(self, books: Books) -> None:
        quiet = statement(opening="-5.00", number="1")
        busy = statement(FIRST[0], opening="-5.00", number="2")
        assert new_and_same(take(books, [*quiet, *busy])) == [(1, 1, 0)]
        assert latest_bank_day(books.entity_id) == day("2026-03-09")
        assert freshness(books.entity_id)["payments"] is not None
        assert broken() == {}

    def test_one_that_does_not_go_on_is_told(self, books: Books) -> None:
        take(books, statement(*FIRST))
        (gap,) = take(books, statement(*LATER, opening="5.00", on="2026-03-12", number="3"))
        assert any("may be missing" in note for note in gap["notes"])
        assert broken() == {}

    @pytest.mark.parametrize(
        ("lines", "code"),
        [
            (FIRST[0]._replace(booked_on=None, value_on=None), "VALUE_MISSING"),
            (FIRST[0]._replace(minor=10**16), "AMOUNT_TOO_LARGE"),
            (FIRST[0]._replace(currency="XXQ"), "UNKNOWN_CURRENCY"),
        ],
    )
    def test_a_line_that_can_t_be(self, books: Books, lines: Any, code: str) -> None:
        with pytest.raises(RowsRejected) as refused:
            take(books, statement(lines, on="2026-03-09"))
        assert code in codes(refused)

    def test_nul_in_a_text(self, books: Books) -> None:
        take(books, statement(line("2026-03-09", "1.00", "a\x00b")))
        assert BankLine.objects.get().remittance == "ab"


class TestRefused:
    @pytest.mark.parametrize("is_partial", [False, True])
    def test_what_does_not_add_up_leaves_nothing(self, books: Books, is_partial: bool) -> None:
        """Not even with --accept-partial: no part of such a file can be trusted."""
        before = row_count()
        with pytest.raises(RowsRejected) as refused:
            take(
                books,
                statement(*FIRST),
                statement(*LATER, off="1.00", number="2"),
                accept_partial=is_partial,
            )
        (problem,) = refused.value.facts["problems"]
        assert problem["code"] == "DOES_NOT_ADD_UP"
        assert "1.00 EUR" in problem["message"]
        assert row_count() == before

    def test_without_account_or_balance(self, books: Books) -> None:
        head, *rest = statement(*FIRST)
        for lacking in (head._replace(account=""), head._replace(opening=None)):
            with pytest.raises(RowsRejected) as refused:
                take(books, [lacking, *rest])
            assert codes(refused) == ["INCOMPLETE"]

    def test_an_account_of_another_company(self, books: Books) -> None:
        take(books, statement(*FIRST))
        with pytest.raises(RowsRejected) as refused:
            take(Books("Second", "EUR"), statement(*LATER))
        assert codes(refused) == ["ACCOUNT_ELSEWHERE"]
        assert IBAN in refused.value.message

    def test_money_in_a_closed_period(self, books: Books) -> None:
        """What is there already, and what moved no customer's money, is no matter of a lock."""
        take(books, statement(*FIRST))
        books.lock("2026-03-11")
        late = line("2026-03-10", "5.00", "LATE", "B7")
        wider = statement(FIRST[0], line("2026-03-10", "-1.00", "FEE", "B8"), late, *LATER)
        with pytest.raises(RowsRejected) as refused:
            take(books, wider)
        assert codes(refused) == ["PERIOD_LOCKED"]
        assert refused.value.facts["problems"][0]["where"] == "entry 3"
        assert new_and_same(take(books, wider, accept_partial=True)) == [(5, 3, 1)]
        assert broken() == {}


class TestPreviewAndBack:
    def test_a_preview_that_is_not_what_would_be_written(self, books: Books) -> None:
        with whole():
            seen = plan_digest(take(books, statement(*FIRST)))
            transaction.set_rollback(True)
        assert BankLine.objects.count() == 0
        take(books, statement(FIRST[0], number="0"))
        with pytest.raises(PlanChanged):
            take(books, statement(*FIRST), expected_digest=seen)

    def test_what_was_previewed_is_taken(self, books: Books) -> None:
        with whole():
            seen = plan_digest(take(books, statement(*FIRST)))
            transaction.set_rollback(True)
        assert new_and_same(take(books, statement(*FIRST), expected_digest=seen)) == [(4, 4, 0)]

    def test_taken_back_whole_and_imported_again(self, books: Books) -> None:
        before = books.aging("2026-03-12")
        (report,) = take(books, statement(*FIRST))
        told = books.revert(report["id"])
        assert (told["payments"], told["bank_lines"]) == (3, 4)
        assert books.aging("2026-03-12") == before
        assert latest_bank_day(books.entity_id) is None
        assert broken() == {}
        assert new_and_same(take(books, statement(*FIRST))) == [(4, 4, 0)]
        assert broken() == {}

    def test_not_while_something_depends_on_it(self, books: Books) -> None:
        (report,) = take(books, statement(*FIRST))
        wider = statement(*FIRST[1:], *LATER, opening="1119.00", on="2026-03-10", number="2")
        (later,) = take(books, wider)
        with pytest.raises(ImportInUse) as refused:
            books.revert(report["id"])
        assert "statement 2" in refused.value.facts["depends"][0]["what"]
        books.revert(later["id"])
        books.revert(report["id"])
        assert amounts() == []
        assert broken() == {}


def test_details_are_kept_with_their_line(books: Books) -> None:
    batch = line("2026-03-09", "3.00", details=(part("1.00"), part("2.00")))
    take(books, statement(batch))
    (entry,) = BankLine.objects.all()
    assert entry.payment_id is None
    assert list(BankDetail.objects.values_list("line_id", flat=True)) == [entry.pk] * 2


def test_more_lines_take_no_more_queries(books: Books) -> None:
    def queries(count: int, number: str) -> int:
        lines = [
            line("2026-03-09", f"{n}.{number}0", "RE", f"{number}-{n}") for n in range(1, count)
        ]
        with CaptureQueriesContext(connection) as seen:
            take(books, statement(*lines, opening="0.00", number=number))
        return len(seen)

    take(books, statement(*FIRST))
    assert queries(3, "2") == queries(40, "3")


def test_sums_of_payments_are_found_among_many(books: Books) -> None:
    books.payment("P-1", None, "1.00", on="2026-03-09")
    books.payment("P-2", None, "2.00", on="2026-03-10")
    books.payment("P-3", None, "3.00", on="2026-03-09")
    sums = {("EUR", 100 * n, day("2026-03-09")) for n in (1, 2, *range(4, 500))}
    assert list(payments_alike(books.entity_id, sums).values()) == [
        ("EUR", 100, day("2026-03-09")),
    ]


def test_documents_of_structured_remittance_are_kept_and_matched(books: Books) -> None:
    """Two invoices named with what was paid on each, and the discount: applied as told."""
    books.customer("ACME", name="Acme GmbH")
    for number, amount in (("RE-1", "100.00"), ("RE-2", "21.00")):
        books.invoice(number, "ACME", amount, issued="2026-03-01", due="2026-03-31")
    named = (
        NamedDocument("RE-1", "CINV", None, 10000),
        NamedDocument("RE-2", "CINV", 2100, 1900, 0, 200, "damaged"),
    )
    alone = line("2026-03-09", "119.00", reference="B1", documents=named)
    batch = line(
        "2026-03-10",
        "3.00",
        reference="B2",
        details=(part("1.00", documents=named[:1]), part("2.00")),
    )
    take(books, statement(alone, batch))
    first, second, third = Payment.objects.order_by("id").values_list("id", flat=True)
    told = documents_of([first, second, third])
    assert told == {first: list(named), second: [named[0]]}
    assert [one.deduction_minor for one in lines_of(told[first], 11900)] == [0, 200]
    assert lines_of(told[second], 100) == ()
    at = books.moment()
    found = match_payments(
        entity=books.entity, on=day("2026-03-10"), auto=True, actor="tester", at=at
    )
    (one,) = [one for one in found.proposals if one.payment.id == first]
    assert [(found.minor, found.reason) for found in one.lines][:2] == [
        (10000, "settled"),
        (1900, "settled"),
    ]
    assert broken() == {}


def test_a_code_that_says_it_is_no_receivable_sets_the_money_aside(books: Books) -> None:
    """With the code as the reason; a batch part by part; taken up again it stays so."""
    author = Author("ann", books.moment())
    set_kind(entity_id=books.entity_id, code="PMNT-*-GRNT", says="A grant", author=author)
    set_kind(entity_id=books.entity_id, code="*-FEES", says="", author=author)
    lines = (
        line("2026-03-09", "1.50", "ZINSEN", code="NTRF-814"),
        line("2026-03-09", "-9.00", "FEE", code="ACMT-MDOP-CHRG"),
        line("2026-03-09", "70.00", "GRANT", code="PMNT-RCDT-GRNT",
             details=(part("30.00"), part("40.00"))),
        line("2026-03-09", "5.00", "PAID", code="PMNT-RCDT-FEES"),
        line("2026-03-09", "6.00", "PAID", code="PMNT-RCDT-ESCT"),
    )  # fmt: skip
    (told,) = take(books, statement(*lines))
    assert any("2 payments are set aside" in note and "A grant" in note for note in told["notes"])
    aside = {
        Payment.objects.get(pk=row.payment_id).amount_minor: row.reason
        for row in SetAside.objects.filter(ended_at=None)
    }
    assert aside == {
        150: "Interest, by the bank\u2019s code NTRF-814",
        3000: "A grant, by the bank\u2019s code PMNT-RCDT-GRNT",
        4000: "A grant, by the bank\u2019s code PMNT-RCDT-GRNT",
    }
    taken = Payment.objects.get(amount_minor=150).pk
    take_up_payments(entity_id=books.entity_id, payment_ids=[taken], actor="a", at=books.moment())
    (again,) = take(books, statement(*lines))
    assert again["new"] == 0
    assert SetAside.objects.filter(ended_at=None).count() == 2
    assert broken() == {}
