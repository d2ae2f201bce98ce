"""Credit requests from files and forms: read, kept, taken in, and told again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from duly.access.actions import Author
from duly.credit.actions import (
    Evidence,
    RequestFileDraft,
    attach_request_files,
    begin_request,
    save_answers,
    submit_request,
)
from duly.credit.errors.requests import CreditRequestUnfit
from duly.credit.models import Conditions, CreditRequest, RequestFile
from duly.credit.queries.links import link_of
from duly.credit.queries.references import References, email_of, references_of
from duly.credit.queries.requests import (
    FormInForce,
    answers_of,
    consents_of,
    files_of,
    flags_of,
    guarantees_of,
    numbers_looked_at,
    request_by_id,
)
from duly.credit.rules.links import DRAFT, GUARANTEE, REFERENCE
from duly.credit.rules.request_fields import DOCUMENTS
from duly.interfaces.exchange.backing import FileUnfit, Offered, looked_at
from duly.interfaces.exchange.evidence import keep_bytes
from duly.interfaces.exchange.json_documents import JsonError, strict_json
from duly.interfaces.exchange.secret_links import link_key, path_of
from duly.interfaces.jobs.enquiries import ask_guarantors, ask_referees
from duly.kernel.amounts import text_from_minor
from duly.kernel.currencies import exponent
from duly.kernel.errors import Malformed, Problem
from duly.kernel.quoting import CONTROLS, quoted, safe_text
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.storage.writing import whole

MOST_BYTES = 1024 * 1024
BESIDE = ("segment", "customer", "documents")  # what a file says beside the answers


class CreditRequestUnreadable(Malformed):
    """A file is no credit request: no JSON, no object, or too large."""

    code = "CREDIT_REQUEST_UNREADABLE"


class CreditFileUnfit(Malformed):
    """A document of a request is empty, too large, or not what documents are."""

    code = "CREDIT_FILE_UNFIT"


NOBODY = Evidence()  # a colleague entered it


@dataclass(frozen=True)
class Asked:
    """Who takes a request in, for whom, on which day."""

    entity: Entity
    on: date
    author: Author
    source: str = "clerk"
    evidence: Evidence = NOBODY


def read_request(path: Path) -> dict[str, Any]:
    """A request as a JSON file has it; numbers stay exact. Refuses: CreditRequestUnreadable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unreadable(path, f"is larger than {MOST_BYTES:,} bytes")
        given = strict_json(path.read_bytes())
    except OSError as error:
        raise _unreadable(path, f"can't be read: {error.strerror or error}") from None
    except JsonError as error:
        raise _unreadable(path, f"is no JSON: {safe_text(str(error), 120)}") from None
    if not isinstance(given, dict):
        raise _unreadable(path, "holds no request: an object with fields is one")
    return given


def _unreadable(path: Path, why: str) -> CreditRequestUnreadable:
    return CreditRequestUnreadable(
        f"{safe_text(path.name, 120)} {why}.",
        facts={"file": safe_text(path.name, 120)},
        remedy="Give a JSON object of the fields that docs/credit.md lists.",
    )


@whole()
def take_in(
    given: Mapping[str, Any], folder: Path, asked: Asked, *, is_draft: bool
) -> dict[str, Any]:
    """Keep a whole request, with its documents, and submit it; as a draft whatever is wrong stays.

    Refuses: CreditRequestUnfit with every problem and its place; then nothing is written.
    """
    problems = _problems_beside(given)
    segment = given.get("segment", "") if isinstance(given.get("segment", ""), str) else ""
    customer_id = None
    if isinstance(given.get("customer"), str):
        customer_id = parties.customer(entity_id=asked.entity.pk, code=given["customer"]).pk
    request = begin_request(
        entity_id=asked.entity.pk,
        currency=asked.entity.currency,
        segment=segment[:64],
        source=asked.source,
        author=asked.author,
        customer_id=customer_id,
    )
    answers = {name: value for name, value in given.items() if name not in BESIDE}
    documents = given.get("documents", [])
    problems += _attach(request, documents if isinstance(documents, list) else [], folder, asked)
    problems += save_answers(request_id=request.pk, given=answers, on=asked.on, author=asked.author)
    if is_draft:
        return {"request": {**request_document(request_by_id(request.pk), asked.on),
                            "problems": told(problems)}}  # fmt: skip
    if problems:
        raise CreditRequestUnfit(
            f"{len(problems)} {'thing is' if len(problems) == 1 else 'things are'} missing or can't"
            f" be: {'; '.join(problem.message.rstrip('.') for problem in problems[:3])}.",
            facts={"problems": problems},
            remedy="Mend each place that is named; or keep it unfinished with --draft.",
        )
    return {"request": request_document(send_in(request.pk, asked), asked.on)}


