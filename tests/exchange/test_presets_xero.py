"""Xero: invoices of its pages, credit notes, bills, drafts, the template, contacts, payments."""

import pytest
from test_presets import problems_of, read_export, table_of, told_of

from duly.interfaces.exchange.readers.presets import Told, presets_for

# Xero's template for importing sales invoices.
TEMPLATE = (
    "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,"
    "PORegion,POPostalCode,POCountry,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,"
    "InventoryItemCode,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,"
    "TrackingName1,TrackingOption1,Currency,BrandingTheme"
)
# The export of the sales invoices page adds totals, what is due, the type and the status.
PAGE = (
    "ContactName,EmailAddress,InvoiceNumber,Reference,InvoiceDate,DueDate,PlannedDate,Total,"
    "TaxTotal,InvoiceAmountPaid,InvoiceAmountDue,Description,Quantity,UnitAmount,LineAmount,"
    "TaxType,TaxAmount,Currency,Type,Sent,Status"
)


def page(*rows: str) -> str:
    return "\n".join([PAGE, *rows])


def test_amount_due_is_what_is_open_and_paid_invoices_are_closed() -> None:
    rows, blocks = read_export(
        page(
            'Acme,ap@acme.example,INV-1,PO 7,13/01/2026,12/02/2026,,"1,200.00",200.00,700.00,500.00'
            ",Work,1,1000,1000.00,20% VAT,200.00,GBP,Sales invoice,Sent,Awaiting Payment",
            "Acme,ap@acme.example,INV-2,,14/01/2026,13/02/2026,,60.00,10.00,60.00,0.00"
            ",Work,1,50,50.00,20% VAT,10.00,GBP,Sales invoice,Sent,Paid",
        )
    )
    assert rows == [
        {
            "row": "2",
            "kind": "invoice",
            "number": "INV-1",
            "customer_id": "Acme",
            "currency": "GBP",
            "issued_on": "2026-01-13",
            "amount": "1200.00",
            "due_on": "2026-02-12",
            "open_amount": "500.00",
            "reference": "PO 7",
            "customer_name": "Acme",
            "customer_email": "ap@acme.example",
        },
        {
            "row": "3",
            "kind": "invoice",
            "number": "INV-2",
            "customer_id": "Acme",
            "currency": "GBP",
            "issued_on": "2026-01-14",
            "amount": "60.00",
            "due_on": "2026-02-13",
            "open_amount": "0.00",
            "customer_name": "Acme",
            "customer_email": "ap@acme.example",
        },
    ]
    assert told_of(blocks) == ""


def test_an_invoice_is_settled_on_the_day_it_was_fully_paid() -> None:
    """Half of it paid on that day, and half open again, is not what the day is of."""
    head = "ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,AmountDue,{},Currency,Type,Status"
    rows = [
        "Acme,INV-1,13/01/2026,12/02/2026,60.00,0.00,20/02/2026,GBP,Sales invoice,Paid",
        "Acme,INV-2,13/01/2026,12/02/2026,60.00,30.00,20/02/2026,GBP,Sales invoice,Authorised",
        "Acme,INV-3,13/01/2026,12/02/2026,60.00,,/Date(1771545600000+0000)/,GBP,ACCREC,PAID",
    ]
    for name in ("FullyPaidOnDate", "Fully Paid On Date"):
        read, _ = read_export("\n".join([head.format(name), *rows]))
        assert [row.get("settled_on") for row in read] == ["2026-02-20", None, "2026-02-20"]
    connector = (
        "invoice_id,contact_id,invoice_number,date,due_date,fully_paid_on_date,total,amount_due,"
        "currency_code,type,status\n"
        "a1,c1,INV-1,2026-01-13,2026-02-12,2026-02-20,60,0,GBP,ACCREC,PAID\n"
    )
    read, _ = read_export(connector)
    assert [row["settled_on"] for row in read] == ["2026-02-20"]


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        ("Sales credit note", "Awaiting Payment", "credit_note"),
        ("ACCRECCREDIT", "AUTHORISED", "credit_note"),
        ("ACCREC", "AUTHORISED", "invoice"),
        ("ACCPAY", "AUTHORISED", "1 row left out: bills, which the company owes to others."),
        ("Bill", "Paid", "1 row left out: bills, which the company owes to others."),
        ("Sales invoice", "Draft", "1 row left out: drafts, or waiting for approval."),
        ("Sales invoice", "Awaiting Approval", "1 row left out: drafts, or waiting for approval."),
        ("Sales invoice", "Voided", "1 row left out: voided or deleted in Xero."),
        ("Sales invoice", "Deleted", "1 row left out: voided or deleted in Xero."),
        ("Quote", "Sent", "1 row left out: of the type Quote, which is no sales invoice."),
    ],
)
def test_types_and_statuses(kind: str, status: str, expected: str) -> None:
    rows, blocks = read_export(
        page(f"Acme,,N-1,,2026-01-13,,,-30.00,,,-10.00,x,1,30,30.00,,,EUR,{kind},,{status}")
    )
    if expected == "credit_note":
        assert [(row["kind"], row["amount"], row["open_amount"]) for row in rows] == [
            ("credit_note", "30.00", "10.00")
        ]
    elif expected == "invoice":  # below zero: intake refuses it with its place
        assert [(row["kind"], row["amount"]) for row in rows] == [("invoice", "-30.00")]
    else:
        assert rows == []
        assert told_of(blocks) == expected


