"""Which excuses there are, which were told, and what came of them."""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from duly.collections.errors import ExcuseUnknown
from duly.collections.models import ExcuseEvidence, ExcuseTold, ExcuseVersion
from duly.collections.rules.excuses import (
    Came,
    Excuse,
    Heard,
    Ledger,
    Outcome,
    count_up,
    in_language,
    prove,
    read_excuse,
)
from duly.disputes.models import Dispute
from duly.disputes.policy import DISPUTES
from duly.kernel.locales import LANGUAGES
from duly.ledger.queries import recorded_moments
from duly.receivables.queries import money_since
from duly.storage.among import among

# Money of earlier days counts where it was recorded only after the excuse: it was on its way.
LOOK_BACK = timedelta(days=30)


def pack(name: str) -> dict[str, Any]:
    """A file of data that comes with Duly."""
    return tomllib.loads((files("duly.collections") / "packs" / f"{name}.toml").read_text("utf-8"))


@cache
def _shipped() -> dict[str, Excuse]:
    rows = pack("excuses")["excuse"]
    return {row["code"]: read_excuse(row, reasons=DISPUTES.duties) for row in rows}


@cache
def _words(language: str) -> Mapping[str, Mapping[str, Any]]:
    return pack(f"excuses_{language}") if language in LANGUAGES and language != "en" else {}


def excuses_of(entity_id: int, *, language: str = "en") -> dict[str, Excuse]:
    """{code: the newest version}: those that come with Duly, and the firm's own."""
    found = dict(_shipped())
    rows = ExcuseVersion.objects.filter(entity_id=entity_id).order_by("version")
    for row in rows:
        reasons = {*DISPUTES.duties, row.document.get("dispute", "")}
        found[row.code] = read_excuse(row.document, reasons=reasons, version=row.version)
    return {code: in_language(one, _words(language)) for code, one in found.items()}


def excuse_named(entity_id: int, name: str) -> Excuse:
    """The excuse of a code, or of a key. Refuses: ExcuseUnknown."""
    there = excuses_of(entity_id)
    if name in there:
        return there[name]
    for one in there.values():
        if one.key and one.key == name:
            return one
    raise ExcuseUnknown(
        f"There is no excuse {name!r}.",
        facts={"excuse": name},
        remedy="Look at `duly excuse list`, or write it with `duly excuse add FILE`.",
    )


class Told(NamedTuple):
    """An excuse that was told, and what came of it by a day."""

    row: ExcuseTold
    outcome: Outcome


def told_excuses(
    entity_id: int, *, on: date, customer_ids: Collection[int] | None = None
) -> list[Told]:
    """Excuses told by a day, the newest first, with what came of each. A fixed number of reads."""
    mistakes = ExcuseEvidence.objects.filter(entity_id=entity_id, kind="mistake")
    rows = ExcuseTold.objects.filter(entity_id=entity_id, told_on__lte=on).exclude(
        pk__in=mistakes.values("excuse_id")
    )
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    found = list(rows.order_by("-told_on", "-pk"))
    came = _what_came(entity_id, found)
    return [Told(row, prove(_heard(row), came[row.pk], on=on)) for row in found]


def _heard(row: ExcuseTold) -> Heard:
    return Heard(
        row.pk, row.customer_id, row.code, row.proof, row.told_on, row.within_on, row.amount_minor
    )


def _what_came(entity_id: int, rows: Sequence[ExcuseTold]) -> dict[int, Came]:
    verdicts = {
        pk: (verdict, closed_on)
        for pk, verdict, closed_on in Dispute.objects.filter(
            pk__in=among([row.dispute_id for row in rows if row.dispute_id])
        ).values_list("pk", "verdict", "closed_on")
    }
    seen: dict[int, list[ExcuseEvidence]] = defaultdict(list)
    for one in ExcuseEvidence.objects.filter(
        excuse_id__in=among([row.pk for row in rows])
    ).order_by("pk"):
        seen[one.excuse_id].append(one)
    money = _money(entity_id, [row for row in rows if row.proof in ("cash", "copy")])
    found = {}
    for row in rows:
        verdict, verdict_on = verdicts.get(row.dispute_id or 0, ("", None))
        judged = [one for one in seen[row.pk] if one.kind in ("true", "false")]
        copied = [one.seen_on for one in seen[row.pk] if one.kind == "copy"]
        found[row.pk] = Came(
            money.get(row.pk, ()),
            verdict,
            verdict_on,
            min(copied, default=None),
            judged[-1].kind == "true" if judged else None,
            judged[-1].seen_on if judged else None,
        )
    return found


def _money(entity_id: int, rows: Sequence[ExcuseTold]) -> dict[int, tuple[tuple[date, int], ...]]:
    """{excuse told: (day, minor units) of money that came after it}."""
    if not rows:
        return {}
    came = money_since(
        entity_id=entity_id,
        customer_ids={row.customer_id for row in rows},
        since=min(row.told_on for row in rows) - LOOK_BACK,
    )
    moments = recorded_moments({one.batch_id for one in came})
    by_customer: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for one in came:
        by_customer[one.customer_id, one.currency].append(one)
    found = {}
    for row in rows:
        items = set(row.items)
        found[row.pk] = tuple(
            (max(one.received_on, row.told_on), minor)
            for one in by_customer[row.customer_id, row.currency]
            if one.received_on >= row.told_on - LOOK_BACK
            and moments[one.batch_id] > row.recorded_at
            for minor in [
                one.free_minor
                + sum(part for item, part in one.applied.items() if not items or item in items)
            ]
            if minor > 0
        )
    return found


def excuse_ledger(
    entity_id: int, *, on: date, customer_id: int | None = None
) -> Mapping[str, Ledger]:
    """{excuse: how often it was told and proved true, and the days it cost} by a day."""
    some = None if customer_id is None else [customer_id]
    told = told_excuses(entity_id, on=on, customer_ids=some)
    return count_up((one.row.code, one.outcome) for one in told)


def cleared_before(
    entity_id: int, *, on: date, pairs: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """{(customer, excuse): how often it was told before and cleared}."""
    wanted = set(pairs)
    told = told_excuses(entity_id, on=on, customer_ids={customer for customer, _ in wanted})
    found: dict[tuple[int, str], int] = dict.fromkeys(wanted, 0)
    for one in told:
        key = (one.row.customer_id, one.row.code)
        if key in wanted and one.outcome.state != "open":
            found[key] += 1
    return found
