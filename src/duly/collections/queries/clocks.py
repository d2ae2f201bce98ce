"""The calendar of clocks with what the law adds: debts about to be time-barred, and what is lost
when a debtor is insolvent. Stands above credit, whose clocks it tells beside its own."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from duly.collections.models import Block
from duly.collections.queries.gate import Gate
from duly.collections.rules.laws.gate import narrowest
from duly.collections.rules.laws.limitation import (
    ALERT_MONTHS,
    Limitation,
    Moved,
    Preference,
    alert_on,
    limitation_of,
    preference,
)
from duly.collections.rules.laws.rule import LIMITATION, PREFERENCE, Rule
from duly.credit.models import ClockDone
from duly.credit.queries.clocks import AHEAD_DAYS
from duly.credit.queries.clocks import clocks as clocks_of_credit
from duly.credit.rules.clocks import Clock
from duly.kernel.currencies import exponent
from duly.kernel.dates import add_months
from duly.parties.models import Entity
from duly.parties.queries.reach import reach_of
from duly.receivables.queries import overdue_by_customer
from duly.receivables.queries.overdue import money_since
from duly.receivables.queries.trading import OpenDebt, open_debts

RECLAIM_DAYS = 20  # after a filing, for the written demand; the pack tells the rule


def clocks(
    entity_id: int, on: date, *, ahead_days: int = AHEAD_DAYS, customer_id: int | None = None
) -> list[Clock]:
    """Every clock of credit and of the law, the earliest first; what was done is left out."""
    found = clocks_of_credit(entity_id, on, ahead_days=ahead_days, customer_id=customer_id)
    found += legal_clocks(entity_id, on, ahead_days=ahead_days, customer_id=customer_id)
    return sorted(found, key=lambda one: (one.due_on, one.key))


def legal_clocks(
    entity_id: int, on: date, *, ahead_days: int = AHEAD_DAYS, customer_id: int | None = None
) -> list[Clock]:
    """Clocks of limitation and of insolvency that are missed, open or run out within some days."""
    entity = Entity.objects.get(pk=entity_id)
    some = None if customer_id is None else [customer_id]
    done = set(ClockDone.objects.filter(entity_id=entity_id).values_list("key", flat=True))
    reach = reach_of(entity_id=entity_id, customer_ids=some)
    gate = Gate(entity=entity, on=on, reach=reach, customer_ids=some)
    last = on + timedelta(days=ahead_days)
    found = [*_of_limitation(entity_id, gate, on, some), *_of_insolvency(entity_id, gate, on, some)]
    return [
        one for one in found if one.key not in done and (one.due_on <= last or one.opens_on <= on)
    ]


def _of_limitation(
    entity_id: int, gate: Gate, on: date, some: Collection[int] | None
) -> Iterator[Clock]:
    """One clock for each customer, currency and last day."""
    years = [rule.params["years"] for rule in gate.rules if rule.what == LIMITATION]
    if not years:
        return
    old = add_months(on, ALERT_MONTHS[0] - 12 * min(years)) + timedelta(days=AHEAD_DAYS)
    held: dict[int, list[Rule]] = {}
    sums: dict[tuple[int, str, date], int] = defaultdict(int)
    found: dict[tuple[int, str, date], Limitation] = {}
    for customer_id, currency, items in overdue_by_customer(
        entity_id=entity_id, on=min(old, on), customer_ids=some
    ):
        if customer_id not in held:
            held[customer_id] = gate.limitations(customer_id)
        for due_on, _, minor in items:
            limit = limitation_of(held[customer_id], due_on)
            if limit is not None:
                key = (customer_id, currency, limit.last_on)
                found.setdefault(key, limit)
                sums[key] += minor
    for (customer_id, currency, last_on), limit in found.items():
        which = ", the earliest that may hold" if limit.is_one_of_several else ""
        yield Clock(
            f"limitation:{customer_id}:{currency}:{last_on.isoformat()}",
            LIMITATION,
            f"Sue, or have the debt acknowledged; then it is time-barred ({limit.rule.id}{which})",
            customer_id,
            alert_on(last_on),
            last_on,
            currency,
            sums[customer_id, currency, last_on],
            limit.rule.status == "unverified",
            limit.rule.source,
        )


class Exposed(NamedTuple):
    """What an insolvency may cost in a currency, by which rule."""

    rule: Rule
    currency: str
    told: Preference
    reclaim_minor: int


def _of_insolvency(
    entity_id: int, gate: Gate, on: date, some: Collection[int] | None
) -> Iterator[Clock]:
    stays = Block.objects.filter(
        entity_id=entity_id, kind="legal", item_id=None, from_on__lte=on, ended_at=None
    )
    if some is not None:
        stays = stays.filter(customer_id__in=some)
    filed = dict(stays.order_by("-from_on").values_list("customer_id", "from_on"))
    for customer_id, exposed in exposures_at(entity_id, gate, filed).items():
        for one in exposed:
            told = one.told
            yield Clock(
                f"preference:{customer_id}:{one.currency}:{filed[customer_id].isoformat()}",
                PREFERENCE,
                f"Reclaim goods delivered since {told.reclaim_from}, claim priority for those "
                f"since {told.priority_from} ({one.rule.id})",
                customer_id,
                filed[customer_id],
                filed[customer_id] + timedelta(days=RECLAIM_DAYS),
                one.currency,
                one.reclaim_minor,
                one.rule.status == "unverified",
                one.rule.source,
            )


def exposures_at(
    entity_id: int, gate: Gate, filed: dict[int, date], *, insiders: Collection[int] = ()
) -> dict[int, list[Exposed]]:
    """{customer: what its filing on a day may cost, by currency} where a rule of preference holds.

    Rule: what was paid in the window less new goods, delivered after it and still open.
    """
    rules = {pk: _preference_rule(gate, pk) for pk in filed}
    held = {pk: rule for pk, rule in rules.items() if rule is not None}
    if not held:
        return {}
    longest = max(rule.params["insider_days"] for rule in held.values())
    since = min(filed[pk] for pk in held) - timedelta(days=longest)
    moved: dict[tuple[int, str], list[Moved]] = defaultdict(list)
    for paid in money_since(entity_id=entity_id, customer_ids=list(held), since=since):
        minor = paid.free_minor + sum(paid.applied.values())
        moved[paid.customer_id, paid.currency].append(Moved(paid.received_on, minor, True))
    debts: dict[tuple[int, str], list[OpenDebt]] = defaultdict(list)
    for debt in open_debts(entity_id, list(held)):
        debts[debt.customer_id, debt.currency].append(debt)
        goods = Moved(debt.shipped_on, debt.open_minor, False)
        moved[debt.customer_id, debt.currency].append(goods)
    found: dict[int, list[Exposed]] = defaultdict(list)
    for (pk, currency), of_customer in sorted(moved.items()):
        rule = held[pk]
        in_its_own = rule.params["currency"] == currency
        least = int(rule.params["least"].scaleb(exponent(currency))) if in_its_own else 0
        told = preference(
            rule, filed[pk], of_customer, least_minor=least, is_insider=pk in insiders
        )
        reclaim = sum(
            debt.open_minor
            for debt in debts[pk, currency]
            if told.reclaim_from <= debt.shipped_on <= filed[pk]
        )
        found[pk].append(Exposed(rule, currency, told, reclaim))
    return found


def _preference_rule(gate: Gate, customer_id: int) -> Rule | None:
    kind, place, law = gate.told_of(customer_id)
    rules = narrowest([rule for rule in gate.rules if kind in rule.who], PREFERENCE, law or place)
    return rules[0] if rules else None
