"""Dates after which a right is lost, computed from the days that are known. Pure.

What the law of a state asks is data that nobody has verified: it warns, and is no advice. A clock
is done by a person, with evidence; its key names its date too, so that a renewed one runs again.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.kernel.dates import add_months

DATES = {
    "ucc1": ("filed",),
    "pmsi": ("delivered", "notified"),
    "lien": ("first_furnished", "last_furnished", "completed"),
    "letter_of_credit": ("latest_shipment", "shipped"),
}
SECURITIES = {
    "guarantee": "Guarantee",
    "deposit": "Deposit",
    "standby": "Standby letter of credit",
    "letter_of_credit": "Letter of credit",
    "ucc1": "UCC-1 filing",
    "pmsi": "Purchase-money security interest",
    "retention": "Retention of title",
    "lien": "Mechanics lien",
    "bond": "Payment bond",
}
INVENTORY = "inventory"  # collateral of a PMSI; otherwise equipment
PRESENT_DAYS = 21  # documents under a letter of credit, after shipment
UCC_MONTHS, CONTINUE_MONTHS = 60, 6
PMSI_DAYS = 20
SOON_DAYS = 30  # from when on a plain end of something is shown as to be done


class Window(NamedTuple):
    """When something may be done first and last, and what it is."""

    name: str
    text: str
    opens_on: date
    due_on: date
    is_unverified: bool = False


class LienRule(NamedTuple):
    """What a state asks: so many days after an event, or a day of a month after it."""

    state: str
    name: str
    text: str
    event: str
    days: int = 0
    months: int = 0
    day_of_month: int = 0


# Unverified, for a lawyer to check; a firm replaces them by its own.
LIENS = (
    LienRule("CA", "preliminary", "Preliminary notice", "first_furnished", days=20),
    LienRule(
        "CA", "lien", "Record the lien (sooner after a recorded notice)", "completed", days=90
    ),
    LienRule("FL", "notice_to_owner", "Notice to owner", "first_furnished", days=45),
    LienRule("FL", "lien", "Record the lien", "last_furnished", days=90),
    LienRule(
        "TX", "lien", "Lien affidavit (non-residential)", "completed", months=4, day_of_month=15
    ),
)


class Held(NamedTuple):
    """A security as its clocks need it; `done` are the days on which its clocks were done."""

    kind: str
    from_on: date
    to_on: date | None = None
    state: str = ""
    collateral: str = ""
    dates: Mapping[str, date] = {}
    done: Mapping[str, Sequence[date]] = {}  # {window: days}


def windows_of(held: Held, liens: Sequence[LienRule] = LIENS) -> list[Window]:
    """Every clock that a security still runs by, the earliest first.

    >>> [(w.opens_on, w.due_on) for w in windows_of(Held("ucc1", date(2026, 3, 10)))]
    [(datetime.date(2030, 9, 10), datetime.date(2031, 3, 10))]
    """
    by_kind = {"ucc1": _ucc1, "pmsi": _pmsi, "letter_of_credit": _letter_of_credit}
    found = list(by_kind[held.kind](held)) if held.kind in by_kind else []
    if held.kind == "lien":
        found += _liens(held, liens)
    if held.to_on is not None:
        told = f"{SECURITIES[held.kind]} ends"
        found.append(Window("ends", told, held.to_on - timedelta(days=SOON_DAYS), held.to_on))
    return sorted(found, key=lambda one: one.due_on)


def _ucc1(held: Held) -> Iterator[Window]:
    """Five years from filing; a continuation counts in the last six months alone, for five more."""
    lapses = add_months(held.dates.get("filed", held.from_on), UCC_MONTHS)
    for done in sorted(held.done.get("continuation", ())):
        if add_months(lapses, -CONTINUE_MONTHS) <= done <= lapses:
            lapses = add_months(lapses, UCC_MONTHS)
    opens = add_months(lapses, -CONTINUE_MONTHS)
    yield Window("continuation", "Continuation of the UCC-1, or it lapses", opens, lapses)


def _pmsi(held: Held) -> Iterator[Window]:
    delivered = held.dates.get("delivered")
    if delivered is not None and held.collateral != INVENTORY:
        last = delivered + timedelta(days=PMSI_DAYS)
        yield Window("filing", "File within 20 days of delivery", held.from_on, last)
    elif delivered is not None:
        last = delivered - timedelta(days=1)
        told = "File, and notify earlier filers, before delivery"
        yield Window("filing", told, held.from_on, last, is_unverified=True)
    notified = held.dates.get("notified")
    if notified is not None:
        ends = add_months(notified, UCC_MONTHS)
        told = "Notify earlier filers again"
        yield Window("notice", told, add_months(ends, -CONTINUE_MONTHS), ends, is_unverified=True)


def _letter_of_credit(held: Held) -> Iterator[Window]:
    """Ship by the latest day, then present within 21 days and before it expires."""
    shipped, latest = held.dates.get("shipped"), held.dates.get("latest_shipment")
    if shipped is not None:
        last = shipped + timedelta(days=PRESENT_DAYS)
        last = min(last, held.to_on) if held.to_on else last
        yield Window("presentation", "Present the documents", shipped, last, is_unverified=True)
    elif latest is not None:
        opens = latest - timedelta(days=SOON_DAYS)
        yield Window("shipment", "Latest shipment", opens, latest)


def _liens(held: Held, rules: Sequence[LienRule]) -> Iterator[Window]:
    for rule in rules:
        event = held.dates.get(rule.event)
        if rule.state != held.state or event is None:
            continue
        if rule.day_of_month:
            last = add_months(event.replace(day=1), rule.months).replace(day=rule.day_of_month)
        else:
            last = event + timedelta(days=rule.days)
        yield Window(rule.name, f"{rule.state}: {rule.text}", event, last, is_unverified=True)


class Clock(NamedTuple):
    """A date with what is lost if it is missed; `at_stake_minor` None where nobody can say."""

    key: str
    kind: str
    text: str
    customer_id: int
    opens_on: date
    due_on: date
    currency: str = ""
    at_stake_minor: int | None = None
    is_unverified: bool = False
    about: str = ""  # the number of what it is about

    def state(self, on: date) -> str:
        """Missed, open (it can be done now) or ahead."""
        return "missed" if self.due_on < on else "open" if self.opens_on <= on else "ahead"
