"""Cards fitted to tables: what is refused, what is honest, and that each input goes one way."""

import csv
import gzip
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from duly.credit.errors import ProhibitedBasis, TableUnfit
from duly.credit.rules.card_documents import read_card, write_card
from duly.credit.rules.scorecards import Card, score
from duly.credit.rules.training import figures
from duly.credit.rules.training.bins import _monotone, binned, directions, edges_of
from duly.credit.rules.training.cards import card_of
from duly.credit.rules.training.knobs import KNOBS
from duly.credit.rules.training.reporting import PASSES, train
from duly.credit.rules.training.rivals import altman_z2
from duly.credit.rules.training.tables import LEAST_ROWS, MOST_COLUMNS, Firms, read_firms
from duly.credit.rules.training.validation import fitted, folds_of, judge, risks_by_points
from duly.interfaces.exchange.training import read_table

QUICK = replace(
    KNOBS, bins=12, path=(), choosing_bags=1, choosing_rounds=20, bags=3, rounds=40, folds=3
)
HEADER = ["debt", "cash", "nothing", "bankrupt"]
POLISH = Path(__file__).parents[3].parent / "shared" / "data" / "credit" / "polish"
Rows = list[list[str]]


def firms_told(count: int = 600, seed: int = 5, *, is_noise: bool = False) -> Rows:
    """Rows of firms: more debt and less cash fail more, some cells are missing."""
    dice = random.Random(seed)
    rows = []
    for _ in range(count):
        debt, cash, nothing = (dice.gauss(0, 1) for _ in range(3))
        odds = -1.5 if is_noise else 1.6 * debt - 1.2 * cash - 1.5
        failed = dice.random() < 1 / (1 + 2.718281828**-odds)
        told = "?" if dice.random() < 0.1 else f"{cash:.4f}"
        rows.append([f"{debt:.4f}", told, f"{nothing:.4f}", str(int(failed))])
    return rows


def read(rows: Rows, header: list[str] = HEADER, target: str = "bankrupt") -> Firms:
    return read_firms(header, rows, target)


