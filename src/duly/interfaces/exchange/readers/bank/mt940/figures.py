"""Days, amounts and references as field 61 and the balances of MT940 write them."""

import re
from datetime import date
from functools import lru_cache

from duly.interfaces.exchange.readers.bank.figures import day_of
from duly.interfaces.exchange.readers.bank.mt940.narrative import Narrative
from duly.kernel.dates import month_end

_CHARGES = re.compile(r"/CHGS/([A-Z]{3})([0-9]+,[0-9]*)")
_ORIGINAL = re.compile(r"/OCMT/([A-Z]{3})([0-9]+,[0-9]*)")


def long_reference(text: str, told: Narrative) -> tuple[str, Narrative]:
    """A reference of 16 characters with a name behind it, as Rabobank wrote field 61."""
    reference, name = text[:16], text[16:].strip()
    if "  " in reference.strip():
        reference, _, name = text.strip().partition("  ")
    return reference, told._replace(name=name.strip()) if name and not told.name else told


def minor_in(amount: str, decimals: int) -> int | None:
    """The minor units of "1234,5"; zeros behind more decimals than there are do not count."""
    whole, _, part = amount.replace(".", ",").partition(",")
    part = part.rstrip("0")
    whole = whole.lstrip("0")
    if len(part) > decimals or len(whole) > 15 or not amount.strip(",."):
        return None
    return int((whole or "0") + part.ljust(decimals, "0"))


def day_in(text: str) -> date | None:
    """The day of "YYMMDD"; the 29th or 30th of February is its last day, as some banks count."""
    on = day_of(text)
    if on is None and text[2:4] == "02" and text[4:] in ("29", "30"):
        first = day_of(text[:4] + "01")
        return month_end(first) if first else None
    return on


@lru_cache(maxsize=4096)
def days_of(text: str) -> tuple[date | None, date | None]:
    """Value day and day of entry of "YYMMDD[MMDD]"."""
    value_on = day_in(text[:6])
    if value_on is None or not text[6:].strip():
        return value_on, None
    near = [
        on
        for year in (value_on.year - 1, value_on.year, value_on.year + 1)
        if (on := day_in(f"{year % 100:02d}{text[6:]}"))
    ]
    return value_on, min(near, key=lambda on: abs((on - value_on).days), default=None)


def charges_in(text: str, currency: str, decimals: int, minor: int) -> int:
    """What the bank kept; where the original amount is told, it must explain the entry."""
    found, original = _CHARGES.search(text), _ORIGINAL.search(text)
    if not found or found[1] != currency:
        return 0
    charges = minor_in(found[2], decimals) or 0
    if original and original[1] == currency:
        told = minor_in(original[2], decimals)
        return charges if told is not None and abs(told - abs(minor)) == charges else 0
    return charges
