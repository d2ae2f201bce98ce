"""Statements as OFX 1.0.2 in SGML: what a bank's site hands out for download.

Names have 32 characters, references of a payer no place, and a batch of direct debits is one entry.
"""

from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.world.names import latin
from duly.world.records import BankLine, Statement

_HEAD = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\n"
    "CHARSET:1252\r\nCOMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)
_TYPES = {
    "transfer": ("CREDIT", "DEBIT"),
    "direct_debit": ("CREDIT", "DIRECTDEBIT"),
    "return": ("CREDIT", "DEBIT"),
    "fee": ("CREDIT", "SRVCHG"),
    "reversal": ("CREDIT", "DEBIT"),
    "sweep": ("XFER", "XFER"),
}


def ofx(statement: Statement) -> str:
    """One statement as a file."""
    account, on = statement.account, f"{statement.closed_on:%Y%m%d}"
    first = min(line.booked_on for line in statement.lines)
    status = "<STATUS>\r\n<CODE>0\r\n<SEVERITY>INFO\r\n</STATUS>\r\n"
    lines = "".join(_entry(line, account.currency) for line in statement.lines)
    return (
        f"{_HEAD}<OFX>\r\n<SIGNONMSGSRSV1>\r\n<SONRS>\r\n{status}<DTSERVER>{on}193000\r\n"
        f"<LANGUAGE>ENG\r\n</SONRS>\r\n</SIGNONMSGSRSV1>\r\n<BANKMSGSRSV1>\r\n<STMTTRNRS>\r\n"
        f"<TRNUID>{statement.number}\r\n{status}<STMTRS>\r\n<CURDEF>{account.currency}\r\n"
        f"<BANKACCTFROM>\r\n<BANKID>{account.bic}\r\n<ACCTID>{account.number}\r\n"
        f"<ACCTTYPE>CHECKING\r\n</BANKACCTFROM>\r\n<BANKTRANLIST>\r\n"
        f"<DTSTART>{first:%Y%m%d}\r\n<DTEND>{on}\r\n{lines}</BANKTRANLIST>\r\n<LEDGERBAL>\r\n"
        f"<BALAMT>{_amount(statement.closing_minor, account.currency)}\r\n<DTASOF>{on}\r\n"
        "</LEDGERBAL>\r\n</STMTRS>\r\n</STMTTRNRS>\r\n</BANKMSGSRSV1>\r\n</OFX>\r\n"
    )


def _entry(line: BankLine, currency: str) -> str:
    one = line.payments[0] if len(line.payments) == 1 else None
    text = line.text
    if one:
        text = " ".join(one.structured_references) or one.remittance
    name = f"<NAME>{_text(one.payer_name)[:32].rstrip()}\r\n" if one else ""
    return (
        f"<STMTTRN>\r\n<TRNTYPE>{_TYPES[line.kind][line.amount_minor < 0]}\r\n"
        f"<DTPOSTED>{line.booked_on:%Y%m%d}\r\n<TRNAMT>{_amount(line.amount_minor, currency)}\r\n"
        f"<FITID>{line.bank_reference}\r\n{name}<MEMO>{_text(text)[:255]}\r\n</STMTTRN>\r\n"
    )


def _text(text: str) -> str:
    """A text in ASCII without the signs of SGML."""
    plain = latin(text).encode("ascii", "replace").decode()
    return plain.replace("&", "+").replace("<", "(").replace(">", ")")


def _amount(minor: int, currency: str) -> str:
    return text_from_minor(minor, exponent(currency))
