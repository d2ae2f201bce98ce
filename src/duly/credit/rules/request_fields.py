"""What an applicant can be asked: every field of a credit application, in its block.

A form chooses among these blocks and fields; none invents its own, so that an answer means the same
under each form. Fields of natural persons are kept apart from all others (`is_personal`).
See: docs/credit.md.
"""

from typing import NamedTuple

TEXT, LONG, CHOICE, YES, DAY, AMOUNT, COUNT, SHARE = (
    *("text", "long", "choice", "yes", "day", "amount", "count", "share"),
)
EMAIL, PHONE, COUNTRY, CURRENCY, ACCOUNT, ROWS = (
    *("email", "phone", "country", "currency", "account", "rows"),
)

LEGAL_FORMS = (
    ("company", "Company limited by shares or guarantee"),
    ("partnership", "Partnership"),
    ("sole_trader", "Sole trader"),
    ("public_body", "Public body"),
    ("association", "Association, foundation or charity"),
    ("other", "Other"),
)
PREMISES = (("own", "Owned"), ("lease", "Leased"), ("none", "None"))
STATEMENTS = (
    ("audited", "Audited"),
    ("reviewed", "Reviewed"),
    ("compiled", "Compiled by an accountant"),
    ("internal", "Our own figures"),
)
GUARANTEES = (("personal", "A person"), ("corporate", "A company"))
SOLE_TRADER = "sole_trader"


class Field(NamedTuple):
    """One thing asked. `parts` are the fields of one row where it asks for several rows."""

    id: str
    label: str
    kind: str = TEXT
    most: int = 200  # characters, or rows
    choices: tuple[tuple[str, str], ...] = ()
    parts: tuple["Field", ...] = ()
    hint: str = ""
    is_personal: bool = False
    is_needed: bool = False  # of a part: in each row
    fills: str = ""  # autocomplete, for browsers


class Block(NamedTuple):
    """Fields that are asked together."""

    id: str
    title: str
    fields: tuple[Field, ...]
    told: str = ""


_OWNER = (
    Field("name", "Name", is_needed=True),
    Field("role", "Role", most=80, hint="Owner, director, partner"),
    Field("share", "Share in percent", SHARE),
)
_BUYER = (
    Field("name", "Name", is_needed=True),
    Field("email", "E-mail", EMAIL),
    Field("phone", "Phone", PHONE),
)
_TRADE = (
    Field("name", "Firm", is_needed=True),
    Field("contact", "Whom to ask", is_personal=True),
    Field("email", "E-mail", EMAIL, is_needed=True, is_personal=True),
    Field("phone", "Phone", PHONE, is_personal=True),
    Field("account_number", "Your account number there", most=64),
    Field("country", "Country", COUNTRY),
)
_GUARANTOR = (
    Field("kind", "Who guarantees", CHOICE, choices=GUARANTEES, is_needed=True),
    Field("name", "Legal name", is_needed=True),
    Field("email", "E-mail", EMAIL, is_needed=True),
    Field("cap", "Up to", AMOUNT, hint="Empty: unlimited"),
    Field("until", "Good until", DAY, hint="Empty: with no end"),
)

