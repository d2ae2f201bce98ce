"""Something done again and again in a thread while a block lasts."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, close_old_connections, connections

log = logging.getLogger("duly.worker")


Act = Callable[[Callable[[], bool]], object]


@contextmanager
def repeating(name: str, act: Act, seconds: float) -> Iterator[None]:
    """Do `act` every so many seconds; it is handed what tells that the block is over."""
    stop = threading.Event()
    thread = threading.Thread(target=_repeat, args=(stop, act, seconds), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _repeat(stop: threading.Event, act: Act, seconds: float) -> None:
    while not stop.is_set():
        try:
            act(stop.is_set)
        except DatabaseError:
            log.warning("What is done in the background waits; it is tried again.", exc_info=True)
        except Exception:  # a defect of ours stops one round, not all that follow
            log.exception("What is done in the background failed; it is tried again.")
        finally:
            close_old_connections()
        stop.wait(seconds)
    connections.close_all()
