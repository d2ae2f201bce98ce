"""The laws as data: `duly laws`."""

import argparse
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from duly.collections.rules.laws.rule import CONTACT_CHANNELS, DEBTOR_KINDS, LEVELS, MATTERS
from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, day, of_entity, on_day, text, today
from duly.interfaces.cli.files import text_of
from duly.kernel.locales import LANGUAGES


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    laws = commands.add_parser("laws", help="rules of law as data: what is held, stopped and told")
    acts = laws.add_subparsers(dest="act_name", required=True, metavar="ACT")
    listed = add(acts, "list", "the rules in force on a day")
    listed.add_argument("--place", metavar="PLACE", help="only of this place: *, EU, DE, US-CA")
    listed.add_argument("--what", choices=sorted(MATTERS), help="only of this matter")
    listed.add_argument("--level", choices=sorted(LEVELS), help="only of this level")
    listed.add_argument("--unverified", action="store_true", help="only what nobody verified")
    shown = add(acts, "show", "one rule: its periods, its source, and who changed its level")
    shown.add_argument("rule", metavar="RULE", help="a rule's id")
    _add_questions(acts)
    put = add(acts, "add", "keep a pack of rules of your own, in force from a day")
    put.add_argument("file", type=Path, metavar="FILE.toml", help="the pack")
    why = "why an enforced rule may lose something by it; it is kept"
    put.add_argument("--reason", type=text(500), metavar="TEXT", help=why)
    finish(put, _add)
    level = add(acts, "level", "change what a rule does, with a reason that is kept")
    level.add_argument("rule", metavar="RULE", help="a rule's id")
    level.add_argument("level", choices=[*LEVELS, "default"], help="default: as its pack says")
    level.add_argument("--reason", type=text(500), required=True, metavar="TEXT", help="why")
    finish(level, _level)
    _add_debtors(acts)
    for command, act in ((listed, _list), (shown, _show)):
        on_day(command)
        of_entity(command)
        command.set_defaults(act=act)


def _add_questions(acts: Subparsers) -> None:
    check = add(acts, "check", "whether a customer may be contacted, and what stops it")
    check.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    check.add_argument("--channel", choices=CONTACT_CHANNELS, default="call", help="how")
    check.add_argument(
        "--at", type=_moment, metavar="HH:MM", help="the time in UTC; default: now, or noon of --on"
    )
    lint = add(acts, "lint", "what a letter or script says against the rules of wording")
    lint.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a text")
    lint.add_argument("--all", action="store_true", help="every template instead")
    lint.add_argument("--language", choices=LANGUAGES, default="en", help="of the text")
    lint.add_argument(
        "--place", default="", metavar="PLACE", help="default: wherever customers are"
    )
    lint.add_argument("--kind", choices=sorted(DEBTOR_KINDS), default="", help="default: any")
    lint.add_argument("--stage", default="", metavar="NAME", help="the template it stands for")
    limitation = add(acts, "limitation", "until when a customer's debts can be sued for")
    limitation.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    preference = add(acts, "preference", "what a filing for insolvency may cost")
    preference.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    preference.add_argument("--filed", type=day, required=True, metavar="DATE", help="its day")
    preference.add_argument("--insider", action="store_true", help="the longer window of insiders")
    for command, act in (
        (check, _check),
        (lint, _lint),
        (limitation, _limitation),
        (preference, _preference),
    ):
        on_day(command)
        of_entity(command)
        command.set_defaults(act=act)


def _add_debtors(acts: Subparsers) -> None:
    debtor = add(acts, "debtor", "say what a customer is to the law")
    debtor.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    debtor.add_argument("--kind", choices=sorted(DEBTOR_KINDS), required=True, help="what it is")
    debtor.add_argument("--place", default="", metavar="PLACE", help="default: its country")
    debtor.add_argument("--law", default="", metavar="PLACE", help="of its contracts")
    debtor.add_argument("--note", type=text(500), default="", metavar="TEXT", help="why")
    finish(debtor, _debtor)
    wish = add(acts, "wish", "keep that a customer consents to a channel, or wants none of it")
    wish.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    wish.add_argument("channel", choices=CONTACT_CHANNELS, help="how")
    wish.add_argument("said", choices=["yes", "no"], help="whether it may be used")
    wish.add_argument("--evidence", type=text(500), required=True, metavar="TEXT", help="its proof")
    finish(wish, _wish)


def _moment(given: str) -> time:
    try:
        return time.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given!r} is no time of day such as 09:30") from None


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.laws import laws_on
    from duly.collections.rules.laws.places import covers
    from duly.interfaces.exchange.laws import rule_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    rules = [
        rule
        for rule in laws_on(one.pk, on)
        if arguments.what in (None, rule.what)
        and arguments.level in (None, rule.level)
        and (not arguments.place or covers(rule.place, arguments.place.upper()))
        and (not arguments.unverified or rule.status == "unverified")
    ]
    told = {"on": on.isoformat(), "rules": [rule_document(rule) for rule in rules]}
    if not arguments.json:
        for rule in rules:
            mark = "" if rule.status == "verified" else "  unverified"
            print(
                f"{rule.id:<22} {rule.place:<6} {rule.what:<12} {rule.level:<8} {rule.words}{mark}"
            )
        print(f"{len(rules)} rules. They are data, and no advice: have them checked by counsel.")
    return told, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.laws import levels_of, levels_on, rules_named
    from duly.interfaces.exchange.laws import levels_document, rule_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    rules = rules_named(one.pk, arguments.rule, on)
    changed = levels_on(one.pk, on).get(rules[0].id)
    told: dict[str, Any] = {
        "rule": rules[0].id,
        "level": changed.level if changed else rules[-1].level,
        "periods": [rule_document(rule) for rule in rules],
        "levels": levels_document(levels_of(one.pk, rules[0].id)),
    }
    if not arguments.json:
        for rule in rules:
            print(f"{rule.id} in {rule.place}, {rule.from_on or 'always'} to {rule.to_on or '-'}")
            print(f"  {rule.words}\n  {rule.source}; {rule.status}, checked {rule.checked_on}")
        print(f"  level: {told['level']}")
        for row in told["levels"]:
            print(f"  {row['from_on']} {row['level'] or 'default'}: {row['reason']} ({row['by']})")
    return told, 0


