"""Financial statements on pages: spread in a grid, kept whole or typed again, read and opened."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from tests.exchange.filing_files import SMALL, filing
from tests.interfaces.web.conftest import AT
from tests.interfaces.web.shown import text
from tests.rules.credit.companies import A_BEFORE, A

from duly.credit.models import CreditRequest, FinancialStatement
from duly.credit.queries.statements import statements_of
from duly.interfaces.web.pages.spreading import statements_context
from duly.parties.models import Customer, Entity

FIRM = {
    "unit": "1000",
    "currency": "gbp",
    "firm_kind": "private_other",
    "assurance": "audited",
    "price_index": "100",
}


def typed(**change: str) -> dict[str, str]:
    """The form of company A, two years of it."""
    told = FIRM | {"year_end-0": "2025-12-31", "year_end-1": "2024-12-31"}
    for place, figures in enumerate((A, A_BEFORE)):
        told |= {f"months-{place}": "12"}
        told |= {f"{line}-{place}": f"{value:,}" for line, value in figures.items()}
    return told | change


@pytest.fixture
def analyst(open_as: Callable[[str], Client]) -> Client:
    return open_as("analyst")


@pytest.fixture
def address(books: Entity) -> str:
    return f"/customers/{Customer.objects.get(code='C1').pk}/financials/"


def kept(entity: Entity) -> list[str]:
    found = statements_of(entity.pk, customer_id=Customer.objects.get(code="C1").pk)
    return [str(one.sheet.year_end) for one in found]


def test_a_statement_is_spread_and_read(analyst: Client, books: Entity, address: str) -> None:
    empty = analyst.get(address).content.decode()
    assert "No statement is here yet" in empty
    done = analyst.post(f"{address}spread/", typed())
    assert (done.status_code, done["Location"]) == (302, address)
    assert kept(books) == ["2025-12-31", "2024-12-31"]
    html = analyst.get(address).content.decode()
    shown = text(html)
    assert "Private, makes no goods" not in shown  # the sentence says it
    assert "3.17, safe : safe over 2.6, distress under 1.1." in shown
    for told in ("thousand GBP, audited", "Above 1", "About 1 is comfortable", "5.85%"):
        assert told in shown
    assert "current assets / current liabilities" in shown
    assert "Current assets 2,400" in shown
    again = analyst.get(f"{address}spread/").content.decode()
    assert 'id="sales-1" name="sales-1" value="7920"' in again


def test_what_does_not_balance_is_refused_and_stays_typed(
    analyst: Client, books: Entity, address: str
) -> None:
    told = analyst.post(f"{address}spread/", typed(**{"equity-0": "1,999"}))
    html = told.content.decode()
    assert told.status_code == 422
    assert "Total liabilities and equity are 1000 less than total assets" in html
    assert 'name="equity-0" value="1,999"' in html
    assert not FinancialStatement.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit", ""),
        ("unit", "7"),
        ("unit", "9" * 40),
        ("currency", "XXX"),
        ("firm_kind", ""),
        ("assurance", ""),
        ("price_index", "-1"),
        ("market_value", "much"),
        ("year_end-0", "31.12.2025"),
        ("months-1", "0"),
        ("cash-0", "1e999"),
        ("cash-0", "NaN"),
        ("cash-0", "1.234,50"),
        ("cash-1", "<script>alert(1)</script>"),
    ],
)
def test_every_cell_that_cant_be_read_is_named(
    analyst: Client, address: str, field: str, value: str
) -> None:
    told = analyst.post(f"{address}spread/", typed(**{field: value}))
    html = told.content.decode()
    assert told.status_code == 422
    assert f'href="#{field}"' in html
    assert "<script>alert" not in html
    assert 'name="sales-0" value="8,000"' in html
    assert not FinancialStatement.objects.exists()


def test_extra_and_absurd_fields_do_nothing(analyst: Client, books: Entity, address: str) -> None:
    more = {"goodwill-0": "7", "cash-9": "7", "file_name": "x" * 999, "sha256": "zz"}
    assert analyst.post(f"{address}spread/", typed(**more)).status_code == 302
    assert kept(books) == ["2025-12-31", "2024-12-31"]
    assert set(FinancialStatement.objects.values_list("file", flat=True)) == {""}


@pytest.mark.parametrize("change", [{"cash-0": "9" * 40}, {"cash-0": "-5"}, {"firm_kind": "bank"}])
def test_what_a_line_cant_have_is_refused(
    analyst: Client, address: str, change: dict[str, str]
) -> None:
    told = analyst.post(f"{address}spread/", typed(**change))
    assert told.status_code == 422
    assert "What you typed is below" in told.content.decode()


def test_a_file_fills_the_grid_and_keeps_nothing(analyst: Client, address: str) -> None:
    filed = SimpleUploadedFile("accounts.xhtml", filing(*SMALL))
    told = analyst.post(f"{address}file/", FIRM | {"unit": "1", "file": filed})
    html = told.content.decode()
    assert told.status_code == 200
    assert 'name="total_assets-0" value="5000"' in html
    assert "total liabilities are total assets less equity" in html
    assert not FinancialStatement.objects.exists()
    broken = SimpleUploadedFile("accounts.xhtml", filing(*SMALL)[:700])
    told = analyst.post(f"{address}file/", typed(file=broken))  # type: ignore[arg-type]
    assert told.status_code == 422
    assert 'name="sales-0" value="8,000"' in told.content.decode()
    assert analyst.post(f"{address}file/", typed()).status_code == 422


def test_a_request_has_its_own_statements(analyst: Client, books: Entity) -> None:
    request = CreditRequest.objects.create(
        entity_id=books.pk,
        number="CR-1",
        name="Newcomer & Sons",
        currency="GBP",
        amount_minor=1,
        recorded_at=AT,
    )
    address = f"/credit/requests/{request.pk}/financials/"
    assert analyst.post(f"{address}spread/", typed()).status_code == 302
    assert "Newcomer &amp; Sons" in analyst.get(address).content.decode()
    (newest, _) = statements_of(books.pk, request_id=request.pk)
    assert newest.sheet.figures["sales"] == Decimal(8_000_000)
    assert analyst.get("/credit/requests/999999/financials/").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "sales", "clerk", "collector"])
def test_who_may_not_assess_looks_and_types_nothing(
    open_as: Callable[[str], Client], books: Entity, address: str, role: str
) -> None:
    client = open_as(role)
    page = client.get(address)
    assert page.status_code == 200
    assert "Spread a statement" not in page.content.decode()
    assert client.get(f"{address}spread/").status_code == 403
    assert client.post(f"{address}spread/", typed()).status_code == 403


def test_a_new_grid_offers_the_last_years_and_no_unit(
    analyst: Client, address: str, today: date
) -> None:
    html = analyst.get(f"{address}spread/").content.decode()
    assert f'value="{today.year - 1}-12-31"' in html
    assert 'value="1000" checked' not in html


def test_the_card_stands_on_other_pages(
    analyst: Client, books: Entity, address: str, today: date
) -> None:
    """One include and one function: a request and a customer show the same card."""
    customer_id = Customer.objects.get(code="C1").pk
    told = statements_context(books.pk, today, customer_id=customer_id)
    empty = render_to_string("web/credit/statements_card.html", told | {"may_spread": True})
    assert f"{address}spread/" in empty
    analyst.post(f"{address}spread/", typed())
    told = statements_context(books.pk, today, customer_id=customer_id)
    card = render_to_string("web/credit/statements_card.html", told)
    shown = text(card)
    assert "thousand GBP, audited, year to 31 Dec 2025" in shown
    assert "Private, makes no goods: Altman Z\u2033 3.17, safe" in shown
    assert [row["label"] for row in told["statements"]["leading"]] == [
        "Current ratio",
        "Quick ratio",
        "Tangible net worth",
        "Debt to equity",
        "Interest cover",
        "Days to pay suppliers",
        "Net margin",
    ]


def test_a_gap_in_cash_is_said_to_the_unit(analyst: Client, books: Entity, address: str) -> None:
    flows = {"investing_cash_flow-0": "(300)", "financing_cash_flow-0": "-110"}
    analyst.post(f"{address}spread/", typed(**flows, **{"cash-1": "231"}))
    assert "Balances; cash is off by 1" in text(analyst.get(address).content.decode())
    analyst.post(f"{address}spread/", typed(**flows, **{"cash-1": "230"}))
    shown = text(analyst.get(address).content.decode())
    assert "Balances, cash rolls" in shown
    assert "corrected 1 time" in shown
