"""What customers answered by mail, on their timeline: whose it is, and text that does nothing."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.interfaces.web.chasing import chased
from tests.interfaces.web.shown import text
from tests.interfaces.web.workdays import working_moment

from duly.collections.actions import Place, take_in_mail
from duly.collections.models import Message
from duly.interfaces.exchange.couriers.arrivals import read_mail
from duly.interfaces.jobs.day import run_day
from duly.parties.models import Customer, Entity
from incoming_mails import bounce, reply

__all__ = ["chased"]

EARLIER = re.compile(r'class="earlier"><a class="btn" href="[^"]*before=([\d.%-]+)')
NOW = working_moment()


def come_in(entity: Entity, *mails: bytes, at: datetime = NOW, first: int = 1) -> None:
    take_in_mail(
        arrived=[
            (Place("box", 1, first + place), read_mail(mail)) for place, mail in enumerate(mails)
        ],
        only_entity_id=entity.pk,
        on=at.date(),
        at=at,
    )


def answer(*arguments: str, **more: str) -> bytes:
    return reply(*arguments, **more).as_bytes()


def timeline(client: Client, more: str = "") -> str:
    customer = Customer.objects.get(code="C1")
    response = client.get(f"/customers/{customer.pk}/{more}")
    assert response.status_code == 200
    return response.content.decode().partition('id="what-happened"')[2]


@pytest.fixture
def asked(chased: Entity) -> Message:
    """The reminder that C1 got."""
    run_day(entity=chased, on=NOW.date(), actor="test", at=NOW, is_dry_run=False)
    return Message.objects.get(customer_id=Customer.objects.get(code="C1").pk)


def test_an_answer_stands_on_the_timeline_and_leads_to_our_message(
    chased: Entity, asked: Message, open_as
) -> None:
    come_in(
        chased,
        answer(
            asked.message_id,
            sender="Ann <ann@elsewhere.example>",
            subject="Re: <script>alert(1)</script> \u202egnp.exe",
            text="<img src=x onerror=alert(1)>\nPaid on Friday.",
        ),
    )
    viewer = open_as("viewer")
    page = timeline(viewer)
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert f'<a href="/outbox/{asked.pk}/">our message</a>' in page
    told = text(page)
    assert "Ann answered our message" in told
    assert "from ann@elsewhere.example" in told
    assert "Paid on Friday." in told
    whole = viewer.get(f"/customers/{asked.customer_id}/").content.decode()
    assert "\u202e" not in whole  # nor in the task that the answer raised
    assert "Ann answered" in text(timeline(viewer, "?show=said"))
    assert "Ann answered" not in text(timeline(viewer, "?show=money"))


def test_mail_that_came_back_stands_there_too(chased: Entity, asked: Message, open_as) -> None:
    come_in(chased, bounce(asked.message_id, "ap@meridian.example"))
    assert "ap@meridian.example did not get our mail our message" in text(
        timeline(open_as("viewer"))
    )


def test_many_answers_are_read_a_page_at_a_time_by_one_query(
    chased: Entity, asked: Message, open_as
) -> None:
    viewer = open_as("viewer")
    timeline(viewer)

    def asks() -> int:
        with CaptureQueriesContext(connection) as found:
            timeline(viewer, "?show=said")
        return len(found)

    come_in(chased, answer(asked.message_id, mail_id="<0@x>"), at=NOW - timedelta(days=2))
    before = asks()
    for n in range(1, 4):
        come_in(
            chased,
            *(
                answer(asked.message_id, subject=f"Answer {n * 20 + k}.", mail_id=f"<{n}-{k}@x>")
                for k in range(20)
            ),
            at=NOW - timedelta(hours=30 - n),
            first=n * 20,
        )
    assert asks() == before
    seen, more = [], "?show=said"
    for _ in range(4):
        page = timeline(viewer, more)
        seen += [n for n in range(20, 80) if f"Answer {n}." in page]
        earlier = EARLIER.search(page)
        if earlier is None:
            break
        more = f"?show=said&before={earlier[1]}"
    assert sorted(seen) == list(range(20, 80))
    for odd in ("9999-12-31.18.5", "0001-01-01.18.5", "9999-12-31.19.5"):
        timeline(viewer, f"?show=said&before={odd}")
