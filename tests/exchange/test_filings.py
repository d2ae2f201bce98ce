"""Accounts filed in iXBRL: what is tagged, what is found by what must hold, what is refused."""

from decimal import Decimal

import pytest
from tests.exchange.filing_files import CONTEXTS, SMALL, context, fact, filing

from duly.credit.rules.statements import Sheet, imbalances
from duly.interfaces.exchange.readers.filings import Filing, is_filing, read_filing
from duly.kernel.errors import DulyError


def read(*facts: str) -> Filing:
    return read_filing(filing(*facts), "accounts.xhtml")


def one(*facts: str) -> Sheet:
    return read(*facts).sheets[0]


def test_a_small_company_is_read() -> None:
    found = read(*SMALL)
    assert len(found.sheets) == 1
    sheet = found.sheets[0]
    assert (str(sheet.year_end), sheet.months, sheet.currency) == ("2025-12-31", 12, "GBP")
    assert sheet.figures == {
        "cash": 250,
        "receivables": 1100,
        "current_assets": 2400,
        "total_assets": 5000,
        "current_liabilities": 1500,
        "total_liabilities": 3000,
        "equity": 2000,
        "retained_earnings": 900,
        "sales": 8000,
        "ebit": -52,
    }
    assert imbalances(sheet) == []
    assert "2025-12-31: total liabilities are total assets less equity" in found.notes


def test_two_years_stand_in_one_filing() -> None:
    before = (fact("core:Equity", "then", "1,800"), fact("core:CurrentAssets", "then", "2,170"))
    found = read(*SMALL, *before)
    assert [str(sheet.year_end) for sheet in found.sheets] == ["2025-12-31", "2024-12-31"]
    assert found.sheets[1].figures == {"equity": 1800, "current_assets": 2170}


def test_without_creditors_current_liabilities_are_found() -> None:
    facts = [told for told in SMALL if "core:Creditors" not in told]
    assert one(*facts).figures["current_liabilities"] == 1500


@pytest.mark.parametrize(
    ("shown", "more", "value"),
    [
        ("1,234,567.50", {}, "1234567.50"),
        ("1.234.567,50", {"format": "ixt:numcommadecimal"}, "1234567.50"),
        ("1.234.567,50", {"format": "ixt4:num-comma-decimal"}, "1234567.50"),
        ("1 234 567.5", {"format": "ixt:numspacedot"}, "1234567.5"),
        ("1234", {"format": ""}, "1234"),
        ("-", {"format": "ixt:zerodash"}, "0"),
        ("", {"format": "ixt:fixed-zero"}, "0"),
        ("12.5", {"scale": "6"}, "12500000"),
        ("12500", {"scale": "-2"}, "125"),
        ("12", {"sign": "-"}, "-12"),
        ("<b>1</b>2<ix:exclude>(note)</ix:exclude>3", {}, "123"),
    ],
)
def test_scale_sign_and_format(shown: str, more: dict[str, str], value: str) -> None:
    assert one(fact("core:Equity", "now", shown, **more)).figures["equity"] == Decimal(value)


def test_what_is_not_of_the_company_in_money_is_left_out() -> None:
    told = (
        fact("core:Equity", "now", "2,000"),
        fact("core:CurrentAssets", "segment", "1"),
        fact("core:Creditors", "two", "2"),
        fact("core:Stocks", "now", "3", unitRef="pure"),
        fact("core:Stocks", "nowhere", "4"),
        fact("core:CashBankOnHand", "now", "", **{"xsi:nil": "true"}),
        fact("core:SomethingElse", "now", "5"),
        fact("core:Debtors", "now", "6", unitRef="EUR"),
    )
    assert one(*told).figures == {"equity": 2000}


def test_the_same_fact_rounded_is_the_exact_one() -> None:
    rough = fact("core:Equity", "now", "2", scale="3", decimals="-3")
    exact = fact("core:Equity", "now", "2,499")
    assert one(rough, exact).figures["equity"] == 2499
    assert one(exact, rough).figures["equity"] == 2499


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ("uk-gaap:ShareholderFunds", "equity"),
        ("ifrs-full:Equity", "equity"),
        ("us-gaap:StockholdersEquity", "equity"),
        ("ifrs-full:TradeAndOtherCurrentReceivables", "receivables"),
        ("us-gaap:AccountsPayableCurrent", "payables"),
    ],
)
def test_older_british_names_ifrs_and_us_gaap(names: str, line: str) -> None:
    sheet = one(fact("core:CurrentAssets", "now", "1"), fact(names, "now", "7"))
    assert sheet.figures[line] == 7


def test_a_year_of_fifteen_months_is_one() -> None:
    contexts = (*CONTEXTS, context("long", "2024-10-01/2025-12-31"))
    facts = (fact("core:Equity", "now", "1"), fact("core:TurnoverRevenue", "long", "9"))
    sheet = read_filing(filing(*facts, contexts=contexts), "accounts.xhtml").sheets[0]
    assert (sheet.months, sheet.figures["sales"]) == (15, 9)


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (filing(), "FORMAT_UNREADABLE", ""),
        (filing(fact("core:Equity", "now", "1.2.3")), "FORMAT_UNREADABLE", "line"),
        (filing(fact("core:Equity", "now", "NaN")), "FORMAT_UNREADABLE", "line"),
        (filing(fact("core:Equity", "now", "1e9")), "FORMAT_UNREADABLE", "line"),
        (filing(fact("core:Equity", "now", "9" * 50)), "FORMAT_UNREADABLE", "line"),
        (filing(fact("core:Equity", "now", "1", scale="999999")), "FORMAT_UNREADABLE", "line"),
        (filing(fact("core:Equity", "now", "1", sign="x")), "FORMAT_UNREADABLE", "line"),
        (filing(fact("core:Equity", "now", "1", format="ixt:roman")), "FORMAT_UNREADABLE", "line"),
        (
            filing(fact("core:Equity", "now", "1"), fact("core:Equity", "now", "2")),
            "FORMAT_UNREADABLE",
            "line",
        ),
        (filing(*SMALL)[:900], "XML_UNREADABLE", ""),
        (
            filing(*SMALL).replace(
                b"<html", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html', 1
            ),
            "XML_FORBIDDEN",
            "",
        ),
        (
            filing(*SMALL).replace(b"<html", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><html', 1),
            "XML_FORBIDDEN",
            "",
        ),
        (
            filing(f"{'<div>' * 400}{'</div>' * 400}"),
            "XML_UNREADABLE",
            "",
        ),
    ],
)
def test_what_is_no_filing_is_refused_with_its_place(data: bytes, code: str, place: str) -> None:
    with pytest.raises(DulyError) as told:
        read_filing(data, "accounts.xhtml")
    assert told.value.code == code
    assert told.value.remedy
    assert str(told.value.facts.get("where", "")).startswith(place)


def test_a_filing_is_known_by_its_head() -> None:
    assert is_filing(filing(*SMALL)[:4096])
    assert not is_filing(b"<html><body>1</body></html>")
