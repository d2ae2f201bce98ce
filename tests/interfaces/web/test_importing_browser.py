"""Importing in a real browser: files mended and mapped by hand, read with the eyes of axe."""
# ruff: noqa: F811 - fixtures come from the tests of the frame

from pathlib import Path

import pytest
from tests.interfaces.web.browsing import BROWSER, assert_pages_fit, part_comes, violations
from tests.interfaces.web.test_shell_browser import served  # noqa: F401 - the same books

pytestmark = BROWSER

ITEMS = "kind,number,customer_id,currency,issued_on,due_on,amount\n"


def file(folder: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def upload(page, *paths: str) -> None:
    """Choose files; the page of the upload opens by itself."""
    page.get_by_label("Drop files here, or choose them").set_input_files(list(paths))
    page.wait_for_url("**/import/files/*/")


def owed(page, customer: str) -> str:
    """What a customer owes in EUR, as the aging says."""
    page.goto(page.url.split("/import")[0].rstrip("/") + "/aging/?currency=EUR")
    row = page.locator("tr", has=page.get_by_role("rowheader", name=customer, exact=True))
    return row.first.locator("data").last.get_attribute("value")


def go(page, way: str = "/import/") -> None:
    base = "/".join(page.url.split("/")[:3])
    page.goto(base + way)


def test_a_file_with_errors_is_mended_imported_and_seen_in_the_balance(
    open_page, tmp_path: Path
) -> None:
    page = open_page("/")
    before = owed(page, "Meridian Foods")
    go(page)
    rows = (
        "invoice,M-1,C0,EUR,2026-01-02,2026-02-01,100.50\n"
        "invoice,M-2,C0,EUR,2026-01-02,2026-13-01,20.00\n"
        "invoice,M-3,NOBODY,EUR,2026-01-02,2026-02-01,30.00\n"
    )
    upload(page, file(tmp_path, "january.csv", ITEMS + rows))
    page.get_by_role("heading", name="Nothing is written yet").wait_for()
    bad = page.get_by_role("table", name="Rows to mend")
    assert bad.get_by_role("row", name="3 M-2").get_by_text("Column due_on").is_visible()
    assert bad.get_by_role("row", name="4 M-3").get_by_text("no customer NOBODY").is_visible()
    whole = page.get_by_role("button", name="Import 3 rows")
    assert whole.get_attribute("aria-disabled") == "true"
    mended = ITEMS + rows.replace("2026-13-01", "2026-03-01").replace("NOBODY", "C0")
    page.get_by_label("Drop the mended file, or further ones").set_input_files(
        file(tmp_path, "january.csv", mended)
    )
    page.get_by_text("would write into the books").wait_for()
    page.get_by_role("button", name="Import 3 rows").click()
    page.get_by_role("heading", name="It is in the books").wait_for()
    page.get_by_role("link", name="january.csv").click()
    page.get_by_role("link", name="M-2").wait_for()
    assert owed(page, "Meridian Foods") == f"{float(before) + 150.5:.2f}"


def test_upload_pressed_right_after_choosing_is_one_upload(open_page, tmp_path: Path) -> None:
    """Choosing sends the files; the press may reach the page that follows, which has none."""
    page = open_page("/import/")
    path = file(tmp_path, "now.csv", ITEMS + "invoice,U-1,C0,EUR,2026-01-02,2026-02-01,1.00\n")
    page.get_by_label("Drop files here, or choose them").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="Nothing is written yet").wait_for()
    page.get_by_role("button", name="Upload").click()
    page.wait_for_timeout(300)
    page.get_by_role("heading", name="Nothing is written yet").wait_for()
    assert page.get_by_text("No file came with this").count() == 0


def test_files_can_be_dropped(open_page, tmp_path: Path) -> None:
    page = open_page("/import/")
    text = ITEMS + "invoice,D-1,C1,EUR,2026-01-02,2026-02-01,1.00\n"
    transfer = page.evaluate_handle(
        """text => {
            const held = new DataTransfer();
            held.items.add(new File([text], "dropped.csv", {type: "text/csv"}));
            return held;
        }""",
        text,
    )
    page.locator("[data-drop]").dispatch_event("dragover", {"dataTransfer": transfer})
    page.locator("[data-drop]").dispatch_event("drop", {"dataTransfer": transfer})
    page.wait_for_url("**/import/files/*/")
    page.get_by_role("heading", name="dropped.csv").wait_for()


