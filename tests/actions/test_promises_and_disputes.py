"""Promises and disputes on the books: each pauses what it should, and no more."""

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.models import Event
from shell import duly


def promise(customer: str, amount: str, *, due: int = 3, items: str = "", on=TODAY) -> int:  # noqa: ANN001
    told = duly("promise", "add", customer, "--amount", amount, "--currency", "EUR", "--due",
                after(due), "--items", items, "--on", on)  # fmt: skip
    return int(told["promises"][0]["id"])


def states() -> dict[str, str]:
    return {row["customer"]: row["state"] for row in duly("promise", "list")["promises"]}


def owing(desk: CollectionsDesk, *codes: str, amount: str = "5000.00") -> None:  # noqa: F811
    for code in codes:
        desk.customer(code)
        desk.invoice(f"I-{code}", code, amount)


def test_k01_on_the_books(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "KEPT", "PARTLY", "BROKEN", "LATE")
    for code in ("KEPT", "PARTLY", "BROKEN", "LATE"):
        promise(code, "5000.00", items=f"I-{code}")
    desk.payment("P-1", "KEPT", "4960.00", on=after(3), item="I-KEPT")
    desk.payment("P-2", "PARTLY", "3000.00", on=after(3), item="I-PARTLY")
    desk.payment("P-3", "LATE", "5000.00", on=after(6))
    assert {p["verdict"] for p in desk.day(after(2), "--dry-run")["promises"]} == {"open", "kept"}
    assert set(states().values()) == {"open"}  # a dry run judges and writes nothing
    desk.day(after(6))
    assert states() == {"KEPT": "kept", "PARTLY": "open", "BROKEN": "open", "LATE": "kept"}
    desk.day(after(7))
    assert states() == {
        "KEPT": "kept",
        "PARTLY": "partly_kept",
        "BROKEN": "broken",
        "LATE": "kept",
    }
    tasks = duly("task", "list")["tasks"]
    assert {task["customer"] for task in tasks} == {"PARTLY", "BROKEN"}
    assert "EUR 2000.00" in tasks[0]["text"] or "EUR 2000.00" in tasks[1]["text"]
    judged = Event.objects.filter(name="PromisesJudged")
    assert sum(len(event.facts["broken"]) for event in judged) == 1
    desk.day(after(7))
    assert len(duly("task", "list")["tasks"]) == len(tasks)


def test_money_that_was_there_before_a_promise_keeps_none(desk: CollectionsDesk) -> None:  # noqa: F811
    """By its day, and on the day of the promise by what was recorded first."""
    owing(desk, "BEFORE", "THAT_DAY", "AFTER")
    desk.payment("P-1", "BEFORE", "5000.00", on=after(-1))
    desk.payment("P-2", "THAT_DAY", "5000.00", on=TODAY)
    for code in ("BEFORE", "THAT_DAY", "AFTER"):
        promise(code, "5000.00")
    desk.payment("P-3", "AFTER", "5000.00", on=after(1))
    desk.day(after(1))
    assert states() == {"BEFORE": "open", "THAT_DAY": "open", "AFTER": "kept"}


def test_a_promise_is_held_against_what_was_owed_on_its_day(desk: CollectionsDesk) -> None:  # noqa: F811
    """Money that the bank tells of later days takes nothing from a promise made before."""
    owing(desk, "ALDER")
    desk.payment("P-1", "ALDER", "4960.00", on=after(6), item="I-ALDER")
    assert promise("ALDER", "5000.00", items="I-ALDER", on=TODAY)
    more = duly("promise", "add", "ALDER", "--amount", "100.00", "--currency", "EUR", "--due",
                after(9), "--items", "I-ALDER", "--on", after(7), code=3)  # fmt: skip
    assert more["code"] == "PROMISE_UNFIT"


