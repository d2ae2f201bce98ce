"""`duly credit score`: what a file tells, scored; a file that is none, refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from duly.credit.errors import ScoreFactsUnfit
from duly.interfaces.cli.main import parser
from duly.interfaces.exchange.scoring import MOST_BYTES, read_json


def _scored(path: Path, *more: str) -> dict[str, Any]:
    arguments = parser().parse_args(["credit", "score", str(path), *more])
    return arguments.act(arguments)[0]


def test_a_file_is_scored_as_the_contract_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_text('{"factors": {"days_slow": 6, "interest_cover": 4.33, "sanctions": true}}')
    told = _scored(path)
    assert {"score", "band", "known_weight", "factors", "lost_most", "declined", "version"} <= {
        *told
    }
    assert (told["score"], told["band"], told["declined"]) == ("83.33", "E", True)
    assert told["factors"][1]["value"] == "4.33"  # exactly as it was written
    shown = capsys.readouterr().out
    assert "Declined: flagged for sanctions" in shown
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b'{"factors": {"days_slow": NaN}}',
        b'{"factors": {"days_slow": 1, "days_slow": 2}}',
        b'{"factors": {"days_slow": ' + b"9" * 5000 + b"}}",
        b"[" * 200_000,
        b" " * (MOST_BYTES + 1),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content)
    with pytest.raises(ScoreFactsUnfit):
        read_json(path)
