"""Statements of account: letters from the books, as PDF, and as documents for scripts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from duly.collections.rules.statement_ways import Balance, Narrow, unfit
from duly.disputes.queries import disputed_by_item
from duly.intake.models import InvoiceCopy
from duly.interfaces.exchange.enclosing import copies_listed, enclose, told_left_out
from duly.interfaces.exchange.logos import logo_of
from duly.interfaces.exchange.writers.statements import (
    Letter,
    Sender,
    document_data,
    page_data,
    typeset,
)
from duly.interfaces.exchange.writers.statements.payment import COLLECTED, lacking
from duly.interfaces.exchange.writers.statements.running import (
    Done,
    processors,
    write_combined,
    write_pdf,
    write_single,
)
from duly.interfaces.exchange.writers.statements.swiss_bill import Lacking
from duly.kernel.currencies import EXPONENTS, exponent
from duly.kernel.errors import Malformed
from duly.kernel.locales import language_of, reader
from duly.kernel.money import text_from_minor
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.parties.policy import BANK_DETAILS
from duly.parties.rules.letters import Debtor
from duly.receivables.queries import statements
from duly.receivables.rules.statements import ACTIVITY, OPEN_ITEM, Line, Movement, Part
from duly.storage.bulk import slices

_UNITS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_READ_AT_ONCE = 500  # customers
_ON_LETTER = ("US", "CA", "MX", "CL", "CO", "VE", "PH", "GT", "CR", "PA", "DO", "SV", "NI")


class StatementUnclear(Malformed):
    """A statement was asked for that can't mean anything."""

    code = "STATEMENT_UNCLEAR"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which statement: kind and days, paper, and whether a group's accounts come together."""

    on: date
    kind: str = OPEN_ITEM
    from_on: date | None = None
    paper: str | None = None  # default: what the entity's country prints on
    is_group: bool = False
    language: str | None = None  # default: the customer's

    def __post_init__(self) -> None:
        if self.kind == ACTIVITY and self.from_on is None:
            raise StatementUnclear(
                "An activity statement needs its first day.",
                facts={"kind": self.kind},
                remedy="Give it with --from.",
            )
        if self.from_on is not None and (self.kind != ACTIVITY or self.from_on > self.on):
            raise StatementUnclear(
                "A first day belongs to an activity statement, and comes before its last.",
                facts={"kind": self.kind, "from": self.from_on, "on": self.on},
                remedy="Leave --from out, or give a day before --on with --kind activity.",
            )


@dataclass(frozen=True, slots=True)
class Filter:
    """Whose statements a run writes; `minimum` of a balance, in units of its currency."""

    segment: str | None = None
    collector: str | None = None
    country: str | None = None
    is_overdue: bool = False
    language: str | None = None
    currency: str | None = None
    minimum: str | None = None

    def __post_init__(self) -> None:
        if self.minimum is not None and not _UNITS.fullmatch(self.minimum):
            raise StatementUnclear(
                f"{self.minimum[:20]!r} is no least balance.",
                facts={"minimum": self.minimum[:20]},
                remedy="Give an amount such as 100 or 99.50.",
            )
        if self.currency is not None and self.currency not in EXPONENTS:
            raise StatementUnclear(
                f"{self.currency[:20]!r} is no currency.",
                facts={"currency": self.currency[:20]},
                remedy="Give its three letters, such as EUR.",
            )

    @property
    def narrow(self) -> Narrow:
        """What a statement must tell to be written."""
        least = Decimal(self.minimum) if self.minimum else None
        return Narrow(self.currency, least, self.is_overdue)


def customers_of(entity: Entity, whose: Filter) -> list[int]:
    """The customers that a filter names, in order of their codes, whatever they owe."""
    return parties.ids_where(
        entity_id=entity.pk,
        segment=whose.segment,
        collector=whose.collector,
        country=whose.country,
        language=whose.language,
    )


def balances(letter: Letter) -> list[Balance]:
    """What a letter tells in each currency."""
    parts = letter.statement.parts
    return [Balance(part.currency, part.balance_minor, part.overdue_minor) for part in parts]


