"""The totals of an e-invoice are added up again, and a disagreement names field and figures."""

from decimal import Decimal
from pathlib import Path

import pytest
from einvoice_samples import cii, faults, read, row_of, ubl
from hypothesis import given
from hypothesis import strategies as st

from duly.interfaces.exchange.readers.einvoice.amounts import plain_decimal

BOTH = pytest.mark.parametrize("write", [ubl, cii], ids=["ubl", "cii"])


@BOTH
@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"lines": "100.00 99.99"}, ["BT-106"]),
        ({"lines_sum": "200.01"}, ["BT-106", "BT-109"]),
        ({"net": "200.01"}, ["BT-109", "BT-112"]),
        ({"tax": "38.01"}, ["BT-112"]),
        ({"gross": "238.01"}, ["BT-112", "BT-115"]),
        ({"payable": "237.99"}, ["BT-115"]),
    ],
)
def test_a_cent_that_does_not_add_up_is_refused(
    tmp_path: Path, write, changed: dict[str, str], places: list[str]
) -> None:
    block = read(tmp_path, write(**changed))
    assert faults(block) == [(f"invoice 4711, {term}", "TOTALS_DISAGREE") for term in places]


def test_the_refusal_names_both_figures_and_the_difference(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, ubl(payable="237.99")).problems
    assert problem.message == (
        "BT-115 says 237.99 EUR; BT-112 - BT-113 + BT-114 is 238.00 EUR. "
        "The difference is -0.01 EUR."
    )
    assert problem.remedy


def test_allowances_and_charges_count_with_or_without_their_sums(tmp_path: Path) -> None:
    told = {"allowances": "10.00 5.00", "charges": "15.00"}
    assert row_of(read(tmp_path, ubl(**told)))["amount"] == "238.00"
    wrong = '<b:AllowanceTotalAmount currencyID="EUR">14.99</b:AllowanceTotalAmount>'
    block = read(tmp_path, ubl(**told, totals_more=wrong))
    assert ("invoice 4711, BT-107", "TOTALS_DISAGREE") in faults(block)
    assert faults(read(tmp_path, ubl(charges="15.00"))) == [
        ("invoice 4711, BT-109", "TOTALS_DISAGREE")
    ]


def test_the_tax_is_the_sum_of_its_parts(tmp_path: Path) -> None:
    parts = "".join(
        f"<a:TaxTotal><b:TaxAmount currencyID='{currency}'>{total}</b:TaxAmount><a:TaxSubtotal>"
        f"<b:TaxAmount currencyID='{currency}'>{part}</b:TaxAmount></a:TaxSubtotal></a:TaxTotal>"
        for currency, total, part in (("SEK", "400.00", "400.00"), ("EUR", "38.00", "37.00"))
    )
    block = read(tmp_path, ubl(more=parts))
    assert faults(block) == [("invoice 4711, BT-110", "TOTALS_DISAGREE")]
    assert row_of(read(tmp_path, ubl(more=parts.replace("37.00", "38.00"))))["amount"] == "238.00"


class TestPrepaid:
    MORE = '<b:PrepaidAmount currencyID="EUR">{}</b:PrepaidAmount>'

    def test_what_was_prepaid_is_settled_already(self, tmp_path: Path) -> None:
        row = row_of(read(tmp_path, ubl(totals_more=self.MORE.format("138.00"), payable="100.00")))
        assert (row["amount"], row["open_amount"]) == ("238.00", "100.00")

    def test_paid_in_full_needs_no_due_date(self, tmp_path: Path) -> None:
        block = read(tmp_path, ubl(totals_more=self.MORE.format("238.00"), payable="0.00", due=""))
        row = row_of(block)
        assert (row["amount"], row["open_amount"], row["due_on"]) == (
            "238.00",
            "0.00",
            "2026-03-02",
        )
        assert "paid in full" in block.notes[0]

    def test_paid_too_much_is_refused(self, tmp_path: Path) -> None:
        block = read(tmp_path, ubl(totals_more=self.MORE.format("250.00"), payable="-12.00"))
        assert faults(block) == [("invoice 4711, BT-113", "OVERPAID")]
        assert "12.00 EUR to get back" in block.problems[0].message

    def test_older_claims_in_the_amount_to_pay_are_refused(self, tmp_path: Path) -> None:
        block = read(tmp_path, ubl(totals_more=self.MORE.format("-62.00"), payable="300.00"))
        assert faults(block) == [("invoice 4711, BT-113", "ARREARS_INCLUDED")]
        assert "62.00 EUR of it belongs to other documents" in block.problems[0].message

    def test_the_minimum_profile_has_no_field_for_it(self, tmp_path: Path) -> None:
        told = {"lines": "", "lines_sum": "", "payable": "100.00"}
        row = row_of(read(tmp_path, cii(profile="urn:factur-x.eu:1p0:minimum", **told)))
        assert (row["amount"], row["open_amount"]) == ("238.00", "100.00")
        block = read(tmp_path, cii(profile="urn:factur-x.eu:1p0:basicwl", **told))
        assert faults(block) == [("invoice 4711, BT-115", "TOTALS_DISAGREE")]


