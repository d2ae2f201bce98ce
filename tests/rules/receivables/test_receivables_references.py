"""Structured references: check digits, and what has none."""

import pytest

from duly.receivables.rules.references import creditor_reference, qr_reference, spaced


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
    ("code", "check"), [("21000000000313947143000901", "7"), ("1234", "7"), ("C-0117", "0")]
)
def test_swiss_references_have_27_digits_and_the_recursive_check(code: str, check: str) -> None:
    reference = qr_reference(code)
    assert (len(reference), reference[-1]) == (27, check)
    carry = 0
    for digit in reference:  # over all 27 digits the carry ends at 0
        carry = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)[(carry + int(digit)) % 10]
    assert carry == 0


@pytest.mark.parametrize("code", ["", "0", "00-00", "Ö", "1" * 27, "Z" * 14])
def test_what_does_not_fit_has_no_swiss_reference(code: str) -> None:
    assert qr_reference(code) == ""


def test_groups_are_those_that_people_type() -> None:
    assert spaced("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"
    assert spaced("210000000003139471430009017") == "21 00000 00003 13947 14300 09017"
    assert spaced("") == ""
