"""Our table of currencies against the maintained list of ISO 4217."""

import iso4217
import pytest

from duly.kernel import currencies
from duly.kernel.currencies import EXPONENTS, NAMES, exponent
from duly.kernel.errors import UnknownCurrency

LISTED = {currency.code: currency for currency in iso4217.Currency}
WITHOUT_DECIMALS = {code for code, currency in LISTED.items() if currency.exponent is None}


def test_the_list_is_worth_comparing_with():
    assert len(LISTED) > 160


def test_every_active_currency_is_here_with_its_decimals():
    listed = {code: LISTED[code].exponent for code in LISTED.keys() - WITHOUT_DECIMALS}
    assert listed == EXPONENTS


def test_names_are_those_of_the_list():
    assert {code: LISTED[code].currency_name for code in EXPONENTS} == NAMES


def test_decimals_run_from_none_to_four():
    assert set(EXPONENTS.values()) == {0, 2, 3, 4}


@pytest.mark.parametrize("code", sorted(WITHOUT_DECIMALS))
def test_metals_and_codes_without_decimals_are_left_out_and_told(code):
    assert code not in EXPONENTS
    with pytest.raises(UnknownCurrency):
        exponent(code)


def test_the_codes_left_out_are_those_that_the_docstring_names():
    told = {"XAU", "XAG", "XPD", "XPT", "XBA", "XBB", "XBC", "XBD", "XDR", "XSU", "XUA", "XTS"}
    assert told | {"XXX"} == WITHOUT_DECIMALS


def test_what_replaced_a_withdrawn_currency_is_active_and_the_old_one_is_not():
    assert set(currencies._REPLACED.values()) <= EXPONENTS.keys()
    assert not currencies._REPLACED.keys() & EXPONENTS.keys()


@pytest.mark.parametrize(
    ("code", "message", "remedy"),
    [
        ("usd", "not written as a code", "Write USD"),
        (" EUR", "not written as a code", "Write EUR"),
        ("BGN", "BGN is no longer a currency", "Use EUR"),
        ("ABC", '"ABC" is not a currency', "ISO 4217"),
        ("", "No currency", "EUR, USD or JPY"),
        ("US\x00", '"US\\x00" is not a currency', "ISO 4217"),
        ("$", '"$" is not a currency', "ISO 4217"),
        ("X" * 5000, "…", "ISO 4217"),
        (None, "No currency", "ISO 4217"),
        (840, "No currency", "ISO 4217"),
        (["USD"], "No currency", "ISO 4217"),
    ],
)
def test_an_unknown_code_is_refused_with_what_may_be_meant(code, message, remedy):
    with pytest.raises(UnknownCurrency) as refused:
        exponent(code)
    assert message in refused.value.message
    assert remedy in refused.value.remedy
    assert len(refused.value.message) < 200
