"""A home that is new, a database that is gone, a company that is unclear: what the shell says."""

import json
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from duly.interfaces.cli.home import actor, shut
from shell import duly, write

ITEM = "kind,number,customer_id,currency,issued_on,due_on,amount\n"


def shell(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DULY_")}
    source = str(Path(__file__).resolve().parents[3] / "src")
    return subprocess.run(
        [sys.executable, "-m", "duly", *arguments],
        env={**environment, "DULY_HOME": str(home), "PYTHONPATH": source, **more},
        capture_output=True,
        text=True,
        timeout=120,
        umask=0o022,
    )


def test_a_home_is_made_on_first_use(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there" / "yet"
    done = shell(home, "items", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"items": []})
    assert (home / "duly.sqlite3").exists()
    assert [path for path in (home, *home.rglob("*")) if path.stat().st_mode & 0o077] == []

    home.chmod(0o755)  # as an older release left it
    (home / "duly.sqlite3").chmod(0o644)
    (home / "sample" / "bank").mkdir(parents=True)
    (home / "sample" / "bank" / "one.xml").touch()
    done = shell(home, "check", "--json")
    assert json.loads(done.stdout)["ok"] is True
    assert [path for path in (home, *home.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_a_folder_that_everybody_shares_stays_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    shut([tmp_path, tmp_path / "gone"])
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777


def test_the_trail_names_the_user_of_the_operating_system(monkeypatch) -> None:
    monkeypatch.delenv("DULY_ACTOR", raising=False)
    monkeypatch.delenv("USER", raising=False)
    real = f"shell:{pwd.getpwuid(os.getuid()).pw_name}"
    assert actor() == real
    for name in ("DULY_ACTOR", "USER"):  # what anybody sets stands after who really runs it
        with monkeypatch.context() as patch:
            patch.setenv(name, "nightly")
            assert actor() == f"{real}:nightly"
            patch.setenv(name, real.removeprefix("shell:"))
            assert actor() == real


def test_a_database_that_cannot_be_reached_is_worth_another_try(tmp_path: Path) -> None:
    gone = "postgres://nobody@127.0.0.1:9/none"
    done = shell(tmp_path, "aging", "--json", DULY_DATABASE_URL=gone)
    assert done.returncode == 4
    refusal = json.loads(done.stdout)["refusal"]
    assert refusal["code"] == "DATABASE_UNREACHABLE"
    assert refusal["remedy"]


@pytest.mark.django_db
class TestCompanies:
    line = ("init", "--entity", "Northwind", "--currency", "EUR", "--country", "de")

    def test_init(self) -> None:
        assert duly(*self.line) == {"entity": "Northwind", "currency": "EUR", "country": "DE"}
        assert duly(*self.line, code=3)["code"] == "ENTITY_EXISTS"

    @pytest.mark.parametrize(
        ("flag", "value", "code"),
        [
            ("--currency", "EUX", "UNKNOWN_CURRENCY"),
            ("--country", "Germany", "COUNTRY_UNKNOWN"),
            ("--timezone", "Berlin", "TIMEZONE_UNKNOWN"),
        ],
    )
    def test_init_of_what_is_not(self, flag: str, value: str, code: str) -> None:
        assert duly(*self.line, flag, value, code=3)["code"] == code

    def test_a_dry_run(self) -> None:
        duly(*self.line, "--dry-run")
        assert duly(*self.line)["entity"] == "Northwind"

    def test_a_credit_note_number_of_two_customers(self, tmp_path: Path) -> None:
        """Whose is taken back must be said; never both."""
        duly(*self.line)
        rows = "".join(
            f"credit_note,CN-1,{code},EUR,2026-01-01,,5.00\n"
            f"invoice,I-1,{code},EUR,2026-01-01,2026-01-31,9.00\n"
            for code in "AB"
        )
        duly("import", write(tmp_path, "i.csv", ITEM + rows), "--create-customers")
        for code in "AB":
            duly("apply", "CN-1", "I-1=5.00", "--customer", code, "--on", "2026-02-01")
        duly("unapply", "CN-1", "--on", "2026-02-02", code=3)

    def test_a_discount_told_later_is_not_dropped_in_silence(self, tmp_path: Path) -> None:
        duly(*self.line)
        row = "invoice,I-1,A,EUR,2026-01-01,2026-01-31,9.00"
        duly("import", write(tmp_path, "i.csv", ITEM + row), "--create-customers")
        header = ITEM.strip() + ",discount_until,discount_amount\n"
        again = write(tmp_path, "i.csv", header + row + ",2026-01-11,0.18")
        told = duly("import", again, code=3)
        assert told["facts"]["problems"][0]["code"] == "ALREADY_ISSUED"
