"""Statements as camt.053.001.08: the XML in which banks report booked lines.

Elements stand in the order of the schema that ISO 20022 publishes.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.world.records import BankLine, Line, Payment, Statement

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"

# Kind of line -> domain, family, sub-family; the bank's own code.
_CODES = {
    "transfer": (("PMNT", "RCDT", "ESCT"), "NTRF+166"),
    "direct_debit": (("PMNT", "IDDT", "ESDD"), "NDDT+192"),
    "return": (("PMNT", "IDDT", "UPDD"), "NRTI+109"),
    "fee": (("ACMT", "MDOP", "CHRG"), "NCHG+808"),
    "reversal": (("ACMT", "MCOP", "CHRG"), "NCHG+899"),
    "sweep": (("CAMT", "ACCB", "SWEP"), "NTRF+833"),
}
_REASONS = {
    "AC04": "Konto erloschen",
    "AM04": "Keine Deckung",
    "MD01": "Kein gültiges Mandat",
    "MS03": "Sonstige Gründe",
}


def element(tag: str, *content: str, **attributes: str) -> str:
    """An element around what is in it already; nothing where there is nothing in it.

    >>> element("Rsn", element("Cd", "AM04")), element("AddtlInf", "")
    ('<Rsn><Cd>AM04</Cd></Rsn>', '')
    """
    inner = "".join(content)
    if not inner:
        return ""
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{tag}{told}>{inner}</{tag}>"


def camt_053(statement: Statement, owner: str) -> str:
    """One statement as a document."""
    made_at = f"{statement.closed_on.isoformat()}T19:30:00"
    reference = f"{statement.account.tag}{statement.closed_on:%Y%m%d}-{statement.number:05d}"
    document = element(
        "Document",
        element(
            "BkToCstmrStmt",
            element("GrpHdr", element("MsgId", f"053-{reference}"), element("CreDtTm", made_at)),
            _statement(statement, owner, reference, made_at),
        ),
        xmlns=NAMESPACE,
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _statement(statement: Statement, owner: str, reference: str, made_at: str) -> str:
    account = statement.account
    first = min(line.booked_on for line in statement.lines)
    return element(
        "Stmt",
        element("Id", reference),
        element("ElctrncSeqNb", str(statement.number)),
        element("LglSeqNb", str(statement.number)),
        element("CreDtTm", made_at),
        element(
            "FrToDt",
            element("FrDtTm", f"{first.isoformat()}T00:00:00"),
            element("ToDtTm", f"{statement.closed_on.isoformat()}T23:59:59"),
        ),
        element(
            "Acct",
            element("Id", element("IBAN", account.number)),
            element("Ccy", account.currency),
            element("Ownr", element("Nm", escape(owner))),
            element(
                "Svcr",
                element(
                    "FinInstnId",
                    element("BICFI", account.bic),
                    element("Nm", escape(account.bank_name)),
                ),
            ),
        ),
        _balance(
            "OPBD", statement.opening_minor, account.currency, statement.opened_on.isoformat()
        ),
        _balance(
            "CLBD", statement.closing_minor, account.currency, statement.closed_on.isoformat()
        ),
        _summary(statement),
        *(_entry(line, account.currency, owner) for line in statement.lines),
    )


def _balance(code: str, minor: int, currency: str, on: str) -> str:
    return "\n" + element(
        "Bal",
        element("Tp", element("CdOrPrtry", element("Cd", code))),
        _amount(minor, currency),
        _side(minor),
        element("Dt", element("Dt", on)),
    )


def _summary(statement: Statement) -> str:
    amounts = [line.amount_minor for line in statement.lines]

    def counted(tag: str, some: Sequence[int]) -> str:
        total = _text(sum(map(abs, some)), statement.account.currency)
        return element(tag, element("NbOfNtries", str(len(some))), element("Sum", total))

    return element(
        "TxsSummry",
        counted("TtlNtries", amounts),
        counted("TtlCdtNtries", [one for one in amounts if one >= 0]),
        counted("TtlDbtNtries", [one for one in amounts if one < 0]),
    )


def _entry(line: BankLine, currency: str, owner: str) -> str:
    is_batch = len(line.payments) > 1
    batch = element(
        "Btch",
        element("PmtInfId", f"SDD-{line.bank_reference}"),
        element("NbOfTxs", str(len(line.payments))),
        element("TtlAmt", _text(line.amount_minor, currency), Ccy=currency),
        _side(line.amount_minor),
    )
    return "\n" + element(
        "Ntry",
        element("NtryRef", line.bank_reference),
        _amount(line.amount_minor, currency),
        _side(line.amount_minor),
        element("RvslInd", "true" if line.kind == "reversal" else ""),
        element("Sts", element("Cd", "BOOK")),
        element("BookgDt", element("Dt", line.booked_on.isoformat())),
        element("ValDt", element("Dt", line.value_on.isoformat())),
        element("AcctSvcrRef", line.bank_reference),
        _code(line.kind),
        element(
            "NtryDtls",
            batch if is_batch else "",
            *(_transaction(line, payment, owner) for payment in line.payments),
        ),
        element("AddtlNtryInf", escape(line.text)),
    )


def _code(kind: str) -> str:
    (domain, family, part), own = _CODES[kind]
    return element(
        "BkTxCd",
        element(
            "Domn",
            element("Cd", domain),
            element("Fmly", element("Cd", family), element("SubFmlyCd", part)),
        ),
        element("Prtry", element("Cd", own), element("Issr", "DK")),
    )


def _transaction(line: BankLine, payment: Payment, owner: str) -> str:
    is_debit = payment.method == "direct_debit"
    has_iban = payment.payer_account[:2].isalpha()
    minor = payment.amount_minor if line.amount_minor >= 0 else -payment.amount_minor
    account = (
        element("IBAN", payment.payer_account)
        if has_iban
        else element("Othr", element("Id", payment.payer_account))
    )
    return element(
        "TxDtls",
        element(
            "Refs",
            element("AcctSvcrRef", payment.bank_reference),
            element("EndToEndId", escape(payment.end_to_end)),
            element("MndtId", f"M-{payment.payer}" if is_debit else ""),
        ),
        _amount(minor, payment.currency),
        _side(minor),
        element(
            "RltdPties",
            element("Dbtr", element("Pty", element("Nm", escape(payment.payer_name)))),
            element("DbtrAcct", element("Id", account)),
            element("Cdtr", element("Pty", element("Nm", escape(owner)))),
        ),
        _remittance(payment),
        element(
            "RtrInf",
            element("Rsn", element("Cd", line.reason)),
            element("AddtlInf", _REASONS.get(line.reason, "")),
        ),
    )


def _remittance(payment: Payment) -> str:
    references = payment.structured_references
    if not references:
        return element("RmtInf", element("Ustrd", escape(payment.remittance)))
    if references[0].startswith("RF"):
        kind = element("Tp", element("CdOrPrtry", element("Cd", "SCOR")))
        told = element("CdtrRefInf", kind, element("Ref", references[0]))
        return element("RmtInf", element("Strd", told))
    deducted = [line.document for line in payment.lines if line.amount_minor < 0]
    notes = [number for number in deducted if number.startswith("GS-")]
    return element(
        "RmtInf", *(_document(payment, number) for number in dict.fromkeys([*references, *notes]))
    )


def _document(payment: Payment, number: str) -> str:
    """What is paid for one document; a credit note is taken off."""
    lines: list[Line] = [line for line in payment.lines if line.document == number]
    paid = sum(line.amount_minor for line in lines)
    discount = sum(line.discount_minor for line in lines)
    kind, tag = ("CREN", "CdtNoteAmt") if paid < 0 else ("CINV", "RmtdAmt")
    amount = element(tag, _text(abs(paid), payment.currency), Ccy=payment.currency)
    taken = element("DscntApldAmt", _amount(discount, payment.currency)) if discount else ""
    return element(
        "Strd",
        element(
            "RfrdDocInf",
            element("Tp", element("CdOrPrtry", element("Cd", kind))),
            element("Nb", number),
        ),
        element("RfrdDocAmt", taken, amount),
    )


def _amount(minor: int, currency: str) -> str:
    return element("Amt", _text(abs(minor), currency), Ccy=currency)


def _side(minor: int) -> str:
    return element("CdtDbtInd", "CRDT" if minor >= 0 else "DBIT")


def _text(minor: int, currency: str) -> str:
    return text_from_minor(minor, exponent(currency))
