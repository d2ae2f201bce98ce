"""NetSuite: saved searches with lines, internal ids, base and foreign amounts, payments."""

import pytest
from test_presets import read_export, table_of, told_of

from duly.interfaces.exchange.readers.presets import presets_for
from duly.interfaces.exchange.readers.presets.figures import CurrencyUnclear

SEARCH = (
    "*,Internal ID,Type,Document Number,Name,Date,Due Date/Receive By,Currency,"
    "Amount (Foreign Currency),Amount Remaining (Foreign Currency),Amount,Status,PO/Check Number"
)
ROWS = (
    "*,101,Invoice,INV9,C7 Acme,13/01/2026,12/02/2026,British pound,120.00,100.00,150.00,Open,PO1\n"
    ",101,Invoice,INV9,C7 Acme,13/01/2026,12/02/2026,British pound,-100.00,,-125.00,Open,\n"
    ",101,Invoice,INV9,C7 Acme,13/01/2026,12/02/2026,British pound,-20.00,,-25.00,Open,\n"
    "*,102,Credit Memo,CM1,C7 Acme,14/01/2026,,Euro,-30.00,-5.00,-33.00,Open,\n"
    "*,103,Payment,PYMT4,C7 Acme,15/01/2026,,USD,-40.00,,-40.00,Deposited,chk 9\n"
    "*,104,Bill,B1,Shop,15/01/2026,,USD,-40.00,,-40.00,Open,\n"
    "*,105,Invoice,INV10,C7 Acme,16/01/2026,,USD,40.00,40.00,40.00,Pending Approval,\n"
    "*,106,Invoice,INV11,C7 Acme,16/01/2026,,USD,40.00,,40.00,Invoice : Paid In Full,\n"
    "*,107,Invoice,INV12,C7 Acme,16/01/2026,,USD,40.00,40.00,40.00,Voided,\n"
)


def test_main_lines_in_the_transaction_currency() -> None:
    rows, blocks = read_export(f"{SEARCH}\n{ROWS}")
    assert [
        (r["row"], r["kind"], r["number"], r["currency"], r["amount"], r["open_amount"])
        for r in rows
    ] == [
        ("2", "invoice", "INV9", "GBP", "120.00", "100.00"),
        ("5", "credit_note", "CM1", "EUR", "30.00", "5.00"),
        ("9", "invoice", "INV11", "USD", "40.00", "0"),
    ]
    assert rows[0]["po_number"] == "PO1"
    assert (rows[0]["issued_on"], rows[0]["due_on"]) == ("2026-01-13", "2026-02-12")
    told = told_of(blocks)
    assert "2 rows left out: lines, which their documents' main lines sum up." in told
    assert "1 row left out: of the type Bill, which is no sales invoice." in told
    assert "1 row left out: waiting for approval." in told
    assert "1 row left out: voided or rejected in NetSuite." in told


def test_payments_of_the_same_search() -> None:
    text = f"{SEARCH}\n{ROWS}"
    rows, _ = read_export(text, "payments")
    assert rows == [
        {
            "row": "6",
            "payment_id": "PYMT4",
            "customer_id": "C7 Acme",
            "currency": "USD",
            "received_on": "2026-01-15",
            "amount": "40.00",
            "payer_name": "C7 Acme",
            "reference": "chk 9",
        }
    ]
    assert [p.kind for p in presets_for(table_of(text).header)] == ["items", "payments"]


def test_payments_with_the_transactions_they_were_applied_to() -> None:
    text = (
        "Internal ID,Type,Document Number,Name,Date,Currency,Amount (Foreign Currency),"
        "Applied To Transaction,Applied To Foreign Amount,Status\n"
        "103,Payment,PYMT4,Acme,2026-01-15,USD,-40.00,INV9,25.00,Deposited\n"
        "103,Payment,PYMT4,Acme,2026-01-15,USD,-40.00,INV11,10.00,Deposited\n"
    )
    paid, _ = read_export(text, "payments")
    assert [(row["payment_id"], row["amount"]) for row in paid] == [("PYMT4", "40.00")]
    applied, _ = read_export(text, "applications")
    assert [(row["item_number"], row["amount"]) for row in applied] == [
        ("INV9", "25.00"),
        ("INV11", "10.00"),
    ]


def test_amounts_of_the_base_currency_beside_several_currencies_are_refused() -> None:
    text = (
        "Internal ID,Type,Document Number,Name,Date,Currency,Amount\n"
        "1,Invoice,INV1,Acme,2026-01-13,USD,40.00\n"
        "2,Invoice,INV2,Acme,2026-01-13,Euro,40.00\n"
    )
    with pytest.raises(CurrencyUnclear) as caught:
        read_export(text)
    assert "Amount (Foreign Currency)" in caught.value.remedy
    rows, _ = read_export(text.replace("Euro", "USD"))
    assert [row["amount"] for row in rows] == ["40.00", "40.00"]


def test_customers_are_known_by_the_name_that_transactions_bear() -> None:
    rows, _ = read_export(
        "Internal ID,Name,Company Name,Email,Phone,Primary Currency,Terms\n"
        "1409,C7 Acme,Acme Ltd,ap@acme.example,555,US Dollar,Net 30\n",
        "customers",
    )
    assert rows == [
        {
            "row": "2",
            "customer_id": "C7 Acme",
            "name": "C7 Acme",
            "legal_name": "Acme Ltd",
            "email": "ap@acme.example",
            "phone": "555",
            "currency": "USD",
            "terms": "Net 30",
        }
    ]
