"""Columns of a block turned into values, with every problem found and its place.

Each reader takes the whole column at once and looks at single cells only when something is wrong,
so that a clean file costs next to nothing to check.
"""

import re
import zoneinfo
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

from duly.intake.rules.sheet import Block
from duly.kernel.amounts import MAX_EXPONENT
from duly.kernel.currencies import EXPONENTS
from duly.kernel.dates import DateReader
from duly.kernel.errors import DulyError, Malformed, Problem
from duly.kernel.money import minor_from_text, minors_from_texts, text_from_minor

LONGEST = 400  # characters of a cell that is read as a date, an amount or a word
MOST_OF_A_BLOCK = 10_000  # problems beyond the first of each row
MOST_MINOR = 10**15 - 1  # of one amount, in any currency; sums have room for thousands of them

T = TypeVar("T")

_YES = frozenset({"true", "1", "yes", "y"})
_NO = frozenset({"", "false", "0", "no", "n"})
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_COUNTRY = re.compile(r"[A-Z]{2}")


class Reading:
    """One block being read: its columns, what is wrong with them, and which rows fell out.

    Each wrong cell is told once, whatever else is wrong with its row; rows that the reader could
    not read are told by the reader alone.
    """

    def __init__(self, block: Block, place: str, dates: DateReader) -> None:
        self.columns = block.columns
        self.rows = block.rows
        self.events = block.events
        self.count = len(block)
        self.place = place
        self.problems: list[Problem] = list(block.problems)
        self.bad: set[int] = {*block.spoilt, *(index for index, _ in block.told)}
        self.date_reader = dates
        self._unread = block.spoilt
        self._told: set[tuple[int, str]] = set(block.told)

    def refuse(
        self, index: int, code: str, message: str, remedy: str = "", *, column: str = ""
    ) -> None:
        """Name a problem of a row, or of one cell of it; the row falls out."""
        if index in self._unread or (column and (index, column) in self._told):
            return
        self._told.add((index, column))
        if index not in self.bad or len(self.problems) < MOST_OF_A_BLOCK:
            self.problems.append(Problem(self.where(index), code, message, remedy))
        self.bad.add(index)

    def refuse_as(self, index: int, error: DulyError, column: str = "") -> None:
        """Name a refusal as the problem of a row, or of one cell of it."""
        told = f"{column}: {error.message}" if column else error.message
        self.refuse(index, error.code, told, error.remedy, column=column)

    def only(self, indexes: Sequence[int]) -> "Reading":
        """A reading of some rows alone, with what was told of them so far."""
        place_of = {index: place for place, index in enumerate(indexes)}
        names = {self.where(index) for index in indexes}
        block = Block(
            rows=[self.rows[index] for index in indexes],
            columns={
                name: [texts[index] for index in indexes] for name, texts in self.columns.items()
            },
            problems=[problem for problem in self.problems if problem.where in names],
            spoilt=frozenset(place_of[index] for index in self._unread if index in place_of),
            told=frozenset(
                (place_of[index], column) for index, column in self._told if index in place_of
            ),
        )
        return Reading(block, self.place, self.date_reader)

    def is_unread(self, index: int) -> bool:
        """Tell whether the reader could not read a row at all."""
        return index in self._unread

    def in_order(self) -> list[Problem]:
        """The problems from the first row to the last."""
        number = {self.where(index): index for index in self.bad}
        return sorted(self.problems, key=lambda problem: number.get(problem.where, -1))

    def where(self, index: int) -> str:
        """What a row is called: "row 17"."""
        return f"{self.place} {self.rows[index]}"

    def row(self, index: int) -> dict[str, Any]:
        """A row as it was understood: {"where", "cells": {column: text}}, empty cells left out."""
        cells = {name: texts[index][:200] for name, texts in self.columns.items() if texts[index]}
        return {"where": self.where(index), "cells": cells}

    def has(self, column: str) -> bool:
        """Tell whether the file has this column."""
        return column in self.columns

    def texts(self, column: str, longest: int = 200) -> list[str]:
        """A column of texts, '' where the file has none; too long a text is a problem."""
        texts = self.columns.get(column)
        if texts is None:
            return [""] * self.count
        if max(map(len, texts), default=0) > longest:
            for index, text in enumerate(texts):
                if len(text) > longest:
                    self.refuse(
                        index,
                        "TEXT_TOO_LONG",
                        f"{column} has {len(text)} characters; {longest} fit.",
                        "Shorten it.",
                        column=column,
                    )
        return texts

    def names(self, column: str, longest: int = 64) -> list[str]:
        """A column that must not be empty."""
        texts = self.texts(column, longest)
        if "" in texts:
            for index, text in enumerate(texts):
                if not text:
                    self.refuse(
                        index,
                        "VALUE_MISSING",
                        f"{column} is empty.",
                        f"Fill in {column}.",
                        column=column,
                    )
        return texts

    def dates(self, column: str, *, needed: bool = False) -> list[date | None]:
        """A column of ISO dates; None where empty."""
        texts = self.names(column, LONGEST) if needed else self.texts(column, LONGEST)
        return self._each(column, texts, self.date_reader.read, empty=None)

    def amounts(
        self, column: str, currencies: list[str], *, needed: bool = False
    ) -> list[int | None]:
        """A column of amounts in the rows' currencies, in minor units; None where empty.

        Amounts of currencies that are unknown are looked at, and None.
        """
        texts = self.names(column, LONGEST) if needed else self.texts(column, LONGEST)
        used = set(currencies)
        if len(used) == 1 and "" not in texts:
            exponent = EXPONENTS.get(next(iter(used)))
            if exponent is not None:
                try:
                    all_of_one = minors_from_texts(texts, exponent)
                except DulyError:
                    pass  # some cell is wrong: look at each
                else:
                    if -MOST_MINOR <= min(all_of_one) <= max(all_of_one) <= MOST_MINOR:
                        return list(all_of_one)
        return [
            self._amount(index, column, text, currency) if text else None
            for index, (text, currency) in enumerate(zip(texts, currencies, strict=True))
        ]

    def _amount(self, index: int, column: str, text: str, currency: str) -> int | None:
        exponent = EXPONENTS.get(currency)
        try:
            minor = minor_from_text(text, MAX_EXPONENT if exponent is None else exponent)
        except DulyError as error:
            self.refuse_as(index, error, column)
            return None
        if exponent is None:
            return None
        if not -MOST_MINOR <= minor <= MOST_MINOR:
            most = text_from_minor(MOST_MINOR, exponent)
            self.refuse(
                index,
                "AMOUNT_TOO_LARGE",
                f"{column}: {text} is more than {most}, the most that one amount may be.",
                "Check that it is an amount, and not an account or a reference.",
                column=column,
            )
            return None
        return minor

    def currencies(self, column: str = "currency") -> list[str]:
        """A column of ISO 4217 codes that must not be empty."""
        texts = self.names(column, LONGEST)
        unknown = {code for code in set(texts) if code and code not in EXPONENTS}
        if unknown:
            for index, text in enumerate(texts):
                if text in unknown:
                    self.refuse(
                        index,
                        "UNKNOWN_CURRENCY",
                        f"{column}: {text[:20]!r} is no currency of ISO 4217.",
                        "Write the three-letter code, such as EUR.",
                        column=column,
                    )
        return texts

    def choices(
        self, column: str, allowed: Iterable[str], *, needed: bool = False, default: str = ""
    ) -> list[str]:
        """A column of words from a list; `default` where empty."""
        texts = self.names(column, LONGEST) if needed else self.texts(column, LONGEST)
        words = set(allowed)
        if not set(texts) <= words | {""}:
            for index, text in enumerate(texts):
                if text and text not in words:
                    self.refuse(
                        index,
                        "WORD_UNKNOWN",
                        f"{column} can't be {text[:40]!r}.",
                        f"Use one of: {', '.join(sorted(words))}.",
                        column=column,
                    )
        return [text or default for text in texts] if default else texts

    def flags(self, column: str) -> list[bool]:
        """A column of yes or no; empty is no."""
        return self._each(column, self.texts(column, LONGEST), _flag, empty=False)

    def checked(self, column: str, check: Callable[[str], str], longest: int = 254) -> list[str]:
        """A column of texts that `check` takes (it returns the text to keep) or refuses."""
        return self._each(column, self.texts(column, longest), check, empty="")

    def _each(self, column: str, texts: list[str], read: Callable[[str], T], empty: T) -> list[T]:
        values: dict[str, T] = {"": empty}
        wrong: dict[str, DulyError] = {}
        for text in set(texts):
            if text:
                try:
                    values[text] = read(text)
                except DulyError as error:
                    values[text], wrong[text] = empty, error
        if wrong:
            for index, text in enumerate(texts):
                if text in wrong:
                    self.refuse_as(index, wrong[text], column)
        return [values[text] for text in texts]


class WordUnknown(Malformed):
    """A word that a column does not know."""

    code = "WORD_UNKNOWN"


def _flag(text: str) -> bool:
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise WordUnknown(f"{text[:20]!r} is neither yes nor no.", remedy="Write true or false.")


def email(text: str) -> str:
    """An e-mail address as it is written, or a refusal."""
    if not _EMAIL.fullmatch(text):
        raise WordUnknown(
            f"{text[:60]!r} is no e-mail address.",
            code="EMAIL_UNREADABLE",
            remedy="Write one address, such as name@firm.example, or leave it empty.",
        )
    return text


def country(text: str) -> str:
    """A country as two letters of ISO 3166, or a refusal."""
    if not _COUNTRY.fullmatch(text.upper()):
        raise WordUnknown(
            f"{text[:40]!r} is no country code.",
            code="COUNTRY_UNKNOWN",
            remedy="Write two letters of ISO 3166, such as DE.",
        )
    return text.upper()


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def timezone(text: str) -> str:
    """A time zone by its name, or a refusal."""
    if text not in _zones():
        raise WordUnknown(
            f"{text[:40]!r} is no time zone.",
            code="TIMEZONE_UNKNOWN",
            remedy="Write a name such as Europe/Berlin.",
        )
    return text
