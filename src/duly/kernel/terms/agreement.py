"""Terms as a whole, and the instalments that they give for an amount and a day."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from duly.kernel.currencies import exponent
from duly.kernel.errors import ReceiptDateMissing, TermsUnclear
from duly.kernel.money import Money
from duly.kernel.quoting import quoted, safe_text
from duly.kernel.rounding import half_up
from duly.kernel.terms.clauses import Cash, Discount, DueRule, NetDays, decimal_text

MAX_SHARES = 120
MAX_CODE = 200  # characters; what is longer can be kept nowhere
_HUNDRED = Decimal(100)
_WHOLE = Decimal("0.01")  # one per cent, as a rate


@dataclass(frozen=True, slots=True)
class DiscountStep:
    """One discount of an instalment: the last day, the amount off, and the percentage."""

    until: date
    amount: Money
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of an amount and the day it is due.

    `discount_until` and `discount` are the first step of `discounts`, which are in order of their
    last days; None where there is none.
    """

    number: int
    due_on: date
    amount: Money
    discount_until: date | None = None
    discount: Money | None = None
    discounts: tuple[DiscountStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage of the amount, when it is due, and the discounts on it.

    `due` is None where the terms name discounts alone, and the document states the due date.
    """

    percent: Decimal
    due: DueRule | None
    discounts: tuple[Discount, ...] = ()

    def __post_init__(self) -> None:
        if not (self.percent.is_finite() and 0 < self.percent <= _HUNDRED):
            raise TermsUnclear(
                f"A share of {decimal_text(self.percent)}% can't be.",
                facts={"percent": str(self.percent)},
                remedy="Give a percentage above 0, and let all add up to 100.",
            )
        if isinstance(self.due, NetDays):
            for discount in self.discounts:
                if isinstance(discount.until, NetDays) and discount.until.days > self.due.days:
                    raise TermsUnclear(
                        f"The discount runs {discount.until.days} days, but payment is due "
                        f"after {self.due.days}.",
                        facts={"discount": discount.code, "due": self.due.code},
                        remedy="Check which of the two the contract says.",
                    )


_ALL = Share(_HUNDRED, None)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: one share of 100 per cent, or several; or a text that we only keep.

    `starts_at_receipt` (ROG) lets every clock run from the receipt of the goods instead of the day
    of the document. `written` is the text as it came; it does not count for equality.
    """

    shares: tuple[Share, ...] = ()
    starts_at_receipt: bool = False
    free_text: str = ""
    written: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.shares:
            return
        if len(self.shares) > MAX_SHARES:
            raise TermsUnclear(
                f"{len(self.shares)} instalments are more than {MAX_SHARES}.",
                facts={"instalments": len(self.shares), "limit": MAX_SHARES},
                remedy="Check the terms against the contract.",
            )
        total = sum(share.percent for share in self.shares)
        if total != _HUNDRED:
            raise TermsUnclear(
                f"The instalments add up to {decimal_text(Decimal(total))}%, not to 100%.",
                facts={"percent": str(total)},
                remedy="Give percentages that add up to 100.",
            )
        if len(self.code) > MAX_CODE:
            raise TermsUnclear(
                f"Written out, the terms have {len(self.code)} characters, more than {MAX_CODE}.",
                facts={"characters": len(self.code), "limit": MAX_CODE},
                remedy="Give the due dates themselves, one line for each instalment.",
            )

    @property
    def is_free_text(self) -> bool:
        """The text was kept as written and gives no due date."""
        return not self.shares

    @property
    def has_due_date(self) -> bool:
        """The terms alone (with the day of receipt, if ROG) give every due date."""
        return bool(self.shares) and all(share.due is not None for share in self.shares)

    @property
    def gives_credit(self) -> bool:
        """Some part may be paid after delivery; False for cash in advance or on delivery alone."""
        return not (self.shares and all(isinstance(share.due, Cash) for share in self.shares))

    @property
    def code(self) -> str:
        """The one written form of these terms; `parse_terms(code)` gives them back."""
        if not self.shares:
            return self.free_text
        parts = []
        for share in self.shares:
            percent = "" if len(self.shares) == 1 else f"{decimal_text(share.percent)}%-"
            clauses = [discount.code for discount in share.discounts]
            clauses.append("due-stated" if share.due is None else share.due.code)
            parts.append(percent + "-".join(clauses))
        return "+".join(parts) + ("-rog" if self.starts_at_receipt else "")

    @property
    def words(self) -> str:
        """The terms in plain English, for people to check."""
        if not self.shares:
            return self.free_text
        parts = []
        for share in self.shares:
            percent = "" if len(self.shares) == 1 else f"{decimal_text(share.percent)}% "
            due = "on the day that the document states" if share.due is None else share.due.words
            clauses = [*(discount.words for discount in share.discounts), percent + due]
            parts.append(", otherwise ".join(clauses))
        clock = ", counted from the receipt of the goods" if self.starts_at_receipt else ""
        return "; ".join(parts) + clock

    def due_on(self, issued_on: date, *, received_on: date | None = None) -> date:
        """The day on which all is due: that of the last instalment.

        Refuses: TermsUnclear where the terms give none, ReceiptDateMissing for ROG without it.
        """
        self._refuse_without_due_date()
        return max(self._due_on(share, issued_on, received_on) for share in self.shares)

    def schedule(
        self,
        issued_on: date,
        amount: Money,
        *,
        received_on: date | None = None,
        due_on: date | None = None,
    ) -> tuple[Instalment, ...]:
        """The instalments of an amount; they add up to it exactly.

        Rule: shares by largest remainder; a discount is its percentage of the instalment (or of its
        base), rounded half up. `received_on` starts the clock of ROG terms; `due_on` is the day
        that the document itself states, which counts before the terms.
        Given: an amount of either sign; a credit note has negative discounts.
        Refuses: TermsUnclear where there is no due date, or several instalments and a stated one.

        >>> terms = Terms((Share(Decimal(100), NetDays(30)),))
        >>> terms.schedule(date(2026, 1, 31), Money(10000, "USD"))[0].due_on
        datetime.date(2026, 3, 2)
        """
        shares = self.shares
        if due_on is None:
            self._refuse_without_due_date()
        else:
            self._refuse_second_due_date(due_on)
            shares = shares or (_ALL,)
        amounts = [amount]
        if len(shares) > 1:
            amounts = amount.split([share.percent for share in shares])
        instalments = []
        for number, (share, part) in enumerate(zip(shares, amounts, strict=True), start=1):
            day = due_on or self._due_on(share, issued_on, received_on)
            if share.discounts:
                steps = self._steps(share, part, issued_on, received_on)
                first = steps[0]
                instalments.append(Instalment(number, day, part, first.until, first.amount, steps))
            else:
                instalments.append(Instalment(number, day, part))
        return tuple(instalments)

    def _start(self, issued_on: date, received_on: date | None) -> date:
        """The day from which the clocks run."""
        if not self.starts_at_receipt:
            return issued_on
        if received_on is None:
            raise ReceiptDateMissing(
                "These terms count from the receipt of the goods, and that day is not given.",
                facts={"terms": self.code},
                remedy="Give the day on which the goods were received.",
            )
        return received_on

    def _due_on(self, share: Share, issued_on: date, received_on: date | None) -> date:
        if share.due == Cash("cod") and received_on is not None:
            return received_on
        assert share.due is not None, "refused before"  # noqa: S101
        return share.due.day_from(self._start(issued_on, received_on))

    def _steps(
        self, share: Share, part: Money, issued_on: date, received_on: date | None
    ) -> tuple[DiscountStep, ...]:
        """The discounts of one instalment, in order of their last days."""
        start = self._start(issued_on, received_on)
        steps = []
        for discount in share.discounts:
            base = part if discount.base is None else _base(discount.base, part)
            off = base.times(discount.percent * _WHOLE, half_up)
            steps.append(DiscountStep(discount.until.day_from(start), off, discount.percent))
        return tuple(sorted(steps, key=lambda step: step.until))

    def _refuse_second_due_date(self, due_on: date) -> None:
        """Refuse a stated due date beside instalments, which have their own."""
        if len(self.shares) > 1:
            raise TermsUnclear(
                f"The terms {self.code} have {len(self.shares)} due dates, and one more is given.",
                facts={"terms": self.code, "due_on": due_on},
                remedy="Give the terms or the due date, not both.",
            )

    def _refuse_without_due_date(self) -> None:
        """Refuse where no due date follows."""
        if self.is_free_text:
            told = f"No due date follows from the terms {quoted(self.free_text)}."
            raise TermsUnclear(
                told if self.free_text else "There are no terms.",
                facts={"terms": safe_text(self.free_text, 200)},
                remedy="Give a due date, or terms such as net 30, 2/10 net 30 or COD.",
            )
        if not self.has_due_date:
            raise TermsUnclear(
                f"The terms {self.code} tell of a discount, but not when payment is due.",
                facts={"terms": self.code},
                remedy="Give a due date, or add it to the terms, as in 2/10 net 30.",
            )


def _base(base: Decimal, part: Money) -> Money:
    """The base of a discount as money of the instalment's currency and sign."""
    minor = abs(base).scaleb(exponent(part.currency))
    if minor != minor.to_integral_value() or minor > abs(part.minor):
        raise TermsUnclear(
            f"The discount is taken of {format(base, 'f')}, which is no part of {part}.",
            facts={"base": base, "amount": part},
            remedy="Check the base of the discount.",
        )
    return Money(int(minor) if part.minor >= 0 else -int(minor), part.currency)


def free_text_terms(text: str) -> Terms:
    """Terms kept as written, understood by people alone."""
    return Terms(free_text=text, written=text)
