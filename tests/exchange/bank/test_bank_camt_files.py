"""camt.052 to .054: labelled by hand, held against the public files, and against broken ones."""

import re
from datetime import date
from pathlib import Path

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
    BOOKED,
    INFORMATION,
    INTERIM,
    NOTICE,
    PENDING,
    Balance,
    Claimed,
    Detail,
    Entry,
)
from duly.interfaces.exchange.readers.bank.camt import markup

DAY = date(2026, 3, 30)
HERE = pytest.mark.skipif(not CORPUS.is_dir(), reason="the public bank files are not here")


def balance(kind: str, amount: str, side: str = "CRDT", currency: str = "EUR") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>2026-03-30</Dt></Dt></Bal>"
    )


def entry(amount: str, side: str = "CRDT", inside: str = "", currency: str = "EUR") -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<Sts>BOOK</Sts><BookgDt><Dt>2026-03-30</Dt></BookgDt>{inside}</Ntry>"
    )


def paid(inside: str) -> str:
    return f"<NtryDtls><TxDtls>{inside}</TxDtls></NtryDtls>"


def statement(*parts: str, message: str = "BkToCstmrStmt", part: str = "Stmt") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<{message}><GrpHdr><MsgId>1</MsgId></GrpHdr><{part}><Id>S1</Id><LglSeqNb>7</LglSeqNb>"
        "<Acct><Id><IBAN>DE02 1203 0000 0000 2020 51</IBAN></Id><Ownr><Nm>Us &amp; Co</Nm></Ownr>"
        "<Svcr><FinInstnId><BICFI>BYLADEM1001</BICFI></FinInstnId></Svcr></Acct>"
        f"{''.join(parts)}</{part}></{message}></Document>"
    )


def balanced(*entries_: str, closing: str) -> str:
    return statement(balance("OPBD", "500.00"), balance("CLBD", closing), *entries_)


def one(text: str) -> Entry:
    """The one entry of a file without problems of its own."""
    events = read("camt.053", text)
    assert {code for _, code in problems(events)} <= {"DOES_NOT_ADD_UP", "INCOMPLETE"}
    (found,) = entries(events)
    return found


F_03 = balanced(entry("119.00"), entry("238.00"), entry("12.50", "DBIT"), closing="844.50")


def test_f_03_opening_and_entries_make_the_closing_balance() -> None:
    events = read("camt.053", F_03)
    assert problems(events) == []
    (head,) = heads(events)
    assert head.account == "DE02120300000000202051"
    assert (head.currency, head.number, head.bank, head.owner) == (
        "EUR",
        "7",
        "BYLADEM1001",
        "Us & Co",
    )
    assert head.opening == Balance(DAY, 50_000)
    assert feet(events)[0].closing == Balance(DAY, 84_450)
    assert [found.minor for found in entries(events)] == [11_900, 23_800, -1_250]
    assert entries(events)[2] == Entry("entry 3", DAY, None, -1_250, "EUR")


def test_another_closing_balance_is_told_with_the_difference() -> None:
    events = read("camt.053", F_03.replace("844.50", "844.51"))
    assert problems(events) == [("statement 1", "DOES_NOT_ADD_UP")]


def test_who_paid_and_what_for() -> None:
    found = one(
        balanced(
            entry(
                "119.00",
                inside="<ValDt><Dt>2026-03-31</Dt></ValDt><AcctSvcrRef>B 1</AcctSvcrRef>"
                "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly>"
                "</Domn></BkTxCd>"
                + paid(
                    "<Refs><InstrId>I7</InstrId><EndToEndId>E7</EndToEndId><MndtId>M7</MndtId></Refs>"
                    "<RltdPties><Dbtr><Pty><Nm>Käufer\n &amp; Söhne</Nm></Pty></Dbtr>"
                    "<DbtrAcct><Id><IBAN>DE89 3704 0044 0532 0130 00</IBAN></Id></DbtrAcct>"
                    "<Cdtr><Nm>Us</Nm></Cdtr></RltdPties>"
                    "<RmtInf><Ustrd>INV 1</Ustrd><Ustrd>and 2</Ustrd><Strd><CdtrRefInf>"
                    "<Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
                ),
            ),
            closing="619.00",
        )
    )
    assert found == Entry(
        "entry 1",
        DAY,
        date(2026, 3, 31),
        11_900,
        "EUR",
        bank_reference="B 1",
        customer_reference="I7",
        name="Käufer & Söhne",
        account="DE89370400440532013000",
        end_to_end="E7",
        mandate="M7",
        structured_reference="RF18539007547034",
        remittance="INV 1 and 2",
        code="PMNT-RCDT-ESCT",
    )


