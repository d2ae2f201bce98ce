"""Structured references and their check digits: what schemes payers are asked to quote.

Rule: RF (ISO 11649), Swiss QR, Finnish, Belgian, Norwegian KID (modulo 10 and 11), Swedish OCR.
A reference is kept in normal form: capitals and digits alone, without leading zeros that only fill.
See: F-06 to F-10 in docs/sources.md.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from duly.receivables.rules.references import check_digit, creditor_reference

RF, QR, FINNISH, BELGIAN, KID, OCR = "rf", "qr", "finnish", "belgian", "kid", "ocr"

_SPACED_RF = re.compile(r"(?<![A-Z0-9])RF\d\d(?: ?[A-Z0-9]){1,21}(?![A-Z0-9])")
_BELGIAN = re.compile(r"(?<!\d)[+*]{3} ?(\d{3})/?(\d{4})/?(\d{5}) ?[+*]{3}")
_DIGITS = re.compile(r"(?<![A-Z0-9])\d(?: ?\d){3,26}-?(?![A-Z0-9])")


class Structured(NamedTuple):
    """A reference whose check digits fit: its scheme, its normal form, what it refers to."""

    scheme: str
    reference: str
    core: str  # without check digits and filling zeros


def luhn(digits: str) -> str:
    """The check digit of modulo 10: KID, OCR.

    >>> luhn("123456789"), luhn("234567"), luhn("1234")
    ('7', '6', '4')
    """
    doubled = (int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits)))
    return str(-sum(n - 9 * (n > 9) for n in doubled) % 10)


def modulo_11(digits: str) -> str:
    """The other check digit of KID: weights 2 to 7 from the right; 10 is written as a hyphen.

    >>> modulo_11("12345678"), modulo_11("1009")
    ('5', '-')
    """
    check = -sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(digits))) % 11
    return "-" if check == 10 else str(check)


def finnish(digits: str) -> str:
    """The check digit of a Finnish reference: weights 7, 3, 1 from the right.

    >>> finnish("123"), finnish("12345"), finnish("2026001")
    ('2', '3', '1')
    """
    return str(-sum(int(d) * (7, 3, 1)[i % 3] for i, d in enumerate(reversed(digits))) % 10)


def belgian(digits: str) -> str:
    """The two check digits of a Belgian structured communication of ten digits.

    >>> belgian("0909337554")
    '93'
    """
    return f"{int(digits) % 97 or 97:02d}"


def ocr(digits: str, *, with_length: bool = False) -> str:
    """A Swedish OCR number: the digits, perhaps one that tells the length, a check digit.

    >>> ocr("1234"), ocr("1234", with_length=True)
    ('12344', '123463')
    """
    body = f"{digits}{(len(digits) + 2) % 10}" if with_length else digits
    return body + luhn(body)


def normal(text: str) -> str:
    """A reference in capitals and digits alone, as it is kept.

    >>> normal("rf18 5390-0754 7034")
    'RF18539007547034'
    """
    upper = text.upper()
    return upper if upper.isascii() and upper.isalnum() else re.sub(r"[^A-Z0-9]", "", upper)


def schemes_of(reference: str) -> Iterator[Structured]:
    """Every scheme whose check digits fit a reference standing alone.

    Digits alone may fit several: a check digit is right by chance once in ten. Who reads them
    compares with what was issued.
    """
    plain = reference.replace(" ", "").upper()
    if re.fullmatch(r"RF\d\d[A-Z0-9]{1,21}", plain):
        if creditor_reference(plain[4:]) == plain:
            yield Structured(RF, plain, plain[4:])
        return
    body, check = plain[:-1], plain[-1:]
    if re.fullmatch(r"\d{1,24}", body) and re.fullmatch(r"[\d-]", check):
        yield from _of_digits(body, check)


def _of_digits(body: str, check: str) -> Iterator[Structured]:
    plain, core = body + check, body.lstrip("0")
    if 2 <= len(plain) <= 25 and check in (luhn(body), modulo_11(body)):
        yield Structured(KID, plain, core)
    if check == "-":
        return
    if len(plain) >= 4 and finnish(body) == check and len(plain) <= 20:
        yield Structured(FINNISH, plain.lstrip("0"), core)
    if 2 <= len(plain) <= 25 and luhn(body) == check:
        yield Structured(OCR, plain, core)
        if len(body) > 1 and body[-1] == str(len(plain) % 10):
            yield Structured(OCR, plain, core[:-1])
    if len(plain) == 12 and belgian(plain[:10]) == plain[10:]:
        yield Structured(BELGIAN, plain, plain[:10].lstrip("0"))


def structured_in(text: str) -> list[Structured]:
    """The structured references in a text: RF, QR and Belgian ones, which chance hardly makes.

    >>> [one.core for one in structured_in("INV RF18 5390 0754 7034 / +++090/9337/55493+++")]
    ['539007547034', '909337554']
    """
    found: dict[Structured, None] = {}
    upper = text.upper()
    for match in _SPACED_RF.finditer(upper):
        found.update(dict.fromkeys(_longest_rf(match.group())))
    for match in _BELGIAN.finditer(upper):
        digits = "".join(match.groups())
        if belgian(digits[:10]) == digits[10:]:
            found[Structured(BELGIAN, digits, digits[:10].lstrip("0"))] = None
    for match in _DIGITS.finditer(upper):
        digits = match.group().replace(" ", "")
        if len(digits) == 27 and is_qr(digits):
            found[Structured(QR, digits, digits[:-1].lstrip("0"))] = None
    return list(found)


def is_qr(digits: str) -> bool:
    """Tell whether 27 digits are a Swiss QR reference; zeros alone are none."""
    is_long = len(digits) == 27 and digits.isdecimal() and bool(digits.strip("0"))
    return is_long and check_digit(digits[:-1]) == digits[-1]


def _longest_rf(text: str) -> Iterator[Structured]:
    """What follows a spaced RF reference may be a word of its own: the longest that fits counts."""
    words = text.split(" ")
    for end in range(len(words), 0, -1):
        for one in schemes_of("".join(words[:end])):
            yield one
            return
