"""Customers, contacts, rates: every change keeps who, when, before and after."""

import pytest

from building import FIRST_MOMENT, Books, broken, proved, sheet_of
from duly.access.queries import changes_of_several
from duly.intake.actions import import_sheets
from duly.intake.errors import RowsRejected
from duly.parties.actions import CustomerDraft, add_entity, save_customers
from duly.parties.errors import EntityExists, ParentCycle
from duly.parties.models import Rate
from duly.parties.queries import contacts_of, ids_under, search_customers, tops_of
from northwind import northwind

pytestmark = pytest.mark.django_db


def counts(report: dict) -> tuple[int, int, int, int]:
    return report["new"], report["changed"], report["same"], report["rejected"]


def test_a_change_keeps_who_when_before_and_after() -> None:
    books = northwind()
    report = books.take_in("customers", "customer_id,name,terms\nMERIDIAN,Meridian Group,net 45")
    assert counts(report) == (0, 1, 0, 0)
    pk = books.customer_id("MERIDIAN")
    (change,) = changes_of_several({"customer": [pk]})
    assert (change.actor, change.batch_id) == ("tester", report["id"])
    assert change.recorded_at > FIRST_MOMENT
    assert change.before == {"name": "Meridian Foods", "terms": "net30"}
    assert change.after == {"name": "Meridian Group", "terms": "net45"}


def test_columns_that_a_file_lacks_stay() -> None:
    books = northwind()
    books.take_in("customers", "customer_id,name\nMERIDIAN,Meridian Foods")
    kept = books.customers()["MERIDIAN"]
    assert (kept.country, kept.currency, kept.terms) == ("DE", "EUR", "net30")


def test_an_empty_cell_of_a_column_that_is_there_empties_it() -> None:
    books = northwind()
    report = books.take_in("customers", "customer_id,name,country\nMERIDIAN,Meridian Foods,")
    assert counts(report) == (0, 1, 0, 0)
    assert books.customers()["MERIDIAN"].country == ""


def test_every_column_is_kept_or_refused() -> None:
    books = Books()
    books.take_in(
        "customers",
        "customer_id,name,email,phone,country,language,timezone,terms,credit_limit,currency,"
        "tax_id,registration_id,address,segment,collector,sales_rep,payment_method,do_not_chase,"
        "legal_name,other_names\n"
        "A,Ann,ann@a.example,+49 1,de,de-DE,Europe/Berlin,2/10 net 30,1000.5,USD,"
        "DE1,HRB 1,Way 1,gold,Kim,Lee,card,yes,Ann AG,Anne | Annie\n",
    )
    kept = books.customers()["A"]
    assert (kept.country, kept.timezone, kept.credit_limit_minor) == ("DE", "Europe/Berlin", 100050)
    assert (kept.payment_method, kept.do_not_chase) == ("card", True)
    assert (kept.legal_name, kept.other_names) == ("Ann AG", "Anne | Annie")


WRONG_CELLS = {
    "email": ("nobody", "EMAIL_UNREADABLE"),
    "country": ("Germany", "COUNTRY_UNKNOWN"),
    "timezone": ("Berlin", "TIMEZONE_UNKNOWN"),
    "credit_limit": ("1e3", "INVALID_AMOUNT"),
    "currency": ("EUX", "UNKNOWN_CURRENCY"),
    "payment_method": ("cheque", "WORD_UNKNOWN"),
    "do_not_chase": ("perhaps", "WORD_UNKNOWN"),
    "name": ("x" * 201, "TEXT_TOO_LONG"),
}


@pytest.mark.parametrize("column", WRONG_CELLS)
def test_a_wrong_cell_is_told_by_row_and_column(column: str) -> None:
    cells = {"customer_id": "A", "name": "Ann"} | {column: WRONG_CELLS[column][0]}
    with pytest.raises(RowsRejected) as refusal:
        Books().take_in("customers", ",".join(cells) + "\n" + ",".join(cells.values()))
    (problem,) = refusal.value.facts["problems"]
    assert (problem["where"], problem["code"]) == ("row 2", WRONG_CELLS[column][1])
    assert column in problem["message"]
    assert problem["remedy"]


def test_all_wrong_cells_of_a_row_are_told_at_once() -> None:
    with pytest.raises(RowsRejected) as refusal:
        Books().take_in(
            "customers",
            "customer_id,name,email,country,timezone,payment_method\n"
            "A,Ann,nobody,Germany,Berlin,cheque\n",
        )
    assert {one["code"] for one in refusal.value.facts["problems"]} == {
        "EMAIL_UNREADABLE",
        "COUNTRY_UNKNOWN",
        "TIMEZONE_UNKNOWN",
        "WORD_UNKNOWN",
    }


