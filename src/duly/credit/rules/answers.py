"""What an applicant wrote, read field by field: what it means, and everything wrong with it.

What is typed is kept as it was typed; what it means is read from that each time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from duly.credit.rules import request_fields as kinds
from duly.credit.rules.request_fields import FIELDS, Field
from duly.credit.rules.request_form import Form
from duly.kernel.amounts import minor_from_text
from duly.kernel.currencies import EXPONENTS
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError, Problem
from duly.kernel.locales import country_name
from duly.kernel.quoting import CONTROLS, quoted, safe_text

NO_COUNTRIES = ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")  # that have names, too
PAST = ("formed_on", "opened_on", "last_sale_on")
MOST_ROWS = 50  # kept of a field of rows, also where fewer are taken
MOST_KEPT = 4_000  # characters kept of a text, also where fewer are taken
FIRST_DAY = date(1200, 1, 1)  # the oldest firms are younger
LATEST = timedelta(days=366 * 5)
_MAIL = re.compile(r"[^@\s<>,;:\"()\\]+@[^@\s<>,;:\"()\\/]+\.[^@\s<>,;:\"()\\/.]{2,}")
_PHONE = re.compile(r"\+?[0-9 ()./-]{5,40}")
_GROUPED = re.compile(r"-?\d{1,3}(?:[,  '’]\d{3})+(?:\.\d+)?")
_YES = {
    True: True,
    False: False,
    "on": True,
    "yes": True,
    "no": False,
    "true": True,
    "false": False,
}


class Answers(NamedTuple):
    """What was understood, by field, and every problem with its place."""

    values: dict[str, Any]
    problems: list[Problem]


def read_answers(form: Form, given: Mapping[str, Any], on: date) -> Answers:
    """Read answers to a form as of a day.

    Values: texts, `yes` true or false, days as `date`, amounts as minor units of the asked
    currency, counts as int, shares as Decimal, rows as lists of such. What is empty has no value.
    """
    reader = _Reader(str(given.get("currency") or "").strip().upper(), on)
    values: dict[str, Any] = {}
    for name in given:
        if name not in form.fields:
            told = (
                "is not asked by this form" if name in FIELDS else "is no field of an application"
            )
            reader.add(
                safe_text(name, 80), "FIELD_UNKNOWN", f"{quoted(name)} {told}.", "Leave it out."
            )
    for field in form.fields.values():
        value = reader.read(field, given.get(field.id), field.id)
        if value is not None:
            values[field.id] = value
    missing = _missing(form, values, {problem.where for problem in reader.problems})
    return Answers(values, [*reader.problems, *missing, *_at_odds(values)])


class _Reader:
    """Reads values, and gathers what is wrong with them."""

    def __init__(self, currency: str, on: date) -> None:
        self._exponent = EXPONENTS.get(currency, 2)
        self._on = on
        self.problems: list[Problem] = []

    def add(self, where: str, code: str, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(where, code, message, remedy))

    def read(self, field: Field, given: Any, where: str) -> Any:
        """What a field says; None where it says nothing, or nothing that can be."""
        if given is None or given == "" or given == []:
            return None
        if field.kind == kinds.ROWS:
            return self._rows(field, given, where)
        if field.kind == kinds.YES:
            if isinstance(given, str | bool) and given in _YES:
                return _YES[given]
            return self._unfit(field, given, where, "Say yes or no.")
        if isinstance(given, bool | list | dict):
            return self._unfit(field, given, where, "Give one text.")
        text = str(given).strip()
        if not text:
            return None
        if CONTROLS.search(text) or (field.kind != kinds.LONG and re.search(r"[\r\n\t]", text)):
            return self._unfit(field, given, where, "It holds a character that can't be seen.")
        if len(text) > field.most:
            return self._unfit(field, given, where, f"It takes {field.most} characters.")
        try:
            return self._READ[field.kind](self, field, text)
        except (ValueError, InvalidOperation, DulyError) as error:
            return self._unfit(field, given, where, str(error))

    def _rows(self, field: Field, given: Any, where: str) -> list[dict[str, Any]] | None:
        if not isinstance(given, list):
            self._unfit(field, given, where, "Give a list of rows.")
            return None
        if len(given) > field.most:
            self._unfit(field, f"{len(given)} rows", where, f"It takes {field.most} rows.")
        found = []
        for place, row in enumerate(given[: field.most]):
            here = f"{where}[{place}]"
            if not isinstance(row, dict):
                self._unfit(field, row, here, "Give a row with fields.")
                continue
            if not any(value not in (None, "") for value in row.values()):
                continue
            found.append(self._row(field, row, here))
        return found or None

    def _row(self, field: Field, row: Mapping[str, Any], here: str) -> dict[str, Any]:
        parts = {part.id: part for part in field.parts}
        for name in row:
            if name not in parts:
                told = f"{quoted(name)} is no part of {field.label.lower()}."
                self.add(f"{here}.{safe_text(name)}", "FIELD_UNKNOWN", told, "Leave it out.")
        read: dict[str, Any] = {}
        for part in field.parts:
            place = f"{here}.{part.id}"
            value = self.read(part, row.get(part.id), place)
            if value is not None:
                read[part.id] = value
            elif part.is_needed and row.get(part.id) in (None, ""):
                self.add(
                    place, "FIELD_MISSING", f"{part.label} is missing in {field.label.lower()}."
                )
        return read

    def _unfit(self, field: Field, given: Any, where: str, remedy: str) -> None:
        self.add(where, "FIELD_UNFIT", f"{field.label} can't be {quoted(given)}.", remedy)

    def _day(self, field: Field, text: str) -> date:
        day = parse_iso_date(text)
        is_past = field.id in PAST
        if not FIRST_DAY <= day <= (self._on if is_past else self._on + LATEST):
            raise ValueError("The day lies in the future." if day > self._on else "Too long ago.")
        if not is_past and day < self._on - LATEST:
            raise ValueError("The day is over.")
        return day

    def _amount(self, field: Field, text: str) -> int:
        plain = re.sub(r"[,  '’]", "", text) if _GROUPED.fullmatch(text) else text
        minor = minor_from_text(plain, self._exponent)
        if minor < 0 or (minor == 0 and field.id == "amount"):
            raise ValueError("Give an amount above zero.")
        return minor

    def _count(self, field: Field, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,7}", text):
            raise ValueError("Give a whole number.")
        return int(text)

    def _share(self, field: Field, text: str) -> Decimal:
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?%?", text):
            raise ValueError("Give a share from 0 to 100.")
        share = Decimal(text.rstrip("%"))
        if share > 100:
            raise ValueError("Give a share from 0 to 100.")
        return share

    def _choice(self, field: Field, text: str) -> str:
        names = [name for name, _ in field.choices]
        if text not in names:
            raise ValueError(f"It is one of {', '.join(names)}.")
        return text

    def _email(self, field: Field, text: str) -> str:
        if len(text) > 254 or not _MAIL.fullmatch(text):
            raise ValueError("Give an e-mail address, such as ap@firm.example.")
        return text

    def _phone(self, field: Field, text: str) -> str:
        if not _PHONE.fullmatch(text):
            raise ValueError("Give a number with its country, such as +44 20 7946 0000.")
        return text

    def _country(self, field: Field, text: str) -> str:
        code = text.upper()
        if (
            not re.fullmatch(r"[A-Z]{2}", code)
            or code in NO_COUNTRIES
            or country_name(code, "en") == code
        ):
            raise ValueError("Give a country's two letters, such as DE, GB or US.")
        return code

    def _currency(self, field: Field, text: str) -> str:
        if text.upper() not in EXPONENTS:
            raise ValueError("Give a currency's three letters, such as EUR, GBP or USD.")
        return text.upper()

    def _text(self, field: Field, text: str) -> str:
        return text

    _READ: Mapping[str, Callable[["_Reader", Field, str], Any]] = {
        kinds.TEXT: _text,
        kinds.LONG: _text,
        kinds.ACCOUNT: _text,
        kinds.CHOICE: _choice,
        kinds.DAY: _day,
        kinds.AMOUNT: _amount,
        kinds.COUNT: _count,
        kinds.SHARE: _share,
        kinds.EMAIL: _email,
        kinds.PHONE: _phone,
        kinds.COUNTRY: _country,
        kinds.CURRENCY: _currency,
    }


def _missing(form: Form, values: Mapping[str, Any], told: set[str]) -> list[Problem]:
    """What a form requires and nothing was said of; what is told as unfit is not told again."""
    found = [
        Problem(field.id, "FIELD_MISSING", _lacks(field), "Fill it in.")
        for field in form.fields.values()
        if field.id in form.required and field.id not in told and not values.get(field.id)
        if values.get(field.id) != 0 or field.kind == kinds.YES
    ]
    for name, least, what in (
        ("trade_references", form.references, "trade references"),
        ("guarantors", form.guarantors, "guarantors"),
    ):
        rows = len(values.get(name, ()))
        is_asked = name in form.fields and (name in form.required or name == "guarantors")
        if is_asked and rows < least and name not in told:
            found = [problem for problem in found if problem.where != name]
            found.append(
                Problem(name, "FIELD_MISSING", f"{rows} of {least} {what} are named.", "Name more.")
            )
    return found


def _lacks(field: Field) -> str:
    return (
        f"“{field.label}” is not agreed."
        if field.kind == kinds.YES
        else f"{field.label} is missing."
    )


def _at_odds(values: Mapping[str, Any]) -> list[Problem]:
    """What contradicts itself: shares beyond the whole, one referee named twice."""
    found = []
    shares = sum((row.get("share", Decimal(0)) for row in values.get("owners", ())), Decimal(0))
    if shares > 100:
        told = f"The owners' shares add up to {shares} percent."
        found.append(Problem("owners", "FIELD_UNFIT", told, "Together they hold at most 100."))
    mails = [row.get("email", "").casefold() for row in values.get("trade_references", ())]
    for place, mail in enumerate(mails):
        if mail and mail in mails[:place]:
            told = f"{quoted(mail)} is named for two references."
            where = f"trade_references[{place}].email"
            found.append(Problem(where, "FIELD_UNFIT", told, "Name another firm."))
    return found


def kept(form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of what was typed: known fields as they came, within bounds."""
    return {
        name: _bounded(value)
        for name, value in given.items()
        if name in form.fields and value not in (None, "", [])
    }


