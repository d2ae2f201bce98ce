"""What hurt users of other systems as they applied cash: each row of C, D and L that has no story.

The names carry the row's id. What a pain says is in its docstring; the test shows its cure.
"""

import random
import tracemalloc
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banking import line, statement, take
from building import Books, broken, day, minor, now_known
from duly.access.actions import Author
from duly.access.errors import OwnWorkApproval
from duly.cash_application.actions import (
    accept_match,
    ask_difference,
    decide_difference,
    match_payments,
    revoke_alias,
    set_matching,
    undo_items,
    undo_matches,
)
from duly.cash_application.errors import DifferenceTooLarge, NothingToMatch
from duly.cash_application.models import Match, Suggestion
from duly.cash_application.policy import STANDARD
from duly.cash_application.queries import aliases
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem
from duly.cash_application.rules.matching import Proposal, run
from duly.cash_application.rules.outcomes import outcome_of
from duly.cash_application.rules.payers import Directory
from duly.cash_application.rules.residuals import Line
from duly.collections.queries.worklist import worklist
from duly.ledger.queries import control_by_customer
from duly.receivables.errors import OverApplied
from duly.receivables.models import Application, Payment

pytestmark = pytest.mark.django_db

ON = "2026-03-12"
ACCOUNT = "DE02120300000000202051"


@pytest.fixture
def books() -> Books:
    books = Books()
    books.customer("ACME", "Acme Tools GmbH", country="DE")
    books.customer("KESTREL", "Kestrel Optics GmbH", country="DE")
    for number, amount in (("INV-1001", "1190.00"), ("INV-1002", "357.00"), ("INV-1003", "88.25")):
        books.invoice(number, "ACME", amount, issued="2026-01-15", due="2026-02-14")
    books.invoice("INV-2001", "KESTREL", "1190.00", issued="2026-01-20", due="2026-02-19")
    return books


def money(
    books: Books, *lines: tuple[str, str], name: str = "Acme Tools GmbH", **more: str
) -> list[Payment]:
    """The bank tells of money, (amount, text) each; the payments that it brought."""
    told = [
        line("2026-03-10", amount, text, f"R{n}-{text}", name=name, **more)
        for n, (amount, text) in enumerate(lines)
    ]
    before = set(Payment.objects.values_list("id", flat=True))
    take(books, statement(*told))
    return list(Payment.objects.exclude(id__in=before).order_by("id"))


def match(books: Books, on: str = ON, **more: Any) -> list[Proposal]:
    told = match_payments(
        entity=books.entity,
        on=day(on),
        auto=more.pop("auto", True),
        actor="tester",
        at=books.moment(),
        **more,
    )
    return told.proposals


def outcomes(found: Iterable[Proposal]) -> list[str]:
    return [outcome_of(one) for one in found]


def accept(
    books: Books, payment: Payment, *lines: tuple[str, str, str], on: str = ON, customer: str = ""
) -> int:
    return accept_match(
        entity=books.entity,
        payment_id=payment.pk,
        customer_id=books.customer_id(customer or "ACME"),
        lines=lines_of(books, *lines),
        on=day(on),
        actor="Ada",
        at=books.moment(),
    )


def lines_of(books: Books, *lines: tuple[str, str, str]) -> list[Line]:
    return [Line(books.item(n).id, minor(amount, "EUR"), why) for n, amount, why in lines]


def undo(books: Books, *payments: Payment, on: str = ON) -> None:
    with books.recording("unapply") as recorder:
        undo_matches(
            recorder=recorder,
            entity_id=books.entity_id,
            payment_ids=[one.pk for one in payments],
            on=day(on),
        )


def test_pain_c1_a_reference_that_contradicts_is_never_applied(books: Books) -> None:
    """Auto reconcile matched lines with differing reference numbers."""
    books.invoice("INV-0990", "ACME", "357.00", issued="2026-01-02", due="2026-01-31")
    books.payment("P-0", "ACME", "357.00", on="2026-01-30")
    books.apply("P-0", "INV-0990", "357.00", on="2026-01-30")
    money(
        books,
        ("357.00", "INV-0990"),  # settled long ago, though INV-1002 is open to the same amount
        ("1190.00", "INV-2001"),  # of another customer
        ("88.25", "INV-1003"),
    )
    told = {one.payment.text: one for one in match(books)}
    assert {text: outcome_of(one) for text, one in told.items()} == {
        "INV-0990": "proposed",
        "INV-2001": "proposed",
        "INV-1003": "applied",
    }
    assert any("nothing is open" in why for why in told["INV-0990"].against)
    assert any("another customer" in why for why in told["INV-2001"].against)
    assert "INV-1003" in str(Match.objects.get().because)
    assert books.open("INV-1002", ON) == "357.00"


