"""The text of a PDF, read as pasted text; one that is a picture has none and says so.

Lines are set as they stand on the page, so that tables keep their columns. How much is unpacked is
bounded before anything is set.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from duly.cash_application.rules.advices import Event
from duly.interfaces.exchange.readers.remittance.telling import unreadable
from duly.interfaces.exchange.readers.remittance.text import advice_in

MOST_PAGES = 20
MOST_CONTENT = 1_000_000  # bytes of drawing of all pages; a page of text has some ten thousand
DEEPEST = 5  # forms within forms
_CALL = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
_READABLE = 20  # characters: with fewer it is a picture


def read_pdf(path: Path, name: str) -> Iterator[Event]:
    """What the text of a PDF says."""
    text = text_of_pdf(path)
    if text is None:
        yield unreadable("page 1", "it is broken, locked, or too large for a remittance")
    elif len(text.strip()) < _READABLE:
        yield unreadable(
            "page 1", "it is a picture without text", "Type its lines, and paste them as text."
        )
    else:
        yield from advice_in(text.splitlines(), name)


def text_of_pdf(path: Path) -> str | None:
    """The text of the first pages as it is set; None of what is broken, locked or huge."""
    # pypdf takes a quarter of a second to load: only those who read a PDF wait for it.
    from pypdf import PdfReader, apply_configuration, get_configuration
    from pypdf.errors import DependencyError

    from duly.interfaces.exchange.readers.einvoice.pdf import BROKEN

    limits = get_configuration().with_overwrites(
        zlib_maximum_output_length=MOST_CONTENT,
        lzw_maximum_output_length=MOST_CONTENT,
        run_length_maximum_output_length=MOST_CONTENT,
        array_based_stream_maximum_output_length=MOST_CONTENT,
    )
    try:
        with path.open("rb") as file, apply_configuration(limits):
            reader = PdfReader(file, strict=False)
            if reader.is_encrypted:
                return None
            pages = [reader.pages[n] for n in range(min(len(reader.pages), MOST_PAGES))]
            if sum(_drawn(page, page.get_contents(), 0) for page in pages) > MOST_CONTENT:
                return None
            text = "\n".join(_set(page) for page in pages)
            if len(text.strip()) >= _READABLE:
                return text
            # Drawn by forms that the page calls: these are read in the order of drawing.
            return "\n".join(str(page.extract_text()) for page in pages)
    except (*BROKEN, DependencyError, OSError):
        return None


def _drawn(owner: Any, content: Any, depth: int) -> int:
    """Bytes of drawing of a page or form, with those of the forms that it calls, each time."""
    if content is None or depth > DEEPEST:
        return 0 if content is None else MOST_CONTENT + 1
    data = content.get_data()
    size = len(data)
    calls = Counter(_CALL.findall(data))
    forms = _inside(_inside(owner, "/Resources"), "/XObject") if calls else None
    for name, times in calls.items():
        form = _inside(forms, f"/{name.decode('latin-1')}")
        if form is not None and form.get("/Subtype") == "/Form":
            size += times * _drawn(form, form, depth + 1)
        if size > MOST_CONTENT:
            break
    return size


def _inside(held: Any, name: str) -> Any:
    """What a dictionary of the PDF holds under a name, wherever it stands; None where nothing."""
    found = held.get(name) if held is not None else None
    return found.get_object() if found is not None else None


def _set(page: Any) -> str:
    return str(page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False))
