"""Registered numbers, looked at for their form; whether they exist no form can tell."""

import re
from typing import NamedTuple

# Company numbers by country where their form is published and firm.
COMPANY_NUMBERS = {
    "GB": (
        r"(?:\d{8}|(?:SC|NI|OC|SO|NC|FC|IP|RS|CE|LP|SL|NL|SE|NF|R0)\d{6})",
        "8 digits, or 2 letters and 6 digits",
    ),
    "DE": (r"(?:HRA|HRB|GNR|PR|VR)\d{1,6}[A-Z]{0,2}", "HRA or HRB and up to 6 digits"),
}  # fmt: skip
_MODULES = {  # numbers with check digits
    "FR": ("fr", "siren"),
    "BE": ("be", "vat"),
    "NL": ("nl", "kvk"),
    "AT": ("at", "businessid"),
    "CH": ("ch", "uid"),
    "DK": ("dk", "cvr"),
    "FI": ("fi", "ytunnus"),
    "NO": ("no", "orgnr"),
    "SE": ("se", "orgnr"),
    "PL": ("pl", "regon"),
    "AU": ("au", "acn"),
}
VAT_COUNTRIES = {"GR": "EL"}


class Looked(NamedTuple):
    """What a number was found to be: `is_fit` None where no form is known to hold it against."""

    field: str
    kind: str
    is_fit: bool | None
    told: str
    compact: str


def compact(number: str) -> str:
    """A number as it is compared: capital letters and digits alone.

    >>> compact("DE 136,695 976"), compact("12-3456789")
    ('DE136695976', '123456789')
    """
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def look_at_tax_id(number: str, country: str) -> Looked:
    """A VAT number of Europe, an EIN of the United States; other countries have no form here.

    >>> look_at_tax_id("DE 136 695 976", "DE").is_fit, look_at_tax_id("DE136695978", "DE").is_fit
    (True, False)
    >>> look_at_tax_id("00-1234567", "US").is_fit, look_at_tax_id("1", "QA").is_fit
    (False, None)
    """
    if country == "US":
        return _looked("tax_id", "EIN", "us", "ein", number)
    from stdnum import get_cc_module

    module = get_cc_module(country.lower(), "vat") if len(country) == 2 else None
    if module is None:
        return Looked(
            "tax_id", "", None, f"No form of {country or 'this country'} is known.", compact(number)
        )
    return _held_against("tax_id", f"VAT number of {country}", module, number)


def look_at_company_number(number: str, country: str) -> Looked:
    """A number in the public register of a country.

    >>> look_at_company_number("SC123456", "GB").is_fit, look_at_company_number("1234", "GB").is_fit
    (True, False)
    >>> look_at_company_number("552 100 554", "FR").is_fit
    True
    """
    if country in COMPANY_NUMBERS:
        pattern, told = COMPANY_NUMBERS[country]
        is_fit = re.fullmatch(pattern, compact(number)) is not None
        said = "Has the form." if is_fit else f"A company number of {country} has {told}."
        return Looked(
            "registration_number", f"company number of {country}", is_fit, said, compact(number)
        )
    if country in _MODULES:
        kind = f"company number of {country}"
        return _looked("registration_number", kind, *_MODULES[country], number)
    told = f"No form of {country or 'this country'} is known."
    return Looked("registration_number", "", None, told, compact(number))


def look_at_account(number: str) -> Looked:
    """An IBAN, where the number begins as one; other account numbers have no common form.

    >>> look_at_account("DE89 3704 0044 0532 0130 00").is_fit
    True
    >>> look_at_account("DE88 3704 0044 0532 0130 00").is_fit
    False
    >>> look_at_account("0000 1234").is_fit is None
    True
    """
    plain = compact(number)
    if not re.match(r"[A-Z]{2}\d{2}", plain):
        return Looked("bank_account", "", None, "An account number, and no IBAN.", plain)
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        found = IBAN(plain)
    except SchwiftyException as error:
        return Looked("bank_account", "IBAN", False, f"No IBAN: {error}.", plain)
    return Looked("bank_account", "IBAN", True, f"An IBAN of {found.country_code}.", plain)


def _looked(field: str, kind: str, country: str, name: str, number: str) -> Looked:
    from importlib import import_module

    return _held_against(field, kind, import_module(f"stdnum.{country}.{name}"), number)


def _held_against(field: str, kind: str, module: object, number: str) -> Looked:
    from stdnum.exceptions import ValidationError

    try:
        found = module.validate(number)  # type: ignore[attr-defined]
    except ValidationError as error:
        told = str(error).rstrip(".")
        return Looked(field, kind, False, f"No {kind}: {told}.", compact(number))
    return Looked(field, kind, True, f"Has the form of a {kind}.", compact(str(found)))
