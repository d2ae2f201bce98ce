"""Remittances of people: CSV, workbooks, pasted text, PDFs; in six languages."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.remittance_files import (
    CSV,
    GERMAN,
    advices,
    money,
    opened,
    problems,
    read,
    workbook,
)

from duly.cash_application.rules.advices import Advice, line_of
from duly.kernel.amounts import text_from_minor

ON = date(2026, 3, 31)


def test_a_csv_with_lines_above_and_a_total_below() -> None:
    events = read("csv", CSV)
    (told,) = advices(events)
    assert told[1:8] == (
        "Baltic Steel Ltd", "", "", "", 290_000, "", ON,
    )  # fmt: skip
    assert money([told]) == [
        ("INV-1001", 196_000, 4_000, 0),
        ("INV-1002", 97_500, 0, 0),
        ("CN-7", -3_500, 0, 0),
    ]
    assert (told.lines[1].gross_minor, told.lines[1].reason) == (100_000, "short delivery")
    assert problems(events) == []
    assert problems(read("csv", CSV.replace(";2,900.00", ";2,900.01"))) == [
        ("file", "ADVICE_CONTRADICTS")
    ]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Invoice No,Amount,Discount,Amount paid", 'R-1,"1,000.00",20.00,980.00'),
        ("Rechnungsnummer;Betrag;Skonto;Zahlbetrag", "R-1;1.000,00;20,00;980,00"),
        ("N° facture;Montant brut;Escompte;Montant réglé", "R-1;1000,00;20,00;980,00"),
        ("Nº factura;Importe;Descuento;Importe pagado", "R-1;1.000,00;20,00;980,00"),
        ("Factuurnummer\tFactuurbedrag\tKorting\tBetaald bedrag", "R-1\t1.000,00\t20,00\t980,00"),
        ("Nº fatura|Valor bruto|Desconto|Valor pago", "R-1|1.000,00|20,00|980,00"),
    ],
    ids=["en", "de", "fr", "es", "nl", "pt"],
)
def test_columns_are_known_in_six_languages(header: str, row: str, tmp_path: Path) -> None:
    kind, events = opened(tmp_path, f"{header}\n{row}\n")
    assert kind == "csv"
    (told,) = advices(events)
    assert told.lines == (line_of("R-1", 100_000, 98_000, 2_000),)


def test_each_payment_that_a_table_names_is_an_advice() -> None:
    told = advices(
        read(
            "csv",
            "invoice;amount;payment reference;payment date\nA1;5.00;P1;2026-03-31\n"
            "A2;6.00;P1;2026-03-31\nA3;7.00;P2;2026-04-01\n",
        )
    )
    assert [(one.payment_reference, one.paid_on, one.total_minor) for one in told] == [
        ("P1", ON, 1_100),
        ("P2", date(2026, 4, 1), 700),
    ]


@pytest.mark.parametrize("amount", ["1,234", "abc", "1.2.3,4", "9" * 40])
def test_an_amount_that_can_mean_two_or_none_is_told(amount: str) -> None:
    events = read("csv", f"invoice;amount paid\nA1;{amount}\n")
    assert problems(events)[0] == ("line 2", "ADVICE_UNREADABLE")


def test_what_the_other_amounts_tell_decides() -> None:
    assert money(read("csv", "invoice;amount paid\nA1;1,234\nA2;5.50\n"))[0][1] == 123_400
    assert money(read("csv", "invoice;amount paid\nA1;1.234\nA2;5,50\n"))[0][1] == 123_400


def test_a_workbook_with_typed_cells(tmp_path: Path) -> None:
    data = workbook(
        [
            ["Payment advice"],
            ["Payment reference", "P-17"],
            ["Invoice", "Gross amount", "Discount", "Net paid", "Currency", "Payment date"],
            ["INV-1", 1000, 20, 980, "USD", date(2026, 3, 31)],
            ["INV-2", 12.5, None, 12.5, "USD", date(2026, 3, 31)],
            ["Total", 1012.5, 20, 992.5],
        ]
    )
    kind, events = opened(tmp_path, data)
    (told,) = advices(events)
    assert (kind, told.payment_reference, told.amount_minor, told.currency, told.paid_on) == (
        "xlsx", "P-17", 99_250, "USD", ON,
    )  # fmt: skip
    assert money([told]) == [("INV-1", 98_000, 2_000, 0), ("INV-2", 1_250, 0, 0)]


def test_german_text_with_a_credit_note_and_a_deduction() -> None:
    events = read("text", GERMAN)
    (told,) = advices(events)
    assert told[1:8] == (
        "Alder Foods GmbH", "", "", "ZA-2026-17", 127_100, "EUR", ON,
    )  # fmt: skip
    assert money([told]) == [
        ("RG-4711", 119_000, 0, 0),
        ("RG-4712", 23_800, 0, 0),
        ("GS-0815", -11_900, 0, 0),
        ("RG-4712", -3_800, 0, 3_800),
    ]
    assert "Transportschaden" in told.lines[3].text
    assert problems(events) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Invoice No    Date        Gross     Discount  Paid\n"
            "INV-1001      2026-03-01  2,000.00  40.00     1,960.00\n"
            "CN-7          2026-03-03  (35.00)   0.00      (35.00)\n"
            "Total                                         1,925.00\n",
            [("INV-1001", 196_000, 4_000, 0), ("CN-7", -3_500, 0, 0)],
        ),
        (
            "Facture FA2026-001 : 1 200,00 €\nAvoir AV2026-009 : 100,50 €\nTotal : 1 099,50 €",
            [("FA2026-001", 120_000, 0, 0), ("AV2026-009", -10_050, 0, 0)],
        ),
        (
            "| Nº factura | Importe | Descuento | Importe pagado |\n|---|---|---|---|\n"
            "| A/2026/15 | 121,00 | 2,42 | 118,58 |\n| Importe total | | | 118,58 |",
            [("A/2026/15", 11_858, 242, 0)],
        ),
        ("Factuur F-100 12,50\nCreditnota C-1 2,50\nTotaal 10,00",
         [("F-100", 1_250, 0, 0), ("C-1", -250, 0, 0)]),
        ("Fatura FT-100 1.250,00 1.225,00\n", [("FT-100", 122_500, 0, 0)]),
        ("We paid invoices INV-11 and INV-12 today", [("INV-11", None, 0, 0),
                                                      ("INV-12", None, 0, 0)]),
        (
            "Zahlungsavis Nr. 2000012345\n"
            "Beleg        Ihr Beleg   Bruttobetrag   Skonto   Nettobetrag\n"
            "5100000123   RE-4711     1.190,00       23,80    1.166,20\n",
            [("RE-4711", 116_620, 2_380, 0)],
        ),
        (
            "Invoice\tGross\tDiscount\tDeduction\tPaid\nINV-1\t50.00\t\t5.00\t45.00\n",
            [("INV-1", 4_500, 0, 500)],
        ),
        ("We transferred 119.00 EUR for\n- RE-4711: 119.00", [("RE-4711", 11_900, 0, 0)]),
        ("Invoice INV-1 JPY 12,000\nTotal JPY 12,000", [("INV-1", 12_000, 0, 0)]),
        ("Bank charges 15.00\nINV-1 100.00\n", [("", -1_500, 0, 1_500), ("INV-1", 10_000, 0, 0)]),
    ],
    ids=["en", "fr", "es", "nl", "pt", "names alone", "yours", "empty", "we", "yen", "charges"],
)  # fmt: skip
def test_text_as_people_paste_it(text: str, told: list[object], tmp_path: Path) -> None:
    _, events = opened(tmp_path, text)
    assert money(events) == told
    assert problems(events) == []


def test_a_text_that_names_nothing_is_no_advice() -> None:
    told = read("text", "Dear all, thank you for your call on 01.02.2026. Tel. 030 123456")
    assert (advices(told), problems(told)) == ([], [("file", "INCOMPLETE")])


def test_the_text_of_a_pdf(tmp_path: Path) -> None:
    """The PDF is written here, by the rules of PDF 1.7."""
    kind, events = opened(tmp_path, pdf_of(GERMAN.replace("ü", "ue").splitlines()))
    (told,) = advices(events)
    assert (kind, told.payment_reference, told.amount_minor) == ("pdf", "ZA-2026-17", 127_100)
    assert [line.number for line in told.lines[:3]] == ["RG-4711", "RG-4712", "GS-0815"]


def pdf_of(lines: list[str], extra: bytes = b"") -> bytes:
    """A PDF of one page with these lines in Courier."""
    text = " ".join(f"({line}) Tj T*" for line in lines if "(" not in line)
    return pdf_with(f"BT /F1 9 Tf 11 TL 40 780 Td {text} ET".encode("latin-1") + extra)


def pdf_with(content: bytes, forms: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page that draws this, or the first of some forms; each may call the next."""
    drawn = [content, *forms[1:]] if content else [*forms]
    resources = b"/Resources<</Font<</F1 4 0 R>>/XObject<<%s>>>>"
    refers = b"".join(b"/X%d %d 0 R" % (n, 5 + n) for n in range(1, len(drawn)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R%s>>"
        % (resources % refers),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ]
    for level, one in enumerate(drawn):
        head = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + resources % refers
        head = head if level else b""
        objects.append(b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(one), one))
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return made + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )


