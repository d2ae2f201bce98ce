"""MT940 and MT942: labelled by hand, held against the public files, and against broken ones."""

import json
import re
from datetime import date

import pytest
from tests.exchange.bank_files import (
    CORPUS,
    assert_well_formed,
    corpus,
    entries,
    feet,
    heads,
    problems,
    read,
    spoiled,
)

from duly.cash_application.rules.statements import (
    INTERIM,
    PENDING,
    STATEMENT,
    Balance,
    Claimed,
    Entry,
)
from duly.interfaces.exchange.readers.bank import decoding, recognise_bank
from duly.interfaces.exchange.readers.bank.mt940 import reading

DAY = date(2026, 3, 30)
HERE = pytest.mark.skipif(not CORPUS.is_dir(), reason="the public bank files are not here")
F_02 = """:20:STMT
:25:12030000/0000202051
:28C:7/1
:60F:C260329EUR10000,00
:61:2603300330C1250,00NTRFNONREF//B1
:86:166?00GUTSCHRIFT?20INV 1001?30BYLADEM1001?31DE89370400440532013000?32KAEUFER GMBH
:61:2603300330D200,50NDDTNONREF//B2
:86:Strom
:62F:C260330EUR11049,50
-
"""


def with_lines(*lines: str) -> str:
    """A statement with these lines; its closing balance is not right."""
    return ":20:S\n:25:1\n:60F:C260329EUR0,00\n" + "\n".join(lines) + "\n:62F:C260330EUR0,00\n-\n"


def one(*lines: str) -> Entry:
    events = read("mt940", with_lines(*lines))
    assert {code for _, code in problems(events)} <= {"DOES_NOT_ADD_UP"}
    (found,) = entries(events)
    return found


def told(text: str) -> Entry:
    """What an entry makes of its field 86."""
    return one(":61:2603300330C1,00NTRFNONREF", ":86:" + text)


def test_f_02_opening_and_lines_make_the_closing_balance() -> None:
    events = read("mt940", F_02)
    assert problems(events) == []
    (head,) = heads(events)
    assert (head.account, head.currency, head.number, head.kind) == (
        "12030000/0000202051",
        "EUR",
        "7/1",
        STATEMENT,
    )
    assert head.opening == Balance(date(2026, 3, 29), 1_000_000)
    assert feet(events)[0].closing == Balance(DAY, 1_104_950)
    assert entries(events) == [
        Entry(
            "line 5",
            DAY,
            DAY,
            125_000,
            "EUR",
            bank_reference="B1",
            name="KAEUFER GMBH",
            account="DE89370400440532013000",
            remittance="INV 1001",
            code="NTRF-166",
        ),
        Entry("line 7", DAY, DAY, -20_050, "EUR", "B2", remittance="Strom", code="NDDT"),
    ]


def test_another_closing_balance_is_told_with_the_difference() -> None:
    events = read("mt940", F_02.replace("11049,50", "11049,51"))
    assert problems(events) == [("line 1", "DOES_NOT_ADD_UP")]


@pytest.mark.parametrize(
    ("mark", "minor", "is_reversal", "status"),
    [
        ("C", 100, False, "booked"),
        ("D", -100, False, "booked"),
        ("RC", -100, True, "booked"),
        ("RD", 100, True, "booked"),
        ("CR", 100, False, "booked"),
        ("DR", -100, False, "booked"),
        ("RDR", 100, True, "booked"),
        ("ED", -100, False, PENDING),
        ("EC", 100, False, PENDING),
    ],
)
def test_marks(mark: str, minor: int, is_reversal: bool, status: str) -> None:
    found = one(f":61:2603300330{mark}1,00NMSCNONREF")
    assert (found.minor, found.is_reversal, found.status) == (minor, is_reversal, status)