@pytest.mark.parametrize(
    ("kind", "header", "rows", "code"),
    [
        ("customers", "customer_id,name", ["A,Ann", "B,Bea", "A,Ann"], "CUSTOMER_REPEATED"),
        ("contacts", "customer_id,name", ["A,Carl", "A,Dora", "A,Carl"], "CONTACT_REPEATED"),
        (
            "rates",
            "on,currency,per_entity_currency",
            ["2026-01-01,USD,1.1", "2026-01-02,USD,1.1", "2026-01-01,USD,1.2"],
            "RATE_REPEATED",
        ),
    ],
)
def test_what_repeats_in_a_later_block_is_told(
    kind: str, header: str, rows: list[str], code: str
) -> None:
    books = Books()
    books.take_in("customers", "customer_id,name\nA,Ann")
    sheet = sheet_of(kind, "\n".join([header, *rows]), block_rows=2)
    with pytest.raises(RowsRejected) as refusal:
        import_sheets(entity=books.entity, sheets=[(sheet, "0" * 64)], actor="t", at=books.moment())
    assert [(one["where"], one["code"]) for one in refusal.value.facts["problems"]] == [
        ("row 4", code)
    ]


@pytest.mark.parametrize("rate", ["1e3", "1e999999", "-1", "0", "0.0", "1,1", "NaN", "٣", "1."])
def test_a_rate_is_plain_and_above_zero(rate: str) -> None:
    with pytest.raises(RowsRejected) as refusal:
        Books().take_in("rates", f'on,currency,per_entity_currency\n2026-01-01,USD,"{rate}"')
    (problem,) = refusal.value.facts["problems"]
    assert problem["code"] == "RATE_UNREADABLE"


