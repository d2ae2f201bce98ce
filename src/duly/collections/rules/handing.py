"""What is judged again when a message is about to leave: may it go, wait, or never go."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from duly.collections.policy import DunningPolicy
from duly.collections.rules.planning import Line
from duly.collections.rules.reasons import (
    COVERED,
    DISPUTED,
    FELL_DUE,
    NOT_ALLOWED,
    PAID,
    PROMISED,
    SENDING_OFF,
    STOPPED,
    Reason,
)
from duly.kernel.ids import digest


class Clock(NamedTuple):
    """The moment of a run; `noon_of` makes it noon of a day wherever a recipient is."""

    at: datetime
    noon_of: date | None = None

    def where(self, zone: str) -> datetime:
        """The recipient's own time."""
        place = ZoneInfo(zone)
        if self.noon_of is not None:
            return datetime.combine(self.noon_of, time(12), place)
        return self.at.astimezone(place)

    def after(self, wait: timedelta, zone: str) -> datetime:
        """The moment after a wait where a recipient is, whatever clocks are put back there."""
        return self.where(zone).astimezone(UTC) + wait

    def later(self, by: timedelta) -> "Clock":
        """The same clock after a while."""
        return self._replace(at=self.at + by)


class Now(NamedTuple):
    """What is true of a message's lines and customer at this moment."""

    open_minor: Mapping[int, int]  # by item
    credits: Sequence[Line]
    disputed: Mapping[int, int]
    promised: Mapping[int, int]
    blocked: Mapping[int, Reason]
    silence: Reason | None
    recipients: tuple[str, ...]
    has_fallen_due: bool = False  # what the message announces as yet to come


def trouble_key(message_id: int, state: str, attempts: int) -> str:
    """The key of the task that a try to hand over raises when it failed, or nobody saw its end."""
    return digest("message", str(message_id), state, str(attempts))


def never(lines: Sequence[Line], recipients: tuple[str, ...], now: Now) -> Reason | None:
    """Why a message that was planned must not leave any more; None while it may.

    Rule: paid when nothing it asks for is open; nothing announces what has fallen due; covered when
    credits reach the rest; then whatever protects an item now; then changed, when any amount
    differs from what the text says: the text never contradicts the ledger.
    See: docs/invariants.md, I12; docs/sources.md, pains A6, A15.
    """
    asked = [line for line in lines if line.kind == "item" and line.minor > 0]
    left = {line.id: now.open_minor.get(line.id, 0) for line in asked}
    if not any(left.values()):
        return PAID
    if now.has_fallen_due:
        return FELL_DUE
    if now.silence is not None:
        return now.silence
    for line in asked:
        if line.id in now.blocked:
            return now.blocked[line.id]
        if line.id in now.promised:
            return PROMISED
    may_ask = {
        item_id: minor - min(now.disputed.get(item_id, 0), minor) for item_id, minor in left.items()
    }
    if sum(may_ask.values()) + sum(line.minor for line in now.credits) <= 0:
        return DISPUTED if not any(may_ask.values()) else COVERED
    if any(may_ask[line.id] < min(line.minor, left[line.id]) for line in asked):
        return DISPUTED
    said = {(line.kind, line.id, line.minor) for line in lines if line.minor < 0}
    is_same = said == {(line.kind, line.id, line.minor) for line in now.credits}
    if not is_same or any(may_ask[line.id] != line.minor for line in asked):
        return Reason("changed", "What is owed has changed since the text was written.")
    if recipients != now.recipients:
        return Reason("changed", "The customer's addresses have changed since it was planned.")
    return None


def is_shut(
    *,
    mode: str,
    allowed: Sequence[str],
    recipients: Sequence[str],
    local: datetime,
    not_before: datetime | None,
) -> Reason | None:
    """Why any message waits, whoever it is to: switch, test list, put off."""
    if mode in ("off", "stopped"):
        return SENDING_OFF if mode == "off" else STOPPED
    if mode == "test" and not set(recipients) <= set(allowed):
        return NOT_ALLOWED
    if not_before is not None and local < not_before:
        return Reason("put_off", f"It waits until {not_before:%Y-%m-%d %H:%M} UTC.")
    return None


def not_now(
    *,
    mode: str,
    allowed: Sequence[str],
    recipients: Sequence[str],
    local: datetime,
    is_business_day: bool,
    policy: DunningPolicy,
    bank_on: date | None,
    not_before: datetime | None,
    needs_bank: bool = True,
) -> Reason | None:
    """Why a message to a customer waits: switch, test list, put off, hours, quiet day, old data.

    Given: `needs_bank` whether it asks for money, and so for knowing who has paid.
    """
    shut = is_shut(
        mode=mode, allowed=allowed, recipients=recipients, local=local, not_before=not_before
    )
    if shut is not None:
        return shut
    first, last = policy.hours
    if not first <= local.hour < last:
        return Reason(
            "outside_hours", f"It is {local:%H:%M} there; mail leaves from {first} to {last} h."
        )
    if local.isoweekday() not in policy.weekdays or not is_business_day:
        return Reason("quiet_day", f"{local:%Y-%m-%d} is no working day there.")
    return old_bank_data(bank_on, local.date(), policy) if needs_bank else None


def old_bank_data(bank_on: date | None, on: date, policy: DunningPolicy) -> Reason | None:
    """Why nobody is written to while we can't know who has paid.

    >>> from duly.collections.policy import GENTLE
    >>> old_bank_data(date(2026, 3, 6), date(2026, 3, 9), GENTLE) is None
    True
    """
    if bank_on is not None and (on - bank_on).days <= policy.fresh_days:
        return None
    seen = f"Money is known up to {bank_on}" if bank_on else "No money was ever recorded"
    return Reason(
        "bank_data_old",
        f"{seen}; mail leaves while it is at most {policy.fresh_days} days old.",
    )
