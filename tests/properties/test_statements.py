"""Whatever figures a firm has: a refusal, or values that are numbers, whatever the unit."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from duly.credit.rules.analysis import analyse
from duly.credit.rules.assessing import KINDS, Assessment, assess
from duly.credit.rules.statement_lines import LINES
from duly.credit.rules.statements import Sheet, imbalances
from duly.kernel.errors import DulyError

FIRMS = range(60)
NOT_OF_UNIT = {"ohlson", "fulmer"}  # they take a logarithm of assets
CLOSE = Decimal("1e-15")


def some_sheet(dice: Random, year: int) -> Sheet:
    """A sheet with any lines, zeros among them, its parts and sides mostly made to fit."""
    have = {
        line.id: Decimal(dice.choice([0, 1, dice.randint(1, 10**6)]))
        * (dice.choice([1, -1]) if line.is_signed else 1)
        for line in LINES
        if dice.random() < 0.9
    }
    if dice.random() < 0.9:
        for whole, parts in (
            ("current_assets", ("cash", "receivables", "inventory")),
            ("current_liabilities", ("payables",)),
            ("total_assets", ("current_assets", "intangibles")),
            ("total_liabilities", ("current_liabilities", "long_term_debt")),
        ):
            if whole in have:
                have[whole] += sum(abs(have.get(part, Decimal())) for part in parts)
        if {"total_assets", "total_liabilities"} <= have.keys():
            have["equity"] = have["total_assets"] - have["total_liabilities"]
    return Sheet(date(year, 12, 31), dice.randint(1, 24), 1, "USD", have)


def judged(one: Sheet, two: Sheet, kind: str) -> Assessment | str:
    """What two years say, or the code by which they are refused."""
    try:
        return assess([one, two], kind, Decimal(1000), Decimal(100))
    except DulyError as refusal:
        return refusal.code


def larger(sheet: Sheet) -> Sheet:
    return sheet._replace(figures={line: value * 1000 for line, value in sheet.figures.items()})


@pytest.mark.parametrize("seed", FIRMS)
def test_every_value_is_a_number_or_says_why_not(seed: int) -> None:
    dice = Random(seed)
    one, two = some_sheet(dice, 2025), some_sheet(dice, 2024)
    kind = dice.choice(sorted(KINDS))
    found = judged(one, two, kind)
    if isinstance(found, str):
        assert found == "UNITS_DIFFER" or imbalances(one) or imbalances(two)
        return
    assert not imbalances(one)
    assert not imbalances(two)
    for told in (*found.ratios.values(), *found.models):
        assert (told.value is None) == (told.problem is not None)
        assert told.value is None or told.value.is_finite()
    for model in found.models:
        assert (model.value is None) == (model.zone is None)
        assert model.probability is None or 0 <= model.probability <= 1
    parts = [found.ratios[name].value for name in ("dso", "dio", "dpo")]
    assert (found.ratios["cash_cycle"].value is None) == (None in parts)
    assert len(analyse([one, two], kind, None, None, {}).rows) == len(found.ratios)


@pytest.mark.parametrize("seed", FIRMS)
def test_nothing_turns_with_the_unit_but_what_takes_a_logarithm(seed: int) -> None:
    dice = Random(seed)
    one, two = some_sheet(dice, 2025), some_sheet(dice, 2024)
    small = judged(one, two, "private_other")
    large = judged(larger(one), larger(two), "private_other")
    if isinstance(small, str) or isinstance(large, str):
        assert small == large
        return
    for name, ratio in small.ratios.items():
        by, value = (1000 if name == "tangible_net_worth" else 1), large.ratios[name].value
        assert (ratio.value is None) == (value is None)
        assert abs((ratio.value or 0) * by - (value or 0)) <= CLOSE * max(1, abs(value or 0))
    for before, after in zip(small.models, large.models, strict=True):
        if before.model.id not in NOT_OF_UNIT | {"altman_z"}:  # the market's value stayed
            value = after.value or 0
            assert abs((before.value or 0) - value) <= CLOSE * max(1, abs(value))


def test_the_firms_are_worth_trying() -> None:
    """Some are refused, most are judged, and of those some have every value of a model."""
    told = [
        judged(some_sheet(dice, 2025), some_sheet(dice, 2024), "private_other")
        for seed in FIRMS
        if (dice := Random(seed))
    ]
    whole = [one for one in told if not isinstance(one, str)]
    assert 0 < len(whole) < len(told)
    assert any(one.models[2].value is not None for one in whole)
    assert any(one.models[2].value is None for one in whole)
