"""Structured references in free text, taken only where their check digits hold.

See: ISO 11649 (RF), Swiss Payment Standards (QR reference), Febelfin (+++ddd/dddd/ddddd+++);
F-06, F-07, F-10.
"""

import re

_RF = re.compile(r"\bRF[0-9]{2}(?: ?[A-Z0-9]{1,4}){1,6}\b")
_SHORT_RF = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_QR = re.compile(r"(?<![0-9])[0-9]{27}(?![0-9])")
_BELGIAN = re.compile(r"(?:\+\+\+|\*\*\*)([0-9]{3})/?([0-9]{4})/?([0-9]{5})(?:\+\+\+|\*\*\*)")
_CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def reference_in(text: str) -> str:
    """The first structured reference of a text, in capitals without spaces; "" where none is.

    >>> reference_in("INV 7 RF18539007547034"), reference_in("RF19539007547034")
    ('RF18539007547034', '')
    >>> reference_in("+++090/9337/55493+++"), reference_in("210000000003139471430009017")
    ('090933755493', '210000000003139471430009017')
    """
    if "RF" in text:
        for found in (*_SHORT_RF.findall(text), *_RF.findall(text)):
            plain = found.replace(" ", "")
            if len(plain) <= 25 and is_creditor_reference(plain):
                return plain
    if "++" in text or "**" in text:
        for parts in _BELGIAN.findall(text):
            if is_belgian_reference("".join(parts)):
                return "".join(parts)
    if len(text) >= 27 and (found := _QR.search(text)) and is_qr_reference(found[0]):
        return found[0]
    return ""


def is_creditor_reference(plain: str) -> bool:
    """Whether RF and its two digits fit the rest (modulo 97 is 1)."""
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def is_qr_reference(digits: str) -> bool:
    """Whether the last of 27 digits fits (modulo 10, recursive); all zeros are none."""
    carry = 0
    for digit in digits[:-1]:
        carry = _CARRY[(carry + int(digit)) % 10]
    return int(digits[-1]) == (10 - carry) % 10 and bool(digits.strip("0"))


def is_belgian_reference(digits: str) -> bool:
    """Whether the last two of 12 digits are the first ten modulo 97, 97 for 0."""
    return int(digits[10:]) == (int(digits[:10]) % 97 or 97)
