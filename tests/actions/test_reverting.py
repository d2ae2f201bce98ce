"""Take an import back while nothing depends on it; the refusal names what does."""

import pytest

from building import Books, broken, proved, row_count
from duly.access.queries import changes_of_several
from duly.intake.errors import AlreadyReverted, ImportInUse, ImportUnknown
from duly.ledger.errors import PeriodLocked
from duly.parties.models import Rate
from duly.parties.queries import contacts_of
from northwind import APPLICATIONS, CUSTOMERS, ITEMS, PAYMENTS, northwind

pytestmark = pytest.mark.django_db

ITEM = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
DAYS = ("2026-02-01", "2026-02-20", "2026-03-10", "2026-12-31")


def aged(books: Books) -> list[dict]:
    return [books.aging(on) for on in DAYS]


def in_use(refusal: pytest.ExceptionInfo[ImportInUse]) -> list[str]:
    return [one["what"] for one in refusal.value.facts["depends"]]


class TestFourFiles:
    @pytest.fixture
    def books(self) -> Books:
        return Books()

    def test_newest_first_takes_all_back(self, books: Books) -> None:
        states, batches = [], []
        for kind, text in (
            ("customers", CUSTOMERS),
            ("items", ITEMS),
            ("payments", PAYMENTS),
            ("applications", APPLICATIONS),
        ):
            states.append(aged(books))
            batches.append(books.take_in(kind, text)["id"])
        for batch, state in zip(reversed(batches), reversed(states), strict=True):
            books.revert(batch)
            assert [
                {currency: row for currency, row in day.items() if row} for day in aged(books)
            ] == [{currency: row for currency, row in day.items() if row} for day in state]
            assert broken() == {}

    def test_what_is_built_upon_stays(self, books: Books) -> None:
        customers = books.take_in("customers", CUSTOMERS)["id"]
        items = books.take_in("items", ITEMS)["id"]
        payments = books.take_in("payments", PAYMENTS)["id"]
        books.take_in("applications", APPLICATIONS)
        before = row_count()
        with pytest.raises(ImportInUse) as refusal:
            books.revert(items)
        assert in_use(refusal) == ["K-1", "M-1"]
        with pytest.raises(ImportInUse) as refusal:
            books.revert(payments)
        assert in_use(refusal) == ["P-1", "P-2"]
        with pytest.raises(ImportInUse) as refusal:
            books.revert(customers)
        assert "MERIDIAN" in in_use(refusal)
        assert row_count() == before
        assert broken() == {}

    def test_taken_back_twice_is_refused(self, books: Books) -> None:
        batch = books.take_in("customers", CUSTOMERS)["id"]
        books.revert(batch)
        with pytest.raises(AlreadyReverted):
            books.revert(batch)

    def test_an_import_that_is_not_there(self, books: Books) -> None:
        with pytest.raises(ImportUnknown):
            books.revert(4711)

    def test_imported_again_after_it_was_taken_back(self, books: Books) -> None:
        books.take_in("customers", CUSTOMERS)
        state = None
        for _ in range(3):
            batch = books.take_in("items", ITEMS)
            assert batch["new"] == 8
            assert state in (None, aged(books))
            state = aged(books)
            books.revert(batch["id"])
        assert broken() == {}
        assert proved()["I18"].checked == 4


def test_opening_balances_are_taken_back_too() -> None:
    books = northwind()
    text = (
        ITEM.strip() + ",open_amount\n" + "invoice,O-1,MERIDIAN,EUR,2026-01-01,2026-01-31,9.00,4.00"
    )
    books.revert(books.take_in("items", text)["id"])
    assert not any(any(day.values()) for day in aged(books))
    assert broken() == {}


def test_a_closed_period_keeps_its_import() -> None:
    books = northwind()
    batch = books.take_in("items", ITEMS)["id"]
    books.lock("2026-01-31")
    with pytest.raises(PeriodLocked):
        books.revert(batch)
    assert broken() == {}


def test_applications_that_were_taken_back_by_hand() -> None:
    books = northwind()
    books.take_in_all([("items", ITEMS, ""), ("payments", PAYMENTS, "")])
    batch = books.take_in("applications", APPLICATIONS)["id"]
    books.unapply("P-1", on="2026-02-25")
    books.unapply("P-2", on="2026-03-06")
    books.revert(batch)
    assert broken() == {}


def test_a_document_that_was_voided_by_hand() -> None:
    """Found by the random books: what is void already needs nothing."""
    books = northwind()
    batch = books.take_in("items", ITEMS)["id"]
    books.void("M-2", on="2026-03-01")
    books.revert(batch)
    assert not any(books.aging("2026-12-31").values())
    assert broken() == {}


