"""A real browser on an installation that `duly up` serves, and what it must find on every page.

A module of browser tests has a `served` fixture of its own books; `signed_in` and `open_page` stand
on it. The browser is one for the whole run.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).is_file()), None
)

# What every module of browser tests is marked with.
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
# Each page is fitted to every width, and axe looks at it on a desk in light and on a phone in dark;
# its two seconds a page are too long for `make test`.
IS_QUICK = bool(os.environ.get("DULY_QUICK"))
WIDTHS = {1440: "light", 390: "dark", 320: ""}


# Read by every process of an installation whose clocks are ahead.
AHEAD = """\
from datetime import UTC, datetime, timedelta

import time_machine

time_machine.travel(datetime.now(UTC) + timedelta(days={days_on})).start()
"""


@dataclass
class Served:
    """A running `duly up`: its address, the link it printed, its process."""

    address: str
    link: str
    process: subprocess.Popen
    environment: dict[str, str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _duly(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "duly", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(
    folder: Path, write_books: Callable[[Path], list[str]], days_on: int = 0
) -> Iterator[Served]:
    """A company of its own with the files that `write_books` leaves in a folder, served.

    `days_on`: how many days ahead of ours its clocks are.
    """
    environment = {
        **os.environ,
        "DULY_HOME": str(folder / "home"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
    }
    environment.pop("DULY_DATABASE_URL", None)
    if days_on:
        (folder / "sitecustomize.py").write_text(AHEAD.format(days_on=days_on))
        environment["PYTHONPATH"] = os.pathsep.join([str(folder), environment["PYTHONPATH"]])
    # Its days begin when those of the tests do.
    _duly(environment, "init", "--entity", "Northwind", "--currency", "EUR", "--country", "DE",
          "--timezone", "UTC")  # fmt: skip
    _duly(environment, "import", *write_books(folder))
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "duly", "up", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    link = ""
    for line in process.stdout:
        if found := re.search(r"http://\S+/enter/\S+", line):
            link = found.group(0)
            break
    assert link, "duly up printed no link"
    yield Served(f"http://127.0.0.1:{port}", link, process, environment)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    # Of a module, not of the run: Django reads no database where Playwright's loop runs.
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(
        timeout=30_000
    )  # as long as for anything else: a busy machine takes its time
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def signed_in(served: Served, browser) -> dict:
    """The session of whoever opened the printed link."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.link)
    page.get_by_role("button", name="Open duly").click()
    page.wait_for_url(f"{served.address}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(served: Served, browser, signed_in: dict) -> Iterator:
    """Opens an address; a complaint of the browser, or a request off the host, is an error."""
    contexts, complaints = [], []

    def opened(address: str = "/", width: int = 1440, theme: str = "light"):
        context = browser.new_context(
            storage_state=signed_in, viewport={"width": width, "height": 900}, color_scheme=theme
        )
        contexts.append(context)
        context.add_init_script(COUNT_PARTS)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda r: None if r.url.startswith(served.address) else complaints.append(r.url),
        )
        visit(page, served.address + address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == [], complaints


def is_complaint(message) -> bool:
    """Told as an error, and neither the request that a form replaces by its next one (hx-sync) nor
    the answer that refuses what a form sent.
    """
    is_refusal = message.text.endswith("a status of 422 (Unprocessable Entity)")
    is_replaced = message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
    return message.type == "error" and not is_refusal and not is_replaced


# Parts of a page that have come: htmx tells of each.
COUNT_PARTS = (
    "window.partsCome = 0;"
    "document.addEventListener('htmx:afterSettle', () => { window.partsCome += 1; })"
)
ALL_COME = """wanted => new Promise((come, fail) => {
  const started = Date.now();
  const look = () => {
    if (window.partsCome >= wanted) come();
    else if (Date.now() - started > 20000) fail(new Error('a part of the page has not come'));
    else setTimeout(look, 10);
  };
  look();
})"""


def visit(page, address: str) -> None:
    """Open an address and wait for the parts that the page asks for by itself."""
    response = page.goto(address)
    page.evaluate(ALL_COME, response.text().count('hx-trigger="load"'))


@contextmanager
def part_comes(page) -> Iterator[None]:
    """Go on when the page has taken in the part that was asked for inside."""
    come = page.evaluate("window.partsCome")
    yield
    page.evaluate(ALL_COME, come + 1)


def assert_pages_fit(open_page, addresses: Iterable[str]) -> None:
    """No page scrolls sideways at any width; axe finds nothing."""
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    page = open_page()
    page.emulate_media(reduced_motion="reduce")
    host = page.url.rstrip("/")
    for address in addresses:
        visit(page, host + address)
        for width, theme in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(beyond) == 0, f"{address} scrolls sideways at {width}"
            if theme and not IS_QUICK:
                page.emulate_media(color_scheme=theme)
                assert violations(page) == [], (address, width, theme)


def violations(page) -> list[tuple[str, str]]:
    """What axe finds wrong: (rule, the first place)."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
