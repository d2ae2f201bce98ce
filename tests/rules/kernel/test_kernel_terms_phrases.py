"""What people and files write for payment terms, and which code it is."""

from datetime import date
from decimal import Decimal

import pytest

from duly.kernel.errors import TermsUnclear
from duly.kernel.money import Money
from duly.kernel.terms import Discount, NetDays, parse_terms, terms_from_code

PHRASES = {
    "net30": [
        "net30", "NET30", "Net 30", "net-30", "Net 30 days", "net 30 days.", "N30", "n/30", "n 30",
        "30 days", "30 days net", "30 DAYS", "within 30 days", "Payment within 30 days",
        "Payment due within 30 days", "Please pay within 30 days", "payable in 30 days",
        "Payment terms: net 30", "Terms: 30 days", "net 30 from invoice date",
        "30 days from date of invoice", "30 days after the invoice date", "100% net 30",
        "30 Tage", "30 Tage netto", "30 Tage rein netto", "netto 30 Tage", "zahlbar in 30 Tagen",
        "Zahlbar innerhalb von 30 Tagen ohne Abzug", "Zahlungsziel 30 Tage",
        "30 Tage ab Rechnungsdatum", "zahlbar 30 Tage nach Rechnungsdatum",
        "30 jours", "30 jours net", "30 jours date de facture", "paiement à 30 jours",
        "on receipt within 30 days", "Payable upon receipt of invoice, within 30 days",
        "sous 30 jours", "30 días", "30 dias", "30 días fecha factura", "30 giorni",
        "30 gg d.f.", "30 giorni data fattura", "30 dagen", "binnen 30 dagen",
    ],
    "net0": [
        "due on receipt", "Due upon receipt", "payable on receipt", "on receipt of invoice",
        "immediate", "immediately", "due immediately", "Immediate payment", "net 0", "0 days",
        "sofort", "sofort fällig", "Zahlbar sofort rein netto", "zahlbar sofort ohne Abzug",
        "à réception", "à réception de facture", "paiement comptant", "al contado",
    ],
    "net10": ["Please pay within 10 days"],
    "net14": ["2 weeks", "innerhalb 2 Wochen", "net 14"],
    "net1m": [
        "1 month", "Payable within 1 calendar month from the invoice date", "1 Monat", "1 mois",
        "net 1 month", "1 mes",
    ],
    "2/10-net30": [
        "2/10 net 30", "2/10, net 30", "2/10 Net 30 days", "2/10, n/30", "2/10 n30", "2%/10 net 30",
        "2% 10 net 30", "2% 10, Net 30", "2%10 net 30", "2% 10 days, net 30", "2/10 - net 30",
        "2% discount within 10 days, net 30", "net 30, 2% discount if paid within 10 days",
        "2 per cent discount if paid within 10 days, otherwise net 30",
        "30 days, 2% discount within 10 days", "10 days 2% discount, 30 days net",
        "10 Tage 2% Skonto, 30 Tage netto", "2% Skonto innerhalb 10 Tagen, 30 Tage netto",
        "innerhalb von 10 Tagen abzüglich 2% Skonto, 30 Tage netto",
        "2,0 % Skonto 10 Tage, 30 Tage netto", "2% escompte à 10 jours, 30 jours net",
        "2.0/10-net30", "2/10 NET 30.",
    ],
    "2.5/10-net30": ["2.5/10 net 30", "2,5% 10 Tage, 30 Tage netto"],
    "3/7-2/14-net30": ["3/7, 2/14, net 30", "3% 7 days, 2% 14 days, 30 days net"],
    "eom": ["EOM", "end of month", "net EOM", "month end", "fin de mois", "Monatsende"],
    "net30-eom-after": [
        "30 days after end of month", "30 days from the end of the month", "EOM + 30", "EOM+30",
        "30 days after the end of the invoice month", "30 days after the end of the bill month",
        "30 Tage nach Monatsende", "30 jours après fin de mois", "end of month plus 30 days",
    ],
    "net30-eom-within": [
        "end of month after 30 days", "30 days, then end of month", "30 jours puis fin de mois",
        "by the end of the month in which day 30 falls",
    ],
    "day10-prox": [
        "10th prox", "10 prox", "10th proximo", "prox 10", "net 10th prox", "due 10th prox",
        "10th of next month", "the 10th of the following month", "on the 10th of next month",
        "10 MFI", "le 10 du mois suivant", "zum 10. des Folgemonats",
        "10th of the month following the date of invoice",
    ],
    "day10-prox-cutoff25": [
        "10th prox, 25th cut-off", "10th prox, cut-off 25th", "10th prox; cutoff 25",
        "10 prox cut off on the 25th",
    ],
    "day31-prox": [
        "end of next month", "end of the following month", "fin de mois suivant",
        "fin du mois suivant", "Ende des Folgemonats", "last day of next month",
    ],
    "day15": ["15th of the month", "due on the 15th of each month", "le 15 du mois"],
    "day20": ["20th of the current month"],
    "net30-rog": [
        "net 30 ROG", "30 days ROG", "30 days after receipt of goods", "net 30 AOG",
        "30 days from date of receipt of the goods", "30 Tage nach Wareneingang",
    ],
    "2/10-net30-rog": ["2/10 net 30 ROG", "2/10, n/30, R.O.G."],
    "net0-rog": ["on receipt of goods", "due upon receipt of the goods"],
    "cia": ["CIA", "C.I.A.", "cash in advance", "payable in advance"],
    "cbd": ["CBD", "cash before delivery", "payment before shipment"],
    "cwo": ["CWO", "cash with order", "payment with order"],
    "pia": ["PIA", "payment in advance", "prepayment", "100% in advance", "Vorkasse", "prepaid"],
    "cod": ["COD", "C.O.D.", "cash on delivery", "collect on delivery", "Nachnahme"],
    # a discount alone: the document states the due date
    "2/10-due-stated": ["Payment within 10 days, 2% discount", "2% discount within 10 days"],
    "2/14-due-stated": [
        "Bei Zahlung innerhalb 14 Tagen gewähren wir 2,0% Skonto.",
        "#SKONTO#TAGE=14#PROZENT=2.00#",
        "#SKONTO#TAGE=14#PROZENT=2.00#\n#VERZUG#TAGE=30#PROZENT=5.00#\n",
    ],
    "2/2-due-stated": [
        "2 % discount if paid within 2 days\n            Penalty percentage 10% from due date",
        "2 % discount if paid within 2 days. Penalty percentage 10% from due date",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"), [(text, code) for code, texts in PHRASES.items() for text in texts]
)
def test_a_phrase_is_understood(text, code):
    terms = parse_terms(text)
    assert terms.code == code
    assert terms.written == text
    assert terms_from_code(code) == terms


# Real notes out of e-invoices that name something else, or nothing that can be relied on.
@pytest.mark.parametrize(
    "text",
    [
        "on receipt within 30 days of delivery",
        "Refund within 14 days",
        "Refund to be processed within 14 days of receipt.",
        "Penalty percentage 10% from due date",
        "lorem ipsum",
        "Zahlungsbedingungen: Der Rechnungsbetrag wurde bereits beglichen.",
        "Zahlbar innerhalb 30 Tagen netto bis 04.07.2013, 3% Skonto innerhalb 10 Tagen bis "
        "15.06.2013",
        "2/10",
        "net",
        "%",
        "2%",
        "net 30 net 60",
        "2% discount",
        "10% net 30",
        "0.70% net 60",
    ],
)
def test_half_understood_is_not_understood(text):
    assert parse_terms(text).is_free_text


class TestSkontoLines:
    """`#SKONTO#` lines of XRechnung, in BT-20."""

    def test_several_steps_and_a_base(self):
        terms = parse_terms(
            "#SKONTO#TAGE=14#PROZENT=2.25#\n#SKONTO#TAGE=28#PROZENT=1.00#BASISBETRAG=357.93#\n"
        )
        assert terms.code == "2.25/14-1/28@357.93-due-stated"
        assert terms.shares[0].discounts == (
            Discount(Decimal("2.25"), NetDays(14)),
            Discount(Decimal(1), NetDays(28), Decimal("357.93")),
        )
        (part,) = terms.schedule(date(2026, 1, 20), Money(100000, "EUR"), due_on=date(2026, 2, 28))
        assert [(step.until, step.amount.text()) for step in part.discounts] == [
            (date(2026, 2, 3), "22.50"),
            (date(2026, 2, 17), "3.58"),  # 3.5793
        ]

    def test_alone_they_give_no_due_date(self):
        terms = parse_terms("#SKONTO#TAGE=14#PROZENT=2.00#")
        assert not terms.is_free_text
        assert not terms.has_due_date
        with pytest.raises(TermsUnclear, match="not when payment is due"):
            terms.schedule(date(2026, 1, 20), Money(1, "EUR"))

    @pytest.mark.parametrize(
        "text",
        [
            "zahlbar in 30 Tagen netto\n#SKONTO#TAGE=14#PROZENT=2.00#\n",
            "#SKONTO#TAGE=14#PROZENT=2.00# 30 Tage netto",
            "2% Skonto in 14 Tagen, 30 Tage netto #SKONTO#TAGE=14#PROZENT=2.00#",
        ],
    )
    def test_the_words_around_them_give_the_due_date(self, text):
        assert parse_terms(text).code == "2/14-net30"

    def test_prose_around_them_does_not_hide_them(self):
        text = "Danke für Ihren Auftrag!\n#skonto#tage=14#prozent=2#\nBis bald." + "x" * 600
        assert parse_terms(text).code == "2/14-due-stated"

    @pytest.mark.parametrize(
        "text",
        [
            "#SKONTO#TAGE=x#PROZENT=2.00#",
            "#SKONTO#TAGE=14#PROZENT=2,00#",
            "#SKONTO#TAGE=14#",
            "#SKONTO#",
            "#SKONTO#TAGE=14#PROZENT=2.00#\n#SKONTO#TAGE=7#PROZENT=x#",
            "#SKONTO#TAGE=14#PROZENT=0.00#",
            "#SKONTO#TAGE=14#PROZENT=200.00#",
            "#SKONTO#TAGE=9999#PROZENT=2.00#",
            "#SKONTO#TAGE=14#PROZENT=2.00#\n" * 13,
            "30 Tage netto #SKONTO#TAGE=40#PROZENT=2.00#",
        ],
    )
    def test_that_can_not_be_read_are_refused(self, text):
        with pytest.raises(TermsUnclear) as refused:
            parse_terms(text)
        assert refused.value.remedy

    @pytest.mark.parametrize(
        ("base", "amount"),
        [("357.93", Money(35792, "EUR")), ("357.93", Money(1000, "JPY"))],
    )
    def test_a_base_that_is_no_part_of_the_amount_is_refused(self, base, amount):
        terms = parse_terms(f"2/14@{base}-net30")
        with pytest.raises(TermsUnclear, match="no part of"):
            terms.schedule(date(2026, 1, 20), amount)

    def test_the_base_of_a_credit_note_takes_its_sign(self):
        for base in ("50.00", "-50.00"):
            terms = parse_terms(f"#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG={base}#")
            parts = terms.schedule(date(2026, 1, 20), Money(-10000, "EUR"), due_on=date(2026, 2, 1))
            assert parts[0].discount == Money(-100, "EUR")


@pytest.mark.parametrize(
    "text",
    [
        "Net 30", "net30 ", "net", "net30-eom", "net30-rog-rog", "2/10", "2/10-", "50%-net30",
        "net30+net60", "day10-prox-cutoff", "net30-2/10", "due-stated-net30", "10-net30",
        "2/10@-net30", "",
    ],
)  # fmt: skip
def test_what_is_no_code_is_not_taken_for_one(text):
    assert terms_from_code(text) is None