def test_pain_c2_equal_amounts_wait_with_what_tells_them_apart(books: Books) -> None:
    """Five equal amounts, no telling which is which."""
    for n in range(5):
        books.invoice(f"INV-30{n}0", "ACME", "210.00", issued="2026-01-15", due="2026-02-14")
    money(books, ("210.00", "Payment"), ("210.00", "INV-3030"))
    told = {one.payment.text: one for one in match(books)}
    assert outcome_of(told["Payment"]) == "proposed"
    assert not told["Payment"].unique
    assert Suggestion.objects.get().against
    assert books.open("INV-3030", ON) == "0.00"


def test_pain_c3_a_line_is_never_applied_beyond_its_amount(books: Books) -> None:
    """Same bank line reconciled twice: negative unallocated yet "Reconciled"."""
    (payment,) = money(books, ("1190.00", "INV-1001"))
    match(books)
    with pytest.raises(NothingToMatch):
        accept(books, payment, ("INV-1002", "357.00", "settled"))
    with pytest.raises(OverApplied):
        books.apply(payment.number, "INV-1002", "0.01", on=ON)
    payment.refresh_from_db()
    assert payment.unapplied_minor == 0
    assert broken() == {}


def test_pain_c4_small_differences_by_amount_percent_customer_and_year(books: Books) -> None:
    """45.000 against 45.500: no small-difference write-off, one account for all."""
    ada, bob = (Author(f"{who}@example.org", books.moment()) for who in ("ada", "bob"))
    knobs = {"tolerance": "5.00", "tolerance_percent": "1", "tolerance_year": "6.00"}
    set_matching(entity=books.entity, knobs=knobs, on=day("2026-01-01"), author=ada)
    first, small, second, third = money(
        books, ("1185.00", "INV-1001"), ("87.00", "INV-1003"), ("355.00", "INV-1002"),
        ("1186.00", "INV-2001"),
    )  # fmt: skip
    accept(books, first, ("INV-1001", "1185.00", "settled"), ("INV-1001", "5.00", "tolerance"))
    with pytest.raises(DifferenceTooLarge):  # 1.25 of 87.00 is above one percent
        accept(books, small, ("INV-1003", "87.00", "settled"), ("INV-1003", "1.25", "tolerance"))
    wanted = (("INV-1002", "355.00", "settled"), ("INV-1002", "2.00", "tolerance"))
    with pytest.raises(DifferenceTooLarge):  # of the 6.00 of a year 5.00 are used
        accept(books, second, *wanted)
    accept(  # another customer has a year of their own
        books, third, ("INV-2001", "1186.00", "settled"), ("INV-2001", "4.00", "tolerance"),
        customer="KESTREL",
    )  # fmt: skip
    asked = ask_difference(
        entity=books.entity, payment_id=second.pk, customer_id=books.customer_id("ACME"),
        lines=lines_of(books, *wanted), note="agreed", on=day(ON), author=ada,
    )  # fmt: skip
    given: dict[str, Any] = {"entity": books.entity, "approval_id": asked.pk, "on": day(ON)}
    with pytest.raises(OwnWorkApproval):
        decide_difference(is_approved=True, author=ada, **given)
    decide_difference(is_approved=True, author=bob, **given)
    left = {n: books.open(n, ON) for n in ("INV-1001", "INV-1002", "INV-1003", "INV-2001")}
    assert left == {
        "INV-1001": "0.00", "INV-1002": "0.00", "INV-1003": "88.25", "INV-2001": "0.00",
    }  # fmt: skip
    passed = Application.objects.filter(reason="tolerance").values_list("amount_minor", flat=True)
    assert sorted(passed) == [200, 400, 500]
    assert broken() == {}


def test_pain_c5_a_discount_taken_leaves_nothing_to_do(books: Books) -> None:
    """Discount taken: invoice "partly paid", four manual steps."""
    books.invoice(
        "INV-1005", "ACME", "2000.00", issued="2026-03-01", due="2026-03-31",
        discount=("2026-03-11", "40.00"),
    )  # fmt: skip
    money(books, ("1960.00", "INV-1005"))
    (foreseen,) = match(books, auto=False)
    assert {(one.reason, one.minor) for one in foreseen.lines} == {
        ("settled", 196_000),
        ("discount", 4_000),
    }
    assert books.state("INV-1005", ON) == "open"
    match(books)
    assert books.state("INV-1005", ON) == "paid"
    written = Application.objects.filter(item_id=books.item("INV-1005").id)
    assert set(written.values_list("reason", "amount_minor")) == {
        ("cash", 196_000),
        ("discount", 4_000),
    }
    assert broken() == {}


