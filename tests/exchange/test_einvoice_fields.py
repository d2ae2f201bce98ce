"""What becomes of each field of an e-invoice, in both syntaxes."""

from pathlib import Path

import pytest
from einvoice_samples import cii, faults, read, row_of, ubl

from duly.intake.rules.columns import KINDS
from duly.interfaces.exchange.readers.einvoice import read_einvoices

VAT = (
    "<a:PartyTaxScheme><b:CompanyID>DE123456789</b:CompanyID><a:TaxScheme><b:ID>VAT</b:ID>"
    "</a:TaxScheme></a:PartyTaxScheme>"
)


@pytest.mark.parametrize("write", [ubl, cii], ids=["ubl", "cii"])
def test_a_plain_invoice_is_one_row_of_items(tmp_path: Path, write) -> None:
    assert row_of(read(tmp_path, write())) == {
        "kind": "invoice",
        "number": "4711",
        "customer_id": "C-100",
        "currency": "EUR",
        "issued_on": "2026-03-02",
        "due_on": "2026-04-01",
        "amount": "238.00",
        "open_amount": "238.00",
        "customer_name": "Acme GmbH",
    }


def test_the_sheet_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(cii())
    (sheet,) = read_einvoices(path, "Rechnung März.xml")
    assert (sheet.kind, sheet.file, sheet.preset, sheet.place) == (
        "items",
        "Rechnung März.xml",
        "cii",
        "invoice",
    )
    assert sheet.columns == KINDS["items"].columns


@pytest.mark.parametrize("write", [ubl, cii], ids=["ubl", "cii"])
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("380", "invoice"),
        ("326", "invoice"),
        ("384", "invoice"),
        ("389", "invoice"),
        ("751", "invoice"),
        ("875", "invoice"),
        ("381", "credit_note"),
        ("261", "credit_note"),
        ("396", "credit_note"),
        ("383", "debit_note"),
        ("84", "debit_note"),
    ],
)
def test_the_type_code_tells_the_kind(tmp_path: Path, write, code: str, kind: str) -> None:
    assert row_of(read(tmp_path, write(type=code)))["kind"] == kind


@pytest.mark.parametrize("write", [ubl, cii], ids=["ubl", "cii"])
def test_a_pro_forma_invoice_is_no_claim(tmp_path: Path, write) -> None:
    assert faults(read(tmp_path, write(type="325"))) == [("invoice 4711, BT-3", "NOT_A_CLAIM")]


def test_the_root_tells_the_kind_where_the_code_says_nothing(tmp_path: Path) -> None:
    assert row_of(read(tmp_path, ubl(type="SalesInvoice")))["kind"] == "invoice"
    assert row_of(read(tmp_path, ubl(type="", root="CreditNote")))["kind"] == "credit_note"
    assert faults(read(tmp_path, cii(type=""))) == [("invoice 4711, BT-3", "TYPE_UNCLEAR")]


def test_a_credit_note_with_the_code_of_an_invoice_is_refused(tmp_path: Path) -> None:
    block = read(tmp_path, ubl(type="380", root="CreditNote"))
    assert faults(block) == [("invoice 4711, BT-3", "TYPE_UNCLEAR")]


NEGATIVE = {
    "lines": "-100.00 -100.00",
    "lines_sum": "-200.00",
    "net": "-200.00",
    "tax": "-38.00",
    "gross": "-238.00",
    "payable": "-238.00",
}


@pytest.mark.parametrize("write", [ubl, cii], ids=["ubl", "cii"])
def test_a_negative_invoice_is_a_credit_note_and_told(tmp_path: Path, write) -> None:
    block = read(tmp_path, write(**NEGATIVE))
    row = row_of(block)
    assert (row["kind"], row["amount"], row["open_amount"]) == ("credit_note", "238.00", "238.00")
    assert block.notes == ["invoice 4711 is negative and is taken in as a credit note."]


def test_a_negative_credit_note_has_two_readings(tmp_path: Path) -> None:
    block = read(tmp_path, ubl(type="381", root="CreditNote", **NEGATIVE))
    assert faults(block) == [("invoice 4711, BT-112", "SIGN_UNCLEAR")]


def test_an_invoice_over_nothing_is_nothing_to_collect(tmp_path: Path) -> None:
    none = dict.fromkeys(("lines", "lines_sum", "net", "tax", "gross", "payable"), "0.00")
    assert faults(read(tmp_path, ubl(**none))) == [("invoice 4711, BT-112", "NOTHING_OWED")]


def test_a_corrected_invoice_tells_which_one(tmp_path: Path) -> None:
    earlier = (
        "<a:BillingReference><a:InvoiceDocumentReference><b:ID>4700</b:ID>"
        "</a:InvoiceDocumentReference></a:BillingReference>"
    )
    block = read(tmp_path, ubl(type="384", more=earlier))
    assert row_of(block)["reference"] == "4700"
    assert "invoice 4711 corrects an earlier invoice 4700." in block.notes[0]


