"""Readers: files of any format to sheets.

Purpose: recognise what a file is, read it strictly, and hand on text by column with the place of
every row. Public: `read_files`, `Mapping`, `open_tables`. Neighbours: intake takes the sheets.
Rules: what can be read in two ways is asked, never guessed; whatever can't be read is refused with
its place and a remedy, and nothing but a DulyError ever comes out of a bad file.
"""

from duly.interfaces.exchange.readers.mapping import Mapping
from duly.interfaces.exchange.readers.reading import open_tables, read_files

__all__ = ["Mapping", "open_tables", "read_files"]
