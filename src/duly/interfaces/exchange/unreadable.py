"""Files that can't be read: all of one command are told together, not the first alone.

Some are refused when they are opened, others only where their rows are taken. Rows are held
against the books once every file can be read: one may hold what another names.
"""

from collections.abc import Iterator, Sequence

from duly.intake.rules.sheet import Block, Sheet
from duly.kernel.errors import Malformed, Refusal

Unread = list[tuple[str, Refusal]]  # the name of a file, and why it can't be read


class FilesUnreadable(Malformed):
    """Several files can't be read."""

    code = "FILES_UNREADABLE"


def watched(sheets: Sequence[tuple[Sheet, str]], unread: Unread) -> Sequence[tuple[Sheet, str]]:
    """Sheets that note in `unread` what refuses to be read on."""

    def blocks_of(file: str, blocks: Iterator[Block]) -> Iterator[Block]:
        try:
            yield from blocks
        except Refusal as refusal:
            unread.append((file, refusal))
            raise

    for sheet, _ in sheets:
        sheet.blocks = blocks_of(sheet.file, sheet.blocks)
    return sheets


def read_on(sheets: Sequence[tuple[Sheet, str]], unread: Unread) -> Unread:
    """All that can't be read, after what is left of the sheets was read to its end."""
    found = list(unread)
    for sheet, _ in sheets:
        try:
            for _ in sheet.blocks:
                pass
        except Refusal as refusal:
            found.append((sheet.file, refusal))
    return list({(file, told.code, told.message): (file, told) for file, told in found}.values())


def refusal_of(unread: Unread) -> Refusal:
    """One refusal for some files: a single one speaks for itself."""
    if len(unread) == 1:
        return unread[0][1]
    return FilesUnreadable(
        f"{len(unread)} files can't be read. Nothing was written.",
        facts={
            "problems": [
                {
                    "file": file,
                    "where": "",
                    "code": told.code,
                    "message": told.message if file in told.message else f"{file}: {told.message}",
                    "remedy": told.remedy,
                }
                for file, told in unread
            ]
        },
        remedy="Mend or leave out each of them; what their rows say is looked at next.",
    )
