"""What one day gives to the next: nothing is settled twice, and nothing before it is there."""

from collections import Counter, defaultdict
from datetime import timedelta

from tests.world.files import live_small

from duly.kernel.money import Money
from duly.kernel.terms import parse_terms
from duly.world.behaviour import is_working_day
from duly.world.records import History
from duly.world.trading import World


def test_a_payment_is_the_sum_of_what_it_is_meant_for(history: History) -> None:
    for payment in history.payments():
        assert payment.amount_minor > 0
        assert sum(line.amount_minor for line in payment.lines) == payment.amount_minor


def test_no_document_or_source_gives_more_than_it_has(history: History) -> None:
    documents = {one.number: one for one in history.documents()}
    payments = {one.bank_reference: one for one in history.payments()}
    settled: Counter[str] = Counter()
    used: Counter[str] = Counter()
    gone = history.returned()
    for made in history.applications():
        assert made.amount_minor > 0
        if made.source not in gone:
            settled[made.document] += made.amount_minor + made.discount_minor
        used[made.source] += made.amount_minor
        document = documents[made.document]
        source_on = (
            payments[made.source].received_on
            if made.source in payments
            else documents[made.source].issued_on
        )
        assert made.applied_on >= max(document.issued_on, source_on)
        assert made.customer == document.customer
    for number, minor in settled.items():
        assert minor <= documents[number].amount_minor
    for source, minor in used.items():
        known = payments.get(source) or documents[source]
        assert minor <= known.amount_minor


def test_a_discount_is_taken_in_time_and_within_its_terms(history: History) -> None:
    documents = {one.number: one for one in history.documents()}
    payments = {one.bank_reference: one for one in history.payments()}
    taken: Counter[str] = Counter()
    for made in history.applications():
        if made.discount_minor:
            document = documents[made.document]
            money = Money(document.amount_minor, document.currency)
            (part,) = parse_terms(document.terms).schedule(document.issued_on, money)
            assert payments[made.source].received_on <= part.discount_until
            taken[made.document] += made.discount_minor
            assert taken[made.document] <= part.discount.minor
    assert taken


def test_numbers_and_references_are_given_once(history: History) -> None:
    numbers = [one.number for one in history.documents()]
    references = [one.bank_reference for one in history.payments()]
    lines = [one.bank_reference for one in history.bank_lines()]
    for given in (numbers, references, lines):
        assert len(given) == len(set(given))


def test_banks_book_on_working_days_and_only_what_is_there(history: History) -> None:
    for line in history.bank_lines():
        assert is_working_day(line.booked_on)
        paid = sum(payment.amount_minor for payment in line.payments)
        if line.kind in {"transfer", "direct_debit"}:
            assert line.amount_minor == paid
        elif line.kind == "return":
            assert line.amount_minor == -paid
        else:
            assert not line.payments
            assert (line.amount_minor > 0) == (line.kind == "reversal")
        assert line.amount_minor


def test_what_came_back_is_charged_and_some_of_it_paid_again(history: History) -> None:
    gone = history.returned()
    returned = {
        line.document
        for payment in history.payments()
        if payment.bank_reference in gone
        for line in payment.lines
    }
    again = {
        made.document
        for made in history.applications()
        if made.document in returned and made.source not in gone
    }
    assert again
    charges = [one for one in history.documents() if one.kind == "debit_note"]
    fees = [line for line in history.bank_lines() if line.text.startswith("Entgelt Retoure")]
    assert len(charges) == len(fees) == len(gone)


def test_a_dispute_that_was_right_ends_with_a_credit_note(history: History) -> None:
    credited: dict[str, int] = defaultdict(int)
    notes = {one.number for one in history.documents() if one.kind == "credit_note"}
    for made in history.applications():
        if made.source in notes:
            credited[made.document] += made.amount_minor
    ended = [
        one
        for one in history.disputes()
        if one.verdict == "valid" and one.ends_on < history.until - timedelta(days=5)
    ]
    assert len(ended) > 100
    for dispute in ended:
        assert credited[dispute.document] >= dispute.amount_minor


def test_days_may_pass_one_by_one() -> None:
    whole = live_small()
    company, start = whole.company, whole.days[0].on
    world = World(company, start)
    days = [world.pass_day() for _ in whole.days]
    assert days == list(whole.days)
    assert world.today == whole.until + timedelta(days=1)


def test_a_plan_that_is_moved_is_a_payment_that_is_moved() -> None:
    """So that a message of the product can move what its customers do."""
    lived = live_small()
    company, start = lived.company, lived.days[0].on
    world = World(company, start)
    for _ in range(60):
        world.pass_day()
    far_off = world.today + timedelta(days=50)
    moved = [
        due
        for buyer in world.buyers.values()
        for due in buyer.dues
        if due.pay_on is not None and due.pay_on > far_off and not due.is_debited
    ]
    assert moved
    for due in moved:
        due.pay_on = world.today
    history = world.live(world.today + timedelta(days=40))
    paid = {line.document for one in history.payments() for line in one.lines}
    assert {due.document.number for due in moved} <= paid
