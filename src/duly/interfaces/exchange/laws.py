"""Rules of law, what they stop and what they say of letters and debts, as `--json` prints them."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from duly.collections.models import LawLevel
from duly.collections.queries.clocks import Exposed, exposures_at
from duly.collections.queries.gate import Gate
from duly.collections.queries.laws import laws_on, lint_letter
from duly.collections.queries.policies import template_names, texts_of
from duly.collections.rules.handing import Clock
from duly.collections.rules.laws.gate import Debtor, Stopped
from duly.collections.rules.laws.limitation import alert_on, limitation_of
from duly.collections.rules.laws.linter import Finding, lint
from duly.collections.rules.laws.rule import NOTICE, Rule
from duly.kernel.currencies import exponent
from duly.kernel.locales import LANGUAGES
from duly.kernel.money import text_from_minor
from duly.parties.models import Customer, Entity
from duly.parties.queries.reach import reach_of
from duly.receivables.queries.trading import open_debts


def rule_document(rule: Rule) -> dict[str, Any]:
    """A rule with everything that it says."""
    return {
        "id": rule.id,
        "pack": rule.pack,
        "version": rule.version,
        "place": rule.place,
        "by": rule.by,
        "who": sorted(rule.who),
        "what": rule.what,
        "level": rule.level,
        "from_on": rule.from_on.isoformat() if rule.from_on else None,
        "to_on": rule.to_on.isoformat() if rule.to_on else None,
        "words": rule.words,
        "source": rule.source,
        "checked_on": rule.checked_on.isoformat(),
        "status": rule.status,
        "params": {name: _plain(value) for name, value in rule.params.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    if hasattr(value, "_asdict"):
        return {name: _plain(one) for name, one in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return sorted(value) if isinstance(value, frozenset) else value


def levels_document(rows: Iterable[LawLevel]) -> list[dict[str, Any]]:
    """Changes of a rule's level."""
    return [
        {
            "level": row.level or None,
            "reason": row.reason,
            "from_on": row.from_on.isoformat(),
            "by": row.actor,
            "at": row.recorded_at.isoformat(),
        }
        for row in rows
    ]


def stopped_document(one: Stopped) -> dict[str, Any]:
    """A rule that stands before a contact."""
    return {
        "rule": one.rule_id,
        "what": one.what,
        "level": one.level,
        "words": one.words,
        "source": one.source,
        "unverified": one.is_unverified,
        "until": one.until.isoformat() if one.until else None,
    }


def gate_of(entity: Entity, customer_id: int, on: date) -> Gate:
    """The laws of a day before one customer."""
    reach = reach_of(entity_id=entity.pk, customer_ids=[customer_id])
    return Gate(entity=entity, on=on, reach=reach, customer_ids=[customer_id])


def check_document(
    entity: Entity, customer: Customer, channel: str, on: date, clock: Clock | None
) -> dict[str, Any]:
    """Whether a customer may be contacted by a channel: what stops it, what warns, what is to be
    known; and what was taken for granted on the safe side."""
    gate = gate_of(entity, customer.pk, on)
    found, debtor = gate.stopped(customer.pk, channel, clock), gate.debtor(customer.pk)
    kind = "call" if channel == "call" else "letter"
    notices = [
        rule
        for rule in gate.rules_of(customer.pk)
        if rule.what == NOTICE and kind in rule.params["at"]
    ]
    return {
        "customer": customer.code,
        "channel": channel,
        "on": on.isoformat(),
        "may": not any(one.is_stop for one in found),
        "stops": [stopped_document(one) for one in found if one.is_stop],
        "warnings": [stopped_document(one) for one in found if not one.is_stop],
        "to_know": [
            {"rule": rule.id, "level": rule.level, "words": rule.words, "source": rule.source}
            for rule in notices
        ],
        "debtor": {
            "kind": debtor.kind,
            "place": debtor.place,
            "law": debtor.law or debtor.place,
            "zones": list(debtor.zones),
        },
        "assumed": assumed(debtor),
    }


def assumed(debtor: Debtor) -> list[str]:
    """What nobody told, and what was taken instead."""
    told = []
    if not debtor.is_kind_told:
        told.append("Nobody said what the customer is: taken as a business.")
    if not debtor.has_own_zone and len(debtor.zones) > 1:
        told.append("The customer's time zone is not known: hours must fit all of its country.")
    elif not debtor.has_own_zone:
        told.append(f"The customer's time zone is not known: taken as {debtor.zones[0]}.")
    return told


