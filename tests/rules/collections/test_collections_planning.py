"""What is said to a customer on a day, and every part left out with its reason: tables of cases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from duly.collections.policy import GENTLE, DunningPolicy, Step
from duly.collections.rules.planning import (
    Asked,
    Debtor,
    Line,
    PlannedStep,
    Protections,
    one_message_a_day,
    plan_before_due,
    plan_customer,
    plan_digest,
)
from duly.collections.rules.reasons import DO_NOT_CHASE, NO_ADDRESS, Reason

ON = date(2026, 3, 10)
TO = ("ap@meridian.example",)


def debtor(**more) -> Debtor:
    told = {
        "customer_id": 7,
        "recipients": TO,
        "no_recipient": None,
        "silence": None,
        "last_message_on": None,
        "policy": GENTLE,
    }
    return Debtor(**told | more)


def plan(
    *late: tuple[int, int],
    credits=(),
    asked=None,
    guards: Protections | None = None,
    quiet: Reason | None = None,
    currency: str = "EUR",
    **more,
) -> list[PlannedStep]:
    """The plan for items given as (days late, minor units), numbered 1, 2, ..."""
    items = [(ON - timedelta(days=days), n, minor) for n, (days, minor) in enumerate(late, 1)]
    return plan_customer(
        debtor=debtor(**more),
        currency=currency,
        items=items,
        credits=[Line("payment", n, minor) for n, minor in credits],
        asked=asked or {},
        guards=guards or Protections(),
        on=ON,
        quiet=quiet,
    )


def told(steps: list[PlannedStep]) -> dict[str, tuple[int, tuple[int, ...]]]:
    """{step's code, or the reason of a silence: (sum, items)}."""
    return {
        step.why.code if step.why else step.step: (
            step.amount_minor,
            tuple(line.id for line in step.lines),
        )
        for step in steps
    }


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ([(10, 10000)], {"friendly": (10000, (1,))}),
        ([(9, 10000)], {"not_due": (10000, (1,))}),
        ([(10, 9999)], {"below_minimum": (9999, (1,))}),
        ([(10, 5000), (12, 5000)], {"friendly": (10000, (1, 2))}),
        ([(10, 5000), (9, 5000)], {"below_minimum": (10000, (1, 2))}),  # only the late one counts
        ([(10, 10000), (1, 5000)], {"friendly": (15000, (1, 2))}),  # all in one (pain A17)
        ([(400, 10000)], {"friendly": (10000, (1,))}),  # an old book begins gently (pain A19)
    ],
)
def test_the_first_step_is_due_ten_days_after_the_due_date(late, expected) -> None:
    assert told(plan(*late)) == expected


def test_credits_and_cash_are_taken_off_and_shown() -> None:
    [step] = plan((20, 50000), credits=[(9, -12345)])
    assert step.why is None
    assert step.amount_minor == 37655
    assert [(line.kind, line.minor) for line in step.lines] == [
        ("item", 50000),
        ("payment", -12345),
    ]
    [step] = plan((20, 50000), credits=[(9, -50000)])
    assert step.why.code == "covered"


def test_what_is_protected_is_left_out_and_the_rest_asked_for() -> None:
    guards = Protections(
        disputed={1: 4000, 2: 99999},
        promised={3: 10000},
        blocked={4: Reason("snooze", "Snoozed until 2026-03-20: holiday")},
    )
    steps = plan((20, 50000), (20, 20000), (20, 10000), (20, 30000), (20, 700), guards=guards)
    assert told(steps) == {
        "disputed": (4000 + 20000, (1, 2)),
        "promised": (10000, (3,)),
        "snooze": (30000, (4,)),
        "friendly": (46000 + 700, (1, 5)),
    }


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"silence": DO_NOT_CHASE}, "do_not_chase"),
        ({"no_recipient": NO_ADDRESS, "recipients": ()}, "no_address"),
        ({"last_message_on": ON - timedelta(days=6)}, "capped"),
        ({"last_message_on": ON + timedelta(days=6)}, "capped"),
        ({"quiet": Reason("bank_data_old", "Old.")}, "bank_data_old"),
        ({"policy": DunningPolicy("silent", ())}, "silent_policy"),
    ],
)
def test_reasons_of_the_customer_and_the_day(more, code: str) -> None:
    [step] = plan((20, 50000), **more)
    assert step.why.code == code
    assert step.why.text.endswith((".", "!")) or step.why.text
    [step] = plan((20, 50000), last_message_on=ON - timedelta(days=7))
    assert step.why is None


@pytest.mark.parametrize(
    ("late", "level", "days_ago", "expected"),
    [
        (24, 1, 14, "reminder"),
        (24, 1, 13, "already_sent"),  # the wait since the first is not over
        (23, 1, 20, "already_sent"),  # not late enough for the second
        (60, 2, 14, "call"),
        (60, 3, 14, "steps_done"),
        (60, 1, 14, "reminder"),  # never more than one step at a time
    ],
)
def test_an_item_goes_from_step_to_step(late, level, days_ago, expected) -> None:
    asked = {1: Asked(level, ON - timedelta(days=days_ago), level)}
    [step] = plan((late, 50000), asked=asked)
    assert (step.why.code if step.why else step.step) == expected


def test_a_young_item_beside_an_old_one_advances_by_one_step_only() -> None:
    """Whatever is listed was asked for, yet a new item is not at the reminder's level by it."""
    asked = {1: Asked(1, ON - timedelta(days=20), 1)}
    [step] = plan((40, 50000), (12, 20000), asked=asked)
    assert step.step == "reminder"
    assert [(line.id, line.level) for line in step.lines] == [(1, 2), (2, 1)]


