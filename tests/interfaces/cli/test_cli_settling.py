"""`duly apply`, `unapply`, `void`, `lock`, `check`: what they do and print, how they end."""

from pathlib import Path

import pytest

from building import broken, row_count
from queries.planting import change
from shell import attempt, duly, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trading")]

CODES = ("MERIDIAN", "TALLOAKS")
KINDS = ("invoice", "debit_note")
DAY = ("--on", "2026-03-14")


def open_of(number: str, on: str = "2026-03-14") -> str:
    return next(i["open"] for i in duly("items", "--on", on)["items"] if i["number"] == number)


class TestApply:
    def test_part_of_a_payment_to_two_items(self) -> None:
        told = duly("apply", "P-3", "M-1=40.00", "M-2=15.55", "--customer", "MERIDIAN", *DAY)
        assert told["payment"] == "P-3"
        assert told["applied"] == [
            {"item": "M-1", "amount": "40.00"},
            {"item": "M-2", "amount": "15.55"},
        ]
        assert (open_of("M-1"), open_of("M-2")) == ("360.00", "434.95")
        assert open_of("M-1", "2026-03-13") == "400.00"
        assert duly("check")["ok"] is True

    def test_a_credit_note(self) -> None:
        duly("apply", "T-CN1", "T-1=80.00", *DAY)
        assert (open_of("T-1"), open_of("T-CN1")) == ("700.00", "0.00")

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["P-3", "M-1=55.56", "--customer", "MERIDIAN"], "OVER_APPLIED"),
            (["P-1", "M-1=400.01"], "OVER_APPLIED"),
            (["P-3", "M-1=1.00", "G-1=1.00"], "PAYER_UNKNOWN"),  # of two customers
            (["NONE", "M-1=1.00"], "PAYMENT_UNKNOWN"),
            (["P-1", "NONE=1.00"], "ITEM_UNKNOWN"),
            (["P-1", "T-1=1.00"], "ITEM_UNKNOWN"),
            (["P-3", "M-1=1.00", "--customer", "NOBODY"], "CUSTOMER_UNKNOWN"),
            (["P-3", "G-1=1.000", "--customer", "GULF"], "CURRENCY_DIFFERS"),
            (["P-3", "M-1=1.001", "--customer", "MERIDIAN"], "INVALID_AMOUNT"),
            (["P-3", "M-1", "--customer", "MERIDIAN"], "ITEM_AMOUNT_UNCLEAR"),
            (["P-3", "M-1=", "--customer", "MERIDIAN"], "INVALID_AMOUNT"),
        ],
    )
    def test_what_cannot_be_is_refused(self, arguments: list[str], code: str) -> None:
        before = row_count()
        refusal = duly("apply", *arguments, *DAY, code=3)
        assert refusal["code"] == code
        assert refusal["remedy"]
        assert row_count() == before

    def test_one_bad_line_keeps_the_others_out(self) -> None:
        before = row_count()
        refusal = duly(
            "apply", "P-3", "M-1=10.00", "M-2=50.00", "--customer", "MERIDIAN", *DAY, code=3
        )
        assert refusal["code"] == "OVER_APPLIED"
        assert row_count() == before

    def test_before_the_money_came(self) -> None:
        refusal = duly(
            "apply", "P-3", "M-1=1.00", "--customer", "MERIDIAN", "--on", "2026-03-07", code=3
        )
        assert refusal["code"] == "APPLIED_TOO_EARLY"
        assert refusal["facts"]["earliest"] == "2026-03-08"

    @pytest.mark.parametrize("amount", ["-1.00", "0", "-400.00"])
    def test_nothing_or_less(self, amount: str) -> None:
        duly("apply", "P-3", f"M-2={amount}", "--customer", "MERIDIAN", *DAY, code=3)

    def test_a_dry_run(self) -> None:
        line = ("apply", "P-3", "M-1=40.00", "--customer", "MERIDIAN", *DAY)
        before = row_count()
        dry = duly(*line, "--dry-run")
        assert row_count() == before
        assert duly(*line) == dry

    def test_a_dry_run_is_refused_as_the_act_would_be(self) -> None:
        line = ("apply", "P-3", "M-1=99.00", "--customer", "MERIDIAN", *DAY)
        assert duly(*line, "--dry-run", code=3)["code"] == "OVER_APPLIED"


