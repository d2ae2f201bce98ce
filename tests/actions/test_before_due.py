"""A step before the due date: taken between its day and the due date, and never after.

The defect: nothing was done before the due date, and the step was taken late instead.
"""

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.models import Message, WorklistRow
from duly.interfaces.cli import home
from duly.interfaces.jobs.planned import plan_ahead
from duly.parties.queries import entity
from shell import duly, write

EARLY = """name = "early"
[[steps]]
code = "note"
days = -5
template = "before_due"
[[steps]]
code = "friendly"
days = 10
template = "friendly"
"""


@pytest.fixture
def early(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """ALDER owes what falls due in four days and in forty; BIRCH what was due yesterday."""
    for code in ("ALDER", "BIRCH"):
        desk.customer(code)
    desk.invoice("I-1", "ALDER", "500.00", late=-4)
    desk.invoice("I-2", "ALDER", "900.00", late=-40)
    desk.invoice("I-3", "BIRCH", "700.00", late=1)
    duly("policy", "set", write(desk.folder, "early.toml", EARLY), "--from", TODAY)
    duly("policy", "choose", "early", "--on", TODAY)
    desk.open_for_mail()
    return desk


def test_what_falls_due_is_announced_once(early: CollectionsDesk) -> None:
    [step] = duly("why", "ALDER", "--on", TODAY)["steps"]
    assert (step["step"], step["outcome"]) == ("note", "planned")
    assert early.outcomes() == {"ALDER": ["note"], "BIRCH": ["not_due"]}
    assert early.outcomes() == {"ALDER": ["note"], "BIRCH": ["not_due"]}, "a day is one day"
    row = Message.objects.get()
    assert "due soon" in row.subject
    assert "falls due on the days named, first on 14 March 2026" in row.body
    assert "overdue" not in row.subject + row.body
    assert early.work()["sent"] == 1
    early.bank_is_fresh(after(2))
    assert early.outcomes(after(2)) == {"BIRCH": ["not_due"]}
    early.bank_is_fresh(after(6))
    assert early.outcomes(after(6))["ALDER"] == ["already_sent"]


def test_the_worklist_counts_only_what_is_overdue(early: CollectionsDesk) -> None:
    assert [row["customer"] for row in duly("today", "--on", TODAY)["rows"]] == ["BIRCH"]
    plan = plan_ahead(entity=entity(None), on=TODAY, actor="t", at=home.now())
    assert plan.counts["to_send"] == 1
    rows = WorklistRow.objects.filter(plan=plan).values_list("overdue_minor", "asked_minor")
    assert sorted(rows) == [(0, 50000), (70000, 70000)]


def test_it_does_not_leave_once_the_day_has_passed(early: CollectionsDesk) -> None:
    early.day()
    early.bank_is_fresh(after(6))
    assert early.work(after(6))["cancelled"] == 1
    assert early.reasons() == {"ALDER": "fell_due"}


def test_a_policy_without_such_a_step_tells_nothing_of_it(early: CollectionsDesk) -> None:
    duly("policy", "choose", "gentle", "--on", TODAY)
    assert early.outcomes() == {"BIRCH": ["not_due"]}
