"""A call: what one has in hand before it, one record at its end, confirmed the same minute."""

from typing import Any

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.actions import Author
from duly.collections.actions import take_back_recorded
from duly.collections.errors import CallUnfit, PromiseUnfit
from duly.collections.models import Call, Message, Promise, Task
from duly.collections.queries.standing import Standing
from duly.disputes.models import Dispute
from duly.interfaces.cli import home
from duly.parties.queries import customer, entity
from shell import duly, write


def owing(desk: CollectionsDesk, code: str = "ALDER", **more: str) -> None:  # noqa: F811
    desk.customer(code, **more)
    desk.invoice(f"I-{code}", code, "5000.00")


def contact(desk: CollectionsDesk, name: str, role: str, **more: str) -> None:  # noqa: F811
    told = {"customer_id": "ALDER", "name": name, "role": role} | more
    desk.take(",".join(told), ",".join(f'"{value}"' for value in told.values()))


def prepare(code: str = "ALDER", *more: object, on=TODAY) -> dict[str, Any]:  # noqa: ANN001
    told: dict[str, Any] = duly("call", "prepare", code, "--on", on, "--at", "10:00", *more)
    return told


def record(outcome: str, *more: object, on=TODAY) -> dict[str, Any]:  # noqa: ANN001
    told: dict[str, Any] = duly("call", "record", "ALDER", "--outcome", outcome, "--on", on, *more)[
        "calls"
    ][0]
    return told


def test_all_that_one_has_in_hand(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, language="de", segment="retail")
    contact(desk, "Ann Ash", "approver", phone="+49 30 1")
    contact(desk, "Mo Alder", "accounts_payable", phone="+49 30 2", email="mo@c.example")
    duly("dispute", "add", "I-ALDER", "--customer", "ALDER", "--amount", "450.00", "--reason",
         "damage", "--on", after(-1))  # fmt: skip
    duly("excuse", "record", "ALDER", "5", "--on", after(-2))
    told = prepare()
    assert [one["name"] for one in told["people"]] == ["Mo Alder", "Ann Ash"]
    assert (told["time"]["may_call"], told["time"]["zone"]) == (True, "Europe/Berlin")
    assert not told["time"]["is_assumed"]
    (item,) = told["items"]
    assert (item["open"], item["disputed"], item["asked"]) == ("5000.00", "450.00", "4550.00")
    assert told["script"]["language"] == "de"
    assert "4.550,00 EUR" in told["script"]["opening"]
    assert "13. März 2026" in told["script"]["closing"]  # Friday
    assert [row["excuse"] for row in told["excuses"]] == ["cheque_in_the_mail"]
    assert [row["verdict"] for row in told["disputes"]] == [None]
    assert told["kept"] == {"chance": "70.0", "of": "segment", "kept": 0, "due": 0}
    assert {one["code"] for one in told["offers"]} == {"today", "date", "parts"}
    late = duly("call", "prepare", "ALDER", "--on", TODAY, "--at", "18:00")["time"]
    assert (late["may_call"], late["next_at"][:16]) == (False, f"{after(1)}T08:00")


def test_the_law_that_stands_before_a_call_is_in_hand(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk)
    assert prepare()["laws"] == []
    duly("block", "add", "ALDER", "--kind", "legal", "--reason", "Insolvency filed", "--on", TODAY)
    told = prepare()["laws"]
    assert [(one["what"], one["level"]) for one in told] == [("stay", "enforce")]
    assert told[0]["source"]


def test_where_no_zone_is_known_it_says_that_ours_is_taken(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, timezone="", country="")
    assert prepare()["time"]["is_assumed"]


def test_the_firm_s_own_words_go_before_ours(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, segment="retail")
    own = (
        'stage = "early"\nsegment = "retail"\nlanguage = "en"\nopening = "Hi {{ person }}."\n'
        'questions = ["{{ amount }}?"]\nclosing = "Thanks."\n'
    )
    (kept,) = duly("script", "set", write(desk.folder, "own.toml", own))["scripts"]
    assert (kept["version"], kept["segment"]) == (1, "retail")
    script = prepare()["script"]
    assert (script["opening"], script["questions"]) == ("Hi Alder.", ["5.000,00?"])
    assert duly("script", "show", "early")["version"] == 0


