"""Any table through a mapping: declared once, held to it, and never bent until it fits."""

from pathlib import Path
from typing import Any

import pytest

from duly.intake.rules.sheet import Block, Sheet
from duly.interfaces.exchange.readers import Mapping, read_files
from duly.kernel.errors import DulyError

ITEMS: dict[str, Any] = {
    "name": "ledger",
    "kind": "items",
    "columns": {
        "number": "Belegnr.",
        "customer_id": "Konto",
        "issued_on": "Datum",
        "due_on": "Fällig",
        "amount": "Betrag",
    },
    "constants": {"kind": "invoice", "currency": "EUR"},
}
HEADER = "Belegnr.;Konto;Datum;Fällig;Betrag\n"
ROW = "R-1;D100;01.02.2026;03.03.2026;1.234,50\n"
GERMAN = {"date_order": "dmy", "decimal": ",", "thousands": "."}


def told(**more: Any) -> Mapping:
    return Mapping.from_dict(ITEMS | more)


def read(tmp_path: Path, content: str | bytes, **more: Any) -> tuple[Sheet, list[Block]]:
    path = tmp_path / "export.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    [sheet] = read_files([path], mappings=[told(**more)])
    return sheet, list(sheet.blocks)


def column(blocks: list[Block], name: str) -> list[str]:
    return [text for block in blocks for text in block.columns[name]]


def rows(blocks: list[Block]) -> list[int]:
    return [row for block in blocks for row in block.rows]


def problems(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(one.where, one.code) for block in blocks for one in block.problems]


def notes(blocks: list[Block]) -> str:
    return " ".join(note for block in blocks for note in block.notes)


def refusal(tmp_path: Path, content: str | bytes, **more: Any) -> DulyError:
    with pytest.raises(DulyError) as caught:
        read(tmp_path, content, **more)
    assert caught.value.remedy
    return caught.value


def test_columns_get_our_names_and_one_form(tmp_path: Path) -> None:
    sheet, blocks = read(tmp_path, HEADER + ROW, **GERMAN)
    assert (sheet.kind, sheet.preset) == ("items", "map:ledger")
    assert blocks[0].columns == {
        "number": ["R-1"],
        "customer_id": ["D100"],
        "issued_on": ["2026-02-01"],
        "due_on": ["2026-03-03"],
        "amount": ["1234.50"],
        "kind": ["invoice"],
        "currency": ["EUR"],
    }
    assert rows(blocks) == [2]


class TestWriting:
    """Delimiter, encoding, byte order mark."""

    @pytest.mark.parametrize("delimiter", [";", "\t", "|", ",", "^"])
    def test_delimiters(self, tmp_path: Path, delimiter: str) -> None:
        row = "R-1;D100;2026-02-01;2026-03-03;12.50\n"
        text = (HEADER + row).replace(";", delimiter)
        _, blocks = read(tmp_path, text, delimiter="tab" if delimiter == "\t" else delimiter)
        assert column(blocks, "amount") == ["12.50"]

    @pytest.mark.parametrize(
        ("encoding", "named"),
        [
            ("cp1252", "windows-1252"),
            ("latin-1", "ISO-8859-1"),
            ("utf-16-le", "utf-16-le"),
            ("cp850", "cp850"),
            ("utf-8", "utf-8"),
        ],
    )
    def test_encodings(self, tmp_path: Path, encoding: str, named: str) -> None:
        text = (HEADER + ROW.replace("D100", "Müller")).encode(encoding)
        _, blocks = read(tmp_path, text, encoding=named, **GERMAN)
        assert column(blocks, "customer_id") == ["Müller"]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
    def test_a_byte_order_mark_is_believed_before_a_mapping(
        self, tmp_path: Path, encoding: str
    ) -> None:
        text = (HEADER + ROW.replace("D100", "Müller")).encode(encoding)
        _, blocks = read(tmp_path, text, encoding="windows-1252", **GERMAN)
        assert column(blocks, "customer_id") == ["Müller"]

    def test_bytes_of_another_encoding_are_refused_with_their_row(self, tmp_path: Path) -> None:
        text = (HEADER + ROW + ROW.replace("D100", "M\xfcller")).encode("latin-1")
        error = refusal(tmp_path, text, encoding="utf-8", **GERMAN)
        assert (error.code, error.facts["where"]) == ("ENCODING_UNCLEAR", "row 1")

    def test_an_encoding_that_nobody_knows(self) -> None:
        with pytest.raises(DulyError) as caught:
            told(encoding="klingon", delimiter=";;")
        assert len(caught.value.facts["faults"]) == 2


