"""Clocks of securities, as tables: UCC-1, PMSI, liens, letters of credit."""

from datetime import date

import pytest

from duly.credit.rules.clocks import LIENS, Clock, Held, Window, windows_of

D = date


def windows(held: Held) -> list[tuple[str, date, date]]:
    return [(one.name, one.opens_on, one.due_on) for one in windows_of(held)]


@pytest.mark.parametrize(
    ("done", "opens_on", "due_on"),
    [
        ([], D(2030, 9, 10), D(2031, 3, 10)),
        ([D(2030, 9, 10)], D(2035, 9, 10), D(2036, 3, 10)),
        ([D(2031, 3, 10)], D(2035, 9, 10), D(2036, 3, 10)),
        ([D(2030, 9, 9)], D(2030, 9, 10), D(2031, 3, 10)),  # too early: it does not count
        ([D(2031, 3, 11)], D(2030, 9, 10), D(2031, 3, 10)),  # too late
        ([D(2030, 10, 1), D(2035, 12, 1)], D(2040, 9, 10), D(2041, 3, 10)),
    ],
)
def test_a_ucc1_lapses_in_five_years_and_is_continued_in_the_last_six_months(
    done: list[date], opens_on: date, due_on: date
) -> None:
    held = Held("ucc1", D(2026, 3, 10), done={"continuation": done})
    assert windows(held) == [("continuation", opens_on, due_on)]


def test_a_pmsi_in_equipment_is_filed_within_twenty_days_of_delivery() -> None:
    held = Held("pmsi", D(2026, 3, 1), dates={"delivered": D(2026, 3, 10)})
    assert windows(held) == [("filing", D(2026, 3, 1), D(2026, 3, 30))]


def test_a_pmsi_in_inventory_is_filed_and_told_before_delivery() -> None:
    held = Held(
        "pmsi",
        D(2026, 3, 1),
        collateral="inventory",
        dates={"delivered": D(2026, 3, 10), "notified": D(2026, 3, 5)},
    )
    assert windows(held) == [
        ("filing", D(2026, 3, 1), D(2026, 3, 9)),
        ("notice", D(2030, 9, 5), D(2031, 3, 5)),
    ]
    assert all(one.is_unverified for one in windows_of(held))


@pytest.mark.parametrize(
    ("state", "dates", "due"),
    [
        ("CA", {"first_furnished": D(2026, 3, 10)}, [D(2026, 3, 30)]),
        ("CA", {"completed": D(2026, 3, 10)}, [D(2026, 6, 8)]),
        ("FL", {"first_furnished": D(2026, 3, 10)}, [D(2026, 4, 24)]),
        ("FL", {"last_furnished": D(2026, 3, 10)}, [D(2026, 6, 8)]),
        ("TX", {"completed": D(2026, 3, 31)}, [D(2026, 7, 15)]),
        ("TX", {"first_furnished": D(2026, 3, 31)}, []),
        ("NY", {"completed": D(2026, 3, 31)}, []),  # no rule is known: nothing is said
    ],
)
def test_liens_by_state_warn_unverified(state: str, dates: dict, due: list[date]) -> None:
    found = windows_of(Held("lien", D(2026, 3, 1), state=state, dates=dates))
    assert [one.due_on for one in found] == due
    assert all(one.is_unverified for one in found)


def test_a_firm_says_its_own_lien_rules() -> None:
    own = [LIENS[0]._replace(state="NY", days=5)]
    held = Held("lien", D(2026, 3, 1), state="NY", dates={"first_furnished": D(2026, 3, 10)})
    assert [one.due_on for one in windows_of(held, own)] == [D(2026, 3, 15)]


@pytest.mark.parametrize(
    ("dates", "to_on", "expected"),
    [
        ({"latest_shipment": D(2026, 5, 1)}, D(2026, 6, 1), ["shipment", "ends"]),
        ({"shipped": D(2026, 5, 1)}, D(2026, 6, 1), ["presentation", "ends"]),
    ],
)
def test_a_letter_of_credit_is_shipped_then_presented(
    dates: dict, to_on: date, expected: list[str]
) -> None:
    found = windows_of(Held("letter_of_credit", D(2026, 3, 1), to_on, dates=dates))
    assert [one.name for one in found] == expected


@pytest.mark.parametrize(
    ("expires", "last"), [(D(2026, 6, 1), D(2026, 5, 22)), (D(2026, 5, 10), D(2026, 5, 10))]
)
def test_documents_are_presented_within_21_days_and_before_expiry(
    expires: date, last: date
) -> None:
    held = Held("letter_of_credit", D(2026, 3, 1), expires, dates={"shipped": D(2026, 5, 1)})
    presentation = next(one for one in windows_of(held) if one.name == "presentation")
    assert presentation.due_on == last


def test_a_plain_end_opens_a_month_before() -> None:
    held = Held("guarantee", D(2026, 1, 1), D(2026, 12, 31))
    assert windows_of(held) == [Window("ends", "Guarantee ends", D(2026, 12, 1), D(2026, 12, 31))]
    assert windows_of(Held("deposit", D(2026, 1, 1))) == []


@pytest.mark.parametrize(
    ("on", "state"),
    [(D(2026, 3, 9), "ahead"), (D(2026, 3, 10), "open"), (D(2026, 3, 20), "open"),
     (D(2026, 3, 21), "missed")],
)  # fmt: skip
def test_states_of_a_clock(on: date, state: str) -> None:
    assert Clock("k", "ucc1", "x", 1, D(2026, 3, 10), D(2026, 3, 20)).state(on) == state
