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


ROUNDINGS: dict[str, Rounding] = {
    rounding.__name__: rounding
    for rounding in (half_up, half_even, half_down, up, down, ceiling, floor)
}
