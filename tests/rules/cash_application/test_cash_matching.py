"""What is proposed for payments: what is applied, what waits for a person, and why."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.cash_application.test_cash_subsets import every_set

from duly.cash_application.policy import CARVE, MatchingPolicy
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem, PastPayment
from duly.cash_application.rules.matching import AUTO, NONE, SUGGEST, Proposal, run
from duly.cash_application.rules.payers import Directory

ON = date(2026, 3, 10)
ALDER = Customer(1, "C1", "Alder Foods GmbH", ("DE89370400440532013000",))
BALTIC = Customer(2, "C2", "Baltic Steel Ltd", ("GB82WEST12345698765432",))
CHILD = Customer(3, "C3", "Alder Foods Polska", parent_id=1)
POLICY = MatchingPolicy(charges_minor=(750, 1500))


def item(number: str, minor: int, customer: Customer = ALDER, **more) -> OpenItem:
    """An open item, due in February."""
    row = OpenItem(
        int("".join(c for c in number if c.isdecimal())), customer.id, number, "EUR", minor,
        date(2026, 1, 15), date(2026, 2, 15),
    )  # fmt: skip
    return row._replace(**more)


def paid(minor: int, text: str = "", payer: Customer = ALDER, **more) -> BankPayment:
    """A payment of today from the payer's own account."""
    row = BankPayment(1, ON, minor, "EUR", payer.name, (*payer.accounts, "")[0], text)
    return row._replace(**more)


def match(
    payments: BankPayment | list[BankPayment],
    *items: OpenItem,
    policy: MatchingPolicy = POLICY,
    payer: Customer = ALDER,
) -> list[Proposal]:
    """Proposals, the book kept between them."""
    several = payments if isinstance(payments, list) else [payments]
    directory = Directory([payer, BALTIC, CHILD])
    return list(run(several, directory, Book(items), (), policy))


INVOICES = [item("INV-100001", 50_000), item("INV-100002", 70_033), item("INV-100003", 91_207)]


@pytest.mark.parametrize(
    ("text", "minor", "numbers"),
    [
        ("Invoice INV-100001", 50_000, {100001}),
        ("inv 100001 and 100002", 120_033, {100001, 100002}),
        ("INV100001INV100002", 120_033, {100001, 100002}),
        ("INV-100001-INV-100003", 211_240, {100001, 100002, 100003}),
        ("INV-100020", 70_033, {100002}),
        ("INV-100001", 141_207, {100001, 100003}),
        ("PAYMENT", 70_033, {100002}),
        ("PAYMENT", 161_240, {100002, 100003}),
        ("", 211_240, {100001, 100002, 100003}),
    ],
)
def test_what_items_explain_in_one_way_is_applied(text, minor: int, numbers: set[int]) -> None:
    """Pain C11: one payment, many items."""
    (told,) = match(paid(minor, text), *INVOICES)
    assert told.decision == AUTO, told
    assert {line.item_id for line in told.lines} == numbers
    assert sum(line.minor for line in told.lines) == minor
    assert told.on_account == 0
    assert told.unique
    assert told.because
    assert told.confidence >= Decimal("0.99")


def test_equal_items_wait_for_a_person() -> None:
    """Pain C2: five equal amounts, and nothing tells which is which."""
    items = [item(f"INV-10000{n}", 45_000) for n in range(5)]
    (told,) = match(paid(45_000, "PAYMENT"), *items)
    assert (told.decision, told.unique) == (SUGGEST, False)
    assert "Other open items explain the payment as well." in told.against
    (told,) = match(paid(45_000, "INV-100003"), *items)
    assert told.decision == AUTO
    assert told.lines[0].item_id == 100003


def test_of_equal_items_the_one_that_is_paid_by_now_is_told_by_habit() -> None:
    """Pain C2, where something does tell: they have never paid earlier than ten days late."""
    items = [
        item(f"INV-10000{n}", 45_000, due_on=ON - timedelta(days=20 * (1 - n))) for n in (0, 1)
    ]
    for earliest, decision in ((10, AUTO), (0, SUGGEST), (None, SUGGEST)):
        (told,) = match(paid(45_000), *items, payer=ALDER._replace(earliest_days=earliest))
        assert told.decision == decision
    assert (
        match(paid(45_000), *items, payer=ALDER._replace(earliest_days=10))[0].lines[0].item_id
        == 100000
    )


