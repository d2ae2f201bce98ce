"""Who is charged by what, by which rates and laws, as the documents that `--json` prints."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from duly.access.actions import Author
from duly.collections.actions.charging import add_rates, set_charging
from duly.collections.errors import ChargingUnfit, RatesUnfit
from duly.collections.queries.rates import Chargings, known_to, tables_of
from duly.collections.rules.charges.interest import (
    Pricing,
    RateSpan,
    Run,
    compounded,
    curve,
    rounded,
)
from duly.collections.rules.charges.knobs import OFF, read_charging, written_charging
from duly.collections.rules.charges.laws import Law, fixed_sum, law_named
from duly.collections.rules.charges.rates import RateTable, rate_on
from duly.interfaces.exchange.collecting import amount
from duly.kernel.rounding import half_up_ratio
from duly.parties.models import Customer, Entity


@dataclass(frozen=True, slots=True)
class Who:
    """Whose knobs: the entity's, a segment's, or one customer's."""

    segment: str = ""
    customer: Customer | None = None


def rate_told(one: RateSpan) -> dict[str, Any]:
    """Days with one yearly rate."""
    return {
        "from": one.first_on.isoformat(),
        "to": one.last_on.isoformat(),
        "percent": str(one.percent),
    }


def policy_document(
    entity: Entity, who: Who, month_on: date, knobs: Mapping[str, str], author: Author
) -> dict[str, Any]:
    """The knobs of charging from a month on; those that are given are set from then on."""
    customer_id = who.customer.pk if who.customer else 0
    segment = who.customer.segment if who.customer else who.segment
    if knobs:
        policy = set_charging(
            entity=entity,
            knobs=knobs,
            month_on=month_on,
            author=author,
            segment="" if who.customer else who.segment,
            customer_id=customer_id,
        )
    else:
        policy = Chargings(entity.pk, month_on).of(segment, customer_id)
    told: dict[str, Any] = {
        "entity": entity.name,
        "segment": "" if who.customer else who.segment,
        "customer": who.customer.code if who.customer else None,
        "from": f"{month_on:%Y-%m}",
        "knobs": written_charging(policy),
        "is_on": policy.basis != OFF,
        "unverified": [],
    }
    known = known_to(entity)
    if policy.basis == "statute" and policy.party == "business":
        law = law_named(known.laws, policy.law or known.country)
        told["law"] = _law(law)
        told["unverified"] = [] if law.is_verified else [f"law {law.id}"]
    return told


def is_any_on(entity_id: int, month_on: date) -> bool:
    """Tell whether anybody is charged at all in a month."""
    scopes = Chargings(entity_id, month_on).knobs.values()
    return any(read_charging(told).basis != OFF for told in scopes)


def laws_document(entity: Entity) -> dict[str, Any]:
    """The laws of late payment that are known."""
    return {"laws": [_law(law) for law in known_to(entity).laws.values()]}


def _law(law: Law) -> dict[str, Any]:
    return {
        "id": law.id,
        "name": law.name,
        "table": law.table,
        "times": str(law.times),
        "margin": str(law.margin),
        "rate": "start" if law.is_fixed else "running",
        "compounds": law.compounds,
        "currency": law.currency,
        "fixed": [[str(start), str(sum_)] for start, sum_ in law.bands],
        "scale": [[str(top) if top else "", str(percent)] for top, percent in law.scale],
        "source": law.source,
        "checked": law.checked,
        "verified": law.is_verified,
    }


def add_rates_document(entity: Entity, file: Path, author: Author) -> dict[str, Any]:
    """Add the rates of a TOML file. Refuses: RatesUnfit."""
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RatesUnfit(
            f"{file.name} is no TOML: {error}.",
            facts={"file": file.name},
            remedy="Mend it at that place; docs/charges.md tells its form.",
        ) from None
    tables = add_rates(entity=entity, document=told, place=file.name, author=author)
    return {"tables": [_table(table, None) for table in tables]}


