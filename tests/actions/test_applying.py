"""Apply and take back: what is open on every day between, and what is refused."""

import pytest

from building import Books, broken, day, minor
from duly.kernel.errors import Defect, DulyError, Missing
from duly.receivables.actions import (
    ElsewhereDraft,
    PaymentDraft,
    apply_payments,
    receive_payments,
    settle_elsewhere,
    take_back_applications,
    void_documents,
    void_payments,
)
from duly.receivables.errors import (
    AppliedTooEarly,
    CurrencyDiffers,
    DiscountNotEarned,
    NothingApplied,
    OverApplied,
    TakenBackTooEarly,
)
from duly.receivables.models import Application
from duly.receivables.queries import payments_by_number, standing_applications
from duly.receivables.rules.applying import Wish
from northwind import northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    books = northwind()
    books.invoice("M-1", "MERIDIAN", "100.00", issued="2026-01-01", due="2026-01-31")
    books.payment("P-1", "MERIDIAN", "80.00", on="2026-02-01")
    return books


def test_an_application_counts_from_its_own_day(books: Books) -> None:
    books.apply("P-1", "M-1", "60.00", on="2026-02-05")
    assert books.aging("2026-01-31") == {"EUR": {"current": "100.00", "total": "100.00"}}
    assert books.aging("2026-02-04") == {
        "EUR": {"1-30": "100.00", "unapplied": "-80.00", "total": "20.00"}
    }
    assert books.aging("2026-02-05") == {
        "EUR": {"1-30": "40.00", "unapplied": "-20.00", "total": "20.00"}
    }
    assert books.state("M-1", "2026-02-04") == "overdue"
    assert broken() == {}


def test_taking_back_opens_the_item_from_its_day_and_not_before(books: Books) -> None:
    books.apply("P-1", "M-1", "60.00", on="2026-02-05")
    books.unapply("P-1", on="2026-02-20")
    assert books.open("M-1", "2026-02-19") == "40.00"
    assert books.open("M-1", "2026-02-20") == "100.00"
    assert books.aging("2026-02-20")["EUR"]["unapplied"] == "-80.00"
    assert broken() == {}


def test_taking_back_one_item_keeps_the_others(books: Books) -> None:
    books.invoice("M-2", "MERIDIAN", "30.00", issued="2026-01-05", due="2026-02-04")
    books.apply("P-1", "M-1", "50.00", on="2026-02-05")
    books.apply("P-1", "M-2", "30.00", on="2026-02-05")
    assert books.unapply("P-1", "M-2", on="2026-02-06") == 1
    assert books.open("M-1", "2026-02-28") == "50.00"
    assert books.open("M-2", "2026-02-28") == "30.00"


def test_taken_back_twice_is_refused(books: Books) -> None:
    books.apply("P-1", "M-1", "60.00", on="2026-02-05")
    books.unapply("P-1", on="2026-02-20")
    with pytest.raises(NothingApplied):
        books.unapply("P-1", on="2026-02-21")


def test_what_was_taken_back_can_be_applied_again(books: Books) -> None:
    for _ in range(3):
        books.apply("P-1", "M-1", "80.00", on="2026-02-05")
        books.unapply("P-1", on="2026-02-05")
    books.apply("P-1", "M-1", "80.00", on="2026-02-05")
    assert books.open("M-1", "2026-02-05") == "20.00"
    assert broken() == {}


@pytest.mark.parametrize(("amount", "refusal"), [("80.01", OverApplied), ("100.01", OverApplied)])
def test_more_than_was_paid_or_is_open_is_refused(
    books: Books, amount: str, refusal: type[DulyError]
) -> None:
    with pytest.raises(refusal):
        books.apply("P-1", "M-1", amount, on="2026-02-05")
    assert books.open("M-1", "2026-02-05") == "100.00"
    assert broken() == {}


def test_the_same_money_is_not_applied_twice(books: Books) -> None:
    books.invoice("M-2", "MERIDIAN", "90.00", issued="2026-01-05", due="2026-02-04")
    books.apply("P-1", "M-1", "80.00", on="2026-02-05")
    with pytest.raises(OverApplied):
        books.apply("P-1", "M-2", "0.01", on="2026-02-05")


def test_money_settles_only_its_own_currency(books: Books) -> None:
    books.payment("P-USD", "MERIDIAN", "100.00", on="2026-02-01", currency="USD")
    with pytest.raises(CurrencyDiffers):
        books.apply("P-USD", "M-1", "10.00", on="2026-02-05")


@pytest.mark.parametrize("on", ["2026-01-31", "2025-12-31"])
def test_nothing_is_applied_before_the_money_came(books: Books, on: str) -> None:
    with pytest.raises(AppliedTooEarly):
        books.apply("P-1", "M-1", "10.00", on=on)


