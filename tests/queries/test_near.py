"""A proposal for one payment that is looked at says what a whole run says."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.interfaces.web.cash_books import cash_books

from duly.cash_application.queries import propose_matches
from duly.cash_application.queries.near import propose_near
from duly.parties.actions import add_entity
from duly.parties.models import Entity

TODAY = date(2026, 3, 20)


@pytest.fixture
def company(db: None) -> Entity:
    from datetime import UTC, datetime

    at = datetime(2026, 3, 1, tzinfo=UTC)
    made = add_entity(
        name="Northwind", currency="GBP", country="GB", timezone="UTC", terms="net30", at=at
    )
    cash_books(made, TODAY)
    return made


def test_near_proposes_what_a_whole_run_does(company: Entity) -> None:
    whole = propose_matches(entity=company, on=TODAY).proposals
    assert len(whole) == 6
    for one in whole:
        near = propose_near(entity=company, payment_id=one.payment.id, on=TODAY)
        assert near is not None
        told = near.proposal
        assert (told.customer, told.lines, told.decision) == (
            one.customer,
            one.lines,
            one.decision,
        )
        assert (told.because, told.against) == (one.because, one.against)


def test_near_reads_a_fixed_number_of_times_and_looks_at_few_customers(company: Entity) -> None:
    whole = propose_matches(entity=company, on=TODAY).proposals
    counts = set()
    for one in whole[:2]:
        with CaptureQueriesContext(connection) as asked:
            near = propose_near(entity=company, payment_id=one.payment.id, on=TODAY)
        counts.add(len(asked))
        assert [*near.gathered.directory.by_id] == [one.customer.id]
    assert len(counts) == 1


def test_whoever_a_person_names_comes_into_question(company: Entity) -> None:
    stranger = propose_matches(entity=company, on=TODAY).proposals[2]
    assert stranger.customer is None
    other = propose_matches(entity=company, on=TODAY).proposals[0].customer
    near = propose_near(
        entity=company, payment_id=stranger.payment.id, on=TODAY, customer_id=other.id
    )
    assert near.proposal.customer == other
    gone = propose_near(entity=company, payment_id=999_999, on=TODAY)
    assert gone is None
