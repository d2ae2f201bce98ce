"""Two at the same moment: one succeeds, the other is refused as if it had come later (T4).

Each pair starts behind a barrier, in threads with connections of their own. What is counted is how
many succeed; the books must hold afterwards, and a refusal must be one, not an error.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from banking import line, statement, take
from building import Books, broken, day
from duly.access.actions import Author, add_user, issue_entry_link, once, redeem_entry_link
from duly.cash_application.actions import accept_match, match_payments
from duly.cash_application.models import (
    BankAccount,
    BankLine,
    Match,
    RemittanceAdvice,
    ReturnedLine,
    Suggestion,
)
from duly.cash_application.rules.residuals import Line
from duly.interfaces.exchange.remittances import add_remittances
from duly.interfaces.exchange.settling import Asked
from duly.kernel.errors import Refusal
from duly.ledger.actions import locked_through
from duly.receivables.actions import RefundDraft, ask_refund, decide_refund, pay_refund
from duly.receivables.models import Application, Payment, PaymentReturn, Refund
from northwind import trading_northwind

ROUNDS = 3
ITEM = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
EXTRA = ITEM + "\n".join(
    f"invoice,R-{n},MERIDIAN,EUR,2026-03-01,2026-03-31,1.00" for n in range(50)
)


@pytest.fixture
def books(fresh_database: Any) -> Books:
    return trading_northwind()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run acts at the same moment; tell of each "done", or the code of its refusal."""
    barrier = threading.Barrier(len(acts))
    told = ["lost"] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(20)
            act()
            told[index] = "done"
        except Refusal as refusal:
            told[index] = refusal.code
        except Exception as error:  # what a person would see as a crash
            told[index] = f"{type(error).__name__}: {error}"[:200]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(told)


def test_the_same_money_to_two_items(books: Books) -> None:
    for n in range(ROUNDS):
        money = f"RACE-{n}"
        books.payment(money, "MERIDIAN", "100.00", on="2026-03-09")
        books.invoice(f"A-{n}", "MERIDIAN", "100.00", issued="2026-03-01", due="2026-03-31")
        books.invoice(f"B-{n}", "MERIDIAN", "100.00", issued="2026-03-01", due="2026-03-31")
        told = at_once(
            lambda m=money, n=n: books.apply(m, f"A-{n}", "100.00", on="2026-03-10"),
            lambda m=money, n=n: books.apply(m, f"B-{n}", "100.00", on="2026-03-10"),
        )
        assert told == ["OVER_APPLIED", "done"]
    assert broken() == {}


def test_two_payments_to_one_item(books: Books) -> None:
    for n in range(ROUNDS):
        books.invoice(f"A-{n}", "MERIDIAN", "100.00", issued="2026-03-01", due="2026-03-31")
        for side in "XY":
            books.payment(f"{side}-{n}", "MERIDIAN", "100.00", on="2026-03-09")
        told = at_once(
            lambda n=n: books.apply(f"X-{n}", f"A-{n}", "100.00", on="2026-03-10"),
            lambda n=n: books.apply(f"Y-{n}", f"A-{n}", "100.00", on="2026-03-10"),
        )
        assert told == ["OVER_APPLIED", "done"]
    assert broken() == {}


def test_taken_back_twice(books: Books) -> None:
    for _ in range(ROUNDS):
        told = at_once(*[lambda: books.unapply("P-1", on="2026-03-10")] * 2)
        assert told == ["NOTHING_APPLIED", "done"]
        books.apply("P-1", "M-1", "600.00", on="2026-03-10")
    assert broken() == {}


def test_applied_and_voided(books: Books) -> None:
    for n in range(ROUNDS):
        books.invoice(f"A-{n}", "MERIDIAN", "10.00", issued="2026-03-01", due="2026-03-31")
        books.payment(f"X-{n}", "MERIDIAN", "10.00", on="2026-03-09")
        told = at_once(
            lambda n=n: books.apply(f"X-{n}", f"A-{n}", "10.00", on="2026-03-10"),
            lambda n=n: books.void(f"A-{n}", on="2026-03-10"),
        )
        # Whoever looks the invoice up after its void finds none of that number.
        gone = [f"LookupError: A-{n}", "done"]
        assert told in (["ITEM_SETTLED", "done"], ["OVER_APPLIED", "done"], gone)
    assert broken() == {}


