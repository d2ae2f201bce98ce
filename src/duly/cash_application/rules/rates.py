"""How much of the money that came in was applied without a person, and how much of it wrongly.

Rule: counted is money received in a window that a person or the rules had to apply: not what was
set aside as no receivable, nor what came in applied by a file. It is untouched where the rules
alone decided; by line each line of a decision counts, and money without a decision counts as one
line. Reversed: of what was applied by itself, what was taken back later, whoever did it.
See: docs/sources.md, M-19.
"""

from collections.abc import Iterable
from typing import NamedTuple

UNTOUCHED, TOUCHED, WAITS = "untouched", "touched", "waits"


class Received(NamedTuple):
    """Money that came in, and how it was dealt with; amounts in minor units."""

    payment_id: int
    currency: str
    amount_minor: int
    by: str = WAITS  # UNTOUCHED by the rules alone, TOUCHED by a person
    lines: int = 1
    untouched_minor: int = 0
    was_auto: bool = False
    is_reversed: bool = False


class Share(NamedTuple):
    """A part of a whole."""

    part: int
    whole: int


class CashRates(NamedTuple):
    """Shares untouched by payment, by line and by value (of each currency), and reversed."""

    payments: Share
    lines: Share
    value: dict[str, Share]
    reversed: Share


def cash_rates(rows: Iterable[Received]) -> CashRates:
    """The rates of what was received.

    M-19: 1,720 of 2,000 lines, and 8.6 of 9.2 millions.

    >>> rows = [Received(n, "EUR", 0, UNTOUCHED, 1) for n in range(1719)]
    >>> rows += [Received(2000 + n, "EUR", 0, TOUCHED, 1) for n in range(279)]
    >>> rows += [Received(1, "EUR", 8_600_000, UNTOUCHED, 1, 8_600_000, True)]
    >>> rows += [Received(2, "EUR", 600_000)]
    >>> told = cash_rates(rows)
    >>> told.lines, told.value["EUR"]
    (Share(part=1720, whole=2000), Share(part=8600000, whole=9200000))
    """
    payments = lines = all_payments = all_lines = auto = taken_back = 0
    value: dict[str, Share] = {}
    for row in rows:
        is_untouched = row.by == UNTOUCHED
        all_payments += 1
        all_lines += row.lines
        payments += is_untouched
        lines += row.lines if is_untouched else 0
        part, whole = value.get(row.currency, (0, 0))
        value[row.currency] = Share(part + row.untouched_minor, whole + row.amount_minor)
        auto += row.was_auto
        taken_back += row.is_reversed
    return CashRates(
        Share(payments, all_payments), Share(lines, all_lines), value, Share(taken_back, auto)
    )
