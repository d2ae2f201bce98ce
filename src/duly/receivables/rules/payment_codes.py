"""The text of a QR code that fills in a SEPA credit transfer in a banking app.

Source: European Payments Council, EPC069-12 version 2.1 ("Quick Response Code: Guidelines to
Enable Data Capture for the Initiation of a SEPA Credit Transfer"). At most 331 bytes; error
correction M.
"""

from dataclasses import dataclass

from duly.kernel.money import text_from_minor

_LEAST_MINOR, _MOST_MINOR = 1, 99_999_999_999
_MOST_BYTES = 331


@dataclass(frozen=True, slots=True)
class Payee:
    """Where money goes: the holder's name and account."""

    holder: str
    iban: str
    bic: str = ""


def epc_text(payee: Payee, minor: int, reference: str, text: str) -> str:
    """What the QR code of a SEPA transfer holds; nothing where the amount can't be in one.

    Given: euro cents; a creditor reference, or `text` where there is none (never both).

    >>> print(epc_text(Payee("Northwind", "DE89370400440532013000"), 1234567, "RF10C0117", ""))
    BCD
    002
    1
    SCT
    <BLANKLINE>
    Northwind
    DE89370400440532013000
    EUR12345.67
    <BLANKLINE>
    RF10C0117
    >>> epc_text(Payee("Northwind", "DE89370400440532013000"), 0, "", "C-0117")
    ''
    """
    if not _LEAST_MINOR <= minor <= _MOST_MINOR:
        return ""
    lines = [
        "BCD",
        "002",  # the BIC may be left out
        "1",  # UTF-8
        "SCT",
        payee.bic,
        _one_line(payee.holder, 70),
        payee.iban,
        f"EUR{text_from_minor(minor, 2)}",
        "",  # no purpose code
        reference,
    ]
    if not reference:
        lines.append(_one_line(text, 140))
    whole = "\n".join(lines).rstrip("\n")
    return whole if len(whole.encode()) <= _MOST_BYTES else ""


def _one_line(text: str, characters: int) -> str:
    return " ".join(text.split())[:characters].rstrip()
