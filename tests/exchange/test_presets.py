"""What all presets have in common: lines grouped, totals, days, figures, what is left out."""

import csv
import io
from collections.abc import Iterator

import pytest

from duly.intake.rules.columns import KINDS
from duly.intake.rules.sheet import BLOCK_ROWS, Block
from duly.interfaces.exchange.readers.presets import (
    NOTHING_TOLD,
    PRESETS,
    Told,
    is_export_header,
    presets_for,
    presets_named,
)
from duly.interfaces.exchange.readers.presets.figures import (
    CurrencyUnclear,
    FigureReader,
    MinorReader,
    NumberStyleUnclear,
    currency_code,
)
from duly.interfaces.exchange.readers.presets.preset import plain_header
from duly.interfaces.exchange.readers.refusals import DateOrderUnclear, HeaderUnfit
from duly.interfaces.exchange.readers.tables import RawBlock, Table
from duly.kernel.errors import Problem

XERO = "ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,Currency,Type,Status,LineAmount"


def table_of(text: str, *, name: str = "export.csv", skip: int = 0) -> Table:
    """A table of CSV text in blocks as the delimited reader gives them; `skip` preamble rows."""
    rows = list(csv.reader(io.StringIO(text)))
    header = tuple(cell.strip() for cell in rows[skip])

    def blocks() -> Iterator[RawBlock]:
        body = list(enumerate(rows[skip + 1 :], skip + 2))
        for start in range(0, len(body), BLOCK_ROWS):
            part = body[start : start + BLOCK_ROWS]
            problems, spoilt = [], set()
            for index, (number, cells) in enumerate(part):
                if len(cells) != len(header):
                    spoilt.add(index)
                    problems.append(Problem(f"row {number}", "CELLS_MISCOUNTED", "Too few."))
            columns = [
                [cells[place] if place < len(cells) else "" for _, cells in part]
                for place in range(len(header))
            ]
            yield RawBlock([n for n, _ in part], columns, problems, frozenset(spoilt))

    return Table(name, header, skip + 1, blocks())


def read_export(
    text: str, kind: str = "items", *, told: Told = NOTHING_TOLD, skip: int = 0
) -> tuple[list[dict[str, str]], list[Block]]:
    """The rows that the fitting preset of a kind makes of CSV text, as dicts, and its blocks."""
    table = table_of(text, skip=skip)
    (preset,) = presets_for(table.header, kind)
    blocks = list(preset.read(table, told))
    rows = []
    for block in blocks:
        assert set(block.columns) <= set(KINDS[kind].columns)
        for index, number in enumerate(block.rows):
            cells = {name: column[index] for name, column in block.columns.items()}
            rows.append({"row": str(number), **{n: c for n, c in cells.items() if c}})
    return rows, blocks


def told_of(blocks: list[Block]) -> str:
    """All notes of some blocks as one text."""
    return " ".join(note for block in blocks for note in block.notes)


def problems_of(blocks: list[Block]) -> list[tuple[str, str]]:
    """(place, code) of all problems."""
    return [(p.where, p.code) for block in blocks for p in block.problems]


def test_rows_of_one_number_are_one_document_wherever_they_stand() -> None:
    rows, blocks = read_export(
        f"{XERO}\n"
        "Acme,INV-1,2026-01-13,2026-02-13,30.00,EUR,Sales invoice,Paid,10.00\n"
        "Birch,INV-2,2026-01-14,2026-02-14,5.00,EUR,Sales invoice,Paid,5.00\n"
        "Acme,INV-1,2026-01-13,2026-02-13,30.00,EUR,Sales invoice,Paid,20.00\n"
    )
    assert [(row["row"], row["number"], row["amount"]) for row in rows] == [
        ("2", "INV-1", "30.00"),
        ("3", "INV-2", "5.00"),
    ]
    assert told_of(blocks) == ""


def test_lines_are_grouped_across_blocks_and_not_one_is_counted_twice() -> None:
    count = BLOCK_ROWS + 1_000
    line = "Acme,INV-{0},2026-01-13,2026-02-13,,EUR,Sales invoice,Awaiting Payment,{1}.25"
    first = [line.format(n, 1) for n in range(count)]
    second = [line.format(n, 2) for n in reversed(range(count))]
    rows, blocks = read_export("\n".join([XERO, *first, *second]))
    assert len(rows) == count
    assert [len(block) for block in blocks] == [BLOCK_ROWS, 1_000]
    assert {row["amount"] for row in rows} == {"3.50"}
    assert rows[-1]["row"] == str(count + 1)


