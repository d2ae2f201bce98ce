"""What a rule says beyond its heads, by its matter; read, or refused with place and remedy."""

from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from duly.collections.rules.laws.rule import CONTACT_CHANNELS
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Problem
from duly.kernel.locales import LANGUAGES

STARTS = ("day_after_due", "year_end")
MOST_DAYS, MOST_YEARS = 3660, 40


class Unfit(NamedTuple):
    """What is wrong with a value, and what to write."""

    code: str
    told: str
    remedy: str


class Window(NamedTuple):
    """Hours of some days of the week, 1 is Monday."""

    days: frozenset[int]
    first: time
    last: time


class Limit(NamedTuple):
    """At most so many contacts in so many days, the day itself counted."""

    most: int
    days: int


class Phrases(NamedTuple):
    """Words of a language; any of them counts."""

    language: str
    words: tuple[str, ...]


Read = Callable[[Any], Any]  # a value, or Unfit


def _number(most: int) -> Read:
    def read(given: Any) -> Any:
        if type(given) is int and 0 < given <= most:
            return given
        return Unfit("LAW_NUMBER_UNFIT", f"{given!r} is no number from 1 to {most}.", "Mend it.")

    return read


def _one_of(*values: str) -> Read:
    def read(given: Any) -> Any:
        if given in values:
            return given
        return Unfit("LAW_VALUE_UNFIT", f"{given!r} can't stand here.", f"Use {', '.join(values)}.")

    return read


def _some_of(*values: str) -> Read:
    def read(given: Any) -> Any:
        if isinstance(given, list) and given and all(one in values for one in given):
            return tuple(given)
        return Unfit(
            "LAW_VALUE_UNFIT", f"{given!r} is no list of known ones.", f"Use {', '.join(values)}."
        )

    return read


def _texts(given: Any) -> Any:
    if isinstance(given, list) and given and all(isinstance(one, str) and one for one in given):
        return tuple(given)
    return Unfit("LAW_VALUE_UNFIT", f"{given!r} is no list of words.", 'Write ["final", "..."].')


def _flag(given: Any) -> Any:
    if type(given) is bool:
        return given
    return Unfit("LAW_VALUE_UNFIT", f"{given!r} is neither true nor false.", "Write true or false.")


def _text(given: Any) -> Any:
    if isinstance(given, str) and 0 < len(given) <= 40:
        return given
    return Unfit("LAW_VALUE_UNFIT", f"{given!r} is no short text.", "Write up to 40 characters.")


def _zone(given: Any) -> Any:
    try:
        ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return Unfit(
            "LAW_ZONE_UNKNOWN", f"{given!r} is no time zone.", "Write one such as Europe/Berlin."
        )
    return given


def _currency(given: Any) -> Any:
    if given in EXPONENTS:
        return given
    return Unfit("LAW_VALUE_UNFIT", f"{given!r} is no currency.", "Write its code, such as EUR.")


def _amount(given: Any) -> Any:
    try:
        value = Decimal(given) if isinstance(given, str) else None
    except InvalidOperation:
        value = None
    if value is not None and value.is_finite() and value >= 0:
        return value
    return Unfit("LAW_AMOUNT_UNFIT", f"{given!r} is no amount.", 'Write it as text: "8575".')


def _windows(given: Any) -> Any:
    wrong = Unfit(
        "LAW_HOURS_UNFIT",
        "These are no hours of days.",
        'Write { days = [1, 2, 3, 4, 5], from = "08:00", to = "21:00" }; hours do not overlap.',
    )
    if not isinstance(given, list) or not given:
        return wrong
    windows, seen = [], set[int]()
    for raw in given:
        if not isinstance(raw, Mapping) or set(raw) != {"days", "from", "to"}:
            return wrong
        days = raw["days"]
        try:
            first, last = (time.fromisoformat(raw[key]) for key in ("from", "to"))
        except (ValueError, TypeError):
            return wrong
        is_week = isinstance(days, list) and all(type(one) is int and 1 <= one <= 7 for one in days)
        if not is_week or not days or first >= last or seen & set(days):
            return wrong
        seen |= set(days)
        windows.append(Window(frozenset(days), first, last))
    return tuple(windows)


