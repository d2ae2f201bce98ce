"""Dunning policies as documents, and which of them holds for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from duly.collections.errors import PolicyUnfit
from duly.collections.policy import ATTACHMENTS, CHANNELS, DunningPolicy, Step
from duly.collections.rules.texts import SPEAK_OF_OVERDUE
from duly.kernel.errors import Problem

MOST_MINIMUM = Decimal(10**12)
_KNOBS = {
    "gap_days": (1, 365),
    "most_per_item": (1, 50),
    "fresh_days": (0, 60),
    "entry_step": (1, 50),
}
_STEP_KEYS = {
    "code",
    "days",
    "wait_days",
    "channel",
    "template",
    "minimum",
    "is_final",
    "attachments",
}
FEE, TELL = "returned_payment_fee", "tell_on_account"
_KEYS = {"name", "steps", "hours", "weekdays", FEE, TELL, *_KNOBS}


def read_policy(
    document: Mapping[str, Any], *, version: int, valid_from: date, templates: Iterable[str]
) -> DunningPolicy:
    """A policy of a document, or every problem of it at once.

    Rule: steps in rising order of days, each with a code of its own; the wait between two steps is
    at least a day; a final step is last and never where an old book enters.
    Refuses: PolicyUnfit with all problems.
    """
    problems = [
        Problem(
            key, "POLICY_KEY_UNKNOWN", f"{key!r} is no knob.", f"Use {', '.join(sorted(_KEYS))}."
        )
        for key in sorted(set(document) - _KEYS)
    ]
    name = document.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 64:
        problems.append(
            Problem("name", "POLICY_NAME_MISSING", "The policy has no name.", "Name it.")
        )
    steps = _steps(document.get("steps", []), problems, set(templates))
    knobs = _knobs(document, problems)
    entry = knobs.get("entry_step", 1)
    if len(steps) == len(document.get("steps", [])) > 0 and (
        entry > len(steps) or steps[entry - 1].is_final
    ):
        problems.append(
            Problem(
                "entry_step",
                "POLICY_ENTRY_UNFIT",
                f"An old book can't enter at step {entry}.",
                "Choose a step that is there and is not final.",
            )
        )
    if problems:
        raise PolicyUnfit(
            f"The policy can't be used: {len(problems)} problems.",
            facts={"problems": problems},
            remedy="Mend what is named; nothing was kept.",
        )
    return DunningPolicy(
        name=str(name),
        steps=tuple(steps),
        version=version,
        valid_from=valid_from.isoformat(),
        **knobs,
    )


def _steps(given: Any, problems: list[Problem], templates: set[str]) -> list[Step]:
    steps: list[Step] = []
    if not isinstance(given, list):
        problems.append(Problem("steps", "POLICY_STEPS_UNFIT", "Steps are no list.", "List them."))
        return steps
    for place, raw in enumerate(given, 1):
        where = f"step {place}"
        step = _step(raw, where, problems, templates)
        if step is None:
            continue
        if steps and step.days <= steps[-1].days:
            problems.append(
                Problem(
                    where,
                    "POLICY_STEPS_OVERLAP",
                    f"It is due after {step.days} days, the step before it after {steps[-1].days}.",
                    "Put the steps in order, each later than the one before.",
                )
            )
        if any(step.code == other.code for other in steps):
            problems.append(
                Problem(where, "POLICY_CODE_TWICE", f"{step.code!r} is there twice.", "Rename one.")
            )
        if steps and steps[-1].is_final:
            problems.append(
                Problem(
                    where, "POLICY_FINAL_NOT_LAST", "It follows a final step.", "Put it before."
                )
            )
        steps.append(step)
    return steps


def _step(raw: Any, where: str, problems: list[Problem], templates: set[str]) -> Step | None:
    """A step, or None with every fault of it among the problems."""
    count = len(problems)
    is_table = isinstance(raw, Mapping)
    if not is_table or set(raw) - _STEP_KEYS or not {"code", "days"} <= set(raw):
        problems.append(
            Problem(
                where,
                "POLICY_STEP_UNFIT",
                "A step has code and days, and maybe "
                f"{', '.join(sorted(_STEP_KEYS - {'code', 'days'}))}; nothing else.",
                "Mend the step.",
            )
        )
    if not is_table:
        return None
    if not str(raw.get("code", "?")).strip():
        problems.append(Problem(where, "POLICY_STEP_UNFIT", "It has no name.", "Name it."))
    channel, template = _way(raw, where, problems, templates)
    _refuse_unfit_days(raw, where, problems)
    if type(raw.get("is_final", False)) is not bool:
        problems.append(
            Problem(
                f"{where}, is_final",
                "POLICY_FINAL_UNFIT",
                f"{raw['is_final']!r} is neither true nor false.",
                "Write true or false, without quotation marks.",
            )
        )
    minimum = _minimum(raw, where, problems)
    attachments = _attachments(raw, where, problems)
    if len(problems) > count:
        return None
    return Step(
        code=str(raw["code"])[:64],
        days=raw["days"],
        wait_days=raw.get("wait_days", 7),
        channel=channel,
        template=template,
        minimum=minimum,
        is_final=raw.get("is_final", False),
        attachments=attachments,
    )


def _way(
    raw: Mapping[str, Any], where: str, problems: list[Problem], templates: set[str]
) -> tuple[Any, Any]:
    """Channel and template of a step."""
    channel, template = raw.get("channel", "email"), raw.get("template", "")
    if channel not in CHANNELS:
        problems.append(
            Problem(
                where,
                "POLICY_CHANNEL_UNKNOWN",
                f"{channel!r} is no channel.",
                f"Use one of {', '.join(CHANNELS)}.",
            )
        )
    if channel not in ("email", "letter"):
        return channel, template
    if not (isinstance(template, str) and template in templates):
        problems.append(
            Problem(
                where,
                "POLICY_TEMPLATE_UNKNOWN",
                f"There is no template {template!r}.",
                f"Use one of {', '.join(sorted(templates))}, or write it first.",
            )
        )
    elif template in SPEAK_OF_OVERDUE and type(raw.get("days")) is int and raw["days"] < 0:
        problems.append(
            Problem(
                f"{where}, template",
                "POLICY_TEMPLATE_TOO_EARLY",
                f"{template!r} says that it is overdue, and the step comes before the due date.",
                "Use before_due, or write a text of your own.",
            )
        )
    return channel, template


def _refuse_unfit_days(raw: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
    for key in ("days", "wait_days"):
        number = raw.get(key, 0)
        if (
            type(number) is not int
            or not -60 <= number <= 3650
            or (key == "wait_days" and number < 0)
        ):
            problems.append(
                Problem(
                    f"{where}, {key}",
                    "POLICY_DAYS_UNFIT",
                    f"{number!r} is no number of days.",
                    "Write a whole number.",
                )
            )


def _attachments(raw: Mapping[str, Any], where: str, problems: list[Problem]) -> tuple[str, ...]:
    given = raw.get("attachments", [])
    if isinstance(given, list | tuple) and all(one in ATTACHMENTS for one in given):
        return tuple(given)
    problems.append(
        Problem(
            f"{where}, attachments",
            "POLICY_ATTACHMENT_UNKNOWN",
            f"{given!r} can't be attached.",
            f"List what is to be: {', '.join(ATTACHMENTS)}.",
        )
    )
    return ()


def _minimum(raw: Mapping[str, Any], where: str, problems: list[Problem]) -> Decimal:
    minimum = _amount(raw.get("minimum", "100"))
    if minimum is None:
        problems.append(
            Problem(
                f"{where}, minimum",
                "POLICY_MINIMUM_UNFIT",
                "It is no amount.",
                "Write an amount such as 100.",
            )
        )
    return minimum or Decimal(0)


def _amount(given: Any) -> Decimal | None:
    """An amount of zero or more; None where it is none."""
    try:
        amount = Decimal(str(given))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= MOST_MINIMUM else None


def _fee(document: Mapping[str, Any], problems: list[Problem]) -> Decimal:
    fee = _amount(document.get(FEE, 0))
    if fee is None:
        problems.append(
            Problem(FEE, "POLICY_KNOB_UNFIT", "It is no amount.", "Write an amount such as 10.")
        )
    return fee or Decimal(0)


def _tell(document: Mapping[str, Any], problems: list[Problem]) -> bool:
    told = document.get(TELL, False)
    if type(told) is not bool:
        problems.append(
            Problem(
                TELL,
                "POLICY_KNOB_UNFIT",
                f"{told!r} is neither true nor false.",
                "Write true or false, without quotation marks.",
            )
        )
    return told is True


def _knobs(document: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    knobs: dict[str, Any] = {}
    for key, (least, most) in _KNOBS.items():
        if key in document:
            if type(document[key]) is not int or not least <= document[key] <= most:
                problems.append(
                    Problem(
                        key,
                        "POLICY_KNOB_UNFIT",
                        f"{document[key]!r} does not fit.",
                        f"Write a whole number from {least} to {most}.",
                    )
                )
            else:
                knobs[key] = document[key]
    hours = document.get("hours", [8, 18])
    if not (
        isinstance(hours, list | tuple)
        and len(hours) == 2
        and all(type(hour) is int and 0 <= hour <= 24 for hour in hours)
        and hours[0] < hours[1]
    ):
        problems.append(
            Problem("hours", "POLICY_KNOB_UNFIT", "They are no hours.", "Write [8, 18].")
        )
    else:
        knobs["hours"] = tuple(hours)
    weekdays = document.get("weekdays", [1, 2, 3, 4, 5])
    if not (
        isinstance(weekdays, list | tuple)
        and weekdays
        and all(type(day) is int and 1 <= day <= 7 for day in weekdays)
    ):
        problems.append(
            Problem("weekdays", "POLICY_KNOB_UNFIT", "They are no weekdays.", "Monday is 1.")
        )
    else:
        knobs["weekdays"] = tuple(sorted(weekdays))
    return knobs | {FEE: _fee(document, problems), TELL: _tell(document, problems)}


def document_of(policy: DunningPolicy) -> dict[str, Any]:
    """A policy as the document that would make it."""
    told = asdict(policy)
    told[FEE] = str(told[FEE])
    told["steps"] = [{**step, "minimum": str(step["minimum"])} for step in told["steps"]]
    for key in ("version", "valid_from"):
        told.pop(key)
    return told


class Choice(NamedTuple):
    """Which policy somebody chose, for whom; later ones of the same scope replace earlier ones, and
    one without a policy ends them."""

    scope: str  # item, customer, segment, entity
    segment: str
    record_id: int
    policy: str


class Choices:
    """Who is under which policy: the item's choice, else the customer's, the segment's, the
    entity's, else gentle. `told` says which of them it was."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        newest = {
            (choice.scope, choice.segment if choice.scope == "segment" else choice.record_id): (
                choice.policy
            )
            for choice in choices
        }
        self._chosen = {key: policy for key, policy in newest.items() if policy}
        self.items = {key[1]: name for key, name in self._chosen.items() if key[0] == "item"}

    def knows(self, policy: str) -> bool:
        """Tell whether anybody is under a policy by choice."""
        return policy in self._chosen.values()

    def told(self, *, customer_id: int, segment: str, item_id: int = 0) -> tuple[str, str]:
        """(policy, where it comes from).

        >>> Choices([Choice("segment", "retail", 0, "firm")]).told(customer_id=1, segment="retail")
        ('firm', 'segment')
        """
        for key in (("item", item_id), ("customer", customer_id), ("segment", segment)):
            if key[1] and key in self._chosen:
                return self._chosen[key], key[0]
        if ("entity", 0) in self._chosen:
            return self._chosen["entity", 0], "entity"
        return "gentle", "built in"
