"""Instalment plans on the books: who may, what they pause, what money does to them."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.actions import Author
from duly.access.models import Event
from duly.collections.models import InstalmentPlan, PlanStep
from duly.collections.queries.marks import marks_of
from duly.collections.queries.plans import planned_items
from duly.credit.actions.securing import do_clock
from duly.credit.models import CreditSignal, SecretLink
from duly.credit.rules.links import SECRET
from duly.parties.queries import entity
from planning import (
    COLLECTOR,
    MANAGER,
    PROPOSER,
    offered,
    owing,
    people,
    propose,
    show,
    signed,
    states,
)
from shell import duly


@pytest.fixture
def firm(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    people()
    owing(desk, "600.00", "400.00")
    desk.bank_is_fresh()
    return desk


def test_a_plan_covers_what_is_overdue_and_changes_no_item(firm: CollectionsDesk) -> None:
    before = duly("items", "--on", TODAY)
    aged = duly("aging", "--on", TODAY)["totals"]
    plan = propose("--down-percent", "20", "--instalments", "3")
    assert [one["agreed"] for one in plan["instalments"]] == [
        "200.00", "266.66", "266.66", "266.68",
    ]  # fmt: skip
    assert [one["number"] for one in plan["items"]] == ["I-ALDER-1", "I-ALDER-2"]
    assert plan["beyond_policy"] == []
    signed_plan = show(plan["id"])
    assert signed_plan["state"] == "proposed"
    assert duly("items", "--on", TODAY) == before
    assert duly("aging", "--on", TODAY)["totals"] == aged


def test_k03_through_the_command_line(desk: CollectionsDesk) -> None:  # noqa: F811
    """K-03: 19,200 at 1 % a month in 6."""
    people()
    owing(desk, "19200.00")
    plan = propose("--instalments", "6", "--interest", "1")
    assert [one["agreed"] for one in plan["instalments"]] == [*["3312.93"] * 5, "3312.92"]
    assert (plan["interest"], plan["total"]) == ("677.57", "19877.57")


def test_two_people_and_a_manager_for_what_is_beyond_policy(firm: CollectionsDesk) -> None:
    plan = propose("--instalments", "8")["id"]
    assert duly("plan", "offer", plan, "--on", TODAY, code=3)["code"] == "PLAN_STATE_UNFIT"
    approve = ("plan", "approve", plan, "--on", TODAY, "--user")
    assert duly(*approve, COLLECTOR, code=3)["code"] == "PLAN_BEYOND_POLICY"
    duly(*approve, MANAGER)
    assert duly(*approve, MANAGER, code=3)["code"] == "APPROVAL_DECIDED"
    other = propose("--items", "I-ALDER-1", code=3)
    assert other["code"] == "PLAN_ITEM_TAKEN"
    duly("plan", "cancel", plan, "--reason", "asked for less", "--on", TODAY)
    usual = propose("--down-percent", "20")["id"]
    own = duly("plan", "approve", usual, "--user", PROPOSER, "--on", TODAY, code=3)
    assert own["code"] == "OWN_WORK_APPROVAL"
    duly("authority", "set", "collector", "approve_plan", "EUR", "999.99")
    approve = ("plan", "approve", usual, "--on", TODAY, "--user")
    assert duly(*approve, COLLECTOR, code=3)["code"] == "AUTHORITY_EXCEEDED"
    duly("authority", "set", "collector", "approve_plan", "EUR", "1000.00")
    duly(*approve, COLLECTOR)
    declined = duly("plan", "cancel", usual, "--reason", "no", "--on", TODAY)["plans"][0]
    assert declined["state"] == "cancelled"


def test_a_declined_plan_is_over(firm: CollectionsDesk) -> None:
    plan = propose()["id"]
    duly("plan", "approve", plan, "--decline", "--reason", "pay at once", "--user", MANAGER)
    assert show(plan)["state"] == "cancelled"
    assert [step["kind"] for step in show(plan)["steps"]] == ["proposed", "declined"]


def test_what_can_be_no_plan_is_refused(firm: CollectionsDesk) -> None:
    for more, code in (
        (("--debt", "1000.01"), "PLAN_NOT_EVEN"),
        (("--debt", "999.99"), "PLAN_NOT_EVEN"),
        (("--amounts", "500.00,499.00"), "PLAN_NOT_EVEN"),
        (("--bearable", "10.00"), "PLAN_NOT_EVEN"),
        (("--first", after(-1)), "PLAN_UNFIT"),
        (("--currency", "USD", "--items", "I-ALDER-1"), "PLAN_UNFIT"),
        (("--currency", "XXX"), "PLAN_UNFIT"),
        (("--interest", "a lot"), "PLAN_UNFIT"),
        (("--items", "I-ALDER-1,I-ALDER-1"), "PLAN_UNFIT"),
        (("--items", "I-BIRCH-1"), "ITEM_UNKNOWN"),
        (("--currency", "USD"), "PLAN_UNFIT"),
    ):
        assert propose(*more, code=3)["code"] == code, more
    assert InstalmentPlan.objects.count() == 0


def test_a_disputed_item_is_taken_in_only_when_it_is_said(firm: CollectionsDesk) -> None:
    duly("dispute", "add", "I-ALDER-1", "--customer", "ALDER", "--amount", "100.00", "--reason",
         "price", "--on", TODAY)  # fmt: skip
    assert propose(code=3)["code"] == "PLAN_ITEM_DISPUTED"
    plan = propose("--with-disputed")
    assert plan["items"][0]["disputed"] == "100.00"


def test_a_dry_run_shows_the_payments_and_writes_nothing(firm: CollectionsDesk) -> None:
    assert len(propose("--dry-run", "--bearable", "300.00")["instalments"]) == 4
    assert InstalmentPlan.objects.count() == 0


def test_the_offer_is_one_link_and_holds_all_that_was_agreed(firm: CollectionsDesk) -> None:
    plan, address = offered("--down-percent", "20", "--security", "Guarantee of I. Alder")
    assert SECRET.fullmatch(address.rstrip("/").rsplit("/", 1)[1])
    again = duly("plan", "offer", plan, "--on", TODAY)
    assert again["address"] == address
    assert SecretLink.objects.count() == 1
    told = dict(show(plan)["agreement"]["clauses"])
    assert "acknowledges that it owes Northwind EUR 1,000.00" in told["Acknowledgement of the debt"]
    assert "right of set-off" in told["Acknowledgement of the debt"]
    assert "more than 5 days late" in told["If an instalment is late"]
    assert {"No waiver", "Limitation", "Invoices to come", "Security"} <= set(told)


def test_what_is_on_a_plan_is_not_chased_and_what_is_not_is(firm: CollectionsDesk) -> None:
    assert firm.outcomes(TODAY, "--dry-run") == {"ALDER": ["friendly"]}
    plan, _ = offered("--items", "I-ALDER-1", "--down-percent", "20")
    assert firm.outcomes(TODAY, "--dry-run") == {"ALDER": ["friendly"]}  # not signed yet
    duly("plan", "sign", plan, "--name", "Ida Alder", "--title", "Director", "--on", TODAY)
    steps = {s["outcome"]: [i["number"] for i in s["items"]] for s in firm.day()["steps"]}
    assert steps == {"skipped": ["I-ALDER-1"], "queued": ["I-ALDER-2"]}
    [row] = [one for one in duly("today", "--on", TODAY)["rows"] if one["customer"] == "ALDER"]
    assert {one["code"]: one["value"] for one in row["because"]}["planned"] == "-600.00"
    again = firm.day()
    assert again["digest"] == firm.day(TODAY, "--dry-run")["digest"]


def test_a_plan_that_is_signed_has_waiting_mails_judged_anew(firm: CollectionsDesk) -> None:
    company = entity("Northwind").pk

    def marks() -> object:
        return marks_of(entity_id=company, customer_ids=[customer])[customer]

    plan, _ = offered("--items", "I-ALDER-1", "--down-percent", "20")
    customer = InstalmentPlan.objects.get().customer_id
    before = marks()
    duly("plan", "sign", plan, "--name", "Ida Alder", "--title", "Director", "--on", TODAY)
    assert marks() != before


def test_money_is_counted_applied_or_not(firm: CollectionsDesk) -> None:
    plan = signed("--down-percent", "20", "--instalments", "4")
    assert (show(plan)["state"], states(plan)) == ("signed", ["open"] * 5)
    firm.payment("P-1", "ALDER", "200.00", on=TODAY)
    duly("plan", "judge", "--on", TODAY)
    assert (show(plan)["state"], states(plan)[0]) == ("active", "paid")
    firm.payment("P-2", "ALDER", "200.00", on=after(20), item="I-ALDER-1")
    assert states(plan, after(20))[:3] == ["paid", "early", "open"]
    firm.payment("P-3", "ALDER", "300.00", on=after(25))
    told = show(plan, after(25))
    assert [one["state"] for one in told["instalments"]][2:4] == ["prepaid", "open"]
    assert told["instalments"][3]["received"] == "100.00"
    assert (told["received"], told["left"]) == ("700.00", "300.00")
    firm.payment("P-4", "ALDER", "300.00", on=after(30))
    duly("plan", "judge", "--on", after(30))
    assert show(plan)["state"] == "completed"


def test_what_came_before_and_what_pays_other_invoices_is_not_counted(
    firm: CollectionsDesk,
) -> None:
    firm.payment("P-0", "ALDER", "50.00", on=after(-1))
    firm.invoice("I-NEW", "ALDER", "200.00", late=-20)
    plan = signed("--down-percent", "20")
    firm.payment("P-1", "ALDER", "200.00", on=after(1), item="I-NEW")
    assert show(plan, after(1))["received"] == "0.00"


def test_a_credit_note_comes_off_the_last_instalment(firm: CollectionsDesk) -> None:
    plan = signed("--instalments", "4")
    firm.invoice("CN-1", "ALDER", "250.00", kind="credit_note", late=0)
    duly("apply", "CN-1", "I-ALDER-1=250.00", "--on", after(1))
    told = show(plan, after(1))
    assert (told["credited"], told["received"]) == ("250.00", "0.00")
    assert [one["state"] for one in told["instalments"]] == ["open"] * 3 + ["credited"]


def test_a_dispute_while_on_plan_makes_no_default(firm: CollectionsDesk) -> None:
    plan = signed("--instalments", "4")
    duly("dispute", "add", "I-ALDER-2", "--customer", "ALDER", "--amount", "250.00", "--reason",
         "quality", "--on", after(5))  # fmt: skip
    duly("plan", "judge", "--on", after(40))
    assert show(plan, after(40))["state"] == "active"
    assert states(plan, after(40))[0] == "disputed"


def test_missed_cured_missed_again_and_due_at_once(firm: CollectionsDesk) -> None:
    plan = signed("--down-percent", "20", "--instalments", "2")  # 200, then 400 on 10 April, 10 May
    firm.payment("P-1", "ALDER", "200.00", on=after(1))
    for on in (after(1), date(2026, 4, 13)):
        duly("plan", "judge", "--on", on)
    assert (show(plan, date(2026, 4, 13))["state"], states(plan, date(2026, 4, 13))[1]) == (
        "active",
        "awaited",
    )
    [told] = duly("plan", "judge", "--on", date(2026, 4, 14))["judged"]
    assert (told["before"], told["state"], told["accelerated"]) == ("active", "defaulted", False)
    [task] = [one for one in duly("task", "list")["tasks"] if one["kind"] == "plan_missed"]
    assert "EUR 400.00" in task["text"]
    assert "2026-04-15" in task["text"]
    assert CreditSignal.objects.filter(source=f"plan:{plan}:1").count() == 1
    firm.payment("P-2", "ALDER", "400.00", on=date(2026, 4, 15))
    assert duly("plan", "judge", "--on", date(2026, 4, 15))["judged"][0]["state"] == "cured"
    firm.bank_is_fresh(date(2026, 5, 12))
    assert firm.outcomes(date(2026, 5, 12))["ALDER"] == ["planned"]
    late = date(2026, 5, 18)
    firm.bank_is_fresh(late)
    dry = firm.day(late, "--dry-run")
    assert dry["plans"][0]["accelerated"] is True
    real = firm.day(late)
    assert real["digest"] == dry["digest"]
    assert real["plans"] == [{"id": plan, "state": "defaulted", "accelerated": True}]
    again = firm.day(late)
    assert again["plans"] == real["plans"]
    assert "planned" not in {step["why"]["code"] for step in again["steps"] if step["why"]}
    assert len([t for t in duly("task", "list")["tasks"] if t["kind"] == "plan_broken"]) == 1
    kinds = [step["kind"] for step in show(plan, late)["steps"]]
    assert kinds == [
        *("proposed", "approved", "offered", "signed", "active"),
        *("defaulted", "cured", "defaulted", "accelerated"),
    ]


def test_money_that_comes_back_is_money_that_is_missed(firm: CollectionsDesk) -> None:
    plan = signed("--down-percent", "20", "--instalments", "2")
    firm.payment("P-1", "ALDER", "200.00", on=TODAY)
    duly("plan", "judge", "--on", after(1))
    duly("payment", "return", "P-1", "--on", after(3), "--reason", "AM04")
    duly("plan", "judge", "--on", after(3))
    assert (show(plan, after(3))["state"], states(plan, after(3))[0]) == ("defaulted", "missed")


def test_an_offer_that_nobody_signs_lapses(firm: CollectionsDesk) -> None:
    plan, _ = offered()
    late = duly("plan", "sign", plan, "--name", "A", "--title", "B", "--on", after(15), code=3)
    assert late["code"] == "PLAN_STATE_UNFIT"
    duly("plan", "judge", "--on", after(14))
    assert show(plan)["state"] == "offered"
    duly("plan", "judge", "--on", after(15))
    assert show(plan)["state"] == "cancelled"
    assert show(plan)["steps"][-1]["kind"] == "lapsed"


def test_a_key_is_one_plan(firm: CollectionsDesk) -> None:
    first = propose("--key", "k1")
    assert propose("--key", "k1") == first
    assert InstalmentPlan.objects.count() == 1


def test_what_was_agreed_is_never_changed(firm: CollectionsDesk) -> None:
    plan = signed()
    row = InstalmentPlan.objects.get(pk=plan)
    for changes in (
        lambda: InstalmentPlan.objects.update(debt_minor=1),
        lambda: row.instalments.update(principal_minor=1),
        lambda: row.items.update(open_minor=1),
        lambda: PlanStep.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            changes()
    assert Event.objects.filter(name="PlanMoved").count() == 3
    assert duly("check")["ok"]


def test_money_under_the_reference_of_an_instalment_is_the_customers(
    firm: CollectionsDesk,
) -> None:
    plan = signed("--down-percent", "20")
    reference = show(plan)["instalments"][0]["reference"]
    assert reference.endswith(f"ALDERP{plan}N0")
    firm.take(
        "payment_id,currency,received_on,amount,reference",
        f"P-9,EUR,{after(1)},200.00,{reference}",
    )
    [row] = [r for r in duly("match", "--on", after(1))["payments"] if r["payment"] == "P-9"]
    assert row["customer"] == "ALDER"


def test_the_insurer_is_asked_before_a_plan_goes_beyond_its_cover(firm: CollectionsDesk) -> None:
    duly("credit", "insurance", "policy", "OP-1", "--insurer", "Guard", "--currency", "EUR",
         "--from", "2025-01-01", "--to", "2026-12-31", "--mep-days", "60", "--notify-days", "90",
         "--waiting-days", "180", "--indemnity", "90", "--on", TODAY)  # fmt: skip
    duly("credit", "insurance", "limit", "ALDER", "--policy", "OP-1", "--amount", "5000.00",
         "--from", "2025-01-01", "--on", TODAY)  # fmt: skip
    plan = propose("--down-percent", "20")["id"]
    approve = ("plan", "approve", plan, "--user", MANAGER, "--on", TODAY)
    refused = duly(*approve, code=3)
    assert refused["code"] == "EXTENSION_BEYOND_COVER"
    entity_id = InstalmentPlan.objects.get(pk=plan).entity_id
    author = Author(MANAGER, datetime(2026, 3, 10, tzinfo=UTC))
    for item in InstalmentPlan.objects.get(pk=plan).items.all():
        key = f"extend:{item.item_id}"
        do_clock(entity_id=entity_id, key=key, on=TODAY, evidence="Guard 4711", author=author)
    duly(*approve)
    duly("plan", "offer", plan, "--on", TODAY)
    agreement = show(plan)["agreement"]
    assert agreement["consents"][0] == "I-ALDER-1: Guard 4711 (2026-03-10)"
    assert "Insurer’s consent" in dict(agreement["clauses"])


def test_plans_are_read_in_the_same_few_queries(firm: CollectionsDesk) -> None:
    one = entity()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert planned_items(one, TODAY)
        return len(queries)

    signed("--items", "I-ALDER-1")
    first = asked()
    for customer in ("BIRCH", "CEDAR"):
        owing(firm, "500.00", customer=customer)
        signed(customer=customer)
    assert asked() == first
    assert len(planned_items(one, TODAY)) == 3


DISPUTE = ("dispute", "add", "I-ALDER-1", "--customer", "ALDER", "--amount", "100.00", "--reason",
           "price", "--on", TODAY)  # fmt: skip


def test_a_plan_whose_items_changed_goes_no_further(firm: CollectionsDesk) -> None:
    """A dispute after the proposal, or money: what it took in is not what is owed."""
    plan = propose()["id"]
    duly(*DISPUTE)
    approve = ("plan", "approve", plan, "--user", MANAGER, "--on", TODAY)
    refusal = duly(*approve, code=3)
    assert refusal["code"] == "PLAN_UNFIT"
    assert "I-ALDER-1" in refusal["message"]
    assert "propose a new one" in refusal["remedy"]
    duly(*approve, "--decline")  # it may still be ended


def test_a_plan_is_offered_for_what_is_owed_that_day(firm: CollectionsDesk) -> None:
    plan = propose()["id"]
    duly("plan", "approve", plan, "--user", MANAGER, "--on", TODAY)
    firm.payment("P-1", "ALDER", "100.00")
    duly("apply", "P-1", "I-ALDER-2=100.00", "--on", TODAY)
    refusal = duly("plan", "offer", plan, "--on", TODAY, code=3)
    assert (refusal["code"], show(plan)["state"]) == ("PLAN_UNFIT", "proposed")


def test_a_plan_is_signed_for_what_is_owed_that_day(firm: CollectionsDesk) -> None:
    plan, _ = offered()
    duly(*DISPUTE)
    sign = ("plan", "sign", plan, "--name", "Ida", "--title", "Director", "--on", TODAY)
    assert duly(*sign, code=3)["code"] == "PLAN_UNFIT"
    assert duly("plan", "offer", plan, "--on", TODAY, code=3)["code"] == "PLAN_UNFIT"
    assert show(plan)["state"] == "offered"


def test_a_plan_missed_under_a_stay_asks_for_nothing(firm: CollectionsDesk) -> None:
    plan = signed("--down-percent", "20", "--instalments", "2")
    duly("block", "add", "ALDER", "--kind", "legal", "--reason", "Chapter 11", "--on", after(1))
    for days in (4, 5, 20):
        duly("plan", "judge", "--on", after(days))
    assert show(plan, after(20))["state"] == "defaulted"
    assert [row["kind"] for row in duly("task", "list")["tasks"]] == ["proof_of_claim"]
    assert not CreditSignal.objects.filter(source__startswith="plan:").exists()


def test_a_share_of_an_odd_debt_is_not_below_it(desk: CollectionsDesk) -> None:  # noqa: F811
    people()
    owing(desk, "1000.02")  # 20 % is 200.004
    plan = propose("--down-percent", "20")
    assert plan["beyond_policy"] == []
    duly("plan", "cancel", plan["id"], "--reason", "again", "--on", TODAY)
    assert propose("--down", "199.99")["beyond_policy"] != []


def test_no_interest_on_finance_charges(desk: CollectionsDesk) -> None:  # noqa: F811
    people()
    owing(desk, "60000.00")
    duly("charge", "policy", "basis=statute", "--from", "2026-01")
    (charge,) = duly("charge", "run", "--month", "2026-02")["charges"]
    later = after(60)
    plan = propose("--instalments", "2", "--interest", "1", on=later)
    assert [one["number"] for one in plan["items"]] == ["I-ALDER-1"]
    duly("plan", "cancel", plan["id"], "--reason", "again", "--on", later)
    named = ("--items", f"I-ALDER-1,{charge['number']}", "--instalments", "2")
    refused = propose(*named, "--interest", "1", on=later, code=3)
    assert (refused["code"], refused["facts"]["items"]) == ("PLAN_UNFIT", [charge["number"]])
    assert len(propose(*named, on=later)["items"]) == 2