def _limits(given: Any) -> Any:
    def is_limit(raw: Any) -> bool:
        return (
            isinstance(raw, Mapping)
            and set(raw) == {"most", "days"}
            and all(type(value) is int and 0 < value <= MOST_DAYS for value in raw.values())
        )

    if isinstance(given, list) and given and all(map(is_limit, given)):
        return tuple(Limit(raw["most"], raw["days"]) for raw in given)
    return Unfit("LAW_NUMBER_UNFIT", "These are no limits.", "Write [{ most = 7, days = 7 }].")


def _phrases(given: Any) -> Any:
    def is_one(raw: Any) -> bool:
        return (
            isinstance(raw, Mapping)
            and set(raw) == {"language", "words"}
            and raw["language"] in LANGUAGES
            and not isinstance(_texts(raw["words"]), Unfit)
        )

    if isinstance(given, list) and given and all(map(is_one, given)):
        return tuple(Phrases(raw["language"], tuple(raw["words"])) for raw in given)
    return Unfit(
        "LAW_WORDS_UNFIT",
        "These are no words of a language.",
        f'Write [{{ language = "en", words = ["..."] }}]; languages: {", ".join(LANGUAGES)}.',
    )


_CHANNELS = _some_of(*CONTACT_CHANNELS)
_DAYS = _number(MOST_DAYS)
# By what a rule is about: each field, how it is read, and whether it must be there.
PARAMS: Mapping[str, Mapping[str, tuple[Read, bool]]] = {
    "hours": {
        "channels": (_CHANNELS, True),
        "windows": (_windows, True),
        "is_on_holidays": (_flag, False),
        "zone": (_zone, False),
    },
    "frequency": {
        "channels": (_CHANNELS, True),
        "limits": (_limits, True),
        "counts": (_one_of("attempts", "contacts"), True),
        "after_talk_days": (_DAYS, False),
    },
    "consent": {
        "channels": (_CHANNELS, True),
        "needs": (_one_of("no_objection", "consent"), True),
    },
    "stay": {},
    "time_barred": {"stops": (_one_of("final", "all"), True)},
    "wording": {
        "stages": (_texts, False),
        "must": (_phrases, False),
        "must_not": (_phrases, False),
        "when": (_phrases, False),
        "when_has": (_text, False),
    },
    "limitation": {
        "years": (_number(MOST_YEARS), True),
        "start": (_one_of(*STARTS), True),
        "is_extinguished": (_flag, False),
    },
    "preference": {
        "days": (_DAYS, True),
        "insider_days": (_DAYS, True),
        "least": (_amount, True),
        "venue_least": (_amount, False),
        "currency": (_currency, True),
        "priority_days": (_DAYS, True),
        "reclaim_days": (_DAYS, True),
    },
    "terms": {
        "default_days": (_DAYS, False),
        "most_days": (_DAYS, False),
        "most_public_days": (_DAYS, False),
    },
    "notice": {"at": (_texts, True)},
}


def read_params(
    raw: Mapping[str, Any], what: str, where: str, problems: list[Problem]
) -> dict[str, Any]:
    """The params of a rule; every fault goes among the problems."""
    params = {}
    for key, (read, is_needed) in PARAMS[what].items():
        if key not in raw:
            if is_needed:
                told = f"It has no {key}."
                problems.append(Problem(f"{where}, {key}", "LAW_FIELD_MISSING", told, "Write it."))
            continue
        value = read(raw[key])
        if isinstance(value, Unfit):
            problems.append(Problem(f"{where}, {key}", value.code, value.told, value.remedy))
        else:
            params[key] = value
    if what == "wording" and not {"must", "must_not"} & raw.keys():
        told = "It says neither what must stand nor what must not."
        problems.append(Problem(where, "LAW_FIELD_MISSING", told, "Write must or must_not."))
    return params