class TestDiscount:
    """H-1 is 200.00 on 2/10 net 30 of 2026-03-01: 4.00 of discount for money by 2026-03-11."""

    @pytest.fixture(autouse=True)
    def paid(self, trading: None, tmp_path: Path) -> None:
        rows = [f"D-{day},HARBOUR,EUR,2026-03-{day},196.00,HARBOUR,H-1" for day in ("10", "12")]
        header = "payment_id,customer_id,currency,received_on,amount,payer_name,reference"
        duly("import", write(tmp_path, "p.csv", "\n".join([header, *rows])))

    def test_an_earned_one_is_taken(self) -> None:
        line = ("apply", "D-10", "H-1=196.00", *DAY)
        told = duly(*line, "--discount", "--dry-run")
        assert told["applied"] == [{"item": "H-1", "amount": "196.00", "discount": "4.00"}]
        assert (
            "196.00 EUR of D-10 and 4.00 EUR of discount on H-1." in attempt(*line, "--discount")[1]
        )
        assert open_of("H-1") == "0.00"
        assert broken() == {}

    @pytest.mark.parametrize("line", [("D-12", "H-1=196.00"), ("D-10", "H-1=195.99")])
    def test_one_that_is_not_earned(self, line: tuple[str, str]) -> None:
        refusal = duly("apply", *line, "--discount", *DAY, code=3)
        assert refusal["code"] == "DISCOUNT_NOT_EARNED"
        (applied,) = duly("apply", *line, *DAY)["applied"]
        assert "discount_available" not in applied
        assert open_of("H-1") in ("4.00", "4.01")

    def test_one_that_could_be_taken_is_told(self) -> None:
        line = ("apply", "D-10", "H-1=196.00", *DAY)
        (applied,) = duly(*line, "--dry-run")["applied"]
        assert applied["discount_available"] == "4.00"
        assert "The terms grant the rest, 4.00 EUR, as a discount" in attempt(*line)[1]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("apply", "P-3", "M-1=1.00", "--customer", "MERIDIAN", *DAY), "would be applied on M-1"),
        (("unapply", "P-1", *DAY), "1 application of P-1 would be taken back."),
        (("void", "M-2", "--customer", "MERIDIAN", *DAY), "M-2 would be void"),
        (("lock", "2026-01-31"), "Northwind Packaging: would be closed through 2026-01-31."),
        (("lock", "--open"), "Northwind Packaging: would be open in every period."),
        (("import", "--revert", "4"), "(applications.csv) would be taken back."),
    ],
)
def test_a_dry_run_says_that_it_is_one(line: tuple[str, ...], told: str) -> None:
    if line[0] == "import":
        line = (*line[:2], str(duly("imports")["imports"][0]["batch"]))
    _, out, _ = attempt(*line, "--dry-run")
    assert told in out
    assert out.endswith("nothing is written.\n")


def test_the_lock_that_stands_is_told_as_it_is() -> None:
    assert attempt("lock", "--dry-run")[1] == "Northwind Packaging: open in every period.\n"


class TestKeys:
    """The same key and the same input return the first result; nothing is done twice."""

    def test_apply(self) -> None:
        line = ("apply", "P-3", "M-1=40.00", "--customer", "MERIDIAN", *DAY, "--key", "k")
        first = duly(*line)
        assert duly(*line) == first
        assert open_of("M-1") == "360.00"
        assert duly(*line[:2], "M-1=41.00", *line[3:], code=3)["code"] == "KEY_REUSED"

    def test_apply_for_another_customer(self, tmp_path: Path) -> None:
        rows = [f"invoice,X,{code},EUR,2026-03-01,2026-03-31,9.00" for code in CODES]
        header = "kind,number,customer_id,currency,issued_on,due_on,amount"
        duly("import", write(tmp_path, "x.csv", "\n".join([header, *rows])))
        line = ("apply", "P-3", "X=1.00", *DAY, "--key", "k", "--customer")
        duly(*line, CODES[0])
        assert duly(*line, CODES[1], code=3)["code"] == "KEY_REUSED"

    def test_unapply(self) -> None:
        line = ("unapply", "P-1", *DAY, "--key", "k")
        first = duly(*line)
        assert duly(*line) == first

    def test_void(self) -> None:
        line = ("void", "M-2", "--customer", "MERIDIAN", *DAY, "--key", "k")
        first = duly(*line)
        assert duly(*line) == first

    def test_a_day_that_was_not_said_is_no_other_input_on_the_next(self) -> None:
        """Repeated after midnight, the act is the same, and told on the day it was done."""
        from dataclasses import replace
        from datetime import UTC, datetime, timedelta

        from duly.interfaces.exchange.settling import Asked, void_by_number

        night = Asked(actor="test", at=datetime(2026, 3, 14, 22, 59, tzinfo=UTC), key="k")
        first = void_by_number(night, customer="MERIDIAN", number="M-2")
        assert first["on"] == "2026-03-14"
        morning = replace(night, at=night.at + timedelta(hours=8))
        assert void_by_number(morning, customer="MERIDIAN", number="M-2") == first

    def test_lock(self) -> None:
        line = ("lock", "2026-01-31", "--key", "k")
        first = duly(*line)
        duly("lock", "2026-02-28")
        assert duly(*line) == first
        assert duly("lock")["locked_through"] == "2026-02-28"

    def test_init(self) -> None:
        line = ("init", "--entity", "B", "--currency", "EUR", "--country", "NL", "--key", "k")
        assert duly(*line) == duly(*line)


