"""Numbers of one series, mistyped or not, read at once: exactly as sign by sign."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import Numbers
from duly.cash_application.rules.series import read_series, series_of

ON = date(2026, 3, 10)
SERIES = st.sampled_from(
    [
        ("INV", 8, 12_340_000),
        ("INV", 8, 0),
        ("RE", 6, 0),
        ("RE2025", 4, 0),
        ("F", 7, 0),
        ("AA", 9, 0),
    ]
)
NUMBERS = st.lists(st.integers(1, 4000) | st.integers(1, 30), min_size=1, max_size=12, unique=True)
PLACES = st.tuples(
    st.integers(0, 11),
    st.sampled_from(["", "", "digit", "power", "swap", "less", "more", "other", "sign"]),
    st.integers(0, 9),
    st.integers(0, 8),
)


def items_of(series: tuple[str, int, int], numbers: list[int]) -> list[OpenItem]:
    """Open items of a series."""
    head, digits, first = series
    return [
        OpenItem(n, 1, f"{head}{first + number:0{digits}d}", "EUR", 100 + n, ON, ON)
        for n, number in enumerate(numbers)
    ]


def mistyped(number: str, how: str, digit: int, at: int) -> str:
    """A number as somebody may write it."""
    at = min(at, len(number) - 2)
    head, sign, rest = number[:at], number[at], number[at + 1 :]
    ways = {
        "digit": f"{head}{digit}{rest}",
        "swap": f"{head}{rest[:1]}{sign}{rest[1:]}",
        "less": head + rest,
        "more": f"{head}{sign}{digit}{rest}",
        "sign": f"{head}X{rest}",
        "other": f"{number[:3]}{digit * 1_111_111:05d}",
        "power": number[:-4] + f"{(int(number[-4:]) + 10 ** (digit % 4)) % 10_000:04d}",
    }
    return ways.get(how, number)


@settings(max_examples=300, deadline=None)
@given(SERIES, NUMBERS, st.lists(PLACES, min_size=1, max_size=4), st.data())
def test_it_says_what_is_read_sign_by_sign(series, numbers, places, data) -> None:
    items = items_of(series, numbers)
    words = [
        mistyped(items[which % len(items)].number, how, digit, at)
        for which, how, digit, at in places
    ]
    joint = data.draw(st.sampled_from([" ", ", ", " + ", "/", "-", " TO "]))
    before = data.draw(st.sampled_from(["", "SEPA CT /RFB/ ", "NO ", "PAYMENT ", "x ", "FA "]))
    after = data.draw(st.sampled_from(["", " THANK YOU", " A", "IN", " INVOICE", " 12", " 2345"]))
    text = before + joint.join(words) + after
    told = read_series(text, series_of(items), "17")
    if told is not None:
        assert told == Numbers(items).read(text, ignore=["17"])


def test_a_sign_wrong_is_one_item_and_an_unknown_number_is_told() -> None:
    items = items_of(("INV", 8, 12_340_000), [17, 234, 1_250])
    series = series_of(items)
    told = read_series("SEPA CT /RFB/ INV12340234 INV12341259 INV99887766 THANK YOU", series, "")
    assert told is not None
    assert [(m.items[0].id, m.how) for m in told.mentions] == [(1, "full"), (2, "typo")]
    assert told.unknown == ("99887766",)


def test_it_says_nothing_where_more_may_be_meant() -> None:
    items = items_of(("INV", 8, 12_340_000), [17, 234, 1_250])
    for text in (
        "INV12340234-INV12341250",  # a range
        "INV12340234 1250",  # the end of a number
        "INV00341250",  # its digits are the end of one but for zeros
        "NO INV12340235",  # a short word may belong to it
        "INV12340234 IN",  # the beginning of one
        "RE12340234",
        "THANK YOU",
    ):
        assert read_series(text, series_of(items), "") is None
    twice = series_of([*items, items[0]._replace(id=9)])
    assert read_series("INV12340234", twice, "") is None