def test_a_file_that_is_too_big_does_not_travel(open_page, tmp_path: Path) -> None:
    page = open_page("/import/")
    path = tmp_path / "huge.csv"
    with path.open("wb") as sparse:
        sparse.truncate(100 << 20)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label("Drop files here, or choose them").set_input_files(str(path))
    page.get_by_text("That is more than 200 files or 64 MiB.").wait_for()
    assert "POST" not in sent


def test_a_german_csv_is_mapped_by_hand(open_page, tmp_path: Path) -> None:
    page = open_page("/import/")
    text = (
        "Beleg;Konto;Am;Bis;Summe netto;Summe\n"
        "G-1;C2;03.04.2026;05.06.2026;1.000,00;1.190,00\n"
        "G-2;C3;04.04.2026;06.06.2026;10,00;11,90\n"
    )
    upload(page, file(tmp_path, "Posten.csv", text))
    page.get_by_role("link", name="Map columns of Posten.csv").click()
    look = page.get_by_role("table", name="First rows as they will be read")
    page.get_by_text("Still to say:").wait_for()

    def choose(label: str, option: str) -> None:
        with part_comes(page):
            page.get_by_label(label, exact=False).first.select_option(option)

    choose("Number needed", "Beleg")
    choose("Customer id needed", "Konto")
    choose("Issued on needed", "Am")
    choose("Amount needed", "Summe")
    choose("Due on", "Bis")
    page.get_by_text("Day first, or month first?").wait_for()
    choose("Days are written", "dmy")
    choose("Before decimals stands", ",")
    choose("Between thousands", ".")
    first = look.get_by_role("row", name="G-1")
    first.wait_for()
    for cell in ("C2", "3 Apr 2026", "5 Jun 2026", "1,190.00"):
        assert first.get_by_role("cell", name=cell, exact=True).is_visible(), cell
    assert violations(page) == []
    page.get_by_role("button", name="Read it so").click()
    page.get_by_text("It is read as you said.").wait_for()
    page.get_by_role("button", name="Import 2 rows").click()
    page.get_by_text("is remembered for files with this header").wait_for()
    go(page)
    again = text.replace("G-1", "G-3").replace("G-2", "G-4")
    upload(page, file(tmp_path, "April.csv", again))
    page.get_by_text("The layout is known: admin@localhost mapped it on").wait_for()
    page.get_by_role("button", name="Import 2 rows").wait_for()


