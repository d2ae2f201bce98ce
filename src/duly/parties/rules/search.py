"""By which words a customer is found."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[^0-9a-z]+")


def words_of(*texts: str) -> list[str]:
    """The words of some texts, folded: lower case, without accents, each once, in order.

    >>> words_of("Çelik & Söhne GmbH", "C-0117")
    ['celik', 'sohne', 'gmbh', 'c', '0117', 'c0117']
    """
    found: dict[str, None] = {}
    for text in texts:
        folded = fold(text)
        for word in folded.split():
            found.update(dict.fromkeys(part for part in _SEPARATORS.split(word) if part))
            joined = _SEPARATORS.sub("", word)
            if joined:
                found[joined] = None
            if not joined and word.strip():
                found[word] = None  # scripts other than Latin are kept as they are
    return list(found)


def fold(text: str) -> str:
    """Lower case without accents: what two spellings of a name have in common."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def ceiling(prefix: str) -> bytes:
    """The first byte string after everything that begins with the prefix."""
    return prefix.encode() + b"\xff"
