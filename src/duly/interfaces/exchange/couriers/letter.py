"""A message as it goes over the line: headers that no name can break out of, plain text, the same
text as simple HTML, and what is enclosed. Nothing in it asks for anything from elsewhere."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from itertools import groupby
from typing import NamedTuple

from duly.collections.actions import Handover
from duly.collections.rules.addressing import wire_form
from duly.collections.rules.templates import one_line

DEFAULT_SENDER = "duly@localhost"
_WIRE = SMTP.clone(cte_type="7bit")
_WIRE_UTF8 = SMTP.clone(cte_type="7bit", utf8=True)
_CELLS = re.compile(r" {3,}")
_STYLE = "font-family:sans-serif;font-size:15px;line-height:1.4"


def domain_of(sender: str) -> str:
    """The domain in which the ids of a sender's messages are made; ours where none is named.

    >>> domain_of("ar@northwind.example"), domain_of("")
    ('northwind.example', 'localhost')
    """
    return (sender or DEFAULT_SENDER).rpartition("@")[2]


class Enclosure(NamedTuple):
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


def written(message: Handover, enclosed: Sequence[Enclosure] = (), *, is_utf8: bool) -> bytes:
    """The message as it goes over the line, with its final dot.

    Given: `is_utf8` where an address needs SMTPUTF8 and the server takes it. Raises ValueError for
    a header that holds a line break: nothing of the message is sent then.
    """
    mail = EmailMessage(policy=_WIRE_UTF8 if is_utf8 else _WIRE)
    mail["From"] = Address(
        display_name=one_line(message.sender_name),
        addr_spec=wire_form(message.sender or DEFAULT_SENDER),
    )
    mail["To"] = ", ".join(map(wire_form, message.recipients))
    if message.reply_to:
        mail["Reply-To"] = wire_form(message.reply_to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = message.message_id
    if message.thread:
        mail["In-Reply-To"] = message.thread[-1]
        mail["References"] = " ".join(message.thread)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    mail.add_alternative(as_html(message.body, message.language), subtype="html")
    for one in enclosed:
        kind, _, subtype = one.media_type.partition("/")
        mail.add_attachment(
            one.content, maintype=kind, subtype=subtype, filename=one_line(one.name)
        )
    mail["Content-Language"] = message.language  # after the content, which clears such headers
    raw = re.sub(rb"(?m)^\.", b"..", mail.as_bytes())
    return (raw if raw.endswith(b"\r\n") else raw + b"\r\n") + b".\r\n"


def as_html(body: str, language: str) -> str:
    """The same text as simple HTML: paragraphs, and a table where every line has columns."""
    blocks = [block for block in re.split(r"\n\s*\n", body.strip()) if block.strip()]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head><meta charset="utf-8"></head>'
        f'<body style="{_STYLE}">\n' + "\n".join(map(_block, blocks)) + "\n</body></html>\n"
    )


def _block(text: str) -> str:
    parts = []
    for is_table, lines in groupby(text.strip("\n").split("\n"), key=_is_row):
        if is_table:
            rows = "\n".join(map(_row, lines))
            parts.append(f'<table style="border-spacing:0">\n{rows}\n</table>')
        else:
            parts.append("<p>" + "<br>\n".join(map(escape, lines)) + "</p>")
    return "\n".join(parts)


def _is_row(line: str) -> bool:
    return _CELLS.search(line.strip()) is not None


def _row(line: str) -> str:
    cells = _CELLS.split(line.strip())
    last = len(cells) - 1
    return (
        "<tr>"
        + "".join(
            f'<td style="padding:2px 16px 2px 0{";text-align:right" if n == last else ""}">'
            f"{escape(cell)}</td>"
            for n, cell in enumerate(cells)
        )
        + "</tr>"
    )
