"""Statements on the web: one to take, many for post, and where customers pay, under four eyes."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult
from PIL import Image
from tests.interfaces.web.chasing import chased
from tests.interfaces.web.shown import text

from duly.access.models import Approval
from duly.interfaces.exchange.statement_runs import run_of, runs_of
from duly.interfaces.jobs.post import write_statements
from duly.parties.models import BankDetails, Customer, Entity

__all__ = ["chased"]

BANK = {"act": "bank", "currency": "gbp", "account": "12345678", "bank_code": "20-00-00"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def collector(chased: Entity, open_as) -> Client:
    return open_as("collector")


def work() -> None:
    """Do what was enqueued, in this transaction: the worker has connections of its own."""
    for task in list(DBTaskResult.objects.ready()):
        DBTaskResult.objects.filter(pk=task.pk).delete()
        write_statements.call(*task.args_kwargs["args"])


def of(code: str, rest: str = "statement/") -> str:
    return f"/customers/{Customer.objects.get(code=code).pk}/{rest}"


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text(response.content.decode())


def test_a_statement_is_looked_at_and_taken_in_another_language(
    collector: Client, today: date
) -> None:
    assert of("C2") in collector.get(of("C2", "")).content.decode()
    page = shown(collector, of("C2"))
    assert "In German, on A4." in page
    assert "INV-2" in page
    assert "Balance 35 .25" in page
    response = collector.get(of("C2", "statement.pdf?language=fr&paper=letter"))
    assert response.headers["Content-Type"] == "application/pdf"
    assert f'filename="C2-{today}.pdf"' in response.headers["Content-Disposition"]
    with pikepdf.open(BytesIO(response.content)) as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert [float(side) for side in pdf.pages[0].mediabox[2:]] == [612, 792]


def test_an_activity_runs_from_its_opening_to_its_closing(collector: Client) -> None:
    page = shown(collector, of("C1", "statement/?kind=activity&from=2020-01-01"))
    assert "Opening 0 .00" in page
    assert "Invoice INV-1 250 .50 Closing 250 .50" in page


def test_who_is_collected_from_is_told_and_not_asked(collector: Client) -> None:
    assert "We collect from them by direct debit: it tells, and asks for nothing." in shown(
        collector, of("C5")
    )


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("kind=nonsense", 422),
        ("paper=a3", 422),
        ("language=xx", 422),
        ("on=soon", 422),
        ("kind=activity&from=2099-01-01", 422),
    ],
)
def test_a_statement_that_can_mean_nothing_is_told(
    collector: Client, asked: str, status: int
) -> None:
    assert collector.get(of("C1", f"statement/?{asked}")).status_code == status
    assert collector.get(of("C1", f"statement.pdf?{asked}")).status_code == status
    assert collector.get("/customers/99999/statement/").status_code == 404


def test_a_run_is_written_behind_the_page_as_one_pdf(chased: Entity, collector: Client) -> None:
    response = collector.post("/statements/", {"overdue": "1", "kind": "open-item"})
    address = response.headers["Location"]
    assert "It waits for the worker" in shown(collector, address)
    assert collector.get(f"{address}statements.pdf").status_code == 404
    work()
    page = shown(collector, address)
    assert "4 statements in one PDF" in page
    (run,) = runs_of(chased.pk)
    with pikepdf.open(run.file) as pdf:
        assert len(pdf.pages) == 4
    taken = collector.get(f"{address}statements.pdf")
    assert b"".join(taken.streaming_content) == run.file.read_bytes()  # type: ignore[attr-defined]
    assert "collector@example.org Open items" in shown(collector, "/statements/")
    collector.post(f"{address}remove/")
    assert runs_of(chased.pk) == []
    assert not run.folder.exists()


def test_a_run_that_broke_off_says_why_and_goes_on(chased: Entity, collector: Client) -> None:
    address = collector.post("/statements/", {}).headers["Location"]
    run = run_of(chased.pk, address.split("/")[-2])
    run.folder.joinpath(".statements.pdf.parts").write_text("in the way")
    with pytest.raises(FileExistsError):
        work()
    assert "It broke off after 0 statements" in shown(collector, address)
    run.folder.joinpath(".statements.pdf.parts").unlink()
    collector.post(f"{address}again/")
    work()
    assert "4 statements in one PDF" in shown(collector, address)
    collector.post(f"{address}again/")  # once more does nothing
    work()


@pytest.mark.parametrize("token", ["nobody", "00000000000000000000", "..%2f..", "a" * 90])
def test_a_run_that_is_none_is_told(collector: Client, token: str) -> None:
    assert collector.get(f"/statements/runs/{token}/").status_code == 404


def test_bank_details_change_by_two_persons_and_are_told(chased: Entity, open_as) -> None:
    manager, director = open_as("manager"), open_as("director")
    manager.post("/statements/ourselves/", BANK)
    approval = Approval.objects.get()
    page = shown(manager, "/statements/ourselves/")
    assert "You asked for it: another person approves." in page
    assert manager.post(f"/statements/ourselves/{approval.pk}/approve/").status_code == 403
    assert BankDetails.objects.count() == 0
    assert director.post(f"/statements/ourselves/{approval.pk}/approve/").status_code == 302
    assert director.post(f"/statements/ourselves/{approval.pk}/approve/").status_code == 409
    manager.post("/statements/ourselves/", BANK | {"account": "87654321"})
    newer = Approval.objects.latest("pk")
    director.post(f"/statements/ourselves/{newer.pk}/approve/")
    page = shown(manager, "/statements/ourselves/")
    assert "87654321" in page
    assert "Statements tell that it changed." in page
    assert "approved by director@example.org" in page


def test_bank_details_that_are_wrong_stay_in_the_form(chased: Entity, open_as) -> None:
    manager = open_as("manager")
    wrong = {"act": "bank", "currency": "EUR", "iban": "DE00 3704 0044 0532 0130 00"}
    response = manager.post("/statements/ourselves/", wrong)
    assert response.status_code == 422
    assert "DE00 3704" in response.content.decode()
    long = manager.post("/statements/ourselves/", {"act": "us", "address": "x" * 600})
    assert long.status_code == 422
    manager.post("/statements/ourselves/", {"act": "us", "address": "1 Way\r\nTown"})
    chased.refresh_from_db()
    assert chased.address == "1 Way\nTown"
    assert manager.post("/statements/ourselves/77/approve/").status_code == 404
    assert manager.post("/statements/ourselves/77/eat/").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "sales", "clerk", "collector"])
def test_who_may_not_is_refused(chased: Entity, open_as, role: str) -> None:
    client = open_as(role)
    for address in ("/statements/", "/statements/ourselves/", of("C1")):
        assert client.get(address).status_code == 200
    assert client.post("/statements/ourselves/", BANK).status_code == 403
    assert client.post("/statements/ourselves/1/approve/").status_code == 403
    assert client.post("/statements/", {}).status_code == (302 if role == "collector" else 403)


def test_the_pages_read_little(collector: Client, django_assert_max_num_queries) -> None:
    for address in ("/statements/", "/statements/ourselves/", of("C1")):
        with django_assert_max_num_queries(30):
            collector.get(address)


def png(width: int = 40, height: int = 20) -> bytes:
    out = BytesIO()
    Image.new("RGBA", (width, height), (200, 30, 30, 128)).save(out, "PNG")
    return out.getvalue()


def give_logo(client: Client, data: bytes):
    return client.post("/statements/ourselves/logo/", {"logo": SimpleUploadedFile("l.png", data)})


def test_a_logo_stands_on_the_letter_and_only_its_pixels(chased: Entity, open_as) -> None:
    manager = open_as("manager")
    assert manager.get("/statements/ourselves/logo/").status_code == 404
    plain = manager.get(of("C1", "statement.pdf")).content
    assert give_logo(manager, png() + b"<script>alert(1)</script>").status_code == 302
    served = manager.get("/statements/ourselves/logo/")
    assert served.headers["Content-Type"] == "image/png"
    assert b"script" not in served.content
    with pikepdf.open(BytesIO(manager.get(of("C1", "statement.pdf")).content)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1
        assert "/OutputIntents" in pdf.Root  # PDF/A still
    manager.post("/statements/ourselves/logo/")
    assert manager.get(of("C1", "statement.pdf")).content == plain


@pytest.mark.parametrize(
    "data",
    [
        b"no image",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        png()[:40],
        png()[:50] + b"\0\0\0\0" + png()[54:],
        b"%PDF-1.4",
        b"GIF89a" + b"\xff" * 20,
        png(9_000, 5_000),
        png() + b"x" * 5 * 1024 * 1024,
    ],
)
def test_a_logo_that_is_no_image_is_refused(chased: Entity, open_as, data: bytes) -> None:
    assert give_logo(open_as("manager"), data).status_code == 422
    chased.refresh_from_db()
    assert chased.logo == ""


def test_a_logo_is_a_managers_to_change(collector: Client) -> None:
    assert give_logo(collector, png()).status_code == 403
