"""`duly import`: what it takes, what it prints, how it ends."""

from datetime import timedelta
from pathlib import Path

import pytest

from building import broken, row_count
from duly.interfaces.cli.arguments import today
from duly.parties.models import Entity
from northwind import CUSTOMERS, ITEMS
from shell import attempt, duly, write

pytestmark = pytest.mark.django_db

ITEM = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
GOOD = "invoice,N-1,MERIDIAN,EUR,2026-03-01,2026-03-31,10.00\n"
LATE = b"customer_id,name,address\n" + b"C1,One,%s\n" % (b"x" * 150) * 3000 + b"C2,Caf\xe9,\n"
BAD = "invoice,N-2,MERIDIAN,EUR,2026-13-01,2026-03-31,10.00\n"


def test_the_report_of_four_files(company: None, files: list[Path]) -> None:
    told = duly("import", *files)
    assert set(told) == {"batches"}
    assert [(b["file"], b["kind"], b["preset"]) for b in told["batches"]] == [
        ("customers.csv", "customers", "duly"),
        ("items.csv", "items", "duly"),
        ("payments.csv", "payments", "duly"),
        ("applications.csv", "applications", "duly"),
    ]
    items = told["batches"][1]
    assert {
        key: items[key] for key in ("rows", "new", "changed", "same", "rejected", "problems")
    } == {"rows": 8, "new": 8, "changed": 0, "same": 0, "rejected": 0, "problems": []}
    assert isinstance(items["id"], int)
    assert items["control"]["KWD"] == {"count": 1, "amount": "12.345"}
    assert items["control"]["JPY"] == {"count": 1, "amount": "120000"}
    assert broken() == {}


def test_the_same_files_again(trading: None, files: list[Path]) -> None:
    told = duly("import", *files)
    assert [(b["new"], b["changed"], b["same"]) for b in told["batches"]] == [
        (0, 0, 6),
        (0, 0, 8),
        (0, 0, 3),
        (0, 0, 2),
    ]


def test_a_home_without_a_company_makes_one(db: None, files: list[Path]) -> None:
    assert duly("import", *files)["batches"][1]["new"] == 8


def test_a_bad_row_refuses_everything(trading: None, tmp_path: Path) -> None:
    good = write(tmp_path, "more-customers.csv", "customer_id,name\nNEW,New one")
    bad = write(tmp_path, "more-items.csv", ITEM + GOOD + BAD)
    before = row_count()
    refusal = duly("import", good, bad, code=3)
    assert set(refusal) == {"code", "message", "facts", "remedy"}
    assert refusal["code"] == "ROWS_REJECTED"
    (problem,) = refusal["facts"]["problems"]
    assert (problem["file"], problem["where"], problem["code"]) == (
        "more-items.csv",
        "row 3",
        "INVALID_DATE",
    )
    batches = refusal["facts"]["batches"]
    assert [(b["file"], b["new"], b["rejected"]) for b in batches] == [
        ("more-customers.csv", 1, 0),
        ("more-items.csv", 1, 1),
    ]
    assert row_count() == before


def test_without_json_a_refusal_is_told_to_a_person(trading: None, tmp_path: Path) -> None:
    code, out, err = attempt("import", write(tmp_path, "x.csv", ITEM + BAD))
    assert (code, out) == (3, "")
    assert "row 2" in err
    assert "--accept-partial" in err


def test_accept_partial_takes_the_good_rows(trading: None, tmp_path: Path) -> None:
    (batch,) = duly("import", write(tmp_path, "x.csv", ITEM + GOOD + BAD), "--accept-partial")[
        "batches"
    ]
    assert (batch["new"], batch["rejected"]) == (1, 1)
    assert [one["where"] for one in batch["problems"]] == ["row 3"]


def test_a_person_is_told_what_was_left_out(trading: None, tmp_path: Path) -> None:
    code, out, _ = attempt(
        "import", write(tmp_path, "x.csv", ITEM + GOOD + BAD), "--accept-partial"
    )
    assert code == 0
    assert "row 3 is left out: issued_on" in out


