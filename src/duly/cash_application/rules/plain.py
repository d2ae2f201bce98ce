"""The two commonest payments, at once: all named in full, or nothing named and one sum alone.

Rule: the payer is known. Either every word with a digit is one whole number, of an item of theirs
alone, and the open amounts make the payment to the cent. Or the text names nothing, and of their
few items, none of them with discounts or credits, one set alone makes the payment, by far too few
to be chance. Reading and searching say the same of both, slower.
"""

import re
from collections.abc import Sequence

from duly.cash_application.rules.book import Book
from duly.cash_application.rules.explanation import NAMED, SUM, Explanation, is_before
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem
from duly.cash_application.rules.mentions import FULL, SILENT, Reading, age
from duly.cash_application.rules.payers import Directory
from duly.cash_application.rules.proof import RIVAL_PPM, UNSAID_PPM, chance_ppm, grain_of
from duly.cash_application.rules.residuals import EXACT, Fit, Line
from duly.cash_application.rules.texts import Mention, form_of, squeeze

_NUMBER = re.compile(r"[A-Z0-9-]*[0-9][A-Z0-9-]*")
_APART = re.compile(r"[ ,;+/&]+")
_SHORTEST = 6
_FEW, _MOST = 12, 40  # items whose sets are all compared, among so many at most


def plainly(
    payment: BankPayment, customer: Customer, directory: Directory, book: Book
) -> Explanation | None:
    """The explanation of such a payment; nothing where it isn't one."""
    text = payment.text if not payment.reference else f"{payment.text} {payment.reference}"
    by_number, shared, own = book.by_number, book.shared, customer.id
    left, found, lines = payment.minor, [], []
    for word in _NUMBER.findall(text.upper()):
        item = by_number.get(word) or by_number.get(word.replace("-", ""))
        if item is None or len(word) < _SHORTEST:
            return None
        id_, of, number, currency, minor, _, _, _, _, _ = item
        if of != own and not directory.is_below(of, customer):
            return None
        if currency != payment.currency or (shared and squeeze(number) in shared):
            return None
        line = Line(id_, minor)
        if line in lines:
            continue
        left -= minor
        found.append(item)
        lines.append(line)
    if left or not found:
        return None
    fits = Fit(EXACT, tuple(lines))
    return Explanation(customer, NAMED, tuple(found), fits, SILENT, FULL, True)


def read_whole(text: str, ids: Sequence[int], currency: str, book: Book) -> Reading | None:
    """The reading of a text whose every word with a digit is one whole number of some customers."""
    upper, end = text.upper(), 0
    mentions: list[Mention] = []
    for match in _NUMBER.finditer(upper):
        word = match.group()
        item = book.by_number.get(word) or book.by_number.get(word.replace("-", ""))
        if item is None or len(word) < _SHORTEST or item.customer_id not in ids:
            return None
        if item.currency != currency or squeeze(item.number) in book.shared:
            return None
        if mentions and not _APART.fullmatch(upper, end, match.start()):
            return None
        end = match.end()
        mentions.append(Mention(*match.span(), (item,), FULL))
    if not mentions or book.may_be_named(upper[end:]):
        return None
    return Reading(tuple(mentions), text=upper)


def alone(
    payment: BankPayment, customer: Customer, directory: Directory, book: Book
) -> Explanation | None:
    """The one set of few items that makes a payment which names nothing; else nothing is said."""
    minor = payment.minor
    if payment.reference or customer.pays_from_abroad or customer.id in directory.children:
        return None
    if book.may_be_named(payment.text):
        return None
    owned, useful = book.owned(customer.id, payment.currency), []
    own = owned.by_id.values()
    if len(own) > _MOST or not owned.is_plain:
        return None
    on = payment.received_on
    for item in own:
        _, _, _, _, owed, issued_on, _, _, _, _ = item
        if issued_on > on:
            return None
        if owed <= minor:
            useful.append(item)
    count = len(useful)
    if not 0 < count <= _FEW or chance_ppm(len(own), count, minor) > RIVAL_PPM:
        return None
    chosen = _only_sum(useful, minor)
    if not chosen or any(is_before(item, payment, customer) for item in chosen):
        return None
    is_round = len(chosen) > 1 and minor % 10 == 0
    grain = grain_of(minor, [item.open_minor for item in own]) if is_round else 1
    chance = chance_ppm(len(own), len(chosen), minor // grain)
    if chance > UNSAID_PPM or not book.is_silent(payment.text, own, form_of(customer.code).bare):
        return None
    found = tuple(sorted(chosen, key=age))
    fits = Fit(EXACT, tuple([Line(item.id, item.open_minor) for item in found]))
    return Explanation(customer, SUM, found, fits, SILENT, "", True, chance)


def _only_sum(items: Sequence[OpenItem], target: int) -> list[OpenItem] | None:
    """The set that makes an amount, where there is just one and all others are told apart."""
    half = len(items) // 2
    left, right = [0], [0]
    for item in items[:half]:
        left += [one + item.open_minor for one in left]
    for item in items[half:]:
        right += [one + item.open_minor for one in right]
    wanted = {target - one: place for place, one in enumerate(left)}
    hits = [place for place, one in enumerate(right) if one in wanted]
    if len(hits) != 1 or len(wanted) < len(left):
        return None
    (other,) = hits
    mask = wanted[right[other]] | other << half
    return [item for place, item in enumerate(items) if mask >> place & 1]
