"""`duly credit card`, `rescore`, `backtest`: the way of a card from a file to scores in money."""

import json
from pathlib import Path

import pytest
from tests.errors.desk import AT, Desk

from duly.access.actions import add_user
from duly.credit.errors import OwnCard
from duly.credit.rules.standard_cards import BEHAVIOUR


@pytest.mark.django_db
def test_a_card_is_proposed_adopted_and_scored_by(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path).open_books()
    told, _ = desk.run("credit", "card", "list")
    assert {row["version"]: row["place"] for row in told["cards"]} == {
        "standard-1": "champion",
        "behaviour-1": "",
    }
    path = tmp_path / "own.json"
    report = {"card": {**BEHAVIOUR, "version": "own-1"}, "auc": "0.9", "ece": "0.01"}
    path.write_text(json.dumps(report))
    for name in ("ann", "max"):
        add_user(email=f"{name}@example.org", name=name, role="manager", password=None, at=AT)
    told, _ = desk.run("credit", "card", "propose", str(path), "--user", "ann@example.org")
    assert told["cards"][0]["origin"] == "trained"
    adopted = ("credit", "card", "adopt", "own-1", "--reason", "Tried.", "--on", "2026-03-02")
    for own in ((), ("--user", "ann@example.org")):  # of the shell nobody knows who it is
        with pytest.raises(OwnCard):
            desk.run(*adopted, *own)
    desk.run(*adopted, "--user", "max@example.org")
    desk.run("credit", "card", "challenge", "standard", "--reason", "As before.")
    told, _ = desk.run("credit", "card", "list")
    places = {row["version"]: row["place"] for row in told["cards"]}
    assert places == {"own-1": "champion", "standard-1": "challenger", "behaviour-1": ""}
    told, _ = desk.run("credit", "card", "show", "own-1")
    assert told["report"]["auc"] == "0.9"
    told, _ = desk.run("credit", "rescore", "--on", "2026-04-01")
    assert told["scored"] == 1
    told, _ = desk.run("credit", "rescore", "--customer", "C2", "--on", "2026-04-01")
    assert (told["scored"], told["nothing_known"]) == (0, 1)
    told, _ = desk.run(
        "credit", "backtest", "--from", "2026-04-01", "--to", "2026-04-01", "--on", "2027-01-01"
    )
    assert (told["customers"], told["champion"]["losses_avoided"]) == (0, "0.00")
    assert "1 scored" in capsys.readouterr().out
    told, _ = desk.run("credit", "card", "end-challenge", "--reason", "No better.")
    assert told["adoptions"][0]["version"] == ""
