"""Policies and templates on the web: versions, faults at their place, previews, precedence."""

import re
from datetime import date

import pytest
from django.test import Client
from tests.interfaces.web.chasing import chased
from tests.interfaces.web.shown import section, text

from duly.collections.models import PolicyChoice, PolicyVersion, Template
from duly.parties.models import Entity

__all__ = ["chased"]

GOOD = {
    "name": "strict",
    "valid_from": "2026-03-01",
    "entry_step": "1",
    "gap_days": "7",
    "most_per_item": "6",
    "fresh_days": "60",
    "hours_from": "8",
    "hours_until": "18",
    "weekdays": ["1", "2", "3", "4", "5", "6", "7"],
    "code-1": "first",
    "days-1": "5",
    "template-1": "friendly",
    "minimum-1": "10",
    "code-2": "last",
    "days-2": "40",
    "wait_days-2": "14",
    "template-2": "reminder",
    "minimum-2": "10",
    "is_final-2": "1",
}


@pytest.fixture
def manager(chased: Entity, open_as) -> Client:
    return open_as("manager")


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text(response.content.decode())


def test_a_policy_is_looked_at_on_the_real_book_then_kept_as_a_version(manager: Client) -> None:
    looked = manager.post("/policies/edit/", GOOD | {"act": "preview"})
    assert looked.status_code == 200
    told = text(section(looked.content.decode(), 'id="would"'))
    # What is old begins at the first step: 2 letters that are due today, none of them final.
    assert "first 0 2 last final 0 0 friendly 2 0 Steps taken 2 2" in told
    assert "begins at step first; nothing of it meets a final notice" in told
    assert PolicyVersion.objects.filter(name="strict").count() == 0
    for version in (1, 2):
        kept = manager.post("/policies/edit/", GOOD | {"act": "save"}, follow=True)
        assert f"strict, version {version}, holds from 2026-03-01." in kept.content.decode()
    assert "Version 2 holds today" in shown(manager, "/policies/versions/?name=strict")
    assert "2 · last final" in shown(manager, "/policies/")


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"days-2": "5"}, "step-2-told", "It is due after 5 days, the step before it after 5."),
        ({"days-1": "soon"}, "step-1-told", "no number of days"),
        ({"code-2": "first"}, "step-2-told", "there twice"),
        ({"code-1": ""}, "step-1-told", "It has no name."),
        ({"is_final-1": "1"}, "step-2-told", "It follows a final step."),
        ({"minimum-1": "NaN"}, "step-1-told", "It is no amount."),
        ({"template-1": "none such"}, "step-1-told", "There is no template"),
        ({"entry_step": "2"}, "entry_step-told", "An old book can&#x27;t enter at step 2."),
        ({"name": " "}, "name-told", "The policy has no name."),
        ({"gap_days": "0"}, "gap_days-told", "Write a whole number from 1 to 365."),
        ({"hours_from": "20"}, "hours-told", "They are no hours."),
        ({"valid_from": "tomorrow"}, "valid_from-told", "Write a day."),
        ({"name": "<script>alert(1)</script>" * 3, "gap_days": "x"}, "gap_days-told", "x"),
        ({"entry_step": "²"}, "entry_step-told", "Write a whole number from 1 to 50."),
        ({"days-1": "²"}, "step-1-told", "no number of days"),
        ({"days-1": "1_0"}, "step-1-told", "no number of days"),
        ({"minimum-1": "1e999999"}, "step-1-told", "It is no amount."),
    ],
)
def test_what_is_wrong_stands_at_its_place_and_what_was_typed_stays(
    manager: Client, change: dict[str, str], place: str, said: str
) -> None:
    for act in ("preview", "save"):
        response = manager.post("/policies/edit/", GOOD | change | {"act": act})
        if act == "preview" and "valid_from" in change and response.status_code == 200:
            pytest.fail("a day that is none was taken")
        assert response.status_code == 422
        html = response.content.decode()
        assert said in section(html, f'id="{place}"', "</p>")
        assert 'name="minimum-2" value="10"' in html
        assert "<script>alert" not in html
    assert PolicyVersion.objects.count() == 1


def test_steps_are_added_and_removed(manager: Client) -> None:
    html = manager.post("/policies/edit/", GOOD | {"act": "add"}).content.decode()
    assert re.search(r'name="days-3"\s+value="54"', html)
    html = manager.post("/policies/edit/", GOOD | {"act": "remove-1"}).content.decode()
    assert 'name="code-1" value="last"' in html
    assert "code-2" not in html


def test_what_a_step_encloses_is_shown_and_kept(manager: Client) -> None:
    given = GOOD | {"statement-1": "1", "copies-2": "1"}
    manager.post("/policies/edit/", given | {"act": "save"})
    steps = PolicyVersion.objects.get(name="strict").document["steps"]
    assert [step["attachments"] for step in steps] == [["statement"], ["copies"]]
    html = manager.get("/policies/edit/?name=strict").content.decode()
    checked = re.findall(r'name="((?:statement|copies)-\d)" value="1" checked', html)
    assert checked == ["statement-1", "copies-2"]


