"""Financial statements kept: a correction stands in for the former, and nothing is lost."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.rules.credit.companies import A_BEFORE, A, before, sheet

from duly.access.actions import Author
from duly.credit.actions.statements import StatementDraft, keep_financial_statements, set_yardsticks
from duly.credit.errors import (
    DoesNotBalance,
    FigureUnfit,
    StatementUnfit,
    SubjectUnknown,
    UnitsDiffer,
)
from duly.credit.models import CreditRequest, FinancialStatement
from duly.credit.queries.statements import (
    Subject,
    analysis_of,
    every_statement_of,
    sheets_of,
    statements_of,
)
from duly.credit.rules.statements import Sheet
from duly.credit.rules.yardsticks import FEWEST, Yardstick
from duly.kernel.errors import DulyError
from duly.parties.actions import CustomerDraft, add_entity, save_customers
from duly.parties.models import Entity
from duly.parties.queries import ids_by_code

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ON = date(2026, 3, 2)
AUTHOR = Author("ana", AT)


@pytest.fixture
def firm(db: None) -> Entity:
    return add_entity(name="Northwind", currency="USD", country="US", at=AT)


@pytest.fixture
def customers(firm: Entity) -> list[int]:
    drafts = [
        CustomerDraft(f"C{n}", {"name": f"Firm {n}", "segment": "food"}) for n in range(FEWEST)
    ]
    save_customers(author=AUTHOR, entity_id=firm.pk, customers=drafts)
    return list(ids_by_code(firm.pk, [draft.code for draft in drafts]).values())


def keep(firm: Entity, customer_id: int, *sheets: Sheet, **more: Any) -> list[int]:
    drafts = [StatementDraft(one, **({"firm_kind": "private_other"} | more)) for one in sheets]
    return keep_financial_statements(
        entity_id=firm.pk, customer_id=customer_id, drafts=drafts, author=AUTHOR
    )


def test_what_is_kept_comes_back_newest_first(firm: Entity, customers: list[int]) -> None:
    keep(firm, customers[0], before(A_BEFORE), sheet(A), price_index=Decimal(100))
    assert sheets_of(firm.pk, customer_id=customers[0]) == [sheet(A), before(A_BEFORE)]
    assert sheets_of(firm.pk, customer_id=customers[1]) == []
    kept = statements_of(firm.pk, customer_id=customers[0])[0]
    assert (kept.price_index, kept.actor, kept.firm_kind) == (100, "ana", "private_other")


def test_a_correction_stands_in_for_the_former_which_stays(
    firm: Entity, customers: list[int]
) -> None:
    (first,) = keep(firm, customers[0], sheet(A))
    (second,) = keep(firm, customers[0], sheet(A | {"sales": 8100}))
    (kept,) = statements_of(firm.pk, customer_id=customers[0])
    assert (kept.id, kept.corrected, kept.sheet.figures["sales"]) == (second, 1, 8_100_000)
    every = every_statement_of(firm.pk, Subject(None, customers[0]))
    assert [one.id for one in every] == [second, first]


def test_the_same_again_is_no_correction(firm: Entity, customers: list[int]) -> None:
    assert keep(firm, customers[0], sheet(A)) == keep(firm, customers[0], sheet(A))
    assert FinancialStatement.objects.count() == 1


def test_nothing_kept_is_changed_or_removed(firm: Entity, customers: list[int]) -> None:
    keep(firm, customers[0], sheet(A))
    for change in (
        lambda rows: rows.update(figures="{}"),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(FinancialStatement.objects.all())


def test_a_request_of_a_customer_has_their_statements(firm: Entity, customers: list[int]) -> None:
    told = {"entity_id": firm.pk, "currency": "USD", "amount_minor": 1, "recorded_at": AT}
    theirs = CreditRequest.objects.create(number="CR-1", customer_id=customers[0], **told)
    stranger = CreditRequest.objects.create(number="CR-2", **told)
    keep(firm, customers[0], sheet(A))
    draft = StatementDraft(before(A_BEFORE), "private_other")
    for request in (theirs, stranger):
        keep_financial_statements(
            entity_id=firm.pk, request_id=request.pk, drafts=[draft], author=AUTHOR
        )
    assert len(sheets_of(firm.pk, customer_id=customers[0])) == 2
    assert len(sheets_of(firm.pk, request_id=theirs.pk)) == 2
    assert sheets_of(firm.pk, request_id=stranger.pk) == [before(A_BEFORE)]
    assert sheets_of(firm.pk + 1, request_id=theirs.pk) == []


@pytest.mark.parametrize(
    ("sheets", "more", "error"),
    [
        ([sheet(A | {"equity": 1})], {}, DoesNotBalance),
        ([sheet(A), before(A_BEFORE, by=1)], {}, UnitsDiffer),
        ([sheet({})], {}, StatementUnfit),
        ([sheet(A, year_end=date(2026, 3, 3))], {}, StatementUnfit),
        ([sheet(A)], {"assurance": "blessed"}, StatementUnfit),
        ([sheet(A)], {"firm_kind": "bank"}, StatementUnfit),
        ([sheet(A)], {"market_value": Decimal(10) ** 18}, FigureUnfit),
        ([sheet({"cash": 1})._replace(figures={"cash": Decimal("0.001")})], {}, FigureUnfit),
        ([sheet({"cash": 1})._replace(figures={"cash": Decimal("NaN")})], {}, FigureUnfit),
        ([sheet({"cash": 10**15})], {}, FigureUnfit),
    ],
)
def test_what_is_unfit_is_refused_whole(
    firm: Entity,
    customers: list[int],
    sheets: list[Sheet],
    more: dict[str, Any],
    error: type[DulyError],
) -> None:
    with pytest.raises(error) as told:
        keep(firm, customers[0], *sheets, **more)
    assert told.value.remedy
    assert not FinancialStatement.objects.exists()


def test_a_year_in_another_unit_than_those_kept_is_refused(
    firm: Entity, customers: list[int]
) -> None:
    keep(firm, customers[0], sheet(A))
    with pytest.raises(UnitsDiffer):
        keep(firm, customers[0], before(A_BEFORE, by=1))
    keep(firm, customers[0], before(A_BEFORE, by=1)._replace(currency="EUR"))


def test_a_stranger_has_no_statements(firm: Entity, customers: list[int]) -> None:
    for whose in ({"customer_id": 10**9}, {"request_id": 10**9}, {}):
        with pytest.raises(SubjectUnknown):
            keep_financial_statements(
                entity_id=firm.pk,
                drafts=[StatementDraft(sheet(A), "listed")],
                author=AUTHOR,
                **whose,
            )


def yardstick(median: str, segment: str = "", ratio: str = "current_ratio") -> Yardstick:
    low, high = Decimal(median) - 1, Decimal(median) + 1
    return Yardstick(ratio, low, Decimal(median), high, f"A survey of {median}", segment)


def read(firm: Entity, customer_id: int, on: date, segment: str = "food") -> tuple[str, str]:
    found = analysis_of(firm.pk, statements_of(firm.pk, customer_id=customer_id), on, segment)
    assert found is not None
    row = next(row for row in found.rows if row.formula.id == "current_ratio")
    return row.reading.text, row.reading.source


def test_readings_come_from_the_segment_then_every_segment_then_our_customers(
    firm: Entity, customers: list[int]
) -> None:
    keep(firm, customers[0], sheet(A))
    assert read(firm, customers[0], ON) == ("Above 1", "")
    for place, customer_id in enumerate(customers[1:], 1):
        keep(firm, customer_id, sheet(A | {"current_assets": 2400 + 100 * place}))
    assert read(firm, customers[0], ON)[1] == "our own customers (5 firms)"
    set_yardsticks(
        entity_id=firm.pk,
        yardsticks=[yardstick("5"), yardstick("1", "food")],
        from_on=ON,
        author=AUTHOR,
    )
    assert read(firm, customers[0], ON) == ("Better than most", "A survey of 1")
    assert read(firm, customers[0], ON, "steel") == ("In the worst quarter", "A survey of 5")
    assert read(firm, customers[0], date(2026, 3, 1))[1] == "our own customers (5 firms)"


@pytest.mark.parametrize(
    "one",
    [
        yardstick("1", ratio="luck"),
        yardstick("1")._replace(low=Decimal(2)),
        yardstick("1")._replace(source=""),
    ],
)
def test_what_is_no_yardstick(firm: Entity, one: Yardstick) -> None:
    with pytest.raises(StatementUnfit):
        set_yardsticks(entity_id=firm.pk, yardsticks=[one], from_on=ON, author=AUTHOR)


def test_reading_takes_as_many_queries_with_one_firm_as_with_many(
    firm: Entity, customers: list[int]
) -> None:
    keep(firm, customers[0], sheet(A))
    with CaptureQueriesContext(connection) as few:
        read(firm, customers[0], ON)
    for customer_id in customers[1:]:
        keep(firm, customer_id, sheet(A), before(A_BEFORE))
    with CaptureQueriesContext(connection) as many:
        read(firm, customers[0], ON)
    assert len(few) == len(many)
