"""What no command may answer with: a traceback, exit code 1, or a shrug."""

import json
import tomllib
from pathlib import Path

import pytest

from duly.interfaces.cli.main import run
from shell import attempt, duly, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trading")]


@pytest.mark.parametrize(
    "line",
    [
        ["aging", "--buckets", "99999999"],
        ["aging", "--buckets", "1,99999999999999"],
        ["aging", "--csv", "/nowhere/at/all.csv"],
        ["aging", "--xlsx", "/nowhere/at/all.xlsx"],
        ["customers", "\udcff"],
        ["customers", "--limit", "-1"],
        ["customers", "--limit", "0"],
        ["aging", "--customer", "A\0B"],
        ["call", "add", "MERIDIAN", "--outcome", "reached", "--person", "adA\u202e"],
        ["block", "add", "MERIDIAN", "--reason", "a\x07b"],
    ],
)
def test_whatever_is_typed_ends_with_an_exit_code_of_ours(line: list[str]) -> None:
    status, out, err = attempt(*line, "--json")
    assert status in (2, 3, 4)
    assert "Traceback" not in out + err


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--version"])
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"duly {project['version']}\n"


def test_a_file_that_cannot_be_written_is_the_worlds_failure(tmp_path: Path) -> None:
    """Told with its name, and safe to repeat: exit code 4."""
    status, out, err = attempt("aging", "--csv", str(tmp_path / "none" / "a.csv"), "--json")
    refusal = json.loads(out)["refusal"]
    assert (status, refusal["code"]) == (4, "FILE_UNUSABLE")
    assert "none" in refusal["message"]
    assert refusal["remedy"] in err


@pytest.mark.parametrize("name", ["", " ", "x" * 201])
def test_a_company_has_a_name_that_fits(name: str) -> None:
    refusal = duly("init", "--entity", name, "--currency", "EUR", "--country", "DE", code=3)
    assert refusal["code"] == "ENTITY_NAME_UNFIT"


def test_a_period_is_closed_or_opened_not_both() -> None:
    assert attempt("lock", "2026-01-31", "--open")[0] == 2


class TestPeople:
    line = ("user", "add", "anna@firm.example", "--name", "Anna", "--role", "clerk")

    def test_a_person_is_added_and_listed(self) -> None:
        assert duly(*self.line)["role"] == "clerk"
        assert [user["email"] for user in duly("user", "list")["users"]] == ["anna@firm.example"]
        link = duly("user", "link", "anna@firm.example")["link"]
        assert link.startswith("http://127.0.0.1:8010/enter/")

    def test_a_link_for_nobody(self) -> None:
        assert duly("user", "link", "nobody@firm.example", code=3)["code"] == "USER_UNKNOWN"

    def test_twice_is_refused(self) -> None:
        duly(*self.line)
        assert duly(*self.line, code=3)["code"] == "USER_EXISTS"
        again = ("user", "add", "ANNA@Firm.example", "--name", "Anna")
        assert duly(*again, code=3)["code"] == "USER_EXISTS"

    def test_an_address_is_one(self) -> None:
        refusal = duly("user", "add", "nobody at all", "--name", "Anna", code=3)
        assert refusal["code"] == "EMAIL_UNREADABLE"


def test_a_number_of_an_invoice_and_a_debit_note(tmp_path: Path) -> None:
    """Either can be voided, once it is said which."""
    rows = "".join(
        f"{kind},X-1,MERIDIAN,EUR,2026-03-01,2026-03-31,9.00\n"
        for kind in ("invoice", "debit_note")
    )
    header = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
    duly("import", write(tmp_path, "i.csv", header + rows))
    refusal = duly("apply", "P-3", "X-1=1.00", "--customer", "MERIDIAN", code=3)
    assert refusal["code"] != "INSTALMENT_UNCLEAR"
    duly("void", "X-1", "--customer", "MERIDIAN", "--kind", "debit_note")


def test_a_key_of_dulys_own_cannot_be_taken_beforehand(tmp_path: Path) -> None:
    """Or whoever may import could keep another from writing an upload, or taking one back."""
    file = write(tmp_path, "customers.csv", "customer_id,name\nK1,Kay\n")
    status, _, err = attempt("import", file, "--key", "duly:take back import 1")
    assert status == 2
    assert "Duly's own" in err
