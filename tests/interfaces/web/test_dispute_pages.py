"""Disputes on pages: listed by what they bring, proved, judged, and traced to their causes."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.interfaces.web.conftest import AT
from tests.interfaces.web.shown import section, table, text

from duly.access.actions import Author, set_authority
from duly.disputes.actions import DisputeDraft, close_dispute, open_disputes
from duly.disputes.models import Dispute, DisputeFile
from duly.disputes.queries import disputed_by_item
from duly.disputes.queries.reasons import mappings_of, policy_on
from duly.kernel.money import Money
from duly.parties.models import Entity
from duly.receivables.queries import items_by_number, payments_by_number
from duly.receivables.queries.standing import item_facts


def dispute(entity: Entity, number: str, minor: int, on: date, **more: object) -> int:
    """Open one; of INV-1 100.00, INV-2 250.50 and INV-3 40.25 pounds, INV-4 7000 yen."""
    ((item,),) = items_by_number(entity.pk, [number]).values()
    told = {"reason": "price"} | more
    draft = DisputeDraft(item, minor, **told)  # type: ignore[arg-type]
    (id_,) = open_disputes(entity_id=entity.pk, drafts=[draft], on=on, actor="test", at=AT)
    return id_


@pytest.fixture
def manager(open_as: Callable[[str], Client]) -> Client:
    return open_as("manager")


@pytest.fixture
def four(books: Entity, today: date) -> dict[str, int]:
    """Four open disputes and one that was found invalid."""
    found = {
        "large": dispute(books, "INV-2", 20_000, today - timedelta(days=3)),
        "small": dispute(books, "INV-2", 1_000, today, reason="freight", their_reason="q 7"),
        "late": dispute(books, "INV-1", 9_000, today - timedelta(days=40), reason="tax"),
        "yen": dispute(books, "INV-4", 7_000, today, origin="short_pay"),
        "lost": dispute(books, "INV-3", 4_000, today - timedelta(days=9), reason="tax"),
    }
    close_dispute(
        dispute_id=found["lost"], verdict="invalid", credit_minor=0, on=today, actor="test", at=AT
    )
    return found


def listed(client: Client, address: str = "/disputes/") -> list[str]:
    """The numbers of the list's file, in order."""
    asked = address.replace("/disputes/", "/disputes/disputes.csv", 1)
    rows = csv.DictReader(io.StringIO(client.get(asked).content.decode("utf-8-sig")))
    return [row["dispute"] for row in rows]


def test_what_brings_most_comes_first(manager: Client, four: dict[str, int]) -> None:
    order = [str(four[name]) for name in ("large", "late", "small", "yen")]  # yen have no rate
    assert listed(manager) == order
    html = manager.get("/disputes/").content.decode()
    rows = table(html, "disputes-table")
    assert [row[0].split()[0] for row in rows[:3]] == ["Meridian"] * 3
    assert rows[0][1] == [Decimal("200.00"), Decimal("75.00")]  # half of it, less the work
    assert [row[1] for row in rows[4:]] == [[Decimal("300.00")], [Decimal(7000)]]
    assert "no rate" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=overdue", ["late"]),
        ("state=closed", ["lost"]),
        ("state=all&reason=tax", ["late", "lost"]),
        ("owner=receivables", ["small"]),
        ("origin=short_pay", ["yen"]),
        ("currency=JPY", ["yen"]),
        ("bucket=1", ["late"]),
        ("customer=999", []),
        ("state=all&from=2000-01-01&to=2000-01-02", []),
    ],
)
def test_filters(manager: Client, four: dict[str, int], query: str, names: list[str]) -> None:
    assert listed(manager, f"/disputes/?{query}") == [str(four[name]) for name in names]
    assert manager.get(f"/disputes/?{query}").status_code == 200


