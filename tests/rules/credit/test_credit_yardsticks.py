"""What ratios read as: by quarters of many firms, by rule of thumb, by the year before."""

from decimal import Decimal

import pytest
from tests.rules.credit.companies import A_BEFORE, A, before, sheet

from duly.credit.rules.analysis import Analysis, RatioRow, analyse
from duly.credit.rules.ratios import ratios
from duly.credit.rules.yardsticks import FEWEST, Yardstick, yardsticks_of


def analysed(*change: dict[str, int], yardsticks: dict[str, Yardstick] | None = None) -> Analysis:
    sheets = [sheet(A | (change[0] if change else {})), before(A_BEFORE)]
    return analyse(sheets, "private_other", None, None, yardsticks or {})


def row(found: Analysis, name: str) -> RatioRow:
    return next(row for row in found.rows if row.formula.id == name)


@pytest.mark.parametrize(
    ("name", "change", "tone", "text"),
    [
        ("current_ratio", {}, "good", "Above 1"),
        (
            "current_ratio",
            {"current_assets": 2150, "current_liabilities": 2200},
            "bad",
            "Under 1: weak",
        ),
        ("quick_ratio", {}, "", "About 1 is comfortable"),
        ("debt_to_equity", {}, "good", "Under 3"),
        (
            "debt_to_equity",
            {"total_liabilities": 4000, "equity": 1000},
            "warn",
            "Over 3: stretched",
        ),
        (
            "debt_to_equity",
            {"total_liabilities": 5500, "equity": -500},
            "bad",
            "Nothing of their own: the worst",
        ),
        ("interest_cover", {}, "good", "Over 3"),
        ("interest_cover", {"ebit": 300}, "warn", "1.5 to 3"),
        ("interest_cover", {"ebit": 100}, "bad", "Under 1.5: danger"),
        ("interest_cover", {"interest": 0}, "", "Interest is zero: there is nothing to divide by."),
        ("dpo", {"payables": 900}, "warn", "Rising: pays others later"),
        ("dpo", {}, "", ""),
        ("tangible_net_worth", {"intangibles": 2000}, "bad", "Nothing to stand on"),
    ],
)
def test_rules_of_thumb(name: str, change: dict[str, int], tone: str, text: str) -> None:
    read = row(analysed(change), name).reading
    assert (read.tone, read.text, read.source) == (tone, text, "")


@pytest.mark.parametrize(
    ("name", "quarters", "tone", "text"),
    [
        ("current_ratio", "1.7 1.8 1.9", "bad", "In the worst quarter"),
        ("current_ratio", "1.5 1.7 1.9", "warn", "Worse than most"),
        ("current_ratio", "1.5 1.6 1.9", "good", "Better than most"),
        ("current_ratio", "1.1 1.2 1.3", "good", "In the best quarter"),
        ("debt_to_equity", "1.7 1.8 1.9", "good", "In the best quarter"),
        ("debt_to_equity", "1.1 1.2 1.3", "bad", "In the worst quarter"),
        ("debt_to_equity", "1.1 1.4 1.6", "warn", "Worse than most"),
    ],
)
def test_a_reading_by_quarters(name: str, quarters: str, tone: str, text: str) -> None:
    low, median, high = map(Decimal, quarters.split())
    yardstick = Yardstick(name, low, median, high, "A survey")
    read = row(analysed(yardsticks={name: yardstick}), name).reading
    assert (read.tone, read.text, read.source) == (tone, text, "A survey")


def test_a_trend_is_more_than_two_percent() -> None:
    found = analysed({"cash": 251})
    assert row(found, "current_ratio").trend == ("up", True)
    assert row(found, "debt_to_equity").trend == ("down", True)
    assert row(found, "operating_cash_to_current_liabilities").trend == ("down", False)
    level = analyse([sheet(A), before(A)], "private_other", None, None, {})
    assert row(level, "roa").trend == ("steady", None)
    alone = analyse([sheet(A)], "private_other", None, None, {})
    assert row(alone, "roa").trend is None


def test_common_size_shares() -> None:
    shares = {one.line.id: one.shares for one in analysed().common}
    assert shares["total_assets"] == (1, 1)
    assert shares["cash"][0] == Decimal("0.05")
    assert shares["net_income"][0] == Decimal("0.0375")
    assert "long_term_debt" not in shares
    idle = {one.line.id: one.shares for one in analysed({"sales": 0}).common}
    assert idle["ebit"][0] is None


def test_five_firms_make_a_yardstick_and_four_do_not() -> None:
    firms = [ratios(sheet(A | {"current_assets": 1500 * n}).yearly) for n in range(1, 6)]
    made = yardsticks_of(firms, "our own customers")["current_ratio"]
    assert (made.low, made.median, made.high) == (2, 3, 4)
    assert made.source == "our own customers (5 firms)"
    assert "tangible_net_worth" not in yardsticks_of(firms, "x")
    assert yardsticks_of(firms[: FEWEST - 1], "x") == {}


def test_only_years_in_the_newest_currency_stand_side_by_side() -> None:
    euros = before(A_BEFORE)._replace(currency="EUR")
    found = analyse([euros, sheet(A)], "private_other", None, None, {})
    assert [one.currency for one in found.sheets] == ["USD"]
