"""What collectors would recognise, told through the command line from the list to the ledger."""

from typing import Any

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from shell import duly


def record(outcome: str, *more: object, on=TODAY) -> dict[str, Any]:  # noqa: ANN001
    told: dict[str, Any] = duly("call", "record", "ALDER", "--outcome", outcome, "--on", on, *more)[
        "calls"
    ][0]
    return told


def opening(on) -> str:  # noqa: ANN001
    return str(script(on)["opening"])


def script(on) -> dict[str, Any]:  # noqa: ANN001
    told: dict[str, Any] = duly("call", "prepare", "ALDER", "--on", on, "--at", "10:00")["script"]
    return told


def kinds(on) -> set[str]:  # noqa: ANN001
    """What is to be done by a day."""
    return {row["kind"] for row in duly("task", "list")["tasks"] if row["due_on"] <= str(on)}


def ledger(on) -> dict[str, tuple[int, str | None]]:  # noqa: ANN001
    rows = duly("excuse", "ledger", "--customer", "ALDER", "--on", on)["ledger"]
    return {row["excuse"]: (row["heard"], row["true_percent"]) for row in rows}


def test_the_cheque_in_the_mail(desk: CollectionsDesk) -> None:  # noqa: F811
    """It is promised, looked for, has not come; the second time it was heard before."""
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "8450.00")
    desk.open_for_mail()
    assert opening(TODAY).startswith("I am calling about 8.450,00 EUR")
    told = record("promised", "--excuse", "5", "--promise", f"8450.00={after(6)}",
                  "--method", "cheque", "--items", "I-1", "--person", "Mo Alder")  # fmt: skip
    assert told["why_unconfirmed"] == ""
    assert desk.outcomes() == {"ALDER": ["promised"]}  # nobody writes while it is awaited
    assert desk.work()["sent"] == 1  # but for what confirms the call
    desk.bank_is_fresh(after(8))
    assert desk.day(after(8))["promises"][0]["verdict"] == "broken"
    assert {"promise_broken", "excuse"} <= kinds(after(8))
    assert opening(after(8)).startswith("You told me that 8.450,00 EUR would be here by 16 March")
    assert "look for it on 19 March" in script(after(8))["closing"]  # the day after
    assert ledger(after(14)) == {"cheque_in_the_mail": (1, "0.0")}
    again = record("reached", "--excuse", "5", on=after(14))
    (row,) = (one for one in duly("excuse", "told", "--on", after(14))["told"]
              if one["id"] == again["excuse"])  # fmt: skip
    assert row["repeat"] == 1
    signals = duly("credit", "signal", "list", "--customer", "ALDER")["signals"]
    assert {"promise_broken", "excuse_repeated"} <= {one["kind"] for one in signals}


def test_the_broken_promise(desk: CollectionsDesk) -> None:  # noqa: F811
    """Put off once and confirmed; broken, again broken, and the third time the final demand."""
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "5000.00")
    desk.open_for_mail()
    first = record("promised", "--promise", f"5000.00={after(3)}")["promises"][0]
    duly("promise", "extend", first, "--due", after(7), "--on", after(2))
    for days, expected in ((9, set()), (17, {"escalate"}), (30, {"escalate", "final_demand"})):
        desk.bank_is_fresh(after(days))
        desk.day(after(days))
        assert kinds(after(days)) - {"promise_broken"} == expected
        if days < 30:
            record("promised", "--promise", f"5000.00={after(days + 6)}", on=after(days))
    states = {row["state"] for row in duly("promise", "list")["promises"]}
    assert states == {"broken"}
    assert duly("promise", "rates", "--customer", "ALDER")["customers"][0]["chance"] == "53.8"


def test_the_damaged_pallet(desk: CollectionsDesk) -> None:  # noqa: F811
    """A part is disputed, the rest promised once the credit note is there; both come true."""
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "5000.00")
    desk.open_for_mail()
    told = record("objected", "--excuse", "d", "--dispute", "I-1=450.00:damage",
                  "--promise", f"4550.00={after(3)}", "--items", "I-1", "--copies", "I-1",
                  "--condition", "Send the credit note for the pallet",
                  "--person", "Mo Alder")  # fmt: skip
    assert kinds(after(3)) == {"condition", "copy"}
    desk.work()
    (sent,) = duly("messages")["messages"]
    assert "once we have done this: Send the credit note for the pallet" in sent["body"]
    assert "450,00 EUR of I-1 is in dispute (damage)" in sent["body"]
    desk.bank_is_fresh(after(7))
    assert desk.day(after(7))["promises"][0]["verdict"] == "open"  # it waits for us
    duly("dispute", "close", told["disputes"][0], "--as", "valid", "--credit", "450.00", "--issue",
         "--on", after(8))  # fmt: skip
    duly("promise", "met", told["promises"][0], "--on", after(8))
    desk.payment("P-1", "ALDER", "4550.00", on=after(9), item="I-1")
    assert desk.day(after(9))["promises"][0]["verdict"] == "kept"
    assert ledger(after(10)) == {"short_or_damaged": (1, "100.0")}
    (item,) = [row for row in duly("items", "--on", after(10))["items"] if row["number"] == "I-1"]
    assert item["open"] == "0.00"
