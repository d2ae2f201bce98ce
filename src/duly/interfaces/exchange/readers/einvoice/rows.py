"""An e-invoice to one row of items: what kind of document it is, whose, over how much.

Rules:
- kind: the type code (BT-3, UNTDID 1001) or, in UBL, the root. A negative invoice is a credit note
  over the same amount. A negative credit note has two readings and is refused.
- amount: BT-115 + BT-113, the whole claim with its rounding; open_amount: BT-115. What was prepaid
  was settled before we took the invoice in.
- customer_id: how the seller numbers the buyer (UBL SupplierAssignedAccountID, CII ID without a
  scheme), else the buyer's own identifier (BT-46), else the VAT id (BT-48), else the registration
  (BT-47), else the name (BT-44). Intake also knows a customer by the VAT id.
- reference: what the payer is asked to quote (BT-83), else the invoice that is corrected (BT-25),
  else the buyer reference (BT-10); a credit note tells the corrected invoice first.
"""

import re
from datetime import date

from duly.intake.rules.columns import KINDS
from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.readers.einvoice.amounts import Amounts, Owed, owed
from duly.interfaces.exchange.readers.einvoice.invoice import EInvoice
from duly.interfaces.exchange.readers.einvoice.payment import Payment, payment
from duly.kernel.currencies import EXPONENTS
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError, Problem, problem_from
from duly.kernel.money import text_from_minor
from duly.kernel.quoting import CONTROLS, quoted, safe_text

# UNTDID 1001 as EN 16931 takes it (code list of 2024), by what they do to the account.
CREDIT_NOTE_CODES = frozenset(
    [
        "81",
        "83",
        "261",
        "262",
        "296",
        "308",
        "381",
        "396",
        "420",
        "458",
        "472",
        "473",
        "532",
    ]  # 261: self-billed
)
DEBIT_NOTE_CODES = frozenset(["80", "84", "383"])
INVOICE_CODES = frozenset(
    [
        "71",
        "82",
        "102",
        "130",
        "202",
        "203",
        "204",
        "211",
        "218",
        "219",
        "295",
        "326",
        "331",
        "380",
        "382",
        "384",
        "385",
        "386",
        "387",
        "388",
        "389",
        "390",
        "393",
        "394",
        "395",
        "456",
        "457",
        "500",
        "501",
        "502",
        "503",
        "527",
        "553",
        "575",
        "623",
        "633",
        "751",
        "780",
        "817",
        "870",
        "875",
        "876",
        "877",
        "935",
    ]
)
PRO_FORMA = "325"
CORRECTED = "384"
_MAX_CODE = 64  # characters that customer_id holds
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


def block_of(invoice: EInvoice) -> Block:
    """The row of one invoice; all its problems at once, and the row spoilt where there are any."""
    where = f"invoice {safe_text(invoice.number)}" if invoice.number else "invoice without a number"
    problems = _missing(invoice, where)
    columns = dict.fromkeys(KINDS["items"].columns, "")
    columns |= {
        "number": invoice.number,
        "currency": invoice.currency,
        "issued_on": invoice.issued_on,
        "po_number": invoice.po_number,
        "order_ref": invoice.order_ref,
        "delivered_on": invoice.delivered_on,
        **_customer(invoice, where, problems),
    }
    notes: list[str] = []
    if invoice.currency in EXPONENTS:
        amounts = Amounts(invoice.currency, where)
        columns |= _money_columns(invoice, amounts)
        problems += amounts.problems
        notes = amounts.notes
    _shorten(columns, notes, where)
    problems += _spoil_controls(columns, where)
    return Block(
        rows=[1],
        columns={name: [text] for name, text in columns.items()},
        problems=problems,
        spoilt=frozenset({0} if problems else ()),
        notes=notes,
    )


def _spoil_controls(columns: dict[str, str], where: str) -> list[Problem]:
    """Replace control characters, and name each column that holds one."""
    problems = []
    for name, text in columns.items():
        if CONTROLS.search(text):
            columns[name] = CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
            problems.append(
                Problem(
                    f"{where}, {name}",
                    "CONTROL_CHARACTER",
                    f"{name}: {quoted(text)} holds a control character.",
                    "Ask the sender for the invoice without it.",
                )
            )
    return problems


def _missing(invoice: EInvoice, where: str) -> list[Problem]:
    """Problems of the fields that stand for themselves."""
    problems = []
    if not invoice.number:
        problems.append(_empty(where, "BT-1", "number"))
    if not invoice.currency:
        problems.append(_empty(where, "BT-5", "currency"))
    elif invoice.currency not in EXPONENTS:
        problems.append(
            Problem(
                f"{where}, BT-5",
                "UNKNOWN_CURRENCY",
                f"{quoted(invoice.currency)} is no currency of ISO 4217.",
                "Ask the sender for the three-letter code, such as EUR.",
            )
        )
    for term, text in (("BT-2", invoice.issued_on), ("BT-72", invoice.delivered_on)):
        if text:
            try:
                parse_iso_date(text)
            except DulyError as error:
                problems.append(problem_from(error, f"{where}, {term}"))
    if not invoice.issued_on:
        problems.append(_empty(where, "BT-2", "issue date"))
    return problems


def _empty(where: str, term: str, what: str) -> Problem:
    return Problem(
        f"{where}, {term}",
        "VALUE_MISSING",
        f"The invoice has no {what}.",
        "Ask the sender for a complete invoice.",
    )