def test_voided_twice(books: Books) -> None:
    for n in range(ROUNDS):
        books.invoice(f"A-{n}", "MERIDIAN", "10.00", issued="2026-03-01", due="2026-03-31")
        pk = books.item(f"A-{n}").document_id

        def void(pk: int = pk) -> None:
            from duly.receivables.actions import void_documents

            with books.recording("void") as recorder:
                void_documents(
                    recorder=recorder,
                    entity_id=books.entity_id,
                    document_ids=[pk],
                    on=day("2026-03-10"),
                )

        assert at_once(void, void) == ["ALREADY_VOID", "done"]
    assert broken() == {}


def test_the_same_file_twice_at_once(books: Books) -> None:
    """Both end well, or one is refused: the rows come once."""
    for n in range(ROUNDS):
        text = EXTRA.replace("R-", f"R{n}-")
        told = at_once(*[lambda t=text: books.take_in("items", t)] * 2)
        assert "done" in told
        assert not [one for one in told if ":" in one], told
    assert books.aging("2026-03-01")["EUR"]["total"] == "1900.50"
    assert broken() == {}


def test_overlapping_statements_at_once(books: Books) -> None:
    """Import against import: lines and the new account come once, whoever is first."""
    for n in range(ROUNDS):
        lines = [line("2026-03-09", "1.00", f"RE {n}-{m}") for m in range(20)]
        one = statement(*lines[:15], account=f"RACE{n}")
        two = statement(*lines[5:], account=f"RACE{n}", opening="1005.00", number="2")
        told = at_once(lambda f=one: take(books, f), lambda f=two: take(books, f))
        assert told == ["done", "done"]
    assert BankLine.objects.count() == ROUNDS * 20
    assert BankAccount.objects.count() == ROUNDS
    assert broken() == {}


def test_the_same_remittance_twice_at_once(books: Books, tmp_path: Path) -> None:
    for n in range(ROUNDS):
        path = tmp_path / f"advice-{n}.csv"
        path.write_text(f"Invoice;Amount paid\nR-{n};1.00\nR-9{n};2.00\n")
        asked = Asked("tester", books.moment())
        told = at_once(*[lambda p=path, a=asked: add_remittances(a, [(p, p.name)])] * 2)
        assert told == ["done", "done"]
    assert RemittanceAdvice.objects.count() == ROUNDS
    assert broken() == {}


def test_the_same_new_customers_twice_at_once(books: Books) -> None:
    for n in range(ROUNDS):
        text = "customer_id,name\n" + "\n".join(f"N{n}-{m},New" for m in range(50))
        told = at_once(*[lambda t=text: books.take_in("customers", t)] * 2)
        assert "done" in told
        assert not [one for one in told if ":" in one], told
    assert broken() == {}


def test_reverted_and_applied(books: Books) -> None:
    for n in range(ROUNDS):
        text = ITEM + f"invoice,V-{n},MERIDIAN,EUR,2026-03-01,2026-03-31,9.00"
        batch = books.take_in("items", text)["id"]
        books.payment(f"X-{n}", "MERIDIAN", "9.00", on="2026-03-09")
        told = at_once(
            lambda b=batch: books.revert(b),
            lambda n=n: books.apply(f"X-{n}", f"V-{n}", "9.00", on="2026-03-10"),
        )
        assert told in (["IMPORT_IN_USE", "done"], ["OVER_APPLIED", "done"])
    assert broken() == {}


def test_reverted_twice(books: Books) -> None:
    batch = books.take_in("items", EXTRA)["id"]
    assert at_once(*[lambda: books.revert(batch)] * 2) == ["ALREADY_REVERTED", "done"]
    assert broken() == {}


