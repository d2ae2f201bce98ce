"""Insurance and securities on the books: cover, stops, clocks with money at stake, evidence."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from building import Books, day
from duly.access.actions import Author
from duly.credit.actions.insuring import (
    InsuredLimitDraft,
    save_insurance_policy,
    set_insured_limits,
)
from duly.credit.actions.securing import (
    DeadlineDraft,
    SecurityDraft,
    add_deadline,
    date_security,
    do_clock,
    release_security,
    take_security,
)
from duly.credit.models import ClockDone, CreditSignal, InsuredLimit
from duly.credit.queries.clocks import clocks
from duly.credit.queries.insurance import (
    ExtensionLimit,
    cover_of,
    extension_limits,
    insurer_stops,
    refuse_extension,
)
from duly.credit.queries.reviews import reviews
from duly.credit.queries.securities import secured_by
from duly.credit.rules.clocks import Clock
from duly.credit.rules.insurance import Terms
from duly.interfaces.jobs.watching import watch_credit
from duly.kernel.dates import add_months
from duly.kernel.errors import Missing, Refusal, RuleBreach
from shell import duly

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 10)
TERMS = Terms(
    "P-1", "Insurer", "EUR", date(2025, 1, 1), date(2026, 12, 31), 60, 45, 150, Decimal(90), 0,
    500_00,
)  # fmt: skip


@pytest.fixture
def books(db: None) -> Books:
    made = Books()
    made.customer("ALDER", currency="EUR")
    made.customer("BIRCH", currency="EUR")
    save_insurance_policy(entity_id=made.entity_id, terms=TERMS, author=author(made))
    return made


def author(books: Books) -> Author:
    return Author("ann", books.moment())


def insure(books: Books, minor: int, *, since: str = "2025-01-01", basis: str = "approved",
           evidence: str = "") -> InsuredLimit:  # fmt: skip
    draft = InsuredLimitDraft(
        books.customer_id("ALDER"), minor, day(since), basis=basis, evidence=evidence
    )
    (row,) = set_insured_limits(
        entity_id=books.entity_id,
        policy_number="P-1",
        drafts=[draft],
        on=ON,
        author=author(books),
    )
    return row


def running(books: Books, on: date = ON) -> dict[str, Clock]:
    return {one.key: one for one in clocks(books.entity_id, on)}


def test_cover_item_by_item_with_its_clocks(books: Books) -> None:
    insure(books, 1000_00)
    books.invoice("I-1", "ALDER", "400.00", issued="2026-01-10", due="2026-02-09")
    books.invoice("I-2", "BIRCH", "400.00", issued="2026-01-10", due="2026-02-09")
    insured = cover_of(books.entity, ON)
    assert list(insured) == [books.customer_id("ALDER")]
    (one,) = insured[books.customer_id("ALDER")].items
    assert (one.cover.covered_minor, one.cover.until) == (400_00, date(2026, 3, 26))
    item = books.item("I-1").id
    found = running(books)
    report, extension = found[f"notify:{item}"], found[f"extend:{item}"]
    assert (report.opens_on, report.due_on, report.at_stake_minor) == (
        date(2026, 3, 16),
        date(2026, 3, 26),
        360_00,
    )
    assert (extension.opens_on, extension.due_on) == (date(2026, 3, 31), date(2026, 4, 10))


def test_a_report_is_evidence_and_ends_its_clock(books: Books) -> None:
    insure(books, 1000_00)
    books.invoice("I-1", "ALDER", "400.00", issued="2026-01-10", due="2026-02-09")
    key = f"notify:{books.item('I-1').id}"
    about = {"entity_id": books.entity_id, "key": key, "on": ON, "author": author(books)}
    with pytest.raises(Refusal):
        do_clock(evidence=" ", **about)
    do_clock(evidence="OVD-4711", **about)
    with pytest.raises(Missing):
        do_clock(evidence="OVD-4711", **about)
    assert key not in running(books)
    later = date(2026, 4, 1)  # past the day by which it was to be reported
    (one,) = cover_of(books.entity, later)[books.customer_id("ALDER")].items
    assert (one.cover.is_covered, one.cover.until) == (True, None)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClockDone.objects.update(evidence="else")


def test_a_report_that_is_late_covers_nothing(books: Books) -> None:
    insure(books, 1000_00)
    books.invoice("I-1", "ALDER", "400.00", issued="2025-12-01", due="2026-01-01")
    (missed,) = [
        one for one in clocks(books.entity_id, ON) if one.key == f"notify:{books.item('I-1').id}"
    ]
    assert (missed.state(ON), missed.at_stake_minor) == ("missed", 360_00)
    (one,) = cover_of(books.entity, ON)[books.customer_id("ALDER")].items
    assert [clause.code for clause in one.cover.why_not] == ["not_notified"]


def test_the_insurer_stops_a_buyer_until_it_has_paid(books: Books) -> None:
    insure(books, 1000_00)
    ids = [books.customer_id("ALDER"), books.customer_id("BIRCH")]
    books.invoice("I-1", "ALDER", "400.00", issued="2025-12-01", due="2026-01-08")
    books.invoice("I-2", "BIRCH", "400.00", issued="2025-12-01", due="2026-01-08")
    assert insurer_stops(books.entity_id, ids, date(2026, 3, 9)) == set()
    assert insurer_stops(books.entity_id, ids, ON) == {ids[0]}
    told = duly("credit", "check-order", "ALDER", "1.00", "EUR", "--on", ON)
    assert "insurer" in [one["test"] for one in told["failed"]]
    books.payment("P-1", "ALDER", "400.00", on="2026-03-10")
    books.apply("P-1", "I-1", "400.00", on="2026-03-10")
    assert insurer_stops(books.entity_id, ids, ON) == set()


def test_nothing_is_put_off_beyond_the_extension_unasked(books: Books) -> None:
    insure(books, 1000_00)
    books.invoice("I-1", "ALDER", "400.00", issued="2026-01-10", due="2026-02-09")
    alder, item = books.customer_id("ALDER"), books.item("I-1").id
    limits = extension_limits(books.entity, [alder], ON)
    assert limits == {item: ExtensionLimit("I-1", date(2026, 4, 10))}
    refuse_extension(books.entity_id, alder, [item], date(2026, 4, 10), ON)
    with pytest.raises(RuleBreach) as told:
        refuse_extension(books.entity_id, alder, [item], date(2026, 4, 11), ON)
    assert told.value.facts["items"] == {"I-1": "2026-04-10"}
    do_clock(entity_id=books.entity_id, key=f"extend:{item}", on=ON, evidence="Mail of 9 March",
             author=author(books))  # fmt: skip
    refuse_extension(books.entity_id, alder, [item], date(2026, 4, 11), ON)


def test_an_insurer_that_cuts_opens_a_review(books: Books) -> None:
    insure(books, 1000_00)
    assert reviews(entity_id=books.entity_id) == []
    insure(books, 1500_00, since="2026-01-01")
    assert CreditSignal.objects.count() == 0
    insure(books, 200_00, since="2026-03-10")
    (review,) = reviews(entity_id=books.entity_id)
    assert review.cause == "insurer_cut"
    (signal,) = CreditSignal.objects.all()
    assert "1500.00" in signal.note
    assert "200.00" in signal.note


def test_discretion_has_a_cap_and_needs_proof(books: Books) -> None:
    for minor, evidence in ((500_01, "Paid 24 months"), (500_00, "")):
        with pytest.raises(RuleBreach):
            insure(books, minor, basis="experience", evidence=evidence)
    assert insure(books, 500_00, basis="agency", evidence="Report of 1 March").pk


def test_a_ucc_filing_is_continued_and_given_back(books: Books) -> None:
    books.invoice("I-1", "ALDER", "400.00", issued="2025-12-01", due="2026-12-31")
    row = take_security(
        entity_id=books.entity_id,
        draft=SecurityDraft(books.customer_id("ALDER"), "ucc1", "EUR", 300_00, day("2021-05-01")),
        author=author(books),
    )
    ((key, clock),) = running(books).items()
    assert (clock.opens_on, clock.due_on, clock.at_stake_minor) == (
        day("2025-11-01"),
        day("2026-05-01"),
        300_00,
    )
    do_clock(entity_id=books.entity_id, key=key, on=ON, evidence="No. 26-1", author=author(books))
    assert running(books) == {}
    (again,) = (one for one in clocks(books.entity_id, day("2031-03-01")) if one.kind == "ucc1")
    assert again.key != key
    assert again.due_on == day("2031-05-01")
    assert secured_by(books.entity_id, [row.customer_id], ON) == {row.customer_id: {"EUR": 300_00}}
    release_security(
        entity_id=books.entity_id, security_id=row.pk, on=ON, reason="Paid", author=author(books)
    )
    assert secured_by(books.entity_id, [row.customer_id], ON) == {}
    assert "ucc1" not in {one.kind for one in clocks(books.entity_id, day("2031-03-01"))}
    with pytest.raises(Refusal):
        release_security(
            entity_id=books.entity_id,
            security_id=row.pk,
            on=ON,
            reason="Paid",
            author=author(books),
        )
    with pytest.raises(Missing):
        release_security(
            entity_id=books.entity_id + 1,
            security_id=row.pk,
            on=ON,
            reason="Paid",
            author=author(books),
        )


def test_days_that_come_to_be_known_start_clocks(books: Books) -> None:
    row = take_security(
        entity_id=books.entity_id,
        draft=SecurityDraft(
            books.customer_id("ALDER"), "letter_of_credit", "EUR", 300_00, ON, day("2026-06-01"),
            dates={"latest_shipment": day("2026-04-01")},
        ),
        author=author(books),
    )  # fmt: skip
    assert [one.text for one in running(books).values()] == [
        "Latest shipment",
        "Letter of credit ends",
    ]
    date_security(
        entity_id=books.entity_id, security_id=row.pk, dates={"shipped": ON}, author=author(books)
    )
    first = next(iter(running(books).values()))
    assert (first.text, first.due_on) == ("Present the documents", day("2026-03-31"))
    with pytest.raises(Refusal):
        date_security(
            entity_id=books.entity_id,
            security_id=row.pk,
            dates={"completed": ON},
            author=author(books),
        )


def test_reviews_limits_and_documents_stand_in_the_same_calendar(books: Books) -> None:
    add_deadline(
        entity_id=books.entity_id,
        draft=DeadlineDraft(books.customer_id("BIRCH"), "Consent to agency reports ends", ON,
                            day("2026-03-31"), document="Form 12"),
        author=author(books),
    )  # fmt: skip
    books.customer("CEDAR", currency="EUR", credit_limit_minor=100_00)
    books.invoice("I-1", "CEDAR", "50.00", issued="2026-01-01", due="2026-01-20")
    watch_credit(entity=books.entity, on=ON, actor="worker", at=books.moment())
    found = list(running(books).values())
    assert [(one.kind, one.due_on, one.at_stake_minor) for one in found] == [
        ("review", day("2026-03-24"), 50_00),
        ("deadline", day("2026-03-31"), None),
    ]
    assert found[0].state(ON) == "open"
    with pytest.raises(Missing):
        do_clock(entity_id=books.entity_id, key=found[0].key, on=ON, evidence="x",
                 author=author(books))  # fmt: skip


def test_a_currency_without_a_rate_is_told_not_guessed(books: Books) -> None:
    insure(books, 1000_00)
    books.invoice("I-1", "ALDER", "400.00", issued="2026-01-10", due="2026-02-09", currency="USD")
    (one,) = cover_of(books.entity, ON)[books.customer_id("ALDER")].items
    assert [clause.code for clause in one.cover.why_not] == ["no_rate"]


def test_the_calendar_costs_a_constant_number_of_queries(
    books: Books, django_assert_max_num_queries
) -> None:
    for n in range(5):
        code = f"C{n}"
        books.customer(code, currency="EUR", credit_limit_minor=100_00)
        books.invoice(f"I-{n}", code, "10.00", issued="2026-01-10", due="2026-02-09")
        set_insured_limits(
            entity_id=books.entity_id,
            policy_number="P-1",
            drafts=[InsuredLimitDraft(books.customer_id(code), 100_00, day("2025-01-01"))],
            on=ON,
            author=author(books),
        )
    with django_assert_max_num_queries(30):
        assert len(clocks(books.entity_id, ON)) == 10


def test_the_turnover_of_a_month_has_a_clock_until_it_is_declared(books: Books) -> None:
    terms = TERMS._replace(number="P-2", declare_days=15)
    save_insurance_policy(entity_id=books.entity_id, terms=terms, author=author(books))
    begun = books.moment().date().replace(day=1)
    on = add_months(begun, 2)
    key = f"declare:P-2:{add_months(begun, 1):%Y-%m}"
    found = {one.key: one for one in clocks(books.entity_id, on) if one.kind == "declaration"}
    assert len(found) == 2
    assert found[key].due_on == on + timedelta(days=14)
    assert found[key].about == "P-2"
    do_clock(entity_id=books.entity_id, key=key, on=on, evidence="Sent", author=author(books))
    assert key not in {one.key for one in clocks(books.entity_id, on)}