def test_a_dry_run_tells_the_same_and_writes_nothing(trading: None, tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", ITEM + GOOD)
    before = row_count()
    dry = duly("import", path, "--dry-run")["batches"][0]
    assert row_count() == before
    wet = duly("import", path)["batches"][0]
    assert dry["id"] is None
    assert {**dry, "id": 0} == {**wet, "id": 0}


def test_create_customers(company: None, tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", ITEM + GOOD)
    refusal = duly("import", path, code=3)
    assert refusal["facts"]["problems"][0]["code"] == "CUSTOMER_UNKNOWN"
    assert duly("import", path, "--create-customers")["batches"][0]["new"] == 1
    assert duly("customers")["customers"][0]["customer"] == "MERIDIAN"


@pytest.mark.parametrize(
    ("content", "code"),
    [("", None), ("a,b,c\n1,2,3\n", None), ("kind,number\ninvoice,1\n", None)],
)
def test_what_is_no_file_of_ours_is_refused(
    company: None, tmp_path: Path, content: str, code: None
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)
    refusal = duly("import", path, code=3)
    assert refusal["message"]
    assert refusal["remedy"]


def test_a_header_without_rows(company: None, tmp_path: Path) -> None:
    (batch,) = duly("import", write(tmp_path, "x.csv", ITEM))["batches"]
    assert (batch["rows"], batch["new"]) == (0, 0)


def test_a_file_that_is_not_there(company: None, tmp_path: Path) -> None:
    assert duly("import", tmp_path / "none.csv", code=3)["code"] == "FILE_MISSING"


def test_all_files_that_can_t_be_read_are_told_at_once(company: None, tmp_path: Path) -> None:
    """Whether they are refused when they are opened or only at some row."""
    late = tmp_path / "late.csv"
    late.write_bytes(LATE)
    files = [
        write(tmp_path, "x.csv", ITEM + GOOD),
        late,
        write(tmp_path, "y.csv", "a,b\n1,2\n"),
        tmp_path / "none.csv",
    ]
    before = row_count()
    refusal = duly("import", *files, code=3)
    assert refusal["code"] == "FILES_UNREADABLE"
    assert [(one["file"], one["code"]) for one in refusal["facts"]["problems"]] == [
        ("y.csv", "HEADER_UNFIT"),
        ("none.csv", "FILE_MISSING"),
        ("late.csv", "ENCODING_UNCLEAR"),
    ]
    _, _, err = attempt("import", *files)
    assert err.count("y.csv") == err.count("late.csv") == 1
    assert row_count() == before
    assert duly("import", files[0], late, code=3)["code"] == "ENCODING_UNCLEAR"


def test_files_that_end_in_the_midst_are_told_at_once(company: None, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(LATE)
    refusal = duly("import", tmp_path / "a.csv", tmp_path / "b.csv", code=3)
    assert [one["file"] for one in refusal["facts"]["problems"]] == ["a.csv", "b.csv"]


def test_no_file_at_all_is_a_wrong_command_line(company: None) -> None:
    assert attempt("import")[0] == 2


def test_problems_beyond_those_told_are_counted(trading: None, tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", ITEM + BAD * 53)
    _, _, err = attempt("import", path)
    assert err.count("x.csv, row ") == 50
    assert "... and 3 more" in err


class TestKeys:
    def test_the_first_result_comes_again(self, trading: None, tmp_path: Path) -> None:
        path = write(tmp_path, "x.csv", ITEM + GOOD)
        first = duly("import", path, "--key", "monday")
        before = row_count()
        assert duly("import", path, "--key", "monday") == first
        assert row_count() == before

    def test_another_file_under_the_key_is_refused(self, trading: None, tmp_path: Path) -> None:
        duly("import", write(tmp_path, "x.csv", ITEM + GOOD), "--key", "monday")
        other = write(tmp_path, "x.csv", ITEM + GOOD.replace("10.00", "11.00"))
        assert duly("import", other, "--key", "monday", code=3)["code"] == "KEY_REUSED"

    def test_another_command_under_the_key_is_refused(self, trading: None, tmp_path: Path) -> None:
        duly("import", write(tmp_path, "x.csv", ITEM + GOOD), "--key", "monday")
        refusal = duly("lock", "2026-01-31", "--key", "monday", code=3)
        assert refusal["code"] == "KEY_REUSED"

    def test_a_refusal_does_not_use_the_key_up(self, trading: None, tmp_path: Path) -> None:
        path = write(tmp_path, "x.csv", ITEM + BAD)
        duly("import", path, "--key", "monday", code=3)
        mended = write(tmp_path, "x.csv", ITEM + GOOD)
        assert duly("import", mended, "--key", "monday")["batches"][0]["new"] == 1

    def test_a_dry_run_does_not_use_the_key_up(self, trading: None, tmp_path: Path) -> None:
        path = write(tmp_path, "x.csv", ITEM + GOOD)
        duly("import", path, "--key", "monday", "--dry-run")
        assert duly("import", path, "--key", "monday")["batches"][0]["new"] == 1

    @pytest.mark.parametrize("more", ["--accept-partial", "--create-customers"])
    def test_other_options_are_other_input(self, trading: None, tmp_path: Path, more: str) -> None:
        path = write(tmp_path, "x.csv", ITEM + GOOD)
        duly("import", path, "--key", "monday")
        assert duly("import", path, "--key", "monday", more, code=3)["code"] == "KEY_REUSED"

    def test_a_revert_is_repeated_under_its_key(self, trading: None, tmp_path: Path) -> None:
        batch = duly("import", write(tmp_path, "x.csv", ITEM + GOOD))["batches"][0]["id"]
        first = duly("import", "--revert", batch, "--key", "tuesday")
        assert duly("import", "--revert", batch, "--key", "tuesday") == first


class TestRevert:
    def test_a_revert_takes_a_batch_back(self, trading: None, tmp_path: Path) -> None:
        before = duly("aging", "--on", "2026-03-10")
        batch = duly("import", write(tmp_path, "x.csv", ITEM + GOOD))["batches"][0]["id"]
        assert duly("aging", "--on", "2026-03-10") != before
        told = duly("import", "--revert", batch)
        assert (told["reverted"], told["documents"], told["file"]) == (batch, 1, "x.csv")
        assert duly("aging", "--on", "2026-03-10") == before
        assert duly("check")["ok"] is True

    def test_a_dry_run_of_it(self, trading: None, tmp_path: Path) -> None:
        batch = duly("import", write(tmp_path, "x.csv", ITEM + GOOD))["batches"][0]["id"]
        before = row_count()
        assert duly("import", "--revert", batch, "--dry-run")["documents"] == 1
        assert row_count() == before

    def test_what_is_built_upon_is_named(self, trading: None) -> None:
        items = next(b for b in duly("imports")["imports"] if b["kind"] == "items")
        refusal = duly("import", "--revert", items["batch"], code=3)
        assert refusal["code"] == "IMPORT_IN_USE"
        assert [one["what"] for one in refusal["facts"]["depends"]] == ["K-1", "M-1"]

    def test_the_shell_names_it_too(self, trading: None) -> None:
        items = next(b for b in duly("imports")["imports"] if b["kind"] == "items")
        _, _, err = attempt("import", "--revert", items["batch"])
        assert "  K-1: settled in part\n  M-1: settled in part\n" in err

    def test_one_that_is_not_there(self, company: None) -> None:
        assert duly("import", "--revert", 4711, code=3)["code"] == "IMPORT_UNKNOWN"


def test_imports_lists_them_newest_first(trading: None) -> None:
    told = duly("imports")["imports"]
    assert [(one["kind"], one["new"], one["is_reverted"]) for one in told] == [
        ("applications", 2, False),
        ("payments", 3, False),
        ("items", 8, False),
        ("customers", 6, False),
    ]


class TestSnapshot:
    def open_list(self, tmp_path: Path, *gone: str) -> Path:
        rows = ITEMS.strip().splitlines()
        kept = [row for row in rows if row.split(",")[1] not in {"K-1", *gone}]
        lines = [f"{kept[0]},open_amount"]
        for row in kept[1:]:
            lines.append(row + ("," + ("400.00" if ",M-1," in row else row.rsplit(",", 1)[1])))
        return write(tmp_path, "open.csv", "\n".join(lines))

    def test_what_is_missing_is_closed_and_told(self, trading: None, tmp_path: Path) -> None:
        path = self.open_list(tmp_path, "T-CN1")
        dry = duly("import", path, "--kind", "items", "--snapshot", "2026-03-13", "--dry-run")
        assert [(c["number"], c["amount"]) for c in dry["batches"][0]["closing"]] == [
            ("T-CN1", "-80.00")
        ]
        _, out, _ = attempt(
            "import", path, "--kind", "items", "--snapshot", "2026-03-13", "--dry-run"
        )
        assert "T-CN1 of TALLOAKS, -80.00 EUR: missing, so settled elsewhere" in out
        duly("import", path, "--kind", "items", "--snapshot", "2026-03-13")
        items = duly("items", "--customer", "TALLOAKS", "--on", "2026-03-13")["items"]
        assert {one["number"]: one["open"] for one in items} == {"T-1": "780.00", "T-CN1": "0.00"}
        assert duly("check")["ok"] is True

    def test_one_of_tomorrow_is_refused(self, trading: None, tmp_path: Path) -> None:
        tomorrow = today(Entity.objects.get().timezone) + timedelta(days=1)
        path = self.open_list(tmp_path)
        refusal = duly("import", path, "--snapshot", tomorrow, code=3)
        assert refusal["code"] == "SNAPSHOT_IN_FUTURE"
        assert refusal["remedy"] == "Give the day on which the list was exported."
        duly("import", path, "--snapshot", tomorrow - timedelta(days=1))

    def test_too_much_is_refused_unless_said(self, trading: None, tmp_path: Path) -> None:
        path = self.open_list(tmp_path, "M-1", "M-2", "T-1")
        told = duly("import", path, "--snapshot", "2026-03-13", code=3)
        assert told["code"] == "TOO_MUCH_CLOSES"
        duly("import", path, "--snapshot", "2026-03-13", "--accept-closing")
        newest, first = duly("imports")["imports"][:2]
        assert (newest["closed"], first["closed"]) == (3, 0)  # the list lacks three
        assert "3 settled elsewhere" in attempt("imports")[1]


def test_names_like_formulas_stay_names_and_leave_tamed(company: None, tmp_path: Path) -> None:
    name = "=HYPERLINK(1)"
    write(tmp_path, "c.csv", f"customer_id,name\n=1+1,{name}\n")
    write(tmp_path, "i.csv", ITEM + "invoice,N-1,=1+1,EUR,2026-03-01,2026-03-31,10.00\n")
    duly("import", tmp_path / "c.csv", tmp_path / "i.csv")
    (row,) = duly("aging", "--on", "2026-03-02", "--csv", tmp_path / "out.csv")["rows"]
    assert (row["customer"], row["name"]) == ("=1+1", name)
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    cells = [cell.strip('"') for cell in text.splitlines()[1].split(",")]
    assert not [cell for cell in cells if cell[:1] in "=+@"]


def test_several_companies_need_a_name(trading: None, tmp_path: Path) -> None:
    duly("init", "--entity", "Benelux", "--currency", "EUR", "--country", "NL")
    path = write(tmp_path, "c.csv", CUSTOMERS)
    assert duly("import", path, code=3)["code"] == "ENTITY_UNCLEAR"
    assert duly("import", path, "--entity", "benelux")["batches"][0]["new"] == 6
    assert duly("import", path, "--entity", "nobody", code=3)["code"] == "ENTITY_UNKNOWN"
