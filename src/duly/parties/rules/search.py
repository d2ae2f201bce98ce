"""By which words a customer is found."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[^0-9a-z]+")
# Letters that no normal form takes apart, as they are typed on a keyboard without them.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ĸ": "k", "ŋ": "n"}
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)


def words_of(*texts: str) -> list[str]:
    """The words of some texts, folded: lower case, without accents, each once, in order.

    A word with signs inside is found by its parts and by all of them together.

    >>> words_of("Çelik & Söhne GmbH", "C-0117"), words_of("Łódź")
    (['celik', 'sohne', 'gmbh', 'c', '0117', 'c0117'], ['lodz'])
    """
    found: dict[str, None] = {}
    for text in texts:
        for word in fold(text).split():
            parts = _parts(word)
            found.update(dict.fromkeys(parts))
            if len(parts) > 1:
                found["".join(parts)] = None
    return list(found)


def _parts(word: str) -> list[str]:
    """A word cut at its signs; scripts other than Latin keep their letters and vowel marks."""
    if word.isascii():
        return [part for part in _SEPARATORS.split(word) if part]
    told = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in word)
    return told.split()


def fold(text: str) -> str:
    """Lower case without accents: what two spellings of a name have in common."""
    if text.isascii():
        return text.lower()
    # Folding case can make letters that come apart, and taking apart can make capitals.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_LETTERS)


def ceiling(prefix: str) -> bytes:
    """The first byte string after everything that begins with the prefix."""
    return prefix.encode() + b"\xff"
