"""The outbox: unique keys, claims, two workers, two planners, and money that comes in between."""

import re
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from collecting import ENTITY, TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.actions import (
    Answer,
    Judged,
    claim_message,
    judge_messages,
    mark_orphans,
)
from duly.collections.models import Message
from duly.collections.queries.marks import marks_of
from duly.collections.rules.handing import Clock
from duly.interfaces.cli import home
from duly.interfaces.exchange.couriers.smtp import Courier
from duly.interfaces.jobs.day import run_day
from duly.interfaces.jobs.mailing import Resting, send_waiting
from duly.parties.queries import entity
from mail_server import MailServer
from shell import duly

NOON = Clock(home.now(), TODAY)


def open_book(desk: CollectionsDesk, customers: int) -> None:  # noqa: F811
    """Customers who owe one invoice each, sending on."""
    rows = [f"C{n:03},Customer {n},c{n:03}@c.example,DE,EUR" for n in range(customers)]
    desk.take("customer_id,name,email,country,currency", *rows)
    rows = [f"invoice,I-{n},C{n:03},EUR,2026-01-20,2026-02-20,500.00" for n in range(customers)]
    desk.take("kind,number,customer_id,currency,issued_on,due_on,amount", *rows)
    desk.open_for_mail()


def test_a_key_is_in_the_outbox_once(desk: CollectionsDesk) -> None:  # noqa: F811
    """I11: held by the database, whatever the code above it does."""
    open_book(desk, 1)
    desk.day()
    row = Message.objects.get()
    row.pk, row.planned_on = None, after(9)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.key = "another"
    row.planned_on = TODAY
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()  # one e-mail a customer and day


def test_a_message_is_claimed_once(desk: CollectionsDesk) -> None:  # noqa: F811
    open_book(desk, 1)
    desk.day()
    pk = Message.objects.get().pk
    [judged] = judged_now(pk)
    assert claim_message(judged=judged, clock=NOON)
    assert not claim_message(judged=judged, clock=NOON)
    assert judged_now(pk, pk + 99) == []


def judged_now(*message_ids: int) -> list[Judged]:
    return judge_messages(entity=entity(ENTITY), message_ids=message_ids, clock=NOON).may_go


ACTS = [
    ("promise", "add", "C000", "--amount", "5.00", "--currency", "EUR", "--due", str(after(7))),
    ("dispute", "add", "I-0", "--customer", "C000", "--amount", "1.00", "--reason", "price"),
    ("block", "add", "C000", "--kind", "legal", "--reason", "Insolvent"),
    ("block", "add", "C000", "--item", "I-0", "--reason", "Asked to"),
    ("void", "I-0", "--customer", "C000"),
    ("policy", "choose", "silent", "--customer", "C000"),
]


@pytest.mark.parametrize("act", [*ACTS, "payment", "address", "contact", "stop"])
def test_what_was_judged_counts_while_nothing_changes(
    desk: CollectionsDesk,  # noqa: F811
    act: tuple[str, ...] | str,
) -> None:
    """I12: whatever comes between the judgement of many and the claim of one undoes the claim."""
    open_book(desk, 2)
    desk.day()
    mine, other = judged_now(*Message.objects.order_by("pk").values_list("pk", flat=True))
    if act == "payment":
        desk.payment("P-1", "C000", "1.00")
    elif act == "address":
        desk.take("customer_id,name,email", "C000,Customer 0,new@c.example")
    elif act == "contact":
        desk.take("customer_id,name,role,email", "C000,Ann,accounts_payable,ann@c.example")
    elif act == "stop":
        duly("sending", "stop")
    else:
        duly(*act, "--on", TODAY)
    assert not claim_message(judged=mine, clock=NOON)
    is_of_all = isinstance(act, str) or act[0] in ("void", "policy")
    assert claim_message(judged=other, clock=NOON) is not is_of_all
    assert desk.work()["sent"] == (0 if act == "stop" else int(is_of_all) + is_sent_after(act))


def is_sent_after(act: tuple[str, ...] | str) -> int:
    """Whether the customer's message may leave all the same, judged again."""
    return int(act[0] == "policy")


def test_a_promise_that_is_taken_off_counts_as_a_change(desk: CollectionsDesk) -> None:  # noqa: F811
    open_book(desk, 1)
    desk.day()
    made = duly(*ACTS[0], "--on", TODAY)["promises"][0]["id"]
    block = duly(*ACTS[3], "--on", TODAY)
    before = judge_marks()
    duly("promise", "cancel", made)
    between = judge_marks()
    duly("block", "end", block["blocks"][0]["id"])
    assert len({before, between, judge_marks()}) == 3


def judge_marks() -> object:
    customer = Message.objects.get().customer_id
    return marks_of(entity_id=entity(ENTITY).pk, customer_ids=[customer])[customer]


