"""What a financial statement says, and whether it can be true: it balances, its parts fit into
their wholes, its cash rolls on from the year before, and its years are in one unit.

Source: docs/credit.md; case C-04 tells what a wrong unit does to a model.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from duly.credit.errors import DoesNotBalance, FigureUnfit, StatementUnfit, UnitsDiffer, UnitUnknown
from duly.credit.rules.statement_lines import BY_ID
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

UNITS = {1: "whole", 1_000: "thousand", 1_000_000: "million"}
MOST_MONTHS = 24
MOST_DIGITS = 18  # before the point, in whole currency
MOST_DECIMALS = 20  # programs that count in binary write 16 where there are none
UNITS_APART = 500  # no firm grows or shrinks so much from one year to the next
YEAR_BEFORE = range(150, 560)  # days between the ends of two years that follow each other

# Whole, its parts, and what the parts must not exceed it by.
_PARTS = (
    ("total_assets", ("current_assets", "intangibles")),
    ("total_assets", ("current_assets",)),
    ("current_assets", ("cash", "receivables", "inventory")),
    ("total_liabilities", ("current_liabilities", "long_term_debt")),
    ("current_liabilities", ("payables",)),
)


class Sheet(NamedTuple):
    """A firm's figures at the end of a period of some months, in whole currency.

    `unit` is what they were written in. A line that is not there is not known; it is not zero.
    """

    year_end: date
    months: int
    unit: int
    currency: str
    figures: Mapping[str, Decimal]

    @property
    def yearly(self) -> dict[str, Decimal]:
        """The figures with flows made a year."""
        return {
            line: value * 12 / self.months if BY_ID[line].is_flow else value
            for line, value in self.figures.items()
        }


class Imbalance(NamedTuple):
    """Two sums that must be one and are not, or a whole that its parts exceed."""

    year_end: date
    whole: str
    parts: tuple[str, ...]
    difference: Decimal  # the parts, less the whole


def unit_of(given: object) -> int:
    """The unit of figures. Refuses: UnitUnknown for any other than 1, 1000 and 1000000."""
    is_number = isinstance(given, int | Decimal) and not isinstance(given, bool)
    if not is_number or given not in UNITS:
        raise UnitUnknown(
            "It is not said which unit the figures are in."
            if given is None
            else f"Figures can't be in units of {quoted(str(given))}.",
            facts={"unit": None if given is None else str(given)[:40], "known": list(UNITS)},
            remedy="Say 1, 1000 or 1000000: models of failure turn round when thousands are "
            "taken for ones.",
        )
    return int(given)


def refuse_figure(line: str, value: Decimal, where: str) -> None:
    """Refuse a figure in whole currency that its line can't have (FigureUnfit)."""
    told, remedy = "", ""
    if not value.is_finite():
        told, remedy = "is no number.", "Write it in digits."
    elif value and value.adjusted() >= MOST_DIGITS:
        told = f"has more than {MOST_DIGITS} digits in whole currency."
        remedy = "Look at the figure and at the unit."
    elif value.as_tuple().exponent < -MOST_DECIMALS:  # type: ignore[operator]
        told, remedy = f"has more than {MOST_DECIMALS} decimals.", "Round it."
    elif value < 0 and not BY_ID[line].is_signed:
        told = "can't be below zero."
        remedy = "Write costs without a minus sign; an overdraft belongs to current liabilities."
    if told:
        raise FigureUnfit(
            f"{where}: {BY_ID[line].label} {told}",
            facts={"where": where, "line": line, "text": str(value)[:40]},
            remedy=remedy,
        )


def imbalances(sheet: Sheet) -> list[Imbalance]:
    """Everything in a sheet that does not add up; what is not known is not judged."""
    have, found = sheet.figures, []
    sides = ("total_liabilities", "equity")
    if {"total_assets", *sides} <= have.keys():
        difference = sum((have[side] for side in sides), Decimal()) - have["total_assets"]
        if difference:
            found.append(Imbalance(sheet.year_end, "total_assets", sides, difference))
    for whole, parts in _PARTS:
        known = tuple(part for part in parts if part in have)
        if whole in have and known:
            difference = sum((have[part] for part in known), Decimal()) - have[whole]
            if difference > 0 and not any(one.whole == whole for one in found):
                found.append(Imbalance(sheet.year_end, whole, known, difference))
    return found


