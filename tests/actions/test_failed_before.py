"""A message that failed is a person's matter: told as such every day, and cleared by what cures it.

The defect: it was told as planned on every day that followed, and never queued.
"""

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.models import Message, Task
from duly.interfaces.cli import home
from duly.interfaces.jobs.planned import plan_ahead, send_step
from duly.parties.models import Customer
from duly.parties.queries import entity
from shell import duly

NEXT = after(1)


@pytest.fixture
def failed(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """ALDER was written to, and the server refused the message, not the address."""
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "500.00")
    desk.open_for_mail()
    desk.server.fault = lambda address: "refuse"
    desk.day()
    assert desk.work()["failed"] == 1
    desk.server.fault = lambda address: "none"
    desk.bank_is_fresh(NEXT)
    return desk


def test_it_is_told_with_its_reason_and_is_a_persons_matter(failed: CollectionsDesk) -> None:
    for more in (("--dry-run",), (), ()):
        assert failed.outcomes(NEXT, *more) == {"ALDER": ["failed_before"]}
    [step] = duly("why", "ALDER", "--on", NEXT)["steps"]
    assert "failed on 2026-03-10: 554 no" in step["why"]["text"]
    [row] = duly("today", "--on", NEXT)["rows"]
    assert row["next"]["action"] == "call"
    plan = plan_ahead(entity=entity(None), on=NEXT, actor="t", at=home.now())
    assert (plan.counts["to_send"], plan.counts["silent"]) == (0, {"failed_before": 1})
    assert failed.outcomes(TODAY) == {"ALDER": ["friendly"]}, "its own day stays as it was"


def test_it_is_sent_again_by_one_key(failed: CollectionsDesk) -> None:
    row = send_step(
        entity=entity(None), on=NEXT, customer_id=Customer.objects.get(code="ALDER").pk,
        actor="t", at=home.now(),
    )  # fmt: skip
    assert row == Message.objects.get()
    assert not Task.objects.filter(kind="message_failed", done_at=None).exists()
    assert failed.outcomes(NEXT) == {"ALDER": ["already_sent"]}
    assert failed.work(NEXT)["sent"] == 1


@pytest.mark.parametrize("cure", ["cancel", "address"])
def test_taken_off_or_with_another_address_it_is_planned_anew(
    failed: CollectionsDesk, cure: str
) -> None:
    if cure == "cancel":  # the cause was in the text, and is mended
        duly("message", "cancel", duly("messages")["messages"][0]["id"], "--reason", "New text")
        assert not Task.objects.filter(kind="message_failed", done_at=None).exists()
    else:
        failed.take("customer_id,name,email", "ALDER,Alder,new@c.example")
    assert failed.outcomes(NEXT) == {"ALDER": ["friendly"]}
    assert failed.work(NEXT)["sent"] == 1
    assert Message.objects.count() == 2