@pytest.mark.parametrize(
    ("side", "reversal", "minor", "name"),
    [
        ("CRDT", "", 1_000, "Debtor"),
        ("DBIT", "", -1_000, "Creditor"),
        ("DBIT", "<RvslInd>true</RvslInd>", -1_000, "Debtor"),
        ("CRDT", "<RvslInd>1</RvslInd>", 1_000, "Creditor"),
        ("CRDT", "<RvslInd>false</RvslInd>", 1_000, "Debtor"),
    ],
)
def test_a_reversal_turns_no_sign_and_keeps_its_parties(
    side: str, reversal: str, minor: int, name: str
) -> None:
    parties = "<RltdPties><Dbtr><Nm>Debtor</Nm></Dbtr><Cdtr><Nm>Creditor</Nm></Cdtr></RltdPties>"
    found = one(statement(entry("10.00", side, reversal + paid(parties))))
    assert (found.minor, found.name) == (minor, name)
    assert found.is_reversal == ("true" in reversal or "1" in reversal)


def test_the_other_party_is_never_the_owner_of_the_account() -> None:
    parties = (
        "<RltdPties><Dbtr><Nm>Us</Nm></Dbtr><DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id>"
        "</DbtrAcct><Cdtr><Nm>They</Nm></Cdtr></RltdPties>"
    )
    assert one(statement(entry("10.00", "CRDT", paid(parties)))).name == "They"


def test_a_batch_is_opened_to_its_payments() -> None:
    batch = (
        "<NtryDtls><Btch><PmtInfId>P1</PmtInfId></Btch>"
        "<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy='EUR'>60.00</Amt>"
        "</TxAmt></AmtDtls><RltdPties><Dbtr><Nm>A</Nm></Dbtr></RltdPties></TxDtls>"
        "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy='EUR'>50.00</Amt>"
        "<RmtInf><Ustrd>I2</Ustrd></RmtInf></TxDtls>"
        "<TxDtls><Amt Ccy='EUR'>10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RtrInf><Rsn><Cd>AC04</Cd>"
        "</Rsn></RtrInf></TxDtls></NtryDtls>"
    )
    events = read("camt.053", balanced(entry("100.00", inside=batch), closing="600.00"))
    assert problems(events) == []
    (found,) = entries(events)
    assert found.customer_reference == "P1"
    assert found.details == (
        Detail(6_000, "A", end_to_end="E1"),
        Detail(5_000, remittance="I2"),
        Detail(-1_000, return_reason="AC04"),
    )
    odd = statement(entry("100.00", inside=batch.replace("60.00", "60.001")))
    assert ("entry 1", "BANK_LINE_DOUBTFUL") in problems(read("camt.053", odd))
    short = read("camt.053", balanced(entry("99.00", inside=batch), closing="599.00"))
    assert problems(short) == [("entry 1", "DOES_NOT_ADD_UP")]


def test_a_return_tells_its_reason() -> None:
    found = one(
        statement(entry("10.00", "DBIT", paid("<RtrInf><Rsn><Cd>MD01</Cd></Rsn></RtrInf>")))
    )
    assert (found.minor, found.return_reason) == (-1_000, "MD01")


@pytest.mark.parametrize(
    ("charges", "instructed", "kept"),
    [
        ("<Rcrd><Amt Ccy='EUR'>2.00</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd>", "", 200),
        ("<Rcrd><Amt Ccy='EUR'>2.00</Amt><ChrgInclInd>false</ChrgInclInd></Rcrd>", "", 0),
        ("<TtlChrgsAndTaxAmt Ccy='EUR'>2.00</TtlChrgsAndTaxAmt>", "102.00", 200),
        ("<TtlChrgsAndTaxAmt Ccy='EUR'>2.00</TtlChrgsAndTaxAmt>", "100.00", 0),
        ("<Rcrd><Amt Ccy='USD'>2.00</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd>", "", 0),
    ],
)
def test_charges_count_where_the_amount_is_already_without_them(
    charges: str, instructed: str, kept: int
) -> None:
    told = f"<AmtDtls><InstdAmt><Amt Ccy='EUR'>{instructed}</Amt></InstdAmt></AmtDtls>"
    inside = f"<Chrgs>{charges}</Chrgs>{paid(told) if instructed else ''}"
    assert one(statement(entry("100.00", inside=inside))).charges_minor == kept


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1", "EUR", 100),
        ("1.5", "EUR", 150),
        ("18.15000", "EUR", 1_815),
        (" 7.00 ", "EUR", 700),
        ("1234", "JPY", 1_234),
        ("1234.00", "JPY", 1_234),
        ("1.234", "KWD", 1_234),
        ("0", "EUR", 0),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    amount: str, currency: str, minor: int
) -> None:
    found = one(statement(entry(amount, currency=currency)))
    assert (found.minor, found.currency) == (minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("12..34", "EUR"),
        ("12.345", "EUR"),
        ("1.5", "JPY"),
        ("-5.00", "EUR"),
        ("", "EUR"),
        ("1e3", "EUR"),
        ("9" * 40, "EUR"),
        ("１２.00", "EUR"),
        ("5.00", ""),
    ],
)
def test_an_amount_that_is_none_is_told_with_its_entry(amount: str, currency: str) -> None:
    events = read("camt.053", statement(entry("1.00"), entry(amount, currency=currency)))
    assert ("entry 2", "BANK_LINE_UNREADABLE") in problems(events)
    assert len(entries(events)) == 1


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("<Sts>PDNG</Sts>", PENDING),
        ("<Sts><Cd>INFO</Cd></Sts>", INFORMATION),
        ("<Sts><Cd>BOOK</Cd></Sts>", BOOKED),
    ],
)
def test_only_booked_entries_count(told: str, status: str) -> None:
    text = balanced(entry("1.00").replace("<Sts>BOOK</Sts>", told), closing="500.00")
    events = read("camt.053", text)
    assert entries(events)[0].status == status
    assert bool(problems(events)) == (status == BOOKED)


