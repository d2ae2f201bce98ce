"""Bring rules of law, change their level, say what a debtor is to the law; stop what is queued."""

import tomllib
from collections.abc import Collection
from datetime import date

from django.db.models import Max

from duly.access.actions import Author, record_changes
from duly.collections.errors import DebtorUnfit, LawLevelUnfit, LawPackUnfit, LawWeakened
from duly.collections.models import (
    MAILED,
    ChannelWish,
    DebtorProfile,
    LawLevel,
    LawPack,
    Message,
)
from duly.collections.queries.laws import merged, own_packs, rules_named, shipped_packs
from duly.collections.rules.laws.places import is_place
from duly.collections.rules.laws.reading import periods_unfit, read_pack
from duly.collections.rules.laws.rule import (
    CONTACT_CHANNELS,
    DEBTOR_KINDS,
    ENFORCE,
    LEVELS,
    NO_JUDGE,
    Pack,
)
from duly.collections.rules.laws.weakening import Loss, losses
from duly.collections.rules.reasons import OBJECTED, Reason
from duly.kernel.errors import Problem
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole


@whole()
def add_law_pack(
    *, entity_id: int, text: str, on: date, author: Author, reason: str = ""
) -> tuple[Pack, list[Loss]]:
    """Keep a version of a pack of the firm's own, in force from a day; (it, what rules lose by it).

    Rule: a rule of an id that is there already takes its place; beside all others there is no gap
    and no overlap. Refuses: LawPackUnfit with every problem; LawWeakened where an enforced rule
    loses something and nobody says why.
    """
    locks.hold(f"laws:{entity_id}")
    try:
        pack = read_pack(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        told = f"It is no TOML: {error}."
        raise _unfit([Problem("file", "LAW_UNREADABLE", told, "Mend it.")]) from None
    own = own_packs(entity_id, on)
    others = [one for one in own if one.name != pack.name]
    every = merged([*shipped_packs(), *sorted([*others, pack], key=lambda one: one.name)])
    problems = periods_unfit(every)
    if pack.name in {one.name for one in shipped_packs()}:
        told = f"A pack that comes with Duly is called {pack.name!r}."
        problems.append(Problem("name", "LAW_NAME_TAKEN", told, "Choose another name."))
    if problems:
        raise _unfit(problems)
    lost = losses(merged([*shipped_packs(), *own]), every, on)
    if lost and not reason.strip():
        raise LawWeakened(
            f"Enforced rules lose something by this pack: {', '.join(one.text for one in lost)}.",
            facts={"rules": [one._asdict() for one in lost]},
            remedy="Leave them as they are, or say why with --reason; it is kept.",
        )
    rows = LawPack.objects.filter(entity_id=entity_id, name=pack.name)
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    row = LawPack.objects.create(
        entity_id=entity_id,
        name=pack.name,
        version=version,
        text=text,
        from_on=on,
        actor=author.actor,
        recorded_at=author.at,
    )
    kept = {"name": row.name, "version": version, "rules": len(pack.rules)}
    if lost:
        kept |= {"weakened": [one.text for one in lost], "reason": reason.strip()}
    record_changes(noun="law pack", changes=[(row.pk, {}, kept)], author=author)
    return pack._replace(version=version), lost


def _unfit(problems: list[Problem]) -> LawPackUnfit:
    return LawPackUnfit(
        f"The rules can't be used: {len(problems)} problems.",
        facts={"problems": problems},
        remedy="Mend what is named; nothing was kept.",
    )


@whole()
def set_law_level(
    *, entity_id: int, rule_id: str, level: str, reason: str, on: date, author: Author
) -> LawLevel:
    """Change what a rule does from a day on, and why; "" goes back to what its pack says.

    Refuses: LawRuleUnknown; LawLevelUnfit for a rule that no machine can enforce, and without a
    reason.
    """
    rules = rules_named(entity_id, rule_id, on)
    rule = rules[-1]
    if level and level not in LEVELS:
        _refuse_level(rule.id, f"{level!r} is no level.", f"Use one of {', '.join(LEVELS)}.")
    if level == ENFORCE and rule.what in NO_JUDGE:
        _refuse_level(rule.id, f"No machine can enforce {rule.id}.", "Use warn or inform.")
    if not reason.strip():
        _refuse_level(rule.id, "Nobody says why.", "Give a reason; it is kept.")
    row = LawLevel.objects.create(
        entity_id=entity_id,
        rule_id=rule.id,
        level=level,
        reason=reason.strip(),
        from_on=on,
        actor=author.actor,
        recorded_at=author.at,
    )
    before, after = {"rule": rule.id, "level": rule.level}, {"level": level, "reason": row.reason}
    record_changes(noun="law level", changes=[(row.pk, before, after)], author=author)
    return row


def _refuse_level(rule_id: str, told: str, remedy: str) -> None:
    raise LawLevelUnfit(told, facts={"rule": rule_id}, remedy=remedy)


@whole()
def describe_debtor(
    *,
    entity_id: int,
    customer_id: int,
    kind: str,
    author: Author,
    place: str = "",
    law: str = "",
    note: str = "",
) -> DebtorProfile:
    """Say what a customer is to the law, where it is and whose law governs its contracts.

    Refuses: DebtorUnfit.
    """
    if kind not in DEBTOR_KINDS:
        _refuse_debtor("kind", kind, f"Use one of {', '.join(DEBTOR_KINDS)}.")
    for name, given in (("place", place), ("law", law)):
        if given and (not is_place(given) or given in ("*", "EU")):
            _refuse_debtor(name, given, "Name a country such as DE, or a part such as US-CA.")
    row = DebtorProfile.objects.create(
        entity_id=entity_id,
        customer_id=customer_id,
        kind=kind,
        place=place,
        law=law,
        note=note,
        actor=author.actor,
        recorded_at=author.at,
    )
    told = {"customer_id": customer_id, "kind": kind, "place": place, "law": law, "note": note}
    record_changes(noun="debtor profile", changes=[(row.pk, {}, told)], author=author)
    return row


@whole()
def record_wish(
    *,
    entity_id: int,
    customer_id: int,
    channel: str,
    is_allowed: bool,
    evidence: str,
    on: date,
    author: Author,
) -> ChannelWish:
    """Keep that a customer consents to a channel, or wants none of it any more; what is queued for
    that channel is stopped the same minute. Refuses: DebtorUnfit."""
    if channel not in CONTACT_CHANNELS:
        _refuse_debtor("channel", channel, f"Use one of {', '.join(CONTACT_CHANNELS)}.")
    row = ChannelWish.objects.create(
        entity_id=entity_id,
        customer_id=customer_id,
        channel=channel,
        is_allowed=is_allowed,
        said_on=on,
        evidence=evidence,
        actor=author.actor,
        recorded_at=author.at,
    )
    told = {"customer_id": customer_id, "channel": channel, "is_allowed": is_allowed}
    record_changes(noun="channel wish", changes=[(row.pk, {}, told)], author=author)
    if channel == "email" and not is_allowed:
        stop_messages(entity_id=entity_id, customer_ids=[customer_id], why=OBJECTED, author=author)
    return row


def _refuse_debtor(name: str, given: str, remedy: str) -> None:
    raise DebtorUnfit(
        f"{given[:40]!r} is no {name} that is known.",
        facts={"field": name, "value": given[:40]},
        remedy=remedy,
    )


@whole()
def stop_messages(
    *, entity_id: int, customer_ids: Collection[int], why: Reason, author: Author
) -> int:
    """Take off whatever is queued or held for some customers; return how many messages."""
    rows = Message.objects.select_for_update().filter(
        entity_id=entity_id,
        customer_id__in=among(customer_ids),
        channel__in=MAILED,
        state__in=("queued", "held"),
    )
    found = list(rows.order_by("pk").values_list("pk", "state"))
    code, text = why
    Message.objects.filter(pk__in=among([pk for pk, _ in found])).update(
        state="cancelled", why_code=code, why_text=text[:1000], settled_at=author.at
    )
    after = {"state": "cancelled", "why": text}
    changes = [(pk, {"state": state}, after) for pk, state in found]
    record_changes(noun="message", changes=changes, author=author)
    return len(found)
