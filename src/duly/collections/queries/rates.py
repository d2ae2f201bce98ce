"""Reads of rates and of the laws of late payment: those that come with Duly, and the firm's own."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from duly.collections.models import ChargingVersion, OwnRate
from duly.collections.policy import ChargingPolicy
from duly.collections.rules.charges.knobs import Known, read_charging
from duly.collections.rules.charges.laws import Law, read_laws
from duly.collections.rules.charges.rates import RatePeriod, RateTable, laid_over, read_tables
from duly.parties.models import Entity

_PACKS = files("duly.collections").joinpath("packs")
Scope = tuple[str, int]  # a segment or "", a customer or 0


@cache
def built_in_tables() -> dict[str, RateTable]:
    """{id: table} of those that come with Duly."""
    return {table.id: table for table in read_tables(_pack("rates.toml"), "rates.toml")}


@cache
def built_in_laws() -> dict[str, Law]:
    """{id: law} of those that come with Duly."""
    return read_laws(_pack("rates_laws.toml"))


def _pack(name: str) -> dict[str, object]:
    return tomllib.loads(_PACKS.joinpath(name).read_text("utf-8"))


def tables_of(entity_id: int) -> dict[str, RateTable]:
    """{id: table} as a firm has them: its own periods over those that come with Duly."""
    own: dict[str, dict[tuple[date, date], RatePeriod]] = {}
    names: dict[str, str] = {}
    for row in OwnRate.objects.filter(entity_id=entity_id).order_by("pk"):
        names[row.table] = row.name
        own.setdefault(row.table, {})[row.from_on, row.to_on] = RatePeriod(
            row.from_on,
            row.to_on,
            Decimal(row.percent),
            row.source,
            row.checked,
            row.is_verified,
        )
    tables = dict(built_in_tables())
    for id_, periods in own.items():
        tables[id_] = laid_over(tables.get(id_) or RateTable(id_, names[id_], ()), periods.values())
    return tables


def known_to(entity: Entity) -> Known:
    """The laws and tables of an entity."""
    return Known(built_in_laws(), tables_of(entity.pk), entity.country)


class Chargings:
    """Who is charged by what in a month."""

    def __init__(self, entity_id: int, month_on: date) -> None:
        rows = ChargingVersion.objects.filter(entity_id=entity_id, from_on__lte=month_on)
        self.knobs: dict[Scope, dict[str, str]] = {
            (row.segment, row.customer_id): row.knobs for row in rows.order_by("from_on", "pk")
        }
        self._read: dict[tuple[tuple[str, str], ...], ChargingPolicy] = {}

    def told(self, segment: str, customer_id: int) -> dict[str, str]:
        """The knobs of a customer: its own before its segment's before the entity's."""
        scopes: list[Scope] = [("", 0), (segment, 0), ("", customer_id)]
        told: dict[str, str] = {}
        for scope in dict.fromkeys(scopes):
            told.update(self.knobs.get(scope, {}))
        return told

    def of(self, segment: str, customer_id: int) -> ChargingPolicy:
        """The policy of a customer; the same object for the same knobs."""
        told = tuple(sorted(self.told(segment, customer_id).items()))
        if told not in self._read:
            self._read[told] = read_charging(dict(told))
        return self._read[told]
