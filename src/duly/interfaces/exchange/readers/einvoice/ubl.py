"""UBL 2.x Invoice and CreditNote (Peppol BIS 3, XRechnung, and older ones) under the BT terms."""

from lxml import etree

from duly.interfaces.exchange.readers.einvoice.elements import (
    all_stated,
    first_stated,
    first_text,
    iso_day,
    local_name,
    nodes,
    texts,
    written_lines,
)
from duly.interfaces.exchange.readers.einvoice.invoice import (
    Buyer,
    EInvoice,
    Stated,
    TermsGroup,
    Totals,
)

NAMESPACES = {
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2": "Invoice",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2": "CreditNote",
}
_NO_ORDER = "NA"  # what Peppol writes for BT-13 where only the sales order is known


def read_ubl(root: etree._Element) -> EInvoice:
    """One UBL document as it stands."""
    is_credit_note = local_name(root) == "CreditNote"
    po_number = first_text(root, "OrderReference/ID")
    return EInvoice(
        preset="ubl",
        is_credit_note=is_credit_note,
        number=first_text(root, "ID"),
        issued_on=iso_day(first_text(root, "IssueDate")),
        type_code=first_text(root, "CreditNoteTypeCode" if is_credit_note else "InvoiceTypeCode"),
        currency=_currency(root),
        buyer=_buyer(root),
        totals=_totals(root),
        dues=_dues(root),
        terms=tuple(map(_terms_group, nodes(root, "PaymentTerms"))),
        po_number="" if po_number == _NO_ORDER else po_number,
        order_ref=first_text(root, "OrderReference/SalesOrderID"),
        delivered_on=iso_day(first_text(root, "Delivery/ActualDeliveryDate")),
        payment_reference=first_text(root, "PaymentMeans/PaymentID"),
        buyer_reference=first_text(root, "BuyerReference"),
        preceding=tuple(
            texts(root, "BillingReference/InvoiceDocumentReference/ID")
            + texts(root, "BillingReference/CreditNoteDocumentReference/ID")
        ),
    )


def _currency(root: etree._Element) -> str:
    """BT-5; UBL 2.0 may leave it out, and the payable amount then tells it."""
    found = first_text(root, "DocumentCurrencyCode")
    return found or first_stated(root, "LegalMonetaryTotal/PayableAmount").currency


def _dues(root: etree._Element) -> tuple[str, ...]:
    """BT-9 at each place where some version of UBL puts it, each day once."""
    found = texts(root, "DueDate") + texts(root, "PaymentMeans/PaymentDueDate")
    return tuple(dict.fromkeys(map(iso_day, found)))


def _terms_group(node: etree._Element) -> TermsGroup:
    days = first_text(node, "SettlementPeriod/DurationMeasure")
    unit = ""
    for measure in nodes(node, "SettlementPeriod/DurationMeasure"):
        unit = measure.get("unitCode") or ""
    return TermsGroup(
        text="\n".join(filter(None, map(written_lines, nodes(node, "Note")))),
        due_on=iso_day(first_text(node, "PaymentDueDate")),
        percent=first_text(node, "SettlementDiscountPercent"),
        days=days,
        days_unit=unit,
        starts_on=iso_day(first_text(node, "SettlementPeriod/StartDate")) if days else "",
        until=iso_day(first_text(node, "SettlementPeriod/EndDate")),
        discount=first_text(node, "SettlementDiscountAmount"),
        part=first_text(node, "Amount"),
    )


def _buyer(root: etree._Element) -> Buyer:
    """The buyer; how the seller numbers them (UBL 2.0) goes before what they call themselves."""
    customer = next(iter(nodes(root, "AccountingCustomerParty")), None)
    if customer is None:
        return Buyer()
    party = "Party/"
    return Buyer(
        ids=tuple(
            texts(customer, "SupplierAssignedAccountID")
            + texts(customer, party + "PartyIdentification/ID")
        ),
        tax_id=_tax_id(customer),
        registration=first_text(customer, party + "PartyLegalEntity/CompanyID"),
        name=first_text(
            customer,
            party + "PartyLegalEntity/RegistrationName",
            party + "PartyName/Name",
            party + "Contact/Name",
        ),
        country=first_text(
            customer,
            party + "PostalAddress/Country/IdentificationCode",
            party + "PartyLegalEntity/RegistrationAddress/Country/IdentificationCode",
        ),
        email=first_text(customer, party + "Contact/ElectronicMail") or _mail_endpoint(customer),
    )


def _tax_id(customer: etree._Element) -> str:
    """BT-48: the VAT id; another tax id where the buyer has no VAT id."""
    schemes = nodes(customer, "Party/PartyTaxScheme")
    for scheme in schemes:
        found = first_text(scheme, "CompanyID")
        if found and first_text(scheme, "TaxScheme/ID").upper() == "VAT":
            return found
    return next((found for s in schemes if (found := first_text(s, "CompanyID"))), "")


def _mail_endpoint(customer: etree._Element) -> str:
    for endpoint in nodes(customer, "Party/EndpointID"):
        if (endpoint.get("schemeID") or "").upper() == "EM":
            return (endpoint.text or "").strip()
    return ""


def _totals(root: etree._Element) -> Totals:
    total = "LegalMonetaryTotal/"
    line = "CreditNoteLine" if local_name(root) == "CreditNote" else "InvoiceLine"
    allowances: list[Stated] = []
    charges: list[Stated] = []
    for entry in nodes(root, "AllowanceCharge"):
        is_charge = first_text(entry, "ChargeIndicator").lower() in ("true", "1")
        (charges if is_charge else allowances).append(first_stated(entry, "Amount"))
    return Totals(
        lines_sum=first_stated(root, total + "LineExtensionAmount"),
        allowances_sum=first_stated(root, total + "AllowanceTotalAmount"),
        charges_sum=first_stated(root, total + "ChargeTotalAmount"),
        net=first_stated(root, total + "TaxExclusiveAmount"),
        tax=tuple(all_stated(root, "TaxTotal/TaxAmount")),
        gross=first_stated(root, total + "TaxInclusiveAmount"),
        prepaid=first_stated(root, total + "PrepaidAmount"),
        rounding=first_stated(root, total + "PayableRoundingAmount"),
        payable=first_stated(root, total + "PayableAmount"),
        lines=tuple(first_stated(entry, "LineExtensionAmount") for entry in nodes(root, line)),
        allowances=tuple(allowances),
        charges=tuple(charges),
        taxes=tuple(all_stated(root, "TaxTotal/TaxSubtotal/TaxAmount")),
    )
