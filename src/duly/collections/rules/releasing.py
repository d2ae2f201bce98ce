"""What a person looked at, held against what would leave at the moment of the release."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from duly.collections.rules.planning import PlannedStep
from duly.kernel.ids import digest


class Seen(NamedTuple):
    """An e-mail as a person saw it in a plan."""

    customer_id: int
    currency: str
    step: str
    key: str
    asked_minor: int
    recipients: tuple[str, ...]
    items: frozenset[int]

    def unseen_of(self, step: PlannedStep) -> str:
        """What a step says that this did not; "" where it is the same, or less of it."""
        asked = {line.id for line in step.lines if line.kind == "item" and line.minor > 0}
        if self.step != step.step:
            return "takes another step"
        if self.recipients != step.recipients:
            return "goes to another address"
        if not asked <= self.items:
            return "asks for another item"
        return "asks for more" if step.amount_minor > self.asked_minor else ""


@dataclass(slots=True)
class Difference:
    """What came, what went, and what says more than it did when somebody looked."""

    came: list[PlannedStep] = field(default_factory=list)
    went: list[Seen] = field(default_factory=list)
    changed: list[tuple[Seen, PlannedStep]] = field(default_factory=list)

    @property
    def is_unseen(self) -> bool:
        """Tell whether anything would leave that nobody saw."""
        return bool(self.came or self.changed)


def difference(seen: Iterable[Seen], now: Sequence[PlannedStep]) -> Difference:
    """What a release would do otherwise than was looked at.

    Rule: what was paid, promised, disputed or held since only makes a message drop out, or ask for
    less: that is what the release is for, and no reason to look again. A message that nobody saw,
    another recipient, another item or more money is one.
    Given: `now` the e-mails that would leave.
    """
    found = Difference()
    before = {(one.customer_id, one.currency): one for one in seen}
    for step in now:
        was = before.pop((step.customer_id, step.currency), None)
        if was is None:
            found.came.append(step)
        elif was.unseen_of(step):
            found.changed.append((was, step))
    found.went = list(before.values())
    return found


def leaving_digest(e_mails: Iterable[tuple[str, int]]) -> str:
    """The digest of (key, minor units asked for) of e-mails that would leave."""
    return digest(*sorted(f"{key} {minor}" for key, minor in e_mails))


def held_digest(message_ids: Sequence[int]) -> str:
    """The digest of messages that were kept back and would be let go; "" of none."""
    return digest(*map(str, sorted(message_ids))) if message_ids else ""
