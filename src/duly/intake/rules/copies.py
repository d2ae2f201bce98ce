"""To which document a PDF belongs, by the numbers that its name and its text hold, and by the
customer that its text names."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from duly.parties.rules.search import words_of

_PART = re.compile(r"[^\W_]+", re.UNICODE)
_BETWEEN = re.compile(r"[\s,;:()\[\]{}<>\"']+")
_MOST_TEXT = 200_000  # characters of a copy that are read
_MOST_PARTS, _MOST_WORDS = 12, 1_500
_READABLE = 12  # words: with fewer a picture, or fonts that tell no letters
_MOST_ASKED = 6  # a person is asked about so many documents at once
# What a letterhead leaves out or writes otherwise.
_FORMS = {
    *("ab", "ag", "and", "as", "bv", "co", "company", "corp", "eg", "et", "gmbh", "inc", "kg"),
    *("limited", "llc", "llp", "ltd", "mbh", "nv", "oy", "plc", "sa", "sarl", "sas", "se", "spa"),
    *("srl", "the", "und"),
}
UNSURE = ("text", "unnamed")  # until a person confirms it, such a copy is given to nobody
_LEAST, _LONGEST = 3, 64  # shorter ones stand everywhere by chance; a name that is all of it counts


class Tie(NamedTuple):
    """The document that a copy belongs to, and what told so; or those that a person chooses from.

    `told_by`: its name; its name alone, where its text does not name the customer (unnamed); its
    text.
    """

    document_id: int | None = None
    told_by: str = ""
    may_be: tuple[int, ...] = ()


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
    of_name: Sequence[str],
    of_text: Sequence[str],
    known: Mapping[str, Collection[int]],
    names: Mapping[int, Sequence[str]],
    words: Collection[str],
) -> Tie:
    """The one document that a copy can belong to.

    Rule: the longest number in the name goes first; else the text, which may name one document
    only. A number that several documents have is never guessed at, whatever the text says: a
    person chooses. Where the text can be read and does not name the customer, the name alone is
    not sure.
    Given: `known` the documents by number, `names` what the customer of each is called, `words` of
    the text.
    """
    for number in of_name:
        if found := set(known.get(number, ())):
            if len(found) > 1:
                return _asked(found)
            document_id = found.pop()
            is_sure = len(words) < _READABLE or is_named(names.get(document_id, ()), words)
            return Tie(document_id, "name" if is_sure else "unnamed")
    named = {document_id for number in of_text for document_id in known.get(number, ())}
    return Tie(named.pop(), "text") if len(named) == 1 else _asked(named)


def _asked(documents: Collection[int]) -> Tie:
    few = tuple(sorted(documents)) if len(documents) <= _MOST_ASKED else ()
    return Tie(may_be=few)


def is_named(names: Sequence[str], words: Collection[str]) -> bool:
    """Tell whether some words hold one of a customer's names, without its legal form.

    >>> is_named(["Meridian Foods Ltd."], words_of("To: MERIDIAN FOODS, 1 Quay Street"))
    True
    >>> is_named(["Meridian Foods Ltd."], words_of("To: Meridian Shipping"))
    False
    """
    for name in names:
        told = set(words_of(name))
        if told and (told - _FORMS or told) <= set(words):
            return True
    return False
