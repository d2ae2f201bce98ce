"""UN/CEFACT Cross Industry Invoice under the BT terms: ZUGFeRD 1.0 to 2.3, Factur-X, XRechnung.

ZUGFeRD 1.0 has other names for the same things; each path is tried in the later form first.
"""

from datetime import date

from lxml import etree

from duly.interfaces.exchange.readers.einvoice.elements import (
    all_stated,
    first_stated,
    first_text,
    iso_day,
    nodes,
    text_of,
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
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100": "CrossIndustryInvoice",
    "urn:ferd:CrossIndustryDocument:invoice:1p0": "CrossIndustryDocument",
}
_DATE_DIGITS = 8  # YYYYMMDD (format 102), the only form that EN 16931 allows
# Lines that gather or explain other lines (Factur-X EXTENDED): their amounts stand elsewhere too.
_NOT_ADDED = frozenset({"GROUP", "INFORMATION"})
_NOTHING = etree.Element("nothing")


def read_cii(root: etree._Element) -> EInvoice:
    """One CII document as it stands."""
    document = _child(root, "ExchangedDocument", "HeaderExchangedDocument")
    trade = _child(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    agreement = _child(
        trade, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement"
    )
    delivery = _child(trade, "ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
    settlement = _child(
        trade, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement"
    )
    groups = tuple(map(_terms_group, nodes(settlement, "SpecifiedTradePaymentTerms")))
    order = "ReferencedDocument"
    return EInvoice(
        preset="cii",
        is_credit_note=False,
        number=first_text(document, "ID"),
        issued_on=_day(document, "IssueDateTime"),
        type_code=first_text(document, "TypeCode"),
        currency=first_text(settlement, "InvoiceCurrencyCode"),
        buyer=_buyer(agreement),
        totals=_totals(root, trade, settlement),
        terms=groups,
        po_number=first_text(
            agreement, f"BuyerOrder{order}/IssuerAssignedID", f"BuyerOrder{order}/ID"
        ),
        order_ref=first_text(
            agreement, f"SellerOrder{order}/IssuerAssignedID", f"SellerOrder{order}/ID"
        ),
        delivered_on=_day(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime"),
        payment_reference=first_text(settlement, "PaymentReference"),
        buyer_reference=first_text(agreement, "BuyerReference"),
        preceding=tuple(
            texts(settlement, f"Invoice{order}/IssuerAssignedID")
            + texts(settlement, f"Invoice{order}/ID")
        ),
    )


def _child(parent: etree._Element, *names: str) -> etree._Element:
    """The first child of one of these names; an empty element where there is none."""
    for name in names:
        for node in nodes(parent, name):
            return node
    return _NOTHING


def _day(parent: etree._Element, path: str) -> str:
    """A day as ISO text; a text in a form that we don't know stays as it is."""
    found = first_text(parent, path + "/DateTimeString", path + "/DateTime", path)
    if len(found) == _DATE_DIGITS and found.isascii() and found.isdecimal():
        try:
            return date(int(found[:4]), int(found[4:6]), int(found[6:])).isoformat()
        except ValueError:
            return found
    return iso_day(found)


def _terms_group(node: etree._Element) -> TermsGroup:
    given = _child(node, "ApplicableTradePaymentDiscountTerms")
    period = next(iter(nodes(given, "BasisPeriodMeasure")), _NOTHING)
    return TermsGroup(
        text="\n".join(filter(None, map(written_lines, nodes(node, "Description")))),
        due_on=_day(node, "DueDateDateTime"),
        percent=first_text(given, "CalculationPercent"),
        days=text_of(period),
        days_unit=period.get("unitCode") or "",
        starts_on=_day(given, "BasisDateTime"),
        base=first_text(given, "BasisAmount"),
        discount=first_text(given, "ActualDiscountAmount"),
        part=first_text(node, "PartialPaymentAmount"),
    )


def _buyer(agreement: etree._Element) -> Buyer:
    """The buyer; an id of no scheme is the seller's own customer number and goes first."""
    party = _child(agreement, "BuyerTradeParty")
    contact = "DefinedTradeContact/EmailURIUniversalCommunication/"
    return Buyer(
        ids=tuple(texts(party, "ID") + texts(party, "GlobalID")),
        tax_id=_tax_id(party),
        registration=first_text(party, "SpecifiedLegalOrganization/ID"),
        name=first_text(party, "Name", "SpecifiedLegalOrganization/TradingBusinessName"),
        country=first_text(party, "PostalTradeAddress/CountryID"),
        email=first_text(party, contact + "URIID", contact + "CompleteNumber")
        or _mail_endpoint(party),
    )


def _tax_id(party: etree._Element) -> str:
    """BT-48: the VAT id (scheme VA); another tax id where the buyer has no VAT id."""
    found = {(node.get("schemeID") or ""): text_of(node) for node in _tax_nodes(party)}
    return found.get("VA") or next(filter(None, found.values()), "")


def _tax_nodes(party: etree._Element) -> list[etree._Element]:
    return nodes(party, "SpecifiedTaxRegistration/ID")


def _mail_endpoint(party: etree._Element) -> str:
    for node in nodes(party, "URIUniversalCommunication/URIID"):
        if (node.get("schemeID") or "").upper() == "EM":
            return text_of(node)
    return ""


def _totals(root: etree._Element, trade: etree._Element, settlement: etree._Element) -> Totals:
    summation = _child(
        settlement,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )
    allowances: list[Stated] = []
    charges = list(all_stated(settlement, "SpecifiedLogisticsServiceCharge/AppliedAmount"))
    for entry in nodes(settlement, "SpecifiedTradeAllowanceCharge"):
        is_charge = first_text(entry, "ChargeIndicator/Indicator", "ChargeIndicator").lower()
        kind = charges if is_charge in ("true", "1") else allowances
        kind.append(first_stated(entry, "ActualAmount"))
    guideline = first_text(
        root,
        "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
        "SpecifiedExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
    ).lower()
    return Totals(
        lines_sum=first_stated(summation, "LineTotalAmount"),
        allowances_sum=first_stated(summation, "AllowanceTotalAmount"),
        charges_sum=first_stated(summation, "ChargeTotalAmount"),
        net=first_stated(summation, "TaxBasisTotalAmount"),
        tax=tuple(all_stated(summation, "TaxTotalAmount")),
        gross=first_stated(summation, "GrandTotalAmount"),
        prepaid=first_stated(summation, "TotalPrepaidAmount"),
        rounding=first_stated(summation, "RoundingAmount"),
        payable=first_stated(summation, "DuePayableAmount"),
        lines=_lines(trade),
        allowances=tuple(allowances),
        charges=tuple(charges),
        taxes=tuple(all_stated(settlement, "ApplicableTradeTax/CalculatedAmount")),
        allows_cents="extended" in guideline,
        has_prepaid="minimum" not in guideline,
    )


def _lines(trade: etree._Element) -> tuple[Stated, ...] | None:
    """BT-131 of each line that counts; None where the profile has no lines."""
    items = nodes(trade, "IncludedSupplyChainTradeLineItem")
    if not items:
        return None
    found = []
    for item in items:
        status = first_text(item, "AssociatedDocumentLineDocument/LineStatusReasonCode")
        settlement = _child(
            item, "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement"
        )
        amount = first_stated(
            settlement,
            "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
            "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",
        )
        # A line without an amount is a comment (ZUGFeRD 1.0).
        if amount.text and status.upper() not in _NOT_ADDED:
            found.append(amount)
    return tuple(found)
