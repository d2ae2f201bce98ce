"""Instalment plans in tests: two people, a debt, and what is done with it, by the command line."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from collecting import TODAY, CollectionsDesk
from duly.access.actions import add_user
from shell import duly

PROPOSER, MANAGER, COLLECTOR = "ann@firm.example", "max@firm.example", "cora@firm.example"


def people() -> None:
    """Who proposes, and who approves."""
    at = datetime(2026, 1, 2, tzinfo=UTC)
    for email, role in ((PROPOSER, "collector"), (MANAGER, "manager"), (COLLECTOR, "collector")):
        add_user(email=email, name=email.split("@")[0], role=role, password=None, at=at)


def owing(desk: CollectionsDesk, *amounts: str, customer: str = "ALDER") -> None:
    """A customer that owes some invoices, the oldest first."""
    desk.customer(customer)
    rows = []
    for place, amount in enumerate(amounts, 1):
        due = TODAY - timedelta(days=60 - 10 * place)
        issued = due - timedelta(days=30)
        rows.append(f"invoice,I-{customer}-{place},{customer},EUR,{issued},{due},{amount}")
    desk.take("kind,number,customer_id,currency,issued_on,due_on,amount", *rows)


def propose(*more: object, customer: str = "ALDER", on: date = TODAY, code: int = 0) -> Any:
    """Propose a plan; its row, or the refusal."""
    told = duly("plan", "propose", customer, "--user", PROPOSER, "--on", on, *more, code=code)
    return told if code else told["plans"][0]


def offered(*more: object, on: date = TODAY, customer: str = "ALDER") -> tuple[int, str]:
    """A plan that was approved and offered: its number and the address of its page."""
    plan = propose(*more, on=on, customer=customer)["id"]
    duly("plan", "approve", plan, "--user", MANAGER, "--on", on)
    return plan, duly("plan", "offer", plan, "--user", PROPOSER, "--on", on)["address"]


def signed(*more: object, on: date = TODAY, customer: str = "ALDER") -> int:
    """A plan that binds."""
    plan, _ = offered(*more, on=on, customer=customer)
    duly("plan", "sign", plan, "--name", "Ida Alder", "--title", "Director", "--on", on)
    return plan


def charged(month: str, *more: object) -> dict[str, Any]:
    """What a run of finance charges for a month tells; it writes nothing."""
    told: dict[str, Any] = duly("charge", "run", "--month", month, "--dry-run", *more)
    return told


def show(plan: int, on: date = TODAY) -> dict[str, Any]:
    """A plan on a day."""
    return duly("plan", "show", plan, "--on", on)


def states(plan: int, on: date = TODAY) -> list[str]:
    """The state of each payment."""
    return [one["state"] for one in show(plan, on)["instalments"]]
