"""The week on one page: who owes, what was promised and did not come, what is at risk, what is
expected. A part for each currency, which adds up by itself."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import F, Sum

from duly.collections.models import Promise
from duly.parties.models import Entity
from duly.receivables.queries import OwedInWeek, owed_in_week
from duly.receivables.rules.aging import DUE

WEEKS_AHEAD = 4


class JudgedPromise(NamedTuple):
    """A promise that was judged in the week: kept, partly kept or broken."""

    customer_id: int
    due_on: date
    state: str
    amount_minor: int
    received_minor: int


class ExpectedWeek(NamedTuple):
    """A week ahead: what was promised for it, and what falls due in it."""

    first: date
    last: date
    promised_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class WeekPart:
    """A week in one currency. `missed_minor` is what broken and partly kept promises lacked."""

    owed: OwedInWeek
    judged: tuple[JudgedPromise, ...]
    ahead: tuple[ExpectedWeek, ...]

    @property
    def missed_minor(self) -> int:
        """What promises judged in the week lacked."""
        return sum(one.amount_minor - one.received_minor for one in self.judged)

    @property
    def other_risks_minor(self) -> int:
        """What is at risk of customers not named."""
        return self.owed.at_risk_minor - sum(one.minor for one in self.owed.at_risk)

    @property
    def promised_minor(self) -> int:
        """What was promised for the weeks ahead."""
        return sum(week.promised_minor for week in self.ahead)

    @property
    def due_minor(self) -> int:
        """What falls due in the weeks ahead."""
        return sum(week.due_minor for week in self.ahead)


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days to a day, and the weeks after it; the entity's own currency first."""

    first: date
    last: date
    bucket_names: tuple[str, ...]
    parts: tuple[WeekPart, ...]

    def part(self, currency: str) -> WeekPart:
        """The part of a currency; an empty one where it tells nothing of it."""
        empty = WeekPart(
            OwedInWeek.nothing(currency, WEEKS_AHEAD),
            (),
            tuple(_ahead(self.last, {}, (0,) * WEEKS_AHEAD)),
        )
        return next((one for one in self.parts if one.owed.currency == currency), empty)

    def customer_ids(self) -> set[int]:
        """Every customer that is named."""
        found: set[int] = set()
        for part in self.parts:
            found.update(one.customer_id for one in part.owed.largest)
            found.update(one.customer_id for one in part.owed.at_risk)
            found.update(one.customer_id for one in part.judged)
        return found


def week_to(*, entity: Entity, on: date) -> Week:
    """The week that ends on a day, as the books are known now; a fixed number of reads."""
    first = on - timedelta(days=6)
    owed = owed_in_week(entity_id=entity.pk, on=on, weeks_ahead=WEEKS_AHEAD)
    judged = _judged(entity.pk, first, on)
    promised = _promised(entity.pk, on)
    currencies = sorted(
        owed.keys() | judged.keys() | promised.keys(),
        key=lambda code: (code != entity.currency, code),
    )
    return Week(
        first,
        on,
        DUE.names,
        tuple(
            WeekPart(
                part := owed.get(code) or OwedInWeek.nothing(code, WEEKS_AHEAD),
                tuple(judged[code]),
                tuple(_ahead(on, promised[code], part.falls_due_minor)),
            )
            for code in currencies
        ),
    )


def _judged(entity_id: int, first: date, last: date) -> dict[str, list[JudgedPromise]]:
    rows = Promise.objects.filter(entity_id=entity_id, judged_on__range=(first, last))
    found: dict[str, list[JudgedPromise]] = defaultdict(list)
    for currency, *told in (
        rows.exclude(state="cancelled")
        .order_by("due_on", "pk")
        .values_list("currency", *JudgedPromise._fields)
    ):
        found[currency].append(JudgedPromise(*told))
    return found


def _promised(entity_id: int, on: date) -> dict[str, dict[date, int]]:
    """{currency: {day: what is still to come of promises for it}}."""
    rows = Promise.objects.filter(
        entity_id=entity_id,
        state="open",
        due_on__range=(on + timedelta(days=1), on + timedelta(weeks=WEEKS_AHEAD)),
    )
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for currency, day, minor in (
        rows.order_by()
        .values_list("currency", "due_on")
        .annotate(left=Sum(F("amount_minor") - F("received_minor")))
    ):
        found[currency][day] = int(minor)
    return found


def _ahead(on: date, promised: dict[date, int], due: Iterable[int]) -> Iterable[ExpectedWeek]:
    for place, due_minor in enumerate(due):
        first = on + timedelta(days=7 * place + 1)
        last = first + timedelta(days=6)
        yield ExpectedWeek(
            first,
            last,
            sum(minor for day, minor in promised.items() if first <= day <= last),
            due_minor,
        )
