"""The same done about several customers at once: each once, told for whom not and why, undone."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.interfaces.web.conftest import AT, take_in
from tests.interfaces.web.desk_books import late_books, number_of

from duly.access.models import Change
from duly.collections.actions import claim_customer
from duly.collections.models import Block, CustomerClaim, Note
from duly.interfaces.web.current import now
from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(entity: Entity, today: date, open_as: Callable[[str], Client]) -> Client:
    late_books(entity, today, 4)
    client = open_as("collector")
    client.post("/today/plan/")
    return client


def ids(*codes: str) -> list[int]:
    return [number_of(code) for code in codes]


def told(response) -> dict[str, dict]:  # noqa: ANN001
    assert response.status_code == 204, response.content.decode()
    return json.loads(response["HX-Trigger"])


def post(client: Client, name: str, customers: list[int], **typed: object) -> dict[str, dict]:
    given = {"customer": customers, **typed}
    return told(client.post(f"/today/several/{name}/", given, headers=HTMX))


def test_several_are_snoozed_noted_and_taken_and_all_of_it_undone(
    desk: Client, today: date
) -> None:
    chosen = ids("C1", "C2", "C4")
    until = (today + timedelta(days=9)).isoformat()
    for name, typed, rows in (
        ("snooze", {"until_on": until, "reason": "Fair"}, Block.objects.filter(ended_at=None)),
        ("note", {"text": "Away"}, Note.objects.filter(taken_back_at=None)),
        ("take", {}, CustomerClaim.objects.all()),
    ):
        said = post(desk, name, chosen, **typed)
        assert said["duly:done"]["customers"] == [number_of(code) for code in ("C4", "C2", "C1")]
        assert said["duly:toast"]["text"].startswith("3 customers ")
        assert sorted(rows.values_list("customer_id", flat=True)) == sorted(chosen)
        undo = {"token": said["duly:toast"]["undo"]}
        assert desk.post("/undo/", undo, headers=HTMX).status_code == 204
        assert not rows.exists()
    assert Change.objects.filter(noun="block").count() == 6  # three placed, three ended


def test_whoever_works_with_a_colleague_is_left_to_them_and_named(
    desk: Client, today: date
) -> None:
    claim_customer(customer_id=number_of("C2"), actor="kim", name="Kim", at=now())
    said = post(desk, "note", ids("C1", "C2"), text="Away")
    assert said["duly:toast"]["text"] == "1 customer noted."
    assert said["duly:toast"]["remedy"] == "Not done for Firm 2 (Kim works on it)."
    assert Note.objects.get().customer_id == number_of("C1")
    said = post(desk, "note", ids("C2"), text="Away")
    assert said["duly:toast"]["text"] == "Nothing was done."
    assert said["duly:toast"]["undo"] == ""


def test_it_is_done_once_and_the_page_before_comes_back_with_its_filter(desk: Client) -> None:
    back = "/today/?segment=gold"
    html = desk.get("/today/several/note/", {"customer": ids("C1", "C3"), "back": back})
    assert "2 customers" in html.content.decode()
    given = {"customer": ids("C1", "C3"), "text": "Away", "key": "k" * 22, "back": back}
    for _ in range(2):
        response = desk.post("/today/several/note/", given)
        assert response.status_code == 302
        assert response["Location"] == back
    assert Note.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "customers", "status"),
    [
        ("note", [], 422),
        ("note", ["²", "-1", "9" * 30], 422),
        ("note", list(range(1, 103)), 422),
        ("promise", [1], 404),
        ("send", [1], 404),
    ],
)
def test_what_cannot_be_done_for_several_is_refused(
    desk: Client, name: str, customers: list[object], status: int
) -> None:
    given = {"customer": customers, "text": "Away"}
    assert desk.post(f"/today/several/{name}/", given).status_code == status
    assert not Note.objects.exists()


def test_customers_of_other_books_are_not_among_them(desk: Client) -> None:
    other = add_entity(name="Else", currency="GBP", country="GB", timezone="UTC", at=AT)
    take_in(other, "customers", ("customer_id", "name"), ("X", "Theirs"))
    theirs = Customer.objects.get(code="X")
    post(desk, "note", [theirs.pk, number_of("C1")], text="Away")
    assert Note.objects.get().customer_id == number_of("C1")


def test_what_is_wrong_is_told_in_the_form(desk: Client) -> None:
    given = {"customer": ids("C1"), "text": " "}
    response = desk.post("/today/several/note/", given, headers=HTMX)
    assert response.status_code == 422
    assert "Write something down first." in response.content.decode()


def test_it_costs_the_same_for_few_and_for_many(desk: Client) -> None:
    def queries(*codes: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            post(desk, "note", ids(*codes), text="Away")
        return len(asked) - len(codes)  # `ids` asks for each

    queries("C1")
    assert queries("C1") == queries("C1", "C2", "C3", "C4")


def test_who_may_not_collect_sees_no_boxes(desk: Client, open_as) -> None:  # noqa: ANN001
    assert b"data-mark" in desk.get("/today/").content
    viewer = open_as("viewer")
    assert b"data-mark " not in viewer.get("/today/").content
    assert viewer.post("/today/several/note/", {"customer": [1]}).status_code == 403
