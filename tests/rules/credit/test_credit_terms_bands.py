"""Which terms a score's band gives, and when terms are looser than that (facts, section 5)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from duly.credit.errors import CreditKnobUnfit
from duly.credit.policy import DECISIONS
from duly.credit.rules.deciding import Terms
from duly.credit.rules.knobs import applied, told
from duly.credit.rules.limits import Known, LimitPolicy, Need, recommend
from duly.credit.rules.terms_bands import is_looser, propose_terms
from duly.kernel.money import Money

ON = date(2026, 3, 10)
ASKED = Money(20_000_00, "EUR")


@pytest.mark.parametrize(
    ("band", "recommended", "terms", "days"),
    [
        ("A", None, "open", 60),
        ("B", 1_00, "open", 45),
        ("C", 20_000_00, "open", 30),  # within half of the limit
        ("C", 19_999_99, "secured", 30),
        ("C", None, "secured", 30),
        ("D", 10_000_00, "deposit", 14),
        ("E", 0, "prepay", 0),
    ],
)
def test_the_terms_of_each_band(band: str, recommended: int | None, terms: str, days: int) -> None:
    share = None if recommended is None else Money(recommended, "EUR")
    proposed = propose_terms(DECISIONS, band, ASKED, share)
    assert proposed is not None
    assert (proposed.terms_band, proposed.days) == (terms, days)
    assert f"Band {band}" in proposed.why


def test_who_was_not_scored_has_no_terms_proposed() -> None:
    assert propose_terms(DECISIONS, "", ASKED, None) is None
    assert not is_looser(Terms(ON), 90, None)


@pytest.mark.parametrize(
    ("terms", "days", "asked", "looser"),
    [
        ("deposit", 14, None, False),
        ("deposit", 15, None, True),
        ("deposit", None, 30, True),  # as they ask, which is longer
        ("secured", 14, None, True),
        ("prepay", 30, None, False),
    ],
)
def test_what_is_looser_than_band_d(
    terms: str, days: int | None, asked: int | None, looser: bool
) -> None:
    proposed = propose_terms(DECISIONS, "D", ASKED, None)
    wanted = Terms(ON, terms_band=terms, terms_days=days)
    assert is_looser(wanted, asked, proposed) is looser


def test_the_terms_of_bands_are_data() -> None:
    policy = applied(DECISIONS, {"terms_bands.D": "prepay", "terms_days.A": "30"})
    proposed = propose_terms(policy, "D", ASKED, None)
    assert proposed is not None
    assert proposed.terms_band == "prepay"
    assert told(policy)["terms_days.A"] == "30"
    assert told(applied(policy, {"starter_bands": "d, C"}))["starter_bands"] == "C, D"
    assert applied(policy, {"starter_bands": ""}).starter_bands == ()
    for name, text in (
        ("terms_bands.D", "open-ish"),
        ("starter_bands", "D,X"),
        ("terms_days.A", "366"),
    ):
        with pytest.raises(CreditKnobUnfit):
            applied(DECISIONS, {name: text})


def test_a_starter_band_gets_the_starter_limit_unless_less_is_needed() -> None:
    policy = LimitPolicy(starter_amount=Decimal(10_000), is_starter=True, band_percent=Decimal(0))
    alone = recommend(Known(), policy)
    assert (alone.amount, alone.binding) == (Decimal(10_000), "starter")
    small = Known(need=Need(Decimal(36_500), Decimal(20)))
    assert recommend(small, policy).binding == "need"
    assert recommend(small, policy).amount == Decimal(2_000)
    none = replace(DECISIONS, starter_bands=())
    assert none.band_percents["D"] == 0
