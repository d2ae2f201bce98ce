"""The overview's figures are the books' figures, and every one opens to what it is made of."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from tests.interfaces.web.conftest import take_in

from duly.interfaces.web.templatetags.show import plain_money
from duly.parties.models import Entity
from duly.receivables.models import OpenDay
from duly.receivables.queries import Scope, aging


def values(html: str) -> list[Decimal]:
    return [
        Decimal(value) for value in re.findall(r'<data class="money[^"]*" value="([^"]+)"', html)
    ]


def section(html: str, start: str, end: str = "</section>") -> str:
    return html[(at := html.index(start)) : html.index(end, at)]


def test_the_first_book_is_the_companys_own_currency(books: Entity, open_as) -> None:
    html = open_as("viewer").get("/").content.decode()
    lead = section(html, 'aria-label="Open in GBP"')
    # net, overdue, five buckets, owed, not applied, net
    assert values(lead) == [
        Decimal(text)
        for text in (
            "340.75", "290.75", "100.00", "250.50", "0.00", "0.00", "40.25",
            "390.75", "-50.00", "340.75",
        )
    ]  # fmt: skip
    assert "74.4%" in lead


def test_another_currency_can_stand_on_top(books: Entity, open_as) -> None:
    client = open_as("viewer")
    assert 'aria-label="Open in JPY"' in client.get("/?currency=JPY").content.decode()
    assert 'aria-label="Open in GBP"' in client.get("/?currency=XXX").content.decode()


def test_every_currency_has_a_row_and_none_is_added_to_another(
    books: Entity, open_as, today: date
) -> None:
    html = section(open_as("viewer").get("/").content.decode(), 'aria-labelledby="books"')
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)[1:]
    assert [re.search(r"currency=(\w+)", row).group(1) for row in rows] == ["GBP", "JPY"]
    told = aging(on=today, scope=Scope(entity_id=books.pk), by="none")
    for row, (currency, total) in zip(rows, told.totals.items(), strict=True):
        assert plain_money(total.total, currency).replace(".75", "") in row
        assert int(values(row)[-1] * (100 if currency == "GBP" else 1)) == total.total


def test_figures_open_to_their_items(books: Entity, open_as, today: date) -> None:
    html = open_as("viewer").get("/").content.decode()
    base = f"/items/?on={today.isoformat()}&amp;basis=due&amp;currency=GBP"
    for wanted in (f"{base}", f"{base}&amp;bucket=1", f"{base}&amp;bucket=4"):
        assert f'href="{wanted}"' in html, wanted
    assert f'href="{base}&amp;unapplied=1"' in html
    assert f'href="{base}&amp;bucket=2"' not in html, "an empty bucket opens nothing"


def test_the_books_tie_out_and_say_so(books: Entity, open_as) -> None:
    html = section(open_as("viewer").get("/").content.decode(), 'aria-labelledby="tie"')
    assert "The books tie out" in html
    assert values(html) == [Decimal(v) for v in ("340.75", "340.75", "0.00", "7000", "7000", "0")]


def test_a_difference_is_named_in_red_and_with_its_remedy(books: Entity, open_as) -> None:
    day = OpenDay.objects.filter(currency="GBP", side="due").exclude(amount_minor=0).first()
    OpenDay.objects.filter(pk=day.pk).update(amount_minor=day.amount_minor + 1)
    html = section(open_as("viewer").get("/").content.decode(), 'aria-labelledby="tie"')
    assert "The books do not tie out" in html
    assert values(html)[2] == Decimal("0.01")
    assert "duly check" in html


def test_what_is_booked_for_a_later_day_is_not_open_today(
    books: Entity, open_as, today: date
) -> None:
    take_in(
        books,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "amount"),
        ("invoice", "INV-9", "C1", "GBP", (today + timedelta(days=3)).isoformat(), "9999.00"),
    )
    html = open_as("viewer").get("/").content.decode()
    assert values(section(html, 'aria-label="Open in GBP"'))[0] == Decimal("340.75")
    assert "The books tie out" in html


def test_month_ends_end_with_today_and_open_to_their_day(
    books: Entity, open_as, today: date
) -> None:
    html = open_as("viewer").get("/overview/months/GBP/").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)[1:]
    assert len(rows) == 12
    assert f"on={today.isoformat()}" in rows[-1]
    assert values(rows[-1])[-1] == Decimal("340.75")
    assert html.count("<text") >= 12 + 2
    assert "Nothing was open" in rows[0]


def test_kept_figures_are_counted_again_after_a_write(books: Entity, open_as, today: date) -> None:
    client = open_as("viewer")
    before = client.get("/overview/late/GBP/").content.decode()
    take_in(
        books,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"),
        ("invoice", "INV-8", "C2", "GBP", "2020-01-01", "2020-01-31", "1000.00"),
    )
    after = client.get("/overview/late/GBP/").content.decode()
    assert values(before)[-1] == Decimal("290.75")
    assert values(after)[-1] == Decimal("1290.75")
    assert after.index("Tall Oaks") < after.index("Meridian")


def test_most_overdue_add_up_with_the_others(entity: Entity, open_as, today: date) -> None:
    late = (today - timedelta(days=20)).isoformat()
    codes = [f"K{n:02d}" for n in range(12)]
    take_in(entity, "customers", ("customer_id", "name"), *((c, f"Firm {c}") for c in codes))
    take_in(
        entity,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"),
        *(("invoice", f"N{i}", c, "GBP", late, late, f"{i + 1}.10") for i, c in enumerate(codes)),
    )
    html = open_as("viewer").get("/overview/late/GBP/").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)[1:]
    overdue = [values(row)[0] for row in rows]
    assert len(overdue) == 8 + 2
    assert overdue[:2] == [Decimal("12.10"), Decimal("11.10")]
    assert sum(overdue[:-1]) == overdue[-1] == Decimal("79.20")
    assert "4 others" in html


def test_an_unknown_currency_is_refused(books: Entity, open_as) -> None:
    client = open_as("viewer")
    assert client.get("/overview/months/ZZZ/").status_code == 422
    assert client.get("/overview/late/ZZZ/").status_code == 422


def test_a_home_without_a_company_says_what_to_do_first(db: None, open_as) -> None:
    client: Client = open_as("admin")
    html = client.get("/").content.decode()
    assert "duly init" in html
    assert "duly demo" in html
    assert client.get("/overview/late/GBP/").headers["Location"] == "/"


@pytest.mark.parametrize(("role", "is_offered"), [("clerk", True), ("sales", False)])
def test_an_empty_company_offers_the_import_to_who_may(
    role: str, is_offered: bool, entity: Entity, open_as
) -> None:
    html = open_as(role).get("/").content.decode()
    assert "Import your receivables" in html
    assert ('class="btn primary" href="/import/"' in html) is is_offered


def test_fresh_and_old_data_are_told_apart(books: Entity, open_as) -> None:
    from duly.intake.models import Import

    client = open_as("viewer")
    assert "is-old" not in client.get("/").content.decode()
    for one in Import.objects.all():
        Import.objects.filter(pk=one.pk).update(recorded_at=one.recorded_at - timedelta(days=4))
    html = client.get("/").content.decode()
    assert html.count('<li class="is-old">') == 2
    assert "Old: " in html


def test_the_overview_reads_little(books: Entity, open_as, django_assert_max_num_queries) -> None:
    client = open_as("viewer")
    with django_assert_max_num_queries(16):
        client.get("/")
