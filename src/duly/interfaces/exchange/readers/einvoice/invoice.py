"""An e-invoice as its format tells it, under the business terms (BT) of EN 16931; all text.

The UBL and the CII reader both give this, so that everything after is written once. Nothing is
judged here: an amount is the text that stood in the file, '' where there was none.
See: EN 16931-1, semantic model.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount as it stands, and the currency that stands beside it ('' where none does)."""

    text: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of an invoice: document totals, and the parts that they are the sums of.

    Parts are None where the profile has none (MINIMUM and BASIC WL have no lines).
    """

    lines_sum: Stated = Stated()  # BT-106
    allowances_sum: Stated = Stated()  # BT-107
    charges_sum: Stated = Stated()  # BT-108
    net: Stated = Stated()  # BT-109
    tax: tuple[Stated, ...] = ()  # BT-110, and BT-111 in the accounting currency
    gross: Stated = Stated()  # BT-112
    prepaid: Stated = Stated()  # BT-113
    rounding: Stated = Stated()  # BT-114
    payable: Stated = Stated()  # BT-115
    lines: tuple[Stated, ...] | None = None  # BT-131
    allowances: tuple[Stated, ...] = ()  # BT-92
    charges: tuple[Stated, ...] = ()  # BT-99
    taxes: tuple[Stated, ...] = ()  # BT-117
    allows_cents: bool = False  # the profile allows a cent for each figure added up
    has_prepaid: bool = True  # MINIMUM has no BT-113: what is less to pay than due was prepaid


@dataclass(frozen=True, slots=True)
class TermsGroup:
    """One group of payment terms: a text, a day, a discount; each '' where it is not told."""

    text: str = ""
    due_on: str = ""
    percent: str = ""  # of the discount
    days: str = ""  # in which the discount is granted
    days_unit: str = ""  # UN/ECE code: DAY, WEE, MON; '' is days
    starts_on: str = ""  # '' is the day of the invoice
    until: str = ""
    base: str = ""
    discount: str = ""  # as an amount
    part: str = ""  # the amount that is due on `due_on`, where it is not the whole


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom the invoice is to."""

    ids: tuple[str, ...] = ()  # how the seller numbers them first, then BT-46
    tax_id: str = ""  # BT-48
    registration: str = ""  # BT-47
    name: str = ""  # BT-44
    country: str = ""  # BT-55
    email: str = ""  # BT-58, else BT-49 where that is an e-mail address


@dataclass(frozen=True, slots=True)
class EInvoice:
    """One invoice or credit note as its file tells it; dates as ISO text where we could."""

    preset: str  # "ubl" or "cii"
    is_credit_note: bool  # the root says so; CII has one root for both
    number: str = ""  # BT-1
    issued_on: str = ""  # BT-2
    type_code: str = ""  # BT-3
    currency: str = ""  # BT-5
    buyer: Buyer = Buyer()
    totals: Totals = Totals()
    dues: tuple[str, ...] = ()  # BT-9
    terms: tuple[TermsGroup, ...] = ()  # BT-20
    po_number: str = ""  # BT-13
    order_ref: str = ""  # BT-14
    delivered_on: str = ""  # BT-72
    payment_reference: str = ""  # BT-83
    buyer_reference: str = ""  # BT-10
    preceding: tuple[str, ...] = ()  # BT-25
