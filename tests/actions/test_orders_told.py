"""Sales and customers are told by mail when an order waits or may go: issue 5, part 7."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from building import Books
from duly.access.actions import Author, add_user
from duly.collections.actions import judge_messages, save_template
from duly.collections.models import Message, Sending, Task
from duly.collections.rules.handing import Clock
from duly.credit.actions.policies import set_credit_knobs
from duly.interfaces.exchange.holding import retest
from duly.interfaces.exchange.importing import Wanted, import_files
from duly.interfaces.exchange.ordering import OrderTold, cancel, check
from ordering import AT, AUTHOR, ON, books_of_c10

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    """C-10, whose customer is Ann's and has an address; mail leaves."""
    books = books_of_c10()
    books.take_in("customers", "customer_id,name,sales_rep,email\nC1,Oak,ann lee,pay@oak.test\n")
    books.customer("C2", sales_rep="Bert", email="pay@c2.test", credit_limit_minor=100)
    add_user(email="ann@example.org", name="Ann Lee", role="sales", password=None, at=AT)
    Sending.objects.create(
        entity_id=books.entity_id,
        mode="on",
        sender="ar@northwind.test",
        actor="t",
        changed_at=AT,
    )
    return books


SHELL = Author("shell:ann", AT)


def order(books: Books, ref: str = "O-1", customer: str = "C1", amount: str = "22500.00") -> Any:
    return check(books.entity, OrderTold(customer, amount, "USD", ref), ON, AUTHOR)


def tell_customers(books: Books) -> None:
    set_credit_knobs(
        entity_id=books.entity_id, knobs={"orders.tell_customer": "yes"}, on=ON, author=SHELL
    )


def judged(books: Books, at: datetime = AT) -> dict[str, str]:
    """{subject: what becomes of a queued message at a moment}."""
    ids = list(Message.objects.filter(state="queued").values_list("pk", flat=True))
    told = judge_messages(entity=books.entity, message_ids=ids, clock=Clock(at))
    may_go = {one.handover.id for one in told.may_go}
    rows = Message.objects.filter(pk__in=ids)
    return {row.subject: "goes" if row.pk in may_go else row.why_code for row in rows}


def test_who_sells_is_told_once_that_it_waits_and_once_that_it_may_go(books: Books) -> None:
    for _ in range(2):
        order(books)
    (first,) = Message.objects.all()
    assert (first.recipients, first.channel, first.customer_id) == (
        ["ann@example.org"],
        "sales_told",
        0,
    )
    assert first.subject == "Order O-1 of Oak waits"
    assert "is over the limit of USD 50000.00 by USD 1500.00" in first.body
    books.payment("P-9", "C1", "1500.00", on="2026-03-09")
    for _ in range(2):
        retest(books.entity, ON, AUTHOR)
    assert Message.objects.latest("pk").subject == "Order O-1 of Oak may go"
    assert Message.objects.count() == 2


def test_nobody_is_written_to_where_no_user_has_the_name_or_mail_is_off(books: Books) -> None:
    order(books, "O-2", "C2", "90.00")
    assert Task.objects.get().text.startswith("Tell Bert and the customer: order O-2")
    Sending.objects.update(mode="off")
    order(books)
    Sending.objects.update(mode="on")
    set_credit_knobs(
        entity_id=books.entity_id, knobs={"orders.tell_sales": "no"}, on=ON, author=SHELL
    )
    order(books, "O-3")
    assert not Message.objects.exists()
    assert Task.objects.count() == 3


class TestCustomer:
    def test_is_told_only_where_policy_says_so_in_the_firm_s_words(self, books: Books) -> None:
        order(books)
        assert not Message.objects.filter(channel="order_told").exists()
        tell_customers(books)
        save_template(
            entity_id=books.entity_id,
            name="order_waits",
            language="en",
            subject="Wait: {{ entity }}",
            body="{{#items}}{{ number }}{{/items}} over {{ amount }} {{ currency }}",
            actor="t",
            at=AT,
        )
        for _ in range(2):
            order(books, "O-2")
        (told,) = Message.objects.filter(channel="order_told")
        assert (told.body, told.recipients) == ("O-2 over 22,500.00 USD", ["pay@oak.test"])
        assert (told.customer_id, told.step) == (books.customer_id("C1"), "order_waits")

    def test_hears_nothing_at_night_nor_on_a_weekend(self, books: Books) -> None:
        """Nor does who sells; old bank data keeps nothing of an order back."""
        tell_customers(books)
        order(books)
        night, saturday = AT.replace(hour=22), AT + timedelta(days=4)
        assert set(judged(books, night).values()) == {"outside_hours"}
        assert set(judged(books, saturday).values()) == {"quiet_day"}
        assert set(judged(books).values()) == {"goes"}
        assert len(judged(books)) == 2

    def test_is_never_told_what_is_not_so_any_more(self, books: Books) -> None:
        tell_customers(books)
        order(books)
        books.payment("P-9", "C1", "1500.00", on="2026-03-09")
        retest(books.entity, ON, AUTHOR)
        told = judged(books)
        name = books.entity.name
        assert told[f"Your order with {name} waits"] == "order_moved"
        assert told[f"Your order with {name} goes ahead"] == "goes"
        cancel(books.entity, "O-1", ON, AUTHOR)
        assert judged(books)[f"Your order with {name} goes ahead"] == "order_moved"


def test_who_sells_is_told_once_of_all_orders_that_a_file_lets_wait(
    books: Books, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_ref,customer_id,currency,amount,ordered_on\n"
        "O-1,C1,USD,22500.00,2026-03-09\nO-2,C1,USD,23000.00,2026-03-09\n"
    )
    for _ in range(2):
        import_files([path], wanted=Wanted(), actor="t", at=AT)
    (told,) = Message.objects.all()
    assert told.subject == "2 orders wait, or may go"
    assert "order O-1" in told.body
    assert "order O-2" in told.body
    assert Task.objects.count() == 2