class TestNumbers:
    @pytest.mark.parametrize(
        ("written", "style", "number"),
        [
            ("1.234,50", {"decimal": ",", "thousands": "."}, "1234.50"),
            ("1234,5", {"decimal": ",", "thousands": "."}, "1234.5"),
            ("1,234.50", {"thousands": ","}, "1234.50"),
            ("12,34,567.00", {"thousands": ","}, "1234567.00"),
            ("1 234,50", {"decimal": ",", "thousands": " "}, "1234.50"),
            ("1\u202f234,50", {"decimal": ",", "thousands": " "}, "1234.50"),
            ("1'234.50", {"thousands": "'"}, "1234.50"),
            ("€ 12.50", {"symbols": "€"}, "12.50"),
            ("12.50 EUR", {"symbols": ["€", "EUR"]}, "12.50"),
            ("-12.50", {}, "-12.50"),
            ("12.50-", {}, "-12.50"),
            ("(12.50)", {}, "-12.50"),
            ("12.50 CR", {}, "-12.50"),
            ("\u221212.50", {}, "-12.50"),
        ],
    )
    def test_as_declared(self, tmp_path: Path, written: str, style: dict, number: str) -> None:
        text = HEADER + f'R-1;D100;2026-02-01;2026-03-03;"{written}"\n'
        _, blocks = read(tmp_path, text, **style)
        assert (column(blocks, "amount"), problems(blocks)) == ([number], [])

    @pytest.mark.parametrize(
        ("written", "style"),
        [
            ("1.234,50", {}),
            ("1,234.50", {}),
            ("1,5", {}),
            ("1.234.50", {"thousands": ","}),
            ("12.34", {"decimal": ",", "thousands": "."}),
            ("1.2345,00", {"decimal": ",", "thousands": "."}),
            ("€ 5", {}),
            ("5 $", {"symbols": "€"}),
            ("five", {}),
            ("1e3", {}),
            ("--5", {}),
        ],
    )
    def test_nothing_else_is_a_number(self, tmp_path: Path, written: str, style: dict) -> None:
        """1.234 is two numbers: what was not declared is refused."""
        text = HEADER + f'R-1;D100;2026-02-01;2026-03-03;"{written}"\n'
        _, blocks = read(tmp_path, text, **style)
        assert problems(blocks) == [("row 2", "INVALID_AMOUNT")]
        assert "Betrag" in blocks[0].problems[0].message


class TestDays:
    @pytest.mark.parametrize(
        ("written", "order", "on"),
        [
            ("03.04.2026", "dmy", "2026-04-03"),
            ("03/04/2026", "mdy", "2026-03-04"),
            ("26-04-03", "ymd", "2026-04-03"),
            ("3.4.26", "dmy", "2026-04-03"),
        ],
    )
    def test_the_order_declared_counts(
        self, tmp_path: Path, written: str, order: str, on: str
    ) -> None:
        text = HEADER + f"R-1;D100;{written};;5\n"
        _, blocks = read(tmp_path, text, date_order=order)
        assert column(blocks, "issued_on") == [on]

    def test_a_format_declared_counts(self, tmp_path: Path) -> None:
        text = HEADER + "R-1;D100;20260403T1200;;5\n"
        _, blocks = read(tmp_path, text, date_format="%Y%m%dT%H%M")
        assert column(blocks, "issued_on") == ["2026-04-03"]

    @pytest.mark.parametrize("written", ["2026-04-03", "3 April 2026", "3. Apr 2026", "20260403"])
    def test_a_day_of_one_reading_needs_no_order(self, tmp_path: Path, written: str) -> None:
        _, blocks = read(tmp_path, HEADER + f"R-1;D100;{written};;5\n")
        assert column(blocks, "issued_on") == ["2026-04-03"]

    def test_days_that_nothing_settles_are_asked_for(self, tmp_path: Path) -> None:
        text = HEADER + "R-1;D100;03/04/2026;05/06/2026;5\n"
        error = refusal(tmp_path, text)
        assert error.code == "DATE_ORDER_UNCLEAR"
        assert error.facts["text"] in text

    def test_one_day_of_the_file_settles_the_order_and_is_told(self, tmp_path: Path) -> None:
        text = HEADER + "R-1;D100;03/04/2026;;5\nR-2;D100;28/02/2026;;5\n"
        _, blocks = read(tmp_path, text)
        assert column(blocks, "issued_on") == ["2026-04-03", "2026-02-28"]
        assert "28/02/2026" in notes(blocks)

    def test_days_of_two_orders_are_refused(self, tmp_path: Path) -> None:
        text = HEADER + "R-1;D100;28/02/2026;02/28/2026;5\n"
        assert refusal(tmp_path, text).code == "DATE_ORDER_UNCLEAR"

    def test_a_day_that_does_not_fit_is_told_by_row(self, tmp_path: Path) -> None:
        text = HEADER + "R-1;D100;28.02.2026;;5\nR-2;D100;02.28.2026;;5\nR-3;D100;soon;;5\n"
        _, blocks = read(tmp_path, text, date_order="dmy")
        assert problems(blocks) == [("row 3", "INVALID_DATE"), ("row 4", "INVALID_DATE")]


