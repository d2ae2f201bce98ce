"""A refusal of each kind that reviews of credit, insurance and securities can meet."""

from collections.abc import Callable

from tests.errors.desk import AT, ON, Desk

from duly.access.actions import Author
from duly.credit.actions.reviews import conclude_review, open_review, take_review
from duly.credit.actions.signals import record_signal
from duly.parties.queries import customer, entity

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
        conclude_review(review_id=review_id, outcome="keep", reason="Pays.", on=ON, author=AUTHOR)


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "REVIEW_CONCLUDED": _concluded_twice,
    "REVIEW_OPEN": _opened_twice,
    "REVIEW_REASON_MISSING": lambda d: conclude_review(
        review_id=_opened(d), outcome="keep", reason=" ", on=ON, author=AUTHOR
    ),
    "REVIEW_UNKNOWN": lambda d: take_review(review_id=9, owner="ann", author=AUTHOR),
    "SIGNAL_UNKNOWN": _unknown_signal,
}
