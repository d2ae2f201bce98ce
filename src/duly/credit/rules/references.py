"""References: what a referee is asked, in which state a request is, and what answers come to.

Only past facts are asked and kept: terms granted, high credit, days slow. Never terms or prices to
come, nor who else will sell: that would be no reference but an agreement among competitors.
See: docs/credit.md.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import median_low
from typing import Any, NamedTuple

from duly.credit.rules.answers import Answers
from duly.credit.rules.request_fields import CHOICE, COUNT, CURRENCY, DAY, LONG, YES, Field
from duly.kernel.errors import Problem

TRADE, BANK = "trade", "bank"
STATES = ("not_sent", "awaiting", "received", "refused", "unverifiable")
HANDLED = (("yes", "As agreed"), ("no", "Not as agreed"))
SIZES = (("low", "Low"), ("medium", "Medium"), ("high", "High"))
# How a bank tells a balance: low, medium or high of so many figures. A custom of its trade.
LOW, MEDIUM = (Decimal("1"), Decimal("4")), (Decimal("4"), Decimal("7"))
REMIND_AFTER_DAYS, MOST_REMINDERS, LINK_DAYS = 5, 2, 30

# Five questions, two minutes.
TRADE_QUESTIONS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    (
        "How long have they bought from you?",
        (Field("opened_on", "Account opened", DAY), Field("last_sale_on", "Last sale", DAY)),
    ),
    (
        "What terms did you grant?",
        (Field("terms", "Terms", most=80), Field("is_secured", "Secured", YES)),
    ),
    (
        "How much was open?",
        (
            Field("currency", "Currency", CURRENCY),
            Field("high_credit", "Highest in 12 months", "amount"),
            Field("owing", "Owing now", "amount"),
            Field("past_due", "Of that past due", "amount"),
        ),
    ),
    (
        "How did they pay?",
        (
            Field("days_slow", "Days late on average", COUNT),
            Field("returned_payments", "Payments returned unpaid", COUNT),
            Field("takes_unearned_discount", "They take discounts not earned", YES),
        ),
    ),
    ("Anything else that was so?", (Field("comment", "In your words", LONG, 1000),)),
)
BANK_QUESTIONS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("Since when do you know them?", (Field("opened_on", "Account opened", DAY),)),
    (
        "What is their average balance?",
        (
            Field("currency", "Currency", CURRENCY),
            Field("balance_size", "Low, medium or high", CHOICE, choices=SIZES),
            Field("balance_figures", "Of how many figures", COUNT),
        ),
    ),
    ("Were payments returned?", (Field("returned_payments", "In 12 months", COUNT),)),
    (
        "Do they borrow from you?",
        (
            Field("loan_high", "Highest", "amount"),
            Field("loan_owing", "Outstanding", "amount"),
            Field("is_secured", "Secured", YES),
            Field("handled", "Handled", CHOICE, choices=HANDLED),
        ),
    ),
    ("Anything else that was so?", (Field("comment", "In your words", LONG, 1000),)),
)
QUESTIONS = {TRADE: TRADE_QUESTIONS, BANK: BANK_QUESTIONS}
# Without one of these an answer says nothing that a decision could rest on.
TELLING = {
    TRADE: ("opened_on", "high_credit", "days_slow", "owing"),
    BANK: ("opened_on", "balance_figures", "handled"),
}


class Standing(NamedTuple):
    """What became of a reference so far."""

    asked: int  # mails that left for it, the first counted
    is_answered: bool
    refused_on: date | None
    unverifiable_on: date | None


class TradeAnswer(NamedTuple):
    """What a supplier told of the past."""

    name: str
    currency: str
    high_credit_minor: int | None
    owing_minor: int | None
    past_due_minor: int | None
    days_slow: int | None
    terms: str = ""
    opened_on: date | None = None


class Summary(NamedTuple):
    """What the trade references come to, in one currency: for limits and scores."""

    answered: int
    asked: int
    currency: str
    high_credits: tuple[int, ...]  # minor units, the smallest first
    median_minor: int | None
    ceiling_minor: int | None
    days_slow: Decimal | None  # mean
    slow_told: int = 0  # by how many suppliers


def state_of(one: Standing) -> str:
    """The state of a reference: an answer counts most, also one that came after all.

    >>> state_of(Standing(2, False, None, None)), state_of(Standing(2, True, None, date.min))
    ('awaiting', 'received')
    """
    if one.is_answered:
        return "received"
    if one.refused_on:
        return "refused"
    if one.unverifiable_on:
        return "unverifiable"
    return "awaiting" if one.asked else "not_sent"


def is_due_again(one: Standing, last_asked_on: date | None, on: date) -> bool:
    """Tell whether a reference is to be reminded: awaited for some days, and not too often yet."""
    if state_of(one) != "awaiting" or last_asked_on is None:
        return False
    return one.asked <= MOST_REMINDERS and on - last_asked_on >= timedelta(days=REMIND_AFTER_DAYS)


def balance_range(size: str, figures: int) -> tuple[Decimal, Decimal] | None:
    """What a bank's words mean: "medium 4 figures" is 4,000 to 7,000; None where nothing is meant.

    >>> balance_range("medium", 4), balance_range("high", 3), balance_range("low", 0)
    ((Decimal('4000'), Decimal('7000')), (Decimal('700'), Decimal('1000')), None)
    """
    if not 1 <= figures <= 12 or size not in dict(SIZES):
        return None
    unit = Decimal(10) ** (figures - 1)
    bounds = {"low": LOW, "medium": MEDIUM, "high": (MEDIUM[1], Decimal(10))}[size]
    return bounds[0] * unit, bounds[1] * unit


def check_answer(kind: str, answers: Answers) -> list[Problem]:
    """What is wrong with an answer as a whole: nothing told, or the past not possible."""
    values, found = answers.values, list(answers.problems)
    if not any(name in values for name in TELLING[kind]) and not found:
        found.append(
            Problem("form", "FIELD_MISSING", "Nothing is told yet.", "Answer one question, or say"
                    " that you don't want to.")
        )  # fmt: skip
    if values.get("past_due", 0) > values.get("owing", values.get("past_due", 0)):
        found.append(Problem("past_due", "FIELD_UNFIT", "More is past due than is owing."))
    opened, last = values.get("opened_on"), values.get("last_sale_on")
    if opened and last and last < opened:
        found.append(Problem("last_sale_on", "FIELD_UNFIT", "The last sale is before the first."))
    has_money = any(name in values for name in ("high_credit", "owing", "past_due", "loan_high"))
    if has_money and "currency" not in values:
        found.append(Problem("currency", "FIELD_MISSING", "Amounts need a currency."))
    return found


def summed_up(answers: Sequence[TradeAnswer], asked: int, currency: str) -> Summary:
    """The median and the highest of what suppliers saw open, and how slow payment was on average.

    Rule: only answers in the request's currency count for amounts: no rate is invented.

    >>> told = [TradeAnswer("A", "USD", minor, None, None, days)
    ...         for minor, days in ((40_000_00, 3), (75_000_00, 9), (60_000_00, 0))]
    >>> found = summed_up(told, 3, "USD")
    >>> found.median_minor, found.ceiling_minor, found.days_slow
    (6000000, 7500000, Decimal('4'))
    """
    highs = tuple(
        sorted(a.high_credit_minor for a in answers
               if a.high_credit_minor is not None and a.currency == currency)
    )  # fmt: skip
    slow = [answer.days_slow for answer in answers if answer.days_slow is not None]
    return Summary(
        len(answers),
        asked,
        currency,
        highs,
        _median(highs),
        max(highs, default=None),
        Decimal(sum(slow)) / len(slow) if slow else None,
        len(slow),
    )


def _median(values: Sequence[int]) -> int | None:
    """The middle one; of two in the middle half their sum, rounded down."""
    if not values:
        return None
    if len(values) % 2:
        return median_low(values)
    return (values[len(values) // 2 - 1] + values[len(values) // 2]) // 2


def days_beyond_terms(reports: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """The newest agency report's average days beyond terms; None where none tells it."""
    told = next((r["days_beyond_terms"] for r in reports if r.get("days_beyond_terms")), None)
    return None if told is None else Decimal(told)
