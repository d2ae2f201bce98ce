"""Inline XBRL to facts: name, period, amount and currency of each tagged number.

See: Inline XBRL 1.1 (scale, sign, format), XBRL 2.1 (contexts, units, decimals).
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lxml import etree

from duly.interfaces.exchange.readers.einvoice.errors import XmlForbidden, XmlUnreadable
from duly.interfaces.exchange.readers.einvoice.parsing import parse_xml
from duly.interfaces.exchange.readers.filings.concepts import DIMENSIONS, NAMES
from duly.interfaces.exchange.readers.refusals import FormatUnreadable
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError
from duly.kernel.quoting import quoted

INLINE = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
_XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_PLAIN = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,12})?", re.ASCII)
_SCALE = re.compile(r"-?[0-9]{1,2}", re.ASCII)
_CURRENCY = re.compile(r"(?:.*:)?([A-Z]{3})")
# Marks between thousands, and the decimal mark, by the format's name.
_FORMATS = {
    "numdotdecimal": (", \u00a0", "."),
    "numcommadot": (", \u00a0", "."),
    "numdotcomma": (". \u00a0", ","),
    "numcommadecimal": (". \u00a0", ","),
    "numspacedot": (" \u00a0", "."),
    "numspacecomma": (" \u00a0", ","),
    "": ("", "."),
}
_ZERO = ("zerodash", "numdash", "fixedzero", "nocontent", "fixedempty")


class Period(NamedTuple):
    """The days a fact is of; `start` is None for what stood on a day."""

    start: date | None
    end: date


class Fact(NamedTuple):
    """A tagged number. `decimals` tells how exact it is; None is exact."""

    name: str
    period: Period
    currency: str
    value: Decimal
    decimals: int | None
    line: int


def parsed(data: bytes, name: str) -> etree._Element:
    """The root of a filing. Refuses: XmlForbidden, XmlUnreadable, FileTooLarge."""
    try:
        return parse_xml(data, name)
    except XmlForbidden as error:
        raise XmlForbidden(
            f"{name} declares a document type (DOCTYPE), by which files are read.",
            facts=error.facts,
            remedy="Save it without that line; accounts need none.",
        ) from None
    except XmlUnreadable as error:
        raise XmlUnreadable(
            error.message,
            facts=error.facts,
            remedy="Download the accounts again, as iXBRL or XHTML.",
        ) from None


def facts_in(root: etree._Element, name: str) -> Iterator[Fact]:
    """Every fact of the table, in the order of the document.

    Refuses: FormatUnreadable with its line for a number that can't be read.
    """
    periods = dict(_periods(root))
    units = dict(_currencies(root))
    for space in INLINE:
        for element in root.iter(f"{{{space}}}nonFraction"):
            fact = _fact(element, periods, units, name)
            if fact is not None:
                yield fact


def _fact(
    element: etree._Element,
    periods: dict[str, tuple[Period, str]],
    units: dict[str, str],
    file: str,
) -> Fact | None:
    period, member = periods.get(element.get("contextRef", ""), (None, ""))
    name = element.get("name", "").rpartition(":")[2]
    name = f"{name}[{member}]" if member else name
    currency = units.get(element.get("unitRef", ""))
    is_nil = element.get(_XSI_NIL) in ("true", "1")
    if period is None or currency is None or name not in NAMES or is_nil:
        return None
    told = element.get("decimals", "INF")
    return Fact(
        name,
        period,
        currency,
        _value(element, file),
        int(told) if _SCALE.fullmatch(told) else None,
        int(element.sourceline or 0),  # type: ignore[call-overload]
    )


def _value(element: etree._Element, file: str) -> Decimal:
    shown = "".join(_texts(element)).strip()
    form = element.get("format", "").rpartition(":")[2].replace("-", "").casefold()
    scale = element.get("scale", "0")
    marks = _FORMATS.get(form)
    text = shown
    if form in _ZERO:
        text = "0"
    elif marks is not None:
        grouping, decimal = marks
        text = "".join(c for c in shown if c not in grouping).replace(decimal, ".")
    if (marks is None and form not in _ZERO) or not _PLAIN.fullmatch(text):
        raise _unread(element, file, f"{quoted(shown)} is no number of the format it tells")
    if not _SCALE.fullmatch(scale):
        raise _unread(element, file, f"{quoted(scale)} is no scale")
    if element.get("sign", "") not in ("", "-"):
        raise _unread(element, file, f"{quoted(element.get('sign'))} is no sign")
    value = Decimal(text).scaleb(int(scale))
    return -value if element.get("sign") == "-" else value


def _texts(element: etree._Element) -> Iterator[str]:
    """The text of a number; what is excluded is left out."""
    yield element.text or ""
    for child in element:
        if etree.QName(child).localname != "exclude":
            yield from _texts(child)
        yield child.tail or ""


def _unread(element: etree._Element, file: str, why: str) -> FormatUnreadable:
    concept = element.get("name", "")
    return FormatUnreadable(
        f"{file}, line {element.sourceline}: {concept}: {why}.",
        facts={"file": file, "where": f"line {element.sourceline}", "concept": concept[:80]},
        remedy="Look at the accounts there; type the statement in if they are filed so.",
    )


def _periods(root: etree._Element) -> Iterator[tuple[str, tuple[Period, str]]]:
    """{context: its period, and the member of the one dimension that is read}."""
    for context in root.iter("{http://www.xbrl.org/2003/instance}context"):
        member = _member(context)
        period = _period(context)
        if member is not None and period is not None:
            yield context.get("id", ""), (period, member)


def _member(context: etree._Element) -> str | None:
    """ "" without dimensions, the member of one that is read, else None."""
    found = [
        child
        for part in context.iter()
        if etree.QName(part).localname in ("segment", "scenario")
        for child in part
    ]
    if not found:
        return ""
    if len(found) > 1:
        return None
    dimension = found[0].get("dimension", "").rpartition(":")[2]
    member = (found[0].text or "").strip().rpartition(":")[2]
    return member if member in DIMENSIONS.get(dimension, ()) else None


def _period(context: etree._Element) -> Period | None:
    told = {etree.QName(part).localname: (part.text or "").strip() for part in context.iter()}
    try:
        if "instant" in told:
            return Period(None, parse_iso_date(told["instant"][:10]))
        if "startDate" in told and "endDate" in told:
            start, end = (parse_iso_date(told[name][:10]) for name in ("startDate", "endDate"))
            return Period(start, end) if start < end else None
    except DulyError:
        return None
    return None


def _currencies(root: etree._Element) -> Iterator[tuple[str, str]]:
    for unit in root.iter("{http://www.xbrl.org/2003/instance}unit"):
        measures = [part for part in unit.iter() if etree.QName(part).localname == "measure"]
        found = _CURRENCY.fullmatch((measures[0].text or "").strip()) if measures else None
        if len(measures) == 1 and found:
            yield unit.get("id", ""), found[1]
