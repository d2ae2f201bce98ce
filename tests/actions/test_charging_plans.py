"""Items on a plan that binds bear no finance charge from its signing to its acceleration or end."""

import pytest

from collecting import CollectionsDesk, after, desk, mail  # noqa: F401
from planning import charged, offered, owing, people, signed
from shell import duly


@pytest.fixture
def firm(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """ALDER owes 1,000 since 19 January, charged by terms at 18 %."""
    people()
    owing(desk, "1000.00")
    desk.bank_is_fresh()
    knobs = ("basis=terms", "signed_on=2025-01-01", "rate=18")
    duly("charge", "policy", *knobs, "--customer", "ALDER", "--from", "2026-01")
    return desk


def days(month: str) -> list[tuple[str, str]]:
    """First and last day that bear in a month."""
    return [
        (balance["from"], balance["to"])
        for one in charged(month)["charges"]
        for line in one["lines"]
        for balance in line["balances"]
    ]


def why(month: str) -> list[tuple[str, str]]:
    """Who is skipped in a month, and why."""
    return [(one["customer"], one["why"]["code"]) for one in charged(month)["skipped"]]


def test_nothing_is_borne_from_the_signing_on(firm: CollectionsDesk) -> None:
    signed("--instalments", "3")
    assert days("2026-03") == [("2026-03-01", str(after(-1)))]
    assert why("2026-03") == [("ALDER", "on_plan")]
    assert days("2026-04") == []
    assert (why("2026-02"), len(days("2026-02"))) == ([], 1)


def test_an_offer_pauses_nothing(firm: CollectionsDesk) -> None:
    offered("--instalments", "3")
    assert days("2026-03") == [("2026-03-01", "2026-03-31")]
    assert why("2026-03") == []


def test_it_bears_again_from_the_acceleration(firm: CollectionsDesk) -> None:
    plan = signed("--instalments", "3", "--first", after(1))
    for late in range(1, 60):
        duly("day", "--on", after(late))
        since = duly("plan", "show", plan, "--on", after(late))["accelerated_on"]
        if since:
            break
    assert since == "2026-03-17"
    assert days("2026-03") == [("2026-03-01", "2026-03-09"), ("2026-03-17", "2026-03-31")]


def test_it_bears_again_from_the_end(firm: CollectionsDesk) -> None:
    plan = signed("--instalments", "3")
    duly("plan", "cancel", plan, "--reason", "asked", "--on", "2026-03-20")
    assert days("2026-03") == [("2026-03-01", "2026-03-09"), ("2026-03-20", "2026-03-31")]
