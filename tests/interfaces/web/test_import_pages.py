"""Importing in the browser: files in, looked at, mapped, written once, taken back; who may; what
hostile names and files come to."""

import csv
import errno
import io
import os
import re
import threading
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from tests.interfaces.web.conftest import AT, take_in
from tests.interfaces.web.shown import text
from tests.interfaces.web.test_security import check

from duly.access.models import User
from duly.intake.models import Import, Mapping, Upload
from duly.interfaces.exchange import uploads
from duly.ledger.actions import lock_period
from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity
from duly.receivables.models import Document, Item, Payment

ITEMS = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
GOOD = ITEMS + "invoice,N-1,C1,GBP,2026-01-02,2026-02-01,10.00\n"
BAD = GOOD + (
    "invoice,N-2,C9,GBP,2026-01-02,2026-02-01,20.00\ninvoice,N-3,C1,GBP,2026-01-02,soon,30.00\n"
)
LATE = b"customer_id,name,address\n" + b"C1,One,%s\n" % (b"x" * 150) * 3000 + b"C2,Caf\xe9,\n"
GERMAN = (
    "Offene Posten zum 28.02.2026\n\n"
    "Belegart;Rechnungs-Nr.;Debitor;Belegdatum;Fällig am;Betrag\n"
    "Rechnung;R-1;C1;13.02.2026;15.03.2026;1.234,50\n"
    "Gutschrift;R-2;C1;04.02.2026;06.03.2026;34,50\n"
    "Summe;;;;;1.200,00\n"
)


STATEMENT = (
    ":20:ST1\n:25:37040044/0532013000\n:28C:00001/001\n:60F:C260309EUR1000,00\n"
    ":61:2603090309C119,00NTRFNONREF//B1\n:86:166?00GUTSCHRIFT?20RE 4711?32ACME GMBH\n"
    ":61:2603100310D12,50NTRFNONREF//B2\n:86:808?20FEES\n:62F:C260310EUR1106,50\n-\n"
)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: Any) -> Path:
    """Where uploads of this test lie."""
    settings.UPLOADS = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def clerk(open_as: Callable[[str], Client]) -> Client:
    return open_as("clerk")