class TestUnapply:
    def test_all_of_a_payment(self) -> None:
        told = duly("unapply", "P-1", *DAY)
        assert told == {"payment": "P-1", "taken_back": 1, "on": "2026-03-14"}
        assert (open_of("M-1"), open_of("M-1", "2026-03-13")) == ("1000.00", "400.00")
        assert duly("unapply", "P-1", *DAY, code=3)["code"] == "NOTHING_APPLIED"

    def test_one_item_of_it(self) -> None:
        duly("apply", "P-3", "M-1=1.00", "M-2=2.00", "--customer", "MERIDIAN", *DAY)
        duly("unapply", "P-3", "M-2", *DAY)
        assert (open_of("M-1"), open_of("M-2")) == ("399.00", "450.50")
        assert duly("unapply", "P-3", "M-2", *DAY, code=3)["code"] == "NOTHING_APPLIED"

    def test_of_what_is_not_there(self) -> None:
        assert duly("unapply", "NONE", *DAY, code=3)["code"] == "PAYMENT_UNKNOWN"

    def test_a_day_before_it_was_applied(self) -> None:
        """Refused, or told on the day on which it was booked."""
        status, out, _ = attempt("unapply", "P-1", "--on", "2026-02-01", "--json")
        assert status == 3 or '"2026-02-21"' in out

    def test_a_dry_run(self) -> None:
        before = row_count()
        assert duly("unapply", "P-1", *DAY, "--dry-run")["taken_back"] == 1
        assert row_count() == before


class TestGroup:
    """A credit note may settle what another member of its group owes."""

    @pytest.fixture(autouse=True)
    def group(self, trading: None, tmp_path: Path) -> None:
        rows = ["customer_id,name,parent_id", "GROUP,Oaks Group,", "TALLOAKS,Tall Oaks,GROUP"]
        duly("import", write(tmp_path, "g.csv", "\n".join([*rows, "MERIDIAN,Meridian,GROUP"])))

    def test_a_credit_note_of_another_member(self) -> None:
        line = ("apply", "T-CN1", "M-1=50.00")
        assert duly(*line, *DAY, code=3)["code"] == "ITEM_UNKNOWN"  # nobody said whose
        duly(*line, "--customer", "MERIDIAN", *DAY)
        assert (open_of("M-1"), open_of("T-CN1")) == ("350.00", "30.00")
        assert duly("check")["ok"] is True
        back = ("unapply", "T-CN1", "M-1", *DAY)
        assert duly(*back, "--customer", "MERIDIAN")["taken_back"] == 1
        duly(*line, "--customer", "MERIDIAN", *DAY)
        assert duly(*back, "--customer", "TALLOAKS")["taken_back"] == 1
        assert broken() == {}

    def test_one_s_own_credit_note_comes_first(self, tmp_path: Path) -> None:
        header = "kind,number,customer_id,currency,issued_on,amount"
        row = "credit_note,T-CN1,MERIDIAN,EUR,2026-03-01,5.00"
        duly("import", write(tmp_path, "x.csv", f"{header}\n{row}"))
        duly("apply", "T-CN1", "M-1=5.00", "--customer", "MERIDIAN", *DAY)
        assert duly("apply", "T-CN1", "K-1=1", "--customer", "KOBO", *DAY, code=3)["code"] == (
            "PAYMENT_UNKNOWN"
        )
        duly("apply", "T-CN1", "T-1=80.00", "--customer", "TALLOAKS", *DAY)
        assert broken() == {}

    def test_of_several_members_it_is_asked_whose(self, tmp_path: Path) -> None:
        header = "kind,number,customer_id,currency,issued_on,due_on,amount"
        rows = ["invoice,G-9,GROUP,EUR,2026-03-01,2026-03-31,9.00"]
        rows += ["credit_note,T-CN1,MERIDIAN,EUR,2026-03-01,,5.00"]
        duly("import", write(tmp_path, "x.csv", "\n".join([header, *rows])))
        refusal = duly("apply", "T-CN1", "G-9=5.00", "--customer", "GROUP", *DAY, code=3)
        assert refusal["facts"]["customers"] == ["MERIDIAN", "TALLOAKS"]


