"""The standard scorecard and what it refuses: case C-08 with its variants."""

from decimal import Decimal
from typing import Any

import pytest

from duly.credit.errors import CardUnfit, NothingToScore, ProhibitedBasis, ScoreFactsUnfit
from duly.credit.rules.card_documents import plain, read_card, write_card
from duly.credit.rules.prohibited import basis_of
from duly.credit.rules.score_facts import read_facts
from duly.credit.rules.scorecards import Calibration, Score, score
from duly.credit.rules.standard_cards import BEHAVIOUR, CARDS, STANDARD

CARD = read_card(STANDARD)
FULL: dict[str, Any] = {
    "days_slow": 6,
    "agency_days_beyond_terms": 10,
    "years_in_business": 7,
    "z2_zone": "safe",
    "interest_cover": "4.33",
    "public_record": "clean",
    "documents_complete": True,
}


def scored(**factors: Any) -> Score:
    return score(CARD, read_facts({"factors": factors}, CARD))


def test_c08() -> None:
    told = scored(**FULL)
    assert (plain(told.points), told.band, told.is_declined) == ("84", "A", False)
    assert [plain(one.points) for one in told.factors] == ["24", "14", "11", "14", "6", "10", "5"]
    assert told.lost_most == ("days_slow", "agency_days_beyond_terms", "years_in_business")
    assert (told.known_weight, told.version) == (100, "standard-1")


def test_c08_what_is_missing_is_left_out_and_the_rest_rescaled() -> None:
    told = scored(**{k: v for k, v in FULL.items() if k != "agency_days_beyond_terms"})
    assert (told.points, told.known_weight) == (Decimal("87.5"), 80)
    assert scored(**{**FULL, "agency_days_beyond_terms": None}) == told


def test_c08_the_band_is_capped_when_little_is_known() -> None:
    told = scored(days_slow=0, documents_complete=True, years_in_business=20)
    assert (told.points, told.band, told.known_weight) == (100, "C", 50)
    # 60 % is no longer under 60 %, and a cap lifts nobody
    assert scored(days_slow=0, years_in_business=20, public_record="clean", documents_complete=True)
    sixty = scored(days_slow=0, agency_days_beyond_terms=0, public_record="clean")
    assert (sixty.known_weight, sixty.band) == (60, "A")
    assert scored(days_slow=99).band == "E"


@pytest.mark.parametrize(
    ("factor", "value", "points"),
    [
        ("days_slow", 0, 30),
        ("days_slow", -3, 30),
        ("days_slow", 1, 24),
        ("days_slow", 10, 24),
        ("days_slow", "10.01", 15),
        ("days_slow", 30, 15),
        ("days_slow", 31, 6),
        ("days_slow", 60, 6),
        ("days_slow", 61, 0),
        ("agency_days_beyond_terms", 5, 20),
        ("agency_days_beyond_terms", 6, 14),
        ("agency_days_beyond_terms", 16, 8),
        ("agency_days_beyond_terms", 31, 0),
        ("years_in_business", 10, 15),
        ("years_in_business", "9.9", 11),
        ("years_in_business", 5, 11),
        ("years_in_business", 2, 6),
        ("years_in_business", 1, 0),
        ("z2_zone", "grey", 7),
        ("z2_zone", "distress", 0),
        ("interest_cover", 3, 6),
        ("interest_cover", "1.5", 3),
        ("interest_cover", "1.49", 0),
        ("public_record", "satisfied_judgment", 5),
        ("public_record", "open_lien", 0),
        ("public_record", "judgment", 0),
        ("documents_complete", False, 0),
    ],
)
def test_the_steps_of_the_card(factor: str, value: Any, points: int) -> None:
    (one,) = scored(**{factor: value}).factors
    assert one.points == points


@pytest.mark.parametrize(("lost", "band"), [(20, "A"), (21, "B"), (36, "C"), (51, "D"), (66, "E")])
def test_the_bands(lost: int, band: str) -> None:
    document = {**STANDARD, "caps": [], "factors": [_yes("a", 100 - lost), _yes("b", lost)]}
    card = read_card({**document, "gates": [], "zeros": []})
    told = score(card, read_facts({"factors": {"a": True, "b": False}}, card))
    assert (told.points, told.band) == (100 - lost, band)


def test_a_filing_declines_by_itself_and_so_does_a_flag() -> None:
    told = scored(**{**FULL, "public_record": "insolvency_filing"})
    assert (told.is_declined, told.band, told.points) == (True, "E", 74)
    assert told.declined_for == ("a filing for insolvency",)
    assert scored(**FULL, sanctions=True).is_declined
    assert not scored(**FULL, sanctions=False).is_declined
    assert scored(sanctions=True).is_declined  # though nothing else is known


def test_a_returned_payment_leaves_own_history_no_points() -> None:
    assert scored(**FULL, returned_payments=1).points == 60
    assert scored(**FULL, returned_payments=0).points == 84
    told = scored(returned_payments=1, documents_complete=True)
    assert (told.known_weight, told.factors[0].points) == (35, 0)


