"""The items of a customer, kept as they come and go: as if they were gathered anew each time."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import age
from duly.cash_application.rules.series import read_series, series_of

ON = date(2026, 3, 10)
CHANGES = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(["put", "put", "pay", "short", "ask"]),
              st.integers(-30, 30), st.sampled_from([0, 0, 0, 3]), st.booleans()),
    min_size=1, max_size=60,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(CHANGES, st.sampled_from([1, 1, 1, 6]))
def test_what_is_kept_is_what_would_be_gathered(changes, odd_one: int) -> None:
    book = Book(())
    for number, what, due, discount, has_other_number in changes:
        open_item = book.items.get(number)
        if what == "put":
            written = "X7" if has_other_number and number % odd_one else f"INV{91_230 + number:08d}"
            book.put(
                OpenItem(number, 1, written, "EUR", 1000 + number, ON, ON + timedelta(due), ON,
                         discount)
            )  # fmt: skip
        elif what != "ask" and open_item is not None:
            book.applied([(number, open_item.open_minor if what == "pay" else 1)])
        if what == "ask":
            assert_is_as_gathered(book)
    assert_is_as_gathered(book)


def assert_is_as_gathered(book: Book) -> None:
    """By age, whether all are plain, and what texts say of their numbers."""
    owned, now = book.owned(1, "EUR"), list(book.items.values())
    assert list(owned.aged) == sorted(now, key=age)
    assert owned.is_plain == (not any(item.discount_minor for item in now))
    assert set(owned.by_id) == set(book.items)
    fresh = series_of(sorted(now, key=lambda item: item.number, reverse=True))
    kept = owned.series
    if kept is not None:
        assert fresh is not None
        assert fresh.items == kept.items
        for text in ("INV00091235", "INV00091253 INV00081240", "INV00091299 INV00901231"):
            told, known = read_series(text, kept, ""), read_series(text, fresh, "")
            assert (told is None) == (known is None)
            if told and known:
                assert [set(m.items) for m in told.mentions] == [
                    set(m.items) for m in known.mentions
                ]
