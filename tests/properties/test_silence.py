"""Whatever a book looks like: nobody is asked for what is paid, promised, disputed or covered.

The rule here is written apart from the product: from the facts of each random customer it says
what may be asked for, and holds the plan against it (I12).
"""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from duly.collections.policy import GENTLE
from duly.collections.rules.handing import Now, never
from duly.collections.rules.planning import (
    Asked,
    Debtor,
    Line,
    PlannedStep,
    Protections,
    plan_customer,
    plan_digest,
)
from duly.collections.rules.reasons import Reason

ON = date(2026, 3, 10)
AMOUNT = st.integers(1, 10**9)
LATE = st.integers(1, 400)
ITEMS = st.lists(st.tuples(LATE, AMOUNT), min_size=1, max_size=8)


@st.composite
def facts(draw) -> dict:  # noqa: ANN001
    """A customer's facts: items by number from 1, and what stands against them."""
    late = draw(ITEMS)
    numbers = st.integers(1, len(late))
    return {
        "items": [(ON - timedelta(days=days), n, minor) for n, (days, minor) in enumerate(late, 1)],
        "credits": [
            Line("payment", n, -minor)
            for n, minor in enumerate(draw(st.lists(AMOUNT, max_size=3)), 100)
        ],
        "disputed": draw(st.dictionaries(numbers, AMOUNT, max_size=4)),
        "promised": draw(st.dictionaries(numbers, AMOUNT, max_size=3)),
        "blocked": draw(st.dictionaries(numbers, st.just(Reason("hold", "On hold.")), max_size=2)),
        "asked": draw(
            st.dictionaries(
                numbers,
                st.builds(
                    Asked,
                    st.integers(1, 3),
                    st.integers(1, 90).map(lambda n: ON - timedelta(days=n)),
                    st.integers(1, 6),
                ),
                max_size=4,
            )
        ),
    }


def plan(known: dict) -> list[PlannedStep]:
    return plan_customer(
        debtor=Debtor(1, ("a@b.example",), None, None, None, GENTLE),
        currency="EUR",
        items=known["items"],
        credits=known["credits"],
        asked=known["asked"],
        guards=Protections(known["disputed"], known["promised"], known["blocked"]),
        on=ON,
        quiet=None,
    )


@given(facts())
def test_what_is_asked_for_may_be_asked_for(known: dict) -> None:
    may_ask = {
        n: minor - min(known["disputed"].get(n, 0), minor)
        for _, n, minor in known["items"]
        if n not in known["promised"] and n not in known["blocked"]
    }
    spare = sum(line.minor for line in known["credits"])
    taken = [step for step in plan(known) if step.why is None]
    assert len(taken) <= 1
    for step in taken:
        asked = {line.id: line.minor for line in step.lines if line.minor > 0}
        assert asked == {n: minor for n, minor in may_ask.items() if minor}
        assert step.amount_minor == sum(asked.values()) + spare
        assert step.amount_minor >= Decimal(10000)  # the least that is asked for


@given(facts())
def test_no_cent_overdue_is_passed_over_in_silence(known: dict) -> None:
    """Pain A20: every cent is asked for, or left out with a reason."""
    told: dict[int, int] = {}
    for step in plan(known):
        assert step.why is None or (step.why.code and step.why.text)
        for line in step.lines:
            if line.kind == "item" and line.minor > 0:
                told[line.id] = told.get(line.id, 0) + line.minor
    assert told == {n: minor for _, n, minor in known["items"]}


@given(facts())
def test_planning_is_a_function_of_the_facts(known: dict) -> None:
    assert plan(known) == plan(known)
    backwards = {**known, "items": list(reversed(known["items"]))}
    assert plan_digest(plan(backwards)) == plan_digest(plan(known))


@given(facts(), st.data())
def test_a_message_leaves_only_while_its_facts_hold(known: dict, data) -> None:  # noqa: ANN001
    """What was planned may leave under the same facts; after any payment it may not."""
    for step in plan(known):
        if step.why is not None:
            continue
        there = Now(
            open_minor={n: minor for _, n, minor in known["items"]},
            credits=known["credits"],
            disputed=known["disputed"],
            promised=known["promised"],
            blocked=known["blocked"],
            silence=None,
            recipients=step.recipients,
        )
        assert never(step.lines, step.recipients, there) is None
        line = data.draw(st.sampled_from([one for one in step.lines if one.minor > 0]))
        paid = data.draw(st.integers(1, there.open_minor[line.id]))
        after = {**there.open_minor, line.id: there.open_minor[line.id] - paid}
        assert never(step.lines, step.recipients, there._replace(open_minor=after)) is not None