def test_a_broken_promise_is_chased_again(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    promise("ALDER", "5000.00", items="I-ALDER")
    desk.bank_is_fresh()
    assert desk.outcomes() == {"ALDER": ["promised"]}
    desk.bank_is_fresh(after(7))
    assert desk.outcomes(after(7)) == {"ALDER": ["friendly"]}


def test_a_promise_without_items_pauses_the_oldest(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    for n, late in enumerate((40, 30, 20), 1):
        desk.invoice(f"I-{n}", "ALDER", "1000.00", late=late)
    promise("ALDER", "1500.00")
    desk.bank_is_fresh()
    rows = {i["number"]: i["promised"] for i in duly("items", "--on", TODAY)["items"]}
    assert rows == {"I-1": "1000.00", "I-2": "500.00", "I-3": "0.00"}
    steps = {s["outcome"]: [i["number"] for i in s["items"]] for s in desk.day()["steps"]}
    assert steps == {"skipped": ["I-1", "I-2"], "queued": ["I-3"]}


def test_a_cancelled_promise_pauses_nothing(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    desk.bank_is_fresh()
    number = promise("ALDER", "5000.00")
    duly("promise", "cancel", number, "--on", TODAY)
    assert desk.outcomes() == {"ALDER": ["friendly"]}
    assert duly("promise", "cancel", number, code=3)["code"] == "PROMISE_JUDGED"


def test_a_part_in_dispute_is_left_out_and_comes_back(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER", amount="1000.00")
    desk.bank_is_fresh()
    told = duly("dispute", "add", "I-ALDER", "--customer", "ALDER", "--amount", "300.00",
                "--reason", "quality", "--on", TODAY)  # fmt: skip
    row = told["disputes"][0]
    assert (row["owner"], row["deadline_on"]) == ("operations", str(after(15)))
    [item] = [i for i in duly("items", "--on", TODAY)["items"] if i["number"] == "I-ALDER"]
    assert (item["open"], item["disputed"]) == ("1000.00", "300.00")
    amounts = {s["outcome"]: s["amount"] for s in desk.day(TODAY, "--dry-run")["steps"]}
    assert amounts == {"skipped": "300.00", "planned": "700.00"}
    more = ("dispute", "add", "I-ALDER", "--customer", "ALDER", "--reason", "price", "--on", TODAY)
    assert duly(*more, "--amount", "700.01", code=3)["code"] == "DISPUTED_TOO_MUCH"
    duly("dispute", "close", row["id"], "--as", "invalid", "--on", TODAY)
    assert [s["amount"] for s in desk.day(TODAY, "--dry-run")["steps"]] == ["1000.00"]
    assert duly("dispute", "close", row["id"], "--as", "valid", code=3)["code"] == "DISPUTE_CLOSED"


def test_a_valid_dispute_waits_for_its_credit_note(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER", amount="1000.00")
    desk.bank_is_fresh()
    told = duly("dispute", "add", "I-ALDER", "--customer", "ALDER", "--amount", "300.00",
                "--reason", "price", "--on", TODAY)  # fmt: skip
    number = told["disputes"][0]["id"]
    less = duly("dispute", "close", number, "--as", "partly", "--credit=-5.00", code=3)
    assert less["code"] == "CREDIT_NOTHING"
    duly("dispute", "close", number, "--as", "partly", "--credit", "100.00", "--on", TODAY)
    amounts = {s["outcome"]: s["amount"] for s in desk.day(TODAY, "--dry-run")["steps"]}
    assert amounts == {"skipped": "100.00", "planned": "900.00"}
    desk.bank_is_fresh(after(14))
    assert [s["amount"] for s in desk.day(after(14), "--dry-run")["steps"]] == ["1000.00"]


def test_the_worklist_ranks_by_what_a_call_moves_and_adds_up(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER", "BIRCH", amount="1000.00")
    desk.customer("YENNY", currency="JPY")
    desk.invoice("I-Y", "YENNY", "320000", currency="JPY")
    desk.invoice("I-OLD", "BIRCH", "1000.00", late=700)
    told = duly("today", "--on", TODAY)
    assert [problem["code"] for problem in told["problems"]] == ["RATE_MISSING"]
    assert [row["customer"] for row in told["rows"]] == ["BIRCH", "ALDER", "YENNY"]
    assert told["rows"][-1]["value"] == "0.00"
    assert [one["code"] for one in told["rows"][-1]["because"]] == ["no_rate"]
    desk.take("on,currency,per_entity_currency", "2026-03-01,JPY,160")
    told = duly("today", "--on", TODAY)
    assert told["rate_on"] == {"JPY": "2026-03-01"}
    assert [(row["customer"], row["value"]) for row in told["rows"]] == [
        ("BIRCH", "9.89"),  # lets debts grow old: less of the young one comes by itself
        ("YENNY", "9.29"),
        ("ALDER", "3.15"),  # 1,000 less 919 that come by themselves, times 7.6 %, less 3
    ]
    assert told["total_value"] == "22.33"
    assert told["rows"][0]["next"]["action"] == "wait"  # money is not known to today
    desk.bank_is_fresh()
    told = duly("today", "--on", TODAY, "--limit", 1)
    assert [row["next"]["action"] for row in told["rows"]] == ["email"]
    assert (told["total_value"], told["all_value"]) == ("9.89", "22.33")


def test_a_write_is_keyed_and_can_be_tried(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    line = ("promise", "add", "ALDER", "--amount", "10.00", "--currency", "EUR", "--due", after(3),
            "--on", TODAY)  # fmt: skip
    duly(*line, "--dry-run")
    assert duly("promise", "list")["promises"] == []
    first = duly(*line, "--key", "k1")
    assert duly(*line, "--key", "k1") == first
    assert len(duly("promise", "list")["promises"]) == 1
    other = [*line[:4], "11.00", *line[5:]]
    assert duly(*other, "--key", "k1", code=3)["code"] == "KEY_REUSED"


def test_calls_are_logged_and_counted(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    for outcome in ("no_answer", "voicemail", "wrong_person", "promised"):
        duly("call", "add", "ALDER", "--outcome", outcome, "--person", "Ada", "--on", TODAY)
    duly("call", "add", "ALDER", "--outcome", "reached", "--next", after(2), "--on", after(1))
    [task] = duly("task", "list")["tasks"]
    assert (task["kind"], task["due_on"]) == ("call_again", str(after(2)))
    duly("task", "done", task["id"])
    assert duly("task", "list")["tasks"] == []
    told = {m["id"]: m for m in duly("metrics", "--from", TODAY, "--to", TODAY)["measures"]}
    assert (told["contact_rate"]["value"], told["contact_rate"]["denominator"]) == ("50.00", "4")
    assert told["right_party_rate"]["value"] == "25.00"
    assert told["promise_kept_rate"]["value"] is None


def test_promises_and_disputes_are_measured(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER", "BIRCH", amount="1000.00")
    promise("ALDER", "1000.00")
    promise("BIRCH", "1000.00")
    desk.payment("P-1", "ALDER", "1000.00", on=after(1))
    desk.payment("P-2", "BIRCH", "550.00", on=after(1))
    told = duly("dispute", "add", "I-BIRCH", "--customer", "BIRCH", "--amount", "10.00",
                "--reason", "price", "--on", TODAY)  # fmt: skip
    number = told["disputes"][0]["id"]
    duly("dispute", "close", number, "--as", "invalid", "--on", after(5))
    desk.day(after(8))
    rows = duly("metrics", "--from", TODAY, "--to", after(8))["measures"]
    values = {row["id"]: row["value"] for row in rows}
    assert values["promise_kept_rate"] == "50.00"
    assert values["promise_kept_value_eur"] == "77.50"
    assert values["dispute_cycle_mean"] == values["dispute_cycle_median"] == "5.00"
    assert values["open_dispute_age"] is None
