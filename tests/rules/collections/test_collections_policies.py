"""Policies as documents: refused with every fault; which of them holds for whom."""

from datetime import date

import pytest

from duly.collections.errors import PolicyUnfit
from duly.collections.policy import BUILT_IN
from duly.collections.rules.policies import Choice, Choices, document_of, read_policy

FROM = date(2026, 3, 1)
TEMPLATES = ["friendly", "reminder"]
FIRM = {
    "name": "firm",
    "steps": [
        {"code": "one", "days": 3, "template": "friendly"},
        {"code": "two", "days": 20, "template": "reminder", "minimum": "50.00"},
        {
            "code": "final",
            "days": 40,
            "template": "reminder",
            "is_final": True,
            "attachments": ["statement", "copies"],
        },
    ],
}


def read(document):  # noqa: ANN001, ANN201
    return read_policy(document, version=1, valid_from=FROM, templates=TEMPLATES)


def with_step(**changes) -> dict:
    return {**FIRM, "steps": [FIRM["steps"][0], FIRM["steps"][1] | changes]}


def test_a_policy_is_its_document() -> None:
    policy = read(FIRM)
    assert [step.code for step in policy.steps] == ["one", "two", "final"]
    assert read(document_of(policy)) == policy
    for built_in in BUILT_IN.values():
        again = read(document_of(built_in))
        assert (again.steps, again.gap_days, again.hours) == (
            built_in.steps,
            built_in.gap_days,
            built_in.hours,
        )


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({**FIRM, "name": ""}, "POLICY_NAME_MISSING"),
        ({**FIRM, "gap": 3}, "POLICY_KEY_UNKNOWN"),
        ({**FIRM, "gap_days": 0}, "POLICY_KNOB_UNFIT"),
        ({**FIRM, "gap_days": "7"}, "POLICY_KNOB_UNFIT"),
        ({**FIRM, "hours": [18, 8]}, "POLICY_KNOB_UNFIT"),
        ({**FIRM, "hours": "all day"}, "POLICY_KNOB_UNFIT"),
        ({**FIRM, "weekdays": [0]}, "POLICY_KNOB_UNFIT"),
        ({**FIRM, "entry_step": 3}, "POLICY_ENTRY_UNFIT"),  # the final notice
        ({**FIRM, "entry_step": 9}, "POLICY_ENTRY_UNFIT"),
        ({**FIRM, "steps": {"one": 1}}, "POLICY_STEPS_UNFIT"),
        ({**FIRM, "steps": ["one"]}, "POLICY_STEP_UNFIT"),
        ({**FIRM, "steps": [{"code": "x"}]}, "POLICY_STEP_UNFIT"),
        ({**FIRM, "steps": [{"code": "x", "days": 1, "colour": 2}]}, "POLICY_STEP_UNFIT"),
        (with_step(is_final="true"), "POLICY_FINAL_UNFIT"),
        (with_step(is_final=1), "POLICY_FINAL_UNFIT"),
        (with_step(is_final=None), "POLICY_FINAL_UNFIT"),
        ({**FIRM, "steps": [FIRM["steps"][0] | {"days": -3}]}, "POLICY_TEMPLATE_TOO_EARLY"),
        (with_step(days=3), "POLICY_STEPS_OVERLAP"),
        (with_step(days=2), "POLICY_STEPS_OVERLAP"),
        (with_step(code="one"), "POLICY_CODE_TWICE"),
        (with_step(channel="fax"), "POLICY_CHANNEL_UNKNOWN"),
        (with_step(template="rude"), "POLICY_TEMPLATE_UNKNOWN"),
        (with_step(days="20"), "POLICY_DAYS_UNFIT"),
        (with_step(days=True), "POLICY_DAYS_UNFIT"),
        (with_step(wait_days=-1), "POLICY_DAYS_UNFIT"),
        (with_step(minimum="NaN"), "POLICY_MINIMUM_UNFIT"),
        (with_step(minimum="-1"), "POLICY_MINIMUM_UNFIT"),
        (with_step(minimum="much"), "POLICY_MINIMUM_UNFIT"),
        (with_step(attachments=["invoice scan"]), "POLICY_ATTACHMENT_UNKNOWN"),
        (with_step(attachments="statement"), "POLICY_ATTACHMENT_UNKNOWN"),
        (with_step(attachments=[{}]), "POLICY_ATTACHMENT_UNKNOWN"),
        (
            {**FIRM, "steps": [FIRM["steps"][2] | {"days": 1}, FIRM["steps"][1]]},
            "POLICY_FINAL_NOT_LAST",
        ),
    ],
)
def test_a_policy_that_can_t_mean_anything(document, code: str) -> None:
    with pytest.raises(PolicyUnfit) as told:
        read(document)
    assert code in {problem["code"] for problem in told.value.facts["problems"]}


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(PolicyUnfit) as told:
        read({"name": "", "steps": [{"code": "x", "days": "a"}], "hours": 3, "colour": 1})
    codes = [problem["code"] for problem in told.value.facts["problems"]]
    assert codes == [
        "POLICY_KEY_UNKNOWN",
        "POLICY_NAME_MISSING",
        "POLICY_TEMPLATE_UNKNOWN",
        "POLICY_DAYS_UNFIT",
        "POLICY_KNOB_UNFIT",
    ]


def test_the_narrowest_choice_holds_and_says_where_it_comes_from() -> None:
    choices = Choices(
        [
            Choice("entity", "", 0, "house"),
            Choice("segment", "retail", 0, "soft"),
            Choice("customer", "", 7, "firm"),
            Choice("item", "", 99, "silent"),
            Choice("segment", "retail", 0, "softer"),  # replaces the earlier one
        ]
    )
    assert choices.told(customer_id=7, segment="retail", item_id=99) == ("silent", "item")
    assert choices.told(customer_id=7, segment="retail") == ("firm", "customer")
    assert choices.told(customer_id=8, segment="retail") == ("softer", "segment")
    assert choices.told(customer_id=8, segment="") == ("house", "entity")
    assert Choices([]).told(customer_id=8, segment="x") == ("gentle", "built in")


def test_every_fault_of_a_step_is_told_at_once_with_its_place() -> None:
    """The defect: what was no step hid what else was wrong, and a quoted "true" meant false."""
    faulty = {"code": "x", "colour": 2, "channel": "fax", "is_final": "true", "minimum": "much"}
    with pytest.raises(PolicyUnfit) as told:
        read({**FIRM, "entry_step": 2, "steps": [FIRM["steps"][0], faulty]})
    assert [(one["where"], one["code"]) for one in told.value.facts["problems"]] == [
        ("step 2", "POLICY_STEP_UNFIT"),
        ("step 2", "POLICY_CHANNEL_UNKNOWN"),
        ("step 2, is_final", "POLICY_FINAL_UNFIT"),
        ("step 2, minimum", "POLICY_MINIMUM_UNFIT"),
    ]
