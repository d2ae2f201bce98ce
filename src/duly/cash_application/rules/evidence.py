"""Which places of a bank's text speak for a proposal, and which against it, as a page marks them.

Rule: a place that names an item of the proposal speaks for it, one that names another item of the
payer is told as such, digits that mean nothing that is open speak against. Places are those of the
text as the bank sent it, signs and all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.issued import issued_in
from duly.cash_application.rules.mentions import Numbers, Reading
from duly.cash_application.rules.names import is_same_word, name_of
from duly.cash_application.rules.references import structured_in
from duly.cash_application.rules.texts import Text, places_of, squeeze

ITEM, OTHER, NAME, REFERENCE, UNKNOWN = "item", "other", "name", "reference", "unknown"


class Place(NamedTuple):
    """From where to where in a text, what it is, and what it says."""

    start: int
    end: int
    what: str
    says: str = ""


class Piece(NamedTuple):
    """A part of a text as it is written; `what` is empty where nothing is said of it."""

    text: str
    what: str = ""
    says: str = ""


def places_in_text(
    text: str,
    numbers: Numbers,
    item_ids: Collection[int],
    issued: Mapping[str, str] | None = None,
) -> list[Place]:
    """The places of a text that name items or references, or nothing that is open.

    Input: the numbers of the payer's open items, the items of the proposal, and the numbers that
    references of ours were `issued` for.
    """
    by_number = {squeeze(item.number): item.id for item in numbers.by_id.values()}
    known = (
        [
            Place(one.start, one.end, *_meant(issued[one.reference], by_number, item_ids))
            for one in issued_in(text, issued)
        ]
        if issued
        else []
    )
    where, reading = places_of(text), numbers.read(text)
    squeezed = Text(text).squeezed
    if len(where) != len(squeezed):  # signs that fold to several: nothing more is marked
        return known
    found = known + [
        _place(where, one.start, one.end, *_told(one.items, item_ids)) for one in reading.mentions
    ]
    for reference in {one.reference for one in structured_in(text)}:
        at = squeezed.find(reference)
        if at >= 0:
            found.append(_place(where, at, at + len(reference), REFERENCE, "check digits fit"))
    found += _unknown(reading, squeezed, where)
    return found


def places_of_name(text: str, names: Iterable[str]) -> list[Place]:
    """The words of a payer's name that are words of a customer's names."""
    known = [word for name in names for word in name_of(name).words]
    found, at = [], 0
    for part in text.split():
        at = text.index(part, at)
        words = name_of(part).words
        if words and all(any(is_same_word(word, one) for one in known) for word in words):
            found.append(Place(at, at + len(part), NAME))
        at += len(part)
    return found


def pieces_of(text: str, places: Sequence[Place]) -> list[Piece]:
    """A text cut at its places; of two that overlap the first counts, or the longer one.

    >>> pieces_of("INV 17 of May", [Place(0, 6, "item", "INV-17")])
    [Piece(text='INV 17', what='item', says='INV-17'), Piece(text=' of May', what='', says='')]
    """
    pieces, at = [], 0
    for one in sorted(places, key=lambda place: (place.start, -place.end)):
        if one.start < at:
            continue
        if one.start > at:
            pieces.append(Piece(text[at : one.start]))
        pieces.append(Piece(text[one.start : one.end], one.what, one.says))
        at = one.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def _meant(number: str, by_number: Mapping[str, int], item_ids: Collection[int]) -> tuple[str, str]:
    """What a reference of ours is: issued for an item of the proposal, another, or none open."""
    item_id = by_number.get(squeeze(number))
    what = REFERENCE if item_id is None else ITEM if item_id in item_ids else OTHER
    return what, number


def _told(items: Sequence[OpenItem], item_ids: Collection[int]) -> tuple[str, str]:
    """What a mention is: of the proposal or of another item, and by which numbers."""
    chosen = [one for one in items if one.id in item_ids]
    told = ", ".join(one.number for one in (chosen or items)[:3])
    return (ITEM if chosen else OTHER), told


def _unknown(reading: Reading, squeezed: str, where: Sequence[int]) -> list[Place]:
    found, at = [], 0
    for digits in reading.unknown:
        start = squeezed.find(digits, at)
        if start >= 0:
            at = start + len(digits)
            found.append(_place(where, start, at, UNKNOWN, "no open item"))
    return found


def _place(where: Sequence[int], start: int, end: int, what: str, says: str) -> Place:
    return Place(where[start], where[min(end, len(where)) - 1] + 1, what, says)
