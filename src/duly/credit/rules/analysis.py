"""Two or three years side by side: ratios with reading and trend, and the common-size view."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import NamedTuple

from duly.credit.rules.assessing import DIGITS, Assessment, assess
from duly.credit.rules.ratios import FORMULAS, Formula, Ratio, ratios
from duly.credit.rules.statement_lines import BALANCE, LINES, Line
from duly.credit.rules.statements import Sheet, before
from duly.credit.rules.yardsticks import Reading, Trend, Yardstick, reading, trend

YEARS = 3  # that are shown


class RatioRow(NamedTuple):
    """A ratio over some years, newest first."""

    formula: Formula
    years: tuple[Ratio, ...]
    trend: Trend | None
    reading: Reading


class CommonRow(NamedTuple):
    """A line as a share of total assets, or of sales; None where either is not known."""

    line: Line
    shares: tuple[Decimal | None, ...]


class Analysis(NamedTuple):
    """What some years of a firm say."""

    sheets: tuple[Sheet, ...]
    assessment: Assessment
    rows: tuple[RatioRow, ...]
    common: tuple[CommonRow, ...]

    @property
    def year_ends(self) -> tuple[date, ...]:
        """The ends of the years, newest first."""
        return tuple(sheet.year_end for sheet in self.sheets)


def analyse(
    sheets: Sequence[Sheet],
    kind: str,
    market_value: Decimal | None,
    price_index: Decimal | None,
    yardsticks: Mapping[str, Yardstick],
) -> Analysis:
    """The newest years of a firm side by side, in the currency of the newest.

    Refuses: as `assess`.
    """
    newest_first = sorted(sheets, key=lambda sheet: sheet.year_end, reverse=True)
    shown = [one for one in newest_first if one.currency == newest_first[0].currency][:YEARS]
    found = assess(shown, kind, market_value, price_index)
    with localcontext(prec=DIGITS):
        by_year = [ratios(sheet.yearly) for sheet in shown]
        rows = tuple(_row(formula, shown, by_year, yardsticks) for formula in FORMULAS)
        common = tuple(_common(line, shown) for line in LINES if line.id != "shares_issued")
    told = tuple(row for row in common if any(share is not None for share in row.shares))
    return Analysis(tuple(shown), found, rows, told)


def _row(
    formula: Formula,
    sheets: Sequence[Sheet],
    by_year: Sequence[Mapping[str, Ratio]],
    yardsticks: Mapping[str, Yardstick],
) -> RatioRow:
    years = tuple(year[formula.id] for year in by_year)
    earlier = years[1] if len(years) > 1 and before(sheets) is not None else None
    read = reading(years[0], earlier, yardsticks.get(formula.id))
    return RatioRow(formula, years, trend(years[0], earlier), read)


def _common(line: Line, sheets: Sequence[Sheet]) -> CommonRow:
    whole = "total_assets" if line.section == BALANCE else "sales"
    return CommonRow(
        line,
        tuple(
            sheet.figures[line.id] / sheet.figures[whole]
            if line.id in sheet.figures and sheet.figures.get(whole)
            else None
            for sheet in sheets
        ),
    )
