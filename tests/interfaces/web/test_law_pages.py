"""The rules of law on pages, and where the desk and the templates tell them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.interfaces.web.conftest import AT

from duly.access.actions import Author
from duly.collections.actions import describe_debtor, log_call
from duly.collections.models import LawLevel
from duly.parties.models import Entity
from duly.parties.queries import customer as customer_named

AUTHOR = Author("test", AT)


@pytest.fixture
def manager(open_as: Callable[[str], Client]) -> Client:
    return open_as("manager")


def test_rules_are_listed_narrowed_and_taken_as_a_file(books: Entity, manager: Client) -> None:
    page = manager.get("/laws/", {"place": "us-ca", "what": "frequency"}).content.decode()
    assert "US-REGF-7" in page
    assert "12 CFR 1006.14" in page
    assert "AU-FREQUENCY" not in page
    assert "unverified" in manager.get("/laws/", {"status": "unverified"}).content.decode()
    assert "No rule answers" in manager.get("/laws/", {"page": "99"}).content.decode()
    file = manager.get("/laws/rules.csv", {"what": "limitation", "place": "DE"})
    assert b"DE-SOL" in b"".join(file.streaming_content if file.streaming else [file.content])


def test_a_level_is_changed_with_a_reason_by_who_may(
    books: Entity, manager: Client, open_as: Callable[[str], Client]
) -> None:
    page = manager.get("/laws/US-REGF-7/").content.decode()
    assert "Change what it does" in page
    assert "Nobody changed it" in page
    missing = manager.post("/laws/US-REGF-7/level/", {"level": "warn", "reason": ""})
    assert missing.status_code == 422
    assert "Say why" in missing.content.decode()
    told = {"level": "warn", "reason": "Counsel <b>"}
    assert manager.post("/laws/US-REGF-7/level/", told).status_code == 302
    page = manager.get("/laws/US-REGF-7/").content.decode()
    assert "Counsel &lt;b&gt;" in page
    assert LawLevel.objects.get().level == "warn"
    assert "changed here" in manager.get("/laws/", {"what": "frequency"}).content.decode()
    enforced = manager.post("/laws/DE-SOL/level/", {"level": "enforce", "reason": "x"})
    assert enforced.status_code == 422
    sales = open_as("sales")
    assert "Change what it does" not in sales.get("/laws/US-REGF-7/").content.decode()
    assert sales.post("/laws/US-REGF-7/level/", told).status_code == 403
    assert manager.get("/laws/NOPE/").status_code == 404


def test_the_form_of_a_call_says_what_stops_it(books: Entity, manager: Client, today: date) -> None:
    one = customer_named(entity_id=books.pk, code="C1")
    form = f"/customers/{one.pk}/acts/call/"
    described = {"entity_id": books.pk, "customer_id": one.pk, "author": AUTHOR}
    describe_debtor(kind="consumer", place="US-NY", **described)
    assert "US-REGF-7" not in manager.get(form).content.decode()
    log_call(
        entity_id=books.pk,
        customer_id=one.pk,
        on=today,
        outcome="reached",
        actor="test",
        at=AT,
    )
    page = manager.get(form).content.decode()
    assert "Do not call now: US-REGF-7" in page
    assert "12 CFR 1006.14" in page


def test_the_editor_quotes_the_rule_that_a_text_breaks(books: Entity, manager: Client) -> None:
    text = {
        "name": "hard",
        "language": "en",
        "subject": "Pay",
        "body": "Pay {{ amount }} or go to jail.",
    }
    page = manager.post("/templates/preview/", text).content.decode()
    assert "ALL-THREATS" in page
    assert "“go to jail”" in page
    assert manager.post("/templates/edit/", text).status_code == 422
