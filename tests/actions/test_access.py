"""Keys, entry links, people: done once, for those who may."""

from datetime import timedelta

import pytest

from building import FIRST_MOMENT
from duly.access.actions import (
    Author,
    add_user,
    announce,
    change_role,
    close_user,
    issue_entry_link,
    once,
    record_changes,
    redeem_entry_link,
    require,
    set_password,
)
from duly.access.errors import (
    EntryLinkSpent,
    KeyUnusable,
    LastAdministrator,
    NotYourPart,
    UserNameUnfit,
    UserUnknown,
)
from duly.access.models import EntryLink, Event, Request, User
from duly.access.queries import changes_of_several
from duly.kernel.errors import KeyReused, Malformed
from duly.receivables.events import CashApplied

pytestmark = pytest.mark.django_db
AT = FIRST_MOMENT


@pytest.fixture
def anna(db: None) -> User:
    return add_user(
        email=" Anna@Firm.Example ", name="Anna Alba", role="clerk", password=None, at=AT
    )


class TestKeys:
    def do(self, key: str | None, given: object, done: list[int], command: str = "pay") -> dict:
        def act() -> dict:
            done.append(1)
            return {"id": len(done), "amount": "1.00"}

        return once(key=key, command=command, given=given, at=AT, act=act)

    def test_the_first_result_comes_again(self) -> None:
        done: list[int] = []
        assert self.do("k", [1], done) == self.do("k", [1], done) == {"id": 1, "amount": "1.00"}
        assert len(done) == 1

    @pytest.mark.parametrize("given", [[2], ["1"], [1, None], {"1": 1}])
    def test_other_input_is_refused(self, given: object) -> None:
        done: list[int] = []
        self.do("k", [1], done)
        with pytest.raises(KeyReused):
            self.do("k", given, done)
        assert len(done) == 1

    def test_another_command_is_other_input(self) -> None:
        done: list[int] = []
        self.do("k", [1], done)
        with pytest.raises(KeyReused):
            self.do("k", [1], done, command="refund")

    def test_without_a_key_it_is_done_each_time(self) -> None:
        done: list[int] = []
        self.do(None, [1], done)
        self.do("", [1], done)
        assert len(done) == 2
        assert Request.objects.count() == 0

    def test_a_refusal_keeps_no_key_and_leaves_nothing(self) -> None:
        def act() -> dict:
            add_user(email="x@x.example", name="X", role="viewer", password=None, at=AT)
            raise Malformed("No.")

        with pytest.raises(Malformed):
            once(key="k", command="c", given=1, at=AT, act=act)
        assert (Request.objects.count(), User.objects.count()) == (0, 0)

    @pytest.mark.parametrize("key", ["k" * 256, "two\nlines", "\x00", "\ud800"])
    def test_a_key_that_cannot_be_kept_is_refused(self, key: str) -> None:
        done: list[int] = []
        with pytest.raises(KeyUnusable):
            self.do(key, [1], done)
        assert done == []

    @pytest.mark.parametrize("key", ["k" * 255, "März 31 / 7", "😀"])
    def test_any_other_is_kept(self, key: str) -> None:
        done: list[int] = []
        assert self.do(key, [1], done) == self.do(key, [1], done)
        assert done == [1]

    def test_the_first_telling_is_the_second(self) -> None:
        def act() -> dict:
            return {"on": AT.date(), "pair": (1, 2)}

        first, second = (once(key="k", command="c", given=1, at=AT, act=act) for _ in range(2))
        assert first == second == {"on": "2026-01-01", "pair": [1, 2]}


