"""Memos as PDF: headings, facts and tables that flow over as many pages as they need."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from duly.interfaces.exchange.writers.statements.typesetting import Typeset, typeset


def typeset_memo(data: Mapping[str, Any]) -> Typeset:
    """Draw a memo: `title`, `author`, `date`, `paper`, `lede` and `parts`."""
    return typeset(data, str(files(__package__).joinpath("memo.typ")))


__all__ = ["typeset_memo"]
