"""Laws before every contact: the plan, the moment of sending, calls; packs and levels kept."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.models import Change
from duly.collections.models import LawLevel, LawPack, Message
from duly.collections.queries.gate import gate
from duly.collections.queries.standing import Standing
from duly.parties.models import Customer
from duly.parties.queries import entity
from shell import duly, write

OURS = """
name = "ours"
title = "Ours"
checked_on = 2026-03-01

[[rule]]
id = "OUR-MONDAY"
place = "DE"
who = ["business"]
what = "hours"
level = "enforce"
words = "We write on Mondays alone."
source = "our counsel"
status = "verified"
channels = ["email"]
windows = [{ days = [1], from = "08:00", to = "18:00" }]
"""


def laws(*arguments: object, code: int = 0) -> dict[str, Any]:
    return duly("laws", *arguments, code=code)


def refused(*arguments: object) -> dict[str, Any]:
    return laws(*arguments, code=3)


def test_an_insolvency_stops_queued_mail_the_same_minute(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("C1")
    desk.customer("C2")
    for code in ("C1", "C2"):
        desk.invoice(f"I-{code}", code, "500.00")
    desk.open_for_mail()
    desk.day()
    assert desk.states() == {"C1": "queued", "C2": "queued"}
    duly("block", "add", "C1", "--kind", "legal", "--reason", "Chapter 11", "--on", TODAY)
    assert desk.states() == {"C1": "cancelled", "C2": "queued"}
    assert desk.reasons()["C1"] == "legal"
    told = laws("check", "C1", "--on", TODAY)
    assert [one["rule"] for one in told["stops"]] == ["ALL-STAY"]
    assert desk.work()["sent"] == 1


def test_an_objection_silences_the_plan_and_says_which_rule(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("C1")
    desk.invoice("I-1", "C1", "500.00")
    desk.open_for_mail()
    desk.day()
    said = ("--evidence", "their letter of 9 March", "--on", TODAY)
    laws("wish", "C1", "email", "no", *said)
    assert desk.reasons() == {"C1": "law"}
    (step,) = duly("why", "C1", "--on", after(1))["steps"]
    assert step["why"]["code"] == "law"
    assert step["why"]["text"].startswith("ALL-OPTOUT: ")
    assert "GDPR" in step["why"]["text"]
    laws("wish", "C1", "email", "yes", *said)
    assert duly("why", "C1", "--on", after(1))["steps"][0]["why"] is None


def test_seven_calls_in_seven_days_and_a_talk_hold_back_the_next(desk: CollectionsDesk) -> None:  # noqa: F811
    """L-02 through the command line; the plan's own call waits too."""
    desk.customer("C1", country="US", timezone="America/New_York")
    desk.invoice("I-1", "C1", "500.00", late=60)
    laws("debtor", "C1", "--kind", "consumer")
    for _ in range(6):
        duly("call", "add", "C1", "--outcome", "no_answer", "--on", TODAY)
    assert laws("check", "C1", "--on", TODAY)["may"] is True
    seventh = duly("call", "add", "C1", "--outcome", "reached", "--on", TODAY)
    assert seventh["calls"][0]["laws"] == []
    told = laws("check", "C1", "--on", TODAY)
    assert [(one["rule"], one["until"]) for one in told["stops"]] == [("US-REGF-7", str(after(7)))]
    eighth = duly("call", "add", "C1", "--outcome", "reached", "--on", TODAY)
    assert eighth["calls"][0]["laws"][0]["rule"] == "US-REGF-7"  # it happened: kept, and told
    assert laws("check", "C1", "--on", after(7))["may"] is True


def test_mail_waits_for_the_hours_of_the_law(desk: CollectionsDesk) -> None:  # noqa: F811
    """Our hours end at 22; the law's at 21, where the customer is."""
    policy = write(desk.folder, "p.toml", 'name = "late"\nhours = [6, 23]\n[[steps]]\n'
                   'code = "a"\ndays = 1\ntemplate = "friendly"\n')  # fmt: skip
    desk.customer("C1", country="US", timezone="America/New_York")
    desk.invoice("I-1", "C1", "500.00")
    desk.open_for_mail()
    duly("policy", "set", policy, "--on", TODAY)
    duly("policy", "choose", "late", "--customer", "C1", "--on", TODAY)
    laws("debtor", "C1", "--kind", "sole_trader")
    desk.day()
    assert desk.work(TODAY, "--at", "11:30")["sent"] == 0  # 7:30 in New York
    row = Message.objects.get()
    assert (row.state, row.why_code) == ("queued", "law")
    assert row.why_text.startswith("US-REGF-TIME: ")
    assert desk.work(TODAY, "--at", "12:30")["sent"] == 1