def test_a_workbook_is_mapped_by_hand(open_page, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Cover").write(0, 0, "Open items")
    rows = book.add_worksheet("Items")
    rows.write(0, 0, "Open items, all customers")
    rows.write_row(2, 0, ["Doc", "Account", "Day", "Pay by", "Open"])
    for place, number in enumerate(("W-1", "W-2"), 3):
        rows.write_row(place, 0, [number, "C4", "2026-01-02", "2026-02-01", 250.5])
    rows.write_row(5, 0, ["Total", "", "", "", 501])
    book.close()
    page = open_page("/import/")
    upload(page, str(path))
    page.get_by_role("link", name="Map columns of list.xlsx").click()
    assert page.get_by_label("Worksheet").input_value() == "Items"
    assert page.get_by_label("Rows before the header").input_value() == "2"
    assert page.get_by_label("The table ends before").input_value() == "Total"
    for label, option in (
        ("Number needed", "Doc"),
        ("Customer id needed", "Account"),
        ("Issued on needed", "Day"),
        ("Amount needed", "Open"),
    ):
        with part_comes(page):
            page.get_by_label(label).first.select_option(option)
    page.get_by_text("Further columns that may be there").click()
    with part_comes(page):
        page.get_by_label("Due on").first.select_option("Pay by")
    page.get_by_role("row", name="W-1").get_by_text("250.50").first.wait_for()
    page.get_by_role("button", name="Read it so").click()
    page.get_by_role("button", name="Import 2 rows").click()
    page.get_by_role("heading", name="It is in the books").wait_for()


def test_without_script_everything_works_by_plain_forms(
    served,
    browser,
    signed_in: dict,
    tmp_path: Path,
) -> None:
    context = browser.new_context(storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/import/")
    text = "No,Who,From,To,Sum\nP-1,C5,2026-01-02,2026-02-01,7.00\n"
    page.get_by_label("Drop files here, or choose them").set_input_files(
        file(tmp_path, "plain.csv", text)
    )
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Map columns of plain.csv").click()
    page.get_by_label("Number needed").first.select_option("No")
    page.get_by_label("Customer id needed").first.select_option("Who")
    page.get_by_label("Issued on needed").first.select_option("From")
    page.get_by_label("Amount needed").first.select_option("Sum")
    page.get_by_role("button", name="Show the first rows again").click()
    page.get_by_role("row", name="P-1").get_by_text("7.00").wait_for()
    page.get_by_role("button", name="Read it so").click()
    page.get_by_role("button", name="Import 1 row").click()
    page.get_by_role("heading", name="It is in the books").wait_for()
    context.close()


@pytest.fixture(scope="module")
def places(served, browser, signed_in: dict, tmp_path_factory) -> list[str]:
    """Every page of an import, each with something to show."""
    folder = tmp_path_factory.mktemp("files")
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()

    def dropped(*paths: str) -> str:
        page.goto(f"{served.address}/import/")
        upload(page, *paths)
        return page.url.removeprefix(served.address)

    bad = ITEMS + "invoice,A-1,C1,EUR,2026-01-02,2026-02-01,1.00\ninvoice,A-2,C9X,EUR,x,y,z\n"
    changed = "customer_id,name,country\nC1,Another Name,DE\nC2,Firm Number 2,DE\nNEW,New,DE\n"
    found = ["/import/"]
    found.append(dropped(file(folder, "bad.csv", bad)))
    found.append(found[-1] + "0/")
    found.append(dropped(file(folder, "customers.csv", changed)))
    unread = file(folder, "unread.csv", "Alpha,Beta\n1,2\n")
    found.append(dropped(unread, file(folder, "good.csv", bad.replace("C9X,EUR,x,y,z", ""))))
    snapshot = dropped(file(folder, "open.csv", bad.split("invoice,A-2")[0]))
    page.get_by_label("The invoices are the whole open list of a day").check()
    page.get_by_text("Settled elsewhere, if you import this").wait_for()
    found.append(snapshot)
    done = dropped(file(folder, "new.csv", ITEMS + "invoice,A-9,C1,EUR,2026-01-02,2026-02-01,1\n"))
    page.get_by_role("button", name="Import 1 row").click()
    page.get_by_role("heading", name="It is in the books").wait_for()
    found.append(done)
    page.get_by_role("link", name="new.csv").click()
    page.wait_for_load_state("networkidle")
    found.append(page.url.removeprefix(served.address))
    found.append(found[-1] + "take-back/")
    context.close()
    return found


@pytest.mark.complete
def test_pages_are_accessible_and_fit(open_page, places: list[str]) -> None:
    assert_pages_fit(open_page, places)


def test_a_large_file_tells_how_far_it_is_and_lets_others_read(
    open_page,
    served,
    tmp_path: Path,
) -> None:
    head = ITEMS.strip() + ",reference\n"
    rows = "".join(
        f"invoice,L-{n},C{n % 12},EUR,2026-01-02,2026-02-01,{n + 1}.00,{'x' * 80}\n"
        for n in range(12_000)
    )
    page = open_page("/import/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Drop files here, or choose them").set_input_files(
        file(tmp_path, "large.csv", head + rows)
    )
    page.get_by_role("button", name="Import 12,000 rows").click(timeout=90_000)
    page.get_by_role("heading", name="It is in the books").wait_for(timeout=90_000)
    assert any(url.endswith("/so-far/") for url in asked)
    assert any(url.endswith("/look/") for url in asked), "a page stood before it was read"
