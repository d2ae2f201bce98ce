"""What would be said: of one customer, under a policy that is not kept yet, in a text not sent."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from duly.collections.queries.policies import template_names, texts_of
from duly.collections.queries.standing import Standing
from duly.collections.rules.planning import PlannedStep, plan_digest
from duly.collections.rules.policies import read_policy
from duly.collections.rules.wording import Said, write
from duly.interfaces.exchange.collecting import day_document
from duly.interfaces.jobs.day import Day, Told, plan_day
from duly.kernel.errors import Missing
from duly.parties.models import Entity
from duly.receivables.queries import line_facts


class TemplateUnknown(Missing):
    """No template has this name."""

    code = "TEMPLATE_UNKNOWN"


def plan_of_customer(*, entity: Entity, on: date, customer_id: int) -> tuple[Day, dict[str, str]]:
    """What a day says of one customer, and which policy it is under, from where."""
    standing = Standing(entity=entity, on=on, customer_ids=[customer_id])
    name, source = standing.choices.told(
        customer_id=customer_id, segment=standing.reach[customer_id].segment
    )
    steps = list(plan_day(standing, standing.last_messages()))
    return _told(on, steps), {"name": name, "from": source}


def preview_policy(*, entity: Entity, on: date, document: Mapping[str, Any]) -> dict[str, Any]:
    """What a day does now, and what it would do under a policy; writes nothing.

    Rule: it stands in for the policy of its name where somebody is under it, else for everyone's.
    Refuses: PolicyUnfit.
    """
    policy = read_policy(document, version=0, valid_from=on, templates=template_names(entity.pk))
    standing = Standing(entity=entity, on=on)
    last_messages = standing.last_messages()
    before = list(plan_day(standing, last_messages))
    standing.try_out(policy)
    then = list(plan_day(standing, last_messages))
    return {
        "policy": policy.name,
        "on": on.isoformat(),
        "now": _counts(before),
        "then": _counts(then),
        "steps": day_document(_told(on, then))["steps"],
    }


def _counts(steps: list[PlannedStep]) -> dict[str, int]:
    return dict(sorted(Counter(step.why.code if step.why else step.step for step in steps).items()))


def _told(on: date, steps: list[PlannedStep]) -> Day:
    told = [Told(step, "skipped" if step.why else "planned") for step in steps]
    return Day(on, told, [], plan_digest(steps))


def preview_text(
    *, entity: Entity, on: date, name: str, language: str, customer_id: int | None
) -> tuple[str, str]:
    """Subject and body of a template as a customer would read it, or of an example.

    Refuses: TemplateUnknown.
    """
    texts = texts_of(entity.pk)
    if (name, language) not in texts:
        raise TemplateUnknown(
            f"There is no template {name!r}.",
            facts={"template": name, "templates": sorted({found for found, _ in texts})},
            remedy="Use one of those named, or write it with `duly template set`.",
        )
    customer, currency = "Example Ltd", entity.currency
    said = [Said("EXAMPLE-1", on - timedelta(days=44), on - timedelta(days=14), 123450)]
    if customer_id is not None:
        standing = Standing(entity=entity, on=on, customer_ids=[customer_id])
        customer = standing.reach[customer_id].name
        step = next((one for one in plan_day(standing, standing.last_messages()) if one.step), None)
        if step is not None:
            facts = line_facts(
                {line.id for line in step.lines if line.kind == "item"},
                {line.id for line in step.lines if line.kind == "payment"},
            )
            currency = step.currency
            said = [Said(*facts[line.kind, line.id], line.minor) for line in step.lines]
    return write(
        texts[name, language],
        customer=customer,
        entity=entity.name,
        currency=currency,
        lines=said,
        today=on,
        previous_on=None,
        language=language,
    )
