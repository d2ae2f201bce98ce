"""A retailer pays short: from its code to the verdict, the money back, and what was learned."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.test import Client

from building import broken
from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.actions import add_user
from duly.disputes.queries.economics import cases_of, expected_of
from duly.parties.queries import entity
from shell import duly, write

CODES = "code,reason,customer_id\n12,promotion,RETAIL\n40,unearned_discount,RETAIL\n"


def expected(dispute_id: int) -> tuple[int | None, int]:
    """What an open dispute may bring, and the chance in a thousand that it is owed."""
    one = entity()
    told = expected_of(cases_of(one.pk), on=TODAY, own=one.currency, rates={})[dispute_id]
    return told.minor, told.owed_per_mille


def test_a_retailer_pays_short(desk: CollectionsDesk, tmp_path: Path) -> None:  # noqa: F811
    desk.customer("RETAIL", name="Retail Group")
    for number in ("I-1", "I-2", "I-3"):
        desk.invoice(number, "RETAIL", "1000.00", late=20)
    duly("dispute", "reasons", "map", write(tmp_path, "codes.csv", CODES), "--on", after(-9))

    def short(number: str, minor: int, code: str) -> int:
        """Pay an invoice but for an amount, and carve that out under the retailer's code."""
        payment, on = f"P-{number}", after(-8)
        desk.payment(payment, "RETAIL", f"{1000 - minor}.00", on=on, item=number)
        [row] = duly(
            "dispute", "add", number, "--customer", "RETAIL", "--amount", f"{minor}.00",
            "--their-reason", code, "--origin", "short_pay", "--payment", payment, "--on", on,
        )["disputes"]  # fmt: skip
        return int(row["id"])

    late_discount, promotion, unknown = (
        short("I-1", 120, "40"),
        short("I-2", 150, "12"),
        short("I-3", 60, "99"),
    )
    told = {row["id"]: row for row in duly("dispute", "list", "--open")["disputes"]}
    assert told[late_discount]["deadline_on"] == str(after(-8) + timedelta(days=5))
    assert (told[promotion]["owner"], told[unknown]["reason"]) == ("sales finance", "other")
    [code] = duly("dispute", "reasons", "list")["unknown"]
    assert (code["code"], code["customer"]) == ("99", "RETAIL")

    # Nothing of it is asked for while it is looked into.
    desk.open_for_mail()
    assert desk.outcomes(TODAY, "--dry-run") == {"RETAIL": ["disputed"]}
    assert expected(promotion) == (15_000 // 2 - 2_500, 500)

    # The promotion was theirs: credited and applied in one act. The discount was taken too late.
    duly("dispute", "attach", promotion, write(tmp_path, "agreed.txt", "Spring promotion, 150"))
    duly("dispute", "close", promotion, "--as", "valid", "--issue", "--on", TODAY)
    duly("dispute", "close", late_discount, "--as", "invalid", "--on", TODAY)
    desk.day()
    [message] = duly("messages", "--customer", "RETAIL")["messages"]
    assert (message["amount"], [one["number"] for one in message["items"]]) == ("120.00", ["I-1"])
    assert "About I-1: we looked into what was deducted" in message["body"]

    causes = duly("dispute", "causes", "--from", after(-10), "--to", TODAY)
    assert [
        (one["reason"], one["amount"], one["open"], one["credited"], one["days_to_clear"])
        for one in causes["causes"]
    ] == [
        ("promotion", "150.00", "0.00", "150.00", 8),
        ("unearned_discount", "120.00", "0.00", "0.00", 8),
        ("other", "60.00", "60.00", "0.00", None),
    ]
    assert causes["open_by_age"] == [
        {"currency": "EUR", "0-30": "60.00", "31-60": "0.00", "61-90": "0.00", "over-90": "0.00"}
    ]
    ranked = duly("dispute", "list", "--ranked", "--on", TODAY)["disputes"]
    assert (ranked[0]["id"], ranked[0]["expected"]["amount"]) == (unknown, "5.00")
    assert [one["expected"] for one in ranked[1:]] == [None, None]

    # They pay it; what came back is measured, and the next one alike is likelier to be owed.
    desk.payment("P-BACK", "RETAIL", "120.00", on=after(2), item="I-1")
    window = ("--from", after(-10), "--to", after(2))
    measured = {one["id"]: one["value"] for one in duly("metrics", *window)["measures"]}
    assert measured["invalid_deductions_recovered_eur"] == "100.00"
    assert measured["deduction_days_outstanding_eur"] == "2.36"  # 60.00 / (330.00 / 13)
    desk.invoice("I-4", "RETAIL", "1000.00", late=20)
    again = short("I-4", 200, "40")
    assert expected(again)[1] == 680  # (4 x 600 + 1000) / 5, of (4 x 500 + 1000) / 5 for all

    client = Client()
    at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    client.force_login(
        add_user(email="m@x.example", name="M", role="manager", password=None, at=at)
    )
    page = client.get(f"/disputes/causes/?from={after(-10)}&to={after(2)}").content.decode()
    assert "Unearned discount" in page
    assert 'value="330.00"' not in page  # the fourth is in it too
    assert 'value="530.00"' in page
    assert broken() == {}
