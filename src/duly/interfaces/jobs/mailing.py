"""The part of the worker that hands messages to the mail server, one after the other."""

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections, connections

from duly.collections.actions import claim_message, mark_orphans, settle_message
from duly.collections.queries.messages import sending_of, waiting
from duly.collections.rules.handing import Clock
from duly.intake.queries import latest_snapshot_day
from duly.interfaces.exchange.couriers.smtp import Courier, MailServerUnreachable
from duly.kernel.errors import Refusal
from duly.parties.queries import entities
from duly.storage.failpoints import failpoint
from duly.storage.locks import alone

POLL_SECONDS = 2.0
REST_SECONDS = 300.0
WAIT_SECONDS = 20.0  # for another worker to end; the lock of one that was killed is free at once

log = logging.getLogger("duly.mail")


class MailServerUnset(Refusal):
    """Messages wait, sending is on, and no mail server is named."""

    code = "MAIL_SERVER_UNSET"


class Handed:
    """What came of a run: counts by state, and why it ended early, if it did."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.outage: MailServerUnreachable | None = None

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
    clock: Clock, is_ending: Callable[[], bool] = lambda: False, resting: Resting | None = None
) -> Handed:
    """Hand over every queued message that may leave now; others stay, each with its reason.

    Only one process of an installation does this at a time.
    """
    handed, resting = Handed(), resting or Resting()
    with _mail_lock() as is_ours:
        if not is_ours:
            return handed
        handed.counts["unknown"] += mark_orphans(clock=clock)
        live = [one.pk for one in entities() if sending_of(one.pk).mode in ("on", "test")]
        if not live:
            return handed
        courier: Courier | None = None
        try:
            for message_id, entity_id in waiting(entity_ids=live):
                if is_ending():
                    break
                if resting.holds(message_id):
                    continue
                courier = courier or _courier()
                courier.connect()
                if not _hand_one(message_id, entity_id, courier, clock, handed):
                    resting.begin(message_id)
        except MailServerUnreachable as error:
            handed.outage = error
        finally:
            if courier is not None:
                courier.close()
    return handed


def _hand_one(
    message_id: int, entity_id: int, courier: Courier, clock: Clock, handed: Handed
) -> bool:
    """Hand a message over, if it may go; tell whether it was taken."""
    claim = claim_message(
        message_id=message_id, clock=clock, snapshot_on=latest_snapshot_day(entity_id)
    )
    if claim.is_cancelled:
        handed.counts["cancelled"] += 1
    if claim.handover is None:
        return False
    failpoint("hand.claimed")
    answer = courier.hand_over(claim.handover)
    failpoint("hand.answered")
    handed.counts[settle_message(message_id=message_id, answer=answer, clock=clock)] += 1
    return True


def _courier() -> Courier:
    url = os.environ.get("DULY_SMTP_URL", "")
    if not url:
        raise MailServerUnset(
            "Messages wait to be sent, and no mail server is named.",
            remedy="Set DULY_SMTP_URL, such as smtp://127.0.0.1:25, and start the worker again.",
        )
    return Courier(url)


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
    """Sends what waits, in a thread beside the web app, until told to stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._resting = Resting()
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
            try:
                handed = send_waiting(Clock(datetime.now(UTC)), self._stop.is_set, self._resting)
                wrong = str(handed.outage or "")
            except (DatabaseError, Refusal) as error:
                wrong = str(error)
            finally:
                close_old_connections()
            if wrong and wrong != told:
                log.warning("Messages wait: %s", wrong)
            told = wrong
        connections.close_all()
