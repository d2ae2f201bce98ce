"""What would be said: of one customer, under a policy that is not kept yet, in a text not sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from duly.collections.policy import DunningPolicy
from duly.collections.queries.policies import template_names, texts_of
from duly.collections.queries.standing import Standing
from duly.collections.rules.planning import PlannedStep, plan_digest
from duly.collections.rules.policies import read_policy
from duly.collections.rules.texts import Text
from duly.collections.rules.wording import Said, lacks_previous, write
from duly.interfaces.exchange.collecting import day_document
from duly.interfaces.jobs.day import Day, Told, plan_day
from duly.kernel.errors import Missing
from duly.kernel.locales import locale_of, reader
from duly.parties.models import Entity
from duly.receivables.queries import line_facts


class TemplateUnknown(Missing):
    """No template has this name."""

    code = "TEMPLATE_UNKNOWN"


def plan_of_customer(*, entity: Entity, on: date, customer_id: int) -> tuple[Day, dict[str, str]]:
    """What a day says of one customer, and which policy it is under, from where."""
    return plan_of_customers(entity=entity, on=on, customer_ids=[customer_id])[customer_id]


def plan_of_customers(
    *, entity: Entity, on: date, customer_ids: Sequence[int]
) -> dict[int, tuple[Day, dict[str, str]]]:
    """{customer: what a day says of it, and which policy it is under, from where}."""
    standing = Standing(entity=entity, on=on, customer_ids=customer_ids)
    steps: dict[int, list[PlannedStep]] = {customer_id: [] for customer_id in customer_ids}
    for step in plan_day(standing, standing.last_messages()):
        steps[step.customer_id].append(step)
    found = {}
    for customer_id in customer_ids:
        name, source = standing.choices.told(
            customer_id=customer_id, segment=standing.reach[customer_id].segment
        )
        found[customer_id] = _told(on, steps[customer_id]), {"name": name, "from": source}
    return found


class PolicyPreview(NamedTuple):
    """What a day does now, and what it would do under a policy."""

    policy: DunningPolicy
    now: list[PlannedStep]
    then: list[PlannedStep]


def preview_policy(*, entity: Entity, on: date, document: Mapping[str, Any]) -> PolicyPreview:
    """Plan a day as it is, and under a policy that is not kept yet; writes nothing.

    Rule: it stands in for the policy of its name where somebody is under it, else for everyone's.
    Refuses: PolicyUnfit.
    """
    policy = read_policy(document, version=0, valid_from=on, templates=template_names(entity.pk))
    standing = Standing(entity=entity, on=on)
    last_messages = standing.last_messages()
    before = list(plan_day(standing, last_messages))
    standing.try_out(policy)
    return PolicyPreview(policy, before, list(plan_day(standing, last_messages)))


def preview_document(*, entity: Entity, on: date, document: Mapping[str, Any]) -> dict[str, Any]:
    """A preview of a policy as scripts read it. Refuses: PolicyUnfit."""
    found = preview_policy(entity=entity, on=on, document=document)
    return {
        "policy": found.policy.name,
        "on": on.isoformat(),
        "now": _counts(found.now),
        "then": _counts(found.then),
        "steps": day_document(_told(on, found.then))["steps"],
    }


def _counts(steps: list[PlannedStep]) -> dict[str, int]:
    return dict(sorted(Counter(step.why.code if step.why else step.step for step in steps).items()))


def _told(on: date, steps: list[PlannedStep]) -> Day:
    told = [Told(step, "skipped" if step.why else "planned") for step in steps]
    return Day(on, told, [], plan_digest(steps))


EXAMPLE_DAYS = 14  # before the day of a preview, an earlier message that is made up
NO_PREVIOUS = (
    "No earlier message was sent, so its day is made up here: the built-in text friendly goes "
    "instead."
)


class TextPreview(NamedTuple):
    """A text as somebody would read it; `is_example` where nothing is asked of the customer, `note`
    where another text would go."""

    subject: str
    body: str
    is_example: bool
    note: str


def preview_text(
    *,
    entity: Entity,
    on: date,
    name: str,
    language: str,
    customer_id: int | None,
    text: Text | None = None,
) -> TextPreview:
    """A template as a customer would read it, or as an example; `text` stands in for what is kept.

    Refuses: TemplateUnknown.
    """
    customer, currency = "Example Ltd", entity.currency
    locale = locale_of(language, "")
    is_early = name == "before_due"
    due = on + timedelta(days=7 if is_early else -14)
    said = [Said("EXAMPLE-1", due - timedelta(days=30), due, 123450)]
    is_example, previous_on = True, None
    if customer_id is not None:
        standing = Standing(entity=entity, on=on, customer_ids=[customer_id])
        reach = standing.reach[customer_id]
        customer = reach.name
        previous_on = standing.last_sent([customer_id]).get(customer_id)
        locale = reader(language, tag=reach.language, country=reach.country)
        plan = plan_day(standing, standing.last_messages())
        step = next((one for one in plan if one.step and one.is_before_due == is_early), None)
        if step is not None:
            facts = line_facts(
                {line.id for line in step.lines if line.kind == "item"},
                {line.id for line in step.lines if line.kind == "payment"},
            )
            currency, is_example = step.currency, False
            said = [Said(*facts[line.kind, line.id], line.minor) for line in step.lines]
    text = text or _kept_text(entity, name, language)
    subject, body = write(
        text,
        customer=customer,
        entity=entity.name,
        currency=currency,
        lines=said,
        today=on,
        previous_on=previous_on or on - timedelta(days=EXAMPLE_DAYS),
        locale=locale,
    )
    note = NO_PREVIOUS if lacks_previous(text, previous_on) else ""
    return TextPreview(subject, body, is_example, note)


def _kept_text(entity: Entity, name: str, language: str) -> Text:
    texts = texts_of(entity.pk)
    if (name, language) not in texts:
        raise TemplateUnknown(
            f"There is no template {name!r}.",
            facts={"template": name, "templates": sorted({found for found, _ in texts})},
            remedy="Use one of those named, or write it with `duly template set`.",
        )
    return texts[name, language][1]
