"""What stands around the entries of a camt file: accounts, balances, totals.

Rule: a statement opens with OPBD, else with PRCD, else with the first ITBD (a page between); it
closes with CLBD, else with the last ITBD. In reports and notices an ITBD proves nothing, because
they need not have all entries of the day.
See: ISO 20022 external code set BalanceType.
"""

import html
import re
from collections.abc import Iterator
from datetime import date

from duly.cash_application.rules.statements import (
    INTERIM,
    NOTICE,
    STATEMENT,
    Balance,
    Claimed,
    Closed,
    Opened,
    decimals_of,
)
from duly.interfaces.exchange.readers.bank.camt.shapes import Node, tree
from duly.interfaces.exchange.readers.bank.figures import minor_of
from duly.kernel.quoting import quoted

_KINDS = {"Stmt": STATEMENT, "Rpt": INTERIM, "Ntfctn": NOTICE}
_MESSAGE = "BkToCstmr"  # how their names begin; version 001.01 has V01 behind
_PARTS = {"Acct", "Bal", "TxsSummry", "Id", "ElctrncSeqNb", "LglSeqNb"}
_TAG = re.compile(r"<([^>]*)>")
_TOTALS = {"TtlNtries": "entries", "TtlCdtNtries": "credits", "TtlDbtNtries": "debits"}
_ACCOUNTS = ("Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN")
_BICS = ("Svcr/FinInstnId/BICFI", "Svcr/FinInstnId/BIC", "Svcr/FinInstnId/ClrSysMmbId/MmbId")


class Outline:
    """Where the reader is between the entries, and what the statement has told so far."""

    def __init__(self) -> None:
        self.kind = ""  # of the statement that is open, "" outside of one
        self.statements = 0
        self.strays = 0  # entries that stand elsewhere than they may
        self.doubts: list[str] = []
        self._path: list[str] = []
        self._part: list[str] | None = None  # tags and texts of the part that is open
        self._base = 0  # how deep that part stands
        self._start()

    def _start(self) -> None:
        self.account = self.currency = self.bank = self.owner = ""
        self._numbers: dict[str, str] = {}
        self._balances: list[tuple[str, Balance]] = []
        self._claims: list[tuple[str, str, str]] = []

    def follow(self, text: str) -> Iterator[str]:
        """Read what stands between two entries; stops at each end of a statement."""
        pieces = _TAG.split(text)
        for tag, told in zip(pieces[1::2], pieces[2::2], strict=True):
            if self._part is not None:
                self._part += [tag, told]
            words = tag.strip("/").split()
            name = words[0].rpartition(":")[2] if words else ""
            if tag.startswith("/"):
                if self._ends(name):
                    yield name
            else:
                self._begins(name, tag, told)

    def _begins(self, name: str, tag: str, told: str) -> None:
        if tag.endswith("/"):
            return
        above = self._path[-1] if self._path else ""
        if name in _KINDS and above.startswith(_MESSAGE):
            self._start()
            self.kind = _KINDS[name]
            self.statements += 1
        elif name == "Ntry":
            self.strays += 1
        elif above in _KINDS and self._part is None and name in _PARTS:
            self._part, self._base = [tag, told], len(self._path)
        self._path.append(name)

    def _ends(self, name: str) -> bool:
        """Leave an element; tells whether it was a statement."""
        self._path.pop()
        if self._part is not None and len(self._path) == self._base:
            self._take_part(name)
        return name in _KINDS and bool(self._path) and self._path[-1].startswith(_MESSAGE)

    def _take_part(self, name: str) -> None:
        pieces, self._part = self._part or [], None
        root = tree(pieces[0::2])
        texts = ["", *(html.unescape(text).strip() for text in pieces[1::2]), ""]
        if root is None or not root.children:
            return
        part = root.children[0]
        if name == "Acct":
            self._take_account(part, texts)
        elif name == "Bal":
            self._take_balance(part, texts)
        elif name == "TxsSummry":
            for total, what in _TOTALS.items():
                for node in part.all(total):
                    told = (texts[node.where("NbOfNtries")], texts[node.where("Sum")])
                    self._claims.append((what, *told))
        else:
            self._numbers[name] = texts[part.at]

    def _take_account(self, part: Node, texts: list[str]) -> None:
        self.account = "".join(texts[part.where(*_ACCOUNTS)].split())
        self.currency = self.currency or texts[part.where("Ccy")]
        self.bank = texts[part.where(*_BICS)]
        self.owner = texts[part.where("Ownr/Nm", "Ownr/Pty/Nm", "Nm")]

    def _take_balance(self, part: Node, texts: list[str]) -> None:
        kind = texts[part.where("Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd")]
        amount = part.first("Amt")
        currency = amount.currency() if amount else ""
        self.currency = self.currency or currency
        minor = minor_of(texts[amount.at] if amount else "", decimals_of(currency))
        side = texts[part.where("CdtDbtInd")]
        if minor is None or side not in ("CRDT", "DBIT"):
            self.doubts.append(f"balance {kind} can't be read")
            return
        if currency and currency != self.currency:
            self.doubts.append(f"balance {kind} in {quoted(currency[:20])} is not of its currency")
            return
        on = _day(texts[part.where("Dt/Dt", "Dt/DtTm")])
        self._balances.append((kind, Balance(on, -minor if side == "DBIT" else minor)))

    def opened(self, currency: str) -> Opened:
        """The head of the statement; `currency`: of its first entry, where it names none itself."""
        self.currency = self.currency or currency
        kinds = ("OPBD", "PRCD", "ITBD") if self.kind == STATEMENT else ("OPBD", "PRCD")
        found = [held for kind in kinds for told, held in self._balances if told == kind]
        return Opened(
            place=f"statement {self.statements}",
            account=self.account,
            currency=self.currency,
            number=next(
                (
                    self._numbers[name]
                    for name in ("LglSeqNb", "ElctrncSeqNb", "Id")
                    if self._numbers.get(name)
                ),
                "",
            ),
            kind=self.kind,
            opening=found[0] if found else None,
            bank=self.bank,
            owner=self.owner,
        )

    def closed(self) -> Closed:
        """The foot of the statement."""
        told = [held for kind, held in self._balances if kind == "CLBD"]
        between = [held for kind, held in self._balances if kind == "ITBD"]
        opens = any(kind in ("OPBD", "PRCD") for kind, _ in self._balances)
        if not told and self.kind == STATEMENT and (opens or len(between) > 1):
            told = between
        claims = []
        for what, count, total in self._claims:
            entries = int(count) if re.fullmatch(r"[0-9]{1,15}", count) else None
            minor = minor_of(total, decimals_of(self.currency)) if total else None
            if (count and entries is None) or (total and minor is None):
                self.doubts.append(f"total of {what} can't be read")
            claims.append(Claimed(what, entries, minor))
        self.kind = ""
        return Closed(f"statement {self.statements}", told[-1] if told else None, tuple(claims))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
