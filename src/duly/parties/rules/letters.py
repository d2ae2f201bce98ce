"""What a letter says of a customer, and of where we are paid: plain values for any process."""

from datetime import date
from typing import NamedTuple


class Debtor(NamedTuple):
    """What a letter to a customer says of them."""

    id: int
    code: str
    name: str
    address: str
    country: str
    language: str
    payment_method: str


class PayTo(NamedTuple):
    """Where an entity is paid in a currency, and since when; `is_first` before any change."""

    currency: str
    holder: str
    iban: str
    bic: str
    account_number: str
    bank_code: str
    bank_name: str
    in_force_on: date
    is_first: bool
