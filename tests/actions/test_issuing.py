"""Issue invoices, credit notes, debit notes, instalments and opening balances."""

import pytest

from building import Books, broken
from northwind import CUSTOMERS, northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return northwind()


def test_each_kind_stands_on_its_own_side(books: Books) -> None:
    books.invoice("I-1", "MERIDIAN", "100.00", issued="2026-01-01", due="2026-01-31")
    books.invoice(
        "D-1", "MERIDIAN", "7.00", issued="2026-01-01", due="2026-01-31", kind="debit_note"
    )
    books.credit_note("C-1", "MERIDIAN", "30.00", issued="2026-01-01")
    assert books.aging("2026-02-01") == {
        "EUR": {"1-30": "107.00", "unapplied": "-30.00", "total": "77.00"}
    }
    assert books.state("C-1", "2026-06-01") == "credit"
    assert broken() == {}


def test_a_document_is_not_there_before_its_day(books: Books) -> None:
    books.invoice("I-1", "MERIDIAN", "100.00", issued="2026-03-01", due="2026-03-31")
    assert not any(books.aging("2026-02-28").values())
    assert books.aging("2026-03-01")["EUR"]["current"] == "100.00"


def test_instalments_age_apart(books: Books) -> None:
    books.invoice(
        "I-1",
        "MERIDIAN",
        "100.00",
        issued="2026-01-01",
        instalments=[("2026-01-31", "33.34"), ("2026-03-02", "33.33"), ("2026-04-01", "33.33")],
    )
    assert books.aging("2026-03-05")["EUR"] == {
        "current": "33.33",
        "1-30": "33.33",
        "31-60": "33.34",
        "total": "100.00",
    }
    books.payment("P", "MERIDIAN", "33.34", on="2026-03-05")
    books.apply("P", "I-1", "33.34", instalment=1, on="2026-03-05")
    assert books.aging("2026-03-05")["EUR"] == {
        "current": "33.33",
        "1-30": "33.33",
        "total": "66.66",
    }
    assert broken() == {}


def test_what_was_settled_before_opening_is_off_from_the_first_day(books: Books) -> None:
    books.invoice(
        "I-1", "MERIDIAN", "100.00", issued="2025-11-01", due="2025-12-01", settled_before="60.00"
    )
    assert books.aging("2025-11-01")["EUR"] == {"current": "40.00", "total": "40.00"}
    assert books.differences("2025-11-01") == {"EUR": 0}
    assert broken() == {}


def test_opening_goes_off_the_earliest_instalment_first(books: Books) -> None:
    books.invoice(
        "I-1",
        "MERIDIAN",
        "100.00",
        issued="2025-11-01",
        instalments=[("2025-12-01", "50.00"), ("2026-01-01", "50.00")],
        settled_before="60.00",
    )
    assert books.open("I-1", "2026-01-01", instalment=1) == "0.00"
    assert books.open("I-1", "2026-01-01", instalment=2) == "40.00"


def test_opening_credit_notes_keep_their_side(books: Books) -> None:
    books.credit_note("C-1", "MERIDIAN", "50.00", issued="2025-11-01", settled_before="20.00")
    assert books.aging("2025-11-01")["EUR"] == {"unapplied": "-30.00", "total": "-30.00"}
    assert broken() == {}


def test_two_customers_may_use_the_same_number(books: Books) -> None:
    books.invoice("4711", "MERIDIAN", "1.00", issued="2026-01-01")
    books.invoice("4711", "TALLOAKS", "2.00", issued="2026-01-01")
    assert books.aging("2026-01-01")["EUR"]["total"] == "3.00"
    assert broken() == {}


