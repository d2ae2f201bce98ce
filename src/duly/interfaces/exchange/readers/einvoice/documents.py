"""What an XML document is by its root: an invoice that we read, or what a refusal names."""

from lxml import etree

from duly.interfaces.exchange.readers.einvoice import cii, ubl
from duly.interfaces.exchange.readers.einvoice.elements import local_name, namespace
from duly.interfaces.exchange.readers.einvoice.errors import NotEInvoice
from duly.interfaces.exchange.readers.einvoice.invoice import EInvoice
from duly.kernel.quoting import quoted, safe_text

# Local name of the root -> what it is. Namespaces decide first where the name is common.
_OTHER_ROOTS = {
    "Order": "a purchase order",
    "OrderResponse": "an answer to an order",
    "OrderResponseSimple": "an answer to an order",
    "OrderChange": "a change of an order",
    "OrderCancellation": "a cancelled order",
    "SCRDMCCBDACIOMessageStructure": "an order (Order-X)",
    "CrossIndustryOrder": "a purchase order",
    "DespatchAdvice": "a despatch advice",
    "CrossIndustryDespatchAdvice": "a despatch advice",
    "ReceiptAdvice": "a receipt advice",
    "RemittanceAdvice": "a remittance advice",
    "CrossIndustryRemittanceAdvice": "a remittance advice",
    "ApplicationResponse": "an answer to a document (application response)",
    "Statement": "a statement of account",
    "Reminder": "a reminder",
    "Catalogue": "a catalogue",
    "Quotation": "a quotation",
    "SelfBilledInvoice": "a self-billed invoice in a form of its own",
    "SelfBilledCreditNote": "a self-billed credit note in a form of its own",
    "DebitNote": "a debit note in a form of its own",
    "FreightInvoice": "a freight invoice",
    "FatturaElettronica": "an Italian invoice (FatturaPA)",
    "Facturae": "a Spanish invoice (Facturae)",
    "Comprobante": "a Mexican invoice (CFDI)",
    "nfeProc": "a Brazilian invoice (NF-e)",
    "Faktura": "a Polish invoice (FA)",
    "cXML": "a cXML message",
    "OFX": "a bank statement (OFX)",
    "html": "a web page",
    "Workbook": "a spreadsheet saved as XML",
    "svg": "a drawing",
}
_OTHER_NAMESPACES = (
    ("camt.05", "a bank statement (CAMT)"),
    ("camt.", "a message of a bank (CAMT)"),
    ("pain.001", "a list of payments (pain.001)"),
    ("pain.002", "a report on payments (pain.002)"),
    ("pain.008", "a direct debit (pain.008)"),
    ("pain.", "a payment message (pain)"),
    ("pacs.", "a payment between banks (pacs)"),
    ("remt.", "a remittance advice (remt)"),
    ("CBFBUY", "a draft of ZUGFeRD from before version 1.0"),
    ("ubl:schema:xsd:Invoice-1.0", "an invoice in UBL 1.0"),
    ("www.w3.org/1999/xhtml", "a web page"),
)
_ENVELOPE = "StandardBusinessDocument"
_REMEDY = (
    "Invoices are taken as UBL 2.x (Peppol, XRechnung), as CII (ZUGFeRD from 1.0, Factur-X, "
    "XRechnung) or as a PDF that carries one of them."
)


def read_document(root: etree._Element, name: str) -> EInvoice:
    """The invoice of an XML document; a Peppol envelope (SBDH) is opened.

    Refuses: NotEInvoice, saying what the document is.
    """
    if local_name(root) == _ENVELOPE:
        inside = [node for node in root if local_name(node) != "StandardBusinessDocumentHeader"]
        if len(inside) == 1:
            root = inside[0]
    where, kind = namespace(root), local_name(root)
    if ubl.NAMESPACES.get(where) == kind:
        return ubl.read_ubl(root)
    if cii.NAMESPACES.get(where) == kind:
        return cii.read_cii(root)
    raise NotEInvoice(
        f"{name} is {_told(where, kind)}.",
        facts={"file": name, "root": safe_text(kind), "namespace": safe_text(where, 120)},
        remedy=_REMEDY,
    )


def is_invoice(root: etree._Element) -> bool:
    """Tell whether a root is that of an invoice we read, in an envelope or not."""
    where, kind = namespace(root), local_name(root)
    return kind in (ubl.NAMESPACES.get(where), cii.NAMESPACES.get(where), _ENVELOPE)


def _told(where: str, kind: str) -> str:
    for part, what in _OTHER_NAMESPACES:
        if part in where:
            return f"{what}, not an e-invoice"
    if kind in _OTHER_ROOTS:
        return f"{_OTHER_ROOTS[kind]}, not an e-invoice that we read"
    if kind in ("Invoice", "CreditNote", "CrossIndustryInvoice", "CrossIndustryDocument"):
        return f"an invoice in a form that we don't know ({quoted(where, 80)})"
    return f"an XML document of the kind {quoted(kind)}, not an e-invoice"
