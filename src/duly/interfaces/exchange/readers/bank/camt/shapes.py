"""What the tags of an entry mean, worked out once for all entries that have the same tags.

Purpose: in a file of a million entries the tags repeat and only the texts differ. A `Shape` tells
for each fact which text of the entry holds it: -1, the empty last one, where there is none.
See: ISO 20022 camt.052, .053, .054, versions 001.01 to 001.14 (ReportEntry, EntryDetails).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from duly.kernel.currencies import EXPONENTS

NOWHERE = -1
_CURRENCY = re.compile(r"""\bCcy\s*=\s*["']([^"']*)["']""")


class Node:
    """An element: its name, its attributes as written, where its text is, what is in it."""

    __slots__ = ("at", "attributes", "children", "name")

    def __init__(self, tag: str, at: int) -> None:
        name, _, self.attributes = tag.rstrip("/").partition(" ")
        self.name = name.split()[0].rpartition(":")[2] if name.split() else ""
        if "\n" in name or "\t" in name:
            self.attributes = tag
        self.at = at
        self.children: list[Node] = []

    def all(self, path: str) -> "list[Node]":
        """Every element at a path below."""
        found = [self]
        for name in path.split("/"):
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def first(self, *paths: str) -> "Node | None":
        """The first element without children at the first of the paths that has one."""
        for path in paths:
            for node in self.all(path):
                if not node.children:
                    return node
        return None

    def where(self, *paths: str) -> int:
        """Where the text of that element is."""
        node = self.first(*paths)
        return NOWHERE if node is None else node.at

    def currency(self) -> str:
        """The currency that its attributes tell."""
        found = _CURRENCY.search(self.attributes)
        return found[1].strip() if found else ""


def tree(tags: Sequence[str]) -> Node | None:
    """The element that tags make, the text behind tag i being at i + 1; None if they don't nest."""
    root = Node("", NOWHERE)
    path = [root]
    for at, tag in enumerate(tags, 1):
        if tag.startswith("/"):
            name = tag[1:].strip().rpartition(":")[2]
            if len(path) == 1 or path.pop().name != name:
                return None
            continue
        node = Node(tag, at)
        path[-1].children.append(node)
        if tag.endswith("/"):
            node.at = NOWHERE
        else:
            path.append(node)
    return root if len(path) == 1 else None


class Amount(NamedTuple):
    """An amount: where its text is, its currency, where its side is told."""

    at: int
    currency: str
    side: int = NOWHERE


class Charge(NamedTuple):
    """What the bank took: the amount, and where it tells that the entry is already without it."""

    amount: Amount
    included: int


class Party(NamedTuple):
    """One side of a payment: where name and account are."""

    name: int
    account: int


class DocumentShape(NamedTuple):
    """Where the facts of a document that is paid are (Strd)."""

    number: int
    kind: int
    gross: tuple[Amount, ...]
    paid: tuple[Amount, ...]
    credit: tuple[Amount, ...]
    discounts: tuple[Amount, ...]
    deductions: tuple[Amount, ...]
    reason: int


class Payment(NamedTuple):
    """Where the facts of one payment are (TxDtls)."""

    amounts: tuple[Amount, ...]
    instructed: tuple[Amount, ...]
    debtor: Party
    creditor: Party
    end_to_end: int
    mandate: int
    bank_reference: int
    customer_reference: int
    structured: tuple[int, ...]
    remittance: tuple[int, ...]
    told: int
    return_reason: int
    code: tuple[int, ...]
    charges: tuple[Charge, ...]
    documents: tuple[DocumentShape, ...]


class Shape(NamedTuple):
    """Where the facts of an entry are; `payment` is its only one."""

    amount: int
    currency: str
    exponent: int
    side: int
    reversal: int
    status: int
    booked_on: int
    value_on: int
    bank_reference: int
    entry_reference: int
    batch_reference: int
    code: tuple[int, ...]
    told: int
    charges: tuple[Charge, ...]
    payment: Payment | None


def shape_of(tags: Sequence[str]) -> Shape | None:
    """The shape of an entry by the tags in it; None where they make none."""
    entry = tree(tags)
    if entry is None:
        return None
    amount = entry.first("Amt")
    currency = amount.currency() if amount else ""
    return Shape(
        amount=amount.at if amount else NOWHERE,
        currency=currency,
        exponent=EXPONENTS.get(currency, NOWHERE),
        side=entry.where("CdtDbtInd"),
        reversal=entry.where("RvslInd"),
        status=entry.where("Sts", "Sts/Cd", "Sts/Prtry"),
        booked_on=entry.where("BookgDt/Dt", "BookgDt/DtTm"),
        value_on=entry.where("ValDt/Dt", "ValDt/DtTm"),
        bank_reference=entry.where("AcctSvcrRef"),
        entry_reference=entry.where("NtryRef"),
        batch_reference=entry.where(
            "NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId", "Btch/PmtInfId", "Btch/MsgId"
        ),
        code=_code(entry),
        told=entry.where("AddtlNtryInf"),
        charges=_charges(entry),
        payment=next(map(_payment, _payments(entry)), None),
    )


