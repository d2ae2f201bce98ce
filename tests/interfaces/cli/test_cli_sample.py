"""`duly demo`: a company of the world in an empty home, and nowhere else."""

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from duly.access.models import User
from duly.credit.models import HoldCase
from duly.interfaces.cli.sample import MARK
from duly.interfaces.cli.serving import FIRST_USER, entry_link
from duly.parties.models import Entity
from shell import attempt, duly

UNTIL = "2026-05-29"
ASKED = ("demo", "--customers", "30", "--months", "4", "--on", UNTIL)


@pytest.fixture
def folder(db: None) -> Iterator[Path]:
    """Where the files of the sample will be."""
    home: Path = settings.HOME
    yield home / "sample"
    shutil.rmtree(home / "sample", ignore_errors=True)


@pytest.fixture
def told(folder: Path) -> dict[str, Any]:
    return duly(*ASKED)


def test_its_books_hold_and_tie_out(told: dict[str, Any]) -> None:
    assert duly("check")["ok"]
    aging = duly("aging", "--on", UNTIL)
    assert {tie["difference"] for tie in aging["tie_out"].values()} <= {"0.00", "0", "0.000"}
    assert told["open"] == {currency: row["total"] for currency, row in aging["totals"].items()}


def test_it_tells_what_is_there(told: dict[str, Any], folder: Path) -> None:
    assert told["customers"] == 30
    items = duly("items", "--on", UNTIL)["items"]
    invoices = {item["number"] for item in items if item["kind"] == "invoice"}
    assert told["invoices"] == len(invoices) > 100
    assert told["payments"] == len((folder / "payments.csv").read_text().splitlines()) - 1 > 50
    assert {"EUR", "USD", "GBP", "JPY", "KWD"} == set(told["open"])
    assert all(Decimal(amount) for amount in told["open"].values())
    assert told["files"] == str(folder)


def test_its_credit_tells_a_story(told: dict[str, Any], folder: Path) -> None:
    asked = (folder / "orders.csv").read_text().splitlines()
    assert len(asked) > 3
    held = HoldCase.objects.count()
    assert 0 < held < len(asked) - 1  # some go, some wait
    clocks = duly("credit", "clocks", "--on", UNTIL)["clocks"]
    assert {"review", "guarantee", "notify", "extend"} <= {row["kind"] for row in clocks}
    insured = duly("credit", "insurance", "cover", "--on", UNTIL)["insured"]
    assert any(item["until"] for buyer in insured for item in buyer["items"])
    reviews = duly("credit", "review", "list", "--open")["reviews"]
    assert reviews
    states = {row["id"]: row["state"] for row in duly("credit", "list", "--on", UNTIL)["requests"]}
    # One was told and has yet to buy, two are to be decided, and one is not sent yet.
    assert states == {"CR-0001": "conditions", "CR-0002": "open", "CR-0003": "open"}
    ready = duly("credit", "show", "CR-0002", "--on", UNTIL)["request"]
    assert Decimal(ready["limit"]["recommended"]) > 0
    assert len(duly("credit", "references", "CR-0002")["references"]) >= 3
    statements = duly("credit", "statement", "list", "--request", "CR-0002")["statements"]
    assert len(statements) == 3
    assert duly("credit", "signal", "look", "--on", UNTIL) == {"signals": [], "reviews": []}


def test_its_company_is_marked_as_a_sample_and_its_people_can_sign_in(
    told: dict[str, Any],
) -> None:
    assert Entity.objects.get().is_sample
    assert set(User.objects.values_list("role", flat=True)) > {"admin", "clerk", "collector"}
    assert not any(person.has_usable_password() for person in User.objects.all())
    assert User.objects.filter(email=FIRST_USER, role="admin").count() == 1
    assert "/enter/" in str(entry_link(host="127.0.0.1", port=8010))


def test_bank_statements_lie_beside_the_tables(told: dict[str, Any], folder: Path) -> None:
    suffixes = {path.suffix for path in (folder / "bank").rglob("*") if path.is_file()}
    assert suffixes == {".xml", ".sta"}
    assert UNTIL in (folder / MARK).read_text()


def test_its_files_again_add_nothing(told: dict[str, Any], folder: Path) -> None:
    again = duly("import", *sorted(folder.glob("*.csv")))
    assert len(again["batches"]) == 7
    assert all(batch["new"] == batch["changed"] == 0 for batch in again["batches"])


def test_it_mixes_with_no_books(folder: Path) -> None:
    duly("init", "--entity", "Northwind", "--currency", "EUR", "--country", "DE")
    refusal = duly(*ASKED, code=3)
    assert refusal["code"] == "HOME_NOT_EMPTY"
    assert "DULY_HOME" in refusal["remedy"]
    assert not folder.exists()
    assert duly(*ASKED, "--if-empty") == {}
    assert Entity.objects.count() == 1


def test_people_who_were_here_first_stay_who_they_are(folder: Path) -> None:
    duly("user", "add", FIRST_USER, "--name", "Jo Doe", "--role", "admin")
    duly(*ASKED, "--if-empty")
    assert User.objects.get(email=FIRST_USER).name == "Jo Doe"


def test_a_run_that_did_not_end_is_begun_anew(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / MARK).write_text("The sample company\n")
    (folder / "items.csv").write_text("half a")
    duly(*ASKED)
    assert duly("check")["ok"]


def test_a_folder_of_somebody_else_is_left_alone(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    assert duly(*ASKED, code=3)["code"] == "HOME_NOT_EMPTY"
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_dry_run_tells_the_same_and_writes_nothing(folder: Path) -> None:
    dry = duly(*ASKED, "--dry-run")
    assert not Entity.objects.exists()
    assert not User.objects.exists()
    assert not folder.exists()
    assert dry["files"] is None
    assert duly(*ASKED) == {**dry, "files": str(folder)}


def test_a_key_stands_for_one_company(folder: Path) -> None:
    first = duly(*ASKED, "--key", "k1")
    assert duly(*ASKED, "--key", "k1") == first
    assert Entity.objects.count() == 1
    other = [*ASKED[:2], "31", *ASKED[3:], "--key", "k1"]
    assert duly(*other, code=3)["code"] == "KEY_REUSED"


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [("--customers", "0"), ("--months", "x"), ("--months", "241")])
def test_what_cannot_be_asked(wrong: tuple[str, str]) -> None:
    code, _, told = attempt("demo", *wrong)
    assert code == 2
    assert wrong[1] in told


@pytest.mark.parametrize("on", ["1900-01-01", "1990-01-31", "2199-12-31"])
def test_a_history_without_a_calendar_is_refused(on: str, folder: Path) -> None:
    refusal = duly("demo", "--customers", "5", "--months", "2", "--on", on, code=3)
    assert refusal["code"] == "UNKNOWN_CALENDAR"
    assert not Entity.objects.exists()


def test_a_home_of_its_own_from_the_shell(installation) -> None:
    made = installation.run(*ASKED, "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["customers"] == 30
    assert (installation.home / "sample" / "customers.csv").exists()
    assert installation.run("check").returncode == 0