def _bounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {safe_text(k, 80): _bounded(held) for k, held in list(value.items())[:MOST_ROWS]}
    if isinstance(value, list):
        return [_bounded(held) for held in value[:MOST_ROWS]]
    if value is None or isinstance(value, bool):
        return value
    return CONTROLS.sub("�", str(value)[:MOST_KEPT])


PARTED: Sequence[tuple[str, str]] = (
    ("payables_", "payables"),
    ("bank_", "bank"),
    ("signer_", "signature"),
)


def parted(typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What was typed, taken apart: what is of the firm, and what is of persons by its place.

    >>> firm, people = parted({"legal_name": "A Ltd", "owners": [{"name": "Bo"}]})
    >>> firm, people
    ({'legal_name': 'A Ltd', 'owners': 1}, {'owners.0': {'name': 'Bo'}})
    """
    firm: dict[str, Any] = {}
    people: dict[str, dict[str, Any]] = {}
    is_person = typed.get("legal_form") == kinds.SOLE_TRADER
    for name, value in typed.items():
        field = FIELDS[name]
        if field.kind == kinds.ROWS and isinstance(value, list):
            firm[name] = _rows_parted(field, value, people)
        elif field.is_personal or (is_person and name in kinds.OF_SOLE_TRADERS):
            prefix = next((place for start, place in PARTED if name.startswith(start)), "")
            place = (prefix or name) if field.is_personal else "applicant"
            people.setdefault(place, {})[name] = value
        else:
            firm[name] = value
    return firm, people


def _rows_parted(field: Field, rows: list[Any], people: dict[str, dict[str, Any]]) -> Any:
    if field.is_personal:
        for place, row in enumerate(rows):
            people[f"{field.id}.{place}"] = row if isinstance(row, dict) else {"": row}
        return len(rows)
    personal = {part.id for part in field.parts if part.is_personal}
    left = []
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            left.append(row)
            continue
        apart = {name: value for name, value in row.items() if name in personal}
        if apart:
            people[f"{field.id}.{place}"] = apart
        left.append({name: value for name, value in row.items() if name not in personal})
    return left


def joined(firm: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What was typed, put together again; of who was erased nothing comes back.

    >>> joined(*parted({"legal_name": "A Ltd", "signer_name": "Ann", "owners": [{"name": "Bo"}]}))
    {'legal_name': 'A Ltd', 'owners': [{'name': 'Bo'}], 'signer_name': 'Ann'}
    """
    found = dict(firm)
    for name, value in firm.items():
        field = FIELDS.get(name)
        if field is None or field.kind != kinds.ROWS:
            continue
        if field.is_personal and isinstance(value, int):
            rows = [dict(people.get(f"{name}.{place}", {})) for place in range(value)]
            found[name] = [row[""] if set(row) == {""} else row for row in rows]
        elif isinstance(value, list):
            found[name] = [
                {**row, **people.get(f"{name}.{place}", {})} if isinstance(row, dict) else row
                for place, row in enumerate(value)
            ]
    for place, details in people.items():
        if "." not in place:
            found.update(details)
    return found
