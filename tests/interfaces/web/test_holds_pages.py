"""The queue of held orders, one of them, and its release; by role (I17)."""

from datetime import UTC, datetime

import pytest

from duly.access.actions import Author
from duly.access.models import User
from duly.collections.models import Message, Sending
from duly.credit.actions.policies import set_credit_knobs
from duly.credit.models import HoldCase, HoldRelease
from duly.interfaces.exchange.ordering import OrderTold, check
from duly.parties.models import Customer, Entity


@pytest.fixture
def held(books: Entity, today) -> HoldCase:
    Customer.objects.filter(code="C1").update(credit_limit_minor=50_000)
    at = datetime.now(UTC)
    told = OrderTold("C1", "400.00", "GBP", "SO-7", margin="90.00")
    check(books, told, today, Author("key:ERP", at))
    return HoldCase.objects.get()


def test_the_queue_tells_what_holds_since_when_and_who_may(held: HoldCase, open_as) -> None:
    client = open_as("viewer")
    text = client.get("/credit/holds/").content.decode()
    for told in ("SO-7", "Meridian Foods", "Over the limit", "400.00", "90.00", "Credit analyst"):
        assert told in text
    csv = client.get("/credit/holds/holds.csv").content.decode()
    assert "SO-7" in csv
    assert "400.00,90.00" in csv
    assert client.get("/credit/holds/holds.xlsx").status_code == 200


def test_an_empty_queue_says_how_orders_come(books: Entity, open_as) -> None:
    assert "No order waits" in open_as("viewer").get("/credit/holds/").content.decode()


def test_one_shows_its_exposure_part_by_part(held: HoldCase, open_as) -> None:
    text = open_as("viewer").get(f"/credit/holds/{held.pk}/").content.decode()
    for told in ("Exposure of C1", "Open items", "This order", "Over", "Your role releases no"):
        assert told in text


def test_a_director_releases_it_with_a_reason(held: HoldCase, open_as) -> None:
    client = open_as("director")
    address = f"/credit/holds/{held.pk}/release/"
    refused = client.post(address, {"reason": " ", "key": "k0"})
    assert refused.status_code == 422
    assert "A release needs its reason" in refused.content.decode()
    for _ in range(2):  # a second click does nothing more
        assert client.post(address, {"reason": "Paid today", "key": "k1"}).status_code == 302
    held.refresh_from_db()
    assert held.ending == "released"
    assert HoldRelease.objects.get().role == "director"
    assert "Released: Paid today" in client.get(f"/credit/holds/{held.pk}/").content.decode()


@pytest.mark.parametrize("role", ["viewer", "sales", "clerk", "collector"])
def test_who_has_no_such_act_never_releases(held: HoldCase, open_as, role: str) -> None:
    client = open_as(role)
    for place in ("release", "owner"):
        assert client.post(f"/credit/holds/{held.pk}/{place}/", {"reason": "x"}).status_code == 403
    held.refresh_from_db()
    assert held.ending == ""


def test_who_placed_it_is_told_that_somebody_else_decides(held: HoldCase, open_as) -> None:
    client = open_as("director")
    HoldCase.objects.update(asked_by="director@example.org")
    address = f"/credit/holds/{held.pk}/"
    assert "somebody else has to look" in client.get(address).content.decode()
    refused = client.post(f"{address}release/", {"reason": "x", "key": "k2"})
    assert refused.status_code == 422
    assert not HoldRelease.objects.exists()


def test_taken_over_it_is_theirs_to_clear(held: HoldCase, open_as) -> None:
    open_as("analyst").post(f"/credit/holds/{held.pk}/owner/")
    held.refresh_from_db()
    assert held.owner not in ("", "credit")


def test_no_such_hold(books: Entity, open_as) -> None:
    client = open_as("viewer")
    for number in ("99", "9" * 30):
        assert client.get(f"/credit/holds/{number}/").status_code == 404


def test_mails_of_an_order_stand_in_the_outbox(books: Entity, today, open_as) -> None:
    client = open_as("manager")
    who = User.objects.get(role="manager")
    Customer.objects.filter(code="C1").update(
        credit_limit_minor=50_000, sales_rep=who.name, email="pay@meridian.test"
    )
    author = Author("key:ERP", datetime.now(UTC))
    Sending.objects.create(
        entity_id=books.pk, mode="on", sender="ar@here.test", actor="t", changed_at=author.at
    )
    knobs = {"orders.tell_customer": "yes"}
    shell = Author("shell:ann", author.at)
    set_credit_knobs(entity_id=books.pk, knobs=knobs, on=today, author=shell)
    check(books, OrderTold("C1", "400.00", "GBP", "SO-7"), today, author)
    text = client.get("/outbox/").content.decode()
    assert "Order SO-7 of Meridian Foods waits" in text
    assert f"Your order with {books.name} waits" in text
    for row in Message.objects.all():
        shown = client.get(f"/outbox/{row.pk}/")
        assert shown.status_code == 200
        assert "Of orders that wait, or may go" in shown.content.decode()
    assert Message.objects.count() == 2
