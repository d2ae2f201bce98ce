"""XML of a bank as text in pieces, each up to the end of an entry, checked on the way.

Purpose: a file of a million entries is read a chunk at a time. Expat looks at every byte without
calling back, which is fast; the text itself is then cut by regular expressions. Rule: comments and
instructions are taken out, CDATA becomes plain text and prefixes of names go, so that an entry ends
with `</Ntry>` and nothing else does. A document type (DTD, entities), more than `DEEPEST` levels
and texts without end are refused.
See: OWASP ASVS 5.0, 1.5.1 (XML parsers without external entities).
"""

import codecs
import html
import io
import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from duly.interfaces.exchange.readers.bank.decoding import decoded, doubtful, unreadable
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

CHUNK = 1 << 16  # characters
DEEPEST = 200
LONGEST = 10_000_000  # characters of one text, tag or comment
LARGEST = 200_000_000  # characters of one entry: a batch of some 300,000 payments
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_ASIDE = re.compile(r"<!--|<!\[CDATA\[|<\?")
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_PREFIXED = re.compile(r"</?[\w.-]+:")
_PREFIX = re.compile(r"(</?)[\w.-]+:")
_ENTRY_END = re.compile(r"</Ntry\s*>")


class _Forbidden(Exception):  # noqa: N818 - never leaves this module
    """The file declares a document type."""


def pieces(file: BinaryIO) -> Iterator[str | Problem]:
    """The text up to each end of an entry, without that end, and then the rest of it.

    Yields `Problem` BANK_LINE_UNREADABLE where the file stops to be XML, and ends there.
    """
    text, problems = _opened(file)
    yield from problems
    if text is None:
        return
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _forbid
    cutter = _Cutter()
    while True:
        chunk = text.read(CHUNK)
        try:
            parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            told = f"it is no XML from here on ({expat.ErrorString(error.code)})"
            yield unreadable(f"line {error.lineno}", told)
            return
        except _Forbidden:
            yield unreadable(
                f"line {parser.CurrentLineNumber}",
                "it declares a document type (DOCTYPE), which could read other files",
            )
            return
        if not chunk:
            break
        yield from cutter.cut(chunk)
        if cutter.fault:
            yield unreadable(f"line {parser.CurrentLineNumber}", cutter.fault)
            return
    yield cutter.rest()


class _Cutter:
    """Cuts text at the ends of entries, whatever the chunks it comes in."""

    def __init__(self) -> None:
        self.fault = ""
        self._open = ""  # what may be part of a tag or comment that goes on
        self._held: list[str] = []
        self._size = self._depth = 0
        self._has_prefixes: bool | None = None

    def cut(self, chunk: str) -> list[str]:
        """The pieces that end in this chunk."""
        chunk, self._open = _plain(self._open + chunk)
        self._depth += chunk.count("<") - 2 * chunk.count("</") - chunk.count("/>")
        if self._has_prefixes is None and chunk:
            self._has_prefixes = _PREFIXED.search(chunk) is not None
        if self._has_prefixes:
            chunk = _PREFIX.sub(r"\1", chunk)
        first, *others = _ENTRY_END.split(chunk)
        self._held.append(first)
        self._size += len(first)
        if len(self._open) > LONGEST or self._size > LARGEST:
            self.fault = "a text, tag or entry has no end"
        if self._depth > DEEPEST:
            self.fault = f"it has more than {DEEPEST} levels"
        if self.fault or not others:
            return []
        ended = ["".join(self._held), *others[:-1]]
        self._held, self._size = [others[-1]], len(others[-1])
        return ended

    def rest(self) -> str:
        """What stands behind the last entry."""
        return "".join(self._held)


def _plain(text: str) -> tuple[str, str]:
    """Text without comments and the like, and the rest that may be a part of one, or of a tag."""
    if "<!" not in text and "<?" not in text:
        end = text.rfind(">") + 1
        return text[:end], text[end:]
    parts, at = [], 0
    while found := _ASIDE.search(text, at):
        begins, opener = found.start(), found[0]
        ends = text.find(_ENDS[opener], found.end())
        parts.append(text[at:begins])
        if ends < 0:
            return "".join(parts), text[begins:]
        if opener == "<![CDATA[":
            parts.append(html.escape(text[found.end() : ends], quote=False))
        at = ends + len(_ENDS[opener])
    end = max(text.rfind(">", at) + 1, at)
    parts.append(text[at:end])
    return "".join(parts), text[end:]


def _opened(file: BinaryIO) -> tuple[io.TextIOWrapper | None, list[Problem]]:
    """The text of the file in the encoding that it declares, and what is wrong with it."""
    file.seek(0)
    found = _DECLARED.match(file.read(1024))
    declared = found[1].decode("ascii").lower() if found else ""
    if declared in ("", "utf-8", "utf8", "utf-16"):
        text, problem = decoded(file, lines=False)
        if problem:
            return None, [problem]
        if declared and text.encoding in ("cp1252", "latin-1"):
            told = (
                f"The file says that it is {declared}, and is not; it is read as {text.encoding}."
            )
            return text, [doubtful("line 1", told, "Look at names with accents.")]
        return text, []
    try:
        codec = codecs.lookup(declared)
        "".encode(declared)  # refuses codecs of bytes, such as zip
    except (LookupError, UnicodeError):
        return None, [unreadable("line 1", f"its encoding {quoted(declared)} is not known")]
    file.seek(0)
    return io.TextIOWrapper(file, encoding=codec.name, errors="replace"), []


def _forbid(*_declared: object) -> None:
    raise _Forbidden