def test_a_suit_is_not_threatened_for_a_time_barred_debt(desk: CollectionsDesk) -> None:  # noqa: F811
    policy = write(desk.folder, "p.toml", 'name = "hard"\n[[steps]]\ncode = "a"\ndays = 1\n'
                   'template = "friendly"\n[[steps]]\ncode = "final"\ndays = 20\nwait_days = 1\n'
                   'template = "reminder"\nis_final = true\n')  # fmt: skip
    for code, late in (("C1", 4 * 366), ("C2", 400)):
        desk.customer(code, country="US", timezone="America/New_York")
        desk.invoice(f"I-{code}", code, "500.00", late=late)
        laws("debtor", code, "--kind", "consumer", "--place", "US-NY")
    duly("policy", "set", policy, "--on", TODAY)
    duly("policy", "choose", "hard", "--on", TODAY)
    desk.open_for_mail()
    assert desk.outcomes() == {"C1": ["a"], "C2": ["a"]}
    assert desk.work()["sent"] == 2
    desk.bank_is_fresh(after(8))
    assert desk.outcomes(after(8)) == {"C1": ["law"], "C2": ["final"]}
    (step,) = duly("why", "C1", "--on", after(8))["steps"]
    assert "US-REGF-TB" in step["why"]["text"]


def test_rules_of_the_firm_s_own_hold_from_their_day(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("C1")
    desk.invoice("I-1", "C1", "500.00")
    desk.open_for_mail()
    file = write(desk.folder, "ours.toml", OURS)
    assert laws("add", file, "--on", after(7))["packs"] == [
        {"name": "ours", "version": 1, "rules": 1}
    ]
    assert desk.outcomes(TODAY, "--dry-run") == {"C1": ["friendly"]}
    laws("add", file, "--on", TODAY)
    assert desk.outcomes(TODAY, "--dry-run") == {"C1": ["law"]}  # a Tuesday
    (period,) = laws("show", "our-monday", "--on", TODAY)["periods"]
    assert (period["version"], period["source"]) == (2, "our counsel")


def test_what_is_wrong_with_a_pack_is_told_and_nothing_kept(desk: CollectionsDesk) -> None:  # noqa: F811
    def problems(text: str) -> list[tuple[str, str]]:
        told = refused("add", write(desk.folder, "bad.toml", text))
        assert told["code"] == "LAW_PACK_UNFIT"
        return [(one["code"], one["where"]) for one in told["facts"]["problems"]]

    assert problems(OURS.replace('"DE"', '"ZZ"'))[0][0] == "LAW_PLACE_UNKNOWN"
    assert problems("rule = [") == [("LAW_UNREADABLE", "file")]
    assert problems(OURS.replace('"ours"', '"eu"')) == [("LAW_NAME_TAKEN", "name")]
    other = (
        'name = "ours"\ntitle = "Ours"\ncheckedon = 1\nchecked_on = 2026-01-01\n[[rule]]\n'
        'id = "DE-4"\nplace = "DE"\nby = "law"\nwho = ["business"]\nwhat = "limitation"\n'
        'level = "warn"\nyears = 4\nstart = "year_end"\nwords = "Four."\nsource = "x"\n'
        'status = "verified"\n'
    )
    assert problems(other) == [("LAW_FIELD_UNKNOWN", "checkedon")]
    assert problems(other.replace("checkedon = 1\n", "")) == [("LAW_OVERLAP", "DE-4")]
    same = other.replace("checkedon = 1\n", "").replace('"DE-4"', '"DE-SOL"')
    laws("add", write(desk.folder, "good.toml", same), "--on", TODAY)
    (rule,) = laws("list", "--what", "limitation", "--place", "DE", "--on", TODAY)["rules"]
    assert (rule["id"], rule["params"]["years"], rule["pack"]) == ("DE-SOL", 4, "ours")


def test_an_enforced_rule_loses_nothing_in_silence(desk: CollectionsDesk) -> None:  # noqa: F811
    """A pack of the firm's own with the id of a rule that comes with Duly takes its place."""
    ours = (
        'name = "ours"\ntitle = "Ours"\nchecked_on = 2026-01-01\n[[rule]]\nid = "US-REGF-7"\n'
        'place = "US"\nwho = ["consumer", "sole_trader", "guarantor"]\nwhat = "frequency"\n'
        'level = "enforce"\nchannels = ["call"]\nlimits = [{ most = 7, days = 7 }]\n'
        'after_talk_days = 7\ncounts = "attempts"\nwords = "w"\nsource = "s"\n'
        'status = "verified"\n'
    )
    for old, new, what in (
        ('"enforce"', '"warn"', "level"),
        ('["consumer", "sole_trader", "guarantor"]', '["consumer"]', "debtors"),
        ('"US"', '"US-CA"', "place"),
        ('"w"', f'"w"\nto = {after(9)}', "days"),
        ("most = 7", "most = 70", "terms"),
    ):
        file = write(desk.folder, "weak.toml", ours.replace(old, new))
        told = refused("add", file, "--on", TODAY)
        assert (told["code"], told["facts"]["rules"]) == (
            "LAW_WEAKENED",
            [{"rule": "US-REGF-7", "what": what}],
        )
    assert not LawPack.objects.exists()
    assert laws("add", write(desk.folder, "same.toml", ours), "--on", TODAY)["weakened"] == []
    told = laws("add", file, "--on", TODAY, "--reason", "Counsel of 9 March")
    assert told["weakened"] == [{"rule": "US-REGF-7", "what": "terms"}]
    kept = Change.objects.filter(noun="law pack").latest("pk").after
    assert (kept["weakened"], kept["reason"]) == (["US-REGF-7 (terms)"], "Counsel of 9 March")


def test_a_level_is_changed_with_a_reason_that_stays(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("C1")
    desk.invoice("I-1", "C1", "500.00")
    desk.open_for_mail()
    laws("add", write(desk.folder, "ours.toml", OURS), "--on", TODAY)
    laws("level", "OUR-MONDAY", "warn", "--reason", "Counsel of 9 March", "--on", TODAY)
    assert desk.outcomes(TODAY, "--dry-run") == {"C1": ["friendly"]}
    told = laws("check", "C1", "--channel", "email", "--on", TODAY)
    assert told["may"] is True
    assert [one["rule"] for one in told["warnings"]] == ["OUR-MONDAY"]
    laws("level", "OUR-MONDAY", "default", "--reason", "Back", "--on", TODAY)
    assert desk.outcomes(TODAY, "--dry-run") == {"C1": ["law"]}
    assert [one["reason"] for one in laws("show", "OUR-MONDAY")["levels"]] == [
        "Back",
        "Counsel of 9 March",
    ]
    told = refused("level", "DE-SOL", "enforce", "--reason", "x")
    assert told["code"] == "LAW_LEVEL_UNFIT"
    with pytest.raises(DatabaseError), transaction.atomic():
        LawLevel.objects.update(reason="none")


def test_a_template_is_held_against_the_rules_of_wording(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("C1", country="CA", timezone="America/Toronto")
    hard = write(desk.folder, "t.txt", "Pay\n\nPay {{ amount }} or go to jail.\n")
    told = duly("template", "set", "hard", hard, "--language", "en", code=3)
    assert told["code"] == "WORDING_UNLAWFUL"
    assert "ALL-THREATS" in told["facts"]["problems"][0]["message"]
    soft = write(desk.folder, "t.txt", "Pay\n\nPay {{ amount }} or we inform your customers.\n")
    told = duly("template", "set", "soft", soft, "--language", "en")
    assert told["warnings"][0].startswith("ALL-SHAME")
    found = laws("lint", "--all")["findings"]
    assert [(one["template"], one["rule"]) for one in found] == [("soft", "ALL-SHAME")]
    rate = write(desk.folder, "r.txt", "We charge 2% a month.\n")
    (found,) = laws("lint", rate, "--place", "CA", code=3)["findings"]
    assert (found["rule"], found["quoted"]) == ("CA-INTEREST-4", None)
    assert laws("lint", rate, "--place", "DE")["findings"] == []


def test_clocks_tell_what_is_about_to_be_time_barred(desk: CollectionsDesk) -> None:  # noqa: F811
    """L-11, L-12, with the money at stake."""
    desk.customer("C1")
    desk.customer("C2", country="GB", currency="GBP")
    laws("debtor", "C2", "--kind", "business", "--place", "GB-ENG")
    duly("import", write(desk.folder, "i.csv", (
        "kind,number,customer_id,currency,issued_on,due_on,amount\n"
        "invoice,A,C1,EUR,2023-04-15,2023-05-15,80.00\n"
        "invoice,B,C1,EUR,2023-04-15,2023-06-15,20.00\n"
        "invoice,C,C2,GBP,2021-02-01,2021-03-01,10.00\n")))  # fmt: skip
    told = duly("credit", "clocks", "--on", TODAY)["clocks"]
    assert [(one["due_on"], one["state"], one["at_stake"]) for one in told] == [
        ("2026-12-31", "open", "100.00"),
        ("2027-03-01", "open", "10.00"),
    ]
    duly(
        "credit",
        "clock",
        "done",
        told[0]["key"],
        "--evidence",
        "order for payment 7",
        "--on",
        TODAY,
    )
    assert len(duly("credit", "clocks", "--on", TODAY)["clocks"]) == 1
    (row, _) = laws("limitation", "C1", "--on", TODAY)["items"]
    assert (row["last_on"], row["rule"], row["alert_on"]) == ("2026-12-31", "DE-SOL", "2025-12-31")
    (row,) = laws("limitation", "C2", "--on", TODAY)["items"]
    assert (row["last_on"], row["unverified"]) == ("2027-03-01", False)


def test_a_filing_tells_what_may_be_claimed_back(desk: CollectionsDesk) -> None:  # noqa: F811
    """L-01."""
    desk.customer("C1", country="US", currency="USD", timezone="America/New_York")
    duly("import", write(desk.folder, "i.csv", (
        "kind,number,customer_id,currency,issued_on,due_on,amount\n"
        f"invoice,A,C1,USD,2025-11-01,2025-12-01,30000.00\n"
        f"invoice,B,C1,USD,{after(-20)},{after(10)},12000.00\n")))  # fmt: skip
    desk.take("payment_id,customer_id,currency,received_on,amount", f"P,C1,USD,{after(-40)},30000")
    (told,) = laws("preference", "C1", "--filed", TODAY)["exposures"]
    wanted = {"paid": "30000.00", "net": "18000.00", "priority": "12000.00"}
    assert told | wanted == told
    assert told["below_least"] is False
    duly("block", "add", "C1", "--kind", "legal", "--reason", "Chapter 11", "--on", TODAY)
    (clock,) = duly("credit", "clocks", "--on", TODAY)["clocks"]
    assert (clock["kind"], clock["due_on"], clock["at_stake"]) == (
        "preference",
        str(after(20)),
        "12000.00",
    )


def test_the_gate_asks_as_often_for_many_as_for_one(desk: CollectionsDesk) -> None:  # noqa: F811
    for number in range(6):
        desk.customer(f"C{number}", country="US", timezone="America/New_York")
        laws("debtor", f"C{number}", "--kind", "consumer")
    duly("call", "add", "C0", "--outcome", "reached", "--on", TODAY)
    one, ids = entity(), list(Customer.objects.values_list("pk", flat=True))
    at = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)

    def cost(some: list[int]) -> int:
        with CaptureQueriesContext(connection) as asked:
            found = gate(one, some, "call", at)
        assert [stops[0].rule_id for stops in found.values()] == ["US-REGF-7"]
        return len(asked)

    assert cost(ids) == cost(ids[:1])
    standing = Standing(entity=one, on=TODAY)
    assert standing.debtor(ids[0], None).laws.keys() == {"call"}
    assert standing.debtor(ids[1], None).laws == {}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("debtor", "C1", "--kind", "business", "--place", "EU"), "DEBTOR_UNFIT"),
        (("debtor", "C1", "--kind", "business", "--law", "Narnia"), "DEBTOR_UNFIT"),
        (("show", "NOPE"), "LAW_RULE_UNKNOWN"),
        (("level", "NOPE", "warn", "--reason", "x"), "LAW_RULE_UNKNOWN"),
        (("level", "DE-SOL", "inform", "--reason", " "), "LAW_LEVEL_UNFIT"),
    ],
)
def test_what_can_t_be_meant_is_refused(
    desk: CollectionsDesk,  # noqa: F811
    arguments: tuple[str, ...],
    code: str,
) -> None:
    desk.customer("C1")
    assert refused(*arguments)["code"] == code


def test_a_file_that_is_no_text_is_refused(desk: CollectionsDesk, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "latin.toml"
    path.write_bytes("title = 'Ä'".encode("latin-1"))
    assert refused("add", path)["code"] == "LAW_UNREADABLE"


def test_a_natural_person_in_europe_gets_the_gate_of_a_consumer(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("C1", country="DE", timezone="Europe/Berlin")
    desk.invoice("I-1", "C1", "500.00", late=60)
    laws("debtor", "C1", "--kind", "sole_trader", "--place", "DE")
    early = laws("check", "C1", "--channel", "call", "--on", TODAY, "--at", "05:30")
    assert [one["rule"] for one in early["stops"]] == ["EU-NATURAL-TIME"]
    for _ in range(7):
        duly("call", "add", "C1", "--outcome", "no_answer", "--on", TODAY)
    told = laws("check", "C1", "--channel", "call", "--on", TODAY)
    assert [one["rule"] for one in told["stops"]] == ["EU-NATURAL-7"]
