"""How much of a file is read, so that no file can take the memory or the afternoon of a machine."""

from pathlib import Path

from duly.interfaces.exchange.readers.refusals import FileEmpty, FileTooBig

MIB = 1 << 20
DELIMITED_BYTES = 1024 * MIB  # streamed: a million documents are about 100 MiB
OTHER_BYTES = 50 * MIB  # workbooks, XML, PDF

WORKBOOK_UNPACKED_BYTES = 400 * MIB
WORKBOOK_STRINGS_BYTES = 100 * MIB  # shared texts are held in memory
WORKBOOK_RATIO = 250  # unpacked to packed; the XML of real sheets reaches about 30
WORKBOOK_PARTS = 2_000
WORKBOOK_CELLS = 20_000_000
WORKBOOK_ROW_TAGS = 500_000  # the widest row has 16,384 cells


def check_size(path: Path, name: str, *, limit: int) -> None:
    """Refuse a file of no bytes (FileEmpty) or beyond a limit in bytes (FileTooBig)."""
    size = path.stat().st_size
    if not size:
        raise FileEmpty(
            f"{name} has no bytes.",
            facts={"file": name},
            remedy="The export may have failed. Export it again.",
        )
    if size > limit:
        raise FileTooBig(
            f"{name} has {size / MIB:,.0f} MiB; files of this kind are read up to "
            f"{limit / MIB:,.0f} MiB.",
            facts={"file": name, "bytes": size, "limit": limit},
            remedy="Export fewer rows at a time, or export CSV.",
        )