def named(name: str, text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def drop(client: Client, *files: SimpleUploadedFile) -> str:
    """Upload files; return the address where they wait."""
    response = client.post("/import/files/", {"files": list(files)})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def plan_on(html: str) -> str:
    return re.search(r'name="plan" value="(\w*)"', html).group(1)


def write(client: Client, address: str, **more: Any) -> Any:
    """Confirm what the page shows."""
    shown = {"plan": plan_on(page(client, address)), "rows": "all"}
    return client.post(f"{address}write/", shown | more)


def counts(html: str) -> list[int]:
    """New, changed, same, rejected, of each sheet in turn."""
    return [int(n.replace(",", "")) for n in re.findall(r'<b class="sum">([\d,]+)</b>', html)]


def problems(html: str) -> list[tuple[str, str, str]]:
    """(row, message with column, remedy) of each problem shown."""
    rows = re.findall(r"<tr.*?</tr>", html[html.index('class="table problems') :], re.DOTALL)
    text = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    plain = [[re.sub(r"<[^>]+>", " ", cell).strip() for cell in cells] for cells in text]
    return [(cells[0], cells[2], cells[3]) for cells in plain if len(cells) == 4]


def csv_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


class TestPreview:
    def test_it_says_what_was_recognised_and_why_and_writes_nothing(
        self, books: Entity, clerk: Client
    ) -> None:
        before = (Document.objects.count(), Import.objects.count())
        html = page(clerk, drop(clerk, named("january.csv", GOOD)))
        assert "Invoices and credit notes: Duly’s own columns" in html
        assert "Its header has Duly’s own column names." in html
        assert counts(html) == [1, 0, 0, 0]
        assert 'value="10.00"' in html
        assert (Document.objects.count(), Import.objects.count()) == before

    def test_every_problem_stands_with_row_column_and_remedy(
        self, books: Entity, clerk: Client
    ) -> None:
        html = page(clerk, drop(clerk, named("january.csv", BAD)))
        assert counts(html) == [1, 0, 0, 2]
        told = {row: (message, remedy) for row, message, remedy in problems(html)}
        assert "There is no customer C9" in told["3"][0]
        assert told["3"][1] == "Import the customer first, or let them be created below."
        assert "Column due_on" in told["4"][0]
        assert "--" not in text(html[html.index("<main") :])  # addresses have tokens

    def test_the_first_rows_stand_as_they_were_understood(
        self, books: Entity, clerk: Client
    ) -> None:
        html = page(clerk, drop(clerk, named("january.csv", GOOD)))
        new = html[html.index('id="f0-0-new"') :]
        for cell in ("N-1", "C1", "2 Jan 2026", "1 Feb 2026", "10.00"):
            assert f">{cell}</td>" in new

    def test_what_changes_stands_before_and_after(self, books: Entity, clerk: Client) -> None:
        text = "customer_id,name,country\nC1,Meridian Group,GB\nC2,Tall Oaks Joinery,GB\n"
        html = page(clerk, drop(clerk, named("customers.csv", text)))
        assert counts(html) == [0, 1, 1, 0]
        assert "<del>Meridian Foods</del>" in html
        assert "<ins>Meridian Group</ins>" in html

    def test_several_files_go_in_together_in_order_of_dependency(
        self, books: Entity, clerk: Client
    ) -> None:
        customers = "customer_id,name\nC9,Nine Elms\n"
        html_of_both = page(clerk, drop(clerk, named("b.csv", BAD), named("a.csv", customers)))
        assert counts(html_of_both) == [2, 0, 0, 1, 1, 0, 0, 0]

    def test_files_of_one_name_are_told_apart(self, books: Entity, clerk: Client) -> None:
        html = page(clerk, drop(clerk, named("export.csv", GOOD), named("export.csv", GOOD)))
        assert "export (2).csv" in html

    def test_an_upload_is_its_own_persons_and_its_own_companys(
        self, books: Entity, clerk: Client, open_as: Any
    ) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        assert open_as("manager").get(address).status_code == 404
        other = add_entity(name="Southwind", currency="EUR", country="DE", at=AT)
        clerk.post("/books/", {"entity": other.pk})
        for way in ("", "problems.csv", "0/", "so-far/"):
            assert clerk.get(address + way).status_code == 404
        for way in ("write/", "look/", "abandon/", "choices/", "more/", "without/"):
            assert clerk.post(address + way).status_code == 404
        assert Upload.objects.count() == 1

    def test_the_pages_keep_to_the_policy(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("january.csv", BAD))
        for way in ("/import/", address, f"{address}0/"):
            check(clerk.get(way))
        write(clerk, address, rows="good")
        check(clerk.get(address))
        batch = Import.objects.latest("id").batch_id
        check(clerk.get(f"/import/{batch}/"))


class TestWriting:
    def test_what_was_shown_is_written(self, books: Entity, clerk: Client, shelf: Path) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        assert write(clerk, address).headers["Location"] == address
        document = Document.objects.get(number="N-1")
        record = Import.objects.get(batch_id=document.batch_id)
        assert (record.file, record.actor) == ("january.csv", "clerk@example.org")
        assert len(record.sha256) == 64
        html = page(clerk, address)
        assert "It is in the books" in html
        assert f"/import/{record.batch_id}/" in html
        assert list(shelf.iterdir()) == [], "files go when they are written"

    def test_rows_can_be_left_out_but_not_by_mistake(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("january.csv", BAD))
        refused = write(clerk, address)
        assert refused.status_code == 422
        assert "Nothing was written" in refused.content.decode()
        assert not Document.objects.filter(number="N-1").exists()
        assert write(clerk, address, rows="good").status_code == 302
        assert set(Document.objects.filter(number__startswith="N-").values_list("number")) == {
            ("N-1",)
        }
        record = Import.objects.latest("id")
        assert (record.new, record.rejected) == (1, 2)
        assert "2 problems of rows left out" in page(clerk, f"/import/{record.batch_id}/")

    def test_a_second_click_writes_nothing_more(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        shown = {"plan": plan_on(page(clerk, address)), "rows": "all"}
        for _ in range(3):
            assert clerk.post(f"{address}write/", shown).headers["Location"] == address
        assert Document.objects.filter(number="N-1").count() == 1
        assert Import.objects.filter(file="january.csv").count() == 1

    def test_books_that_moved_are_told_with_the_new_preview(
        self, books: Entity, clerk: Client
    ) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        shown = {"plan": plan_on(page(clerk, address)), "rows": "all"}
        take_in(books, "items", ITEMS.strip().split(","), GOOD.splitlines()[1].split(","))
        response = clerk.post(f"{address}write/", shown)
        html = response.content.decode()
        assert response.status_code == 409
        assert "PLAN_CHANGED" in html
        assert counts(html) == [0, 0, 1, 0], "what it would do now"
        assert plan_on(html) != shown["plan"]
        assert Import.objects.filter(file="january.csv").count() == 0
        assert write(clerk, address).status_code == 302

    def test_another_tab_that_changed_the_upload_is_noticed(
        self, books: Entity, clerk: Client
    ) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        shown = {"plan": plan_on(page(clerk, address)), "rows": "all"}
        more = ITEMS + "invoice,N-7,C1,GBP,2026-01-02,2026-02-01,70.00\n"
        clerk.post(f"{address}more/", {"files": [named("more.csv", more)]})
        assert clerk.post(f"{address}write/", shown).status_code == 409
        assert not Document.objects.filter(number__startswith="N-").exists()

    def test_a_closed_period_is_told_before_and_when_writing(
        self, books: Entity, clerk: Client
    ) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        shown = {"plan": plan_on(page(clerk, address)), "rows": "all"}
        lock_period(entity_id=books.pk, through_on=date(2026, 1, 31), actor="test", at=AT)
        response = clerk.post(f"{address}write/", shown)
        assert response.status_code == 422
        html = page(clerk, address)
        assert "This period is closed through 2026-01-31" in html
        assert counts(html) == [0, 0, 0, 1]
        assert not Document.objects.filter(number="N-1").exists()

    def test_what_is_thrown_away_is_gone(self, books: Entity, clerk: Client, shelf: Path) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        assert "january.csv" in page(clerk, "/import/")
        assert clerk.post(f"{address}abandon/").headers["Location"] == "/import/"
        assert list(shelf.iterdir()) == []
        assert page(clerk, address, 404)
        assert clerk.post(f"{address}write/", {"plan": ""}).status_code == 404

    def test_what_is_thrown_away_while_it_is_looked_at_stays_away(
        self, books: Entity, clerk: Client
    ) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        held = Upload.objects.get()
        clerk.post(f"{address}abandon/")
        uploads.check(held, actor="clerk@example.org", at=AT)
        assert Upload.objects.count() == 0

    def test_a_preview_of_another_version_is_made_again(
        self, books: Entity, clerk: Client, shelf: Path
    ) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        (plan,) = shelf.glob("*/plan.json")
        plan.write_text('{"files": [], "of": "another version"}')
        assert "data-start" in page(clerk, address)
        clerk.post(f"{address}look/")
        assert counts(page(clerk, address)) == [1, 0, 0, 0]

    def test_a_disk_that_is_full_is_told(
        self, books: Entity, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(uploads.keeping, "_copy", full)
        sent = clerk.post("/import/files/", {"files": [named("a.csv", GOOD)]})
        assert sent.status_code == 503
        assert "No space left on device" in sent.content.decode()

    def test_a_written_upload_can_no_longer_be_changed(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        write(clerk, address)
        assert clerk.post(f"{address}choices/").status_code == 404
        assert clerk.post(f"{address}more/", {"files": [named("a.csv", GOOD)]}).status_code == 404
        clerk.post(f"{address}abandon/")
        assert "It is in the books" in page(clerk, address)

    def test_nobodys_uploads_are_swept_away(
        self, books: Entity, clerk: Client, shelf: Path
    ) -> None:
        old = drop(clerk, named("january.csv", GOOD))
        Upload.objects.update(created_at=AT)
        drop(clerk, named("february.csv", GOOD))
        assert page(clerk, old, 404)
        assert len(list(shelf.iterdir())) == Upload.objects.count() == 1


class TestMending:
    def test_a_mended_file_takes_the_place_of_the_first(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("january.csv", BAD))
        mended = BAD.replace("C9", "C2").replace("soon", "2026-03-01")
        clerk.post(f"{address}more/", {"files": [named("january.csv", mended)]})
        html = page(clerk, address)
        assert counts(html) == [3, 0, 0, 0]
        write(clerk, address)
        assert Document.objects.filter(number__startswith="N-").count() == 3

    def test_what_is_added_counts_with_what_was_there(
        self, books: Entity, clerk: Client, shelf: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads.keeping, "MOST_BYTES", 2 * len(BAD))
        address = drop(clerk, named("january.csv", BAD))
        for name, status in [("february.csv", 302), ("march.csv", 422), ("january.csv", 302)]:
            answer = clerk.post(f"{address}more/", {"files": [named(name, BAD)]})
            assert answer.status_code == status, name
        (kept,) = Upload.objects.all()
        assert [file["name"] for file in kept.files] == ["january.csv", "february.csv"]

    def test_a_file_that_is_none_is_told_and_can_be_left_out(
        self, books: Entity, clerk: Client
    ) -> None:
        address = drop(clerk, named("january.csv", GOOD), named("photo.csv", b"\x89PNG\r\n\x1a\n"))
        html = page(clerk, address)
        assert "photo.csv is a picture, which is not read." in html
        assert plan_on(html) == ""
        clerk.post(f"{address}without/", {"file": "photo.csv"})
        assert counts(page(clerk, address)) == [1, 0, 0, 0]
        last = clerk.post(f"{address}without/", {"file": "january.csv"})
        assert last.headers["Location"] == "/import/"
        assert Upload.objects.count() == 0

    def test_all_files_that_are_none_are_told_at_once(self, books: Entity, clerk: Client) -> None:
        late = named("late.csv", LATE)
        photo = named("photo.csv", b"\x89PNG\r\n\x1a\n")
        html = page(clerk, drop(clerk, named("good.csv", GOOD), late, photo))
        assert "2 files can’t be read as they are" in html
        html = page(clerk, drop(clerk, named("a.csv", LATE), named("b.csv", LATE)))
        assert "2 files can’t be read as they are" in html
        assert plan_on(html) == ""

    def test_problems_can_be_taken_along_as_csv_without_formulas(
        self, books: Entity, clerk: Client
    ) -> None:
        evil = ITEMS + "=1+1,@N,C1,GBP,2026-01-02,2026-02-01,=cmd\n"
        address = drop(clerk, named("=HYPERLINK(1).csv", evil))
        rows = csv_of(clerk.get(f"{address}problems.csv"))
        assert rows[0] == ["File", "Row", "Of", "Column", "What is wrong", "What to do", "Code"]
        assert rows[1][0] == "'=HYPERLINK(1).csv"
        assert all(not cell.startswith(("=", "@", "+", "-")) for row in rows for cell in row)
        html = page(clerk, address)
        assert "=HYPERLINK(1).csv" in html, "a name that begins like a formula is a name"

    def test_customers_can_be_created(self, books: Entity, clerk: Client) -> None:
        text = ITEMS + "invoice,N-2,NEW,GBP,2026-01-02,2026-02-01,20.00\n"
        address = drop(clerk, named("january.csv", text))
        assert counts(page(clerk, address)) == [0, 0, 0, 1]
        clerk.post(f"{address}choices/", {"create_customers": "on"})
        html = page(clerk, address)
        assert counts(html) == [1, 0, 0, 0]
        assert "1 customer was made from the items: NEW" in html
        assert not Customer.objects.filter(code="NEW").exists()
        write(clerk, address)
        assert Customer.objects.filter(code="NEW").exists()


class TestSnapshot:
    HEAD = ITEMS.strip() + ",open_amount\n"

    def rows(self, *numbers: str) -> str:
        """The open items of the books, as their accounting system would list them."""
        found = Item.objects.filter(
            document_id__in=Document.objects.filter(number__in=numbers).values("pk")
        )
        number = dict(Document.objects.values_list("pk", "number"))
        customer = dict(Customer.objects.values_list("pk", "code"))
        return self.HEAD + "".join(
            f"invoice,{number[i.document_id]},{customer[i.customer_id]},{i.currency},{i.issued_on},"
            f"{i.due_on},{Decimal(i.amount_minor).scaleb(-2 if i.currency == 'GBP' else 0)},\n"
            for i in found
        )

    def test_what_would_be_settled_is_listed_and_guarded(
        self, books: Entity, clerk: Client, today: date
    ) -> None:
        text = self.rows("INV-1", "INV-2", "INV-4")
        address = drop(clerk, named("open.csv", text))
        assert "INV-3" not in page(clerk, address)
        clerk.post(f"{address}choices/", {"is_snapshot": "on", "snapshot_on": today.isoformat()})
        html = page(clerk, address)
        closing = html[html.index('id="f0-0-closing"') :]
        assert "INV-3" in closing
        assert 'value="40.25"' in closing
        assert "1 item of 4 open ones would be settled" in html
        assert html.index("1 item of 4") < html.index('id="f0-0-closing"'), "first the warning"
        assert [row[0] for row in csv_of(clerk.get(f"{address}settled.csv"))] == ["Number", "INV-3"]
        refused = write(clerk, address)
        assert refused.status_code == 422
        assert "TOO_MUCH_CLOSES" in refused.content.decode()
        assert self.open_of("INV-3") == 4025
        assert write(clerk, address, accept_closing="on").status_code == 302
        assert "1 settled elsewhere" in page(clerk, "/import/").replace("\xa0", " ")
        assert self.open_of("INV-3") == 0
        assert self.open_of("INV-1") == 10000
        batch = Import.objects.latest("id").batch_id
        assert "Settled in another system" in page(clerk, f"/import/{batch}/?show=applications")

    @staticmethod
    def open_of(number: str) -> int:
        return Item.objects.get(document_id=Document.objects.get(number=number).pk).open_minor

    def test_a_whole_list_closes_nothing(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("open.csv", self.rows("INV-1", "INV-2", "INV-3", "INV-4")))
        clerk.post(f"{address}choices/", {"is_snapshot": "on"})
        html = page(clerk, address)
        assert counts(html) == [0, 0, 4, 0]
        assert "would be settled" not in html
        assert write(clerk, address).status_code == 302

    def test_a_day_that_is_none_is_refused(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("open.csv", GOOD))
        asked = {"is_snapshot": "on", "snapshot_on": "2026-02-31"}
        assert clerk.post(f"{address}choices/", asked).status_code == 422


class TestMapping:
    def form(self, html: str) -> dict[str, Any]:
        """What the form has in its fields, as a browser would send it."""
        html = html[html.index('<form id="columns"') :]
        html = unescape(html[: html.index("</form>")])
        sent: dict[str, Any] = {}
        for name, inner in re.findall(
            r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S
        ):
            chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)<', inner)
            first = re.search(r'<option(?: value="([^"]*)")?[^>]*>([^<]*)<', inner)
            hit = chosen or first
            value = hit.group(1) if hit.group(1) is not None else hit.group(2)
            sent.setdefault(name, []).append(value)
        for tag in re.findall(r"<input[^>]*>", html):
            name = re.search(r'name="([^"]+)"', tag).group(1)
            value = re.search(r'value="([^"]*)"', tag)
            if 'type="checkbox"' not in tag or " checked" in tag:
                sent.setdefault(name, []).append(value.group(1) if value else "on")
        footer = re.search(r'name="footer"[^>]*>([^<]*)<', html)
        sent["footer"] = [footer.group(1)]
        sent.pop("csrfmiddlewaretoken", None)
        return sent

    def read_so(self, client: Client, address: str, **changes: Any) -> Any:
        """Send the form as it stands, with some fields changed."""
        sent = self.form(page(client, f"{address}0/")) | changes
        return client.post(f"{address}0/", sent | {"use": "1"})

    def test_a_german_export_is_proposed_confirmed_and_remembered(
        self, books: Entity, clerk: Client
    ) -> None:
        address = drop(clerk, named("Offene Posten.csv", GERMAN.encode("cp1252")))
        assert "these bytes are no UTF-8 text" in page(clerk, address)
        html = page(clerk, f"{address}0/")
        for shown in ("1,234.50", "13 Feb 2026", "15 Mar 2026", "credit_note", "R-1"):
            assert f">{shown}</td>" in html, shown
        assert 'Row 6 begins with "Summe"' in html.replace("&quot;", '"')
        response = self.read_so(clerk, address)
        assert response.headers["Location"] == address
        html = page(clerk, address)
        assert "It is read as you said." in html
        assert counts(html) == [2, 0, 0, 0]
        write(clerk, address)
        assert "is remembered for files with this header" in page(clerk, address)
        assert Document.objects.get(number="R-1").amount_minor == 123450
        assert Document.objects.get(number="R-2").amount_minor == -3450
        again = GERMAN.replace("R-1", "R-3").replace("R-2", "R-4")
        html = page(clerk, drop(clerk, named("März.csv", again.encode("cp1252"))))
        assert counts(html) == [2, 0, 0, 0]
        assert "The layout is known: clerk@example.org mapped it on" in html

    def test_a_mapping_that_was_never_written_is_not_remembered(
        self, books: Entity, clerk: Client
    ) -> None:
        address = drop(clerk, named("a.csv", GERMAN.encode("cp1252")))
        self.read_so(clerk, address)
        clerk.post(f"{address}abandon/")
        assert Mapping.objects.count() == 0

    def test_an_order_of_days_is_asked_and_never_guessed(
        self, books: Entity, clerk: Client
    ) -> None:
        text = "Number,Customer,Date,Due,Total\nX-1,C1,03/04/2026,05/06/2026,10\n"
        address = drop(clerk, named("x.csv", text))
        html = page(clerk, f"{address}0/")
        assert "can be read in more than one way. Day first, or month first?" in html
        refused = self.read_so(clerk, address)
        assert refused.status_code == 422
        assert "DATE_ORDER_UNCLEAR" in refused.content.decode()
        self.read_so(clerk, address, date_order="mdy")
        write(clerk, address)
        assert Document.objects.get(number="X-1").issued_on == date(2026, 3, 4)

    def test_every_change_is_shown_on_the_first_rows(self, books: Entity, clerk: Client) -> None:
        text = 'Number,Customer,Date,Due,Total\nX-1,C1,03/04/2026,05/06/2026,"1.234,50"\n'
        address = drop(clerk, named("x.csv", text))
        sent = self.form(page(clerk, f"{address}0/"))
        for order, shown in (("dmy", "3 Apr 2026"), ("mdy", "4 Mar 2026")):
            asked = sent | {"date_order": order, "decimal": ",", "thousands": "."}
            html = clerk.post(
                f"{address}0/", asked, headers={"HX-Request": "true"}
            ).content.decode()
            assert f">{shown}</td>" in html
            assert ">1,234.50</td>" in html
        html = clerk.post(
            f"{address}0/", sent | {"date_order": "dmy", "decimal": ".", "thousands": ","}
        ).content.decode()
        assert "is no number with" in html
        assert "Row 2, Total" in html

    def test_a_sign_in_a_column_of_its_own(self, books: Entity, clerk: Client) -> None:
        text = "Number,Customer,Date,Due,Total,DC\nX-1,C1,2026-01-02,2026-02-01,10,D\n" + (
            "X-2,C1,2026-01-02,2026-02-01,4,C\n"
        )
        address = drop(clerk, named("x.csv", text))
        self.read_so(
            clerk,
            address,
            sign="column",
            sign_column="DC",
            sign_negative="C",
            negative="credit_note",
        )
        assert write(clerk, address).status_code == 302
        amounts = dict(
            Document.objects.filter(number__startswith="X").values_list("number", "amount_minor")
        )
        assert amounts == {"X-1": 1000, "X-2": -400}

    def test_debit_and_credit_in_two_columns(self, books: Entity, clerk: Client) -> None:
        text = "Number,Customer,Date,Due,Soll,Haben\nX-1,C1,2026-01-02,2026-02-01,10,\n" + (
            "X-2,C1,2026-01-02,2026-02-01,,4\n"
        )
        address = drop(clerk, named("x.csv", text))
        self.read_so(
            clerk,
            address,
            sign="two",
            sign_debit="Soll",
            sign_credit="Haben",
            negative="credit_note",
        )
        assert write(clerk, address).status_code == 302
        amounts = dict(
            Document.objects.filter(number__startswith="X").values_list("number", "amount_minor")
        )
        assert amounts == {"X-1": 1000, "X-2": -400}

    def test_words_that_mean_something_to_templates_are_words(
        self, books: Entity, clerk: Client
    ) -> None:
        text = "Number,Customer,Date,Due,Total,Type\nX-1,C1,2026-01-02,2026-02-01,10,items\n"
        address = drop(clerk, named("x.csv", text))
        html = page(clerk, f"{address}0/")
        assert 'name="their.kind" value="items"' in html

    def test_a_header_without_rows(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("x.csv", "Number,Customer,Date,Due,Total,Type\n"))
        assert "Nothing is read yet." in page(clerk, f"{address}0/")
        self.read_so(clerk, address)
        assert counts(page(clerk, address)) == [0, 0, 0, 0]

    def test_only_some_rows(self, books: Entity, clerk: Client) -> None:
        text = "Number,Customer,Date,Due,Total,State\nX-1,C1,2026-01-02,2026-02-01,10,sent\n" + (
            "X-2,C1,2026-01-02,2026-02-01,4,draft\n"
        )
        address = drop(clerk, named("x.csv", text))
        self.read_so(clerk, address, only_header="State", only_words="sent, due")
        assert counts(page(clerk, address)) == [1, 0, 0, 0]

    def test_what_nothing_fills_is_told(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("x.csv", "Alpha,Beta\n1,2\n"))
        html = page(clerk, f"{address}0/")
        assert "Still to say: " in html
        assert "can all be read" not in html
        shown, _, further = html.partition("Further columns that may be there")
        for column in ("due_on", "open_amount"):
            assert f'name="from.{column}"' in shown, column
        assert 'name="from.discount_until"' in further
        refused = self.read_so(clerk, address)
        assert refused.status_code == 422
        assert "Nothing fills number" in refused.content.decode()

    def test_a_file_whose_columns_are_ours_can_be_mapped_too(
        self, books: Entity, clerk: Client
    ) -> None:
        text = GOOD.replace("10.00", '"10,00"')
        address = drop(clerk, named("x.csv", text))
        assert counts(page(clerk, address)) == [0, 0, 0, 1]
        self.read_so(clerk, address, decimal=",", thousands="")
        assert counts(page(clerk, address)) == [1, 0, 0, 0]

    def test_another_kind_makes_another_proposal(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("x.csv", "Kundennummer,Firma,Land\nC1,A,DE\n"))
        html = page(clerk, f"{address}0/")
        assert '<option value="customers" selected>' in html
        sent = self.form(html) | {"kind": "payments"}
        html = clerk.post(f"{address}0/", sent).content.decode()
        assert 'name="from.received_on"' in html
        assert 'name="from.name"' not in html

    def test_a_workbook_is_mapped_by_worksheet(
        self, books: Entity, clerk: Client, tmp_path: Path
    ) -> None:
        import xlsxwriter

        path = tmp_path / "open.xlsx"
        book = xlsxwriter.Workbook(path)
        notes, rows = book.add_worksheet("Notes"), book.add_worksheet("Posten")
        notes.write_row(0, 0, ["Nothing", "here"])
        rows.write_row(0, 0, ["Offene Posten"])
        rows.write_row(2, 0, ["Nummer", "Kunde", "Datum", "Fällig", "Betrag"])
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        rows.write_row(3, 0, ["X-1", "C1"])
        rows.write_datetime(3, 2, AT.replace(tzinfo=None), day)
        rows.write_datetime(3, 3, (AT + timedelta(days=30)).replace(tzinfo=None), day)
        rows.write_number(3, 4, 1234.5)
        book.close()
        address = drop(clerk, named("open.xlsx", path.read_bytes()))
        html = page(clerk, f"{address}0/")
        assert "<option selected>Posten</option>" in html
        assert ">1,234.50</td>" in html
        response = self.read_so(clerk, address, **{"from.number": "Nummer"})
        assert response.status_code == 302, response.content.decode()
        assert counts(page(clerk, address)) == [1, 0, 0, 0]

    def test_an_export_asks_the_one_thing_that_is_missing(
        self, books: Entity, clerk: Client
    ) -> None:
        text = (
            "ContactName,EmailAddress,InvoiceNumber,Reference,InvoiceDate,DueDate,PlannedDate,Total,"
            "TaxTotal,InvoiceAmountPaid,InvoiceAmountDue,Description,Quantity,UnitAmount,"
            "LineAmount,TaxType,TaxAmount,Currency,Type,Sent,Status\n"
            "Acme,ap@acme.example,X-1,,03/04/2026,05/06/2026,,60.00,10.00,0.00,60.00"
            ",Work,1,50,50.00,20% VAT,10.00,GBP,Sales invoice,Sent,Awaiting Payment\n"
        )
        address = drop(clerk, named("xero.csv", text))
        html = page(clerk, address)
        assert "Xero invoices" in html
        assert "Its header is that of an export of Xero." in html
        assert "Day first" in html
        clerk.post(f"{address}0/answer/", {"date_order": "dmy"})
        clerk.post(f"{address}choices/", {"create_customers": "on"})
        html = page(clerk, address)
        assert counts(html)[:4] == [1, 0, 0, 0], problems(html)
        assert ">3 Apr 2026</td>" in html
        write(clerk, address)
        html = page(clerk, drop(clerk, named("xero.csv", text.replace("X-1", "X-2"))))
        assert counts(html)[:4] == [1, 0, 0, 0], "the answer is remembered"

    def test_an_answer_that_nobody_asked_for_is_refused(self, books: Entity, clerk: Client) -> None:
        address = drop(clerk, named("x.csv", GOOD))
        assert clerk.post(f"{address}0/answer/", {"date_order": "dmy"}).status_code == 422
        assert clerk.post(f"{address}5/answer/", {"date_order": "dmy"}).status_code == 404
        assert page(clerk, f"{address}5/", 404)


class TestPast:
    def test_the_list_tells_who_when_and_control_totals(
        self, books: Entity, clerk: Client, open_as: Any
    ) -> None:
        write(clerk, drop(clerk, named("january.csv", GOOD)))
        html = page(open_as("viewer"), "/import/")
        line = html[html.index("january.csv") :]
        assert "clerk@example.org" in line
        assert "1 new" in line
        assert 'value="10.00"' in line

    def test_a_long_list_is_paged(
        self, books: Entity, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from duly.interfaces.web.pages.importing import arriving

        monkeypatch.setattr(arriving, "PAGE_SIZE", 2)
        html = page(clerk, "/import/")
        assert html.count('href="/import/') >= 2
        following = re.search(r'href="(/import/\?before=\d+)"', html).group(1)
        older = page(clerk, following)
        assert "customers.csv" in older
        assert "payments.csv" not in older
        assert page(clerk, "/import/?before=x'; --")

    def test_an_import_opens_to_its_documents(self, books: Entity, clerk: Client) -> None:
        write(clerk, drop(clerk, named("january.csv", GOOD)))
        batch = Import.objects.latest("id").batch_id
        html = page(clerk, f"/import/{batch}/")
        document = Document.objects.get(number="N-1")
        assert f'href="/documents/{document.pk}/"' in html
        assert "Meridian Foods" in html
        payments = Import.objects.get(kind="payments").batch_id
        paid = Payment.objects.get().pk
        assert f'href="/payments/{paid}/"' in page(clerk, f"/import/{payments}/")
        customers = Import.objects.get(kind="customers").batch_id
        assert "It added 3 customers" in page(clerk, f"/import/{customers}/")
        assert page(clerk, f"/import/{batch}/?page=0", 422)
        assert page(clerk, f"/import/{10**30}/", 404)

    def test_what_an_import_changed_stands_with_before_and_after(
        self, books: Entity, clerk: Client
    ) -> None:
        text = "customer_id,name,country\nC1,Meridian Group,GB\n"
        write(clerk, drop(clerk, named("customers.csv", text)))
        html = page(clerk, f"/import/{Import.objects.latest('id').batch_id}/")
        assert "<del>Meridian Foods</del>" in html
        assert "<ins>Meridian Group</ins>" in html

    def test_rows_left_out_are_kept_with_the_import(self, books: Entity, clerk: Client) -> None:
        write(clerk, drop(clerk, named("january.csv", BAD)), rows="good")
        batch = Import.objects.latest("id").batch_id
        rows = csv_of(clerk.get(f"/import/{batch}/left-out.csv"))
        assert [row[1] for row in rows] == ["Row", "3", "4"]

    def test_another_companys_import_is_unknown(self, books: Entity, clerk: Client) -> None:
        batch = Import.objects.latest("id").batch_id
        other = add_entity(name="Southwind", currency="EUR", country="DE", at=AT)
        clerk.post("/books/", {"entity": other.pk})
        for way in ("", "left-out.csv"):
            assert clerk.get(f"/import/{batch}/{way}").status_code == 404
        assert "payments.csv" not in page(clerk, "/import/")


class TestTakingBack:
    def test_first_what_would_go_then_it_goes(self, books: Entity, open_as: Any) -> None:
        manager = open_as("manager")
        write(manager, drop(manager, named("january.csv", GOOD)))
        batch = Import.objects.latest("id").batch_id
        html = page(manager, f"/import/{batch}/take-back/")
        assert "Take back 1 new row" in html
        assert not Document.objects.get(number="N-1").is_void
        for _ in range(2):  # a second click does nothing more
            assert manager.post(f"/import/{batch}/take-back/").status_code == 302
        assert Document.objects.get(number="N-1").is_void
        assert "Taken back" in page(manager, f"/import/{batch}/")
        assert "Taken back" in page(manager, "/import/")

    def test_what_depends_on_it_is_listed(self, books: Entity, open_as: Any) -> None:
        manager = open_as("manager")
        batch = Import.objects.get(kind="customers").batch_id
        html = page(manager, f"/import/{batch}/take-back/", 409)
        assert "IMPORT_IN_USE" in html
        assert "has documents or payments" in html
        assert manager.post(f"/import/{batch}/take-back/").status_code == 409
        assert Customer.objects.count() == 3

    def test_a_large_one_waits_behind_a_page(
        self, books: Entity, open_as: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from duly.interfaces.web.pages.importing import past

        monkeypatch.setattr(past, "AT_ONCE_ROWS", 0)
        batch = Import.objects.get(kind="payments").batch_id
        manager = open_as("manager")
        first = page(manager, f"/import/{batch}/take-back/")
        assert "data-start" in first
        assert "Take back 1" not in first
        assert "Take back 1 new row" in page(manager, f"/import/{batch}/take-back/?look=1")


class TestRoles:
    @pytest.mark.parametrize("role", ["viewer", "sales", "analyst"])
    def test_who_may_not_import_sees_the_list_and_no_more(
        self, role: str, books: Entity, open_as: Any
    ) -> None:
        client = open_as(role)
        html = page(client, "/import/")
        assert 'type="file"' not in html
        assert "your role looks on" in html
        sent = client.post("/import/files/", {"files": [named("a.csv", GOOD)]})
        assert sent.status_code == 403
        assert Upload.objects.count() == 0
        batch = Import.objects.latest("id").batch_id
        assert "Take back" not in page(client, f"/import/{batch}/")

    @pytest.mark.parametrize(
        ("role", "status"),
        [("clerk", 403), ("collector", 403), ("manager", 302), ("director", 302), ("admin", 302)],
    )
    def test_who_may_take_back(self, role: str, status: int, books: Entity, open_as: Any) -> None:
        batch = Import.objects.get(kind="payments").batch_id
        client = open_as(role)
        assert ("Take back" in page(client, f"/import/{batch}/")) is (status == 302)
        assert client.post(f"/import/{batch}/take-back/").status_code == status

    @pytest.mark.parametrize("role", ["clerk", "collector", "manager", "director", "admin"])
    def test_who_may_import(self, role: str, books: Entity, open_as: Any) -> None:
        client = open_as(role)
        assert write(client, drop(client, named("a.csv", GOOD))).status_code == 302

    def test_nobody_comes_in_without_signing_in(self, books: Entity) -> None:
        for way in ("/import/", "/import/files/abc/", "/import/1/"):
            assert "/account/sign-in/" in Client().get(way).headers["Location"]
        assert Client().post("/import/files/").status_code == 302

    def test_a_form_of_another_site_brings_nothing(self, books: Entity, person: Any) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(person("clerk"))
        sent = client.post("/import/files/", {"files": [named("a.csv", GOOD)]})
        assert sent.status_code == 403
        assert Upload.objects.count() == 0

    def test_an_empty_home_leads_to_the_overview(self, db: None, open_as: Any) -> None:
        assert open_as("admin").get("/import/").headers["Location"] == "/"


class TestHostile:
    @pytest.mark.parametrize(
        "name",
        [
            "../../../etc/passwd",
            "..\\..\\evil.csv",
            "/abs/olute.csv",
            "x" * 300 + ".csv",
            "<script>alert(1)</script>.csv",
            "a\u202egnp.csv",
            "plan.json",
            "progress",
        ],
    )
    def test_names_are_shown_and_never_used_as_paths(
        self, name: str, books: Entity, clerk: Client, shelf: Path, tmp_path: Path
    ) -> None:
        body = (
            b'--b\r\nContent-Disposition: form-data; name="files"; filename="'
            + name.encode()
            + b'"\r\nContent-Type: text/csv\r\n\r\n'
            + GOOD.encode()
            + b"\r\n--b--\r\n"
        )
        response = clerk.post(
            "/import/files/", data=body, content_type="multipart/form-data; boundary=b"
        )
        assert response.status_code == 302
        html = page(clerk, response.headers["Location"])
        assert counts(html) == [1, 0, 0, 0]
        assert "<script>alert" not in html
        assert "\u202e" not in html
        kept = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert {path.parent.parent for path in kept} == {shelf}
        assert {path.name for path in kept} == {"0", "plan.json", "progress"}
        assert write(clerk, response.headers["Location"]).status_code == 302

    def test_files_are_readable_by_their_owner_alone(
        self, books: Entity, clerk: Client, shelf: Path
    ) -> None:
        drop(clerk, named("a.csv", GOOD))
        (folder,) = shelf.iterdir()
        assert folder.stat().st_mode & 0o077 == 0
        assert (folder / "0").stat().st_mode & 0o077 == 0

    def test_an_upload_beyond_the_limit_is_refused_and_nothing_kept(
        self, books: Entity, clerk: Client, shelf: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from duly.interfaces.web import receiving

        monkeypatch.setattr(receiving, "MOST_BYTES", 100_000)
        sent = clerk.post("/import/files/", {"files": [named("big.csv", b"x" * 300_000)]})
        html = sent.content.decode()
        assert sent.status_code == 422
        assert "FILE_TOO_BIG" in html
        assert "big.csv takes this upload beyond 64 MiB" in html
        assert not shelf.exists()
        assert drop(clerk, named("a.csv", GOOD))

    def test_too_many_files_are_refused(
        self, books: Entity, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from duly.interfaces.web import receiving

        monkeypatch.setattr(receiving, "MOST_FILES", 2)
        files = [named(f"{n}.csv", GOOD) for n in range(3)]
        assert clerk.post("/import/files/", {"files": files}).status_code == 422
        assert Upload.objects.count() == 0

    def test_a_form_without_a_file_is_told(self, books: Entity, clerk: Client) -> None:
        sent = clerk.post("/import/files/", {})
        assert sent.status_code == 422
        assert "No file came with this." in sent.content.decode()

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "FILE_EMPTY"),
            (b"PK\x03\x04rest", "FORMAT_UNREADABLE"),
            (bytes(range(256)) * 40, "FORMAT_UNREADABLE"),
            (b"a,b\n1,2\n", "HEADER_UNFIT"),
            (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML_FORBIDDEN"),
            ((ITEMS + "x" * 9).encode("utf-16-le"), "FORMAT_UNREADABLE"),
            (GOOD.replace("due_on", "amount").encode(), "HEADER_TWICE"),
        ],
    )
    def test_files_that_are_none_say_why(
        self, content: bytes, code: str, books: Entity, clerk: Client
    ) -> None:
        html = page(clerk, drop(clerk, named("x.csv", content)))
        assert f"Code {code}" in html
        assert plan_on(html) == ""
        assert clerk.get("/import/").status_code == 200

    def test_content_counts_and_not_the_name(self, books: Entity, clerk: Client) -> None:
        html = page(clerk, drop(clerk, named("invoice.pdf", GOOD)))
        assert counts(html) == [1, 0, 0, 0]


class TestLongRuns:
    def test_a_large_upload_waits_behind_a_page_that_tells_how_far_it_is(
        self, books: Entity, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from duly.interfaces.web.pages.importing import arriving

        monkeypatch.setattr(arriving, "AT_ONCE_BYTES", 0)
        address = drop(clerk, named("january.csv", GOOD))
        html = page(clerk, address)
        assert "data-start" in html
        assert 'name="plan"' not in html
        assert clerk.get(f"{address}so-far/").content == b"Reading"
        assert clerk.post(f"{address}look/").headers["Location"] == address
        assert counts(page(clerk, address)) == [1, 0, 0, 0]
        assert clerk.get(f"{address}so-far/").content == b"1 row so far"

    def test_the_preview_is_kept_and_not_counted_again(
        self, books: Entity, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = drop(clerk, named("january.csv", GOOD))
        monkeypatch.setattr(uploads.planning, "import_sheets", None)
        assert counts(page(clerk, address)) == [1, 0, 0, 0]
        assert clerk.post(f"{address}look/").status_code == 302


class TestAtOnce:
    """Two requests at the same moment, on a database of their own."""

    @pytest.fixture
    def person_there(self, fresh_database: Any) -> User:
        from duly.access.actions import add_user

        entity = add_entity(name="Northwind", currency="GBP", country="GB", at=AT)
        take_in(entity, "customers", ("customer_id", "name"), ("C1", "Meridian"))
        return add_user(email="clerk@example.org", name="Clerk", role="clerk", password=None, at=AT)

    def test_two_clicks_at_once_write_once(self, person_there: User) -> None:
        client = Client()
        client.force_login(person_there)
        address = drop(client, named("january.csv", GOOD))
        shown = {"plan": plan_on(page(client, address)), "rows": "all"}
        answers: list[int] = []
        start = threading.Barrier(4)

        def click() -> None:
            one = Client()
            one.cookies = client.cookies
            start.wait()
            answers.append(one.post(f"{address}write/", shown).status_code)
            connections.close_all()

        threads = [threading.Thread(target=click) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [302] * 4
        assert Document.objects.filter(number="N-1").count() == 1
        assert Import.objects.filter(file="january.csv").count() == 1


class TestBankFile:
    def test_it_is_previewed_imported_seen_and_taken_back(
        self, books: Entity, open_as: Callable[[str], Client]
    ) -> None:
        manager = open_as("manager")
        address = drop(manager, named("march.sta", STATEMENT))
        html = page(manager, address)
        assert "Bank lines: MT940 statement" in html
        assert "It begins as banks write it." in html
        assert counts(html) == [2, 0, 0, 0]
        assert "ACME GMBH" in html
        assert ">119.00</td>" in html
        assert "Map columns" not in html
        assert not Payment.objects.filter(payer_name="ACME GMBH").exists()

        assert write(manager, address).status_code == 302
        payment = Payment.objects.get(payer_name="ACME GMBH")
        assert (payment.amount_minor, payment.customer_id) == (11900, None)
        record = Import.objects.get(kind="bank")
        html = page(manager, f"/import/{record.batch_id}/")
        assert "Bank lines 2" in html
        assert "9 Mar 2026" in html
        assert "FEES" in html
        assert "payer not known" in page(manager, f"/import/{record.batch_id}/?show=payments")

        back = f"/import/{record.batch_id}/take-back/"
        assert "Lines of the bank taken out" in page(manager, back)
        assert manager.post(back).status_code == 302
        payment.refresh_from_db()
        assert payment.is_void

    def test_account_currency_and_layout_are_said_of_one_that_tells_none(
        self, books: Entity, clerk: Client
    ) -> None:
        address = drop(clerk, named("plain.csv", "09.03.2026;RE 4711;09.03.2026;119,00;EUR;x\n"))
        assert "Layout of its CSV" in page(clerk, address)
        said = {"account": "AT61 1904 3002 3457 3201", "layout": "Raiffeisen AT"}
        assert clerk.post(f"{address}choices/", said).status_code == 302
        html = page(clerk, address)
        assert counts(html) == [1, 0, 0, 0]
        assert "<option selected>Raiffeisen AT</option>" in html
        assert write(clerk, address).status_code == 302
        assert Payment.objects.filter(amount_minor=11900, currency="EUR").count() == 1

    def test_no_layout_is_read_from_the_server(
        self, books: Entity, clerk: Client, tmp_path: Path
    ) -> None:
        own = tmp_path / "own.toml"
        own.write_text("[[layout]]")
        address = drop(clerk, named("plain.csv", "09.03.2026;RE 4711;09.03.2026;119,00;EUR;x\n"))
        clerk.post(f"{address}choices/", {"layout": str(own)})
        assert "own.toml" not in page(clerk, address)

    def test_one_that_does_not_add_up_can_t_be_confirmed(
        self, books: Entity, clerk: Client
    ) -> None:
        html = page(clerk, drop(clerk, named("march.sta", STATEMENT.replace("1106,50", "1,00"))))
        assert "1105.50 EUR too much" in html
        assert plan_on(html) == ""
        assert "Rows are counted as in a spreadsheet" not in html

    def test_statements_in_a_zip_are_shown_each(self, books: Entity, clerk: Client) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.sta", STATEMENT)
            archive.writestr("b.sta", STATEMENT.replace("B1", "B8").replace("B2", "B9"))
        address = drop(clerk, named("march.zip", packed.getvalue()))
        html = page(clerk, address)
        assert counts(html) == [2, 0, 0, 0, 2, 0, 0, 0]
        assert write(clerk, address).status_code == 302
        assert Payment.objects.filter(payer_name="ACME GMBH").count() == 2