class TestHierarchy:
    @pytest.fixture
    def books(self) -> Books:
        books = Books()
        books.take_in("customers", "customer_id,name,parent_id\nC,Cee,B\nB,Bea,A\nA,Ann,\nZ,Zoe,\n")
        return books

    def test_a_parent_may_stand_further_down(self, books: Books) -> None:
        a, b, c, z = (books.customer_id(code) for code in "ABCZ")
        assert tops_of([a, b, c, z]) == {a: a, b: a, c: a, z: z}
        assert sorted(ids_under(a)) == sorted([a, b, c])

    @pytest.mark.parametrize("row", ["A,Ann,A", "A,Ann,B", "A,Ann,C"])
    def test_a_circle_is_refused_by_row(self, books: Books, row: str) -> None:
        with pytest.raises(RowsRejected) as refusal:
            books.take_in("customers", "customer_id,name,parent_id\nX,Xen,\n" + row)
        assert [(one["where"], one["code"]) for one in refusal.value.facts["problems"]] == [
            ("row 3", "PARENT_CYCLE")
        ]
        assert books.customers()["A"].parent_id is None

    def test_a_circle_of_new_customers_is_refused_row_by_row(self, books: Books) -> None:
        report = books.take_in(
            "customers",
            "customer_id,name,parent_id\nP,Pia,Q\nQ,Quy,R\nR,Ria,P\nS,Sue,P\nT,Tom,C\n",
            accept_partial=True,
        )
        assert [(one["where"], one["code"]) for one in report["problems"]] == [
            ("row 2", "PARENT_CYCLE"),
            ("row 3", "PARENT_CYCLE"),
            ("row 4", "PARENT_CYCLE"),
            ("row 5", "PARENT_UNKNOWN"),
        ]
        assert counts(report) == (1, 0, 0, 4)
        assert tops_of([books.customer_id("T")]) == {books.customer_id("T"): books.customer_id("A")}

    def test_very_many_rows_can_be_refused_in_one_file(self, books: Books) -> None:
        rows = "".join(f"X-{n},,\n" for n in range(300))
        rows += "".join(f"Y-{n},Yve,NOBODY\n" for n in range(300))
        report = books.take_in(
            "customers", "customer_id,name,parent_id\n" + rows, accept_partial=True
        )
        assert counts(report) == (0, 0, 0, 600)
        assert len(report["problems"]) == 600

    def test_a_verb_lets_no_circle_in(self, books: Books) -> None:
        draft = CustomerDraft("A", {"parent_id": books.customer_id("C")})
        with pytest.raises(ParentCycle), books.recording("customer") as recorder:
            save_customers(author=recorder.author, entity_id=books.entity_id, customers=[draft])

    def test_a_row_left_out_lets_what_stands_here_count(self, books: Books) -> None:
        """B's row can't be taken, so B stays below A, and A can't go below B."""
        report = books.take_in(
            "customers",
            "customer_id,name,parent_id\nA,Ann,B\nB,Bea,NOBODY\n",
            accept_partial=True,
        )
        assert {one["where"]: one["code"] for one in report["problems"]} == {
            "row 2": "PARENT_CYCLE",
            "row 3": "PARENT_UNKNOWN",
        }

    def test_a_hierarchy_may_be_turned_round_in_one_file(self, books: Books) -> None:
        books.take_in("customers", "customer_id,name,parent_id\nB,Bea,\nA,Ann,B\n")
        assert tops_of([books.customer_id("A")]) == {books.customer_id("A"): books.customer_id("B")}

    def test_an_unknown_parent_is_told(self, books: Books) -> None:
        with pytest.raises(RowsRejected) as refusal:
            books.take_in("customers", "customer_id,name,parent_id\nX,Xen,NOBODY")
        (problem,) = refusal.value.facts["problems"]
        assert (problem["where"], problem["code"]) == ("row 2", "PARENT_UNKNOWN")

    def test_an_unknown_parent_counts_as_one_row(self, books: Books) -> None:
        report = books.take_in(
            "customers", "customer_id,name,parent_id\nX,Xen,NOBODY", accept_partial=True
        )
        assert sum(counts(report)) == report["rows"] == 1
        assert proved()["I18"].violations == []

    def test_a_change_of_parent_is_a_change(self, books: Books) -> None:
        report = books.take_in("customers", "customer_id,name,parent_id\nZ,Zoe,A\nB,Bea,A")
        assert counts(report) == (0, 1, 1, 0)
        assert [row["differs"] for row in report["first"]["changed"]] == [{"parent_id": ["", "A"]}]
        report = books.take_in("customers", "customer_id,name,parent_id\nZ,Zoe,")
        assert [row["differs"] for row in report["first"]["changed"]] == [{"parent_id": ["A", ""]}]

    def test_aging_by_parent_gathers_the_family(self, books: Books) -> None:
        from building import day
        from duly.receivables.queries import aging

        for code, amount in (("A", "1.00"), ("B", "2.00"), ("C", "4.00"), ("Z", "8.00")):
            books.invoice(f"I-{code}", code, amount, issued="2026-01-01", due="2026-01-31")
        told = aging(on=day("2026-02-01"), by="parent")
        assert [(row.code, row.total) for row in told.rows] == [("A", 700), ("Z", 800)]
        assert told.totals["EUR"].total == 1500


class TestContacts:
    def test_new_changed_and_same(self) -> None:
        books = northwind()
        text = "customer_id,name,role,email,phone,do_not_contact\n"
        row = "MERIDIAN,Mia Okafor,accounts_payable,mia@meridian.example,+49 30 1,false\n"
        assert counts(books.take_in("contacts", text + row)) == (1, 0, 0, 0)
        assert counts(books.take_in("contacts", text + row)) == (0, 0, 1, 0)
        assert counts(books.take_in("contacts", text + row.replace("false", "true"))) == (
            0,
            1,
            0,
            0,
        )
        (contact,) = contacts_of(books.customer_id("MERIDIAN"))
        assert (contact.do_not_contact, contact.role) == (True, "accounts_payable")
        (change,) = changes_of_several({"contact": [contact.pk]})
        assert (change.before, change.after) == (
            {"do_not_contact": False},
            {"do_not_contact": True},
        )

    def test_bad_rows_are_named(self) -> None:
        books = northwind()
        with pytest.raises(RowsRejected) as refusal:
            books.take_in(
                "contacts",
                "customer_id,name,role,email\nNOBODY,A,owner,\nKOBO,B,boss,\n"
                "KOBO,C,owner,not mail\nKOBO,D,owner,\nKOBO,D,owner,\n",
            )
        assert {one["where"]: one["code"] for one in refusal.value.facts["problems"]} == {
            "row 2": "CUSTOMER_UNKNOWN",
            "row 3": "WORD_UNKNOWN",
            "row 4": "EMAIL_UNREADABLE",
            "row 6": "CONTACT_REPEATED",
        }


