"""Whatever happens to orders, each counts once, and no release passes the limit (I10, pain G3)."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from duly.credit.policy import ORDERS
from duly.credit.rules.exposure import Asked, Book, OrderLeft, Owed, Rates
from duly.credit.rules.limits_in_force import LimitInForce
from duly.credit.rules.order_check import Standing, check
from ordering import ON

MINOR = st.integers(0, 1_000_000)
CUSTOMERS = (1, 2, 3)  # 1 stands above 2, and 2 above 3
OWED = st.builds(Owed, st.sampled_from(CUSTOMERS), st.just("USD"), MINOR, MINOR.map(lambda m: -m))


def book_of(owed: Sequence[Owed], limit: int, now: Sequence[Owed] = ()) -> Book:
    return Book(
        Rates("USD", {}),
        list(owed),
        {},
        {2: 1, 3: 2},
        {1: LimitInForce(limit, "USD", "imported")},
        {},
        {one: f"C{one}" for one in CUSTOMERS},
        now,
    )


@given(st.lists(OWED, max_size=8), st.lists(st.tuples(MINOR, MINOR, MINOR, st.booleans())))
def test_exposure_is_the_sum_of_its_parts(
    owed: list[Owed], orders: list[tuple[int, int, int, bool]]
) -> None:
    book = book_of(owed, 1_000_000)
    for n, (amount, shipped, invoiced, is_prepaid) in enumerate(orders):
        customer_id, ref = CUSTOMERS[n % 3], f"O-{n}"
        out = min(shipped, amount)
        book.put(OrderLeft(n, ref, customer_id, "USD", amount, out, invoiced, is_prepaid))
    one = book.exposure(1)
    told = {part.id: part.minor for part in one.parts}
    assert one.total_minor == sum(told.values())
    assert told["open_items"] == sum(o.items_minor for o in owed)
    assert told["unapplied"] == sum(o.unapplied_minor for o in owed)
    left = [max(o.amount_minor - o.invoiced_minor, 0) for o in book.orders.values()]
    on_credit = [not o.is_prepaid for o in book.orders.values()]
    if all(on_credit):
        assert told["open_orders"] + told["shipped_not_invoiced"] == sum(left)
    assert min(told["open_orders"], told["shipped_not_invoiced"]) >= 0
    below = book.exposure(3)
    assert below.total_minor == sum(p.minor for p in below.parts)


@given(
    st.lists(OWED, max_size=4),
    st.lists(st.tuples(st.sampled_from(CUSTOMERS), st.integers(0, 5), st.integers(1, 400_000))),
    st.integers(0, 1_500_000),
)
def test_no_release_passes_the_limit(
    owed: list[Owed], asked: list[tuple[int, int, int]], limit: int
) -> None:
    book = book_of(owed, limit)
    for customer_id, n, amount in asked:
        there = book.orders.get(f"O-{n}")
        customer_id = there.customer_id if there else customer_id
        one = Asked(customer_id, "USD", amount, f"O-{n}")
        answer = check(book, Standing({}, {}), one, on=ON, policy=ORDERS)
        if answer.decision == "release":
            book.put(OrderLeft(n, one.ref, customer_id, "USD", amount, 0))
            assert book.exposure(1).total_minor <= limit
        else:
            assert book.exposure(1, one).total_minor > limit


@given(
    st.integers(1, 3),
    st.lists(st.integers(1, 2), min_size=3, max_size=3),
    st.lists(
        st.tuples(st.sampled_from(("ship", "invoice", "apply", "pay")), st.integers(0, 2)),
    ),
)
def test_money_on_account_is_never_used_for_more_than_one_prepaid_order(
    money: int, amounts: list[int], steps: list[tuple[str, int]]
) -> None:
    """Whenever orders are invoiced, and whenever money is applied to them or not."""
    received, unapplied = money, money
    shipped: dict[int, int] = {}
    still_open: dict[int, int] = {}
    book = book_of([], 0)
    last = [(step, n) for step in ("ship", "invoice", "ship") for n in range(3)]
    for step, n in [*steps, *last]:
        owed = [Owed(3, "USD", sum(still_open.values()), -unapplied)]
        orders = book.orders
        book = book_of(owed, 0, now=owed)
        for order in orders.values():
            book.put(order)
        one = Asked(3, "USD", amounts[n], f"O-{n}", "ship", is_prepaid=True)
        if step == "ship" and n not in shipped and book.has_money_for(one):
            shipped[n] = amounts[n]
            book.put(OrderLeft(n, one.ref, 3, "USD", amounts[n], amounts[n], is_prepaid=True))
        elif step == "invoice" and n in shipped and n not in still_open:
            still_open[n] = amounts[n]
            book.put(book.orders[one.ref]._replace(invoiced_minor=amounts[n]))
        elif step == "pay":
            received, unapplied = received + 1, unapplied + 1
        elif step == "apply":
            part = min(still_open.get(n, 0), unapplied)
            if part:
                still_open[n] -= part
                unapplied -= part
        assert sum(shipped.values()) <= received