def test_one_record_and_its_confirmation_leave_the_same_minute(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    owing(desk)
    contact(desk, "Mo Alder", "other", email="mo@c.example")
    duly("sending", "on", "--confirm", "Northwind")  # no bank data at all: it asks for nothing
    told = record(
        "promised",
        "--promise", f"3000.00={after(3)}", "--promise", f"1000.00={after(7)}",
        "--dispute", "I-ALDER=450.00:damage", "--copies", "I-ALDER",
        "--excuse", "d", "--person", "mo alder", "--recording", "https://pbx.example/1",
        "--next", after(4),
    )  # fmt: skip
    assert len(told["promises"]) == 2
    assert (len(told["disputes"]), told["why_unconfirmed"]) == (1, "")
    assert desk.work()["sent"] == 1
    (sent,) = duly("messages")["messages"]
    assert (sent["to"], sent["step"], sent["state"]) == (["mo@c.example"], "confirmation", "sent")
    for line in ("3.000,00 EUR by 13 March", "1.000,00 EUR by 17 March", "450,00 EUR of I-ALDER"):
        assert line in sent["body"]
    kinds = sorted(row["kind"] for row in duly("task", "list")["tasks"])
    assert kinds == ["call_again", "copy", "excuse"]
    call = Call.objects.get()
    assert (call.recording, call.message_id) == ("https://pbx.example/1", sent["id"])
    assert set(Promise.objects.values_list("call_id", "person")) == {(call.pk, "mo alder")}
    excuse = duly("excuse", "told", "--on", TODAY)["told"][0]
    assert excuse["speaker"] == "mo alder"


@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        ("no_answer", ("--promise", f"100.00={after(3)}")),
        ("promised", ()),
        ("objected", ()),
        ("voicemail", ("--copies", "I-ALDER")),
        ("reached", ("--next", after(-1))),
    ],
)
def test_a_record_that_contradicts_itself(
    desk: CollectionsDesk,  # noqa: F811
    outcome: str,
    more: tuple[object, ...],
) -> None:
    owing(desk)
    with pytest.raises(CallUnfit):
        draft(outcome, *more)
    assert not Call.objects.exists()


def draft(outcome: str, *more: object) -> None:
    from duly.interfaces.cli.main import parser

    line = ["call", "record", "ALDER", "--outcome", outcome, "--on", str(TODAY), *map(str, more)]
    parsed = parser().parse_args(line)
    parsed.act(parsed)


def test_what_can_t_be_promised_leaves_nothing_behind(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk)
    with pytest.raises(PromiseUnfit):
        draft("promised", "--promise", f"5000.01={after(3)}", "--excuse", "5")
    assert not Call.objects.exists()
    assert not Task.objects.exists()


def test_nobody_is_confirmed_to_who_can_t_be_written_to(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, email="")
    told = record("promised", "--promise", f"5000.00={after(3)}")
    assert (told["message"], told["why_unconfirmed"]) == (
        None,
        "The customer has no e-mail address.",
    )
    assert record("reached", "--copies", "I-ALDER", "--unconfirmed")["why_unconfirmed"] == ""


def test_three_tries_in_ten_days_go_a_step_further(desk: CollectionsDesk) -> None:  # noqa: F811
    """Excuse 28: no answer, avoidance. After three tries in ten days escalate a step."""
    owing(desk)
    desk.open_for_mail()
    assert desk.outcomes() == {"ALDER": ["friendly"]}
    for days in (1, 2, 8):
        assert not Task.objects.filter(kind="escalate").exists()
        record("no_answer", on=after(days))
    assert Task.objects.get(kind="escalate").due_on == after(8)
    desk.bank_is_fresh(after(8))
    assert desk.outcomes(after(8)) == {"ALDER": ["reminder"]}  # its wait of 14 days is skipped
    record("reached", on=after(9))
    record("no_answer", on=after(10))
    assert Task.objects.filter(kind="escalate").count() == 1  # reached in between


def test_it_is_taken_back_whole(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk)
    told = record("promised", "--promise", f"4000.00={after(3)}", "--dispute",
                  "I-ALDER=450.00:damage", "--excuse", "d", "--next", after(4))  # fmt: skip
    take_back_recorded(
        call_id=told["id"],
        dispute_ids=told["disputes"],
        on=TODAY,
        author=Author("t", home.now()),
    )
    assert Promise.objects.get().state == "cancelled"
    assert Dispute.objects.get().verdict == "mistake"
    assert Message.objects.get().state == "cancelled"
    assert duly("task", "list")["tasks"] == []
    assert duly("excuse", "told", "--on", TODAY)["told"] == []


