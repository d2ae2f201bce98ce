"""A document and a payment from all sides: what it is, what settled it, what was posted, whence."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from tests.building import Books
from tests.interfaces.web.shown import section, table, text, values

from duly.ledger.queries import entries_with_postings
from duly.receivables.models import Application, Document, Payment


@pytest.fixture
def books(db: None) -> Books:
    """Meridian: an invoice in two parts, paid in part with a discount, settled by a credit note in
    part, one application taken back; a void debit note; money of a payer not known."""
    books = Books(currency="EUR")
    books.take_in(
        "customers",
        "customer_id,name\nC1,Meridian Foods\nC2,Tall Oaks",
    )
    books.take_in(
        "items",
        "kind,number,customer_id,currency,issued_on,terms,amount,po_number,order_ref,reference\n"
        'invoice,M-1,C1,EUR,2026-01-10,"50% net30, 50% net60",1000.01,PO 7,SO 9,goods of May',
        file="january.csv",
    )
    books.invoice(
        "M-2", "C1", "200.00", issued="2026-01-12", due="2026-02-11",
        discount=("2026-01-22", "4.00"), terms="2/10 net 30",
    )  # fmt: skip
    books.credit_note("CN-1", "C1", "80.00", issued="2026-01-20")
    books.payment("P-1", "C1", "600.00", on="2026-01-21")
    books.payment("P-2", None, "55.55", on="2026-01-22")
    books.apply("P-1", "M-2", "196.00", on="2026-01-21", discount="4.00")
    books.apply("P-1", "M-1", "300.00", on="2026-02-20")
    books.apply("CN-1", "M-1", "30.00", on="2026-02-21", instalment=2)
    books.unapply("P-1", "M-1", on="2026-02-25")
    books.invoice("D-1", "C2", "9.00", issued="2026-02-01", due="2026-03-03", kind="debit_note")
    books.void("D-1", on="2026-02-02")
    return books


def shown(client: Client, number: str) -> str:
    pk = Document.objects.get(number=number).pk
    response = client.get(f"/documents/{pk}/")
    assert response.status_code == 200
    return response.content.decode()


def paid(client: Client, number: str) -> str:
    response = client.get(f"/payments/{Payment.objects.get(number=number).pk}/")
    assert response.status_code == 200
    return response.content.decode()


def settlements(html: str) -> list[str]:
    found = section(html, 'aria-labelledby="settled"')
    return [text(row) for row in re.findall(r"<tr.*?</tr>", found, re.DOTALL)][1:]


def amounts(*texts: str) -> list[Decimal]:
    return [Decimal(value) for value in texts]


def test_an_invoice_in_parts_adds_up(books: Books, open_as) -> None:
    html = shown(open_as("viewer"), "M-1")
    assert "Invoice M-1" in text(section(html, 'class="page-head"', "</div>"))
    rows = table(html, "parts")
    assert rows == [
        ("1", amounts("500.01", "0.00", "500.01")),
        ("2", amounts("500.00", "30.00", "470.00")),
        ("Together", amounts("1000.01", "30.00", "970.01")),
    ]
    assert "EUR 970 .01 is open of 1,000 .01" in text(html)
    for fact in ("PO 7", "SO 9", "goods of May", "50% within 30 days; 50% within 60 days"):
        assert fact in html


def test_what_settled_an_invoice_leads_to_its_source(books: Books, open_as) -> None:
    client = open_as("viewer")
    html = shown(client, "M-1")
    told = settlements(html)
    assert told == [
        "20 Feb 2026 Payment applied Taken back from P-1 M-1 300 .00",
        "21 Feb 2026 Credit note applied from CN-1 M-1 30 .00",
        "25 Feb 2026 Payment applied, taken back from P-1 M-1 −300 .00",
    ]
    part = section(html, 'aria-labelledby="settled"')
    for link in re.findall(r'href="([^"]+)"', part):
        assert client.get(link).status_code == 200
    assert f"/payments/{Payment.objects.get(number='P-1').pk}/" in part
    assert f"/documents/{Document.objects.get(number='CN-1').pk}/" in part
    assert f'href="/documents/{Document.objects.get(number="M-1").pk}/"' not in part


def test_a_discount_stands_beside_the_cash(books: Books, open_as) -> None:
    html = shown(open_as("viewer"), "M-2")
    assert "Nothing of it is open." in html
    assert "4 .00 until 22 Jan 2026" in text(section(html, 'aria-labelledby="parts"'))
    assert settlements(html) == [
        "21 Jan 2026 Payment applied from P-1 M-2 196 .00",
        "21 Jan 2026 Discount taken – M-2 4 .00",
    ]


def test_a_credit_note_tells_what_it_settled(books: Books, open_as) -> None:
    html = shown(open_as("viewer"), "CN-1")
    assert "EUR −50 .00 is still to be applied of −80 .00" in text(html)
    assert "What it settled" in html
    assert settlements(html) == ["21 Feb 2026 Credit note applied CN-1 to M-1 30 .00"]


def test_a_void_document_says_so_and_shows_both_entries(books: Books, open_as) -> None:
    html = shown(open_as("viewer"), "D-1")
    assert "Void: it counts for nothing, and stays on record." in html
    assert ">Void<" in html
    posted = text(section(html, 'aria-labelledby="posted"'))
    assert "reversed by entry" in posted
    assert "which reverses entry" in posted


def test_a_payment_tells_where_it_went(books: Books, open_as) -> None:
    html = paid(open_as("viewer"), "P-1")
    told = section(html, 'aria-label="The payment"')
    # received; applied, not applied, received
    assert values(told) == amounts("600.00", "196.00", "404.00", "600.00")
    assert [row.split(" to ")[-1] for row in settlements(html)] == [
        "M-2 196 .00",
        "M-1 300 .00",
        "M-1 −300 .00",
    ]


def test_money_of_a_payer_not_known_says_how_to_apply_it(books: Books, open_as) -> None:
    html = paid(open_as("viewer"), "P-2")
    assert "payer not known" in html
    assert "duly apply P-2 ITEM=AMOUNT" in html


@pytest.mark.parametrize("number", ["M-1", "M-2", "CN-1", "D-1"])
def test_every_entry_balances_on_the_page(number: str, books: Books, open_as) -> None:
    html = shown(open_as("viewer"), number)
    document = Document.objects.get(number=number)
    items = Application.objects.filter(item_id__in=books_items(document))
    applied = items | Application.objects.filter(credit_item_id__in=books_items(document))
    entries = entries_with_postings("document", [document.pk])
    entries += entries_with_postings("application", [row.pk for row in applied])
    posted = section(html, 'aria-labelledby="posted"')
    groups = re.findall(r"<tbody>.*?</tbody>", posted, re.DOTALL)
    assert len(groups) == len(entries) >= 1
    for group in groups:
        *legs, (name, both) = [
            (text(re.search(r"<th.*?</th>", row, re.DOTALL).group(0)), values(row))
            for row in re.findall(r"<tr>.*?</tr>|<tr class=\"both\">.*?</tr>", group, re.DOTALL)
        ]
        assert name == "Both sides"
        assert [sum(side) for side in zip(*(found for _, found in legs), strict=True)] == both
        assert both[0] == both[1] > 0


def books_items(document: Document) -> list[int]:
    from duly.receivables.models import Item

    return list(Item.objects.filter(document_id=document.pk).values_list("pk", flat=True))


def test_it_says_whence_it_came_and_who_wrote_it(books: Books, open_as) -> None:
    told = text(section(shown(open_as("viewer"), "M-1"), 'aria-labelledby="whence"'))
    assert re.search(r"january\.csv brought it in · tester · batch \d+, seal \d+", told)
    assert told.count("settled it, or took that back · tester") == 3


def test_what_is_not_there_is_refused(books: Books, open_as) -> None:
    client = open_as("viewer")
    for address in ("/documents/999999/", "/payments/999999/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "in these books" in response.content.decode()
    assert "PAYMENT_UNKNOWN" in client.get("/payments/999999/").content.decode()


def test_another_companys_document_opens_and_names_its_company(books: Books, open_as) -> None:
    other = Books("Southwind")
    other.customer("S1", "Südwind Kontor")
    other.invoice("S-1", "S1", "10.00", issued="2026-01-01", due="2026-01-31")
    other.payment("SP-1", "S1", "10.00", on="2026-01-31")
    client = open_as("viewer")
    assert "Southwind" in text(section(shown(client, "S-1"), 'class="crumb"', "</p>"))
    assert "Southwind" in text(section(paid(client, "SP-1"), 'class="crumb"', "</p>"))
    assert "Northwind" not in text(section(shown(client, "M-1"), 'class="crumb"', "</p>"))


def test_a_page_reads_little_however_much_was_applied(
    books: Books, open_as, django_assert_max_num_queries
) -> None:
    for number in range(30):
        books.invoice(f"X-{number}", "C1", "1.00", issued="2026-01-15", due="2026-02-14")
    books.payment("P-30", "C1", "30.00", on="2026-02-01")
    for number in range(30):
        books.apply("P-30", f"X-{number}", "1.00", on="2026-02-01")
    client = open_as("viewer")
    with django_assert_max_num_queries(26):
        paid(client, "P-30")
