"""From facts to sheets: one a year end, lines that are not told found by what must hold."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from duly.credit.rules.statement_lines import BY_ID
from duly.credit.rules.statements import MOST_MONTHS, Sheet
from duly.interfaces.exchange.readers.filings.concepts import LINES
from duly.interfaces.exchange.readers.filings.inline import INLINE, Fact, facts_in, parsed
from duly.interfaces.exchange.readers.refusals import FormatUnreadable

MOST_YEARS = 3
_DAYS_A_MONTH = Decimal("30.4375")


class Filing(NamedTuple):
    """What accounts say: sheets newest first, and what was found rather than told."""

    sheets: list[Sheet]
    notes: list[str]


def is_filing(head: bytes) -> bool:
    """Tell whether a file's head is of inline XBRL."""
    return any(space.encode() in head.replace(b"\x00", b"") for space in INLINE)


def read_filing(data: bytes, name: str) -> Filing:
    """The statements of a filing, at most three years.

    Refuses: XmlForbidden, XmlUnreadable, FileTooLarge; FormatUnreadable without facts that are
    known, for a number that can't be read, and where two facts contradict each other.
    """
    facts = list(facts_in(parsed(data, name), name))
    currencies = [fact.currency for fact in facts]
    main = max(dict.fromkeys(currencies), key=currencies.count, default="")
    ours = [fact for fact in facts if fact.currency == main]
    days = _year_ends(ours)[:MOST_YEARS]
    if not days:
        raise FormatUnreadable(
            f"{name} tags no balance sheet that is known.",
            facts={"file": name},
            remedy="Give the accounts as filed in iXBRL; or type the statement in.",
        )
    sheets, notes = [], []
    for day in days:
        stood = _agreed((f for f in ours if f.period == (None, day)), name)
        months, flows = _flows(ours, day, name)
        told = stood | flows
        figures = {
            line: told[found]
            for line, names in LINES.items()
            if (found := next((one for one in names if one in told), None))
            and BY_ID[line].is_flow == (found in flows)
        }
        notes += [f"{day}: {note}" for note in _find(figures, told)]
        sheets.append(Sheet(day, months, 1, main, figures))
    return Filing(sheets, notes)


def _year_ends(facts: Iterable[Fact]) -> list[date]:
    """The days on which a balance sheet stands, newest first."""
    days: dict[date, set[str]] = {}
    for fact in facts:
        if fact.period.start is None:
            days.setdefault(fact.period.end, set()).add(fact.name)
    sides = {*LINES["equity"], *LINES["total_assets"], *LINES["current_assets"]}
    return sorted((day for day, names in days.items() if names & sides), reverse=True)


def _flows(facts: Iterable[Fact], day: date, name: str) -> tuple[int, dict[str, Decimal]]:
    """What flowed in the longest period that ends on a day, and its months."""
    starts = {
        fact.period.start
        for fact in facts
        if fact.period.end == day and fact.period.start is not None
    }
    fitting = sorted(start for start in starts if 1 <= _months(start, day) <= MOST_MONTHS)
    if not fitting:
        return 12, {}
    first = fitting[0]
    flows = _agreed((f for f in facts if f.period == (first, day)), name)
    return _months(first, day), flows


def _months(start: date, end: date) -> int:
    return round(Decimal((end - start).days + 1) / _DAYS_A_MONTH)


def _agreed(facts: Iterable[Fact], name: str) -> dict[str, Decimal]:
    """One value a name: of several, the most exact, which the others must round from."""
    found: dict[str, Fact] = {}
    for fact in facts:
        other = found.setdefault(fact.name, fact)
        exact, rough = sorted((fact, other), key=_inexact)
        if abs(exact.value - rough.value) > _half(rough):
            raise FormatUnreadable(
                f"{name}, lines {other.line} and {fact.line}: {fact.name} is told twice, as "
                f"{other.value:f} and {fact.value:f}.",
                facts={"file": name, "where": f"line {fact.line}", "concept": fact.name},
                remedy="Look which of them the accounts mean, and type the statement in.",
            )
        found[fact.name] = exact
    return {name: fact.value for name, fact in found.items()}


def _inexact(fact: Fact) -> int:
    return -100 if fact.decimals is None else -fact.decimals


def _half(fact: Fact) -> Decimal:
    """How far a fact may lie from the exact value."""
    return Decimal(0) if fact.decimals is None else Decimal(5).scaleb(-fact.decimals - 1)


def _find(figures: dict[str, Decimal], told: dict[str, Decimal]) -> Iterator[str]:
    """Find lines that British accounts do not tell, by what must hold; say how."""
    have = figures
    net = told.get("NetCurrentAssetsLiabilities")
    if "current_liabilities" not in have and "current_assets" in have and net is not None:
        have["current_liabilities"] = have["current_assets"] - net
        yield "current liabilities are current assets less net current assets"
    long = told.get("TotalAssetsLessCurrentLiabilities")
    if "total_assets" not in have and "current_liabilities" in have and long is not None:
        have["total_assets"] = long + have["current_liabilities"]
        yield "total assets are those less current liabilities, and current liabilities"
    fixed = told.get("FixedAssets")
    if "total_assets" not in have and "current_assets" in have and fixed is not None:
        have["total_assets"] = fixed + have["current_assets"]
        yield "total assets are fixed and current assets"
    if "total_liabilities" not in have and {"total_assets", "equity"} <= have.keys():
        have["total_liabilities"] = have["total_assets"] - have["equity"]
        yield "total liabilities are total assets less equity"
