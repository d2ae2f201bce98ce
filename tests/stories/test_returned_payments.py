"""A payment comes back: what the credit manager sees, and what is done about it (pain C8)."""

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from shell import attempt, duly, write

RETURNED_ON = after(10)
FIRM = """
name = "firm"
returned_payment_fee = "7.50"

[[steps]]
code = "friendly"
days = 10
template = "friendly"
"""


@pytest.fixture
def owing(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """Alder owes 500.00, promised it for the 13th and paid on the 12th: the promise is kept."""
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "500.00")
    duly("promise", "add", "ALDER", "--amount", "500.00", "--currency", "EUR",
         "--due", after(3), "--on", TODAY)  # fmt: skip
    desk.payment("P-1", "ALDER", "500.00", on=after(2), item="I-1")
    desk.day(after(4))
    assert duly("promise", "list")["promises"][0]["state"] == "kept"
    return desk


def back(*more: object, code: int = 0) -> dict:
    return duly("payment", "return", "P-1", "--on", RETURNED_ON, "--reason", "AM04", *more,
                code=code)  # fmt: skip


def promise_id() -> int:
    return duly("promise", "list")["promises"][0]["id"]


def test_the_item_is_open_again_and_the_promise_broken(owing: CollectionsDesk) -> None:
    day_before = duly("aging", "--on", after(9))
    told = back()
    assert told == {
        "payment": "P-1",
        "on": str(RETURNED_ON),
        "amount": "500.00",
        "currency": "EUR",
        "reason": {
            "code": "AM04",
            "text": "there was not enough money on the account",
            "worth_a_try": True,
        },
        "opened": [{"item": "I-1", "amount": "500.00"}],
        "promises": [{"id": promise_id(), "verdict": "broken"}],
        "fees": [],
    }
    assert duly("aging", "--on", after(9)) == day_before
    (item,) = duly("items", "--on", RETURNED_ON, "--open")["items"]
    assert (item["number"], item["open"], item["days_past_due"]) == ("I-1", "500.00", 25)
    assert duly("promise", "list")["promises"][0]["state"] == "broken"
    assert duly("check")["ok"]


def test_somebody_is_told_to_call_and_why(owing: CollectionsDesk) -> None:
    back()
    returned, promise = sorted(duly("task", "list")["tasks"], key=lambda task: task["kind"])
    assert returned["text"] == (
        "Payment P-1 of EUR 500.00 came back: there was not enough money on the account (AM04). "
        "Agree on a day and try again."
    )
    assert "came back: call today" in promise["text"]
    owing.bank_is_fresh(RETURNED_ON)
    owing.day(RETURNED_ON)
    (row,) = duly("today", "--on", RETURNED_ON)["rows"]
    assert row["customer"] == "ALDER"
    kinds = [task["kind"] for task in duly("why", "ALDER", "--on", RETURNED_ON)["tasks"]]
    assert sorted(kinds) == ["payment_returned", "promise_broken"]


def test_a_fee_is_charged_once_where_the_policy_has_one(owing: CollectionsDesk) -> None:
    duly("policy", "set", write(owing.folder, "firm.toml", FIRM), "--on", TODAY)
    duly("policy", "choose", "firm", "--customer", "ALDER", "--on", TODAY)
    assert back()["fees"] == [{"item": "RETURN-P-1", "amount": "7.50"}]
    assert back(code=3)["code"] == "ALREADY_RETURNED"
    owed = duly("items", "--on", RETURNED_ON, "--open", "--customer", "ALDER")["items"]
    fee = owed[-1]
    assert (fee["kind"], fee["open"], fee["issued_on"]) == ("debit_note", "7.50", str(RETURNED_ON))
    assert len(owed) == 2
    assert duly("check")["ok"]


def test_a_dry_run_tells_it_all_and_writes_nothing(owing: CollectionsDesk) -> None:
    status, said, _ = attempt("payment", "return", "P-1", "--on", RETURNED_ON, "--reason", "AM04",
                              "--dry-run")  # fmt: skip
    assert status == 0
    assert said.splitlines() == [
        "500.00 EUR of P-1 would be returned on 2026-03-20: there was not enough money on the "
        "account (AM04).",
        "  500.00 EUR of I-1 would be open again.",
        f"  Promise {promise_id()} would be broken.",
        "This was a dry run: nothing is written.",
    ]
    assert duly("items", "--on", RETURNED_ON, "--open")["items"] == []
    assert duly("promise", "list")["promises"][0]["state"] == "kept"
    assert duly("task", "list")["tasks"] == []


def test_a_return_entered_by_hand_is_taken_back(owing: CollectionsDesk) -> None:
    """All is as before: the item settled, the promise kept, the fee void, the call done with."""
    assert duly("payment", "unreturn", "P-1", code=3)["code"] == "NOT_RETURNED"
    duly("policy", "set", write(owing.folder, "firm.toml", FIRM), "--on", TODAY)
    duly("policy", "choose", "firm", "--customer", "ALDER", "--on", TODAY)
    was = duly("aging", "--on", RETURNED_ON)["totals"]
    back()
    told = duly("payment", "unreturn", "P-1", "--dry-run")
    assert (told["settled"], told["fees_voided"]) == ([{"item": "I-1", "amount": "500.00"}], 1)
    assert duly("aging", "--on", RETURNED_ON)["totals"] != was
    status, said, _ = attempt("payment", "unreturn", "P-1")
    assert (status, said.splitlines()[0]) == (0, "500.00 EUR of P-1 is not returned any more.")
    assert duly("aging", "--on", RETURNED_ON)["totals"] == was
    assert duly("promise", "list")["promises"][0]["state"] == "kept"
    assert [one for one in duly("task", "list")["tasks"] if one["kind"] == "payment_returned"] == []
    assert back()["amount"] == "500.00"
    owing.payment("P-9", "ALDER", "500.00", on=RETURNED_ON, item="I-1")
    refused = duly("payment", "unreturn", "P-1", code=3)
    assert (refused["code"], refused["facts"]["depends"][0]["what"]) == ("RETURN_IN_USE", "I-1")
    assert duly("check")["ok"]


