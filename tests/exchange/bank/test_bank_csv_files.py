"""Bank CSV by layouts: which fits, what each column means, and what is asked for."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from tests.exchange.bank_files import (
    assert_well_formed,
    corpus,
    entries,
    heads,
    problems,
    read,
    spoiled,
)

from duly.cash_application.rules.statements import NOTICE, PENDING, Entry, Event
from duly.interfaces.exchange.readers.bank.csv_layouts import (
    find_layout,
    layouts_from,
    own_layouts,
)
from duly.interfaces.exchange.readers.bank.csv_statements import read_csv
from duly.interfaces.exchange.readers.refusals import MappingUnfit

KBC = (
    "Rekeningnummer;Munt;Datum;Valuta;Bedrag;Saldo;Omschrijving;rekeningnummer tegenpartij;"
    "Naam tegenpartij;gestructureerde mededeling;Vrije mededeling\n"
    "BE11123456789012;EUR;28/02/2026;01/03/2026;1.250,50;11.250,50;Overschrijving;BE99;ACME;"
    "+++090/9337/55493+++;INV 1001\n"
    "BE11123456789012;EUR;02/03/2026;02/03/2026;-3,40;11.247,10;Kosten;;;;\n"
)
OWN = """
[[layout]]
name = "Ours"
dates = "mdy"
decimal = "."
currency = "USD"
in = ["C"]
out = ["D"]
pending = ["Pending"]
not_entries = { Kind = ["Total"] }
continued = true
[layout.columns]
booked_on = "Day"
amount = "Sum"
side = "C/D"
remittance = ["Text", "More"]
code = "Kind"
"""


def read_own(text: str, layouts: str = OWN) -> list[Event]:
    """Read by a layout of the user's."""
    return list(read_csv(BytesIO(text.encode()), "file", layouts_from(layouts)))


def test_a_bank_that_is_known_is_read_by_its_layout() -> None:
    events = read("csv", KBC)
    (head,) = heads(events)
    assert (head.account, head.currency, head.kind) == ("BE11123456789012", "EUR", NOTICE)
    assert entries(events)[0] == Entry(
        "line 2",
        date(2026, 2, 28),
        date(2026, 3, 1),
        125_050,
        "EUR",
        name="ACME",
        account="BE99",
        structured_reference="090933755493",
        remittance="Overschrijving INV 1001",
    )
    assert [one.minor for one in entries(events)] == [125_050, -340]
    assert problems(events) == []


def test_a_layout_of_the_user_says_what_each_column_is() -> None:
    events = read_own(
        'Our bank,,,\nDay,Sum,C/D,Text,More,Kind\n3/4/26,"1,250.50",C,INV,1001,Wire\n'
        ",,,goes on,,\nPending,5.00,D,Card,,\n3/5/26,99.00,C,,,Total\n03/06/2026,7-,D,x,,\n"
    )
    told = entries(events)
    assert [(one.booked_on, one.minor, one.remittance) for one in told] == [
        (date(2026, 3, 4), 125_050, "INV 1001 goes on"),
        (None, -500, "Card"),
        (date(2026, 3, 6), -700, "x"),
    ]
    assert told[1].status == PENDING
    assert problems(events) == []


@pytest.mark.parametrize("amount", ["", "12..34", "1,25,0.00", "1.250,50", "abc", "1e3", "1.005"])
def test_a_row_without_an_exact_amount_is_unreadable(amount: str) -> None:
    events = read_own(f'Day,Sum,C/D,Text,More,Kind\n3/4/26,"{amount}",C,a,,\n')
    assert problems(events) == [("line 2", "BANK_LINE_UNREADABLE")]


def test_a_side_that_is_neither_is_unreadable() -> None:
    events = read_own("Day,Sum,C/D,Text,More,Kind\n3/4/26,1.00,X,a,,\n")
    assert problems(events) == [("line 2", "BANK_LINE_UNREADABLE")]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("03/04/2026", "13/04/2026"), date(2026, 4, 3)),
        (("03/04/2026", "04/13/2026"), date(2026, 3, 4)),
        (("2026-04-03", "2026-04-04"), date(2026, 4, 3)),
        (("03 Apr 2026", "04 Apr 2026"), date(2026, 4, 3)),
        (("03/04/2026", "05/04/2026"), None),
        (("04/04/2026", "05/04/2026"), date(2026, 4, 4)),
    ],
)
def test_the_order_of_days_is_told_by_the_file_or_asked_for(
    days: tuple[str, str], told: date | None
) -> None:
    text = "Date,Description,Amount,Currency\n" + "".join(f"{day},x,1.00,EUR\n" for day in days)
    events = read("csv", text)
    assert entries(events)[0].booked_on == told
    unclear = "DATE_ORDER_UNCLEAR" in [code for _, code in problems(events)]
    assert unclear == (None in [one.booked_on for one in entries(events)])


def test_a_header_that_fits_none_or_two_is_asked_for() -> None:
    assert problems(read("csv", "Day,What,Sum\n1,2,3\n")) == [("line 1", "BANK_LAYOUT_UNKNOWN")]
    twice = OWN + OWN.replace('"Ours"', '"Theirs"').replace('"mdy"', '"dmy"')
    events = read_own("Day,Sum,C/D,Text,More,Kind\n3/4/26,1.00,C,a,,\n", twice)
    assert problems(events) == [("line 1", "BANK_LAYOUT_UNKNOWN")]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_running_balance_is_held_in_either_order(newest_first: bool) -> None:
    rows = ["2026-03-01,a,100.00,EUR,600.00", "2026-03-02,b,-50.00,EUR,550.00"]
    rows += ["2026-03-03,c,25.00,EUR,", "2026-03-04,d,5.00,EUR,580.00"]
    header = "Date,Description,Amount,Currency,Balance,Account,Reference\n"
    body = [f"{row},DE1,R" for row in (reversed(rows) if newest_first else rows)]
    if newest_first:  # a balance that is missing is the sum of what it skips
        body = [line for line in body if not line.startswith("2026-03-03")]
        body[0] = body[0].replace("580.00", "555.00")
    right = header + "\n".join(body)
    assert problems(read("csv", right)) == []
    wrong = right.replace("550.00", "551.00")
    assert [code for _, code in problems(read("csv", wrong))] == ["DOES_NOT_ADD_UP"]