def _check(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.rules.handing import Clock
    from duly.interfaces.exchange.laws import check_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer = parties.customer(entity_id=one.pk, code=arguments.customer)
    if arguments.at is not None:
        clock = Clock(datetime.combine(on, arguments.at, UTC))
    else:
        clock = Clock(home.now(), arguments.on)
    told = check_document(one, customer, arguments.channel, on, clock)
    if not arguments.json:
        print(f"{customer.name} by {arguments.channel}: {'yes' if told['may'] else 'no'}.")
        for row in (*told["stops"], *told["warnings"], *told["to_know"]):
            print(f"  {row['level']}: {row['rule']}: {row['words']} ({row['source']})")
        for line in told["assumed"]:
            print(f"  {line}")
    return told, 0


def _lint(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.laws import lint_every, lint_one
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    if arguments.all == (arguments.file is not None):
        arguments.wrong("name a FILE, or --all")
    if arguments.all:
        told = lint_every(one, on)
    else:
        told = lint_one(
            one,
            text_of(arguments.file, code="LAW_UNREADABLE"),
            name=arguments.stage,
            language=arguments.language,
            place=arguments.place.upper(),
            kind=arguments.kind,
            on=on,
        )
    if not arguments.json:
        for row in told["findings"]:
            where = f"{row['template']} ({row['language']}), " if row["template"] else ""
            print(f"{where}line {row['line']}, {row['level']}: {row['text']}")
        print(f"{told['texts']} texts, {len(told['findings'])} findings.")
    return told, 3 if any(row["level"] == "enforce" for row in told["findings"]) else 0


def _limitation(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.laws import limitation_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer = parties.customer(entity_id=one.pk, code=arguments.customer)
    told = limitation_document(one, customer, on)
    if not arguments.json:
        for row in told["items"]:
            last = row["last_on"] or "no rule is held for its law"
            mark = "  unverified" if row["unverified"] else ""
            print(
                f"{row['item']:<16} due {row['due_on']}  {row['currency']} {row['open']:>14}  "
                f"until {last} {row['rule'] or ''}{mark}"
            )
    return told, 0


def _preference(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.laws import preference_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer = parties.customer(entity_id=one.pk, code=arguments.customer)
    told = preference_document(one, customer, arguments.filed, is_insider=arguments.insider)
    if not arguments.json:
        for row in told["exposures"]:
            print(
                f"{row['currency']}: paid since {row['window_from']} {row['paid']}, new goods "
                f"{row['new_value']}, exposed {row['net']}; priority {row['priority']}, "
                f"to reclaim {row['reclaim']} ({row['rule']}; {row['source']})"
            )
        if not told["exposures"]:
            print("No rule of preference is held for the customer's law, or nothing moved.")
    return told, 0


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.collections.actions import add_law_pack
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    content = text_of(arguments.file, code="LAW_UNREADABLE")

    def act() -> dict[str, Any]:
        pack, lost = add_law_pack(
            entity_id=one.pk,
            text=content,
            on=arguments.on or today(one.timezone),
            author=Author(home.actor(), home.now()),
            reason=arguments.reason or "",
        )
        told = {"name": pack.name, "version": pack.version, "rules": len(pack.rules)}
        return {"packs": [told], "weakened": [one._asdict() for one in lost]}

    return carried_out(arguments, "laws add", act)


def _level(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.collections.actions import set_law_level
    from duly.parties.queries import entity

    one = entity(arguments.entity)

    def act() -> dict[str, Any]:
        row = set_law_level(
            entity_id=one.pk,
            rule_id=arguments.rule,
            level="" if arguments.level == "default" else arguments.level,
            reason=arguments.reason,
            on=arguments.on or today(one.timezone),
            author=Author(home.actor(), home.now()),
        )
        return {"levels": [{"rule": row.rule_id, "level": row.level, "reason": row.reason}]}

    return carried_out(arguments, "laws level", act)


def _debtor(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.collections.actions import describe_debtor
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer = parties.customer(entity_id=one.pk, code=arguments.customer)

    def act() -> dict[str, Any]:
        row = describe_debtor(
            entity_id=one.pk,
            customer_id=customer.pk,
            kind=arguments.kind,
            place=arguments.place.upper(),
            law=arguments.law.upper(),
            note=arguments.note,
            author=Author(home.actor(), home.now()),
        )
        told = {"customer": customer.code, "kind": row.kind, "place": row.place, "law": row.law}
        return {"debtors": [told]}

    return carried_out(arguments, "laws debtor", act)


def _wish(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.collections.actions import record_wish
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer = parties.customer(entity_id=one.pk, code=arguments.customer)

    def act() -> dict[str, Any]:
        row = record_wish(
            entity_id=one.pk,
            customer_id=customer.pk,
            channel=arguments.channel,
            is_allowed=arguments.said == "yes",
            evidence=arguments.evidence,
            on=arguments.on or today(one.timezone),
            author=Author(home.actor(), home.now()),
        )
        told = {"customer": customer.code, "channel": row.channel, "is_allowed": row.is_allowed}
        return {"wishes": [told]}

    return carried_out(arguments, "laws wish", act)
