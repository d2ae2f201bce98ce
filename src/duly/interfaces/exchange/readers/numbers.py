"""Numbers as other systems write them, to plain decimal text: digits, a point, a minus sign.

Grouping and decimal mark are declared, because 1.234 is two numbers. A text that does not keep to
what was declared is refused: it is never bent until it fits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from duly.kernel.errors import InvalidAmount
from duly.kernel.quoting import quoted, safe_text

DECIMALS = (".", ",")
GROUPINGS = ("", ",", ".", " ", "'")
_SPACES = " \u00a0\u2009\u202f"
_GROUP_CLASSES = {",": ",", ".": r"\.", " ": f"[{_SPACES}]", "'": "['\u2019]"}
_MINUSES = "-\u2212\u2013"
_CREDIT = re.compile(r"(?i)(.*\d\)?)\s*(cr|dr)\.?")


class Exact(str):
    """The text of a number or day that a worksheet holds as such: no declaration applies to it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers are written: decimal mark, grouping ('' for none), symbols to leave out."""

    decimal: str = "."
    thousands: str = ""
    symbols: tuple[str, ...] = ()
    _form: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        decimal = re.escape(self.decimal)
        whole = "[0-9]+"
        if self.thousands:
            mark = _GROUP_CLASSES[self.thousands]
            # Groups of three, or as India writes them: 12,34,567.
            whole = rf"(?:[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+|[0-9]{{1,2}}(?:{mark}[0-9]{{2}})+"
            whole += rf"{mark}[0-9]{{3}}|[0-9]+)"
        object.__setattr__(
            self, "_form", re.compile(rf"({whole})?(?:{decimal}([0-9]*))?", re.ASCII)
        )

    def read(self, text: str) -> str:
        """The plain text of a number; '' stays ''.

        Negative are -5, 5-, (5) and 5 CR.
        Refuses: InvalidAmount.

        >>> NumberStyle(",", ".").read("(1.234,50)"), NumberStyle().read("12.5 CR")
        ('-1234.50', '-12.5')
        """
        if type(text) is Exact:
            return str(text)
        bare = text.strip(_SPACES)
        if not bare:
            return ""
        bare, is_negative = self._sign_of(bare)
        found = self._form.fullmatch(bare)
        if found is None or not (found[1] or found[2]):
            raise self._refusal(text)
        whole = re.sub(r"[^0-9]", "", found[1] or "0").lstrip("0") or "0"
        plain = f"{whole}.{found[2]}" if found[2] else whole
        return f"-{plain}" if is_negative and plain.strip("0.") else plain

    def _sign_of(self, text: str) -> tuple[str, bool]:
        """The number without sign and symbols, and whether it is negative."""
        is_negative = False
        credit = _CREDIT.fullmatch(text)
        if credit:
            text, is_negative = credit[1], credit[2].casefold() == "cr"
        text = self._without_symbols(text)
        if text.startswith("(") and text.endswith(")"):
            text, is_negative = text[1:-1].strip(_SPACES), not is_negative
        elif text[:1] and text[0] in _MINUSES:
            text, is_negative = text[1:].strip(_SPACES), not is_negative
        elif text[-1:] and text[-1] in _MINUSES:
            text, is_negative = text[:-1].strip(_SPACES), not is_negative
        elif text.startswith("+"):
            text = text[1:]
        return self._without_symbols(text), is_negative

    def _without_symbols(self, text: str) -> str:
        for symbol in self.symbols:
            text = text.removeprefix(symbol).removesuffix(symbol).strip(_SPACES)
        return text

    def _refusal(self, text: str) -> InvalidAmount:
        grouping = f'"{self.thousands}" between thousands' if self.thousands else "no grouping"
        return InvalidAmount(
            f'{quoted(text)} is no number with "{self.decimal}" before decimals and {grouping}.',
            facts={"text": safe_text(text)},
            remedy="Look at the number; if the file writes all of them so, say decimal, thousands "
            "and symbols in the mapping.",
        )


def negated(text: str) -> str:
    """A plain number with the other sign.

    >>> negated("5"), negated("-5"), negated("0"), negated("")
    ('-5', '5', '0', '')
    """
    if text.startswith("-"):
        return text[1:]
    return f"-{text}" if text.strip("0.") else text


def read_numbers(
    texts: Sequence[str], style: NumberStyle
) -> tuple[list[str], dict[int, InvalidAmount]]:
    """A column of numbers as plain text; what is wrong with a cell stands under its index."""
    read: dict[str, str] = {}
    numbers: list[str] = []
    refused: dict[int, InvalidAmount] = {}
    for index, text in enumerate(texts):
        if type(text) is Exact:
            numbers.append(str(text))
            continue
        number = read.get(text)
        if number is None:
            try:
                number = style.read(text)
            except InvalidAmount as error:
                refused[index] = error
                numbers.append("")
                continue
            read[text] = number
        numbers.append(number)
    return numbers, refused
