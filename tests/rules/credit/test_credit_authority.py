"""What rules say of authority, notices, knobs and limits that grow or shrink."""

from datetime import date
from decimal import Decimal

import pytest

from duly.access.rules.authority import Limit
from duly.credit.errors import CreditKnobUnfit, StatementsMissing
from duly.credit.policy import DECISIONS, OrderPolicy
from duly.credit.rules.authority import Earlier, Powers, Rates, counted
from duly.credit.rules.deciding import refuse_without_statements
from duly.credit.rules.graduating import Record, propose_change
from duly.credit.rules.knobs import applied, told
from duly.credit.rules.notices import NoticeFacts, answer_due_on, write_notice
from duly.kernel.money import Money

ON = date(2026, 3, 10)
POWERS = Powers((), DECISIONS, Rates("EUR", {"USD": Decimal("1.25"), "JPY": Decimal(160)}))


@pytest.mark.parametrize(
    ("amount", "roles"),
    [
        (Money(10_000_00, "EUR"), ["analyst", "manager", "director", "admin"]),
        (Money(10_000_01, "EUR"), ["manager", "director", "admin"]),
        (Money(250_000_00, "EUR"), ["director", "admin"]),
        (Money(250_000_01, "EUR"), []),
    ],
)
def test_the_matrix_of_section_6(amount: Money, roles: list[str]) -> None:
    assert POWERS.roles_for(amount) == roles


def test_what_is_set_counts_in_its_own_currency() -> None:
    powers = POWERS._replace(limits=[Limit("manager", "USD", 500_00)])
    assert powers.currency_for("USD") == "USD"
    assert powers.up_to("manager", "USD") == 500_00
    assert powers.up_to("director", "USD") is None


@pytest.mark.parametrize(
    ("money", "standing", "earlier", "minor"),
    [
        (Money(100_00, "EUR"), None, [], 100_00),
        (Money(100_00, "EUR"), None, [Earlier(ON, "EUR", 5_00)], 105_00),
        (Money(100_00, "EUR"), None, [Earlier(date(2026, 2, 8), "EUR", 5_00)], 100_00),
        (Money(100_00, "EUR"), Money(100_00, "EUR"), [Earlier(ON, "EUR", 5_00)], 100_00),
        (Money(125_00, "USD"), None, [Earlier(ON, "JPY", 1600)], 110_00),
    ],
)
def test_what_is_counted(
    money: Money, standing: Money | None, earlier: list[Earlier], minor: int
) -> None:
    assert counted(money, standing, earlier, ON, POWERS) == Money(minor, "EUR")


def test_the_statement_threshold() -> None:
    above = Money(25_000_01, "EUR")
    refuse_without_statements(above, True, DECISIONS)
    refuse_without_statements(Money(25_000_00, "EUR"), False, DECISIONS)
    with pytest.raises(StatementsMissing):
        refuse_without_statements(above, False, DECISIONS)


FACTS = NoticeFacts(
    applicant="Ostler",
    our_name="Northwind",
    country="US",
    is_natural_person=False,
    verdict="decline",
    amount="USD 0.00",
    asked="USD 9000.00",
    reason_codes=["young_firm"],
    conditions=[],
    is_offer=False,
    used_consumer_report=False,
    submitted_on=date(2026, 2, 24),
    answer_days=30,
)


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({}, ("us_reg_b_reasons",)),
        ({"verdict": "approve"}, ()),
        ({"country": "DE"}, ()),
        ({"country": "DE", "is_natural_person": True}, ("gdpr_art_22",)),
        ({"country": "GB", "is_natural_person": True, "verdict": "approve"}, ()),
        (
            {"is_natural_person": True, "used_consumer_report": True},
            ("us_reg_b_reasons", "us_fcra_report"),
        ),
    ],
)
def test_the_law_s_words_by_country_and_person(
    change: dict[str, object], rules: tuple[str, ...]
) -> None:
    told = write_notice(FACTS._replace(**change))  # type: ignore[arg-type]
    assert told.rules == rules
    assert told.due_on == answer_due_on(date(2026, 2, 24), 30) == date(2026, 3, 26)


@pytest.mark.parametrize(
    ("record", "origin", "minor"),
    [
        (Record(10_00, ON, [True, True, True], ON), "graduate", 20_00),
        (Record(10_00, ON, [False, True, True, True], ON), "graduate", 20_00),
        (Record(10_00, ON, [True, True], ON), None, 0),
        (Record(50_00, ON, [True] * 9, ON), None, 0),
        (Record(50_00, ON, [True, False, False], ON), "shrink", 25_00),
        (Record(50_00, ON, [True, False], ON), None, 0),
        (Record(50_00, date(2024, 1, 1), [True], date(2025, 3, 10)), "dormant", 0),
        (Record(0, date(2024, 1, 1), [], None), None, 0),
    ],
)
def test_limits_that_grow_shrink_or_sleep_are_proposed(
    record: Record, origin: str | None, minor: int
) -> None:
    change = propose_change(record, ON, DECISIONS, starter_top_minor=10_00)
    assert (change and change.origin) == origin
    assert change is None or change.minor == minor


def test_knobs_are_read_and_told() -> None:
    policy = applied(DECISIONS, {"authority.manager": "60000", "auto_up_to": "500"})
    assert told(policy)["authority.manager"] == "60000"
    assert applied(policy, {"auto_up_to": ""}).auto_up_to is None
    assert applied(policy, {"orders.needs_limit": "no", "orders.late_days": "5"}).orders == (
        OrderPolicy(needs_limit=False, late_days=5)
    )
    assert told(policy)["orders.needs_limit"] == "yes"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("split_days", "1.5"),
        ("split_days", "x"),
        ("split_days", "NaN"),
        ("answer_days", "31"),
        ("authority.sales", "5"),
        ("authority.clerk", "5"),
        ("combine", "maximum"),
        ("nothing", "5"),
        ("band_percents.A", "101"),
        ("step", ""),
        ("orders.late_days", "-1"),
        ("orders.needs_limit", "perhaps"),
        ("orders.never_released", "limit"),
    ],
)
def test_knobs_outside_their_range_are_refused(name: str, value: str) -> None:
    with pytest.raises(CreditKnobUnfit):
        applied(DECISIONS, {name: value})
