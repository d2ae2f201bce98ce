"""The list of customers: found as one types, narrowed by the address, paged without gaps."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.interfaces.web.conftest import take_in
from tests.interfaces.web.shown import table, text, values

from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity

HTMX = {"HX-Request": "true"}
MARKUP = '=cmd|"<script>alert(1)</script>"'


@pytest.fixture
def viewer(open_as) -> Client:
    return open_as("viewer")


def names(html: str) -> list[str]:
    return [text(head) for head in re.findall(r'<a data-key-item href="[^"]*"[^>]*>.*?</a>', html)]


def get(client: Client, **asked: object) -> str:
    response = client.get("/customers/", asked)
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_everyone_is_listed_by_name_with_what_is_open(books: Entity, viewer: Client) -> None:
    html = get(viewer)
    assert names(html) == [MARKUP, "Meridian Foods", "Tall Oaks Joinery"]
    assert "3 customers, by name." in html
    rows = {head.split(" C")[0]: sums for head, sums in table(html, "customers")}
    # overdue, owed, not applied, net
    assert [str(v) for v in rows["Meridian Foods"]] == ["250.50", "350.50", "-50.00", "300.50"]
    assert [str(v) for v in rows["Tall Oaks Joinery"]] == ["40.25", "40.25", "0.00", "40.25"]
    assert [str(v) for v in rows[MARKUP]] == ["7000", "7000", "0", "7000"]
    assert html.count('class="spark-aging"') == 3


def test_a_name_that_is_markup_or_a_formula_is_text(books: Entity, viewer: Client) -> None:
    for html in (get(viewer), get(viewer, q=MARKUP), get(viewer, q="<b>")):
        assert "<script>alert" not in html
        assert "<b>”" not in html
    assert "=cmd|&quot;&lt;script&gt;" in get(viewer)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "meri"}, ["Meridian Foods"]),
        ({"q": "FOODS meridian"}, ["Meridian Foods"]),
        ({"q": "c2"}, ["Tall Oaks Joinery"]),
        ({"q": "gb-77 acme"}, ["Meridian Foods"]),
        ({"q": "okafor"}, ["Tall Oaks Joinery"]),
        ({"q": "mia@oaks"}, ["Tall Oaks Joinery"]),
        ({"q": "zoe"}, []),
        ({"q": "%"}, []),
        ({"country": "jp"}, [MARKUP]),
        ({"segment": "gold"}, ["Meridian Foods"]),
        ({"collector": "Kim"}, ["Meridian Foods", "Tall Oaks Joinery"]),
        ({"collector": "Kim", "q": "tall"}, ["Tall Oaks Joinery"]),
        ({"currency": "JPY"}, [MARKUP]),
        ({"overdue": "1"}, [MARKUP, "Meridian Foods", "Tall Oaks Joinery"]),
        ({"order": "overdue"}, ["Meridian Foods", "Tall Oaks Joinery"]),
        ({"order": "owed", "currency": "GBP"}, ["Meridian Foods", "Tall Oaks Joinery"]),
        ({"order": "nonsense"}, [MARKUP, "Meridian Foods", "Tall Oaks Joinery"]),
    ],
    ids=str,
)
def test_the_address_narrows_and_orders(
    asked: dict[str, str], found: list[str], books: Entity, viewer: Client
) -> None:
    take_in(
        books,
        "customers",
        ("customer_id", "name", "country", "segment", "collector", "tax_id", "other_names"),
        ("C1", "Meridian Foods", "GB", "gold", "Kim", "GB-77", "Acmé Ltd"),
        ("C2", "Tall Oaks Joinery", "GB", "", "Kim", "", ""),
    )
    take_in(
        books,
        "contacts",
        ("customer_id", "name", "role", "email"),
        ("C2", "Mía Okafor", "owner", "mia@oaks.example"),
    )
    html = get(viewer, **asked)
    assert names(html) == found
    if not found:
        assert "No customer answers to this" in html
        assert 'href="/customers/"' in html


def test_filters_offer_what_customers_have(books: Entity, viewer: Client) -> None:
    html = get(viewer)
    assert re.findall(r"<option[^>]*>(\w+)</option>", html) == [
        "Any",
        "GB",
        "JP",
        "Any",
        "GBP",
        "JPY",
    ]
    assert 'name="segment"' not in html, "nobody has a segment"
    assert "<option selected>JPY</option>" in get(viewer, currency="JPY")


def test_what_is_listed_is_said(books: Entity, viewer: Client) -> None:
    def said(**asked: object) -> str:
        return text(re.search(r'id="said".*?</p>', get(viewer, **asked)).group(0).split(">", 1)[1])

    assert said() == "3 customers, by name."
    assert said(q="meri") == "1 customer found by “meri”, by name."
    assert said(q="zz") == "No customer found by “zz”, by name."
    assert said(order="overdue", overdue=1) == "2 customers overdue in GBP, most overdue first."
    assert said(country="JP", order="owed", currency="JPY") == (
        "1 customer in JP with something open in JPY, most owed first."
    )


def test_figures_open_to_what_they_are_made_of(books: Entity, viewer: Client, today: date) -> None:
    html = get(viewer, q="meridian")
    pk = Customer.objects.get(code="C1").pk
    base = f"/items/?on={today}&amp;basis=due&amp;currency=GBP&amp;customer={pk}"
    for wanted in (base, f"{base}&amp;buckets=0&amp;bucket=1", f"{base}&amp;unapplied=1"):
        assert f'href="{wanted}"' in html, wanted
    for address in set(re.findall(r'href="(/items/[^"]*)"', html)):
        assert viewer.get(address.replace("&amp;", "&")).status_code == 200


def test_a_number_leads_to_its_document(books: Entity, viewer: Client) -> None:
    for typed in ("INV-3", "inv-3"):
        html = get(viewer, q=typed)
        assert re.search(r'<a href="/documents/\d+/">Invoice INV-3</a>', html)
        assert "Tall Oaks Joinery" in html
    assert "Invoice INV-3" not in get(viewer, q="oaks")


def test_pages_are_the_list(entity: Entity, viewer: Client, today: date) -> None:
    late = (today - timedelta(days=40)).isoformat()
    codes = [f"K{n:03d}" for n in range(120)]
    take_in(entity, "customers", ("customer_id", "name"), *((c, f"Firm: {c[:2]}") for c in codes))
    take_in(
        entity,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"),
        *(
            ("invoice", f"N{n}", c, "GBP", late, late, f"{n % 7 + 1}.00")
            for n, c in enumerate(codes)
        ),
    )
    for asked in ("", "?order=owed", "?order=overdue&overdue=1", "?overdue=1&currency=GBP"):
        seen, address = [], f"/customers/{asked}"
        while address:
            html = viewer.get(address).content.decode()
            seen += re.findall(r'<a data-key-item href="/customers/(\d+)/"', html)
            following = re.search(r'href="([^"]*)" rel="next"', html)
            address = following.group(1).replace("&amp;", "&") if following else ""
        assert len(seen) == len(set(seen)) == 120, asked
        assert "From the first" in html


@pytest.mark.parametrize("after", ["x", ":", "5", "5:", "5:x", "99999999999999999999:1", "²:1"])
def test_a_place_that_is_none_is_refused(after: str, books: Entity, viewer: Client) -> None:
    response = viewer.get("/customers/", {"order": "owed", "after": after})
    assert response.status_code == 422
    assert "from its beginning" in response.content.decode()


def test_a_currency_that_is_none_is_refused(books: Entity, viewer: Client) -> None:
    assert viewer.get("/customers/", {"currency": "ZZZ"}).status_code == 422


@pytest.mark.parametrize("typed", ["_", "'; DROP TABLE", "x" * 5000, "ﬀ 株"])
def test_any_text_may_be_typed(typed: str, books: Entity, viewer: Client) -> None:
    for field in ("q", "segment", "collector", "country", "order", "overdue"):
        get(viewer, **{field: typed})


def test_htmx_gets_the_part_and_the_address(books: Entity, viewer: Client) -> None:
    asked = {"q": "meri", "segment": "", "order": "owed", "country": "gb"}
    response = viewer.get("/customers/", asked, headers=HTMX | {"HX-Trigger-Name": "q"})
    html = response.content.decode()
    assert "<html" not in html
    assert names(html) == ["Meridian Foods"]
    address = "/customers/?q=meri&country=GB&currency=GBP&order=owed"
    assert response.headers["HX-Replace-Url"] == address
    assert 'id="said" role="status" hx-swap-oob="true"' in html
    assert "<option selected>GBP</option>" in html, "the order chose the currency"
    pushed = viewer.get("/customers/", asked, headers=HTMX)
    assert pushed.headers["HX-Push-Url"] == address
    assert names(get(viewer, q="meri", country="GB", order="owed")) == names(html)
    back = viewer.get("/customers/", asked, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_every_role_may_look(books: Entity, open_as) -> None:
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
        assert open_as(role).get("/customers/").status_code == 200
    assert Client().get("/customers/").status_code == 302


def test_another_companys_customers_stay_there(books: Entity, viewer: Client) -> None:
    other = add_entity(
        name="Elsewhere", currency="EUR", country="DE", at=books.created_at, timezone="UTC"
    )
    take_in(other, "customers", ("customer_id", "name"), ("X1", "Meridian Elsewhere"))
    assert "Elsewhere" not in "".join(names(get(viewer) + get(viewer, q="meridian")))
    viewer.post("/books/", {"entity": other.pk})
    assert names(get(viewer)) == ["Meridian Elsewhere"]


@pytest.mark.parametrize(("role", "is_offered"), [("clerk", True), ("viewer", False)])
def test_an_empty_company_says_where_customers_come_from(
    role: str, is_offered: bool, entity: Entity, open_as
) -> None:
    html = get(open_as(role))
    assert "No customers yet" in html
    assert ('class="btn primary" href="/import/"' in html) is is_offered


def test_a_customer_without_anything_open_is_listed(books: Entity, viewer: Client) -> None:
    take_in(books, "customers", ("customer_id", "name"), ("C9", "Quiet Ltd"))
    html = get(viewer, q="quiet")
    assert "Nothing open" in html
    assert values(html)[-1] == 0


def test_the_list_reads_little(
    books: Entity, viewer: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(26):
        get(viewer, q="meridian", order="overdue", overdue=1)