def test_pain_c6_what_was_closed_stays_as_it_was(books: Books) -> None:
    """Un-reconciling removes the posted entry and changes the trial balance of a past month."""
    first, second, third = money(
        books, ("1190.00", "INV-1001"), ("357.00", "INV-1002"), ("70.00", "?")
    )
    match(books)
    books.lock("2026-03-15")
    days = ["2026-01-31", "2026-02-20", "2026-03-10", ON, "2026-03-15"]
    known = now_known()
    told = [(books.aging(on), books.differences(on)) for on in days]
    undo(books, first, on="2026-03-16")
    books.attribute(third.number, "ACME", on="2026-03-17")
    accept(books, third, ("INV-1003", "70.00", "settled"), on="2026-03-18")
    books.return_payment(second.number, on="2026-03-19")
    match(books, on="2026-03-20")
    assert [(books.aging(on), books.differences(on)) for on in days] == told
    assert [(books.aging(on, known=known), books.differences(on)) for on in days] == told
    assert {n: books.open(n, "2026-03-20") for n in ("INV-1001", "INV-1002", "INV-1003")} == {
        "INV-1001": "1190.00", "INV-1002": "357.00", "INV-1003": "18.25",
    }  # fmt: skip
    assert broken() == {}


def test_pain_c7_one_allocation_is_taken_back_and_the_others_stay(books: Books) -> None:
    """Only way to fix a wrong match was to cancel the payment."""
    (payment,) = money(books, ("1547.00", "INV-1001 INV-1002"), account=ACCOUNT)
    match(books)
    for number, aliases_left in (("INV-1002", 1), ("INV-1001", 0)):
        with books.recording("unapply") as recorder:
            undo_items(
                recorder=recorder,
                entity_id=books.entity_id,
                payment_id=payment.pk,
                item_ids={books.item(number).id},
                on=day(ON),
            )
        assert len(aliases(entity_id=books.entity_id)) == aliases_left
        if number == "INV-1002":
            assert (books.open("INV-1001", ON), books.open("INV-1002", ON)) == ("0.00", "357.00")
    assert outcomes(match(books)) == ["proposed"]
    assert broken() == {}


@pytest.mark.parametrize("how", ["return", "void"])
def test_pain_c9_a_payment_that_is_gone_leaves_what_was_there_before(
    books: Books, how: str
) -> None:
    """Cancelled payment still shown in A/R; or its invoices no longer selectable."""
    before = books.aging("2026-03-20")
    books.payment("P-1", "ACME", "500.00", on="2026-03-10")
    books.apply("P-1", "INV-1001", "411.75", on=ON)
    books.apply("P-1", "INV-1003", "88.25", on=ON)
    if how == "return":
        books.return_payment("P-1", on="2026-03-15")
    else:
        books.unapply("P-1", on="2026-03-15")
        books.void_payment("P-1", on="2026-03-15")
    assert books.aging("2026-03-20") == before
    books.payment("P-2", "ACME", "1278.25", on="2026-03-16")
    books.apply("P-2", "INV-1001", "1190.00", on="2026-03-16")
    books.apply("P-2", "INV-1003", "88.25", on="2026-03-16")
    assert broken() == {}


def test_pain_c10_paid_and_unapplied_are_read_from_one_place(books: Books) -> None:
    """Paid invoice but payment stuck "unapplied"; same invoice twice with 0."""
    given = random.Random(10)
    for n in range(6):
        number, amount = f"R-{n}", given.randrange(100, 90_000)
        books.invoice(number, "ACME", f"{amount / 100:.2f}", issued="2026-03-01", due="2026-03-31")
        (payment,) = money(books, (f"{amount / 100:.2f}", number), name=f"Payer {n}")
        part = given.randrange(1, amount + 1)
        accept(books, payment, (number, f"{part / 100:.2f}", "settled"))
        payment.refresh_from_db()
        left = minor(books.open(number, ON), "EUR")
        assert left == payment.unapplied_minor == amount - part
        assert (books.state(number, ON) == "paid") == (left == 0)
        rows = Application.objects.filter(payment_id=payment.pk)
        assert list(rows.values_list("amount_minor", flat=True)) == [part]


