"""Remittances looked at and taken in: from files, pasted text and mails, each once."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from duly.cash_application.actions import AdviceDraft, take_advices
from duly.cash_application.queries import advices_kept, joins_of
from duly.cash_application.queries.advices import Kept
from duly.cash_application.rules.advices import FATAL, Advice, AdviceLine, prove
from duly.cash_application.rules.joining import WORDS, Joins
from duly.cash_application.rules.statements import decimals_of
from duly.interfaces.exchange.couriers.arrivals import MOST_BYTES, read_mail, tables_of
from duly.interfaces.exchange.evidence import keep_bytes
from duly.interfaces.exchange.readers.refusals import FileRefused
from duly.interfaces.exchange.readers.remittance import open_remittance
from duly.interfaces.exchange.readers.remittance.mail import enclosed_in, is_remittance, own_words
from duly.interfaces.exchange.readers.remittance.text import advice_in
from duly.interfaces.exchange.settling import Asked, carry_out
from duly.kernel.amounts import text_from_minor
from duly.kernel.errors import Malformed, Problem, Refusal
from duly.kernel.quoting import safe_text
from duly.ledger.actions import recording
from duly.parties import queries as parties
from duly.receivables.queries.matching import numbers_of_payments

# Kinds that only machines write.
MACHINE = ("edi", "nacha", "fedwire", "pain.001", "remt.001", "ubl")
MOST_PROBLEMS = 100
PASTED = "pasted text"


class RemittanceUnreadable(FileRefused):
    """Remittances with places that can't be read; every one is in `facts.problems`."""

    code = "REMITTANCE_UNREADABLE"


class RemittanceFileSaid(NamedTuple):
    """What one file says: its advices, what is wrong with it, where its bytes lie."""

    name: str
    kind: str
    path: Path
    sha256: str
    advices: list[Advice]
    problems: list[Problem]
    mail_id: str = ""

    @property
    def is_whole(self) -> bool:
        """Nothing of it is missing or unreadable."""
        return not any(problem.code in FATAL for problem in self.problems)


def read_remittances(path: Path, name: str, folder: Path) -> Iterator[RemittanceFileSaid]:
    """What lies at a path: one file; of a mail what it encloses, or else its own words.

    `folder` holds what is taken out of a mail, until the caller is done with it.
    Refuses: what `open_remittance` does; FormatUnreadable for a mail without a remittance.
    """
    file = open_remittance(path, name)
    if file.kind == "mail":
        yield from read_mailed(path.read_bytes(), name, folder)
        return
    yield _said(file.name, file.kind, path, file.events())


def read_mailed(raw: bytes, name: str, folder: Path) -> list[RemittanceFileSaid]:
    """The remittances that a mail carries: enclosed, or in its own words. None where it is none.

    Kinds that only machines write are always taken; a table, a PDF or words only where the mail
    says that they are of a payment.
    """
    mail = read_mail(raw[:MOST_BYTES], size=len(raw))  # as it was written down
    found = []
    for at, one in enumerate(enclosed_in(raw)):
        path = folder / f"{hashlib.sha256(raw).hexdigest()[:16]}-{at}"
        path.write_bytes(one.data)
        try:
            file = open_remittance(path, safe_text(one.name, 200))
            if file.kind == "mail":
                continue
            is_told = file.kind in MACHINE or is_remittance(mail.subject, mail.text, one.name)
            said = _said(file.name, file.kind, path, file.events()) if is_told else None
        except Malformed:
            continue
        if said is not None and said.is_whole and said.advices:
            found.append(said._replace(mail_id=mail.mail_id))
    path = folder / hashlib.sha256(raw).hexdigest()
    for words in (tables_of(raw), mail.text):
        if not found and words and is_remittance(mail.subject, mail.text):
            path.write_bytes(raw)
            events = prove(advice_in(own_words(words), name))
            said = _said(safe_text(mail.subject, 200) or name, "mail", path, events)
            if said.is_whole and said.advices:
                found.append(said._replace(mail_id=mail.mail_id))
    return found


def _said(
    name: str, kind: str, path: Path, events: Iterator[Advice | Problem]
) -> RemittanceFileSaid:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    told = list(events)
    advices = [one for one in told if isinstance(one, Advice)]
    problems = [one for one in told if isinstance(one, Problem)]
    return RemittanceFileSaid(name, kind, path, digest, advices, problems)


def inspect_remittances(paths: Sequence[tuple[Path, str]]) -> dict[str, Any]:
    """What remittances say; writes nothing. Refuses: RemittanceUnreadable with every place."""
    with tempfile.TemporaryDirectory(prefix="duly-") as folder:
        files = _read_all(paths, Path(folder))
    return {
        "files": [
            {
                "file": one.name,
                "kind": one.kind,
                "advices": [_advice(advice) for advice in one.advices],
                "problems": [_problem(problem) for problem in one.problems],
            }
            for one in files
        ]
    }


def add_remittances(asked: Asked, paths: Sequence[tuple[Path, str]]) -> dict[str, Any]:
    """Take remittances in, each file once, and tell which payments they are of.

    Refuses: RemittanceUnreadable with every place of every file; nothing is then written.
    """
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)
    with tempfile.TemporaryDirectory(prefix="duly-") as folder:
        files = _read_all(paths, Path(folder))

        def act() -> dict[str, Any]:
            ids = take_in(files, asked, entity.pk, entity.currency)
            told = advices_document(entity.pk, advices_kept(entity.pk, ids=ids))
            named = [one for file in files for one in file.advices if one.lines]
            problems = [
                {"file": file.name} | _problem(one) for file in files for one in file.problems
            ]
            return told | {
                "new": len(ids),
                "same": len(named) - len(ids),
                "without_documents": sum(len(file.advices) for file in files) - len(named),
                "problems": problems[:MOST_PROBLEMS],
            }

        given = [entity.pk, on.isoformat(), [file.sha256 for file in files]]
        return carry_out(act, asked.key, "remittance add", given, asked.at, asked.is_dry_run)


