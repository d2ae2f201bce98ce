"""A payment explained by what the payer's advice says that it is for.

Rule: each line names one item of the payer's, what was paid on all of them is the payment to the
cent, and no item is settled beyond what is open. Discounts count as earned within the terms; a
deduction is a short pay with the payer's reason. Whatever does not hold goes to a person, with the
words why: an advice is never half followed, nor overruled by what else would add up.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from duly.cash_application.policy import CARVE
from duly.cash_application.rules.explanation import ADVISED, GUESS, NOTHING, Explanation
from duly.cash_application.rules.facts import AdvisedLine, BankPayment, Customer, OpenItem
from duly.cash_application.rules.mentions import FULL, Reading
from duly.cash_application.rules.residuals import (
    DEDUCTED,
    DISCOUNT,
    EXACT,
    SHORT_PAY,
    UNEARNED,
    Fit,
    Line,
    Terms,
    is_earned,
)  # fmt: skip
from duly.cash_application.rules.texts import form_of, squeeze
from duly.kernel.amounts import text_from_minor
from duly.kernel.currencies import exponent

_SHORTEST = 4  # digits by which the end of a number is known
_MOST_TOLD = 3
_Named = tuple[AdvisedLine, tuple[OpenItem, ...]]


class _Part(NamedTuple):
    """What an advice says of one item."""

    item: OpenItem
    paid: int
    discount: int = 0
    deduction: int = 0
    why: str = ""

    @property
    def settled(self) -> int:
        return self.paid + self.discount + self.deduction


def by_advice(
    payment: BankPayment, customer: Customer, items: Sequence[OpenItem], terms: Terms
) -> Explanation:
    """The explanation by the payer's advice if a given customer paid; `items` are all of theirs."""
    known = _Known(items)
    named = [(line, known.find(line)) for line in payment.advised if line.number]
    told = tuple({item.id: item for _, found in named for item in found}.values())
    unknown = tuple(line.number for line, found in named if not found)
    doubts = _unclear(named, unknown)
    parts = [] if doubts else _parts(payment, named, doubts)
    if not doubts:
        parts = _with_kept_back(payment, parts, doubts)
        doubts += _does_not_hold(payment, parts)
    doubts += _named_otherwise(payment, known, told)
    if doubts:
        way = ADVISED if told else GUESS
        reading = Reading(unknown=unknown)
        return Explanation(customer, way, told, Fit(NOTHING, ()), reading, doubts=tuple(doubts))
    return Explanation(customer, ADVISED, told, _fit(parts, terms), Reading(), FULL, True)


def _unclear(named: Sequence[_Named], unknown: Sequence[str]) -> list[str]:
    """Lines that name nothing open of this payer's, or what may be several documents."""
    doubts = [_listed("names what is not open of theirs", unknown)] if unknown else []
    return doubts + [
        f"The advice names {line.number}, which may mean {len(found)} items."
        for line, found in named
        if len({item.number for item in found}) > 1
    ]


