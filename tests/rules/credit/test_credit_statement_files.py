"""Statements in a JSON document: read strictly, whatever is in them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.rules.credit.companies import A

from duly.credit.rules.statement_files import statements_given
from duly.interfaces.exchange.assessing import assess_file
from duly.interfaces.exchange.json_documents import JsonError, read_document, strict_json
from duly.kernel.errors import DulyError

GOOD: dict[str, Any] = {
    "currency": "USD",
    "unit": 1000,
    "statements": [{"year_end": "2025-12-31", "months": 12, **A}],
}


def given(**change: Any) -> dict[str, Any]:
    return GOOD | change


def with_figure(value: Any) -> dict[str, Any]:
    return given(statements=[{"year_end": "2025-12-31", "cash": value}])


def test_figures_are_in_whole_currency() -> None:
    one = statements_given(GOOD).sheets[0]
    assert one.figures["cash"] == 250_000
    assert (one.unit, one.months, one.currency) == (1000, 12, "USD")


def test_null_is_not_known_and_texts_are_figures() -> None:
    year = {"year_end": "2025-12-31", "months": None}
    assert statements_given(given(statements=[year])).sheets[0].months == 12
    one = statements_given(with_figure(None)).sheets[0]
    assert one.figures == {}
    assert statements_given(with_figure("1.5")).sheets[0].figures == {"cash": Decimal(1500)}


def test_a_line_that_is_not_known_is_told() -> None:
    told = statements_given(given(statements=[{"year_end": "2025-12-31", "totl_assets": 1}]))
    assert [(p.where, p.code) for p in told.problems] == [
        ("statements[0].totl_assets", "LINE_UNKNOWN")
    ]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "STATEMENT_UNFIT"),
        (None, "STATEMENT_UNFIT"),
        ({}, "UNIT_UNKNOWN"),
        (given(unit=7), "UNIT_UNKNOWN"),
        (given(unit=True), "UNIT_UNKNOWN"),
        (given(unit="1000"), "UNIT_UNKNOWN"),
        (given(unit=[]), "UNIT_UNKNOWN"),
        (given(currency="XXX"), "UNKNOWN_CURRENCY"),
        (given(currency=7), "UNKNOWN_CURRENCY"),
        (given(statements=[]), "STATEMENT_UNFIT"),
        (given(statements={}), "STATEMENT_UNFIT"),
        (given(statements=[1]), "STATEMENT_UNFIT"),
        (given(statements=[{}] * 11), "STATEMENT_UNFIT"),
        (given(statements=[{"year_end": "31.12.2025"}]), "STATEMENT_UNFIT"),
        (given(statements=[{"year_end": None}]), "STATEMENT_UNFIT"),
        (given(statements=[{"year_end": "2025-12-31", "months": 0}]), "STATEMENT_UNFIT"),
        (given(statements=[{"year_end": "2025-12-31", "months": "x"}]), "FIGURE_UNFIT"),
        (given(statements=[{"year_end": "2025-12-31", "months": "1.5"}]), "STATEMENT_UNFIT"),
        (given(statements=[{"year_end": "2025-12-31", "months": 25}]), "STATEMENT_UNFIT"),
        (with_figure(True), "FIGURE_UNFIT"),
        (with_figure("12,5"), "FIGURE_UNFIT"),
        (with_figure("NaN"), "FIGURE_UNFIT"),
        (with_figure({}), "FIGURE_UNFIT"),
        (with_figure(Decimal("Infinity")), "FIGURE_UNFIT"),
        (with_figure(Decimal("1E+999")), "FIGURE_UNFIT"),
        (with_figure(Decimal("1E-999")), "FIGURE_UNFIT"),
        (with_figure(10**18), "FIGURE_UNFIT"),
        (with_figure(-1), "FIGURE_UNFIT"),
        (with_figure("1\x00"), "FIGURE_UNFIT"),
    ],
)
def test_what_can_mean_nothing_is_refused(document: Any, code: str) -> None:
    with pytest.raises(DulyError) as told:
        statements_given(document)
    assert told.value.code == code
    assert told.value.remedy


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"{", "FORMAT_UNREADABLE"),
        (b'{"unit": NaN}', "FORMAT_UNREADABLE"),
        (b'{"unit": -Infinity}', "FORMAT_UNREADABLE"),
        (b'{"unit": 1, "unit": 1000}', "FORMAT_UNREADABLE"),
        (b"\xff\xfe\x00", "FORMAT_UNREADABLE"),
        (b"[" * 100_000, "FORMAT_UNREADABLE"),
        (b'{"unit": 1' + b"0" * 5_000 + b"}", "FORMAT_UNREADABLE"),
        (b'{"unit": 1e999999999999999999999}', "FORMAT_UNREADABLE"),
    ],
)
def test_a_file_that_is_no_document(text: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(text)
    with pytest.raises(DulyError) as told:
        assess_file(path)
    assert told.value.code == code


def test_numbers_are_exact(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text('{"unit": 0.1, "large": 12345678901234567890}')
    assert read_document(path) == {"unit": Decimal("0.1"), "large": 12345678901234567890}


def test_values_of_any_size_are_shown(tmp_path: Path) -> None:
    """The largest figures beside the smallest: no value is lost, none is written as 1E+30."""
    path = tmp_path / "case.json"
    figures = ", ".join(f'"{line}": "999999999999999999"' for line in ("sales", "equity"))
    path.write_text(
        '{"currency": "USD", "unit": 1, "kind": "private_other", "price_index": 100, "statements":'
        f' [{{"year_end": "2025-12-31", {figures}, "receivables": "0.0000001", "intangibles":'
        ' "-999999999999999999", "total_assets": "0.0000001", "net_income": "1"}]}'
    )
    told = assess_file(path)
    assert told["ratios"]["roa"] == "10000000.000000"
    assert told["ratios"]["tangible_net_worth"] == "1999999999999999998.000000"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"{", "line 1, column 2"),
        (b"\xff", "byte 1 is no UTF-8 text"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": 1, "a": 2}', "is said twice"),
        (b"9" * 61, "is too long a number"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_every_document_is_read_by_one_strict_reader(raw: bytes, told: str) -> None:
    """Statements, limits, scores, requests, reports of agencies and the HTTP interface."""
    with pytest.raises(JsonError, match=told):
        strict_json(raw)