def take_in(
    files: Sequence[RemittanceFileSaid],
    asked: Asked,
    entity_id: int,
    currency: str,
    customer_id: int | None = None,
) -> list[int]:
    """Write the advices of some files down, and keep their bytes; return the ids of new ones."""
    entity = parties.entity(str(entity_id))
    drafts = [
        AdviceDraft(
            advice, one.kind, one.name, one.sha256, asked.day(entity), one.mail_id, customer_id
        )
        for one in files
        for advice in one.advices
        if advice.lines
    ]
    with recording(
        kind="remittance", entity_id=entity_id, actor=asked.actor, at=asked.at
    ) as recorder:
        ids = take_advices(recorder=recorder, entity_id=entity_id, currency=currency, drafts=drafts)
        if not asked.is_dry_run:
            for one in files:
                keep_bytes(one.path, one.sha256)
    return ids


def _read_all(paths: Sequence[tuple[Path, str]], folder: Path) -> list[RemittanceFileSaid]:
    """What all files say. Refuses: for all of them together."""
    files: list[RemittanceFileSaid] = []
    refused: list[tuple[str, Refusal]] = []
    for path, name in paths:
        try:
            found = list(read_remittances(path, name, folder))
            files += found
            if not found:
                raise RemittanceUnreadable(
                    f"{name} is a mail without a remittance that is read.",
                    facts={"file": name, "where": name},
                    remedy="Save what it encloses, and add that.",
                )
        except Refusal as refusal:
            refused.append((name, refusal))
    unread = [
        {"file": name, "where": str(one.facts.get("where", "")), "code": one.code}
        | {"message": one.message, "remedy": one.remedy}
        for name, one in refused
    ]
    unread += [
        {"file": one.name} | _problem(problem)
        for one in files
        for problem in one.problems
        if problem.code in FATAL
    ]
    if len(refused) == 1 and len(unread) == 1:
        raise refused[0][1]
    if unread:
        first = unread[0]
        raise RemittanceUnreadable(
            f"{first['file']}, {first['where']}: {first['message']}"
            + (f" There are {len(unread) - 1} more." if unread[1:] else ""),
            facts={"problems": unread[:MOST_PROBLEMS], "count": len(unread)},
            remedy=first["remedy"] or "Ask the payer for it again.",
        )
    return files


def list_remittances(entity_name: str | None, limit: int) -> dict[str, Any]:
    """The newest advices, with the payments that they are of."""
    entity = parties.entity(entity_name)
    return advices_document(entity.pk, advices_kept(entity.pk, limit=limit))


def advices_document(entity_id: int, kept: Sequence[Kept]) -> dict[str, Any]:
    """Advices as scripts read them: "joined" to payments, "tied" between several, or "waiting"."""
    joins = joins_of(entity_id, kept)
    payments = {n for one in joins.joined for n in one.payment_ids}
    payments |= {n for one in joins.tied for n in one.payment_ids}
    numbers = numbers_of_payments(payments)
    codes = parties.codes_and_names(
        {one.row.customer_id for one in kept if one.row.customer_id is not None}
    )
    return {
        "advices": [
            _advice(one.advice)
            | {
                "id": one.row.pk,
                "file": one.row.file,
                "kind": one.row.kind,
                "told_on": one.row.told_on.isoformat(),
                "customer": codes[one.row.customer_id][0] if one.row.customer_id in codes else None,
            }
            | _state(one.row.pk, joins, numbers)
            for one in kept
        ]
    }


def _state(advice_id: int, joins: Joins, numbers: dict[int, str]) -> dict[str, Any]:
    for joined in joins.joined:
        if joined.advice_id == advice_id:
            of = [numbers[n] for n in joined.payment_ids]
            return {"state": "joined", "payments": of, "because": WORDS[joined.by]}
    for tied in joins.tied:
        if tied.advice_id == advice_id:
            of = [numbers[n] for n in tied.payment_ids]
            return {
                "state": "tied",
                "payments": of,
                "because": "Several payments or advices fit as well.",
            }
    return {"state": "waiting", "payments": [], "because": "No payment of it has come in."}


def _advice(advice: Advice) -> dict[str, Any]:
    decimals = decimals_of(advice.currency)

    def amount(minor: int | None) -> str | None:
        return None if minor is None else text_from_minor(minor, decimals)

    return {
        "place": advice.place,
        "payer": {
            "name": advice.payer_name,
            "account": advice.payer_account,
            "code": advice.payer_code,
        },
        "payment_reference": advice.payment_reference,
        "amount": amount(advice.amount_minor),
        "total": amount(advice.total_minor),
        "currency": advice.currency,
        "paid_on": advice.paid_on.isoformat() if advice.paid_on else None,
        "lines": [_line(line, decimals) for line in advice.lines],
    }


def _line(line: AdviceLine, decimals: int) -> dict[str, Any]:
    amounts = {
        "gross": line.gross_minor,
        "paid": line.paid_minor,
        "discount": line.discount_minor,
        "deduction": line.deduction_minor,
    }
    return {
        "number": line.number,
        **{
            name: None if minor is None else text_from_minor(minor, decimals)
            for name, minor in amounts.items()
        },
        "reason": line.reason,
        "text": line.text,
    }


def _problem(problem: Problem) -> dict[str, str]:
    return {
        "where": problem.where,
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
    }
