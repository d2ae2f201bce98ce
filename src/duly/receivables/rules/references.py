"""What a payer quotes so that money finds its customer: structured references with check digits.

Rule: the reference is made from the customer's id in the firm's own systems, letters and digits
only, so that it means the same in every installation; cash application reads it back by making the
references of all customers. Where an id doesn't fit there is no structured reference, and the
payer is asked to quote the id itself.
See: ISO 11649; Swiss Payment Standards, QR reference (modulo 10, recursive).
"""

import re

_CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def creditor_reference(code: str) -> str:
    """ISO 11649: RF, two check digits, up to 21 letters and digits; nothing where it can't be.

    >>> creditor_reference("539007547034"), creditor_reference("INV-2026 001")
    ('RF18539007547034', 'RF10INV2026001')
    >>> creditor_reference("Müller"), creditor_reference("")
    ('', '')
    """
    plain = _plain(code)
    if not 1 <= len(plain) <= 21:
        return ""
    check = 98 - int(_digits(plain + "RF00")) % 97
    return f"RF{check:02d}{plain}"


def instalment_reference(code: str, plan: int, number: int) -> str:
    """What an instalment of a plan is paid under: the customer's reference with both behind it.

    Where that gets too long it is the customer's own.

    >>> instalment_reference("C-0117", 12, 3), instalment_reference("C" * 20, 12, 3)[4:]
    ('RF87C0117P12N3', 'CCCCCCCCCCCCCCCCCCCC')
    """
    return creditor_reference(f"{code}P{plan}N{number}") or creditor_reference(code)


def without_instalment(reference: str) -> str:
    """The customer's own reference behind that of an instalment; nothing where it is none.

    >>> without_instalment("RF87C0117P12N3") == creditor_reference("C-0117")
    True
    >>> without_instalment("RF18539007547034")
    ''
    """
    found = re.fullmatch(r"RF\d\d([A-Z0-9]+)P\d{1,9}N\d{1,2}", reference)
    return creditor_reference(found[1]) if found else ""


def qr_reference(code: str) -> str:
    """The Swiss QR reference of a customer's id; nothing where it can't be.

    Two digits tell how long the id is (50 more where it has letters), 24 hold it: as it is, or with
    letters as a number of base 36. The last digit checks. Ids that differ in case or separators
    alone (C-0117, C0117) share a reference, here and above: who reads it back finds two, and asks.

    >>> qr_reference("0117"), qr_reference("117")
    ('040000000000000000000001178', '030000000000000000000001173')
    >>> qr_reference("C-0117"), qr_reference("A" * 16)
    ('550000000000000000201567313', '')
    """
    plain = _plain(code)
    if plain.isdecimal():
        length, digits = len(plain), plain
    elif plain:
        length, digits = 50 + len(plain), str(int(plain, 36))
    else:
        return ""
    if len(digits) > 24:
        return ""
    whole = f"{length:02d}{digits:0>24}"
    return whole + check_digit(whole)


def check_digit(digits: str) -> str:
    """Modulo 10, recursive.

    >>> check_digit("21000000000313947143000901")
    '7'
    """
    carry = 0
    for digit in digits:
        carry = _CARRY[(carry + int(digit)) % 10]
    return str((10 - carry) % 10)


def spaced(reference: str) -> str:
    """A reference or account number in groups, as people read and type it.

    >>> spaced("RF18539007547034")
    'RF18 5390 0754 7034'
    >>> spaced("210000000003139471430009017")
    '21 00000 00003 13947 14300 09017'
    """
    if reference.isdecimal():  # as Swiss bills print it: fives from the right
        first = len(reference) % 5
        groups = [reference[:first]] if first else []
        groups += [reference[i : i + 5] for i in range(first, len(reference), 5)]
        return " ".join(groups)
    return " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))


def _plain(code: str) -> str:
    """Letters and digits of an id, or nothing where it has letters of other alphabets."""
    plain = re.sub(r"[\s\-_./:#+&()]", "", code).upper()
    return plain if re.fullmatch(r"[A-Z0-9]*", plain) else ""


def _digits(plain: str) -> str:
    return "".join(str(int(character, 36)) for character in plain)
