"""Account numbers and references with true check digits, of banks that do not exist.

National parts begin with 9 or ZZZZ, which no real bank has, so that no file of the world names
anyone's account.
"""

from dataclasses import dataclass

from duly.world.dice import Dice

_DIGITS = {letter: str(ord(letter) - 55) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}

# Letters in front and digits after them of an IBAN's national part, by country.
_NATIONAL = {
    "AT": ("", 16),
    "BE": ("", 12),
    "CH": ("", 17),
    "DE": ("", 18),
    "ES": ("", 20),
    "FR": ("", 23),
    "GB": ("ZZZZ", 14),
    "IT": ("Z", 22),
    "KW": ("ZZZZ", 22),
    "NL": ("ZZZZ", 10),
    "PL": ("", 24),
    "SE": ("", 20),
}


def mod97_check_digits(body: str, prefix: str) -> str:
    """The two check digits of ISO 7064 after a prefix of letters, for IBAN and ISO 11649.

    >>> mod97_check_digits("370400440532013000", "DE"), mod97_check_digits("539007547034", "RF")
    ('89', '18')
    """
    digits = "".join(_DIGITS.get(letter, letter) for letter in body + prefix + "00")
    return f"{98 - int(digits) % 97:02d}"


def creditor_reference(number: str) -> str:
    """The ISO 11649 reference of a document number. See: F-06.

    >>> creditor_reference("INV-2026001")
    'RF10INV2026001'
    """
    body = "".join(letter for letter in number.upper() if letter.isalnum())
    return f"RF{mod97_check_digits(body, 'RF')}{body}"


def iban(country: str, national: str) -> str:
    """The IBAN of a country's account."""
    return f"{country}{mod97_check_digits(national, country)}{national}"


def draw_account(stream: Dice, country: str) -> str:
    """An account of someone in a country: an IBAN, or ten digits where there are none."""
    letters, count = _NATIONAL.get(country, ("", 10))
    digits = "9" + "".join(stream.choices("0123456789", k=count - 1))
    return iban(country, letters + digits) if country in _NATIONAL else digits


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account of the company, and how its bank reports it."""

    name: str
    tag: str  # one letter, first in the bank references of its lines
    currency: str
    number: str
    bank_name: str
    bic: str
    format: str  # camt.053 or MT940
    is_daily: bool  # a statement a day, or a week
    opening_minor: int


def _own(
    name: str, tag: str, currency: str, tail: str, form: str, is_daily: bool, opening_minor: int
) -> OwnAccount:
    bank, bic, head = (
        ("Leinetal Bank eG", "LTZZDE2HXXX", "99030007")
        if name == "collections"
        else ("Hansekontor Bank AG", "HKZZDEHHXXX", "99010002")
    )
    number = iban("DE", head + tail)
    return OwnAccount(name, tag, currency, number, bank, bic, form, is_daily, opening_minor)


OWN_ACCOUNTS: tuple[OwnAccount, ...] = (
    _own("main", "H", "EUR", "0000471100", "camt.053", True, 41_250_000),
    _own("collections", "L", "EUR", "0001203344", "camt.053", False, 1_830_000),
    _own("dollars", "U", "USD", "0000471184", "MT940", False, 9_600_000),
    _own("sterling", "G", "GBP", "0000471126", "MT940", False, 4_410_000),
    _own("yen", "Y", "JPY", "0000471139", "MT940", False, 7_300_000),
    _own("dinar", "K", "KWD", "0000471141", "MT940", False, 21_000_000),
)
