"""The worklist learns from the firm's own log: how customers pay, and whether calls reach them."""

from decimal import Decimal

from collecting import ENTITY, TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.queries.worklist import worklist
from duly.parties.models import Customer
from duly.parties.queries import codes_and_names, entity
from shell import duly


def worth(customer: str) -> dict[str, str]:
    """The reasons of a customer's value."""
    rows = {row["customer"]: row for row in duly("today", "--on", TODAY)["rows"]}
    return {one["code"]: one["value"] for one in rows[customer]["because"]}


def test_own_items_say_how_much_comes_by_itself(desk: CollectionsDesk) -> None:  # noqa: F811
    for code, days in (("SOON", 5), ("LATE", 95)):
        desk.customer(code)
        for n in range(8):
            number = f"P-{code}-{n}"
            desk.invoice(number, code, "100.00", late=120)
            desk.payment(f"M-{code}-{n}", code, "100.00", on=after(days - 120), item=number)
        desk.invoice(f"I-{code}", code, "5000.00", late=10)
    soon, late = worth("SOON"), worth("LATE")
    assert soon["overdue"] == late["overdue"] == "5000.00"
    # Taken for granted 91.9 % of ten; of eight of their own, all or none came within 30 days.
    assert (soon["by_itself"], late["by_itself"]) == ("-4775.00", "-2550.00")
    rows = duly("today", "--on", TODAY)["rows"]
    assert [row["customer"] for row in rows] == ["LATE", "SOON"]
    assert "by 8 items of theirs" in str(rows[0]["because"])


def test_calls_that_reach_nobody_make_calls_worth_less(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "5000.00", late=40)
    before = worth("ALDER")["not_moved"]
    for _ in range(20):
        duly("call", "add", "ALDER", "--outcome", "no_answer", "--on", TODAY)
    after_calls = worth("ALDER")["not_moved"]
    assert Decimal(after_calls) < Decimal(before)  # more of it is not moved


def test_who_is_under_a_stay_or_marked_so_is_nobody_to_call(desk: CollectionsDesk) -> None:  # noqa: F811
    for code in ("ALDER", "BIRCH", "CEDAR"):
        desk.customer(code, do_not_chase="yes" if code == "BIRCH" else "")
        desk.invoice(f"I-{code}", code, "5000.00", late=40)
    duly("block", "add", "ALDER", "--kind", "legal", "--reason", "Filed on Friday", "--on", TODAY)
    assert [row["customer"] for row in duly("today", "--on", TODAY)["rows"]] == ["CEDAR"]
    one = entity(ENTITY)
    named = codes_and_names(list(Customer.objects.values_list("pk", flat=True)))
    codes = {pk: code for pk, (code, _) in named.items()}
    rows = {codes[row.customer_id]: row for row in worklist(entity=one, on=TODAY).rows}
    for code, why in (("ALDER", "Filed on Friday"), ("BIRCH", "marked so")):
        assert rows[code].value_minor == 0
        assert rows[code].stopped == f"not to be asked: {why}"


def test_calls_count_for_the_segment_they_were_made_to(desk: CollectionsDesk) -> None:  # noqa: F811
    for code, segment in (("ALDER", "small"), ("BIRCH", "small"), ("CEDAR", "mid")):
        desk.customer(code, segment=segment)
        desk.invoice(f"I-{code}", code, "5000.00", late=40)
    before = {code: worth(code)["not_moved"] for code in ("BIRCH", "CEDAR")}
    for _ in range(20):
        duly("call", "add", "ALDER", "--outcome", "no_answer", "--on", TODAY)
    assert Decimal(worth("BIRCH")["not_moved"]) < Decimal(before["BIRCH"])
    assert worth("CEDAR")["not_moved"] == before["CEDAR"]
