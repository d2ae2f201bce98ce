"""Two signals at the same moment open one review (T4)."""

from datetime import date
from typing import Any

from test_races import ROUNDS, at_once

from building import Books
from duly.access.actions import Author
from duly.credit.actions.reviews import open_review
from duly.credit.actions.signals import record_signal
from duly.credit.models import CreditReview, CreditSignal

ON = date(2026, 3, 10)


def test_signals_at_once_open_one_review(fresh_database: Any) -> None:
    books = Books()
    for n in range(ROUNDS):
        books.customer(f"C{n}")
        about = {"entity_id": books.entity_id, "customer_id": books.customer_id(f"C{n}"), "on": ON}
        author = Author("worker", books.moment())
        kinds = ("adverse_news", "ownership_change", "returned_payment")
        told = at_once(
            *(
                lambda kind=kind, about=about, author=author: record_signal(
                    kind=kind, author=author, source="same", **about
                )
                for kind in (*kinds, kinds[0])
            ),
            lambda about=about, author=author: open_review(author=author, **about),
        )
        assert set(told) <= {"REVIEW_OPEN", "done"}
        assert CreditReview.objects.filter(customer_id=about["customer_id"]).count() == 1
        assert CreditSignal.objects.filter(customer_id=about["customer_id"]).count() == 3
