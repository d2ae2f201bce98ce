"""What a person says of a bank's file that tells too little, and what the file says against it."""

from pathlib import Path

import pytest
from tests.exchange.bank_files import entries, heads, problems

from duly.cash_application.rules.statements import Event
from duly.interfaces.exchange.readers.bank import Said, open_bank_files
from duly.interfaces.exchange.readers.bank.said import LayoutMissing
from duly.interfaces.exchange.readers.refusals import MappingUnfit
from shell import write

QIF = "!Type:Bank\nD03/31/2026\nT1,250.00\nPAcme\n^\n"
NO_HEADER = "09.03.2026;RE 4711 ACME;09.03.2026;119,00;EUR;x\n"
OWN = """
[[layout]]
name = "House bank"
dates = "dmy"
decimal = ","
columns = { booked_on = "Tag", amount = "Betrag", remittance = "Text" }
"""


def told(folder: Path, text: str, said: Said) -> list[Event]:
    (file,) = open_bank_files(write(folder, "file", text), "file", said)
    return list(file.events())


def test_account_and_currency_of_a_file_that_names_none(tmp_path: Path) -> None:
    events = told(tmp_path, QIF, Said("CH1", "CHF"))
    assert [(head.account, head.currency) for head in heads(events)] == [("CH1", "CHF")]
    assert [(one.minor, one.currency) for one in entries(events)] == [(125_000, "CHF")]
    assert problems(events) == []


@pytest.mark.parametrize(
    ("currency", "minor"), [("JPY", 1_250), ("KWD", 1_250_000), ("EUR", 125_000)]
)
def test_amounts_are_of_the_currency_said(tmp_path: Path, currency: str, minor: int) -> None:
    events = told(tmp_path, QIF, Said("1", currency))
    assert [one.minor for one in entries(events)] == [minor]


def test_an_amount_that_the_currency_has_not_is_told(tmp_path: Path) -> None:
    events = told(tmp_path, QIF.replace(".00", ".50"), Said("1", "JPY"))
    assert entries(events) == []
    assert [code for _, code in problems(events)] == ["BANK_LINE_UNREADABLE"]


def test_what_the_file_tells_counts(tmp_path: Path) -> None:
    mt940 = (
        ":20:S\n:25:123\n:28C:1\n:60F:C260329EUR0,00\n:61:2603300330C1,00NTRFNONREF//B1\n"
        ":62F:C260330EUR1,00\n-\n"
    )
    events = told(tmp_path, mt940, Said("456", "USD"))
    assert [(head.account, head.currency) for head in heads(events)] == [("123", "EUR")]
    assert [code for _, code in problems(events)] == ["BANK_LINE_DOUBTFUL"] * 2


def test_a_layout_by_its_name_reads_a_file_without_header(tmp_path: Path) -> None:
    events = told(tmp_path, NO_HEADER, Said("AT1", layout="Raiffeisen AT"))
    assert [(one.minor, one.remittance) for one in entries(events)] == [(11_900, "RE 4711 ACME")]
    assert problems(events) == []


def test_layouts_of_ones_own_stand_in_place_of_duly_s(tmp_path: Path) -> None:
    own = write(tmp_path, "own.toml", OWN)
    said = Said("1", "EUR", str(own))
    events = told(tmp_path, "Tag;Betrag;Text\n09.03.2026;1.119,00;RE 1\n", said)
    assert [(one.minor, one.remittance) for one in entries(events)] == [(111_900, "RE 1")]
    strange = told(tmp_path, NO_HEADER, said)
    assert [code for _, code in problems(strange)] == ["BANK_LAYOUT_UNKNOWN"]


def test_what_can_t_be_meant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingUnfit):
        Said(currency="EURO")
    for name in ("No bank", str(tmp_path / "none.toml")):
        with pytest.raises(LayoutMissing):
            told(tmp_path, NO_HEADER, Said(layout=name))
