"""What a decision must say, and what a limit must be, before anything is written."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from duly.credit.errors import DecisionUnfit, LimitUnfit, StatementsMissing
from duly.credit.policy import DecisionPolicy
from duly.credit.rules.limits_in_force import BASE, PARTS, SUB, TEMPORARY, Granted
from duly.kernel.amounts import MAX_MINOR
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.money import Money

LESS, SECURED, APPROVE, DECLINE = "approve_less", "approve_secured", "approve", "decline"
KINDS = (BASE, TEMPORARY, SUB)
TERMS_BANDS = ("open", "secured", "deposit", "prepay")
LONGEST_REASON = 1000
LONGEST_TERMS = 365
MOST_CONDITIONS = 20


class Terms(NamedTuple):
    """The limit that a decision grants, but for its amount."""

    from_on: date
    kind: str = BASE
    part: str = ""
    to_on: date | None = None
    review_on: date | None = None
    insured_minor: int = 0
    secured_minor: int = 0
    terms_band: str = "open"
    replaces_id: int | None = None
    terms_days: int | None = None  # None: as they were before, or as asked

    def as_kept(self) -> dict[str, Any]:
        """In a form that JSON can hold."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self._asdict().items()
        }


def as_voted(terms: Terms, conditions: Sequence[str], on: date) -> dict[str, Any]:
    """What a vote is for besides the amount; the day it begins where it is not the vote's own.

    When the limit is looked at again is no part of it.
    """
    kept = terms.as_kept()
    del kept["review_on"]
    kept["from_on"] = None if terms.from_on == on else kept["from_on"]
    return {**kept, "conditions": sorted(" ".join(one.split()) for one in conditions)}


def terms_from(kept: dict[str, Any]) -> Terms:
    """Terms as they were kept."""
    days = {
        name: parse_iso_date(kept[name]) if kept[name] else None
        for name in ("from_on", "to_on", "review_on")
    }
    return Terms(**{**kept, **days})


def granted(customer_id: int, money: Money, terms: Terms) -> Granted:
    """The limit that a decision leads to, not written yet."""
    return Granted(
        None,
        customer_id,
        terms.kind,
        terms.part,
        money.currency,
        money.minor,
        terms.from_on,
        terms.to_on,
        terms.review_on,
        terms.replaces_id,
        terms.insured_minor,
        terms.secured_minor,
        terms.terms_band,
        terms.terms_days,
    )


def refuse_unfit_limit(money: Money, terms: Terms, reason: str) -> None:
    """Refuse a limit that can't stand. Refuses: LimitUnfit, UnknownCurrency."""
    exponent(money.currency)
    faults = [
        (not 0 <= money.minor <= MAX_MINOR, "A limit is nothing or more."),
        (terms.kind not in KINDS, f"A limit is one of {', '.join(KINDS)}."),
        (terms.kind == SUB and terms.part not in PARTS, f"Its part is one of {', '.join(PARTS)}."),
        (terms.kind != SUB and terms.part != "", "Only a limit of a part names one."),
        (terms.kind == TEMPORARY and terms.to_on is None, "A limit for a time needs its last day."),
        (
            terms.to_on is not None and terms.to_on < terms.from_on,
            "Its last day is before its first.",
        ),
        (
            terms.review_on is not None and terms.review_on < terms.from_on,
            "It would be reviewed before it begins.",
        ),
        (
            min(terms.insured_minor, terms.secured_minor) < 0
            or terms.insured_minor + terms.secured_minor > max(money.minor, 0),
            "What is insured and secured is part of the limit.",
        ),
        (terms.terms_band not in TERMS_BANDS, f"Terms are one of {', '.join(TERMS_BANDS)}."),
        (terms.terms_band == "prepay" and money.minor > 0, "Who pays in advance needs no limit."),
        (
            terms.terms_days is not None and not 0 <= terms.terms_days <= LONGEST_TERMS,
            f"Terms are of 0 to {LONGEST_TERMS} days.",
        ),
        (not reason.strip(), "It needs a reason."),
        (len(reason) > LONGEST_REASON, f"Its reason is longer than {LONGEST_REASON} characters."),
    ]
    told = [text for is_wrong, text in faults if is_wrong]
    if told:
        raise LimitUnfit(
            f"This limit can't stand: {told[0]}",
            facts={"faults": told},
            remedy="Mend what is named.",
        )


def refuse_unfit_decision(
    verdict: str, money: Money, asked: Money, reason: str, conditions: Sequence[str]
) -> None:
    """Refuse a decision that says too little, or what its verdict does not mean.

    Refuses: DecisionUnfit.
    """
    has_terms = verdict == SECURED and not conditions
    is_other = money.currency != asked.currency
    faults = [
        (not reason.strip(), "A decision needs a reason."),
        (len(reason) > LONGEST_REASON, f"The reason is longer than {LONGEST_REASON} characters."),
        (verdict not in (APPROVE, LESS, SECURED, DECLINE), "This is no verdict."),
        (is_other, f"They asked in {asked.currency}, this is in {money.currency}."),
        (verdict != DECLINE and money.minor <= 0, "What is approved is more than nothing."),
        (verdict == DECLINE and money.minor != 0, "What is declined has no amount."),
        (
            verdict == LESS and not is_other and money >= asked,
            "Less is less than they asked for.",
        ),
        (has_terms, "Say which security must be there first."),
        (len(conditions) > MOST_CONDITIONS, f"At most {MOST_CONDITIONS} conditions fit."),
        (any(not one.strip() or len(one) > 300 for one in conditions), "A condition is a text."),
    ]
    told = [text for is_wrong, text in faults if is_wrong]
    if told:
        raise DecisionUnfit(
            told[0],
            facts={"verdict": verdict, "amount": money.text(), "faults": told},
            remedy="Mend what is named, and decide again.",
        )


def refuse_without_statements(
    amount_in_own: Money, has_statements: bool, policy: DecisionPolicy
) -> None:
    """Above the threshold nothing is approved without statements. Refuses: StatementsMissing."""
    own = amount_in_own.currency
    threshold = Money(int(policy.statements_above.scaleb(exponent(own))), own)
    if amount_in_own > threshold and not has_statements:
        raise StatementsMissing(
            f"Above {threshold} nothing is approved without financial statements.",
            facts={"amount": amount_in_own.text(), "above": threshold.text(), "currency": own},
            remedy=f"Spread two years of statements, or approve {threshold.text()} or less.",
        )