@pytest.mark.parametrize(
    ("days", "value_on", "booked_on"),
    [
        ("2512310102", date(2025, 12, 31), date(2026, 1, 2)),
        ("2601021231", date(2026, 1, 2), date(2025, 12, 31)),
        ("260330", DAY, None),
        ("260330    ", DAY, None),
        ("2602300301", date(2026, 2, 28), date(2026, 3, 1)),
        ("2402290229", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_days_of_entry_have_the_year_nearest_to_the_value_day(
    days: str, value_on: date, booked_on: date | None
) -> None:
    found = one(f":61:{days}C1,00NMSCNONREF")
    assert (found.value_on, found.booked_on) == (value_on, booked_on)


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [
        ("EUR", "1,", 100),
        ("EUR", "1,5", 150),
        ("EUR", "000000000001213,28", 121_328),
        ("EUR", "1,500", 150),
        ("JPY", "1234,", 1_234),
        ("JPY", "1234,00", 1_234),
        ("KWD", "1,234", 1_234),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    currency: str, amount: str, minor: int
) -> None:
    text = with_lines(f":61:260330C{amount}NMSCNONREF").replace("EUR", currency)
    assert entries(read("mt940", text))[0].minor == minor


@pytest.mark.parametrize(
    "line",
    [
        "2603300330X1,00NMSC",
        "260330C,NMSC",
        "260330C1,234NMSC",
        "260330CNMSC",
        "",
        f"260330C{'9' * 20},00NMSC",
        "260330C１,00NMSC",
    ],
)
def test_a_line_without_side_or_amount_is_told(line: str) -> None:
    events = read("mt940", with_lines(f":61:{line}", ":61:260330C1,00NMSC"))
    assert problems(events)[0] == ("line 4", "BANK_LINE_UNREADABLE")
    assert [found.minor for found in entries(events)] == [100]


def test_tags_of_sepa_run_on_across_subfields() -> None:
    found = told(
        "109?00RUECKLASTSCHRIFT?20EREF+E7-000000000000000000001?2123456 KREF+K7?22MREF+M7?23CRED+"
        "DE98ZZZ09999999999?24SVWZ+RETOURE MD06 RECHNUNG 10?25 UND 11?31DE89370400440532013000?32"
        "ERSTE ZEILE EINES NAMENS 27?33GMBH"
    )
    assert (found.end_to_end, found.mandate, found.customer_reference) == (
        "E7-00000000000000000000123456",
        "M7",
        "K7",
    )
    assert found.remittance == "RETOURE MD06 RECHNUNG 10 UND 11"
    assert (found.return_reason, found.code) == ("MD06", "NTRF-109")
    assert found.name == "ERSTE ZEILE EINES NAMENS 27GMBH"


def test_a_full_part_runs_on_and_a_short_one_ends_a_word() -> None:
    assert told("166?20RECHNUNG 1234567890 VOM 30.?2103.2026?22DANKE").remittance == (
        "RECHNUNG 1234567890 VOM 30.03.2026 DANKE"
    )


def test_words_between_slashes() -> None:
    found = told(
        "/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/J JAN\n"
        "SEN/REMI/FACTUUR 17/EREF/NOTPROVIDED"
    )
    assert (found.name, found.account, found.end_to_end) == (
        "J JANSEN",
        "NL91ABNA0417164300",
        "",
    )
    assert found.remittance == "FACTUUR 17"
    found = told("/CNTP/NL32INGB0000012345/INGBNL2A/WEB///REMI/STRD/CUR/9001234567/")
    assert (found.name, found.account, found.structured_reference) == (
        "WEB",
        "NL32INGB0000012345",
        "9001234567",
    )


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("INV RF18539007547034 THANKS", "RF18539007547034"),
        ("RF19539007547034", ""),
        ("+++090/9337/55493+++", "090933755493"),
        ("+++090/9337/55494+++", ""),
        ("QRR 210000000003139471430009017", "210000000003139471430009017"),
        ("QRR 210000000003139471430009018", ""),
    ],
)
def test_f_06_f_07_f_10_references_count_where_their_check_digits_hold(
    text: str, reference: str
) -> None:
    assert told(text).structured_reference == reference


def test_a_time_that_was_broken_across_lines_is_text() -> None:
    found = told("106?20KARTE 24-04-2019T03\n:20:44 Folge\n:12:11")
    assert "03:20:44 Folge:12:11" in found.remittance


def test_several_fields_86_are_one_text() -> None:
    found = one(
        ":61:110527D000000001213,28N0440121470966      W.P. Jansen", ":86:Terug", ":86:JUNI"
    )
    assert (found.name, found.customer_reference, found.remittance) == (
        "W.P. Jansen",
        "0121470966",
        "Terug JUNI",
    )


def test_charges_count_where_the_original_amount_explains_them() -> None:
    line = ":61:260330D12,35NRTIKREF+//B1"
    assert one(line, "/OCMT/EUR11,85//CHGS/EUR0,50/").charges_minor == 50
    assert one(line, "/OCMT/EUR12,35//CHGS/EUR0,50/").charges_minor == 0
    assert one(line, "/OCMT/USD11,85//CHGS/USD0,50/").charges_minor == 0


def test_field_ns_tells_as_86_does() -> None:
    found = one(":61:260330C1,00NMSC", ":NS:01INV 1", "02INV 2", "15KAEUFER", "16GMBH", "3412345")
    assert (found.name, found.account, found.remittance) == (
        "KAEUFER GMBH",
        "12345",
        "INV 1 INV 2",
    )


def test_mt942_has_totals_and_no_balance() -> None:
    text = (
        ":20:S\n:25:1\n:28C:1/1\n:34F:EURD0,00\n:34F:EURC0,00\n:13D:2603301730+0100\n"
        ":61:260330C5,00NTRFNONREF\n:90D:0EUR0,00\n:90C:1EUR5,00\n-\n"
    )
    events = read("mt942", text)
    assert (heads(events)[0].kind, heads(events)[0].currency) == (INTERIM, "EUR")
    assert feet(events)[0].claimed == (Claimed("debits", 0, 0), Claimed("credits", 1, 500))
    assert problems(events) == []
    assert problems(read("mt942", text.replace("1EUR5", "2EUR5"))) == [
        ("line 1", "DOES_NOT_ADD_UP")
    ]


def test_headers_of_swift_and_line_ends_change_nothing() -> None:
    wrapped = "{1:F01BANKDEFFAXXX0000000000}{2:I940BANKDEFFXXXXN}{4:\n" + F_02.replace(
        "-\n", "-}{5:}\n"
    )
    assert [found[2:] for found in entries(read("mt940", wrapped))] == [
        found[2:] for found in entries(read("mt940", F_02))
    ]
    assert read("mt940", F_02.replace("\n", "\r\n")) == read("mt940", F_02)
    umlauts = F_02.replace("Strom", "Gebühr")
    assert read("mt940", umlauts.encode("latin-1")) == read("mt940", umlauts)


def test_what_is_no_text_is_told() -> None:
    assert problems(read("mt940", F_02.replace("Strom", "\0"))) == [
        ("line 8", "BANK_LINE_UNREADABLE")
    ]


def test_no_more_than_a_hundred_lines_are_told() -> None:
    events = read("mt940", with_lines(*[":61:x"] * 500))
    assert [code for _, code in problems(events)].count("BANK_LINE_UNREADABLE") == 100


@HERE
def test_a_real_statement_labelled_by_hand() -> None:
    path = CORPUS / "mt940/jejik/document__sparkasse.txt"
    events = read("mt940", path.read_bytes())
    assert problems(events) == []
    first, second = entries(events)
    assert first == Entry(
        "line 5",
        date(2019, 2, 18),
        date(2019, 2, 18),
        -2_000,
        "EUR",
        name="ARAL AG",
        account="DE95430800830802029200",
        remittance="2019-02-15T20.10 Debitk.4 2019-12 "
        "Aral Tankstelle Chemnitz Leipziger Straße 257//Chemnitz/DE",
        code="N037-106",
    )
    assert (second.minor, second.name) == (-2_000, "Max Mustermann")
    assert second.remittance == "Apple Pay DATUM 19.02.2019, 13.24 UHR1.TAN 002153"


@pytest.mark.parametrize("end", ["@@", "@@\r\n", "\r", "\r\r\n", "\r\n", "\n\n"])
def test_lines_end_as_a_program_ends_them(end: str) -> None:
    """What some programs write in place of an end of line makes no other statement of it."""
    usual = read("mt940", F_02)
    odd = read("mt940", end.join(F_02.split("\n")))
    assert recognise_bank(end.join(F_02.split("\n")).encode()) == "mt940"
    assert problems(odd) == problems(usual) == []
    plain = [one._replace(place="") for one in entries(usual)]
    assert [one._replace(place="") for one in entries(odd)] == plain
    assert [one.closing for one in feet(odd)] == [one.closing for one in feet(usual)]


def test_a_mark_of_an_end_that_is_cut_by_a_block_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = F_02.replace("\n", "@@")
    for size in (7, 8, 9, 10):
        monkeypatch.setattr(decoding, "BLOCK_CHARACTERS", size)
        assert len(entries(read("mt940", text))) == len(entries(read("mt940", F_02)))


def test_marks_that_never_come_again_are_told() -> None:
    events = read("mt940", "@@:20:S@@:25:1@@:86:" + "x" * 3_000_000)
    assert problems(events) == [("line 1", "BANK_LINE_UNREADABLE")]


def test_entries_say_the_same_in_blocks_and_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [F_02.encode(), with_lines(":61:2603300330RC1,5NTRF/A//B", ":86:X").encode()]
    files += [path.read_bytes() for path in corpus("mt940")]
    in_blocks = [read("mt940", data) for data in files]
    monkeypatch.setattr(reading, "_SIMPLE", re.compile(r"(?!)"))
    assert in_blocks == [read("mt940", data) for data in files]


@HERE
def test_every_public_file_has_as_many_entries_as_it_has_fields() -> None:
    for path in corpus("mt940"):
        data = path.read_bytes()
        events = read("mt940", data)
        assert_well_formed(events)
        assert len(entries(events)) == len(re.findall(rb"(?:^|@@):61:", data, re.M)), path.name


@HERE
def test_days_are_those_of_a_known_parse() -> None:
    files = {path.name: path for path in corpus("mt940") if path.suffix == ".sta"}
    seen = 0
    for known in corpus("mt940-expected"):
        path = files.get(known.name.replace(".json", ".sta"))
        if path is None:
            continue
        messages = json.loads(known.read_text())
        lines = [line for message in messages for line in message["statement_lines"]]
        have = entries(read("mt940", path.read_bytes()))
        assert [line["value_date"] for line in lines] == [str(one.value_on) for one in have]
        seen += 1
    assert seen >= 10


def test_spoiled_files_give_problems_and_nothing_else() -> None:
    for broken in spoiled(F_02.encode()):
        assert_well_formed(read("mt940", broken))
