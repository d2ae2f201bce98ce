"""Read a mail that came in, whoever wrote it: plain text alone is kept, nothing is fetched, run or
shown as markup, and whatever is broken in it breaks nothing here."""

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

from duly.collections.rules.incoming import OURS, Arrived, Report
from duly.collections.rules.templates import one_line
from duly.kernel.ids import digest

MOST_BYTES = 262_144  # of a mail that are fetched
MOST_TEXT = 20_000  # characters that are kept
MOST_ADDRESS = 1_000  # characters of a header in which an address is looked for
MOST_PARTS = 50
_ID = re.compile(r"<[^<>\s]{1,250}>")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_BROKEN_OFF = {"script", "style", "title", "template", "noscript", "svg", "math", "object"}
_CELLS, _LONGEST_CELL = {"td", "th"}, 200
_LINES = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"}


def read_mail(raw: bytes, *, size: int | None = None) -> Arrived:
    """A mail as plain facts. Given: `size` where only the beginning of it was fetched.

    Never: raises for what stands in it; a mail that can't be read at all is told as such.
    """
    is_cut = (size or len(raw)) > len(raw)
    try:
        return _read(email.message_from_bytes(raw, policy=email.policy.default), raw, is_cut)
    except (Exception, RecursionError):  # a parser fed by strangers: no mail may stop the others
        name = digest("mail", raw.decode("latin-1"))
        return Arrived(f"<{name}>", "", "", "", "This mail can't be read.", is_cut)


def _read(mail: EmailMessage, raw: bytes, is_cut: bool) -> Arrived:
    parts = list(_parts(mail))
    name, address = parseaddr(_header(mail, "From"))
    text, is_long = _text(parts)
    ids = _ID.findall(_header(mail, "Message-ID"))
    report = _header(mail, "Content-Type") if mail.get_content_type() == "multipart/report" else ""
    refers = [*_ID.findall(_header(mail, "In-Reply-To")), *_ID.findall(_header(mail, "References"))]
    refers += _given_back(parts)
    refers += [found[0] for found in OURS.finditer(text)]
    return Arrived(
        mail_id=(ids[0] if ids else f"<{digest('mail', raw.decode('latin-1'))}>")[:255],
        sender=one_line(address)[:254],
        sender_name=_shown(name)[:200],
        subject=_shown(_header(mail, "Subject"))[:400],
        text=text,
        is_cut=is_cut or is_long,
        enclosed=tuple(_enclosed(parts)),
        sent_at=_moment(_header(mail, "Date")),
        refers_to=tuple(dict.fromkeys(refers[-100:])),
        auto_submitted=_word(_header(mail, "Auto-Submitted"))
        or ("auto-replied" if mail["X-Autoreply"] or mail["X-Autorespond"] else ""),
        precedence=_word(_header(mail, "Precedence")),
        is_list=mail["List-Id"] is not None,
        is_from_nobody=_header(mail, "Return-Path").strip() == "<>",
        report_type=_report_type(report),
        reports=tuple(_reports(parts)),
        failed_recipients=tuple(
            one for one in map(_bare, _header(mail, "X-Failed-Recipients").split(",")) if one
        )[:20],
    )


def _parts(mail: Message) -> Iterator[Message]:
    for place, part in enumerate(mail.walk()):
        if place >= MOST_PARTS:
            return
        yield part


def _header(mail: Message, name: str) -> str:
    try:
        return _storable(str(mail[name] or ""))
    except Exception:  # the header parser has ends of its own for hostile headers
        found = [value for key, value in mail.raw_items() if key.lower() == name.lower()]
        return _storable(str(found[0])) if found else ""


def _shown(text: str) -> str:
    """One line without what turns the words around it over, or can't be seen."""
    return one_line(_UNSEEN.sub(" ", text))


