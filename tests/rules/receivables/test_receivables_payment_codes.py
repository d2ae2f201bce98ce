"""The text of a SEPA transfer's QR code, line by line as EPC069-12 has it."""

import pytest

from duly.receivables.rules.payment_codes import Payee, epc_text

NORTHWIND = Payee("Northwind Packaging GmbH", "DE89370400440532013000", "COBADEFFXXX")


def test_every_element_stands_on_its_line() -> None:
    assert epc_text(NORTHWIND, 2_312_922, "RF40C0117", "").split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "COBADEFFXXX",
        "Northwind Packaging GmbH",
        "DE89370400440532013000",
        "EUR23129.22",
        "",
        "RF40C0117",
    ]


def test_without_a_reference_the_text_stands_on_the_line_after() -> None:
    lines = epc_text(NORTHWIND, 1, "", "Kunde Ä 17").split("\n")
    assert lines[7:] == ["EUR0.01", "", "", "Kunde Ä 17"]


def test_a_reference_and_a_text_never_stand_together() -> None:
    assert len(epc_text(NORTHWIND, 1, "RF40C0117", "text").split("\n")) == 10


@pytest.mark.parametrize("minor", [0, -5, 100_000_000_000])
def test_an_amount_that_no_code_can_hold_gives_none(minor: int) -> None:
    assert epc_text(NORTHWIND, minor, "RF40C0117", "") == ""


def test_a_name_can_bring_no_line_of_its_own() -> None:
    payee = Payee("Evil\nDE00\r\nEUR1", "DE89370400440532013000")
    lines = epc_text(payee, 100, "RF40C0117", "").split("\n")
    assert lines[5:8] == ["Evil DE00 EUR1", "DE89370400440532013000", "EUR1.00"]


def test_names_and_texts_have_their_lengths() -> None:
    payee = Payee("N" * 90, "DE89370400440532013000")
    lines = epc_text(payee, 100, "", "t" * 200).split("\n")
    assert (len(lines[5]), len(lines[10])) == (70, 140)


def test_what_has_more_than_331_bytes_gives_none() -> None:
    payee = Payee("株" * 70, "DE89370400440532013000")
    assert epc_text(payee, 100, "", "株" * 140) == ""
