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
    """An account of the company, and the format in which its bank reports it."""

    name: str
    tag: str  # one letter, first in the bank references of its lines
    currency: str
    number: str
    bank_name: str
    bic: str
    format: str  # camt.053.001.02, camt.053.001.08 or MT940
    opening_minor: int


OWN_ACCOUNTS: tuple[OwnAccount, ...] = (
    OwnAccount(
        "main",
        "H",
        "EUR",
        iban("DE", "990100020000471100"),
        "Hansekontor Bank AG",
        "HKZZDEHHXXX",
        "camt.053.001.02",
        41_250_000,
    ),
    OwnAccount(
        "collections",
        "L",
        "EUR",
        iban("DE", "990300070001203344"),
        "Leinetal Bank eG",
        "LTZZDE2HXXX",
        "camt.053.001.08",
        1_830_000,
    ),
    OwnAccount(
        "dollars",
        "U",
        "USD",
        iban("DE", "990100020000471184"),
        "Hansekontor Bank AG",
        "HKZZDEHHXXX",
        "MT940",
        9_600_000,
    ),
    OwnAccount(
        "sterling",
        "G",
        "GBP",
        iban("DE", "990100020000471126"),
        "Hansekontor Bank AG",
        "HKZZDEHHXXX",
        "MT940",
        4_410_000,
    ),
    OwnAccount(
        "yen",
        "Y",
        "JPY",
        iban("DE", "990100020000471139"),
        "Hansekontor Bank AG",
        "HKZZDEHHXXX",
        "MT940",
        7_300_000,
    ),
    OwnAccount(
        "dinar",
        "K",
        "KWD",
        iban("DE", "990100020000471141"),
        "Hansekontor Bank AG",
        "HKZZDEHHXXX",
        "MT940",
        21_000_000,
    ),
)