def test_one_is_judged_and_credited_in_one_act(
    manager: Client, four: dict[str, int], books: Entity
) -> None:
    address = f"/disputes/{four['large']}/"
    html = manager.get(f"{address}?verdict=partly").content.decode()
    assert "Some of it is credited" in html
    assert 'aria-keyshortcuts="V"' in html
    for credit in ("", "0", "200.01", "nothing"):
        told = {"verdict": "partly", "credit": credit, "is_issued": "on"}
        assert manager.post(f"{address}verdict/", told).status_code == 422
    told = {"verdict": "partly", "credit": "50.00", "is_issued": "on", "number": "CN-1", "key": "k"}
    done = manager.post(f"{address}verdict/", told, follow=True)
    assert "GBP 50.00 is credited, and applied to INV-2." in text(done.content.decode())
    row = Dispute.objects.get(pk=four["large"])
    assert (row.verdict, row.credit_minor) == ("partly", 5_000)
    assert item_facts(books.pk, [row.item_id])[row.item_id].open_minor == 20_050
    shown = manager.get(address).content.decode()
    assert "CN-1" in shown
    assert "Verdict: Partly valid" in text(shown)


def test_who_issues_credit_notes_does_so_up_to_an_amount(
    open_as: Callable[[str], Client], four: dict[str, int]
) -> None:
    author = Author("ada", AT)
    set_authority(role="manager", act="credit", up_to=Money(49_99, "GBP"), author=author)
    told = {"verdict": "partly", "credit": "50.00", "is_issued": "on"}
    refused = open_as("manager").post(f"/disputes/{four['large']}/verdict/", told)
    assert refused.status_code == 403
    assert "AUTHORITY_EXCEEDED" in refused.content.decode()
    assert Dispute.objects.get(pk=four["large"]).verdict == ""


def test_who_collects_asks_for_a_credit_note_and_issues_none(
    open_as: Callable[[str], Client], four: dict[str, int]
) -> None:
    collector = open_as("collector")
    address = f"/disputes/{four['large']}/"
    assert (
        "You ask for the credit note" in collector.get(f"{address}?verdict=valid").content.decode()
    )
    told = {
        "verdict": "valid",
        "credit": "200.00",
        "is_issued": "on",
    }  # as no form of theirs has it
    collector.post(f"{address}verdict/", told)
    row = Dispute.objects.get(pk=four["large"])
    assert (row.verdict, row.credit_document_id) == ("valid", None)
    viewer = open_as("viewer")
    assert viewer.get(address).status_code == 200
    assert viewer.post(f"{address}verdict/", told).status_code == 403


@pytest.mark.parametrize(
    ("verdict", "told", "withheld"),
    [
        ("valid", "A credit note of GBP 200.00 is waited for", 200),
        ("invalid", "INV-2 is asked for again", 0),
        ("mistake", "It is closed, and counts nowhere", 0),
    ],
)
def test_a_verdict_without_a_credit_note(
    manager: Client, books: Entity, today: date, verdict: str, told: str, withheld: int
) -> None:
    id_ = dispute(books, "INV-2", 20_000, today)
    address = f"/disputes/{id_}/"
    assert manager.get(f"{address}?verdict={verdict}").status_code == 200
    done = manager.post(f"{address}verdict/", {"verdict": verdict, "key": "k"}, follow=True)
    assert told in text(done.content.decode())
    again = manager.post(f"{address}verdict/", {"verdict": verdict, "key": "k"}, follow=True)
    assert told in text(again.content.decode())  # a second click writes nothing
    assert "Is it worth it" not in again.content.decode()
    row = Dispute.objects.get(pk=id_)
    left = disputed_by_item(entity_id=books.pk, on=today).get(row.item_id, 0)
    assert (row.verdict, left) == (verdict, withheld * 100)


def test_proof_is_attached_and_given_back_as_it_came(
    manager: Client, four: dict[str, int], tmp_path: object, settings: object
) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    address = f"/disputes/{four['large']}/"
    bad = SimpleUploadedFile("order.pdf", b"\x00\x01")
    refused = manager.post(f"{address}files/", {"files": bad})
    assert refused.status_code == 422
    assert "order.pdf is none of" in text(refused.content.decode())
    page = b"<script>alert(1)</script> the price list"
    manager.post(f"{address}files/", {"files": SimpleUploadedFile("<b>.html", page)})
    row = DisputeFile.objects.get()
    assert row.kind == "text"
    given = manager.get(f"/disputes/files/{row.pk}/")
    assert b"".join(given.streaming_content) == page
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["Content-Type"] == "application/octet-stream"
    assert "&lt;b&gt;.html" in manager.get(address).content.decode()


