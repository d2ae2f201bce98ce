"""Finance charges of a month: charged once, by day and balance, off unless switched on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from duly.access.actions import Author, add_user
from duly.access.errors import AuthorityExceeded
from duly.collections.actions.charging import run_charges
from duly.collections.actions.offering import Price, offer_discounts
from duly.collections.actions.relieving import ask_waiver, decide_waiver, waive_charge
from duly.collections.models import Charge, ChargeRelief
from duly.interfaces.jobs.proving import prove_books
from duly.parties.queries import entity
from duly.receivables.models import Item
from duly.receivables.queries.standing import item_facts
from shell import duly, write

pytestmark = pytest.mark.django_db

ITEMS = "kind,number,customer_id,currency,issued_on,due_on,amount"
MARCH = "2026-03"


class House:
    """A company in the United Kingdom with two customers, told through the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._files = folder, 0
        duly("init", "--entity", "Northwind", "--currency", "GBP", "--country", "GB")
        self.take(
            "customer_id,name,country,currency,segment",
            "A,Alpha,GB,GBP,large",
            "B,Beta,GB,GBP,small",
        )

    def take(self, header: str, *rows: str) -> None:
        self._files += 1
        duly("import", write(self.folder, f"{self._files}.csv", "\n".join([header, *rows])))

    def invoice(self, number: str, due: str, amount: str, customer: str = "A", **more: str) -> None:
        kind, currency = more.get("kind", "invoice"), more.get("currency", "GBP")
        issued = more.get("issued", "2025-12-01")
        self.take(ITEMS, f"{kind},{number},{customer},{currency},{issued},{due},{amount}")

    def payment(self, number: str, amount: str, on: str, item: str = "", applied: str = "") -> None:
        self.take(
            "payment_id,customer_id,currency,received_on,amount", f"{number},A,GBP,{on},{amount}"
        )
        if item:
            duly("apply", number, f"{item}={amount}", "--on", applied or on)

    def on(self, *knobs: str, **where: str) -> dict[str, Any]:
        more = [text for name, value in where.items() for text in (f"--{name}", value)]
        return duly("charge", "policy", *knobs, "--from", "2026-01", *more)

    def run(self, month: str = MARCH, *more: str, code: int = 0) -> dict[str, Any]:
        return duly("charge", "run", "--month", month, *more, code=code)

    def lines(self, month: str = MARCH, *more: str) -> list[dict[str, Any]]:
        """The lines of what a run charges."""
        return [line for one in self.run(month, *more)["charges"] for line in one["lines"]]

    def amounts(self, month: str = MARCH, *more: str) -> dict[tuple[str, str], str]:
        """{(item, kind): amount} of what a run charges."""
        rows = self.lines(month, *more)
        return {(one["item"], one["kind"]): one["amount"] for one in rows}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@contextmanager
def queries() -> Iterator[list[int]]:
    counted: list[int] = []
    with CaptureQueriesContext(connection) as captured:
        yield counted
    counted.append(len(captured))


def holds() -> None:
    """Every proof of the books holds."""
    assert [proof.id for proof in prove_books() if proof.violations] == []


