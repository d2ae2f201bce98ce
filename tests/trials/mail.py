"""Trials of the outbox: a mail server with faults, workers killed around the hand-over, and a day
planned a thousand times. Run it from `.ci/long`; a small one is part of the suite.

    python tests/trials/mail.py --messages 20000 --kills 200 --seed 1
    python tests/trials/mail.py --storm 1000 --seed 1

Prints one JSON line, and ends with an error where a promise is broken. Workers are forks of this
process, so that one dies as a process does (SIGKILL) and the next is there at once.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from mail_server import MailServer  # noqa: E402

ON = date(2026, 3, 10)
ENTITY = "Northwind"
# What befalls a message, of a hundred; the rest arrives.
FAULTS = {
    "put-off-once": 3,
    "put-off": 1,
    "refuse": 3,
    "refuse-address": 2,
    "cut-before-text-once": 2,
    "silent-before-text-once": 1,
    "cut-after-go-on": 1,
    "cut-in-text": 1,
    "cut-after-text": 2,
    "silent-after-text": 1,
    "answer-twice": 2,
    "slow": 1,
}
CUTS = ("cut-after-go-on", "cut-in-text", "cut-after-text", "silent-after-text")
PATIENCE_SECONDS = 1.0  # of the worker; a silent server stands for one that hangs longer
STAGES = ("MAIL", "RCPT", "DATA", "TEXT", "TAKEN", "ANSWERED")


class FaultyServer(MailServer):
    """The mail server of the tests, with a fault for each address, that kills when it is told."""

    def __init__(self, seed: int, faults: dict[str, int]) -> None:
        self._seed, self._faults = seed, faults
        self.times: Counter[str] = Counter()
        self._aim: tuple[int, str, int] | None = None
        self.kills: Counter[str] = Counter()
        super().__init__(self._fault_now)

    def fault_of(self, address: str) -> str:
        """What befalls messages to an address, by the seed alone."""
        roll = random.Random(f"{self._seed} {address}").randrange(100)
        for name, share in self._faults.items():
            if roll < share:
                return name
            roll -= share
        return "none"

    def _fault_now(self, address: str) -> str:
        name = self.fault_of(address)
        if name == "slow":
            time.sleep(0.05)
            return "none"
        if not name.endswith("-once"):
            return name
        self.times[address] += 1  # asked at RCPT and at DATA of each try
        return name.removesuffix("-once") if self.times[address] <= 2 else "none"

    def aim(self, pid: int, stage: str, count: int) -> None:
        """Kill a process when a stage of the conversation comes the count-th time."""
        self._aim = (pid, stage, count)

    def reached(self, stage: str) -> None:
        """A stage of the conversation is there."""
        if self._aim is None or self._aim[1] != stage:
            return
        pid, _, count = self._aim
        self._aim = (pid, stage, count - 1) if count > 1 else None
        if count <= 1:
            os.kill(pid, signal.SIGKILL)
            self.kills[stage] += 1


def forked(act: Callable[[], object]) -> int:
    """Do something in a process of its own; returns its number."""
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        act()
        connections.close_all()
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(1)


def ended(pid: int, seconds: float = 600.0) -> int:
    """Wait for a process; its exit code, negative where a signal ended it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise AssertionError("a worker hangs")


def fill(count: int) -> None:
    """Customers who owe one overdue invoice each; sending on."""
    command("init", "--entity", ENTITY, "--currency", "EUR", "--country", "DE")
    take(
        "customer_id,name,email,country,currency,timezone",
        [f"C{n:05},Customer {n},c{n:05}@c.example,DE,EUR,Europe/Berlin" for n in range(count)],
    )
    take(
        "kind,number,customer_id,currency,issued_on,due_on,amount",
        [f"invoice,I-{n},C{n:05},EUR,2026-01-20,2026-02-20,500.00" for n in range(count)],
    )
    take("customer_id,name", ["BANK,Bank"])
    fresh_money(ON)
    command("sending", "on", "--confirm", ENTITY)


def fresh_money(on: date) -> None:
    """Money of a day: up to then it is known who has paid."""
    take("payment_id,customer_id,currency,received_on,amount", [f"F-{on},BANK,EUR,{on},0.01"])