def test_a_credit_note_settles_an_invoice_and_the_total_stays(books: Books) -> None:
    books.credit_note("CN-1", "MERIDIAN", "30.00", issued="2026-01-15")
    before = books.aging("2026-02-10")["EUR"]["total"]
    books.apply("CN-1", "M-1", "25.00", on="2026-02-10")
    assert books.aging("2026-02-10")["EUR"] == {
        "1-30": "75.00",
        "unapplied": "-85.00",  # 80.00 of money, 5.00 of credit
        "total": before,
    }
    assert books.open("CN-1", "2026-02-10") == "-5.00"
    assert broken() == {}


def test_more_credit_than_there_is_is_refused(books: Books) -> None:
    books.credit_note("CN-1", "MERIDIAN", "30.00", issued="2026-01-15")
    with pytest.raises(OverApplied):
        books.apply("CN-1", "M-1", "30.01", on="2026-02-10")


def test_a_credit_note_taken_back_is_open_credit_again(books: Books) -> None:
    books.credit_note("CN-1", "MERIDIAN", "30.00", issued="2026-01-15")
    books.apply("CN-1", "M-1", "30.00", on="2026-02-10")
    books.unapply("CN-1", on="2026-02-12")
    assert books.open("CN-1", "2026-02-11") == "0.00"
    assert books.open("CN-1", "2026-02-12") == "-30.00"
    assert broken() == {}


def test_a_parent_pays_for_its_subsidiary(books: Books) -> None:
    books.customer("MERIDIAN-SUB", "Meridian Subsidiary")
    books.invoice("SUB-1", "MERIDIAN-SUB", "50.00", issued="2026-01-05", due="2026-02-04")
    books.apply("P-1", "SUB-1", "50.00", on="2026-02-05")
    assert books.aging("2026-02-05", customer="MERIDIAN-SUB") == {} or not any(
        books.aging("2026-02-05", customer="MERIDIAN-SUB").values()
    )
    assert books.aging("2026-02-05", customer="MERIDIAN")["EUR"]["unapplied"] == "-30.00"
    assert broken() == {}


def test_a_credit_note_of_another_customer_moves_the_receivable_between_them(books: Books) -> None:
    books.credit_note("CN-T", "TALLOAKS", "40.00", issued="2026-01-15")
    books.apply("CN-T", "M-1", "40.00", on="2026-02-10")
    assert books.open("M-1", "2026-02-10") == "60.00"
    assert books.differences("2026-02-09") == {"EUR": 0}
    assert broken() == {}


def test_money_of_an_unknown_payer_can_be_applied(books: Books) -> None:
    books.payment("P-9", None, "20.00", on="2026-02-03")
    books.apply("P-9", "M-1", "15.00", on="2026-02-04")
    assert books.open("M-1", "2026-02-04") == "85.00"
    assert books.aging("2026-02-04")["EUR"]["unapplied"] == "-85.00"
    assert broken() == {}


class TestDiscount:
    """2 % within ten days: the day on which the money came in decides (pain H1)."""

    @pytest.fixture
    def books(self) -> Books:
        books = northwind()
        books.invoice(
            "H-1",
            "HARBOUR",
            "200.00",
            issued="2026-03-01",
            due="2026-03-31",
            discount=("2026-03-11", "4.00"),
        )
        return books

    def test_earned_on_the_last_day(self, books: Books) -> None:
        books.payment("P", "HARBOUR", "196.00", on="2026-03-11")
        books.apply("P", "H-1", "196.00", discount="4.00", on="2026-03-20")
        assert books.state("H-1", "2026-03-20") == "paid"
        assert books.open("H-1", "2026-03-19") == "200.00"
        assert broken() == {}

    def test_a_day_late_is_refused(self, books: Books) -> None:
        books.payment("P", "HARBOUR", "196.00", on="2026-03-12")
        with pytest.raises(DiscountNotEarned, match="2026-03-11"):
            books.apply("P", "H-1", "196.00", discount="4.00", on="2026-03-12")
        books.apply("P", "H-1", "196.00", on="2026-03-12")
        assert books.open("H-1", "2026-03-12") == "4.00"

    def test_more_than_granted_is_refused(self, books: Books) -> None:
        books.payment("P", "HARBOUR", "196.00", on="2026-03-02")
        with pytest.raises(DiscountNotEarned):
            books.apply("P", "H-1", "195.99", discount="4.01", on="2026-03-02")

    def test_never_granted_is_refused(self, books: Books) -> None:
        books.invoice("M-1", "MERIDIAN", "100.00", issued="2026-03-01", due="2026-03-31")
        books.payment("P", "MERIDIAN", "98.00", on="2026-03-02")
        with pytest.raises(DiscountNotEarned):
            books.apply("P", "M-1", "98.00", discount="2.00", on="2026-03-02")

    def test_the_whole_of_it_only_once(self, books: Books) -> None:
        books.payment("P", "HARBOUR", "190.00", on="2026-03-02")
        books.apply("P", "H-1", "90.00", discount="3.00", on="2026-03-02")
        with pytest.raises(DiscountNotEarned):
            books.apply("P", "H-1", "90.00", discount="1.01", on="2026-03-02")
        books.apply("P", "H-1", "90.00", discount="1.00", on="2026-03-02")
        assert books.open("H-1", "2026-03-02") == "16.00"
        assert broken() == {}

    def test_taking_the_cash_back_takes_the_discount_back(self, books: Books) -> None:
        books.payment("P", "HARBOUR", "196.00", on="2026-03-10")
        books.apply("P", "H-1", "196.00", discount="4.00", on="2026-03-10")
        assert books.unapply("P", on="2026-03-15") == 2
        assert books.open("H-1", "2026-03-15") == "200.00"
        books.apply("P", "H-1", "196.00", discount="4.00", on="2026-03-15")
        assert books.open("H-1", "2026-03-15") == "0.00"
        assert broken() == {}


