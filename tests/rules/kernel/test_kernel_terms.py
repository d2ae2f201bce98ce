"""Terms of sale: every row of the table in docs/sources.md."""

from datetime import date
from decimal import Decimal

import pytest

from duly.kernel.errors import ReceiptDateMissing, TermsUnclear
from duly.kernel.money import Money
from duly.kernel.terms import (
    Cash,
    DayOfMonth,
    Discount,
    DiscountStep,
    Instalment,
    MonthEnd,
    NetDays,
    NetMonths,
    Share,
    Terms,
    parse_terms,
)

JAN_20 = date(2026, 1, 20)
JAN_26 = date(2026, 1, 26)
JAN_31 = date(2026, 1, 31)
HUNDRED = Money(10000, "EUR")


# Code or text, day of the document, due date
DUE = [
    ("Net 30", JAN_31, date(2026, 3, 2)),
    ("Net 30", date(2028, 1, 31), date(2028, 3, 1)),  # a leap year
    ("2/10 net 30", JAN_31, date(2026, 3, 2)),
    ("net30-eom-after", JAN_20, date(2026, 3, 2)),
    ("net30-eom-within", JAN_20, date(2026, 2, 28)),
    ("net45-eom-within", JAN_20, date(2026, 3, 31)),  # 45 jours fin de mois, +45 then month end
    ("net45-eom-after", JAN_20, date(2026, 3, 17)),  # month end, +45
    ("10th prox, 25th cut-off", JAN_20, date(2026, 2, 10)),
    ("10th prox, 25th cut-off", JAN_26, date(2026, 3, 10)),
    ("10th prox, 25th cut-off", date(2026, 1, 25), date(2026, 2, 10)),  # "after the 25th"
    ("10th prox, 25th cut-off", date(2026, 12, 26), date(2027, 2, 10)),
    ("10th prox", JAN_31, date(2026, 2, 10)),
    ("CIA", JAN_20, JAN_20),
    ("CBD", JAN_20, JAN_20),
    ("CWO", JAN_20, JAN_20),
    ("PIA", JAN_20, JAN_20),
    ("COD", JAN_20, JAN_20),
    # beside the table
    ("due on receipt", JAN_31, JAN_31),
    ("end of month", JAN_20, JAN_31),
    ("end of month", date(2028, 2, 1), date(2028, 2, 29)),
    ("end of next month", JAN_31, date(2026, 2, 28)),
    ("30th prox", JAN_20, date(2026, 2, 28)),
    ("31st of the month", date(2026, 4, 30), date(2026, 4, 30)),
    ("15th of the month", date(2026, 1, 15), date(2026, 1, 15)),
    ("15th of the month", date(2026, 1, 16), date(2026, 2, 15)),
    ("day15-cutoff5", date(2026, 1, 5), date(2026, 1, 15)),
    ("day15-cutoff5", date(2026, 1, 6), date(2026, 2, 15)),
    ("1 month", JAN_31, date(2026, 2, 28)),
    ("2 weeks", JAN_31, date(2026, 2, 14)),
]


@pytest.mark.parametrize(("text", "issued_on", "due_on"), DUE)
def test_due_dates(text, issued_on, due_on):
    terms = parse_terms(text)
    assert terms.due_on(issued_on) == due_on
    assert terms.schedule(issued_on, HUNDRED)[-1].due_on == due_on
    assert parse_terms(terms.code) == terms


def test_a_due_date_on_a_closed_day_stays_where_the_contract_puts_it():
    saturday = date(2026, 3, 7)
    assert parse_terms("net 30").due_on(date(2026, 2, 5)) == saturday
    new_year = date(2027, 1, 1)
    assert parse_terms("day1-prox").due_on(date(2026, 12, 20)) == new_year


def test_two_per_cent_within_ten_days():
    (part,) = parse_terms("2/10 net 30").schedule(JAN_31, Money(12345, "USD"))
    step = DiscountStep(date(2026, 2, 10), Money(247, "USD"), Decimal(2))  # 2.469, half up
    assert part == Instalment(
        1, date(2026, 3, 2), Money(12345, "USD"), step.until, step.amount, (step,)
    )


@pytest.mark.parametrize(
    ("amount", "discount"),
    [
        (Money(12325, "USD"), Money(247, "USD")),  # 246.5, a half goes up
        (Money(12324, "USD"), Money(246, "USD")),
        (Money(-12325, "USD"), Money(-247, "USD")),  # a credit note mirrors its invoice
        (Money(1234, "JPY"), Money(25, "JPY")),
        (Money(1234, "KWD"), Money(25, "KWD")),
        (Money(0, "USD"), Money(0, "USD")),
    ],
)
def test_a_discount_is_rounded_half_up_in_minor_units(amount, discount):
    assert parse_terms("2/10 net 30").schedule(JAN_31, amount)[0].discount == discount