def test_the_same_number_of_two_customers_is_two_documents() -> None:
    rows, _ = read_export(
        f"{XERO}\n"
        "Acme,1,2026-01-13,2026-02-13,30.00,EUR,Sales invoice,Paid,30.00\n"
        "Birch,1,2026-01-14,2026-02-14,5.00,EUR,Sales invoice,Paid,5.00\n"
    )
    assert [(row["customer_id"], row["amount"]) for row in rows] == [
        ("Acme", "30.00"),
        ("Birch", "5.00"),
    ]


def test_lines_that_disagree_on_the_total_are_a_problem_of_their_document() -> None:
    rows, blocks = read_export(
        f"{XERO}\n"
        "Acme,INV-1,2026-01-13,2026-02-13,30.00,EUR,Sales invoice,Paid,10.00\n"
        "Acme,INV-1,2026-01-13,2026-02-13,31.00,EUR,Sales invoice,Paid,20.00\n"
    )
    assert problems_of(blocks) == [("row 2", "LINES_DISAGREE")]
    assert blocks[0].spoilt == {0}
    assert len(rows) == 1


def test_lines_that_do_not_add_up_are_told_and_the_total_is_taken() -> None:
    rows, blocks = read_export(
        f"{XERO}\nAcme,INV-1,2026-01-13,2026-02-13,30.00,EUR,Sales invoice,Paid,10.00\n"
    )
    assert rows[0]["amount"] == "30.00"
    assert "lines that do not add up to their total: 1" in told_of(blocks)


def test_documents_of_zero_are_left_out_and_told() -> None:
    rows, blocks = read_export(
        f"{XERO}\nAcme,INV-1,2026-01-13,2026-02-13,0.00,EUR,Sales invoice,Paid,0.00\n"
    )
    assert rows == []
    assert "amount zero left out: 1" in told_of(blocks)


def test_a_row_that_could_not_be_read_stays_a_problem() -> None:
    _, blocks = read_export(
        f"{XERO}\n"
        "Acme,INV-1,2026-01-13,2026-02-13,30.00,EUR,Sales invoice,Paid,30.00\n"
        "Acme,INV-2,2026-01-13\n"
    )
    assert problems_of(blocks) == [("row 3", "CELLS_MISCOUNTED")]
    assert blocks[0].spoilt == {1}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["03/04/2026", "13/04/2026"], ["2026-04-03", "2026-04-13"]),
        (["03/04/2026", "04/13/2026"], ["2026-03-04", "2026-04-13"]),
        (["3 Apr 2026", "April 13, 2026"], ["2026-04-03", "2026-04-13"]),
        (["2026-04-03 11:59:00", "2026-04-13T00:00:00Z"], ["2026-04-03", "2026-04-13"]),
        (["31.12.25", "01.02.2026"], ["2025-12-31", "2026-02-01"]),
        (["5/5/2026", "2026-04-13"], ["2026-05-05", "2026-04-13"]),
        (["1775174400", "/Date(1776038400000+0000)/"], ["2026-04-03", "2026-04-13"]),
    ],
)
def test_days_are_read_when_the_file_settles_their_order(
    days: list[str], expected: list[str]
) -> None:
    lines = [f'Acme,{n},"{day}",,1.00,EUR,,Paid,1.00' for n, day in enumerate(days)]
    rows, _ = read_export("\n".join([XERO, *lines]))
    assert [row["issued_on"] for row in rows] == expected


@pytest.mark.parametrize("days", [["03/04/2026", "05/06/2026"], ["13/04/2026", "04/13/2026"]])
def test_days_that_nothing_settles_are_refused_until_the_order_is_told(days: list[str]) -> None:
    lines = [f"Acme,{n},{day},,1.00,EUR,,Paid,1.00" for n, day in enumerate(days)]
    text = "\n".join([XERO, *lines])
    with pytest.raises(DateOrderUnclear) as caught:
        read_export(text)
    assert "--map" in caught.value.remedy
    assert "date_order" in caught.value.remedy
    rows, _ = read_export(text, told=Told(date_order="dmy"))
    assert rows[0]["issued_on"] == f"2026-04-{days[0][:2]}"


