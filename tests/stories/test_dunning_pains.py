"""What other systems do to levels of dunning (pains B6, B7, B10, B11), and does not happen here."""

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from shell import duly, write


def policy(desk: CollectionsDesk, days: int, code: str) -> None:  # noqa: F811
    told = f'name = "firm"\n[[steps]]\ncode = "{code}"\ndays = {days}\ntemplate = "friendly"\n'
    told += '[[steps]]\ncode = "then"\ndays = 20\nwait_days = 5\ntemplate = "reminder"\n'
    duly("policy", "set", write(desk.folder, "firm.toml", told), "--on", TODAY)
    duly("policy", "choose", "firm", "--on", TODAY)


def test_b6_nothing_is_dunned_on_the_due_date_itself(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "500.00", late=0)
    policy(desk, 0, "at_once")
    desk.bank_is_fresh()
    assert "ALDER" not in desk.outcomes()
    desk.bank_is_fresh(after(1))
    assert desk.outcomes(after(1)) == {"ALDER": ["at_once"]}


def test_b7_b11_steps_go_by_the_items_and_what_is_open_of_them(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    """The oldest is paid between two steps: the other stands where it stood, by what is left."""
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "900.00", late=30)
    desk.invoice("I-2", "ALDER", "500.00", late=15)
    policy(desk, 3, "early")
    desk.bank_is_fresh()
    assert desk.outcomes() == {"ALDER": ["early"]}
    desk.payment("P-1", "ALDER", "900.00", on=after(2), item="I-1")
    desk.payment("P-2", "ALDER", "350.00", on=after(2), item="I-2")
    for days in range(3, 8):  # planned on every day, or on the last alone: the same
        desk.bank_is_fresh(after(days))
    (step,) = [
        one for one in desk.day(after(7), "--dry-run")["steps"] if one["customer"] == "ALDER"
    ]
    assert (step["step"], step["amount"]) == ("then", "150.00")
    desk.payment("P-3", "ALDER", "100.00", on=after(7), item="I-2")
    (step,) = [
        one for one in desk.day(after(7), "--dry-run")["steps"] if one["customer"] == "ALDER"
    ]
    assert step["why"]["code"] == "below_minimum"  # 50.00 of 500.00 is left


def test_b10_a_policy_that_is_edited_midway_keeps_how_far_items_are(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "500.00", late=15)
    policy(desk, 3, "early")
    desk.bank_is_fresh()
    assert desk.outcomes() == {"ALDER": ["early"]}
    policy(desk, 1, "sooner")
    versions = {
        one["name"]: one["version"] for one in duly("policy", "list", "--on", TODAY)["policies"]
    }
    assert versions["firm"] == 2
    assert duly("messages")["messages"][0]["step"] == "early"  # of the version it was queued by
    desk.bank_is_fresh(after(7))
    assert desk.outcomes(after(7)) == {"ALDER": ["then"]}  # the next step, not the first again