class TestRowsAround:
    """What stands before the header and after the rows."""

    preamble = "Offene Posten;;;;\nStand 28.02.2026;;;;\n\n"

    def test_rows_before_the_header_are_skipped_and_counted(self, tmp_path: Path) -> None:
        _, blocks = read(tmp_path, self.preamble + HEADER + ROW, **GERMAN)
        assert rows(blocks) == [5]
        _, blocks = read(tmp_path, self.preamble + HEADER + ROW, skip_rows=3, **GERMAN)
        assert rows(blocks) == [5]

    def test_a_header_among_the_rows_skipped_is_not_taken(self, tmp_path: Path) -> None:
        text = HEADER + "old;old;old;old;old\n" + HEADER + ROW
        _, blocks = read(tmp_path, text, skip_rows=2, **GERMAN)
        assert (rows(blocks), column(blocks, "number")) == ([4], ["R-1"])

    @pytest.mark.parametrize("word", ["Summe", "summe", "SUM"])
    def test_a_footer_ends_the_table(self, tmp_path: Path, word: str) -> None:
        text = HEADER + ROW + "Summe;;;;1.234,50\n" + ROW
        _, blocks = read(tmp_path, text, footer=word, **GERMAN)
        assert rows(blocks) == [2]
        assert "Row 3" in notes(blocks)

    def test_a_blank_row_ends_the_table_when_told(self, tmp_path: Path) -> None:
        text = HEADER + ROW + "\n" + "printed by;me;;;\n"
        _, blocks = read(tmp_path, text, stops_at_blank=True, **GERMAN)
        assert (rows(blocks), problems(blocks)) == ([2], [])

    def test_without_being_told_a_footer_is_a_row(self, tmp_path: Path) -> None:
        _, blocks = read(tmp_path, HEADER + ROW + "Summe;;;;1.234,50\n", **GERMAN)
        assert rows(blocks) == [2, 3]

    def test_rows_are_chosen_by_a_word(self, tmp_path: Path) -> None:
        text = HEADER.strip() + ";Art\n"
        text += f"{ROW.strip()};RE\n{ROW.strip()};XX\n{ROW.strip()};re\n"
        _, blocks = read(tmp_path, text, only={"Art": ["RE"]}, **GERMAN)
        assert rows(blocks) == [2, 4]
        assert "1 row is left out" in notes(blocks)


class TestSigns:
    text = HEADER.strip() + ";S/H\nR-1;D100;2026-02-01;;10;S\nR-2;D100;2026-02-01;;20;H\n"

    def test_a_column_of_marks(self, tmp_path: Path) -> None:
        _, blocks = read(tmp_path, self.text, sign={"column": "S/H", "negative": "H"})
        assert column(blocks, "amount") == ["10", "-20"]

    def test_negative_rows_become_credit_notes(self, tmp_path: Path) -> None:
        _, blocks = read(
            tmp_path,
            self.text,
            sign={"column": "S/H", "negative": ["h", "haben"]},
            negative="credit_note",
        )
        assert column(blocks, "amount") == ["10", "20"]
        assert column(blocks, "kind") == ["invoice", "credit_note"]

    def test_a_sign_turned(self, tmp_path: Path) -> None:
        text = HEADER + "R-1;D100;2026-02-01;;-10\n"
        _, blocks = read(tmp_path, text, negative="turn")
        assert column(blocks, "amount") == ["10"]

    def test_two_columns_of_amounts(self, tmp_path: Path) -> None:
        header = HEADER.replace("Betrag", "Soll;Haben")
        text = header + "R-1;D100;2026-02-01;;10;\nR-2;D100;2026-02-01;;;20\n"
        columns = {name: told for name, told in ITEMS["columns"].items() if name != "amount"}
        sign = {"debit": "Soll", "credit": "Haben"}
        _, blocks = read(tmp_path, text, columns=columns, sign=sign, negative="credit_note")
        assert column(blocks, "amount") == ["10", "20"]
        assert column(blocks, "kind") == ["invoice", "credit_note"]
        text += "R-3;D100;2026-02-01;;10;20\n"
        _, blocks = read(tmp_path, text, columns=columns, sign=sign)
        assert problems(blocks) == [("row 4", "DEBIT_AND_CREDIT")]