def write_one(
    entity: Entity, code: str, asked: Asked, path: Path | None, *, with_copies: bool = False
) -> dict[str, Any]:
    """One customer's statement, told and, with a path, written as PDF, invoices behind it."""
    customer = parties.customer(entity_id=entity.pk, code=code)
    (letter,) = letters_of(entity, [customer.pk], asked)
    told = statement_document(letter)
    if path is not None:
        drawn = typeset(document_data([page_data(letter)], letter))
        copies: list[InvoiceCopy] = []
        if with_copies:
            copies, left_out = copies_listed(entity.pk, letter.statement)
            if left_out:
                told["warnings"].append(
                    {"code": "COPIES_LEFT_OUT", "message": told_left_out(left_out)}
                )
        if copies:
            whole, broken = enclose(drawn.pdf, copies)
            drawn = drawn._replace(pdf=whole)
            told["warnings"] += [_unopened(one.file) for one in broken]
        write_pdf(path, drawn)
        told["pdf"] = {
            "file": str(path),
            "bytes": len(drawn.pdf),
            "pdf_a": not drawn.unprinted and not copies,
            "copies": len(copies),
        }
        if drawn.unprinted:
            told["warnings"].append(unprinted(code, drawn.unprinted))
    return told


def write_many(
    entity: Entity,
    asked: Asked,
    whose: Filter,
    *,
    folder: Path | None,
    combined: Path | None,
    processes: int | None = None,
) -> dict[str, Any]:
    """The statements of all customers that fit and have something to tell, as PDF."""
    ids = customers_of(entity, whose)
    if asked.is_group:
        below = parties.tops_of(ids)
        ids = [pk for pk in ids if below[pk] == pk]
    workers = processes or processors()
    files: list[Done] = []
    parts: list[Done] = []
    lacks: dict[Lacking, None] = {}  # what all statements lack alike is told once
    if folder is not None:
        letters = _telling(entity, ids, asked, whose, lacks)
        files = list(write_single(letters, folder, processes=workers))
    if combined is not None:
        letters = _telling(entity, ids, asked, whose, lacks)
        parts = list(write_combined(letters, combined, processes=workers))
    written = [code for done in (files or parts) for code in done.customers]
    return {
        "on": asked.on.isoformat(),
        "kind": asked.kind,
        "statements": len(written),
        "written": sum(not done.is_kept for done in files),
        "kept": sum(done.is_kept for done in files),
        "files": [
            {
                "customer": done.customers[0],
                "file": done.file,
                "bytes": done.bytes,
                "sha256": done.sha256,
                "pdf_a": not done.unprinted,
            }
            for done in files
        ],
        "combined": str(combined) if any(done.customers for done in parts) else None,
        "warnings": [one._asdict() for one in lacks]
        + [
            unprinted(code, text)
            for done in files or parts
            for code, text in done.unprinted.items()
        ]
        + [unwritten(code, why) for done in parts for code, why in done.unwritten.items()],
    }


def _telling(
    entity: Entity, ids: Sequence[int], asked: Asked, whose: Filter, lacks: dict[Lacking, None]
) -> Iterator[Letter]:
    for letter in letters_of(entity, ids, asked):
        if unfit(balances(letter), whose.narrow) is None:
            lacks |= dict.fromkeys(lacking(letter))
            yield letter


def paper_of(entity: Entity) -> str:
    """On what its country prints."""
    return "letter" if entity.country in _ON_LETTER else "a4"


def letters_of(entity: Entity, ids: Sequence[int], asked: Asked) -> Iterator[Letter]:
    """The letters of customers in the order given, read some hundred at a time."""
    sender = Sender(
        entity.name,
        entity.address,
        entity.email,
        entity.phone,
        entity.tax_id,
        entity.country,
        logo_of(entity),
    )
    pay_to = parties.pay_to(entity.pk)
    paper = asked.paper or paper_of(entity)
    for some in slices(ids, _READ_AT_ONCE):
        groups = {pk: parties.ids_under(pk) if asked.is_group else [pk] for pk in some}
        debtors = parties.debtors({pk for group in groups.values() for pk in group})
        disputed = disputed_by_item(entity_id=entity.pk, on=asked.on, customer_ids=debtors)
        for told in statements(
            on=asked.on,
            groups=groups,
            kind=asked.kind,
            from_on=asked.from_on,
            disputed=disputed,
        ):
            debtor = debtors[told.customer_id]
            language = asked.language or language_of(debtor.language, entity.language)
            yield Letter(
                sender=sender,
                debtor=debtor,
                names=_names(told.customer_ids, debtors),
                statement=told,
                pay_to=pay_to,
                locale=reader(language, tag=debtor.language, country=debtor.country),
                paper=paper,
                notice_days=BANK_DETAILS.notice_days,
                home_currency=entity.currency,
            )


