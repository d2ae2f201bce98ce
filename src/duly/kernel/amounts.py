"""Amounts between plain decimal text and whole minor units, exact and fast enough for columns.

The text is a minus sign if any, 1 to 15 ASCII digits, and a point with no more decimals than the
currency has. Nothing else is an amount: no grouping, no exponent, no sign in front but "-", no
digits of other scripts. Nothing is rounded and nothing is guessed.
"""

import re
from collections.abc import Sequence

from duly.kernel.errors import InvalidAmount
from duly.kernel.quoting import quoted, safe_text

MAX_DIGITS = 15  # before the decimal point
MAX_MINOR = 2**63 - 1  # what a BIGINT column holds; the negative limit mirrors it
MAX_EXPONENT = 4

# ASCII digits only, because \d and int() let digits of other scripts through.
_WHOLE = rf"-?[0-9]{{1,{MAX_DIGITS}}}"
_FORMS = tuple(
    rf"{_WHOLE}(?:\.[0-9]{{1,{exponent}}})?" if exponent else _WHOLE
    for exponent in range(MAX_EXPONENT + 1)
)
_ONE = tuple(re.compile(form) for form in _FORMS)
# Whole columns at once, one value a line; possessive, so that a bad value costs one pass.
_EACH = tuple(re.compile(rf"(?:{form}\n)*+") for form in _FORMS)
_EACH_FULL = tuple(
    re.compile(rf"(?:{_WHOLE}\.[0-9]{{{exponent}}}\n)*+" if exponent else rf"(?:{_WHOLE}\n)*+")
    for exponent in range(MAX_EXPONENT + 1)
)
_ZEROS = "0" * MAX_EXPONENT
_EXAMPLES = ("1234", "1234.5", "1234.50", "1234.500", "1234.5000")


def minor_from_text(text: str, exponent: int) -> int:
    """The minor units of a plain decimal text in a currency of `exponent` decimals (0 to 4).

    Refuses: InvalidAmount for any other text, beyond 15 digits before the point or beyond 64 bits.

    >>> minor_from_text("1234.5", 2), minor_from_text("-7", 2), minor_from_text("1234", 0)
    (123450, -700, 1234)
    """
    if type(text) is not str or not _ONE[exponent].fullmatch(text):
        raise _not_an_amount(text, exponent)
    whole, _, decimals = text.partition(".")
    minor = int(whole + decimals + _ZEROS[: exponent - len(decimals)])
    if not -MAX_MINOR <= minor <= MAX_MINOR:
        raise _not_an_amount(text, exponent)
    return minor


def minors_from_texts(texts: Sequence[str], exponent: int) -> list[int]:
    """The minor units of a column of texts of one currency; all of them, or a refusal.

    Refuses: InvalidAmount of the first bad text. To find every one, call `minor_from_text` on each:
    that costs time only where a column has a bad value.

    >>> minors_from_texts(["1234.50", "0.05", "-3"], 2)
    [123450, 5, -300]
    """
    minors = _minors_at_once(texts, exponent)
    if minors is None:
        return [minor_from_text(text, exponent) for text in texts]
    return minors


def _minors_at_once(texts: Sequence[str], exponent: int) -> list[int] | None:
    """The whole column by few passes in C; None where a value is, or may be, bad."""
    try:
        lines = "\n".join(texts) + "\n"
    except TypeError:
        return None
    if lines.count("\n") != len(texts):  # a value holds a line break, or there is none at all
        return None
    if _EACH_FULL[exponent].fullmatch(lines):
        minors = [int(line) for line in lines.replace(".", "").splitlines()]
    elif _EACH[exponent].fullmatch(lines):
        minors = [
            int(whole + decimals + _ZEROS[: exponent - len(decimals)])
            for whole, _, decimals in [text.partition(".") for text in texts]
        ]
    else:
        return None
    # Only 15 digits and 4 decimals together can pass 64 bits.
    if exponent == MAX_EXPONENT and not -MAX_MINOR <= min(minors) <= max(minors) <= MAX_MINOR:
        return None
    return minors


