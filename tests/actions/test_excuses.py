"""Excuses on the books: recorded by one key, followed up by themselves, and proved by what came."""

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.errors import ExcuseUnfit, ExcuseUnknown
from duly.credit.models import CreditReview, CreditSignal
from duly.kernel.errors import Malformed
from shell import duly, write


def owing(desk: CollectionsDesk, *codes: str) -> None:  # noqa: F811
    for code in codes:
        desk.customer(code)
        desk.invoice(f"I-{code}", code, "500.00")


def tell(customer: str, excuse: str, *more: object, on=TODAY) -> dict:  # noqa: ANN001
    return duly("excuse", "record", customer, excuse, "--on", on, *more)["told"][0]


def tasks() -> list[tuple[str, str]]:
    return [(row["kind"], row["due_on"]) for row in duly("task", "list")["tasks"]]


def test_one_key_records_it_and_a_task_follows_it_up(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    told = tell("ALDER", "5", "--items", "I-ALDER", "--speaker", "Mo Alder")
    assert (told["excuse"], told["amount"], told["speaker"]) == (
        "cheque_in_the_mail",
        "500.00",
        "Mo Alder",
    )
    # Five days are a Sunday: it is looked at on the next working day.
    assert told["follow_on"] == str(after(6))
    assert tasks() == [("excuse", str(after(6)))]


def test_the_day_they_named_is_when_it_is_looked_at(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    assert tell("ALDER", "4", "--named", after(15))["follow_on"] == str(after(14))


def test_cash_that_comes_proves_it(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER", "BEECH")
    tell("ALDER", "5", "--items", "I-ALDER")
    tell("BEECH", "5", "--items", "I-BEECH")
    desk.payment("P-1", "ALDER", "500.00", on=after(6))  # not applied yet: it counts
    found = {
        row["customer"]: row["outcome"] for row in duly("excuse", "told", "--on", after(12))["told"]
    }
    assert (found["ALDER"]["state"], found["ALDER"]["days"]) == ("true", 6)
    assert (found["BEECH"]["state"], found["BEECH"]["by"]) == ("false", "nothing came")
    (row,) = duly("excuse", "ledger", "--on", after(12))["ledger"]
    assert (row["heard"], row["true_percent"], row["days"]) == (2, "50.0", 18)
    (own,) = duly("excuse", "ledger", "--customer", "ALDER", "--on", after(12))["ledger"]
    assert (own["heard"], own["true_percent"], own["median_days"]) == (1, "100.0", "6.0")


def test_a_copy_is_sent_before_its_excuse_can_be_true(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    told = tell("ALDER", "never_received", "--items", "I-ALDER")
    assert tasks() == [("copy", str(TODAY)), ("excuse", str(after(1)))]
    duly("excuse", "evidence", told["id"], "--as", "copy", "--text", "sent", "--on", TODAY)
    assert tasks() == [("excuse", str(after(1)))]  # that was it
    desk.payment("P-1", "ALDER", "500.00", on=after(3), item="I-ALDER")
    (row,) = duly("excuse", "told", "--on", after(4))["told"]
    assert (row["outcome"]["state"], row["outcome"]["by"]) == ("true", "copy")


def test_the_same_excuse_again_after_it_was_cleared_raises_the_risk(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    owing(desk, "ALDER")
    assert tell("ALDER", "5")["repeat"] == 0
    assert tell("ALDER", "5", on=after(3))["repeat"] == 0  # the first one is still open
    assert not CreditSignal.objects.exists()
    assert tell("ALDER", "5", on=after(20))["repeat"] == 2
    assert CreditSignal.objects.get().kind == "excuse_repeated"
    assert not CreditReview.objects.exists()  # a warning: it opens no review by itself


def test_want_of_money_opens_a_review_and_insolvency_stops_everything(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    owing(desk, "ALDER", "BEECH")
    desk.open_for_mail()
    tell("ALDER", "cash_flow")
    assert CreditReview.objects.get().cause == "distress_told"
    tell("BEECH", "i", "--note", "Filed on Friday")
    assert desk.outcomes() == {"ALDER": ["friendly"], "BEECH": ["legal"]}


def test_the_firm_edits_and_adds_its_own(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    own = (
        'code = "harvest"\nname = "After the harvest"\nowner = "collector"\n'
        'follow = "told"\nfollow_days = 30\nwithin_days = 90\nproof = "cash"\n'
    )
    (kept,) = duly("excuse", "add", write(desk.folder, "own.toml", own))["excuses"]
    assert (kept["version"], kept["number"]) == (1, 0)
    (kept,) = duly("excuse", "add", write(desk.folder, "own.toml", own))["excuses"]
    assert kept["version"] == 2
    changed = duly("excuse", "show", "5")
    del changed["version"]
    lines = "\n".join(
        f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for name, value in changed.items()
    ).replace("follow_days = 5", "follow_days = 3")
    duly("excuse", "add", write(desk.folder, "cheque.toml", lines))
    assert tell("ALDER", "5")["follow_on"] == str(after(3))
    assert len(duly("excuse", "list")["excuses"]) == 29


def test_what_is_refused(desk: CollectionsDesk) -> None:  # noqa: F811
    owing(desk, "ALDER")
    taken = 'code = "harvest"\nname = "Harvest"\nowner = "x"\nfollow_days = 1\nkey = "5"\n'
    for text, error in ((taken, ExcuseUnfit), ("code = ", Malformed)):
        with pytest.raises(error):
            _run("excuse", "add", str(write(desk.folder, "bad.toml", text)))
    for line in (("record", "ALDER", "thunder"), ("evidence", "99", "--as", "true")):
        with pytest.raises(ExcuseUnknown):
            _run("excuse", *line)


def _run(*arguments: str) -> object:
    from duly.interfaces.cli.main import parser

    parsed = parser().parse_args(arguments)
    return parsed.act(parsed)


def test_telling_many_costs_no_more_questions(
    desk: CollectionsDesk,  # noqa: F811
    django_assert_max_num_queries,  # noqa: ANN001
) -> None:
    from duly.collections.queries.excuses import told_excuses
    from duly.parties.queries import entity

    owing(desk, *(f"C{number}" for number in range(6)))
    for number in range(6):
        tell(f"C{number}", "5")
    with django_assert_max_num_queries(8):
        assert len(told_excuses(entity(None).pk, on=after(9))) == 6


def test_evidence_and_what_was_told_are_never_changed(desk: CollectionsDesk) -> None:  # noqa: F811
    from django.db import DatabaseError, transaction

    from duly.collections.models import ExcuseTold

    owing(desk, "ALDER")
    tell("ALDER", "5")
    with pytest.raises(DatabaseError), transaction.atomic():
        ExcuseTold.objects.update(note="another")