def test_a_day_that_is_none_is_left_for_intake_to_refuse_with_its_place() -> None:
    rows, _ = read_export(f"{XERO}\nAcme,1,soon,,1.00,EUR,,Paid,1.00\n")
    assert rows[0]["issued_on"] == "soon"


def test_an_export_without_currency_is_refused_until_it_is_told() -> None:
    text = "ContactName,InvoiceNumber,InvoiceDate,Total\nAcme,1,2026-01-13,10.00\n"
    with pytest.raises(CurrencyUnclear) as caught:
        read_export(text)
    assert "--map" in caught.value.remedy
    rows, _ = read_export(text, told=Told(currency="NZD"))
    assert rows[0]["currency"] == "NZD"


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(HeaderUnfit):
        read_export(
            "ContactName,InvoiceNumber,InvoiceDate,Total,*Total,Currency\na,1,2026-01-13,1,2,EUR\n"
        )


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1,234.50", "0.05"], ["1234.50", "0.05"]),
        (["1.234,50", "12,5"], ["1234.50", "12.5"]),
        (["$1,234.00", "($5.00)"], ["1234.00", "-5.00"]),
        (["1,234,567"], ["1234567"]),
        (["1 234.50", "1'000.00"], ["1234.50", "1000.00"]),
        (["12.00-", "EUR 7.00"], ["-12.00", "7.00"]),
        (["100.0000", "7.10000"], ["100.00", "7.10"]),
        (["1.23.45", "abc"], ["1.23.45", "abc"]),
    ],
)
def test_figures_are_read_as_the_file_writes_them(texts: list[str], expected: list[str]) -> None:
    figures = FigureReader.for_texts(texts, told=Told(), file="f")
    assert [figures.read(text, "EUR") for text in texts] == expected


def test_a_figure_of_two_readings_is_refused_until_it_is_told() -> None:
    with pytest.raises(NumberStyleUnclear):
        FigureReader.for_texts(["1,234", "5"], told=Told(), file="f")
    with pytest.raises(NumberStyleUnclear):
        FigureReader.for_texts(["1,5", "1.5"], told=Told(), file="f")
    assert (
        FigureReader.for_texts(["1,234"], told=Told(decimal=","), file="f").read("1,234", "KWD")
        == "1.234"
    )
    assert (
        FigureReader.for_texts(["1,234"], told=Told(decimal="."), file="f").read("1,234", "EUR")
        == "1234"
    )


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("1234", "USD", "12.34"),
        ("-5", "EUR", "-0.05"),
        ("500", "JPY", "500"),
        ("12340", "KWD", "12.340"),
        ("500", "MGA", "500"),  # Stripe counts ariary whole, ISO 4217 gives it two decimals
        ("50000", "UGX", "500"),  # ISO 4217 has none, Stripe keeps two
        ("12.5", "USD", "12.5"),
    ],
)
def test_minor_units_become_decimals_of_their_currency(
    text: str, currency: str, expected: str
) -> None:
    assert MinorReader().read(text, currency) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("usd", "USD"), ("EUR", "EUR"), ("British pound", "GBP"), ("CAD Canadian Dollar", "CAD")],
)
def test_currencies_are_known_by_code_and_name(text: str, expected: str) -> None:
    assert currency_code(text) == expected


def test_headers_are_compared_without_stars_dots_case_and_byte_order_mark() -> None:
    assert plain_header("\ufeff*Invoice  No.") == "invoice no"
    assert plain_header("*") == ""


def test_every_preset_fills_columns_of_its_kind_and_has_its_own_name() -> None:
    for name, preset in PRESETS.items():
        assert name == preset.name
        assert set(preset.columns) <= set(KINDS[preset.kind].columns), name
        assert presets_named(name)
        assert not any(needed for needed in preset.needs if not needed)


def test_rows_of_a_table_of_our_own_are_no_export_header() -> None:
    for kind in KINDS.values():
        assert not is_export_header(kind.columns), kind.name
