"""Small readings of an XML tree that both formats need. Paths are local names, any namespace."""

import re
from collections.abc import Iterator

from lxml import etree

from duly.interfaces.exchange.readers.einvoice.invoice import Stated

_SPACE = re.compile(r"\s+")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")


def local_name(node: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(node).localname


def namespace(node: etree._Element) -> str:
    """The namespace of an element, '' where it has none."""
    return etree.QName(node).namespace or ""


def nodes(root: etree._Element, path: str) -> list[etree._Element]:
    """All elements at a path such as "PaymentTerms/Note"."""
    return root.findall("/".join(f"{{*}}{step}" for step in path.split("/")))


def text_of(node: etree._Element | None) -> str:
    """The text of an element on one line; '' where there is none."""
    if node is None or not node.text:
        return ""
    return _SPACE.sub(" ", node.text).strip()


def texts(root: etree._Element, path: str) -> list[str]:
    """The texts at a path that are not empty."""
    return [text for text in map(text_of, nodes(root, path)) if text]


def first_text(root: etree._Element, *paths: str) -> str:
    """The first text at the first path that has one."""
    for path in paths:
        for text in texts(root, path):
            return text
    return ""


def written_lines(node: etree._Element) -> str:
    """A text with its line breaks (`#SKONTO#` ends with its line), other white space collapsed."""
    lines = (" ".join(line.split()) for line in (node.text or "").splitlines())
    return "\n".join(line for line in lines if line)


def stated(node: etree._Element | None) -> Stated:
    """An amount as it stands, with its currencyID."""
    if node is None:
        return Stated()
    return Stated(text_of(node), (node.get("currencyID") or "").strip())


def first_stated(root: etree._Element, *paths: str) -> Stated:
    """The first amount at the first path that has one."""
    for path in paths:
        for node in nodes(root, path):
            return stated(node)
    return Stated()


def all_stated(root: etree._Element, path: str) -> Iterator[Stated]:
    """All amounts at a path."""
    return map(stated, nodes(root, path))


def iso_day(text: str) -> str:
    """The day of an xsd:date or xsd:dateTime, its clock and zone left out; else the text."""
    match = _DAY.fullmatch(text)
    return match[1] if match else text
