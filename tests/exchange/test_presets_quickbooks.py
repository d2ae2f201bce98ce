"""QuickBooks Online: lists, reports with title and total rows, the template, customers."""

import pytest
from test_presets import problems_of, read_export, table_of, told_of

from duly.interfaces.exchange.readers.presets import Told, is_export_header, presets_for
from duly.interfaces.exchange.readers.presets.figures import CurrencyUnclear

USD = Told(currency="USD")

# QuickBooks' own template for importing invoices.
TEMPLATE = (
    "*Invoice number,*Customer,*Invoice date,*Due date,Terms,Service Date,Item,Description,"
    "Quantity,Rate,*Item Amount,Item tax code,Memo"
)

AGING = """\
A/R Aging Detail,,,,,,,
Craig's Design and Landscaping Services,,,,,,,
"As of March 31, 2026",,,,,,,
,,,,,,,
,Date,Transaction type,Num,Customer full name,Due date,Amount,Open balance
91 or more days past due,,,,,,,
,11/25/2025,Invoice,1001,Amy's Bird Sanctuary,12/25/2025,"1,239.00",239.00
,12/02/2025,Credit Memo,1002,Amy's Bird Sanctuary,12/02/2025,-50.00,-50.00
Total for 91 or more days past due,,,,,,"$1,189.00",$189.00
Current,,,,,,,
,03/20/2026,Invoice,1003,Bill's Windsurf Shop,04/19/2026,85.00,85.00
,03/21/2026,Payment,77,Bill's Windsurf Shop,03/21/2026,-20.00,-20.00
,03/22/2026,Journal Entry,J1,Bill's Windsurf Shop,03/22/2026,5.00,5.00
Total for Current,,,,,,$70.00,$70.00
TOTAL,,,,,,"$1,259.00",$259.00
"""


def test_the_aging_detail_report_gives_documents_and_payments_without_its_totals() -> None:
    rows, blocks = read_export(AGING, told=USD, skip=4)
    assert [
        (r["row"], r["kind"], r["number"], r["amount"], r["open_amount"], r["customer_id"])
        for r in rows
    ] == [
        ("7", "invoice", "1001", "1239.00", "239.00", "Amy's Bird Sanctuary"),
        ("8", "credit_note", "1002", "50.00", "50.00", "Amy's Bird Sanctuary"),
        ("11", "invoice", "1003", "85.00", "85.00", "Bill's Windsurf Shop"),
    ]
    assert rows[0]["issued_on"] == "2025-11-25"
    assert rows[0]["due_on"] == "2025-12-25"
    assert "1 row left out: payments, which are read as such." in told_of(blocks)
    assert "of the type Journal Entry" in told_of(blocks)
    assert "title" not in told_of(blocks)

    paid, _ = read_export(AGING, "payments", told=USD, skip=4)
    assert [(p["row"], p["amount"], p["received_on"], p["reference"]) for p in paid] == [
        ("12", "20.00", "2026-03-21", "77")
    ]
    family = presets_for(table_of(AGING, skip=4).header)
    assert [preset.kind for preset in family] == ["items", "payments"]


def test_the_header_of_a_report_is_told_from_its_preamble() -> None:
    rows = [line.split(",") for line in AGING.splitlines()]
    assert [is_export_header(cells) for cells in rows[:7]] == [False] * 4 + [True] + [False] * 2


def test_title_and_total_rows_may_be_shorter_than_the_header() -> None:
    rows, blocks = read_export(
        ",Date,Transaction type,Num,Customer,Due date,Amount,Open balance\n"
        "Current\n"
        ",03/20/2026,Invoice,1003,Bill,04/19/2026,85.00,85.00\n"
        "Total for Current,,85.00\n",
        told=USD,
    )
    assert [row["number"] for row in rows] == ["1003"]
    assert problems_of(blocks) == []


def test_a_report_grouped_by_customer_gives_rows_the_customer_of_their_heading() -> None:
    text = (
        ",Date,Transaction Type,Num,Terms,Due Date,Open Balance,Amount\n"
        "Amy,,,,,,,\n"
        ",13/01/2026,Invoice,1,Net 30,12/02/2026,10.00,10.00\n"
        "Total for Amy,,,,,,$10.00,$10.00\n"
        "Bill,,,,,,,\n"
        ",14/01/2026,Invoice,2,Net 30,13/02/2026,20.00,25.00\n"
        "Total for Bill,,,,,,$20.00,$25.00\n"
    )
    rows, _ = read_export(text, told=USD)
    assert [(r["customer_id"], r["number"], r["open_amount"], r["terms"]) for r in rows] == [
        ("Amy", "1", "10.00", "Net 30"),
        ("Bill", "2", "20.00", "Net 30"),
    ]


