"""What an applicant is told of a decision, by when, in the words that the law asks for.

Rules are data by country and by whether the applicant is a natural person. Those with a source
stand in facts, credit.md section 1; the others are marked as not verified: a lawyer's to check.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.credit.rules.deciding import APPROVE, DECLINE, LESS, SECURED

EU = frozenset(
    {
        *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
        *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
    }
)
ANYBODY = None

REASONS = {
    "too_little_known": "We could not learn enough about you to decide for more.",
    "references": "Your references did not support the amount.",
    "financial_strength": "Your financial statements do not support the amount.",
    "payment_history": "Earlier invoices were paid late.",
    "public_record": "A public record speaks against it.",
    "young_firm": "Your firm is too young for the amount.",
    "insurer": "Our credit insurer covers less.",
    "capacity": "It is more than what we may lend to one customer.",
    "incomplete": "The application was not complete.",
}


class NoticeRule(NamedTuple):
    """What must be told to whom: `is_natural` None for anybody, no countries for everywhere."""

    id: str
    countries: frozenset[str]
    is_natural: bool | None
    verdicts: tuple[str, ...]
    text: str
    source: str
    is_verified: bool


class NoticeFacts(NamedTuple):
    """What a notice is made from."""

    applicant: str
    our_name: str
    country: str
    is_natural_person: bool
    verdict: str
    amount: str  # with its currency
    asked: str
    reason_codes: Sequence[str]
    conditions: Sequence[str]
    is_offer: bool
    used_consumer_report: bool
    submitted_on: date
    answer_days: int


class Notice(NamedTuple):
    """The words, the day by which they should be told, and the rules they follow."""

    kind: str
    subject: str
    text: str
    due_on: date
    rules: tuple[str, ...]


_AGAINST = (DECLINE, LESS, SECURED)
RULES = (
    NoticeRule(
        "us_reg_b_reasons",
        frozenset({"US"}),
        ANYBODY,
        _AGAINST,
        "You may ask us in writing within 60 days for the specific reasons, and we will tell them"
        " in writing.",
        "12 CFR 1002.9(a)(3)(ii), as quoted in facts, credit.md [S2][S3]",
        True,
    ),
    NoticeRule(
        "us_fcra_report",
        frozenset({"US"}),
        True,
        _AGAINST,
        "A consumer report was used. You may have a copy of it from the agency that made it, and"
        " dispute what is wrong in it there.",
        "facts, credit.md [S5]; the wording is not verified",
        False,
    ),
    NoticeRule(
        "gdpr_art_22",
        EU | {"GB"},
        True,
        _AGAINST,
        "A person decided about this. You may say how you see it, and ask that a person looks at"
        " it again.",
        "general knowledge, not verified",
        False,
    ),
)


def answer_due_on(submitted_on: date, days: int) -> date:
    """By when an applicant should have an answer; 30 days from a whole application is meant to
    be in time everywhere."""
    return submitted_on + timedelta(days=days)


def write_notice(facts: NoticeFacts) -> Notice:
    """The notice of a decision."""
    rules = [rule for rule in RULES if _applies(rule, facts)]
    lines = [_opening(facts)]
    if facts.conditions:
        lines.append("It begins once this is done:")
        lines += [f"- {one}" for one in facts.conditions]
    if facts.is_offer:
        lines.append("Please tell us whether you accept it.")
    told = [REASONS[code] for code in facts.reason_codes if code in REASONS]
    if told and facts.verdict in _AGAINST:
        lines += ["What we could not look past:", *(f"- {one}" for one in told)]
    lines += [rule.text for rule in rules]
    kind = "approval"
    if facts.verdict == DECLINE:
        kind = "adverse_action"
    elif facts.verdict in (LESS, SECURED):
        kind = "counter_offer"
    return Notice(
        kind,
        f"Your request for credit with {facts.our_name}",
        "\n".join(lines),
        answer_due_on(facts.submitted_on, facts.answer_days),
        tuple(rule.id for rule in rules),
    )


def _applies(rule: NoticeRule, facts: NoticeFacts) -> bool:
    if rule.id == "us_fcra_report" and not facts.used_consumer_report:
        return False
    return (
        (not rule.countries or facts.country in rule.countries)
        and rule.is_natural in (None, facts.is_natural_person)
        and facts.verdict in rule.verdicts
    )


def _opening(facts: NoticeFacts) -> str:
    who = f"{facts.applicant} asked us for credit of {facts.asked}."
    if facts.verdict == APPROVE:
        return f"{who} We grant it."
    if facts.verdict == DECLINE:
        return f"{who} We can't grant it now."
    if facts.verdict == SECURED:
        return f"{who} We grant {facts.amount} against security."
    return f"{who} We can grant {facts.amount}."
