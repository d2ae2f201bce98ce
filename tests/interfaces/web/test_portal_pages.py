"""Pages for people outside: saved and resumed by link, refused without a word of what there is."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.applying import application
from tests.interfaces.web.shown import text

from duly.access.actions import Author
from duly.credit.actions import save_conditions, save_request_form
from duly.credit.models import CreditRequest
from duly.credit.queries.links import link_of
from duly.credit.queries.references import references_of
from duly.credit.queries.requests import (
    acceptance_of,
    files_of,
    guarantees_of,
    people_by_id,
    typed_in,
)
from duly.credit.rules.links import secret_of
from duly.credit.rules.request_form import read_form
from duly.interfaces.exchange.requesting import Asked, take_in
from duly.interfaces.exchange.secret_links import link_key
from duly.interfaces.portal import steps
from duly.interfaces.portal.guarding import MOST_MEGABYTES, MOST_MISSES, MOST_STARTS
from duly.parties.models import Entity

NOW = datetime.now(UTC)
WHO = Author("test", NOW)
PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://books.example")


@pytest.fixture
def applied(entity: Entity) -> Entity:
    """A firm whose form is open, with conditions."""
    save_request_form(entity_id=entity.pk, segment="", document={}, author=WHO)
    save_conditions(entity_id=entity.pk, text="Net 30 days.\n\nTitle stays ours.", author=WHO)
    return entity


def posted(**given: Any) -> dict[str, str]:
    """An application as a browser sends it."""
    found: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, list):
            for place, row in enumerate(value):
                found.update({f"{name}-{place}-{part}": str(v) for part, v in row.items()})
        elif isinstance(value, bool):
            found.update({name: "on"} if value else {})
        else:
            found[name] = str(value)
    return found


def begin(client: Client, entity: Entity) -> str:
    """Begin a draft; return its address."""
    response = client.post(f"/apply/{entity.pk}/")
    assert response.status_code == 302
    return response["Location"].removesuffix("identity/")


def fill_in(client: Client, address: str, **changes: Any) -> None:
    """Fill in every step but the last."""
    given = application(**changes)
    for block in read_form({})[0].blocks[:-1]:
        fields = {field.id: given[field.id] for field in block.fields if field.id in given}
        response = client.post(f"{address}{block.id}/", {**posted(**fields), "act": "next"})
        assert response.status_code == 302, text(response.content.decode())


def sign(client: Client, address: str, **changes: Any) -> Any:
    names = ("accepts_conditions", "signer_name", "signer_title", "signer_authority")
    given = {name: value for name, value in application(**changes).items() if name in names}
    return client.post(f"{address}signature/", {**posted(**given), "act": "next"})


def test_nothing_is_open_until_the_firm_opens_a_form(client: Client, entity: Entity) -> None:
    assert client.get(f"/apply/{entity.pk}/").status_code == 404
    assert client.post(f"/apply/{entity.pk}/").status_code == 404
    assert client.get("/apply/99/").status_code == 404
    assert not CreditRequest.objects.exists()


def test_an_applicant_fills_in_step_by_step_and_sends(client: Client, applied: Entity) -> None:
    assert "Have these at hand" in client.get(f"/apply/{applied.pk}/").content.decode()
    address = begin(client, applied)
    fill_in(client, address)
    page = client.get(f"{address}signature/").content.decode()
    assert "Title stays ours." in page
    response = sign(client, address)
    assert response.status_code == 302
    request = CreditRequest.objects.get()
    assert request.submitted_on is not None
    assert (request.name, request.amount_minor, request.source) == (
        "Meadow Prints Ltd",
        5_000_000,
        "form",
    )
    assert "We have your request" in client.get(address).content.decode()
    accepted = acceptance_of(request.pk)
    assert accepted is not None
    who = people_by_id([accepted.person_id])[accepted.person_id].details
    assert who["address"] == "127.0.0.1"
    assert {row.state for row in references_of(request.pk).rows} == {"awaiting"}
    client.post(f"{address}request/", {"amount": "9", "act": "next"})  # sent is sent
    assert CreditRequest.objects.get().amount_minor == 5_000_000


def test_incomplete_is_not_sent_and_says_what_is_missing(client: Client, applied: Entity) -> None:
    address = begin(client, applied)
    response = sign(client, address)
    assert response.status_code == 422
    page = text(response.content.decode())
    for missing in ("Exact registered name is missing", "0 of 3 trade references are named"):
        assert missing in page
    assert f'href="{address}references/#trade_references"' in response.content.decode()
    assert CreditRequest.objects.get().submitted_on is None
    assert typed_in(CreditRequest.objects.get().pk)[1]["signer_name"] == "Ann Lee"


def test_what_is_typed_is_kept_and_shown_beside_what_is_wrong(
    client: Client, applied: Entity
) -> None:
    address = begin(client, applied)
    given = {"currency": "GBP", "amount": "<b>much</b>", "terms": "net 30", "act": "next"}
    response = client.post(f"{address}request/", given)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="&lt;b&gt;much&lt;/b&gt;"' in page
    assert 'href="#amount"' in page
    assert 'aria-invalid="true"' in page
    other = Client().get(f"{address}request/").content.decode()  # on another device
    assert 'value="&lt;b&gt;much&lt;/b&gt;"' in other


def test_a_field_that_nobody_asked_for_is_told(client: Client, applied: Entity) -> None:
    address = begin(client, applied)
    response = client.post(
        f"{address}business/", {"line_of_business": "Print", "is_admin": "1", "act": "next"}
    )
    assert response.status_code == 422
    assert "is_admin" in text(response.content.decode())
    assert typed_in(CreditRequest.objects.get().pk)[1]["line_of_business"] == "Print"


def test_a_wrong_number_is_told_and_stops_nothing(client: Client, applied: Entity) -> None:
    address = begin(client, applied)
    given = application(tax_id="GB980780685")
    names = [field.id for field in read_form({})[0].blocks[0].fields]
    response = client.post(
        f"{address}identity/",
        {**posted(**{n: given[n] for n in names if n in given}), "act": "next"},
    )
    assert response.status_code == 302
    assert "No VAT number of GB" in client.get(f"{address}identity/").content.decode()


def test_one_more_row_keeps_what_is_typed(client: Client, applied: Entity) -> None:
    address = begin(client, applied)
    row = {"owners-0-name": "Ann Lee", "more": "owners"}
    page = client.post(f"{address}people/", row).content.decode()
    assert 'value="Ann Lee"' in page
    assert 'name="owners-2-name"' in page


def test_files_are_looked_at_by_their_content(client: Client, applied: Entity) -> None:
    address = begin(client, applied)
    bad = SimpleUploadedFile("accounts.pdf", b"\x00\x01MZ", "application/pdf")
    good = SimpleUploadedFile("accounts.pdf", PDF, "application/pdf")
    response = client.post(f"{address}documents/", {"financial_statements": bad, "act": "add"})
    assert response.status_code == 422
    assert "accounts.pdf is none of" in text(response.content.decode())
    response = client.post(f"{address}documents/", {"financial_statements": good, "act": "add"})
    assert "accounts.pdf" in text(response.content.decode())


def test_strangers_send_no_file_without_a_link(client: Client, applied: Entity) -> None:
    file = SimpleUploadedFile("a.pdf", PDF)
    response = client.post("/apply/draft/guess/documents/", {"other": file})
    assert response.status_code in (400, 404)


def test_a_forged_a_used_and_an_old_link_reveal_nothing(client: Client, applied: Entity) -> None:
    pages = set()
    for place in ("apply/draft", "guarantee", "reference"):
        response = client.get(f"/{place}/{'A' * 43}/")
        assert response.status_code == 404
        pages.add(re.sub(r"\s+", " ", text(response.content.decode())))
    assert len(pages) == 1
    assert "Northwind" not in pages.pop()


def test_who_guesses_too_often_has_to_wait(client: Client, applied: Entity) -> None:
    for _ in range(MOST_MISSES):
        assert client.get("/reference/guess/").status_code == 404
    assert client.get("/reference/guess/").status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get("/reference/guess/").status_code == 404


def test_who_begins_too_often_has_to_wait(client: Client, applied: Entity) -> None:
    cache.set("portal:start:127.0.0.1", MOST_STARTS, 60)
    assert client.post(f"/apply/{applied.pk}/").status_code == 429
    assert not CreditRequest.objects.exists()


def test_a_request_takes_so_many_files(
    client: Client, applied: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MOST_FILES", 1)
    address = begin(client, applied)
    files = [SimpleUploadedFile(f"{n}.pdf", PDF + bytes([n])) for n in (1, 2)]
    response = client.post(f"{address}documents/", {"other": files, "act": "add"})
    assert response.status_code == 422
    assert "A request takes 1 files" in text(response.content.decode())
    assert len(files_of(CreditRequest.objects.get().pk)) == 1


def test_and_no_more_bytes_than_that(
    client: Client, applied: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MOST_BYTES", 2 * len(PDF))
    address = begin(client, applied)
    files = [SimpleUploadedFile(f"{n}.pdf", PDF + bytes([n])) for n in (1, 2)]
    response = client.post(f"{address}documents/", {"other": files, "act": "add"})
    assert response.status_code == 422
    assert len(files_of(CreditRequest.objects.get().pk)) == 1


def test_nor_from_one_address_whatever_the_drafts(client: Client, applied: Entity) -> None:
    address = begin(client, applied)
    cache.set("portal:megabytes:127.0.0.1", MOST_MEGABYTES, 60)
    file = SimpleUploadedFile("1.pdf", PDF)
    response = client.post(f"{address}documents/", {"other": file, "act": "add"})
    assert response.status_code == 429
    assert not files_of(CreditRequest.objects.get().pk)


@pytest.fixture
def sent(applied: Entity) -> CreditRequest:
    asked = Asked(applied, date.today(), WHO)
    take_in(application(), Path("."), asked, is_draft=False)
    return CreditRequest.objects.get()


def link_to(purpose: str, record_id: int) -> str:
    link = link_of(purpose=purpose, record_id=record_id, at=NOW)
    assert link is not None
    return f"/{purpose}/{secret_of(link.nonce, link_key())}/"


def test_a_referee_answers_once(client: Client, sent: CreditRequest) -> None:
    reference = references_of(sent.pk).rows[0].reference
    address = link_to("reference", reference.pk)
    page = client.get(address).content.decode()
    assert page.count("<legend>") == 6  # five questions, and who answers
    response = client.post(
        address, {"high_credit": "lots", "comment": "Good people", "currency": "GBP"}
    )
    assert response.status_code == 422
    assert "Good people" in response.content.decode()
    given = {"opened_on": "2016-02-01", "currency": "GBP", "high_credit": "40000", "days_slow": "4"}
    assert client.post(address, {**given, "teller_name": "Eve"}).status_code == 302
    response = client.get(address)
    assert response.status_code == 409
    assert "This was answered on" in text(response.content.decode())
    row = references_of(sent.pk).rows[0]
    assert (row.state, row.values["high_credit"]) == ("received", 4_000_000)


def test_a_referee_may_say_no(client: Client, sent: CreditRequest) -> None:
    reference = references_of(sent.pk).rows[1].reference
    client.post(link_to("reference", reference.pk), {"act": "refuse"})
    assert references_of(sent.pk).rows[1].state == "refused"


def test_a_guarantor_signs_and_sees_when(client: Client, sent: CreditRequest) -> None:
    guarantee = guarantees_of(sent.pk)[0].guarantee
    address = link_to("guarantee", guarantee.pk)
    assert "personal capacity" in client.get(address).content.decode()
    response = client.post(address, {"signed": "Ann Lee"})
    assert response.status_code == 422
    assert 'value="Ann Lee"' in response.content.decode()
    assert client.post(address, {"signed": "Ann Lee", "is_agreed": "on"}).status_code == 302
    assert "This was answered on" in text(client.get(address).content.decode())
    assert guarantees_of(sent.pk)[0].signature is not None
