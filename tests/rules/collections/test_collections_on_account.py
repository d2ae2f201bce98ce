"""What is told of money on account: every language has its text, with the figures of the books."""

from datetime import date

import pytest

from duly.collections.errors import PolicyUnfit
from duly.collections.rules.on_account import TEXTS, LeftOver, never_told, write_on_account
from duly.collections.rules.policies import document_of, read_policy
from duly.kernel.locales import LANGUAGES, locale_of

DAY = date(2026, 3, 10)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_its_text(language: str) -> None:
    assert set(TEXTS) == set(LANGUAGES)
    subject, body = write_on_account(
        customer="Acme\nLtd",
        entity="Northwind",
        currency="EUR",
        decimals=2,
        left=[LeftOver(1, "P-1", DAY, 1234567), LeftOver(2, "P-2", DAY, 50)],
        on=DAY,
        locale=locale_of(language, ""),
    )
    told = locale_of(language, "").money(1234617, 2)
    assert told in subject
    assert told in body
    assert "P-2" in body
    assert "{{" not in subject + body
    assert "Acme Ltd" in body


def test_only_what_is_still_so_leaves() -> None:
    given = {"told": {1: 50}, "barred": None, "recipients": ("a@b.example",)}
    same = ("a@b.example",)
    assert never_told(free={1: 50}, addressed=same, **given) is None
    for free in ({1: 49}, {1: 51}, {}):
        reason = never_told(free=free, addressed=same, **given)
        assert reason is not None
        assert reason.code == "used"
    reason = never_told(free={1: 50}, addressed=(), **given)
    assert reason is not None
    assert reason.code == "changed"


def test_the_knobs_of_a_policy() -> None:
    told = {"name": "n", "steps": [], "tell_on_account": True, "returned_payment_fee": "7.50"}
    policy = read_policy(told, version=1, valid_from=DAY, templates=[])
    assert policy.tell_on_account
    again = read_policy(document_of(policy), version=1, valid_from=DAY, templates=[])
    assert again == policy
    for knob, wrong in (("tell_on_account", "true"), ("returned_payment_fee", "-1")):
        with pytest.raises(PolicyUnfit):
            read_policy(told | {knob: wrong}, version=1, valid_from=DAY, templates=[])