def finding_document(one: Finding, name: str, language: str) -> dict[str, Any]:
    """What a letter says against a rule."""
    return {
        "template": name,
        "language": language,
        "rule": one.rule_id,
        "level": one.level,
        "line": one.line,
        "quoted": one.quoted or None,
        "wanted": list(one.wanted),
        "text": one.text,
        "unverified": one.is_unverified,
    }


def lint_every(entity: Entity, on: date) -> dict[str, Any]:
    """Every template in every language that it has, against the rules of where customers are."""
    found, count = [], 0
    texts = texts_of(entity.pk)
    for name in sorted(template_names(entity.pk)):
        for language in LANGUAGES:
            written, text = texts[name, language]
            if written != language:
                continue
            count += 1
            found += [
                finding_document(one, name, language)
                for one in lint_letter(
                    entity=entity,
                    subject=text.subject,
                    body=text.body,
                    language=language,
                    stage=name,
                    on=on,
                )
            ]
    return {"texts": count, "findings": found}


def lint_one(
    entity: Entity, text: str, *, name: str, language: str, place: str, kind: str, on: date
) -> dict[str, Any]:
    """A text of a file, for a place and kind of debtor where they are told."""
    if place:
        found = lint(
            text,
            kind=kind,
            place=place,
            language=language,
            stage=name,
            rules=laws_on(entity.pk, on),
        )
    else:
        found = lint_letter(
            entity=entity, subject="", body=text, language=language, stage=name, on=on
        )
        found = [one._replace(line=max(1, one.line - 1)) for one in found]
    return {"texts": 1, "findings": [finding_document(one, name, language) for one in found]}


def limitation_document(entity: Entity, customer: Customer, on: date) -> dict[str, Any]:
    """Until when each open invoice of a customer can be sued for, and by which rule."""
    gate = gate_of(entity, customer.pk, on)
    rules = gate.limitations(customer.pk)
    debtor = gate.debtor(customer.pk)
    rows = []
    for debt in sorted(open_debts(entity.pk, [customer.pk]), key=lambda one: one.due_on):
        found = limitation_of(rules, debt.due_on)
        rows.append(
            {
                "item": debt.number,
                "due_on": debt.due_on.isoformat(),
                "currency": debt.currency,
                "open": text_from_minor(debt.open_minor, exponent(debt.currency)),
                "last_on": found.last_on.isoformat() if found else None,
                "alert_on": alert_on(found.last_on).isoformat() if found else None,
                "is_past": bool(found and found.last_on < on),
                "rule": found.rule.id if found else None,
                "words": found.rule.words if found else None,
                "source": found.rule.source if found else None,
                "unverified": bool(found and found.rule.status == "unverified"),
                "earliest_of_several": bool(found and found.is_one_of_several),
            }
        )
    return {
        "customer": customer.code,
        "on": on.isoformat(),
        "law": debtor.law or debtor.place,
        "items": rows,
    }


def preference_document(
    entity: Entity, customer: Customer, filed_on: date, *, is_insider: bool
) -> dict[str, Any]:
    """What a filing on a day may cost, by currency."""
    gate = gate_of(entity, customer.pk, filed_on)
    insiders: Sequence[int] = [customer.pk] if is_insider else []
    found = exposures_at(entity.pk, gate, {customer.pk: filed_on}, insiders=insiders)
    return {
        "customer": customer.code,
        "filed_on": filed_on.isoformat(),
        "exposures": [_exposed(one) for one in found.get(customer.pk, [])],
    }


def _exposed(one: Exposed) -> dict[str, Any]:
    def amount(minor: int) -> str:
        return text_from_minor(minor, exponent(one.currency))

    told = one.told
    return {
        "rule": one.rule.id,
        "source": one.rule.source,
        "unverified": one.rule.status == "unverified",
        "currency": one.currency,
        "window_from": told.window_from.isoformat(),
        "paid": amount(told.paid_minor),
        "new_value": amount(told.new_value_minor),
        "net": amount(told.net_minor),
        "below_least": told.is_below_least,
        "priority_from": told.priority_from.isoformat(),
        "priority": amount(told.priority_minor),
        "reclaim_from": told.reclaim_from.isoformat(),
        "reclaim": amount(one.reclaim_minor),
    }
