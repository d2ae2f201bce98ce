"""Which kind of remittance a file is, told by its first bytes and never by its name."""

import re

from duly.interfaces.exchange.readers.remittance.edi import is_edi
from duly.interfaces.exchange.readers.remittance.tables import delimiter_of

HEAD_BYTES = 1 << 16

# In order: the first that fits counts.
_KINDS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rb"\A[\s\S]{0,1023}?%PDF-", "pdf"),
        (rb"\APK\x03\x04", "xlsx"),
        (rb"<(?:\w+:)?CstmrCdtTrfInitn\b|<(?:\w+:)?pain\.001\.001\.\d\d\b", "pain.001"),
        (rb"<(?:\w+:)?RmtAdvc\b", "remt.001"),
        (rb"<(?:\w+:)?RemittanceAdvice\b", "ubl"),
        (rb"\A101[ 0-9][\s\S]{90}", "nacha"),
        (rb"\A\s*\{1[15]00\}", "fedwire"),
        (
            rb"(?i)\A(?:From |(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version"
            rb"|DKIM-Signature|X-[\w-]+):)|\A(?:(?:From|To|Subject|Date|Content-Type):[^\n]*\n){2}",
            "mail",
        ),
    )
)
_MARK = b"\xef\xbb\xbf"
_XML = re.compile(rb"\s*<[?!A-Za-z]")


def recognise_remittance(head: bytes) -> str | None:
    """The kind of a remittance by its first bytes (up to 64 KiB); None where it is no text at all.

    >>> recognise_remittance(b"ST*820*0001~"), recognise_remittance(b"INV-1  5.00")
    ('edi', 'text')
    >>> recognise_remittance(b"Invoice No;Amount paid"), recognise_remittance(b"\\0\\1\\2")
    ('csv', None)
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    head = head.removeprefix(_MARK)
    kind = next((kind for pattern, kind in _KINDS if pattern.search(head)), None)
    if kind or _XML.match(head) or b"\0" in head:
        return kind
    text = _decoded(head)
    if is_edi(text):
        return "edi"
    return "csv" if delimiter_of(text) else "text"


def _decoded(head: bytes) -> str:
    try:
        return head.decode()
    except UnicodeDecodeError as error:
        is_cut = error.start > len(head) - 4
        return head[: error.start].decode() if is_cut else head.decode("cp1252", "replace")
