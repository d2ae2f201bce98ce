"""When somebody may be called: by the hours of their own place."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from duly.collections.policy import DunningPolicy
from duly.collections.rules.reasons import Reason

MOST_DAYS = 14


def not_callable(local: datetime, policy: DunningPolicy, *, works: bool) -> Reason | None:
    """Why nobody is called at a moment of their own; None where one may.

    >>> from duly.collections.policy import GENTLE
    >>> not_callable(datetime(2026, 3, 10, 7, 59), GENTLE, works=True).text
    'It is 07:59 there; calls are made from 8 to 18 h.'
    >>> not_callable(datetime(2026, 3, 10, 8), GENTLE, works=True) is None
    True
    """
    first, last = policy.hours
    if local.isoweekday() not in policy.weekdays or not works:
        return Reason("quiet_day", f"{local:%Y-%m-%d} is no working day there.")
    if not first <= local.hour < last:
        told = f"It is {local:%H:%M} there; calls are made from {first} to {last} h."
        return Reason("outside_hours", told)
    return None


def next_window(
    local: datetime, policy: DunningPolicy, works: Callable[[date], bool]
) -> datetime | None:
    """The moment, there, from which they may be called: this one, or the next that opens.

    >>> from duly.collections.policy import GENTLE
    >>> str(next_window(datetime(2026, 3, 13, 19), GENTLE, lambda day: True))
    '2026-03-16 08:00:00'
    """
    if not_callable(local, policy, works=works(local.date())) is None:
        return local
    opens = time(policy.hours[0], tzinfo=local.tzinfo)
    for count in range(MOST_DAYS):
        start = datetime.combine(local.date() + timedelta(days=count), opens)
        is_open = start.isoweekday() in policy.weekdays and works(start.date())
        if start > local and is_open:
            return start
    return None
