"""Statements as a JSON document gives them, read strictly: `duly credit assess`, `limit`."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from duly.credit.errors import FigureUnfit, StatementUnfit
from duly.credit.rules.statement_lines import BY_ID
from duly.credit.rules.statements import MOST_MONTHS, Sheet, refuse_figure, unit_of
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError, Problem
from duly.kernel.quoting import quoted, safe_text

MOST_STATEMENTS = 10
_PLAIN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?", re.ASCII)
_NOT_FIGURES = {"year_end", "months"}


class Given(NamedTuple):
    """The statements of a document, newest first, and what was not understood in it."""

    sheets: list[Sheet]
    problems: tuple[Problem, ...]


def statements_given(document: object) -> Given:
    """The statements of a document with `currency`, `unit` and `statements`.

    Figures are numbers or plain decimal texts in the unit; null is as good as left out.
    Refuses: StatementUnfit, UnitUnknown, FigureUnfit, UnknownCurrency, InvalidDate.
    """
    if not isinstance(document, Mapping):
        raise StatementUnfit(
            "The document holds no object.",
            remedy='Write {"currency": ..., "unit": ..., "statements": [...]}.',
        )
    unit = unit_of(document.get("unit"))
    currency = document.get("currency")
    exponent(currency if isinstance(currency, str) else "")
    statements = document.get("statements")
    if not isinstance(statements, list) or not 0 < len(statements) <= MOST_STATEMENTS:
        raise StatementUnfit(
            f"There must be 1 to {MOST_STATEMENTS} statements.",
            facts={"statements": len(statements) if isinstance(statements, list) else None},
            remedy="List them under statements, one for each year.",
        )
    problems: list[Problem] = []
    sheets = [
        _sheet(one, f"statements[{place}]", unit, str(currency), problems)
        for place, one in enumerate(statements)
    ]
    return Given(sorted(sheets, key=lambda one: one.year_end, reverse=True), tuple(problems))


def _sheet(given: object, where: str, unit: int, currency: str, problems: list[Problem]) -> Sheet:
    if not isinstance(given, Mapping):
        raise StatementUnfit(
            f"{where} is no object.", remedy="Write a statement as an object of its lines."
        )
    try:
        year_end = parse_iso_date(given.get("year_end", ""))
    except DulyError as error:
        raise StatementUnfit(
            f"{where}: {error.message}", facts={"where": where}, remedy=error.remedy
        ) from None
    figures = {}
    for line, value in given.items():
        if line in BY_ID:
            read = number_given(value, f"{where}.{line}")
            if read is not None:
                figures[line] = read * unit
                refuse_figure(line, figures[line], f"{where}.{line}")
        elif line not in _NOT_FIGURES:
            problems.append(
                Problem(
                    f"{where}.{safe_text(line)}",
                    "LINE_UNKNOWN",
                    f"{quoted(line)} is no line that is kept; it was left out.",
                    "Look at its spelling.",
                )
            )
    months = 12 if given.get("months") is None else months_of(given["months"], where)
    return Sheet(year_end, months, unit, currency, figures)


def months_of(given: object, where: str) -> int:
    """How many months a statement covers. Refuses: StatementUnfit."""
    number = number_given(given, f"{where}.months")
    if number is None or number % 1 or not 1 <= number <= MOST_MONTHS:
        raise StatementUnfit(
            f"{where}: {quoted(str(given))} is no number of months from 1 to {MOST_MONTHS}.",
            facts={"where": where},
            remedy="Say how many months the income statement covers; a year is 12.",
        )
    return int(number)


def number_given(given: object, where: str) -> Decimal | None:
    """A number of a document; None for null. Refuses: FigureUnfit."""
    if given is None:
        return None
    if isinstance(given, Decimal):
        number = given
    elif (isinstance(given, int) and not isinstance(given, bool)) or (
        isinstance(given, str) and _PLAIN.fullmatch(given)
    ):
        number = Decimal(given)
    else:
        raise _no_number(given, where)
    if not number.is_finite() or (number and not -40 < number.adjusted() < 40):
        raise _no_number(given, where)
    return number


def _no_number(given: object, where: str) -> FigureUnfit:
    shown = given if isinstance(given, str) else str(given)
    return FigureUnfit(
        f"{where}: {quoted(shown)} is no figure.",
        facts={"where": where, "text": safe_text(shown)},
        remedy="Write digits with a point before decimals, as 1250 or 1250.5; leave out what is "
        "not known.",
    )


def positive_given(given: object, where: str) -> Decimal | None:
    """A number above zero; None for null. Refuses: FigureUnfit."""
    number = number_given(given, where)
    if number is not None and (number <= 0 or number.adjusted() >= 18):
        raise _no_number(given, where)
    return number
