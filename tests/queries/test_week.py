"""The week on one page, held against sums counted by hand."""

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.queries.week import week_to
from duly.parties.queries import entity
from duly.receivables.actions import age_balances
from shell import attempt, duly


def asked_of_database(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def book(desk: CollectionsDesk) -> None:  # noqa: F811
    """A is late and broke a promise, B is very late, C owes what is not due yet, D owes dollars."""
    for code in "ABCD":
        desk.customer(code, name=f"Customer {code}")
    desk.invoice("A-1", "A", "1000.00", late=10)
    desk.invoice("B-1", "B", "300.00", late=75)
    desk.invoice("B-2", "B", "200.00", late=120)
    desk.invoice("C-1", "C", "700.00", late=-3)
    desk.invoice("C-2", "C", "70.00", late=-7)
    desk.invoice("C-3", "C", "7.00", late=-8)
    desk.invoice("D-1", "D", "50.00", late=5, currency="USD")
    duly("promise", "add", "A", "--amount", "400.00", "--currency", "EUR",
         "--due", after(-3), "--on", after(-6))  # fmt: skip
    desk.payment("P-1", "A", "100.00", on=after(-2), item="A-1")
    desk.payment("P-0", "A", "50.00", on=after(-7), item="A-1")  # the week before
    desk.day()
    duly("promise", "add", "A", "--amount", "250.00", "--currency", "EUR",
         "--due", after(9), "--on", TODAY)  # fmt: skip


def test_the_week_in_figures(desk: CollectionsDesk) -> None:  # noqa: F811
    book(desk)
    told = duly("digest", "--on", TODAY)
    assert (told["from"], told["to"]) == ("2026-03-04", "2026-03-10")
    euro, dollar = told["currencies"]
    assert euro["currency"] == "EUR"
    assert (euro["owed"], euro["overdue"]) == ("2127.00", "1350.00")
    assert list(euro["ages"].values()) == ["777.00", "850.00", "0.00", "300.00", "200.00"]
    assert (euro["received"], euro["at_risk"]) == ("100.00", "500.00")
    assert [(one["customer"], one["owed"], one["late"]) for one in euro["largest"]] == [
        ("A", "850.00", "850.00"),
        ("C", "777.00", "0.00"),
        ("B", "500.00", "500.00"),
    ]
    told_again = duly("digest", "--on", TODAY)["currencies"][0]["risks"]
    age_balances(entity_id=entity("Northwind").pk, on=TODAY, limit=100)
    assert duly("digest", "--on", TODAY)["currencies"][0]["risks"] == told_again == euro["risks"]
    [risk] = euro["risks"]
    assert (risk["customer"], risk["amount"], risk["oldest_days"]) == ("B", "500.00", 120)
    [promise] = euro["promises"]
    assert (promise["state"], promise["promised"], promise["received"], euro["missed"]) == (
        "partly_kept", "400.00", "100.00", "300.00",
    )  # fmt: skip
    assert [(one["promised"], one["falls_due"]) for one in euro["expected"]] == [
        ("0.00", "770.00"),
        ("250.00", "7.00"),
        ("0.00", "0.00"),
        ("0.00", "0.00"),
    ]
    assert (dollar["currency"], dollar["owed"]) == ("USD", "50.00")


def test_a_day_that_is_past_says_the_same_counted_another_way(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    """Something dated later takes the projections away as a source; the sums stay."""
    book(desk)
    before = duly("digest", "--on", TODAY)["currencies"][0]
    desk.payment("P-9", "A", "1.00", on=after(2), item="A-1")
    then = duly("digest", "--on", TODAY)["currencies"][0]
    for name in ("owed", "overdue", "ages", "received"):
        assert then[name] == before[name]
    assert [one["owed"] for one in then["largest"]] == [one["owed"] for one in before["largest"]]


def test_it_reads_as_often_for_many_as_for_few(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("A")
    desk.invoice("A-1", "A", "10.00", late=70)
    one = entity("Northwind")
    few = asked_of_database(lambda: week_to(entity=one, on=TODAY))
    rows = [f"M{n},Many {n}" for n in range(40)]
    desk.take("customer_id,name", *rows)
    rows = [f"invoice,M-{n},M{n},EUR,2026-01-01,2026-01-02,5.00" for n in range(40)]
    desk.take("kind,number,customer_id,currency,issued_on,due_on,amount", *rows)
    assert asked_of_database(lambda: week_to(entity=one, on=TODAY)) <= few + 1


def test_an_empty_book_is_an_empty_week(desk: CollectionsDesk) -> None:  # noqa: F811
    assert duly("digest", "--on", date(2026, 3, 10))["currencies"] == []


def test_who_has_paid_is_not_told_to_owe(desk: CollectionsDesk) -> None:  # noqa: F811
    """The defect: money that was not applied yet left its payer among those who owe most."""
    book(desk)
    desk.payment("P-7", "A", "850.00")
    [euro, _] = duly("digest", "--on", TODAY)["currencies"]
    assert [one["customer"] for one in euro["largest"]] == ["C", "B"]
    assert euro["credits"] == "-850.00"
    assert "Against it stand 850.00 of credits" in attempt("digest", "--on", TODAY)[1]
