"""Every e-invoice of the public collections is read as its file says, or refused with a reason."""

import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from tests.exchange.einvoice_extracts import extracted

from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.readers.einvoice import is_einvoice, read_einvoices
from duly.kernel.errors import DulyError, Malformed

DATA = Path(__file__).resolve().parents[2] / "../shared/data/invoices"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public invoices of ../shared/data are not here"
)

# How many of each collection are read today: a change may add to them, not take away.
READ_AT_LEAST = {
    "peppol-bis3": 13,  # of 13
    "gobl": 48,  # of 51
    "ph-ubl": 23,  # of 28, some of them wrong on purpose
    "drafthorse": 37,  # of 38
    "zugferd-csharp": 12,  # of 15
    "zugferd-corpus": 13,  # of 14
    "oca-edi": 7,  # of 8
}

# What is refused: (code, place), and why that is right. Each one was looked at.
REFUSED = {
    # Valid by the standard, and still not one receivable:
    "samples__zugferd_2p1_EN16931_Kraftfahrversicherung_Bruttopreise.xml": (
        "ARREARS_INCLUDED",
        "BT-113",
        "Prepaid is -220: an insurer asks for an older premium once more. As one item the older "
        "claim would be counted twice.",
    ),
    "CII__EN16931_Kraftfahrversicherung_Bruttopreise.cii.xml": (
        "ARREARS_INCLUDED",
        "BT-113",
        "The same example in the official collection.",
    ),
    "out__invoice-proforma.xml": ("NOT_A_CLAIM", "BT-3", "Type 325 asks for no payment."),
    "out__simplified-zero-rated.xml": (
        "VALUE_MISSING",
        "BT-44",
        "A till receipt without a buyer: nobody to whom the claim could be entered.",
    ),
    "out__simplified-zero-rated-with-notes.xml": (
        "VALUE_MISSING",
        "BT-44",
        "As above, with notes.",
    ),
    # Examples that contradict themselves:
    "files__ZUGFeRD_1p0_EXTENDED_Rechnungskorrektur.pdf": (
        "TOTALS_DISAGREE",
        "BT-115",
        "A total of -8.79, nothing prepaid, and yet 0.00 to pay; its discounts have two signs.",
    ),
    "creditnote__UBL-CreditNote-2.0-Example.xml": (
        "TOTALS_DISAGREE",
        "BT-109",
        "The lines are 100.00, the net is 90.00, and no allowance stands between them.",
    ),
    # Wrong on purpose (ERR-n names the rule that is broken):
    "invoice__ERR-10_BII04_minimal_VAT_invoice_example_01.xml": (
        "TOTALS_DISAGREE",
        "BT-110",
        "The tax is not the sum of its parts.",
    ),
    "invoice__ERR-11_BII04_minimal_invoice_example_01.xml": (
        "TOTALS_DISAGREE",
        "BT-106",
        "The sum of lines is not the lines added up.",
    ),
    "invoice__ERR-13_BII04_minimal_invoice_example_01.xml": (
        "TOTALS_DISAGREE",
        "BT-112",
        "The gross is not net and tax.",
    ),
    # No invoices at all:
    "invoice__CENBII-Invoice-maximal.xml": (
        "NOTHING_OWED",
        "BT-112",
        "A made-up file that shows every element once, over 0.00 AED.",
    ),
    "zugferd22__zugferd_23_local_namespaces.xml": (
        "VALUE_MISSING",
        "BT-1",
        "A fragment: the context of an invoice and nothing after it.",
    ),
    "demodata__ZUGFeRD-invoice-pdflib.xml": (
        "NOT_EINVOICE",
        "",
        "A draft of 2013 from before ZUGFeRD 1.0, in another namespace.",
    ),
    "demodata__pha2ma5v.vpc.xml": (
        "NOT_EINVOICE",
        "",
        "The same draft; its tax total is not even its tax.",
    ),
}


def _files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (DATA / folder).rglob("*") if path.is_file()]
    return sorted(found)


INVOICES = _files("ubl", "cii", "facturx-pdf") if DATA.is_dir() else []


def _readable(path: Path, folder: Path) -> Path:
    """The file itself, or what it unpacks to."""
    if path.suffix != ".gz":
        return path
    unpacked = folder / path.stem
    unpacked.write_bytes(gzip.decompress(path.read_bytes()))
    return unpacked


def _read(path: Path) -> Block:
    (sheet,) = read_einvoices(path, path.name)
    assert (sheet.kind, sheet.place, sheet.file) == ("items", "invoice", path.name)
    (block,) = sheet.blocks
    return block


@pytest.mark.parametrize("path", INVOICES, ids=lambda path: path.name)
def test_each_file_is_read_as_it_says_or_refused_as_the_table_says(
    path: Path, tmp_path: Path
) -> None:
    file = _readable(path, tmp_path)
    assert is_einvoice(file.read_bytes()[:1024])
    expected = REFUSED.get(path.name)
    if expected is not None and not expected[1]:
        with pytest.raises(Malformed) as refusal:
            _read(file)
        assert refusal.value.code == expected[0]
        assert refusal.value.remedy
        return
    block = _read(file)
    if expected is not None:
        assert block.spoilt == {0}
        found = {(problem.code, problem.where.split(", ")[-1]) for problem in block.problems}
        assert expected[:2] in found
        assert all(problem.remedy for problem in block.problems)
        return
    assert not block.problems
    assert not block.spoilt
    _assert_same(block, extracted(file))


def test_no_collection_loses_a_file(tmp_path: Path) -> None:
    read: Counter[str] = Counter()
    for path in INVOICES:
        try:
            block = _read(_readable(path, tmp_path))
        except DulyError:
            continue
        read[path.parent.name] += not block.spoilt
    assert dict(read) == {name: max(least, read[name]) for name, least in READ_AT_LEAST.items()}


def test_each_refusal_of_the_table_is_a_file_that_is_there() -> None:
    assert REFUSED.keys() <= {path.name for path in INVOICES}
    assert sum(READ_AT_LEAST.values()) + len(REFUSED) == len(INVOICES)


@pytest.mark.parametrize("path", _files("edi810") if DATA.is_dir() else [], ids=lambda p: p.name)
def test_an_x12_invoice_is_not_taken_for_ours(path: Path) -> None:
    assert not is_einvoice(path.read_bytes()[:1024])
    with pytest.raises(Malformed, match="neither XML nor PDF"):
        read_einvoices(path, path.name)


def _assert_same(block: Block, told: dict[str, str]) -> None:
    row = {name: cells[0] for name, cells in block.columns.items()}
    payable, prepaid = Decimal(told["payable"]), Decimal(told["prepaid"])
    kind = "credit_note" if payable + prepaid < 0 else told["kind"]
    assert row["kind"] == kind
    assert {name: row[name] for name in ("number", "issued_on", "currency")} == {
        name: told[name] for name in ("number", "issued_on", "currency")
    }
    assert Decimal(row["amount"]) == abs(payable + prepaid)
    assert Decimal(row["open_amount"]) == abs(payable)
    assert row["customer_name"] == " ".join(told["buyer"].split())
    assert row["customer_id"]
    if told["due_on"]:
        assert row["due_on"] == told["due_on"]