class TestWhoOwes:
    def test_our_number_of_the_buyer_comes_first(self, tmp_path: Path) -> None:
        data = ubl(buyer_more=VAT).replace(
            b"<a:Party>",
            b"<b:SupplierAssignedAccountID>K77</b:SupplierAssignedAccountID><a:Party>",
        )
        row = row_of(read(tmp_path, data))
        assert (row["customer_id"], row["customer_tax_id"]) == ("K77", "DE123456789")

    def test_then_the_vat_id_the_registration_and_the_name(self, tmp_path: Path) -> None:
        registered = b"<b:CompanyID>HRB 1</b:CompanyID></a:PartyLegalEntity>"
        data = ubl(buyer_id="", buyer_more=VAT).replace(b"</a:PartyLegalEntity>", registered)
        assert row_of(read(tmp_path, data))["customer_id"] == "DE123456789"
        data = ubl(buyer_id="").replace(b"</a:PartyLegalEntity>", registered)
        assert row_of(read(tmp_path, data))["customer_id"] == "HRB 1"
        assert row_of(read(tmp_path, ubl(buyer_id="")))["customer_id"] == "Acme GmbH"

    def test_cii_takes_the_vat_id_not_the_fiscal_number(self, tmp_path: Path) -> None:
        ids = "".join(
            f"<r:SpecifiedTaxRegistration><r:ID schemeID='{scheme}'>{text}</r:ID>"
            "</r:SpecifiedTaxRegistration>"
            for scheme, text in (("FC", "201/113"), ("VA", "DE123456789"))
        )
        row = row_of(read(tmp_path, cii(buyer_id="", buyer_more=ids)))
        assert (row["customer_id"], row["customer_tax_id"]) == ("DE123456789", "DE123456789")

    def test_country_and_mail_come_where_they_are_such(self, tmp_path: Path) -> None:
        more = (
            "<b:EndpointID schemeID='EM'>ap@acme.example</b:EndpointID><a:PostalAddress>"
            "<a:Country><b:IdentificationCode>de</b:IdentificationCode></a:Country>"
            "</a:PostalAddress>"
        )
        row = row_of(read(tmp_path, ubl(buyer_more=more)))
        assert (row["customer_country"], row["customer_email"]) == ("DE", "ap@acme.example")
        row = row_of(read(tmp_path, ubl(buyer_more=more.replace("ap@", "ap at "))))
        assert "customer_email" not in row

    def test_nobody_owes_an_invoice_without_a_buyer(self, tmp_path: Path) -> None:
        block = read(tmp_path, cii(buyer="", buyer_id=""))
        assert faults(block) == [("invoice 4711, BT-44", "VALUE_MISSING")]

    @pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@SUM(1)", "+1", "-2+3|cmd", "<b>&amp;"])
    def test_a_name_that_looks_like_a_formula_stays_text(self, tmp_path: Path, name: str) -> None:
        for write in (ubl, cii):
            assert row_of(read(tmp_path, write(buyer=name)))["customer_name"] == name

    @pytest.mark.parametrize("bad", ["\u202e", "\u2066", "\x7f"])
    def test_a_name_with_a_control_character_is_refused(self, tmp_path: Path, bad: str) -> None:
        for write in (ubl, cii):
            block = read(tmp_path, write(buyer=f"Acme{bad}"))
            assert faults(block) == [("invoice 4711, customer_name", "CONTROL_CHARACTER")]
            assert bad not in block.columns["customer_name"][0]


class TestReferences:
    def test_orders_delivery_and_payment_reference(self, tmp_path: Path) -> None:
        more = (
            "<b:BuyerReference>LW-1</b:BuyerReference><a:OrderReference><b:ID>PO-9</b:ID>"
            "<b:SalesOrderID>SO-8</b:SalesOrderID></a:OrderReference><a:Delivery>"
            "<b:ActualDeliveryDate>2026-02-27+01:00</b:ActualDeliveryDate></a:Delivery>"
            "<a:PaymentMeans><b:PaymentID>RF18</b:PaymentID></a:PaymentMeans>"
        )
        row = row_of(read(tmp_path, ubl(more=more)))
        assert (row["po_number"], row["order_ref"]) == ("PO-9", "SO-8")
        assert (row["delivered_on"], row["reference"]) == ("2026-02-27", "RF18")
        row = row_of(read(tmp_path, ubl(more=more.replace("PO-9", "NA").replace("RF18", ""))))
        assert "po_number" not in row  # Peppol writes NA for an order nobody placed
        assert row["reference"] == "LW-1"

    def test_a_long_description_is_cut_and_told(self, tmp_path: Path) -> None:
        block = read(tmp_path, ubl(buyer="x" * 201))
        assert len(row_of(block)["customer_name"]) == 200
        assert "customer_name is longer than 200 characters" in block.notes[0]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    block = read(
        tmp_path,
        ubl(number="", issued="2026-02-30", currency="EUX", buyer="", buyer_id=""),
    )
    place = "invoice without a number"
    assert sorted(faults(block)) == [
        (f"{place}, BT-1", "VALUE_MISSING"),
        (f"{place}, BT-2", "INVALID_DATE"),
        (f"{place}, BT-44", "VALUE_MISSING"),
        (f"{place}, BT-5", "UNKNOWN_CURRENCY"),
    ]


def test_a_date_in_another_form_is_refused_not_guessed(tmp_path: Path) -> None:
    assert faults(read(tmp_path, ubl(issued="02.03.2026"))) == [
        ("invoice 4711, BT-2", "INVALID_DATE")
    ]
    assert faults(read(tmp_path, cii(issued="2026-02-31"))) == [
        ("invoice 4711, BT-2", "INVALID_DATE")
    ]
