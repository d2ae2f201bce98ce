"""What statements say of a firm: ratios, models of failure, and the model that fits its kind."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from duly.credit.errors import StatementUnfit
from duly.credit.rules.failure_models import MODELS, Outcome, outcome
from duly.credit.rules.piotroski import piotroski
from duly.credit.rules.ratios import Ratio, ratios
from duly.credit.rules.statements import Sheet, before, cash_problems, refuse_untrue
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

DIGITS = 50  # figures have 18 and 6; nothing that is shown is moved by the last of these

KINDS = {
    "private_manufacturer": (
        "altman_z1",
        "A private firm that makes goods: Z\u2032 takes equity as booked.",
    ),
    "private_other": (
        "altman_z2",
        "A private firm that makes nothing: Z\u2033 leaves sales out, which differ much by trade.",
    ),
    "listed": ("altman_z", "A listed firm: Z takes what the market says its equity is worth."),
}
BASE_INDEX = Decimal(100)  # price level of 1968, to which Ohlson's model sets assets


class Assessment(NamedTuple):
    """What the newest statement says, the year before beside it."""

    sheet: Sheet
    ratios: dict[str, Ratio]
    models: tuple[Outcome, ...]
    chosen: str
    why: str
    problems: tuple[Problem, ...]


def refuse_kind(kind: object) -> str:
    """The kind of a firm. Refuses: StatementUnfit for one that no model is chosen for."""
    if not isinstance(kind, str) or kind not in KINDS:
        raise StatementUnfit(
            f"{quoted(kind)} is no kind of firm." if kind else "The kind of firm is not said.",
            facts={"kind": str(kind)[:40], "kinds": list(KINDS)},
            remedy=f"Say one of {', '.join(KINDS)}: it decides which model is used.",
        )
    return kind


def assess(
    sheets: Sequence[Sheet],
    kind: str,
    market_value: Decimal | None,
    price_index: Decimal | None,
) -> Assessment:
    """Ratios and models of the newest of some sheets.

    Given: `market_value` of equity and `price_index` (1968 is 100) where they are known.
    Refuses: StatementUnfit; DoesNotBalance and UnitsDiffer for sheets that can't be true.
    """
    if not sheets:
        raise StatementUnfit(
            "There is no statement to assess.",
            remedy="Give one year at least; two or three tell more.",
        )
    chosen, why = KINDS[refuse_kind(kind)]
    newest_first = sorted(sheets, key=lambda sheet: sheet.year_end, reverse=True)
    with localcontext(prec=DIGITS):
        refuse_untrue(newest_first)
        newest, earlier = newest_first[0], before(newest_first)
        figures, then = newest.yearly, earlier.yearly if earlier else None
        given = {"market_value_of_equity": market_value, "price_index": price_index}
        asked = figures | {name: value for name, value in given.items() if value is not None}
        found = ratios(figures)
        outcomes = (*(outcome(model, asked, then) for model in MODELS), piotroski(figures, then))
    problems = [ratio.problem for ratio in found.values()] + [one.problem for one in outcomes]
    told = (*cash_problems(newest_first), *(one for one in problems if one is not None))
    return Assessment(newest, found, outcomes, chosen, why, told)