class TestEntryLinks:
    def test_a_link_opens_once(self, anna: User) -> None:
        secret = issue_entry_link(email="ANNA@firm.example", at=AT)
        assert redeem_entry_link(secret=secret, at=AT + timedelta(hours=11)) == anna
        with pytest.raises(EntryLinkSpent):
            redeem_entry_link(secret=secret, at=AT + timedelta(hours=11))

    @pytest.mark.parametrize("hours", [12, 13, 10_000])
    def test_an_old_link_opens_nothing(self, anna: User, hours: int) -> None:
        secret = issue_entry_link(email=anna.email, at=AT)
        with pytest.raises(EntryLinkSpent):
            redeem_entry_link(secret=secret, at=AT + timedelta(hours=hours))

    def test_the_secret_is_not_kept(self, anna: User) -> None:
        secret = issue_entry_link(email=anna.email, at=AT)
        assert secret not in str(EntryLink.objects.values())
        for near in (secret[:-1], secret + "A", "", EntryLink.objects.get().digest):
            with pytest.raises(EntryLinkSpent):
                redeem_entry_link(secret=near, at=AT)

    def test_strangers_and_those_who_left_get_none(self, anna: User) -> None:
        with pytest.raises(UserUnknown):
            issue_entry_link(email="nobody@firm.example", at=AT)
        User.objects.update(is_active=False)
        with pytest.raises(UserUnknown):
            issue_entry_link(email=anna.email, at=AT)

    def test_a_link_dies_with_its_user(self, anna: User) -> None:
        secret = issue_entry_link(email=anna.email, at=AT)
        User.objects.update(is_active=False)
        with pytest.raises(EntryLinkSpent):
            redeem_entry_link(secret=secret, at=AT)


class TestPeople:
    def test_an_address_is_one_in_any_case(self, anna: User) -> None:
        assert anna.email == "anna@firm.example"
        assert not anna.has_usable_password()
        set_password(email="ANNA@FIRM.example", password="a long sentence")
        assert User.objects.get().check_password("a long sentence")
        with pytest.raises(UserUnknown):
            set_password(email="b@firm.example", password="x")

    def test_who_may_not_is_told_so(self, anna: User) -> None:
        require(user=anna, act="apply")
        with pytest.raises(NotYourPart) as refusal:
            require(user=anna, act="lock_period")
        assert refusal.value.facts == {"act": "lock_period", "role": "clerk"}


def test_changes_are_kept_newest_first(db: None) -> None:
    for n in range(2):
        record_changes(
            noun="customer",
            changes=[(7, {"name": str(n)}, {"name": str(n + 1)}), (8, {}, {})],
            author=Author("anna", AT, n),
        )
    assert [(c.before, c.after, c.batch_id) for c in changes_of_several({"customer": [7]})] == [
        ({"name": "1"}, {"name": "2"}, 1),
        ({"name": "0"}, {"name": "1"}, 0),
    ]


def test_an_event_is_written_with_its_facts(db: None) -> None:
    announce(event=CashApplied(1, 2, 3), at=AT)
    event = Event.objects.get()
    assert (event.name, event.facts) == (
        "CashApplied",
        {"batch_id": 1, "entity_id": 2, "count": 3},
    )


class TestWhoMaySignIn:
    def admin(self, email: str) -> User:
        return add_user(email=email, name="Ada", role="admin", password=None, at=AT)

    def test_the_last_administrator_stays(self, anna: User) -> None:
        self.admin("ada@firm.example")
        for act in (
            lambda: close_user(email="ada@firm.example", author=Author("test", AT)),
            lambda: change_role(email="ada@firm.example", role="clerk", author=Author("test", AT)),
        ):
            with pytest.raises(LastAdministrator):
                act()
        self.admin("eve@firm.example")
        close_user(email="ada@firm.example", author=Author("test", AT))
        close_user(email="ada@firm.example", author=Author("test", AT))  # gone: it changes nothing
        with pytest.raises(LastAdministrator):
            close_user(email="eve@firm.example", author=Author("test", AT))

    @pytest.mark.parametrize("name", ["", "  ", "x" * 121, "A\x07da", "adA\u202e", "\u2066Ada"])
    def test_a_name_is_one_that_can_be_shown(self, name: str) -> None:
        with pytest.raises(UserNameUnfit):
            add_user(email="x@firm.example", name=name, role="viewer", password=None, at=AT)

    @pytest.mark.parametrize("name", ["Zoë", "می\u200cخواهم", "李 小龙"])
    def test_a_name_of_any_script_is_taken(self, name: str) -> None:
        person = add_user(email="x@firm.example", name=name, role="viewer", password=None, at=AT)
        assert person.name == name