@pytest.mark.parametrize("amount", ["-10.00", "0.00"])
def test_nothing_or_less_is_not_applied(books: Books, amount: str) -> None:
    """An application of a negative amount would be an un-application that nobody sees as one."""
    books.apply("P-1", "M-1", "40.00", on="2026-02-05")
    with pytest.raises(DulyError):
        books.apply("P-1", "M-1", amount, on="2026-02-05")
    assert books.open("M-1", "2026-02-05") == "60.00"


def test_no_day_shows_more_settled_than_was_owed(books: Books) -> None:
    """I3 holds on every day: what was settled on 5 to 19 February can't be settled on the 10th."""
    books.apply("P-1", "M-1", "80.00", on="2026-02-05")
    books.unapply("P-1", on="2026-02-20")
    books.payment("P-2", "MERIDIAN", "100.00", on="2026-02-02")
    with pytest.raises(DulyError):
        books.apply("P-2", "M-1", "100.00", on="2026-02-10")


def test_no_day_shows_more_applied_than_was_paid(books: Books) -> None:
    """I4 holds on every day: money that stood on one item till the 19th is not free on the 10th."""
    books.invoice("M-2", "MERIDIAN", "80.00", issued="2026-01-05", due="2026-02-04")
    books.apply("P-1", "M-1", "80.00", on="2026-02-05")
    books.unapply("P-1", on="2026-02-20")
    with pytest.raises(DulyError):
        books.apply("P-1", "M-2", "80.00", on="2026-02-10")


@pytest.mark.parametrize(
    ("currency", "amount", "part", "rest"),
    [
        ("JPY", "1000", "333", "667"),
        ("EUR", "0.03", "0.01", "0.02"),
        ("KWD", "1.001", "0.334", "0.667"),
        ("CLF", "1.0001", "0.0002", "0.9999"),
    ],
)
def test_each_currency_keeps_its_own_decimals(
    books: Books, currency: str, amount: str, part: str, rest: str
) -> None:
    more = {"currency": currency}
    books.invoice("X-1", "KOBO", amount, issued="2026-02-01", due="2026-03-03", **more)
    books.payment("X-P", "KOBO", part, on="2026-02-02", **more)
    books.apply("X-P", "X-1", part, on="2026-02-02")
    assert books.aging("2026-02-02", customer="KOBO")[currency] == {"current": rest, "total": rest}
    assert minor(rest, currency) == minor(amount, currency) - minor(part, currency)
    assert broken() == {}