def test_all_steps_of_a_discount_are_kept_in_order_of_their_days():
    terms = parse_terms("2% 14 days, 3% 7 days, 30 days net")
    (part,) = terms.schedule(JAN_20, HUNDRED)
    assert [(step.until, step.amount.text(), step.percent) for step in part.discounts] == [
        (date(2026, 1, 27), "3.00", 3),
        (date(2026, 2, 3), "2.00", 2),
    ]
    assert (part.discount_until, part.discount) == (date(2026, 1, 27), Money(300, "EUR"))


EOM_TEXTS = [
    ("Net 30 EOM", 30),
    ("net 30, EOM", 30),
    ("30 days EOM", 30),
    ("30 days end of month", 30),
    ("NET30EOM", 30),
    ("EOM 30", 30),
    ("45 jours fin de mois", 45),
    ("fin de mois 45 jours", 45),
    ("45 jours date de facture fin de mois", 45),
    ("30 Tage Monatsende", 30),
    ("60 días fin de mes", 60),
    ("30 gg d.f. f.m.", 30),
]


@pytest.mark.parametrize(("text", "days"), EOM_TEXTS)
def test_the_month_end_is_never_guessed(text, days):
    with pytest.raises(TermsUnclear) as refused:
        parse_terms(text)
    codes = [f"net{days}-eom-after", f"net{days}-eom-within"]
    assert refused.value.facts["readings"] == codes
    assert f'"{text}" have two readings' in refused.value.message
    assert all(code in refused.value.remedy for code in codes)
    assert parse_terms(text, eom_reading="after").code == codes[0]
    assert parse_terms(text, eom_reading="within").code == codes[1]


def test_both_readings_are_told_with_an_example():
    with pytest.raises(TermsUnclear) as refused:
        parse_terms("net 30 EOM")
    assert refused.value.remedy == (
        "Look in the contract, then write net30-eom-after (within 30 days after the end of the "
        "month, so that an invoice of 20 January is due 2 March) or net30-eom-within (by the end "
        "of the month in which day 30 falls, so that an invoice of 20 January is due 28 February)."
    )


def test_the_reading_of_the_house_leaves_clear_terms_alone():
    for reading in ("after", "within"):
        assert parse_terms("net 30", eom_reading=reading) == parse_terms("net 30")
        assert parse_terms("net30-eom-after", eom_reading=reading).code == "net30-eom-after"
        assert parse_terms("30 days after end of month", eom_reading=reading).code == (
            "net30-eom-after"
        )


def test_after_the_month_end_the_discount_counts_from_there_too():
    with pytest.raises(TermsUnclear):
        parse_terms("2/10 net 30 EOM")
    after = parse_terms("2/10 net 30 EOM", eom_reading="after")
    assert after.code == "2/10-eom-after-net30-eom-after"
    (part,) = after.schedule(JAN_20, HUNDRED)
    assert (part.discount_until, part.due_on) == (date(2026, 2, 10), date(2026, 3, 2))
    within = parse_terms("2/10 net 30 EOM", eom_reading="within")
    (part,) = within.schedule(JAN_20, HUNDRED)
    assert (part.discount_until, part.due_on) == (date(2026, 1, 30), date(2026, 2, 28))


@pytest.mark.parametrize("reading", [None, "after", "within"])
def test_a_discount_before_a_bare_month_end_has_two_readings_whatever_the_house_reads(reading):
    with pytest.raises(TermsUnclear) as refused:
        parse_terms("2/15 EOM", eom_reading=reading)
    assert refused.value.facts["readings"] == ["2/15-eom", "2/15-eom-after-due-stated"]


class TestReceiptOfGoods:
    """ROG: the clock starts at the receipt of the goods."""

    def test_the_clock_needs_the_day_of_receipt(self):
        terms = parse_terms("2/10 net 30 ROG")
        with pytest.raises(ReceiptDateMissing) as refused:
            terms.schedule(JAN_20, HUNDRED)
        assert refused.value.code == "RECEIPT_DATE_MISSING"
        assert isinstance(refused.value, TermsUnclear)
        with pytest.raises(ReceiptDateMissing):
            terms.due_on(JAN_20)

    def test_everything_counts_from_it(self):
        terms = parse_terms("2/10 net 30 ROG")
        (part,) = terms.schedule(JAN_20, HUNDRED, received_on=JAN_31)
        assert (part.discount_until, part.due_on) == (date(2026, 2, 10), date(2026, 3, 2))
        assert terms.due_on(JAN_20, received_on=JAN_31) == date(2026, 3, 2)

    def test_other_terms_ignore_it(self):
        assert parse_terms("net 30").due_on(JAN_20, received_on=JAN_31) == date(2026, 2, 19)

    def test_in_instalments_it_is_the_clock_of_all(self):
        terms = parse_terms("50% net 30 ROG, 50% net 60 ROG")
        assert terms.code == "50%-net30+50%-net60-rog"
        days = [part.due_on for part in terms.schedule(JAN_20, HUNDRED, received_on=JAN_31)]
        assert days == [date(2026, 3, 2), date(2026, 4, 1)]


