"""An excuse as data: read from a document, with every fault named."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from duly.collections.errors import ExcuseUnfit
from duly.kernel.errors import Problem

PROOFS = ("cash", "dispute", "copy", "person")
FOLLOWS = ("days", "told", "before")
SIGNALS = ("", "distress_told", "ownership_change")
# The call page's own keys: outcomes, and going elsewhere.
RESERVED_KEYS = frozenset("fgnoprvw")
MOST_DAYS = 365


class Excuse(NamedTuple):
    """What a customer says instead of paying, and what is done about it.

    `key` picks it in a call; `follow` says from where the day is counted on which it is looked at
    again; `proof` what shows that it was true, waited for `within_days`.
    """

    code: str
    key: str
    name: str
    probe: tuple[str, ...]
    response: str
    evidence: str
    action: str
    owner: str
    follow_days: int
    within_days: int
    follow: str = "days"
    proof: str = "person"
    dispute: str = ""
    signal: str = ""
    stop: bool = False
    number: int = 0  # in the library that comes with Duly; 0 for the firm's own
    version: int = 0


_CODE = re.compile(r"[a-z][a-z0-9_]{1,47}")
_CHOICES = {"follow": FOLLOWS, "proof": PROOFS, "signal": SIGNALS}
_TEXTS = {"name": 120, "response": 400, "evidence": 300, "action": 400, "owner": 120}
_KNOWN = set(Excuse._fields) - {"version"}


def read_excuse(document: Mapping[str, Any], *, reasons: Iterable[str], version: int = 0) -> Excuse:
    """An excuse from its document. Refuses: ExcuseUnfit, with every fault.

    Given: `reasons` for which a part may be disputed.

    >>> told = {"code": "rain", "name": "It rains", "follow_days": 2, "owner": "collector"}
    >>> read_excuse(told, reasons=()).within_days
    10
    """
    problems = [
        Problem(name, "EXCUSE_FIELD_UNKNOWN", "No excuse has this field.", "Take it out.")
        for name in sorted(set(document) - _KNOWN)
    ]
    problems += _faults(document, set(reasons))
    if problems:
        raise ExcuseUnfit(
            f"The excuse can't be used: {len(problems)} problems.",
            facts={"problems": problems},
            remedy="Mend what is named; nothing was kept.",
        )
    given = {name: document[name] for name in _KNOWN & set(document)}
    given["probe"] = tuple(given.get("probe", ()))
    blank = {"key": "", "response": "", "evidence": "", "action": "", "within_days": 10}
    return Excuse(**{**blank, **given, "version": version})


def _faults(document: Mapping[str, Any], reasons: set[str]) -> list[Problem]:
    found = []

    def fault(where: str, told: str, remedy: str) -> None:
        found.append(Problem(where, "EXCUSE_FIELD_UNFIT", told, remedy))

    code, key, probe = document.get("code"), document.get("key", ""), document.get("probe", [])
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        fault("code", f"{code!r} is no code.", "Write it in small letters: cheque_in_the_mail.")
    if (
        not isinstance(key, str)
        or len(key) > 1
        or (key and not key.isalnum())
        or key != key.lower()
    ):
        fault("key", f"{key!r} is no single key.", "Take one small letter or digit, or none.")
    elif key in RESERVED_KEYS:
        fault("key", f"{key!r} is a key of the call page itself.", "Take another one, or none.")
    for name, most in _TEXTS.items():
        text = document.get(name, "")
        if not isinstance(text, str) or len(text) > most:
            fault(name, f"This is no text of at most {most} characters.", "Write it shorter.")
        elif not text.strip() and name in ("name", "owner"):
            fault(name, "There is none.", "Say it.")
    if not isinstance(probe, list) or not all(isinstance(one, str) for one in probe):
        fault("probe", "These are no questions.", 'Write them as ["Who?", "When?"].')
    for name in ("follow_days", "within_days"):
        days = document.get(name, 10 if name == "within_days" else None)
        if type(days) is not int or not 0 <= days <= MOST_DAYS:
            fault(name, f"{days!r} is no number of days.", f"Take one from 0 to {MOST_DAYS}.")
    for name, known in _CHOICES.items():
        if name in document and document[name] not in known:
            listed = ", ".join(one or "nothing" for one in known)
            fault(name, f"{document[name]!r} is none.", f"Take one of: {listed}.")
    reason = document.get("dispute", "")
    if reason and reason not in reasons:
        fault("dispute", f"{reason!r} is no reason of a dispute.", "See `duly dispute reasons`.")
    if type(document.get("stop", False)) is not bool:
        fault("stop", "It is either true or false.", "Say which.")
    return found


def refuse_taken_key(excuse: Excuse, others: Iterable[Excuse]) -> None:
    """Refuse a key that another excuse has. Refuses: ExcuseUnfit."""
    for other in others:
        if excuse.key and other.key == excuse.key and other.code != excuse.code:
            told = f"{excuse.key!r} is the key of {other.code}."
            problem = Problem("key", "EXCUSE_KEY_TAKEN", told, "Take another one, or none.")
            raise ExcuseUnfit(
                f"The excuse can't be used: {told}",
                facts={"problems": [problem]},
                remedy="Mend what is named; nothing was kept.",
            )


def document_of(excuse: Excuse) -> dict[str, Any]:
    """An excuse as it is written down."""
    told = excuse._asdict()
    del told["version"]
    return {**told, "probe": list(excuse.probe)}


def in_language(excuse: Excuse, words: Mapping[str, Mapping[str, Any]]) -> Excuse:
    """An excuse with its name, questions and answer in another language, where there are some.

    Rule: of the firm's own version nothing is translated: it stands as it was written.
    """
    told = words.get(excuse.code)
    if told is None or excuse.version:
        return excuse
    return excuse._replace(name=told["name"], probe=tuple(told["probe"]), response=told["response"])


def follow_day(excuse: Excuse, told_on: date, named_on: date | None) -> date:
    """The day on which an excuse is looked at again, before it is moved to a working day.

    Rule: the day that the customer named where the excuse goes by it (or the day before), but never
    the day itself on which it was told; else so many days later.

    >>> one = read_excuse({"code": "run", "name": "Run", "owner": "x", "follow_days": 7,
    ...                    "follow": "before"}, reasons=())
    >>> str(follow_day(one, date(2026, 3, 10), date(2026, 3, 25)))
    '2026-03-24'
    >>> str(follow_day(one, date(2026, 3, 10), None))
    '2026-03-17'
    """
    if named_on is not None and excuse.follow != "days":
        day = named_on - timedelta(days=1 if excuse.follow == "before" else 0)
        return max(day, told_on + timedelta(days=1))
    return told_on + timedelta(days=excuse.follow_days)
