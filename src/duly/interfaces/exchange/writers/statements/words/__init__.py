"""What a statement says, in six languages: one file each, all with the same keys."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words_of(language: str) -> dict[str, Any]:
    """The words of a language."""
    return tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text("utf-8"))