class TestCash:
    @pytest.mark.parametrize("text", ["CIA", "CBD", "CWO", "PIA", "COD"])
    def test_no_credit_is_given(self, text):
        terms = parse_terms(text)
        assert terms.gives_credit is False
        assert terms.code == text.lower()

    def test_on_delivery_is_due_the_day_the_goods_come(self):
        assert parse_terms("COD").due_on(JAN_20, received_on=JAN_26) == JAN_26
        assert parse_terms("CIA").due_on(JAN_20, received_on=JAN_26) == JAN_20

    def test_a_deposit_with_a_balance_gives_credit_for_the_balance(self):
        terms = parse_terms("30% in advance, balance net 30")
        assert terms.gives_credit is True
        assert [(p.due_on, p.amount.minor) for p in terms.schedule(JAN_20, HUNDRED)] == [
            (JAN_20, 3000),
            (date(2026, 2, 19), 7000),
        ]

    def test_other_terms_and_free_text_give_credit(self):
        assert parse_terms("net 30").gives_credit
        assert parse_terms("as agreed").gives_credit


class TestInstalments:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("30% 0, 70% net 60", "30%-net0+70%-net60"),
            ("50% net 30, 50% net 60", "50%-net30+50%-net60"),
            ("50% 30 days, 50% 60 days", "50%-net30+50%-net60"),
            ("50% net 30; 50% net 60", "50%-net30+50%-net60"),
            ("50% net 30 and 50% net 60", "50%-net30+50%-net60"),
            ("50% in 30 Tagen und 50% in 60 Tagen", "50%-net30+50%-net60"),
            (
                "33,33% net 30, 33,33% net 60, 33,34% net 90",
                "33.33%-net30+33.33%-net60+33.34%-net90",
            ),
            ("30% deposit, 70% on delivery", "30%-pia+70%-cod"),
            ("20% CWO, the balance end of next month", "20%-cwo+80%-day31-prox"),
            ("50% 2/10 net 30, 50% net 60", "50%-2/10-net30+50%-net60"),
        ],
    )
    def test_are_read(self, text, code):
        terms = parse_terms(text)
        assert terms.code == code
        assert parse_terms(code) == terms

    def test_add_up_to_the_amount_whatever_the_cents(self):
        terms = parse_terms("33.33% net 30, 33.33% net 60, 33.34% net 90")
        parts = terms.schedule(JAN_20, Money(10001, "EUR"))
        assert [part.amount.minor for part in parts] == [3333, 3333, 3335]
        assert [part.number for part in parts] == [1, 2, 3]
        assert terms.due_on(JAN_20) == date(2026, 4, 20)

    @pytest.mark.parametrize("text", ["50% net 30, 40% net 60", "60% net 30, 60% net 60"])
    def test_that_do_not_add_up_to_100_are_refused(self, text):
        with pytest.raises(TermsUnclear) as refused:
            parse_terms(text)
        assert "not to 100%" in refused.value.message

    def test_of_nothing_are_refused(self):
        with pytest.raises(TermsUnclear, match="A share of 0%"):
            parse_terms("0% net 10, 100% net 30")
        with pytest.raises(TermsUnclear, match="A share of 0%"):
            parse_terms("50% net 10, 50% net 20, balance net 30")

    def test_beside_a_stated_due_date_are_refused(self):
        with pytest.raises(TermsUnclear) as refused:
            parse_terms("50% net 30, 50% net 60").schedule(JAN_20, HUNDRED, due_on=JAN_31)
        assert refused.value.facts["due_on"] == "2026-01-31"

    def test_beyond_any_contract_are_refused(self):
        share = Share(Decimal("0.5"), NetDays(1))
        with pytest.raises(TermsUnclear, match="200 instalments"):
            Terms((share,) * 200)


