"""What lines of a table or text say, gathered until all is read: then style and days are known.

Rule: which sign stands before decimals, and which number of a day is the month, the whole file
tells. What is written of the payment at the head of it counts for all lines; where lines name
payments or payers of their own, each of those is an advice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from duly.cash_application.rules.advices import (
    CONTRADICTS,
    MOST_PROBLEMS,
    UNREADABLE,
    Advice,
    AdviceLine,
    Event,
    kept_back,
    line_of,
)
from duly.cash_application.rules.statements import decimals_of
from duly.interfaces.exchange.readers.bank.written_days import WrittenDays
from duly.interfaces.exchange.readers.presets.preset import plain_header
from duly.interfaces.exchange.readers.remittance.loose import (
    Figure,
    Style,
    figure_of,
    loose_line,
    only_currency,
)
from duly.interfaces.exchange.readers.remittance.telling import (
    doubtful,
    incomplete,
    short,
    unreadable,
)
from duly.interfaces.exchange.readers.remittance.words import words
from duly.kernel.amounts import text_from_minor
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

OF_PAYMENT = ("payment_reference", "payer_name", "payer_account", "payer_code", "paid_on")
MONEY = ("gross", "discount", "deduction", "paid")
_MOST_COMBINED = 4
_KEY = re.compile(r"\s*([^:=]{2,40}?)\s*[:=]\s+(\S.*)|\s*([^:=]{2,40}?)\s*[:=](\S.*)")
Payment = tuple[str, ...]


class Draft(NamedTuple):
    """A line before it is known how the file writes amounts.

    `money` by role; `loose` amounts in order, of which no column tells what they are.
    """

    place: str
    number: str
    money: Mapping[str, Figure]
    loose: tuple[Figure, ...] = ()
    is_credit: bool = False
    is_deduction: bool = False
    reason: str = ""
    text: str = ""
    payment: Payment = ("",) * len(OF_PAYMENT)
    currency: str = ""


@dataclass
class Gathered:
    """All that a file says of payments, and what of it can't be read."""

    place: str
    currency: str = ""  # of the columns, where their header tells one
    heads: dict[str, str] = field(default_factory=dict)
    amounts: list[Figure] = field(default_factory=list)  # that heads and totals tell
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    style: Style = field(default_factory=Style)
    days: WrittenDays = field(default_factory=lambda: WrittenDays(""))

    def head(self, key: str, value: str) -> bool:
        """Take what is said of the payment itself; False where the key is none that is known."""
        keys = (key, *key.split("/"))
        roles = (words().heads.get(plain_header(one)) for one in keys)
        role = next(filter(None, roles), None)
        if role in ("amount", "paid"):
            figure = figure_of(value) or next(iter(loose_line(value).figures), None)
            if figure is None:
                return False
            self.amounts.insert(0, figure)
            return True
        if role not in (*OF_PAYMENT, "currency") or not value.strip():
            return False
        self.heads.setdefault(role, short(value))
        return True

    def head_line(self, text: str) -> bool:
        """Take a line "key: value" of the head; False where it is none."""
        found = _KEY.match(text[:400])
        return found is not None and self.head(found[1] or found[3], found[2] or found[4])

    def events(self) -> Iterator[Event]:
        """The advices, and what is wrong with them."""
        figures = [one for draft in self.drafts for one in (*draft.money.values(), *draft.loose)]
        self.style.learn([*figures, *self.amounts])
        on = OF_PAYMENT.index("paid_on")
        told = [self.heads.get("paid_on", ""), *(draft.payment[on] for draft in self.drafts)]
        self.days.learn(told)
        yield from self.problems[:MOST_PROBLEMS]
        if not self.drafts:
            if any(one.code == UNREADABLE for one in self.problems):
                return
            yield incomplete(self.place, "No line of it names a document and an amount.")
            return
        payments: dict[tuple[Payment, str], list[Draft]] = {}
        last: Payment = ("",) * len(OF_PAYMENT)
        for draft in self.drafts:
            last = draft.payment if any(draft.payment) else last
            payments.setdefault((last, draft.currency), []).append(draft)
        yield from self._advices(
            payments, only_currency([one.currency for one in (*figures, *self.amounts)])
        )

    def _advices(
        self, payments: Mapping[tuple[Payment, str], Sequence[Draft]], beside: str
    ) -> Iterator[Event]:
        made = 0
        is_one = len(payments) == 1
        for (payment, currency), drafts in payments.items():
            told = self.heads.get("currency", "").upper()[:3]
            currency = (currency or self.currency or told or beside)[:3]
            lines, problems = self._lines(drafts, decimals_of(currency))
            yield from problems[:MOST_PROBLEMS]
            if any(one.code.endswith("UNREADABLE") for one in problems):
                continue
            said = dict(zip(OF_PAYMENT, payment, strict=True))
            said = {role: said[role] or self.heads.get(role, "") for role in OF_PAYMENT}
            on, problem = self._day(drafts[0].place, said.pop("paid_on"))
            if problem:
                yield problem
            total = self._total(lines, decimals_of(currency)) if is_one else None
            advice = Advice(
                self.place if is_one else drafts[0].place,
                **{role: short(text) for role, text in said.items()},
                amount_minor=total,
                currency=currency,
                paid_on=on,
                lines=tuple(lines),
            )
            made += advice.total_minor or 0
            yield advice
        if not is_one and self.amounts:
            yield from self._held_against(made)

    def _held_against(self, made: int) -> Iterator[Problem]:
        """A total of several payments is that of all."""
        if made not in [self.style.minor(one, 2) for one in self.amounts]:
            told = f"Its payments make {text_from_minor(made, 2)}, and no total of it is that."
            yield Problem(self.place, CONTRADICTS, told, "Ask the payer which is right.")

    def _total(self, lines: Sequence[AdviceLine], decimals: int) -> int | None:
        """What is told as paid in all: of several the one that the lines make, else the first."""
        told = [self.style.minor(one, decimals) for one in self.amounts]
        totals = [minor for minor in told if minor is not None]
        made = Advice("", lines=tuple(lines)).lines_minor
        return made if made in totals else next(iter(totals), None)

    def _day(self, place: str, text: str) -> tuple[date | None, Problem | None]:
        if not text:
            return None, None
        day, problem = self.days.day(place, text)
        if problem is None:
            return day, None
        return day, doubtful(place, problem.message, "Name the day when you add the file.")

    def _lines(
        self, drafts: Sequence[Draft], decimals: int
    ) -> tuple[list[AdviceLine], list[Problem]]:
        lines, problems = [], []
        for draft in drafts:
            money = {role: self.style.minor(one, decimals) for role, one in draft.money.items()}
            loose = [self.style.minor(one, decimals) for one in draft.loose]
            unread = [
                figure.body
                for figure, minor in zip(
                    (*draft.money.values(), *draft.loose), (*money.values(), *loose), strict=True
                )
                if minor is None
            ]
            if unread:
                why = f"{quoted(unread[0])} is no amount, or can mean two"
                problems.append(unreadable(draft.place, why))
                continue
            amounts = {role: minor or 0 for role, minor in money.items()}
            amounts |= _in_order([minor or 0 for minor in loose])
            lines.append(_line(draft, amounts))
        return lines, problems


