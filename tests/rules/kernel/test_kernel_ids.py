"""Content digests, and how values are quoted in messages."""

import hashlib

import pytest

from duly.kernel.ids import digest
from duly.kernel.quoting import quoted, safe_text


def test_a_digest_is_64_hexadecimal_digits_and_stays_the_same():
    assert digest() == hashlib.sha256(b"").hexdigest()
    assert digest("a") == hashlib.sha256(b"\0" * 7 + b"\1a").hexdigest()


def test_text_and_its_bytes_are_one():
    assert digest("é", "b") == digest("é".encode(), b"b")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("abc",), ("ab", "c")),
        (("a", ""), ("a",)),
        (("", "a"), ("a", "")),
        ((), ("",)),
        (("a\0b",), ("a", "b")),
        ((b"\0" * 8,), (b"", b"")),
        (("a", "b"), ("b", "a")),
    ],
)
def test_other_parts_give_another_digest(one, other):
    assert digest(*one) != digest(*other)


def test_a_lone_surrogate_has_a_digest_of_its_own():
    assert len({digest("\ud800"), digest("\ud801"), digest("?")}) == 3


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12,50", '"12,50"'),
        ("a\nb", '"a\\nb"'),
        ("\x00\x1b[31m", '"\\x00\\x1b[31m"'),
        ("\ud800", '"\\ud800"'),
        ("\u202e", '"\\u202e"'),
        ("Müller & Søn 株", '"Müller & Søn 株"'),
        ("x" * 41, '"' + "x" * 40 + '…"'),
        (None, '"None"'),
        (12, '"12"'),
    ],
)
def test_a_value_in_a_message_is_short_and_printable(value, shown):
    assert quoted(value) == shown
    assert f'"{safe_text(value)}"' == shown
    assert shown.isprintable()
