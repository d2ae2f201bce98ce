"""The part of the worker that hands messages to the mail server, one after the other."""

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import DatabaseError, close_old_connections, connections

from duly.collections.actions import (
    Answer,
    Judged,
    claim_message,
    judge_messages,
    mark_orphans,
    settle_message,
)
from duly.collections.queries.messages import sending_of, waiting
from duly.collections.rules.handing import Clock
from duly.intake.queries import latest_snapshot_day
from duly.interfaces.exchange.attaching import enclosures
from duly.interfaces.exchange.couriers.letter import Enclosure
from duly.interfaces.exchange.couriers.smtp import (
    PATIENCE,
    Courier,
    MailServerUnreachable,
    Patience,
)
from duly.interfaces.exchange.secret_links import with_links
from duly.interfaces.jobs.enquiries import ask_all
from duly.interfaces.jobs.reading import read_mailbox
from duly.interfaces.jobs.weekly import queue_weeks
from duly.kernel.errors import DulyError, Outage, Refusal
from duly.parties.models import Entity
from duly.parties.queries import entities
from duly.storage.failpoints import failpoint
from duly.storage.locks import alone

POLL_SECONDS = 2.0
READ_SECONDS = 60.0
REST_SECONDS = 300.0
MOST_AT_ONCE = 200  # messages judged together
MOST_MISSES = 10  # judgements of a message that did not hold until it was claimed
JUDGED_SECONDS = 60.0  # for which a judgement of hours and days counts
WAIT_SECONDS = 20.0  # for another worker to end; the lock of one that was killed is free at once

log = logging.getLogger("duly.mail")


class MailServerUnset(Refusal):
    """Messages wait, sending is on, and no mail server is named."""

    code = "MAIL_SERVER_UNSET"


