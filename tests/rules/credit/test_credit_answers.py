"""What an applicant wrote, field by field: each problem has its place, nothing typed is lost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.applying import application

from duly.credit.rules.answers import MOST_KEPT, joined, kept, parted, read_answers
from duly.credit.rules.request_fields import BLOCKS, FIELDS
from duly.credit.rules.request_form import ALWAYS, read_form, usual_form

ON = date(2026, 3, 10)
FORM = usual_form()


def problems(**changes: Any) -> dict[str, str]:
    """{place: code} of what is wrong with an application."""
    read = read_answers(FORM, application(**changes), ON)
    return {problem.where: problem.code for problem in read.problems}


def test_a_whole_application_has_no_problem_and_says_what_it_means() -> None:
    read = read_answers(FORM, application(), ON)
    assert read.problems == []
    assert read.values["amount"] == 5_000_000
    assert read.values["formed_on"] == date(2012, 5, 4)
    assert read.values["owners"][0]["share"] == Decimal(60)
    assert read.values["may_get_personal_reports"] is False
    assert set(application()) <= set(FIELDS)


def test_every_required_field_is_named_when_nothing_is_given() -> None:
    told = {p.where for p in read_answers(FORM, {}, ON).problems}
    assert told == set(FORM.required)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"amount": "-5"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"amount": "9" * 30}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": ["5"]}, "amount"),
        ({"currency": "XYZ"}, "currency"),
        ({"country": "ZZ"}, "country"),
        ({"country": {"a": 1}}, "country"),
        ({"formed_on": "2027-01-01"}, "formed_on"),
        ({"formed_on": "31.02.2020"}, "formed_on"),
        ({"first_order_on": "2099-01-01"}, "first_order_on"),
        ({"payables_email": "ap@meadow.example\nBcc: all@x.example"}, "payables_email"),
        ({"payables_email": "nobody"}, "payables_email"),
        ({"legal_name": "a\x00b"}, "legal_name"),
        ({"legal_name": "Meadow\u202egnp.exe"}, "legal_name"),
        ({"legal_name": "x" * 201}, "legal_name"),
        ({"legal_form": "kingdom"}, "legal_form"),
        ({"staff": "many"}, "staff"),
        ({"accepts_conditions": "perhaps"}, "accepts_conditions"),
        ({"owners": "me"}, "owners"),
        ({"owners": ["me"]}, "owners[0]"),
        ({"owners": [{"name": "A", "share": "101"}]}, "owners[0].share"),
        ({"owners": [{"name": "A", "share": "60"}, {"name": "B", "share": "60"}]}, "owners"),
        ({"owners": [{"name": "A"}] * 13}, "owners"),
        ({"owners": [{"name": "A", "age": "50"}]}, "owners[0].age"),
        ({"trade_references": [{"name": "One"}]}, "trade_references[0].email"),
    ],
)
def test_what_can_t_be_is_told_at_its_place(changes: dict[str, Any], where: str) -> None:
    assert where in problems(**changes)


def test_a_field_that_nobody_asked_for_is_told_and_not_kept() -> None:
    given = application(is_admin=True)
    assert problems(is_admin=True) == {"is_admin": "FIELD_UNKNOWN"}
    assert "is_admin" not in kept(FORM, given)


def test_a_no_to_what_is_required_is_missing() -> None:
    assert problems(accepts_conditions=False) == {"accepts_conditions": "FIELD_MISSING"}


def test_two_of_three_references_are_too_few_and_one_referee_counts_once() -> None:
    two = application()["trade_references"][:2]
    assert problems(trade_references=two) == {"trade_references": "FIELD_MISSING"}
    twice = [*two, {**two[0], "name": "Other"}]
    assert problems(trade_references=twice) == {"trade_references[2].email": "FIELD_UNFIT"}


def test_what_is_typed_is_kept_as_it_was_also_where_it_is_wrong() -> None:
    given = application(amount="a lot", owners="me", legal_name="x" * 9000)
    held = kept(FORM, given)
    assert held["amount"] == "a lot"
    assert held["owners"] == "me"
    assert len(held["legal_name"]) == MOST_KEPT


@pytest.mark.parametrize(
    "changes", [{}, {"owners": "me"}, {"owners": ["me"]}, {"legal_form": "sole_trader"}]
)
def test_what_is_of_persons_stands_apart_and_comes_back(changes: dict[str, Any]) -> None:
    typed = kept(FORM, application(**changes))
    firm, people = parted(typed)
    assert joined(firm, people) == typed
    told = str(firm)
    for name in ("Ann Lee", "Eve Hall", "Dee Ferris", "ap@meadow", "Fay", "credit@kestrel"):
        assert name not in told
    assert ("Meadow Prints" in told) == ("legal_form" not in changes)


def test_of_who_was_erased_nothing_comes_back() -> None:
    firm, people = parted(kept(FORM, application()))
    people["owners.0"] = {}
    assert joined(firm, people)["owners"] == [
        {},
        {"name": "Bo Marsh", "role": "Director", "share": "40"},
    ]


def test_the_usual_form_asks_every_field() -> None:
    assert [block.id for block in FORM.blocks] == [block.id for block in BLOCKS]
    assert set(FORM.fields) == set(FIELDS)


def test_a_form_of_a_segment_chooses_blocks_fields_and_documents() -> None:
    document = {
        "title": "Trade account",
        "blocks": ["identity", "request", "consents", "signature"],
        "without": ["trade_names"],
        "required": ["tax_id"],
        "documents": {"financial_statements": True},
    }
    form, wrong = read_form(document)
    assert wrong == []
    assert "owners" not in form.fields
    assert "trade_names" not in form.fields
    assert form.required == {*ALWAYS, "tax_id"}
    assert form.documents == {"financial_statements": True}
    told = {p.where: p.code for p in read_answers(form, application(), ON).problems}
    assert told["owners"] == "FIELD_UNKNOWN"


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({"fields": ["a"]}, "fields"),
        ({"blocks": ["identity", "secrets"]}, "blocks"),
        ({"blocks": ["identity"]}, "blocks"),
        ({"without": ["amount"]}, "blocks"),
        ({"required": "all"}, "required"),
        ({"documents": {"passport": True}}, "documents.passport"),
        ({"documents": ["other"]}, "documents"),
        ({"references": -1}, "references"),
        ({"guarantors": True}, "guarantors"),
        ({"title": 5}, "title"),
    ],
)
def test_a_form_that_can_t_be_is_told(document: dict[str, Any], where: str) -> None:
    assert where in {problem.where for problem in read_form(document)[1]}
