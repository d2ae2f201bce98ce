"""Reports of credit agencies: an adapter for each way they come, one name for what they tell.

The one that is here reads a file, JSON or XML, whose fields are named as in `NAMES`. Another agency
gets an adapter of its own: a function of bytes that returns the same draft.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from duly.credit.actions import ReportDraft
from duly.interfaces.exchange.json_documents import JsonError, strict_json
from duly.kernel.amounts import minor_from_text
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError, Malformed, Problem
from duly.kernel.quoting import CONTROLS, quoted, safe_text

MOST_BYTES = 5 * 1024 * 1024
NAMES = (
    *("agency", "reported_on", "currency", "days_beyond_terms", "recommended", "public_record"),
    *("trade_lines", "score", "reference"),
)
RECORDS = ("clean", "satisfied_judgment", "open_lien", "judgment", "insolvency_filing")
Adapter = Callable[[bytes], ReportDraft]


class AgencyReportUnfit(Malformed):
    """A file is no agency's report that an adapter reads."""

    code = "AGENCY_REPORT_UNFIT"


def read_report(path: Path) -> ReportDraft:
    """A report from a file, by the adapter of its format. Refuses: AgencyReportUnfit."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError as error:
        raise _unfit(f"can't be read: {error.strerror or error}") from None
    if not raw:
        raise _unfit(f"is empty, or larger than {MOST_BYTES:,} bytes")
    return (_from_xml if raw.lstrip().startswith(b"<") else _from_json)(raw)


def _from_json(raw: bytes) -> ReportDraft:
    try:
        given = strict_json(raw)
    except JsonError as error:
        raise _unfit(f"is no JSON: {error}") from None
    if not isinstance(given, dict):
        raise _unfit("holds no report: an object with fields is one")
    return _draft(given, raw)


def _from_xml(raw: bytes) -> ReportDraft:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        raise _unfit("is no XML") from None
    given = {
        etree.QName(one).localname: (one.text or "").strip()
        for one in root
        if isinstance(one.tag, str)
    }
    return _draft(given, raw)


def _draft(given: Mapping[str, Any], raw: bytes) -> ReportDraft:
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for name, reader in _READERS.items():
        value = given.get(name)
        if value in (None, ""):
            if name in ("agency", "reported_on"):
                problems.append(Problem(name, "FIELD_MISSING", f"“{name}” is missing."))
            continue
        try:
            if isinstance(value, bool | list | dict) or CONTROLS.search(str(value)):
                raise ValueError("one plain text or number")
            read[name] = reader(str(value).strip())
        except (ValueError, InvalidOperation, DulyError) as error:
            told = f"“{name}” can't be {quoted(value)}: {error}"
            problems.append(Problem(name, "FIELD_UNFIT", f"{told.rstrip('.')}."))
    currency = str(read.get("currency", ""))
    if "recommended" in read:
        try:
            minor = minor_from_text(read.pop("recommended"), exponent(currency))
            if minor < 0:
                raise ValueError("below nothing")
            read["recommended_minor"] = minor
        except (ValueError, DulyError) as error:
            problems.append(Problem("recommended", "FIELD_UNFIT", f"Not an amount: {error}"))
    if problems:
        raise _unfit("tells what can't be", problems)
    on: date = read.pop("reported_on")
    return ReportDraft(read["agency"], on, read, hashlib.sha256(raw).hexdigest())


def _text(text: str) -> str:
    if len(text) > 64:
        raise ValueError("at most 64 characters")
    return text


def _days(text: str) -> str:
    days = Decimal(text)
    if not days.is_finite() or not -366 <= days <= 3660:
        raise ValueError("days from -366 to 3660")
    return str(days)


def _record(text: str) -> str:
    if text not in RECORDS:
        raise ValueError(f"one of {', '.join(RECORDS)}")
    return text


def _currency(text: str) -> str:
    exponent(text)
    return text


_READERS: Mapping[str, Callable[[str], Any]] = {
    "agency": _text,
    "reported_on": parse_iso_date,
    "currency": _currency,
    "days_beyond_terms": _days,
    "recommended": _text,
    "public_record": _record,
    "trade_lines": _text,
    "score": _text,
    "reference": _text,
}


def _unfit(why: str, problems: list[Problem] | None = None) -> AgencyReportUnfit:
    return AgencyReportUnfit(
        f"The report {safe_text(why, 200)}.",
        facts={"problems": problems or []},
        remedy=f"Give a JSON or XML file with {', '.join(NAMES)}.",
    )