class TestOnceAMonth:
    def test_nobody_is_charged_unless_it_is_switched_on(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        told = house.run()
        assert (told["charged"], told["charges"]) == ({"documents": 0, "lines": 0}, [])

    def test_a_charge_opens_to_item_days_balance_rate_and_law(self, house: House) -> None:
        """31 days of March at 3.75 + 8 on 10,000; the rate of the day on which interest began."""
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute")
        (line,) = house.lines()
        assert line == {
            "item": "I1",
            "kind": "interest",
            "from": "2026-03-01",
            "to": "2026-03-31",
            "days": 31,
            "amount": "99.79",
            "basis": "statute GB",
            "day_count": "365",
            "balances": [{"from": "2026-03-01", "to": "2026-03-31", "balance": "10000.00"}],
            "rates": [{"from": "2026-03-01", "to": "2026-03-31", "percent": "11.75"}],
            "unverified": "",
        }

    def test_however_often_it_runs_it_charges_once(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute", "fixed_sums=true")
        house.run()
        one = entity(None)
        for _ in range(20):
            ran = run_charges(
                entity=one,
                month_on=date(2026, 3, 1),
                today=date(2026, 11, 28),
                author=Author("t", one.created_at),
            )
            assert (ran.batch_id, ran.lines) == (None, 0)
        assert Charge.objects.count() == 2
        holds()

    def test_a_dry_run_tells_the_same_and_writes_nothing(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute")
        told = house.run(MARCH, "--dry-run")
        assert (told["totals"], Charge.objects.count()) == ({"GBP": "99.79"}, 0)
        assert house.run()["totals"] == told["totals"]

    def test_it_is_an_open_item_of_its_own_and_never_charged_itself(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute")
        number = house.run()["charges"][0]["number"]
        items = {
            row["number"]: row for row in duly("items", "--open", "--on", "2026-04-30")["items"]
        }
        assert (items[number]["kind"], items[number]["open"]) == ("charge", "99.79")
        assert {key[0] for key in house.amounts("2026-04")} == {"I1"}
        aging = duly("aging", "--on", "2026-04-30")
        assert aging["tie_out"]["GBP"]["difference"] == "0.00"
        holds()

    def test_lines_of_a_customer_stand_on_one_document_a_currency(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "1000.00")
        house.invoice("I2", "2026-01-20", "2000.00")
        house.invoice("E1", "2026-01-20", "3000.00", currency="EUR")
        house.on("basis=statute")
        told = house.run()["charges"]
        assert sorted((one["currency"], len(one["lines"])) for one in told) == [
            ("EUR", 1),
            ("GBP", 2),
        ]

    def test_reads_are_constant(self, house: House) -> None:
        house.on("basis=statute", "fixed_sums=true")
        counts = []
        for size in (1, 12):
            rows = [f"invoice,Q{size}-{n},A,GBP,2025-12-01,2026-01-15,100.00" for n in range(size)]
            house.take(ITEMS, *rows)
            house.run("2026-02", "--dry-run")
            one = entity(None)
            with transaction.atomic(), queries() as counted:
                run_charges(
                    entity=one,
                    month_on=date(2026, 2, 1),
                    today=date(2026, 11, 28),
                    author=Author("t", one.created_at),
                )
                transaction.set_rollback(True)
            counts += counted
        assert counts[0] == counts[1]

    def test_charges_refuse_to_be_changed(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute")
        house.run()
        with pytest.raises(DatabaseError), transaction.atomic():
            Charge.objects.update(amount_minor=1)


class TestDailyBalance:
    def test_interest_runs_on_the_balance_between_part_payments(self, house: House) -> None:
        """B5. 10,000 for 15 days and 4,000 for 16: 48.29 + 20.60, rounded once."""
        house.invoice("I1", "2026-01-15", "10000.00")
        house.payment("P1", "6000.00", "2026-03-15", "I1", applied="2026-04-02")
        house.on("basis=statute")
        (line,) = house.lines()
        assert [(one["to"], one["balance"]) for one in line["balances"]] == [
            ("2026-03-15", "10000.00"),
            ("2026-03-31", "4000.00"),
        ]
        assert line["amount"] == "68.89"

    def test_l_04_two_months_and_a_payment_on_the_way(self, house: House) -> None:
        """L-04 month by month: 16 + 31 + 15 days at 12.25 are 104.04 together."""
        house.invoice("I1", "2025-12-15", "5000.00")
        house.payment("P1", "5000.00", "2026-02-15", "I1", applied="2026-02-20")
        duly("charge", "policy", "basis=statute", "--from", "2025-12")
        months = ("2025-12", "2026-01", "2026-02", "2026-03")
        found = [house.amounts(one).get(("I1", "interest")) for one in months]
        assert found == ["26.85", "52.02", "25.17", None]

    def test_what_was_paid_in_time_bears_nothing_however_late_it_is_applied(
        self, house: House
    ) -> None:
        house.invoice("I1", "2026-03-10", "1000.00")
        house.payment("P1", "1000.00", "2026-03-09", "I1", applied="2026-04-20")
        house.on("basis=statute")
        assert house.lines() == []

    def test_money_that_waits_keeps_a_customer_out_until_it_is_applied(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.payment("P1", "500.00", "2026-03-30")
        house.on("basis=statute")
        (skipped,) = house.run()["skipped"]
        assert (skipped["customer"], skipped["why"]["code"]) == ("A", "money_waits")
        duly("apply", "P1", "I1=500.00", "--on", "2026-04-05")
        assert house.amounts() == {("I1", "interest"): "99.63"}

    def test_grace_least_and_caps(self, house: House) -> None:
        house.invoice("I1", "2026-03-20", "1000.00")
        house.on("basis=statute", "grace_days=5")
        (line,) = house.lines(MARCH, "--dry-run")
        assert (line["from"], line["amount"]) == ("2026-03-26", "1.93")
        house.on("grace_days=0", "cap_percent=5")
        assert house.amounts(MARCH, "--dry-run") == {("I1", "interest"): "1.51"}
        house.on("cap_percent=", "cap_share=0.1")
        assert house.amounts() == {("I1", "interest"): "1.00"}
        assert house.lines("2026-04") == []
        house.on("cap_share=", "least=25")
        assert house.run("2026-05")["skipped"][0]["why"]["code"] == "below_least"

    def test_days_of_insolvency_bear_nothing(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        duly("block", "add", "A", "--kind", "legal", "--reason", "filed", "--on", "2026-03-11")
        house.on("basis=statute")
        (line,) = house.lines()
        assert (line["to"], line["days"]) == ("2026-03-10", 10)


class TestTermsAndStatute:
    def test_terms_count_for_what_was_issued_since_they_were_signed(self, house: House) -> None:
        """K-04's rate by signed terms; what was issued before is left alone."""
        house.invoice("OLD", "2026-01-15", "12500.00", issued="2025-11-30")
        house.invoice("NEW", "2026-01-15", "12500.00")
        house.on("basis=terms", "signed_on=2025-12-01", "rate=18", "day_count=360", customer="A")
        assert house.amounts() == {("NEW", "interest"): "193.75"}

    def test_own_table_over_three_periods(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "36500.00")
        path = write(house.folder, "own.toml", OWN)
        duly("rates", "add", path)
        house.on("basis=terms", "signed_on=2025-12-01", "rate=2", "table=house")
        (line,) = house.lines()
        assert [one["percent"] for one in line["rates"]] == ["12", "22", "32"]
        assert (line["amount"], line["unverified"]) == ("692.00", "house")

    def test_a_customer_s_knobs_go_before_its_segment_s(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.invoice("I2", "2026-01-15", "10000.00", customer="B")
        house.on("basis=statute")
        house.on("party=consumer", segment="small")
        told = house.run()
        assert [one["customer"] for one in told["charges"]] == ["A"]
        assert [one["why"]["code"] for one in told["skipped"]] == ["consumer"]
        house.on("party=business", customer="B")
        assert [one["customer"] for one in house.run()["charges"]] == ["B"]

    def test_whoever_is_told_to_be_a_consumer_is_not_charged_by_statute(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute")
        duly("laws", "debtor", "A", "--kind", "consumer")
        told = house.run()
        assert told["charges"] == []
        assert [one["why"]["code"] for one in told["skipped"]] == ["consumer"]

    def test_fixed_sums_are_charged_once_an_invoice(self, house: House) -> None:
        """Bands: 999.99 -> 40, 1,000 -> 70, 10,000 -> 100."""
        for number, amount in (("I1", "999.99"), ("I2", "1000.00"), ("I3", "10000.00")):
            house.invoice(number, "2026-01-15", amount)
        house.on("basis=statute", "fixed_sums=true")
        found = house.amounts()
        fixed = {item: sum_ for (item, kind), sum_ in found.items() if kind == "fixed_sum"}
        assert fixed == {"I1": "40.00", "I2": "70.00", "I3": "100.00"}
        assert {kind for _, kind in house.amounts("2026-04")} == {"interest"}

    def test_a_fixed_sum_is_no_amount_of_another_currency(self, house: House) -> None:
        house.invoice("E1", "2026-01-15", "1000.00", currency="EUR")
        house.on("basis=statute", "fixed_sums=true")
        assert {kind for _, kind in house.amounts()} == {"interest"}


def _period(first: str, last: str, percent: str, verified: str = "true") -> str:
    told = f'from = {first}, to = {last}, percent = "{percent}", source = "s"'
    return f'  {{ {told}, checked = "2026-03", verified = {verified} }},'


OWN = "\n".join(
    [
        *("[[table]]", 'id = "house"', 'name = "House rate"', "periods = ["),
        _period("2026-01-01", "2026-03-10", "10"),
        _period("2026-03-11", "2026-03-20", "20"),
        _period("2026-03-21", "2026-06-30", "30", "false"),
        "]",
    ]
)


class TestDisputes:
    def _disputed(self, house: House, amount: str, on: str) -> int:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute")
        told = duly(
            "dispute", "add", "I1", "--customer", "A", "--amount", amount, "--reason", "price",
            "--on", on,
        )  # fmt: skip
        number: int = told["disputes"][0]["id"]
        return number

    def test_a_disputed_part_bears_nothing_while_it_is_open(self, house: House) -> None:
        self._disputed(house, "4000.00", "2026-03-11")
        (line,) = house.lines()
        assert [one["balance"] for one in line["balances"]] == ["10000.00", "6000.00"]

    def test_without_right_it_is_charged_after_all(self, house: House) -> None:
        number = self._disputed(house, "4000.00", "2026-03-11")
        house.run()
        duly("dispute", "close", number, "--as", "invalid", "--on", "2026-04-11")
        found = {one["kind"]: one for one in house.lines("2026-04")}
        days = [found["dispute"]["from"], found["dispute"]["to"], found["dispute"]["days"]]
        assert days == ["2026-03-11", "2026-04-10", 31]
        # 4,000 x 31 days at 11.75; April on 6,000 for 10 days and 10,000 for 20.
        assert (found["dispute"]["amount"], found["interest"]["amount"]) == ("39.92", "83.70")
        assert house.lines("2026-04") == []

    def _denied(self, house: House, *paid: tuple[str, str], credit: str = "") -> dict[str, Any]:
        """1,000 due on 1 July at 18 %, disputed whole on the 2nd until 20 October; its line."""
        house.invoice("I1", "2026-07-01", "1000.00")
        house.on("basis=terms", "signed_on=2025-12-01", "rate=18")
        told = duly(
            "dispute", "add", "I1", "--customer", "A", "--amount", "1000.00", "--reason", "price",
            "--on", "2026-07-02",
        )  # fmt: skip
        for amount, on in paid:
            house.payment(f"P-{on}", amount, on, "I1")
        partly = ("--as", "partly", "--credit", credit, "--issue")
        verdict = partly if credit else ("--as", "invalid")
        duly("dispute", "close", told["disputes"][0]["id"], *verdict, "--on", "2026-10-20")
        (line,) = (one for one in house.lines("2026-10") if one["kind"] == "dispute")
        return line

    def test_without_right_it_bears_only_on_what_was_open_by_day(self, house: House) -> None:
        """1,000 for 9 days, 100 for 101: 4.44 + 4.98, rounded once; never 54.25."""
        line = self._denied(house, ("900.00", "2026-07-10"))
        assert line["balances"] == [
            {"from": "2026-07-02", "to": "2026-07-10", "balance": "1000.00"},
            {"from": "2026-07-11", "to": "2026-10-19", "balance": "100.00"},
        ]
        assert line["amount"] == "9.42"
        assert house.lines("2026-10") == []

    def test_what_was_paid_whole_before_the_verdict_s_month_bears_until_then(
        self, house: House
    ) -> None:
        line = self._denied(house, ("1000.00", "2026-07-10"))
        assert (line["to"], line["amount"]) == ("2026-07-10", "4.44")

    def test_what_was_found_right_of_it_is_not_open(self, house: House) -> None:
        """Of 1,000 are 300 credited: 700 for 9 days, and 200 once 500 are paid."""
        line = self._denied(house, ("500.00", "2026-07-10"), credit="300.00")
        assert [one["balance"] for one in line["balances"]] == ["700.00", "200.00"]

    def test_with_right_what_it_was_charged_before_comes_off(self, house: House) -> None:
        """Interest of March is charged on 10,000; 4,000 of it proves not owed."""
        number = self._disputed(house, "4000.00", "2026-04-01")
        (charge,) = house.run()["charges"]
        assert charge["amount"] == "99.79"
        duly("dispute", "close", number, "--as", "valid", "--issue", "--on", "2026-04-11")
        told = house.run("2026-04")
        assert [(one["dispute"], one["amount"]) for one in told["removed"]] == [(number, "39.91")]
        shown = duly("charge", "show", charge["number"])["charge"]
        assert (shown["open"], shown["reliefs"][0]["kind"]) == ("59.88", "removed")
        assert house.run("2026-04")["removed"] == []
        holds()

    def test_a_month_that_is_run_after_the_verdict_comes_off_too(self, house: House) -> None:
        """36.06 of February's first; 39.91 of March's, once that is charged."""
        number = self._disputed(house, "4000.00", "2026-04-01")
        house.run("2026-02")
        duly("dispute", "close", number, "--as", "valid", "--issue", "--on", "2026-04-11")
        assert [one["amount"] for one in house.run("2026-04")["removed"]] == ["36.06"]
        (charge,) = house.run()["charges"]
        (removed,) = house.run("2026-04")["removed"]
        assert (removed["dispute"], removed["amount"]) == (number, "39.91")
        shown = duly("charge", "show", charge["number"])["charge"]
        assert shown["open"] == "59.88"
        assert house.run("2026-05")["removed"] == []
        holds()


class TestReliefs:
    def _charged(self, house: House) -> str:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute")
        number: str = house.run()["charges"][0]["number"]
        return number

    def test_what_is_waived_is_not_charged_again(self, house: House) -> None:
        number = self._charged(house)
        duly(
            "charge",
            "waive",
            number,
            "--amount",
            "9.79",
            "--reason",
            "goodwill",
            "--on",
            "2026-04-02",
        )
        told = duly("charge", "waive", number, "--reason", "goodwill", "--on", "2026-04-03")
        (charge,) = told["charges"]
        assert (charge["open"], charge["state"]) == ("0.00", "waived")
        assert [one["amount"] for one in charge["reliefs"]] == ["9.79", "90.00"]
        assert house.lines() == []
        refused = duly("charge", "waive", number, "--reason", "more", code=3)
        assert refused["code"] == "CHARGE_GONE"
        holds()

    def test_parts_are_held_against_the_authority_together(self, house: House) -> None:
        number, one = self._charged(house), entity(None)
        for name, role in (("mia", "manager"), ("cora", "collector")):
            add_user(
                email=f"{name}@firm.example",
                name=name,
                role=role,
                password=None,
                at=one.created_at,
            )
        duly("authority", "set", "manager", "credit", "GBP", "50.00")
        mia, cora = (Author(f"{name}@firm.example", one.created_at) for name in ("mia", "cora"))
        given = {"entity": one, "number": number, "reason": "goodwill"}
        on = date(2026, 4, 2)
        waive_charge(**given, minor=30_00, on=on, author=mia)
        waive_charge(**given, minor=20_00, on=on, author=mia)
        with pytest.raises(AuthorityExceeded):
            waive_charge(**given, minor=1, on=on, author=mia)
        asked = ask_waiver(**given, minor=1, author=cora)
        with pytest.raises(AuthorityExceeded):
            decide_waiver(entity=one, approval_id=asked.pk, is_approved=True, on=on, author=mia)

    def test_what_is_reversed_is_charged_anew(self, house: House) -> None:
        number = self._charged(house)
        told = duly("charge", "reverse", number, "--reason", "wrong rate", "--on", "2026-04-02")
        assert told["charges"][0]["state"] == "reversed"
        assert house.amounts() == {("I1", "interest"): "99.79"}
        assert ChargeRelief.objects.get().kind == "reversed"
        assert Item.objects.filter(open_minor=99_79).count() == 1
        holds()

    def test_a_charge_that_is_partly_settled_is_not_reversed(self, house: House) -> None:
        number = self._charged(house)
        house.payment("P1", "9.79", "2026-04-02", number)
        refused = duly("charge", "reverse", number, "--reason", "x", code=3)
        assert refused["code"] == "CHARGE_GONE"

    def test_a_charge_is_paid_like_any_item(self, house: House) -> None:
        number = self._charged(house)
        house.payment("P1", "99.79", "2026-04-02", number)
        assert duly("charge", "list")["charges"][0]["state"] == "paid"

    def test_it_is_not_voided_and_no_snapshot_closes_it(self, house: House) -> None:
        number = self._charged(house)
        refused = duly("void", number, "--customer", "A", "--kind", "charge", code=3)
        assert refused["code"] == "CHARGE_NOT_VOIDED"
        path = write(
            house.folder,
            "snap.csv",
            f"{ITEMS}\ninvoice,I1,A,GBP,2025-12-01,2026-01-15,10000.00",
        )
        duly("import", path, "--snapshot", "2026-04-30")
        assert duly("charge", "show", number)["charge"]["open"] == "99.79"


class TestRefused:
    def test_a_month_that_is_not_over(self, house: House) -> None:
        month = (date.today() + timedelta(days=40)).strftime("%Y-%m")
        assert house.run(month, code=3)["code"] == "CHARGE_PERIOD_UNFIT"
        refused = house.run(MARCH, "--on", "2026-03-30", code=3)
        assert refused["code"] == "CHARGE_PERIOD_UNFIT"

    def test_a_month_that_is_closed(self, house: House) -> None:
        house.invoice("I1", "2026-01-15", "10000.00")
        house.on("basis=statute")
        duly("lock", "2026-04-30")
        assert house.run(code=3)["code"] == "PERIOD_LOCKED"
        assert house.amounts(MARCH, "--on", "2026-05-01") == {("I1", "interest"): "99.79"}

    def test_a_day_without_a_rate_names_table_and_day(self, house: House) -> None:
        house.invoice("I1", "2008-11-15", "10000.00", issued="2008-10-01")
        duly("charge", "policy", "basis=statute", "--from", "2008-12")
        refused = house.run("2008-12", code=3)
        assert refused["code"] == "REFERENCE_RATE_MISSING"
        assert (refused["facts"]["table"], refused["facts"]["day"]) == (
            "uk-reference",
            "2008-11-16",
        )

    @pytest.mark.parametrize(
        ("knobs", "code"),
        [
            (["basis=statute", "law=BR"], "LAW_UNKNOWN"),
            (["basis=statute", "law=IN"], "CHARGING_UNFIT"),
            (["basis=terms"], "CHARGING_UNFIT"),
            (["basis=terms", "signed_on=2026-01-01"], "CHARGING_UNFIT"),
            (["basis=terms", "signed_on=2026-01-01", "rate=-3"], "CHARGING_UNFIT"),
            (["basis=terms", "signed_on=2026-01-01", "rate=3", "table=none"], "CHARGING_UNFIT"),
            (["grace_days=many"], "CHARGING_UNFIT"),
            (["colour=red"], "CHARGING_UNFIT"),
        ],
    )
    def test_knobs_that_can_t_be_meant(self, house: House, knobs: list[str], code: str) -> None:
        assert duly("charge", "policy", *knobs, code=3)["code"] == code

    def test_rates_with_a_gap_name_the_place(self, house: House) -> None:
        path = write(house.folder, "own.toml", OWN.replace("2026-03-11", "2026-03-12"))
        refused = duly("rates", "add", path, code=3)
        assert (refused["code"], "table 1 (house)" in refused["message"]) == ("RATES_UNFIT", True)


def test_quotes_tell_what_a_late_amount_bears(house: House) -> None:
    """L-03 and L-10 through the command line."""
    asked = ("charge", "quote", "--amount", "10000.00", "--currency", "GBP")
    told = duly(*asked, "--due", "2026-01-31", "--through", "2026-04-01")
    assert (told["days"], told["interest"], told["fixed_sum"]) == (60, "193.15", "100.00")
    asked = ("charge", "quote", "--amount", "1000000.00", "--currency", "INR", "--law", "IN")
    told = duly(*asked, "--due", "2024-01-31", "--through", "2024-05-31")
    assert told["interest"] == "69227.90"
    asked = ("charge", "quote", "--amount", "8000.00", "--currency", "EUR", "--law", "DE")
    told = duly(*asked, "--due", "2026-05-31", "--through", "2026-08-14")
    assert (told["interest"], told["unverified"]) == ("171.29", ["2026-07-01"])


class TestDiscountOffers:
    def _offered(self, house: House, *price: str, code: int = 0) -> dict[str, Any]:
        told = ("A", "--items", "I1", "--pay-by", "2026-03-11", *price, "--on", "2026-03-02")
        return duly("discount", "offer", *told, code=code)

    def test_an_offer_tells_its_cost_both_ways(self, house: House) -> None:
        """2 percent for 20 days, as 2/10 net 30: 37.24 nominal, 44.59 effective."""
        house.invoice("I1", "2026-03-31", "1000.00")
        (offer,) = self._offered(house, "--percent", "2")["offers"]
        assert (offer["discount"], offer["to_pay"], offer["state"]) == ("20.00", "980.00", "open")
        assert (offer["cost"]["nominal_365"], offer["cost"]["effective_365"]) == ("37.24", "44.59")
        assert duly("discount", "list", "--on", "2026-03-12")["offers"][0]["state"] == "expired"
        assert self._offered(house, "--percent", "2", code=3)["code"] == "OFFER_UNFIT"

    def test_nothing_is_offered_under_a_stay(self, house: House) -> None:
        house.invoice("I1", "2026-03-31", "1000.00")
        stay = ("--kind", "legal", "--reason", "Insolvent", "--on", "2026-03-01")
        duly("block", "add", "A", *stay)
        assert self._offered(house, "--percent", "2", code=3)["code"] == "OFFER_UNFIT"

    def test_a_discount_is_credit_given_and_takes_its_authority(self, house: House) -> None:
        house.invoice("I1", "2026-03-31", "1000.00")
        at = datetime(2026, 3, 1, tzinfo=UTC)
        add_user(email="cora@firm.example", name="Cora", role="clerk", password=None, at=at)
        one = entity(None)
        items = list(item_facts(one.pk, Item.objects.values_list("pk", flat=True)).values())
        asked = {"customer_id": items[0].customer_id, "items": items, "price": Price(Decimal(2))}
        days = {"pay_by": date(2026, 3, 11), "on": date(2026, 3, 10)}
        with pytest.raises(AuthorityExceeded):
            offer_discounts(entity=one, **asked, **days, author=Author("cora@firm.example", at))

    def test_a_yearly_rate_makes_the_discount(self, house: House) -> None:
        house.invoice("I1", "2026-03-31", "1000.00")
        (offer,) = self._offered(house, "--rate", "37.2449")["offers"]
        assert offer["discount"] == "20.00"

    def test_it_is_honoured_by_value_day_and_grace_once(self, house: House) -> None:
        house.invoice("I1", "2026-03-31", "1000.00")
        (offer,) = self._offered(house, "--percent", "2")["offers"]
        house.payment("P1", "980.00", "2026-03-13")
        told = duly("discount", "honour", offer["id"], "P1", "--on", "2026-03-20")
        assert told["offers"][0]["state"] == "honoured"
        assert not duly("items", "--open", "--on", "2026-03-31")["items"]
        refused = duly("discount", "honour", offer["id"], "P1", "--on", "2026-03-20", code=3)
        assert refused["code"] == "OFFER_NOT_EARNED"
        holds()

    def test_money_that_came_too_late_earns_nothing(self, house: House) -> None:
        house.invoice("I1", "2026-03-31", "1000.00")
        (offer,) = self._offered(house, "--percent", "2")["offers"]
        house.payment("P1", "980.00", "2026-03-14")
        refused = duly("discount", "honour", offer["id"], "P1", "--on", "2026-03-20", code=3)
        assert refused["code"] == "OFFER_NOT_EARNED"
