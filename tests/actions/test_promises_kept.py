"""Promises on the books: what is refused, put off, unlocked, broken again, and how often kept."""

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.actions import add_user
from duly.access.errors import NotYourPart
from duly.collections.actions import PromiseDraft, extend_promise, make_promises
from duly.collections.errors import PromiseUnfit
from duly.collections.models import Promise
from duly.collections.queries.kept_rates import kept_rates
from duly.credit.errors import ExtensionBeyondCover
from duly.credit.models import CreditSignal
from duly.interfaces.cli import home
from duly.interfaces.exchange.collecting import items_named
from duly.parties.queries import customer, entity
from shell import duly


def owing(desk: CollectionsDesk, *codes: str, amount: str = "5000.00") -> None:  # noqa: F811
    for code in codes:
        desk.customer(code)
        desk.invoice(f"I-{code}", code, amount)


def promise(code: str, minor: int, due: int = 3, *, actor: str = "shell:test", **more) -> int:  # noqa: ANN003
    one = entity(None)
    whose = customer(entity_id=one.pk, code=code).pk
    currency = more.pop("currency", "EUR")
    on = more.pop("on", TODAY)
    draft = PromiseDraft(whose, currency, minor, after(due), **more)
    (pk,) = make_promises(entity_id=one.pk, drafts=[draft], on=on, actor=actor, at=home.now())
    return pk


def tasks(kind: str) -> list[dict]:
    return [row for row in duly("task", "list")["tasks"] if row["kind"] == kind]