def take(header: str, rows: list[str]) -> None:
    """Import rows."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
        file.write("\n".join([header, *rows]) + "\n")
    command("import", file.name)
    Path(file.name).unlink()


def command(*words: str) -> None:
    """Run `duly` in this process."""
    import contextlib
    import io

    from duly.interfaces.cli.main import run

    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = run([*words, "--json"])
    assert code == 0, told.getvalue()


def hand_over_all(messages: int, kills: int, seed: int, faults: dict[str, int]) -> dict[str, Any]:
    """T11 and A4: everything planned is handed over, through faults and kills; returns figures."""
    from duly.collections.models import Message
    from duly.collections.rules.handing import Clock
    from duly.interfaces.exchange.couriers.smtp import Patience
    from duly.interfaces.jobs.day import run_day
    from duly.interfaces.jobs.mailing import send_waiting
    from duly.parties.queries import entity

    dice = random.Random(seed)
    server = FaultyServer(seed, faults)
    os.environ["DULY_SMTP_URL"] = server.url
    fill(messages)
    patience = Patience(PATIENCE_SECONDS, PATIENCE_SECONDS)
    run_day(entity=entity(ENTITY), on=ON, actor="t", at=datetime.now(UTC), is_dry_run=False)
    began, left, on = time.monotonic(), kills, ON

    def send() -> None:
        send_waiting(Clock(datetime.now(UTC), on), patience=patience)

    for server.tls in ("refused", "broken", ""):
        if server.tls:  # an outage: everything stays queued, nothing goes unencrypted
            assert ended(forked(send)) == 0
            assert Message.objects.filter(state="queued").count() == messages
            assert not server.taken
    for _ in range(12):
        while left and Message.objects.filter(state="queued").count() > 2:
            pid = forked(send)
            server.aim(pid, dice.choice(STAGES), dice.randint(1, 5))
            if ended(pid) != 0:
                left -= 1
            elif not _can_go(on):
                break
        assert ended(forked(send), seconds=7_200) == 0
        if not Message.objects.filter(state__in=["queued", "sending"]).exists():
            break
        on += timedelta(days=3 if on.isoweekday() == 5 else 1)
        fresh_money(on)
    server.close()
    figures = _held(server, messages, kills - left)
    figures |= {"seed": seed, "seconds": round(time.monotonic() - began, 1)}
    return figures


def _can_go(on: date) -> bool:
    """Tell whether a message of a day is not put off."""
    from duly.collections.models import Message

    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return Message.objects.filter(state="queued").exclude(not_before__gt=noon).exists()


def _held(server: FaultyServer, planned: int, kills: int) -> dict[str, Any]:
    """What is promised, counted from what the server saw and what the books say."""
    from duly.collections.models import Message, Task

    rows = dict(Message.objects.values_list("message_id", "state"))
    states = Counter(rows.values())
    whole = Counter(
        one.message_id
        for one in server.taken
        if one.is_accepted  # with 250, or without an answer where the line was cut
    )
    cuts = sum(server.fault_of(f"c{n:05}@c.example") in CUTS for n in range(planned))
    twice = [one for one, times in whole.items() if times > 1]
    assert not twice, f"seen twice: {twice[:5]}"
    assert set(states) <= {"sent", "failed", "unknown"}, states
    assert sum(states.values()) == planned, states
    assert all(whole[one] == 1 for one, state in rows.items() if state == "sent")
    assert all(rows[one] in ("sent", "unknown") for one in whole)
    assert states["unknown"] <= cuts + kills, (states, cuts, kills)
    tasks = Counter(Task.objects.values_list("kind", flat=True))
    assert tasks["message_unknown"] == states["unknown"], tasks
    assert tasks["message_failed"] == states["failed"], tasks
    return {
        "planned": planned,
        **{name: states[name] for name in ("sent", "failed", "unknown")},
        "seen_twice": 0,
        "cuts": cuts,
        "kills": kills,
        "kills_at": dict(sorted(server.kills.items())),
    }


def storm(runs: int, customers: int, seed: int) -> dict[str, Any]:
    """T12: a day planned again and again beside two workers, all of them killed now and then."""
    from django.db import connections

    from duly.collections.models import Message
    from duly.collections.rules.handing import Clock
    from duly.interfaces.jobs.day import run_day
    from duly.interfaces.jobs.mailing import send_waiting
    from duly.parties.queries import entity

    dice = random.Random(seed)
    server = FaultyServer(seed, {})
    os.environ["DULY_SMTP_URL"] = server.url
    fill(customers)
    began = time.monotonic()
    first = datetime(ON.year, ON.month, ON.day, tzinfo=UTC)

    def plan(start: int, count: int) -> None:
        for n in range(start, start + count):
            at = first + n * timedelta(days=1) / runs
            run_day(entity=entity(ENTITY), on=ON, actor="t", at=at, is_dry_run=False)

    def send(start: int, count: int) -> None:
        for n in range(start, start + count, 5):
            send_waiting(Clock(first + n * timedelta(days=1) / runs))

    at_once, restarts, done = min(50, runs // 2), 0, 0
    while done < runs:
        acts = [plan, send, send]
        pids = [forked(lambda act=act, at=done: act(at, at_once)) for act in acts]
        doomed = dice.choice(pids) if dice.random() < 0.5 else None
        if doomed is not None:
            time.sleep(dice.random() * 0.5)
            os.kill(doomed, signal.SIGKILL)
            restarts += 1
        codes = [ended(pid) for pid in pids]
        assert all(code in (0, -signal.SIGKILL) for code in codes), codes
        if doomed is pids[0]:
            plan(done, at_once)  # what the dead planner did not come to
            connections.close_all()
        done += at_once
    send_waiting(Clock(first + timedelta(hours=12)))
    server.close()
    states = Counter(Message.objects.values_list("state", flat=True))
    whole = Counter(one.message_id for one in server.taken)
    assert max(whole.values()) == 1, "a step was sent twice"
    assert states["sent"] + states["unknown"] == customers, states
    assert states["unknown"] <= restarts
    assert Message.objects.values("customer_id").distinct().count() == customers
    return {
        "runs": runs,
        "due_steps": customers,
        "messages": sum(states.values()),
        **{name: states[name] for name in ("sent", "unknown")},
        "seen_twice": 0,
        "restarts": restarts,
        "seed": seed,
        "seconds": round(time.monotonic() - began, 1),
    }


def main() -> None:
    """Run a trial in an installation that is thrown away, or on the database that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--storm", type=int, default=0, metavar="RUNS")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"DULY_HOME": home, "DJANGO_SETTINGS_MODULE": "duly.settings"}
        import django

        django.setup()
        if given.storm:
            told = storm(given.storm, 40, given.seed)
        else:
            told = hand_over_all(given.messages, given.kills, given.seed, FAULTS)
        database = "postgresql" if "DULY_DATABASE_URL" in os.environ else "sqlite"
        trial = "storm" if given.storm else "hand-over"
        print(json.dumps({"trial": trial, "database": database, **told}))


if __name__ == "__main__":
    main()
