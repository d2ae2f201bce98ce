"""How a message shows what somebody wrote: in quotes, short, and safe to print and to store."""

import re

# Tab, line feed and carriage return are how text is laid out; NEL to U+009F are C1 controls.
# What turns the direction of text can make one name look like another.
CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def quoted(value: object, limit: int = 40) -> str:
    """The value in quotes, cut to `limit` characters; what can't be printed is escaped.

    >>> quoted("12,50"), quoted("a" * 50, limit=5), quoted("1\\x00")
    ('"12,50"', '"aaaaa…"', '"1\\\\x00"')
    """
    return f'"{safe_text(value, limit)}"'


def safe_text(value: object, limit: int = 40) -> str:
    """The same without quotes, for `facts`: databases and terminals take it as it is."""
    text = value if isinstance(value, str) else repr(value)
    shown = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text[:limit]
    )
    return shown + ("…" if len(text) > limit else "")
