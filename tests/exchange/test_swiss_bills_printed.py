"""The Swiss payment part as it is printed: its code read back, its headings in four languages."""

import io
import json
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from duly.interfaces.exchange.writers.statements import (
    Letter,
    Sender,
    document_data,
    page_data,
    typesetting,
)
from duly.interfaces.exchange.writers.statements.payment import lacking
from duly.parties.rules.letters import PayTo
from duly.receivables.rules.statements import OPEN_ITEM, Account, part_of
from exchange.test_statements_printed import EURO, ON, drawn, invoices, letter, text_of

QR_IBAN, IBAN = "CH4431999123000889012", "CH9300762011623852957"
PIXELS = 150  # an inch, less than any printer


def swiss(
    *,
    iban: str = QR_IBAN,
    currency: str = "CHF",
    count: int = 3,
    ours: str = "Lagerstrasse 7, 8004 Zürich",
    theirs: str = "Bahnhofstrasse 12\n8001 Zürich",
    country: str = "CH",
    language: str = "de",
    tag: str = "",
    paper: str = "a4",
    **debtor: str,
) -> Letter:
    """A letter that is paid in francs."""
    pay_to = PayTo(currency, "Nordwind & Söhne AG", iban, "", "", "", "", ON, True)
    one = letter(
        invoices(count),
        currency=currency,
        pay_to=pay_to,
        language=language,
        country=country,
        paper=paper,
        **debtor,
    )
    return replace(
        one,
        sender=Sender("Nordwind & Söhne AG", ours, "", "", "", "CH"),
        debtor=one.debtor._replace(address=theirs, language=tag or language),
    )


def block(one: Letter) -> dict:
    return page_data(one)["currencies"][0]["pay"]


def pictures(one: Letter) -> list[Image.Image]:
    """The pages as a printer would have them."""
    data = json.dumps(document_data([page_data(one)], one))
    made = typesetting._compiler("").compile(format="png", ppi=PIXELS, sys_inputs={"data": data})
    return [Image.open(io.BytesIO(page)) for page in ([made] if isinstance(made, bytes) else made)]


def codes(one: Letter) -> list[list[str]]:
    """The lines of the code on the last page."""
    return [found.text.split("\n") for found in zxingcpp.read_barcodes(pictures(one)[-1])]


class TestCode:
    @pytest.mark.parametrize("paper", ["a4", "letter"])
    def test_it_is_read_back_from_either_paper(self, paper: str) -> None:
        (lines,) = codes(swiss(paper=paper))
        assert lines[:7] == [
            "SPC",
            "0200",
            "1",
            QR_IBAN,
            "S",
            "Nordwind & Söhne AG",
            "Lagerstrasse",
        ]
        assert lines[18:20] == ["6.00", "CHF"]
        assert lines[20:27] == [
            "S", "Meridian Foods", "Bahnhofstrasse", "12", "8001", "Zürich", "CH",
        ]  # fmt: skip
        assert lines[27:29] == ["QRR", "550000000000000000201567313"]
        assert lines[29:] == ["Kontoauszug, 2026-03-02, C-0117", "EPD"]

    def test_a_plain_iban_takes_a_creditor_reference_or_none(self) -> None:
        assert codes(swiss(iban=IBAN))[0][27:29] == ["SCOR", "RF40C0117"]
        (lines,) = codes(swiss(iban=IBAN, code="Ä 17"))
        assert lines[27:30] == ["NON", "", "Kontoauszug, 2026-03-02, Ä 17"]

    def test_it_stands_where_banks_look_and_has_their_size(self) -> None:
        page = pictures(swiss())[-1]
        (found,) = zxingcpp.read_barcodes(page)
        millimetre = PIXELS / 25.4
        corner, other = found.position.top_left, found.position.bottom_right
        assert corner.x / millimetre == pytest.approx(67, abs=0.5)
        assert corner.y / millimetre == pytest.approx(297 - 105 + 17, abs=0.5)
        assert (other.x - corner.x) / millimetre == pytest.approx(46, abs=0.7)
        middle = page.convert("L").getpixel  # the cross: white in black in white
        x, y = 67 + 23, 297 - 105 + 17 + 23
        seen = [
            middle((round((x + dx) * millimetre), round((y - 1.2) * millimetre)))
            for dx in (-3.25, -1.5, 0, 1.5, 3.25)
        ]
        assert [value > 128 for value in seen] == [True, False, True, False, True]

    def test_a_transfer_s_code_says_its_letters_as_it_promises(self) -> None:
        # It says that it is in UTF-8, and was in Latin-1 wherever that had all letters.
        one = letter(pay_to=EURO._replace(holder="Käse GmbH"))
        (found,) = zxingcpp.read_barcodes(pictures(one)[0])
        assert found.bytes.decode("utf-8").split("\n")[5] == "Käse GmbH"