def test_totals_are_held_against_the_entries() -> None:
    summary = (
        "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>30.00</Sum></TtlNtries>"
        "<TtlDbtNtries><Sum>20.00</Sum></TtlDbtNtries></TxsSummry>"
    )
    good = statement(
        balance("PRCD", "20.00", "DBIT"),
        balance("CLBD", "30.00", "DBIT"),
        summary,
        entry("10.00"),
        entry("20.00", "DBIT"),
    )
    events = read("camt.053", good)
    assert problems(events) == []
    assert heads(events)[0].opening == Balance(DAY, -2_000)
    assert feet(events)[0].claimed == (Claimed("entries", 2, 3_000), Claimed("debits", None, 2_000))
    bad = read("camt.053", good.replace("<NbOfNtries>2<", "<NbOfNtries>3<"))
    assert problems(bad) == [("statement 1", "DOES_NOT_ADD_UP")]


@pytest.mark.parametrize(
    ("message", "part", "kind"),
    [
        ("BkToCstmrAcctRpt", "Rpt", INTERIM),
        ("BkToCstmrAcctRptV01", "Rpt", INTERIM),
        ("BkToCstmrDbtCdtNtfctn", "Ntfctn", NOTICE),
    ],
)
def test_reports_and_notices_need_no_balance(message: str, part: str, kind: str) -> None:
    events = read("camt.052", statement(entry("1.00"), message=message, part=part))
    assert (heads(events)[0].kind, problems(events)) == (kind, [])


def test_pages_between_open_and_close_with_interim_balances() -> None:
    page = statement(balance("ITBD", "5.00"), balance("ITBD", "6.00"), entry("1.00"))
    events = read("camt.053", page)
    assert problems(events) == []
    assert (heads(events)[0].opening, feet(events)[0].closing) == (
        Balance(DAY, 500),
        Balance(DAY, 600),
    )


def test_prefixes_comments_cdata_and_instructions_change_nothing() -> None:
    text = balanced(entry("1.00", inside=paid("<AddtlTxInf>a&lt;b</AddtlTxInf>")), closing="501.00")
    plain = read("camt.053", text)
    prefixed = re.sub(r"<(/?)(?=[A-Z])", r"<\1n:", text).replace("xmlns=", "xmlns:n=")
    assert read("camt.053", prefixed) == plain
    aside = text.replace("<Ntry>", "<!-- <Ntry>x</Ntry> --><?go on?><Ntry>")
    assert read("camt.053", aside) == plain
    assert read("camt.053", text.replace("a&lt;b", "<![CDATA[a<b]]>")) == plain
    assert entries(plain)[0].remittance == "a<b"


def test_pieces_are_the_same_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "<AddtlTxInf>x<!-- </Ntry> --><![CDATA[ <![CDATA[ </Ntry> ]]>y</AddtlTxInf>"
    text = balanced(entry("1.00", inside=paid(told)), entry("2.00"), closing="503.00")
    plain = read("camt.053", text)
    assert problems(plain) == []
    assert entries(plain)[0].remittance == "x <![CDATA[ </Ntry> y"
    for size in (1, 2, 3, 7, 50):
        monkeypatch.setattr(markup, "CHUNK", size)
        assert read("camt.053", text) == plain


def test_a_text_full_of_beginnings_takes_no_time() -> None:
    told = "<AddtlTxInf><![CDATA[" + "<![CDATA[<?<!--" * 20_000 + "]]></AddtlTxInf>"
    found = one(statement(entry("1.00", inside=paid(told))))
    assert len(found.remittance) == 300_000


