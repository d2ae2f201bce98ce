"""The gate before every contact: what of the law stops it, or is to be told. Pure.

What is asked is a channel at a moment, or with no moment the whole day. The safe side is chosen
where something is not known: without a zone of its own a debtor must be reachable in every zone of
its country; a kind that nobody told is a business, and the gate says so.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from duly.collections.rules.laws.places import covers, is_part_of
from duly.collections.rules.laws.rule import (
    BUSINESS,
    BY_LAW,
    CONSENT,
    ENFORCE,
    FREQUENCY,
    HOURS,
    OF_CONTACT,
    STAY,
    WARN,
    Rule,
)
from duly.collections.rules.reasons import Reason

LAW = "law"  # the code of a silence that a rule asked for


class Contact(NamedTuple):
    """A contact that was tried; `is_made` it reached somebody, `is_talk` a person was spoken to."""

    on: date
    channel: str
    is_made: bool = True
    is_talk: bool = False


class Debtor(NamedTuple):
    """What the law asks of a debtor; `wishes` {channel: may be used} as far as one was told."""

    place: str
    kind: str = BUSINESS
    law: str = ""  # the place whose law governs the contract; "" the debtor's own
    zones: tuple[str, ...] = ()
    has_own_zone: bool = True
    wishes: Mapping[str, bool] = {}
    contacts: Sequence[Contact] = ()
    stay: str = ""  # why nobody may contact it, in words
    is_kind_told: bool = True


class Stopped(NamedTuple):
    """A rule that stands before a contact; `until` the day from which it lets it go, None where it
    does not lift by itself."""

    rule_id: str
    source: str
    words: str
    level: str = ENFORCE
    until: date | None = None
    is_unverified: bool = False
    what: str = ""

    @property
    def is_stop(self) -> bool:
        """It forbids, where others only warn or tell."""
        return self.level == ENFORCE

    @property
    def reason(self) -> Reason:
        """Why nothing is sent, as a silence tells it."""
        checked = "; unverified" if self.is_unverified else ""
        return Reason(LAW, f"{self.rule_id}: {self.words} ({self.source}{checked})"[:1000])


class When(NamedTuple):
    """The day asked about, and where a moment is meant: the time there, in every zone it may be."""

    on: date
    moments: tuple[datetime, ...] = ()
    is_holiday: bool = False


def rules_for(rules: Sequence[Rule], debtor: Debtor, on: date) -> list[Rule]:
    """The rules that hold for a debtor on a day.

    Rule: for contact by where the debtor is, otherwise by the law of the contract.
    """
    own = debtor.law or debtor.place
    return [
        rule
        for rule in rules
        if debtor.kind in rule.who
        and rule.holds_on(on)
        and covers(rule.place, own if rule.by == BY_LAW else debtor.place)
    ]


def narrowest(rules: Sequence[Rule], what: str, place: str) -> list[Rule]:
    """Of rules of which one can hold, those of the narrowest place; where only the country is
    known, those of its parts too, as any may be meant."""
    found = [rule for rule in rules if rule.what == what and covers(rule.place, place)]
    if len(place) > 2 and any(rule.place == place for rule in found):
        return [rule for rule in found if rule.place == place]
    parts = [rule for rule in rules if rule.what == what and is_part_of(rule.place, place)]
    return found + parts


def judge(rules: Sequence[Rule], debtor: Debtor, channel: str, when: When) -> list[Stopped]:
    """What of the rules that hold for a debtor stands before a contact, stops first.

    Given: `rules` as `rules_for` gives them.
    """
    found = []
    for rule in rules:
        if rule.what not in OF_CONTACT or channel not in rule.params.get("channels", (channel,)):
            continue
        told = _judged(rule, debtor, channel, when)
        if told is not None:
            found.append(told)
    return sorted(found, key=lambda one: (not one.is_stop, one.level != WARN))


def _judged(rule: Rule, debtor: Debtor, channel: str, when: When) -> Stopped | None:
    if rule.what == STAY:
        return _stopped(rule, debtor.stay) if debtor.stay else None
    if rule.what == CONSENT:
        wish = debtor.wishes.get(channel)
        is_free = wish if rule.params["needs"] == "consent" else wish is not False
        return None if is_free else _stopped(rule)
    if rule.what == FREQUENCY:
        first = next_day(rule, debtor.contacts, channel, when.on)
        if first <= when.on:
            return None
        return _stopped(rule, f"The next may be on {first}.", first)
    return _outside(rule, debtor, when) if rule.what == HOURS else None


def next_day(rule: Rule, contacts: Sequence[Contact], channel: str, on: date) -> date:
    """The first day from `on` on which a rule of frequency allows one more contact.

    Rule: of the days counted the day itself is one; after a conversation its own day is the first.
    See: docs/sources.md, L-02.
    """
    counts_made = rule.params["counts"] == "contacts"
    counted = [
        one.on
        for one in contacts
        if one.channel in rule.params["channels"] and (one.is_made or not counts_made)
    ]
    first = on
    after = rule.params.get("after_talk_days", 0)
    talks = [one.on for one in contacts if one.is_talk and one.on <= on]
    if after and talks and channel in rule.params["channels"]:
        first = max(first, max(talks) + timedelta(days=after))
    longest = max(limit.days for limit in rule.params["limits"])
    for _ in range(longest + 1):
        if all(
            sum(first - timedelta(days=limit.days) < day <= first for day in counted) < limit.most
            for limit in rule.params["limits"]
        ):
            break
        first += timedelta(days=1)
    return first


def _outside(rule: Rule, debtor: Debtor, when: When) -> Stopped | None:
    """The rule, where its hours are not those of every place the debtor may be."""
    if when.is_holiday and not rule.params.get("is_on_holidays", True):
        return _stopped(rule, "It is a public holiday there.", when.on + timedelta(days=1))
    windows = rule.params["windows"]
    moments = when.moments
    for moment in moments:
        day = moment.isoweekday()
        clock = moment.time().replace(tzinfo=None)
        if any(day in one.days and one.first <= clock < one.last for one in windows):
            continue
        told = f"It is {moment:%H:%M} there."
        if not debtor.has_own_zone and len(moments) > 1:
            told = f"It is {moment:%H:%M} in {moment.tzinfo}; the customer's own zone is not known."
        return _stopped(rule, told, when.on)
    if not moments and not any(when.on.isoweekday() in one.days for one in windows):
        return _stopped(rule, "Not on this day of the week.", when.on + timedelta(days=1))
    return None


def _stopped(rule: Rule, more: str = "", until: date | None = None) -> Stopped:
    words = f"{rule.words} {more}".strip()
    return Stopped(
        rule.id, rule.source, words, rule.level, until, rule.status == "unverified", rule.what
    )
