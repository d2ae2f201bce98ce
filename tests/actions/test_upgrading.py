"""Pain A3: an upgrade with reminders waiting mails each of them once."""
# ruff: noqa: F811 - the book comes from the tests of the outbox

from collections import Counter

from django.core.management import call_command
from tests.actions.test_outbox import NOON, at_once, busy

from collecting import ENTITY, TODAY, CollectionsDesk
from duly.collections.models import Message
from duly.interfaces.cli import home
from duly.interfaces.jobs.day import run_day
from duly.interfaces.jobs.mailing import send_waiting
from duly.parties.queries import entity

__all__ = ["busy"]

BEFORE = "0005_the_desk"  # the tables of collections as an earlier version has them


def test_a3_reminders_that_wait_through_an_upgrade_go_once(busy: CollectionsDesk) -> None:
    """Queued, the tables brought to this version, and two planners and two workers at once."""

    def plan() -> None:
        run_day(entity=entity(ENTITY), on=TODAY, actor="t", at=home.now(), is_dry_run=False)

    def send() -> None:
        send_waiting(NOON)

    plan()
    waiting = set(Message.objects.values_list("key", flat=True))
    call_command("migrate", "collections", BEFORE, verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False)
    at_once([send, send, plan, plan])
    send()
    assert len(waiting) == 40
    assert set(Message.objects.values_list("key", flat=True)) == waiting
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 40}
    assert len({one.message_id for one in busy.server.taken}) == len(busy.server.taken) == 40
