"""What a message says: a template filled from the open items, in one locale throughout."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duly.collections.rules.denials import denial
from duly.collections.rules.templates import names, one_line, render
from duly.collections.rules.texts import BEFORE_DUE, FRIENDLY, Text
from duly.kernel.currencies import exponent
from duly.kernel.locales import Locale


class Said(NamedTuple):
    """An item, credit note or payment as it is named in a text."""

    number: str
    issued_on: date
    due_on: date
    open_minor: int
    is_denied: bool = False  # a dispute of it was found invalid, in part or whole


def write(
    text: Text,
    *,
    customer: str,
    entity: str,
    currency: str,
    lines: Sequence[Said],
    today: date,
    previous_on: date | None,
    locale: Locale,
) -> tuple[str, str]:
    """Subject and body.

    Rule: the total is the sum of the lines, and nothing else states money. A text that names the
    message before it gives way to a built-in one where none was sent. What was found to be owed
    after it had been disputed is named as such at the end.
    """
    if lacks_previous(text, previous_on):
        is_late = any(line.open_minor > 0 and line.due_on < today for line in lines)
        text = (FRIENDLY if is_late else BEFORE_DUE)[locale.language]
    amount = sum(line.open_minor for line in lines)
    decimals = exponent(currency)
    owed = [line.due_on for line in lines if line.open_minor > 0]
    oldest = min(owed, default=today)
    values = {
        "customer": one_line(customer),
        "entity": one_line(entity),
        "amount": locale.money(amount, decimals),
        "currency": currency,
        "count": str(len(lines)),
        "oldest_days": str((today - oldest).days),
        "oldest_due_on": locale.long_day(oldest),
        "today": locale.long_day(today),
        "previous_on": locale.long_day(previous_on) if previous_on else "",
    }
    items = [
        {
            "number": one_line(line.number),
            "issued_on": locale.long_day(line.issued_on),
            "due_on": locale.long_day(line.due_on),
            "open": locale.money(line.open_minor, decimals),
            "days_late": str((today - line.due_on).days),
        }
        for line in lines
    ]
    subject = one_line(render(text.subject, values, items))[:400]
    body = render(text.body, values, items)
    denied = denial([one_line(line.number) for line in lines if line.is_denied], locale.language)
    return subject, f"{body.rstrip()}\n\n{denied}\n" if denied else body


def lacks_previous(text: Text, previous_on: date | None) -> bool:
    """Tell whether a text claims an earlier message where none was sent."""
    return previous_on is None and names("previous_on", *text)
