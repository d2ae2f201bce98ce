"""Tell how far a long import is."""

from collections.abc import Callable, Iterator, Sequence

from duly.intake.rules.sheet import Block, Sheet

Told = Callable[[int], None]


def counted(sheets: Sequence[tuple[Sheet, str]], told: Told) -> Sequence[tuple[Sheet, str]]:
    """Sheets that tell how many rows were taken so far, all files together."""
    rows = 0

    def blocks_of(blocks: Iterator[Block]) -> Iterator[Block]:
        nonlocal rows
        for block in blocks:
            yield block
            rows += len(block)
            told(rows)

    for sheet, _ in sheets:
        sheet.blocks = blocks_of(sheet.blocks)
    return sheets
