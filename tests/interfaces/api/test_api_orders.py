"""Orders over HTTP, asked for as another system asks: with a key, in JSON, again and hostile."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from building import Books
from duly.access.actions import Author, add_key, revoke_key
from duly.access.errors import ApiKeyUnfit
from duly.access.models import ApiKey
from duly.credit.actions.policies import set_credit_knobs
from duly.credit.models import HoldRelease, Order
from duly.interfaces.api import answering
from ordering import AUTHOR, ON, books_of_c10, parts

pytestmark = pytest.mark.django_db
ORDER = {"customer": "C1", "amount": "9000.00", "currency": "USD", "on": "2026-03-10"}


class System:
    """Another system that asks."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def post(self, place: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        response = Client(enforce_csrf_checks=True).post(
            f"/api/v1/{place}",
            text,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )
        assert not response.cookies
        return response.status_code, json.loads(response.content)

    def get(self, place: str) -> tuple[int, dict[str, Any]]:
        response = Client().get(
            f"/api/v1/{place}", headers={"Authorization": f"Bearer {self.secret}"}
        )
        return response.status_code, json.loads(response.content)


@pytest.fixture
def books() -> Books:
    cache.clear()
    return books_of_c10()


@pytest.fixture
def erp(books: Books) -> System:
    return System(
        add_key(name="ERP", entity_id=books.entity_id, acts=["record_order", "look"], author=AUTHOR)
    )


def test_an_order_is_checked_shipped_and_cancelled(books: Books, erp: System) -> None:
    status, told = erp.post("orders/check", ORDER | {"order": "O-1", "margin": "900.00"})
    assert (status, told["decision"]) == (200, "release")
    assert told["exposure"]["total"] == "38000.00"
    status, told = erp.post("orders/check", ORDER | {"order": "O-2", "amount": "13500.00"})
    assert [one["test"] for one in told["failed"]] == ["limit"]
    assert told["failed"][0]["facts"]["over"] == "1500.00"
    assert [row["order"] for row in erp.get("holds")[1]["holds"]] == ["O-2"]
    left = {"order": "O-1", "amount": "4000.00", "on": ORDER["on"]}
    assert erp.post("orders/ship", left)[1]["shipped"] == "4000.00"
    assert erp.post("orders/cancel", {"order": "O-1"})[1]["open"] == "0.00"
    assert parts(books)["shipped_not_invoiced"] == "4000.00"
    assert Order.objects.get(ref="O-1").actor == "key:ERP"


def test_a_question_writes_nothing(erp: System) -> None:
    assert erp.post("orders/check", ORDER)[1]["decision"] == "release"
    assert not Order.objects.exists()


def test_a_key_of_a_request_makes_it_once(books: Books, erp: System) -> None:
    erp.post("orders/check", ORDER | {"order": "O-1"})
    ship = {"order": "O-1", "amount": "4000.00", "on": ORDER["on"]}
    for _ in range(3):
        assert erp.post("orders/ship", ship, **{"Idempotency-Key": "s1"})[0] == 200
    assert Order.objects.get().shipped_minor == 400_000
    status, told = erp.post("orders/ship", ship | {"amount": "1.00"}, **{"Idempotency-Key": "s1"})
    assert (status, told["refusal"]["code"]) == (409, "KEY_REUSED")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 422, "BODY_UNFIT"),
        ("[]", 422, "BODY_UNFIT"),
        ("[" * 60_000, 422, "BODY_UNFIT"),
        ('{"amount": NaN}', 422, "BODY_UNFIT"),
        ('{"order": "a", "order": "b"}', 422, "BODY_UNFIT"),
        (b"\xff\xfe\x00", 422, "BODY_UNFIT"),
        ("x" * 70_000, 413, "BODY_TOO_LARGE"),
        (ORDER | {"amount": 9000}, 422, "BODY_FIELD_UNFIT"),
        (ORDER | {"amount": "9,000"}, 422, "INVALID_AMOUNT"),
        (ORDER | {"amount": "-1.00"}, 422, "ORDER_UNFIT"),
        (ORDER | {"currency": "XXQ"}, 422, "UNKNOWN_CURRENCY"),
        (ORDER | {"currency": "EUR"}, 422, "EXPOSURE_RATE_MISSING"),
        (ORDER | {"customer": "C9"}, 404, "CUSTOMER_UNKNOWN"),
        (ORDER | {"customer": "C\x00"}, 422, "BODY_FIELD_UNFIT"),
        (ORDER | {"approve": True}, 422, "BODY_FIELD_UNFIT"),
        (ORDER | {"prepaid": "yes"}, 422, "BODY_FIELD_UNFIT"),
        (ORDER | {"checkpoint": "never"}, 422, "BODY_FIELD_UNFIT"),
        (ORDER | {"on": "2026-02-30"}, 422, "INVALID_DATE"),
        ({"customer": "C1"}, 422, "BODY_FIELD_UNFIT"),
    ],
)
def test_what_can_t_be_meant_is_refused(erp: System, body: Any, status: int, code: str) -> None:
    told = erp.post("orders/check", body)
    assert (told[0], told[1]["refusal"]["code"]) == (status, code)
    assert told[1]["refusal"]["remedy"]