@whole()
def send_in(request_id: int, asked: Asked) -> CreditRequest:
    """Submit a request, and have the mails to its referees and guarantors leave.

    Refuses: CreditRequestUnfit, CreditRequestUnknown.
    """
    request = submit_request(
        request_id=request_id,
        entity_name=asked.entity.name,
        on=asked.on,
        evidence=asked.evidence,
        key=link_key(),
        author=asked.author,
    )
    actor, at = asked.author.actor, asked.author.at
    ask_referees(asked.entity, request_id=request_id, on=asked.on, actor=actor, at=at)
    ask_guarantors(asked.entity, request_id=request_id, on=asked.on, actor=actor, at=at)
    return request


def _problems_beside(given: Mapping[str, Any]) -> list[Problem]:
    found = [
        Problem(name, "FIELD_UNFIT", f"“{name}” can't be {quoted(given[name])}.", "Give a text.")
        for name in ("segment", "customer")
        if given.get(name) is not None and not isinstance(given[name], str)
    ]
    if not isinstance(given.get("documents", []), list):
        found.append(Problem("documents", "FIELD_UNFIT", "“documents” is a list of files."))
    return found


def _attach(
    request: CreditRequest, documents: Sequence[Any], folder: Path, asked: Asked
) -> list[Problem]:
    """Attach what a file names beside its answers: names in its own folder."""
    problems = []
    for place, one in enumerate(documents[:50]):
        where = f"documents[{place}]"
        name = one.get("file") if isinstance(one, dict) else None
        kind = one.get("document") if isinstance(one, dict) else None
        if not isinstance(name, str) or kind not in DOCUMENTS or Path(name).name != name:
            told_kinds = ", ".join(DOCUMENTS)
            problems.append(
                Problem(
                    where,
                    "FIELD_UNFIT",
                    "A document is one of a kind, and a file beside this one.",
                    f'Write {{"document": KIND, "file": NAME}}; kinds are {told_kinds}.',
                )
            )
            continue
        try:
            attach_document(request.pk, kind, Offered(name, folder / name), asked.author)
        except CreditFileUnfit as error:
            problems.append(Problem(where, error.code, error.message, error.remedy))
    return problems


def attach_document(request_id: int, document: str, one: Offered, author: Author) -> RequestFile:
    """Keep a document that comes with a request; its kind is what its content says.

    Refuses: CreditFileUnfit, CreditRequestUnknown, Outage.
    """
    try:
        found = looked_at(one)
    except FileUnfit as error:
        raise CreditFileUnfit(error.message, facts=error.facts, remedy=error.remedy) from None
    keep_bytes(one.path, found.sha256)
    draft = RequestFileDraft(document, *found)
    return attach_request_files(request_id=request_id, drafts=[draft], author=author)[0]


