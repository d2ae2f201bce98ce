"""What a Swiss QR-bill holds: the text of its code, and what keeps one from being made.

Source: SIX, Swiss Implementation Guidelines for the QR-bill, version 2.3 (in force since 21
November 2025): structured addresses only, Latin characters, at most 997 of them.
"""

import unicodedata
from dataclasses import dataclass

from duly.kernel.money import text_from_minor
from duly.parties.rules.addresses import Address
from duly.parties.rules.bank_numbers import is_qr_iban
from duly.receivables.rules.references import creditor_reference, qr_reference

CURRENCIES = ("CHF", "EUR")
COUNTRIES = ("CH", "LI")
MOST_MINOR = 99_999_999_999
_MOST_MESSAGE = 60  # of 140: what has room beside the longest names and addresses
_ALSO = frozenset("\u0218\u0219\u021a\u021b\u20ac")
_PLAIN = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "…": "..."}
)


@dataclass(frozen=True, slots=True)
class Party:
    """A creditor or debtor as the code names them; every text within its length and characters."""

    name: str
    address: Address

    @property
    def street_line(self) -> str:
        """Street and building."""
        return f"{self.address.street} {self.address.building}".strip()

    @property
    def town_line(self) -> str:
        """Postal code and town; abroad with the country before them."""
        country = "" if self.address.country in COUNTRIES else f"{self.address.country}-"
        return f"{country}{self.address.postcode} {self.address.town}"

    @property
    def elements(self) -> list[str]:
        """The seven elements of a structured address."""
        return ["S", self.name, *self.address]


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill: whom to pay, what, by whom (None: left to be filled in by hand), and why."""

    iban: str
    creditor: Party
    minor: int
    currency: str
    debtor: Party | None
    reference_kind: str
    reference: str
    message: str


def takes_bill(iban: str, currency: str, debtor_country: str) -> bool:
    """Tell whether an account is paid by a Swiss bill.

    Rule: francs and euros to an account in Switzerland or Liechtenstein. A debtor abroad pays euros
    to a plain IBAN by SEPA, where no bank reads Swiss codes.

    >>> takes_bill("CH9300762011623852957", "CHF", "DE")
    True
    >>> takes_bill("CH9300762011623852957", "EUR", "DE")
    False
    >>> takes_bill("DE89370400440532013000", "EUR", "CH")
    False
    """
    if iban[:2] not in COUNTRIES or currency not in CURRENCIES:
        return False
    return currency == "CHF" or is_qr_iban(iban) or debtor_country in (*COUNTRIES, "")


def reference_of(iban: str, code: str) -> tuple[str, str] | None:
    """(kind, reference) for a customer; None where a QR-IBAN needs one and the id gives none.

    >>> reference_of("CH9300762011623852957", "539007547034")
    ('SCOR', 'RF18539007547034')
    >>> reference_of("CH9300762011623852957", "Müller"), reference_of("CH4431999123000889012", "Ö")
    (('NON', ''), None)
    """
    if is_qr_iban(iban):
        found = qr_reference(code)
        return ("QRR", found) if found else None
    found = creditor_reference(code)
    return ("SCOR", found) if found else ("NON", "")


def party(name: str, address: Address | None) -> Party | None:
    """A party as the code can name it; None where the address is not whole or can't be written.

    A name is cut at 70 characters; no part of an address is.
    """
    if address is None or not address.postcode or not address.town:
        return None
    texts = [written(text) for text in (name, *address)]
    if any(text is None for text in texts):
        return None
    told = [text or "" for text in texts]
    fits = all(len(text) <= most for text, most in zip(told[1:], (70, 16, 16, 35, 2), strict=True))
    return Party(told[0][:70].rstrip(), Address(*told[1:])) if fits and told[0] else None


def written(text: str) -> str | None:
    """A text in the characters that the code allows, on one line; None where it has others.

    >>> written("Zoë’s  Łódź"), written("Ạn"), written("株式会社")
    ("Zoë's Łódź", 'An', None)
    """
    found = ""
    for character in unicodedata.normalize("NFC", " ".join(text.split())).translate(_PLAIN):
        if not is_allowed(character):
            character = unicodedata.normalize("NFKD", character)
            character = "".join(one for one in character if not unicodedata.combining(one))
            if not character or not all(map(is_allowed, character)):
                return None
        found += character
    return found


def is_allowed(character: str) -> bool:
    """Tell whether a character is one of the code's: Latin as far as U+017F, and five more."""
    return " " <= character <= "~" or "\u00a0" <= character <= "\u017f" or character in _ALSO


def message_of(*texts: str) -> str:
    """What a payment says besides its reference; a text that can't be written is left out.

    >>> message_of("Kontoauszug", "株", "C-0117")
    'Kontoauszug, C-0117'
    """
    return ", ".join(filter(None, map(written, texts)))[:_MOST_MESSAGE].rstrip(", ")


def swiss_text(bill: Bill) -> str:
    """The text of a bill's code, one element a line.

    Given: texts that fit (`party`, `message_of`), an amount of 0.01 to 999,999,999.99.
    """
    return "\n".join(
        [
            "SPC",
            "0200",
            "1",  # UTF-8
            bill.iban,
            *bill.creditor.elements,
            *[""] * 7,  # a final creditor: kept for later by the standard
            text_from_minor(bill.minor, 2),
            bill.currency,
            *(bill.debtor.elements if bill.debtor else [""] * 7),
            bill.reference_kind,
            bill.reference,
            bill.message,
            "EPD",
        ]
    )