def test_who_ships_what_is_held_now_is_refused_and_it_waits(erp: System, books: Books) -> None:
    erp.post("orders/check", ORDER | {"order": "O-1"})
    books.invoice("I-2", "C1", "3000.00", issued="2026-01-02", due="2026-02-01")
    wanted = {"order": "O-1", "amount": "1.00", "on": ORDER["on"]}
    status, told = erp.post("orders/ship", wanted)
    assert (status, told["refusal"]["code"]) == (422, "ORDER_NOT_RELEASED")
    assert erp.get("holds")[1]["holds"][0]["hold"] == told["refusal"]["facts"]["hold"]


class TestKeys:
    def test_no_key_a_wrong_one_or_one_that_was_revoked(self, erp: System) -> None:
        for secret in ("", "duly_guess", erp.secret[:-1], f"{erp.secret}x"):
            status, told = System(secret).post("orders/check", ORDER)
            assert (status, told["refusal"]["code"]) == (401, "API_KEY_UNKNOWN")
        revoke_key(name="ERP", author=AUTHOR)
        assert erp.post("orders/check", ORDER)[0] == 401

    def test_a_key_does_what_it_is_for_and_nothing_else(self, books: Books) -> None:
        secret = add_key(name="BI", entity_id=books.entity_id, acts=["look"], author=AUTHOR)
        assert System(secret).get("holds")[0] == 200
        status, told = System(secret).post("orders/check", ORDER)
        assert (status, told["refusal"]["code"]) == (403, "API_KEY_FORBIDS")

    def test_only_a_digest_is_kept(self, erp: System) -> None:
        row = ApiKey.objects.get()
        assert erp.secret not in json.dumps(
            {field.name: str(getattr(row, field.name)) for field in row._meta.fields}
        )

    def test_no_key_can_release(self, books: Books, erp: System) -> None:
        """I17 through the API: there is no address that releases, and no key with that act."""
        with pytest.raises(ApiKeyUnfit):
            add_key(name="X", entity_id=books.entity_id, acts=["release_order"], author=AUTHOR)
        with pytest.raises(ApiKeyUnfit):
            add_key(name="ERP", entity_id=books.entity_id, acts=["look"], author=AUTHOR)
        assert not any("release" in path for path in erp.get("schema")[1]["paths"])
        assert not HoldRelease.objects.exists()

    def test_a_key_that_asks_too_often_waits(
        self, erp: System, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(answering, "MOST_A_MINUTE", 1)
        told = [erp.post("orders/check", ORDER)[0] for _ in range(4)]
        assert 429 in told


def test_another_method_is_told(erp: System) -> None:
    assert erp.get("orders/check")[0] == 405


def test_the_schema_tells_every_field_that_is_read(erp: System) -> None:
    status, told = erp.get("schema")
    body = told["paths"]["/orders/check"]["post"]["requestBody"]["content"]["application/json"]
    assert status == 200
    assert body["schema"]["required"] == ["customer", "amount", "currency"]
    assert set(body["schema"]["properties"]) >= {"order", "checkpoint", "prepaid", "margin", "on"}
    assert date.fromisoformat(ORDER["on"])


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2026-02-21", 422),  # money came in on 1 March: eight days before
        ("2026-02-22", 200),
        ("2026-03-10", 200),
        ("2199-01-01", 422),
        ("1999-01-01", 422),
    ],
)
def test_a_question_is_not_dated_at_will(books: Books, erp: System, on: str, status: int) -> None:
    """By an early day nothing would be late yet, by a late one a limit may have begun."""
    told = erp.post("orders/check", ORDER | {"on": on})
    assert told[0] == status
    if status == 422:
        assert told[1]["refusal"]["code"] == "ORDER_DAY_UNFIT"
        assert told[1]["refusal"]["facts"]["first"] == "2026-02-22"


def test_a_firm_says_how_far_a_question_may_be_dated(books: Books, erp: System) -> None:
    knobs = {"orders.days_back": "8"}
    set_credit_knobs(
        entity_id=books.entity_id, knobs=knobs, on=ON, author=Author("shell:ann", AUTHOR.at)
    )
    assert erp.post("orders/check", ORDER | {"on": "2026-02-21"})[0] == 200
