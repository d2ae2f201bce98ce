"""How alike two company names are, however banks shorten them.

Rule: a name is its words, folded to plain letters, without legal forms. Two words are the same when
equal, when one begins the other, or when one letter is wrong. What two names share counts by how
rare its words are in the directory: "Foods" tells little, "Kestrel" much.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from duly.parties.rules.search import fold

# Longest first where one begins another; dots and spaces are gone when these are compared.
LEGAL_FORMS = frozenset(
    re.findall(
        r"\w+",
        """
        ab ag aktiengesellschaft aktiebolag aktieselskab as asa aps bhd bv bvba cia co company corp
        corporation cv doo dd ead ehf eirl eood ek ev gbr gesmbh gmbh gesellschaft mit beschrankter
        haftung hf inc incorporated kft kg kgaa kk limited limitada llc llp ltd ltda lp mbh nv nyrt
        ohg ood oy oyj pao ooo oao zao zrt pjsc plc pt pte pty pvt private public qsc rt sa saa sae
        sal sapi sarl sas sau sca scs se sia sk sl slu snc spa sp zoo sro srl srls tbk tov uab ug
        jsc ojsc cjsc akg ооо оао зао пао und vof wll oue ou ltee cie societe anonyme
        sociedad anonima naamloze vennootschap besloten
        """,
    )
)
_SPELLED_OUT = (
    (re.compile(r"\b(?:(?:open|closed|public|private) )?joint[- ]stock company\b"), " jsc "),
    (re.compile(r"\blimited liability company\b"), " llc "),
    (re.compile(r"\bsociet\w+ cu raspundere limitata\b"), " srl "),
    (re.compile(r"\bобщество с ограниченнои ответственностью\b"), " ооо "),
    (re.compile(r"\bz ?o\. ?o\b"), " zoo "),
)
_FILLERS = frozenset(
    re.findall(r"\w+", "and und et y e i og och ja the de la le les der die das of for to")
)
_OUTSIDE = frozenset(
    re.findall(r"\w+", "group treasury holding holdings gruppe groupe payments international")
)
_SOUNDS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))


class Name(NamedTuple):
    """A name taken apart: what tells it from others, its legal forms, and all in one piece."""

    words: tuple[str, ...]
    forms: frozenset[str]
    whole: str


@lru_cache(maxsize=65_536)
def name_of(text: str) -> Name:
    """A name's words in normal form.

    >>> name_of("Söder & Müller G.m.b.H. & Co. KG").words, name_of("SÖDER GMBH").words
    (('soder', 'muller'), ('soder',))
    """
    folded = fold(text) + " "
    for spelled, short in _SPELLED_OUT:
        folded = spelled.sub(short, folded)
    plain = re.sub(r"\b(?:[A-Za-z]\.){2,}|\bs\.r\.o\.", _joined, folded)
    parts = re.findall(r"\w+", plain.replace("'", "").replace("_", " "))
    parts = [_sounded(part) for part in _initials(parts)]
    forms = frozenset(part for part in parts if part in LEGAL_FORMS)
    words = tuple(p for p in parts if p not in LEGAL_FORMS and p not in _FILLERS)
    return Name(words or tuple(parts), forms, "".join(parts))


def _joined(match: re.Match[str]) -> str:
    return match.group().replace(".", "") + " "


def _initials(parts: list[str]) -> list[str]:
    """Single letters in a row are an abbreviation: "A B Volvo", "s r o"."""
    joined: list[str] = []
    run = ""
    for part in [*parts, ""]:
        if len(part) == 1 and part.isalpha():
            run += part
            continue
        if run:
            joined.append(run)
            run = ""
        if part:
            joined.append(part)
    return joined


def _sounded(word: str) -> str:
    """One spelling for what is written in two ways: Mueller, Müller, Muller."""
    for long, short in _SOUNDS:
        if len(word) > 4:
            word = word.replace(long, short)
    return word


def is_same_word(one: str, other: str) -> bool:
    """Tell whether two words may be one, shortened or with a letter wrong.

    >>> is_same_word("logi", "logistics"), is_same_word("kestrl", "kestrel")
    (True, True)
    >>> is_same_word("steel", "stone"), is_same_word("ag", "agri")
    (False, False)
    """
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 3 and longer.startswith(shorter):
        return True
    return len(shorter) >= 4 and OSA.distance(one, other, score_cutoff=1) <= 1


def likeness(one: Name, other: Name, weights: Mapping[str, int] | None = None) -> int:
    """How alike two names are, 0 to 100: the weight of shared words in all of both.

    Input: `weights` of words, 100 where not told; words that only say "group" count little.
    """
    if one.whole == other.whole:
        return 100
    weigh = weights or {}
    left, right = list(one.words), list(other.words)
    shared = total = 0
    for word in left:
        weight = _weight(word, weigh)
        match = next((w for w in right if w == word), None) or next(
            (w for w in right if is_same_word(word, w)), None
        )
        total += weight
        if match is not None:
            right.remove(match)
            shared += weight if match == word else weight * 9 // 10
    total += sum(_weight(word, weigh) for word in right)
    if one.forms and other.forms and not one.forms & other.forms:
        total += 15  # another legal form may be another company
    alike = 100 * shared // max(1, total)
    if "".join(one.words) == "".join(other.words):
        alike = max(alike, 97)
    return alike


def _weight(word: str, weights: Mapping[str, int]) -> int:
    if word in _OUTSIDE:
        return 15
    return weights.get(word, 100)


def rarity(names: Iterable[Name]) -> dict[str, int]:
    """Weights of words by how many names have them: 100 for one, less for many."""
    counts: dict[str, int] = {}
    for name in names:
        for word in set(name.words):
            counts[word] = counts.get(word, 0) + 1
    return {word: weight_of(count) for word, count in counts.items()}


def weight_of(count: int) -> int:
    """The weight of a word that so many names have."""
    return max(20, 100 - 12 * count.bit_length() + 12)