class _Known:
    """The items of a payer by their numbers."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        self.items = tuple(items)

    def find(self, line: AdvisedLine) -> tuple[OpenItem, ...]:
        """The items that a line names: in full, by all digits, by the last ones, by the order.

        Several of one number are its instalments; of several numbers the amount tells.
        """
        whole, digits = squeeze(line.number), form_of(line.number).digits
        ways = (
            [i for i in self.items if form_of(i.number).squeezed == whole],
            [i for i in self.items if digits and form_of(i.number).digits == digits],
            [i for i in self.items if len(digits) >= _SHORTEST and _ends(i, digits)],
            [i for i in self.items if i.order and squeeze(i.order) == whole],
        )
        found = next(filter(None, ways), [])
        if len({item.number for item in found}) > 1:
            amounts = {line.gross_minor, line.settled_minor} - {None}
            found = [i for i in found if i.open_minor in amounts] or found
        return tuple(found)


def _ends(item: OpenItem, digits: str) -> bool:
    own = form_of(item.number).digits
    return own.endswith(digits) or digits.lstrip("0") == form_of(item.number).bare


def _parts(
    payment: BankPayment,
    named: Sequence[_Named],
    doubts: list[str],
) -> list[_Part]:
    """What is said of each item; amounts that no line tells are what is open, or what is left."""
    silent = [found for line, found in named if line.paid_minor is None]
    left = payment.minor - sum(line.paid_minor or 0 for line in payment.advised)
    due = sum(item.open_minor for found in silent for item in found)
    if silent and left != due and (len(silent) > 1 or not 0 < left < due):
        doubts.append(
            f"The items named without an amount are open to {_amount(due, payment)}, and "
            f"{_amount(left, payment)} of the payment is for them."
        )
        return []
    parts: dict[int, _Part] = {}
    for line, found in named:
        paid = line.paid_minor
        if paid is None:
            paid = left if len(silent) == 1 else sum(item.open_minor for item in found)
        told = line._replace(paid_minor=paid)
        for part in _spread(told, found, {n: one.settled for n, one in parts.items()}):
            before = parts.get(part.item.id, _Part(part.item, 0))
            parts[part.item.id] = _Part(
                part.item,
                before.paid + part.paid,
                before.discount + part.discount,
                before.deduction + part.deduction,
                " ".join(filter(None, (before.why, part.why))),
            )
    return list(parts.values())


def _spread(
    line: AdvisedLine, found: Sequence[OpenItem], settled: dict[int, int]
) -> Iterable[_Part]:
    """A line over the instalments of its document, the earliest first; mostly there is one."""
    paid = line.paid_minor or 0
    *first, last = found
    for item in first:
        some = min(paid, max(item.open_minor - settled.get(item.id, 0), 0)) if paid > 0 else 0
        if some:
            paid -= some
            yield _Part(item, some)
    why = " ".join(part for part in (line.reason, line.text) if part)
    why = why if line.deduction_minor else ""
    yield _Part(last, paid, line.discount_minor, line.deduction_minor, why)


def _with_kept_back(payment: BankPayment, parts: list[_Part], doubts: list[str]) -> list[_Part]:
    """Deductions of no document are booked on the largest item that is paid."""
    alone = [line for line in payment.advised if not line.number]
    kept = sum(line.deduction_minor for line in alone)
    other = sum((line.paid_minor or 0) + line.deduction_minor for line in alone)
    if other or kept < 0:
        doubts.append("The advice tells of money that is for no document.")
        return parts
    if not kept or not parts:
        return parts
    largest = max(parts, key=lambda part: part.paid)
    why = " ".join(part for line in alone for part in (line.reason, line.text) if part)
    changed = largest._replace(
        paid=largest.paid - kept,
        deduction=largest.deduction + kept,
        why=" ".join(filter(None, (largest.why, why))),
    )
    return [changed if part is largest else part for part in parts]


def _does_not_hold(payment: BankPayment, parts: Sequence[_Part]) -> list[str]:
    """Sums that contradict the payment or what is open."""
    doubts = []
    paid = sum(part.paid for part in parts)
    if paid != payment.minor:
        doubts.append(
            f"The lines of the advice make {_amount(paid, payment)}, the payment is "
            f"{_amount(payment.minor, payment)}."
        )
    for part in parts:
        settled, due = part.settled, part.item.open_minor
        if abs(settled) > abs(due) or settled * due < 0:
            doubts.append(
                f"The advice settles {_amount(settled, payment)} of {part.item.number}, which is "
                f"open to {_amount(due, payment)}."
            )
    return doubts[:_MOST_TOLD]


def _named_otherwise(
    payment: BankPayment,
    known: _Known,
    told: Sequence[OpenItem],
) -> list[str]:
    """The payment's own text names an item in full, and the advice does not."""
    inside = {item.id for item in told}
    text = squeeze(payment.text)
    others = [
        item.number
        for item in known.items
        if item.id not in inside
        and len(form_of(item.number).squeezed) > 2 * _SHORTEST
        and form_of(item.number).squeezed in text
    ]
    return [_listed("does not name what the payment itself names", others)] if others else []


def _fit(parts: Sequence[_Part], terms: Terms) -> Fit:
    """The lines that an advice makes, and by what kind of difference it is short."""
    lines, kinds = [], {EXACT}
    for part in parts:
        if part.paid:
            lines.append(Line(part.item.id, part.paid))
        short = part.deduction
        if part.discount and is_earned(part.item, terms) and _is_granted(part):
            kinds.add(DISCOUNT)
            lines.append(Line(part.item.id, part.discount, DISCOUNT))
        elif part.discount:
            kinds.add(UNEARNED)
            short += part.discount
        if part.deduction:
            kinds.add(DEDUCTED)
        if short and terms.policy.short_pays == CARVE:
            lines.append(Line(part.item.id, short, SHORT_PAY, part.why))
    kind = next(one for one in (DEDUCTED, UNEARNED, DISCOUNT, EXACT) if one in kinds)
    return Fit(kind, tuple(lines), sum(part.discount + part.deduction for part in parts))


def _is_granted(part: _Part) -> bool:
    return 0 < part.discount <= part.item.discount_minor


def _listed(what: str, numbers: Sequence[str]) -> str:
    more = f" and {len(numbers) - _MOST_TOLD} more" if len(numbers) > _MOST_TOLD else ""
    return f"The advice {what}: {', '.join(numbers[:_MOST_TOLD])}{more}."


def _amount(minor: int, payment: BankPayment) -> str:
    return f"{text_from_minor(minor, exponent(payment.currency))} {payment.currency}"
