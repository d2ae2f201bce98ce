"""Statements as PDF, read back: what is printed is what the books say, in the reader's language."""

import io
import json
import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pypdf
import pytest

from duly.interfaces.exchange.writers.statements import (
    Letter,
    Sender,
    document_data,
    page_data,
    typeset,
)
from duly.interfaces.exchange.writers.statements.codes import qr_code
from duly.interfaces.exchange.writers.statements.pagination import SIZES, sheets, tail_of
from duly.interfaces.exchange.writers.statements.running import (
    LOG,
    file_name,
    write_combined,
    write_single,
)
from duly.kernel.locales import LANGUAGES, locale_of
from duly.parties.rules.letters import Debtor, PayTo
from duly.receivables.rules.statements import (
    ACTIVITY,
    OPEN_ITEM,
    Account,
    Line,
    Movement,
    Statement,
    part_of,
)

ON = date(2026, 3, 2)
EURO = PayTo("EUR", "Northwind GmbH", "DE89370400440532013000", "COBADEFFXXX", "", "", "", ON, True)


def invoices(count: int) -> list[Line]:
    """Invoices of 1.00, 2.00 ... due a day before each other."""
    return [
        Line(1, "invoice", f"INV-{n:04d}", 0, "", ON, ON - timedelta(days=n), n * 100, n * 100)
        for n in range(1, count + 1)
    ]


def letter(
    lines: list[Line] | None = None,
    *,
    kind: str = OPEN_ITEM,
    currency: str = "EUR",
    language: str = "en",
    country: str = "GB",
    pay_to: PayTo | None = EURO,
    account: Account | None = None,
    paper: str = "a4",
    **debtor: str,
) -> Letter:
    """A letter of one currency."""
    account = account or Account(invoices(3) if lines is None else lines)
    part = part_of([account], currency=currency, kind=kind, on=ON)
    since = date(2026, 2, 1) if kind == ACTIVITY else None
    about = {"code": "C-0117", "name": "Meridian Foods", "payment_method": "transfer", **debtor}
    return Letter(
        sender=Sender("Northwind", "Way 1, Town", "a@n.example", "", "", "DE"),
        debtor=Debtor(
            1,
            about["code"],
            about["name"],
            "High Street 1\nTown",
            country,
            language,
            about["payment_method"],
        ),
        names={},
        statement=Statement(1, (1,), kind, ON, since, (part,)),
        pay_to={pay_to.currency: pay_to} if pay_to else {},
        locale=locale_of(language, country),
        paper=paper,
        notice_days=90,
        home_currency="EUR",
    )


def numbered(n: int, count: int) -> Letter:
    """A letter to a customer of its own."""
    one = letter(invoices(count), code=f"C{n:03d}")
    return replace(one, debtor=one.debtor._replace(id=n + 1))


def drawn(*letters: Letter) -> pypdf.PdfReader:
    out = typeset(document_data([page_data(one) for one in letters], letters[0]))
    assert out.unprinted == ""
    return pypdf.PdfReader(io.BytesIO(out.pdf))