def test_rates_are_exact_and_keep_their_changes() -> None:
    books = Books()
    header = "on,currency,per_entity_currency,source\n"
    assert counts(books.take_in("rates", header + "2026-01-02,USD,1.09340,ECB")) == (1, 0, 0, 0)
    assert counts(books.take_in("rates", header + "2026-01-02,USD,1.0934,ECB")) == (0, 0, 1, 0)
    assert counts(books.take_in("rates", header + "2026-01-02,USD,1.0935,ECB")) == (0, 1, 0, 0)
    rate = Rate.objects.get()
    assert rate.per_entity_currency == "1.0935"
    for wrong in ("0", "-1", "nan", "one", ""):
        with pytest.raises(RowsRejected):
            books.take_in("rates", header + f"2026-01-03,USD,{wrong},ECB")


def test_two_entities_keep_their_books_apart() -> None:
    one, two = Books("One"), Books("Two", currency="JPY")
    for books in (one, two):
        books.customer("A")
    one.invoice("I-1", "A", "100.00", issued="2026-01-01", due="2026-01-31")
    two.invoice("I-1", "A", "100", issued="2026-01-01", due="2026-01-31")
    assert one.aging("2026-02-01") == {"EUR": {"1-30": "100.00", "total": "100.00"}}
    assert two.aging("2026-02-01") == {"JPY": {"1-30": "100", "total": "100"}}
    assert one.differences("2026-02-01") == {"EUR": 0}
    assert two.differences("2026-02-01") == {"JPY": 0}
    assert broken() == {}


def test_an_entity_has_its_name_alone() -> None:
    Books("Northwind")
    with pytest.raises(EntityExists):
        add_entity(name="NORTHWIND", currency="EUR", country="DE", at=FIRST_MOMENT)


class TestSearch:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("meri", ["MERIDIAN"]),
            ("foods MERIDIAN", ["MERIDIAN"]),
            ("kobo", ["KOBO"]),
            ("kōbō pap", ["KOBO"]),
            ("harbour sons", ["HARBOUR"]),
            ("harbour meridian", []),
            ("crates gulf", ["GULF"]),
            ("nobody", []),
            ("%", []),
        ],
    )
    def test_what_is_typed_finds(self, typed: str, found: list[str]) -> None:
        books = northwind()
        rows = search_customers(entity_id=books.entity_id, text=typed)
        assert [row.code for row in rows] == found

    def test_a_new_name_is_found_and_the_old_one_is_not(self) -> None:
        books = northwind()
        books.take_in("customers", "customer_id,name\nMERIDIAN,Longitude Foods")
        assert [r.code for r in search_customers(entity_id=books.entity_id, text="longi")] == [
            "MERIDIAN"
        ]
        assert [r.code for r in search_customers(entity_id=books.entity_id, text="foods")] == [
            "MERIDIAN"
        ]

    def test_a_contact_leads_to_its_customer(self) -> None:
        books = northwind()
        header = "customer_id,name,role,email\n"
        report = books.take_in("contacts", header + "KOBO,Mía Okafor,owner,mia@paper.example")
        assert self.codes(books, "mia okafor") == ["KOBO"]
        assert self.codes(books, "KOBO mia@paper") == ["KOBO"]
        later = books.take_in("contacts", header + "KOBO,Mía Okafor,owner,m.okafor@kobo.example")
        assert self.codes(books, "mia@paper") == []
        assert self.codes(books, "m.okafor@kobo.example") == ["KOBO"]
        books.revert(later["id"])
        assert self.codes(books, "mia@paper") == ["KOBO"]
        books.revert(report["id"])
        assert self.codes(books, "okafor") == []
        assert self.codes(books, "kobo") == ["KOBO"]

    def test_a_name_that_a_revert_gives_back_is_found_again(self) -> None:
        books = northwind()
        report = books.take_in("customers", "customer_id,name\nKOBO,Longitude Paper")
        assert self.codes(books, "longitude") == ["KOBO"]
        books.revert(report["id"])
        assert self.codes(books, "longitude") == []
        assert self.codes(books, "Kōbō") == ["KOBO"]

    @staticmethod
    def codes(books: Books, text: str) -> list[str]:
        return [row.code for row in search_customers(entity_id=books.entity_id, text=text)]

    def test_another_entity_is_not_searched(self) -> None:
        books = northwind()
        other = Books("Other")
        assert search_customers(entity_id=other.entity_id, text="meridian") == []
        assert search_customers(entity_id=books.entity_id, text="meridian") != []
