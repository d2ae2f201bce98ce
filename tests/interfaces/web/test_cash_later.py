"""Cash, what came later: off account, amounts as typed, by value, runs, advices, knobs."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django_tasks_db.models import DBTaskResult
from tests.building import broken
from tests.interfaces.web.cash_books import (
    Opened,
    accept,
    cash_books,
    form_of,
    left_of,
    open_of,
    payment_id,
)
from tests.interfaces.web.conftest import AT, take_in

from duly.cash_application.models import Alias, MatchingVersion
from duly.cash_application.queries import policy_on
from duly.cash_application.rules.queue import VALUE, Queued, Wanted, chosen
from duly.interfaces.exchange import match_runs
from duly.interfaces.exchange.remittances import add_remittances
from duly.interfaces.exchange.settling import Asked
from duly.interfaces.jobs.matching import match_money
from duly.interfaces.web.pages.cash import undoing
from duly.interfaces.web.typed import read_amount
from duly.parties.models import Entity
from duly.receivables.models import Payment


@pytest.fixture
def clerk(entity: Entity, today: date, open_as: Opened) -> Client:
    cash_books(entity, today)
    return open_as("clerk")


def names(client: Client, query: str = "") -> list[str]:
    return [row.number for row, _ in client.get(f"/cash/{query}").context["rows"]]


def test_what_was_put_on_account_is_taken_off_again(clerk: Client, entity: Entity) -> None:
    """It is nobody's again where it was, what it taught is forgotten, and it asks."""
    payment = Payment.objects.get(number="P-3")
    was = payment.customer_id
    form = form_of(clerk, "P-1")
    customer = form["customer"]
    told = form_of(clerk, "P-3", f"?customer={customer}")
    assert accept(clerk, "P-3", told, act="on_account").status_code == 204
    payment.refresh_from_db()
    assert payment.customer_id == int(customer) != was
    assert names(clerk, "?state=kept") == ["P-3"]
    assert "Take off account" in clerk.get(f"/cash/{payment.pk}/").content.decode()
    assert "Take off account" in clerk.get("/cash/matched/").content.decode()
    done = clerk.post("/cash/undo/", {"key": "k1"}, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"].startswith(f"/cash/?at={payment.pk}")
    payment.refresh_from_db()
    assert payment.customer_id == was
    assert "P-3" in names(clerk)
    assert names(clerk, "?state=kept") == []
    assert not Alias.objects.filter(payment_id=payment.pk, revoked_at=None).exists()
    again = clerk.post(f"/cash/{payment.pk}/undo/", {"key": "k2"})
    assert again.status_code == 409
    assert broken() == {}


@pytest.mark.parametrize(
    ("text", "currency", "mark", "minor"),
    [
        ("1234.5", "EUR", ".", 123_450),
        ("1.234,56", "EUR", ".", 123_456),
        ("1,234.56", "EUR", ",", 123_456),
        ("1234,5", "EUR", ".", 123_450),
        ("1 234,50", "EUR", ",", 123_450),
        ("1.234", "EUR", ",", 123_400),
        ("1,234", "EUR", ",", 123_400),
        ("1.234.567", "JPY", ".", 1_234_567),
        ("1,234", "KWD", ",", 1_234),
        ("1,234", "KWD", ".", 1_234_000),
        ("1.234", "KWD", ",", 1_234),
        (",5", "EUR", ".", 50),
    ],
)
def test_amounts_are_read_as_they_can_only_be_meant(
    text: str, currency: str, mark: str, minor: int
) -> None:
    assert read_amount(text, currency, mark) == minor


@pytest.mark.parametrize(
    "text", ["1.234", "1,23,4", "1.2.3", "12,345,6", "", ",", "1.23.456", "1e3"]
)
def test_what_may_mean_two_amounts_is_no_amount(text: str) -> None:
    with pytest.raises(ValidationError):
        read_amount(text, "EUR", ".")


def test_a_decimal_comma_is_applied_as_it_is_meant(clerk: Client) -> None:
    form = form_of(clerk, "P-1")
    field = next(name for name in form if name.startswith("amount-"))
    assert (
        'data-mark=","'
        in clerk.get(
            f"/cash/{payment_id('P-1')}/", headers={"Accept-Language": "de-DE,de;q=0.9"}
        ).content.decode()
    )
    assert accept(clerk, "P-1", {**form, field: "99,50"}).status_code == 204
    assert (left_of("P-1"), open_of("INV-1001")) == (50, 50)


def test_by_value_compares_currencies_at_the_stated_rate() -> None:
    def row(pk: int, currency: str, minor: int) -> Queued:
        return Queued(pk, None, f"P-{pk}", currency, minor, minor, date(2026, 3, 1), "", "")

    rows = [row(1, "EUR", 100_00), row(2, "JPY", 20_000), row(3, "USD", 150_00), row(4, "XAF", 9)]
    worth = {"EUR": Decimal("0.01"), "JPY": Decimal("0.006"), "USD": Decimal("0.009")}
    found = chosen(rows, Wanted(order=VALUE), worth)
    assert [one.id for one in found] == [3, 2, 1, 4]


def test_a_currency_without_a_rate_is_told(clerk: Client, entity: Entity, today: date) -> None:
    row = ("P-9", "", "SEK", today.isoformat(), "5.00")
    take_in(
        entity, "payments", ("payment_id", "customer_id", "currency", "received_on", "amount"), row
    )
    page = clerk.get("/cash/?order=value")
    assert page.context["unrated"] == ["SEK"]
    assert "No rate is known of SEK" in page.content.decode()
    assert names(clerk, "?order=value")[-1] == "P-9"


def test_the_count_follows_without_the_page(clerk: Client) -> None:
    page = clerk.get("/cash/").content.decode()
    assert 'hx-get="/cash/asks/"' in page
    accept(clerk, "P-1", form_of(clerk, "P-1"))
    told = clerk.get("/cash/asks/", headers={"HX-Request": "true"}).content.decode()
    assert "5 lines ask" in told
    assert 'id="cash-waits" hx-swap-oob="true">5<' in told
    assert 'id="cash-states" hx-swap-oob="true"' in told


def test_many_payments_are_matched_behind_the_page(
    clerk: Client, entity: Entity, monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    for module in (match_runs, undoing):
        monkeypatch.setattr(module, "PART", 2)
    moved = clerk.post("/cash/match/", {"key": "m"})
    address = moved.headers["Location"]
    assert "It waits for the worker" in clerk.get(address).content.decode()
    (task,) = DBTaskResult.objects.all()
    applied = match_money.call(*task.args_kwargs["args"])
    assert applied == 5
    page = clerk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "6 payments were looked at: 5 applied" in page
    assert "every 2s" not in page
    assert match_money.call(*task.args_kwargs["args"]) == applied
    assert clerk.get("/cash/match/0123456789abcdef/").status_code == 404
    assert broken() == {}


def test_advices_are_listed_with_what_they_found(
    clerk: Client, entity: Entity, today: date, settings: object, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    for number, amount in (("INV-1001", "100.00"), ("INV-9999", "77.00")):
        path = tmp_path / f"{number}.csv"
        path.write_text(
            f"Payer;Meridian Foods Ltd\nInvoice;Currency;Amount paid\n{number};GBP;{amount}\n"
        )
        add_remittances(Asked("tester", AT, on=today), [(path, path.name)])
    page = clerk.get("/cash/advices/").content.decode()
    assert "INV-9999.csv" in page
    assert "Waits for its money 1" in page
    assert "P-1" in clerk.get("/cash/advices/?state=joined").content.decode()
    listed = clerk.get("/cash/advices.csv?state=waiting").content.decode("utf-8-sig").splitlines()
    assert len(listed) == 2
    assert listed[1].endswith(",INV-9999,GBP,77.00")
    assert clerk.get("/cash/advices.xlsx").status_code == 200


def test_knobs_are_turned_by_whoever_may(
    clerk: Client, entity: Entity, today: date, open_as: Opened
) -> None:
    assert "Managers turn these" in clerk.get("/cash/knobs/").content.decode()
    assert clerk.post("/cash/knobs/", {"tolerance": "2.00"}).status_code == 403
    manager = open_as("manager")
    wrong = manager.post("/cash/knobs/", {"tolerance": "-1", "on": today.isoformat()})
    assert wrong.status_code == 422
    assert "Nothing was kept" in wrong.content.decode()
    form = {"tolerance": "2.50", "short_pays": "carve", "auto_from": "0.99", "on": str(today)}
    assert manager.post("/cash/knobs/", form).status_code == 302
    policy = policy_on(entity, today)
    assert (policy.tolerance_minor, policy.short_pays) == (250, "carve")
    assert MatchingVersion.objects.get().knobs == {"tolerance": "2.50", "short_pays": "carve"}
    manager.post("/cash/knobs/", form)
    assert MatchingVersion.objects.count() == 1
    assert "Comes as 1.00" in manager.get("/cash/knobs/").content.decode()


def test_codes_of_banks_are_said_on_the_page(clerk: Client, open_as: Opened) -> None:
    assert clerk.post("/cash/kinds/", {"code": "NTRF-999", "says": "Grants"}).status_code == 403
    manager = open_as("manager")
    told = {"code": "ntrf-999", "says": "Grants"}
    assert manager.post("/cash/kinds/", told).status_code == 302
    manager.post("/cash/kinds/", {"code": "*-814", "receivable": "1"})
    page = manager.get("/cash/knobs/").content.decode()
    assert "<code>NTRF-999</code>" in page
    assert "a receivable after all" in page
    manager.post("/cash/kinds/", {"code": "NTRF-999", "act": "drop"})
    assert "NTRF-999</code>" not in manager.get("/cash/knobs/").content.decode()
    assert manager.post("/cash/kinds/", {"code": "***", "says": "x"}).status_code == 422
