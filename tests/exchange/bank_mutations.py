"""What becomes of a bank's file in bad hands: bytes, lines, fields and elements changed by a seed.

Structure-aware changes keep a file near to its format, so that readers get far into it: fields are
lost, doubled, exchanged or blown up, amounts and days become others, elements lose their ends.
"""

import random
import re
from collections.abc import Callable

Change = Callable[[random.Random, bytes], bytes]
_NUMBER = re.compile(rb"[0-9]+(?:[.,][0-9]+)?")
_ELEMENT = re.compile(rb"<[^>]*>")
_FIELD = re.compile(rb"[,;|/?:<>\n]")
_STRANGE = (
    b"", b"0", b"-0", b"+", b"9" * 40, b"9" * 5_000, b"1e9", b"1,234.56", b"NaN", b"20260231",
    b"999999", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\x1a", b"&amp;", b"&#0;",
    b"&#x110000;", b"&lol;", b"]]>", b"<![CDATA[", b"<!--", b"<!DOCTYPE a>", b"XXX", b"JPY",
    "\u202e\u0661\u2028".encode(), b" " * 300, b"/", b"'\"",
)  # fmt: skip


def _cut(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _flip(dice: random.Random, data: bytes) -> bytes:
    found = bytearray(data)
    for _ in range(dice.randrange(1, 9)):
        found[dice.randrange(len(found))] ^= 1 << dice.randrange(8)
    return bytes(found)


def _splice(dice: random.Random, data: bytes) -> bytes:
    """A piece lost, doubled, or moved elsewhere."""
    first, last = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    piece, at = data[first:last], dice.randrange(len(data) + 1)
    kept = data if dice.random() < 0.5 else data[:first] + data[last:]
    return kept[:at] + piece[:5_000] + kept[at:] if dice.random() < 0.7 else kept


def _strange(dice: random.Random, data: bytes) -> bytes:
    """Something no bank writes, anywhere."""
    at = dice.randrange(len(data) + 1)
    return data[:at] + dice.choice(_STRANGE) + data[at + dice.randrange(12) :]


def _lines(dice: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(dice.randrange(1, 4)):
        at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
        act = dice.randrange(3)
        if act == 0:
            lines[at], lines[other] = lines[other], lines[at]
        elif act == 1:
            lines.insert(at, lines[other])
        elif len(lines) > 1:
            del lines[at]
    return b"".join(lines)


def _parts(pattern: re.Pattern[bytes]) -> Change:
    """Of what a pattern finds, some are lost, exchanged for another, or something strange."""

    def change(dice: random.Random, data: bytes) -> bytes:
        found = list(pattern.finditer(data))
        for part in sorted(
            dice.sample(found, min(len(found), dice.randrange(1, 4))),
            key=lambda one: one.start(),
            reverse=True,
        ):
            new = dice.choice((b"", dice.choice(found)[0], dice.choice(_STRANGE), part[0] * 2))
            data = data[: part.start()] + new + data[part.end() :]
        return data

    return change


CHANGES: tuple[Change, ...] = (
    _cut, _flip, _splice, _strange, _lines, _parts(_NUMBER), _parts(_ELEMENT), _parts(_FIELD),
)  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    """The file that a seed makes of this one: one to three changes, the same each time."""
    dice = random.Random(seed)
    for _ in range(dice.randrange(1, 4)):
        if data:
            data = dice.choice(CHANGES)(dice, data)
    return data
