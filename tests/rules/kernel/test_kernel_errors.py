"""Refusals, outages and defects: what each carries, and that a code means one thing."""

import json
import pickle
import re
from datetime import date
from decimal import Decimal

import pytest

from duly.kernel import errors
from duly.kernel.errors import (
    Conflict,
    Defect,
    DulyError,
    Forbidden,
    InvalidAmount,
    Malformed,
    Missing,
    Outage,
    Problem,
    Refusal,
    RuleBreach,
    all_codes,
    problem_from,
)
from duly.kernel.money import Money


def test_the_families_stand_as_the_house_says():
    assert all(issubclass(each, Refusal) for each in (Malformed, Missing, Forbidden))
    assert all(issubclass(each, Refusal) for each in (Conflict, RuleBreach))
    assert {cls.__base__ for cls in (Refusal, Outage, Defect)} == {DulyError}


def test_every_kernel_class_has_a_code_of_its_own_in_capitals():
    of_kernel = [
        cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, DulyError)
    ]
    assert len(of_kernel) > 15
    for cls in of_kernel:
        assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", cls.code)
        assert "code" in vars(cls), f"{cls.__name__} inherits its code"
        assert all_codes()[cls.code] is cls
        assert cls.__doc__


def test_codes_of_a_family_leave_out_the_others():
    assert "INVALID_AMOUNT" in all_codes(Refusal)
    assert "DEFECT" not in all_codes(Refusal)
    assert list(all_codes()) == sorted(all_codes())


def test_two_classes_with_one_code_are_a_defect(monkeypatch):
    monkeypatch.setattr(errors.InvalidSplit, "code", "KEY_REUSED")
    with pytest.raises(Defect, match="share the code KEY_REUSED"):
        all_codes(Refusal)


def test_an_error_tells_its_message_then_its_remedy():
    error = InvalidAmount("There is no amount.", remedy="Enter one.")
    assert str(error) == "There is no amount. Enter one."
    assert (error.message, error.remedy, error.facts) == ("There is no amount.", "Enter one.", {})


def test_a_code_may_be_given_for_one_case_and_leaves_the_class_alone():
    error = RuleBreach("No.", code="OVER_CREDIT_LIMIT")
    assert error.code == "OVER_CREDIT_LIMIT"
    assert RuleBreach.code == "RULE_BREACH"


def test_facts_are_always_fit_for_json():
    facts = {
        "on": date(2026, 3, 2),
        "rate": Decimal("0.10"),
        "amount": Money(123450, "USD"),
        "names": {"b", "a"},
        "pair": (1, None, True),
        "problem": Problem("row 2", "X", "Message."),
        7: {"nested": [date(2026, 3, 3)]},
        "raw": "a\x00b\ud800",
    }
    kept = Refusal("No.", facts=facts).facts
    assert (
        json.loads(json.dumps(kept))
        == kept
        == {
            "on": "2026-03-02",
            "rate": "0.10",
            "amount": "USD 1234.50",
            "names": ["a", "b"],
            "pair": [1, None, True],
            "problem": {"where": "row 2", "code": "X", "message": "Message.", "remedy": ""},
            "7": {"nested": ["2026-03-03"]},
            "raw": "a\\x00b\\ud800",
        }
    )


def test_facts_are_a_copy():
    facts = {"a": [1]}
    error = Refusal("No.", facts=facts)
    facts["a"].append(2)
    assert error.facts == {"a": [1]}


def test_a_message_can_be_printed_and_stored_whatever_was_in_it():
    error = Refusal("It says \x00\udcff.\nTwice.")
    assert error.message == "It says \\x00\\udcff.\nTwice."
    error.message.encode()


def test_an_error_survives_pickling_between_processes():
    error = InvalidAmount("No.", code="OTHER", facts={"a": 1}, remedy="Do.")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is InvalidAmount
    assert again.as_dict() == error.as_dict()


def test_a_problem_is_a_refusal_with_its_place():
    problem = problem_from(InvalidAmount("No.", remedy="Do."), "row 17")
    assert problem == Problem("row 17", "INVALID_AMOUNT", "No.", "Do.")