class Handed:
    """What came of a run: counts by state, and why it ended early, if it did."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.outage: Outage | None = None

    def as_dict(self) -> dict[str, int]:
        """The counts under the names that the command tells."""
        return {state: self.counts[state] for state in ("sent", "unknown", "failed", "cancelled")}


class Resting:
    """Messages that could not go and are left alone for a while, so that no run is spent on them.

    Their reason (hours, a quiet day, old bank data) lasts longer than the rest; a rest that is too
    long delays a message and never lets one go too early.
    """

    def __init__(self) -> None:
        self._until: dict[int, float] = {}

    def holds(self, message_id: int) -> bool:
        """Tell whether a message is not to be looked at yet."""
        return self._until.get(message_id, 0.0) > time.monotonic()

    def begin(self, message_id: int) -> None:
        """Leave a message alone for a while."""
        self._until[message_id] = time.monotonic() + REST_SECONDS


def send_waiting(
    clock: Clock,
    is_ending: Callable[[], bool] = lambda: False,
    resting: Resting | None = None,
    patience: Patience = PATIENCE,
) -> Handed:
    """Hand over every queued message that may leave now; others stay, each with its reason.

    Only one process of an installation does this at a time.
    """
    handed = Handed()
    with _mail_lock() as is_ours:
        if not is_ours:
            return handed
        handed.counts["unknown"] += mark_orphans(clock=clock)
        queue_weeks(clock)
        ask_all(clock)
        run = _Run(clock, is_ending, resting or Resting(), handed, patience)
        try:
            for entity in entities():
                if sending_of(entity.pk).mode in ("on", "test"):
                    run.send_of(entity)
        except MailServerUnreachable as error:
            handed.outage = error
        finally:
            run.close()
    return handed


class _Run:
    """Messages judged some at a time, and handed over one by one while nothing changes."""

    def __init__(
        self,
        clock: Clock,
        is_ending: Callable[[], bool],
        resting: Resting,
        handed: Handed,
        patience: Patience,
    ) -> None:
        self._clock, self._began = clock, time.monotonic()
        self._is_ending, self._resting, self._handed = is_ending, resting, handed
        self._courier: Courier | None = None
        self._patience = patience
        self._size, self._misses = MOST_AT_ONCE, 0

    def send_of(self, entity: Entity) -> None:
        """Hand over what may leave of an entity."""
        queue = (pk for pk in waiting(entity_id=entity.pk) if not self._resting.holds(pk))
        left: list[int] = []
        while not self._is_ending():
            left += islice(queue, max(self._size - len(left), 0))
            if not left:
                return
            self._line()
            some, left = left[: self._size], left[self._size :]
            told = judge_messages(
                entity=entity,
                message_ids=some,
                clock=self._now(),
                snapshot_on=latest_snapshot_day(entity.pk),
            )
            self._handed.counts["cancelled"] += told.cancelled
            for pk in told.waiting:
                self._resting.begin(pk)
            left = self._hand(told.may_go, entity) + left

    def _hand(self, judged: Sequence[Judged], entity: Entity) -> list[int]:
        """Hand messages over until a fact changes; return those to be judged once more."""
        until = time.monotonic() + JUDGED_SECONDS
        for place, one in enumerate(judged):
            if self._is_ending():
                return []
            if time.monotonic() > until or not self._hand_one(one, entity):
                return self._judged_anew(place, [other.handover.id for other in judged[place:]])
        self._size = min(self._size * 2, MOST_AT_ONCE)
        return []

    def _judged_anew(self, done: int, left: list[int]) -> list[int]:
        """Who writes while mail leaves would have everything judged for each message: take fewer.

        One that is written about all the time rests for a while, and holds up no other.
        """
        self._size = max(done, 1)
        self._misses = 0 if done else self._misses + 1
        if self._misses < MOST_MISSES:
            return left
        self._misses = 0
        self._resting.begin(left[0])
        return left[1:]

    def _hand_one(self, judged: Judged, entity: Entity) -> bool:
        """Hand a message over, if it can be claimed; tell whether what it was judged by holds."""
        line, message, clock = self._line(), judged.handover, self._now()
        answer: Answer | None = None
        enclosed: list[Enclosure] = []
        try:
            enclosed = enclosures(entity, message, judged.on)
        except DulyError as error:
            answer = Answer("failed", f"What it encloses can't be made: {error}")
        except DatabaseError:
            raise
        except Exception as error:  # a defect of ours stops one message, not all behind it
            log.exception("What message %s encloses can't be made", message.id)
            told = f"{type(error).__name__}, see the log"
            answer = Answer("failed", f"What it encloses can't be made: {told}.")
        if not claim_message(judged=judged, clock=clock):
            return False
        failpoint("hand.claimed")
        answer = answer or line.hand_over(with_links(message), enclosed)
        failpoint("hand.answered")
        state = settle_message(message_id=message.id, answer=answer, clock=clock)
        self._handed.counts[state] += 1
        return True

    def _line(self) -> Courier:
        self._courier = self._courier or _courier(self._patience)
        self._courier.connect()
        return self._courier

    def _now(self) -> Clock:
        return self._clock.later(timedelta(seconds=time.monotonic() - self._began))

    def close(self) -> None:
        """End the conversation with the server."""
        if self._courier is not None:
            self._courier.close()


def _courier(patience: Patience = PATIENCE) -> Courier:
    url = os.environ.get("DULY_SMTP_URL", "")
    if not url:
        raise MailServerUnset(
            "Messages wait to be sent, and no mail server is named.",
            remedy="Set DULY_SMTP_URL, such as smtp://127.0.0.1:25, and start the worker again.",
        )
    return Courier(url, patience)


@contextmanager
def _mail_lock() -> Iterator[bool]:
    """The lock of the mail; waits for another worker, but not for ever."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        with alone("mail") as is_ours:
            if is_ours or time.monotonic() > until:
                yield is_ours
                return
        time.sleep(0.2)


class Mailer:
    """Sends what waits and reads what comes, in a thread beside the web app, until told to stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._resting = Resting()
        self._read_again = 0.0
        self._thread = threading.Thread(target=self._run, name="duly-mailer", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, timeout_seconds: float = 30.0) -> bool:
        """Finish the message at hand, take no other. Tells whether it ended in time."""
        self._stop.set()
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        told = ""
        while not self._stop.wait(POLL_SECONDS):
            wrong = " ".join(filter(None, (self._tried(self._send), self._tried(self._read))))
            if wrong and wrong != told:
                log.warning("Mail waits: %s", wrong)
            told = wrong
        connections.close_all()

    def _tried(self, act: Callable[[], Outage | None]) -> str:
        """Do a part of the work; what stands in its way is told and stops no other."""
        try:
            return str(act() or "")
        except (DatabaseError, Refusal, Outage) as error:
            return str(error)
        except Exception as error:  # a defect of ours stops one round, not all mail for good
            log.exception("Mail waits for a defect")
            return f"{type(error).__name__}, see the log"
        finally:
            close_old_connections()

    def _send(self) -> Outage | None:
        return send_waiting(Clock(datetime.now(UTC)), self._stop.is_set, self._resting).outage

    def _read(self) -> None:
        if time.monotonic() >= self._read_again:
            self._read_again = time.monotonic() + READ_SECONDS
            read_mailbox(at=datetime.now(UTC))
