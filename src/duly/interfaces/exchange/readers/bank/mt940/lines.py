"""MT940 as lines, where "@@" stands in place of their ends as well: some programs write it so."""

import io
import re
from typing import BinaryIO

from duly.interfaces.exchange.readers.bank.decoding import (
    BLOCK_CHARACTERS,
    LONGEST_LINE,
    decoded,
    unreadable,
)
from duly.kernel.errors import Problem

_MARK = "@@"
_IS_MARKED = re.compile(rb"@@\r?\n?:[0-9]{2}[A-Z]?:")
_HEAD_BYTES = 4096


def opened(file: BinaryIO) -> tuple[io.TextIOBase, Problem | None]:
    """The text of a file in lines, and what tells that it is none."""
    file.seek(0)
    is_marked = _IS_MARKED.search(file.read(_HEAD_BYTES)) is not None
    text, problem = decoded(file, lines=not is_marked)
    if problem or not is_marked:
        return text, problem
    marked = _Marked(text)
    problem = marked.fault()
    text.seek(0)
    return marked, problem


class _Marked(io.TextIOBase):
    """A text whose lines end with "@@", read as one whose lines end as lines do."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text

    def read(self, size: int | None = -1) -> str:
        """The next part of it, "" at its end; a mark is never cut in two."""
        piece = self._text.read(size)
        if piece.endswith("@"):
            piece += self._text.read(1)
        return piece.replace(_MARK, "\n")

    def fault(self) -> Problem | None:
        """What tells that a line has no end."""
        width = 0
        while piece := self.read(BLOCK_CHARACTERS):
            end = piece.rfind("\n")
            width = len(piece) - 1 - end if end >= 0 else width + len(piece)
            if width > LONGEST_LINE:
                return unreadable("line 1", "it has more than a million characters")
        return None
