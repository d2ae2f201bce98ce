"""Remittances for tests: a sample of each kind, written by the published rules and not by a payer.

X12 820 by F-04; the XML by the message definitions of ISO 20022 and of UBL 2.1; tables and texts as
payers in six languages lay them out.
"""

import io
from collections.abc import Iterable
from pathlib import Path

import openpyxl
from tests.exchange.bank.test_bank_nacha_files import entry, slices
from tests.exchange.bank.test_bank_nacha_files import file as nacha_file

from duly.cash_application.rules.advices import Advice, Event, prove
from duly.interfaces.exchange.readers.remittance.opening import open_remittance, reader_of
from duly.kernel.errors import Problem

F_04 = (
    "ST*820*0001~BPR*C*4950.00*C*ACH*CTX*01*071000013*DA*123456*1234567890**01*021000021*DA*987654"
    "*20260331~TRN*1*000123456~\nCUR*PR*USD~N1*PR*ACME INC~N1*PE*OUR CO~ENT*1~"
    "RMR*IV*INV1001*PO*3000.00*3000.00*0~DTM*003*20260301~\n"
    "RMR*IV*INV1002*PO*1950.00*2000.00*0~ADX*-50.00*01~SE*12*0001~"
)
INTERCHANGE = (
    "ISA|00|          |00|          |01|071000013      |01|021000021      |260331|0600|U|00401|"
    "000000007|0|P|>^GS|RA|A|B|260331|0600|7|X|004010^"
    + F_04.replace("\n", "").replace("*", "|").replace("~", "^\n")
    + "GE|1|7^IEA|1|000000007^"
)
_SLICES = slices(F_04.replace("\n", ""))
CTX = nacha_file("CTX", [entry("22", 495_000, f"{len(_SLICES):04d}OUR CO"), *_SLICES])
CCD = nacha_file("CCD", [entry("22", 300_000, "OUR CO"), *slices("RMR*IV*INV1001**3000.00\\")])
PAIN = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.{version}"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>M1</MsgId><NbOfTxs>2</NbOfTxs><CtrlSum>1451</CtrlSum></GrpHdr>
<PmtInf><PmtInfId>P1</PmtInfId><NbOfTxs>2</NbOfTxs><CtrlSum>1451.00</CtrlSum>
<ReqdExctnDt>{day}</ReqdExctnDt><Dbtr><Nm>Alder Foods GmbH</Nm></Dbtr>
<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
<CdtTrfTxInf><PmtId><EndToEndId>E2E-1</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="EUR">1251.00</InstdAmt></Amt><Cdtr><Nm>Our Company</Nm></Cdtr><RmtInf>
<Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>RG-1</Nb></RfrdDocInf>
<RfrdDocAmt><DuePyblAmt Ccy="EUR">1000.00</DuePyblAmt>{discount}
<AdjstmntAmtAndRsn><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Rsn>04</Rsn>
</AdjstmntAmtAndRsn><RmtdAmt Ccy="EUR">950.00</RmtdAmt></RfrdDocAmt></Strd>
<Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>RG-2</Nb></RfrdDocInf>
<RfrdDocAmt><DuePyblAmt Ccy="EUR">401.00</DuePyblAmt></RfrdDocAmt></Strd>
<Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CREN</Cd></CdOrPrtry></Tp><Nb>GS-3</Nb></RfrdDocInf>
<RfrdDocAmt><CdtNoteAmt Ccy="EUR">100.00</CdtNoteAmt></RfrdDocAmt></Strd>
</RmtInf></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="EUR">200</InstdAmt></Amt><RmtInf><Ustrd>Rechnung RG-9</Ustrd></RmtInf>
</CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>"""
OLD_PAIN = PAIN.format(
    version="03", day="2026-03-31", discount='<DscntApldAmt Ccy="EUR">20.00</DscntApldAmt>'
)
NEW_PAIN = PAIN.format(
    version="11",
    day="<Dt>2026-03-31</Dt>",
    discount='<DscntApldAmt><Amt Ccy="EUR">20.00</Amt></DscntApldAmt>',
)
REMT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:remt.001.001.05">
<RmtAdvc><GrpHdr><MsgId>M</MsgId></GrpHdr><RmtInf><RmtId>R-1</RmtId>
<Strd><RfrdDocInf><Nb>RG-1</Nb></RfrdDocInf><RfrdDocAmt>
<DuePyblAmt Ccy="EUR">119.00</DuePyblAmt><RmtdAmt Ccy="EUR">119.00</RmtdAmt></RfrdDocAmt></Strd>
<OrgnlPmtInf><Refs><EndToEndId>E2E-7</EndToEndId></Refs><Amt><InstdAmt Ccy="EUR">119.00</InstdAmt>
</Amt><ReqdExctnDt>2026-03-31</ReqdExctnDt><Dbtr><Nm>Alder Foods GmbH</Nm></Dbtr></OrgnlPmtInf>
</RmtInf></RmtAdvc></Document>"""
UBL = """<?xml version="1.0"?><RemittanceAdvice
xmlns="urn:oasis:names:specification:ubl:schema:xsd:RemittanceAdvice-2"
xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>RA-5</cbc:ID><cbc:IssueDate>2026-03-30</cbc:IssueDate>
<cbc:TotalPaymentAmount currencyID="EUR">190.00</cbc:TotalPaymentAmount>
<cbc:PaymentOrderReference>PO-77</cbc:PaymentOrderReference>
<cac:AccountingCustomerParty><cbc:SupplierAssignedAccountID>D100</cbc:SupplierAssignedAccountID>
<cac:Party><cac:PartyName><cbc:Name>Alder Foods GmbH</cbc:Name></cac:PartyName></cac:Party>
</cac:AccountingCustomerParty>
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
<cbc:PaymentDueDate>2026-03-31</cbc:PaymentDueDate></cac:PaymentMeans>
<cac:RemittanceAdviceLine><cbc:ID>1</cbc:ID>
<cbc:DebitLineAmount currencyID="EUR">238.00</cbc:DebitLineAmount>
<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>RG-1</cbc:ID>
</cac:InvoiceDocumentReference></cac:BillingReference></cac:RemittanceAdviceLine>
<cac:RemittanceAdviceLine><cbc:ID>2</cbc:ID>
<cbc:CreditLineAmount currencyID="EUR">48.00</cbc:CreditLineAmount>
<cac:BillingReference><cac:CreditNoteDocumentReference><cbc:ID>GS-1</cbc:ID>
</cac:CreditNoteDocumentReference></cac:BillingReference></cac:RemittanceAdviceLine>
</RemittanceAdvice>"""
CSV = """Remittance advice;;;;
Payer;Baltic Steel Ltd;;;
Payment date;31/03/2026;;;

Invoice No.;Invoice amount;Discount;Amount paid;Reason
INV-1001;2,000.00;40.00;1,960.00;
INV-1002;1,000.00;0.00;975.00;short delivery
CN-7;-35.00;;-35.00;
Total;2,965.00;40.00;2,900.00;
"""
GERMAN = """Zahlungsavis

Auftraggeber: Alder Foods GmbH
Zahlungsdatum: 31.03.2026
Unsere Referenz: ZA-2026-17

Rechnung RG-4711 vom 01.03.2026      1.190,00 EUR
Rechnung RG-4712 vom 05.03.2026        238,00
Gutschrift GS-0815                     119,00
Kürzung Transportschaden RG-4712       -38,00

Gesamtbetrag                         1.271,00 EUR
"""


def read(kind: str, data: bytes | str) -> list[Event]:
    """All that a file says, proved; text is taken as UTF-8."""
    raw = data.encode() if isinstance(data, str) else data
    return list(prove(reader_of(kind)(io.BytesIO(raw), "file")))


def opened(folder: Path, data: bytes | str, name: str = "file") -> tuple[str, list[Event]]:
    """The kind that is recognised in a file, and all that it says."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    file = open_remittance(path, name)
    return file.kind, list(file.events())


def advices(events: Iterable[Event]) -> list[Advice]:
    """The advices among the events."""
    return [event for event in events if isinstance(event, Advice)]


def problems(events: Iterable[Event]) -> list[tuple[str, str]]:
    """Place and code of each problem among the events."""
    return [(event.where, event.code) for event in events if isinstance(event, Problem)]


def money(events: Iterable[Event]) -> list[tuple[str, int | None, int, int]]:
    """(number, paid, discount, deduction) of each line, in minor units."""
    return [
        (line.number, line.paid_minor, line.discount_minor, line.deduction_minor)
        for advice in advices(events)
        for line in advice.lines
    ]


def workbook(rows: list[list[object]]) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