def _names(ids: Sequence[int], debtors: Mapping[int, Debtor]) -> dict[int, str]:
    return {pk: debtors[pk].name for pk in ids} if len(ids) > 1 else {}


def statement_document(letter: Letter) -> dict[str, Any]:
    """A statement as scripts read it."""
    told, debtor = letter.statement, letter.debtor
    return {
        "customer": debtor.code,
        "name": debtor.name,
        "kind": told.kind,
        "on": told.on.isoformat(),
        "from": told.from_on.isoformat() if told.from_on else None,
        "language": letter.locale.language,
        "paper": letter.paper,
        "collected_by": debtor.payment_method if _is_collected(debtor) else None,
        "currencies": [_part(letter, part) for part in told.parts],
        "pdf": None,
        "warnings": [one._asdict() for one in lacking(letter)],
    }


def _is_collected(debtor: Debtor) -> bool:
    return debtor.payment_method in COLLECTED


def _part(letter: Letter, part: Part) -> dict[str, Any]:
    decimals = exponent(part.currency)

    def text(minor: int) -> str:
        return text_from_minor(minor, decimals)

    names = letter.statement.buckets.names
    told: dict[str, Any] = {
        "currency": part.currency,
        "balance": text(part.balance_minor),
        "overdue": text(part.overdue_minor),
        "asked": text(0 if _is_collected(letter.debtor) else part.asked_minor),
        "disputed": text(part.disputed_minor),
        "unapplied": text(part.unapplied_minor),
        "ages": {name: text(minor) for name, minor in zip(names, part.ages_minor, strict=True)},
    }
    if letter.statement.kind == ACTIVITY:
        moved = sum(movement.amount_minor for movement in part.movements)
        told["opening"], told["activity"] = text(part.opening_minor), text(moved)
        told["movements"] = [_movement(one, text) for one in part.movements]
    else:
        told["items"] = [_line(line, letter, text) for line in part.lines]
    details = letter.pay_to.get(part.currency)
    told["pay_to"] = (
        {"holder": details.holder, "account": details.iban or details.account_number}
        if details and not _is_collected(letter.debtor)
        else None
    )
    return told


def _line(line: Line, letter: Letter, text) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    return {
        "number": line.number,
        "kind": line.kind,
        "instalment": line.instalment or None,
        "issued_on": line.issued_on.isoformat(),
        "due_on": line.due_on.isoformat(),
        "days_past_due": line.days_past_due(letter.statement.on),
        "amount": text(line.amount_minor),
        "open": text(line.open_minor),
        "disputed": text(line.disputed_minor),
    }


def _movement(one: Movement, text) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    return {
        "on": one.on.isoformat(),
        "kind": one.kind,
        "number": one.number,
        "amount": text(one.amount_minor),
    }


def _unopened(file: str) -> dict[str, str]:
    return {
        "code": "COPY_NO_PDF",
        "message": f"The copy {file} can't be opened, and is not enclosed.",
    }


def unwritten(customer: str, why: str) -> dict[str, str]:
    """A warning: a statement is not in the file for post, by a fault of ours."""
    return {"code": "NOT_WRITTEN", "message": f"{customer}: left out, it can't be written: {why}"}


def unprinted(customer: str, text: str) -> dict[str, str]:
    """A warning: a letter to a customer has characters that no font has."""
    return {
        "code": "NOT_ALL_PRINTS",
        "message": f"{customer}: no font has all characters of {text!r}. The file is a plain"
        " PDF, not PDF/A, and leaves them out.",
    }
