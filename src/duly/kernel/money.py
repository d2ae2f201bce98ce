"""Money: integer minor units and an ISO 4217 currency, exact everywhere.

Amounts of two currencies never mix. There is no division: an amount is split, which conserves the
sum, or multiplied by a Decimal with a named rounding.
"""

import decimal
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from duly.kernel.amounts import (
    MAX_DIGITS,
    MAX_MINOR,
    minor_from_text,
    minors_from_texts,
    text_from_minor,
    texts_from_minors,
)
from duly.kernel.currencies import EXPONENTS, exponent
from duly.kernel.errors import Defect, InvalidAmount, InvalidSplit, MixedCurrencies
from duly.kernel.quoting import safe_text
from duly.kernel.rounding import Rounding

__all__ = [
    "MAX_DIGITS",
    "MAX_MINOR",
    "Money",
    "minor_from_text",
    "minors_from_texts",
    "split_minor",
    "text_from_minor",
    "texts_from_minors",
]

# A product is exact up to here: 19 digits of an amount and 80 of a rate.
_EXACT = decimal.Context(prec=100, traps=[decimal.Inexact, decimal.InvalidOperation])


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of a currency; may be negative.

    Refuses: UnknownCurrency, and InvalidAmount beyond 64 bits or when `minor` is no whole number.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)  # refuses what is no currency
        if type(self.minor) is not int or not -MAX_MINOR <= self.minor <= MAX_MINOR:
            raise _not_minor_units(self.minor)

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """An amount from its plain decimal text.

        >>> Money.parse("1234.50", "USD")
        Money(minor=123450, currency='USD')
        """
        return cls(minor_from_text(text, exponent(currency)), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in a currency."""
        return cls(0, currency)

    def text(self) -> str:
        """The plain decimal text with all decimals of the currency, no currency, no grouping.

        >>> Money(123450, "USD").text(), Money(1234, "JPY").text(), Money(-5, "KWD").text()
        ('1234.50', '1234', '-0.005')
        """
        return text_from_minor(self.minor, EXPONENTS[self.currency])

    def __str__(self) -> str:
        return f"{self.currency} {self.text()}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __lt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor >= self._same(other)

    def _same(self, other: "Money") -> int:
        """The other's minor units, if it is of the same currency."""
        if other.currency != self.currency:
            raise MixedCurrencies(
                f"{self} and {other} are of two currencies.",
                facts={"currencies": [self.currency, other.currency]},
                remedy="Convert one at a stated rate, or keep them apart.",
            )
        return other.minor

    def times(self, rate: Decimal, rounding: Rounding) -> "Money":
        """This amount times a rate, rounded to minor units as named.

        >>> from duly.kernel.rounding import half_up
        >>> Money(12345, "USD").times(Decimal("0.02"), half_up)
        Money(minor=247, currency='USD')
        """
        if not isinstance(rate, Decimal):
            raise Defect(f"a rate is a Decimal, not {type(rate).__name__}")
        try:
            product = _EXACT.multiply(Decimal(self.minor), rate)
        except decimal.DecimalException:
            product = Decimal("NaN")
        if not product.is_finite() or abs(product) > MAX_MINOR:
            raise InvalidAmount(
                f"{self} times {safe_text(str(rate))} is no amount that we can hold.",
                facts={"amount": self, "rate": safe_text(str(rate))},
                remedy="Check the rate.",
            )
        return Money(rounding(product), self.currency)

    def split(self, weights: Sequence[int | Decimal]) -> "list[Money]":
        """Parts in proportion to weights, by largest remainder; they sum to this amount exactly.

        Rule: each part is cut towards zero; the units left over go one each to the largest
        remainders, the earlier part first when remainders are equal. A zero weight gets nothing.
        Refuses: InvalidSplit when there are no weights, all are zero, or one is negative.

        >>> [part.minor for part in Money(10000, "USD").split([1, 1, 1])]
        [3334, 3333, 3333]
        """
        return [Money(part, self.currency) for part in split_minor(self.minor, weights)]


def split_minor(minor: int, weights: Sequence[int | Decimal]) -> list[int]:
    """`Money.split` on bare minor units, for column work.

    >>> split_minor(-100, [1, 1, 1]), split_minor(5, [0, 1])
    ([-34, -33, -33], [0, 5])
    """
    shares = _whole_weights(weights)
    total = sum(shares)
    size = abs(minor)
    parts = [size * share // total for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: -(size * shares[i] % total))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return parts if minor >= 0 else [-part for part in parts]


def _whole_weights(weights: Sequence[int | Decimal]) -> list[int]:
    """The weights as whole numbers in the same proportion; exact, whatever their decimals."""
    ratios = []
    for weight in weights:
        if isinstance(weight, bool) or not isinstance(weight, int | Decimal):
            raise _not_weights("A weight is a whole number or a Decimal.", weights)
        if isinstance(weight, Decimal) and not weight.is_finite():
            raise _not_weights("A weight is not a number.", weights)
        if weight < 0:
            raise _not_weights("A weight is negative.", weights)
        ratios.append(weight.as_integer_ratio())
    if not any(numerator for numerator, _ in ratios):
        raise _not_weights("There is no weight above zero.", weights)
    scale = math.lcm(*(denominator for _, denominator in ratios))
    return [numerator * (scale // denominator) for numerator, denominator in ratios]


def _not_weights(what: str, weights: Sequence[object]) -> InvalidSplit:
    return InvalidSplit(
        f"An amount can't be split this way. {what}",
        facts={"weights": [str(weight) for weight in weights][:100]},
        remedy="Give one weight for each part, none below zero and at least one above it.",
    )


def _not_minor_units(minor: object) -> InvalidAmount:
    shown = safe_text(str(minor) if isinstance(minor, int) else repr(minor))
    return InvalidAmount(
        f"{shown} is not a whole number of minor units within 64 bits.",
        facts={"minor": shown, "limit_minor": MAX_MINOR},
        remedy="Check the amounts that it comes from.",
    )
