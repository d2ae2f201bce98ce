"""Strangers in a real browser: an applicant on a phone, without scripts; a referee who answers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.applying import application
from tests.interfaces.web.browsing import (
    BROWSER,
    IS_QUICK,
    Served,
    assert_pages_fit,
    serving,
    violations,
)

from duly.credit.rules.request_fields import Field
from duly.credit.rules.request_form import read_form

pytestmark = BROWSER
HERE = "https://books.example"


def _write_books(folder: Path) -> list[str]:
    path = folder / "customers.csv"
    path.write_text("customer_id,name\nC1,Meridian Foods\n")
    return [str(path)]


def _duly(served: Served, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "duly", "credit", *arguments, "--json"],
        env={**served.environment, "DULY_PUBLIC_URL": HERE},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("portal")
    with serving(folder, _write_books) as running:
        (folder / "terms.txt").write_text("Net 30 days.\n\nTitle stays ours until you have paid.")
        _duly(running, "conditions", str(folder / "terms.txt"))
        _duly(running, "form", "--usual")
        yield running


def _type(page, field: Field, name: str, value: Any) -> None:
    place = page.locator(f"[name='{name}']")
    if field.kind == "yes":
        place.set_checked(bool(value))
    elif field.choices or field.kind == "country":
        place.select_option(str(value))
    else:
        place.fill(str(value))


def _fill(page, given: dict[str, Any]) -> None:
    """Fill in every step that is asked, up to the signature."""
    for block in read_form({})[0].blocks:
        for field in block.fields:
            value = given.get(field.id)
            if isinstance(value, list):
                parts = {part.id: part for part in field.parts}
                for place, row in enumerate(value):
                    if not page.locator(f"[name='{field.id}-{place}-name']").count():
                        page.get_by_role("button", name="One more").first.click()
                    for part, told in row.items():
                        _type(page, parts[part], f"{field.id}-{place}-{part}", told)
            elif value is not None:
                _type(page, field, field.id, value)
        page.get_by_role("button", name="go on" if block.id != "signature" else "Sign").click()
        if block.id == "consents":
            page.get_by_role("button", name="go on").click()  # no documents


def test_an_applicant_submits_on_a_phone_and_a_referee_answers(served: Served, browser) -> None:
    """Without scripts: whoever has none can ask for credit, too."""
    phone = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
    context = browser.new_context(**phone)
    page = context.new_page()
    page.goto(f"{served.address}/apply/1/")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="go on").click()
    assert "Exact registered name is missing" in page.get_by_role("alert").inner_text()
    page.get_by_label("Exact registered name").fill("Meadow Prints Ltd")
    page.get_by_role("button", name="Save for later").click()
    resume = page.locator("a.resume").get_attribute("href")
    context.close()

    context = browser.new_context(**phone)  # another device, by the link alone
    page = context.new_page()
    page.goto(resume)
    assert page.get_by_label("Exact registered name").input_value() == "Meadow Prints Ltd"
    _fill(page, application(owners=application()["owners"][:1]))
    assert page.get_by_role("heading", level=1).inner_text() == "We have your request"
    context.close()

    _duly(served, "remind")
    links = _duly(served, "links", "CR-0001")["links"]
    mine = next(one["address"] for one in links if one["for"] == "Kestrel Board")
    context = browser.new_context(**phone)
    page = context.new_page()
    page.goto(mine.replace(HERE, served.address))
    page.get_by_label("Account opened").fill("2016-02-01")
    page.get_by_label("Highest in 12 months").fill("40000")
    page.get_by_label("Days late on average").fill("4")
    page.get_by_role("button", name="Send").click()
    assert "This was answered on" in page.locator("main").inner_text()
    context.close()
    told = _duly(served, "references", "CR-0001")["references"]
    assert [row["state"] for row in told if row["name"] == "Kestrel Board"] == ["received"]


def test_pages_for_strangers_fit_and_axe_finds_nothing(served: Served, browser, open_page) -> None:
    links = _duly(served, "links", "CR-0001")["links"]
    places = [
        one["address"].removeprefix(HERE)
        for one in links
        if one["purpose"] == "guarantee" or one["for"] == "Tall Oaks"
    ]
    context = browser.new_context()  # of its own: a refusal is an error to the console
    page = context.new_page()
    page.goto(f"{served.address}/apply/1/")
    page.get_by_role("button", name="Begin").click()
    draft = page.url.removeprefix(served.address).removesuffix("identity/")
    page.get_by_role("button", name="go on").click()
    if not IS_QUICK:
        assert violations(page) == []
    context.close()
    steps = ("identity", "people", "references", "consents", "documents", "signature")
    reference = next(one["id"] for one in _duly(served, "references", "CR-0001")["references"])
    staff = [f"/credit/references/{reference}/"]
    assert_pages_fit(
        open_page, ["/apply/1/", *places, *(f"{draft}{step}/" for step in steps), *staff]
    )