def _storable(text: str) -> str:
    """A text without what no database takes: halves of characters, and zeros."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _word(text: str) -> str:
    return text.split(";")[0].strip().lower()


def _report_type(content_type: str) -> str:
    found = re.search(r"report-type\s*=\s*\"?([\w-]+)", content_type, re.IGNORECASE)
    if found:
        return found[1].lower()
    return "unknown" if content_type else ""


def _bare(text: str) -> str:
    """`rfc822; Name <a@b.example>` as the address alone."""
    # A stranger wrote it: a long run without an @ would be tried from each of its characters.
    found = re.search(r"[^\s<>;,\"]+@[^\s<>;,\"]+", text.rpartition(";")[2][:MOST_ADDRESS])
    return found[0].strip(".").lower()[:254] if found else ""


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _reports(parts: list[Message]) -> Iterator[Report]:
    """What delivery reports say, recipient by recipient; blocks without a recipient are passed."""
    for part in parts:
        if part.get_content_type() not in (
            "message/delivery-status",
            "message/global-delivery-status",
        ):
            continue
        payload = part.get_payload()
        blocks = payload if isinstance(payload, list) else []
        for block in blocks[:MOST_PARTS]:
            if not isinstance(block, Message):
                continue
            original = _bare(_header(block, "Original-Recipient"))
            to = original or _bare(_header(block, "Final-Recipient"))
            if to:
                yield Report(
                    to,
                    _word(_header(block, "Action")),
                    one_line(_header(block, "Status"))[:40],
                    one_line(_header(block, "Diagnostic-Code"))[:500],
                    is_final=not original,
                )


def _given_back(parts: list[Message]) -> Iterator[str]:
    """Message-IDs of messages that are given back, whole or as headers alone."""
    for part in parts:
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/global", "message/global-headers"):
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(inner, Message):
                yield from _ID.findall(_header(inner, "Message-ID"))
        elif kind in ("text/rfc822-headers", "text/rfc822"):
            found = re.search(r"(?im)^message-id:\s*(<[^<>\s]+>)", _content(part))
            if found:
                yield found[1]


def _enclosed(parts: list[Message]) -> Iterator[str]:
    for part in parts:
        if part.get_content_disposition() == "attachment":
            yield one_line(_storable(str(part.get_filename() or "without a name")))[:200]


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return _storable(payload.decode(part.get_content_charset() or "utf-8", "replace"))
    except (LookupError, ValueError):  # a character set that nobody knows, or that is none
        return _storable(payload.decode("utf-8", "replace"))


def _text(parts: list[Message]) -> tuple[str, bool]:
    """The plain words of a mail, and whether they are more than are kept."""
    plain, html = [], []
    for part in parts:
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment":
            continue
        if kind == "text/plain":
            plain.append(_content(part))
        elif kind == "text/html":
            html.append(_words_of(_content(part)))
    joined = "\n\n".join(plain) if any(one.strip() for one in plain) else "\n\n".join(html)
    text = _UNSEEN.sub("", joined.replace("\r\n", "\n").replace("\r", "\n"))
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", lines).strip()
    return text[:MOST_TEXT], len(text) > MOST_TEXT


def tables_of(raw: bytes) -> str:
    """The words of a mail's pages that hold tables, a row a line and tabs between cells; else "".

    Never: raises for what stands in it.
    """
    try:
        parts = list(_parts(email.message_from_bytes(raw, policy=email.policy.default)))
        pages = [_content(part) for part in parts if part.get_content_type() == "text/html"]
        pages = [page[: 4 * MOST_BYTES] for page in pages]
        found = [_words_of(page) for page in pages if "<table" in page.lower()]
    except (Exception, RecursionError):  # a parser fed by strangers
        return ""
    return "\n".join(found)[:MOST_TEXT]


class _Words(HTMLParser):
    """The words of a page: no tags, no attributes, nothing of what is not shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden: list[str] = []
        self._cells: list[int | None] = []  # where each cell began; None of one that holds a table

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BROKEN_OFF:
            self._hidden.append(tag)
        elif tag in _LINES:
            self.words.append("\n")
        if tag == "table":
            self._cells = [None] * len(self._cells)
        elif tag in _CELLS and len(self._cells) < MOST_PARTS:
            self._cells.append(len(self.words))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag in _LINES:
            self.words.append("\n")
        elif tag in _CELLS and self._cells:
            self._end_cell(self._cells.pop())

    def _end_cell(self, begins: int | None) -> None:
        """What a cell says is one line, where it is short and no table by itself."""
        said = "" if begins is None else " ".join("".join(self.words[begins:]).split())
        if begins is not None and len(said) <= _LONGEST_CELL:
            self.words[begins:] = [said]
        self.words.append("\t")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(re.sub(r"\s+", " ", data))


def _words_of(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "\n".join(line.strip() for line in "".join(reader.words).split("\n"))
