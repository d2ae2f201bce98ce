"""Instalment plans on pages: proposed, approved by another, signed by link, looked at later."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from tests.interfaces.web import shown
from tests.interfaces.web.conftest import take_in

from duly.collections.models import InstalmentPlan, PlanAgreement, PlanSignature
from duly.credit.models import SecretLink
from duly.disputes.actions import DisputeDraft, open_disputes
from duly.interfaces.exchange.secret_links import path_of
from duly.interfaces.portal.guarding import MOST_MISSES
from duly.parties.models import Customer, Entity
from duly.receivables.models import Item
from duly.receivables.queries import items_by_number

ITEMS = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")


@pytest.fixture
def owing(entity: Entity, today: date) -> Entity:
    """Meridian owes 1,200.00 in two invoices that are late, and one in its terms."""
    take_in(entity, "customers", ("customer_id", "name", "address"), ("C1", "Meridian", "1 Quay"))

    def row(number: str, days: int, amount: str) -> tuple[str, ...]:
        due = today - timedelta(days=days)
        return ("invoice", number, "C1", "EUR", str(due - timedelta(days=30)), str(due), amount)

    take_in(
        entity,
        "items",
        ITEMS,
        row("I-1", 40, "800.00"),
        row("I-2", 20, "400.00"),
        row("I-3", -10, "90.00"),
    )
    return entity


def text(html: str) -> str:
    """What a page says, amounts in one piece."""
    return shown.text(html).replace(" .", ".")


def form(**more: str) -> dict[str, object]:
    late = Item.objects.filter(due_on__lt=date.today()).values_list("pk", flat=True)  # noqa: DTZ011
    told = {"picked": "1", "currency": "EUR", "down": "25", "down_by": "percent", "count": "3"}
    return {**told, "item": [str(pk) for pk in late], **more}


def proposed(client: Client, **more: str) -> InstalmentPlan:
    customer = Customer.objects.get(code="C1")
    answer = client.post(f"/customers/{customer.pk}/plans/new/", form(**more))
    assert answer.status_code == 302, text(answer.content.decode())
    return InstalmentPlan.objects.latest("pk")


def offered(
    open_as: Callable[[str], Client], collector: Client, **more: str
) -> tuple[InstalmentPlan, str]:
    plan = proposed(collector, **more)
    assert open_as("manager").post(f"/plans/{plan.pk}/approve/").status_code == 302
    assert collector.post(f"/plans/{plan.pk}/offer/").status_code == 302
    return plan, path_of(SecretLink.objects.get())


def test_from_the_form_to_the_signature(
    owing: Entity, open_as: Callable[[str], Client], client: Client
) -> None:
    plan, address = offered(open_as, open_as("collector"))
    page = client.get(address).content.decode()
    assert "noindex" in page
    told = text(page)
    assert "EUR 1,200.00 in 4 payments" in told
    assert "acknowledges that it owes" in told
    unsigned = client.post(address, {"name": "Ida", "title": ""})
    assert unsigned.status_code == 422
    assert "by a full name and an office" in text(unsigned.content.decode())
    assert not PlanSignature.objects.exists()
    given = {"name": "Ida Quay", "title": "Director", "is_agreed": "on"}
    browser = {"HTTP_USER_AGENT": "Phone", "REMOTE_ADDR": "192.0.2.7"}
    assert client.post(address, given, **browser).status_code == 302  # type: ignore[arg-type]
    signed = PlanSignature.objects.get()
    assert (signed.name, signed.title, signed.way) == ("Ida Quay", "Director", "link")
    assert (signed.browser, signed.address) == ("Phone", "192.0.2.7")
    assert signed.sha256 == PlanAgreement.objects.get().sha256
    plan.refresh_from_db()
    assert plan.state == "signed"
    after = text(client.get(address).content.decode())
    assert "Next: EUR 300.00" in after
    assert "Signed by Ida Quay, Director." in after
    assert client.post(address, given).status_code == 302
    assert PlanSignature.objects.count() == 1
    drawn = client.get(f"{address}agreement.pdf")
    assert drawn["Content-Type"] == "application/pdf"
    assert drawn.content.startswith(b"%PDF")
    staff = open_as("viewer").get(f"/plans/{plan.pk}/").content.decode()
    assert "Signed by Ida Quay, Director" in text(staff)
    assert "192.0.2.7" in staff


def test_the_payments_are_shown_as_they_are_typed(
    owing: Entity, open_as: Callable[[str], Client]
) -> None:
    customer = Customer.objects.get(code="C1")
    collector, address = open_as("collector"), f"/customers/{customer.pk}/plans/payments/"

    def told(**more: str) -> str:
        return text(collector.get(address, form(**more)).content.decode())

    assert "Down payment 300.00" in told()
    assert "Instalment 3 300.00" in told()
    assert "interest" in told(interest="1")
    assert "takes a manager" not in told()
    assert "a manager approves it" in told(down="0")
    assert "Instalment 5 180.00" in told(how="bearable", bearable="200.00")
    assert "unpaid" in told(how="bearable", bearable="10.00")
    assert "is no rate" in told(interest="much")
    assert "No invoice is picked" in text(collector.get(address, {"picked": "1"}).content.decode())
    assert InstalmentPlan.objects.count() == 0


def test_who_may_what(owing: Entity, open_as: Callable[[str], Client]) -> None:
    customer = Customer.objects.get(code="C1")
    new = f"/customers/{customer.pk}/plans/new/"
    assert open_as("viewer").get(new).status_code == 403
    collector = open_as("collector")
    assert "I-1" in collector.get(new).content.decode()
    plan = proposed(collector)
    own = text(collector.get(f"/plans/{plan.pk}/").content.decode())
    assert "You proposed it: another person approves." in own
    assert collector.post(f"/plans/{plan.pk}/approve/").status_code in (403, 409, 422)
    assert open_as("clerk").post(f"/plans/{plan.pk}/approve/").status_code == 403
    assert collector.post(f"/plans/{plan.pk}/burn/").status_code == 404
    assert collector.get("/plans/99/").status_code == 404
    assert collector.get("/plans/99999999999999999999/").status_code == 404
    listed = text(collector.get("/plans/").content.decode())
    assert "Meridian Proposed" in listed
    assert "on plan" in text(collector.get(new).content.decode())
    refused = collector.post(new, form())
    assert refused.status_code == 422
    assert "stands on plan" in text(refused.content.decode())


def test_on_paper_and_cancelled(
    owing: Entity, open_as: Callable[[str], Client], client: Client
) -> None:
    collector = open_as("collector")
    plan, address = offered(open_as, collector, down="0", way="direct_debit", mandate="M-1")
    assert collector.get(f"/plans/{plan.pk}/agreement.pdf").content.startswith(b"%PDF")
    paper = {"name": "Ida Quay", "title": "Director"}
    assert collector.post(f"/plans/{plan.pk}/sign/", paper).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "active"
    assert "mandate M-1" in text(client.get(address).content.decode())
    assert collector.post(f"/plans/{plan.pk}/cancel/", {"reason": "paid"}).status_code == 302
    gone = client.get(address)
    assert gone.status_code == 404
    assert "does not stand any more" in text(gone.content.decode())


def test_an_offer_of_what_is_not_owed_any_more_is_told_kindly(
    owing: Entity, open_as: Callable[[str], Client], client: Client, today: date
) -> None:
    _, address = offered(open_as, open_as("collector"))
    ((item,),) = items_by_number(owing.pk, ["I-1"]).values()
    draft = DisputeDraft(item, 100_00, "price")
    told = {"entity_id": owing.pk, "actor": "test", "at": datetime.now(UTC)}
    open_disputes(drafts=[draft], on=today, **told)
    given = {"name": "Ida Quay", "title": "Director", "is_agreed": "on"}
    assert client.post(address, given).status_code == 302
    assert not PlanSignature.objects.exists()
    page = client.get(address).content.decode()
    assert "What you owe has changed since we wrote this offer." in text(page)
    assert "Sign the agreement" not in page


def test_a_link_that_is_guessed_opens_nothing(
    owing: Entity, open_as: Callable[[str], Client], client: Client
) -> None:
    _, address = offered(open_as, open_as("collector"))
    secret = address.strip("/").rsplit("/", 1)[1]
    for wrong in (secret[:-1], secret[:-1] + ("A" if secret[-1] != "A" else "B"), "x"):
        assert client.get(f"/plan/{wrong}/").status_code == 404
        assert client.get(f"/guarantee/{secret}/").status_code == 404
    digest = hashlib.sha256(secret.encode()).hexdigest()
    assert SecretLink.objects.get().digest == digest  # the secret itself is nowhere
    for _ in range(MOST_MISSES):
        client.get("/plan/x/")
    assert client.get("/plan/x/").status_code == 429
    cache.clear()
