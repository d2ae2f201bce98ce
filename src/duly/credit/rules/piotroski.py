"""Piotroski's F: nine yes-or-no questions to two years. Source: docs/sources.md, C-07."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from duly.credit.rules.failure_models import Cuts, Model, Outcome, Point, zone_of
from duly.credit.rules.measuring import Facts, measured, over


class _Year:
    """One of the two years, asked in the same words."""

    def __init__(self, take: Callable[[str], Decimal]) -> None:
        self.take = take

    def over(self, top: Decimal, bottom: str) -> Decimal:
        return over(top, self.take(bottom), bottom.replace("_", " ").capitalize())

    @property
    def return_on_assets(self) -> Decimal:
        return self.over(self.take("net_income"), "total_assets")

    @property
    def current_ratio(self) -> Decimal:
        return self.over(self.take("current_assets"), "current_liabilities")

    @property
    def gross_margin(self) -> Decimal:
        return self.over(self.take("sales") - self.take("cost_of_goods_sold"), "sales")

    @property
    def turnover(self) -> Decimal:
        return self.over(self.take("sales"), "total_assets")


class _Both(NamedTuple):
    now: _Year
    then: _Year
    has_debt: bool  # whether both years tell their long-term debt

    def debt(self, year: _Year) -> Decimal:
        """Long-term debt to assets; all that is not current stands for it where it is not told."""
        if self.has_debt:
            return year.over(year.take("long_term_debt"), "total_assets")
        owed = year.take("total_liabilities") - year.take("current_liabilities")
        return year.over(owed, "total_assets")


_QUESTIONS: tuple[tuple[str, Callable[[_Both], bool]], ...] = (
    ("net income is positive", lambda y: y.now.take("net_income") > 0),
    ("cash from operations is positive", lambda y: y.now.take("operating_cash_flow") > 0),
    ("return on assets rose", lambda y: y.now.return_on_assets > y.then.return_on_assets),
    (
        "cash from operations exceeds net income",
        lambda y: y.now.take("operating_cash_flow") > y.now.take("net_income"),
    ),
    ("long-term debt to assets fell", lambda y: y.debt(y.now) < y.debt(y.then)),
    ("current ratio rose", lambda y: y.now.current_ratio > y.then.current_ratio),
    ("no new shares", lambda y: y.now.take("shares_issued") <= 0),
    ("gross margin rose", lambda y: y.now.gross_margin > y.then.gross_margin),
    ("asset turnover rose", lambda y: y.now.turnover > y.then.turnover),
)

PIOTROSKI = Model(
    "piotroski",
    "Piotroski F",
    "listed firms that are cheap: nine questions to two years",
    Cuts(Decimal(3), Decimal(7)),
    (),
)


def piotroski(figures: Mapping[str, Decimal], earlier: Mapping[str, Decimal] | None) -> Outcome:
    """How many of the nine questions are answered with yes; its points tell which."""
    answers: list[Point] = []
    has_debt = all("long_term_debt" in (year or {}) for year in (figures, earlier))

    def count(f: Facts) -> Decimal:
        both = _Both(_Year(f.__getitem__), _Year(f.before), has_debt)
        answers.extend(Point(told, Decimal(int(ask(both)))) for told, ask in _QUESTIONS)
        return sum((answer.points for answer in answers), Decimal())

    value, inputs, problem = measured("model piotroski", count, Facts(figures, earlier))
    if value is None:
        return Outcome(PIOTROSKI, None, None, None, (), (), inputs, problem)
    zone = zone_of(value, PIOTROSKI.cuts)
    return Outcome(PIOTROSKI, value, zone, None, tuple(answers), (), inputs, None)
