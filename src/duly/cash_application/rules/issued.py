"""References that we issued, as payers quote them: a payment that carries one says the number of
the invoice it was issued for.

Rule: of digits alone a check digit fits by chance once in ten, so a reference counts only where it
was issued. A field of its own is read whole, however short; in free text at least seven digits that
stand apart are looked at, in the groups in which they are printed, the longest first. Zeros that
fill in front say nothing.
See: F-06 to F-10 in docs/sources.md.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from duly.cash_application.rules.references import is_qr, schemes_of
from duly.receivables.rules.references import spaced

_LEAST_IN_TEXT, _LONGEST, _MOST_WORDS = 7, 27, 12
_RF = re.compile(r"(?<![A-Z0-9])RF\d\d(?: ?[A-Z0-9]){1,21}(?![A-Z0-9])")
_BELGIAN = re.compile(r"(?<!\d)[+*]{3} ?(\d{3})/?(\d{4})/?(\d{5}) ?[+*]{3}")
_DIGITS = re.compile(r"(?<![A-Z0-9])\d+(?: \d+)*-?(?![A-Z0-9])")
_WORD = re.compile(r"[^ ]+")


class Quoted(NamedTuple):
    """A place of a text that may be a reference of ours, as it is compared."""

    start: int
    end: int
    reference: str


def comparable(reference: str) -> str:
    """A reference as it is compared: capitals and digits, no filling zeros, the hyphen of a KID.

    >>> [comparable(one) for one in ("+++090/9337/55493+++", "0001009-", "rf18 5390-0754 7034")]
    ['90933755493', '1009-', 'RF18539007547034']
    """
    plain = re.sub(r"[^A-Z0-9]", "", reference.upper()).lstrip("0")
    return plain + "-" * reference.rstrip().endswith("-")


def quoted_whole(field: str) -> str:
    """The reference that a field of its own holds, as it is compared; nothing where none fits.

    >>> quoted_whole("1232"), quoted_whole("00000000000020260011"), quoted_whole("INV 7")
    ('1232', '20260011', '')
    """
    told = next(iter(_BELGIAN.findall(field)), None)
    plain = "".join(told) if told else field.replace(" ", "").upper()
    return comparable(plain) if _fits(plain) else ""


def quoted_in(text: str) -> list[Quoted]:
    """The places of a text that may be references, the longest first.

    >>> [one.reference for one in quoted_in("KID 1234567897, THANKS")]
    ['1234567897']
    """
    upper = text.upper()
    if len(upper) != len(text):  # letters that become two: places would not be those of the text
        return []
    found = [
        Quoted(*match.span(), comparable("".join(match.groups())))
        for match in _BELGIAN.finditer(upper)
        if _fits("".join(match.groups()))
    ]
    for pattern in (_RF, _DIGITS):
        for match in pattern.finditer(upper):
            found += _in_words(match.group(), match.start())
    return sorted(found, key=lambda one: (one.start - one.end, one.start))


def _in_words(text: str, at: int) -> Iterator[Quoted]:
    """Of words that may be groups of one reference: those beside each other that fit."""
    words = [match.span() for match in _WORD.finditer(text)][:_MOST_WORDS]
    for first, last in ((a, b - 1) for a, b in combinations(range(len(words) + 1), 2)):
        start, end = words[first][0], words[last][1]
        for stop in {end, end - text[start:end].endswith("-")}:
            plain = text[start:stop].replace(" ", "")
            if _LEAST_IN_TEXT <= len(plain) <= _LONGEST and _fits(plain):
                yield Quoted(at + start, at + stop, comparable(plain))


def _fits(plain: str) -> bool:
    return is_qr(plain) or any(True for _ in schemes_of(plain))


def ways_written(reference: str) -> set[str]:
    """How a reference, as it is compared, may stand in our own books.

    >>> sorted(ways_written("20260011"))
    ['202 60011', '20260011']
    >>> "+++090/9337/55493+++" in ways_written("90933755493")
    True
    """
    ways = {reference}
    if reference.startswith("RF"):
        return ways | {spaced(reference)}
    digits = reference.rstrip("-")
    ways |= {spaced(digits)} if digits == reference else set()
    if len(digits) <= 12 and digits == reference and len(digits) > 2:
        whole = digits.zfill(12)
        parts = f"{whole[:3]}/{whole[3:7]}/{whole[7:]}"
        if _fits(whole) and int(whole[:10]) % 97 in (int(whole[10:]), int(whole[10:]) - 97):
            ways |= {whole, parts, f"+++{parts}+++", f"***{parts}***"}
    if len(digits) > 20:
        ways |= {digits.zfill(_LONGEST), spaced(digits.zfill(_LONGEST))}
    return ways


def saying(text: str, numbers: Mapping[str, str]) -> str:
    """A text with the references in it put as the numbers that they were issued for.

    >>> saying("KID 1234567897 THANKS", {"1234567897": "RE-17"})
    'KID RE-17 THANKS'
    """
    for one in sorted(issued_in(text, numbers), reverse=True):
        text = f"{text[: one.start]}{numbers[one.reference]}{text[one.end :]}"
    return text


def saying_whole(field: str, numbers: Mapping[str, str]) -> str:
    """A field of its own, put as the number that its reference was issued for."""
    return numbers.get(quoted_whole(field), "") or saying(field, numbers)


def issued_in(text: str, numbers: Mapping[str, str]) -> list[Quoted]:
    """The places of a text that are references of ours, none within another."""
    found: list[Quoted] = []
    for one in quoted_in(text) if numbers else ():
        is_apart = all(one.end <= other.start or other.end <= one.start for other in found)
        if one.reference in numbers and is_apart:
            found.append(one)
    return found
