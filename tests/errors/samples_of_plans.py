"""One way into each refusal of instalment plans."""

from collections.abc import Callable

from tests.errors.desk import AT, Desk

from duly.access.actions import add_user
from duly.collections.models import InstalmentPlan

_PROPOSE = ("plan", "propose", "C1", "--on", "2026-03-02", "--items", "I1")


def _proposed(desk: Desk, *more: str) -> str:
    desk.open_books().run(*_PROPOSE, *more)
    return str(InstalmentPlan.objects.get().pk)


def _twice(desk: Desk) -> None:
    _proposed(desk)
    desk.run(*_PROPOSE)


def _disputed(desk: Desk) -> None:
    desk.open_books().run(
        "dispute", "add", "I1", "--customer", "C1", "--amount", "1.00", "--reason", "price"
    )
    desk.run(*_PROPOSE)


def _beyond(desk: Desk) -> None:
    plan = _proposed(desk, "--instalments", "9")
    add_user(email="c@firm.example", name="C", role="collector", password=None, at=AT)
    desk.run("plan", "approve", plan, "--user", "c@firm.example")


def _unsigned(desk: Desk) -> None:
    desk.run("plan", "sign", _proposed(desk), "--name", " ", "--title", "Director")


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "PLAN_UNKNOWN": lambda d: d.open_books().run("plan", "show", "99"),
    "PLAN_UNFIT": lambda d: d.open_books().run(*_PROPOSE, "--first", "2026-03-02"),
    "PLAN_NOT_EVEN": lambda d: d.open_books().run(*_PROPOSE, "--amounts", "60.00,39.00"),
    "PLAN_ITEM_TAKEN": _twice,
    "PLAN_ITEM_DISPUTED": _disputed,
    "PLAN_STATE_UNFIT": lambda d: d.run("plan", "offer", _proposed(d)),
    "PLAN_BEYOND_POLICY": _beyond,
    "PLAN_UNSIGNED": _unsigned,
}