def test_a_sign_for_greater_in_a_text_is_text() -> None:
    text = statement(entry("1.00", inside=paid("<AddtlTxInf>a > b</AddtlTxInf>")))
    assert one(text).remittance == "a > b"


@pytest.mark.parametrize(
    ("declared", "encoding", "doubts"),
    [
        ("ISO-8859-1", "latin-1", []),
        ("windows-1252", "cp1252", []),
        ("UTF-8", "cp1252", [("line 1", "BANK_LINE_DOUBTFUL")]),
        ("UTF-16", "utf-16", []),
    ],
)
def test_encodings(declared: str, encoding: str, doubts: list[tuple[str, str]]) -> None:
    text = balanced(
        entry("1.00", inside=paid("<AddtlTxInf>Müller</AddtlTxInf>")), closing="501.00"
    ).replace("UTF-8", declared)
    events = read("camt.053", text.encode(encoding))
    assert entries(events)[0].remittance == "Müller"
    assert problems(events) == doubts


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'


@pytest.mark.parametrize(
    "text",
    [
        F_03.replace("<Document", BOMB + "<Document"),
        F_03.replace("<Document", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><Document"),
        F_03.replace("119.00", "&b;"),
        "<Document>" + "<a>" * 300_000,
        F_03.replace("UTF-8", "zip"),
        F_03[:-30],
        "",
    ],
)
def test_xml_that_may_do_harm_is_refused(text: str) -> None:
    events = read("camt.053", text)
    assert [code for _, code in problems(events)][:1] == ["BANK_LINE_UNREADABLE"]


def test_no_more_than_a_hundred_entries_are_told() -> None:
    events = read("camt.053", statement(*[entry("x")] * 500))
    assert [code for _, code in problems(events)].count("BANK_LINE_UNREADABLE") == 100


def test_days_that_are_none_are_told() -> None:
    events = read("camt.053", statement(entry("1.00").replace("2026-03-30", "2026-13-30")))
    assert ("entry 1", "BANK_LINE_DOUBTFUL") in problems(events)
    assert entries(events)[0].booked_on is None


@HERE
def test_a_real_statement_labelled_by_hand() -> None:
    path = CORPUS / "camt/viafintech/053__valid_example_with_batch.xml"
    events = read("camt.053", path.read_bytes())
    (head,) = heads(events)
    assert (head.account, head.currency, head.bank) == ("NL18INGB00012345678", "EUR", "INGBNL2A")
    assert head.opening == Balance(date(2019, 1, 1), 732_980)
    assert feet(events)[0].closing == Balance(date(2019, 6, 23), 2_303_820)
    first = entries(events)[0]
    assert (first.minor, first.booked_on) == (-475_374, date(2019, 5, 21))
    assert first.bank_reference == "68047a4871ab34285b5555555502010c"
    assert first.customer_reference == "O0OpeAYTkhjerKu3eE9asw"
    assert first.code == "PMNT-ICDT-ESCT"


@HERE
def test_every_public_file_has_as_many_entries_as_it_has_tags() -> None:
    unread = {}
    for path in corpus("camt"):
        data = path.read_bytes()
        events = read("camt.053", data)
        assert_well_formed(events)
        codes = [code for _, code in problems(events)]
        if "BANK_LINE_UNREADABLE" in codes:
            unread[path.name] = problems(events)[0][0]
        else:
            assert len(entries(events)) == len(re.findall(rb"<(?:\w+:)?Ntry>", data)), path.name
    assert unread == {
        "golden__camt053_garbled_amount.xml": "entry 1",
        "camt.053.001.14__statement.xml": "entry 1",  # a template, not filled
    }


def test_spoiled_files_give_problems_and_nothing_else() -> None:
    batch = paid("<RmtInf><Ustrd>INV 1</Ustrd></RmtInf>")
    data = balanced(entry("119.00", inside=batch), entry("2.00", "DBIT"), closing="617.00").encode()
    for broken in spoiled(data):
        assert_well_formed(read("camt.053", broken))


def test_a_balance_in_another_currency_is_none_of_the_account() -> None:
    """Found by a bomb: the balance of a currency that is none had been taken for the account's."""
    golden = Path(__file__).parent / "golden" / "camt.053.xml"
    text = golden.read_text(encoding="utf-8").replace('Ccy="EUR">500.00', 'Ccy="USD">500.00')
    events = read("camt.053", text)
    assert [head.opening for head in heads(events)] == [None]
    assert ("statement 1", "INCOMPLETE") in problems(events)
    assert ("statement 1", "BANK_LINE_DOUBTFUL") in problems(events)
