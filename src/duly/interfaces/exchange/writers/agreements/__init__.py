"""Agreements as PDF, drawn by typst from the document that is kept."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from duly.interfaces.exchange.writers.statements.typesetting import Typeset, typeset


def typeset_agreement(data: Mapping[str, Any]) -> Typeset:
    """Draw an agreement as PDF."""
    return typeset(data, str(files(__package__).joinpath("agreement.typ")))
