"""A policy as a form: texts out of fields, and the document that they mean."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from duly.collections.policy import ATTACHMENTS, DunningPolicy
from duly.collections.rules.policies import document_of
from duly.interfaces.web.numbers import number_in

KNOBS = ("gap_days", "most_per_item", "fresh_days", "entry_step", "returned_payment_fee")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_STEPS = 30
LONGEST = 64
FIELDS = ("code", "days", "wait_days", "channel", "template", "minimum")


@dataclass
class StepForm:
    """A step as it was typed, with what is wrong with it."""

    place: int
    code: str = ""
    days: str = ""
    wait_days: str = "14"
    channel: str = "email"
    template: str = "friendly"
    minimum: str = "100"
    is_final: bool = False
    attachments: tuple[str, ...] = ()
    errors: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """The step as the document of a policy has it."""
        return {
            "code": self.code,
            "days": _number(self.days),
            "wait_days": _number(self.wait_days or "0"),
            "channel": self.channel,
            "template": self.template if self.channel in ("email", "letter") else "",
            "minimum": self.minimum or "0",
            "is_final": self.is_final,
            "attachments": list(self.attachments) if self.channel == "email" else [],
        }


@dataclass
class PolicyForm:
    """A policy as it was typed."""

    name: str = ""
    steps: list[StepForm] = field(default_factory=list)
    knobs: dict[str, str] = field(default_factory=dict)
    hours: tuple[str, str] = ("8", "18")
    weekdays: tuple[str, ...] = ("1", "2", "3", "4", "5")
    tell_on_account: bool = False
    valid_from: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """What `save_policy` takes; faults are its to find."""
        return {
            "name": self.name,
            "steps": [step.document() for step in self.steps],
            **{name: _number(text) for name, text in self.knobs.items() if text},
            "tell_on_account": self.tell_on_account,
            "hours": [_number(text) for text in self.hours],
            "weekdays": [_number(text) for text in self.weekdays],
        }

    def tell(self, problems: Sequence[Mapping[str, str]]) -> None:
        """Put each problem where it is: at its step or its knob."""
        for one in problems:
            where = one["where"].partition(",")[0]
            said = f"{one['message']} {one['remedy']}"
            place = number_in(where.removeprefix("step "), 3)
            if place is not None and 1 <= place <= len(self.steps):
                self.steps[place - 1].errors.append(said)
            else:
                self.errors[where] = said


def form_of(policy: DunningPolicy) -> PolicyForm:
    """A policy that is there, to be changed."""
    told = document_of(policy)
    return PolicyForm(
        name=policy.name,
        steps=[_step_form(place, step) for place, step in enumerate(told["steps"], 1)],
        knobs={name: str(told[name]) for name in KNOBS},
        hours=(str(policy.hours[0]), str(policy.hours[1])),
        weekdays=tuple(map(str, policy.weekdays)),
        tell_on_account=policy.tell_on_account,
    )


def _step_form(place: int, step: Mapping[str, Any]) -> StepForm:
    fields = {name: str(step[name]) for name in FIELDS}
    return StepForm(
        place,
        **fields,
        is_final=step["is_final"],
        attachments=tuple(step["attachments"]),
    )


def read_form(given: Mapping[str, str], weekdays: Sequence[str]) -> PolicyForm:
    """The fields as they were typed; rows that are empty are left out."""

    def text(name: str) -> str:
        return given.get(name, "").strip()[:LONGEST]

    return PolicyForm(
        name=text("name"),
        steps=list(_steps(given, text)),
        knobs={name: text(name) for name in KNOBS},
        hours=(text("hours_from"), text("hours_until")),
        weekdays=tuple(day[:1] for day in weekdays),
        tell_on_account=bool(text("tell_on_account")),
        valid_from=text("valid_from"),
    )


def _steps(given: Mapping[str, str], text: Callable[[str], str]) -> Iterator[StepForm]:
    place = 0
    for row in range(1, MOST_STEPS + 1):
        code, days = text(f"code-{row}"), text(f"days-{row}")
        if code or days:
            place += 1
            yield StepForm(
                place,
                code,
                days,
                text(f"wait_days-{row}"),
                text(f"channel-{row}") or "email",
                text(f"template-{row}"),
                text(f"minimum-{row}"),
                bool(text(f"is_final-{row}")),
                tuple(name for name in ATTACHMENTS if text(f"{name}-{row}")),
            )


def _number(text: str) -> int | str:
    """A whole number where the text is one; else the text, which is refused with its place."""
    number = number_in(text.removeprefix("-"), 6)
    if number is None:
        return text
    return -number if text.startswith("-") else number