def text_of(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


class TestPages:
    def test_the_total_is_what_the_lines_make(self) -> None:
        text = text_of(drawn(letter(invoices(5))))
        for n in range(1, 6):
            assert f"INV-{n:04d}" in text
        assert "Total open 15.00" in text

    @pytest.mark.parametrize("count", [1, 12, 13, 22, 23, 24, 25, 26, 66, 67, 68, 300])
    def test_every_page_carries_what_stands_on_it_and_before(self, count: int) -> None:
        pages = [page.extract_text() for page in drawn(letter(invoices(count))).pages]
        sums, seen = 0, 0
        for number, text in enumerate(pages, 1):
            rows = [int(n) for n in re.findall(r"INV-(\d{4})", text)]
            sums += sum(rows)
            seen += len(rows)
            label = "Total open" if number == len(pages) else "Carried forward"
            assert f"{label} {sums:,}.00" in " ".join(text.split())
            assert f"Page {number} of {len(pages)}" in text
            assert ("How to pay" in text) is (number == len(pages))
        assert seen == count

    @pytest.mark.parametrize("paper", ["a4", "letter"])
    def test_papers(self, paper: str) -> None:
        box = drawn(letter(paper=paper)).pages[0].mediabox
        size = (round(float(box.width) / 72 * 25.4, 1), round(float(box.height) / 72 * 25.4, 1))
        assert size == {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}[paper]

    @pytest.mark.parametrize("paper", ["a4", "letter"])
    @pytest.mark.parametrize("kind", ["slip", "note", "bill"])
    def test_no_row_is_lost_and_none_overflows(self, paper: str, kind: str) -> None:
        tail = tail_of(kind)
        for count in range(120):
            heights = [SIZES["row"] + SIZES["second"] * (n % 3) for n in range(count)]
            found = sheets(heights, paper=paper, has_notice=count % 2 == 0, tail=tail)
            assert [n for sheet in found for n in sheet.rows] == list(range(count))
            assert [sheet.is_last for sheet in found] == [False] * (len(found) - 1) + [True]
            # A bill may go to a page of its own; a slip never does.
            assert all(sheet.rows for sheet in found[: None if kind != "bill" else -1]) or count < 2

    def test_a_currency_has_pages_of_its_own_counted_through(self) -> None:
        euro = letter(invoices(2))
        both = replace(
            euro,
            statement=replace(
                euro.statement,
                parts=(*euro.statement.parts, *letter(currency="USD").statement.parts),
            ),
        )
        pages = [" ".join(page.extract_text().split()) for page in drawn(both).pages]
        assert ["EUR 3.00" in pages[0], "USD 6.00" in pages[1]] == [True, True]
        assert "Page 2 of 2" in pages[1]

    def test_an_activity_runs_from_opening_to_closing(self) -> None:
        account = Account(
            invoices(3),
            450,
            [
                Movement(1, date(2026, 2, 3), "invoice", "INV-9", "", 300),
                Movement(1, date(2026, 2, 9), "payment", "PAY-1", "", -150),
            ],
        )
        text = text_of(drawn(letter(kind=ACTIVITY, account=account)))
        assert "1 Feb 2026 Balance before 4.50" in text
        assert "Invoice INV-9 3.00 7.50" in text
        assert "Payment PAY-1 1.50 6.00" in text
        assert "Balance on 2 March 2026 6.00" in text

    def test_nothing_open_is_said(self) -> None:
        one = letter()
        text = text_of(drawn(replace(one, statement=replace(one.statement, parts=()))))
        assert "Nothing is open on this account." in text
        assert "The account is settled." in text


class TestPaying:
    def test_the_code_holds_what_is_asked(self) -> None:
        block = page_data(letter(invoices(3)))["currencies"][0]["pay"]
        expected = (
            "BCD\n002\n1\nSCT\nCOBADEFFXXX\nNorthwind GmbH\nDE89370400440532013000\n"
            "EUR6.00\n\nRF40C0117"
        )
        assert block["code"] == qr_code(expected)
        assert block["details"][-1] == ["Reference", "RF40 C011 7"]

    def test_another_amount_is_another_code(self) -> None:
        codes = {page_data(letter(invoices(n)))["currencies"][0]["pay"]["code"] for n in (1, 2, 3)}
        assert len(codes) == 3

    def test_no_code_in_another_currency(self) -> None:
        dollar = PayTo("USD", "Northwind", "", "", "12345", "021000021", "", ON, True)
        block = page_data(letter(currency="USD", pay_to=dollar))["currencies"][0]["pay"]
        assert block["code"] == ""
        assert ["Account", "12345"] in block["details"]

    @pytest.mark.parametrize(
        ("method", "said"),
        [("direct_debit", "We collect EUR 6.00 by direct debit"), ("card", "to your card")],
    )
    def test_who_is_collected_from_is_told_and_not_asked(self, method: str, said: str) -> None:
        text = text_of(drawn(letter(payment_method=method)))
        assert said in text
        for asked in ("How to pay", "IBAN", "DE89", "Please pay", "Amount paid"):
            assert asked not in text

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("method", ["direct_debit", "card"])
    def test_a_debit_that_did_not_come_is_told(self, method: str, language: str) -> None:
        def said(days: int) -> str:
            line = Line(1, "invoice", "E-1", 0, "", ON, ON - timedelta(days=days), 700, 700)
            one = letter([line], language=language, payment_method=method)
            pay = page_data(one)["currencies"][0]["pay"]
            assert pay["kind"] == "note"
            return str(pay["text"])

        assert len(re.findall(r"7[.,]00", said(1))) == 2
        assert len(re.findall(r"7[.,]00", said(0))) == 1
        assert said(0) != said(1)

    def test_credit_is_not_asked_for(self) -> None:
        credit = Line(1, "payment", "P1", 0, "", ON, ON, -5000, -5000)
        text = text_of(drawn(letter([credit])))
        assert "EUR 50.00 stands to your credit" in text
        assert "DE89" not in text

    @pytest.mark.parametrize(("days", "is_told"), [(0, True), (90, True), (91, False), (-5, True)])
    def test_a_change_of_bank_details_is_told_for_a_while(self, days: int, is_told: bool) -> None:
        changed = EURO._replace(in_force_on=ON - timedelta(days=days), is_first=False)
        text = text_of(drawn(letter(pay_to=changed)))
        assert ("Our bank details changed on" in text) is is_told

    def test_first_details_are_no_news(self) -> None:
        assert "Our bank details changed" not in text_of(drawn(letter()))


class TestForm:
    def test_the_same_facts_give_the_same_bytes(self) -> None:
        one, other = (typeset(document_data([page_data(letter())], letter())) for _ in range(2))
        assert one.pdf == other.pdf

    def test_it_is_pdf_a_and_tagged_with_all_fonts_inside(self) -> None:
        reader = drawn(letter())
        about = reader.trailer["/Root"]["/Metadata"].get_data().decode()
        assert re.search(r"pdfaid:part[>=\"']+2", about)
        assert re.search(r"pdfuaid:part[>=\"']+1", about)
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert reader.metadata.title == "Statement of account · Meridian Foods · 2 March 2026"

    @pytest.mark.parametrize(
        ("language", "country", "title", "figure"),
        [
            ("en", "US", "Statement of account", "12,345.00"),
            ("de", "DE", "Kontoauszug", "12.345,00"),
            ("fr", "FR", "Relevé de compte", "12 345,00"),
            ("es", "ES", "Estado de cuenta", "12.345,00"),
            ("nl", "NL", "Rekeningoverzicht", "12.345,00"),
            ("pt", "BR", "Extrato de conta", "12.345,00"),
        ],
    )
    def test_languages(self, language: str, country: str, title: str, figure: str) -> None:
        line = Line(1, "invoice", "I1", 0, "", ON, ON, 1_234_500, 1_234_500)
        text = text_of(drawn(letter([line], language=language, country=country)))
        assert title in text
        assert figure in text
        assert "{" not in text

    def test_all_languages_have_all_words_and_the_same_blanks(self) -> None:
        folder = files("duly.interfaces.exchange.writers.statements.words")
        words = {
            one: tomllib.loads(folder.joinpath(f"{one}.toml").read_text()) for one in LANGUAGES
        }
        blank = re.compile(r"\{(\w+)\}")
        for language, told in words.items():
            assert told.keys() == words["en"].keys(), language
            assert told["ages"].keys() == words["en"]["ages"].keys()
            for key, text in told.items():
                if key != "ages":
                    english = words["en"][key]
                    assert sorted(blank.findall(text)) == sorted(blank.findall(english)), key

    @pytest.mark.parametrize(
        "name",
        [
            "株式会社メリディアン",
            "مريديان للأغذية",
            "מרידיאן",
            "Μεριντιάν",
            "Меридиан",
            "เมอริเดียน",
            "मेरिडियन",
            "메리디안",
        ],
    )
    def test_names_in_many_scripts_print(self, name: str) -> None:
        drawn(letter(name=name))  # asserts that every character has a glyph

    def test_what_no_font_has_is_left_out_and_told(self) -> None:
        out = typeset(document_data([page_data(letter(name="Duck 🦆 Ltd"))], letter()))
        assert out.unprinted == "🦆"
        assert "pdfaid" not in out.pdf.decode("latin-1")
        assert "Duck" in text_of(pypdf.PdfReader(io.BytesIO(out.pdf)))

    @pytest.mark.parametrize(
        "name", ['#read("/etc/passwd")', "*bold* $x$ @a <b>", "\\ #{1+1}", '"']
    )
    def test_a_name_is_text_and_no_markup(self, name: str) -> None:
        assert " ".join(name.split()) in text_of(drawn(letter(name=name)))

    def test_long_numbers_are_whole(self) -> None:
        number = "".join(str(n % 10) for n in range(64))
        text = text_of(drawn(letter([Line(1, "invoice", number, 0, "", ON, ON, 100, 100)])))
        assert number in text.replace(" ", "")


class TestRuns:
    def test_one_file_each_and_a_second_run_keeps_them(self, tmp_path: Path) -> None:
        letters = [letter(invoices(n), code=f"C{n}") for n in (1, 2, 3)]
        first = list(write_single(letters, tmp_path, processes=1))
        before = {path.name: path.read_bytes() for path in tmp_path.glob("*.pdf")}
        again = list(write_single(letters, tmp_path, processes=1))
        assert [done.is_kept for done in first + again] == [False] * 3 + [True] * 3
        assert {path.name: path.read_bytes() for path in tmp_path.glob("*.pdf")} == before

    def test_what_changed_or_was_cut_is_written_again(self, tmp_path: Path) -> None:
        letters = [letter(invoices(n), code=f"C{n}") for n in (1, 2, 3)]
        list(write_single(letters, tmp_path, processes=1))
        (tmp_path / file_name(letters[1])).write_bytes(b"half")
        letters[2] = letter(invoices(4), code="C3")
        again = list(write_single(letters, tmp_path, processes=1))
        assert [done.is_kept for done in again] == [True, False, False]

    def test_a_log_that_a_kill_cut_short_is_read_as_far_as_it_goes(self, tmp_path: Path) -> None:
        letters = [letter(invoices(n), code=f"C{n}") for n in (1, 2)]
        list(write_single(letters, tmp_path, processes=1))
        log = tmp_path / LOG
        log.write_text(log.read_text()[:-30])
        again = list(write_single(letters, tmp_path, processes=1))
        assert [done.is_kept for done in again] == [True, False]
        assert len([json.loads(line) for line in log.read_text().splitlines()[-1:]]) == 1

    def test_one_file_for_post_has_every_page_in_order(self, tmp_path: Path) -> None:
        letters = [numbered(n, 1 + n % 30) for n in range(60)]
        file = tmp_path / "post.pdf"
        list(write_combined(letters, file, processes=2))
        alone = [len(page_data(one)["currencies"][0]["pages"]) for one in letters]
        reader = pypdf.PdfReader(file)
        assert len(reader.pages) == sum(alone)
        codes = [re.search(r"C\d{3}", page.extract_text())[0] for page in reader.pages]
        assert codes == [
            one.debtor.code for one, count in zip(letters, alone, strict=True) for _ in range(count)
        ]
        assert list(tmp_path.iterdir()) == [file]
        before = file.read_bytes()
        list(write_combined(letters, file, processes=1))
        assert file.read_bytes() == before

    def test_a_combined_run_that_ended_early_goes_on(self, tmp_path: Path) -> None:
        letters = [numbered(n, 1) for n in range(60)]
        file = tmp_path / "post.pdf"
        run = write_combined(letters, file, processes=1)
        next(run)
        run.close()
        assert not file.exists()
        again = list(write_combined(letters, file, processes=1))
        assert [done.is_kept for done in again] == [True, False, False]
        assert len(pypdf.PdfReader(file).pages) == 60

    def test_ids_that_differ_in_signs_have_files_of_their_own(self) -> None:
        first, second = letter(code="A/1"), letter(code="A.1")
        second = replace(second, debtor=second.debtor._replace(id=2))
        assert file_name(first) != file_name(second)
        assert "/" not in file_name(first)


class TestDisputes:
    def disputed(self, minor: int, **told: str) -> Letter:
        (line,) = invoices(15)[-1:]
        assert line.open_minor == 1500
        return letter([replace(line, disputed_minor=minor)], **told)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_is_in_dispute_is_marked_and_not_asked_for(self, language: str) -> None:
        one = self.disputed(500, language=language)
        page = page_data(one)["currencies"][0]
        told = re.compile(r"[ \xa0\u202f]?5[.,]00|500")
        words = tomllib.loads(
            files("duly.interfaces.exchange.writers.statements.words")
            .joinpath(f"{language}.toml")
            .read_text("utf-8")
        )
        said = words["disputed"].partition("{amount}")[2]
        assert any(said in str(cell) for cell in page["pages"][0]["rows"][0])
        assert re.search(r"10[.,]00", page["pay"]["text"])
        assert told.search(page["pay"]["text"])
        ten = page_data(letter([invoices(10)[-1]]))["currencies"][0]
        assert page["pay"]["code"] == ten["pay"]["code"]

    def test_nothing_is_asked_for_where_all_is_in_dispute(self) -> None:
        pay = page_data(self.disputed(1500))["currencies"][0]["pay"]
        assert pay["kind"] == "note"
        assert "is in dispute" in pay["text"]


def test_the_ages_of_an_activity_statement_make_its_closing() -> None:
    lines = [*invoices(3), Line(1, "payment", "P1", 0, "", ON, ON, -250, -250)]
    account = Account(lines, 0, [Movement(1, ON, "invoice", "I", "", 350)])
    one = letter(kind=ACTIVITY, account=account)
    page = page_data(one)["currencies"][0]
    told = [amount for _, amount in page["ages"]]
    assert (told, page["sums"][0][1]) == (
        ["–", "6.00", "–", "–", "–", "\N{MINUS SIGN}2.50"],
        ("3", ".50"),
    )
    text = text_of(drawn(one))
    assert "Your credits" in text
