"""The camt.053 files, read by a reader of their own: order of elements, lengths, sums."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from tests.world.files import Files

from duly.world.accounts import OWN_ACCOUNTS
from duly.world.records import History

NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"
PARTY = "Nm PstlAdr Id CtryOfRes CtctDtls"
ACCOUNT = "Id Tp Ccy Nm Prxy Ownr Svcr"

# For each element, the children that the schema camt.053.001.08 allows, in its order, with those
# that it requires marked "!"; "|" parts alternatives of which there is exactly one.
ORDER = {
    "Document": "BkToCstmrStmt!",
    "BkToCstmrStmt": "GrpHdr! Stmt!",
    "GrpHdr": "MsgId! CreDtTm! MsgRcpt MsgPgntn OrgnlBizQry AddtlInf",
    "Stmt": "Id! StmtPgntn ElctrncSeqNb RptgSeq LglSeqNb CreDtTm FrToDt CpyDplctInd RptgSrc Acct! "
    "RltdAcct Intrst Bal! TxsSummry Ntry AddtlStmtInf",
    "FrToDt": "FrDtTm! ToDtTm!",
    "Acct": ACCOUNT,
    "Acct/Id": "IBAN|Othr",
    "Ownr": PARTY,
    "FinInstnId": "BICFI ClrSysMmbId LEI Nm PstlAdr Othr",
    "Svcr": "FinInstnId! BrnchId",
    "Bal": "Tp! CdtLine Amt! CdtDbtInd! Dt! Avlbty",
    "Bal/Tp": "CdOrPrtry! SubTp",
    "Bal/Dt": "Dt|DtTm",
    "CdOrPrtry": "Cd|Prtry",
    "TxsSummry": "TtlNtries TtlCdtNtries TtlDbtNtries TtlNtriesPerBkTxCd",
    "TtlNtries": "NbOfNtries Sum TtlNetNtry",
    "TtlCdtNtries": "NbOfNtries Sum",
    "TtlDbtNtries": "NbOfNtries Sum",
    "Ntry": "NtryRef Amt! CdtDbtInd! RvslInd Sts! BookgDt ValDt AcctSvcrRef Avlbty BkTxCd! "
    "ComssnWvrInd AddtlInfInd AmtDtls Chrgs TechInptChanl Intrst CardTx NtryDtls AddtlNtryInf",
    "Sts": "Cd|Prtry",
    "BookgDt": "Dt|DtTm",
    "ValDt": "Dt|DtTm",
    "BkTxCd": "Domn Prtry",
    "Domn": "Cd! Fmly!",
    "Fmly": "Cd! SubFmlyCd!",
    "BkTxCd/Prtry": "Cd! Issr",
    "NtryDtls": "Btch TxDtls",
    "Btch": "MsgId PmtInfId NbOfTxs TtlAmt CdtDbtInd",
    "TxDtls": "Refs Amt CdtDbtInd AmtDtls Avlbty BkTxCd Chrgs Intrst RltdPties RltdAgts LclInstrm "
    "Purp RltdRmtInf RmtInf RltdDts RltdPric RltdQties FinInstrmId Tax RtrInf CorpActn SfkpgAcct "
    "CshDpst CardTx AddtlTxInf SplmtryData",
    "Refs": "MsgId AcctSvcrRef PmtInfId InstrId EndToEndId UETR TxId MndtId ChqNb ClrSysRef",
    "RltdPties": "InitgPty Dbtr DbtrAcct UltmtDbtr Cdtr CdtrAcct UltmtCdtr TradgPty Prtry",
    "Dbtr": "Pty|Agt",
    "Cdtr": "Pty|Agt",
    "Pty": PARTY,
    "DbtrAcct": ACCOUNT,
    "DbtrAcct/Id": "IBAN|Othr",
    "Othr": "Id! SchmeNm Issr",
    "RmtInf": "Ustrd Strd",
    "Strd": "RfrdDocInf RfrdDocAmt CdtrRefInf Invcr Invcee TaxRmt GrnshmtRmt AddtlRmtInf",
    "RfrdDocInf": "Tp Nb RltdDt LineDtls",
    "RfrdDocInf/Tp": "CdOrPrtry! Issr",
    "RfrdDocAmt": "DuePyblAmt DscntApldAmt CdtNoteAmt TaxAmt AdjstmntAmtAndRsn RmtdAmt",
    "DscntApldAmt": "Tp Amt!",
    "CdtrRefInf": "Tp Ref",
    "CdtrRefInf/Tp": "CdOrPrtry! Issr",
    "RtrInf": "OrgnlBkTxCd Orgtr Rsn AddtlInf",
    "Rsn": "Cd|Prtry",
}
REPEATED = {"Stmt", "Bal", "Ntry", "NtryDtls", "TxDtls", "Ustrd", "Strd", "DscntApldAmt"}
LONGEST = {"Nm": 140, "Ustrd": 140, "AddtlNtryInf": 500, "AddtlInf": 105, "IBAN": 34}
DATE = r"\d{4}-\d\d-\d\d"
MOMENT = rf"{DATE}T\d\d:\d\d:\d\d"
_SHAPES = {
    "Amt": r"\d{1,13}(\.\d{1,5})?",
    "Sum": r"\d{1,15}(\.\d{1,3})?",
    "TtlAmt": r"\d{1,13}(\.\d{1,5})?",
    "CdtDbtInd": "CRDT|DBIT",
    "RvslInd": "true|false",
    "IBAN": r"[A-Z]{2}\d\d[a-zA-Z0-9]{1,30}",
    "BICFI": r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?",
    "Dt": DATE,
    "CreDtTm": MOMENT,
    "FrDtTm": MOMENT,
    "ToDtTm": MOMENT,
    "Ccy": "[A-Z]{3}",
    "NbOfNtries": r"\d{1,15}",
    "NbOfTxs": r"\d{1,15}",
}
SHAPES = {own: re.compile(shape) for own, shape in _SHAPES.items()}


def name(element: etree._Element) -> str:
    assert element.tag.startswith(NAMESPACE)
    return element.tag[len(NAMESPACE) :]


def faults(element: etree._Element, above: str = "") -> Iterator[str]:
    """What in an element the schema would not allow."""
    own = name(element)
    children = tuple(name(child) for child in element)
    if children:
        yield from _faults_of_children(above, own, children)
        for child in element:
            yield from faults(child, own)
    else:
        yield from _faults_of_text(own, element.text or "", element.get("Ccy"))


@cache
def _faults_of_children(above: str, own: str, children: tuple[str, ...]) -> list[str]:
    rule = ORDER.get(f"{above}/{own}", ORDER.get(own))
    if rule is None:
        return [f"{above}/{own} may have no elements in it: {children}"]
    if "|" in rule:
        is_one = len(children) == 1 and children[0] in rule.split("|")
        return [] if is_one else [f"{own}: {children}, not one of {rule}"]
    found = []
    allowed = [one.rstrip("!") for one in rule.split()]
    if unknown := set(children) - set(allowed):
        found.append(f"{own} has no {unknown}")
    elif list(children) != sorted(children, key=allowed.index):
        found.append(f"{own}: {children} are out of order")
    if missing := {one.rstrip("!") for one in rule.split() if one.endswith("!")} - set(children):
        found.append(f"{own} lacks {missing}")
    if twice := {one for one in children if children.count(one) > 1} - REPEATED:
        found.append(f"{own} has {twice} twice")
    return found


def _faults_of_text(own: str, text: str, currency: str | None) -> Iterator[str]:
    if not text.strip():
        yield f"{own} is empty"
    if len(text) > LONGEST.get(own, 35):
        yield f"{own} is too long: {text!r}"
    if own in SHAPES and not SHAPES[own].fullmatch(text):
        yield f"{own} is not so written: {text!r}"
    if own in {"Amt", "TtlAmt", "RmtdAmt", "CdtNoteAmt"} and not currency:
        yield f"{own} has no currency"


def text(element: etree._Element, path: str) -> str:
    return element.findtext("/".join(NAMESPACE + part for part in path.split("/"))) or ""


def all_of(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall("/".join(NAMESPACE + part for part in path.split("/")))


def signed(element: etree._Element) -> Decimal:
    sign = {"CRDT": 1, "DBIT": -1}[text(element, "CdtDbtInd")]
    return sign * Decimal(text(element, "Amt"))


def balance(statement: etree._Element, code: str) -> Decimal:
    found = [b for b in all_of(statement, "Bal") if text(b, "Tp/CdOrPrtry/Cd") == code]
    (one,) = found
    return signed(one)


@pytest.fixture(scope="module")
def statements(files: Files) -> dict[str, list[etree._Element]]:
    """The statements of each account, in order of their files."""
    found: dict[str, list[etree._Element]] = defaultdict(list)
    for path in files.statements:
        if path.suffix == ".xml":
            found[path.parent.name].append(etree.parse(path).getroot())
    return found


def test_both_euro_accounts_are_told_in_camt(statements) -> None:
    camt = {one.name for one in OWN_ACCOUNTS if one.format == "camt.053"}
    assert set(statements) == camt == {"main", "collections"}
    assert len(statements["main"]) > 300  # a day each
    assert 60 < len(statements["collections"]) < 80  # a week each


def test_the_schema_would_take_every_file(statements) -> None:
    found = [fault for some in statements.values() for root in some for fault in faults(root)]
    assert found == []


@pytest.mark.parametrize(
    ("path", "harm", "told"),
    [
        ("Stmt/Id", "remove", "Stmt lacks"),
        ("Stmt/Acct", "move to the end", "out of order"),
        ("Stmt/Bal/Amt", "write 1,50", "Amt is not so written"),
        ("Stmt/Ntry/Sts/Cd", "empty", "Cd is empty"),
    ],
)
def test_a_planted_fault_is_found(files: Files, path: str, harm: str, told: str) -> None:
    root = etree.parse(next(p for p in files.statements if p.suffix == ".xml")).getroot()
    victim = all_of(root, f"BkToCstmrStmt/{path}")[0]
    if harm == "remove":
        victim.getparent().remove(victim)
    elif harm == "move to the end":
        victim.getparent().append(victim)
    else:
        victim.text = {"write 1,50": "1,50", "empty": ""}[harm]
    assert any(told in fault for fault in faults(root))


def test_opening_and_entries_make_closing_and_statements_follow_on(statements) -> None:
    for account, roots in statements.items():
        own = next(one for one in OWN_ACCOUNTS if one.name == account)
        before = Decimal(own.opening_minor).scaleb(-2)
        numbers = []
        for root in roots:
            (statement,) = all_of(root, "BkToCstmrStmt/Stmt")
            entries = [signed(one) for one in all_of(statement, "Ntry")]
            assert balance(statement, "OPBD") == before
            before = balance(statement, "CLBD")
            assert before == balance(statement, "OPBD") + sum(entries)
            assert Decimal(text(statement, "TxsSummry/TtlNtries/NbOfNtries")) == len(entries)
            credits = sum(one for one in entries if one > 0)
            assert Decimal(text(statement, "TxsSummry/TtlCdtNtries/Sum")) == credits
            first, last = (text(statement, f"FrToDt/{one}")[:10] for one in ("FrDtTm", "ToDtTm"))
            for entry in all_of(statement, "Ntry"):
                assert first <= text(entry, "BookgDt/Dt") <= last
            numbers.append((last[:4], int(text(statement, "LglSeqNb"))))
        assert numbers == sorted(set(numbers))
        assert {number for _, number in numbers} == set(range(1, len(set(numbers)) + 1)) or (
            min(number for _, number in numbers) == 1
        )


def test_a_batch_is_the_sum_of_its_payments(statements) -> None:
    batches = 0
    for root in (root for some in statements.values() for root in some):
        for entry in all_of(root, "BkToCstmrStmt/Stmt/Ntry"):
            details = all_of(entry, "NtryDtls/TxDtls")
            if details:
                assert sum(signed(one) for one in details) == signed(entry)
            if all_of(entry, "NtryDtls/Btch"):
                batches += 1
                assert int(text(entry, "NtryDtls/Btch/NbOfTxs")) == len(details) > 1
    assert batches


def customer_money(root: etree._Element) -> Iterator[Decimal]:
    """What customers paid, less what went back."""
    for entry in all_of(root, "BkToCstmrStmt/Stmt/Ntry"):
        if text(entry, "BkTxCd/Domn/Cd") == "PMNT":
            yield signed(entry)


def test_customers_money_is_what_the_payments_table_says(files: Files, statements) -> None:
    roots = [root for some in statements.values() for root in some]
    paid = sum(amount for root in roots for amount in customer_money(root))
    assert paid == files.received()["EUR"]


def test_what_came_back_says_why(files: Files, statements, history: History) -> None:
    returned = [
        entry
        for some in statements.values()
        for root in some
        for entry in all_of(root, "BkToCstmrStmt/Stmt/Ntry")
        if text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd") == "UPDD"
    ]
    assert len(returned) == len(history.returned())
    for entry in returned:
        assert text(entry, "CdtDbtInd") == "DBIT"
        assert re.fullmatch("AC04|AM04|MD01|MS03", text(entry, "NtryDtls/TxDtls/RtrInf/Rsn/Cd"))
        assert text(entry, "NtryDtls/TxDtls/Refs/AcctSvcrRef") in history.returned()


def test_a_reversal_undoes_a_fee(statements) -> None:
    for some in statements.values():
        for root in some:
            for entry in all_of(root, "BkToCstmrStmt/Stmt/Ntry"):
                if text(entry, "RvslInd") == "true":
                    assert text(entry, "BkTxCd/Domn/Fmly/Cd") == "MCOP"
                    assert signed(entry) > 0


def test_files_are_named_by_the_day_they_close(files: Files) -> None:
    for path in files.statements:
        assert date.fromisoformat(Path(path).stem)
