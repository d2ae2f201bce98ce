"""The small named world of the tests: Northwind Packaging and the customers it sells to.

Northwind Packaging GmbH keeps its books in EUR. Meridian Foods pays late and in parts; Tall Oaks
Timber disputes and gets credit notes; Harbour & Sons takes its discount; Kōbō Paper pays in JPY;
Gulf Crates in KWD (three decimals); Santiago Envases in CLF (four). Every figure is written here
once and worked out by hand in the tests that use it.
"""

from building import Books

CUSTOMERS = """
customer_id,name,country,currency,terms
MERIDIAN,Meridian Foods,DE,EUR,net30
TALLOAKS,Tall Oaks Timber,IE,EUR,net30
HARBOUR,Harbour & Sons,GB,EUR,2/10 net 30
KOBO,Kōbō Paper,JP,JPY,net60
GULF,Gulf Crates,KW,KWD,net30
SANTIAGO,Santiago Envases,CL,CLF,net30
"""

ITEMS = """
kind,number,customer_id,currency,issued_on,due_on,terms,amount
invoice,M-1,MERIDIAN,EUR,2026-01-10,2026-02-09,,1000.00
invoice,M-2,MERIDIAN,EUR,2026-02-10,2026-03-12,,450.50
invoice,T-1,TALLOAKS,EUR,2026-01-20,2026-02-19,,780.00
credit_note,T-CN1,TALLOAKS,EUR,2026-02-05,2026-02-05,,80.00
invoice,H-1,HARBOUR,EUR,2026-03-01,,2/10 net 30,200.00
invoice,K-1,KOBO,JPY,2026-01-05,2026-03-06,,120000
invoice,G-1,GULF,KWD,2026-02-01,2026-03-03,,12.345
invoice,S-1,SANTIAGO,CLF,2026-02-15,2026-03-17,,7.0001
"""

PAYMENTS = """
payment_id,customer_id,currency,received_on,amount,payer_name,reference
P-1,MERIDIAN,EUR,2026-02-20,600.00,MERIDIAN FOODS,part of M-1
P-2,KOBO,JPY,2026-03-05,120000,KOBO PAPER CO,K-1
P-3,,EUR,2026-03-08,55.55,UNBEKANNT,
"""

APPLICATIONS = """
payment_id,item_number,customer_id,amount,applied_on
P-1,M-1,MERIDIAN,600.00,2026-02-21
P-2,K-1,KOBO,120000,2026-03-05
"""


def northwind() -> Books:
    """The company with its customers, and nothing owed."""
    books = Books()
    books.take_in("customers", CUSTOMERS)
    return books


def trading_northwind() -> Books:
    """The company in March 2026: four files, imported as one write."""
    books = Books()
    books.take_in_all(
        [
            ("customers", CUSTOMERS, ""),
            ("items", ITEMS, ""),
            ("payments", PAYMENTS, ""),
            ("applications", APPLICATIONS, ""),
        ]
    )
    return books
