"""A customer: its figures are the books', and everything that happened with it is told."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from tests.interfaces.web.conftest import take_in
from tests.interfaces.web.shown import section, table, text, values
from tests.interfaces.web.test_security import check

from duly.access.models import Change
from duly.ledger.actions import recording
from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity
from duly.receivables.actions import (
    apply_payments,
    take_back_applications,
    void_documents,
    void_payments,
)
from duly.receivables.models import Application, Document, Item, Payment
from duly.receivables.queries import Scope, aging
from duly.receivables.rules.applying import Wish

MARKUP = '=cmd|"<script>alert(1)</script>"'


@pytest.fixture
def viewer(open_as) -> Client:
    return open_as("viewer")


def pk_of(code: str) -> int:
    return Customer.objects.get(code=code).pk


def get(client: Client, code: str, part: str = "", **asked: object) -> str:
    response = client.get(f"/customers/{pk_of(code)}/{part}", asked)
    assert response.status_code == 200, response.content
    return response.content.decode()


def said(html: str) -> str:
    return text(re.search(r'<p class="lede">(.*?)</p>', html, re.DOTALL).group(1))


def entries(html: str) -> list[str]:
    """Days and entries of the timeline, in words."""
    timeline = section(html, '<ol class="timeline">', "</ol>") if "<ol" in html else html
    return [text(one) for one in re.findall(r"<li.*?</li>", timeline, re.DOTALL)]


def test_the_head_says_who_and_how_it_stands(books: Entity, viewer: Client) -> None:
    html = get(viewer, "C1")
    assert "<h1>Meridian Foods</h1>" in html
    assert said(html) == "GBP 250 .50 of 350 .50 is overdue, the oldest for 10 days."
    assert "Pays within 30 days" in html, "the company's own terms"
    balance = section(html, 'aria-label="Balance in GBP"')
    # net, overdue, credits and money, five buckets
    assert [str(v) for v in values(balance)] == [
        "300.50", "250.50", "-50.00", "100.00", "250.50", "0.00", "0.00", "0.00",
    ]  # fmt: skip
    assert "50<span" in section(html, '<div class="note warn">', "</div>"), "money not applied"


def test_figures_are_those_of_the_aging_on_any_day(
    books: Entity, viewer: Client, today: date
) -> None:
    for days in (0, 1, 15, 45, 200):
        on = today - timedelta(days=days)
        html = get(viewer, "C1", on=on.isoformat())
        rows = aging(on=on, scope=Scope(entity_id=books.pk, customer_id=pk_of("C1"))).rows
        if not rows:
            assert 'aria-label="Balance' not in html
            continue
        (row,) = rows
        shown = values(section(html, 'aria-label="Balance in GBP"'))
        assert [int(v * 100) for v in shown[:3]] == [row.total, row.overdue, row.unapplied]
        if row.owed:
            assert [int(v * 100) for v in shown[3:]] == list(row.amounts)
        assert int(table(html, "items-table")[-1][1][-1] * 100) == row.total


def test_open_items_add_up_and_open(books: Entity, viewer: Client) -> None:
    html = get(viewer, "C1")
    rows = table(html, "items-table")
    assert [(head, str(sums[-1])) for head, sums in rows] == [
        ("INV-2", "250.50"),
        ("PAY-1", "-50.00"),
        ("INV-1", "100.00"),
        ("Open, net", "300.50"),
    ]
    items = section(html, 'aria-labelledby="open-items"')
    for address in re.findall(r'data-key-item href="([^"]+)"', items):
        assert viewer.get(address).status_code == 200


def test_many_open_items_are_cut_and_still_add_up(
    entity: Entity, viewer: Client, today: date
) -> None:
    take_in(entity, "customers", ("customer_id", "name"), ("K", "Kilo"))
    take_in(
        entity,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"),
        *(
            (
                "invoice",
                f"N{n:02d}",
                "K",
                "GBP",
                "2026-01-01",
                f"2026-02-{n % 28 + 1:02d}",
                f"{n}.10",
            )
            for n in range(1, 61)
        ),
    )
    html = get(viewer, "K")
    rows = table(html, "items-table")
    assert len(rows) == 25 + 2
    assert rows[-2][0] == "Younger ones"
    assert len({head for head, _ in rows[:-2]}) == 25
    assert sum(sums[-1] for _, sums in rows[:-1]) == rows[-1][1][-1] == 1836
    assert "the 25 oldest" in html


@pytest.mark.parametrize(
    ("code", "asked", "sentence"),
    [
        ("C3", {}, "JPY 7,000 of 7,000 is overdue, the oldest for 40 days."),
        ("C9", {}, "Nothing was invoiced yet."),
        ("C8", {}, "Nothing is owed; GBP 12 .00 of theirs is to be applied or given back."),
        ("C7", {}, "Nothing is late; GBP 5 .00 falls due on"),
    ],
)
def test_the_state_in_a_sentence(
    code: str, asked: dict, sentence: str, books: Entity, viewer: Client, today: date
) -> None:
    take_in(
        books, "customers", ("customer_id", "name"), ("C9", "Quiet"), ("C8", "Held"), ("C7", "New")
    )
    columns = ("payment_id", "currency", "received_on", "amount", "customer_id")
    take_in(books, "payments", columns, ("PAY-8", "GBP", today.isoformat(), "12.00", "C8"))
    columns = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")
    due = (today + timedelta(days=3)).isoformat()
    take_in(books, "items", columns, ("invoice", "N7", "C7", "GBP", today.isoformat(), due, "5.00"))
    assert said(get(viewer, code, **asked)).startswith(sentence)


def test_currencies_stand_apart(books: Entity, viewer: Client, today: date) -> None:
    columns = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")
    old = (today - timedelta(days=9)).isoformat()
    take_in(books, "items", columns, ("invoice", "U1", "C1", "USD", old, old, "80.00"))
    html = get(viewer, "C1")
    assert 'aria-label="Balance in GBP"' in html, "its own currency first"
    assert said(html).endswith("; more in USD.")
    assert [head for head, _ in table(html, "mixed")] == ["GBP", "USD"]
    other = get(viewer, "C1", currency="USD")
    assert 'aria-label="Balance in USD"' in other
    assert [head for head, _ in table(other, "items-table")] == ["U1", "Open, net"]
    assert 'aria-label="Balance in GBP"' in get(viewer, "C1", currency="XXX")


def test_an_invoice_of_a_later_day_is_not_open_yet(
    books: Entity, viewer: Client, today: date
) -> None:
    columns = ("kind", "number", "customer_id", "currency", "issued_on", "amount")
    later = (today + timedelta(days=4)).isoformat()
    take_in(books, "items", columns, ("invoice", "LATER", "C1", "GBP", later, "999.00"))
    html = get(viewer, "C1")
    assert values(section(html, 'aria-label="Balance in GBP"'))[0] * 100 == 30050
    assert "LATER" not in html
    assert "LATER" in get(viewer, "C1", on=later)


class TestTimeline:
    @pytest.fixture
    def busy(self, books: Entity, today: date) -> Entity:
        """On one day: money applied to two invoices, one of them taken back, a void."""
        at = datetime.now().astimezone()
        items = {
            d.number: Item.objects.get(document_id=d.pk)
            for d in Document.objects.filter(customer_id=pk_of("C1"))
        }
        payment = Payment.objects.get(number="PAY-1")
        with recording(kind="test", actor="clerk@example.org", at=at, entity_id=books.pk) as one:
            apply_payments(
                recorder=one,
                entity_id=books.pk,
                wishes=[
                    Wish(payment.pk, items["INV-1"].pk, 1000, today, 0),
                    Wish(payment.pk, items["INV-2"].pk, 2000, today, 0),
                ],
                with_credit=False,
            )
        with recording(kind="test", actor="clerk@example.org", at=at, entity_id=books.pk) as one:
            first = Application.objects.get(item_id=items["INV-1"].pk)
            take_back_applications(
                recorder=one, entity_id=books.pk, application_ids=[first.pk], on=today
            )
            void_documents(
                recorder=one,
                entity_id=books.pk,
                document_ids=[items["INV-1"].document_id],
                on=today,
            )
        return books

    def test_everything_is_told_newest_first(self, busy: Entity, viewer: Client) -> None:
        told = entries(get(viewer, "C1"))
        assert told[0] == "Today"
        words = [re.sub(r" \d\d:\d\d$", "", one) for one in told]
        assert words[1] == "This customer was added customers.csv"
        assert words[2].startswith("Void: INV-1 100 .00")
        assert words[3].startswith("PAY-1 taken back from INV-1 −10 .00")
        assert words[4:6] == [
            "PAY-1 applied to INV-2 20 .00",
            "PAY-1 applied to INV-1 Taken back later 10 .00",
        ]
        assert words[7] == "Payment PAY-1 payments.csv 50 .00"
        assert words[9] == "Invoice INV-1 items.csv Void 100 .00"
        assert words[11] == "Invoice INV-2 items.csv 250 .50"

    def test_what_money_settled_on_a_day_is_one_entry(
        self, books: Entity, viewer: Client, today: date
    ) -> None:
        columns = ("payment_id", "item_number", "customer_id", "amount", "applied_on")
        take_in(
            books,
            "applications",
            columns,
            ("PAY-1", "INV-1", "C1", "10.00", today.isoformat()),
            ("PAY-1", "INV-2", "C1", "20.50", today.isoformat()),
        )
        told = [one for one in entries(get(viewer, "C1")) if "applied to" in one]
        assert len(told) == 1
        assert told[0].startswith("PAY-1 applied to INV-2 , INV-1 applications.csv 30 .50")

    def test_entries_lead_to_what_they_concern(self, busy: Entity, viewer: Client) -> None:
        html = section(get(viewer, "C1"), '<ol class="timeline">', "</ol>")
        addresses = set(re.findall(r'href="(/(?:documents|payments|import)/\d+/)"', html))
        assert {address.split("/")[1] for address in addresses} == {
            "documents", "payments", "import",
        }  # fmt: skip
        for address in addresses:
            assert viewer.get(address).status_code == 200, address

    @pytest.mark.parametrize(
        ("show", "there", "not_there"),
        [
            ("invoices", "Invoice INV-2", "Payment"),
            ("money", "Payment PAY-1", "Invoice INV-2"),
            ("changes", "This customer was added", "INV-2"),
            ("nonsense", "Invoice INV-2", "zz"),
        ],
    )
    def test_one_sort_of_things(
        self, show: str, there: str, not_there: str, busy: Entity, viewer: Client
    ) -> None:
        part = " ".join(entries(get(viewer, "C1", "timeline/", show=show)))
        whole = " ".join(entries(get(viewer, "C1", show=show)))
        assert there in part
        assert not_there not in part
        assert part == whole

    def test_pages_miss_nothing_and_repeat_nothing(
        self, entity: Entity, viewer: Client, today: date
    ) -> None:
        take_in(entity, "customers", ("customer_id", "name"), ("K", "Kilo"))
        columns = ("kind", "number", "customer_id", "currency", "issued_on", "amount")
        day = (today - timedelta(days=2)).isoformat()
        older = (today - timedelta(days=30)).isoformat()
        numbers = [f"N{n:03d}" for n in range(70)]
        take_in(
            entity,
            "items",
            columns,
            *(
                ("invoice", number, "K", "GBP", older if n % 10 else day, "1.00")
                for n, number in enumerate(numbers)
            ),
        )
        seen, address = [], f"/customers/{pk_of('K')}/timeline/?show=invoices"
        while address:
            html = viewer.get(address).content.decode()
            seen += re.findall(r">(N\d+)</a>", html)
            earlier = re.search(r'class="earlier">.*?hx-get="([^"]+)"', html, re.DOTALL)
            address = earlier.group(1).replace("&amp;", "&") if earlier else ""
        assert sorted(seen) == numbers
        without_script = re.search(
            r'class="earlier"><a class="btn" href="([^"]+)"', get(viewer, "K")
        ).group(1)
        html = viewer.get(without_script.replace("&amp;", "&").split("#")[0]).content.decode()
        assert "<h1>Kilo</h1>" in html
        assert "data-focus" in html

    def test_a_past_day_knows_nothing_later(
        self, busy: Entity, viewer: Client, today: date
    ) -> None:
        on = today - timedelta(days=20)
        told = " ".join(entries(get(viewer, "C1", on=on.isoformat())))
        assert "INV-2" in told
        assert "PAY-1" not in told
        assert "INV-1" not in told

    @pytest.mark.parametrize("before", ["x", "2026-01-01", "2026-13-01.1.1", "2026-01-01.a.1"])
    def test_a_place_that_is_none_is_refused(
        self, before: str, books: Entity, viewer: Client
    ) -> None:
        response = viewer.get(f"/customers/{pk_of('C1')}/timeline/", {"before": before})
        assert response.status_code == 422

    def test_a_void_payment_and_a_discount(
        self, books: Entity, viewer: Client, today: date
    ) -> None:
        with recording(
            kind="test", actor="me", at=datetime.now().astimezone(), entity_id=books.pk
        ) as one:
            pk = Payment.objects.get(number="PAY-1").pk
            void_payments(recorder=one, entity_id=books.pk, payment_ids=[pk], on=today)
        told = entries(get(viewer, "C1"))
        assert any(one.startswith("Void: PAY-1 50 .00") for one in told)
        assert any("Payment PAY-1 payments.csv Void" in one for one in told)


class TestWhoTheyAre:
    @pytest.fixture
    def known(self, books: Entity) -> Entity:
        columns = ("customer_id", "name", "email", "terms", "credit_limit", "parent_id", "address")
        take_in(books, "customers", columns,
                ("C1", "Meridian Foods", "ap@m.example", "2/10 net 30", "1000.50", "C2",
                 "<b>Way 1</b>"))  # fmt: skip
        columns = ("customer_id", "name", "role", "email", "phone", "do_not_contact")
        for email in ("mia@m.example", "m.o@m.example"):
            row = ("C1", "Mia Okafor", "accounts_payable", email, "+44 1", "yes")
            take_in(books, "contacts", columns, row)
        return books

    def test_master_data_and_contacts(self, known: Entity, viewer: Client) -> None:
        html = section(get(viewer, "C1"), 'aria-labelledby="record"')
        told = text(html)
        for words in (
            "E-mail ap@m.example",
            "Terms 2% off if paid within 10 days, otherwise within 30 days",
            "Credit limit GBP 1,000.50",
            "Mia Okafor Accounts payable Not to be written to m.o@m.example · +44 1",
        ):
            assert words in told, told
        assert "<b>Way 1</b>" not in html
        assert 'href="mailto:m.o@m.example"' in html

    def test_changes_say_who_when_before_and_after(self, known: Entity, viewer: Client) -> None:
        html = get(viewer, "C1")
        told = text(section(html, "<h3>Changes</h3>", "</section>"))
        assert "Contact Mia Okafor changed by test" in told
        assert "E-mail before: mia@m.example → after: m.o@m.example" in told
        assert "Belongs to before: nothing → after: Tall Oaks Joinery (C2)" in told
        assert "Credit limit before: nothing → after: GBP 1,000.50" in told
        timeline = " ".join(entries(html))
        assert "Master data changed customers.csv" in timeline
        assert "Mia Okafor was added as a contact contacts.csv" in timeline
        assert Change.objects.filter(noun="contact").count() == 1

    def test_many_changes_are_cut_here_and_whole_in_the_timeline(
        self, known: Entity, viewer: Client
    ) -> None:
        for n in range(14):
            take_in(known, "customers", ("customer_id", "name"), ("C1", f"Meridian {n}"))
        html = get(viewer, "C1")
        assert section(html, "<h3>Changes</h3>").count("<li>") == 12
        assert "4 earlier changes" in html
        told = entries(get(viewer, "C1", "timeline/", show="changes"))
        assert sum("changed" in one for one in told) == 16

    def test_the_group_is_told_from_both_ends(self, known: Entity, viewer: Client) -> None:
        child = get(viewer, "C1")
        assert re.search(r'Belongs to <a href="/customers/\d+/">Tall Oaks Joinery</a>', child)
        parent = section(get(viewer, "C2"), 'aria-labelledby="group"')
        rows = table(parent, "group-table")
        assert rows[0][0] == "Meridian Foods C1"
        assert [str(v) for v in rows[0][1]] == ["250.50", "300.50"]
        # C2 itself owes 40.25, a hundred days late
        assert [str(v) for v in rows[-1][1]] == ["290.75", "340.75"]
        assert "2 customers together" in parent


def test_a_name_that_is_markup_or_a_formula_is_text(books: Entity, viewer: Client) -> None:
    columns = ("customer_id", "name", "role", "email")
    take_in(books, "contacts", columns, ("C3", MARKUP, "owner", ""))
    take_in(books, "customers", ("customer_id", "name", "other_names"), ("C3", MARKUP, MARKUP))
    for html in (get(viewer, "C3"), get(viewer, "C3", "timeline/")):
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize("part", ["", "timeline/"])
def test_another_companys_customer_is_not_reachable(
    part: str, books: Entity, viewer: Client
) -> None:
    other = add_entity(
        name="Elsewhere", currency="EUR", country="DE", at=books.created_at, timezone="UTC"
    )
    take_in(other, "customers", ("customer_id", "name"), ("X1", "Meridian Elsewhere"))
    for pk in (pk_of("X1"), 999_999, 2**63, 10**30):
        response = viewer.get(f"/customers/{pk}/{part}")
        assert response.status_code == 404
        assert "There is no such customer in these books." in response.content.decode()
    viewer.post("/books/", {"entity": other.pk})
    assert viewer.get(f"/customers/{pk_of('X1')}/{part}").status_code == 200
    assert viewer.get(f"/customers/{pk_of('C1')}/{part}").status_code == 404


def test_every_role_may_look(books: Entity, open_as) -> None:
    address = f"/customers/{pk_of('C1')}/"
    for role in (
        "viewer",
        "sales",
        "clerk",
        "collector",
        "analyst",
        "manager",
        "director",
        "admin",
    ):
        assert open_as(role).get(address).status_code == 200
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("part", ["", "timeline/", "?on=2026-01-01&currency=JPY"])
def test_pages_keep_to_the_policy(part: str, books: Entity, viewer: Client) -> None:
    check(viewer.get(f"/customers/{pk_of('C1')}/{part}"))


def test_a_day_that_is_none_is_refused(books: Entity, viewer: Client) -> None:
    assert viewer.get(f"/customers/{pk_of('C1')}/", {"on": "yesterday"}).status_code == 422


def test_the_page_reads_as_often_for_many_as_for_few(
    books: Entity, viewer: Client, today: date, django_assert_max_num_queries
) -> None:
    columns = ("kind", "number", "customer_id", "currency", "issued_on", "amount")
    rows = [("invoice", f"N{n}", "C1", "GBP", "2026-01-01", "1.00") for n in range(200)]
    take_in(books, "items", columns, *rows)
    with django_assert_max_num_queries(112):  # half of them tell what comes next, and why
        get(viewer, "C1")
