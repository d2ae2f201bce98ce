"""Exposure: what customers owe and are about to owe, against the limit that they share.

Rule: open items, less credits and money not applied, plus released orders not shipped, plus what
was shipped and not invoiced, plus the order asked about; of a customer and everybody below it, in
the currency of its limit, each currency at one stated rate. A document that names an order takes
its amount out of it, what was shipped first; a credit note gives it back. See: facts, credit.md
section 8, C-10.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from duly.credit.errors import ExposureRateMissing
from duly.credit.rules.limits_in_force import LimitInForce
from duly.kernel.currencies import EXPONENTS

PARTS = ("open_items", "unapplied", "open_orders", "shipped_not_invoiced", "this_order")


class Owed(NamedTuple):
    """What a customer owes in a currency; credits and money not applied apart, below zero."""

    customer_id: int
    currency: str
    items_minor: int
    unapplied_minor: int


class OrderLeft(NamedTuple):
    """A released order, and how far it has come."""

    order_id: int
    ref: str
    customer_id: int
    currency: str
    amount_minor: int
    shipped_minor: int
    invoiced_minor: int = 0
    is_prepaid: bool = False

    @property
    def open_minor(self) -> int:
        """What is released, and neither shipped nor invoiced."""
        return max(self.amount_minor - max(self.shipped_minor, self.invoiced_minor), 0)

    @property
    def to_invoice_minor(self) -> int:
        """What was shipped and is not invoiced."""
        return max(self.shipped_minor - self.invoiced_minor, 0)


class Part(NamedTuple):
    """One part of an exposure."""

    id: str
    minor: int


class Exposure(NamedTuple):
    """What a customer and everybody below it owe and are about to owe.

    `rates` are those it was added up at: {currency: (day, price of one unit of our own)}.
    """

    customer_id: int
    currency: str
    limit: LimitInForce | None
    parts: tuple[Part, ...]
    rates: Mapping[str, tuple[date, Decimal]]
    code: str = ""  # the customer's

    @property
    def total_minor(self) -> int:
        """All parts together."""
        return sum(part.minor for part in self.parts)

    @property
    def over_minor(self) -> int:
        """By how much it is over its limit; zero where there is none."""
        return max(self.total_minor - self.limit.minor, 0) if self.limit else 0


class Rates(NamedTuple):
    """How amounts are counted over: the entity's own currency, and what one unit of it costs."""

    own: str
    per_own: Mapping[str, tuple[date, Decimal]]

    def over(self, minor: int, currency: str, target: str) -> int:
        """An amount in another currency, half up. Refuses: ExposureRateMissing."""
        if currency == target or not minor:
            return minor
        price = Fraction(self._price(target)) / Fraction(self._price(currency))
        value = minor * price * Fraction(10) ** (EXPONENTS[target] - EXPONENTS[currency])
        return (2 * value.numerator + value.denominator) // (2 * value.denominator)

    def _price(self, currency: str) -> Decimal:
        if currency == self.own:
            return Decimal(1)
        if currency not in self.per_own:
            raise ExposureRateMissing(
                f"There is no rate for {currency}, so exposure in it can't be added up.",
                facts={"currency": currency, "own": self.own},
                remedy="Import a rate: `duly import rates.csv --kind rates`.",
            )
        return self.per_own[currency][1]


class Asked(NamedTuple):
    """An order asked about; without a reference it is a question only."""

    customer_id: int
    currency: str
    amount_minor: int
    ref: str = ""
    checkpoint: str = "confirm"
    is_prepaid: bool = False
    margin_minor: int | None = None
    ordered_on: date | None = None  # None: the day of the check


def whole_minor(asked: Asked, there: OrderLeft | None) -> int:
    """The amount of the whole order that is asked about.

    Once an order is confirmed, who picks or ships may ask about a part of it: that makes it no
    smaller.
    """
    if there is None or asked.checkpoint == "confirm" or there.currency != asked.currency:
        return asked.amount_minor
    return max(asked.amount_minor, there.amount_minor)


