"""To which document a PDF belongs, by the numbers that its name and its text hold."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

_PART = re.compile(r"[^\W_]+", re.UNICODE)
_BETWEEN = re.compile(r"[\s,;:()\[\]{}<>\"']+")
_MOST_TEXT = 200_000  # characters of a copy that are read
_MOST_PARTS, _MOST_WORDS = 12, 1_500
_LEAST, _LONGEST = 3, 64  # shorter ones stand everywhere by chance; a name that is all of it counts


class Tie(NamedTuple):
    """The document that a copy belongs to, and what told so: name or text."""

    document_id: int
    told_by: str


def numbers_of_name(name: str) -> list[str]:
    """What of a file's name can be a document's number, the longest first.

    >>> numbers_of_name("Invoice INV-204 Meridian.pdf")[:3]
    ['Invoice INV-204 Meridian', 'Invoice INV-204', 'INV-204 Meridian']
    >>> "INV-204" in numbers_of_name("invoice_INV-204.pdf"), "A/7" in numbers_of_name("A_7.pdf")
    (True, True)
    """
    stem = name.rpartition(".")[0] if name.lower().endswith(".pdf") else name
    parts = list(_PART.finditer(stem))[:_MOST_PARTS]
    found: dict[str, None] = {stem: None}
    for size in range(len(parts), 0, -1):
        for first in range(len(parts) - size + 1):
            text = stem[parts[first].start() : parts[first + size - 1].end()]
            if _LEAST <= len(text) <= _LONGEST and any(sign.isdigit() for sign in text):
                found[text] = None
                found[text.replace("_", "/")] = None  # what no file name may hold
                found[text.replace("_", "-")] = None
    return list(found)


def numbers_of_text(text: str) -> list[str]:
    """What of a text can be a document's number, in order.

    >>> numbers_of_text("Invoice no. INV-204, due 3.4.2026.")
    ['INV-204', '3.4.2026']
    """
    words = (word.strip(".-/#") for word in _BETWEEN.split(text[:_MOST_TEXT]))
    found = dict.fromkeys(
        word
        for word in words
        if _LEAST < len(word) <= _LONGEST and word.isprintable() and any(map(str.isdigit, word))
    )
    return list(found)[:_MOST_WORDS]


def tie(
    of_name: Sequence[str], of_text: Sequence[str], known: Mapping[str, Collection[int]]
) -> Tie | None:
    """The one document that a copy can belong to.

    Rule: the longest number in the name goes first; else the text, which may name one document
    only. Where a number is that of several documents a person decides.
    Given: `known` the documents by number.
    """
    for number in of_name:
        if found := set(known.get(number, ())):
            return Tie(found.pop(), "name") if len(found) == 1 else None
    named = {document_id for number in of_text for document_id in known.get(number, ())}
    return Tie(named.pop(), "text") if len(named) == 1 else None