class TestPastDays:
    """Money that stood on an item for a while can't have stood elsewhere on those days (I3, I4)."""

    @pytest.fixture
    def books(self) -> Books:
        books = northwind()
        books.invoice("M-1", "MERIDIAN", "100.00", issued="2026-01-01", due="2026-01-31")
        books.payment("P-1", "MERIDIAN", "80.00", on="2026-02-01")
        books.apply("P-1", "M-1", "80.00", on="2026-02-05")
        books.unapply("P-1", on="2026-02-20")
        books.payment("P-2", "MERIDIAN", "100.00", on="2026-02-02")
        return books

    def test_what_was_open_all_the_time_can_be_settled(self, books: Books) -> None:
        books.apply("P-2", "M-1", "20.00", on="2026-02-10")
        assert books.open("M-1", "2026-02-10") == "0.00"
        assert books.open("M-1", "2026-02-20") == "80.00"
        with pytest.raises(OverApplied) as refusal:
            books.apply("P-2", "M-1", "0.01", on="2026-02-19")
        assert refusal.value.facts["earliest"] == "2026-02-20"
        books.apply("P-2", "M-1", "80.00", on="2026-02-20")
        assert broken() == {}

    def test_what_is_settled_later_is_taken_already(self, books: Books) -> None:
        books.apply("P-2", "M-1", "90.00", on="2026-03-01")
        with pytest.raises(OverApplied):
            books.apply("P-1", "M-1", "10.01", on="2026-02-20")
        books.apply("P-1", "M-1", "10.00", on="2026-02-20")
        assert broken() == {}

    def test_credit_stands_on_one_item_a_day(self, books: Books) -> None:
        books.credit_note("CN-1", "MERIDIAN", "30.00", issued="2026-01-15")
        books.invoice("M-2", "MERIDIAN", "30.00", issued="2026-01-05", due="2026-02-04")
        books.apply("CN-1", "M-2", "30.00", on="2026-02-10")
        books.unapply("CN-1", on="2026-02-25")
        with pytest.raises(OverApplied):
            books.apply("CN-1", "M-1", "30.00", on="2026-02-22")
        books.apply("CN-1", "M-1", "30.00", on="2026-02-25")
        assert broken() == {}

    def test_another_system_can_have_settled_only_what_was_open(self, books: Books) -> None:
        """Its list is of the 10th, when 80.00 stood on it here: it counts from the 20th."""
        books.settle_elsewhere("M-1", "100.00", on="2026-02-10")
        assert books.open("M-1", "2026-02-19") == "20.00"
        assert books.open("M-1", "2026-02-20") == "0.00"
        assert broken() == {}

    def test_taken_back_before_it_was_applied_is_refused(self, books: Books) -> None:
        books.apply("P-2", "M-1", "5.00", on="2026-03-01")
        with pytest.raises(TakenBackTooEarly) as refusal:
            books.unapply("P-2", on="2026-02-28")
        assert refusal.value.facts["applied_on"] == "2026-03-01"
        assert books.unapply("P-2", on="2026-03-01") == 1


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "100.01"])
def test_settled_elsewhere_is_never_more_than_is_open(books: Books, amount: str) -> None:
    with pytest.raises(OverApplied):
        books.settle_elsewhere("M-1", amount, on="2026-02-10")
    assert broken() == {}


def test_nothing_of_another_entity_is_touched(books: Books) -> None:
    """An id of another company's record is no id here, whoever sends it."""
    other = Books("Northwind Benelux")
    other.customer("B")
    other.invoice("B-1", "B", "9.00", issued="2026-01-01", due="2026-01-31")
    other.payment("B-P", "B", "9.00", on="2026-02-01")
    theirs, ours = other.item("B-1"), books.item("M-1")
    payments = {
        number: payments_by_number(one.entity_id, [number])[number].id
        for one, number in ((books, "P-1"), (other, "B-P"))
    }
    on, id_ = day("2026-02-10"), books.entity_id
    for wish in (
        Wish(payments["P-1"], theirs.id, 100, on),
        Wish(payments["B-P"], ours.id, 100, on),
    ):
        with pytest.raises(Missing), books.recording() as recorder:
            apply_payments(recorder=recorder, entity_id=id_, wishes=[wish])
    with pytest.raises(Missing), books.recording() as recorder:
        void_documents(recorder=recorder, entity_id=id_, document_ids=[theirs.document_id], on=None)
    with pytest.raises(Missing), books.recording() as recorder:
        void_payments(recorder=recorder, entity_id=id_, payment_ids=[payments["B-P"]], on=None)
    with pytest.raises(Missing), books.recording() as recorder:
        settle_elsewhere(
            recorder=recorder, entity_id=id_, drafts=[ElsewhereDraft(theirs.id, 1)], on=on
        )
    other.apply("B-P", "B-1", "9.00", on="2026-02-02")
    standing = standing_applications([payments["B-P"]], of_credit=False)
    with pytest.raises(NothingApplied), books.recording() as recorder:
        take_back_applications(
            recorder=recorder, entity_id=id_, application_ids=[standing[0].id], on=None
        )
    assert broken() == {}


def test_a_batch_writes_in_the_books_of_its_own_entity_alone(books: Books) -> None:
    other = Books("Northwind Benelux")
    with pytest.raises(Defect), books.recording() as recorder:
        receive_payments(
            recorder=recorder,
            entity_id=other.entity_id,
            payments=[PaymentDraft("P-9", None, "EUR", 100, "2026-02-01")],
        )


def test_a_void_is_not_taken_back(books: Books) -> None:
    books.void_payment("P-1", on="2026-02-10")
    void = Application.objects.get(reason="void")
    with pytest.raises(NothingApplied), books.recording() as recorder:
        take_back_applications(
            recorder=recorder, entity_id=books.entity_id, application_ids=[void.pk], on=None
        )
