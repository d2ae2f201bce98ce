"""What disputes cost, where they come from, and which are worth whose time."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from duly.disputes.policy import RECOVERY, RecoveryPolicy
from duly.disputes.rules.causes import Case, by_age, causes
from duly.disputes.rules.recovering import History, expected, recovered

ON = date(2026, 3, 31)
CHEAP = RecoveryPolicy(cost=Decimal(25))


def case(id_: int, minor: int = 10_000, *, age: int = 10, **more: object) -> Case:
    told = {"customer_id": 7, "item_id": 1, "reason": "price", "owner": "sales", "currency": "EUR"}
    opened = ON - timedelta(days=age)
    told |= {"opened_on": opened, "deadline_on": opened + timedelta(days=10)}
    return Case(id_, amount_minor=minor, **(told | more))  # type: ignore[arg-type]


def judged(id_: int, verdict: str, credit: int, *, days: int = 4, **more: object) -> Case:
    one = case(id_, age=40, verdict=verdict, credit_minor=credit, **more)
    return one._replace(closed_on=one.opened_on + timedelta(days=days))


def test_open_ones_are_aged_by_their_opening() -> None:
    edges = {0: 0, 30: 0, 31: 1, 60: 1, 61: 2, 90: 2, 91: 3, 900: 3}
    for days, place in edges.items():
        amounts = [0, 0, 0, 0]
        amounts[place] = 5
        assert by_age([case(1, 5, age=days)], ON) == {"EUR": tuple(amounts)}
    kwd = case(3, 7, currency="KWD")
    assert by_age([case(1, 5), kwd, judged(2, "valid", 1)], ON) == {
        "EUR": (5, 0, 0, 0),
        "KWD": (7, 0, 0, 0),
    }


def test_what_was_closed_later_was_open_then() -> None:
    one = judged(1, "valid", 10_000, days=4)
    assert one.is_open(one.opened_on)
    assert one.is_open(one.opened_on + timedelta(days=3))
    assert not one.is_open(one.opened_on + timedelta(days=4))
    assert not one.is_open(one.opened_on - timedelta(days=1))


def test_root_causes_are_counted_by_what_is_asked() -> None:
    rows = [
        judged(1, "valid", 10_000, days=3),
        judged(2, "partly", 2_500, days=10),
        judged(3, "invalid", 0, days=20, customer_id=8),
        case(4, 30_000),
        case(5, 40_000, reason="damage", owner="logistics"),
    ]
    price, damage = causes(rows, by="reason", on=ON)
    assert (price.key, price.taken, price.minor) == ("price", 4, 60_000)
    assert (price.open_count, price.open_minor) == (1, 30_000)
    assert (price.judged, price.judged_minor, price.credited_minor) == (3, 30_000, 12_500)
    assert price.mean_days == 11
    assert (damage.key, damage.judged, damage.mean_days) == ("damage", 0, None)
    assert [one.key for one in causes(rows, by="customer", on=ON)] == ["7", "8"]
    assert [one.key for one in causes(rows, by="owner", on=ON)] == ["sales", "logistics"]


def test_a_chance_moves_from_the_prior_to_what_was_found() -> None:
    assert History([], RECOVERY).chance("price", 7) == (Fraction(1, 2), 0)
    lost = [judged(n, "valid", 10_000) for n in range(4)]
    of_reason = (4 * Fraction(1, 2) + 0) / 8
    assert History(lost, RECOVERY).chance("price", 8) == (of_reason, 4)
    assert History(lost, RECOVERY).chance("price", 7) == (of_reason / 2, 4)  # theirs says more
    assert History(lost, RECOVERY).chance("damage", 7) == (Fraction(1, 2), 0)
    won = [judged(n, "invalid", 0) for n in range(1000)]
    assert History(won, RECOVERY).chance("price", 7)[0] > Fraction(99, 100)


def test_what_is_expected_is_chance_times_amount_less_work() -> None:
    history, rates = History([], CHEAP), {"USD": Decimal("1.25"), "JPY": Decimal(160)}

    def told(one: Case) -> object:
        return expected(one, history, on=ON, own="EUR", rates=rates, policy=CHEAP)

    one = told(case(1, 10_000))
    assert (one.minor, one.owed_per_mille, one.cost_minor, one.days_left) == (2_500, 500, 2_500, 0)
    assert told(case(1, 5_000)).minor == 0
    assert not told(case(1, 5_000)).is_worth_it
    assert told(case(1, 10_000, currency="USD")).minor == 1_500
    assert told(case(1, 16_000, currency="JPY")).minor == 2_500
    without = told(case(1, 10_000, currency="CHF"))
    assert without.minor is None
    assert without.is_worth_it
    ranked = sorted([without, told(case(1, 5_000)), one], key=lambda each: each.rank)
    assert [each.minor for each in ranked] == [2_500, 0, None]


def test_equals_are_ranked_by_their_deadline() -> None:
    history = History([], CHEAP)
    late, early = case(1, age=20), case(2, age=5)
    told = [
        expected(one, history, on=ON, own="EUR", rates={}, policy=CHEAP) for one in (early, late)
    ]
    assert [each.days_left for each in sorted(told, key=lambda each: each.rank)] == [-10, 5]


def test_what_came_back_is_money_of_what_was_denied() -> None:
    assert recovered(12_000, 12_000, 0) == 0
    assert recovered(12_000, 12_000, 5_000) == 0  # paid on another part of the item
    assert recovered(12_000, 4_000, 8_000) == 8_000
    assert recovered(12_000, 0, 8_000) == 8_000  # the rest was credited
    assert recovered(12_000, 20_000, 8_000) == 0
    assert recovered(12_000, 0, -8_000) == 0  # taken back