class TestNumbersOfSeveral:
    """A number that several documents have is never guessed at."""

    @pytest.fixture(autouse=True)
    def several(self, trading: None, tmp_path: Path) -> None:
        rows = [f"credit_note,X,{code},EUR,2026-03-01,,5.00" for code in CODES]
        rows += [f"{kind},X,MERIDIAN,EUR,2026-03-01,2026-03-31,9.00" for kind in KINDS]
        rows += ["invoice,X,TALLOAKS,EUR,2026-03-01,2026-03-31,9.00"]
        header = "kind,number,customer_id,currency,issued_on,due_on,amount"
        duly("import", write(tmp_path, "x.csv", "\n".join([header, *rows])))

    def test_whose_credit_note(self) -> None:
        assert duly("apply", "X", "M-1=5.00", *DAY, code=3)["code"] == "NUMBER_UNCLEAR"
        duly("apply", "X", "M-1=5.00", "--customer", "MERIDIAN", *DAY)
        refusal = duly("unapply", "X", *DAY, code=3)
        assert (refusal["code"], refusal["facts"]["customers"]) == (
            "NUMBER_UNCLEAR",
            ["MERIDIAN", "TALLOAKS"],
        )
        line = ("unapply", "X", *DAY, "--customer")
        assert duly(*line, "TALLOAKS", code=3)["code"] == "NOTHING_APPLIED"
        assert duly(*line, "MERIDIAN")["taken_back"] == 1

    def test_which_item(self) -> None:
        line = ("apply", "P-3", "X=9.00", "--customer", "MERIDIAN", *DAY)
        refusal = duly(*line, code=3)
        assert (refusal["code"], refusal["facts"]["kinds"]) == (
            "NUMBER_UNCLEAR",
            ["debit_note", "invoice"],
        )
        for kind in KINDS:
            duly(*line, "--kind", kind)
        assert duly("unapply", "P-3", "X", *DAY, code=3)["code"] == "NUMBER_UNCLEAR"
        assert duly("unapply", "P-3", "X", "--kind", "invoice", *DAY)["taken_back"] == 1
        assert duly("unapply", "P-3", "X", *DAY)["taken_back"] == 1

    def test_whose_item(self) -> None:
        """One payment may settle items of two customers, a parent and its subsidiary."""
        for code in CODES:
            line = ("apply", "P-3", "X=1.00", "--customer", code, "--kind", "invoice", *DAY)
            duly(*line)
        assert duly("unapply", "P-3", "X", *DAY, code=3)["code"] == "NUMBER_UNCLEAR"
        assert duly("unapply", "P-3", "X", "--customer", "TALLOAKS", *DAY)["taken_back"] == 1

    def test_which_document_is_void(self) -> None:
        line = ("void", "X", "--customer", "MERIDIAN", *DAY)
        assert duly(*line, code=3)["facts"]["kinds"] == ["credit_note", "debit_note", "invoice"]
        for kind in ("credit_note", "invoice"):
            duly(*line, "--kind", kind)
        duly(*line)
        assert duly(*line, code=3)["code"] == "ALREADY_VOID"
        assert broken() == {}


