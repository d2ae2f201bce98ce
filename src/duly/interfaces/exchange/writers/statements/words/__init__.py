"""What a statement says, in six languages: one file each, all with the same keys.

The headings of the Swiss bill are the standard's, in its four languages, in one file.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words_of(language: str) -> dict[str, Any]:
    """The words of a language."""
    return _read(language)


@cache
def bill_words(language: str) -> dict[str, str]:
    """The headings of a Swiss bill; in English where the standard lacks the language."""
    headings = _read("swiss_bill")
    return headings.get(language, headings["en"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
