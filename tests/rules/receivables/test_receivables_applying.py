"""Whether an application may be made, and that a batch can't ask for more by asking twice."""

from datetime import date

import pytest

from duly.receivables.rules.applying import ItemFacts, SourceFacts, Wish, judge
from duly.receivables.rules.course import Course

DAY = date(2026, 3, 10)
ITEM, MONEY = 1, 2


def item(**changed: object) -> ItemFacts:
    facts: dict = {
        "number": "I-1",
        "currency": "EUR",
        "issued_on": date(2026, 3, 1),
        "open": Course(100),
        "discount_until": date(2026, 3, 11),
        "discount": Course(2),
    }
    return ItemFacts(**(facts | changed))


def money(**changed: object) -> SourceFacts:
    facts: dict = {"number": "P-1", "currency": "EUR", "on": date(2026, 3, 5), "left": Course(80)}
    return SourceFacts(**(facts | changed))


def verdicts(*wishes: Wish, item: ItemFacts, money: SourceFacts) -> list[str]:
    told = judge(wishes, {ITEM: item}, {MONEY: money})
    return [one.code if one else "yes" for one in told]


@pytest.mark.parametrize(
    ("amount", "discount", "on", "of_item", "of_money", "told"),
    [
        (80, 0, DAY, {}, {}, "yes"),
        (81, 0, DAY, {}, {}, "OVER_APPLIED"),
        (80, 0, DAY, {"open": Course(79)}, {}, "OVER_APPLIED"),
        (79, 1, DAY, {"open": Course(79)}, {}, "OVER_APPLIED"),
        (1, 0, date(2026, 3, 4), {}, {}, "APPLIED_TOO_EARLY"),
        (1, 0, date(2026, 3, 5), {}, {}, "yes"),
        (1, 0, date(2026, 3, 8), {"issued_on": date(2026, 3, 9)}, {}, "APPLIED_TOO_EARLY"),
        (1, 0, DAY, {"currency": "USD"}, {}, "CURRENCY_DIFFERS"),
        (0, 0, DAY, {}, {}, "AMOUNT_NOT_POSITIVE"),
        (-1, 0, DAY, {}, {}, "AMOUNT_NOT_POSITIVE"),
        (0, 1, DAY, {}, {}, "AMOUNT_NOT_POSITIVE"),
        (2, -1, DAY, {}, {}, "AMOUNT_NOT_POSITIVE"),
        (1, 2, DAY, {}, {}, "yes"),
        (1, 3, DAY, {}, {}, "DISCOUNT_NOT_EARNED"),
        (1, 1, DAY, {"discount_until": None}, {}, "DISCOUNT_NOT_EARNED"),
        (1, 1, DAY, {}, {"on": date(2026, 3, 11)}, "APPLIED_TOO_EARLY"),
        (1, 1, date(2026, 3, 30), {}, {"on": date(2026, 3, 11)}, "yes"),
        (1, 1, date(2026, 3, 30), {}, {"on": date(2026, 3, 12)}, "DISCOUNT_NOT_EARNED"),
        (1, 1, DAY, {"discount": Course(0)}, {}, "DISCOUNT_NOT_EARNED"),
    ],
)
def test_one(
    amount: int, discount: int, on: date, of_item: dict, of_money: dict, told: str
) -> None:
    wish = Wish(MONEY, ITEM, amount, on, discount)
    assert verdicts(wish, item=item(**of_item), money=money(**of_money)) == [told]


def test_what_passes_is_gone_for_the_next() -> None:
    half = Wish(MONEY, ITEM, 40, DAY)
    assert verdicts(half, half, half, item=item(), money=money()) == [
        "yes",
        "yes",
        "OVER_APPLIED",
    ]
    rich = money(left=Course(1000))
    assert verdicts(half, half, half, item=item(), money=rich) == ["yes", "yes", "OVER_APPLIED"]


def test_what_is_refused_takes_nothing() -> None:
    too_much, rest = Wish(MONEY, ITEM, 81, DAY), Wish(MONEY, ITEM, 80, DAY)
    assert verdicts(too_much, rest, item=item(), money=money()) == ["OVER_APPLIED", "yes"]


def test_a_discount_is_given_once() -> None:
    wish = Wish(MONEY, ITEM, 10, DAY, 2)
    told = verdicts(wish, wish, item=item(), money=money())
    assert told == ["yes", "DISCOUNT_NOT_EARNED"]


def till_the_20th() -> Course:
    """All of 100 is there, and of the days before the 20th only 10."""
    return Course(100, [(date(2026, 3, 8), 90), (date(2026, 3, 20), -90)])


@pytest.mark.parametrize("side", ["item", "money"])
@pytest.mark.parametrize(
    ("amount", "on", "told"),
    [(10, DAY, "yes"), (11, DAY, "OVER_APPLIED"), (11, date(2026, 3, 20), "yes")],
)
def test_what_was_used_for_a_while_is_not_there_on_those_days(
    side: str, amount: int, on: date, told: str
) -> None:
    of_item = {"open": till_the_20th()} if side == "item" else {}
    of_money = {"left": till_the_20th()} if side == "money" else {}
    wish = Wish(MONEY, ITEM, amount, on)
    assert verdicts(wish, item=item(**of_item), money=money(**of_money)) == [told]


def test_a_refusal_tells_the_first_day_on_which_it_can_be() -> None:
    wish = Wish(MONEY, ITEM, 11, DAY)
    (told,) = judge([wish], {ITEM: item(open=till_the_20th())}, {MONEY: money()})
    assert told is not None
    assert told.facts["earliest"] == "2026-03-20"
    assert "2026-03-20" in told.remedy


def test_within_a_batch_too_a_past_day_is_used_once() -> None:
    wish = Wish(MONEY, ITEM, 10, DAY)
    told = verdicts(wish, wish, item=item(open=till_the_20th()), money=money())
    assert told == ["yes", "OVER_APPLIED"]


def test_a_discount_too_is_given_once_on_every_day() -> None:
    for on, told in ((DAY, "DISCOUNT_NOT_EARNED"), (date(2026, 3, 20), "yes")):
        granted = Course(2, [(date(2026, 3, 8), 2), (date(2026, 3, 20), -2)])
        wish = Wish(MONEY, ITEM, 10, on, 2)
        assert verdicts(wish, item=item(discount=granted), money=money()) == [told]