class TestTermsInAFile:
    """A due date stands in the file, or follows from its terms or the customer's (pain E4)."""

    header = "kind,number,customer_id,currency,issued_on,due_on,terms,amount\n"

    def due_dates(self, books: Books, row: str) -> list[tuple[str, str, int]]:
        books.take_in("items", self.header + row)
        from duly.receivables.models import Item

        return [
            (item.due_on.isoformat(), str(item.discount_until), item.discount_minor)
            for item in Item.objects.order_by("document_id", "instalment")
        ]

    def test_its_own_due_date(self, books: Books) -> None:
        row = "invoice,I-1,MERIDIAN,EUR,2026-01-31,2026-02-10,,100.00"
        assert self.due_dates(books, row) == [("2026-02-10", "None", 0)]

    def test_its_own_terms(self, books: Books) -> None:
        row = "invoice,I-1,MERIDIAN,EUR,2026-01-31,,net10,100.00"
        assert self.due_dates(books, row) == [("2026-02-10", "None", 0)]

    def test_the_customers_terms(self, books: Books) -> None:
        row = "invoice,I-1,HARBOUR,EUR,2026-01-31,,,100.00"
        assert self.due_dates(books, row) == [("2026-03-02", "2026-02-10", 200)]

    @pytest.mark.parametrize(
        "terms", ["net 30 EOM", "as agreed", "50% net 30, 50% net 60", "net 30"]
    )
    def test_a_due_date_counts_whatever_its_terms_say(self, books: Books, terms: str) -> None:
        row = f'invoice,I-1,MERIDIAN,EUR,2026-01-31,2026-03-05,"{terms}",100.00'
        assert self.due_dates(books, row) == [("2026-03-05", "None", 0)]

    def test_terms_from_receipt_of_the_goods_count_from_delivery(self, books: Books) -> None:
        header = self.header.strip() + ",delivered_on\n"
        row = "invoice,I-1,MERIDIAN,EUR,2026-01-31,,2/10 net 30 ROG,100.00,2026-02-05"
        books.take_in("items", header + row)
        from duly.receivables.models import Item

        item = Item.objects.get()
        assert (item.due_on.isoformat(), str(item.discount_until)) == ("2026-03-07", "2026-02-15")

    def test_the_same_file_after_a_change_of_terms_adds_nothing(self, books: Books) -> None:
        """The row itself says no due date: that the customer's terms changed is no difference."""
        row = "invoice,I-1,HARBOUR,EUR,2026-01-31,,,100.00"
        books.take_in("items", self.header + row)
        books.take_in("customers", CUSTOMERS.replace("2/10 net 30", "3/7 net 7"))
        assert books.take_in("items", self.header + row)["same"] == 1

    def test_the_entitys_terms(self) -> None:
        books = Books(terms="net14")
        books.take_in("customers", "customer_id,name\nA,Ann")
        row = "invoice,I-1,A,EUR,2026-01-31,,,100.00"
        assert self.due_dates(books, row) == [("2026-02-14", "None", 0)]

    def test_a_change_of_terms_leaves_what_was_issued(self, books: Books) -> None:
        """Pain H2: the deadline that was printed stays."""
        row = "invoice,I-1,HARBOUR,EUR,2026-01-31,,,100.00"
        before = self.due_dates(books, row)
        books.take_in("customers", CUSTOMERS.replace("2/10 net 30", "net7"))
        assert self.due_dates(books, row.replace("I-1", "I-2"))[:1] == before
        assert (
            books.take_in("items", self.header + row.replace(",,,", ",2026-03-02,,"))["same"] == 1
        )

    def test_free_text_terms_give_no_due_date(self, books: Books) -> None:
        from duly.intake.errors import RowsRejected

        with pytest.raises(RowsRejected) as refusal:
            self.due_dates(books, "invoice,I-1,MERIDIAN,EUR,2026-01-31,,as agreed by phone,100.00")
        assert refusal.value.facts["problems"][0]["where"] == "row 2"

    def test_terms_beside_a_due_date_still_grant_their_discount(self, books: Books) -> None:
        row = "invoice,I-1,MERIDIAN,EUR,2026-01-31,2026-03-02,2/10 net 30,100.00"
        assert self.due_dates(books, row) == [("2026-03-02", "2026-02-10", 200)]
