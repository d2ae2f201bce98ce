"""A firm that asks for credit: a whole application, as JSON has it."""

from typing import Any

REFEREES = ("Kestrel Board", "Tall Oaks", "Harbour Ink")


def application(**changes: Any) -> dict[str, Any]:
    """Every field of the usual form, filled in by one firm; `changes` replace some."""
    given: dict[str, Any] = {
        "legal_name": "Meadow Prints Ltd",
        "trade_names": "Meadow",
        "legal_form": "company",
        "country": "GB",
        "formed_in": "England and Wales",
        "formed_on": "2012-05-04",
        "registration_number": "SC123456",
        "tax_id": "GB980780684",
        "parent": "Meadow Holdings Ltd",
        "registered_address": "1 Mill Lane\nLeeds LS1 1AA",
        "billing_address": "1 Mill Lane\nLeeds LS1 1AA",
        "shipping_address": "2 Mill Lane\nLeeds LS1 1AB",
        "owners": [
            {"name": "Ann Lee", "role": "Director", "share": "60"},
            {"name": "Bo Marsh", "role": "Director", "share": "40"},
        ],
        "buyers": [{"name": "Cay Dunn", "email": "cay@meadow.example"}],
        "payables_name": "Dee Ferris",
        "payables_email": "ap@meadow.example",
        "payables_phone": "+44 113 496 0000",
        "invoice_email": "invoices@meadow.example",
        "is_po_required": True,
        "line_of_business": "Printing",
        "staff": 24,
        "yearly_sales": "6000000",
        "premises": "lease",
        "is_tax_exempt": False,
        "currency": "GBP",
        "amount": "50,000.00",
        "monthly_purchases": "25000",
        "terms": "net 30",
        "first_order": "8000",
        "first_order_on": "2026-04-20",
        "trade_references": [
            {"name": name, "contact": "Eve Hall", "email": f"credit@{mail}.example"}
            for name, mail in zip(REFEREES, ("kestrel", "oaks", "harbour"), strict=True)
        ],
        "bank_name": "Leeds Commercial Bank",
        "bank_officer": "Fay Irving",
        "bank_email": "fay@bank.example",
        "bank_account": "GB33BUKB20201555555555",
        "statements_kind": "audited",
        "statements_years": 3,
        "guarantors": [{"kind": "personal", "name": "Ann Lee", "email": "ann@meadow.example"}],
        "may_ask_references": True,
        "may_ask_bank": True,
        "may_get_reports": True,
        "may_get_personal_reports": False,
        "has_read_data_notice": True,
        "takes_e_invoices": True,
        "signs_electronically": True,
        "accepts_conditions": True,
        "signer_name": "Ann Lee",
        "signer_title": "Director",
        "signer_authority": "Sole signature by the register",
    }
    return {name: value for name, value in {**given, **changes}.items() if value is not None}