@pytest.mark.parametrize(
    "text",
    [
        "[[layout]",
        "layout = 1",
        '[[layout]]\nname = "x"',
        '[[layout]]\nname = "x"\ncolumns = { booked_on = "a" }',
        '[[layout]]\nname = "x"\ncolumns = { booked_on = "a", amount = "b", wrong = "c" }',
        '[[layout]]\nname = "x"\ndates = "ddd"\ncolumns = { booked_on = "a", amount = "b" }',
        '[[layout]]\nname = "x"\nheader = false\ncolumns = { booked_on = 1, amount = 2 }',
        '[[layout]]\nname = "x"\nencoding = "hex"\ncolumns = { booked_on = "a", amount = "b" }',
        '[[layout]]\nname = "x"\nnot_entries = 1\ncolumns = { booked_on = "a", amount = "b" }',
        '[[layout]]\nname = "x"\ncurrency = "EU"\ncolumns = { booked_on = "a", amount = "b" }',
    ],
)
def test_a_layout_that_can_mean_nothing_is_refused(text: str) -> None:
    with pytest.raises(MappingUnfit):
        layouts_from(text)


def test_the_layouts_that_come_with_duly_tell_each_other_apart() -> None:
    layouts = own_layouts()
    assert len({one.name for one in layouts}) == len(layouts)
    for one in (one for one in layouts if one.has_header):
        encoding = one.encoding or "utf-8"
        found = find_layout(";".join(sorted(one.headers())).encode(encoding) + b";\n")
        assert found is not None
        assert found.layouts == (one,)


def test_a_file_without_header_is_read_by_the_layout_that_is_chosen() -> None:
    text = b'18.09.2017;"HOFER DANKT";19.09.2017;-1.033,87;EUR;;\n'
    assert problems(read("csv", text)) == [("line 1", "BANK_LAYOUT_UNKNOWN")]
    (told,) = entries(list(read_csv(BytesIO(text), "file", layout_name="Raiffeisen AT")))
    assert told == Entry(
        "line 1",
        date(2017, 9, 18),
        date(2017, 9, 19),
        -103_387,
        "EUR",
        remittance="HOFER DANKT",
    )
    unknown = list(read_csv(BytesIO(text), "file", layout_name="Nobody's"))
    assert problems(unknown) == [("line 1", "BANK_LAYOUT_UNKNOWN")]


FILES = [path for path in corpus("csv") if path.suffix != ".json"]
# Files that have no header, or a made one; a person has to say what their columns are.
NO_LAYOUT = {
    "test-data__dba33fceecd62c3c727893361e0ba4d3.P000000027355791.csv",
    "test-data__kta_ei.dat",
    "test-data__statement_1.csv",
    "test-data__test_delimiter_tab.csv",
    "test-data__test_headers.csv",
    "test-data__test_raiffeisen_01.csv",
    "test-data__test_row_format_CD_flag.csv",
    "test-data__test_row_format_default.csv",
    "test-data__test_row_format_neg_inflow.csv",
    "test_data__camt_file.csv",
    "test_data__pain_file.csv",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_public_file_is_read_or_asked_for(path: Path) -> None:
    events = read("csv", path.read_bytes())
    assert_well_formed(events)
    codes = [code for _, code in problems(events)]
    assert ("BANK_LAYOUT_UNKNOWN" in codes) == (path.name in NO_LAYOUT)
    assert entries(events) or "BANK_LINE_UNREADABLE" in codes or path.name in NO_LAYOUT


@pytest.mark.skipif(not FILES, reason="the public bank files of ../shared/data are not here")
def test_a_real_file_is_read_as_its_label_says() -> None:
    (path,) = [path for path in FILES if path.name.startswith("test-data__TransactionHistory")]
    events = read("csv", path.read_bytes())
    first, *_, last = entries(events)
    assert (first.booked_on, first.minor, first.currency) == (date(2018, 4, 18), -666, "SGD")
    assert first.remittance == "DEBIT PURCHASE 15/04/18  66-6666 UBER EATS AN2GO HELP.UBERh"
    assert last.remittance.startswith("DEBIT PURCHASE 66-6666 TOAST BO6")
    (path,) = [path for path in FILES if path.name == "test-data__test_raiffeisen_01.csv"]
    with path.open("rb") as file:
        events = list(read_csv(file, "file", layout_name="Raiffeisen AT"))
    austrian = entries(events)
    assert (len(austrian), austrian[9].minor, austrian[9].remittance) == (73, 2400, "Überweisung")
    assert [code for _, code in problems(events)] == ["BANK_LINE_UNREADABLE"]  # its "null" row
    (path,) = [path for path in FILES if path.name.startswith("test-data__MS_JANE")]
    assert entries(read("csv", path.read_bytes()))[-1].minor == 110_000


def test_hostile_bytes_end_in_problems_only() -> None:
    for data in spoiled(KBC.encode()):
        assert_well_formed(read("csv", data))
    wide = "Date,Description,Amount" + ",x" * 100_000 + "\n"
    assert_well_formed(read("csv", wide))
    assert_well_formed(read("csv", 'Date,Description,Amount\n1,"' + "x" * 500_000))