def test_choices_are_shown_with_the_narrowest_first_and_the_one_replaced_gone(
    manager: Client,
) -> None:
    given = {"scope": "customer", "customer": "C1", "policy": "gentle"}
    assert manager.post("/policies/choose/", given).status_code == 302
    manager.post("/policies/choose/", given | {"policy": "silent"})
    manager.post("/policies/choose/", given | {"scope": "item", "item": "INV-1"})
    page = shown(manager, "/policies/")
    told = page[page.index("Who is under which") :]
    order = [told.index(name) for name in ("INV-1 Item", "Meridian Foods Customer", "Everyone")]
    assert order == sorted(order)
    assert PolicyChoice.objects.count() == 4
    assert told.count("Meridian Foods Customer") == 1
    assert "by manager@example.org silent" in told
    choice = PolicyChoice.objects.filter(scope="customer").latest("pk").pk
    assert manager.post("/policies/choose/end/", {"choice": choice}).status_code == 302
    page = shown(manager, "/policies/")
    assert "Meridian Foods Customer" not in page[page.index("Who is under which") :]
    assert manager.post("/policies/choose/end/", {"choice": choice}).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"policy": "none such"}, "There is no dunning policy"),
        ({"scope": ""}, "Say for whom."),
        ({"scope": "segment"}, "Choose a segment."),
        ({"scope": "customer", "customer": "C99"}, "C99"),
        ({"scope": "item", "customer": "C1", "item": "INV-2"}, "no invoice or debit note INV-2"),
    ],
)
def test_a_choice_that_means_nothing_is_told_at_its_field(
    manager: Client, change: dict[str, str], said: str
) -> None:
    given = {"scope": "entity", "policy": "gentle", "customer": "", "item": ""}
    response = manager.post("/policies/choose/", given | change)
    assert response.status_code == 422
    assert said in text(response.content.decode())
    assert PolicyChoice.objects.count() == 1


def test_a_text_is_seen_as_a_real_customer_reads_it(manager: Client) -> None:
    given = {
        "name": "friendly",
        "language": "de",
        "subject": "{{ entity }}: {{ amount }}",
        "body": "{{ customer }}\r\n{{#items}}{{ number }} {{ open }}\r\n{{/items}}{{ amount }}",
        "customer": "C2",
    }
    html = manager.post("/templates/preview/", given).content.decode()
    assert "Tall Oaks Joinery\nINV-2 40,25\nPAY-1 −5,00\n35,25" in html
    assert "with what is open today" in html
    kept = manager.post("/templates/edit/", given, follow=True)
    assert "friendly, version 1, is what is sent from now on" in kept.content.decode()
    listed = text(kept.content.decode())
    assert "friendly in German: version 1 manager@example.org" in listed
    assert "friendly in English: comes with Duly" in listed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body": "Pay {{ amount }}, that is 1,000.00 now"}, "body, line 1 The text states an amo"),
        ({"body": "{{ amount }}\n{{ nobody }}"}, "body, line 2 {{ nobody }} is no field here."),
        ({"body": "Pay."}, "The text does not say how much."),
        ({"body": "{{ amount }} {{#items}}"}, "don't pair"),
        ({"subject": ""}, "subject There is no text."),
        ({"subject": "a\r\nBcc: x@y.example {% load %}"}, "is left over"),
    ],
)
def test_a_text_that_could_contradict_the_ledger_is_not_kept(
    manager: Client, change: dict[str, str], said: str
) -> None:
    good = {"name": "friendly", "language": "en", "subject": "Hello", "body": "{{ amount }}"}
    for address in ("/templates/preview/", "/templates/edit/"):
        response = manager.post(address, good | change)
        assert said in text(response.content.decode())
    assert response.status_code == 422
    assert Template.objects.count() == 0


def test_a_text_of_its_own_in_one_language_is_told_where_others_lack_it(manager: Client) -> None:
    new = {"name": "urgent", "language": "en", "subject": "Hello", "body": "{{ amount }}"}
    assert manager.post("/templates/edit/", new | {"name": " "}).status_code == 422
    manager.post("/templates/edit/", new)
    page = shown(manager, "/templates/")
    assert "urgent no step uses it urgent in English: version 1" in page
    assert page.count("none they read another language") == 5


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/policies/?page=x", 422),
        ("/policies/?page=999", 200),
        ("/policies/edit/?name=nobody", 404),
        ("/policies/versions/?name=nobody%00", 422),
        ("/policies/versions/?name=gentle", 200),
        ("/templates/edit/?name=nobody&language=en", 200),
        ("/templates/edit/?name=friendly&language=xx", 422),
    ],
)
def test_bad_addresses_are_told(manager: Client, address: str, status: int) -> None:
    assert manager.get(address).status_code == status


@pytest.mark.parametrize("role", ["viewer", "collector", "sales"])
def test_who_may_not_sees_and_changes_nothing(chased: Entity, open_as, role: str) -> None:
    client = open_as(role)
    for address in ("/policies/", "/templates/", "/policies/versions/?name=firm"):
        html = client.get(address).content.decode()
        assert "/edit/" not in html
    for address in (
        "/policies/edit/",
        "/policies/choose/",
        "/policies/choose/end/",
        "/templates/edit/",
    ):
        assert client.post(address, GOOD | {"act": "save"}).status_code == 403
    assert client.get("/templates/edit/").status_code == 403


def test_the_pages_read_little(manager: Client, today: date, django_assert_max_num_queries) -> None:
    for address in ("/policies/", "/templates/", "/policies/edit/?name=firm"):
        with django_assert_max_num_queries(22):
            assert manager.get(address).status_code == 200
