"""Ratios and models of failure: the worked cases to the digit, and what has no value."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from tests.rules.credit.companies import A_BEFORE, A, B, before, sheet

from duly.credit.errors import DoesNotBalance, StatementUnfit, UnitsDiffer
from duly.credit.rules.assessing import Assessment, assess
from duly.credit.rules.failure_models import MODELS, Outcome
from duly.kernel.errors import DulyError

INDEX = Decimal(100)
MARKET = Decimal(3_200_000)
C01 = {
    "current_ratio": "1.60",
    "quick_ratio": "0.90",
    "cash_ratio": "0.167",
    "tangible_net_worth": "1800000",
    "debt_to_equity": "1.50",
    "liabilities_to_tangible_net_worth": "1.667",
    "debt_ratio": "0.60",
    "interest_cover": "4.33",
    "dso": "50.19",
    "dio": "52.14",
    "dpo": "45.63",
    "cash_cycle": "56.71",
    "gross_margin": "0.30",
    "net_margin": "0.0375",
    "roa": "0.06",
    "roe": "0.15",
    "operating_cash_to_current_liabilities": "0.287",
}


def judged(*sheets: Any, kind: str = "private_manufacturer", **more: Any) -> Assessment:
    given = {"market_value": None, "price_index": INDEX} | more
    return assess(sheets or [sheet(A), before(A_BEFORE)], kind, **given)


def model(found: Assessment, name: str) -> Outcome:
    return next(one for one in found.models if one.model.id == name)


def to_the_digit(value: Decimal | None, printed: str) -> bool:
    """Tell whether a value is the case, rounded to the digits that it is printed with."""
    assert value is not None
    digits = Decimal(1).scaleb(Decimal(printed).as_tuple().exponent)  # type: ignore[arg-type]
    return value.quantize(digits, ROUND_HALF_UP) == Decimal(printed)


def codes(found: Assessment) -> set[str]:
    return {problem.code for problem in found.problems}


@pytest.mark.parametrize(("name", "printed"), C01.items())
def test_c01_ratios(name: str, printed: str) -> None:
    ratio = judged().ratios[name]
    assert to_the_digit(ratio.value, printed)
    assert ratio.inputs


@pytest.mark.parametrize(
    ("case", "name", "printed", "zone"),
    [
        ("C-02", "altman_z", "3.0512", "safe"),
        ("C-02", "altman_z1", "2.4814", "grey"),
        ("C-02", "altman_z2", "3.1665", "safe"),
        ("C-02", "altman_z2_em", "6.4165", "safe"),
        ("C-03", "springate", "1.3207", "safe"),
        ("C-04", "ohlson", "-2.7781", "safe"),
        ("C-05", "fulmer", "0.8203", "safe"),
    ],
)
def test_c02_to_c05_of_company_a(case: str, name: str, printed: str, zone: str) -> None:
    found = model(
        judged(sheet(A), before({"net_income": 240}), market_value=MARKET),
        name,
    )
    assert to_the_digit(found.value, printed), case
    assert found.zone == zone
    told = sum((point.points for point in found.points), found.model.constant)
    assert abs(told - (found.value or 0)) < Decimal("1e-20")


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [
        ("listed", "altman_z"),
        ("private_manufacturer", "altman_z1"),
        ("private_other", "altman_z2"),
    ],
)
def test_c02_the_model_chosen_and_why(kind: str, chosen: str) -> None:
    found = judged(kind=kind)
    assert found.chosen == chosen
    assert found.why.endswith(".")


def test_c03_the_vendor_example() -> None:
    figures = {"current_assets": 450, "current_liabilities": 250, "total_assets": 1000}
    figures |= {"ebit": 150, "profit_before_tax": 120, "sales": 1000}
    assert to_the_digit(model(judged(sheet(figures)), "springate").value, "1.383")


def test_c04_c05_units_turn_a_model_round() -> None:
    """In dollars 5.85 %, with thousands taken for dollars 50.8 %; so the unit is asked for."""
    year = before({"net_income": 240})
    probability = model(judged(sheet(A), year), "ohlson").probability
    assert to_the_digit(probability, "0.0585")
    slip = judged(sheet(A, by=1), before({"net_income": 240}, by=1))
    assert to_the_digit(model(slip, "ohlson").value, "0.0333")
    assert to_the_digit(model(slip, "ohlson").probability, "0.508")
    assert to_the_digit(model(slip, "fulmer").value, "-0.9047")


def test_c06_company_b_is_in_distress() -> None:
    found = judged(sheet(B), kind="listed", market_value=Decimal(250_000))
    for name, printed in (
        ("altman_z", "0.7897"),
        ("altman_z1", "0.9359"),
        ("altman_z2", "-1.7796"),
    ):
        assert to_the_digit(model(found, name).value, printed)
        assert model(found, name).zone == "distress"
    assert model(found, "springate").value is None
    assert "MISSING" in codes(found)


def test_c07_piotroski() -> None:
    found = model(judged(), "piotroski")
    assert (found.value, found.zone) == (7, "grey")
    no = [point.name for point in found.points if not point.points]
    assert no == ["gross margin rose", "asset turnover rose"]


def test_no_model_but_ohlson_tells_a_probability() -> None:
    told = [one.model.id for one in judged().models if one.probability is not None]
    assert told == ["ohlson"]
    assert len(judged().models) == len(MODELS) + 1


def test_what_would_move_a_model() -> None:
    """Each figure moved alone by what is told brings the value onto the cut."""
    found = model(judged(), "altman_z1")
    safe, distress = found.moves
    assert (safe.zone, distress.zone) == ("safe", "distress")
    assert safe.gap == Decimal("2.9") - (found.value or 0)
    by = dict(safe.ways)["ebit"]
    moved = judged(sheet(A | {"ebit": 520 + int(by) // 1000}), before(A_BEFORE))
    assert abs((model(moved, "altman_z1").value or 0) - Decimal("2.9")) < Decimal("0.001")


@pytest.mark.parametrize(
    ("change", "names", "code"),
    [
        (
            {"sales": 0, "cost_of_goods_sold": 0, "interest": 0},
            ["dso", "dio", "dpo", "cash_cycle", "gross_margin", "net_margin", "interest_cover"],
            "ZERO_DENOMINATOR",
        ),
        (
            {"total_liabilities": 0, "current_liabilities": 0, "payables": 0, "equity": 5000},
            ["current_ratio", "quick_ratio", "cash_ratio", "operating_cash_to_current_liabilities"],
            "ZERO_DENOMINATOR",
        ),
        (
            {"total_liabilities": 5500, "equity": -500},
            ["debt_to_equity", "roe", "liabilities_to_tangible_net_worth"],
            "NEGATIVE_EQUITY",
        ),
        ({"total_liabilities": 5000, "equity": 0}, ["debt_to_equity", "roe"], "NEGATIVE_EQUITY"),
        ({"ebit": -10}, [], "NO_LOGARITHM"),
    ],
)
def test_what_has_no_value_says_why(change: dict[str, int], names: list[str], code: str) -> None:
    found = judged(sheet(A | change), before(A_BEFORE))
    assert [name for name in names if found.ratios[name].value is not None] == []
    assert code in codes(found)


def test_an_empty_firm_divides_by_nothing() -> None:
    found = judged(sheet(dict.fromkeys(A, 0)), before(dict.fromkeys(A, 0)), market_value=Decimal(1))
    assert [one.model.id for one in found.models if one.value is not None] == []
    assert found.ratios["tangible_net_worth"].value == 0


@pytest.mark.parametrize("months", [1, 6, 9, 18])
def test_flows_of_a_part_year_are_made_a_year(months: int) -> None:
    flows = ("sales", "cost_of_goods_sold", "ebit", "interest", "profit_before_tax", "net_income")
    short = {line: value * months for line, value in A.items() if line in flows}
    stocks = {line: value * 12 for line, value in A.items() if line not in flows}
    found = judged(sheet(stocks | short, months=months))
    for name in ("dso", "dio", "dpo", "roa", "roe", "interest_cover"):
        assert to_the_digit(found.ratios[name].value, C01[name]), name


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"equity": 1999}, "1000"),
        ({"equity": 2001}, "1000"),
        ({"current_assets": 5001}, "201000"),
        ({"cash": 1400}, "900000"),
        ({"payables": 1501}, "1000"),
        ({"current_liabilities": 3001}, "1000"),
        ({"long_term_debt": 1501}, "1000"),
    ],
)
def test_what_does_not_add_up_is_refused_with_the_difference(
    change: dict[str, int], difference: str
) -> None:
    with pytest.raises(DoesNotBalance) as told:
        judged(sheet(A | change), before(A_BEFORE))
    assert told.value.facts["difference"] == difference
    assert told.value.remedy


def test_two_units_in_one_file_are_refused() -> None:
    with pytest.raises(UnitsDiffer):
        judged(sheet(A), before(A_BEFORE, by=1))
    grown = {line: value * 400 for line, value in A.items()}
    assert judged(sheet(grown), before(A)).ratios["roa"].value == Decimal("0.06")


def test_cash_that_does_not_roll_is_told_to_the_unit() -> None:
    flows = {"investing_cash_flow": -300, "financing_cash_flow": -110}
    even = judged(sheet(A | flows), before(A_BEFORE | {"cash": 230}))
    assert "CASH_DOES_NOT_ROLL" not in codes(even)
    odd = judged(sheet(A | flows), before(A_BEFORE | {"cash": 231}))
    told = next(one for one in odd.problems if one.code == "CASH_DOES_NOT_ROLL")
    assert "1000 less" in told.message


def test_a_year_far_back_is_no_year_before() -> None:
    old = sheet(A_BEFORE, year_end=date(2021, 12, 31))
    assert model(judged(sheet(A), old), "ohlson").value is None


@pytest.mark.parametrize(
    ("sheets", "kind", "error"),
    [
        ([], "listed", StatementUnfit),
        ([sheet(A)], "bank", StatementUnfit),
        ([sheet(A)], None, StatementUnfit),
        ([sheet(A), sheet(A)], "listed", StatementUnfit),
        ([sheet(A), before(A)._replace(currency="EUR")], "listed", StatementUnfit),
    ],
)
def test_what_is_no_assessment(sheets: list[Any], kind: Any, error: type[DulyError]) -> None:
    with pytest.raises(error):
        assess(sheets, kind, None, None)


def test_the_order_of_statements_does_not_matter() -> None:
    assert judged(before(A_BEFORE), sheet(A)) == judged(sheet(A), before(A_BEFORE))