class TestRounding:
    MORE = '<b:PayableRoundingAmount currencyID="EUR">0.02</b:PayableRoundingAmount>'

    def test_it_is_part_of_the_claim(self, tmp_path: Path) -> None:
        row = row_of(read(tmp_path, ubl(totals_more=self.MORE, payable="238.02")))
        assert (row["amount"], row["open_amount"]) == ("238.02", "238.02")

    def test_before_the_standard_the_gross_held_it(self, tmp_path: Path) -> None:
        row = row_of(read(tmp_path, ubl(totals_more=self.MORE, gross="238.02", payable="238.02")))
        assert row["amount"] == "238.02"

    def test_it_does_not_count_twice(self, tmp_path: Path) -> None:
        block = read(tmp_path, ubl(totals_more=self.MORE, gross="238.02", payable="238.04"))
        assert faults(block) == [("invoice 4711, BT-115", "TOTALS_DISAGREE")]


class TestExtended:
    PROFILE = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"

    def test_a_cent_for_each_line_is_allowed_and_told(self, tmp_path: Path) -> None:
        block = read(tmp_path, cii(profile=self.PROFILE, lines="99.99 99.99"))
        assert row_of(block)["amount"] == "238.00"
        assert "BT-106 differs by 0.02 EUR" in block.notes[0]

    def test_no_more_than_that(self, tmp_path: Path) -> None:
        block = read(tmp_path, cii(profile=self.PROFILE, lines="99.99 99.98"))
        assert faults(block) == [("invoice 4711, BT-106", "TOTALS_DISAGREE")]

    def test_a_line_that_gathers_others_is_not_added(self, tmp_path: Path) -> None:
        data = cii(lines="200.00 100.00 100.00").replace(
            b"<r:IncludedSupplyChainTradeLineItem>",
            b"<r:IncludedSupplyChainTradeLineItem><r:AssociatedDocumentLineDocument>"
            b"<r:LineStatusReasonCode>GROUP</r:LineStatusReasonCode>"
            b"</r:AssociatedDocumentLineDocument>",
            1,
        )
        assert row_of(read(tmp_path, data))["amount"] == "238.00"


class TestPrecision:
    @BOTH
    def test_a_digit_that_the_currency_does_not_have_is_refused(
        self, tmp_path: Path, write
    ) -> None:
        block = read(tmp_path, write(payable="238.001"))
        assert faults(block) == [("invoice 4711, BT-115", "INVALID_AMOUNT")]

    def test_zeros_are_no_digits(self, tmp_path: Path) -> None:
        row = row_of(read(tmp_path, cii(payable="+238.0000", gross="0238", net="200.")))
        assert row["amount"] == "238.00"

    def test_yen_have_no_decimals_and_dinars_three(self, tmp_path: Path) -> None:
        yen = {"lines": "100 100", "lines_sum": "200", "net": "200", "tax": "20"}
        row = row_of(read(tmp_path, ubl(currency="JPY", **yen, gross="220.00", payable="220")))
        assert row["amount"] == "220"
        block = read(tmp_path, ubl(currency="JPY", **yen, gross="220.5", payable="220"))
        assert faults(block) == [("invoice 4711, BT-112", "INVALID_AMOUNT")]
        dinar = {"lines": "1.005", "lines_sum": "1.005", "net": "1.005", "tax": "0"}
        row = row_of(read(tmp_path, ubl(currency="KWD", **dinar, gross="1.005", payable="1.005")))
        assert row["amount"] == "1.005"

    @BOTH
    @pytest.mark.parametrize(
        "text", ["1e3", "NaN", "238,00", "1.238.00", "", "-", ".", "٢٣٨", "9" * 40]
    )
    def test_what_is_no_amount_is_no_amount(self, tmp_path: Path, write, text: str) -> None:
        (problem, *_) = read(tmp_path, write(gross=text or "x")).problems
        assert (problem.where, problem.code) == ("invoice 4711, BT-112", "INVALID_AMOUNT")

    def test_an_amount_in_another_currency_is_refused(self, tmp_path: Path) -> None:
        data = ubl().replace(
            b'<b:PayableAmount currencyID="EUR">', b'<b:PayableAmount currencyID="USD">'
        )
        assert faults(read(tmp_path, data)) == [("invoice 4711, BT-115", "MIXED_CURRENCIES")]

    @given(
        st.decimals(
            allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
        )
    )
    def test_a_plain_decimal_means_the_same_amount(self, value: Decimal) -> None:
        assert Decimal(plain_decimal(format(value, "f"), 2)) == value


def test_an_invoice_without_any_total_is_refused(tmp_path: Path) -> None:
    none = dict.fromkeys(("lines", "lines_sum", "net", "tax", "gross", "payable"), "")
    assert faults(read(tmp_path, cii(**none))) == [("invoice 4711, BT-115", "VALUE_MISSING")]


def test_the_amount_to_pay_may_follow_from_the_rest(tmp_path: Path) -> None:
    assert row_of(read(tmp_path, cii(payable="")))["open_amount"] == "238.00"
