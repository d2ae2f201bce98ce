"""Rates as dated tables, and the interest, fixed sums and discounts that facts work out."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.collections.errors import ChargingUnfit, LawUnknown, RateMissing, RatesUnfit
from duly.collections.queries.rates import built_in_laws, built_in_tables
from duly.collections.rules.charges.discounts import discount_for, yearly_cost
from duly.collections.rules.charges.interest import (
    Pricing,
    Run,
    balance_runs,
    compounded,
    curve,
    interest,
    rounded,
)
from duly.collections.rules.charges.laws import fixed_sum, law_named
from duly.collections.rules.charges.rates import laid_over, rate_on, read_tables
from duly.kernel.rounding import half_up_ratio

TABLES, LAWS = built_in_tables(), built_in_laws()


def claimed(law: str, minor: int, first: date, last: date, started: date | None = None) -> int:
    """Interest by a law on a balance from a first to a last day, both bearing it."""
    line = curve(LAWS[law].pricing(TABLES), first, last, started or first)
    return rounded(line, [Run(first.toordinal(), last.toordinal(), minor)])


class TestRateTables:
    def test_every_half_year_of_the_facts_is_there(self) -> None:
        """Laws 3.1: 36 half-years of three tables, without a gap."""
        for name in ("ecb", "de-basis", "uk-reference"):
            periods = TABLES[name].periods
            assert (len(periods), periods[0].from_on) == (36, date(2009, 1, 1))
            assert periods[-1].to_on == date(2026, 12, 31)

    def test_the_base_rate_is_the_ecb_s_less_0_88(self) -> None:
        """Laws 3.1: the check of every row."""
        for ecb, base in zip(TABLES["ecb"].periods, TABLES["de-basis"].periods, strict=True):
            assert base.percent == ecb.percent - Decimal("0.88")

    def test_what_is_not_verified_says_so(self) -> None:
        """Laws 3.1: the starred rates."""
        day = date(2026, 8, 1)
        assert not rate_on(TABLES["ecb"], day).is_verified
        assert not rate_on(TABLES["de-basis"], day).is_verified
        assert rate_on(TABLES["uk-reference"], day).is_verified

    @pytest.mark.parametrize("day", [date(2008, 12, 31), date(2027, 1, 1)])
    def test_a_day_without_a_rate_is_refused_by_table_and_day(self, day: date) -> None:
        with pytest.raises(RateMissing) as refused:
            rate_on(TABLES["ecb"], day)
        assert (refused.value.facts["table"], refused.value.facts["day"]) == ("ecb", str(day))

    @pytest.mark.parametrize(
        ("periods", "told"),
        [
            ([("2026-01-01", "2026-06-30"), ("2026-07-02", "2026-12-31")], "there is a gap"),
            ([("2026-01-01", "2026-06-30"), ("2026-06-30", "2026-12-31")], "they overlap"),
            ([("2026-07-01", "2026-06-30")], "to is not before from"),
        ],
    )
    def test_gaps_and_overlaps_are_refused(self, periods: list, told: str) -> None:
        with pytest.raises(RatesUnfit) as refused:
            read_tables(_document(periods), "own.toml")
        assert told in refused.value.message
        assert refused.value.message.startswith("own.toml, table 1 (ours)")

    @pytest.mark.parametrize(
        "change",
        [{"percent": 3.75}, {"percent": "much"}, {"percent": "NaN"}, {"source": " "}]
        + [{"checked": "lately"}, {"verified": "yes"}, {"note": "x"}, {"from": "2026-01-01"}],
    )
    def test_what_can_t_be_meant_is_refused_with_its_place(self, change: dict) -> None:
        document = _document([("2026-01-01", "2026-06-30")])
        document["table"][0]["periods"][0].update(change)
        with pytest.raises(RatesUnfit) as refused:
            read_tables(document, "own.toml")
        assert refused.value.facts["problems"][0]["where"] == "own.toml, table 1 (ours), period 1"

    def test_own_periods_replace_the_same_days_and_go_on(self) -> None:
        own = read_tables(
            _document([("2026-07-01", "2026-12-31"), ("2027-01-01", "2027-06-30")]), ""
        )
        table = laid_over(TABLES["ecb"], own[0].periods)
        assert rate_on(table, date(2026, 8, 1)).is_verified
        assert rate_on(table, date(2027, 6, 30)).percent == Decimal("3.75")
        with pytest.raises(RatesUnfit):
            laid_over(
                TABLES["ecb"],
                own[0].periods[1:][:0] + (own[0].periods[1]._replace(from_on=date(2027, 1, 2)),),
            )


def _document(periods: list[tuple[str, str]]) -> dict:
    rows = [
        {
            "from": date.fromisoformat(first),
            "to": date.fromisoformat(last),
            "percent": "3.75",
            "source": "bank.example",
            "checked": "2026-11-02",
            "verified": True,
        }
        for first, last in periods
    ]
    return {"table": [{"id": "ours", "name": "Ours", "periods": rows}]}


class TestInterest:
    @pytest.mark.parametrize(
        ("day_count", "minor"), [("365", 289_73), ("360", 293_75)], ids=["K-04", "K-04-360"]
    )
    def test_k_04_twelve_thousand_five_hundred_at_18_for_47_days(self, day_count, minor) -> None:
        """K-04: 12,500 at 18 percent, 47 days, is 289.73; by 360 days 293.75."""
        first = date(2026, 3, 1)
        line = curve(Pricing(Decimal(18), day_count=day_count), first, date(2026, 4, 16), first)
        assert rounded(line, [Run(first.toordinal(), first.toordinal() + 46, 12_500_00)]) == minor

    def test_l_03_the_united_kingdom(self) -> None:
        """L-03: 10,000, 60 days at 11.75, with the fixed sum 100: 293.15."""
        first = date(2026, 2, 1)
        law = LAWS["GB"]
        assert claimed("GB", 10_000_00, first, first + timedelta(59)) == 193_15
        assert 193_15 + fixed_sum(law, 10_000_00) == 293_15

    def test_l_04_the_rate_of_the_start_stays(self) -> None:
        """L-04: due 15 Dec 2025, paid 15 Feb 2026: 62 days at 12.25 are 104.04, and 70."""
        assert claimed("GB", 5_000_00, date(2025, 12, 16), date(2026, 2, 15)) == 104_04
        assert fixed_sum(LAWS["GB"], 5_000_00) == 70_00

    @pytest.mark.parametrize(
        ("due", "percent"), [(date(2025, 6, 30), "12.25"), (date(2025, 6, 29), "12.75")]
    )
    def test_l_13_the_half_year_in_which_interest_starts(self, due: date, percent: str) -> None:
        """L-13: due 30 Jun 2025 starts on 1 Jul: 12.25; due a day earlier: 12.75."""
        first = due + timedelta(1)
        line = curve(LAWS["GB"].pricing(TABLES), first, date(2025, 12, 31), first)
        assert [one.percent for one in line.spans] == [Decimal(percent)]

    @pytest.mark.parametrize(
        ("law", "minor", "first", "last", "interest_minor"),
        [
            ("DE", 8_000_00, date(2024, 11, 1), date(2025, 2, 28), 311_12),
            ("DE", 8_000_00, date(2026, 6, 1), date(2026, 8, 14), 171_29),
            ("EU", 20_000_00, date(2024, 12, 1), date(2025, 1, 31), 397_48),
            ("FR", 15_000_00, date(2025, 7, 1), date(2025, 8, 14), 224_69),
        ],
        ids=["L-06", "L-07", "L-08", "L-09"],
    )
    def test_l_06_to_l_09_rates_that_change_on_the_way(
        self, law: str, minor: int, first: date, last: date, interest_minor: int
    ) -> None:
        """L-06, L-07, L-08, L-09: split at the half-year, rounded once at the end."""
        assert claimed(law, minor, first, last) == interest_minor
        assert fixed_sum(LAWS[law], minor) == 40_00

    def test_l_10_india_with_monthly_rests(self) -> None:
        """L-10: 1,000,000, 4 whole months at 20.25: interest 69,227.90."""
        law = LAWS["IN"]
        percent = law.times * rate_on(TABLES[law.table], date(2024, 1, 1)).percent
        exact = compounded(1_000_000_00, percent, 4)
        assert half_up_ratio(exact.numerator, exact.denominator) == 69_227_90

    def test_leap_days_count_by_the_day_count(self) -> None:
        first, last = date(2024, 12, 31), date(2025, 1, 1)
        line = curve(Pricing(Decimal(10), day_count="actual"), first, last, first)
        runs = [Run(first.toordinal(), last.toordinal(), 1000)]
        assert interest(line, runs) == Fraction(100, 366) + Fraction(100, 365)

    def test_a_cap_holds_and_a_rate_below_zero_is_refused(self) -> None:
        day = date(2026, 3, 1)
        line = curve(Pricing(Decimal(40), cap=Decimal(25)), day, day, day)
        assert line.spans[0].percent == 25
        with pytest.raises(ChargingUnfit):
            curve(Pricing(Decimal(-3), TABLES["ecb"]), day, day, day)

    @given(
        st.lists(st.integers(0, 400), min_size=1, max_size=6),
        st.integers(1, 10**12),
        st.sampled_from(["365", "actual", "360"]),
    )
    def test_any_split_of_a_period_makes_the_whole(self, cuts, minor, day_count) -> None:
        start = date(2023, 11, 15)
        first, last = start.toordinal(), start.toordinal() + 400
        line = curve(
            Pricing(Decimal("9.12"), TABLES["ecb"], day_count=day_count),
            start,
            date.fromordinal(last),
            start,
        )
        edges = sorted({first, *(first + cut for cut in cuts), last + 1})
        parts = [Run(a, b - 1, minor) for a, b in zip(edges, edges[1:], strict=False)]
        whole = interest(line, [Run(first, last, minor)])
        assert sum(interest(line, [part]) for part in parts) == whole
        by_day = sum(interest(line, [Run(day, day, minor)]) for day in range(first, last + 1))
        assert by_day == whole


class TestBalances:
    def test_a_payment_counts_from_the_day_after(self) -> None:
        assert balance_runs(1, 31, 1000, [(10, -400)]) == [Run(1, 10, 1000), Run(11, 31, 600)]

    def test_what_is_kept_out_bears_nothing(self) -> None:
        """A disputed part, and days on which nothing bears interest."""
        runs = balance_runs(1, 31, 1000, [(20, -1000)], [(5, 8, 300), (15, 40, 1000)])
        assert runs == [Run(1, 4, 1000), Run(5, 8, 700), Run(9, 14, 1000)]

    def test_the_same_balance_is_one_run(self) -> None:
        assert balance_runs(1, 9, 50, [(4, -10), (4, 10)], [(20, 30, 5)]) == [Run(1, 9, 50)]


class TestFixedSums:
    @pytest.mark.parametrize(
        ("law", "debt", "sum_"),
        [
            ("GB", 999_99, 40_00),
            ("GB", 1_000_00, 70_00),
            ("GB", 9_999_99, 70_00),
            ("GB", 10_000_00, 100_00),
            ("GB", 0, 0),
            ("DE", 1, 40_00),
            ("IN", 1_000_00, 0),
        ],
    )
    def test_bands(self, law: str, debt: int, sum_: int) -> None:
        """Laws 2, Bands."""
        assert fixed_sum(LAWS[law], debt) == sum_

    @pytest.mark.parametrize(
        ("debt", "costs"),
        [(100, 40), (2_500, 375), (4_000, 525), (12_000, 895), (250_000, 3_025)]
        + [(2_000_000, 6_775)],
    )
    def test_l_05_the_dutch_scale(self, debt: int, costs: int) -> None:
        """L-05: 15 % of the first 2,500 and so on, at least 40, at most 6,775."""
        assert fixed_sum(LAWS["NL"], debt * 100) == costs * 100

    def test_a_law_that_is_not_known_is_refused(self) -> None:
        with pytest.raises(LawUnknown):
            law_named(LAWS, "BR")


class TestDiscounts:
    @pytest.mark.parametrize(
        ("percent", "days", "nominal", "effective", "by_360"),
        [
            ("2", 20, "37.24", "44.59", "36.73"),
            ("1", 20, "18.43", "20.13", "18.18"),
            ("3", 20, "56.44", "74.35", "55.67"),
            ("2", 50, "14.90", "15.89", "14.69"),
            ("0.5", 20, "9.17", "9.58", "9.05"),
        ],
        ids=["2/10-net-30", "1/10-net-30", "3/10-net-30", "2/10-net-60", "0.5/10-net-30"],
    )
    def test_the_cost_of_not_taking_a_discount(self, percent, days, nominal, effective, by_360):
        """Collections 7, the table of terms."""
        cost = yearly_cost(Decimal(percent), days)
        assert (str(round(cost.nominal, 2)), str(round(cost.effective, 2))) == (nominal, effective)
        assert str(round(yearly_cost(Decimal(percent), days, 360).nominal, 2)) == by_360

    def test_a_yearly_rate_makes_a_discount(self) -> None:
        for percent in ("0.5", "2", "3"):
            rate = yearly_cost(Decimal(percent), 20).nominal
            assert round(discount_for(rate, 20), 12) == Decimal(percent)


def test_the_packs_are_read_as_they_are_shipped() -> None:
    assert set(LAWS) == {"GB", "EU", "DE", "FR", "ES", "IT", "IE", "BE", "NL", "IN"}
    assert all(law.table in TABLES and law.source and law.checked for law in LAWS.values())
