"""When an e-invoice is due and what it grants, out of fields and out of what people write."""

from datetime import date
from pathlib import Path
from time import process_time

import pytest
from einvoice_samples import cii, faults, read, row_of, ubl

from duly.interfaces.exchange.readers.einvoice.written_terms import read_written
from duly.kernel.errors import TermsUnclear
from duly.kernel.money import Money

# The sample: issued 2026-03-02, 238.00 EUR to pay. Without a stated due date the text decides.
READ = [
    ("on receipt within 30 days", "2026-04-01", "", ""),
    ("Zahlbar innerhalb 30 Tagen netto", "2026-04-01", "", ""),
    ("Payment due within 30 days", "2026-04-01", "", ""),
    ("2/10 net 30", "2026-04-01", "2026-03-12", "4.76"),
    (
        "Zahlbar innerhalb 30 Tagen netto bis 01.04.2026, 3% Skonto innerhalb 10 Tagen bis "
        "12.03.2026",
        "2026-04-01",
        "2026-03-12",
        "7.14",
    ),
    ("zahlbar bis 20.03.2026 ohne Abzug", "2026-03-20", "", ""),
    ("Den Rechnungsbetrag überweisen Sie bitte bis zum 21. 3. 2026", "2026-03-21", "", ""),
    ("Fällig am 20.03.2026", "2026-03-20", "", ""),
    ("Payment due by 2026-03-20", "2026-03-20", "", ""),
    ("Paiement au plus tard le 20.03.2026", "2026-03-20", "", ""),
    (
        "Zahlbar bis 12.03.2026 abzgl. 2,5% Skonto, bis 01.04.2026 netto",
        "2026-04-01",
        "2026-03-12",
        "5.95",
    ),
    ("#SKONTO#TAGE=14#PROZENT=2.00#\nZahlbar in 30 Tagen", "2026-04-01", "2026-03-16", "4.76"),
    (
        "#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=100.00#\nZahlbar in 30 Tagen",
        "2026-04-01",
        "2026-03-16",
        "2.00",
    ),
]


@pytest.mark.parametrize("write", [ubl, cii], ids=["ubl", "cii"])
@pytest.mark.parametrize(("text", "due", "until", "discount"), READ, ids=range(len(READ)))
def test_text_gives_the_due_date_and_the_discount(
    tmp_path: Path, write, text: str, due: str, until: str, discount: str
) -> None:
    row = row_of(read(tmp_path, write(due="", terms=text)))
    assert row["due_on"] == due
    assert row["terms"]
    assert (row.get("discount_until", ""), row.get("discount_amount", "")) == (until, discount)


# Nothing of these is understood by half: no due date, and the text is kept for a person to see.
UNREAD = [
    "within 30 days of receipt",
    "as agreed with Karin",
    "Zahlbar bis 04/05/2026",  # 4 May or 5 April
    "Gültig bis 20.03.2026",  # not a word of paying
    "Zahlbar bis 20.03.2026, oder in 3 Raten zu je 30 Tagen",
    "Der Betrag wird von Ihrer Kreditkarte abgebucht",
    "Zahlbar bis 31.02.2026",
    "net 30 EOM",  # two readings
]


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_not_understood_is_kept_and_told(tmp_path: Path, text: str) -> None:
    block = read(tmp_path, ubl(due="", terms=text))
    row = row_of(block)
    assert "due_on" not in row
    assert "discount_until" not in row
    assert row["terms"] == text
    assert any("kept as text; the invoice states no due date either" in n for n in block.notes)


def test_the_stated_day_counts_before_the_text_and_both_are_told(tmp_path: Path) -> None:
    block = read(tmp_path, ubl(due="2026-04-01", terms="Payment within 10 days"))
    assert row_of(block)["due_on"] == "2026-04-01"
    assert "lead to 2026-03-12; the stated 2026-04-01 counts" in block.notes[0]


def test_a_text_with_two_due_days_is_refused(tmp_path: Path) -> None:
    block = read(tmp_path, ubl(due="", terms="Zahlbar innerhalb 30 Tagen netto bis 04.07.2026"))
    assert faults(block) == [("invoice 4711, BT-20", "TERMS_UNCLEAR")]
    assert "2026-04-01, 2026-07-04" in block.problems[0].message