def told(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems as scripts read them."""
    return [{name: getattr(p, name) for name in ("where", "code", "message")} for p in problems]


def request_document(request: CreditRequest, on: date) -> dict[str, Any]:
    """A request as scripts read it: what is asked, what is missing, what to look at."""
    read = answers_of(request, on)
    return {
        "number": request.number,
        "state": "submitted" if request.submitted_on else "draft",
        "name": request.name,
        "amount": text_from_minor(request.amount_minor, exponent(request.currency)),
        "currency": request.currency,
        "terms": request.terms,
        "segment": request.segment,
        "form_version": request.form_version,
        "submitted_on": str(request.submitted_on) if request.submitted_on else None,
        "problems": told(read.problems),
        "numbers": [one._asdict() for one in numbers_looked_at(read.values)],
        "flags": [
            {"code": row.code, "text": row.text, "facts": row.facts} for row in flags_of(request.pk)
        ],
        "documents": [
            {"document": row.document, "file": row.file, "kind": row.kind, "sha256": row.sha256}
            for row in files_of(request.pk)
        ],
        "consents": {row.kind: row.is_given for row in consents_of(request.pk)},
        "guarantees": [
            {
                "kind": one.guarantee.kind,
                "guarantor": (one.person.details if one.person else {}).get("name", ""),
                "signed_at": one.signature.signed_at.isoformat() if one.signature else None,
                "warnings": one.signature.warnings if one.signature else [],
            }
            for one in guarantees_of(request.pk)
        ],
        **references_document(references_of(request.pk)),
    }


def references_document(found: References) -> dict[str, Any]:
    """References as scripts read them, with what they come to."""
    trade, currency = found.trade, found.trade.currency

    def money(minor: int | None) -> str | None:
        return None if minor is None else text_from_minor(minor, exponent(currency))

    return {
        "references": [
            {
                "id": row.reference.pk,
                "kind": row.reference.kind,
                "name": row.reference.name,
                "state": row.state,
                "asked": row.reference.asked,
                "reminders": row.reminders,
                "to": email_of(row),
                "way": row.answer.way if row.answer else None,
                "answer": row.answer.typed if row.answer else None,
                "why": row.reference.why,
            }
            for row in found.rows
        ],
        "references_come_to": {
            "answered": trade.answered,
            "asked": trade.asked,
            "median_high_credit": money(trade.median_minor),
            "ceiling": money(trade.ceiling_minor),
            "days_slow": None if trade.days_slow is None else f"{trade.days_slow:.1f}",
            "agency_days_beyond_terms": (
                None
                if found.agency_days_beyond_terms is None
                else str(found.agency_days_beyond_terms)
            ),
            "agency_recommendation": money(found.agency_recommendation_minor),
        },
    }


def form_document(found: FormInForce) -> dict[str, Any]:
    """A form as scripts read it: each field, and whether it is required."""
    form = found.form
    return {
        "segment": found.segment,
        "version": found.version,
        "title": form.title,
        "fields": {name: name in form.required for name in form.fields},
        "documents": dict(form.documents),
        "references": form.references,
        "guarantors": form.guarantors,
    }


def conditions_document(row: Conditions | None) -> dict[str, Any]:
    """Terms and conditions as scripts read them."""
    if row is None:
        return {"version": 0, "sha256": "", "text": ""}
    return {"version": row.version, "sha256": row.sha256, "text": row.text}


def read_text(path: Path) -> str:
    """A text file. Refuses: CreditRequestUnreadable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unreadable(path, f"is larger than {MOST_BYTES:,} bytes")
        return CONTROLS.sub("", path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(path, f"can't be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise _unreadable(path, "is no text") from None


def links_document(request: CreditRequest, at: datetime) -> dict[str, Any]:
    """Links of a request that still open something, with the people they are for."""
    wanted = [(DRAFT, request.pk, request.name)]
    wanted += [
        (GUARANTEE, one.guarantee.pk, (one.person.details if one.person else {}).get("name", ""))
        for one in guarantees_of(request.pk)
    ]
    rows = references_of(request.pk).rows
    wanted += [(REFERENCE, row.reference.pk, row.reference.name) for row in rows]
    found = [(name, link_of(purpose=p, record_id=pk, at=at)) for p, pk, name in wanted]
    return {
        "links": [
            {
                "purpose": link.purpose,
                "for": name,
                "address": settings.PUBLIC_URL + path_of(link),
                "expires_at": link.expires_at.isoformat(),
            }
            for name, link in found
            if link is not None
        ]
    }
