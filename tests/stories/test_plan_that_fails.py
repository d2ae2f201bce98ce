"""The plan that fails in month three, through the command line."""

from datetime import date

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from planning import MANAGER, PROPOSER, owing, people, show, states
from shell import duly
from stories.desk import aged_on, books_hold

APRIL = date(2026, 4, 10)
MISSED, BEYOND = date(2026, 6, 12), date(2026, 6, 16)


def judged(on: date) -> list[object]:
    """What a day does to the plan: its state, and whether all of it is due."""
    [one] = duly("plan", "judge", "--on", on)["judged"]
    return [one["state"], one["accelerated"]]


def test_the_plan_that_fails_in_month_three(desk: CollectionsDesk) -> None:  # noqa: F811
    people()
    owing(desk, "9600.00", "14400.00")
    desk.invoice("I-NEW", "ALDER", "2100.00", late=-30)

    # Ann finds out what Alder can bear; Max approves; Ida Alder signs and owns up to the debt.
    bear = ("plan", "propose", "ALDER", "--user", PROPOSER, "--on", TODAY, "--down-percent", "20",
            "--bearable", "3400.00", "--interest", "1")  # fmt: skip
    [plan] = duly(*bear)["plans"]
    assert [one["agreed"] for one in plan["instalments"]] == [
        "4800.00", *["3312.93"] * 5, "3312.92",
    ]  # fmt: skip
    number = plan["id"]
    duly("plan", "approve", number, "--user", MANAGER, "--on", TODAY)
    assert duly("plan", "offer", number, "--user", PROPOSER, "--on", TODAY)["address"]
    duly("plan", "sign", number, "--name", "Ida Alder", "--title", "Director", "--on", TODAY)

    # Down payment and April come; May comes two days after its grace, with the notice given.
    desk.payment("P-0", "ALDER", "4800.00", on=after(1), item="I-ALDER-1")
    assert judged(after(1)) == ["active", False]
    desk.payment("P-1", "ALDER", "3312.93", on=APRIL, item="I-ALDER-1")
    assert judged(date(2026, 4, 14)) == ["active", False]
    assert judged(date(2026, 5, 13)) == ["defaulted", False]
    desk.payment("P-2", "ALDER", "3312.93", on=date(2026, 5, 14), item="I-ALDER-2")
    assert judged(date(2026, 5, 14)) == ["cured", False]

    # In month three nothing comes. While it can still be cured the plan's items rest; the invoice
    # that is not on it does not.
    desk.bank_is_fresh(MISSED)
    day = desk.day(MISSED)
    assert day["plans"] == [{"id": number, "state": "defaulted", "accelerated": False}]
    told = {step["outcome"]: [one["number"] for one in step["items"]] for step in day["steps"]}
    assert told == {"skipped": ["I-ALDER-1", "I-ALDER-2"], "queued": ["I-NEW"]}
    assert states(number, MISSED) == ["late", "paid", "late", "missed", "open", "open", "open"]
    [notice] = [
        one["text"]
        for one in duly("task", "list")["tasks"]
        if one["kind"] == "plan_missed" and "2026-06-10" in one["text"]
    ]
    assert "unless it is there by 2026-06-15" in notice

    # More than five days late: all of it is due, somebody is to call, the old invoices are chased.
    desk.bank_is_fresh(BEYOND)
    day = desk.day(BEYOND)
    assert day["plans"] == [{"id": number, "state": "defaulted", "accelerated": True}]
    assert not [step for step in day["steps"] if step["why"] and step["why"]["code"] == "planned"]
    [call] = [one for one in duly("task", "list")["tasks"] if one["kind"] == "plan_broken"]
    left = show(number, BEYOND)["left"]
    assert f"EUR {left}" in call["text"]
    kinds = [step["kind"] for step in show(number, BEYOND)["steps"]]
    assert kinds[4:] == ["active", "defaulted", "cured", "defaulted", "accelerated"]

    # The days of the items never moved: what is left is as old as ever, and the books are whole.
    assert "over-90" in aged_on(str(BEYOND))
    due = {one["number"]: one["due_on"] for one in duly("items", "--on", BEYOND)["items"]}
    assert due["I-ALDER-1"] == str(after(-50))
    assert books_hold()
