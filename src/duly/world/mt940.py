"""Statements as MT940: the lines of text in which SWIFT and German banks report accounts.

Field 86 has the subfields of the German banks. No line is longer than 65 characters, and none
begins as a field or an end does.
"""

from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.world.names import swift
from duly.world.records import BankLine, Statement

LINE = 65
MOST = 6 * LINE  # characters of field 86
PART = 27  # of a subfield
_PURPOSE = [
    *(f"?{number}" for number in range(20, 30)),
    *(f"?{number}" for number in range(60, 64)),
]

# Kind of line -> transaction type, code of the bank, its text.
_CODES = {
    "transfer": ("NTRF", "202", "ZAHLUNGSEINGANG AUSLAND"),
    "direct_debit": ("NDDT", "192", "LASTSCHRIFTEINREICHUNG"),
    "return": ("NRTI", "109", "RUECKLASTSCHRIFT"),
    "fee": ("NCHG", "808", "ENTGELT"),
    "reversal": ("NCHG", "899", "STORNO"),
    "sweep": ("NTRF", "833", "CASH CONCENTRATING"),
}


def mt940(statement: Statement) -> str:
    """One statement as a message."""
    account = statement.account
    currency = account.currency
    fields = [
        f":20:{account.tag}{statement.closed_on:%y%m%d}{statement.number:05d}",
        f":25:{account.number}",
        f":28C:{statement.number:05d}/001",
        f":60F:{_balance(statement.opening_minor, currency, f'{statement.opened_on:%y%m%d}')}",
        *(field for line in statement.lines for field in _line(line, currency)),
        f":62F:{_balance(statement.closing_minor, currency, f'{statement.closed_on:%y%m%d}')}",
        "-",
    ]
    return "".join(f"{field}\r\n" for field in fields)


def _balance(minor: int, currency: str, on: str) -> str:
    return f"{'C' if minor >= 0 else 'D'}{on}{currency}{_amount(minor, currency)}"


def _line(line: BankLine, currency: str) -> list[str]:
    kind, _, _ = _CODES[line.kind]
    mark = "C" if line.amount_minor >= 0 else "D"
    if line.kind == "reversal":
        mark = "RD" if mark == "C" else "RC"
    amount = _amount(line.amount_minor, currency)
    named = {payment.end_to_end for payment in line.payments} - {"NOTPROVIDED"}
    own = swift(named.pop())[:16] if len(named) == 1 else "NONREF"
    dates = f"{line.value_on:%y%m%d}{line.booked_on:%m%d}"
    return [f":61:{dates}{mark}{amount}{kind}{own}//{line.bank_reference}", _details(line)]


def _details(line: BankLine) -> str:
    """Field 86: who, and what for."""
    _, code, text = _CODES[line.kind]
    found = [f"{code}?00{text}?10{line.booked_on:%d%m}0"]
    purpose = swift(line.text)
    for payment in line.payments:
        told = " ".join(payment.structured_references) or payment.remittance
        purpose = f"EREF+{swift(payment.end_to_end)} SVWZ+{swift(told)}"
    parts = [purpose[at : at + PART] for at in range(0, len(purpose), PART)]
    found += [tag + part for tag, part in zip(_PURPOSE, parts, strict=False)]
    for payment in line.payments:
        name = swift(payment.payer_name)
        found.append(f"?31{payment.payer_account}?32{name[:PART]}")
        found.append(f"?33{name[PART : 2 * PART]}" if name[PART:] else "")
    return "\r\n".join(_fold(f":86:{''.join(found)[:MOST]}"))


def _fold(text: str) -> list[str]:
    """Lines of at most 65 characters; none after the first begins with a colon or a hyphen."""
    lines = []
    while len(text) > LINE:
        at = LINE
        while text[at] in ":-":
            at -= 1
        lines.append(text[:at])
        text = text[at:]
    return [*lines, text]


def _amount(minor: int, currency: str) -> str:
    """An amount as SWIFT writes it: a comma always, decimals as the currency has them."""
    text = text_from_minor(abs(minor), exponent(currency))
    return text.replace(".", ",") if "." in text else f"{text},"