def test_a_discount_with_two_last_days_is_left_out_and_told(tmp_path: Path) -> None:
    text = "3% Skonto innerhalb 10 Tagen bis 20.03.2026"
    block = read(tmp_path, ubl(terms=text))
    row = row_of(block)
    assert (row["due_on"], row.get("discount_until")) == ("2026-04-01", None)
    assert "two last days" in block.notes[0]


def test_a_discount_alone_leaves_the_due_day_to_the_customers_terms(tmp_path: Path) -> None:
    row = row_of(read(tmp_path, ubl(due="", terms="#SKONTO#TAGE=14#PROZENT=2.00#")))
    assert "due_on" not in row
    assert "terms" not in row
    assert (row["discount_until"], row["discount_amount"]) == ("2026-03-16", "4.76")


def test_instalments_in_the_text_stay_terms(tmp_path: Path) -> None:
    row = row_of(read(tmp_path, ubl(due="", terms="50% net 30, 50% net 60")))
    assert "due_on" not in row
    assert row["terms"].startswith("50%")


def test_the_discount_is_of_what_is_to_pay(tmp_path: Path) -> None:
    prepaid = '<b:PrepaidAmount currencyID="EUR">138.00</b:PrepaidAmount>'
    row = row_of(
        read(tmp_path, ubl(totals_more=prepaid, payable="100.00", terms="2% Skonto 10 Tage"))
    )
    assert row["discount_amount"] == "2.00"


def test_the_earliest_of_two_discounts_is_kept_and_the_other_told(tmp_path: Path) -> None:
    text = "#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.00#"
    block = read(tmp_path, ubl(terms=text))
    row = row_of(block)
    assert (row["discount_until"], row["discount_amount"]) == ("2026-03-09", "7.14")
    assert "also grants 4.76 EUR until 2026-03-16" in block.notes[0]


def test_goods_received_start_the_clock_where_the_terms_say_so(tmp_path: Path) -> None:
    delivered = "<a:Delivery><b:ActualDeliveryDate>2026-03-10</b:ActualDeliveryDate></a:Delivery>"
    row = row_of(read(tmp_path, ubl(due="", terms="net 30 ROG", more=delivered)))
    assert row["due_on"] == "2026-04-09"
    row = row_of(read(tmp_path, ubl(due="", terms="net 30 ROG")))
    assert "due_on" not in row
    assert row["terms"] == "net30-rog"  # intake asks for the day


def test_a_credit_note_grants_no_discount(tmp_path: Path) -> None:
    row = row_of(read(tmp_path, ubl(type="381", due="", terms="2/10 net 30")))
    assert "discount_until" not in row
    assert "due_on" not in row


def test_a_long_text_is_cut_to_its_column(tmp_path: Path) -> None:
    row = row_of(read(tmp_path, ubl(terms="Bitte beachten. " * 40)))
    assert len(row["terms"]) == 200


@pytest.mark.parametrize(
    "text", ["Skonto 2% " + "1" * 100_000, "bis" + " " * 100_000 + "x", "zahlbar bis " * 10_000]
)
def test_a_text_without_end_is_kept_and_told_soon(tmp_path: Path, text: str) -> None:
    began = process_time()
    block = read(tmp_path, ubl(due="", terms=text))
    assert process_time() - began < 1
    assert row_of(block)["terms"]
    assert any("kept as text" in note for note in block.notes)


@pytest.mark.parametrize("text", ["1" * 100_000, "bis" + " " * 100_000 + "x", " " * 100_000])
def test_no_expression_is_slow_by_itself(text: str) -> None:
    began = process_time()
    payable = Money(100, "EUR")
    written = read_written(
        text, issued_on=date(2026, 3, 1), payable=payable, due_on=None, received_on=None
    )
    assert process_time() - began < 1
    assert not written.is_understood


