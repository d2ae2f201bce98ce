"""What other systems do to people's customers (pains A1-A27), and does not happen here."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from collecting import ENTITY, TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.interfaces.web.pages.desk.customer_now import CustomerNow
from duly.parties.queries import customer as customer_named
from duly.parties.queries import entity
from shell import attempt, duly, write

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.fixture
def two(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """Two customers who owe, and sending on."""
    for code in ("ALDER", "BIRCH"):
        desk.customer(code)
        desk.invoice(f"I-{code}", code, "500.00")
    desk.open_for_mail()
    return desk


def test_a1_a2_a5_the_day_at_any_frequency_is_one_day(two: CollectionsDesk) -> None:
    first = two.day()
    for _ in range(8):
        again = two.day()
        assert again["digest"] == first["digest"]
        assert [s["outcome"] for s in again["steps"]] == ["queued", "queued"]
        two.work()
    assert Counter(one.to for one in two.server.taken) == {
        ("alder@c.example",): 1,
        ("birch@c.example",): 1,
    }


def test_a6_paid_between_plan_and_hand_over(two: CollectionsDesk) -> None:
    two.day()
    two.payment("P-1", "ALDER", "500.00", item="I-ALDER")
    assert two.work() == {"sent": 1, "unknown": 0, "failed": 0, "cancelled": 1}
    assert two.reasons()["ALDER"] == "paid"
    assert [one.to for one in two.server.taken] == [("birch@c.example",)]


def test_a7_nothing_leaves_on_old_bank_data(two: CollectionsDesk) -> None:
    assert two.outcomes(after(4)) == {"ALDER": ["bank_data_old"], "BIRCH": ["bank_data_old"]}
    two.day()
    assert two.work(after(6))["sent"] == 0
    assert set(two.reasons().values()) == {"bank_data_old"}
    two.bank_is_fresh(after(6))
    assert two.work(after(6))["sent"] == 2


def test_a7_unapplied_cash_covers_the_item(two: CollectionsDesk) -> None:
    two.payment("P-1", "ALDER", "500.00")
    assert two.outcomes() == {"ALDER": ["covered"], "BIRCH": ["friendly"]}


def test_a8_tomorrow_s_mails_are_seen_and_held_today(two: CollectionsDesk) -> None:
    planned = duly("day", "--on", after(1), "--dry-run")
    assert [step["outcome"] for step in planned["steps"]] == ["planned", "planned"]
    assert duly("messages")["messages"] == []
    two.day()
    first, second = duly("messages")["messages"]
    duly("message", "hold", first["id"])
    assert two.work()["sent"] == 1
    assert two.states() == {"ALDER": "held", "BIRCH": "sent"}
    assert duly("message", "hold", second["id"], code=3)["code"] == "MESSAGE_GONE"
    duly("message", "release", first["id"])
    assert two.work()["sent"] == 1


def test_a9_a_late_delivery_is_waited_for(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "500.00", delivered_on=str(after(3)))
    desk.bank_is_fresh()
    assert desk.outcomes() == {"ALDER": ["not_delivered"]}
    desk.bank_is_fresh(after(6))
    assert desk.outcomes(after(6)) == {"ALDER": ["friendly"]}


def test_a11_a_due_date_is_a_date_wherever_it_is_read(desk: CollectionsDesk) -> None:  # noqa: F811
    for code, zone in (("APIA", "Pacific/Apia"), ("ADAK", "America/Adak")):
        desk.customer(code, timezone=zone)
        desk.invoice(f"I-{code}", code, "500.00")
    desk.open_for_mail()
    desk.day()
    desk.work()
    due = TODAY - timedelta(days=15)
    texts = [one.text for one in desk.server.taken]
    assert len(texts) == 2
    assert all(f"{due.day} February 2026" in text for text in texts)


def test_a13_hours_are_the_customer_s_own(desk: CollectionsDesk) -> None:  # noqa: F811
    for code, zone in (("TOKYO", "Asia/Tokyo"), ("LISBON", "Europe/Lisbon")):
        desk.customer(code, timezone=zone)
        desk.invoice(f"I-{code}", code, "500.00")
    desk.open_for_mail()
    desk.day()
    assert desk.work(TODAY, "--at", "00:30")["sent"] == 1  # half past nine in Tokyo
    assert desk.reasons() == {"LISBON": "outside_hours"}
    assert desk.work(TODAY, "--at", "09:00")["sent"] == 1


def test_a14_a15_what_is_left_after_a_part_payment_is_asked_for(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    desk.customer("ALDER", language="de")
    desk.invoice("I-1", "ALDER", "1500.00")
    desk.payment("P-1", "ALDER", "265.50", item="I-1")
    desk.open_for_mail()
    [step] = desk.day()["steps"]
    assert (step["amount"], step["items"]) == ("1234.50", [{"number": "I-1", "open": "1234.50"}])
    desk.work()
    assert "1.234,50" in desk.server.taken[0].text
    assert "1.500,00" not in desk.server.taken[0].text


def test_a15_a_text_that_contradicts_the_ledger_is_not_sent(two: CollectionsDesk) -> None:
    two.day()
    two.payment("P-1", "ALDER", "100.00", item="I-ALDER")
    assert two.work() == {"sent": 1, "unknown": 0, "failed": 0, "cancelled": 1}
    assert two.reasons()["ALDER"] == "changed"
    two.bank_is_fresh(after(1))
    [step] = [s for s in two.day(after(1))["steps"] if s["customer"] == "ALDER"]
    assert (step["outcome"], step["amount"]) == ("queued", "400.00")


def test_a16_a_promise_for_one_item_leaves_the_others_due(two: CollectionsDesk) -> None:
    two.invoice("I-2", "ALDER", "300.00")
    duly("promise", "add", "ALDER", "--amount", "500.00", "--currency", "EUR", "--items",
         "I-ALDER", "--due", after(7), "--on", TODAY)  # fmt: skip
    steps = [s for s in two.day()["steps"] if s["customer"] == "ALDER"]
    assert {(s["outcome"], s["items"][0]["number"]) for s in steps} == {
        ("skipped", "I-ALDER"),
        ("queued", "I-2"),
    }


def test_a17_a18_one_message_with_every_item_and_credit(two: CollectionsDesk) -> None:
    two.invoice("I-2", "ALDER", "300.00", late=3)
    two.invoice("CN-1", "ALDER", "80.00", kind="credit_note")
    [step] = [s for s in two.day()["steps"] if s["customer"] == "ALDER"]
    assert {i["number"]: i["open"] for i in step["items"]} == {
        "I-ALDER": "500.00",
        "I-2": "300.00",
        "CN-1": "-80.00",
    }
    assert step["amount"] == "720.00"


def test_a19_an_old_book_begins_with_the_first_step(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "500.00", late=300)
    desk.bank_is_fresh()
    assert desk.outcomes() == {"ALDER": ["friendly"]}


def test_a20_every_silence_has_its_reason(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ADDRESSLESS", "")
    desk.customer("UNCHASED", do_not_chase="yes")
    desk.customer("DEBITED", payment_method="direct_debit")
    desk.customer("SMALL")
    desk.customer("EARLY")
    desk.customer("SNOOZED")
    for code in ("ADDRESSLESS", "UNCHASED", "DEBITED", "SNOOZED"):
        desk.invoice(f"I-{code}", code, "500.00")
    desk.invoice("I-SMALL", "SMALL", "99.99")
    desk.invoice("I-EARLY", "EARLY", "500.00", late=9)
    desk.bank_is_fresh()
    duly("block", "add", "SNOOZED", "--kind", "snooze", "--until", after(3), "--reason",
         "Ask again on Friday", "--on", TODAY)  # fmt: skip
    assert desk.outcomes() == {
        "ADDRESSLESS": ["no_address"],
        "UNCHASED": ["do_not_chase"],
        "DEBITED": ["direct_debit"],
        "SMALL": ["below_minimum"],
        "EARLY": ["not_due"],
        "SNOOZED": ["snooze"],
    }
    [step] = duly("why", "EARLY", "--on", TODAY)["steps"]
    assert step["why"]["text"].endswith("next: step 1 (friendly) on 2026-03-11 unless paid.")
    [row] = duly("why", "SNOOZED", "--on", after(6))["steps"]
    assert row["why"]["code"] == "bank_data_old"  # the snooze is over


def test_a21_a22_a_refused_address_ends_in_a_state_and_a_task(two: CollectionsDesk) -> None:
    two.server.fault = lambda address: "refuse-address" if "alder" in address else "none"
    two.day()
    assert two.work() == {"sent": 1, "unknown": 0, "failed": 1, "cancelled": 0}
    [task] = duly("task", "list")["tasks"]
    assert (task["customer"], task["kind"]) == ("ALDER", "message_failed")
    two.server.fault = lambda address: "none"
    two.bank_is_fresh(after(7))
    assert two.outcomes(after(7))["ALDER"] == ["suppressed"]
    two.work(after(7))
    assert len(two.server.taken) == 1


def test_a23_a_customer_hears_from_us_once_a_week_at_most(two: CollectionsDesk) -> None:
    for day in range(24):
        two.invoice(f"N-{day}", "ALDER", "200.00", late=12 - day)
        two.bank_is_fresh(after(day))
        two.day(after(day))
        two.work(after(day))
    dates = [m["planned_on"] for m in duly("messages", "--customer", "ALDER")["messages"]]
    days = [int(text[-2:]) + 31 * (int(text[5:7]) - 3) for text in dates]
    assert len(days) > 2
    assert min(b - a for a, b in zip(days, days[1:], strict=False)) >= 7


def test_a24_mail_goes_to_accounts_payable_and_replies_to_us(two: CollectionsDesk) -> None:
    two.take(
        "customer_id,name,role,email",
        "ALDER,Ada,accounts_payable,ada@alder.example",
        "ALDER,Bo,owner,bo@alder.example",
    )
    duly("sending", "from", "money@northwind.example", "--reply-to", "ann@northwind.example")
    [step] = [s for s in two.day()["steps"] if s["customer"] == "ALDER"]
    assert step["to"] == ["ada@alder.example"]
    two.work()
    [mail_] = [one.mail for one in two.server.taken if one.to == ("ada@alder.example",)]
    assert mail_["From"] == "Northwind <money@northwind.example>"
    assert mail_["Reply-To"] == "ann@northwind.example"
    assert mail_["Auto-Submitted"] == "auto-generated"
    assert mail_["Message-ID"].endswith("@northwind.example>")


def test_a25_subject_and_body_are_in_the_customer_s_language(desk: CollectionsDesk) -> None:  # noqa: F811
    words = {"de": ("Zahlungserinnerung", "Rechnung"), "fr": ("Rappel", "Facture"),
             "es": ("Recordatorio", "Factura"), "nl": ("Betalingsherinnering", "Factuur"),
             "pt": ("Lembrete", "Fatura"), "en": ("reminder", "Invoice")}  # fmt: skip
    for language in words:
        desk.customer(language.upper(), language=language)
        desk.invoice(f"I-{language}", language.upper(), "1234.50")
    desk.open_for_mail()
    desk.day()
    desk.work()
    for one in desk.server.taken:
        in_subject, in_body = words[one.to[0][:2]]
        assert in_subject in str(one.mail["Subject"])
        assert in_body in one.text
        assert one.mail["Content-Language"] == one.to[0][:2]


def test_a25_a_text_that_lacks_a_language_is_english_and_says_so(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    desk.customer("FR", language="fr", country="FR")
    desk.invoice("I-1", "FR", "1234.50")
    file = write(desk.folder, "own.txt", "Please pay\n{{ amount }} {{ currency }}, {{ today }}.")
    duly("template", "set", "own", file, "--language", "en")
    firm = 'name = "firm"\n[[steps]]\ncode = "early"\ndays = 3\ntemplate = "own"\n'
    duly("policy", "set", write(desk.folder, "firm.toml", firm), "--on", TODAY)
    duly("policy", "choose", "firm", "--customer", "FR", "--on", TODAY)
    desk.open_for_mail()
    desk.day()
    desk.work()
    (taken,) = desk.server.taken
    assert taken.mail["Content-Language"] == "en"
    assert "March 2026" in taken.text


def test_a26_segments_are_treated_each_in_its_way(two: CollectionsDesk) -> None:
    two.customer("RETAIL", segment="retail")
    two.invoice("I-R", "RETAIL", "500.00", late=5)
    firm = 'name = "firm"\n[[steps]]\ncode = "early"\ndays = 3\ntemplate = "friendly"\n'
    file = write(two.folder, "firm.toml", firm)
    preview = duly("policy", "preview", file, "--on", TODAY)
    assert preview["now"] == {"friendly": 2, "not_due": 1}
    assert preview["then"] == {"early": 3}
    duly("policy", "set", file, "--on", TODAY)
    duly("policy", "choose", "firm", "--segment", "retail", "--on", TODAY)
    duly("policy", "choose", "silent", "--customer", "BIRCH", "--on", TODAY)
    assert duly("why", "RETAIL", "--on", TODAY)["policy"] == {"name": "firm", "from": "segment"}
    assert two.outcomes() == {
        "ALDER": ["friendly"],
        "BIRCH": ["silent_policy"],
        "RETAIL": ["early"],
    }


def test_a26_an_item_can_have_a_policy_of_its_own(two: CollectionsDesk) -> None:
    two.invoice("I-2", "ALDER", "300.00")
    duly("policy", "choose", "silent", "--customer", "ALDER", "--item", "I-2", "--on", TODAY)
    assert two.outcomes()["ALDER"] == ["friendly", "silent_policy"]


def test_a27_one_bad_address_stops_nobody_else(desk: CollectionsDesk) -> None:  # noqa: F811
    faults = ["none", "put-off", "refuse", "refuse-address", "cut-before-text", "cut-in-text",
              "cut-after-text"]  # fmt: skip
    for n in range(21):
        desk.customer(f"C{n:02}")
        desk.invoice(f"I-{n}", f"C{n:02}", "500.00")
    desk.server.fault = lambda address: faults[int(address[1:3]) % 7]
    desk.open_for_mail()
    desk.day()
    for _ in range(3):
        desk.work()
    of_fault: dict[str, set[str]] = {}
    for customer, state in desk.states().items():
        of_fault.setdefault(faults[int(customer[1:]) % 7], set()).add(state)
    assert of_fault == {
        "none": {"sent"},
        "put-off": {"queued"},
        "refuse": {"failed"},
        "refuse-address": {"failed"},
        "cut-before-text": {"queued"},
        "cut-in-text": {"unknown"},
        "cut-after-text": {"unknown"},
    }
    ids = Counter(one.message_id for one in desk.server.accepted)
    assert max(ids.values()) == 1
    assert len(duly("task", "list")["tasks"]) == 12  # each failed or unknown one is a person's


def test_nothing_leaves_before_the_company_s_name_is_typed(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "500.00")
    desk.bank_is_fresh()
    desk.day()
    assert desk.work()["sent"] == 0
    assert desk.reasons() == {"ALDER": "sending_off"}
    refusal = duly("sending", "on", "--confirm", "northwind", code=3)
    assert refusal["code"] == "CONFIRMATION_DIFFERS"
    duly("sending", "test", "--allow", "me@northwind.example")
    assert desk.work()["sent"] == 0
    assert desk.reasons() == {"ALDER": "test_mode"}
    duly("sending", "test", "--allow", "Alder@c.example")
    duly("sending", "stop")
    assert desk.work()["sent"] == 0
    assert desk.reasons() == {"ALDER": "stopped"}
    duly("sending", "on", "--confirm", ENTITY)
    assert desk.work()["sent"] == 1


def test_a_server_that_is_not_there_is_an_outage_and_loses_nothing(
    two: CollectionsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.day()
    monkeypatch.setenv("DULY_SMTP_URL", "smtp://127.0.0.1:9")
    assert two.work(code=4)["sent"] == 0
    assert set(two.states().values()) == {"queued"}
    monkeypatch.setenv("DULY_SMTP_URL", two.server.url)
    assert two.work()["sent"] == 2


def test_everything_can_be_read_as_text(two: CollectionsDesk) -> None:
    two.day()
    for line in (
        ("day", "--on", TODAY), ("today", "--on", TODAY), ("messages",), ("sending", "status"),
        ("promise", "list"), ("dispute", "list"), ("task", "list"), ("policy", "list"),
        ("why", "ALDER", "--on", TODAY), ("template", "show", "friendly", "--customer", "ALDER"),
        ("work", "--until-idle", "--on", TODAY),
    ):  # fmt: skip
        status, out, err = attempt(*line)
        assert (status, err) == (0, ""), line
        assert out or line[0] in ("promise", "dispute", "task")


def test_a_debit_that_did_not_come_is_looked_for_and_nothing_is_asked(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    desk.customer("D", payment_method="direct_debit")
    desk.invoice("E-1", "D", "70.00", late=5)
    desk.invoice("E-2", "D", "80.00", late=4)
    for _ in range(2):
        desk.day()
    [task] = duly("task", "list")["tasks"]
    assert (task["kind"], task["due_on"]) == ("debit_missing", str(TODAY))
    assert "The debit of E-1, EUR 70.00" in task["text"]
    customer_now = CustomerNow(customer_named(entity_id=entity(None).pk, code="D"), TODAY, NOW)
    assert customer_now.words(customer_now.row_in("EUR")) is None
    desk.payment("P-1", "D", "70.00", item="E-1")
    desk.day()
    assert duly("task", "list")["tasks"] == []


def test_why_says_what_became_of_the_step_of_the_day(two: CollectionsDesk) -> None:
    assert duly("why", "ALDER", "--on", TODAY)["steps"][0]["message"] is None
    two.day()
    assert duly("why", "ALDER", "--on", TODAY)["steps"][0]["message"]["state"] == "queued"
    assert "was due: Queued, 20" in attempt("why", "ALDER", "--on", TODAY)[1]
    two.work()
    said = attempt("why", "ALDER", "--on", TODAY)[1]
    assert "Step friendly was due: Sent, 20" in said
    assert "is due today" not in said
