"""Which numbers are of one account: an IBAN, and the national number that is in it.

Rule: certain where bank and account both stand in the other number; a bare account number, which
many banks give out, is never taken for an IBAN's.
See: ISO 13616 (the national number is the IBAN without its first four signs).
"""

import re

from duly.cash_application.rules.lines import is_known_everywhere

_PARTS = re.compile(r"[^A-Z0-9]+")
_FEWEST = 6  # signs of an account number that tell something
_BANK_OF_GERMANY, _ACCOUNT_OF_GERMANY = 8, 10


def is_one_account(one: str, other: str) -> bool:
    """Tell whether two numbers are of one account, whichever of them is the IBAN.

    >>> is_one_account("DE89370400440532013000", "37040044/532013000")
    True
    >>> is_one_account("BE68539007547034", "539-0075470-34")
    True
    >>> is_one_account("ES9121000418450200051332", "210004180200051332")
    True
    >>> is_one_account("DE89370400440532013000", "532013000")
    False
    """
    if is_known_everywhere(one) == is_known_everywhere(other):
        return False
    iban, told = (one, other) if is_known_everywhere(one) else (other, one)
    iban = iban.replace(" ", "")
    return any(number in _numbers_in(iban) for number in _readings(told.upper()))


def may_be_one_account(one: str, other: str) -> bool:
    """Tell whether a bare account number ends an IBAN: a person knows whether it is that account.

    >>> may_be_one_account("DE89370400440532013000", "532013000")
    True
    """
    if is_known_everywhere(one) == is_known_everywhere(other):
        return False
    iban, told = (one, other) if is_known_everywhere(one) else (other, one)
    plain = "".join(_PARTS.split(told.upper()))
    return len(plain) >= _FEWEST and iban.replace(" ", "").endswith(plain)


def _numbers_in(iban: str) -> set[str]:
    """The national numbers that stand in an IBAN, whole or as the country's banks write them."""
    country, national = iban[:2], iban[4:]
    found = {national}
    if country == "GB":
        found.add(national[4:])  # sort code and account: the bank's letters are the IBAN's own
    elif country == "ES":
        found.add(national[:8] + national[10:])  # without the two check digits
    return found


def _readings(told: str) -> set[str]:
    """A national number without its signs; bank and account of Germany filled up with zeros."""
    parts = [part for part in _PARTS.split(told) if part]
    found = {"".join(parts)}
    if len(parts) == 2 and all(map(str.isdigit, parts)):
        bank, account = parts
        if len(bank) == _BANK_OF_GERMANY and len(account) <= _ACCOUNT_OF_GERMANY:
            found.add(bank + account.zfill(_ACCOUNT_OF_GERMANY))
    return found
