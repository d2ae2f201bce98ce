"""What an e-invoice says, found with another parser and no code of the reader."""

import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

from pypdf import PdfReader


def extracted(path: Path) -> dict[str, str]:
    """The figures of a file, found by the bare names of their elements."""
    data = path.read_bytes()
    if data.startswith(b"%PDF"):
        inside = PdfReader(path).attachments
        (data,) = [
            held
            for name, versions in inside.items()
            for held in versions[:1]
            if name.lower().endswith(".xml")
        ]
    root = ET.fromstring(data)
    return _ubl(root) if "ubl" in root.tag else _cii(root)


def _named(root: ET.Element, name: str) -> list[ET.Element]:
    return [node for node in root.iter() if node.tag.rpartition("}")[2] == name]


def _value(root: ET.Element, *names: str) -> str:
    """The text of the first element by a chain of names, each anywhere under the one before."""
    found = [root]
    for name in names:
        found = [inner for node in found for inner in _named(node, name)]
    texts = [(node.text or "").strip() for node in found]
    return next(filter(None, texts), "")


def _ubl(root: ET.Element) -> dict[str, str]:
    own = {child.tag.rpartition("}")[2]: child for child in reversed(root)}
    totals = own["LegalMonetaryTotal"]
    code = _value(root, "InvoiceTypeCode") or _value(root, "CreditNoteTypeCode")
    is_credit = "CreditNote" in root.tag.rpartition("}")[2] or code in ("381", "261")
    return {
        "number": (own["ID"].text or "").strip(),
        "issued_on": (own["IssueDate"].text or "").strip()[:10],
        "currency": _value(root, "DocumentCurrencyCode")
        or _named(totals, "PayableAmount")[0].get("currencyID", ""),
        "kind": "credit_note" if is_credit else {"383": "debit_note"}.get(code, "invoice"),
        "payable": _value(totals, "PayableAmount"),
        "prepaid": _value(totals, "PrepaidAmount") or "0",
        "due_on": (_value(root, "DueDate") or _value(root, "PaymentDueDate"))[:10],
        "buyer": _value(own["AccountingCustomerParty"], "PartyLegalEntity", "RegistrationName")
        or _value(own["AccountingCustomerParty"], "PartyName", "Name")
        or _value(own["AccountingCustomerParty"], "Contact", "Name"),
    }


def _cii(root: ET.Element) -> dict[str, str]:
    (document,) = _named(root, "ExchangedDocument") or _named(root, "HeaderExchangedDocument")
    settlement = (
        _named(root, "ApplicableHeaderTradeSettlement")
        or _named(root, "ApplicableSupplyChainTradeSettlement")
    )[0]
    (totals,) = [
        child for child in settlement if "MonetarySummation" in child.tag.rpartition("}")[2]
    ]
    issued = _value(document, "IssueDateTime", "DateTimeString")
    dues = [
        _value(terms, "DueDateDateTime", "DateTimeString")
        for terms in _named(settlement, "SpecifiedTradePaymentTerms")
        if "Skonto bis" not in _value(terms, "Description").partition("netto")[0]
    ]
    due = next(filter(None, dues), "")
    gross = _value(totals, "GrandTotalAmount")
    payable = _value(totals, "DuePayableAmount") or gross
    prepaid = _value(totals, "TotalPrepaidAmount") or "0"
    if "minimum" in _value(root, "GuidelineSpecifiedDocumentContextParameter", "ID"):
        prepaid = str(Decimal(gross) - Decimal(payable))
    return {
        "number": _value(document, "ID"),
        "issued_on": f"{issued[:4]}-{issued[4:6]}-{issued[6:]}",
        "currency": _value(settlement, "InvoiceCurrencyCode"),
        "kind": {"381": "credit_note"}.get(_value(document, "TypeCode"), "invoice"),
        "payable": payable,
        "prepaid": prepaid,
        "due_on": f"{due[:4]}-{due[4:6]}-{due[6:]}" if due else "",
        "buyer": _value(_named(root, "BuyerTradeParty")[0], "Name"),
    }
