"""IBAN and BIC: check digits, lengths, and the bank numbers of Swiss QR-IBANs."""

import pytest

from duly.kernel.errors import DulyError, UnknownCurrency
from duly.parties.rules.bank_details import BankDetailsDraft, BankDetailsUnfit, fit
from duly.parties.rules.bank_numbers import BankNumberWrong, bic, iban, is_qr_iban


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 00",
        "gb29nwbk60161331926819",
        "NL91 ABNA 0417 1643 00",
        "MT84MALT011000012345MTLCAST001S",
        "NO9386011117947",
    ],
)
def test_ibans_that_are_right(text: str) -> None:
    assert iban(text) == text.replace(" ", "").upper()


@pytest.mark.parametrize(
    "text",
    [
        "DE98370400440532013000",  # two digits changed places
        "DE8937040044053201300",  # one too few
        "US89370400440532013000",  # no such country of IBANs
        "370400440532013000",
        "DE89-3704",
        "",
    ],
)
def test_ibans_that_are_wrong_are_told_with_what_to_do(text: str) -> None:
    with pytest.raises(BankNumberWrong) as told:
        iban(text)
    assert told.value.remedy


@pytest.mark.parametrize("text", ["COBADEFF", "cobadeffxxx"])
def test_bics(text: str) -> None:
    assert bic(text) == text.upper()
    with pytest.raises(BankNumberWrong):
        bic(text + "1")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("CH4431999123000889012", True),
        ("LI2130000123000889012", True),
        ("CH9300762011623852957", False),
        ("DE89370400440532013000", False),
    ],
)
def test_qr_ibans(text: str, is_one: bool) -> None:
    assert is_qr_iban(text) is is_one


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (BankDetailsDraft("EUR", " ", iban="DE89370400440532013000"), BankDetailsUnfit),
        (BankDetailsDraft("EUR", "N"), BankDetailsUnfit),
        (
            BankDetailsDraft("EUR", "N", iban="DE89370400440532013000", account_number="1"),
            BankDetailsUnfit,
        ),
        (BankDetailsDraft("EUR", "N" * 71, account_number="1"), BankDetailsUnfit),
        (BankDetailsDraft("USD", "N", iban="CH4431999123000889012"), BankDetailsUnfit),
        (BankDetailsDraft("EUR", "N", account_number="1" * 35), BankDetailsUnfit),
        (BankDetailsDraft("EUR", "N", account_number="1", bank_name="B\x00"), BankDetailsUnfit),
        (BankDetailsDraft("EURO", "N", account_number="1"), UnknownCurrency),
        (BankDetailsDraft("EUR", "N", account_number="1", bic="X"), BankNumberWrong),
    ],
)
def test_details_that_nobody_could_pay_to(
    draft: BankDetailsDraft, refusal: type[DulyError]
) -> None:
    with pytest.raises(refusal):
        fit(draft)
