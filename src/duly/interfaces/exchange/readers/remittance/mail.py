"""A mail: what it encloses, or else its own words where they are those of a remittance.

Rule: what is quoted of an earlier mail is ours, and says nothing. Words alone are an advice where
they say so ("remittance", "Zahlungsavis", ...) and name documents with amounts.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import NamedTuple

from duly.interfaces.exchange.readers.remittance.loose import speaks_of

MOST_PARTS = 50
MOST_ENCLOSED = 20
MOST_BYTES = 20 << 20
_QUOTED = re.compile(
    r"^\s*(?:-{2,}\s*(?:original|forwarded|ursprüngliche|message d'origine|mensaje original"
    r"|oorspronkelijk|mensagem original).*|_{10,}|on .{5,120} wrote:|am .{5,120} schrieb.*:"
    r"|le .{5,120} a écrit\s*:|el .{5,120} escribió:|op .{5,120} schreef.*:|em .{5,120} escreveu:)"
    r"\s*$",
    re.IGNORECASE,
)


class Enclosed(NamedTuple):
    """A file in a mail."""

    name: str
    data: bytes


def enclosed_in(raw: bytes) -> list[Enclosed]:
    """The files that a mail encloses; nothing of one that can't be parsed. Never raises."""
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        return list(_enclosed(mail))
    except (Exception, RecursionError):  # a parser fed by strangers
        return []


def _enclosed(mail: EmailMessage) -> Iterator[Enclosed]:
    found = 0
    for count, part in enumerate(mail.walk()):
        if count >= MOST_PARTS or found >= MOST_ENCLOSED:
            return
        name = part.get_filename()
        is_told = part.get_content_disposition() == "attachment" or name
        if part.is_multipart() or not is_told:
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and 0 < len(data) <= MOST_BYTES:
            found += 1
            yield Enclosed(str(name or "without a name")[:200], data)


def own_words(text: str) -> list[str]:
    """The lines of a mail without what it quotes of others.

    >>> own_words("We paid.\\n> INV-1 5.00\\nOn Monday, Ann wrote:\\nINV-1 5.00")
    ['We paid.', '']
    """
    lines = []
    for line in text.splitlines():
        if _QUOTED.match(line[:300]):
            break
        lines.append("" if line.lstrip().startswith(">") else line)
    return lines


def is_remittance(subject: str, text: str, *names: str) -> bool:
    """Tell whether a mail says that it tells of a payment."""
    own = "\n".join(own_words(text))
    named = " ".join(name.replace("_", " ").replace("-", " ") for name in names)
    return any(speaks_of("advice", one) for one in (subject, own[:1000], named))