BLOCKS = (
    Block(
        "identity",
        "Your firm",
        (
            Field("legal_name", "Exact registered name", fills="organization"),
            Field("trade_names", "Trade names"),
            Field("legal_form", "Legal form", CHOICE, choices=LEGAL_FORMS),
            Field("country", "Country", COUNTRY, fills="country"),
            Field("formed_in", "State or country of formation", most=64),
            Field("formed_on", "Formed on", DAY),
            Field("registration_number", "Registration number", most=64),
            Field("tax_id", "VAT or tax number", most=64, hint="With its country: DE123456789"),
            Field("parent", "Parent company"),
            Field("registered_address", "Registered address", LONG, 500),
            Field("billing_address", "Billing address", LONG, 500),
            Field("shipping_address", "Where we deliver", LONG, 500),
        ),
        "As the public register has it: a guarantee under another name may be worth nothing.",
    ),
    Block(
        "people",
        "People",
        (
            Field("owners", "Owners and directors", ROWS, 12, parts=_OWNER, is_personal=True),
            Field("buyers", "Who may order", ROWS, 12, parts=_BUYER, is_personal=True),
            Field("payables_name", "Who pays our invoices", is_personal=True, fills="name"),
            Field("payables_email", "Their e-mail", EMAIL, is_personal=True, fills="email"),
            Field("payables_phone", "Their phone", PHONE, is_personal=True, fills="tel"),
            Field("invoice_email", "E-mail for invoices", EMAIL),
            Field("invoice_portal", "Portal for invoices", hint="Its name or address"),
            Field("is_po_required", "We pay only with a purchase order number", YES),
        ),
    ),
    Block(
        "business",
        "Business",
        (
            Field("line_of_business", "Line of business"),
            Field("staff", "Staff", COUNT),
            Field("yearly_sales", "Yearly sales", AMOUNT),
            Field("premises", "Premises", CHOICE, choices=PREMISES),
            Field("is_tax_exempt", "We are exempt from sales tax", YES),
        ),
    ),
    Block(
        "request",
        "What you ask for",
        (
            Field("currency", "Currency", CURRENCY),
            Field("amount", "Credit wanted", AMOUNT),
            Field("monthly_purchases", "Expected purchases a month", AMOUNT),
            Field("terms", "Terms wanted", hint="Such as net 30"),
            Field("first_order", "First order", AMOUNT),
            Field("first_order_on", "First order needed by", DAY),
        ),
    ),
    Block(
        "references",
        "References",
        (
            Field("trade_references", "Suppliers that know you", ROWS, 6, parts=_TRADE),
            Field("bank_name", "Bank"),
            Field("bank_branch", "Branch"),
            Field("bank_officer", "Whom to ask", is_personal=True),
            Field("bank_email", "Bank's e-mail", EMAIL, is_personal=True),
            Field("bank_account", "IBAN or account number", ACCOUNT, 64),
        ),
        "We ask them for past facts only: since when, how much, how punctual.",
    ),
    Block(
        "financials",
        "Financial statements",
        (
            Field("statements_kind", "Statements are", CHOICE, choices=STATEMENTS),
            Field("statements_years", "How many years", COUNT),
        ),
    ),
    Block(
        "guarantee",
        "Guarantee",
        (Field("guarantors", "Guarantors", ROWS, 4, parts=_GUARANTOR, is_personal=True),),
        "Each guarantor gets a link of their own and signs there.",
    ),
    Block(
        "consents",
        "Consents",
        (
            Field("may_ask_references", "You may ask the references named here", YES),
            Field("may_ask_bank", "Our bank may answer you about our account", YES),
            Field("may_get_reports", "You may obtain business reports on our firm", YES),
            Field(
                "may_get_personal_reports",
                "You may obtain personal reports on the owners and guarantors named here",
                YES,
                hint="Only where each of them agreed in writing",
            ),
            Field("has_read_data_notice", "We have read how you handle personal data", YES),
            Field("takes_e_invoices", "We take invoices by e-mail", YES),
            Field("signs_electronically", "We sign electronically", YES),
            Field("consents_until", "These hold until", DAY, hint="Empty: until we take them back"),
        ),
    ),
    Block(
        "signature",
        "Signature",
        (
            Field("accepts_conditions", "We accept the terms and conditions", YES),
            Field("signer_name", "Name", is_personal=True, fills="name"),
            Field("signer_title", "Title", most=80, is_personal=True),
            Field("signer_authority", "By what authority", is_personal=True,
                  hint="Director, holder of a power of attorney, owner"),
        ),
    ),
)  # fmt: skip
FIELDS = {field.id: field for block in BLOCKS for field in block.fields}
CONSENTS = tuple(
    field.id for field in next(b for b in BLOCKS if b.id == "consents").fields if field.kind == YES
)

# Of a sole trader the firm is a person: these then are kept apart, too.
OF_SOLE_TRADERS = (
    *("legal_name", "trade_names", "registered_address", "billing_address", "shipping_address"),
    *("invoice_email", "tax_id", "formed_on", "bank_account"),
)

DOCUMENTS = {
    "financial_statements": "Financial statements",
    "tax_exempt_certificate": "Tax-exempt certificate",
    "register_extract": "Extract of the register",
    "signed_application": "Application signed on paper",
    "other": "Anything else",
}
