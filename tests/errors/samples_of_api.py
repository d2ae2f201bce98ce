"""A refusal of each kind that another system can meet."""

from collections.abc import Callable
from datetime import date

from django.core.cache import cache
from django.test import RequestFactory
from tests.errors.desk import AT, Desk

from duly.access.actions import Author, KeyInUse, add_key, require_key
from duly.credit.policy import ORDERS
from duly.credit.rules.orders import refuse_day
from duly.interfaces.api import answering
from duly.interfaces.api.fields import read_fields

AUTHOR = Author("test", AT)


def _body(text: str) -> object:
    request = RequestFactory().post("/api/v1/orders/check", text, content_type="application/json")
    return answering._body(request)


def _forbidden(desk: Desk) -> None:
    secret = add_key(name="BI", entity_id=1, acts=["look"], author=AUTHOR)
    require_key(secret=secret, act="record_order")


def _often(desk: Desk) -> None:
    most, answering.MOST_A_MINUTE = answering.MOST_A_MINUTE, 1
    cache.clear()
    try:
        for _ in range(3):
            answering._refuse_many(KeyInUse(1, "ERP", 1, []))
    finally:
        answering.MOST_A_MINUTE = most


def _dated_at_will(desk: Desk) -> None:
    refuse_day(date(2025, 1, 1), today=AT.date(), booked_on=None, policy=ORDERS)


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "API_KEY_FORBIDS": _forbidden,
    "API_KEY_UNFIT": lambda d: add_key(name=" ", entity_id=1, acts=["look"], author=AUTHOR),
    "API_KEY_UNKNOWN": lambda d: require_key(secret="x", act="look"),
    "BODY_TOO_LARGE": lambda d: _body("x" * 70_000),
    "BODY_UNFIT": lambda d: _body("["),
    "BODY_FIELD_UNFIT": lambda d: read_fields({"limit": "1"}, ()),
    "ORDER_DAY_UNFIT": _dated_at_will,
    "TOO_MANY_REQUESTS": _often,
}
