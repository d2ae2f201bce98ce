"""Days as exports write them, to ISO text; what settles their order is looked for once a file."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from duly.interfaces.exchange.readers.days import DayStyle, OrderSearch
from duly.interfaces.exchange.readers.presets.preset import Told
from duly.interfaces.exchange.readers.refusals import DateOrderUnclear
from duly.kernel.errors import InvalidDate

_SECONDS = re.compile(r"[0-9]{9,10}(?:\.0)?")  # since 1970, as Stripe's API counts
_TICKS = re.compile(r"/Date\((-?[0-9]{1,14})(?:[+-][0-9]{4})?\)/")  # Xero's API: milliseconds


class DayReader:
    """Writes days in ISO form; which of two numbers is the day is settled once for a file.

    Moments become their day as written, counted seconds their day in UTC. A text of no known form
    stays as it is, so that intake refuses it with its place.
    """

    def __init__(self, order: str | None) -> None:
        self._style = DayStyle(order)
        self._odd: dict[str, str] = {}

    @classmethod
    def for_texts(cls, texts: Iterable[str], *, told: Told, file: str) -> "DayReader":
        """A reader for all days of a file.

        Refuses: DateOrderUnclear when the days fit several orders, or no single one, and nobody
        said which it is.
        """
        if told.date_order:
            return cls(told.date_order)
        search = OrderSearch()
        search.look(texts)
        if search.is_needed and search.found is None:
            text = search.unclear or search.example
            raise DateOrderUnclear(
                f"{file}: {text} may have the day first or the month first, and nothing in the "
                "file settles it."
                if search.orders
                else f"{file}: some days have the day first, others the month first.",
                facts={"file": file, "text": text},
                remedy='Write a mapping with the preset\'s name and date_order = "dmy" (or '
                '"mdy"), and give it with --map; or export the days as YYYY-MM-DD.',
            )
        return cls(search.found)

    def read(self, text: str) -> str:
        """A day in ISO form, '' for ''; a text that is no day comes back as it is."""
        odd = self._odd.get(text)
        if odd is not None:
            return odd
        try:
            return self._style.read(text)
        except InvalidDate:
            odd = _counted(text) or text
        if len(self._odd) < 100_000:
            self._odd[text] = odd
        return odd


def _counted(text: str) -> str:
    """The day of counted seconds or milliseconds; '' for another text."""
    if _SECONDS.fullmatch(text):
        return _day(int(text.partition(".")[0]))
    found = _TICKS.fullmatch(text)
    return _day(int(found[1]) // 1000) if found else ""


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds < 10**10 else ""
