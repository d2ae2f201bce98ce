"""Until when a debt can be sued for; what a filing may claim back."""

from datetime import date, timedelta

import pytest

from duly.collections.errors import WordingUnlawful
from duly.collections.queries.laws import merged, shipped_packs
from duly.collections.rules.laws.gate import narrowest
from duly.collections.rules.laws.limitation import Moved, alert_on, limitation_of, preference
from duly.collections.rules.laws.linter import lint, refuse_unlawful
from duly.collections.rules.laws.rule import LIMITATION

RULES = merged(shipped_packs())
FILED = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("place", "due_on", "last_on", "rule"),
    [
        ("DE", date(2023, 5, 15), date(2026, 12, 31), "DE-SOL"),  # L-11
        ("GB-ENG", date(2021, 3, 1), date(2027, 3, 1), "GB-ENG-SOL"),  # L-12
        ("GB-SCT", date(2021, 3, 1), date(2026, 3, 1), "GB-SCT-SOL"),
        ("GB", date(2021, 3, 1), date(2026, 3, 1), "GB-SCT-SOL"),  # the part is not known
        ("US-NY", date(2024, 2, 29), date(2028, 2, 29), "US-NY-SOL"),
        ("US-MD", date(2024, 1, 10), date(2027, 1, 10), "US-MD-SOL"),
        ("US-WY", date(2024, 1, 10), date(2028, 1, 10), "US-SOL"),
        ("ES-CT", date(2024, 1, 10), date(2027, 1, 10), "ES-CT-SOL"),
    ],
)
def test_l_11_l_12_the_last_safe_day(place: str, due_on: date, last_on: date, rule: str) -> None:
    """L-11, L-12."""
    business = [one for one in RULES if "business" in one.who]
    found = limitation_of(narrowest(business, LIMITATION, place), due_on)
    assert found is not None
    assert (found.last_on, found.rule.id) == (last_on, rule)


def test_a_place_without_a_rule_has_no_last_day() -> None:
    assert limitation_of(narrowest(RULES, LIMITATION, "JP"), FILED) is None
    assert alert_on(date(2026, 12, 31)) == date(2025, 12, 31)


def before(days: int) -> date:
    return FILED - timedelta(days=days)


@pytest.mark.parametrize(
    ("moved", "net", "priority"),
    [
        # L-01: new goods after the payment, delivered in the last 20 days
        ([(40, 3_000_000, True), (20, 1_200_000, False)], 1_800_000, 1_200_000),
        ([(40, 3_000_000, True), (21, 1_200_000, False)], 1_800_000, 0),
        ([(91, 3_000_000, True), (20, 1_200_000, False)], 0, 1_200_000),
        ([(10, 3_000_000, True), (20, 1_200_000, False)], 3_000_000, 1_200_000),  # goods before
        ([(40, 100, True), (20, 1_200_000, False), (5, 50, True)], 50, 1_200_000),
    ],
)
def test_l_01_what_a_filing_may_claim_back(
    moved: list[tuple[int, int, bool]], net: int, priority: int
) -> None:
    """L-01."""
    rule = next(one for one in RULES if one.id == "US-547" and one.holds_on(FILED))
    rows = [Moved(before(days), minor, is_paid) for days, minor, is_paid in moved]
    told = preference(rule, FILED, rows, least_minor=857_500)
    assert (told.net_minor, told.priority_minor) == (net, priority)
    assert told.window_from == before(90)


@pytest.mark.parametrize(
    ("on", "least"), [("2020-01-01", "6825"), ("2022-04-01", "7575"), ("2025-04-01", "8575")]
)
def test_the_least_of_a_preference_goes_by_the_day(on: str, least: str) -> None:
    (rule,) = [one for one in RULES if one.id == "US-547" and one.holds_on(date.fromisoformat(on))]
    assert str(rule.params["least"]) == least


@pytest.mark.parametrize(
    ("text", "language", "place", "rules"),
    [
        ("Pay, or we will have you arrested.", "en", "GB", ["ALL-THREATS"]),
        ("Sonst stellen wir Strafanzeige.", "de", "DE", ["ALL-THREATS"]),
        ("Sinon la\npolice viendra.", "fr", "FR", ["ALL-THREATS"]),
        ("Please pay by Friday.", "en", "GB", []),
        ("We charge 2% per month.", "en", "CA", ["CA-INTEREST-4"]),
        ("We charge 2% per month, 24% per annum.", "en", "CA", []),
        ("We charge 2% per month.", "en", "GB", []),
        ("Our monthly statement is enclosed.", "en", "CA", []),
        ("Policemen's Ball Ltd", "en", "GB", []),
    ],
)
def test_a_letter_is_held_against_the_rules(
    text: str, language: str, place: str, rules: list[str]
) -> None:
    found = lint(text, kind="business", place=place, language=language, rules=RULES)
    assert [one.rule_id for one in found] == rules
    assert all(one.rule_id in one.text and one.source in one.text for one in found)


def test_a_finding_quotes_the_words_and_their_line() -> None:
    (found,) = lint("Dear,\nwe CALL the\nPolice.", place="DE", language="en", rules=RULES)
    assert (found.quoted, found.line) == ("CALL the Police", 2)
    with pytest.raises(WordingUnlawful) as told:
        refuse_unlawful([found])
    assert told.value.facts["problems"][0]["where"] == "line 2"


def test_a_final_demand_to_a_person_in_britain_names_thirty_days() -> None:
    given = {"kind": "sole_trader", "place": "GB", "language": "en", "rules": RULES}
    (found,) = lint("Pay now.", stage="final", **given)
    assert (found.rule_id, found.is_stop) == ("GB-PAP-WORDS", False)
    assert lint("You have 30 days to reply.", stage="final", **given) == []
    assert lint("Pay now.", stage="friendly", **given) == []
    assert lint("Pay now.", stage="final", **{**given, "kind": "business"}) == []
    refuse_unlawful([found])