def test_an_opening_that_was_taken_back_by_hand() -> None:
    books = northwind()
    text = ITEM.strip() + ",open_amount\ninvoice,O-1,MERIDIAN,EUR,2026-01-01,2026-01-31,9.00,4.00"
    batch = books.take_in("items", text)["id"]
    from duly.receivables.actions import take_back_applications
    from duly.receivables.models import Application

    with books.recording("unapply") as recorder:
        take_back_applications(
            recorder=recorder,
            entity_id=books.entity_id,
            application_ids=Application.objects.values_list("pk", flat=True),
            on=None,
        )
    books.revert(batch)
    assert not any(any(day.values()) for day in aged(books))
    assert broken() == {}


def test_a_payment_that_was_voided_by_hand() -> None:
    books = northwind()
    batch = books.take_in("payments", PAYMENTS)["id"]
    books.void_payment("P-3", on="2026-03-10")
    books.revert(batch)
    assert not any(books.aging("2026-12-31").values())
    assert broken() == {}


class TestMasterData:
    def test_made_customers_go_and_changed_ones_are_as_before(self) -> None:
        books = Books()
        books.take_in("customers", "customer_id,name,email\nA,Ann,ann@a.example")
        batch = books.take_in("customers", "customer_id,name\nA,Anna\nB,Bea")["id"]
        told = books.revert(batch)
        assert (told["customers"], told["customers_kept"]) == (1, 0)
        kept = books.customers()
        assert (set(kept), kept["A"].name, kept["A"].email) == ({"A"}, "Ann", "ann@a.example")
        assert [change.after for change in changes_of_several({"customer": [kept["A"].pk]})] == [
            {"name": "Ann"},
            {"name": "Anna"},
        ]

    def test_a_customer_of_voided_documents_stays(self) -> None:
        books = Books()
        customers = books.take_in("customers", "customer_id,name\nA,Ann")["id"]
        items = books.take_in("items", ITEM + "invoice,I-1,A,EUR,2026-01-01,2026-01-31,9.00")["id"]
        books.revert(items)
        assert books.revert(customers)["customers_kept"] == 1
        assert broken() == {}

    def test_a_later_change_is_not_overwritten(self) -> None:
        books = Books()
        books.take_in("customers", "customer_id,name\nA,Ann")
        second = books.take_in("customers", "customer_id,name\nA,Anna")["id"]
        books.take_in("customers", "customer_id,name\nA,Annabel")
        with pytest.raises(ImportInUse):
            books.revert(second)
        assert books.customers()["A"].name == "Annabel"

    def test_a_customer_with_later_contacts_is_in_use(self) -> None:
        books = Books()
        customers = books.take_in("customers", "customer_id,name\nA,Ann")["id"]
        books.take_in("contacts", "customer_id,name,role\nA,Carl,accounts_payable")
        with pytest.raises(ImportInUse):
            books.revert(customers)
        assert [one.name for one in contacts_of(books.customer_id("A"))] == ["Carl"]

    def test_a_customer_with_later_children_is_in_use(self) -> None:
        books = Books()
        parents = books.take_in("customers", "customer_id,name\nA,Ann")["id"]
        books.take_in("customers", "customer_id,name,parent_id\nB,Bea,A")
        with pytest.raises(ImportInUse):
            books.revert(parents)

    def test_a_made_customer_that_was_changed_later_is_in_use(self) -> None:
        books = Books()
        first = books.take_in("customers", "customer_id,name\nA,Ann")["id"]
        second = books.take_in("customers", "customer_id,name\nA,Anna")["id"]
        with pytest.raises(ImportInUse) as refusal:
            books.revert(first)
        assert in_use(refusal) == ["A"]
        books.revert(second)
        assert books.revert(first)["customers"] == 1

    def test_a_family_that_came_at_once_goes_at_once(self) -> None:
        books = Books()
        books.take_in("customers", "customer_id,name\nC,Cee")
        batch = books.take_in("customers", "customer_id,name,parent_id\nB,Bea,A\nA,Ann,\nC,Cee,A")
        assert books.revert(batch["id"])["customers"] == 2
        assert books.customers()["C"].parent_id is None

    def test_a_new_customer_does_not_get_the_trail_of_one_that_went(self) -> None:
        """Ids are not used again: what changed of a customer is told under its own."""
        books = Books()
        books.revert(books.take_in("customers", "customer_id,name\nA,Ann")["id"])
        books.take_in("customers", "customer_id,name\nB,Bea")
        assert changes_of_several({"customer": [books.customer_id("B")]}) == []

    def test_contacts_and_rates_are_taken_back(self) -> None:
        books = northwind()
        contacts = books.take_in("contacts", "customer_id,name,role\nKOBO,Ken,owner")["id"]
        rates = books.take_in("rates", "on,currency,per_entity_currency\n2026-01-01,USD,1.1")["id"]
        again = books.take_in("rates", "on,currency,per_entity_currency\n2026-01-01,USD,1.2")
        assert again["changed"] == 1
        books.revert(again["id"])
        assert [r.per_entity_currency for r in Rate.objects.all()] == ["1.1"]
        books.revert(rates)
        books.revert(contacts)
        assert not Rate.objects.exists()
        assert contacts_of(books.customer_id("KOBO")) == []
        assert broken() == {}
