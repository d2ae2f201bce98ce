"""When statements are due, and by which way each leaves."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from duly.collections.policy import DeliveryPolicy
from duly.collections.rules.addressing import Addressed
from duly.collections.rules.reasons import DO_NOT_CONTACT, NO_ADDRESS, PAID, Reason
from duly.collections.rules.statement_days import (
    RHYTHMS,
    Rhythm,
    last_due,
    next_due,
    period_to,
    read_rhythm,
)
from duly.collections.rules.statement_texts import STATEMENT, write_statement_mail
from duly.collections.rules.statement_ways import (
    BELOW_MINIMUM,
    LEFT_OUT,
    MAIL,
    NO_POST_ADDRESS,
    NOT_OVERDUE,
    NOTHING_TO_TELL,
    OTHER_CURRENCY,
    POST,
    Balance,
    Narrow,
    Way,
    never_leaves,
    unfit,
    way_of,
)
from duly.collections.rules.templates import check
from duly.kernel.calendar import is_business_day
from duly.kernel.locales import LANGUAGES, locale_of

GERMAN = partial(is_business_day, country="DE")
YEAR_END = date(2025, 12, 31)


@pytest.mark.parametrize(
    ("code", "after", "days"),
    [
        ("1", YEAR_END, ["2026-01-01", "2026-02-01", "2026-03-01"]),
        ("30", date(2026, 1, 30), ["2026-02-28", "2026-03-30", "2026-04-30"]),
        ("last-day", date(2028, 1, 31), ["2028-02-29", "2028-03-31", "2028-04-30"]),
        # 31 January and 28 February are Saturdays; 29 May 2026 is a Friday.
        ("last-business-day", YEAR_END, ["2026-01-30", "2026-02-27", "2026-03-31"]),
        ("last-business-day", date(2026, 4, 30), ["2026-05-29", "2026-06-30", "2026-07-31"]),
        ("last-business-day", date(2026, 1, 30), ["2026-02-27", "2026-03-31", "2026-04-30"]),
        ("monday", date(2026, 3, 9), ["2026-03-16", "2026-03-23", "2026-03-30"]),
        ("sunday", date(2026, 3, 9), ["2026-03-15", "2026-03-22", "2026-03-29"]),
    ],
)
def test_due_days(code: str, after: date, days: list[str]) -> None:
    rhythm = read_rhythm(code)
    assert rhythm is not None
    assert rhythm.code == code
    assert [on.isoformat() for on in next_due(rhythm, after, GERMAN, 3)] == days


@pytest.mark.parametrize("rhythm", RHYTHMS, ids=lambda one: one.code)
def test_periods_follow_on_without_a_gap(rhythm: Rhythm) -> None:
    days = next_due(rhythm, date(2026, 1, 1), GERMAN, 14)
    for before, due_on in zip(days, days[1:], strict=False):
        assert period_to(rhythm, due_on, GERMAN) == before + timedelta(days=1)
        assert last_due(rhythm, due_on, GERMAN) == due_on
        assert last_due(rhythm, due_on - timedelta(days=1), GERMAN) == before


@pytest.mark.parametrize(
    ("balances", "narrow", "why"),
    [
        ([], Narrow(), NOTHING_TO_TELL),
        ([("EUR", 5_000, 0)], Narrow(), None),
        ([("EUR", -5_000, 0)], Narrow(), None),
        ([("EUR", 5_000, 0)], Narrow(currency="USD"), OTHER_CURRENCY),
        ([("EUR", 5_000, 0)], Narrow(is_overdue=True), NOT_OVERDUE),
        ([("EUR", 5_000, 0), ("USD", 1, 1)], Narrow("EUR", is_overdue=True), NOT_OVERDUE),
        ([("EUR", 5_000, 1)], Narrow(minimum=Decimal("50.00")), None),
        ([("EUR", 4_999, 1)], Narrow(minimum=Decimal("50.00")), BELOW_MINIMUM),
        ([("JPY", 50, 0)], Narrow(minimum=Decimal(50)), None),
        # Overdue in one currency and large in another is neither.
        ([("EUR", 5, 5), ("USD", 9_000, 0)], Narrow(None, Decimal(50), True), BELOW_MINIMUM),
    ],
)
def test_what_must_be_told(
    balances: list[tuple[str, int, int]], narrow: Narrow, why: Reason | None
) -> None:
    assert unfit([Balance(*one) for one in balances], narrow) == why


REACHED = Addressed(("ap@c.example",), None, "en")
UNREACHED = Addressed((), NO_ADDRESS, "en")
REFUSED = Addressed((), DO_NOT_CONTACT, "en")
LEGAL = Reason("legal", "Stay")


@pytest.mark.parametrize(
    ("delivery", "addressed", "has_post", "barred", "way"),
    [
        (MAIL, REACHED, False, None, Way(MAIL)),
        (MAIL, UNREACHED, True, None, Way(POST, NO_ADDRESS)),
        (MAIL, UNREACHED, False, None, Way(LEFT_OUT, NO_POST_ADDRESS)),
        (MAIL, REFUSED, True, None, Way(LEFT_OUT, DO_NOT_CONTACT)),
        (MAIL, REACHED, True, LEGAL, Way(LEFT_OUT, LEGAL)),
        (POST, REACHED, True, None, Way(POST)),
        (POST, REACHED, False, None, Way(LEFT_OUT, NO_POST_ADDRESS)),
        (POST, REFUSED, True, None, Way(LEFT_OUT, DO_NOT_CONTACT)),
        (POST, REACHED, True, LEGAL, Way(LEFT_OUT, LEGAL)),
    ],
)
def test_by_which_way(
    delivery: str, addressed: Addressed, has_post: bool, barred: Reason | None, way: Way
) -> None:
    assert way == way_of(
        why_unfit=None,
        barred=barred,
        delivery=delivery,
        addressed=addressed,
        has_post_address=has_post,
    )


def test_what_never_leaves() -> None:
    def told(**changed: object) -> Reason | None:
        given = {
            "barred": None,
            "addressed": REACHED,
            "is_settled": False,
            "waited": timedelta(14),
            "policy": DeliveryPolicy(),
        } | changed
        return never_leaves(**given)  # type: ignore[arg-type]

    assert told() is None
    assert told(barred=LEGAL) == LEGAL
    assert told(is_settled=True) == PAID
    assert told(addressed=REFUSED) == DO_NOT_CONTACT
    assert told(addressed=Addressed(("new@c.example",), None, "en")) is None  # written anew
    stale = told(waited=timedelta(15))
    assert stale is not None
    assert stale.code == "too_old"


def test_the_text_states_no_amount_and_has_six_languages() -> None:
    assert set(STATEMENT) == set(LANGUAGES)
    for text in STATEMENT.values():
        assert {one.code for one in check(*text)} == {"TEMPLATE_AMOUNT_MISSING"}
    subject, body = write_statement_mail(
        customer="Evil\r\nBcc: spy@x.example",
        entity="{{ today }}",
        on=YEAR_END,
        locale=locale_of("fr", "FR"),
    )
    assert subject == "Relevé de compte de {{ today }}, 31 décembre 2025"
    assert "Bonjour Evil Bcc: spy@x.example," in body
