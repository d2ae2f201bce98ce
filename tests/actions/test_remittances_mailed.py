"""Remittances by mail: enclosed or in words, once each, told where the customer is known."""

from email.message import EmailMessage

import pytest

from building import Books
from collecting import CollectionsDesk, desk, mail  # noqa: F401
from duly.cash_application.models import RemittanceAdvice
from incoming_mails import reply
from mailbox_server import Mailbox
from shell import duly

TABLE = "Invoice;Amount paid\nINV-700;480.00\nTotal;480.00\n"
WORDS = "We have paid today:\n\nInvoice INV-700   500.00 EUR\n\nRegards, Ann\n"


@pytest.fixture
def books(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """Two customers with an invoice each."""
    for code in ("C0", "C1"):
        desk.customer(code)
        desk.invoice(f"INV-70{code[1]}", code, "500.00")
    desk.take("customer_id,name,role,email", "C0,Ann,accounts_payable,ann@meridian.example")
    return desk


def enclosing(data: bytes, name: str, *, subject: str = "Payment advice", **more) -> EmailMessage:
    made = reply(subject=subject, text="Please see the file.", **more)
    made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def read() -> int:
    return int(duly("mail", "read")["remittance"])


def test_a_table_that_is_enclosed_becomes_an_advice_of_the_customer(
    books: CollectionsDesk, mailbox: Mailbox
) -> None:
    mailbox.deliver(enclosing(TABLE.encode(), "avis.csv"))
    assert read() == 1
    [advice] = duly("remittance", "list")["advices"]
    assert (advice["customer"], advice["file"], advice["kind"], advice["total"]) == (
        *("C0", "avis.csv", "csv", "480.00"),
    )
    assert RemittanceAdvice.objects.get().mail_id == "<r1@meridian.example>"
    mailbox.number_anew()
    assert read() == 0
    assert mailbox.is_untouched()


def test_the_words_of_a_mail_are_one_and_what_they_quote_is_not(
    books: CollectionsDesk, mailbox: Mailbox
) -> None:
    mailbox.deliver(reply(text=WORDS))
    quoted = "\n".join(f"> {line}" for line in WORDS.splitlines())
    told = f"When will this be paid?\n\nOn Monday, Northwind wrote:\n{quoted}"
    mailbox.deliver(reply(text=told, mail_id="<r2@meridian.example>"))
    mailbox.deliver(
        reply(text="INV-700 is wrong, it is 100.00 EUR", mail_id="<r3@meridian.example>")
    )
    assert read() == 1
    [advice] = duly("remittance", "list")["advices"]
    assert [(one["number"], one["paid"]) for one in advice["lines"]] == [("INV-700", "500.00")]


PAGE = """<html><body><div>Zahlungsavis</div><table><tr><td><table>
<tr><th>Rechnung</th><th><p>Betrag</p></th><th>Skonto</th><th>Zahlbetrag</th></tr>
<tr><td><p>INV-700</p></td><td><p>500,00</p></td><td><p>10,00</p></td><td><p>490,00</p></td></tr>
<tr><td>INV-701</td><td>500,00</td><td></td><td>500,00</td></tr>
</table></td></tr></table></body></html>"""


def test_a_table_in_a_page_is_read_by_its_cells(books: CollectionsDesk, mailbox: Mailbox) -> None:
    made = reply(subject="Avis", text="Rechnung\n\nINV-700\n\n490,00\n")
    made.add_alternative(PAGE, subtype="html")
    mailbox.deliver(made)
    assert read() == 1
    [advice] = duly("remittance", "list")["advices"]
    assert [(one["number"], one["paid"], one["discount"]) for one in advice["lines"]] == [
        ("INV-700", "490.00", "10.00"),
        ("INV-701", "500.00", "0.00"),
    ]


def test_a_long_one_is_read_to_its_end(books: CollectionsDesk, mailbox: Mailbox) -> None:
    rows = "".join(f"X-{n};0.01;{'a' * 150}\n" for n in range(4_000))
    data = f"Invoice;Amount paid;Text\n{rows}INV-700;480.00;\n"
    mailbox.deliver(enclosing(data.encode(), "long.csv"))
    assert read() == 1
    assert RemittanceAdvice.objects.get().line_count == 4_001


def test_what_is_none_stays_a_mail(books: CollectionsDesk, mailbox: Mailbox) -> None:
    """An unknown number, no word of a payment, no text, a broken and a cut file."""
    ids = (f"<n{n}@meridian.example>" for n in range(10))
    mails = [
        enclosing(TABLE.replace("INV-700", "Z-1").encode(), "a.csv", mail_id=next(ids)),
        enclosing(TABLE.encode(), "a.csv", subject="Our price list", mail_id=next(ids)),
        enclosing(b"\x00\x01\x02", "a.bin", mail_id=next(ids)),
        enclosing(b"PK\x03\x04broken", "a.xlsx", mail_id=next(ids)),
        enclosing(b"ST*820*1~RMR*IV*INV-700**480.00~", "cut.edi", mail_id=next(ids)),
        reply(text=WORDS.replace("INV-700", "Z-1"), mail_id=next(ids)),
    ]
    for one in mails:
        mailbox.deliver(one)
    told = duly("mail", "read")
    assert (told["reply"], told["remittance"]) == (len(mails), 0)
    assert not RemittanceAdvice.objects.exists()


def test_a_number_that_two_companies_know_tells_neither(
    books: CollectionsDesk, mailbox: Mailbox
) -> None:
    other = Books(name="Southwind")
    other.customer("S0", "South")
    other.invoice("INV-700", "S0", "500.00", issued="2026-01-15", due="2026-02-14")
    mailbox.deliver(enclosing(TABLE.encode(), "avis.csv", sender="who@stranger.example"))
    assert read() == 0
    assert not RemittanceAdvice.objects.exists()