def _in_order(amounts: Sequence[int]) -> dict[str, int]:
    """Amounts of which nothing tells what they are: what is paid is last, what it is of first."""
    if not amounts:
        return {}
    if len(amounts) == 1:
        return {"paid": amounts[0]}
    first, *between, last = amounts
    if 0 < len(between) <= _MOST_COMBINED - 2:
        for signs in ((-1, -1), (1, 1)):
            if first + sum(s * n for s, n in zip(signs, between, strict=False)) == last:
                taken = dict(zip(("discount", "deduction"), between, strict=False))
                return {"gross": first, **taken, "paid": last}
    if abs(last) > abs(first):
        return {"paid": last}
    return {"gross": first, "paid": last}


def _line(draft: Draft, amounts: Mapping[str, int]) -> AdviceLine:
    if draft.is_deduction and amounts:
        minor = next(amounts[role] for role in ("deduction", "paid", "gross") if role in amounts)
        return kept_back(abs(minor), short(draft.reason), short(draft.text), short(draft.number))
    gross, paid = amounts.get("gross"), amounts.get("paid")
    if draft.is_credit:
        gross, paid = (None if n is None else -abs(n) for n in (gross, paid))
    return line_of(
        short(draft.number),
        gross,
        paid,
        amounts.get("discount", 0),
        amounts.get("deduction", 0),
        short(draft.reason),
        short(draft.text),
    )