def test_pain_c11_fifteen_invoices_by_one_payment(books: Books) -> None:
    """One cheque, 15 invoices: entry one at a time."""
    amounts = [f"{100 + n * 7}.{n:02}" for n in range(15)]
    for n, amount in enumerate(amounts):
        books.invoice(f"INV-40{n:02}", "ACME", amount, issued="2026-01-15", due="2026-02-14")
    total = sum(map(Decimal, amounts))
    numbers = ", ".join(f"INV-40{n:02}" for n in range(15))
    money(books, (str(total - Decimal("40.01")), numbers))
    assert outcomes(match(books)) == ["proposed"]  # the list is not its total
    money(books, (str(total), numbers))
    told = {one.payment.minor: one for one in match(books)}
    assert len(told[int(total * 100)].lines) == 15
    assert {books.open(f"INV-40{n:02}", ON) for n in range(15)} == {"0.00"}
    assert broken() == {}


def test_pain_c13_who_pays_from_where_is_kept_shown_and_revoked(books: Books) -> None:
    """Payer name/IBAN not kept, matching stays manual."""
    (payment,) = money(books, ("357.00", "thanks"), name="J. Miller", account=ACCOUNT)
    assert outcomes(match(books, auto=False)) != ["applied"]
    accept(books, payment, ("INV-1002", "357.00", "settled"))
    learned = {one.shown: one for one in aliases(entity_id=books.entity_id)}
    assert set(learned) == {ACCOUNT, "J. Miller"}
    for known in (True, False):
        money(books, ("88.25", f"again {known}"), name="J. Miller", account=ACCOUNT)
        (told,) = match(books, auto=False)[-1:]
        assert (told.payer.customer is not None) == known
        for one in learned.values() if known else ():
            author = Author("Ada", books.moment())
            revoke_alias(entity_id=books.entity_id, alias_id=one.pk, author=author)


def test_pain_c14_a_parent_pays_for_its_children_with_a_trail(books: Books) -> None:
    """Parent pays for subsidiaries."""
    parent = books.customer("GROUP", "Acme Holding SE", country="DE")
    for code in ("ACME", "KESTREL"):
        child = books.customers()[code]
        child.parent_id = parent
        child.save(update_fields=["parent_id"])
    (payment,) = money(books, ("1547.00", "INV-2001 INV-1002"), name="Acme Holding SE")
    assert outcomes(match(books)) == ["applied"]
    assert books.open("INV-2001", ON) == books.open("INV-1002", ON) == "0.00"
    trail = Application.objects.filter(payment_id=payment.pk)
    assert set(trail.values_list("payer_id", "customer_id", "amount_minor")) == {
        (parent, books.customer_id("KESTREL"), 119_000),
        (parent, books.customer_id("ACME"), 35_700),
    }
    assert Match.objects.get().customer_id == parent
    assert not control_by_customer([parent]).get((parent, "EUR"), 0)
    undo(books, payment)
    assert books.aging(ON, customer="GROUP")["EUR"] == {
        "unapplied": "-1547.00",
        "total": "-1547.00",
    }
    assert broken() == {}


def test_pain_c15_told_five_times_in_any_order_it_is_one_receipt(books: Books) -> None:
    """Gateway webhook twice: payment twice."""
    lines = [
        line(f"2026-03-{10 + n}", "50.00", f"order {n}", f"ref-{n}", end_to_end="same for all")
        for n in range(3)
    ]
    files = [
        statement(lines[0], number="1"),
        statement(lines[1], opening="1050.00", on="2026-03-10", number="2"),
        statement(lines[2], opening="1100.00", on="2026-03-11", number="3"),
        statement(*lines, number="4", kind="report"),
    ]
    order = files * 4
    random.Random(15).shuffle(order)
    for n, file in enumerate(order):
        take(books, file, name=f"{n}.xml")
    assert Payment.objects.count() == 3  # and three that only share an id are three
    assert broken() == {}


def test_pain_d1_money_that_waits_is_seen_beside_what_is_overdue(books: Books) -> None:
    """Overdue invoices and unapplied cash sit together while the customer nets to 0."""

    def asked_of(code: str) -> int:
        rows = {one.customer_id: one for one in worklist(entity=books.entity, on=day(ON)).rows}
        row = rows.get(books.customer_id(code))
        return row.value_minor if row else 0

    before = asked_of("ACME")
    money(books, ("1635.25", "INV-1001 INV-1002 INV-1003"))
    match(books, auto=False)
    assert asked_of("ACME") < before // 100  # all of it is there, so nothing is asked for
    assert asked_of("KESTREL") > 0
    assert outcomes(match(books)) == ["applied"]  # by one key
    assert "unapplied" not in books.aging(ON)["EUR"]


