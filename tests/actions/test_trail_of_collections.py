"""Who kept a customer from being chased, or let it be chased again, stands in the trail."""

from datetime import UTC, datetime

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.models import Change
from duly.collections.actions import suppress
from duly.collections.models import PolicyChoice
from duly.collections.queries.marks import marks_of
from duly.parties.models import Customer
from duly.parties.queries import entity
from shell import duly

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def trail(noun: str) -> list[tuple[dict, dict]]:
    rows = Change.objects.filter(noun=noun).order_by("id")
    assert all(row.actor and row.recorded_at for row in rows)
    return [(row.before, row.after) for row in rows]


@pytest.fixture
def alder(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    desk.customer("ALDER", segment="retail")
    desk.invoice("I-1", "ALDER", "500.00")
    desk.bank_is_fresh()
    return desk


def test_a_block_and_its_end(alder: CollectionsDesk) -> None:
    made = duly("block", "add", "ALDER", "--item", "I-1", "--reason", "Asked to", "--on", TODAY)
    [listed] = duly("block", "list", "ALDER", "--on", TODAY)["blocks"]
    assert (listed["id"], listed["item"]) == (made["blocks"][0]["id"], "I-1")
    duly("block", "end", listed["id"])
    assert duly("block", "list", "ALDER", "--on", TODAY)["blocks"] == []
    placed, ended = trail("block")
    assert placed[0] == {}
    assert placed[1]["reason"] == "Asked to"
    assert ended == ({"is_ended": False}, {"is_ended": True})


def test_a_suppression_and_its_end_also_for_what_was_judged(alder: CollectionsDesk) -> None:
    one, customer = entity(None), Customer.objects.get(code="ALDER")

    def marks() -> object:
        return marks_of(entity_id=one.pk, customer_ids=[customer.pk])

    seen = [marks()]
    for _ in range(2):
        suppress(
            entity_id=one.pk, address="Alder@c.example", reason="554", on=TODAY, actor="w", at=AT
        )
    assert alder.outcomes() == {"ALDER": ["suppressed"]}
    seen.append(marks())
    duly("suppression", "lift", "ALDER@c.example")
    assert duly("suppression", "list")["suppressions"] == []
    suppress(entity_id=one.pk, address="other@c.example", reason="554", on=TODAY, actor="w", at=AT)
    seen.append(marks())
    assert len({str(one) for one in seen}) == 3, "as many, and others"
    assert alder.outcomes() == {"ALDER": ["friendly"]}
    told = {"address": "alder@c.example", "reason": "554"}
    assert trail("suppression")[:2] == [({}, told), (told, {})]


@pytest.mark.parametrize("scope", [("--customer", "ALDER"), ("--segment", "retail"), ()])
def test_a_choice_its_replacement_and_its_end(
    alder: CollectionsDesk, scope: tuple[str, ...]
) -> None:
    for policy in ("gentle", "silent"):
        duly("policy", "choose", policy, *scope, "--on", TODAY)
    assert alder.outcomes() == {"ALDER": ["silent_policy"]}
    told = duly("policy", "end", *scope, "--on", TODAY)["choices"]
    assert [one["policy"] for one in told] == ["gentle", "silent", None]
    assert alder.outcomes() == {"ALDER": ["friendly"]}
    assert duly("why", "ALDER", "--on", TODAY)["policy"] == {"name": "gentle", "from": "built in"}
    assert duly("policy", "end", *scope, code=3)["code"] == "CHOICE_UNKNOWN"
    assert PolicyChoice.objects.count() == 3
    assert [(before["policy"], now["policy"]) for before, now in trail("policy choice")] == [
        ("", "gentle"),
        ("gentle", "silent"),
        ("silent", ""),
    ]


def test_a_choice_ends_where_another_still_holds(alder: CollectionsDesk) -> None:
    duly("policy", "choose", "silent", "--on", TODAY)
    duly("policy", "choose", "gentle", "--customer", "ALDER", "--on", TODAY)
    duly("policy", "end", "--customer", "ALDER", "--on", after(1))
    assert alder.outcomes() == {"ALDER": ["friendly"]}
    alder.bank_is_fresh(after(1))
    assert alder.outcomes(after(1)) == {"ALDER": ["silent_policy"]}