def test_one_key_twice_at_once(books: Books) -> None:
    """A double click: done once, told twice."""
    results: list[dict] = []

    def pay() -> None:
        results.append(
            once(
                key="double click",
                command="pay",
                given=1,
                at=books.moment(),
                act=lambda: {
                    "id": books.payment("D-1", "MERIDIAN", "5.00", on="2026-03-09"),
                },
            )
        )

    assert at_once(pay, pay) == ["done", "done"]
    assert results[0] == results[1]
    assert broken() == {}


@pytest.mark.parametrize("on", ["2026-02-28", "2026-03-01"])
def test_posted_while_the_period_is_closed(books: Books, on: str) -> None:
    """Whichever comes first: nothing is booked in a month after it was closed."""
    told = at_once(
        lambda: books.lock("2026-02-28"),
        lambda: books.invoice("L-1", "MERIDIAN", "5.00", issued=on, due="2026-03-31"),
    )
    assert told in (["done", "done"], ["PERIOD_LOCKED", "done"])
    assert on == "2026-02-28" or told == ["done", "done"]
    assert broken() == {}


def test_files_whose_days_and_customers_run_against_each_other(books: Books) -> None:
    """Blocks of two files want the same sums in opposite orders: neither waits in a circle."""
    from building import sheet_of
    from duly.intake.actions import import_sheets

    def rows(name: str, order: int) -> str:
        lines = [
            f"invoice,{name}-{n},{('MERIDIAN', 'TALLOAKS')[n % 2]},EUR,2026-03-{n + 1:02},"
            f"2026-04-{n + 1:02},1.00"
            for n in range(20)
        ]
        return ITEM + "\n".join(lines[::order])

    def take(name: str, order: int) -> None:
        import_sheets(
            entity=books.entity,
            sheets=[(sheet_of("items", rows(name, order), block_rows=1), "0" * 64)],
            actor="tester",
            at=books.moment(),
        )

    for n in range(ROUNDS):
        told = at_once(lambda n=n: take(f"U{n}", 1), lambda n=n: take(f"D{n}", -1))
        assert told == ["done", "done"]
    assert broken() == {}


def test_two_companies_with_money_of_unknown_payers(books: Books) -> None:
    """Money of nobody is one row of the ledger's sums: no one waits for it in a circle."""
    other = Books("Northwind Benelux")
    payments = "payment_id,currency,received_on,amount\n"

    def take_two_files(n: int) -> None:
        money = "\n".join(f"B-{n}-{m},EUR,2026-03-09,1.00" for m in range(200))
        debts = ITEM + f"invoice,B-{n},MERIDIAN,EUR,2026-03-01,2026-03-31,1.00"
        books.take_in_all([("items", debts, ""), ("payments", payments + money, "")])

    def receive_often(n: int) -> None:
        for m in range(20):
            other.payment(f"O-{n}-{m}", None, "1.00", on="2026-03-09")

    for n in range(ROUNDS):
        told = at_once(lambda n=n: take_two_files(n), lambda n=n: receive_often(n))
        assert told == ["done", "done"]
    assert broken() == {}


def test_one_link_opens_for_one_of_two(books: Books) -> None:
    add_user(email="a@firm.example", name="Anna", role="clerk", password=None, at=books.moment())
    for _ in range(ROUNDS):
        secret = issue_entry_link(email="a@firm.example", at=books.moment())
        at = books.moment()
        told = at_once(*[lambda s=secret, at=at: redeem_entry_link(secret=s, at=at)] * 2)
        assert told == ["ENTRY_LINK_SPENT", "done"]


def test_one_company_made_twice_at_once(books: Books) -> None:
    told = at_once(*[lambda: Books("Northwind Iberia")] * 2)
    assert told == ["ENTITY_EXISTS", "done"]


def test_two_close_the_books(books: Books) -> None:
    told = at_once(lambda: books.lock("2026-02-28"), lambda: books.lock("2026-01-31"))
    assert told in (["LOCK_GOES_BACK", "done"], ["done", "done"])
    assert locked_through(books.entity_id) == day("2026-02-28")


