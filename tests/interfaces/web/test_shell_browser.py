"""The frame in a real browser, served by `duly up` itself from a home of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).is_file()), None
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


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


def _write_books(folder: Path) -> list[str]:
    today = datetime.now(UTC).date()
    rows = ["kind,number,customer_id,currency,issued_on,due_on,amount"]
    for number in range(40):
        due = today - timedelta(days=number * 4 - 30)
        rows.append(
            f"invoice,INV-{number},C{number % 12},{'EUR' if number % 5 else 'JPY'},"
            f"{due - timedelta(days=30)},{due},{1000 + number * 37}"
        )
    customers = ["customer_id,name,country"]
    customers += [
        f"C{n},{'Meridian Foods' if n == 0 else f'Firm Number {n}'},DE" for n in range(12)
    ]
    for name, lines in (("customers", customers), ("items", rows)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return [str(folder / "customers.csv"), str(folder / "items.csv")]


@contextmanager
def serving(folder: Path, write_books: Callable[[Path], list[str]]) -> Iterator[Served]:
    """A company of its own with the files that `write_books` leaves in a folder, served."""
    environment = {
        **os.environ,
        "DULY_HOME": str(folder / "home"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
    }
    environment.pop("DULY_DATABASE_URL", None)
    _duly(environment, "init", "--entity", "Northwind", "--currency", "EUR", "--country", "DE")
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
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("up"), _write_books) as one:
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

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
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda r: None if r.url.startswith(served.address) else complaints.append(r.url),
        )
        page.goto(served.address + address)
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _violations(page) -> list[tuple[str, str]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


@pytest.mark.parametrize(
    ("width", "theme"),
    [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark"), (320, "dark")],
)
def test_pages_are_accessible_and_fit(open_page, width: int, theme: str) -> None:
    for address in ("/", "/account/", "/find/?q=meridian"):
        page = open_page(address, width, theme)
        assert _violations(page) == [], address
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(beyond) == 0, f"{address} scrolls sideways"
        page.context.close()


def test_the_overview_draws_its_parts(open_page) -> None:
    page = open_page("/")
    page.locator("svg.columns rect").first.wait_for()
    page.locator("table.most-late").wait_for()
    assert page.locator("svg.columns text", has_text="today").count() == 1


def test_the_palette_finds_and_opens_by_keys_alone(open_page) -> None:
    page = open_page("/")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find or do")
    palette.wait_for()
    page.keyboard.type("meridian")
    page.get_by_role("option", name="Meridian Foods").wait_for()
    assert _violations(page) == []
    field = page.get_by_role("combobox")
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    palette.wait_for(state="hidden")
    page.keyboard.press("Control+k")
    page.keyboard.type("account")
    page.get_by_role("option", name="Your account").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/")


def test_single_keys_act_outside_fields_and_can_be_switched_off(open_page) -> None:
    page = open_page("/account/")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.get_by_role("heading", name="Overview").wait_for()
    keys = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    keys.wait_for()
    assert _violations(page) == []
    page.get_by_label("Switch single keys off on this machine").check()
    page.keyboard.press("Escape")
    keys.wait_for(state="hidden")
    page.keyboard.press("?")
    assert not keys.is_visible()
    page.reload(wait_until="networkidle")
    page.keyboard.press("?")
    assert not keys.is_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog", name="Find or do").wait_for()


def test_the_theme_goes_round_and_stays(open_page) -> None:
    page = open_page("/")
    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="Theme: light").click()
    page.get_by_role("button", name="Theme: dark").wait_for()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Theme: dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme ?? 'auto'") == "auto"


def test_the_first_tab_skips_to_the_page(open_page) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_phone_has_the_same_places_at_its_foot(open_page) -> None:
    page = open_page("/", 390)
    foot = page.get_by_role("navigation", name="Work, on a phone")
    assert foot.get_by_role("link", name="Overview").is_visible()
    assert not page.locator("aside.rail").is_visible()
    foot.get_by_role("button", name="Find").click()
    page.get_by_role("dialog", name="Find or do").wait_for()


def test_a_refusal_in_a_part_becomes_a_toast(open_page) -> None:
    page = open_page("/")
    told = {"text": "That is booked already.", "remedy": "Open it.", "tone": "bad"}
    page.evaluate(
        "told => document.dispatchEvent(new CustomEvent('duly:toast', {detail: told}))", told
    )
    toast = page.locator("[role=status] .toast", has_text="That is booked already. Open it.")
    toast.wait_for()
    assert _violations(page) == []
    toast.get_by_role("button", name="Close").click()
    toast.wait_for(state="detached")


def test_interrupted_it_ends_both_web_app_and_worker(served: Served) -> None:
    """Last, because it ends what the others use."""
    taken = subprocess.run(
        [sys.executable, "-m", "duly", "up", "--port", served.address.rsplit(":", 1)[1]],
        env=served.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert taken.returncode == 4
    assert "ADDRESS_TAKEN" in taken.stderr
    served.process.send_signal(signal.SIGINT)
    rest, _ = served.process.communicate(timeout=30)
    assert served.process.returncode == 0, rest
    assert rest.strip().endswith("Ended.")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(served.address.rsplit(":", 1)[1]))) != 0
