"""A mapping tells the same in whatever order its keys were kept: databases don't keep it."""

from pathlib import Path

from duly.interfaces.exchange.readers import Mapping, read_files

HEADERS = {
    "number": "No",
    "customer_id": "Who",
    "issued_on": "From",
    "due_on": "To",
    "amount": "Sum",
}
ROWS = "No,Who,From,To,Sum\nA,C,13.02.2026,15.03.2026,1\n"


def read_with(path: Path, columns: dict[str, str]) -> list[tuple[list[str], dict[str, list[str]]]]:
    mapping = Mapping.from_dict(
        {
            "name": "m",
            "kind": "items",
            "columns": columns,
            "constants": {"kind": "invoice", "currency": "EUR"},
        }
    )
    [sheet] = read_files([path], mappings=[mapping])
    return [(block.notes, block.columns) for block in sheet.blocks]


def test_what_is_told_does_not_depend_on_the_order_of_keys(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ROWS)
    backwards = dict(reversed(HEADERS.items()))
    assert read_with(path, HEADERS) == read_with(path, backwards)


def test_a_workbook_is_known_by_what_it_holds(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "0"  # as an upload is kept
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, ["customer_id", "name"])
    page.write_row(1, 0, ["C1", "Acme"])
    book.close()
    [sheet] = read_files([path], names=["customers.csv"])
    assert [block.columns["name"] for block in sheet.blocks] == [["Acme"]]
