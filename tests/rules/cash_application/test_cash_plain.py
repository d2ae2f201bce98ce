"""The commonest payment, matched at once: exactly as by reading and searching."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from duly.cash_application.policy import STANDARD
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem
from duly.cash_application.rules.matching import AUTO, PLAIN, Proposal, propose, searched
from duly.cash_application.rules.payers import Directory
from duly.cash_application.rules.plain import alone, plainly

ON = date(2026, 3, 10)
ALDER = Customer(1, "C1", "Alder Foods GmbH", ("A1",))
BALTIC = Customer(2, "C2", "Baltic Steel Ltd", ("A2",))
CHILD = Customer(3, "C3", "Alder Polska", ("A3",), parent_id=1)
DIRECTORY = Directory([ALDER, BALTIC, CHILD])
NUMBERS = st.builds(
    "{}{}{:06d}".format,
    st.sampled_from(["INV-", "INV", "RE25", "", "2025-"]),
    st.sampled_from(["", "", "0", "CN"]),
    st.integers(1, 300),
)
ITEMS = st.lists(
    st.tuples(
        st.integers(1, 3), NUMBERS, st.sampled_from([100, 250, 250, -50, 333]), st.booleans(),
        st.integers(-60, 20),
    ),
    min_size=1, max_size=9,
)  # fmt: skip


def told_of(proposal: Proposal) -> tuple:
    """All that a reader sees of a proposal."""
    fields = ("decision", "customer", "on_account", "confidence", "unique", "way", "refused")
    told = tuple(getattr(proposal, field) for field in fields)
    lines = tuple(sorted(proposal.lines))
    return (*told, lines, proposal.because, proposal.against, sorted(proposal.let_go))


@settings(max_examples=100, deadline=None)
@given(ITEMS, st.data())
def test_named_in_full_the_proposal_is_the_same_at_once_and_by_searching(drawn, data) -> None:
    items = items_of(drawn)
    chosen = data.draw(st.lists(st.sampled_from(items), min_size=1, max_size=4, unique=True))
    joint = data.draw(st.sampled_from([" ", ", ", " + ", "/"]))
    written = data.draw(st.sampled_from([str, lambda n: n.replace("-", ""), lambda n: n.lower()]))
    text = data.draw(st.sampled_from(["", "RE ", "SEPA CT "])) + joint.join(
        written(item.number) for item in chosen
    )
    assert_is_the_same(items, sum(item.open_minor for item in chosen), text)


@settings(max_examples=100, deadline=None)
@given(ITEMS, st.data(), st.integers(0, 2_000_000))
def test_without_a_name_the_proposal_is_the_same_too(drawn, data, more) -> None:
    items = [
        one._replace(open_minor=one.open_minor * (7_919 + more) + n * more, discount_minor=0)
        for n, one in enumerate(items_of(drawn))
    ]
    chosen = data.draw(st.lists(st.sampled_from(items), min_size=1, max_size=3, unique=True))
    text = data.draw(st.sampled_from(["", "PAYMENT", "CUST 1", "TRANSFER 001", "INVOICES 12345"]))
    assert_is_the_same(items, sum(item.open_minor for item in chosen), text)


def items_of(drawn: list[tuple]) -> list[OpenItem]:
    """Open items as they were drawn."""
    return [
        OpenItem(
            n, customer, number, "EUR", minor, ON - timedelta(days=90), ON + timedelta(days=due),
            ON if has_discount and minor > 0 else None, 2 if has_discount and minor > 0 else 0,
        )
        for n, (customer, number, minor, has_discount, due) in enumerate(drawn)
    ]  # fmt: skip


def assert_is_the_same(items: list[OpenItem], minor: int, text: str) -> None:
    """What is told at once is what reading and searching tell."""
    for customer in (ALDER, BALTIC, BALTIC._replace(earliest_days=-5)):
        directory = Directory([customer, CHILD])
        payment = BankPayment(1, ON, max(minor, 1), "EUR", "", customer.accounts[0], text)
        book = Book(items)
        at_once = propose(payment, directory, book, (), STANDARD)
        by_search = searched(payment, directory.identify(payment), directory, book, None, STANDARD)
        assert told_of(at_once) == told_of(by_search)


def test_it_is_taken_where_all_is_named_in_full() -> None:
    items = [OpenItem(n, 1, f"INV-10000{n}", "EUR", 100 + n, ON, ON) for n in range(5)]
    payment = BankPayment(1, ON, 203, "EUR", "", "A1", "INV-100001 INV-100002")
    assert plainly(payment, ALDER, DIRECTORY, Book(items)) is not None
    told = propose(payment, DIRECTORY, Book(items), (), STANDARD)
    assert (told.decision, told.way, told.unique) == (AUTO, PLAIN, True)
    for text in ("INV-100001", "INV-100001 INV-100002 777", "INV-100001 AND 2"):
        other = payment._replace(text=text)
        assert plainly(other, ALDER, DIRECTORY, Book(items)) is None


def test_one_sum_alone_is_taken_where_nothing_is_named() -> None:
    items = [OpenItem(n, 2, f"INV-10000{n}", "EUR", 7_919 * n * n, ON, ON) for n in range(1, 6)]
    book = Book(items)
    payment = BankPayment(1, ON, 7_919 * 13, "EUR", "", "A2", "THANK YOU")
    assert alone(payment, BALTIC, DIRECTORY, book) is not None
    told = propose(payment, DIRECTORY, book, (), STANDARD)
    assert (told.decision, {line.item_id for line in told.lines}) == (AUTO, {2, 3})
    for other in (
        payment._replace(text="INV-100001"),
        payment._replace(minor=7_919 * 25),  # of one, or of two others
        payment._replace(minor=7_919 * 2),
    ):
        assert alone(other, BALTIC, DIRECTORY, book) is None
