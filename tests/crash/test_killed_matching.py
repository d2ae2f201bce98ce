"""`duly match --auto` killed at its work and run again: nothing half done, the same end (C16)."""

import signal
from typing import Any

import pytest

from banking import line, statement, take
from building import Books, broken, day, row_count
from duly.cash_application.actions import match_payments
from duly.cash_application.models import Match
from northwind import trading_northwind

ON = "2026-03-12"
MATCH = ("match", "--auto", "--on", ON)


@pytest.fixture
def books(fresh_database: Any) -> Books:
    """Three payments that are applied by themselves, and one that waits."""
    books = trading_northwind()
    for n in range(3):
        books.invoice(f"RACE-10{n}", "MERIDIAN", "77.13", issued="2026-03-01", due="2026-03-31")
    told = [
        line("2026-03-09", "77.13", f"RACE-10{n}", f"REF-{n}", name="Meridian Foods")
        for n in range(3)
    ]
    take(books, statement(*told, line("2026-03-09", "1.11", "?", "REF-X", name="Who")))
    return books


def applied() -> list[int]:
    return list(Match.objects.order_by("id").values_list("applied_minor", flat=True))


@pytest.mark.parametrize("point", ["post.entries_written", "seal.before_write"])
def test_nothing_is_half_done_and_a_rerun_ends_the_same(
    books: Books, fresh_database: Any, point: str
) -> None:
    before = row_count(), books.aging(ON)
    died = fresh_database.run(*MATCH, "--json", DULY_FAILPOINT=point)
    assert died.returncode == -signal.SIGKILL, died.stderr or "it lived"
    assert (row_count(), books.aging(ON)) == before
    assert broken() == {}
    assert fresh_database.run(*MATCH).returncode == 0
    assert applied() == [7_713] * 3
    assert {books.open(f"RACE-10{n}", ON) for n in range(3)} == {"0.00"}
    assert broken() == {}


def test_killed_after_its_commit_it_is_done_once(books: Books, fresh_database: Any) -> None:
    died = fresh_database.run(*MATCH, "--json", DULY_FAILPOINT="write.after_commit")
    assert died.returncode == -signal.SIGKILL, died.stderr or "it lived"
    assert applied() == [7_713] * 3
    rows, aged = row_count(), books.aging(ON)
    match_payments(entity=books.entity, on=day(ON), auto=True, actor="again", at=books.moment())
    assert (row_count(), books.aging(ON), applied()) == (rows, aged, [7_713] * 3)
    assert broken() == {}
