"""Structured references and their check digits."""

import pytest

from duly.cash_application.rules.references import (
    BELGIAN,
    FINNISH,
    KID,
    OCR,
    QR,
    RF,
    belgian,
    finnish,
    is_qr,
    luhn,
    modulo_11,
    normal,
    ocr,
    schemes_of,
    structured_in,
)
from duly.receivables.rules.references import check_digit, creditor_reference


def _schemes(reference: str) -> set[str]:
    return {one.scheme for one in schemes_of(reference)}


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        ("539007547034", "RF18539007547034"),
        ("INV2026001", "RF10INV2026001"),
        ("1232", "RF111232"),
    ],
)
def test_creditor_references(body: str, whole: str) -> None:
    """F-06."""
    assert creditor_reference(body) == whole
    assert [(one.scheme, one.core) for one in schemes_of(whole)] == [(RF, body)]
    assert not _schemes(whole[:2] + "99" + whole[4:])


@pytest.mark.parametrize(
    "body", ["21000000000313947143000901", "1234".zfill(26)], ids=["of a bill", "padded"]
)
def test_swiss_qr_references(body: str) -> None:
    """F-07: a carry of zero gives zero, not ten."""
    whole = body + check_digit(body)
    assert whole == body + "7"
    assert is_qr(whole)
    assert not is_qr(body + "8")
    assert structured_in(f"QRR {whole[:2]} {whole[2:]}")[0].scheme == QR
    assert {check_digit(str(n).zfill(26)) for n in range(200)} == set("0123456789")


@pytest.mark.parametrize(("body", "check"), [("123", "2"), ("12345", "3"), ("2026001", "1")])
def test_finnish_references(body: str, check: str) -> None:
    """F-08."""
    assert finnish(body) == check
    assert FINNISH in _schemes(body + check)
    assert FINNISH not in _schemes(body + str((int(check) + 1) % 10))


def test_norwegian_references() -> None:
    """F-09: by modulo 10 and by modulo 11, whose ten is a hyphen and eleven a zero."""
    assert luhn("123456789") == "7"
    assert luhn("234567") == "6"
    assert modulo_11("12345678") == "5"
    assert modulo_11("1009") == "-"
    assert {KID} <= _schemes("1234567897") & _schemes("123456785") & _schemes("1009-")
    assert any(modulo_11(str(n)) == "0" for n in range(100, 200))


def test_swedish_references() -> None:
    """Luhn, with or without a digit that tells the length."""
    assert luhn("1234") == "4"
    assert ocr("1234") == "12344"
    assert OCR in _schemes("12344")
    assert any(one.core == "1234" for one in schemes_of(ocr("1234", with_length=True)))


def test_belgian_references() -> None:
    """F-10: a remainder of zero is written 97."""
    assert belgian("0909337554") == "93"
    assert belgian("0000000097") == "97"
    assert BELGIAN in _schemes("090933755493")
    assert structured_in("+++090/9337/55493+++")[0].core == "909337554"
    assert structured_in("+++090/9337/55494+++") == []


def test_references_are_found_among_words() -> None:
    found = structured_in("Invoice RF18 5390 0754 7034 THANKS")
    assert [one.core for one in found] == ["539007547034"]
    assert structured_in("RF99 NOTHING 12345 000") == []
    assert normal("rf18-5390 0754.7034") == "RF18539007547034"