def test_pain_d2_what_is_over_is_one_sum_with_nothing_pending(books: Books) -> None:
    """Converting excess to credit leaves a "pending" amount."""
    given = random.Random(2)
    held = 0
    for n in range(5):
        owed, over = given.randrange(1, 5_000), given.randrange(0, 5_000)
        books.invoice(f"R-{n}", "ACME", f"{owed / 100:.2f}", issued="2026-03-01", due="2026-03-31")
        (payment,) = money(books, (f"{(owed + over) / 100:.2f}", f"R-{n} thanks"))
        accept(books, payment, (f"R-{n}", f"{owed / 100:.2f}", "settled"))
        payment.refresh_from_db()
        held += over
        assert payment.unapplied_minor == over
        assert books.state(f"R-{n}", ON) == "paid"
        assert minor(books.aging(ON, customer="ACME")["EUR"]["unapplied"], "EUR") == -held


def test_pain_d3_a_credit_used_is_seen_from_both_sides(books: Books) -> None:
    """Credit used elsewhere not visible on the source document."""
    books.credit_note("CN-1", "ACME", "90.00", issued="2026-02-01")
    books.apply("CN-1", "INV-1003", "88.25", on=ON)
    row = Application.objects.get(credit_item_id=books.item("CN-1").id)
    assert row.item_id == books.item("INV-1003").id
    assert (books.open("INV-1003", ON), books.open("CN-1", ON)) == ("0.00", "-1.75")
    books.unapply("CN-1", "INV-1003", on=ON)
    assert (books.open("INV-1003", ON), books.open("CN-1", ON)) == ("88.25", "-90.00")
    assert broken() == {}


def test_pain_d5_one_payment_takes_invoices_and_credits_net(books: Books) -> None:
    """One payment run cannot mix invoices and credits."""
    books.credit_note("CN-1", "ACME", "90.00", issued="2026-02-01")
    books.credit_note("CN-2", "ACME", "7.25", issued="2026-02-02")
    money(books, ("1449.75", "INV-1001 INV-1002 less CN-1 and CN-2"))
    assert outcomes(match(books)) == ["applied"]
    numbers = ("INV-1001", "INV-1002", "CN-1", "CN-2")
    assert {books.open(number, ON) for number in numbers} == {"0.00"}
    assert Match.objects.get().applied_minor == 144_975
    assert broken() == {}


def _bulk(books: Books, name: str, count: int) -> list[Payment]:
    header = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
    rows = (
        f"invoice,{name}-{n:04},ACME,EUR,2026-02-01,2026-03-01,{300 + n}.{n % 100:02}\n"
        for n in range(count)
    )
    books.take_in("items", header + "".join(rows))
    return money(books, *[(f"{300 + n}.{n % 100:02}", f"{name}-{n:04}") for n in range(count)])


def test_pain_l3_matching_asks_as_often_for_many_and_goes_on_where_it_was(books: Books) -> None:
    """Payment reconciliation times out; moved to background."""
    asked = []
    for name, count in (("FEW", 4), ("MANY", 60)):
        payments = _bulk(books, name, count)
        with CaptureQueriesContext(connection) as seen:
            match(books, payment_ids=[one.pk for one in payments[: count // 2]])
        asked.append(len(seen))
        assert Match.objects.filter(payment_id__in=[p.pk for p in payments]).count() == count // 2
        told = match(books)
        assert outcomes(told) == ["applied"] * (count - count // 2)  # the rest, and nothing twice
        assert match(books) == []
    assert asked[1] <= asked[0] + 2
    assert broken() == {}


def test_pain_l4_memory_grows_with_what_is_open_by_less_than_a_kilobyte_each() -> None:
    """300 k entries, 1 TB RAM, still restarts: the reach is 1 GB for a million candidates."""
    customers = [Customer(n, f"C{n}", f"Customer {n} GmbH", (f"A{n}",)) for n in range(100)]
    on, due = date(2026, 2, 1), date(2026, 3, 1)
    directory = Directory(customers)
    count = 6_000
    payments = (
        BankPayment(
            n, due + timedelta(days=n % 9), 1_000 + n, "EUR", "", f"A{n % 100}", f"INV{n:07}"
        )
        for n in range(0, count, 6)
    )
    tracemalloc.start()
    book = Book(OpenItem(n, n % 100, f"INV{n:07}", "EUR", 1_000 + n, on, due) for n in range(count))
    done = sum(outcome_of(one) == "applied" for one in run(payments, directory, book, (), STANDARD))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert done == count // 6
    assert most / count < 1_000