@dataclass(slots=True)
class Book:
    """What is owed in some families and what their orders have come to, as it is read once.

    `parents` leads up from a customer that has one, `limits` are those on the day, `currencies` of
    customers that have one of their own. `now` is what those who ask for prepaid orders owe that is
    due or was invoiced of such orders, and their money, as it is and not as of the day.
    """

    rates: Rates
    owed: list[Owed]
    orders: dict[str, OrderLeft]  # by reference
    parents: Mapping[int, int]
    limits: Mapping[int, LimitInForce]
    currencies: Mapping[int, str]
    codes: Mapping[int, str]
    now: Collection[Owed] = ()
    _under: dict[int, set[int]] = field(default_factory=dict)
    _owed_of: dict[int, list[Owed]] = field(default_factory=dict)
    _orders_of: dict[int, dict[str, OrderLeft]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.owed:
            self._owed_of.setdefault(one.customer_id, []).append(one)
        for order in self.orders.values():
            self._orders_of.setdefault(order.customer_id, {})[order.ref] = order

    def put(self, order: OrderLeft) -> None:
        """What an order has come to, in the place of what it was."""
        self.orders[order.ref] = order
        self._orders_of.setdefault(order.customer_id, {})[order.ref] = order

    def path(self, customer_id: int) -> list[int]:
        """A customer and everybody above it, the top last."""
        found = [customer_id]
        while (above := self.parents.get(found[-1])) is not None and above not in found:
            found.append(above)
        return found

    def under(self, customer_id: int) -> set[int]:
        """A customer and everybody below it."""
        if not self._under:
            for one in {*self.codes, customer_id}:
                for above in self.path(one):
                    self._under.setdefault(above, set()).add(one)
        return self._under.get(customer_id, {customer_id})

    def limited(self, customer_id: int) -> list[int]:
        """Whose limits an order of a customer counts against: its own, and those above it."""
        return [one for one in self.path(customer_id) if one in self.limits]

    def exposure(self, customer_id: int, this: Asked | None = None) -> Exposure:
        """The exposure of a customer and everybody below it, with an order asked about.

        That order stands in no other part: what was invoiced of it is among the open items.
        """
        limit = self.limits.get(customer_id)
        currency = limit.currency if limit else self.currencies.get(customer_id, "")
        currency = currency or self.rates.own
        members = self.under(customer_id)
        owed = [one for member in members for one in self._owed_of.get(member, ())]
        orders = [
            one
            for member in members
            for one in self._orders_of.get(member, {}).values()
            if not (this and this.ref and one.ref == this.ref)
        ]
        sums = {
            "open_items": self._sum(((o.items_minor, o.currency) for o in owed), currency),
            "unapplied": self._sum(((o.unapplied_minor, o.currency) for o in owed), currency),
            "open_orders": self._open_orders(orders, owed, currency),
            "shipped_not_invoiced": self._sum(
                ((o.to_invoice_minor, o.currency) for o in orders), currency
            ),
        }
        if this is not None:
            left = self._left(this)
            sums["this_order"] = self.rates.over(left, this.currency, currency)
        seen = {one.currency for one in owed} | {one.currency for one in orders}
        seen |= {this.currency} if this else set()
        used = {*seen, currency} if seen - {currency} else set()
        return Exposure(
            customer_id,
            currency,
            limit,
            tuple(Part(name, sums[name]) for name in PARTS if name in sums),
            {one: self.rates.per_own[one] for one in sorted(used - {self.rates.own})},
            self.codes.get(customer_id, ""),
        )

    def _left(self, this: Asked) -> int:
        """What of an order asked about is not invoiced yet."""
        there = self.orders.get(this.ref)
        if there is None or there.currency != this.currency:
            return this.amount_minor
        return max(whole_minor(this, there) - there.invoiced_minor, 0)

    def _sum(self, amounts: Iterable[tuple[int, str]], currency: str) -> int:
        """Amounts of one currency are added up before they are counted over."""
        sums: dict[str, int] = {}
        for minor, of in amounts:
            sums[of] = sums.get(of, 0) + minor
        return sum(self.rates.over(minor, of, currency) for of, minor in sums.items())

    def _open_orders(
        self, orders: Collection[OrderLeft], owed: Collection[Owed], currency: str
    ) -> int:
        """Orders on credit whole; of prepaid ones what money is there for, which they use up."""
        on_credit = self._sum(
            ((one.open_minor, one.currency) for one in orders if not one.is_prepaid), currency
        )
        prepaid = self._sum(
            ((one.open_minor, one.currency) for one in orders if one.is_prepaid), currency
        )
        if not prepaid:
            return on_credit
        money = -self._sum(((one.unapplied_minor, one.currency) for one in owed), currency)
        return on_credit + min(prepaid, max(money, 0))

    def has_money_for(self, this: Asked) -> bool:
        """Whether money on the customer's account covers a prepaid order beside earlier ones.

        Money is spoken for by what is open of invoices of prepaid orders, due or not, until it is
        applied to them; and by whatever else is due, which it would be applied to next. Items on
        credit that are not due yet leave it free: credit was given for them. On a past day money
        counts as far as it is there today, too: what was used since is used.
        """
        owed = self._owed_of.get(this.customer_id, [])
        now = [one for one in self.now if one.customer_id == this.customer_id]
        money = min(
            -self._sum(((one.unapplied_minor, one.currency) for one in rows), this.currency)
            for rows in (owed, now)
        )
        spoken_for = self._sum(((one.items_minor, one.currency) for one in now), this.currency)
        others = self._sum(
            (
                (one.open_minor + one.to_invoice_minor, one.currency)
                for one in self.orders.values()
                if one.is_prepaid and one.customer_id == this.customer_id and one.ref != this.ref
            ),
            this.currency,
        )
        return money >= spoken_for + others + self._left(this)