def test_the_template_is_summed_line_by_line_where_no_tax_is_due() -> None:
    def line(number: str, quantity: str, price: str, discount: str, tax: str) -> str:
        return (
            f"Acme,,,,,,,,,,{number},,13/01/2026,12/02/2026,,Work,{quantity},{price},{discount},"
            f"200,{tax},,,EUR,"
        )

    rows, blocks = read_export(
        "\n".join(
            [
                TEMPLATE,
                line("INV-1", "3", "10.00", "", "Tax Exempt"),
                line("INV-2", "1", "99.99", "", "20% (VAT on Income)"),
                line("INV-1", "2.5", "4.333", "10", "Zero Rated Income"),
                line("INV-1", "", "", "", ""),
            ]
        )
    )
    # 3 x 10.00 + 2.5 x 4.333 less 10 % = 30.00 + 9.74925, rounded to cents
    assert [(r["number"], r.get("amount")) for r in rows] == [("INV-1", "39.75"), ("INV-2", None)]
    assert problems_of(blocks) == [("row 3", "TAX_UNKNOWN")]


def test_contacts_are_customers_by_the_name_that_invoices_bear() -> None:
    rows, _ = read_export(
        "*ContactName,AccountNumber,EmailAddress,FirstName,LastName,POCountry,TaxNumber,"
        "PhoneNumber,DefaultCurrency\n"
        "Acme Ltd,A-1,ap@acme.example;ceo@acme.example,Ann,Lee,United Kingdom,GB123,+44 20,gbp\n",
        "customers",
    )
    assert rows == [
        {
            "row": "2",
            "customer_id": "Acme Ltd",
            "name": "Acme Ltd",
            "email": "ap@acme.example",
            "phone": "+44 20",
            "country": "GB",
            "tax_id": "GB123",
            "currency": "GBP",
        }
    ]


PAYMENTS = "PaymentID,ContactName,InvoiceNumber,Date,Amount,CurrencyCode,PaymentType,Status"


def test_payments_with_invoice_numbers_come_with_their_applications() -> None:
    text = "\n".join(
        [
            PAYMENTS,
            "p1,Acme,INV-1,2026-02-01,40.00,EUR,ACCRECPAYMENT,AUTHORISED",
            "p1,Acme,INV-2,2026-02-01,2.50,EUR,ACCRECPAYMENT,AUTHORISED",
            "p2,Acme,INV-3,2026-02-02,9.00,EUR,ACCRECPAYMENT,DELETED",
            "p3,Shop,B-9,2026-02-03,7.00,EUR,ACCPAYPAYMENT,AUTHORISED",
        ]
    )
    paid, blocks = read_export(text, "payments")
    assert [(row["payment_id"], row["amount"]) for row in paid] == [("p1", "42.50")]
    assert "1 row left out: payments of bills." in told_of(blocks)
    assert "1 row left out: voided or deleted in Xero." in told_of(blocks)
    applied, _ = read_export(text, "applications")
    assert [(r["payment_id"], r["item_number"], r["amount"], r["applied_on"]) for r in applied] == [
        ("p1", "INV-1", "40.00", "2026-02-01"),
        ("p1", "INV-2", "2.50", "2026-02-01"),
    ]
    family = presets_for(table_of(text).header)
    assert [preset.kind for preset in family] == ["payments", "applications"]


def test_payments_that_name_invoices_by_internal_id_are_counted_in_their_invoices() -> None:
    rows, blocks = read_export(
        "payment_id,_fivetran_synced,date,amount,currency_code,invoice_id,status\n"
        "p1,2021-01-01,2020-12-30,40,USD,e118810c,AUTHORISED\n",
        "payments",
    )
    assert rows == []
    assert "1 row left out: payments applied in full where they come from" in told_of(blocks)


def test_the_order_of_days_may_be_told() -> None:
    text = page("Acme,,N-1,,03/04/2026,04/05/2026,,30.00,,,10.00,x,1,30,30.00,,,EUR,,,Paid")
    rows, _ = read_export(text, told=Told(date_order="mdy"))
    assert (rows[0]["issued_on"], rows[0]["due_on"]) == ("2026-03-04", "2026-04-05")