def test_many_writers_leave_one_chain(books: Books) -> None:
    told = at_once(
        *[
            lambda n=n: books.payment(f"W-{n}", "MERIDIAN", "1.00", on="2026-03-09")
            for n in range(12)
        ]
    )
    assert told == ["done"] * 12
    assert books.aging("2026-03-09", customer="MERIDIAN")["EUR"]["unapplied"] == "-12.00"
    assert broken() == {}


def test_applied_and_returned(books: Books) -> None:
    """Apply against return: either it was applied and is open again, or there was nothing left."""
    for n in range(ROUNDS):
        money = f"BACK-{n}"
        books.payment(money, "MERIDIAN", "10.00", on="2026-03-09")
        books.invoice(f"A-{n}", "MERIDIAN", "10.00", issued="2026-03-01", due="2026-03-31")
        told = at_once(
            lambda m=money, n=n: books.apply(m, f"A-{n}", "10.00", on="2026-03-10"),
            lambda m=money: books.return_payment(m, on="2026-03-10"),
        )
        assert told in (["done", "done"], ["OVER_APPLIED", "done"])
        assert books.open(f"A-{n}", "2026-03-10") == "10.00"
    assert broken() == {}


def test_returned_by_hand_and_by_the_banks_file(books: Books) -> None:
    """Import against return: the payment comes back once, whoever is first."""
    for n in range(ROUNDS):
        account = f"RACE{n}"
        came = line("2026-03-09", "10.00", f"RE {n}", f"REF-{n}", end_to_end=f"E-{n}")
        take(books, statement(came, account=account))
        number = f"B{BankLine.objects.order_by('-id')[0].pk}"
        back = line("2026-03-10", "-10.00", "", f"X-{n}", end_to_end=f"E-{n}", is_reversal=True)
        file = statement(back, account=account, opening="1010.00", number="2")
        told = at_once(
            lambda f=file: take(books, f),
            lambda m=number: books.return_payment(m, on="2026-03-10"),
        )
        assert told in (["done", "done"], ["ALREADY_RETURNED", "done"])
    assert ReturnedLine.objects.count() == ROUNDS
    assert PaymentReturn.objects.count() == ROUNDS
    assert broken() == {}


def test_refunds_of_one_payment(books: Books) -> None:
    """Asked for against applied, approved twice, paid against returned."""
    for n in range(ROUNDS):
        money, item = f"MORE-{n}", f"A-{n}"
        pk = books.payment(money, "MERIDIAN", "10.00", on="2026-03-09")
        books.invoice(item, "MERIDIAN", "10.00", issued="2026-03-01", due="2026-03-31")
        told = at_once(
            lambda pk=pk: _ask(books, pk),
            lambda m=money, i=item: books.apply(m, i, "10.00", on="2026-03-10"),
        )
        assert told == ["OVER_APPLIED", "done"]
        if not Refund.objects.filter(payment_id=pk).exists():
            books.unapply(money, on="2026-03-10")
            _ask(books, pk)
        number = Refund.objects.get(payment_id=pk).pk
        told = at_once(
            *[lambda who=who, pk=number: _approve(books, pk, who) for who in ("ida", "omar")]
        )
        assert told == ["REFUND_SETTLED", "done"]
        told = at_once(
            lambda pk=number: _pay(books, pk),
            lambda m=money: books.return_payment(m, on="2026-03-10"),
        )
        assert told in (["PAYMENT_REFUNDED", "done"], ["REFUND_SETTLED", "done"])
    assert broken() == {}


def _ask(books: Books, payment_id: int) -> None:
    draft = RefundDraft(payment_id, None, 1000, "too much", day("2026-03-10"))
    with books.recording("refund") as recorder:
        ask_refund(recorder=recorder, entity_id=books.entity_id, draft=draft)


def _approve(books: Books, refund_id: int, who: str) -> None:
    author = Author(who, books.moment())
    decide_refund(entity_id=books.entity_id, refund_id=refund_id, is_approved=True, author=author)


