"""The words by which columns and lines of remittance advices are known, as data: words.toml."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from duly.interfaces.exchange.readers.presets.preset import plain_header
from duly.kernel.currencies import EXPONENTS

_CODE = re.compile(r"[\s(\[]*\b(?P<code>[A-Z]{3})\b[)\]\s]*$|[\s(\[]*[€$£][)\]\s]*$")
_MONEY = ("amount", "gross", "paid")
_NUMBERS = ("yours", "number", "theirs")  # the best first


class Words(NamedTuple):
    """Roles of columns and heads by their words, and what tells kinds of lines."""

    columns: dict[str, str]
    heads: dict[str, str]
    lines: dict[str, re.Pattern[str]]
    totals: frozenset[str]


class Columns(NamedTuple):
    """Where the columns of a table stand: role -> place. `currency` where a header names one."""

    at: dict[str, int]
    width: int
    currency: str = ""


@cache
def words() -> Words:
    """The words of words.toml."""
    told = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    columns = _by_word(told["columns"])
    heads = columns | _by_word(told["heads"])
    lines = {name: _any(known) for name, known in told["lines"].items()}
    return Words(columns, heads, lines, frozenset(told["lines"]["total"]))


def _by_word(told: dict[str, list[str]]) -> dict[str, str]:
    return {word: role for role, known in told.items() for word in known}


def _any(known: Sequence[str]) -> re.Pattern[str]:
    longest = sorted(known, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)


def columns_of(cells: Sequence[str]) -> Columns | None:
    """What the cells of a row mean as a header; None where they are none of a remittance.

    Rule: there is a column of numbers and one of amounts. "Amount" alone is what was paid; beside
    a column that says so, it is the gross.

    >>> columns_of(["Rechnungsnr.", "Betrag EUR", "Skonto", "Zahlbetrag"]).at
    {'number': 0, 'discount': 2, 'paid': 3, 'gross': 1}
    """
    at: dict[str, int] = {}
    currency = ""
    for place, cell in enumerate(cells[:1000]):
        role, code = _role_of(cell)
        currency = currency or code
        if role and role not in at:
            at[role] = place
    numbers = [at.pop(role) for role in _NUMBERS if role in at]
    if not numbers or not any(role in at for role in _MONEY):
        return None
    if "amount" in at:
        meant = "gross" if "paid" in at else "paid"
        at.setdefault(meant, at.pop("amount"))
        at.pop("amount", None)
    return Columns({"number": numbers[0], **at}, len(cells), currency)


def _role_of(cell: str) -> tuple[str, str]:
    """The role of a header, and the currency in it."""
    found = _CODE.search(cell[:200])
    code = (found["code"] or "") if found else ""
    code = code if code in EXPONENTS else ""
    bare = cell[: found.start()] if found and (code or not found["code"]) else cell
    known = words().columns
    for one in (cell, bare, *re.split(r"\s*[/|\n]\s*", cell[:200])):
        role = known.get(plain_header(one))
        if role:
            return role, code
    return "", code
