"""Which rules of law hold: those that come with Duly, over them the firm's own, and its levels."""

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from duly.collections.errors import LawRuleUnknown
from duly.collections.models import LawLevel, LawPack
from duly.collections.rules.laws.linter import Finding, lint
from duly.collections.rules.laws.places import covers
from duly.collections.rules.laws.reading import read_pack
from duly.collections.rules.laws.rule import Pack, Rule
from duly.parties.models import Customer, Entity

SHIPPED = ("common", "us", "us-states", "gb", "eu", "world")


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """The packs that come with Duly."""
    folder = files("duly.collections") / "packs"
    texts = ((folder / f"{name}.toml").read_text(encoding="utf-8") for name in SHIPPED)
    return tuple(read_pack(tomllib.loads(text)) for text in texts)


@lru_cache(maxsize=64)
def _own_pack(text: str, version: int) -> Pack:
    return read_pack(tomllib.loads(text), version=version)


def own_packs(entity_id: int, on: date) -> list[Pack]:
    """The newest version by a day of each pack of the firm's own."""
    rows = LawPack.objects.filter(entity_id=entity_id, from_on__lte=on)
    newest = {row.name: row for row in rows.order_by("from_on", "version")}
    return [_own_pack(row.text, row.version) for _, row in sorted(newest.items())]


def merged(packs: Sequence[Pack]) -> list[Rule]:
    """Every rule of some packs; of one id those of the last pack that has it."""
    by_id: dict[str, list[Rule]] = {}
    for pack in packs:
        own: dict[str, list[Rule]] = {}
        for rule in pack.rules:
            own.setdefault(rule.id, []).append(rule)
        by_id |= own
    return [rule for rules in by_id.values() for rule in rules]


def levels_on(entity_id: int, on: date) -> dict[str, LawLevel]:
    """{rule: what a person made of it by a day}."""
    rows = LawLevel.objects.filter(entity_id=entity_id, from_on__lte=on)
    newest = {row.rule_id: row for row in rows.order_by("from_on", "pk")}
    return {rule_id: row for rule_id, row in newest.items() if row.level}


def levels_of(entity_id: int, rule_id: str) -> list[LawLevel]:
    """Every change of the level of a rule, the newest first."""
    return list(LawLevel.objects.filter(entity_id=entity_id, rule_id=rule_id).order_by("-pk"))


def laws_on(entity_id: int, on: date) -> list[Rule]:
    """The rules in force on a day at the levels of that day. Two queries."""
    changed = levels_on(entity_id, on)
    rules = merged([*shipped_packs(), *own_packs(entity_id, on)])
    return [
        rule._replace(level=changed[rule.id].level) if rule.id in changed else rule
        for rule in rules
        if rule.holds_on(on)
    ]


def rules_named(entity_id: int, rule_id: str, on: date) -> list[Rule]:
    """The periods of a rule, whenever they hold, the earliest first. Refuses: LawRuleUnknown."""
    every = merged([*shipped_packs(), *own_packs(entity_id, on)])
    found = [rule for rule in every if rule.id == rule_id.upper()]
    if not found:
        raise LawRuleUnknown(
            f"There is no rule {rule_id[:40]!r}.",
            facts={"rule": rule_id[:40]},
            remedy="Look at `duly laws list`.",
        )
    return sorted(found, key=lambda rule: rule.from_on or date.min)


def places_in_use(entity: Entity) -> list[str]:
    """The countries in which the customers of an entity are, and its own."""
    rows = Customer.objects.filter(entity_id=entity.pk).exclude(country="").order_by()
    return sorted({entity.country, *rows.values_list("country", flat=True).distinct()})


def lint_letter(
    *, entity: Entity, subject: str, body: str, language: str, stage: str, on: date
) -> list[Finding]:
    """What a letter says against the rules of everywhere the customers of an entity are."""
    places = places_in_use(entity)
    rules = [
        rule
        for rule in laws_on(entity.pk, on)
        if any(covers(rule.place, place) for place in places)
    ]
    return lint(f"{subject}\n{body}", language=language, stage=stage, rules=rules)