def test_what_is_not_there(manager: Client, four: dict[str, int]) -> None:
    for address in ("/disputes/999/", f"/disputes/{10**30}/", "/disputes/files/999/"):
        assert manager.get(address).status_code == 404
    assert (
        manager.post(f"/disputes/{four['large']}/verdict/", {"verdict": "guilty"}).status_code
        == 404
    )


def test_causes_add_up_and_open_to_their_rows(manager: Client, four: dict[str, int]) -> None:
    html = manager.get("/disputes/causes/").content.decode()
    rows = dict(table(html, "causes-table"))
    assert list(rows) == ["Price", "Tax", "Freight", "Together"]
    assert rows["Tax"][:2] == [Decimal("130.00"), Decimal("90.00")]
    assert rows["Together"] == [Decimal("340.00")]
    tax = section(html, ">Tax<", "</tr>")
    address = tax[tax.index('class="drill" href="') + 20 :].split('"')[0].replace("&amp;", "&")
    assert listed(manager, address) == [str(four["late"]), str(four["lost"])]
    by_customer = manager.get("/disputes/causes/?by=customer&currency=JPY").content.decode()
    assert "<script>alert" not in by_customer
    assert manager.get("/disputes/causes/causes.csv?by=owner").status_code == 200
    assert "Nothing was taken" in manager.get("/disputes/causes/?to=2001-01-01").content.decode()


def test_codes_are_mapped_and_forgotten(manager: Client, books: Entity, today: date) -> None:
    manager.post("/disputes/reasons/map/", {"code": "07", "reason": "price", "customer": "C1"})
    file = SimpleUploadedFile("codes.csv", b"code,reason,customer_id\nq7,damage,\nq8,tax,C2\n")
    told = manager.post("/disputes/reasons/file/", {"files": file}, follow=True)
    assert "2 codes, 2 new or changed." in text(told.content.decode())
    assert len(mappings_of(books.pk)) == 3
    for wrong in ({"code": "", "reason": "price"}, {"code": "1", "reason": "because"}):
        assert manager.post("/disputes/reasons/map/", wrong).status_code == 422
    manager.post("/disputes/reasons/drop/", {"code": "Q7", "customer": "0"})
    assert (0, "Q7") not in mappings_of(books.pk)


def test_who_clears_a_reason_is_changed_by_managers(
    open_as: Callable[[str], Client], books: Entity, today: date
) -> None:
    told = {"reason": "price", "owner": "Key accounts", "days": "5"}
    assert open_as("collector").post("/disputes/reasons/", told).status_code == 403
    manager = open_as("manager")
    manager.post("/disputes/reasons/", told)
    assert policy_on(books.pk, today).duties["price"] == ("Key accounts", 5)
    assert manager.post("/disputes/reasons/", told | {"days": "x"}).status_code == 422
    assert "Key accounts, 5 days" in text(manager.get("/disputes/reasons/").content.decode())


def test_a_code_that_nobody_knows_waits_on_its_page(
    manager: Client, books: Entity, today: date
) -> None:
    dispute(books, "INV-1", 100, today, reason="other", their_reason="zz")
    html = manager.get("/disputes/reasons/").content.decode()
    assert "Codes that nobody knows yet" in html
    manager.post("/disputes/reasons/map/", {"code": "ZZ", "reason": "tax", "customer": "C1"})
    assert "nobody knows yet" not in manager.get("/disputes/reasons/").content.decode()


def test_a_payment_shows_what_it_left_short(manager: Client, books: Entity, today: date) -> None:
    payment = payments_by_number(books.pk, ["PAY-1"])["PAY-1"]
    id_ = dispute(books, "INV-2", 500, today, origin="short_pay", payment_id=payment.id)
    html = manager.get(f"/payments/{payment.id}/").content.decode()
    assert f'href="/disputes/{id_}/"' in section(html, "What it left short")
    assert "PAY-1" in manager.get(f"/disputes/{id_}/").content.decode()
    customer = manager.get(f"/customers/{payment.customer_id}/").content.decode()
    assert f'href="/disputes/{id_}/"' in customer