def test_part_payment_leaves_the_item_in_the_run() -> None:
    """Pain A14: what is left of an item is asked for, at the step it is at."""
    asked = {1: Asked(1, ON - timedelta(days=20), 1)}
    [step] = plan((40, 12300), asked=asked)
    assert (step.step, step.amount_minor) == ("reminder", 12300)


def test_an_item_is_named_only_so_often() -> None:
    """Pain A23: whatever the policy's steps, an item is in a few messages at most."""
    often = DunningPolicy("often", tuple(Step(f"s{n}", n, 1) for n in range(1, 20)), gap_days=1)
    asked = {1: Asked(6, ON - timedelta(days=3), 6)}
    [step] = plan((100, 50000), asked=asked, policy=often)
    assert step.why.code == "steps_done"


def test_an_old_book_enters_a_new_policy_where_it_says() -> None:
    firm = DunningPolicy(
        "firm",
        (Step("one", 3), Step("two", 20), Step("final", 40, is_final=True)),
        entry_step=2,
        valid_from=ON.isoformat(),
    )
    [step] = plan((90, 50000), policy=firm)
    assert step.step == "two"  # and never the final notice
    younger = DunningPolicy("firm", firm.steps, entry_step=2, valid_from="2025-01-01")
    [step] = plan((90, 50000), policy=younger)
    assert step.step == "one"


@pytest.mark.parametrize(
    ("currency", "minor", "is_asked"),
    [("JPY", 100, True), ("JPY", 99, False), ("KWD", 100000, True), ("KWD", 99999, False)],
)
def test_the_minimum_is_in_units_of_the_currency(currency, minor, is_asked) -> None:
    [step] = plan((20, minor), currency=currency)
    assert (step.why is None) == is_asked


def test_a_key_is_of_customer_recipients_step_and_items_and_not_of_amounts() -> None:
    [first] = plan((20, 50000))
    [paid_in_part] = plan((20, 40000))
    [elsewhere] = plan((20, 50000), recipients=("other@meridian.example",))
    [more] = plan((20, 50000), (11, 10))
    assert first.key == paid_in_part.key
    assert len({first.key, elsewhere.key, more.key}) == 3
    assert plan_digest([first]) != plan_digest([paid_in_part])
    quiet = plan((20, 50000), quiet=Reason("quiet_day", "Sunday."))
    assert plan_digest(quiet) == plan_digest([first])  # keys, items, amounts: not outcomes


def test_one_email_a_day_over_currencies() -> None:
    both = plan((20, 50000), (20, 50000)) + plan((20, 50000), currency="USD")
    told_of = {step.currency: step.why for step in one_message_a_day(both)}
    assert told_of["EUR"] is None
    assert told_of["USD"].code == "one_a_day"


def test_the_gentle_policy_is_gentle() -> None:
    first, *later = GENTLE.steps
    assert (first.days, first.minimum) == (10, Decimal(100))
    assert all(step.wait_days >= 14 for step in later)
    assert not any(step.is_final for step in GENTLE.steps)


@pytest.mark.parametrize("late", [20, 30])
def test_nothing_follows_and_nothing_is_claimed_of_a_message_that_is_undecided(late: int) -> None:
    asked = {1: Asked(1, ON - timedelta(days=10 if late == 20 else 20), 1)}
    [step] = plan((late, 50000), asked=asked, is_undecided=True)
    assert step.why is not None
    assert step.why.code == "undecided"
    [step] = plan((3, 50000), is_undecided=True)
    assert step.why is not None
    assert step.why.code == "not_due"  # of an item that no message named


EARLY = DunningPolicy(
    "early", (Step("note", -5, 0, "email", "before_due"), Step("friendly", 10, 7))
)


def ahead(*due_in: int, asked=None, guards: Protections | None = None) -> list[PlannedStep]:
    return plan_before_due(
        debtor=debtor(policy=EARLY),
        currency="EUR",
        items=[(ON + timedelta(days=days), n, 50000) for n, days in enumerate(due_in, 1)],
        credits=(),
        asked=asked or {},
        guards=guards or Protections(),
        on=ON,
        quiet=None,
    )


def test_a_step_before_the_due_date_names_what_its_day_has_come_for() -> None:
    """The defect: it did nothing before the due date and was taken after it."""
    [step] = ahead(0, 5, 6)
    assert (step.step, step.why, step.is_before_due) == ("note", None, True)
    assert [(line.id, line.level) for line in step.lines] == [(1, 1), (2, 1)]
    assert ahead(6, 30) == []
    assert ahead(3, asked={1: Asked(1, ON - timedelta(days=2), 1)}) == []


def test_what_is_promised_or_disputed_is_not_announced() -> None:
    guards = Protections(promised={1: 50000}, disputed={2: 20000})
    assert told(ahead(3, 4, guards=guards)) == {
        "promised": (50000, (1,)),
        "disputed": (20000, (2,)),
        "note": (30000, (2,)),
    }


def test_a_step_before_the_due_date_is_over_once_it_has_passed() -> None:
    assert told(plan((1, 50000), policy=EARLY)) == {"not_due": (50000, (1,))}
    [step] = plan((10, 50000), policy=EARLY)
    assert (step.step, step.lines[0].level) == ("friendly", 2)
    only_early = DunningPolicy("only", EARLY.steps[:1])
    assert told(plan((1, 50000), policy=only_early)) == {"steps_done": (50000, (1,))}


def test_what_is_overdue_goes_before_what_falls_due() -> None:
    late = plan((10, 50000), policy=EARLY)
    both = one_message_a_day([*late, *ahead(1, 2)])
    assert [step.why.code if step.why else step.step for step in both] == ["friendly", "one_a_day"]
