"""Bank files as text: which encoding they have, and which are no text at all."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from duly.kernel.errors import Problem

CHUNK_BYTES = 1 << 20
BLOCK_CHARACTERS = 1 << 18
LONGEST_LINE = 1 << 20  # bytes; the longest record of a real file has a few thousand
MOST_PROBLEMS = 100  # lines that can't be read; who wants more has the wrong file
_NOT_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_RUBBISH = bytes({*range(1, 9), *range(14, 26), *range(27, 32)})
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(file: BinaryIO, *, lines: bool = True) -> tuple[io.TextIOWrapper, Problem | None]:
    """The text of a file from its beginning, and what tells that it is none.

    UTF-8 where all of it is, else windows-1252, else latin-1; line ends become "\\n". `lines`: the
    format is one of lines, so that one of a megabyte is a problem as well. The whole file is looked
    at before, a chunk at a time.
    """
    file.seek(0)
    head = file.read(4096)
    encoding = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "")
    problem = None
    if encoding != "utf-16":
        encoding, problem = _looked_through(file, encoding or "utf-8", lines)
        if len(head.translate(None, _RUBBISH)) < 0.9 * len(head):
            problem = unreadable("line 1", "this is no text")
    file.seek(0)
    errors = "strict" if encoding == "latin-1" else "replace"
    return io.TextIOWrapper(file, encoding=encoding, errors=errors), problem


def _looked_through(file: BinaryIO, encoding: str, lines: bool) -> tuple[str, Problem | None]:
    """The encoding that fits every byte, and the first NUL or endless line."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_cp1252, row, width, problem = True, True, 1, 0, None
    while chunk := file.read(CHUNK_BYTES):
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        if is_cp1252:
            is_cp1252 = len(chunk.translate(None, _NOT_CP1252)) == len(chunk)
        if problem is None:
            nul = chunk.find(b"\0")
            if nul >= 0:
                at = row + chunk.count(b"\n", 0, nul)
                problem = unreadable(f"line {at}", "it holds a NUL byte, which no text does")
            width = len(chunk) - 1 - end if (end := _last_end(chunk)) >= 0 else width + len(chunk)
            row += chunk.count(b"\n")
            if lines and problem is None and width > LONGEST_LINE:
                problem = unreadable(f"line {row}", "it has more than a million characters")
    if is_utf8:
        return encoding, problem
    return ("cp1252" if is_cp1252 else "latin-1"), problem


def _last_end(chunk: bytes) -> int:
    return max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))


def blocks(text: io.TextIOBase) -> Iterator[str]:
    """The text in blocks of whole lines; the last line may lack its end."""
    rest = ""
    while piece := text.read(BLOCK_CHARACTERS):
        piece = rest + piece
        cut = piece.rfind("\n") + 1
        yield piece[:cut]
        rest = piece[cut:]
    yield rest


def unreadable(place: str, why: str) -> Problem:
    """A line that can't be parsed: the file is refused with all of those."""
    return Problem(
        where=place,
        code="BANK_LINE_UNREADABLE",
        message=f"It can't be read: {why}.",
        remedy="Ask the bank for the file again.",
    )


def doubtful(place: str, why: str, remedy: str = "Look at the line in the file.") -> Problem:
    """A line that is read, though it is not as the format says."""
    return Problem(where=place, code="BANK_LINE_DOUBTFUL", message=why, remedy=remedy)


def lacking(place: str, what: str) -> Problem:
    """A trailer or control record that is missing: the file may have been cut."""
    return Problem(
        where=place,
        code="INCOMPLETE",
        message=f"The file lacks {what}.",
        remedy="Ask the bank for the whole file.",
    )
