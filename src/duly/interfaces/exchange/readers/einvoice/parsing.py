"""Bytes to an XML tree, with every door shut: no DTD, no entity, no network, no huge tree.

Rule: a document type declaration is refused before the parser sees it. The parser's own limits
(256 levels, 10 MB in one text) stay on.
See: OWASP ASVS 5.0, 1.5.1 (XML parsers without external entities).
"""

import re

from lxml import etree

from duly.interfaces.exchange.readers.einvoice.errors import (
    FileTooLarge,
    XmlForbidden,
    XmlUnreadable,
)
from duly.kernel.quoting import quoted, safe_text

MAX_BYTES = 50_000_000
_HEAD_BYTES = 1024
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # byte order marks
_TAG = re.compile(rb"\s*<[?!A-Za-z_]")
# What may stand before the root: space, processing instructions, comments.
_PROLOG = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)


def is_pdf(head: bytes) -> bool:
    """Tell whether a file begins as a PDF; readers allow some bytes before the mark."""
    return b"%PDF-" in head[:_HEAD_BYTES]


def is_xml(head: bytes) -> bool:
    """Tell whether a file begins as XML, in UTF-8 or UTF-16."""
    return _TAG.match(_plain(head[:_HEAD_BYTES])) is not None


def refuse_size(size: int, name: str) -> None:
    """Refuse a file beyond the limit.

    Refuses: FileTooLarge.
    """
    if size > MAX_BYTES:
        raise FileTooLarge(
            f"{name} has {size} bytes. An e-invoice may have {MAX_BYTES}.",
            facts={"file": name, "bytes": size, "limit_bytes": MAX_BYTES},
            remedy="Take large attachments out of the invoice, or ask for it without them.",
        )


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML document; comments and processing instructions are left out.

    Refuses: FileTooLarge, XmlForbidden, XmlUnreadable.
    """
    refuse_size(len(data), name)
    if _declares_type(data):
        raise _forbidden(name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        # Encodings that the scan can't look into end here: the parser fails or tells the DTD.
        line = getattr(error, "lineno", None)
        raise XmlUnreadable(
            f"{name} is no whole XML document: {quoted(str(error), 160)}.",
            facts={"file": name, "line": line, "parser": safe_text(str(error), 200)},
            remedy="Export the invoice again; the file may have been cut off or edited.",
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _forbidden(name)
    return root


def _plain(head: bytes) -> bytes:
    """Bytes without byte order mark and without the zeros of UTF-16."""
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"")


def _declares_type(data: bytes) -> bool:
    """Tell whether a document type declaration stands before the root."""
    scanned = _plain(data) if b"\x00" in data[:_HEAD_BYTES] else _plain(data[:3]) + data[3:]
    rest = _PROLOG.match(scanned)
    start = rest.end() if rest else 0
    return scanned[start : start + 9].upper() == b"<!DOCTYPE"


def _forbidden(name: str) -> XmlForbidden:
    return XmlForbidden(
        f"{name} declares a document type (DOCTYPE). No e-invoice needs one, and it could read "
        "other files or fill the memory.",
        facts={"file": name},
        remedy="Ask the sender for the invoice without it.",
    )
