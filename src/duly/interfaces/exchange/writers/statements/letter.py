"""What a statement is made of, before it is put on pages: plain values, ready for any process."""

from collections.abc import Mapping
from dataclasses import dataclass

from duly.kernel.locales import Locale
from duly.parties.rules.letters import Debtor, PayTo
from duly.receivables.rules.statements import Statement


@dataclass(frozen=True, slots=True)
class Sender:
    """Our entity, as a letter names it."""

    name: str
    address: str
    email: str
    phone: str
    tax_id: str
    country: str
    logo: bytes = b""  # a PNG


@dataclass(frozen=True, slots=True)
class Letter:
    """One customer's statement with everything that stands on it."""

    sender: Sender
    debtor: Debtor
    names: Mapping[int, str]  # of the customers whose accounts it shows, where they are several
    statement: Statement
    pay_to: Mapping[str, PayTo]
    locale: Locale
    paper: str
    notice_days: int
    home_currency: str
    unasked: frozenset[str] = frozenset()  # currencies in which nothing is asked for
