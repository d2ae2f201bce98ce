"""Bank lines made to fool: what only seems to name an item is never applied by itself (C1, C2)."""

import time

import pytest
from tests.rules.cash_application.test_cash_matching import ALDER, BALTIC, item, match, paid

from duly.cash_application.rules.facts import Customer
from duly.cash_application.rules.matching import AUTO, SUGGEST
from duly.cash_application.rules.mentions import Numbers
from duly.cash_application.rules.never import CONTRADICTED, SETTLED
from duly.cash_application.rules.payers import NAME, Directory
from duly.cash_application.rules.texts import blanked, numbers_like

TIE = (item("INV-0532", 119_000), item("INV-0777", 119_000))


@pytest.mark.parametrize(
    "text",
    [
        "IBAN DE89 3704 0044 0532 0130 00",
        "to DE89370400440532013000 thanks",
        "of 05.03.26",
        "EUR 532.00 of 1190.00 EUR",
    ],
)
def test_parts_of_accounts_days_and_amounts_are_no_numbers(text: str) -> None:
    """Two items are open to the amount: what seems to name one of them does not decide."""
    short = [one._replace(number=f"{n}") for one, n in zip(TIE, (5, 9), strict=True)]
    for items in (TIE, short):
        (told,) = match(paid(119_000, text), *items)
        assert (told.decision, told.unique) == (SUGGEST, False)


def test_an_amount_that_is_the_end_of_a_number_pays_no_part_of_it() -> None:
    """Of "EUR 1190.00" nobody owes part of invoice 1190 for it."""
    (told,) = match(
        paid(119_000, "EUR 1190.00"), item("INV-1190", 50_000), item("INV-2000", 69_000),
        item("INV-2001", 119_000),
    )  # fmt: skip
    assert told.decision == SUGGEST


def test_a_reference_with_check_digits_is_no_account() -> None:
    assert blanked("RF18 5390 0754 7034") == "RF18 5390 0754 7034"


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ("KES-1001", "INV-1001", "KES-1001"),  # ours is read from its end
        ("INV-1001", "V-1001", "INV-1001"),  # ours stands inside it
        ("INV-1002", "INV-1001", "INV-1002"),  # ours is one sign away, and both owe as much
    ],
)
def test_a_number_of_another_customer_is_not_read_as_ours(text: str, own: str, other: str) -> None:
    ours, theirs = item(own, 119_000), item(other, 119_000, BALTIC, id=7)
    (told,) = match(paid(119_000, text), ours, theirs)
    assert (told.decision, told.refused) == (SUGGEST, (CONTRADICTED,))
    (alone,) = match(paid(119_000, text), ours)
    assert alone.decision == AUTO  # or nothing would be told by the refusal


def test_a_number_of_theirs_in_another_currency_is_no_slip() -> None:
    dollars = item("INV-1001", 119_000, currency="USD")
    (told,) = match(paid(119_000, "INV-1001"), item("INV-1002", 119_000), dollars)
    assert (told.decision, told.refused) == (SUGGEST, (CONTRADICTED,))


@pytest.mark.parametrize("text", ["INV-100004", "INV-1", "RE-77"])
def test_what_names_a_settled_document_is_not_taken_for_another(text: str) -> None:
    named = paid(70_033, text, settled=numbers_like(text))
    (told,) = match(named, item("INV-100002", 70_033), item("INV-100003", 91_207))
    assert (told.decision, told.refused) == (SUGGEST, (SETTLED,))


def test_a_name_is_stronger_than_an_account_that_is_learned_of_another() -> None:
    """The bearer is Baltic by name, on the account of Alder: no item of Alder is paid by it."""
    told = paid(70_033, "", BALTIC, account=ALDER.accounts[0])
    payer = Directory([ALDER, BALTIC]).identify(told)
    assert (payer.customer, payer.how) == (BALTIC, NAME)
    (proposal,) = match(told, item("INV-100002", 70_033), item("INV-7", 500, BALTIC))
    assert proposal.decision == SUGGEST
    assert proposal.lines == ()


def test_signs_that_are_not_seen_part_no_number() -> None:
    ten = item("INV-10012", 119_000)
    text = "INV-1001\u200b2"
    (named,) = Numbers([item("INV-1001", 238_000), ten]).read(text).mentions
    assert named.items == (ten,)
    (told,) = match(paid(119_000, "\u202eINV-10\u200b01\u00ad2"), ten)
    assert told.decision == AUTO
    assert numbers_like(text) == ("INV-10012",)


@pytest.mark.parametrize("name", ["Аlder Fооds GmbH", "Alder​ Foods GmbH"])
def test_a_name_of_letters_that_only_look_alike_is_not_known_for_sure(name: str) -> None:
    payer = Directory([ALDER, BALTIC]).identify(paid(1, "", name=name, account=""))
    assert payer.customer is None or payer.likeness == 100


def test_one_name_of_two_customers_names_neither() -> None:
    twin = Customer(9, "C9", ALDER.name)
    payer = Directory([ALDER, twin]).identify(paid(1, "", account=""))
    assert payer.customer is None
    assert payer.candidates == (ALDER, twin)


def test_a_credit_note_takes_no_money() -> None:
    (told,) = match(paid(5_000, "CN-1001"), item("CN-1001", -5_000), item("INV-1002", 35_700))
    assert told.decision == SUGGEST


MANY = [item(f"INV-{100_000 + 7 * n}", 1_000 + 977 * n, order=f"PO-{n}") for n in range(400)]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(str(500_000 + 3 * n) for n in range(3_000)),
        " ".join(MANY[n % 400].number for n in range(3_000)),
        " - ".join(f"x{MANY[n % 400].number[-6:]}" for n in range(3_000)),
        "1001" * 3_000,
        "100000100007" * 1_000 + "7",
    ],
    ids=["unknown", "named", "ends", "one run", "a run that does not end well"],
)
def test_a_text_of_thousands_of_numbers_is_read_in_time(text: str) -> None:
    began = time.process_time()
    match(paid(119_000, text), *MANY)
    assert time.process_time() - began < 5


def test_a_long_run_is_cut_apart_as_a_short_one() -> None:
    numbers = Numbers([item("INV-1001", 1), item("INV-21001", 2)])
    assert numbers._pieces("100121001" * 2) == ["1001", "21001"] * 2
    assert numbers._pieces("1001210017") == []
