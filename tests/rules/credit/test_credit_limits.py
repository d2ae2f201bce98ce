"""Limits by every method, what binds, and what a document of facts must be (case C-09)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from duly.credit.errors import LimitFactsUnfit
from duly.credit.rules.limit_facts import read_limit_facts
from duly.credit.rules.limits import Known, LimitPolicy, Need, methods, recommend, stepped_down
from duly.credit.rules.losses import LossAssumptions, expected_loss
from duly.kernel.errors import DulyError, Malformed, UnknownCurrency

A = {
    "equity": Decimal(2_000_000),
    "intangibles": Decimal(200_000),
    "current_assets": Decimal(2_400_000),
    "current_liabilities": Decimal(1_500_000),
    "payables": Decimal(700_000),
    "sales": Decimal(8_000_000),
    "net_income": Decimal(300_000),
}
KNOWN = Known(
    figures=A,
    need=Need(Decimal(480_000), Decimal(30), Decimal(10)),
    share_of_payables=Decimal("0.10"),
    high_credits=(Decimal(40_000), Decimal(60_000), Decimal(75_000)),
    agency_recommendation=Decimal(65_000),
    insured_limit=Decimal(50_000),
)


def amounts(known: Known, policy: LimitPolicy = LimitPolicy()) -> dict[str, Decimal | None]:  # noqa: B008
    return {one.id: one.amount for one in methods(known, policy)}


class TestMethods:
    """C-09: each method with what it is made from."""

    def test_c_09_every_method(self) -> None:
        told = amounts(KNOWN)
        need, sales = told.pop("need"), told.pop("sales")
        assert need is not None
        assert sales is not None
        assert (round(need, 2), round(sales)) == (Decimal("52602.74"), 66_667)
        assert told == {
            "tangible_net_worth": 180_000,
            "working_capital": 90_000,
            "payables_share": 70_000,
            "references": 60_000,
            "agency": 65_000,
            "insured": 50_000,
        }
        assert all(one.inputs for one in methods(KNOWN, LimitPolicy()))

    def test_limits_of_referees_go_before_their_highest_credits(self) -> None:
        told = KNOWN._replace(reference_limits=(Decimal(20_000), Decimal(30_000)))
        assert amounts(told)["references"] == 25_000

    def test_what_is_not_known_is_named_and_has_no_amount(self) -> None:
        told = {one.id: one for one in methods(Known(), LimitPolicy())}
        assert {one.amount for one in told.values()} == {None}
        assert told["working_capital"].missing == ("current_assets", "current_liabilities")
        assert told["payables_share"].missing == ("payables", "share_of_payables")

    def test_a_firm_that_loses_money_gets_nothing_for_its_net_worth(self) -> None:
        losing = KNOWN._replace(figures={**A, "net_income": Decimal(-1)})
        assert amounts(losing)["tangible_net_worth"] == 0

    def test_less_than_nothing_is_nothing(self) -> None:
        sunk = KNOWN._replace(figures={**A, "equity": Decimal(-5), "current_assets": Decimal(0)})
        assert amounts(sunk)["tangible_net_worth"] == amounts(sunk)["working_capital"] == 0

    def test_a_starter_limit_doubles_with_cycles_on_time(self) -> None:
        policy = LimitPolicy(starter_amount=Decimal(10_000), starter_cycles=3)
        at = [amounts(Known(on_time_cycles=n), policy)["starter"] for n in (None, 2, 3, 6)]
        assert at == [10_000, 10_000, 20_000, 40_000]


class TestCombining:
    """C-09: the combination is policy, and what binds is named."""

    @pytest.mark.parametrize(
        ("known", "policy", "binding", "amount"),
        [
            (KNOWN, LimitPolicy(), "insured", 50_000),
            (KNOWN._replace(insured_limit=None), LimitPolicy(step=Decimal(1000)), "need", 52_000),
            (KNOWN, LimitPolicy("average", Decimal(1)), None, 97_534),
            (KNOWN, LimitPolicy(band_percent=Decimal(50)), "insured", 25_000),
            (KNOWN, LimitPolicy("minimum"), "insured", 50_000),
            (KNOWN._replace(insured_limit=None), LimitPolicy("minimum"), "need", 52_500),
            (
                KNOWN._replace(yearly_business=Decimal(300_000)),
                LimitPolicy(),
                "seller_exposure",
                30_000,
            ),
        ],
    )
    def test_c_09_combinations(
        self, known: Known, policy: LimitPolicy, binding: str | None, amount: int
    ) -> None:
        told = recommend(known, policy)
        assert (told.binding, told.amount) == (binding, amount)

    def test_an_average_of_one_is_that_one_and_says_what_is_unknown(self) -> None:
        told = recommend(Known(high_credits=(Decimal(700),)), LimitPolicy("average"))
        assert (told.binding, told.amount) == ("references", 500)
        assert told.unknown == ("tangible_net_worth", "need")

    def test_nothing_known_recommends_nothing(self) -> None:
        told = recommend(Known(), LimitPolicy())
        assert (told.amount, told.binding, told.unknown) == (
            None,
            None,
            ("need", "working_capital"),
        )

    def test_rounded_down_never_up(self) -> None:
        assert stepped_down(Decimal("999.99"), Decimal(500)) == 500


def test_an_expected_loss_has_its_parts_and_says_that_it_is_assumed() -> None:
    assumed = LossAssumptions(Decimal("0.02"), Decimal("0.5"), Decimal("0.25"))
    told = expected_loss(Decimal(50_000), Decimal(30_000), assumed)
    assert (told.own_risk, told.amount, told.sales_to_repay) == (20_000, 200, 800)
    assert (told.sales_to_repay_all, told.is_assumption) == (40_000, True)
    told = expected_loss(Decimal(50_000), Decimal(0), assumed._replace(margin=None))
    assert told.sales_to_repay is None


UNBALANCED = {
    "year_end": "2025-12-31",
    "months": 12,
    "total_assets": 10,
    "total_liabilities": 5,
    "equity": 4,
}
FACTS: dict[str, Any] = {
    "currency": "USD",
    "unit": 1000,
    "statements": [
        {"year_end": "2025-12-31", "months": 6, "sales": Decimal("4000.0"), "equity": 2}
    ],
    "need": {"yearly_purchases": "480000", "terms_days": 30},
}


class TestDocuments:
    """What a file tells."""

    def test_flows_of_a_part_year_are_made_a_year_in_whole_currency(self) -> None:
        figures = read_limit_facts(FACTS).known.figures
        assert figures == {"sales": 8_000_000, "equity": 2000}

    def test_the_newest_statement_counts(self) -> None:
        older = {"year_end": "2024-12-31", "months": 12, "equity": 1}
        told = read_limit_facts({**FACTS, "statements": [older, *FACTS["statements"]]})
        assert told.known.figures["equity"] == 2000

    def test_names_that_mean_nothing_are_told(self) -> None:
        assert read_limit_facts({**FACTS, "insurred_limit": 5}).unread == ("insurred_limit",)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"unit": 7}, "UNIT_UNKNOWN"),
            ({"unit": None}, "UNIT_UNKNOWN"),
            ({"unit": True}, "UNIT_UNKNOWN"),
            ({"currency": "XXQ"}, "UNKNOWN_CURRENCY"),
            ({"currency": None}, "UNKNOWN_CURRENCY"),
            ({"insured_limit": "-1"}, "LIMIT_FACTS_UNFIT"),
            ({"insured_limit": "NaN"}, "LIMIT_FACTS_UNFIT"),
            ({"insured_limit": "1e400"}, "LIMIT_FACTS_UNFIT"),
            ({"insured_limit": True}, "LIMIT_FACTS_UNFIT"),
            ({"insured_limit": []}, "LIMIT_FACTS_UNFIT"),
            ({"share_of_payables": "10"}, "LIMIT_FACTS_UNFIT"),
            ({"references": {}}, "LIMIT_FACTS_UNFIT"),
            ({"references": [5]}, "LIMIT_FACTS_UNFIT"),
            ({"policy": {"combine": "maximum"}}, "LIMIT_FACTS_UNFIT"),
            ({"policy": {"step": 0}}, "LIMIT_FACTS_UNFIT"),
            ({"policy": {"band_percent": 101}}, "LIMIT_FACTS_UNFIT"),
            ({"statements": [{"months": 0, "year_end": "2025-12-31"}]}, "STATEMENT_UNFIT"),
            ({"statements": [UNBALANCED]}, "DOES_NOT_BALANCE"),
            ({"on_time_cycles": "1.5"}, "LIMIT_FACTS_UNFIT"),
        ],
    )
    def test_what_can_t_be_meant_is_refused(self, change: Mapping[str, Any], code: str) -> None:
        with pytest.raises(DulyError) as told:
            read_limit_facts({**FACTS, **change})
        assert told.value.code == code

    @pytest.mark.parametrize("document", [None, [], "limit", 5])
    def test_no_object_is_refused(self, document: object) -> None:
        with pytest.raises((LimitFactsUnfit, UnknownCurrency, Malformed)):
            read_limit_facts(document)
