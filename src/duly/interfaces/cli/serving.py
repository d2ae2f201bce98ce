"""`duly up`: web app and background worker with one command, and a way in that needs no reading."""

import http.client
import multiprocessing
import os
import socket
import threading
import time

from django.conf import settings
from django.db import connections

from duly.access.actions import add_user, issue_entry_link
from duly.access.models import User
from duly.access.queries import users
from duly.interfaces.cli import home
from duly.interfaces.jobs.mailing import Mailer
from duly.interfaces.jobs.worker import BackgroundWorker
from duly.kernel.errors import Outage

THREADS = 16  # a caller who sends slowly holds one of them
HEADER_MILLISECONDS = 10_000
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
FIRST_USER = "admin@localhost"


def serve(*, host: str, port: int) -> None:
    """Serve until interrupted; both the web app and the worker end their work at hand first.

    Refuses: Outage when the port is taken.
    """
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels, logger
    from granian.server import Server

    _require_free(host, port)
    link = entry_link(host=host, port=port)
    # Children start afresh: a forked one would share our database connections and threads.
    multiprocessing.set_start_method("spawn", force=True)
    connections.close_all()
    server = Server(
        "duly.interfaces.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        websockets=False,
        log_level=LogLevels.warning,
    )
    # Most threads only wait, so there are more than cores: that is meant, and no news to anybody.
    logger.addFilter(lambda record: "Python threads" not in record.getMessage())
    greeting = _greeting(host, port, link)
    server.on_startup(
        threading.Thread(target=greet_once_up, args=(host, port, greeting), daemon=True).start
    )
    worker, mailer = BackgroundWorker(), Mailer()
    worker.start()
    mailer.start()
    try:
        server.serve()
    finally:
        is_done = mailer.stop() and worker.stop()
        print("Ended." if is_done else "Ended; the task at hand starts again next time.")


def greet_once_up(host: str, port: int, greeting: str, patience_seconds: float = 60.0) -> None:
    """Print the greeting when a request is answered: the port is bound long before that."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound to
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until:
        asking = http.client.HTTPConnection(reached, port, timeout=patience_seconds)
        try:
            asking.request("HEAD", "/account/sign-in/")
            asking.getresponse()
            break
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            asking.close()
    print(greeting, flush=True)


def entry_link(*, host: str, port: int) -> str | None:
    """A one-time link for the first administrator, who is made in a home without users."""
    person = _administrator()
    if person is None:
        return None
    secret = issue_entry_link(email=person.email, at=home.now())
    return f"{_address(host, port)}/enter/{secret}"


def _administrator() -> User | None:
    found = users()
    if not found:
        return add_user(
            email=FIRST_USER, name="Administrator", role="admin", password=None, at=home.now()
        )
    administrators = [one for one in found if one.role == "admin" and one.is_active]
    return min(administrators, key=lambda one: one.pk, default=None)


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _greeting(host: str, port: int, link: str | None) -> str:
    lines = [f"duly is at {_address(host, port)}  (Ctrl-C ends it)"]
    if link:
        lines.append(f"Sign in, once, with this link: {link}")
    else:
        lines.append("For a link that signs someone in: duly user link EMAIL")
    if host in EVERYWHERE and "DULY_ALLOWED_HOSTS" not in os.environ:
        names = ", ".join(settings.ALLOWED_HOSTS)
        lines.append(f"It answers to {names} only. For others set DULY_ALLOWED_HOSTS=name,...")
    return "\n".join(lines)


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Outage(
                f"{host}:{port} can't be used: {error.strerror or error}.",
                code="ADDRESS_TAKEN",
                facts={"host": host, "port": port},
                remedy="End what uses it, or choose another with --port.",
            ) from error
