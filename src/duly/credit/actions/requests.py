"""Keep what applicants type, and take it in when it is complete."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from duly.access.actions import Author, record_changes
from duly.credit.actions.limits import hold_limits, refuse_strangers
from duly.credit.actions.rescoring import rescore_request
from duly.credit.errors.requests import (
    ConditionsEmpty,
    CreditRequestSubmitted,
    RequestFormUnfit,
    RequestPersonUnknown,
)
from duly.credit.models import (
    Conditions,
    CreditRequest,
    RequestFile,
    RequestFlag,
    RequestForm,
    RequestKey,
    RequestPerson,
    RequestRevision,
)
from duly.credit.models.decisions import CreditDecision
from duly.credit.queries.requests import (
    answers_of,
    conditions_of,
    form_of,
    form_of_request,
    request_by_id,
    request_unknown,
    typed_in,
)
from duly.credit.rules.answers import kept, parted, read_answers
from duly.credit.rules.request_fields import SOLE_TRADER
from duly.credit.rules.request_form import read_form
from duly.credit.rules.tombstones import ERASED
from duly.kernel.errors import Problem
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole

MOST_CONDITIONS = 200_000
NAMED = "not yet named"


class RequestFileDraft(NamedTuple):
    """A document of a request: which one, its name, its kind by content, its digest and size."""

    document: str
    file: str
    kind: str
    sha256: str
    bytes: int


@whole()
def save_request_form(
    *, entity_id: int, segment: str, document: Mapping[str, Any], author: Author
) -> RequestForm:
    """Give a segment ("" for the entity) a new version of its form; requests begun keep theirs.

    Refuses: RequestFormUnfit.
    """
    problems = read_form(document)[1]
    if problems:
        raise RequestFormUnfit(
            f"The form can't be used: {problems[0].message}",
            facts={"problems": problems},
            remedy="Mend what is told; what it leaves out is as in the form that comes with Duly.",
        )
    locks.hold(f"credit:{entity_id}")
    rows = RequestForm.objects.filter(entity_id=entity_id, segment=segment)
    return RequestForm.objects.create(
        entity_id=entity_id,
        segment=segment,
        version=rows.count() + 1,
        document=dict(document),
        actor=author.actor,
        recorded_at=author.at,
    )


@whole()
def save_conditions(*, entity_id: int, text: str, author: Author) -> Conditions:
    """Write down new terms and conditions, for requests begun from now on; the same add nothing.

    Refuses: ConditionsEmpty.
    """
    text = text.strip()
    if not 0 < len(text) <= MOST_CONDITIONS:
        raise ConditionsEmpty(
            f"Terms and conditions have {len(text):,} characters.",
            facts={"characters": len(text), "most": MOST_CONDITIONS},
            remedy=f"Give a text of 1 to {MOST_CONDITIONS:,} characters.",
        )
    locks.hold(f"credit:{entity_id}")
    newest = conditions_of(entity_id)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if newest is not None and newest.sha256 == sha256:
        return newest
    return Conditions.objects.create(
        entity_id=entity_id,
        version=newest.version + 1 if newest else 1,
        text=text,
        sha256=sha256,
        actor=author.actor,
        recorded_at=author.at,
    )


@whole()
def begin_request(
    *,
    entity_id: int,
    currency: str,
    segment: str,
    source: str,
    author: Author,
    customer_id: int | None = None,
) -> CreditRequest:
    """Open a draft under the form and the conditions of today."""
    locks.hold(f"credit:{entity_id}")
    asked, conditions = form_of(entity_id, segment), conditions_of(entity_id)
    newest = CreditRequest.objects.filter(entity_id=entity_id).order_by("-pk").first()
    count = int(newest.number.partition("-")[2]) if newest else 0
    return CreditRequest.objects.create(
        entity_id=entity_id,
        number=f"CR-{count + 1:04d}",
        customer_id=customer_id,
        name=NAMED,
        currency=currency,
        amount_minor=0,
        source=source,
        actor=author.actor,
        recorded_at=author.at,
        segment=asked.segment,
        form_version=asked.version,
        conditions_id=conditions.pk if conditions else None,
    )


@whole()
def save_answers(
    *, request_id: int, given: Mapping[str, Any], on: date, author: Author
) -> list[Problem]:
    """Keep what was typed, as a revision of its own; return every problem of it so far.

    Rule: what is typed is kept within bounds, whatever is wrong with it; what the form does not ask
    is told and not kept; what was typed before and is not given now stays.
    Refuses: CreditRequestUnknown, CreditRequestSubmitted.
    """
    request = _draft(request_id)
    form = form_of_request(request)
    number, before = typed_in(request_id)
    typed = {**before, **dict.fromkeys(given), **kept(form, given)}
    typed = {name: value for name, value in typed.items() if value is not None}
    if typed != before or not number:
        write_revision(request, number + 1, typed, author)
    unknown = [p for p in read_answers(form, given, on).problems if p.code == "FIELD_UNKNOWN"]
    values = read_answers(form, typed, on).values
    request.name = values.get("legal_name", request.name)
    request.country = values.get("country", "")
    request.currency = values.get("currency", request.currency)
    request.amount_minor = values.get("amount", 0)
    request.terms = values.get("terms", "")
    request.is_natural_person = values.get("legal_form") == SOLE_TRADER
    request.save()
    told = answers_of(request, on).problems
    return [*unknown, *(problem for problem in told if problem not in unknown)]


def write_revision(
    request: CreditRequest, number: int, typed: Mapping[str, Any], author: Author
) -> None:
    """Keep what a request says, under a number and the name of whoever says it."""
    firm, people = parted(typed)
    RequestRevision.objects.create(
        request_id=request.pk,
        number=number,
        typed=firm,
        actor=author.actor,
        recorded_at=author.at,
    )
    RequestPerson.objects.bulk_create(
        RequestPerson(
            entity_id=request.entity_id,
            request_id=request.pk,
            revision=number,
            place=place,
            details=details,
        )
        for place, details in people.items()
    )


def _draft(request_id: int) -> CreditRequest:
    row = CreditRequest.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        raise request_unknown(str(request_id))
    if row.submitted_on is not None:
        raise CreditRequestSubmitted(
            f"{row.number} was submitted on {row.submitted_on}.",
            facts={"number": row.number, "submitted_on": row.submitted_on},
            remedy="What was submitted is not changed. Ask anew, or tell us what has changed.",
        )
    return row


@whole()
def attach_request_files(
    *, request_id: int, drafts: Sequence[RequestFileDraft], author: Author
) -> list[RequestFile]:
    """Attach documents to a request, also to a submitted one; those there already add nothing.

    Refuses: CreditRequestUnknown.
    """
    request = request_by_id(request_id)
    there = {
        (row.document, row.sha256): row for row in RequestFile.objects.filter(request_id=request_id)
    }
    new = {(d.document, d.sha256): d for d in drafts if (d.document, d.sha256) not in there}
    rows = RequestFile.objects.bulk_create(
        RequestFile(
            entity_id=request.entity_id,
            request_id=request_id,
            actor=author.actor,
            recorded_at=author.at,
            **draft._asdict(),
        )
        for draft in new.values()
    )
    there.update({(row.document, row.sha256): row for row in rows})
    return [there[draft.document, draft.sha256] for draft in drafts]


@whole()
def tie_request(*, request_id: int, customer_id: int, author: Author) -> CreditRequest:
    """Say which customer of ours the applicant is, before anything is decided.

    Refuses: CreditRequestUnknown, LimitUnknown for a customer of another entity,
    CreditRequestSubmitted once it is decided: then `name_customer` does.
    """
    row = request_by_id(request_id)
    hold_limits(entity_id=row.entity_id)  # nobody decides about it meanwhile
    refuse_strangers(row.entity_id, customer_id)
    if CreditDecision.objects.filter(request_id=request_id).exists():
        raise CreditRequestSubmitted(
            f"{row.number} is decided.",
            facts={"number": row.number},
            remedy="Name its customer where the decision stands, so that its limit begins.",
        )
    change = (row.pk, {"customer_id": row.customer_id}, {"customer_id": customer_id})
    record_changes(noun="credit request", changes=[change], author=author)
    row.customer_id = customer_id
    row.save(update_fields=["customer_id"])
    rescore_request(request_id=row.pk, on=author.at.date(), author=author)  # they have a past now
    return row


@whole()
def erase_person(*, entity_id: int, person_id: int, author: Author) -> int:
    """Erase what a request tells of a natural person, in all its revisions; return how many rows.

    Rule: rows of the same name in the request are the same person. The firm's answers, the
    evidence and the fact that somebody stood there stay. Of a sole trader the request's name and
    numbers go, too, also in what flags tell. Refuses: RequestPersonUnknown.
    """
    one = RequestPerson.objects.filter(pk=person_id, entity_id=entity_id).first()
    if one is None:
        raise RequestPersonUnknown(
            f"Nobody in a credit request has the number {person_id}.",
            facts={"person": person_id},
            remedy="Look at `duly credit people NUMBER`.",
        )
    rows = [
        row
        for row in RequestPerson.objects.select_for_update().filter(request_id=one.request_id)
        if row.pk == one.pk or row.place == one.place or _name(row) == _name(one) != ""
    ]
    for row in rows:
        row.details, row.erased_at = {}, row.erased_at or author.at
        row.save(update_fields=["details", "erased_at"])
    places = {row.place for row in rows}
    if places & {"applicant", "payables"}:
        RequestKey.objects.filter(request_id=one.request_id).delete()
        RequestFlag.objects.filter(request_id=one.request_id).update(text=ERASED, facts={})
    if "applicant" in places:
        _erase_name(one.request_id)
    changes = [(row.pk, {"is_erased": False}, {"is_erased": True}) for row in rows]
    record_changes(noun="request person", changes=changes, author=author)
    return len(rows)


def _erase_name(request_id: int) -> None:
    """Erase what a request of a sole trader is called, also where flags of others name it."""
    row = CreditRequest.objects.get(pk=request_id)
    row.name = ERASED
    row.save(update_fields=["name"])
    others = CreditRequest.objects.filter(entity_id=row.entity_id).values("pk")
    flags = RequestFlag.objects.filter(request_id__in=others, facts__kind="request")
    told = {"kind": "request", "number": row.number}
    flags.filter(facts__number=row.number).update(text=ERASED, facts=told)


@whole()
def erase_lapsed_drafts(*, before: datetime, author: Author) -> int:
    """Erase what drafts that applicants begun and never sent tell of persons; return how many rows.

    Input: `before` a moment by which the links of what was begun no longer open anything.
    """
    drafts = CreditRequest.objects.filter(
        source="form", submitted_on=None, recorded_at__lt=before
    ).values("pk")
    rows = RequestPerson.objects.filter(request_id__in=drafts, erased_at=None)
    ids = list(rows.values_list("pk", flat=True))
    CreditRequest.objects.filter(pk__in=drafts, is_natural_person=True).update(name=ERASED)
    if ids:
        RequestPerson.objects.filter(pk__in=among(ids)).update(details={}, erased_at=author.at)
        changes = [(pk, {"is_erased": False}, {"is_erased": True}) for pk in ids]
        record_changes(noun="request person", changes=changes, author=author)
    return len(ids)


def _name(row: RequestPerson) -> str:
    names = ("name", "payables_name", "signer_name", "bank_officer", "legal_name", "signed")
    found = next((row.details[name] for name in names if row.details.get(name)), "")
    return " ".join(str(found).casefold().split())
