"""How customers are chased, as data: `duly policy`, `duly template`, `duly why`."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import (
    NOT_WRITTEN,
    Subparsers,
    add,
    day,
    for_writing,
    of_entity,
    on_day,
    text,
    today,
)
from duly.interfaces.cli.files import text_of, toml_of
from duly.kernel.locales import LANGUAGES, language_of


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    policy = commands.add_parser("policy", help="dunning policies")
    acts = policy.add_subparsers(dest="act_name", required=True, metavar="ACT")
    listed = add(acts, "list", "the policies that hold on a day, and who is under which")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_list)
    put = add(acts, "set", "keep a new version of a policy")
    put.add_argument("file", type=Path, metavar="FILE.toml", help="the policy")
    put.add_argument("--from", dest="valid_from", type=day, metavar="DATE", help="default: --on")
    on_day(put)
    of_entity(put)
    for_writing(put)
    put.set_defaults(act=_set)
    choose = add(acts, "choose", "put a customer, an item, a segment or all under a policy")
    choose.add_argument("policy", metavar="NAME", help="a policy's name")
    end = add(acts, "end", "end such a choice; what holds around it holds there too")
    end.set_defaults(policy="")
    for act in (choose, end):
        act.add_argument("--customer", metavar="ID", help="for this customer")
        act.add_argument("--item", metavar="NUMBER", help="an item of --customer")
        act.add_argument(
            "--segment", type=text(64), metavar="NAME", help="for every customer of this segment"
        )
        on_day(act)
        of_entity(act)
        for_writing(act)
        act.set_defaults(act=_choose)
    preview = add(acts, "preview", "what a policy would do on a day, against what is done now")
    preview.add_argument("file", type=Path, metavar="FILE.toml", help="the policy")
    on_day(preview)
    of_entity(preview)
    preview.set_defaults(act=_preview)
    _add_templates(commands)


def _add_templates(commands: Subparsers) -> None:
    template = commands.add_parser("template", help="the texts of steps")
    acts = template.add_subparsers(dest="act_name", required=True, metavar="ACT")
    show = add(acts, "show", "a text, filled for a customer where one is named")
    show.add_argument("name", metavar="NAME", help="a template's name")
    show.add_argument(
        "--language", choices=LANGUAGES, help="the language of its text; default: the customer's"
    )
    show.add_argument("--customer", metavar="ID", help="filled in for this customer")
    on_day(show)
    of_entity(show)
    show.set_defaults(act=_template_show)
    put = add(acts, "set", "keep a new version of a text: first line subject, then the body")
    put.add_argument("name", type=text(64), metavar="NAME", help="a template's name")
    put.add_argument("file", type=Path, metavar="FILE", help="its text")
    put.add_argument(
        "--language", choices=LANGUAGES, required=True, help="the language of the text"
    )
    of_entity(put)
    for_writing(put)
    put.set_defaults(act=_template_set)

    why = add(commands, "why", "why a customer was not written to, and what comes next")
    why.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    on_day(why)
    of_entity(why)
    why.set_defaults(act=_why)


def _read(path: Path) -> dict[str, Any]:
    return toml_of(
        path,
        what="a policy",
        code="POLICY_UNREADABLE",
        remedy="Write it as TOML; `duly policy list --json` shows one.",
    )


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.policies import policies_on
    from duly.collections.rules.policies import document_of
    from duly.interfaces.exchange.collecting import choices_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    document: dict[str, Any] = {
        "on": on.isoformat(),
        "policies": [
            {"version": p.version, "valid_from": p.valid_from or None, **document_of(p)}
            for p in policies_on(one.pk, on).values()
        ],
        "choices": choices_document(one.pk, on),
    }
    if not arguments.json:
        for policy in document["policies"]:
            print(f"{policy['name']}, version {policy['version'] or 'built in'}")
            for step in policy["steps"]:
                print(f"  {step['days']:>4} days past due: {step['code']} by {step['channel']}")
        for choice in document["choices"]:
            policy = choice["policy"] or "no choice"
            print(f"{choice['scope']} {choice['of']}: {policy} from {choice['from_on']}")
    return document, 0


def _set(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import save_policy
    from duly.collections.rules.policies import document_of
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    given = _read(arguments.file)
    valid_from = arguments.valid_from or arguments.on or today(one.timezone)

    def act() -> dict[str, Any]:
        policy = save_policy(
            entity_id=one.pk,
            document=given,
            valid_from=valid_from,
            actor=home.actor(),
            at=home.now(),
        )
        return {
            "policy": policy.name,
            "version": policy.version,
            "valid_from": policy.valid_from,
            "document": document_of(policy),
        }

    key = [one.pk, json.dumps(given, sort_keys=True, default=str), valid_from.isoformat()]
    told = carry_out(act, arguments.key, "policy set", key, home.now(), arguments.dry_run)
    if not arguments.json:
        print(f"{told['policy']}, version {told['version']}, from {told['valid_from']} on.")
        if arguments.dry_run:
            print(NOT_WRITTEN)
        else:
            print(f"Who is under it is told by `duly policy choose {told['policy']}`.")
    return told, 0


def _choose(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import choose_policy, end_choice
    from duly.interfaces.exchange.collecting import choices_document, items_named
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    scope, record_id = "entity", 0
    if arguments.segment:
        scope = "segment"
    if arguments.customer:
        scope = "customer"
        record_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
        if arguments.item:
            scope, record_id = "item", items_named(one.pk, record_id, [arguments.item])[0].id

    def act() -> dict[str, Any]:
        told: dict[str, Any] = {
            "entity_id": one.pk,
            "scope": scope,
            "segment": arguments.segment or "",
            "record_id": record_id,
            "on": on,
            "actor": home.actor(),
            "at": home.now(),
        }
        if arguments.policy:
            choose_policy(policy=arguments.policy, **told)
        else:
            end_choice(**told)
        return {"choices": choices_document(one.pk, on)}

    given = [one.pk, arguments.policy, scope, arguments.segment, record_id, on.isoformat()]
    name = f"policy {arguments.act_name}"
    told = carry_out(act, arguments.key, name, given, home.now(), arguments.dry_run)
    if not arguments.json:
        under = f"under {arguments.policy}" if arguments.policy else "without a choice of its own"
        print(f"{scope.capitalize()} is {under} from {on}.")
    return told, 0


def _preview(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.jobs.foreseeing import preview_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    document = preview_document(entity=one, on=on, document=_read(arguments.file))
    if not arguments.json:
        for name in ("now", "then"):
            counts = ", ".join(f"{n} {code}" for code, n in document[name].items()) or "nothing"
            print(f"{name}: {counts}")
    return document, 0


def _template_show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.jobs.foreseeing import preview_text
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on: date = arguments.on or today(one.timezone)
    customer_id, language = None, arguments.language or "en"
    if arguments.customer:
        customer = parties.customer(entity_id=one.pk, code=arguments.customer)
        customer_id = customer.pk
        language = arguments.language or language_of(customer.language, one.language)
    subject, body, _, note = preview_text(
        entity=one,
        on=on,
        name=arguments.name,
        language=language,
        customer_id=customer_id,
    )
    if not arguments.json:
        print("\n\n".join(filter(None, (note, subject, body))))
    told = {"name": arguments.name, "language": language}
    return {**told, "subject": subject, "body": body, "note": note}, 0


def _template_set(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import save_template
    from duly.collections.queries.laws import lint_letter
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    subject, _, body = text_of(arguments.file, code="TEMPLATE_UNREADABLE").partition("\n")

    found = lint_letter(
        entity=one,
        subject=subject,
        body=body,
        language=arguments.language,
        stage=arguments.name,
        on=today(one.timezone),
    )

    def act() -> dict[str, Any]:
        row = save_template(
            entity_id=one.pk,
            name=arguments.name,
            language=arguments.language,
            subject=subject.strip(),
            body=body.lstrip("\n"),
            actor=home.actor(),
            at=home.now(),
        )
        told = {"name": row.name, "language": row.language, "version": row.version}
        return {**told, "warnings": [one.text for one in found]}

    given = [one.pk, arguments.name, arguments.language, subject, body]
    told = carry_out(act, arguments.key, "template set", given, home.now(), arguments.dry_run)
    if not arguments.json:
        print(f"{told['name']} in {told['language']}, version {told['version']}.")
        for line in told["warnings"]:
            print(f"  {line}")
    return told, 0


def _why(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.messages import messages
    from duly.collections.queries.worklist import tasks_by_customer
    from duly.interfaces.exchange.collecting import day_document
    from duly.interfaces.jobs.foreseeing import plan_of_customer
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer = parties.customer(entity_id=one.pk, code=arguments.customer)
    told, under = plan_of_customer(entity=one, on=on, customer_id=customer.pk)
    steps = day_document(told)["steps"]
    taken = {
        (row.currency, row.channel): row for row in messages(customer_id=customer.pk, planned_on=on)
    }
    for step in steps:
        row = None if step["why"] else taken.get((step["currency"], step["channel"]))
        step["message"] = None if row is None else _became(row, one.timezone)
    tasks = [
        {"kind": task.kind, "text": task.text, "due_on": task.due_on.isoformat()}
        for task in tasks_by_customer(one.pk, [customer.pk]).get(customer.pk, [])
    ]
    document = {
        "on": on.isoformat(),
        "customer": customer.code,
        "policy": under,
        "steps": steps,
        "tasks": tasks,
    }
    if not arguments.json:
        print(f"{customer.name} is under {under['name']} ({under['from']}).")
        for step in steps:
            why = step["why"]["text"] if step["why"] else f"Step {step['step']} is due today."
            if step["message"]:
                why = f"Step {step['message']['step']} was due: {step['message']['text']}"
            print(f"{step['currency']} {step['amount']:>14}  {why}")
        if not steps:
            print("Nothing is overdue.")
        for task in tasks:
            print(f"To do: {task['text']}")
    return document, 0


def _became(row: Any, timezone: str) -> dict[str, Any]:
    """What became of the message of a step, and when, where the books are kept."""
    moment = (row.settled_at or row.claimed_at or row.queued_at).astimezone(ZoneInfo(timezone))
    said = f"{row.get_state_display()}, {moment:%Y-%m-%d %H:%M}."
    return {
        "id": row.pk,
        "step": row.step,
        "state": row.state,
        "at": moment.isoformat(),
        "text": f"{said} {row.why_text}".strip(),
    }
