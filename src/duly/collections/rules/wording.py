"""What a message says: a template filled from the open items, in one language throughout."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duly.collections.rules.templates import one_line, render
from duly.collections.rules.texts import Text
from duly.kernel.languages import spell_amount, spell_day


class Said(NamedTuple):
    """An item, credit note or payment as it is named in a text."""

    number: str
    issued_on: date
    due_on: date
    open_minor: int


def write(
    text: Text,
    *,
    customer: str,
    entity: str,
    currency: str,
    lines: Sequence[Said],
    today: date,
    previous_on: date | None,
    language: str,
) -> tuple[str, str]:
    """Subject and body. Rule: the total is the sum of the lines, and nothing else states money."""
    amount = sum(line.open_minor for line in lines)
    owed = [line.due_on for line in lines if line.open_minor > 0]
    oldest = min(owed, default=today)
    values = {
        "customer": one_line(customer),
        "entity": one_line(entity),
        "amount": spell_amount(amount, currency, language),
        "currency": currency,
        "count": str(len(lines)),
        "oldest_days": str((today - oldest).days),
        "oldest_due_on": spell_day(oldest, language),
        "today": spell_day(today, language),
        "previous_on": spell_day(previous_on or today, language),
    }
    items = [
        {
            "number": one_line(line.number),
            "issued_on": spell_day(line.issued_on, language),
            "due_on": spell_day(line.due_on, language),
            "open": spell_amount(line.open_minor, currency, language),
            "days_late": str((today - line.due_on).days),
        }
        for line in lines
    ]
    subject = one_line(render(text.subject, values, items))[:400]
    return subject, render(text.body, values, items)
