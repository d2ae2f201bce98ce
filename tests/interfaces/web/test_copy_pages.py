"""Copies of invoices: dropped in the browser or in a folder, tied by number, taken again."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.interfaces.web.chasing import chased
from tests.interfaces.web.conftest import AT, take_in
from tests.interfaces.web.shown import text

from duly.access.models import Change
from duly.intake.models import InvoiceCopy
from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity
from duly.receivables.models import Document
from printed import pdf
from shell import duly

__all__ = ["chased"]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def clerk(chased: Entity, open_as) -> Client:
    return open_as("clerk")


def drop(client: Client, **files: bytes):
    """Drop files; `__` in a name stands for a sign that no keyword has."""
    given = [SimpleUploadedFile(name, body) for name, body in files.items()]
    return client.post("/statements/copies/", {"files": given}, follow=True)


def test_copies_are_tied_by_name_and_text_and_opened_from_the_invoice(clerk: Client) -> None:
    files = {"INV-1.pdf": pdf("x"), "scan.pdf": pdf("Invoice INV-2"), "who.pdf": pdf("nothing")}
    page = drop(clerk, **files).content.decode()
    assert "3 copies: 2 tied to their invoices." in page
    assert "who.pdf" in page
    assert "scan.pdf" not in text(page)
    listed = text(clerk.get("/statements/copies/?which=tied").content.decode())
    assert "INV-1 Meridian Foods, told by its name" in listed
    listed = text(clerk.get("/statements/copies/?which=unsure").content.decode())
    assert "INV-2 Tall Oaks Joinery, told by its text alone" in listed
    document = Document.objects.get(number="INV-2")
    kept = InvoiceCopy.objects.get(document_id=document.pk)
    assert (
        f"/statements/copies/{kept.pk}.pdf"
        in clerk.get(f"/documents/{document.pk}/").content.decode()
    )
    response = clerk.get(f"/statements/copies/{kept.pk}.pdf")
    assert b"".join(response.streaming_content) == files["scan.pdf"]  # type: ignore[attr-defined]
    assert "attachment" in response.headers["Content-Disposition"]
    drop(clerk, **files)  # twice adds nothing
    assert InvoiceCopy.objects.count() == 3


def test_a_statement_is_taken_with_the_invoices_that_it_lists(
    clerk: Client, tmp_path: Path
) -> None:
    drop(clerk, **{"INV-2.pdf": pdf("x"), "broken INV-1.pdf": b"%PDF-1.4 broken"})
    address = f"/customers/{Customer.objects.get(code='C2').pk}/statement"
    assert "With 1 copy of an invoice" in text(clerk.get(f"{address}/").content.decode())
    for asked, pages in (("", 1), ("?copies=1", 2)):
        with pikepdf.open(BytesIO(clerk.get(f"{address}.pdf{asked}").content)) as taken:
            assert len(taken.pages) == pages
            assert ("/OutputIntents" in taken.Root) == (pages == 1)  # no false claim of PDF/A
    told = duly("statement", "C1", "--pdf", tmp_path / "s.pdf", "--copies")
    assert told["pdf"]["pdf_a"] is False
    assert "broken INV-1.pdf" in told["warnings"][-1]["message"]
    with pikepdf.open(tmp_path / "s.pdf") as taken:
        assert len(taken.pages) == 1


def test_what_was_found_by_its_text_is_given_once_a_person_confirms_it(clerk: Client) -> None:
    other = "INVOICE INV-1 for Tall Oaks, 1 Quay Street, Bristol. Ten crates of apples at 12.00"
    drop(clerk, **{"scan.pdf": pdf("Invoice INV-2"), "INV-1.pdf": pdf(other)})
    by_text = InvoiceCopy.objects.get(file="scan.pdf")
    by_name = InvoiceCopy.objects.get(file="INV-1.pdf")
    listed = text(clerk.get("/statements/copies/?which=unsure").content.decode())
    assert "INV-1 Meridian Foods, told by its name; its text does not name the customer" in listed
    page = f"/customers/{Customer.objects.get(code='C2').pk}/statement/"
    assert "1 copy of an invoice" not in text(clerk.get(page).content.decode())
    clerk.post(f"/statements/copies/{by_text.pk}/confirm/")
    assert "With 1 copy of an invoice" in text(clerk.get(page).content.decode())
    clerk.post(f"/statements/copies/{by_name.pk}/tie/")  # it is not
    by_text.refresh_from_db()
    by_name.refresh_from_db()
    assert (by_text.told_by, by_name.document_id) == ("hand", None)
    trail = Change.objects.filter(noun="invoice_copy").values_list("record_id", flat=True)
    assert sorted(trail) == sorted([by_text.pk, by_name.pk])
    assert clerk.post("/statements/copies/999/confirm/").status_code == 404


def test_a_number_of_two_customers_is_asked_and_never_guessed(
    clerk: Client, chased: Entity
) -> None:
    columns = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")
    row = ("invoice", "INV-1", "C2", "GBP", "2026-01-01", "2026-01-31", "9.00")
    take_in(chased, "items", columns, row)
    drop(clerk, **{"INV-1.pdf": pdf("To Meridian Foods"), "who.pdf": pdf("nothing")})
    first, second = InvoiceCopy.objects.order_by("pk")
    assert first.document_id is None
    page = clerk.get("/statements/copies/").content.decode()
    assert "INV-1, Meridian Foods INV-1, Tall Oaks Joinery" in text(page)
    clerk.post(f"/statements/copies/{second.pk}/tie/", {"number": "INV-1"})  # asked here too
    second.refresh_from_db()
    assert (second.document_id, len(second.may_be)) == (None, 2)
    wanted = Document.objects.get(number="INV-1", customer_id=Customer.objects.get(code="C2").pk)
    clerk.post(f"/statements/copies/{first.pk}/tie/", {"document": wanted.pk})
    first.refresh_from_db()
    assert (first.document_id, first.told_by, first.may_be) == (wanted.pk, "hand", [])
    for odd, code in ((wanted.pk + 99, 404), ("²", 302), ("9" * 18, 404)):
        done = clerk.post(f"/statements/copies/{second.pk}/tie/", {"document": odd})
        assert done.status_code == code


def test_copies_that_have_no_room_are_left_out_and_named(
    chased: Entity, clerk: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(
        chased,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"),
        ("invoice", "INV-6", "C1", "GBP", "2026-01-05", "2026-01-20", "1.00"),
    )
    customer = Document.objects.get(number="INV-1").customer_id
    small = pdf("x")
    drop(clerk, **{"INV-1.pdf": small, "INV-6.pdf": pdf("x" * 900)})
    page = f"/customers/{customer}/statement"
    assert "Not enclosed" not in text(clerk.get(f"{page}/").content.decode())
    monkeypatch.setattr("duly.interfaces.exchange.enclosing.MOST_BYTES", len(small))
    told = text(clerk.get(f"{page}/").content.decode())
    assert "Not enclosed: INV-6.pdf. A statement takes up to 200 copies" in told
    with pikepdf.open(BytesIO(clerk.get(f"{page}.pdf?copies=1").content)) as taken:
        assert len(taken.pages) == 2
    made = duly("statement", "C1", "--pdf", tmp_path / "s.pdf", "--copies")
    assert made["pdf"]["copies"] == 1
    assert [one["code"] for one in made["warnings"]][-1] == "COPIES_LEFT_OUT"
    assert "INV-6.pdf" in made["warnings"][-1]["message"]
    monkeypatch.setattr("duly.interfaces.exchange.enclosing.MOST_BYTES", 10**6)
    monkeypatch.setattr("duly.interfaces.exchange.enclosing.MOST_COPIES", 0)
    assert "Not enclosed: INV-" in text(clerk.get(f"{page}/").content.decode())


def test_what_is_no_pdf_is_left_out_and_stops_no_other(clerk: Client) -> None:
    page = drop(clerk, **{"INV-1.pdf": b"<html>%PDF-", "INV-2.pdf": b"%PDF-1.4 broken"})
    assert "1 file was left out. 1 copy is kept." in text(page.content.decode())
    assert "INV-1.pdf What is in it is no PDF." in text(page.content.decode())
    assert [row.file for row in InvoiceCopy.objects.all()] == ["INV-2.pdf"]
    assert clerk.post("/statements/copies/", {}).status_code == 422


def test_a_person_ties_what_tells_no_number(clerk: Client) -> None:
    drop(clerk, **{"<b>who.pdf": pdf("nothing")})
    kept = InvoiceCopy.objects.get()
    address = f"/statements/copies/{kept.pk}/tie/"
    assert clerk.post(address, {"number": "INV-99"}).status_code == 422
    assert clerk.post("/statements/copies/999/tie/", {"number": "INV-4"}).status_code == 404
    clerk.post(address, {"number": "INV-4"})
    kept.refresh_from_db()
    assert kept.document_id == Document.objects.get(number="INV-4").pk
    page = clerk.get("/statements/copies/?which=tied").content.decode()
    assert "told by a person" in text(page)
    assert "<b>who" not in page
    clerk.post(address, {"number": ""})
    kept.refresh_from_db()
    assert kept.document_id is None


def test_a_folder_is_taken_by_the_shell(chased: Entity, tmp_path: Path) -> None:
    folder = tmp_path / "pdfs" / "below"
    folder.mkdir(parents=True)
    (folder / "INV-1.PDF").write_bytes(pdf("x"))
    (folder / "notes.txt").write_text("INV-2")
    (folder.parent / "INV-2.pdf").write_bytes(b"no pdf")
    told = duly("copies", folder.parent)
    assert (told["tied"], told["untied"]) == (1, 0)
    assert told["copies"][0]["document"] == "INV-1"
    assert [one["code"] for one in told["problems"]] == ["COPY_NO_PDF"]
    assert duly("copies", folder.parent)["copies"][0]["id"] == told["copies"][0]["id"]
    assert duly("copies", folder / "none", code=3)["code"] == "FOLDER_MISSING"


@pytest.mark.parametrize("role", ["viewer", "sales", "analyst"])
def test_who_may_not_is_refused(chased: Entity, open_as, role: str) -> None:
    client = open_as(role)
    assert client.get("/statements/copies/").status_code == 200
    assert drop(client, **{"INV-1.pdf": pdf("x")}).status_code == 403
    assert client.post("/statements/copies/1/tie/", {"number": "INV-1"}).status_code == 403
    assert client.post("/statements/copies/1/confirm/").status_code == 403
    assert client.get("/statements/copies/1.pdf").status_code == 404


def test_a_number_of_several_takes_no_tie_away(clerk: Client, chased: Entity) -> None:
    """The defect: asked which of two it is, the copy already belonged to none."""
    drop(clerk, **{"INV-1.pdf": pdf("x")})
    kept = InvoiceCopy.objects.get()
    was = (kept.document_id, kept.told_by)
    columns = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")
    for code in ("C1", "C2"):
        row = ("invoice", "TWICE", code, "GBP", "2026-01-01", "2026-01-31", "9.00")
        take_in(chased, "items", columns, row)
    page = clerk.post(f"/statements/copies/{kept.pk}/tie/", {"number": "TWICE"}, follow=True)
    assert "2 documents have the number TWICE: choose one." in text(page.content.decode())
    assert "INV-1 Meridian Foods, told by its name TWICE, " in text(page.content.decode())
    kept.refresh_from_db()
    assert (kept.document_id, kept.told_by) == was
    assert len(kept.may_be) == 2
    assert not Change.objects.filter(noun="invoice_copy").exists()


def test_what_a_person_says_belongs_to_none_is_not_tied_again(clerk: Client) -> None:
    drop(clerk, **{"INV-1.pdf": pdf("x")})
    kept = InvoiceCopy.objects.get()
    clerk.post(f"/statements/copies/{kept.pk}/tie/", {})
    drop(clerk, **{"INV-1.pdf": pdf("x")})
    kept.refresh_from_db()
    assert (kept.document_id, kept.told_by) == (None, "hand")


def test_a_copy_that_waited_leaves_a_trail_when_its_invoice_comes(
    clerk: Client, chased: Entity
) -> None:
    drop(clerk, **{"LATE-1.pdf": pdf("x")})
    columns = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")
    row = ("invoice", "LATE-1", "C1", "GBP", "2026-01-01", "2026-01-31", "9.00")
    take_in(chased, "items", columns, row)
    drop(clerk, **{"LATE-1.pdf": pdf("x")})
    kept = InvoiceCopy.objects.get()
    assert kept.document_id == Document.objects.get(number="LATE-1").pk
    change = Change.objects.get(noun="invoice_copy")
    assert (change.record_id, change.after) == (kept.pk, {"document": kept.document_id})
    drop(clerk, **{"LATE-1.pdf": pdf("x")})
    assert Change.objects.filter(noun="invoice_copy").count() == 1


def test_a_copy_of_other_books_is_not_given(clerk: Client) -> None:
    drop(clerk, **{"INV-1.pdf": pdf("x")})
    other = add_entity(
        name="Other", currency="GBP", country="GB", timezone="UTC", terms="net30", at=AT
    )
    session = clerk.session
    session["entity"] = other.pk
    session.save()
    assert clerk.get(f"/statements/copies/{InvoiceCopy.objects.get().pk}.pdf").status_code == 404