class TestTables:
    def test_each_firm_is_there_once_and_likes_share_a_group(self) -> None:
        rows = firms_told()
        other = [*rows[0][:3], "0" if rows[0][3] == "1" else "1"]
        firms = read([*rows, *rows[:50], other, [f"{rows[0][0]}0", *rows[0][1:]]])
        assert len(firms.failed) == 601  # 1.20 is 1.2, a missing cell is like another
        assert firms.groups[600] == firms.groups[0]
        fold = folds_of(firms, 10, 1)
        assert fold[600] == fold[0]
        assert abs(np.bincount(fold).max() - np.bincount(fold).min()) <= 3

    @pytest.mark.parametrize(
        ("spoil", "where"),
        [
            (lambda h, r: (h, r, "outcome"), "column outcome"),
            (lambda h, r: (["debt", "debt", *h[2:]], r, "bankrupt"), "column debt"),
            (lambda h, r: (["", *h[1:]], r, "bankrupt"), "column "),
            (lambda h, r: (["a\x1b[2J", *h[1:]], r, "bankrupt"), "column a\\x1b[2J"),
            (lambda h, r: (h, [*r, ["1"]], "bankrupt"), "row 602"),
            (lambda h, r: (h, [["x", *r[0][1:]], *r], "bankrupt"), "row 2, column debt"),
            (lambda h, r: (h, [["inf", *r[0][1:]], *r], "bankrupt"), "row 2, column debt"),
            (lambda h, r: (h, [["nan", *r[0][1:]], *r], "bankrupt"), "row 2, column debt"),
            (lambda h, r: (h, [[*r[0][:3], "2"], *r], "bankrupt"), "row 2, column bankrupt"),
            (lambda h, r: (h, [[*r[0][:3], "?"], *r], "bankrupt"), "row 2, column bankrupt"),
            (lambda h, r: (h, r, "debt"), "row 2, column debt"),
            (lambda h, r: (h, [[*row[:3], "0"] for row in r], "bankrupt"), "rows"),
            (lambda h, r: (h, r[: LEAST_ROWS - 1], "bankrupt"), "rows"),
            (lambda h, r: (h, r[:1] * 900, "bankrupt"), "rows"),
            (lambda h, r: (h, [], "bankrupt"), "rows"),
            (lambda h, r: ([*h, *map(str, range(MOST_COLUMNS))], r, "bankrupt"), "header"),
        ],
    )
    def test_what_can_not_be_learned_from_is_refused(
        self, spoil: Callable[[list[str], Rows], tuple[list[str], Rows, str]], where: str
    ) -> None:
        with pytest.raises(TableUnfit) as told:
            read_firms(*spoil(HEADER, firms_told()))
        assert told.value.facts["where"] == where

    def test_nobody_is_learned_from_by_a_prohibited_basis(self) -> None:
        with pytest.raises(ProhibitedBasis):
            read(firms_told(), ["debt", "cash", "owner_age", "bankrupt"])
        firms = read_firms(
            ["debt", "cash", "owner_age", "bankrupt"], firms_told(), "bankrupt", ["owner_age"]
        )
        assert firms.names == ("debt", "cash")

    def test_what_is_the_same_for_all_is_left_out_and_told(self) -> None:
        firms = read([["1", *row[1:]] for row in firms_told()])
        assert (firms.names, firms.left_out) == (
            ("cash", "nothing"),
            (("debt", "the same for all"),),
        )
        with pytest.raises(TableUnfit):
            read_firms(["a", "bankrupt"], [["1", row[3]] for row in firms_told()], "bankrupt")

    @pytest.mark.parametrize(
        "content", [b"", b"\xff\xfe\x00", b'"a', b"a,b\n" + b"x" * (1 << 21), b"," * (1 << 22)]
    )
    def test_a_file_that_is_no_table(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "firms.csv"
        path.write_bytes(content)
        with pytest.raises(TableUnfit):
            read_firms(*read_table(path), "bankrupt")


class TestFigures:
    RISK = np.array([0.9, 0.8, 0.7, 0.6, 0.55, 0.54, 0.53, 0.52, 0.51, 0.505])
    FAILED = np.array([1, 1, 0, 1, 1, 0, 0, 0, 1, 0])

    def test_auc_counts_pairs(self) -> None:
        pairs = [
            (a > b) + (a == b) / 2
            for a in self.RISK[self.FAILED == 1]
            for b in self.RISK[self.FAILED == 0]
        ]
        assert figures.auc(self.RISK, self.FAILED) == pytest.approx(sum(pairs) / len(pairs))
        assert figures.auc(np.ones(10), self.FAILED) == 0.5
        assert figures.auc(-self.RISK, self.FAILED) == pytest.approx(1 - sum(pairs) / 25)

    def test_ks_is_the_greatest_distance(self) -> None:
        assert figures.ks(self.RISK, self.FAILED) == pytest.approx(0.6)
        assert figures.ks(np.ones(10), self.FAILED) == 0

    def test_ece_is_the_mean_distance_of_shares(self) -> None:
        risk, failed = np.array([0.2] * 10 + [0.6] * 10), np.array([0] * 8 + [1] * 2 + [1] * 10)
        assert figures.ece(risk, failed, bins=2) == pytest.approx(0.2)
        assert figures.ece(risk, np.array([0] * 8 + [1] * 2 + [0] * 4 + [1] * 6), bins=2) < 1e-9

    def test_psi_is_nothing_where_nothing_moved(self) -> None:
        some = np.arange(1000) / 1000
        assert figures.psi(some, some) == pytest.approx(0)
        assert figures.psi(some, some / 2) > 0.25


def test_the_way_of_an_input_is_that_which_fits() -> None:
    firms = read(firms_told())
    cells = binned(firms.inputs, edges_of(firms.inputs, 12), 12)
    ways, says = directions(cells, firms.failed, 12)
    assert (ways[0], ways[1]) == (1, -1)
    assert says.argmin() == 2


@pytest.mark.parametrize(
    ("share", "count", "course"),
    [
        ([0.1, 0.2, 0.3], [1, 1, 1], [0.1, 0.2, 0.3]),
        ([0.3, 0.1], [1, 3], [0.15, 0.15]),
        ([0.1, 0.5, 0.3, 0.2, 0.9], [1, 1, 1, 2, 1], [0.1, 0.3, 0.3, 0.3, 0.9]),
        ([0.9, 0.5, 0.1], [1, 1, 1], [0.5, 0.5, 0.5]),
    ],
)
def test_the_nearest_course_that_never_falls(
    share: list[float], count: list[int], course: list[float]
) -> None:
    assert _monotone(np.array(share), np.array(count)) == pytest.approx(np.array(course))


def _card(rows: Rows, *, is_monotone: bool = True) -> tuple[Card, Firms, np.ndarray]:
    firms = read(rows)
    points, edges = fitted(firms.inputs, firms.failed, firms.groups, QUICK, is_monotone=is_monotone)
    card = card_of(points, firms.names, list(edges), QUICK, "t-1")
    return card, firms, points.score(binned(firms.inputs, edges, QUICK.bins))


def test_every_input_of_the_card_goes_one_way_and_what_is_missing_has_its_own() -> None:
    card, _, _ = _card(firms_told())
    courses = {f.id: [step.points for step in f.steps] for f in card.factors}
    assert courses["debt"] == sorted(courses["debt"], reverse=True)
    assert courses["cash"] == sorted(courses["cash"])
    assert len(courses["debt"]) > 3
    assert all(factor.missing is not None for factor in card.factors)
    assert read_card(write_card(card)) == card


def test_the_card_scores_as_it_was_judged() -> None:
    card, firms, scores = _card(firms_told())
    for row in range(0, 600, 7):
        known = {
            name: Decimal(str(value))
            for name, value in zip(firms.names, firms.inputs[row], strict=True)
            if not np.isnan(value)
        }
        assert abs(score(card, known).points - Decimal(str(scores[row]))) <= Decimal("0.01")


def test_the_report_tells_the_card_and_what_stands_beside_it() -> None:
    judged: list[int] = []
    card, report = train(read(firms_told()), version="t-1", knobs=QUICK, told=judged.append)
    assert sum(judged) == PASSES * report["rows"] == PASSES * 600
    assert Decimal(report["auc"]) > Decimal("0.78")
    assert Decimal(report["ece"]) < Decimal("0.08")
    assert report["inputs"] == len(card.factors) <= 15
    assert (report["folds"], report["directions"]["debt"]) == (3, "riskier")
    assert set(report["beside"]) == {"free_directions", "boosted", "altman_z2"}
    assert report["beside"]["altman_z2"] is None
    assert sum(row["rows"] for row in report["reliability"]) == 600
    assert card.calibration is not None
    assert card.calibration.rate(Decimal(10)) > card.calibration.rate(Decimal(90))


def test_noise_told_three_times_has_no_auc() -> None:
    rows = firms_told(1500, is_noise=True) * 3
    firms = read(rows)
    judged = judge(firms, risks_by_points(QUICK, is_monotone=True), QUICK)
    assert len(firms.failed) == 1500
    assert 0.42 < figures.auc(judged.risk, firms.failed) < 0.58


def test_the_same_table_gives_the_same_card() -> None:
    assert _card(firms_told())[0] == _card(firms_told())[0]


def test_altman_stands_beside_where_its_ratios_are_there() -> None:
    header = [
        "working capital / total assets",
        "Retained Earnings / Total Assets",
        "EBIT / total assets",
        "book value of equity / total liabilities",
        "bankrupt",
    ]
    rows = [["0.1", "?", "1", "2", "0"], ["0.1", "0.2", "0.3", "0.4", "1"]]
    inputs = np.array([[np.nan if c == "?" else float(c) for c in row[:4]] for row in rows])
    firms = Firms(tuple(header[:4]), inputs, np.array([0, 1]), np.array([0, 1]))
    value = altman_z2(firms)
    assert value is not None
    assert np.isnan(value[0])
    assert value[1] == pytest.approx(0.656 + 0.652 + 2.016 + 0.42)
    assert altman_z2(firms._replace(names=("a", "b", "c", "d"))) is None


@pytest.mark.complete
@pytest.mark.skipif(not POLISH.exists(), reason="the data is kept beside the repository")
def test_real_firms_are_told_apart_with_every_input_one_way() -> None:
    """A card made from this data is never shipped."""
    with gzip.open(POLISH / "5year.csv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    firms = read_firms(header, rows, "bankrupt")
    judged = judge(firms, risks_by_points(KNOBS, is_monotone=True), KNOBS)
    assert len(firms.failed) == len({tuple(row) for row in rows})
    assert figures.auc(judged.risk, firms.failed) >= 0.91
    assert figures.ece(judged.risk, firms.failed) <= 0.01
