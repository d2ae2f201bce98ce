"""Statements and memos as PDF: typst, with fonts from packages and none of the system's.

PDF/A-2b and PDF/UA-1 where every character has a glyph; else a plain PDF with a warning that names
what does not print. The same data gives the same bytes.
"""

import json
import os
import re
import threading
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast

import typst

from duly.kernel.errors import Defect

_FONTS = (
    (__package__, "fonts"),
    ("fontpkg_noto_sans_arabic", "files"),
    ("fontpkg_noto_sans_devanagari", "files"),
    ("fontpkg_noto_sans_thai", "files"),
    ("fontpkg_heebo", "files"),
    ("noto_cjk_sans_jp_regular", ""),
)
_ONE_AT_A_TIME = threading.Lock()  # the compiler is one, a web server's threads are several
_UNPRINTED = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


class Typeset(NamedTuple):
    """A PDF, and what of its text has no glyph in any font ("" when all has)."""

    pdf: bytes
    unprinted: str


def typeset(data: Mapping[str, Any], template: str = "") -> Typeset:
    """Draw statements (`document_data`) as one PDF, or what another template takes."""
    given = json.dumps(data, ensure_ascii=False)
    try:
        return Typeset(_compiled(given, ["a-2b", "ua-1"], template), "")
    except typst.TypstError as error:
        unprinted = _UNPRINTED.search(str(error))
        if unprinted is None:
            raise Defect(f"This can't be typeset: {error}") from error
    return Typeset(_compiled(given, [], template), unprinted[1])


def _compiled(given: str, standards: Any, template: str) -> bytes:
    with _ONE_AT_A_TIME:
        compiler, inputs = _compiler(template), {"data": given}
        pdf = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=standards)
    return cast(bytes, pdf)


@cache
def _compiler(template: str) -> typst.Compiler:
    """This process's compiler of a template: it keeps fonts, and what it drew alike before.

    One thread: a run works over processes, and waking threads takes a fifth of a short document.
    """
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    return typst.Compiler(
        template or str(files(__package__).joinpath("statement.typ")),
        font_paths=[str(files(package).joinpath(folder)) for package, folder in _FONTS],
        ignore_system_fonts=True,
    )
