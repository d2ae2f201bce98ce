"""Structured references: check digits, and what has none."""

import pytest

from duly.receivables.rules.references import (
    check_digit,
    creditor_reference,
    qr_reference,
    spaced,
)


@pytest.mark.parametrize(
    ("code", "reference"),
    [
        ("539007547034", "RF18539007547034"),
        ("INV2026001", "RF10INV2026001"),
        ("1232", "RF111232"),
        ("inv-2026/001", "RF10INV2026001"),
    ],
)
def test_creditor_references(code: str, reference: str) -> None:
    assert creditor_reference(code) == reference
    rearranged = reference[4:] + reference[:4]
    assert int("".join(str(int(c, 36)) for c in rearranged)) % 97 == 1


@pytest.mark.parametrize("code", ["", "---", "Ä1", "株式会社", "X" * 22])
def test_what_does_not_fit_has_no_creditor_reference(code: str) -> None:
    assert creditor_reference(code) == ""


@pytest.mark.parametrize(
    ("code", "reference"),
    [
        ("1234", "040000000000000000000012345"),
        ("C-0117", "550000000000000000201567313"),
        ("9" * 24, "249999999999999999999999991"),
        ("Z" * 15, "652210739197207333578997750"),
    ],
)
def test_swiss_references_have_27_digits_and_the_recursive_check(code: str, reference: str) -> None:
    assert qr_reference(code) == reference
    carry = 0
    for digit in reference:  # over all 27 digits the carry ends at 0
        carry = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)[(carry + int(digit)) % 10]
    assert (len(reference), carry) == (27, 0)


@pytest.mark.parametrize(
    ("digits", "check"), [("21000000000313947143000901", "7"), ("1234".rjust(26, "0"), "7")]
)
def test_check_digits(digits: str, check: str) -> None:
    assert check_digit(digits) == check


def test_ids_that_differ_have_references_that_differ() -> None:
    codes = ["120117", "C0117", "0117", "117", "C117", "CB7", "0C117", "000", "0", "A", "10"]
    assert len({qr_reference(code) for code in codes}) == len(codes)


@pytest.mark.parametrize("code", ["", "---", "Ö", "1" * 25, "Z" * 16])
def test_what_does_not_fit_has_no_swiss_reference(code: str) -> None:
    assert qr_reference(code) == ""


def test_groups_are_those_that_people_type() -> None:
    assert spaced("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"
    assert spaced("210000000003139471430009017") == "21 00000 00003 13947 14300 09017"
    assert spaced("") == ""