def test_a_credit_note_that_may_be_netted_keeps_a_short_pay_from_being_sure() -> None:
    """Part payments of one invoice are plain; with a credit note of about that size they aren't."""
    (told,) = match(paid(56_026, "INV-100002"), *INVOICES, item("CN-100009", -12_000))
    assert told.decision == SUGGEST
    (told,) = match(paid(56_026, "INV-100002"), *INVOICES, item("CN-100009", -20_000))
    assert told.decision == AUTO


def test_a_usual_percentage_kept_back_from_one_of_several() -> None:
    """Pain C5: which of them it was is told where just one makes the difference."""
    (told,) = match(paid(120_033 - 7_003, "INV-100001 INV-100002"), *INVOICES)
    assert told.decision == AUTO
    assert [(line.item_id, line.minor) for line in told.lines] == [
        (100001, 50_000),
        (100002, 63_030),
    ]


def test_a_usual_percentage_kept_back_from_several_that_nothing_names() -> None:
    items = [item(f"INV-10000{n}", 1_000_003 + 70_001 * n * n) for n in range(6)]
    usual = MatchingPolicy(deduction_percents=(2,), other_deductions_ppm=0)
    short = items[1].open_minor * 98 // 100 + items[4].open_minor
    (told,) = match(paid(short), *items, policy=usual)
    assert (told.decision, told.way) == (AUTO, "sum//deducted")
    assert told.let_go == ((100001, items[1].open_minor * 98 // 100), (100004, 2_120_019))
    # With a second one alike it may be any of the two.
    (told,) = match(paid(short), *items, item("INV-100009", items[4].open_minor), policy=usual)
    assert told.decision == SUGGEST


def test_what_they_would_pay_by_now_is_less_often_chance() -> None:
    """One set alone makes it: of all that is open chance might do so, of what is due hardly."""
    dice = random.Random(5)
    due = [item(f"INV-1000{n}", dice.randrange(9_000, 30_000)) for n in range(10, 14)]
    young = [
        item(f"INV-1000{n}", dice.randrange(9_000, 30_000), due_on=ON + timedelta(days=25))
        for n in range(20, 36)
    ]
    minor = due[0].open_minor + due[2].open_minor + due[3].open_minor
    for payer, decision in ((ALDER, SUGGEST), (ALDER._replace(earliest_days=-5), AUTO)):
        (told,) = match(paid(minor), *due, *young, payer=payer)
        assert {line.item_id for line in told.lines} == {100010, 100012, 100013}
        assert (told.decision, told.unique) == (decision, True)


def test_two_sums_wait_for_a_person() -> None:
    items = [item("INV-100001", 30_000), item("INV-100002", 45_000), item("INV-100003", 75_000)]
    (told,) = match(paid(75_000, "PAYMENT"), *items)
    assert (told.decision, told.unique) == (SUGGEST, False)


def test_a_contradicting_reference_vetoes() -> None:
    """Pain C1: the amount fits, and the text names an item of somebody else."""
    foreign = item("RE-777001", 12_345, BALTIC)
    (told,) = match(paid(70_033, "RE-777001"), *INVOICES, foreign)
    assert told.decision == SUGGEST
    assert told.refused == ("contradicted",)
    assert told.confidence < POLICY.auto_from


@pytest.mark.parametrize(
    ("minor", "decision"),
    [(120_033, AUTO), (120_033 - 3_501, AUTO), (120_033 - 3_333, SUGGEST), (12_345, SUGGEST)],
)
def test_a_mistyped_number_that_is_somebody_elses_needs_the_cent(minor: int, decision: str) -> None:
    """Pain C1: it counts as theirs where all, or all less a usual percentage, was paid."""
    foreign = item("INV-109001", 12_345, BALTIC)
    (told,) = match(paid(minor, "INV-109001 INV-100002"), *INVOICES, foreign)
    assert told.decision == decision
    if decision == AUTO:
        assert {line.item_id for line in told.lines} == {100001, 100002}


def test_a_small_difference_is_let_pass_within_policy() -> None:
    """Pain C4: absolute and percentage, both."""
    (told,) = match(paid(69_943, "INV-100002"), *INVOICES)
    assert [(line.minor, line.reason) for line in told.lines] == [
        (69_943, "settled"),
        (90, "tolerance"),
    ]
    tight = MatchingPolicy(tolerance_minor=50)
    (told,) = match(paid(69_943, "INV-100002"), *INVOICES, policy=tight)
    assert {line.reason for line in told.lines} == {"settled"}


@pytest.mark.parametrize(("days", "reason"), [(1, "discount"), (-9, None)])
def test_discounts_in_time_and_too_late(days: int, reason: str | None) -> None:
    """Pain C5: a discount in time leaves nothing open; a late one stays owed."""
    until = ON + timedelta(days=days)
    one = item("INV-100007", 300_000, discount_until=until, discount_minor=9_000)
    (told,) = match(paid(291_000, "INV-100007"), *INVOICES, one)
    assert told.decision == AUTO
    assert told.lines[0].minor == 291_000
    assert [line.reason for line in told.lines[1:]] == ([reason] if reason else [])


def test_a_short_pay_stays_open_or_is_carved_out() -> None:
    """Pain C5: with one rule for both."""
    (told,) = match(paid(56_026, "INV-100002"), *INVOICES)
    assert [(line.minor, line.reason) for line in told.lines] == [(56_026, "settled")]
    carve = MatchingPolicy(short_pays=CARVE)
    (told,) = match(paid(56_026, "INV-100002"), *INVOICES, policy=carve)
    assert [(line.minor, line.reason) for line in told.lines] == [
        (56_026, "settled"),
        (14_007, "short_pay"),
    ]


def test_a_banks_charge_is_known() -> None:
    abroad = ALDER._replace(pays_from_abroad=True)
    (told,) = match(paid(69_283, "INV-100002"), *INVOICES, payer=abroad)
    assert [(line.minor, line.reason) for line in told.lines] == [
        (69_283, "settled"),
        (750, "bank_fee"),
    ]
    assert told.on_account == 0


def test_credit_notes_are_netted() -> None:
    """Pains D4 and D5: invoices and credit notes in one payment, named or not."""
    credit = item("CN-100009", -8_111)
    for text in ("INV-100001 CN-100009", "INV-100001", ""):
        (told,) = match(paid(41_889, text), *INVOICES, credit)
        assert told.decision == AUTO, text
        assert {line.minor for line in told.lines} == {50_000, -8_111}


@pytest.mark.parametrize("other", ["INV-100002", "INV-654321"])
def test_a_second_payment_of_the_same_is_not_applied(other: str) -> None:
    """Pain C15: an equal item is open, and the text names the one that is paid."""
    twins = [item("INV-100001", 50_000), item(other, 50_000)]
    again = paid(50_000, "INV-100001", id=2)
    first, second = match([paid(50_000, "INV-100001"), again], *twins)
    assert first.decision == AUTO
    assert second.decision == SUGGEST or not second.lines
    assert "An equal payment came in a few days ago." in second.because + second.against


def test_the_written_list() -> None:
    """Not A/R, once undone, insolvent: never applied by itself, though it fits."""
    for payment, payer, code in (
        (paid(50_000, "INV-100001", is_receivable=False), ALDER, "not_receivable"),
        (paid(50_000, "INV-100001", was_undone=True), ALDER, "undone"),
        (paid(50_000, "INV-100001"), ALDER._replace(is_insolvent=True), "insolvent"),
    ):
        (told,) = match(payment, *INVOICES, payer=payer)
        assert (told.decision, told.refused) == (SUGGEST, (code,))
        assert told.against


def test_a_parent_pays_for_a_child_and_a_third_party_for_a_customer() -> None:
    """Pain C14."""
    (told,) = match(paid(33_333, "RE-300001"), *INVOICES, item("RE-300001", 33_333, CHILD))
    assert (told.decision, told.customer) == (AUTO, ALDER)
    factor = paid(70_033, "INV-100002", name="FACTOR ONE BANK", account="XX1")
    (told,) = match(factor, *INVOICES)
    assert (told.decision, told.customer) == (AUTO, ALDER)


@pytest.mark.parametrize(
    ("minor", "text", "others", "decision"),
    [
        (70_033, "PAYMENT", 0, AUTO),
        (70_033, "PAYMENT", 200, SUGGEST),  # amounts like it are frequent
        (70_033, "REFUND 554433", 0, SUGGEST),
        (50_000, "PAYMENT", 0, SUGGEST),  # round
        (120_033, "PAYMENT", 0, NONE),
    ],
)
def test_a_strangers_payment_is_for_the_only_item_of_an_amount_that_chance_hardly_makes(
    minor: int, text: str, others: int, decision: str
) -> None:
    """Pain C14: a factor pays, and says nothing."""
    nameless = paid(minor, text, name="FACTOR ONE BANK", account="XX1")
    more = [item(f"RE-4{n:05d}", 66_000 + 13 * n, BALTIC) for n in range(others)]
    (told,) = match(nameless, *INVOICES, *more)
    assert told.decision == decision


def test_a_usual_percentage_of_what_nothing_names() -> None:
    """Pain C5: of one item alone, or of what is paid by custom, and of nothing else."""
    (told,) = match(paid(68_632, "PAYMENT"), *INVOICES)
    assert (told.decision, told.way) == (AUTO, "sum//deducted")
    assert [(line.item_id, line.minor) for line in told.lines] == [(100002, 68_632)]
    (told,) = match(paid(211_240 - 1_824, "PAYMENT"), *INVOICES)
    assert {line.item_id: line.minor for line in told.lines}[100003] == 91_207 - 1_824
    twin = item("INV-100009", 70_033)
    assert match(paid(68_632, "PAYMENT"), *INVOICES, twin)[0].decision == SUGGEST
    (told,) = match(paid(68_632, "INVOICE 99887766"), *INVOICES)
    assert told.decision == SUGGEST


def test_a_second_payment_that_names_what_is_paid_goes_on_account() -> None:
    """Pain C15: though another item's number is one sign away."""
    before = PastPayment(ON, 50_000, "EUR", 1, "INV-100001", numbers=("INV-100001",))
    again = paid(50_000, "INV-100001", name="")
    told = list(run([again], Directory([ALDER]), Book(INVOICES[1:]), [before], POLICY))[0]
    assert (told.decision, told.lines, told.on_account) == (AUTO, (), 50_000)


def test_money_of_nobody_and_money_on_account() -> None:
    stranger = paid(7_731, "THANK YOU", name="Umbrella Unrelated Holdings", account="XX2")
    (told,) = match(stranger, *INVOICES)
    assert told.decision == NONE
    (told,) = match(paid(100_000, "DEPOSIT"), *INVOICES)
    assert (told.decision, told.lines, told.on_account) == (AUTO, (), 100_000)
    for minor, text, decision in (
        (100_000, "PAYMENT", AUTO),  # a round sum that names nothing
        (100_000, "PAYMENT 99887766", SUGGEST),
        (100_050, "PAYMENT", SUGGEST),
    ):
        (told,) = match(paid(minor, text), *INVOICES)
        assert (told.decision, told.lines, told.on_account) == (decision, (), minor)


def test_many_payments_of_one_item() -> None:
    half = paid(35_000, "INV-100002")
    first, second = match([half, paid(35_033, "INV 100002", id=2)], *INVOICES)
    assert [one.lines[0].minor for one in (first, second)] == [35_000, 35_033]
    assert (first.decision, second.decision) == (AUTO, AUTO)


AMOUNTS = st.lists(st.integers(500, 90_000), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, st.data())
def test_what_is_applied_without_a_name_has_no_rival(amounts: list[int], data) -> None:
    """Match proof, against every set: never applied where two sets add up; never too much."""
    items = [item(f"INV-20000{n}", amount) for n, amount in enumerate(amounts)]
    chosen = data.draw(st.sets(st.integers(0, len(items) - 1), min_size=1))
    total = sum(amounts[n] for n in chosen)
    (told,) = match(paid(total, "PAYMENT"), *items)
    ways = every_set(total, [(a,) for a in amounts], 99)
    if told.decision == AUTO:
        assert len(ways) == 1
        assert {line.item_id for line in told.lines} == {items[n].id for n in chosen}
    left = {one.id: one.open_minor for one in items}
    assert all(0 < line.minor <= left[line.item_id] for line in told.lines)
    assert sum(line.minor for line in told.lines) + told.on_account == total


def test_what_was_invoiced_long_after_a_payment_is_not_what_it_pays_unless_it_says_so() -> None:
    """Money in advance: an invoice may follow it by some days."""
    for days, text, decision in ((5, "PAYMENT", AUTO), (9, "PAYMENT", SUGGEST), (9, "INV-1", AUTO)):
        later = item("INV-100008", 33_307, issued_on=ON + timedelta(days=days))
        told = match(paid(33_307, text.replace("INV-1", later.number)), *INVOICES, later)[0]
        assert told.decision == decision
