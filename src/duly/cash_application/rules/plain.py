"""The commonest payment, at once: each number in its text is that of one item, and they add up.

Rule: the payer is known, every word with a digit is one whole number, of an item of theirs alone,
and the open amounts make the payment to the cent. Reading and searching say the same of it, slower:
what is named whole goes before all else.
"""

import re

from duly.cash_application.rules.book import Book
from duly.cash_application.rules.explanation import NAMED, Explanation
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem
from duly.cash_application.rules.mentions import FULL, Reading
from duly.cash_application.rules.payers import Directory
from duly.cash_application.rules.residuals import EXACT, Fit, Line
from duly.cash_application.rules.texts import Mention

_NUMBER = re.compile(r"[A-Z0-9-]*[0-9][A-Z0-9-]*")
_SHORTEST = 6


def plainly(
    payment: BankPayment, customer: Customer, directory: Directory, book: Book
) -> Explanation | None:
    """The explanation of such a payment; nothing where it isn't one."""
    text = payment.text if not payment.reference else f"{payment.text} {payment.reference}"
    minor, by_number = payment.minor, book.by_number
    items: dict[int, OpenItem] = {}
    mentions = []
    for match in _NUMBER.finditer(text.upper()):
        word = match.group()
        known = by_number.get(word) or by_number.get(word.replace("-", ""))
        if known is None or len(known) > 1 or len(word) < _SHORTEST:
            return None
        (item,) = known.values()
        if item.currency != payment.currency:
            return None
        if item.customer_id != customer.id and not directory.is_below(item.customer_id, customer):
            return None
        if item.id not in items:
            minor -= item.open_minor
        items[item.id] = item
        mentions.append(Mention(*match.span(), (item,), FULL))
    if minor or not items:
        return None
    lines = tuple([Line(item.id, item.open_minor) for item in items.values()])
    found = tuple(items.values())
    return Explanation(
        customer, NAMED, found, Fit(EXACT, lines), Reading(tuple(mentions)), FULL, True
    )