def rates_document(entity: Entity, table: str | None, on: date | None) -> dict[str, Any]:
    """Tables of rates with their periods, or what they say of a day. Refuses: RateMissing."""
    tables = tables_of(entity.pk)
    if table is not None and table not in tables:
        raise ChargingUnfit(
            f"There is no table of rates {table[:40]!r}.",
            facts={"table": table[:40], "tables": sorted(tables)},
            remedy="Look at `duly rates list`, or add it with `duly rates add FILE`.",
        )
    some = tables.values() if table is None else [tables[table]]
    return {"tables": [_table(one, on) for one in some]}


def _table(table: RateTable, on: date | None) -> dict[str, Any]:
    periods = table.periods if on is None else (rate_on(table, on),)
    return {
        "id": table.id,
        "name": table.name,
        "periods": [
            {
                "from": one.from_on.isoformat(),
                "to": one.to_on.isoformat(),
                "percent": str(one.percent),
                "source": one.source,
                "checked": one.checked,
                "verified": one.is_verified,
            }
            for one in periods
        ],
    }


@dataclass(frozen=True, slots=True)
class Question:
    """What interest is asked for: an amount, late from the day after `due` through a day."""

    minor: int
    currency: str
    due: date
    through: date
    law: str = ""
    rate: Decimal | None = None
    day_count: str = "365"


def quote_document(entity: Entity, asked: Question) -> dict[str, Any]:
    """What a late amount would bear, by a law or at a rate; nothing is written."""
    first = date.fromordinal(asked.due.toordinal() + 1)
    if asked.through < first:
        raise ChargingUnfit(
            f"Nothing due on {asked.due} is late by {asked.through}.",
            facts={"due": asked.due, "through": asked.through},
            remedy="Name a day after the due date.",
        )
    known = known_to(entity)
    law = None if asked.rate is not None else law_named(known.laws, asked.law or known.country)
    if law is not None and law.compounds:
        return _compounded(known.tables[law.table], law, asked, first)
    pricing = law.pricing(known.tables) if law else Pricing(asked.rate or Decimal(0))
    if law is None:
        pricing = pricing._replace(day_count=asked.day_count)
    line = curve(pricing, first, asked.through, first)
    minor = rounded(line, [Run(first.toordinal(), asked.through.toordinal(), asked.minor)])
    fixed = fixed_sum(law, asked.minor) if law and law.currency == asked.currency else 0
    return _told_quote(asked, law, minor, fixed, [rate_told(one) for one in line.spans]) | {
        "days": (asked.through - asked.due).days,
        "unverified": sorted(
            {one.first_on.isoformat() for one in line.spans if not one.is_verified}
        )
        + ([f"law {law.id}"] if law and not law.is_verified else []),
    }


def _compounded(table: RateTable, law: Law, asked: Question, first: date) -> dict[str, Any]:
    """With monthly rests over the whole months; one rate, that of the first day."""
    months = (asked.through.year - asked.due.year) * 12 + asked.through.month - asked.due.month
    months -= asked.through.day < asked.due.day
    period = rate_on(table, first)
    if period.to_on < asked.through:
        rate_on(table, asked.through)
        raise ChargingUnfit(
            f"The rate of {table.id} changes on {period.to_on}: with rests that is not worked out.",
            facts={"table": table.id, "day": period.to_on},
            remedy="Ask for each part by itself.",
        )
    percent = law.times * period.percent + law.margin
    exact = compounded(asked.minor, percent, months)
    minor = half_up_ratio(exact.numerator, exact.denominator)
    spans = [rate_told(RateSpan(first, asked.through, percent))]
    return _told_quote(asked, law, minor, 0, spans) | {"months": months, "unverified": []}


def _told_quote(
    asked: Question, law: Law | None, minor: int, fixed: int, rates: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "currency": asked.currency,
        "amount": amount(asked.minor, asked.currency),
        "from": date.fromordinal(asked.due.toordinal() + 1).isoformat(),
        "to": asked.through.isoformat(),
        "law": law.id if law else None,
        "rates": rates,
        "interest": amount(minor, asked.currency),
        "fixed_sum": amount(fixed, asked.currency),
        "total": amount(asked.minor + minor + fixed, asked.currency),
    }