class TestFields:
    GRANT = (
        "<r:SpecifiedTradePaymentTerms><r:ApplicableTradePaymentDiscountTerms>{}"
        "</r:ApplicableTradePaymentDiscountTerms></r:SpecifiedTradePaymentTerms>"
    )
    DAYS = "<r:BasisPeriodMeasure unitCode='DAY'>14</r:BasisPeriodMeasure>"

    def _row(self, folder: Path, told: str) -> tuple[str, str]:
        row = row_of(read(folder, cii(more=self.GRANT.format(told))))
        assert row["due_on"] == "2026-04-01"
        return row.get("discount_until", ""), row.get("discount_amount", "")

    def test_days_and_a_percentage(self, tmp_path: Path) -> None:
        told = self.DAYS + "<r:CalculationPercent>2.00</r:CalculationPercent>"
        assert self._row(tmp_path, told) == ("2026-03-16", "4.76")

    def test_a_base_and_a_start_of_its_own(self, tmp_path: Path) -> None:
        start = '<r:BasisDateTime><u:DateTimeString format="102">20260310</u:DateTimeString>'
        told = (
            f"{start}</r:BasisDateTime>{self.DAYS}<r:BasisAmount>100.00</r:BasisAmount>"
            "<r:CalculationPercent>3</r:CalculationPercent>"
        )
        assert self._row(tmp_path, told) == ("2026-03-24", "3.00")

    def test_an_amount(self, tmp_path: Path) -> None:
        told = self.DAYS + "<r:ActualDiscountAmount>5.00</r:ActualDiscountAmount>"
        assert self._row(tmp_path, told) == ("2026-03-16", "5.00")

    @pytest.mark.parametrize(
        "told",
        [
            "<r:CalculationPercent>2.00</r:CalculationPercent>",  # until when?
            "<r:BasisPeriodMeasure unitCode='HUR'>14</r:BasisPeriodMeasure>"
            "<r:CalculationPercent>2.00</r:CalculationPercent>",
            "<r:BasisPeriodMeasure>14</r:BasisPeriodMeasure>"
            "<r:CalculationPercent>200</r:CalculationPercent>",
            "<r:BasisPeriodMeasure>99999999999999</r:BasisPeriodMeasure>"
            "<r:CalculationPercent>2</r:CalculationPercent>",
            "<r:BasisPeriodMeasure>14</r:BasisPeriodMeasure>"
            "<r:ActualDiscountAmount>500.00</r:ActualDiscountAmount>",
        ],
    )
    def test_what_does_not_fit_is_left_out_and_told(self, tmp_path: Path, told: str) -> None:
        block = read(tmp_path, cii(more=self.GRANT.format(told)))
        assert "discount_until" not in row_of(block)
        assert "is left out" in block.notes[0]

    def test_ubl_settlement_discount(self, tmp_path: Path) -> None:
        more = (
            "<a:PaymentTerms><b:SettlementDiscountPercent>2</b:SettlementDiscountPercent>"
            "<a:SettlementPeriod><b:EndDate>2026-03-16</b:EndDate></a:SettlementPeriod>"
            "</a:PaymentTerms>"
        )
        row = row_of(read(tmp_path, ubl(more=more)))
        assert (row["discount_until"], row["discount_amount"]) == ("2026-03-16", "4.76")

    def test_due_in_parts_is_refused(self, tmp_path: Path) -> None:
        more = "<a:PaymentMeans><b:PaymentDueDate>2026-05-01</b:PaymentDueDate></a:PaymentMeans>"
        block = read(tmp_path, ubl(more=more))
        assert faults(block) == [("invoice 4711, BT-9", "DUE_DATES_MANY")]
        assert "2026-04-01, 2026-05-01" in block.problems[0].message

    def test_the_same_day_at_two_places_is_one_day(self, tmp_path: Path) -> None:
        more = "<a:PaymentMeans><b:PaymentDueDate>2026-04-01</b:PaymentDueDate></a:PaymentMeans>"
        assert row_of(read(tmp_path, ubl(more=more)))["due_on"] == "2026-04-01"

    def test_a_second_group_may_be_the_discount(self, tmp_path: Path) -> None:
        more = (
            "<r:SpecifiedTradePaymentTerms><r:Description>Zahlbar mit 2% Skonto bis"
            '</r:Description><r:DueDateDateTime><u:DateTimeString format="102">20260312'
            "</u:DateTimeString></r:DueDateDateTime></r:SpecifiedTradePaymentTerms>"
        )
        row = row_of(read(tmp_path, cii(terms="Zahlbar ohne Abschlag bis", more=more)))
        assert row["due_on"] == "2026-04-01"
        assert (row["discount_until"], row["discount_amount"]) == ("2026-03-12", "4.76")


def test_the_text_alone_refuses_two_days() -> None:
    with pytest.raises(TermsUnclear, match="2 due days"):
        read_written(
            "Zahlbar bis 20.03.2026. Zahlbar bis 21.03.2026",
            issued_on=date(2026, 3, 2),
            payable=Money(100, "EUR"),
            due_on=None,
            received_on=None,
        )
