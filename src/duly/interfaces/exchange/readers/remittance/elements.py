"""XML read as a stream of the elements that are wanted, each with all that is in it.

Expat looks at every byte; what is not wanted is not kept. A document type is refused, so no entity
is ever expanded and no other file read.
See: OWASP ASVS 5.0, 1.5.1 (XML parsers without external entities).
"""

from collections.abc import Collection, Iterator
from typing import BinaryIO
from xml.parsers import expat

from duly.interfaces.exchange.readers.remittance.telling import unreadable
from duly.kernel.errors import Problem

CHUNK = 1 << 16  # bytes
DEEPEST = 100
LARGEST = 1_000_000  # elements, and characters, held of one wanted element
_LONGEST_TEXT = 10_000_000


class Element:
    """A name without its prefix, attributes, text, and what is inside."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""

    def all(self, path: str) -> list["Element"]:
        """The elements at a path of names, such as "RmtInf/Strd"."""
        found = [self]
        for name in path.split("/"):
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def one(self, path: str) -> "Element | None":
        """The first element at a path."""
        return next(iter(self.all(path)), None)

    def said(self, *paths: str) -> str:
        """The text at the first of some paths that has one."""
        texts = (one.text.strip() for path in paths for one in self.all(path))
        return next(filter(None, texts), "")


class _Forbidden(Exception):  # noqa: N818 - never leaves this module
    """Why the file is not read on."""


class _Builder:
    """Keeps what stands in wanted elements, until it is taken."""

    def __init__(self, wanted: Collection[str]) -> None:
        self.wanted = wanted
        self.ready: list[tuple[str, Element]] = []
        self.names: list[str] = []
        self._open: list[Element] = []
        self._texts: list[str] = []
        self._held = self._length = 0
        self._parent = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        if len(self.names) >= DEEPEST:
            raise _Forbidden(f"it has more than {DEEPEST} levels")
        if self._open or name in self.wanted:
            element = Element(name, attributes)
            self._held += 1
            if self._held > LARGEST:
                raise _Forbidden("one of its payments is endless")
            if self._open:
                self._put_text()
                self._open[-1].children.append(element)
            else:
                self._parent = self.names[-1] if self.names else ""
            self._open.append(element)
        self.names.append(name)

    def text(self, data: str) -> None:
        """Text within the element that is open."""
        if self._open:
            self._texts.append(data)
            self._length += len(data)
            if self._length > _LONGEST_TEXT:
                raise _Forbidden("one of its texts is endless")

    def end(self, name: str) -> None:
        """The element that is open ends."""
        self.names.pop()
        if self._open:
            self._put_text()
            element = self._open.pop()
            if not self._open:
                self.ready.append((self._parent, element))
                self._held = self._length = 0

    def _put_text(self) -> None:
        self._open[-1].text += "".join(self._texts)
        self._texts.clear()


def read_elements(
    file: BinaryIO, wanted: Collection[str]
) -> Iterator[tuple[str, Element] | Problem]:
    """The wanted elements, outermost first to last, each with the name of what it stands in.

    Yields a problem where the file stops to be XML, and ends there.
    """
    file.seek(0)
    builder = _Builder(wanted)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _forbid
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    while True:
        chunk = file.read(CHUNK)
        fault = ""
        try:
            parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            fault = f"it is no XML from here on ({expat.ErrorString(error.code)})"
        except _Forbidden as error:
            fault = str(error)
        except (ValueError, LookupError):  # an encoding that nobody knows
            fault = "its encoding is not known"
        ready, builder.ready = builder.ready, []
        yield from ready
        if fault:
            yield unreadable(f"line {parser.CurrentLineNumber}", fault)
        if fault or not chunk:
            return


def _forbid(*_declared: object) -> None:
    raise _Forbidden("it declares a document type (DOCTYPE), which could read other files")
