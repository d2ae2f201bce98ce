"""A refusal of each kind that reviews of credit, insurance and securities can meet."""

from collections.abc import Callable
from datetime import date

from tests.errors.desk import AT, ON, Desk

from duly.access.actions import Author
from duly.credit.actions.reviews import conclude_review, open_review, take_review
from duly.credit.actions.securing import date_security, release_security
from duly.credit.actions.signals import record_signal
from duly.credit.queries.insurance import refuse_extension
from duly.credit.queries.securities import securities
from duly.parties.queries import customer, entity
from duly.receivables.queries.trading import open_debts

AUTHOR = Author("test", AT)


def _opened(desk: Desk) -> int:
    desk.open_books()
    one = entity()
    theirs = customer(entity_id=one.pk, code="C1").pk
    return open_review(entity_id=one.pk, customer_id=theirs, on=ON, author=AUTHOR).pk


def _opened_twice(desk: Desk) -> None:
    _opened(desk)
    one = entity()
    theirs = customer(entity_id=one.pk, code="C1").pk
    open_review(entity_id=one.pk, customer_id=theirs, on=ON, author=AUTHOR)


def _unknown_signal(desk: Desk) -> None:
    desk.open_books()
    record_signal(entity_id=1, customer_id=1, kind="rumour", on=ON, author=AUTHOR)


def _concluded_twice(desk: Desk) -> None:
    review_id = _opened(desk)
    for _ in range(2):
        conclude_review(
            entity_id=entity().pk,
            review_id=review_id,
            outcome="keep",
            reason="Pays.",
            on=ON,
            author=AUTHOR,
        )


def _insured(desk: Desk, amount: str = "500.00", *more: str) -> None:
    desk.open_books()
    days = ("--mep-days", "60", "--notify-days", "45", "--waiting-days", "150")
    time = ("--from", "2025-01-01", "--to", "2026-12-31")
    desk.run("credit", "insurance", "policy", "P-1", "--insurer", "I", "--currency", "EUR",
             *days, *time, "--indemnity", "90")  # fmt: skip
    desk.run("credit", "insurance", "limit", "C1", "--policy", "P-1", "--amount", amount,
             "--from", "2026-01-01", "--on", "2026-03-02", *more)  # fmt: skip


def _put_off(desk: Desk) -> None:
    _insured(desk)
    one = entity()
    theirs = customer(entity_id=one.pk, code="C1").pk
    items = [debt.id for debt in open_debts(one.pk, [theirs])]
    refuse_extension(one.pk, theirs, items, date(2027, 1, 1), ON)


def _security(desk: Desk, *more: str) -> None:
    desk.open_books()
    desk.run("credit", "security", "add", "C1", "bond", "--currency", "EUR", *more)


def _released_twice(desk: Desk) -> None:
    _security(desk)
    (row,) = securities(entity_id=entity().pk)
    for _ in range(2):
        release_security(
            entity_id=row.entity_id, security_id=row.pk, on=ON, reason="Paid.", author=AUTHOR
        )


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "CLOCK_UNKNOWN": lambda d: d.open_books().run(
        "credit", "clock", "done", "security:9:ends:2026-01-01", "--evidence", "Letter"
    ),
    "DATE_UNCLEAR": lambda d: _security(d, "--date", "shipped"),
    "EVIDENCE_MISSING": lambda _: release_security(
        entity_id=1, security_id=9, on=ON, reason=" ", author=AUTHOR
    ),
    "EXTENSION_BEYOND_COVER": _put_off,
    "INSURANCE_POLICY_UNFIT": lambda d: d.open_books().run(
        *("credit", "insurance", "policy", "P-1", "--insurer", "I", "--currency", "EUR"),
        *("--from", "2026-01-01", "--to", "2026-12-31", "--mep-days", "60"),
        *("--notify-days", "45", "--waiting-days", "150", "--indemnity", "101"),
    ),
    "INSURANCE_POLICY_UNKNOWN": lambda d: d.open_books().run(
        "credit", "insurance", "limit", "C1", "--policy", "P-9", "--amount", "1.00"
    ),
    "INSURED_LIMIT_UNFIT": lambda d: _insured(d, "1.00", "--basis", "agency"),
    "REVIEW_CONCLUDED": _concluded_twice,
    "REVIEW_OPEN": _opened_twice,
    "REVIEW_REASON_MISSING": lambda d: conclude_review(
        entity_id=1, review_id=_opened(d), outcome="keep", reason=" ", on=ON, author=AUTHOR
    ),
    "REVIEW_UNKNOWN": lambda d: take_review(entity_id=1, review_id=9, owner="ann", author=AUTHOR),
    "SECURITY_RELEASED": _released_twice,
    "SECURITY_UNFIT": lambda d: _security(d, "--date", "shipped=2026-03-02"),
    "SECURITY_UNKNOWN": lambda _: date_security(
        entity_id=1, security_id=9, dates={}, author=AUTHOR
    ),
    "SIGNAL_UNKNOWN": _unknown_signal,
}