class TestCells:
    def test_other_words_and_joined_columns(self, tmp_path: Path) -> None:
        mapping = Mapping.from_dict(
            {
                "name": "people",
                "kind": "customers",
                "columns": {
                    "customer_id": "No",
                    "name": ["First", "Last"],
                    "payment_method": "Pays",
                },
                "values": {"payment_method": {"LS": "direct_debit", "ÜW": "transfer"}},
            }
        )
        path = tmp_path / "a.csv"
        path.write_text("No,First,Last,Pays,Shoe\n1,Ann,Lee,ls,42\n2,Bea,,üw,43\n")
        [sheet] = read_files([path], mappings=[mapping])
        blocks = list(sheet.blocks)
        assert column(blocks, "name") == ["Ann Lee", "Bea"]
        assert column(blocks, "payment_method") == ["direct_debit", "transfer"]
        assert "Columns not read: Shoe." in notes(blocks)

    def test_headers_are_found_in_any_case(self, tmp_path: Path) -> None:
        _, blocks = read(tmp_path, HEADER.upper().replace(";", " ; ") + ROW, **GERMAN)
        assert column(blocks, "number") == ["R-1"]

    def test_a_header_that_lacks_is_named(self, tmp_path: Path) -> None:
        error = refusal(tmp_path, HEADER.replace("Konto", "Kunde") + ROW, **GERMAN)
        assert (error.code, error.facts["missing"]) == ("MAPPING_UNFIT", ["konto"])

    def test_a_header_twice_is_named(self, tmp_path: Path) -> None:
        text = HEADER.strip() + ";Konto\n" + ROW.strip() + ";D200\n"
        assert refusal(tmp_path, text, **GERMAN).code == "HEADER_TWICE"


class TestMappings:
    def test_every_fault_is_told_at_once(self) -> None:
        with pytest.raises(DulyError) as caught:
            Mapping.from_dict(
                {
                    "kind": "items",
                    "columns": {"number": "No", "shoe_size": "Size", "currency": "Cur"},
                    "constants": {"currency": "EUR"},
                    "decimal": ",",
                    "thousands": ",",
                    "date_order": "dmy",
                    "date_format": "%Y",
                    "sign": {"column": "S"},
                    "negative": "sometimes",
                    "colour": "red",
                }
            )
        assert caught.value.code == "MAPPING_UNFIT"
        faults = " ".join(caught.value.facts["faults"])
        for word in (
            "shoe_size",
            "currency stands in columns and in constants",
            "Nothing fills kind, customer_id, issued_on, amount",
            "same mark",
            "date_order or date_format",
            "sign needs column and negative",
            "negative is one of",
            "colour",
        ):
            assert word in faults

    def test_a_mapping_is_kept_and_found_again(self, tmp_path: Path) -> None:
        mapping = told(footer="Summe", sign={"column": "S", "negative": "H"}, **GERMAN)
        assert Mapping.from_dict(mapping.to_dict()) == mapping

    def test_a_layout_once_mapped_needs_no_asking(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_text(HEADER + ROW)
        [sheet] = read_files([path], mappings=[told(**GERMAN)])
        kept = {sheet.layout: told(**GERMAN)}
        path.write_text("Stand heute;;;;\n" + HEADER + ROW, encoding="cp1252")
        with pytest.raises(DulyError):
            read_files([path])
        kept[sheet.layout] = told(encoding="windows-1252", **GERMAN)
        [again] = read_files([path], remembered=kept.get)
        assert (again.preset, column(list(again.blocks), "number")) == ("map:ledger", ["R-1"])

    def test_a_mapping_of_another_kind_than_wanted(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_text(HEADER + ROW)
        with pytest.raises(DulyError) as caught:
            read_files([path], kind="payments", mappings=[told(**GERMAN)])
        assert caught.value.code == "MAPPING_UNFIT"
