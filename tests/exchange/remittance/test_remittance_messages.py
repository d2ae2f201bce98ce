"""Remittances in formats of machines: EDI 820, addenda, pain.001, remt.001, UBL."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.bank.test_bank_fedwire_files import WIRE
from tests.exchange.remittance_files import (
    CCD,
    CTX,
    F_04,
    INTERCHANGE,
    NEW_PAIN,
    OLD_PAIN,
    REMT,
    UBL,
    advices,
    money,
    opened,
    problems,
    read,
)

from duly.cash_application.rules.advices import Advice, AdviceLine, line_of
from duly.interfaces.exchange.readers.remittance.edi import write_edi

ON = date(2026, 3, 31)
CORPUS = Path(__file__).resolve().parents[3] / "../shared/data/remittance"


@pytest.mark.parametrize("data", [F_04, INTERCHANGE], ids=["bare", "interchange"])
def test_f_04_an_820_with_a_deduction_of_a_document(data: str) -> None:
    events = read("edi", data)
    assert advices(events) == [
        Advice(
            "set 1",
            "ACME INC",
            "123456",
            "1234567890",
            "000123456",
            495_000,
            "USD",
            ON,
            (
                AdviceLine("INV1001", 300_000, 300_000),
                AdviceLine("INV1002", 200_000, 195_000, 0, 5_000, "01"),
            ),
        )
    ]
    assert problems(events) == []


def test_an_adjustment_outside_of_documents_adds_to_the_total() -> None:
    data = F_04.replace("4950.00", "4850.00").replace("SE*12", "ENT*2~ADX*-100.00*06~SE*14")
    events = read("edi", data)
    assert money(events)[-1] == ("", -10_000, 0, 10_000)
    assert problems(events) == []
    assert problems(read("edi", F_04.replace("4950.00", "4950.01"))) == [
        ("set 1", "ADVICE_CONTRADICTS")
    ]


def test_a_credit_memo_without_a_sign_is_negative_where_the_total_says_so() -> None:
    data = F_04.replace("4950.00", "4850.00").replace("SE*12*", "RMR*CM*CM9**100.00~SE*13*")
    assert money(read("edi", data))[-1] == ("CM9", -10_000, 0, 0)
    assert problems(read("edi", data)) == []


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("SE|12|", "SE|13|", "set 1"),
        ("SE|12|0001", "SE|12|0002", "set 1"),
        ("GE|1|7", "GE|2|7", "the end"),
        ("GE|1|7", "GE|1|8", "the end"),
        ("IEA|1|000000007^", "", "the end"),
        ("SE|12|0001^\n", "", "set 1"),
    ],
)
def test_counts_and_control_numbers_are_proved(before: str, after: str, where: str) -> None:
    assert (where, "INCOMPLETE") in problems(read("edi", INTERCHANGE.replace(before, after)))


def test_sets_of_another_type_are_passed_over_and_alone_are_no_remittance() -> None:
    other = "ST|997|0002^AK1|RA|7^SE|3|0002^"
    both = INTERCHANGE.replace("GE|1|", f"{other}GE|2|")
    assert (len(advices(read("edi", both))), problems(read("edi", both))) == (1, [])
    told = problems(read("edi", INTERCHANGE.replace("ST|820|", "ST|997|")))
    assert told == [("segment 1", "INCOMPLETE")]


def test_addenda_of_ctx_and_ccd_carry_the_same() -> None:
    (told,) = advices(read("nacha", CTX))
    assert (told.place, told.total_minor, told.payment_reference) == (
        "line 3",
        495_000,
        "000123456",
    )
    assert money([told])[1] == ("INV1002", 195_000, 0, 5_000)
    (told,) = advices(read("nacha", CCD))
    assert (told.payer_name, told.amount_minor, told.paid_on) == ("ACME INC", 300_000, ON)
    assert money([told]) == [("INV1001", 300_000, 0, 0)]
    assert problems(read("nacha", CTX)) + problems(read("nacha", CCD)) == []


def test_a_wire_says_what_it_is_for() -> None:
    (told,) = advices(read("fedwire", WIRE))
    assert (told.payer_name, told.amount_minor, told.paid_on) == ("ACME INC", 495_000, ON)
    assert money([told]) == [("INV1001", 300_000, 0, 0), ("INV1002", 195_000, 0, 5_000)]
    silent = "".join(line for line in WIRE.splitlines(True) if line[:3] != "{84")
    assert problems(read("fedwire", silent)) == [("line 1", "INCOMPLETE")]


@pytest.mark.parametrize("data", [OLD_PAIN, NEW_PAIN], ids=["03", "11"])
def test_a_payment_order_with_structured_and_free_remittances(data: str) -> None:
    events = read("pain.001", data)
    first, second = advices(events)
    assert first == Advice(
        "payment 1",
        "Alder Foods GmbH",
        "DE89370400440532013000",
        "",
        "E2E-1",
        125_100,
        "EUR",
        ON,
        (
            AdviceLine("RG-1", 100_000, 95_000, 2_000, 3_000, "04"),
            AdviceLine("RG-2", 40_100, 40_100),
            AdviceLine("GS-3", -10_000, -10_000),
        ),
    )
    assert (second.payment_reference, money([second])) == ("", [("RG-9", 20_000, 0, 0)])
    assert problems(events) == []


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252", "iso-8859-15"])
def test_other_encodings_are_read_as_declared(encoding: str, tmp_path: Path) -> None:
    text = OLD_PAIN.replace("UTF-8", encoding).replace("Alder Foods", "Älder Foods")
    kind, events = opened(tmp_path, text.encode(encoding))
    assert (kind, advices(events)[0].payer_name) == ("pain.001", "Älder Foods GmbH")


def test_the_control_sum_of_a_payment_order_is_proved() -> None:
    told = problems(read("pain.001", OLD_PAIN.replace("<CtrlSum>1451</", "<CtrlSum>1452</")))
    assert told == [("the file", "DOES_NOT_ADD_UP")]
    told = problems(read("pain.001", OLD_PAIN.replace("<NbOfTxs>2", "<NbOfTxs>3")))
    assert told == [("block 1", "INCOMPLETE"), ("the file", "INCOMPLETE")]


def test_a_remittance_message_names_the_payment_it_is_of() -> None:
    (told,) = advices(read("remt.001", REMT))
    assert told[:8] == (
        "payment 1", "Alder Foods GmbH", "", "", "E2E-7", 11_900, "EUR", ON,
    )  # fmt: skip
    assert money([told]) == [("RG-1", 11_900, 0, 0)]


def test_ubl_nets_its_credit_lines() -> None:
    events = read("ubl", UBL)
    (told,) = advices(events)
    assert told[1:8] == (
        "Alder Foods GmbH", "", "D100", "PO-77", 19_000, "EUR", ON,
    )  # fmt: skip
    assert money([told]) == [("RG-1", 23_800, 0, 0), ("GS-1", -4_800, 0, 0)]
    assert problems(events) == []
    assert problems(read("ubl", UBL.replace(">190.00", ">190.01"))) == [
        ("the file", "ADVICE_CONTRADICTS")
    ]


BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/hostname">]>'
)


@pytest.mark.parametrize(
    ("kind", "data"), [("pain.001", OLD_PAIN), ("remt.001", REMT), ("ubl", UBL)]
)
def test_a_document_type_is_refused_and_nothing_is_expanded(kind: str, data: str) -> None:
    head, _, rest = data.partition("?>")
    told = read(kind, f"{head}?>{BOMB}{rest.replace('RG-1', '&b;&c;')}")
    assert ("line 1", "ADVICE_UNREADABLE") in problems(told)
    assert advices(told) == []


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.xml")), ids=lambda path: path.name)
def test_every_public_file_is_read_or_its_trouble_named(path: Path, tmp_path: Path) -> None:
    from duly.interfaces.exchange.readers.refusals import FormatUnreadable
    from duly.interfaces.exchange.readers.remittance import open_remittance

    try:
        events = list(open_remittance(path, path.name).events())
    except FormatUnreadable:
        assert not any(part in path.name for part in ("pain.001", "remt", "pain001"))
        return
    assert advices(events)
    assert all(one.total_minor for one in advices(events))
    assert {code for _, code in problems(events)} <= {
        "INCOMPLETE", "DOES_NOT_ADD_UP", "ADVICE_CONTRADICTS",
    }  # fmt: skip


WORD = st.text("ABCXYZ0189-", min_size=3, max_size=12)
MINOR = st.integers(1, 10**9)


@st.composite
def lines(draw: st.DrawFn) -> AdviceLine:
    gross, sign = draw(MINOR), draw(st.sampled_from([1, 1, -1]))
    discount, deduction = (draw(st.integers(0, gross // 4)) for _ in range(2))
    reason = draw(st.sampled_from(["", "01", "04"])) if deduction else ""
    taken = (sign * discount, sign * deduction)
    return line_of(draw(WORD), sign * gross, sign * gross - sum(taken), *taken, reason)


@settings(max_examples=60, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=6), WORD, WORD)
def test_what_is_written_as_an_820_is_read_back(told, name: str, reference: str) -> None:
    made = sum(line.paid_minor or 0 for line in told)
    advice = Advice("set 1", name, "ACC", "C1", reference, made, "USD", ON, tuple(told))
    events = read("edi", write_edi(advice))
    assert events == [advice]
