"""How sure an explanation is: of what is said at 0.99, 99 in 100 are right.

Rule: counted, not felt. By way and kind of difference, the share that was right among some 60,000
payments of a made-up company (docs/performance.md tells of which), rounded down. What adds up by
chance lowers it, and so does a payer who is only one of several, or pays for somebody else.
"""

from decimal import Decimal
from functools import lru_cache

from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.rules.explanation import (
    ADVISED,
    COMPLETED,
    GUESS,
    MISREAD,
    NAMED,
    RANGE,
    SUM,
    Explanation,
)  # fmt: skip
from duly.cash_application.rules.mentions import TYPO
from duly.cash_application.rules.payers import Payer
from duly.cash_application.rules.proof import UNSAID_PPM
from duly.cash_application.rules.residuals import (
    BANK_FEE,
    DEDUCTED,
    DISCOUNT,
    EXACT,
    SHORT_PAY,
    TOLERANCE,
    UNEARNED,
)  # fmt: skip

_RIGHT = {
    (NAMED, EXACT): "0.999",
    (NAMED, DISCOUNT): "0.998",
    (NAMED, BANK_FEE): "0.997",
    (NAMED, UNEARNED): "0.993",
    (NAMED, DEDUCTED): "0.992",
    (NAMED, SHORT_PAY): "0.993",
    (NAMED, TOLERANCE): "0.99",
    (RANGE, EXACT): "0.995",
    (COMPLETED, EXACT): "0.997",
    (COMPLETED, DISCOUNT): "0.993",
    (COMPLETED, BANK_FEE): "0.993",
    (MISREAD, EXACT): "0.99",
    (SUM, EXACT): "0.998",
    (SUM, DISCOUNT): "0.997",
    (SUM, BANK_FEE): "0.996",
    (SUM, UNEARNED): "0.991",
    (SUM, DEDUCTED): "0.993",
}
# An advice names numbers in full and tells what was paid on each: as sure as numbers in the text.
_RIGHT |= {(ADVISED, kind): _RIGHT[NAMED, kind] for kind in (EXACT, DISCOUNT, UNEARNED, DEDUCTED)}
_ELSE = {NAMED: "0.95", RANGE: "0.9", COMPLETED: "0.9", MISREAD: "0.9", SUM: "0.9", GUESS: "0.1"}
_ELSE[ADVISED] = "0.5"
_EXACT = {way: Decimal(_RIGHT[way, EXACT]) for way in (NAMED, SUM)}
_LEAST, _STEP = Decimal("0.05"), Decimal("0.001")
_TIED, _GUESSED_PAYER = Decimal("0.5"), Decimal("0.6")
_MOST_OF_CANDIDATES_PPM, _MOST_OF_STRANGERS_PPM = 2_000, 5_000
_LIKELY = 3  # times as much chance is let pass where some of it is named, or is paid when it is due
_NOT_EXACT = 5  # one payment in so many is for no set of items to the cent


def sure_of(way: str) -> Decimal:
    """How sure what adds up to the cent is, of a known payer and hardly by chance."""
    return _EXACT[way]


def confidence_of(one: Explanation, payer: Payer, policy: MatchingPolicy) -> Decimal:
    """The share of such explanations that are right, 0 to 1 with three decimals."""
    is_likely = one.is_timely or (one.way == COMPLETED and one.how != TYPO)
    most = policy.most_chance_ppm * (_LIKELY if is_likely and not one.is_early else 1)
    right = _share(
        one.way, one.fit.kind, one.how == TYPO, one.is_unique, one.chance_ppm,
        one.chance_ppm > most, one.is_early,
    )  # fmt: skip
    if payer.customer is None:
        right = min(right, _of_a_guessed_payer(one, payer, right))
    return max(right, _LEAST).quantize(_STEP)


@lru_cache(maxsize=1 << 12)
def _share(
    way: str,
    kind: str,
    is_typo: bool,
    is_unique: bool,
    chance_ppm: int,
    is_chance: bool,
    is_early: bool,
) -> Decimal:
    """The same of a known payer, not rounded."""
    right = Decimal(_RIGHT.get((way, kind), _ELSE[way]))
    if is_typo and kind != EXACT:
        right -= Decimal("0.001")
    right -= Decimal(chance_ppm) / _NOT_EXACT / 1_000_000
    if not is_unique:
        right = min(right, _TIED)
    if is_chance:
        right = min(right, Decimal("0.95"))
    if is_early and way == SUM and chance_ppm > UNSAID_PPM:
        right = min(right, Decimal("0.98"))
    return right


def _of_a_guessed_payer(one: Explanation, payer: Payer, right: Decimal) -> Decimal:
    """Who paid is told by the items alone: they must be named, or few, and paid to the cent."""
    if one.fit.kind in (SHORT_PAY, DEDUCTED, TOLERANCE, UNEARNED):
        return _GUESSED_PAYER
    if one.way != SUM:
        return right - Decimal("0.002")
    if one.customer in payer.candidates:
        is_told = one.chance_ppm * len(payer.candidates) <= _MOST_OF_CANDIDATES_PPM
    else:
        is_plain = len(one.items) == 1 and not one.reading.unknown
        is_told = is_plain and one.chance_ppm <= _MOST_OF_STRANGERS_PPM
    return right - Decimal("0.002") if is_told else _GUESSED_PAYER