def test_an_export_of_a_company_with_one_currency_asks_for_it() -> None:
    with pytest.raises(CurrencyUnclear) as caught:
        read_export(AGING, skip=4)
    assert 'currency = "USD"' in caught.value.remedy


@pytest.mark.parametrize(
    "header",
    [
        "Invoice No.,Customer,Invoice Date,Due Date,Total,Balance,Status,Currency",
        "\ufeffInvoice no,Customer full name,Date,Due date,Amount,Open balance,Status,Currency",
        "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Total,Balance Due,Status,Currency".replace(
            "*InvoiceDate", "*Invoice date"
        ),
    ],
)
def test_the_invoice_list_in_the_words_of_several_versions(header: str) -> None:
    rows, _ = read_export(
        f'{header}\n1001,Amy,13/01/2026,12/02/2026,"$1,100.00",$100.00,Overdue,USD\n'
    )
    assert [(r["number"], r["amount"], r["open_amount"], r["issued_on"]) for r in rows] == [
        ("1001", "1100.00", "100.00", "2026-01-13")
    ]


def test_paid_and_voided_invoices_of_a_list_without_balances() -> None:
    rows, blocks = read_export(
        "Invoice No.,Customer,Invoice Date,Total,Status,Currency\n"
        "1,Amy,13/01/2026,10.00,Paid,USD\n"
        "2,Amy,13/01/2026,10.00,Voided,USD\n"
        "3,Amy,13/01/2026,10.00,Open,USD\n"
    )
    assert [(row["number"], row.get("open_amount")) for row in rows] == [("1", "0"), ("3", None)]
    assert told_of(blocks) == "1 row left out: voided or deleted invoices."


def test_the_template_is_summed_and_taxed_lines_without_tax_are_problems() -> None:
    rows, blocks = read_export(
        f"{TEMPLATE}\n"
        "1001,Amy,13/01/2026,12/02/2026,Net 30,,Work,,1,10,10.00,NON,\n"
        "1002,Amy,13/01/2026,12/02/2026,Net 30,,Work,,1,10,10.00,20.0% S,\n"
        "1001,Amy,13/01/2026,12/02/2026,Net 30,,Work,,3,5,15.00,NON,\n",
        told=USD,
    )
    assert [(row["number"], row.get("amount")) for row in rows] == [
        ("1001", "25.00"),
        ("1002", None),
    ]
    assert problems_of(blocks) == [("row 3", "TAX_UNKNOWN")]


def test_payments_without_an_id_get_one_that_stays_and_twins_are_two() -> None:
    text = (
        "Date,Transaction Type,Num,Name,Amount,Currency\n"
        "13/02/2026,Payment,77,Amy,-20.00,USD\n"
        "13/02/2026,Payment,77,Amy,-20.00,USD\n"
    )
    first, _ = read_export(text, "payments")
    again, _ = read_export(text, "payments")
    assert [row["payment_id"] for row in first] == [row["payment_id"] for row in again]
    assert first[1]["payment_id"] == f"{first[0]['payment_id']}-2"
    assert [row["amount"] for row in first] == ["20.00", "20.00"]


def test_of_a_payment_only_what_is_unapplied_comes_in() -> None:
    rows, blocks = read_export(
        "id,currency_id,customer_id,total_amount,transaction_date,unapplied_amount\n"
        "1,USD,4,100.00,2026-02-01,25.00\n"
        "2,USD,4,70.00,2026-02-01,0\n",
        "payments",
    )
    assert [(row["payment_id"], row["amount"]) for row in rows] == [("1", "25.00")]
    assert "1 row left out: payments applied in full" in told_of(blocks)


def test_customers_are_known_by_the_name_that_invoices_bear() -> None:
    rows, blocks = read_export(
        "Customer,Company,Email,Phone,Billing address,Country,Currency\n"
        "Amy,Amy's Bird Sanctuary,amy@birds.example,555,1 Way,USA,USD United States Dollar\n"
        "Bill,,none,,,Atlantis,\n"
        "Total,,,,,,\n",
        "customers",
    )
    assert rows == [
        {
            "row": "2",
            "customer_id": "Amy",
            "name": "Amy",
            "legal_name": "Amy's Bird Sanctuary",
            "email": "amy@birds.example",
            "phone": "555",
            "country": "US",
            "currency": "USD",
        },
        {"row": "3", "customer_id": "Bill", "name": "Bill"},
    ]
    assert "under country is none that we know, and was left empty: 1" in told_of(blocks)
    assert "under email is none that we know, and was left empty: 1" in told_of(blocks)
