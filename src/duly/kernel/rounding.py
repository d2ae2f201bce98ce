"""Named roundings: Decimal in, whole number out. Nothing in Duly rounds without naming how."""

import decimal
from collections.abc import Callable
from decimal import Decimal

Rounding = Callable[[Decimal], int]


def half_up(value: Decimal) -> int:
    """To the nearest; a half goes away from zero, as people round on paper.

    >>> half_up(Decimal("2.5")), half_up(Decimal("-2.5")), half_up(Decimal("2.49"))
    (3, -3, 2)
    """
    return int(value.to_integral_value(decimal.ROUND_HALF_UP))


def half_even(value: Decimal) -> int:
    """To the nearest; a half goes to the even neighbour, so that many halves do not drift.

    >>> half_even(Decimal("2.5")), half_even(Decimal("3.5")), half_even(Decimal("-2.5"))
    (2, 4, -2)
    """
    return int(value.to_integral_value(decimal.ROUND_HALF_EVEN))


def half_down(value: Decimal) -> int:
    """To the nearest; a half goes towards zero.

    >>> half_down(Decimal("2.5")), half_down(Decimal("2.51")), half_down(Decimal("-2.5"))
    (2, 3, -2)
    """
    return int(value.to_integral_value(decimal.ROUND_HALF_DOWN))


def up(value: Decimal) -> int:
    """Away from zero.

    >>> up(Decimal("2.1")), up(Decimal("-2.1")), up(Decimal("2"))
    (3, -3, 2)
    """
    return int(value.to_integral_value(decimal.ROUND_UP))


def down(value: Decimal) -> int:
    """Towards zero: what is beyond the whole is cut off.

    >>> down(Decimal("2.9")), down(Decimal("-2.9"))
    (2, -2)
    """
    return int(value.to_integral_value(decimal.ROUND_DOWN))


def ceiling(value: Decimal) -> int:
    """To the next greater whole number.

    >>> ceiling(Decimal("2.1")), ceiling(Decimal("-2.9"))
    (3, -2)
    """
    return int(value.to_integral_value(decimal.ROUND_CEILING))


def floor(value: Decimal) -> int:
    """To the next smaller whole number.

    >>> floor(Decimal("2.9")), floor(Decimal("-2.1"))
    (2, -3)
    """
    return int(value.to_integral_value(decimal.ROUND_FLOOR))


def half_up_ratio(numerator: int, denominator: int) -> int:
    """The same as `half_up`, of an exact fraction that is not negative.

    >>> half_up_ratio(5, 2), half_up_ratio(249, 100), half_up_ratio(0, 7)
    (3, 2, 0)
    """
    return (2 * numerator + denominator) // (2 * denominator)


ROUNDINGS: dict[str, Rounding] = {
    rounding.__name__: rounding
    for rounding in (half_up, half_even, half_down, up, down, ceiling, floor)
}
