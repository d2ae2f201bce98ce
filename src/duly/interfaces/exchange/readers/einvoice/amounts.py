"""The amounts of an e-invoice: read exactly, added up again, and what of them is still owed.

Rules (EN 16931, checked where the profile has the figures):
BR-CO-10 BT-106 = sum of BT-131; BR-CO-11 BT-107 = sum of BT-92; BR-CO-12 BT-108 = sum of BT-99;
BR-CO-13 BT-109 = BT-106 - BT-107 + BT-108; BR-CO-14 BT-110 = sum of BT-117;
BR-CO-15 BT-112 = BT-109 + BT-110; BR-CO-16 BT-115 = BT-112 - BT-113 + BT-114.
All are exact. Only Factur-X and ZUGFeRD EXTENDED allow a cent for each figure added up
(BR-FXEXT-CO-10 to -15). Before EN 16931 (BII, UBL 2.0) BT-112 held the rounding already; either
way BT-115 is the same, so both are taken.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from duly.interfaces.exchange.readers.einvoice.invoice import Stated, Totals
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import DulyError, Problem, problem_from
from duly.kernel.money import minor_from_text, text_from_minor
from duly.kernel.quoting import quoted

# xsd:decimal, with as many digits as an amount can have; a sign "+" and a bare point are allowed.
_DECIMAL = re.compile(r"([+-]?)([0-9]{0,30})(?:\.([0-9]{0,30}))?")


@dataclass(slots=True)
class Amounts:
    """Reads the amounts of one invoice in its currency, and keeps what is wrong with them."""

    currency: str
    where: str  # "invoice 4711"
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def exponent(self) -> int:
        return EXPONENTS[self.currency]

    def read(self, stated: Stated, term: str) -> int | None:
        """Minor units of an amount; None where there is none, or a problem is told.

        Zeros beyond the decimals of the currency are taken ("12.5000" EUR), other digits are not.
        """
        if not stated.text:
            return None
        if stated.currency and stated.currency != self.currency:
            self.refuse(
                term,
                "MIXED_CURRENCIES",
                f"The amount is in {quoted(stated.currency)}; the invoice is in {self.currency}.",
                "Ask the sender for one currency throughout.",
            )
            return None
        try:
            return minor_from_text(plain_decimal(stated.text, self.exponent), self.exponent)
        except DulyError as error:
            self.problems.append(problem_from(error, f"{self.where}, {term}"))
            return None

    def read_each(self, parts: tuple[Stated, ...], term: str) -> list[int] | None:
        """Minor units of each part; None where one can't be read."""
        found = [self.read(part, term) for part in parts]
        whole = [minor for minor in found if minor is not None]
        return whole if len(whole) == len(found) else None

    def text(self, minor: int) -> str:
        """An amount as plain text with its currency."""
        return f"{text_from_minor(minor, self.exponent)} {self.currency}"

    def refuse(self, term: str, code: str, message: str, remedy: str) -> None:
        """Tell a problem of a field."""
        self.problems.append(Problem(f"{self.where}, {term}", code, message, remedy))


def plain_decimal(text: str, exponent: int) -> str:
    """An xsd:decimal as the kernel reads amounts; anything else comes back as it is.

    >>> plain_decimal("+12.5000", 2), plain_decimal(".5", 2), plain_decimal("12.345", 2)
    ('12.50', '0.5', '12.345')
    """
    match = _DECIMAL.fullmatch(text)
    if not match or not (match[2] or match[3]):
        return text
    sign = "-" if match[1] == "-" else ""
    whole = match[2].lstrip("0") or "0"
    decimals = match[3] or ""
    if not decimals[exponent:].strip("0"):
        decimals = decimals[:exponent]
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


@dataclass(frozen=True, slots=True)
class Owed:
    """What an invoice comes to and what of it is still to pay, in minor units, signs as stated.

    `amount_minor` is BT-115 + BT-113: the whole claim with its rounding. `open_minor` is BT-115.
    """

    amount_minor: int
    open_minor: int


def owed(totals: Totals, amounts: Amounts) -> Owed | None:
    """What is owed, all figures having been added up again; None where that has a problem.

    Never: takes a payable amount that its own invoice contradicts.
    """
    before = len(amounts.problems)
    sums = _Sums(totals, amounts)
    sums.check()
    if len(amounts.problems) > before or sums.payable is None:
        return None
    return Owed(sums.payable + (sums.prepaid or 0), sums.payable)