def text_from_minor(minor: int, exponent: int) -> str:
    """The plain decimal text of minor units, always with all decimals of the currency.

    >>> text_from_minor(123450, 2), text_from_minor(-5, 2), text_from_minor(1234, 0)
    ('1234.50', '-0.05', '1234')
    """
    if not exponent:
        return str(minor)
    digits = str(minor) if minor >= 0 else str(-minor)
    if len(digits) <= exponent:
        digits = digits.zfill(exponent + 1)
    sign = "" if minor >= 0 else "-"
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


def texts_from_minors(minors: Sequence[int], exponent: int) -> list[str]:
    """The plain decimal texts of a column of minor units.

    >>> texts_from_minors([123450, -5], 2)
    ['1234.50', '-0.05']
    """
    return [text_from_minor(minor, exponent) for minor in minors]


# What is wrong with a text, the first that fits: pattern, what is, what to do ({} an example).
_FAULTS = (
    (r"\s*", "There is no amount.", "Enter one, such as {}."),
    (
        r".*[^\x20-\x7e\u00a0-\U0010ffff].*",
        "The amount {text} holds a control character.",
        "Take it out and write {}.",
    ),
    (r"[+-]?(?:nan|inf|infinity)", "{text} is not a number.", "Write the amount as {}."),
    (
        r"-?[0-9]+(?:\.[0-9]*)?e[+-]?[0-9]+",
        "The amount {text} is written with an exponent.",
        "Write it out in full, as {}. Spreadsheets shorten long numbers: format the column first.",
    ),
    (
        rf"-?[0-9]{{{MAX_DIGITS + 1},}}(?:\.[0-9]*)?",
        f"The amount {{text}} has more than {MAX_DIGITS} digits before the decimal point.",
        "Check that it is an amount, and not an account or a reference.",
    ),
    (
        r"-?[0-9]+\.[0-9]+",
        "The amount {text} has more decimals than its currency, which has {exponent}.",
        "Write it as {}, or check the currency.",
    ),
    (
        r"-?[0-9]{1,3}(?:[,.' \u00a0\u2009\u202f\u2019][0-9]{3})+(?:[,.][0-9]+)?|-?[0-9]+,[0-9]+",
        "The amount {text} has grouping or a decimal comma.",
        "Write it as {}: no grouping, and a point before the decimals.",
    ),
    (r"\s.*|.*\s", "The amount {text} has a space around it.", "Write it as {}."),
)
_FAULT_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), message, remedy)
    for pattern, message, remedy in _FAULTS
)


def _not_an_amount(text: object, exponent: int) -> InvalidAmount:
    """The refusal of a text, saying what is wrong with it."""
    example = _EXAMPLES[exponent]
    facts = {"text": safe_text(text), "decimals": exponent}
    shown = text if isinstance(text, str) else ""
    if _ONE[exponent].fullmatch(shown):
        limit = text_from_minor(MAX_MINOR, exponent)
        return InvalidAmount(
            f"The amount {quoted(text)} is beyond {limit}, the most we can hold.",
            facts=facts | {"limit": limit},
            remedy="Check that it is an amount, and not an account or a reference.",
        )
    if isinstance(text, str) and len(text) <= 1000:  # what a person may have typed
        for pattern, message, remedy in _FAULT_PATTERNS:
            if pattern.fullmatch(text):
                return InvalidAmount(
                    message.format(text=quoted(text), exponent=exponent),
                    facts=facts | {"limit_digits": MAX_DIGITS},
                    remedy=remedy.format(example),
                )
    return InvalidAmount(
        f"{quoted(text)} is not an amount.",
        facts=facts | {"limit_digits": MAX_DIGITS},
        remedy=f"Write digits as in {example}, with a minus sign in front if it is negative.",
    )
