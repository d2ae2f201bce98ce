"""One way into each refusal of finance charges and their rates."""

from collections.abc import Callable
from typing import Any

from tests.errors.desk import Desk

from duly.collections.queries.charges import charge_documents
from duly.parties.queries import entity

_ITEM = "kind,number,customer_id,currency,issued_on,due_on,amount\ninvoice,L1,C2,EUR,{},{},100.00\n"


def _charged(desk: Desk) -> str:
    """An invoice bears interest for March by signed terms."""
    desk.open_books().take(_ITEM.format("2026-01-05", "2026-02-05"))
    terms = ("basis=terms", "signed_on=2026-01-01", "rate=18")
    desk.run("charge", "policy", *terms, "--from", "2026-03")
    desk.run("charge", "run", "--month", "2026-03")
    return charge_documents(entity_id=entity(None).pk)[0].number


def _waived_twice(desk: Desk) -> None:
    number = _charged(desk)
    for _ in range(2):
        desk.run("charge", "waive", number, "--reason", "goodwill")


def _old(desk: Desk) -> None:
    desk.open_books()
    desk.run("charge", "policy", "basis=statute", "--from", "1999-01")
    desk.take(_ITEM.format("1998-12-01", "1999-01-05"))
    desk.run("charge", "run", "--month", "1999-01")


def _gap(desk: Desk) -> None:
    path = desk.folder / "rates.toml"
    path.write_text("[[table]]\nid = 'x'\nname = 'x'\nperiods = []\n")
    desk.open_books().run("rates", "add", str(path))


def _offered(desk: Desk) -> Any:
    desk.open_books()
    return _offered_again(desk)


def _offered_again(desk: Desk) -> Any:
    told = ("C1", "--items", "I1", "--pay-by", "2026-02-23", "--percent", "2")
    return desk.run("discount", "offer", *told, "--on", "2026-02-20")


def _honoured_late(desk: Desk) -> None:
    told = _offered(desk)
    late = "payment_id,customer_id,currency,received_on,amount\nLATE,C1,EUR,2026-03-01,98.00\n"
    desk.take(late, "late.csv")
    desk.run("discount", "honour", str(told[0]["offers"][0]["id"]), "LATE", "--on", "2026-03-01")


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "CHARGE_GONE": _waived_twice,
    "CHARGE_NOT_VOIDED": lambda d: d.run(
        "void", _charged(d), "--customer", "C2", "--kind", "charge"
    ),
    "CHARGE_PERIOD_UNFIT": lambda d: d.open_books().run("charge", "run", "--month", "2999-01"),
    "CHARGE_UNKNOWN": lambda d: d.open_books().run("charge", "show", "FC-1"),
    "CHARGING_UNFIT": lambda d: d.open_books().run("charge", "policy", "colour=red"),
    "LAW_UNKNOWN": lambda d: d.open_books().run(
        "charge", "policy", "basis=statute", "law=ZZ", "--from", "2026-03"
    ),
    "OFFER_NOT_EARNED": _honoured_late,
    "OFFER_UNFIT": lambda d: [_offered(d), _offered_again(d)],
    "OFFER_UNKNOWN": lambda d: d.open_books().run("discount", "honour", "99", "P1"),
    "RATES_UNFIT": _gap,
    "REFERENCE_RATE_MISSING": _old,
}
