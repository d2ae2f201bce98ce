"""Small e-invoices for tests: whole and right, but for what a test changes."""

from pathlib import Path
from xml.sax.saxutils import escape

from pypdf import PdfWriter

from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.readers.einvoice import read_einvoices

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
CII = "urn:un:unece:uncefact:data:standard"
_TEXTS = {
    "number": "4711",
    "issued": "2026-03-02",
    "type": "380",
    "currency": "EUR",
    "due": "2026-04-01",
    "terms": "",
    "more": "",  # elements before the totals
    "buyer": "Acme GmbH",
    "buyer_id": "C-100",
    "buyer_more": "",
    "lines": "100.00 100.00",
    "lines_sum": "200.00",
    "allowances": "",
    "charges": "",
    "totals_more": "",
    "net": "200.00",
    "tax": "38.00",
    "gross": "238.00",
    "payable": "238.00",
    "profile": "urn:cen.eu:en16931:2017",
    "root": "Invoice",
}


def ubl(**changed: str) -> bytes:
    """A UBL invoice, or a credit note with `root="CreditNote"`; "" leaves an element out."""
    told = _TEXTS | changed
    root, money = told["root"], f'currencyID="{told["currency"]}"'
    line = "InvoiceLine" if root == "Invoice" else "CreditNoteLine"
    lines = "".join(
        f"<a:{line}><b:LineExtensionAmount {money}>{text}</b:LineExtensionAmount></a:{line}>"
        for text in told["lines"].split()
    )
    entries = "".join(
        f"<a:AllowanceCharge><b:ChargeIndicator>{flag}</b:ChargeIndicator>"
        f"<b:Amount {money}>{text}</b:Amount></a:AllowanceCharge>"
        for flag, kind in (("false", "allowances"), ("true", "charges"))
        for text in told[kind].split()
    )
    note = escape(told["terms"])
    terms = f"<a:PaymentTerms><b:Note>{note}</b:Note></a:PaymentTerms>" if note else ""
    total = "".join(
        f"<b:{name} {money}>{told[key]}</b:{name}>" if told[key] else ""
        for name, key in (
            ("LineExtensionAmount", "lines_sum"),
            ("TaxExclusiveAmount", "net"),
            ("TaxInclusiveAmount", "gross"),
        )
    )
    due = f"<b:DueDate>{told['due']}</b:DueDate>" if told["due"] else ""
    ident = (
        f"<a:PartyIdentification><b:ID>{escape(told['buyer_id'])}</b:ID></a:PartyIdentification>"
        if told["buyer_id"]
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="{UBL}:{root}-2" xmlns:a="{UBL}:CommonAggregateComponents-2"
 xmlns:b="{UBL}:CommonBasicComponents-2">
<b:ID>{told["number"]}</b:ID><b:IssueDate>{told["issued"]}</b:IssueDate>{due}
<b:{root}TypeCode>{told["type"]}</b:{root}TypeCode>
<b:DocumentCurrencyCode>{told["currency"]}</b:DocumentCurrencyCode>
<a:AccountingCustomerParty><a:Party>{ident}{told["buyer_more"]}<a:PartyLegalEntity>
<b:RegistrationName>{escape(told["buyer"])}</b:RegistrationName></a:PartyLegalEntity></a:Party>
</a:AccountingCustomerParty>{terms}{told["more"]}{entries}
<a:TaxTotal><b:TaxAmount {money}>{told["tax"]}</b:TaxAmount></a:TaxTotal>
<a:LegalMonetaryTotal>{total}{told["totals_more"]}
<b:PayableAmount {money}>{told["payable"]}</b:PayableAmount></a:LegalMonetaryTotal>
{lines}</{root}>""".encode()


def cii(**changed: str) -> bytes:
    """A CII invoice; `profile` is the guideline it follows, `more` stands before the totals."""
    told = _TEXTS | changed
    lines = "".join(
        "<r:IncludedSupplyChainTradeLineItem><r:SpecifiedLineTradeSettlement>"
        "<r:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<r:LineTotalAmount>{text}</r:LineTotalAmount>"
        "</r:SpecifiedTradeSettlementLineMonetarySummation>"
        "</r:SpecifiedLineTradeSettlement></r:IncludedSupplyChainTradeLineItem>"
        for text in told["lines"].split()
    )
    day = _date_102(told["due"]) if told["due"] else ""
    terms = (
        "<r:SpecifiedTradePaymentTerms>"
        + (f"<r:Description>{escape(told['terms'])}</r:Description>" if told["terms"] else "")
        + (f"<r:DueDateDateTime>{day}</r:DueDateDateTime>" if day else "")
        + "</r:SpecifiedTradePaymentTerms>"
    )
    total = "".join(
        f"<r:{name}>{told[key]}</r:{name}>" if told[key] else ""
        for name, key in (
            ("LineTotalAmount", "lines_sum"),
            ("TaxBasisTotalAmount", "net"),
            ("TaxTotalAmount", "tax"),
            ("GrandTotalAmount", "gross"),
            ("DuePayableAmount", "payable"),
        )
    )
    ident = f"<r:ID>{escape(told['buyer_id'])}</r:ID>" if told["buyer_id"] else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<x:CrossIndustryInvoice xmlns:x="{CII}:CrossIndustryInvoice:100"
 xmlns:r="{CII}:ReusableAggregateBusinessInformationEntity:100"
 xmlns:u="{CII}:UnqualifiedDataType:100">
<x:ExchangedDocumentContext><r:GuidelineSpecifiedDocumentContextParameter>
<r:ID>{told["profile"]}</r:ID></r:GuidelineSpecifiedDocumentContextParameter>
</x:ExchangedDocumentContext>
<x:ExchangedDocument><r:ID>{told["number"]}</r:ID><r:TypeCode>{told["type"]}</r:TypeCode>
<r:IssueDateTime>{_date_102(told["issued"])}</r:IssueDateTime></x:ExchangedDocument>
<x:SupplyChainTradeTransaction>{lines}
<r:ApplicableHeaderTradeAgreement><r:BuyerTradeParty>{ident}
<r:Name>{escape(told["buyer"])}</r:Name>{told["buyer_more"]}</r:BuyerTradeParty>
</r:ApplicableHeaderTradeAgreement><r:ApplicableHeaderTradeDelivery/>
<r:ApplicableHeaderTradeSettlement>
<r:InvoiceCurrencyCode>{told["currency"]}</r:InvoiceCurrencyCode>{told["more"]}{terms}
<r:SpecifiedTradeSettlementHeaderMonetarySummation>{total}{told["totals_more"]}
</r:SpecifiedTradeSettlementHeaderMonetarySummation></r:ApplicableHeaderTradeSettlement>
</x:SupplyChainTradeTransaction></x:CrossIndustryInvoice>""".encode()


def _date_102(day: str) -> str:
    return f'<u:DateTimeString format="102">{day.replace("-", "")}</u:DateTimeString>'


def pdf(folder: Path, attachments: dict[str, bytes], password: str = "") -> Path:
    """A PDF of one empty page with files attached."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for name, data in attachments.items():
        writer.add_attachment(name, data)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    path = folder / "invoice.pdf"
    writer.write(path)
    return path


def read(folder: Path, data: bytes) -> Block:
    """The one block of an e-invoice."""
    path = folder / "invoice.xml"
    path.write_bytes(data)
    (sheet,) = read_einvoices(path, path.name)
    (block,) = sheet.blocks
    return block


def row_of(block: Block) -> dict[str, str]:
    """The one row of a block that has no problem; columns that are not empty."""
    assert block.problems == []
    assert not block.spoilt
    return {name: cells[0] for name, cells in block.columns.items() if cells[0]}


def faults(block: Block) -> list[tuple[str, str]]:
    """(place, code) of all problems of a spoilt row."""
    assert block.spoilt == {0}
    return [(problem.where, problem.code) for problem in block.problems]
