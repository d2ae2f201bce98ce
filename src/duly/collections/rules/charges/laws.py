"""What a law lets a business claim of a business that pays late: a rate, and a fixed sum a debt.

See: docs/sources.md, L-03 to L-09.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from duly.collections.errors import LawUnknown
from duly.collections.rules.charges.interest import Pricing
from duly.collections.rules.charges.rates import RateTable
from duly.kernel.currencies import exponent
from duly.kernel.rounding import half_up


class Law(NamedTuple):
    """The rules of one law; `bands` and `scale` are amounts of its currency."""

    id: str
    name: str
    table: str
    margin: Decimal
    times: Decimal
    is_fixed: bool
    compounds: str
    currency: str
    bands: tuple[tuple[Decimal, Decimal], ...]  # from this debt on, so much
    scale: tuple[tuple[Decimal | None, Decimal], ...]  # up to this debt, so many percent
    least: Decimal
    most: Decimal
    source: str
    checked: str
    is_verified: bool

    def pricing(self, tables: Mapping[str, RateTable], cap: Decimal | None = None) -> Pricing:
        """How its yearly rate is found."""
        return Pricing(self.margin, tables[self.table], self.times, self.is_fixed, "365", cap)


def read_laws(document: Mapping[str, Any]) -> dict[str, Law]:
    """{id: law} of a document."""
    return {told["id"]: _read(told) for told in document["law"]}


def law_named(laws: Mapping[str, Law], name: str) -> Law:
    """The law of an id. Refuses: LawUnknown."""
    if name not in laws:
        raise LawUnknown(
            f"No rules for late payment are known of the law {name or 'of no country'}.",
            facts={"law": name, "laws": sorted(laws)},
            remedy="Name one that is known with `duly charge policy law=...`, or charge by signed"
            " terms.",
        )
    return laws[name]


def fixed_sum(law: Law, debt_minor: int) -> int:
    """The fixed sum of a debt in the law's currency, both in minor units; 0 where it has none.

    A debt of nothing has none. Never: more than once an invoice, which is the caller's to see to.
    """
    if debt_minor <= 0:
        return 0
    decimals = exponent(law.currency)
    debt = Decimal(debt_minor).scaleb(-decimals)
    sums = [amount for start, amount in law.bands if debt >= start]
    if sums:
        return half_up(sums[-1].scaleb(decimals))
    if not law.scale:
        return 0
    total, below = Decimal(0), Decimal(0)
    for up_to, percent in law.scale:
        part = (debt if up_to is None else min(debt, up_to)) - below
        if part <= 0:
            break
        total += part * percent / 100
        below += part
    return half_up(min(max(total, law.least), law.most).scaleb(decimals))


def _read(told: Mapping[str, Any]) -> Law:
    return Law(
        told["id"],
        told["name"],
        told["table"],
        Decimal(told["margin"]),
        Decimal(told.get("times", "1")),
        told.get("rate") == "start",
        told.get("compounds", ""),
        told["currency"],
        tuple((Decimal(start), Decimal(amount)) for start, amount in told.get("fixed", ())),
        tuple((Decimal(top) if top else None, Decimal(p)) for top, p in told.get("scale", ())),
        Decimal(told.get("least", "0")),
        Decimal(told.get("most", "0")),
        told["source"],
        told["checked"],
        told["verified"],
    )
