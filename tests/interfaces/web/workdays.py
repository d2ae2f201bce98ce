"""How far the next working day is: on others nothing leaves, and what leaves is what is tested."""

from datetime import UTC, datetime, timedelta
from itertools import count

from duly.kernel.calendar import is_business_day

COUNTRIES = ("GB", "DE")  # where the books of these tests are kept


def days_to_work() -> int:
    """How many days from now on; none on a working day."""
    today = datetime.now(UTC).date()
    return next(
        days
        for days in count()
        if all(is_business_day(today + timedelta(days=days), place) for place in COUNTRIES)
    )


def working_moment() -> datetime:
    """This time of the next working day, or now."""
    return datetime.now(UTC) + timedelta(days=days_to_work())
