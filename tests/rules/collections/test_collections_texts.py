"""Templates run nothing, state no amount of their own, and speak one language throughout."""

import re
from datetime import date
from email.message import EmailMessage

import pytest

from duly.collections.errors import TemplateUnfit
from duly.collections.rules import texts
from duly.collections.rules.templates import check, one_line, refuse_unfit, render
from duly.collections.rules.wording import Said, write
from duly.kernel.locales import LANGUAGES, locale_of

ON = date(2026, 3, 10)
LINES = [
    Said("RE-1", date(2026, 1, 9), date(2026, 2, 8), 123456),
    Said("CN-1", date(2026, 1, 20), date(2026, 1, 20), -23456),
]

INJECTIONS = [
    "{{ 7*7 }}", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% if 1 %}x{% endif %}",
    "{{ ''.__class__.__mro__ }}", "{{ config }}", "{{ self.__init__.__globals__ }}",
    "{{ amount }}", "{{#items}}{{ open }}{{/items}}", "{{ entity }}", "{0}", "{amount}",
    "%(amount)s", "$amount", "{{{{ amount }}}}", "{{ amount|upper }}", "__import__('os')",
    "{% include '/etc/passwd' %}", "{% load x %}", "{{ request.user }}",
    "<script>alert(1)</script>",
    "`id`", "$(id)", "\\u007b\\u007b amount \\u007d\\u007d",
]  # fmt: skip


@pytest.mark.parametrize("name", INJECTIONS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_name_is_put_in_as_it_is_and_never_read(name: str, language: str) -> None:
    subject, body = write(
        texts.FRIENDLY[language],
        customer=name,
        entity="Nord",
        currency="EUR",
        lines=[Said(name, ON, ON, 100)],
        today=ON,
        previous_on=None,
        locale=locale_of(language, ""),
    )
    assert body.count(name) == 2  # the customer's and the number's
    assert "49" not in body.replace(name, "")
    assert name not in subject


@pytest.mark.parametrize(
    "ending", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00", "\x1e"]
)
@pytest.mark.parametrize("header", ["Bcc: spy@x.test", "X-Planted: yes", "\r\n\r\nbody", "To: x@y"])
def test_no_name_ends_a_header(ending: str, header: str) -> None:
    subject, _ = write(
        texts.FRIENDLY["en"],
        customer="A",
        entity=f"Nord{ending}{header}",
        currency="EUR",
        lines=LINES,
        today=ON,
        previous_on=None,
        locale=locale_of("en", "GB"),
    )
    assert len(subject.splitlines()) == 1
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = "a@b.example"
    assert [name for name, _ in mail.items()] == ["Subject", "From"]
    assert one_line(f"a{ending}b") == "a b"


@pytest.mark.parametrize("name", sorted(texts.BUILT_IN))
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_with_duly_says_what_is_owed_in_its_language(name: str, language: str) -> None:
    text = texts.BUILT_IN[name][language]
    assert check(*text) == []
    subject, body = write(
        text,
        customer="Meridian",
        entity="Nord",
        currency="EUR",
        lines=LINES,
        today=ON,
        previous_on=date(2026, 2, 20),
        locale=locale_of(language, ""),
    )
    total = locale_of(language, "").money(100000, 2)
    assert total in subject
    assert body.count(total) >= 1
    for line in LINES:
        assert line.number in body
        assert locale_of(language, "").money(line.open_minor, 2) in body
    assert "{{" not in subject + body


def test_six_languages_are_six_texts() -> None:
    for by_language in texts.BUILT_IN.values():
        assert set(by_language) == set(LANGUAGES)
        assert len({text.subject for text in by_language.values()}) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("subject", "body", "codes"),
    [
        ("S", "{{ amount }}", []),
        ("S", "{{ amont }}{{ amount }}", ["TEMPLATE_FIELD_UNKNOWN"]),
        ("{{ open }}", "{{ amount }}", ["TEMPLATE_FIELD_UNKNOWN"]),
        ("S", "{{ open }} {{ amount }}", ["TEMPLATE_FIELD_UNKNOWN"]),  # outside the loop
        ("S", "{{#items}}{{ open }}{{/items}}{{ amount }}", []),
        ("S", "{{#items}}{{ open }}{{ amount }}", ["TEMPLATE_FIELD_UNKNOWN", "TEMPLATE_LOOP"]),
        ("S", "{{#people}}x{{/people}}{{ amount }}", ["TEMPLATE_FIELD_UNKNOWN", "TEMPLATE_LOOP"]),
        ("S", "{% if x %}{{ amount }}", ["TEMPLATE_BRACES"]),
        ("S", "{{ amount|safe }} {{ amount }}", ["TEMPLATE_BRACES"]),
        ("S", "You owe 1,234.50 EUR: {{ amount }}", ["TEMPLATE_STATES_AMOUNT"]),
        ("S", "Plus € 40 of cost, {{ amount }}", ["TEMPLATE_STATES_AMOUNT"]),
        ("S", "Please pay.", ["TEMPLATE_AMOUNT_MISSING"]),
        ("", "{{ amount }}", ["TEMPLATE_EMPTY"]),
        ("S", " ", ["TEMPLATE_EMPTY", "TEMPLATE_AMOUNT_MISSING"]),
    ],
)
def test_a_template_is_refused_with_every_fault_and_its_place(subject, body, codes) -> None:
    problems = check(subject, body)
    assert {problem.code for problem in problems} == set(codes)
    assert all(re.match(r"(subject|body)", problem.where) for problem in problems)
    if codes:
        with pytest.raises(TemplateUnfit):
            refuse_unfit(subject, body)


def test_values_are_put_in_once() -> None:
    assert render("{{ customer }}", {"customer": "{{ customer }}"}, []) == "{{ customer }}"
    assert render("{{ nothing }}", {}, []) == ""


@pytest.mark.parametrize(
    "stated",
    ["1,234.50", "EUR 1000", "€ 5", "1000 EUR", "1.000 €", "12 euros", "7 {{ currency }}", "5 USD"],
)
def test_an_amount_of_its_own_is_named_with_its_line(stated: str) -> None:
    """Whatever it says, it can differ from the ledger the day after."""
    problems = check("Hello", f"You owe {{{{ amount }}}}.\n\nThat is {stated} with costs.")
    assert [(one.where, one.code) for one in problems] == [
        ("body, line 3", "TEMPLATE_STATES_AMOUNT")
    ]


@pytest.mark.parametrize("said", ["since 3 days", "§ 286 BGB", "see INV 12", "call 030 1234567"])
def test_a_number_that_is_no_amount_is_let_be(said: str) -> None:
    assert check("Hello", f"You owe {{{{ amount }}}} {{{{ currency }}}}, {said}.") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_names_one_that_was_not_sent(language: str) -> None:
    """The defect: `previous_on` was the day itself where nothing had been sent."""
    told = {
        text.subject: write(
            text,
            customer="A",
            entity="Nord",
            currency="EUR",
            lines=LINES,
            today=ON,
            previous_on=None,
            locale=locale_of(language, ""),
        )
        for text in (texts.REMINDER[language], texts.FRIENDLY[language])
    }
    reminder, friendly = told.values()
    assert reminder == friendly
