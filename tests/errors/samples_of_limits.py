"""A refusal of each kind that limits and decisions of credit can meet."""

from collections.abc import Callable
from datetime import date

from tests.errors.desk import AT, ON, Desk

from duly.access.actions import add_user
from duly.credit.models import CreditRequest, LimitProposal
from duly.parties.queries import entity

LATER = "2026-04-01"
SET = ("--reason", "News")


def _no_facts(desk: Desk) -> None:
    path = desk.folder / "facts.json"
    path.write_text('{"currency": "EUR", "insured_limit": "much"}')
    desk.run("credit", "limit", str(path))


def _asked(desk: Desk, amount: int = 1_000_00, submitted_on: date | None = ON) -> Desk:
    """A request of Meridian that a clerk submitted, and an analyst to decide about it."""
    desk.open_books()
    for role in ("analyst", "sales"):
        add_user(email=f"{role}@example.org", name=role.title(), role=role, password=None, at=AT)
    CreditRequest.objects.create(
        entity_id=entity().pk,
        number="CR-0001",
        name="Meridian Foods",
        currency="EUR",
        amount_minor=amount,
        source="clerk",
        actor="clerk@example.org",
        recorded_at=AT,
        submitted_on=submitted_on,
    )
    return desk


def _decide(desk: Desk, *words: str, user: str = "analyst@example.org") -> object:
    who = ("--user", user, "--on", ON.isoformat())
    return desk.run("credit", "decide", "CR-0001", *words, *SET, *who)


def _twice(desk: Desk) -> None:
    for _ in range(2):
        _decide(_asked(desk) if not CreditRequest.objects.exists() else desk, "--decline")


def _propose(desk: Desk, amount: str, *words: str) -> object:
    return desk.run("credit", "limits", "propose", "C1", amount, "EUR", *SET, *words)


def _overlapping(desk: Desk) -> None:
    _asked(desk)
    _propose(desk, "100", "--user", "sales@example.org", "--from", LATER)
    number = LimitProposal.objects.get().pk
    approved = ("--approve", *SET, "--user", "analyst@example.org")
    desk.run("credit", "limits", "decide", str(number), *approved)
    _propose(desk, "200", "--from", LATER)


def _in_dollars(desk: Desk) -> None:
    _asked(desk)
    CreditRequest.objects.update(currency="USD")
    _decide(desk, "--approve", "1000")


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "CREDIT_ALREADY_DECIDED": _twice,
    "CREDIT_KNOB_UNFIT": lambda d: d.open_books().run("credit", "policy", "split_days=0"),
    "CREDIT_NOT_SUBMITTED": lambda d: _decide(_asked(d, submitted_on=None), "--decline"),
    "CREDIT_RATE_MISSING": _in_dollars,
    "CREDIT_REQUEST_UNKNOWN": lambda d: d.open_books().run("credit", "show", "CR-0007"),
    "DECISION_ABOVE_AUTHORITY": lambda d: _decide(_asked(d, 20_000_00), "--approve", "20000"),
    "DECISION_NOT_YOURS": lambda d: _decide(_asked(d), "--decline", user="sales@example.org"),
    "DECISION_UNFIT": lambda d: _decide(_asked(d), "--approve", "0"),
    "DECISION_UNKNOWN": lambda d: _asked(d).run("credit", "tell", "CR-0001"),
    "LIMITS_OVERLAP": _overlapping,
    "LIMIT_FACTS_UNFIT": _no_facts,
    "LIMIT_UNFIT": lambda d: _propose(_asked(d), "5", "--kind", "temporary"),
    "LIMIT_UNKNOWN": lambda d: _propose(_asked(d), "5", "--replaces", "9"),
    "NOTICE_ADDRESS_UNFIT": lambda d: (
        _decide(_asked(d), "--decline"),
        d.run("credit", "tell", "CR-0001", "--mail", "--user", "analyst@example.org"),
    ),
    "OWN_CREDIT_WORK": lambda d: _asked(d).run("credit", "limits", "set", "C1", "5", "EUR", *SET),
    "SEQUEL_UNFIT": lambda d: (
        _decide(_asked(d), "--approve", "1000"),
        d.run("credit", "meet", "CR-0001", "1"),
    ),
    "STATEMENTS_MISSING": lambda d: _decide(_raised(_asked(d, 30_000_00)), "--approve", "30000"),
}


def _raised(desk: Desk) -> Desk:
    desk.run("credit", "policy", "authority.analyst=90000", "--on", "2026-01-01")
    return desk