def test_nothing_known_is_no_score() -> None:
    with pytest.raises(NothingToScore):
        scored()


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ([], ""),
        (None, ""),
        ({}, "factors"),
        ({"factors": 1}, "factors"),
        ({"factors": {}, "more": 1}, "more"),
        ({"factors": {"shoe_size": 1}}, "factors.shoe_size"),
        ({"factors": {"x\x00\u202e" * 99: 1}}, "factors.x"),
        ({"factors": {"days_slow": "soon"}}, "factors.days_slow"),
        ({"factors": {"days_slow": True}}, "factors.days_slow"),
        ({"factors": {"days_slow": "NaN"}}, "factors.days_slow"),
        ({"factors": {"days_slow": "1e99999999"}}, "factors.days_slow"),
        ({"factors": {"days_slow": "1e99"}}, "factors.days_slow"),
        ({"factors": {"days_slow": 10**4000}}, "factors.days_slow"),
        ({"factors": {"days_slow": "٣"}}, "factors.days_slow"),
        ({"factors": {"days_slow": [1]}}, "factors.days_slow"),
        ({"factors": {"days_slow": 36501}}, "factors.days_slow"),
        ({"factors": {"years_in_business": -1}}, "factors.years_in_business"),
        ({"factors": {"z2_zone": "Safe"}}, "factors.z2_zone"),
        ({"factors": {"z2_zone": {}}}, "factors.z2_zone"),
        ({"factors": {"public_record": True}}, "factors.public_record"),
        ({"factors": {"documents_complete": "perhaps"}}, "factors.documents_complete"),
        ({"factors": {"documents_complete": 1}}, "factors.documents_complete"),
        ({"factors": {"returned_payments": -1}}, "factors.returned_payments"),
        ({"factors": {"sanctions": "maybe"}}, "factors.sanctions"),
    ],
)
def test_what_can_not_be_meant_is_refused_by_its_place(document: Any, where: str) -> None:
    with pytest.raises(ScoreFactsUnfit) as told:
        read_facts(document, CARD)
    assert told.value.facts["where"].startswith(where)


@pytest.mark.parametrize(
    "name",
    [
        "race",
        "Religion",
        "national_origin",
        "nationality",
        "sex",
        "GENDER",
        "maritalStatus",
        "marital-status",
        "age",
        "age_of_owner",
        "ApplicantAge",
        "date of birth",
        "DOB",
        "welfare",
        "skin colour",
    ],
)
def test_prohibited_bases_are_refused_as_facts_and_in_cards(name: str) -> None:
    with pytest.raises(ProhibitedBasis):
        read_facts({"factors": {name: 1}}, CARD)
    for field in ("id", "title"):
        factor = {**_yes("fine", 5), field: name}
        with pytest.raises(ProhibitedBasis):
            read_card({**STANDARD, "factors": [factor], "zeros": []})
    with pytest.raises(ProhibitedBasis):
        read_card({**STANDARD, "gates": [{"input": name, "values": ["yes"], "why": "x"}]})


@pytest.mark.parametrize(
    "name",
    ["agency_days", "average", "years_in_business", "age_of_business", "sales", "percentage", "z2"],
)
def test_what_only_sounds_like_one_is_none(name: str) -> None:
    assert basis_of(name) is None


def test_a_firm_adds_words_of_its_own() -> None:
    assert basis_of("Geschlecht", {"sex": ("geschlecht",)}) == "sex"


@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_card_written_is_the_card_read(name: str) -> None:
    card = read_card(CARDS[name])
    assert read_card(write_card(card)) == card
    assert sum(factor.weight for factor in card.factors) == 100


def _yes(name: str, points: int) -> dict[str, Any]:
    return {
        "id": name,
        "title": name,
        "kind": "choice",
        "steps": [["yes", str(points)], ["no", "0"]],
    }


def _with(**changed: Any) -> dict[str, Any]:
    return {**BEHAVIOUR, **changed}


def _first(**changed: Any) -> dict[str, Any]:
    return _with(factors=[{**BEHAVIOUR["factors"][0], **changed}])


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ([], "card"),
        (_with(colour=1), "card.colour"),
        (_with(id=""), "id"),
        (_with(version=7), "version"),
        (_with(factors=[]), "factors"),
        (_with(factors=BEHAVIOUR["factors"] * 20), "factors"),
        (_with(factors=BEHAVIOUR["factors"] * 2), "factors"),
        (_first(kind="near"), "factors[0].kind"),
        (_first(steps=[["10", "1"], ["5", "2"], [None, "0"]]), "factors[0].steps"),
        (_first(kind="from", steps=[["1", "1"], ["5", "2"], [None, "0"]]), "factors[0].steps"),
        (_first(steps=[["1", "1"]]), "factors[0].steps"),
        (_first(steps=[["1", "1"], [None, "-1"]]), "factors[0].steps[1]"),
        (_first(steps=[["1", "NaN"], [None, "0"]]), "factors[0].steps[0]"),
        (_first(steps=[["1"]]), "factors[0].steps[0]"),
        (_first(kind="choice", steps=[["a", "1"], ["a", "2"]]), "factors[0].steps"),
        (_first(steps=[[None, "0"]]), "factors"),
        (_with(bands=[]), "bands"),
        (_with(bands=[["A", "50"], ["B", "60"], ["C", "0"]]), "bands"),
        (_with(bands=[["A", "50"]]), "bands"),
        (_with(bands=[["A", "50"], ["A", "0"]]), "bands"),
        (_with(caps=[{"known_below": "60", "band": "Z"}]), "caps"),
        (_with(zeros=[{"input": "x", "above": "0", "factor": "y"}]), "zeros"),
        (_with(calibration={"at_zero": "1", "per_point": "1"}), "calibration"),
    ],
)
def test_a_card_that_can_not_be_meant(document: Any, where: str) -> None:
    with pytest.raises(CardUnfit) as told:
        read_card(document)
    assert told.value.facts["where"] == where


def test_a_calibrated_card_tells_the_share_that_failed() -> None:
    rate = Calibration(Decimal("2"), Decimal("-0.1")).rate
    assert (rate(Decimal(20)), rate(Decimal(0)) > rate(Decimal(100))) == (Decimal("0.5"), True)
    assert scored(**FULL).rate is None
