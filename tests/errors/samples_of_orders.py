"""A refusal of each kind that orders and holds can meet."""

from collections.abc import Callable

from tests.errors.desk import Desk

from duly.credit.models import HoldCase, Order


def _order(desk: Desk, *more: str, customer: str = "C1", amount: str = "5.00") -> object:
    return desk.run("credit", "check-order", customer, amount, "EUR", "--on", "2026-03-02", *more)


def _of_another(desk: Desk) -> None:
    for customer in ("C1", "C2"):
        _order(desk, "--order", "O-1", customer=customer)


def _ordered(desk: Desk) -> Desk:
    desk.open_books().take("on,currency,per_entity_currency\n2026-01-01,USD,1.1\n", "rates.csv")
    desk.take("customer_id,name,credit_limit\nC1,Meridian Foods,9000.00\n", "limits.csv")
    _order(desk, "--order", "O-1")
    return desk


def _shipped_and_smaller(desk: Desk) -> None:
    _ordered(desk).run("credit", "order", "O-1", "--ship", "5.00")
    _order(desk, "--order", "O-1", amount="4.00")


def _cancelled_and_shipped(desk: Desk) -> None:
    _ordered(desk).run("credit", "order", "O-1", "--cancel")
    desk.run("credit", "order", "O-1", "--ship", "5.00")


def _release(desk: Desk, *more: str, hold: str = "1", reason: str = "It is paid") -> object:
    number = str(HoldCase.objects.get().pk) if hold == "1" else hold
    return desk.run("credit", "release", number, "--reason", reason, "--on", "2026-03-02", *more)


def _held(desk: Desk, kind: str = "blocked") -> Desk:
    desk.open_books().take("on,currency,per_entity_currency\n2026-01-01,USD,1.1\n", "rates.csv")
    desk.take("customer_id,name,credit_limit\nC2,Tall Oaks,1.00\n", "limits.csv")
    if kind:
        told = ("--kind", kind, "--reason", "Told by the court", "--on", "2026-03-02")
        desk.run("credit", "stop", "C2", *told)
    _order(desk, "--order", "O-1", customer="C2")
    return desk


def _released_twice(desk: Desk) -> None:
    _held(desk, "")
    HoldCase.objects.update(asked_by="another")
    Order.objects.update(actor="another")
    for _ in range(2):
        _release(desk)


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "HOLD_ENDED": _released_twice,
    "HOLD_NOT_RELEASABLE": lambda d: _release(_held(d)),
    "HOLD_REASON_MISSING": lambda d: _release(_held(d), reason=" "),
    "HOLD_UNKNOWN": lambda d: _release(d.open_books(), hold="9"),
    "OWN_ORDER": lambda d: _release(_held(d, "")),
    "STOP_UNFIT": lambda d: d.open_books().run(
        "credit", "stop", "C2", "--kind", "blocked", "--reason", " "
    ),
    "STOP_UNKNOWN": lambda d: d.open_books().run(
        "credit", "stop", "C2", "--kind", "blocked", "--reason", "no", "--lift"
    ),
    "EXPOSURE_RATE_MISSING": lambda d: _order(d.open_books()),
    "ORDER_NOT_RELEASED": _cancelled_and_shipped,
    "ORDER_OF_ANOTHER": lambda d: _of_another(_ordered(d)),
    "ORDER_SHIPPED": _shipped_and_smaller,
    "ORDER_UNFIT": lambda d: _order(d.open_books(), amount="0.00"),
    "ORDER_UNKNOWN": lambda d: d.open_books().run("credit", "order", "O-9", "--cancel"),
    "SHIPPED_TOO_MUCH": lambda d: _ordered(d).run("credit", "order", "O-1", "--ship", "9.00"),
}