def test_a_promise_whose_day_is_to_come_waits_again(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "500.00")
    duly("promise", "add", "ALDER", "--amount", "500.00", "--currency", "EUR",
         "--due", after(20), "--on", TODAY)  # fmt: skip
    desk.payment("P-1", "ALDER", "500.00", on=after(2), item="I-1")
    desk.day(after(4))
    assert back()["promises"] == [{"id": promise_id(), "verdict": "open"}]
    assert duly("promise", "list")["promises"][0]["state"] == "open"


def test_money_of_somebody_else_does_not_break_a_promise(owing: CollectionsDesk) -> None:
    owing.customer("BIRCH")
    owing.payment("P-2", "BIRCH", "500.00", on=after(2))
    told = duly("payment", "return", "P-2", "--on", RETURNED_ON, "--reason", "NSF")
    assert told["promises"] == []
    assert duly("promise", "list")["promises"][0]["state"] == "kept"


def test_the_same_key_is_the_same_return(owing: CollectionsDesk) -> None:
    first = back("--key", "night-7")
    assert back("--key", "night-7") == first
    assert duly("payment", "return", "NOBODY", "--reason", "NSF", code=3)["code"] == (
        "PAYMENT_UNKNOWN"
    )
    assert back("--reason", "BECAUSE", code=3)["code"] == "RETURN_REASON_UNKNOWN"


def test_the_banks_file_returns_what_it_takes_back(desk: CollectionsDesk) -> None:  # noqa: F811
    """A debit of Alder's comes back; of two equal ones of Birch nobody can say which it was."""
    for code in ("ALDER", "BIRCH"):
        desk.customer(code)
    duly("import", camt(desk, "1", 0, (119, "CRDT", "E-1", "A"), (50, "CRDT", "NOTPROVIDED", "B"),
                        (50, "CRDT", "NOTPROVIDED", "B")))  # fmt: skip
    path = camt(desk, "2", 219, (119, "DBIT", "E-1", "A"), (50, "DBIT", "NOTPROVIDED", "B"))
    assert "is returned" in str(duly("import", path, "--dry-run"))
    assert duly("aging", "--on", TODAY)["totals"]["EUR"]["unapplied"] == "-219.00"
    (batch,) = duly("import", path)["batches"]
    assert sum(note.startswith("Payment B") for note in batch["notes"]) == 1
    assert duly("aging", "--on", TODAY)["totals"]["EUR"]["unapplied"] == "-100.00"
    (waits,) = duly("bank", "returns")["returns"]
    assert waits["because"].startswith("2 payments fit as well: ")
    payment = waits["because"].rpartition(" ")[2]
    duly("payment", "return", payment, "--on", TODAY, "--reason", "AC04", "--line", waits["line"])
    assert duly("bank", "returns")["returns"] == []
    assert len(duly("bank", "returns", "--all")["returns"]) == 2
    assert duly("aging", "--on", TODAY)["totals"]["EUR"]["unapplied"] == "-50.00"
    assert duly("payment", "return", payment, "--reason", "AC04", "--line", waits["line"],
                code=3)["code"] == "BANK_LINE_UNKNOWN"  # fmt: skip
    duly("payment", "unreturn", payment)
    assert [one["line"] for one in duly("bank", "returns")["returns"]] == [waits["line"]]
    by_bank = next(one for one in duly("bank", "returns", "--all")["returns"] if one["payments"])
    refused = duly("payment", "unreturn", by_bank["payments"][0], code=3)
    assert "duly import --revert" in refused["remedy"]
    assert duly("check")["ok"]


def camt(desk: CollectionsDesk, number: str, opening: int, *lines: tuple) -> object:  # noqa: F811
    """A statement of camt.053 on the tenth of March: (amount, side, end-to-end id, name) each."""
    closing = opening + sum(amount if side == "CRDT" else -amount for amount, side, *_ in lines)
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{amount}.00</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{TODAY}</Dt></BookgDt><AcctSvcrRef>S{number}-{place}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>"
        f"{'ESDD' if side == 'CRDT' else 'UPDD'}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{end}</EndToEndId></Refs><RltdPties><Dbtr><Nm>{name}"
        "</Nm></Dbtr></RltdPties>"
        + ("" if side == "CRDT" else "<RtrInf><Rsn><Cd>MS03</Cd></Rsn></RtrInf>")
        + "</TxDtls></NtryDtls></Ntry>"
        for place, (amount, side, end, name) in enumerate(lines)
    )
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{minor}.00</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{TODAY}</Dt></Dt></Bal>"
        for kind, minor in (("OPBD", opening), ("CLBD", closing))
    )
    return write(
        desk.folder,
        f"{number}.xml",
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr>'
        f"<MsgId>M</MsgId><CreDtTm>{TODAY}T08:00:00</CreDtTm></GrpHdr><Stmt><Id>{number}</Id>"
        f"<ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>{TODAY}T08:00:00</CreDtTm>"
        "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balances}{entries}</Stmt></BkToCstmrStmt></Document>",
    )