@pytest.mark.parametrize(
    ("depth", "calls", "told"),
    [(1, 1, [("INV-1001", 10_000, 0, 0)]), (4, 30, []), (6, 1, [])],
    ids=["one", "millions", "deep"],
)
def test_text_that_forms_draw_is_read_and_forms_without_end_are_not(
    depth: int, calls: int, told: list[object], tmp_path: Path
) -> None:
    """A form that calls a form 30 times, four deep, would be drawn 810,000 times."""
    text = b"BT /F1 9 Tf 40 700 Td (Invoice INV-1001 100.00) Tj ET"
    called = [b"/X%d Do " % level * calls for level in range(1, depth + 1)]
    _, events = opened(tmp_path, pdf_with(b"", [*called, text]))
    assert money(events) == told


def test_a_picture_and_an_endless_page_are_told(tmp_path: Path) -> None:
    _, events = opened(tmp_path, pdf_of([]))
    assert problems(events) == [("page 1", "ADVICE_UNREADABLE")]
    _, events = opened(tmp_path, pdf_of(["a"], b" 0 0 m" * 300_000))
    assert problems(events) == [("page 1", "ADVICE_UNREADABLE")]


NUMBER = st.from_regex(r"[A-Z]{1,3}-?[0-9]{3,8}", fullmatch=True)
LINE = st.tuples(NUMBER, st.integers(1, 10**8), st.integers(0, 20))


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=8), st.sampled_from(",."))
def test_what_is_written_as_csv_is_read_back(rows, decimal: str) -> None:
    told = [line_of(n, gross, None, gross * percent // 100) for n, gross, percent in rows]
    held = io.StringIO()
    writer = csv.writer(held, delimiter=";")
    writer.writerow(["invoice", "gross", "discount", "paid", "currency"])
    for line in told:
        amounts = (line.gross_minor, line.discount_minor, line.paid_minor)
        texts = [text_from_minor(minor or 0, 2).replace(".", decimal) for minor in amounts]
        writer.writerow([line.number, *texts, "EUR"])
    assert read("csv", held.getvalue()) == [Advice("file", currency="EUR", lines=tuple(told))]