def test_a_message_costs_few_statements(desk: CollectionsDesk) -> None:  # noqa: F811
    """Twenty-five each, once; now three, and some dozens for all of them together."""
    open_book(desk, 30)
    desk.day()
    with CaptureQueriesContext(connection) as asked:
        assert send_waiting(NOON).counts["sent"] == 30
    real = [one for one in asked if not re.match("BEGIN|COMMIT|SAVEPOINT|RELEASE", one["sql"])]
    assert len(real) <= 70 + 30 * 4


def test_writing_while_mail_leaves_stops_nothing(
    desk: CollectionsDesk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody books between any two messages: each is judged again, and all leave once."""
    open_book(desk, 6)
    desk.day()
    count = iter(range(100))

    def book(address: str) -> str:
        desk.payment(f"X-{next(count)}", "BANK", "0.01")
        return "none"

    desk.server.fault = lambda address: "none"
    handed: list[str] = []
    real = Courier.hand_over

    def hand_over(self: Courier, *given: object) -> Answer:
        book("")
        handed.append("x")
        return real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Courier, "hand_over", hand_over)
    assert desk.work()["sent"] == 6
    assert len({one.message_id for one in desk.server.taken}) == len(handed) == 6


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (("promise", "add", "C000", "--amount", "500.00", "--currency", "EUR",
          "--due", str(after(7))), "promised"),
        (("dispute", "add", "I-0", "--customer", "C000", "--amount", "1.00",
          "--reason", "price"), "disputed"),
        (("dispute", "add", "I-0", "--customer", "C000", "--amount", "500.00",
          "--reason", "price"), "disputed"),
        (("block", "add", "C000", "--kind", "legal", "--reason", "Insolvent"), "legal"),
        (("block", "add", "C000", "--item", "I-0", "--reason", "Asked to"), "hold"),
        (("void", "I-0", "--customer", "C000"), "paid"),
    ],
)  # fmt: skip
def test_what_happens_after_planning_is_seen_before_sending(
    desk: CollectionsDesk,  # noqa: F811
    act: tuple[str, ...],
    code: str,
) -> None:
    """I12. A stay stops what is queued before the worker looks."""
    open_book(desk, 2)
    desk.day()
    duly(*act, "--on", TODAY)
    found = 0 if code == "legal" else 1
    assert desk.work() == {"sent": 1, "unknown": 0, "failed": 0, "cancelled": found}
    assert desk.reasons() == {"C000": code}
    assert [one.to for one in desk.server.taken] == [("c001@c.example",)]


def test_a_master_data_change_cancels_what_was_planned(desk: CollectionsDesk) -> None:  # noqa: F811
    open_book(desk, 3)
    desk.day()
    desk.take(
        "customer_id,name,email,do_not_chase",
        "C000,Customer 0,new@c.example,",
        "C001,Customer 1,c001@c.example,yes",
    )
    assert desk.work()["cancelled"] == 2
    assert desk.reasons() == {"C000": "changed", "C001": "do_not_chase"}


def test_a_cancelled_step_comes_again_on_a_later_day(desk: CollectionsDesk) -> None:  # noqa: F811
    open_book(desk, 1)
    desk.day()
    desk.payment("P-1", "C000", "500.00")
    assert desk.work()["cancelled"] == 1
    assert [s["outcome"] for s in desk.day()["steps"]] == ["queued"]  # the day as it was
    duly("apply", "P-1", "I-0=500.00", "--on", TODAY)
    duly("unapply", "P-1", "--on", after(1))
    desk.invoice("I-9", "C000", "900.00")
    desk.bank_is_fresh(after(1))
    [step] = desk.day(after(1))["steps"]
    assert (step["outcome"], step["amount"]) == ("queued", "900.00")


def test_the_second_step_comes_after_the_first_and_says_so(desk: CollectionsDesk) -> None:  # noqa: F811
    open_book(desk, 1)
    desk.day()
    desk.work()
    desk.bank_is_fresh(after(7))
    [step] = desk.day(after(7))["steps"]
    assert step["why"]["code"] == "already_sent"
    assert "next: step 2 (reminder) on 2026-03-24" in step["why"]["text"]
    desk.bank_is_fresh(after(14))
    [step] = desk.day(after(14))["steps"]
    assert (step["step"], step["outcome"]) == ("reminder", "queued")
    assert desk.work(after(14))["sent"] == 1
    assert "10 March 2026" in desk.server.taken[1].text
    desk.bank_is_fresh(after(28))
    [step] = desk.day(after(28))["steps"]
    assert (step["channel"], step["outcome"], step["to"]) == ("call", "queued", [])
    assert [task["kind"] for task in duly("task", "list")["tasks"]] == ["call"]
    desk.bank_is_fresh(after(60))
    assert desk.outcomes(after(60)) == {"C000": ["steps_done"]}


def test_days_out_of_order_repeat_nothing(desk: CollectionsDesk) -> None:  # noqa: F811
    open_book(desk, 2)
    desk.bank_is_fresh(after(3))
    for on in (after(3), TODAY, after(1), after(3), after(2)):
        desk.day(on)
        desk.work(on)
    assert Counter(one.to for one in desk.server.taken) == {
        ("c000@c.example",): 1,
        ("c001@c.example",): 1,
    }


def test_putting_off_ends(desk: CollectionsDesk) -> None:  # noqa: F811
    open_book(desk, 1)
    desk.server.fault = lambda address: "put-off"
    desk.day()
    on = TODAY
    for days in (0, 0, 1, 2, 3, 6, 7, 8, 9):
        on = after(days)
        desk.bank_is_fresh(on)
        desk.work(on)
    assert desk.states() == {"C000": "failed"}
    assert len(desk.server.taken) == 6
    [task] = duly("task", "list")["tasks"]
    assert "451" in task["text"]


def test_a_message_that_can_t_go_rests(desk: CollectionsDesk) -> None:  # noqa: F811
    """The worker beside the web app looks every two seconds; not at everything, every time."""
    open_book(desk, 2)
    desk.day()
    duly("sending", "test", "--allow", "c000@c.example")
    resting = Resting()
    assert send_waiting(NOON, resting=resting).counts["sent"] == 1
    duly("sending", "on", "--confirm", ENTITY)
    assert send_waiting(NOON, resting=resting).counts["sent"] == 0
    assert send_waiting(NOON, resting=Resting()).counts["sent"] == 1


@pytest.fixture
def busy(fresh_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CollectionsDesk:
    """A book of forty on a database of its own, for threads."""
    server = MailServer()
    monkeypatch.setenv("DULY_SMTP_URL", server.url)
    desk = CollectionsDesk(tmp_path, server)  # noqa: F811
    open_book(desk, 40)
    return desk


def at_once(acts: list) -> list:
    """Run acts in threads, all together; return what they gave."""
    barrier, given = threading.Barrier(len(acts)), []

    def run(act) -> None:  # noqa: ANN001
        try:
            barrier.wait()
            given.append(act())
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_planners_and_workers_at_once_send_each_message_once(busy: CollectionsDesk) -> None:
    """T12 in small: three planners and two workers, again and again."""

    def plan() -> str:
        return run_day(
            entity=entity(ENTITY), on=TODAY, actor="t", at=home.now(), is_dry_run=False
        ).digest

    def send() -> None:
        send_waiting(NOON)

    for _ in range(3):
        told = at_once([plan, plan, plan, send, send])
        assert len(told) == 5
    send()
    assert Message.objects.count() == 40
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 40}
    assert len({one.message_id for one in busy.server.taken}) == len(busy.server.taken) == 40


def test_paid_while_it_is_claimed_is_seen_or_came_later(busy: CollectionsDesk) -> None:
    """Send and pay at once: a payment that was committed before the claim is never chased."""
    run_day(entity=entity(ENTITY), on=TODAY, actor="t", at=home.now(), is_dry_run=False)
    rows = [f"P-{n},C{n:03},EUR,{TODAY},500.00" for n in range(40)]

    def pay() -> None:
        busy.take("payment_id,customer_id,currency,received_on,amount", *rows)

    at_once([pay, lambda: send_waiting(NOON)])
    states = Counter(Message.objects.values_list("state", flat=True))
    assert states["sent"] + states["cancelled"] == 40
    assert len(busy.server.taken) == states["sent"]
    cancelled = Message.objects.filter(state="cancelled").values_list("why_code", flat=True)
    assert set(cancelled) <= {"covered"}


def test_a_message_that_is_lost_again_is_a_task_again(desk: CollectionsDesk) -> None:  # noqa: F811
    """A person sent it again; the answer of that try is lost too."""
    open_book(desk, 1)
    desk.day()
    pk = Message.objects.get().pk
    for tries in (1, 2):
        [judged] = judged_now(pk)
        assert claim_message(judged=judged, clock=NOON)
        assert mark_orphans(clock=NOON) == 1
        assert [task["kind"] for task in duly("task", "list")["tasks"]] == ["message_unknown"]
        assert duly("message", "again", pk)["state"] == "queued"
        assert duly("task", "list")["tasks"] == []
        assert Message.objects.get().attempts == tries
    [judged] = judged_now(pk)
    assert claim_message(judged=judged, clock=NOON)
    mark_orphans(clock=NOON)
    assert duly("message", "arrived", pk)["state"] == "sent"
    assert duly("message", "again", pk, code=3)["code"] == "MESSAGE_GONE"