def _pay(books: Books, refund_id: int) -> None:
    with books.recording("refund") as recorder:
        pay_refund(
            recorder=recorder,
            entity_id=books.entity_id,
            refund_id=refund_id,
            on=day("2026-03-10"),
        )


class TestMatching:
    """Whoever matches, by hand or by itself: money goes to an item once."""

    ON = "2026-03-10"

    def money(self, books: Books, n: int) -> int:
        """An item and money for it, of the same number; the payment's id."""
        books.invoice(f"RACE-10{n}", "MERIDIAN", "77.13", issued="2026-03-01", due="2026-03-31")
        came = line("2026-03-09", "77.13", f"RACE-10{n}", f"REF-{n}", name="Meridian Foods")
        take(books, statement(came, account=f"RACE{n}"))
        return int(Payment.objects.order_by("-id")[0].pk)

    def accept(self, books: Books, n: int, payment_id: int, who: str = "ida") -> None:
        accept_match(
            entity=books.entity,
            payment_id=payment_id,
            customer_id=books.customer_id("MERIDIAN"),
            lines=[Line(books.item(f"RACE-10{n}").id, 7_713)],
            on=day(self.ON),
            actor=who,
            at=books.moment(),
        )

    def match(self, books: Books) -> None:
        match_payments(
            entity=books.entity, on=day(self.ON), auto=True, actor="night", at=books.moment()
        )

    def applied(self, payment_id: int) -> list[int]:
        rows = Application.objects.filter(payment_id=payment_id, reason="cash")
        return list(rows.order_by("id").values_list("amount_minor", flat=True))

    def test_two_accept_one_payment(self, books: Books) -> None:
        for n in range(ROUNDS):
            pk = self.money(books, n)
            told = at_once(
                *[lambda n=n, pk=pk, who=who: self.accept(books, n, pk, who) for who in ("a", "b")]
            )
            assert told == ["NOTHING_TO_MATCH", "done"]
            assert self.applied(pk) == [7_713]
            assert Match.objects.filter(payment_id=pk).count() == 1
        assert broken() == {}

    def test_matched_by_itself_and_accepted(self, books: Books) -> None:
        for n in range(ROUNDS):
            pk = self.money(books, n)
            told = at_once(lambda: self.match(books), lambda n=n, pk=pk: self.accept(books, n, pk))
            assert told in (["NOTHING_TO_MATCH", "done"], ["done", "done"])
            assert self.applied(pk) == [7_713]
            assert Match.objects.filter(payment_id=pk).count() == 1
            assert not Suggestion.objects.filter(payment_id=pk).exists()
        assert broken() == {}

    def test_matched_twice_at_once(self, books: Books) -> None:
        for n in range(ROUNDS):
            pk = self.money(books, n)
            assert at_once(*[lambda: self.match(books)] * 2) == ["done", "done"]
            assert self.applied(pk) == [7_713]
        assert Match.objects.count() == ROUNDS
        assert broken() == {}

    def test_matched_and_returned(self, books: Books) -> None:
        for n in range(ROUNDS):
            pk = self.money(books, n)
            number = Payment.objects.get(pk=pk).number
            told = at_once(
                lambda: self.match(books),
                lambda m=number: books.return_payment(m, on=self.ON),
            )
            assert told == ["done", "done"]
            assert sum(self.applied(pk)) == 0
            assert books.open(f"RACE-10{n}", self.ON) == "77.13"
        assert broken() == {}

    def test_matched_while_its_statement_is_taken_in(self, books: Books) -> None:
        for n in range(ROUNDS):
            pk = self.money(books, n)
            more = [line("2026-03-09", f"5.{m:02}", f"RE {n}-{m}") for m in range(20)]
            file = statement(*more, account=f"MORE{n}")
            told = at_once(lambda: self.match(books), lambda f=file: take(books, f))
            assert told == ["done", "done"]
            assert self.applied(pk) == [7_713]
        assert BankLine.objects.count() == ROUNDS * 21
        assert broken() == {}
