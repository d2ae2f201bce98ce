"""The refusals, outages and defects that everything else is built from.

A refusal is the business saying no: expected, told to the person, never logged as an error. An
outage is the world failing: jobs try again. A defect is our bug: it crashes and is never caught.
Each carries a stable `code`, the `facts` of the case and a `remedy` in words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class DulyError(Exception):
    """Anything that Duly raises on purpose.

    `message` says what is, `remedy` what to do next, both in whole sentences; `facts` are kept in
    a form that JSON can hold (days, Decimals and money become text); `code` is UPPER_SNAKE and
    belongs to the class.
    """

    code = "ERROR"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        facts: dict[str, Any] | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.message = _storable(message)
        self.facts: dict[str, Any] = {} if facts is None else _plain(facts)
        self.remedy = _storable(remedy)

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def as_dict(self) -> dict[str, Any]:
        """What the command line, the API and the log tell of it.

        >>> Refusal("It is closed.", remedy="Open it.").as_dict()
        {'code': 'REFUSED', 'message': 'It is closed.', 'facts': {}, 'remedy': 'Open it.'}
        """
        return {
            "code": self.code,
            "message": self.message,
            "facts": self.facts,
            "remedy": self.remedy,
        }


def _plain(value: Any) -> Any:
    """The value as JSON knows it; a fact that could not be told would hide the refusal."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(held) for held in value), key=str)
    if isinstance(value, Problem):
        return {name: getattr(value, name) for name in Problem.__slots__}
    return _storable(str(value))


def _storable(text: str) -> str:
    """The text with NUL and lone surrogates escaped, which no database and no terminal takes."""
    if text.isprintable():
        return text
    return text.encode(errors="backslashreplace").decode().replace("\x00", "\\x00")


class Refusal(DulyError):  # noqa: N818 - a no is not an error
    """The business says no."""

    code = "REFUSED"


class Malformed(Refusal):
    """The input cannot mean anything."""

    code = "MALFORMED"


class Missing(Refusal):
    """What was named is not there."""

    code = "MISSING"


class Forbidden(Refusal):
    """This person may not do this."""

    code = "FORBIDDEN"


class Conflict(Refusal):
    """It was possible earlier and is not now."""

    code = "CONFLICT"


class RuleBreach(Refusal):
    """A rule or policy of the house forbids it."""

    code = "RULE_BREACH"


class Outage(DulyError):  # noqa: N818 - the world's, not ours
    """The world outside failed; a job may try again."""

    code = "OUTAGE"


class Defect(DulyError):  # noqa: N818 - named as the house names it
    """Our own bug: never caught, so that it is seen and mended."""

    code = "DEFECT"


class InvalidAmount(Malformed):
    """A text or number is not an amount of this currency."""

    code = "INVALID_AMOUNT"


class UnknownCurrency(Malformed):
    """A code is not an active ISO 4217 currency."""

    code = "UNKNOWN_CURRENCY"


class MixedCurrencies(Malformed):
    """Amounts of two currencies were added or compared."""

    code = "MIXED_CURRENCIES"


class InvalidDate(Malformed):
    """A text is not a day of the calendar that we accept."""

    code = "INVALID_DATE"


class InvalidSplit(Malformed):
    """An amount can't be split by these weights."""

    code = "INVALID_SPLIT"


class TermsUnclear(Malformed):
    """Payment terms that give no due date, or more than one."""

    code = "TERMS_UNCLEAR"


class ReceiptDateMissing(TermsUnclear):
    """The terms count from the receipt of the goods, and that day is not given."""

    code = "RECEIPT_DATE_MISSING"


class UnknownCalendar(Malformed):
    """No calendar of holidays is known for this country or region."""

    code = "UNKNOWN_CALENDAR"


class KeyReused(Conflict):
    """An idempotency key came again with other content."""

    code = "KEY_REUSED"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where, which code, what is, what to do."""

    where: str
    code: str
    message: str
    remedy: str = ""


def problem_from(error: DulyError, where: str) -> Problem:
    """What a refusal says, told of a place ("row 17, column amount").

    >>> problem_from(InvalidAmount("No amount.", remedy="Enter one."), "row 2")
    Problem(where='row 2', code='INVALID_AMOUNT', message='No amount.', remedy='Enter one.')
    """
    return Problem(where=where, code=error.code, message=error.message, remedy=error.remedy)


def _walk(family: type[DulyError]) -> Iterator[type[DulyError]]:
    yield family
    for child in family.__subclasses__():
        yield from _walk(child)


def all_codes(family: type[DulyError] = DulyError) -> dict[str, type[DulyError]]:
    """Every code of a family and its class, of all modules imported so far, sorted by code.

    Refuses: Defect when two classes share a code, because a code must mean one thing.

    >>> all_codes()["INVALID_AMOUNT"].__name__
    'InvalidAmount'
    """
    found: dict[str, type[DulyError]] = {}
    for cls in _walk(family):
        other = found.setdefault(cls.code, cls)
        if other is not cls:
            raise Defect(
                f"{other.__module__}.{other.__name__} and {cls.__module__}.{cls.__name__} share "
                f"the code {cls.code}."
            )
    return dict(sorted(found.items()))
