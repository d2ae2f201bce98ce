"""Stripe: dashboard exports in decimals, API objects in minor units, what never was owed."""

import pytest
from test_presets import read_export, table_of, told_of

from duly.interfaces.exchange.readers.presets import presets_for
from duly.interfaces.exchange.readers.refusals import HeaderUnfit

DASHBOARD = (
    "id,Number,Customer,Customer Name,Customer Email,Date (UTC),Due Date (UTC),Total,Amount Due,"
    "Amount Paid,Amount Remaining,Currency,Status"
)
API = (
    "id,number,customer,customer_email,created,due_date,total,amount_due,amount_paid,"
    "amount_remaining,currency,status"
)


def test_the_dashboard_writes_decimals() -> None:
    rows, blocks = read_export(
        f"{DASHBOARD}\n"
        "in_1,A-0001,cus_1,Acme,ap@acme.example,2026-01-13 23:59,2026-02-12 23:59,"
        "1200.50,1200.50,200.00,1000.50,eur,open\n"
        "in_2,A-0002,cus_1,Acme,,2026-01-14 00:00,,5000,5000,0,5000,jpy,uncollectible\n"
        "in_3,A-0003,cus_1,Acme,,2026-01-14 00:00,,7.00,7.00,0.00,7.00,eur,void\n"
        "in_4,,cus_1,Acme,,2026-01-14 00:00,,7.00,7.00,0.00,7.00,eur,draft\n"
        "in_5,A-0005,cus_1,Acme,,2026-01-14 00:00,,9.00,9.00,9.00,0.00,eur,paid\n"
    )
    assert [(r["number"], r["currency"], r["amount"], r["open_amount"]) for r in rows] == [
        ("A-0001", "EUR", "1200.50", "1000.50"),
        ("A-0002", "JPY", "5000", "5000"),
        ("A-0005", "EUR", "9.00", "0.00"),
    ]
    assert rows[0]["issued_on"] == "2026-01-13"
    assert rows[0]["due_on"] == "2026-02-12"
    assert rows[0]["customer_id"] == "cus_1"
    assert rows[0]["customer_name"] == "Acme"
    assert "1 row left out: drafts, which were never sent." in told_of(blocks)
    assert "1 row left out: voided or deleted in Stripe." in told_of(blocks)


def test_the_api_writes_minor_units_and_seconds() -> None:
    rows, _ = read_export(
        f"{API}\n"
        "in_1,A-0001,cus_1,ap@acme.example,1768348799,1770940799,120050,120050,20000,100050,eur,open\n"
        "in_2,A-0002,cus_1,,1768348800,,5000,5000,0,5000,jpy,open\n"
        "in_3,A-0003,cus_1,,1768348800,,12340,12340,0,12340,kwd,open\n"
    )
    assert [(r["number"], r["amount"], r["open_amount"], r["issued_on"]) for r in rows] == [
        ("A-0001", "1200.50", "1000.50", "2026-01-13"),
        ("A-0002", "5000", "5000", "2026-01-14"),
        ("A-0003", "12.340", "12.340", "2026-01-14"),
    ]


def test_api_invoices_without_their_day_are_refused_by_name_of_the_column() -> None:
    with pytest.raises(HeaderUnfit) as caught:
        read_export("number,customer,total,amount_due,amount_remaining,currency,status\n")
    assert caught.value.code == "EXPORT_INCOMPLETE"
    assert "created" in caught.value.message


def test_credit_notes_of_the_dashboard_leave_nothing_open() -> None:
    rows, blocks = read_export(
        "id,Credit Note Number,Invoice Number,Customer,Created (UTC),Total,Currency,Status,Reason\n"
        "cn_1,A-0001-CN-01,A-0001,cus_1,2026-01-20 10:00,20.00,eur,issued,order_change\n"
        "cn_2,A-0001-CN-02,A-0001,cus_1,2026-01-20 10:00,20.00,eur,void,order_change\n"
    )
    assert [
        (r["kind"], r["number"], r["amount"], r["open_amount"], r["reference"]) for r in rows
    ] == [("credit_note", "A-0001-CN-01", "20.00", "0", "A-0001")]
    assert "1 row left out: voided or deleted in Stripe." in told_of(blocks)


PAYMENTS = (
    "id,Created (UTC),Amount,Amount Refunded,Currency,Description,Status,Customer ID,Captured,"
    "Invoice ID"
)


def test_payments_of_the_dashboard_net_of_refunds() -> None:
    rows, blocks = read_export(
        f"{PAYMENTS}\n"
        "ch_1,2026-02-01 10:00,100.00,25.50,usd,on account,Paid,cus_1,true,\n"
        "ch_2,2026-02-01 10:00,70.00,0.00,usd,,Paid,cus_1,true,in_1\n"
        "ch_3,2026-02-01 10:00,70.00,0.00,usd,,Failed,cus_1,false,\n"
        "ch_4,2026-02-01 10:00,70.00,70.00,usd,,Refunded,cus_1,true,\n"
        "ch_5,2026-02-01 10:00,70.00,0.00,usd,,requires_payment_method,cus_1,true,\n",
        "payments",
    )
    assert rows == [
        {
            "row": "2",
            "payment_id": "ch_1",
            "customer_id": "cus_1",
            "currency": "USD",
            "received_on": "2026-02-01",
            "amount": "74.50",
            "reference": "on account",
        }
    ]
    assert "1 row left out: payments applied in full" in told_of(blocks)
    assert "1 row left out: payments refunded in full." in told_of(blocks)
    assert "2 rows left out: payments that failed or are pending." in told_of(blocks)


def test_charges_of_the_api_are_minor_units() -> None:
    rows, _ = read_export(
        "id,created,amount,amount_refunded,currency,customer_id,invoice_id,status,captured\n"
        "ch_1,2021-02-18 14:07:57,3293232,100,usd,cus_1,,succeeded,TRUE\n"
        "ch_2,1613657277,3293,0,jpy,cus_1,,succeeded,TRUE\n",
        "payments",
    )
    assert [(row["amount"], row["received_on"]) for row in rows] == [
        ("32931.32", "2021-02-18"),
        ("3293", "2021-02-18"),
    ]


def test_customers_have_the_ids_that_invoices_bear() -> None:
    rows, _ = read_export(
        "id,Description,Email,Name,Created (UTC),Card Country,Currency\n"
        "cus_1,Big shop,ap@acme.example,Acme,2026-01-01 10:00,DE,eur\n"
        "cus_2,Small shop,,,2026-01-01 10:00,,\n"
        "cus_3,,solo@shop.example,,2026-01-01 10:00,,\n",
        "customers",
    )
    assert [(row["customer_id"], row["name"]) for row in rows] == [
        ("cus_1", "Acme"),
        ("cus_2", "Small shop"),
        ("cus_3", "solo@shop.example"),
    ]
    assert (rows[0]["country"], rows[0]["currency"]) == ("DE", "EUR")


def test_dashboard_and_api_are_told_apart_by_their_headers() -> None:
    assert [p.name for p in presets_for(table_of(DASHBOARD).header)] == ["stripe-invoices"]
    assert [p.name for p in presets_for(table_of(API).header)] == ["stripe-api-invoices"]