class TestVoid:
    def test_a_document(self) -> None:
        told = duly("void", "M-2", "--customer", "MERIDIAN", *DAY)
        assert told["voided"] == "M-2"
        assert (open_of("M-2"), open_of("M-2", "2026-03-13")) == ("0.00", "450.50")
        states = {i["number"]: i["state"] for i in duly("items", *DAY)["items"]}
        assert states["M-2"] == "void"
        assert duly("check")["ok"] is True

    def test_one_that_is_settled_in_part(self) -> None:
        refusal = duly("void", "M-1", "--customer", "MERIDIAN", *DAY, code=3)
        assert (refusal["code"], refusal["facts"]["settled"]) == ("ITEM_SETTLED", "600.00")

    def test_one_that_is_not_there(self) -> None:
        assert duly("void", "X", "--customer", "MERIDIAN", code=3)["code"] == "ITEM_UNKNOWN"
        assert duly("void", "M-2", "--customer", "X", code=3)["code"] == "CUSTOMER_UNKNOWN"

    def test_one_that_is_void_already(self) -> None:
        line = ("void", "M-2", "--customer", "MERIDIAN", *DAY)
        duly(*line)
        refusal = duly(*line, code=3)
        assert (refusal["code"], refusal["message"]) == (
            "ALREADY_VOID",
            "M-2 of MERIDIAN is void already.",
        )
        assert duly(*line, "--kind", "credit_note", code=3)["code"] == "ITEM_UNKNOWN"

    def test_a_dry_run(self) -> None:
        before = row_count()
        duly("void", "M-2", "--customer", "MERIDIAN", *DAY, "--dry-run")
        assert row_count() == before


class TestLock:
    def test_a_closed_month_refuses(self) -> None:
        assert duly("lock")["locked_through"] is None
        told = duly("lock", "2026-02-28")
        assert told == {"entity": "Northwind Packaging", "locked_through": "2026-02-28"}
        for line in (("unapply", "P-1"), ("void", "M-2", "--customer", "MERIDIAN")):
            refusal = duly(*line, "--on", "2026-02-28", code=3)
            assert refusal["code"] == "PERIOD_LOCKED"
            assert refusal["facts"]["locked_through"] == "2026-02-28"
        duly("lock", "--open")
        assert duly("unapply", "P-1", "--on", "2026-02-28")["taken_back"] == 1

    def test_a_dry_run(self) -> None:
        assert duly("lock", "2026-02-28", "--dry-run")["locked_through"] == "2026-02-28"
        assert duly("lock")["locked_through"] is None

    def test_an_earlier_day_opens_nothing(self) -> None:
        duly("lock", "2026-03-31")
        duly("lock", "2026-01-31", code=3)
        assert duly("lock")["locked_through"] == "2026-03-31"


class TestCheck:
    def test_books_that_hold(self) -> None:
        told = duly("check")
        assert told["ok"] is True
        assert [one["id"] for one in told["invariants"]] == [
            "I1",
            "I2",
            "I3",
            "I4",
            "I5",
            "I6",
            "I7",
            "I9",
            "I14",
            "I15",
            "I16",
            "I18",
            "I19",
            "I20",
        ]
        for one in told["invariants"]:
            assert set(one) == {"id", "title", "checked", "violations"}
            assert one["violations"] == []
        assert broken() == {}

    def test_the_head_to_compare_a_copy_with(self) -> None:
        from duly.ledger.queries import latest_seal

        sequence, digest = latest_seal()
        assert sequence > 0
        assert duly("check")["head"] == {"sequence": sequence, "digest": digest}
        assert f"The chain of seals ends with {sequence} {digest}" in attempt("check")[1]

    def test_books_that_do_not(self) -> None:
        from duly.receivables.models import Item

        change("receivables_item", Item.objects.earliest("id").pk, due_on="2027-01-01")
        status, out, _ = attempt("check")
        assert status == 3
        assert "BROKEN  I7" in out
        told = duly("check", code=3)
        assert told["ok"] is False
        (seals,) = [one for one in told["invariants"] if one["id"] == "I7"]
        assert seals["violations"][0]["table"] == "receivables_item"


@pytest.mark.parametrize(
    "line",
    [
        ["aging", "--on", "yesterday"],
        ["aging", "--basis", "posting"],
        ["nothing"],
        ["lock", "31.12.2026"],
        ["import", "--kind", "letters", "x.csv"],
        ["apply", "P-1"],
        [],
    ],
)
def test_a_wrong_command_line_ends_with_2(line: list[str]) -> None:
    status, out, err = attempt(*line)
    assert (status, out) == (2, "")
    assert "usage" in err
