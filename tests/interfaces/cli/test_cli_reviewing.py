"""`duly credit review` and `signal`: what happened, who looks at it, what came of it."""

from datetime import date

import pytest

from building import Books, minor
from duly.credit.models import LimitProposal
from duly.credit.queries.limits import limits_on
from shell import attempt, duly

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 10)


def test_from_a_signal_to_an_outcome() -> None:
    Books().customer("ALDER")
    duly("credit", "signal", "add", "ALDER", "adverse_news", "--note", "Plant closed", "--on", ON)
    (review,) = duly("credit", "review", "list", "--open")["reviews"]
    assert (review["customer"], review["cause"], review["due_on"]) == (
        "ALDER",
        "adverse_news",
        "2026-03-24",
    )
    assert [one["note"] for one in review["signals"]] == ["Plant closed"]
    number = review["id"]
    assert duly("credit", "review", "open", "ALDER", code=3)["code"] == "REVIEW_OPEN"
    duly("credit", "review", "take", number, "--owner", "ann@example.org")
    duly("credit", "review", "conclude", number, "--as", "keep", "--reason", "A small plant",
         "--on", ON)  # fmt: skip
    (done,) = duly("credit", "review", "list", "--customer", "ALDER")["reviews"]
    assert (done["owner"], done["outcome"], done["reason"]) == (
        "ann@example.org",
        "keep",
        "A small plant",
    )
    assert duly("credit", "review", "list", "--open") == {"reviews": []}
    assert [one["kind"] for one in duly("credit", "signal", "list")["signals"]] == ["adverse_news"]


def test_a_look_that_is_only_tried_writes_nothing() -> None:
    books = Books()
    books.customer("ALDER", credit_limit_minor=1000_00, currency="EUR")
    books.invoice("I-1", "ALDER", "950.00", issued="2026-01-01", due="2026-01-31")
    tried = duly("credit", "signal", "look", "--on", ON, "--dry-run")
    assert {one["kind"] for one in tried["signals"]} == {"past_due", "approaching_limit"}
    assert duly("credit", "review", "list") == {"reviews": []}
    assert duly("credit", "signal", "look", "--on", ON)["signals"]
    assert duly("credit", "signal", "look", "--on", ON)["signals"] == []
    status, out, _ = attempt("credit", "review", "list")
    assert (status, out.count("ALDER")) == (0, 1)


@pytest.mark.parametrize(
    ("limit", "holds", "waits"), [("600.00", "600.00", 0), ("2000.00", "1000.00", 1)]
)
def test_a_review_lowers_a_limit_and_proposes_a_higher_one(
    limit: str, holds: str, waits: int
) -> None:
    books = Books()
    books.customer("ALDER", credit_limit_minor=1000_00, currency="EUR")
    (review,) = duly("credit", "review", "open", "ALDER", "--on", ON)["reviews"]
    end = ("credit", "review", "conclude", review["id"], "--as", "change_limit", "--reason", "Slow")
    assert duly(*end, code=3)["code"] == "REVIEW_REASON_MISSING"
    duly(*end, "--limit", limit, "--on", ON)
    ((_, stands),) = limits_on(books.entity_id, [books.customer_id("ALDER")], ON).items()
    assert stands.minor == minor(holds, "EUR")
    assert LimitProposal.objects.count() == waits