def _customer(invoice: EInvoice, where: str, problems: list[Problem]) -> dict[str, str]:
    buyer = invoice.buyer
    codes = (*buyer.ids, buyer.tax_id, buyer.registration, buyer.name)
    code = next(filter(None, codes), "")
    if not code:
        problems.append(_empty(where, "BT-44", "buyer"))
    return {
        "customer_id": code[:_MAX_CODE],
        "customer_name": buyer.name,
        "customer_country": buyer.country.upper() if len(buyer.country) == 2 else "",
        "customer_tax_id": buyer.tax_id,
        "customer_email": buyer.email if _EMAIL.fullmatch(buyer.email) else "",
    }


def _money_columns(invoice: EInvoice, amounts: Amounts) -> dict[str, str]:
    """Kind, amounts, due date and discount; problems and notes go to `amounts`."""
    found = owed(invoice.totals, amounts)
    kind = _kind(invoice, found, amounts)
    if found is None or not kind:
        return {}
    sign = -1 if found.amount_minor < 0 else 1
    amount, left = sign * found.amount_minor, sign * found.open_minor
    _check_open(amount, left, amounts)
    issued_on = _day(invoice.issued_on)
    delivered_on = _day(invoice.delivered_on)
    paid = Payment()
    if issued_on is not None and 0 <= left <= amount:
        paid = payment(
            invoice,
            issued_on=issued_on,
            received_on=delivered_on,
            payable_minor=left,
            is_credit=kind == "credit_note",
            amounts=amounts,
        )
    discount = paid.discount_minor
    return {
        "kind": kind,
        "amount": text_from_minor(amount, amounts.exponent),
        "open_amount": text_from_minor(left, amounts.exponent),
        "due_on": paid.due_on,
        "terms": paid.terms,
        "discount_until": paid.discount_until,
        "discount_amount": "" if discount is None else text_from_minor(discount, amounts.exponent),
        "reference": _reference(invoice, kind),
    }


def _day(text: str) -> date | None:
    """A day, or None where it is empty or has been told as a problem already."""
    try:
        return parse_iso_date(text) if text else None
    except DulyError:
        return None


def _kind(invoice: EInvoice, found: Owed | None, amounts: Amounts) -> str:
    """The kind of item, by type code and sign; '' where it is told as a problem."""
    kind = _kind_by_code(invoice, amounts)
    if not kind or found is None:
        return ""
    if found.amount_minor == 0:
        amounts.refuse(
            "BT-112",
            "NOTHING_OWED",
            f"The invoice is over {amounts.text(0)}: there is nothing to collect.",
            "Leave the file out.",
        )
        return ""
    if found.amount_minor > 0:
        return kind
    if kind == "credit_note":
        amounts.refuse(
            "BT-112",
            "SIGN_UNCLEAR",
            "A credit note over a negative amount can mean a credit or a charge.",
            "Ask the sender which, or import it as a table with the kind that holds.",
        )
        return ""
    amounts.notes.append(f"{amounts.where} is negative and is taken in as a credit note.")
    return "credit_note"


def _kind_by_code(invoice: EInvoice, amounts: Amounts) -> str:
    code = invoice.type_code
    if code == PRO_FORMA:
        amounts.refuse(
            "BT-3",
            "NOT_A_CLAIM",
            "This is a pro forma invoice (type 325). It asks for no payment.",
            "Leave the file out, and import the invoice that follows.",
        )
        return ""
    if code in CREDIT_NOTE_CODES:
        return "credit_note"
    if code in DEBIT_NOTE_CODES | INVOICE_CODES and invoice.is_credit_note:
        amounts.refuse(
            "BT-3",
            "TYPE_UNCLEAR",
            f"The document is a credit note, but its type {code} is that of an invoice.",
            "Ask the sender which it is.",
        )
        return ""
    if code in DEBIT_NOTE_CODES:
        return "debit_note"
    if code == CORRECTED:
        of = f" {safe_text(', '.join(invoice.preceding))}" if invoice.preceding else ""
        amounts.notes.append(
            f"{amounts.where} corrects an earlier invoice{of}. If it replaces that invoice, void "
            "the earlier one."
        )
    if code in INVOICE_CODES:
        return "invoice"
    if invoice.preset == "cii":
        amounts.refuse(
            "BT-3",
            "TYPE_UNCLEAR",
            f"The type {quoted(code)} is no kind of invoice that EN 16931 knows."
            if code
            else "The document does not say whether it is an invoice or a credit note.",
            "Ask the sender for the type, such as 380 or 381.",
        )
        return ""
    return "credit_note" if invoice.is_credit_note else "invoice"  # UBL says it by its root


def _check_open(amount: int, left: int, amounts: Amounts) -> None:
    """Tell a payable amount that is no part of the claim."""
    if left < 0:
        amounts.refuse(
            "BT-113",
            "OVERPAID",
            f"{amounts.text(amount - left)} was prepaid on {amounts.text(amount)}: the customer "
            f"has {amounts.text(-left)} to get back.",
            "Import the invoice as a table with open_amount 0, and the rest as a credit note.",
        )
    elif left > amount:
        amounts.refuse(
            "BT-113",
            "ARREARS_INCLUDED",
            f"The invoice is over {amounts.text(amount)} and asks for {amounts.text(left)}: "
            f"{amounts.text(left - amount)} of it belongs to other documents.",
            "Import the invoice as a table over its own amount, so that nothing counts twice.",
        )


def _reference(invoice: EInvoice, kind: str) -> str:
    preceding = ", ".join(invoice.preceding)
    if kind == "credit_note" and preceding:
        return preceding
    return invoice.payment_reference or preceding or invoice.buyer_reference


def _shorten(columns: dict[str, str], notes: list[str], where: str) -> None:
    """Cut what only describes and is longer than its column; keys are left for intake to refuse."""
    for name in ("reference", "customer_name"):
        if len(columns[name]) > 200:
            columns[name] = columns[name][:199] + "…"
            notes.append(f"{where}: its {name} is longer than 200 characters and was cut.")