class TestFreeText:
    @pytest.mark.parametrize(
        "text",
        [
            "D/P",
            "D/A 60 days",
            "L/C at sight",
            "Irrevocable L/C, UCP 600",
            "10% retention until completion",
            "Progress payments per schedule B",
            "as agreed with Karin",
            "Zahlungsbedingungen gibt es nicht, da dies eine Testrechnung ist.",
            "30",
            "0001",
            "30/60/90 days",
            "30/60 net 90",
            "net 30 or net 60",
            "net 30, cut-off 25",
            "net 30.5",
            "net thirty",
            "30 Tage nach Rechnungserhalt",
            "net ３０",
            "=net 30",
            "",
            "   ",
            "\x00",
            "net 30 " + "x" * 600,
            "x" * 100_000,
            "%" * 400,
        ],
    )
    def test_is_kept_as_written_and_gives_no_due_date(self, text):
        terms = parse_terms(text)
        assert terms.is_free_text
        assert terms.free_text == terms.code == terms.words == terms.written == text
        assert parse_terms(terms.code) == terms
        assert not terms.has_due_date
        with pytest.raises(TermsUnclear) as refused:
            terms.schedule(JAN_20, HUNDRED)
        assert "due date" in refused.value.message + refused.value.remedy
        assert len(refused.value.message) < 150
        with pytest.raises(TermsUnclear):
            terms.due_on(JAN_20)

    def test_with_a_stated_due_date_is_one_instalment(self):
        assert parse_terms("as agreed").schedule(JAN_20, HUNDRED, due_on=JAN_31) == (
            Instalment(1, JAN_31, HUNDRED),
        )


def test_a_stated_due_date_counts_before_the_terms_and_keeps_the_discount():
    (part,) = parse_terms("2/10 net 30").schedule(JAN_20, HUNDRED, due_on=date(2026, 2, 28))
    assert (part.due_on, part.discount_until) == (date(2026, 2, 28), date(2026, 1, 30))


@pytest.mark.parametrize(
    "text",
    [
        "2/30 net 10",
        "0% 10 days, net 30",
        "100/10 net 30",
        "150/10 net 30",
        "0th prox",
        "32nd prox",
        "10th prox, 0 cut-off",
        "10th prox, 32nd cut-off",
        "15th of the month, 20th cut-off",
        "net 9999",
        "net 999 months",
        "net9999",
        "150/10-net30",
        "day32-prox",
        "40%-net30+40%-net60",
    ],
)
def test_terms_that_can_not_be_meant_are_refused(text):
    with pytest.raises(TermsUnclear) as refused:
        parse_terms(text)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("net0", "at once"),
        ("net1", "within 1 day"),
        ("net30", "within 30 days"),
        ("net1m", "within 1 month"),
        ("net2m", "within 2 months"),
        ("2/10-net30", "2% off if paid within 10 days, otherwise within 30 days"),
        ("eom", "by the end of the month"),
        ("net30-eom-after", "within 30 days after the end of the month"),
        ("net30-eom-within", "by the end of the month in which day 30 falls"),
        ("day10-prox", "by day 10 of next month"),
        ("day10-prox-cutoff25", "by day 10 of next month (one month later after day 25)"),
        ("day31-prox", "by the last day of next month"),
        ("day15", "by day 15 of the month"),
        ("cod", "cash on delivery"),
        ("net30-rog", "within 30 days, counted from the receipt of the goods"),
        ("30%-net0+70%-net60", "30% at once; 70% within 60 days"),
        (
            "2/7@9.50-due-stated",
            "2% of 9.50 off if paid within 7 days, otherwise on the day that the document states",
        ),
    ],
)
def test_terms_in_words(code, words):
    terms = parse_terms(code)
    assert terms.code == code
    assert terms.words == words


def test_what_is_written_is_kept_but_does_not_make_terms_differ():
    assert parse_terms(" Net  30 ").written == " Net  30 "
    assert parse_terms(" Net  30 ") == parse_terms("net30")
    assert hash(parse_terms(" Net  30 ")) == hash(parse_terms("net30"))


def test_clauses_normalise_what_means_the_same():
    assert MonthEnd(0, "after") == MonthEnd()
    assert DayOfMonth(10, 1, 31) == DayOfMonth(10)
    assert DayOfMonth(15, 0, 15) == DayOfMonth(15, 0)
    assert Discount(Decimal("2.50"), NetDays(10)).code == "2.5/10"
    assert Share(Decimal("50.0"), Cash("cia")) == Share(Decimal(50), Cash("cia"))
    with pytest.raises(TermsUnclear):
        NetMonths(0)


def test_terms_too_long_to_keep_are_refused_not_kept_in_part():
    with pytest.raises(TermsUnclear, match="characters"):
        Terms(tuple(Share(Decimal("2.5"), NetDays(30 + n)) for n in range(40)))