def test_its_tasks_and_its_step_further_are_taken_back_with_it(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    owing(desk)
    desk.open_for_mail()
    assert desk.outcomes() == {"ALDER": ["friendly"]}
    for days in (1, 2):
        record("no_answer", on=after(days))
    copied = record("reached", "--copies", "I-ALDER", "--unconfirmed", on=after(3))
    told = [record("no_answer", on=after(days)) for days in (4, 5, 8)][-1]
    author = Author("t", home.now())
    assert {row["kind"] for row in duly("task", "list")["tasks"]} == {"copy", "escalate"}
    desk.bank_is_fresh(after(8))
    assert desk.outcomes(after(8), "--dry-run") == {"ALDER": ["reminder"]}
    for one in (told, copied):
        take_back_recorded(call_id=one["id"], dispute_ids=(), on=after(8), author=author)
    assert duly("task", "list")["tasks"] == []
    assert desk.outcomes(after(8), "--dry-run") != {"ALDER": ["reminder"]}


def test_a_step_further_that_was_done_is_no_news_once_its_call_is_taken_back(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    owing(desk)
    told = [record("no_answer", on=after(days)) for days in (1, 2, 8)][-1]
    duly("task", "done", Task.objects.get().pk)
    take_back_recorded(
        call_id=told["id"], dispute_ids=(), on=after(8), author=Author("t", home.now())
    )
    books = entity(None)
    assert Standing(entity=books, on=after(8))._escalated == {}  # noqa: SLF001


def test_who_is_called_first_where_the_day_ends_first(desk: CollectionsDesk) -> None:  # noqa: F811
    for code, zone in (("TOKYO", "Asia/Tokyo"), ("BERLIN", "Europe/Berlin"),
                       ("LISBON", "Europe/Lisbon"), ("BOSTON", "America/New_York")):  # fmt: skip
        desk.customer(code, timezone=zone, phone=f"+{len(code)}")
        desk.invoice(f"I-{code}", code, "100.00")
        duly("call", "add", code, "--outcome", "no_answer", "--next", TODAY, "--on", after(-1))
    told = duly("call", "list", "--on", TODAY, "--at", "09:00")["calls"]
    assert [(row["customer"], row["may_call"]) for row in told] == [
        ("BERLIN", True),  # 10:00 there
        ("LISBON", True),  # 09:00
        ("BOSTON", False),  # opens at 12:00 UTC
        ("TOKYO", False),  # it is evening: tomorrow
    ]


def test_preparing_costs_no_more_questions_with_more_said(
    desk: CollectionsDesk,  # noqa: F811
    django_assert_max_num_queries,  # noqa: ANN001
) -> None:
    from duly.collections.rules.handing import Clock
    from duly.interfaces.jobs.calling import prepare_call

    owing(desk)
    for number in range(4):
        desk.invoice(f"M-{number}", "ALDER", "10.00")
        duly("excuse", "record", "ALDER", "5", "--on", TODAY)
        record("promised", "--promise", f"10.00={after(3)}", "--items", f"M-{number}")
    whose = customer(entity_id=entity(None).pk, code="ALDER")
    with django_assert_max_num_queries(75):
        prepare_call(customer=whose, on=TODAY, clock=Clock(home.now(), TODAY), actor="shell:t")


def test_who_is_under_a_stay_is_not_to_be_called(
    desk: CollectionsDesk,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    for code in ("ALDER", "BIRCH", "CEDAR"):
        owing(desk, code)
        duly("call", "add", code, "--outcome", "no_answer", "--next", TODAY, "--on", after(-1))
    duly("block", "add", "ALDER", "--kind", "legal", "--reason", "Insolvency filed", "--on", TODAY)
    duly("block", "add", "BIRCH", "--kind", "snooze", "--reason", "Flood", "--on", TODAY)
    listed = ("call", "list", "--on", TODAY, "--at", "10:00")
    told = {row["customer"]: row for row in duly(*listed)["calls"]}
    assert list(told)[0] == "CEDAR"
    assert [told[code]["may_call"] for code in ("ALDER", "BIRCH", "CEDAR")] == [False, False, True]
    assert told["ALDER"]["barred"]["text"].startswith("ALL-STAY: ")
    assert "Flood" in told["BIRCH"]["barred"]["text"]
    capsys.readouterr()
    said = shown(capsys, *listed)
    assert "not to be called: ALL-STAY: " in said
    sheet = prepare()
    assert (sheet["script"], sheet["offers"], sheet["asked"]) == (None, [], "0.00")
    said = shown(capsys, "call", "prepare", "ALDER", "--on", TODAY, "--at", "10:00").splitlines()
    assert said[0].startswith("Do not call: ALL-STAY: ")
    assert said[1].startswith("Not asked: ")
    assert not [line for line in said if "may offer" in line or "may be called" in line]


def shown(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    from duly.interfaces.cli.main import parser

    parsed = parser().parse_args([str(one) for one in arguments])
    parsed.act(parsed)
    return capsys.readouterr().out


def test_an_objection_to_mail_is_why_nothing_confirms(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk)
    duly("laws", "wish", "ALDER", "email", "no", "--evidence", "their letter", "--on", TODAY)
    told = record("promised", "--promise", f"5000.00={after(3)}")
    assert told["message"] is None
    assert told["why_unconfirmed"].startswith("ALL-OPTOUT: ")
    assert not Message.objects.exists()


def test_nothing_is_promised_under_a_stay(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk)
    duly("block", "add", "ALDER", "--kind", "legal", "--reason", "Insolvency filed", "--on", TODAY)
    with pytest.raises(PromiseUnfit, match="under a stay") as refusal:
        draft("promised", "--promise", f"5000.00={after(3)}")
    assert "proof of claim" in refusal.value.remedy
    assert not Call.objects.exists()
    told = duly("promise", "add", "ALDER", "--amount", "5000.00", "--currency", "EUR", "--due",
                after(3), "--on", TODAY, code=3)  # fmt: skip
    assert told["code"] == "PROMISE_UNFIT"
