"""Field 86: who, and what for, in the ways of German, Dutch and other banks.

Rules: the German way has subfields of a separator and two digits (?20 to ?29 and ?60 to ?63 the
purpose, ?31 account, ?32 and ?33 name), and in the purpose tags such as EREF+ that run on across
breaks; a part of 27 characters is full, so that a word may go on in the next. The Dutch way has
words between slashes (/NAME/, /REMI/). Field NS has two digits at the beginning of each line.
Anything else is free text. See: DFÜ agreement, annex 3, 8.2.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from duly.interfaces.exchange.readers.bank.references import reference_in

FULL_LINE = 65
FULL_PART = 27
_MARKS = frozenset("?><~^|#§$!&%*@'\"`;:=")  # what parts the subfields; nearly always "?"
_PURPOSE = frozenset(f"{number}" for number in (*range(20, 30), *range(40, 100)))
_TAGS = re.compile(
    r"(?:^|(?<=[^A-Z]))"
    r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|RREF|PURP|IBAN|BIC)\+"
)
_WORDS = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|ORDP|BENM|CNTP|MARF|CSID|PREF|RTRN|ISDT|ULTC|ULTD|ULTB|PURP"
    r"|SVCL|CHGS|OCMT|EXCH|ADDR|CREF|IREF|NRTX|SWOC|SWOD)/"
)
_RETURNS = ("108", "109", "159", "160")
_REASON = re.compile(
    r"\b(A[CGM][0-9]{2}|B[E][0-9]{2}|CNOR|DNOR|CUST|FF[0-9]{2}|FOCR|MD[0-9]{2}|MS[0-9]{2}"
    r"|RC[0-9]{2}|RR[0-9]{2}|SL[0-9]{2}|TM[0-9]{2})\b"
)
_NOTHING = ("NOTPROVIDED", "NONREF")


class Narrative(NamedTuple):
    """What field 86 tells."""

    name: str = ""
    account: str = ""
    end_to_end: str = ""
    mandate: str = ""
    customer_reference: str = ""
    structured_reference: str = ""
    remittance: str = ""
    code: str = ""  # of the German banks, three digits
    return_reason: str = ""


def narrative(lines: Sequence[str]) -> Narrative:
    """What the lines of field 86 tell; there is one at least."""
    first = lines[0].lstrip()
    if first[3:4] in _MARKS and first[:3].isdigit() and first[4:6].isdigit():
        text = first if len(lines) == 1 else "".join([first, *lines[1:]])
        return _german(text.split(first[3]))
    text = joined(lines, FULL_LINE)
    if text.startswith("/") or "/REMI/" in text:
        found = _WORDS.split(text)
        if len(found) > 1:
            return _dutch(found)
    return Narrative(remittance=text, structured_reference=reference_in(text))


def joined(parts: Sequence[str], full: int) -> str:
    """Parts as one text: a full one runs on in the next, others end a word."""
    if len(parts) == 1:
        return plain(parts[0])
    return plain("".join([part if len(part) >= full else part + " " for part in parts]))


def plain(text: str) -> str:
    """A text without blanks around it and doubled in it."""
    text = text.strip()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def _german(pieces: Sequence[str]) -> Narrative:
    """The subfields between their marks, behind the code of the transaction."""
    code, *subfields = pieces
    name = account = iban = ""
    parts: list[str] = []
    for subfield in subfields:
        number, part = subfield[:2], subfield[2:]
        if number in _PURPOSE:
            parts.append(part)
        elif number == "32":
            name = part
        elif number == "33":
            name += part if len(name) >= FULL_PART else " " + part
        elif number == "31":
            account = part
        elif number == "38":
            iban = part
        elif parts and not number.isdigit():  # the mark stood in the text
            parts[-1] += " " + subfield
    purpose = joined(parts, FULL_PART) if parts else ""
    name, account = plain(name), iban or account
    if " " in account:
        account = account.replace(" ", "")
    if "+" in purpose:
        return _tagged(purpose, name, account, code)
    reason = _reason(purpose) if code in _RETURNS else ""
    told = (name, account, "", "", "", reference_in(purpose), purpose, code, reason)
    return tuple.__new__(Narrative, told)  # as Narrative(...), in half the time


def _tagged(purpose: str, name: str, account: str, code: str) -> Narrative:
    """The tags of SEPA in a purpose."""
    pieces = _TAGS.split(purpose)
    told: dict[str, str] = {}
    for at in range(1, len(pieces), 2):
        told.setdefault(pieces[at], pieces[at + 1].strip())
    others = [told[tag] for tag in ("SVWZ", "ABWA", "ABWE") if told.get(tag)]
    remittance = " ".join([text for text in (pieces[0].strip(), *others) if text])
    return Narrative(
        name,
        account or told.get("IBAN", "").replace(" ", ""),
        _reference(told.get("EREF", "")),
        told.get("MREF", ""),
        _reference(told.get("KREF", "")),
        reference_in(remittance),
        remittance,
        code,
        _reason(remittance) if code in _RETURNS else "",
    )


def _dutch(pieces: Sequence[str]) -> Narrative:
    told: dict[str, str] = {}
    for at in range(1, len(pieces), 2):
        told.setdefault(pieces[at], pieces[at + 1].strip(" /"))
    party = told.get("CNTP", "").split("/")
    text = told.get("REMI", "")
    structured = ""
    if text.startswith("STRD/"):
        structured = text.rstrip("/").rpartition("/")[2].strip()
    text = text.removeprefix("USTD//").strip()
    remittance = plain(text or told.get("NRTX", "") or pieces[0].strip(" /"))
    return Narrative(
        name=plain(told.get("NAME") or (party[2] if len(party) > 2 else "")),
        account=(told.get("IBAN") or party[0]).replace(" ", ""),
        end_to_end=_reference(told.get("EREF", "")),
        mandate=told.get("MARF", ""),
        customer_reference=_reference(told.get("PREF") or told.get("CREF", "")),
        structured_reference=structured or reference_in(remittance),
        remittance=remittance,
        return_reason=told.get("RTRN", "").partition("/")[0],
    )


def structured_lines(lines: Sequence[str]) -> Narrative:
    """Field NS: lines that begin with two digits; 01 to 14 purpose, 15 and 16 name, 34 account."""
    told = [(line[:2], line[2:]) for line in lines]
    text = " ".join(part.strip() for number, part in told if "01" <= number <= "14")
    return Narrative(
        name=plain(" ".join(part for number, part in told if number in ("15", "16"))),
        account=next((part.strip() for number, part in told if number == "34"), ""),
        structured_reference=reference_in(text),
        remittance=plain(text),
        code=next((part[:3] for number, part in told if number == "19"), ""),
    )


def _reference(text: str) -> str:
    return "" if text in _NOTHING else text


def _reason(text: str) -> str:
    """Why a payment came back, told among the text of a return."""
    found = _REASON.search(text)
    return found[1] if found else ""
