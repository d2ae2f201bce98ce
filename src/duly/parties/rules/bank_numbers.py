"""Bank account numbers that can be checked: IBAN, the Swiss QR-IBAN, BIC.

Source: ISO 13616 (IBAN registry lengths), ISO 9362 (BIC), SIX style guide for the QR-IBAN.
"""

import re

from duly.kernel.errors import Malformed
from duly.kernel.quoting import quoted

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_LENGTHS = {
    code: int(length)
    for code, length in re.findall(
        r"([A-Z]{2})([0-9]{2})",
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29"
        "ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28"
        "LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25"
        "QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30",
    )
}


class BankNumberWrong(Malformed):
    """A bank account number whose check digits or length are wrong."""

    code = "BANK_NUMBER_WRONG"


def iban(text: str) -> str:
    """An IBAN in capitals without spaces. Refuses: BankNumberWrong.

    >>> iban("de89 3704 0044 0532 0130 00")
    'DE89370400440532013000'
    """
    plain = re.sub(r"\s", "", text).upper()
    length = _LENGTHS.get(plain[:2])
    if not _IBAN.fullmatch(plain) or length is None:
        raise BankNumberWrong(
            f"{quoted(text)} is not an IBAN.",
            facts={"iban": text},
            remedy="Enter it as the bank writes it, such as DE89 3704 0044 0532 0130 00.",
        )
    if len(plain) != length:
        raise BankNumberWrong(
            f"{quoted(text)} has {len(plain)} characters; an IBAN of {plain[:2]} has {length}.",
            facts={"iban": text, "length": length},
            remedy="Compare it with what the bank says.",
        )
    if int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 != 1:
        raise BankNumberWrong(
            f"The check digits of {quoted(text)} don't fit: a character is wrong or two changed"
            " places.",
            facts={"iban": text},
            remedy="Compare it with what the bank says.",
        )
    return plain


def bic(text: str) -> str:
    """A BIC of 8 or 11 characters in capitals. Refuses: BankNumberWrong.

    >>> bic("cobadeffxxx")
    'COBADEFFXXX'
    """
    plain = re.sub(r"\s", "", text).upper()
    if not _BIC.fullmatch(plain):
        raise BankNumberWrong(
            f"{quoted(text)} is not a BIC.",
            facts={"bic": text},
            remedy="Enter its 8 or 11 letters and digits, such as COBADEFFXXX, or leave it out.",
        )
    return plain


def is_qr_iban(plain: str) -> bool:
    """Tell whether an IBAN is for Swiss QR references: its bank number is 30000 to 31999.

    >>> is_qr_iban("CH4431999123000889012"), is_qr_iban("CH9300762011623852957")
    (True, False)
    """
    return plain[:2] in {"CH", "LI"} and 30_000 <= int(plain[4:9]) <= 31_999
