"""A rule of law as data, and a pack of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

BUSINESS, SOLE_TRADER, GUARANTOR = "business", "sole_trader", "guarantor"
CONSUMER, PUBLIC_BODY = "consumer", "public_body"
DEBTOR_KINDS = {
    BUSINESS: "Business",
    SOLE_TRADER: "Sole trader or partner",
    GUARANTOR: "Guarantor, a person",
    CONSUMER: "Consumer",
    PUBLIC_BODY: "Public body",
}
ENFORCE, WARN, INFORM = "enforce", "warn", "inform"
LEVELS = {ENFORCE: "Enforced", WARN: "Warns", INFORM: "Informs"}
STATUSES = {"verified": "Verified", "unverified": "Unverified"}
BY_DEBTOR, BY_LAW = "debtor", "law"  # whose place decides: the debtor's, the contract's law
CONTACT_CHANNELS = ("email", "letter", "call", "sms")

HOURS, FREQUENCY, CONSENT, STAY = "hours", "frequency", "consent", "stay"
TIME_BARRED, WORDING, NOTICE = "time_barred", "wording", "notice"
LIMITATION, PREFERENCE, TERMS = "limitation", "preference", "terms"
MATTERS = {
    HOURS: "Hours of contact",
    FREQUENCY: "How often",
    CONSENT: "Consent and opt-out",
    STAY: "Insolvency stay",
    TIME_BARRED: "Time-barred debts",
    WORDING: "Wording of letters",
    LIMITATION: "Limitation",
    PREFERENCE: "Preference",
    TERMS: "Terms of payment",
    NOTICE: "To know",
}
OF_CONTACT = frozenset({HOURS, FREQUENCY, CONSENT, STAY, TIME_BARRED})
NO_JUDGE = frozenset({NOTICE, TERMS, PREFERENCE, LIMITATION})  # no machine stops anything by it
SINGLE = frozenset({LIMITATION, PREFERENCE, TERMS})  # one of them holds for a debtor in a place


class Rule(NamedTuple):
    """What one rule says, for whom, where and when; `params` are those of its `what`."""

    id: str
    place: str
    by: str
    who: frozenset[str]
    what: str
    level: str
    from_on: date | None
    to_on: date | None
    words: str
    source: str
    checked_on: date
    status: str
    params: Mapping[str, Any]
    pack: str = ""
    version: int = 0

    def holds_on(self, on: date) -> bool:
        """Tell whether it is in force on a day."""
        return (self.from_on is None or self.from_on <= on) and (
            self.to_on is None or on <= self.to_on
        )


class Pack(NamedTuple):
    """Rules that are kept together, in versions."""

    name: str
    title: str
    checked_on: date
    rules: tuple[Rule, ...]
    version: int = 0