def told_imbalance(one: Imbalance) -> str:
    """An imbalance in words, with the exact difference in whole currency."""
    parts = " and ".join(BY_ID[part].label.lower() for part in one.parts)
    whole, by = BY_ID[one.whole].label.lower(), plain(abs(one.difference))
    if one.parts == ("total_liabilities", "equity"):
        side = "more" if one.difference > 0 else "less"
        return f"{parts.capitalize()} are {by} {side} than {whole}."
    return f"{parts.capitalize()} exceed{'' if ' and ' in parts else 's'} {whole} by {by}."


def plain(value: Decimal) -> str:
    """A figure without exponent and without zeros behind the point.

    >>> plain(Decimal("1000.00")), plain(Decimal("1E+3")), plain(Decimal("-0.50"))
    ('1000', '1000', '-0.5')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def refuse_untrue(sheets: Sequence[Sheet]) -> None:
    """Refuse sheets that can't be true: DoesNotBalance, UnitsDiffer; StatementUnfit for a day
    twice or two currencies."""
    days = [sheet.year_end for sheet in sheets]
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice or len({sheet.currency for sheet in sheets}) > 1:
        told = f"two are of {twice[0]}" if twice else "they are in several currencies"
        raise StatementUnfit(
            f"The statements can't be put side by side: {told}.",
            facts={"year_ends": days},
            remedy="Give one statement for each year end, all in one currency.",
        )
    refuse_two_units(sheets)
    for sheet in sheets:
        for one in imbalances(sheet):
            raise DoesNotBalance(
                f"{one.year_end}: {told_imbalance(one)}",
                facts={
                    "year_end": one.year_end,
                    "whole": one.whole,
                    "parts": list(one.parts),
                    "difference": plain(abs(one.difference)),
                },
                remedy="Compare these lines with the statement; the difference is in one of them.",
            )


def refuse_two_units(sheets: Sequence[Sheet]) -> None:
    """Refuse statements whose total assets lie so far apart that one is in another unit."""
    sized = [(sheet, total) for sheet in sheets if (total := sheet.figures.get("total_assets"))]
    for (one, small), (other, large) in combinations(sorted(sized, key=lambda pair: pair[1]), 2):
        if large >= UNITS_APART * small:
            raise UnitsDiffer(
                f"Total assets of {one.year_end} and {other.year_end} are "
                f"{round(large / small)}-fold apart, as figures in two units are.",
                facts={
                    "year_ends": [one.year_end, other.year_end],
                    "total_assets": [plain(small), plain(large)],
                },
                remedy="Write all years in one unit.",
            )


def before(sheets: Sequence[Sheet], place: int = 0) -> Sheet | None:
    """The statement of the year before one, of sheets newest first; None when it is not there."""
    if place + 1 >= len(sheets):
        return None
    earlier = sheets[place + 1]
    apart = (sheets[place].year_end - earlier.year_end).days
    return earlier if apart in YEAR_BEFORE else None


def cash_gap(sheet: Sheet, earlier: Sheet | None) -> Decimal | None:
    """What cash is more than the year before's and the flows of cash make; None if not known.

    A bank overdraft counted as cash, or money that is not free, can be behind a gap; so it is
    shown, and nothing is refused for it.
    """
    flows = ("operating_cash_flow", "investing_cash_flow", "financing_cash_flow")
    if earlier is None or not {"cash", *flows} <= sheet.figures.keys():
        return None
    if "cash" not in earlier.figures:
        return None
    moved = sum((sheet.figures[flow] for flow in flows), Decimal())
    return sheet.figures["cash"] - earlier.figures["cash"] - moved


def cash_problems(sheets: Sequence[Sheet]) -> list[Problem]:
    """Each year whose cash does not roll on, with the exact difference."""
    found = []
    for place, sheet in enumerate(sheets):
        gap = cash_gap(sheet, before(sheets, place))
        if gap:
            side = "more" if gap > 0 else "less"
            found.append(
                Problem(
                    f"{sheet.year_end}, cash",
                    code="CASH_DOES_NOT_ROLL",
                    message=f"Cash is {plain(abs(gap))} {side} than the year before's and the "
                    "flows of the year make.",
                    remedy="Look for an overdraft or money that is not free; else for a slip.",
                )
            )
    return found