def test_what_is_no_promise(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    desk.invoice("J-ALDER", "ALDER", "70.00")
    one = entity(None)
    found = items_named(one.pk, customer(entity_id=one.pk, code="ALDER").pk, ["J-ALDER"])
    items = tuple(row.id for row in found)
    for told in (
        {"minor": 507001},  # above the debt
        {"minor": 100, "currency": "USD"},  # nothing is owed in it
        {"minor": 7001, "item_ids": items},  # above what is open of the item it names
        {"minor": 100, "due": -1},
    ):
        with pytest.raises(PromiseUnfit):
            promise("ALDER", **told)
    promise("ALDER", 500000)
    with pytest.raises(PromiseUnfit, match="neither promised"):
        promise("ALDER", 7001)
    promise("ALDER", 7000)


def test_a_day_further_away_is_approved_by_who_may(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    for email, role in (("c@n.example", "collector"), ("m@n.example", "manager")):
        add_user(email=email, name=role.title(), role=role, password=None, at=home.now())
    with pytest.raises(PromiseUnfit, match="10 days"):
        promise("ALDER", 100, 11, actor="c@n.example")
    with pytest.raises(NotYourPart):
        promise("ALDER", 100, 11, actor="c@n.example", approved_by="c@n.example")
    pk = promise("ALDER", 100, 11, actor="c@n.example", approved_by="m@n.example")
    assert Promise.objects.get(pk=pk).approved_by == "m@n.example"
    promise("ALDER", 100, 30, actor="m@n.example")


def test_parts_on_days_of_their_own(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    made = duly("promise", "add", "ALDER", "--amount", "2000.00", "--currency", "EUR", "--due",
                after(3), "--then", f"3000.00={after(7)}", "--on", TODAY)["promises"]  # fmt: skip
    assert [(row["amount"], row["due_on"]) for row in made] == [
        ("2000.00", str(after(3))),
        ("3000.00", str(after(7))),
    ]
    desk.payment("P-1", "ALDER", "2000.00", on=after(3))
    assert [one["verdict"] for one in desk.day(after(7))["promises"]] == ["kept", "open"]


def test_a_promise_is_put_off_once(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    pk = promise("ALDER", 500000)
    with pytest.raises(PromiseUnfit, match="puts nothing off"):
        extend_promise(promise_id=pk, due_on=after(3), on=TODAY, actor="t", at=home.now())
    (told,) = duly("promise", "extend", pk, "--due", after(7), "--on", after(2))["promises"]
    assert (told["due_on"], told["first_due_on"]) == (str(after(7)), str(after(3)))
    with pytest.raises(PromiseUnfit, match="put off before"):
        extend_promise(promise_id=pk, due_on=after(9), on=after(3), actor="t", at=home.now())
    desk.bank_is_fresh(after(7))
    assert desk.day(after(7))["promises"] == [{"id": pk, "verdict": "open"}]
    assert desk.day(after(9))["promises"] == [{"id": pk, "verdict": "broken"}]


def test_the_insurer_is_asked_before_it_is_put_off_beyond_its_time(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    owing(desk, "ALDER")
    duly("credit", "insurance", "policy", "P-1", "--insurer", "Safe", "--currency", "EUR",
         "--from", "2025-01-01", "--to", "2026-12-31", "--mep-days", "25", "--notify-days", "45",
         "--waiting-days", "150", "--indemnity", "90", "--on", "2025-01-01")  # fmt: skip
    duly("credit", "insurance", "limit", "ALDER", "--policy", "P-1", "--amount", "20000",
         "--from", "2025-01-01", "--on", "2025-01-01")  # fmt: skip
    pk = promise("ALDER", 500000)
    with pytest.raises(ExtensionBeyondCover):
        extend_promise(promise_id=pk, due_on=after(20), on=TODAY, actor="t", at=home.now())
    extend_promise(promise_id=pk, due_on=after(5), on=TODAY, actor="t", at=home.now())


def test_what_we_are_to_do_first_becomes_a_task(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    (told,) = duly("promise", "add", "ALDER", "--amount", "5000.00", "--currency", "EUR", "--due",
                   after(3), "--condition", "Send the credit note for the pallet",
                   "--unlock-by", after(1), "--on", TODAY)["promises"]  # fmt: skip
    (task,) = tasks("condition")
    assert task["due_on"] == str(after(1))
    assert "Send the credit note" in task["text"]
    desk.bank_is_fresh(after(20))
    assert desk.day(after(20))["promises"] == [{"id": told["id"], "verdict": "open"}]
    duly("promise", "met", told["id"], "--on", after(20))
    assert not tasks("condition")
    assert desk.day(after(21))["promises"] == [{"id": told["id"], "verdict": "open"}]
    assert desk.day(after(24))["promises"] == [{"id": told["id"], "verdict": "broken"}]


def test_each_broken_promise_goes_a_step_further(desk: CollectionsDesk) -> None:  # noqa: F811
    """First: a call the same day. Second in six months: the manager, no wait before the next step,
    orders held. Third: the final demand (collections facts, section 4)."""
    owing(desk, "ALDER")
    desk.open_for_mail()
    assert desk.outcomes() == {"ALDER": ["friendly"]}
    for days, kinds in ((1, ["promise_broken"]), (8, ["escalate"]), (15, ["final_demand"])):
        promise("ALDER", 500000, days + 2, on=after(days))
        desk.bank_is_fresh(after(days + 6))
        before = {row["id"] for row in duly("task", "list")["tasks"]}
        steps = desk.outcomes(after(days + 6))
        new = [row for row in duly("task", "list")["tasks"] if row["id"] not in before]
        assert set(kinds) | {"promise_broken"} == {row["kind"] for row in new}
        assert all(row["due_on"] == str(after(days + 6)) for row in new)
        # The reminder is due 14 days after the first letter; the second break takes it at once.
        assert steps == {"ALDER": ["reminder" if days == 8 else "already_sent"]}
    held = duly("credit", "check-order", "ALDER", "10.00", "EUR", "--on", after(21))
    assert "broken_promise" in str(held)


def test_m15_and_s05_on_the_books(desk: CollectionsDesk) -> None:  # noqa: F811
    """M-15 by count and value; S-05: 4 of 5 kept is 73.3 %, nobody's yet is the segment's."""
    for number in range(5):
        desk.customer(f"C{number}", segment="retail")
        desk.invoice(f"I-{number}", f"C{number}", "100.00")
        promise(f"C{number}", 10000, person="Mo  Ash")
        if number:
            desk.payment(f"P-{number}", f"C{number}", "100.00", on=after(3), item=f"I-{number}")
    desk.customer("NEW", segment="retail")
    desk.bank_is_fresh(after(7))
    desk.day(after(7))
    promise("C0", 10000, 12, on=after(7))
    (live,) = [row for row in duly("promise", "list")["promises"] if row["state"] == "open"]
    assert (live["chance"], live["chance_of"]) == ("63.6", "customer")
    told = duly("promise", "rates")
    assert told["segments"] == [{"segment": "retail", "kept": 4, "due": 5, "chance": "73.3"}]
    assert {row["customer"]: row["chance"] for row in told["customers"]}["C0"] == "63.6"
    (mine,) = duly("promise", "rates", "--customer", "C1")["people"]
    assert mine == {"customer": "C1", "person": "mo ash", "kept": 1, "due": 1, "chance": "72.7"}
    one = entity(None)
    rates = kept_rates(one.pk)
    new = customer(entity_id=one.pk, code="NEW").pk
    kept, by = rates.chance(new, "", "retail")
    assert (kept.percent, by) == ("73.3", "segment")
    window = ("--from", TODAY, "--to", after(7))
    found = {row["id"]: row["value"] for row in duly("metrics", *window)["measures"]}
    assert (found["promise_kept_rate"], found["promise_kept_value_eur"]) == ("80.00", "80.00")


def test_what_is_broken_under_a_stay_asks_for_nothing(desk: CollectionsDesk) -> None:  # noqa: F811
    """It is judged as it is; credit hears nothing of it, and the one task is to file the claim."""
    owing(desk, "ALDER", "BIRCH")
    for code in ("ALDER", "BIRCH"):
        for days in (1, 2):
            promise(code, 1000, days)
    duly("block", "add", "ALDER", "--kind", "legal", "--reason", "Chapter 11", "--on", TODAY)
    duly("excuse", "record", "BIRCH", "insolvency_adviser", "--on", TODAY)
    there = {row["id"] for row in duly("task", "list")["tasks"]}
    told = {row["verdict"] for row in desk.day(after(8))["promises"]}
    desk.day(after(8))
    assert told == {"broken"}
    new = [row for row in duly("task", "list")["tasks"] if row["id"] not in there]
    assert [(row["customer"], row["kind"]) for row in new] == [("ALDER", "proof_of_claim")]
    assert "Chapter 11" in new[0]["text"]
    assert not CreditSignal.objects.filter(kind="promise_broken").exists()