class TestPart:
    @pytest.mark.parametrize(
        ("language", "tag", "said"),
        [
            ("de", "", ("Zahlteil", "Empfangsschein", "Konto / Zahlbar an", "Annahmestelle")),
            ("fr", "", ("Section paiement", "Récépissé", "Compte / Payable à", "Point de dépôt")),
            ("en", "", ("Payment part", "Receipt", "Account / Payable to", "Acceptance point")),
            ("en", "it-CH", ("Sezione pagamento", "Ricevuta", "Pagabile da", "Importo")),
            ("es", "", ("Payment part", "Receipt", "Payable by", "Separate before paying in")),
        ],
    )
    def test_headings_are_the_standard_s(self, language: str, tag: str, said: tuple) -> None:
        text = text_of(drawn(swiss(language=language, tag=tag)))
        for heading in said:
            assert heading in text

    @pytest.mark.parametrize("language", ["de", "fr"])
    def test_amounts_have_spaces_and_a_point_in_every_language(self, language: str) -> None:
        one = swiss(count=500, language=language)
        assert (block(one)["currency"], block(one)["amount"]) == (
            "CHF",
            "125\xa0250.00",
        )

    def test_what_people_type_is_printed_in_groups(self) -> None:
        text = text_of(drawn(swiss()))
        assert "CH44 3199 9123 0008 8901 2" in text
        assert "55 00000 00000 00000 02015 67313" in text
        assert "How to pay" not in text

    def test_a_payer_abroad_has_the_country_before_the_code(self) -> None:
        told = block(swiss(country="DE", theirs="Weg 1, 10115 Berlin"))["debtor"]
        assert told == ["Meridian Foods", "Weg 1", "DE-10115 Berlin"]

    def test_a_long_name_takes_the_street_s_place_on_the_receipt(self) -> None:
        told = block(swiss(name="Genossenschaft zur Förderung der Verpackung"))
        assert (len(told["debtor"]), len(told["debtor_on_receipt"])) == (3, 2)

    @pytest.mark.parametrize("paper", ["a4", "letter"])
    @pytest.mark.parametrize("count", [1, 4])
    def test_the_total_and_the_part_are_on_the_last_page(self, paper: str, count: int) -> None:
        pages = [
            " ".join(p.extract_text().split()) for p in drawn(swiss(paper=paper, count=count)).pages
        ]
        assert [("Zahlteil" in page, "Offen gesamt" in page) for page in pages] == [
            (False, False)
        ] * (len(pages) - 1) + [(True, True)]

    def test_the_same_facts_give_the_same_pdf_a(self) -> None:
        one, other = (
            typesetting.typeset(document_data([page_data(swiss())], swiss())) for _ in range(2)
        )
        assert one == other
        assert one.unprinted == ""
        assert b"pdfaid" in one.pdf


class TestWhenThereIsNone:
    def test_euros_from_abroad_go_by_sepa(self) -> None:
        assert block(swiss(iban=IBAN, currency="EUR", country="DE"))["kind"] == "slip"
        assert block(swiss(iban=IBAN, currency="EUR"))["kind"] == "bill"
        assert block(swiss(currency="EUR", country="DE"))["kind"] == "bill"
        assert block(letter())["kind"] == "slip"

    @pytest.mark.parametrize(
        ("given", "kind", "code", "remedy"),
        [
            ({"ours": "Zürich"}, "slip", "BILL_NO_ADDRESS", "Enter it on Our details"),
            ({"ours": "8004 Zürich"}, "bill", "BILL_NO_STREET", "on the line above"),
            ({"code": "株"}, "slip", "BILL_NO_REFERENCE", "plain IBAN"),
            ({"theirs": "Zürich"}, "bill", "BILL_DEBTOR_BLANK", "Import the address"),
            ({"name": "株式会社"}, "bill", "BILL_DEBTOR_BLANK", "by hand"),
        ],
    )
    def test_what_it_lacks_is_told_with_a_remedy(
        self, given: dict, kind: str, code: str, remedy: str
    ) -> None:
        one = swiss(**given)
        assert block(one)["kind"] == kind
        (told,) = lacking(one)
        assert told.code == code
        assert remedy in told.message
        drawn(one)  # the statement prints all the same

    def test_more_than_it_can_ask_for_is_told(self) -> None:
        line = replace(invoices(1)[0], amount_minor=10**11, open_minor=10**11)
        one = swiss()
        part = part_of([Account([line])], currency="CHF", kind=OPEN_ITEM, on=ON)
        one = replace(one, statement=replace(one.statement, parts=(part,)))
        assert [told.code for told in lacking(one)] == ["BILL_TOO_MUCH"]
        assert block(one)["kind"] == "slip"

    def test_who_is_collected_from_has_none_and_lacks_nothing(self) -> None:
        one = swiss(payment_method="direct_debit", ours="")
        assert (block(one)["kind"], lacking(one)) == ("note", [])