class _Sums:
    """The totals of one invoice in minor units, and their rules."""

    def __init__(self, totals: Totals, amounts: Amounts) -> None:
        self._totals = totals
        self._amounts = amounts
        self.lines_sum = amounts.read(totals.lines_sum, "BT-106")
        self.allowances_sum = amounts.read(totals.allowances_sum, "BT-107")
        self.charges_sum = amounts.read(totals.charges_sum, "BT-108")
        self.net = amounts.read(totals.net, "BT-109")
        self.tax = self._tax_of(totals)
        self.gross = amounts.read(totals.gross, "BT-112")
        self.prepaid = amounts.read(totals.prepaid, "BT-113")
        self.rounding = amounts.read(totals.rounding, "BT-114") or 0
        self.payable = amounts.read(totals.payable, "BT-115")
        self._has_rounded_gross = False  # BII: BT-112 holds BT-114 already

    def _tax_of(self, totals: Totals) -> int | None:
        """BT-110 in the currency of the invoice, not BT-111 in that of the books.

        UBL may have a total for each kind of tax: together they are the tax where their parts say
        so. Otherwise the first counts (some countries write the same total twice).
        """
        amounts = self._amounts
        own = [tax for tax in totals.tax if tax.currency in ("", amounts.currency)]
        found = amounts.read_each(tuple(own), "BT-110")
        if not found:
            return None
        if len(found) > 1:
            parts = tuple(tax for tax in totals.taxes if tax.currency in ("", amounts.currency))
            summed = amounts.read_each(parts, "BT-117")
            if summed is not None and sum(summed) == sum(found):
                return sum(found)
        return found[0]

    def check(self) -> None:
        """Add everything up again and tell each disagreement."""
        totals, amounts = self._totals, self._amounts
        if totals.lines is not None:
            self._compare_parts("BT-106", self.lines_sum, totals.lines, "BT-131", "lines")
        # Without the optional sum, its parts are what counts.
        self.allowances_sum = self._compare_parts(
            "BT-107", self.allowances_sum, totals.allowances, "BT-92", "allowances"
        )
        self.charges_sum = self._compare_parts(
            "BT-108", self.charges_sum, totals.charges, "BT-99", "charges"
        )
        taxes = tuple(tax for tax in totals.taxes if tax.currency in ("", amounts.currency))
        if taxes:
            self.tax = self._compare_parts("BT-110", self.tax, taxes, "BT-117", "tax amounts")
        if self.net is not None and self.lines_sum is not None:
            expected = self.lines_sum - (self.allowances_sum or 0) + (self.charges_sum or 0)
            self._compare("BT-109", self.net, expected, "BT-106 - BT-107 + BT-108", 3)
        self._check_gross()
        self._check_payable()

    def _check_gross(self) -> None:
        if self.net is None or (self.tax is None and self.gross is None):
            return
        expected = self.net + (self.tax or 0)
        if self.gross is None:
            self.gross = expected
        elif self.rounding and self.gross == expected + self.rounding:
            self._has_rounded_gross = True
        else:
            self._compare("BT-112", self.gross, expected, "BT-109 + BT-110", 2)

    def _check_payable(self) -> None:
        """BR-CO-16; a payable amount that the profile leaves out follows from the rest."""
        if self.gross is None:
            if self.payable is None and not self._totals.payable.text:
                self._amounts.refuse(
                    "BT-115",
                    "VALUE_MISSING",
                    "The invoice states neither a total nor an amount to pay.",
                    "Ask the sender for a complete invoice.",
                )
            return
        if not self._totals.has_prepaid and self.payable is not None:
            self.prepaid = self.gross - self.payable
            return
        rounding = 0 if self._has_rounded_gross else self.rounding
        expected = self.gross - (self.prepaid or 0) + rounding
        if self.payable is not None:
            self._compare("BT-115", self.payable, expected, "BT-112 - BT-113 + BT-114", 3)
        elif not self._totals.payable.text:
            self.payable = expected

    def _compare_parts(
        self, term: str, said: int | None, parts: tuple[Stated, ...], part: str, what: str
    ) -> int | None:
        """Hold a sum against its parts; return the sum that counts."""
        before = len(self._amounts.problems)
        summed = self._summed(parts, part)
        if len(self._amounts.problems) > before or summed is None:
            return said
        if said is None:
            return summed if parts else None
        self._compare(term, said, summed, f"the sum of its {len(parts)} {what}", len(parts))
        return said

    def _summed(self, parts: tuple[Stated, ...], term: str) -> int | None:
        found = self._amounts.read_each(parts, term)
        return None if found is None else sum(found)

    def _compare(self, term: str, said: int, expected: int, rule: str, count: int) -> None:
        difference = said - expected
        if not difference:
            return
        amounts = self._amounts
        if self._totals.allows_cents and abs(difference) <= count:
            amounts.notes.append(
                f"{amounts.where}: {term} differs by {amounts.text(difference)} from {rule}, "
                "within the cents that the EXTENDED profile allows."
            )
            return
        amounts.refuse(
            term,
            "TOTALS_DISAGREE",
            f"{term} says {amounts.text(said)}; {rule} is {amounts.text(expected)}. The "
            f"difference is {amounts.text(difference)}.",
            "Ask the sender which figure holds, or export the invoice again.",
        )


def percent_of(text: str) -> Decimal | None:
    """A percentage between 0 and 100 out of its text; None for anything else."""
    match = _DECIMAL.fullmatch(text)
    if not match or not (match[2] or match[3]):
        return None
    value = Decimal(text)
    return value if 0 < value <= 100 else None
