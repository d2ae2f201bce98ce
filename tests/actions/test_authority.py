"""Up to what amount a role may do an act: what is set holds wherever the act is done."""

import pytest

from building import FIRST_MOMENT
from duly.access.actions import Author, add_user, lift_authority, require_authority, set_authority
from duly.access.errors import AuthorityExceeded, AuthorityUnfit
from duly.access.models import Change, User
from duly.access.queries import authority_of
from duly.kernel.money import Money

pytestmark = pytest.mark.django_db
ADA = Author("ada", FIRST_MOMENT)


def person(name: str, role: str) -> User:
    email = f"{name.lower()}@firm.example"
    return add_user(email=email, name=name, role=role, password=None, at=FIRST_MOMENT)


def allow(role: str, amount: str, currency: str = "EUR", act: str = "credit") -> None:
    set_authority(role=role, act=act, up_to=Money.parse(amount, currency), author=ADA)


def test_without_an_amount_the_role_alone_decides() -> None:
    require_authority(user=person("Mia", "manager"), act="credit", money=Money(10**12, "EUR"))
    require_authority(user=None, act="credit", money=Money(10**12, "EUR"))
    with pytest.raises(AuthorityExceeded):
        require_authority(user=person("Cleo", "clerk"), act="credit", money=Money(1, "EUR"))


def test_above_it_is_refused_and_who_may_is_named() -> None:
    allow("manager", "500")
    allow("director", "9000")
    mia = person("Mia", "manager")
    person("Dora", "director")
    person("Adam", "admin")
    require_authority(user=mia, act="credit", money=Money(500_00, "EUR"))
    with pytest.raises(AuthorityExceeded) as refused:
        require_authority(user=mia, act="credit", money=Money(500_01, "EUR"))
    assert refused.value.facts["who_may"] == ["Adam", "Dora"]
    assert refused.value.remedy == "Ask Adam or Dora to do it."
    with pytest.raises(AuthorityExceeded) as refused:
        require_authority(user=mia, act="credit", money=Money(9000_01, "EUR"))
    assert refused.value.facts["who_may"] == ["Adam"]


def test_a_currency_nobody_spoke_of_is_not_free() -> None:
    allow("manager", "500")
    assert authority_of("manager", "credit", "EUR") == 500_00
    assert authority_of("manager", "credit", "USD") == 0
    assert authority_of("director", "credit", "USD") is None


def test_it_is_set_anew_and_lifted_and_the_trail_knows() -> None:
    allow("manager", "500")
    allow("manager", "700")
    lift_authority(role="manager", act="credit", currency="EUR", author=ADA)
    assert authority_of("manager", "credit", "EUR") is None
    kept = [(row.before.get("up_to_minor"), row.after.get("up_to_minor"), row.actor)
            for row in Change.objects.filter(noun="authority").order_by("id")]  # fmt: skip
    assert kept == [(None, 500_00, "ada"), (500_00, 700_00, "ada"), (700_00, None, "ada")]


def test_what_would_mean_nothing_is_refused() -> None:
    for role, act, amount in (("clerk", "credit", "5"), ("manager", "void", "5"),
                              ("manager", "credit", "-5")):  # fmt: skip
        with pytest.raises(AuthorityUnfit):
            allow(role, amount, act=act)
    with pytest.raises(AuthorityUnfit):
        lift_authority(role="manager", act="credit", currency="EUR", author=ADA)