def payment_of(tags: Sequence[str]) -> Payment | None:
    """The shape of a payment in a batch by the tags in it; None where they make none."""
    node = tree(tags)
    return None if node is None else _payment(node)


def _payments(entry: Node) -> list[Node]:
    # Version 001.01 has no NtryDtls around them.
    return entry.all("NtryDtls/TxDtls") or entry.all("TxDtls")


def _payment(node: Node) -> Payment:
    return Payment(
        amounts=_amounts(node, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"),
        instructed=_amounts(node, "AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt"),
        debtor=_party(node, "Dbtr"),
        creditor=_party(node, "Cdtr"),
        end_to_end=node.where("Refs/EndToEndId"),
        mandate=node.where("Refs/MndtId"),
        bank_reference=node.where("Refs/AcctSvcrRef", "Refs/TxId", "Refs/ClrSysRef"),
        customer_reference=node.where("Refs/InstrId", "Refs/PmtInfId", "Refs/MsgId"),
        structured=_places(node, "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/CdtrRefInf/CdtrRef"),
        remittance=_places(
            node,
            "RmtInf/Ustrd",
            "RmtInf/Strd/RfrdDocInf/Nb",
            "RmtInf/Strd/RfrdDocInf/RfrdDocNb",
            "RmtInf/Strd/AddtlRmtInf",
        ),
        told=node.where("AddtlTxInf"),
        return_reason=node.where("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/RtrRsn/Cd"),
        code=_code(node),
        charges=_charges(node),
        documents=_documents(node),
    )


def _documents(node: Node) -> tuple[DocumentShape, ...]:
    """The documents of structured remittance; none where amounts are of several at once."""
    found = []
    for part in node.all("RmtInf/Strd"):
        numbers = part.all("RfrdDocInf/Nb") + part.all("RfrdDocInf/RfrdDocNb")
        amounts = part.all("RfrdDocAmt")
        if len(numbers) != 1 or len(amounts) != 1:
            if numbers:
                return ()
            continue
        inside = amounts[0]
        found.append(
            DocumentShape(
                numbers[0].at,
                part.where("RfrdDocInf/Tp/CdOrPrtry/Cd", "RfrdDocInf/Tp/Cd"),
                _amounts(inside, "DuePyblAmt", "DuePyblAmt/Amt"),
                _amounts(inside, "RmtdAmt"),
                _amounts(inside, "CdtNoteAmt"),
                _amounts(inside, "DscntApldAmt", "DscntApldAmt/Amt"),
                _amounts(inside, "AdjstmntAmtAndRsn/Amt"),
                inside.where("AdjstmntAmtAndRsn/Rsn", "AdjstmntAmtAndRsn/AddtlInf"),
            )
        )
    return tuple(found)


def _party(node: Node, role: str) -> Party:
    names, account = [], NOWHERE
    for place in ("RltdPties", "RltdPties/Ultmt"):
        base = f"{place}{'/' if place == 'RltdPties' else ''}{role}"
        names += [f"{base}/Nm", f"{base}/Pty/Nm", f"{base}/Agt/FinInstnId/Nm"]
    account = node.where(
        f"RltdPties/{role}Acct/Id/IBAN",
        f"RltdPties/{role}Acct/Id/Othr/Id",
        f"RltdPties/{role}Acct/Id/PrtryAcct/Id",
        f"RltdPties/{role}Acct/Id/BBAN",
    )
    return Party(node.where(*names), account)


def _code(node: Node) -> tuple[int, ...]:
    """The parts of the bank's code: domain, family and sub-family, else its own code."""
    domain = tuple(
        node.where(f"BkTxCd/Domn/{part}") for part in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")
    )
    if domain[0] != NOWHERE:
        return domain
    own = node.where("BkTxCd/Prtry/Cd")
    return () if own == NOWHERE else (own,)


def _charges(node: Node) -> tuple[Charge, ...]:
    """Single charges, else their total."""
    single = [
        Charge(amount, part.where("ChrgInclInd"))
        for path in ("Chrgs/Rcrd", "Chrgs")
        for part in node.all(path)
        for amount in _amounts(part, "Amt")
    ]
    total = [
        Charge(amount, NOWHERE)
        for part in node.all("Chrgs")
        for amount in _amounts(part, "TtlChrgsAndTaxAmt")
    ]
    return tuple(single or total)


def _amounts(node: Node, *paths: str) -> tuple[Amount, ...]:
    """The amounts at paths, in that order; their side is told beside them."""
    return tuple(
        Amount(found.at, found.currency(), node.where("CdtDbtInd"))
        for path in paths
        for found in node.all(path)
        if not found.children
    )


def _places(node: Node, *paths: str) -> tuple[int, ...]:
    return tuple(
        found.at
        for path in paths
        for found in node.all(path)
        if not found.children and found.at != NOWHERE
    )
