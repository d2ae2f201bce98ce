"""Credit requests as they stand: their form, answers, people, documents, flags."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from duly.credit.errors.requests import CreditRequestUnknown
from duly.credit.models import (
    Acceptance,
    Conditions,
    Consent,
    CreditRequest,
    Guarantee,
    GuaranteeSignature,
    RequestFile,
    RequestFlag,
    RequestForm,
    RequestPerson,
    RequestRevision,
)
from duly.credit.rules.answers import Answers, joined, read_answers
from duly.credit.rules.identifiers import (
    Looked,
    look_at_account,
    look_at_company_number,
    look_at_tax_id,
)
from duly.credit.rules.request_fields import DOCUMENTS
from duly.credit.rules.request_form import Form, read_form, usual_form
from duly.kernel.errors import Problem
from duly.kernel.quoting import safe_text
from duly.storage.among import among


def customers_of_requests(entity_id: int) -> dict[int, int]:
    """{request: the customer that it is of}; those of nobody yet are left out."""
    rows = CreditRequest.objects.filter(entity_id=entity_id, customer_id__isnull=False)
    return {pk: customer for pk, customer in rows.values_list("pk", "customer_id") if customer}


class FormInForce(NamedTuple):
    """The form of a segment: its version (0 comes with Duly), and what it asks."""

    segment: str
    version: int
    form: Form


class Signer(NamedTuple):
    """A guarantee with who is to give it, and its signature where there is one."""

    guarantee: Guarantee
    person: RequestPerson | None
    signature: GuaranteeSignature | None
    signed_by: RequestPerson | None


def form_of(entity_id: int, segment: str = "", version: int | None = None) -> FormInForce:
    """The newest form of a segment, else the entity's own, else the one that comes with Duly."""
    rows = RequestForm.objects.filter(entity_id=entity_id, segment__in={segment, ""})
    if version is not None:
        rows = rows.filter(segment=segment, version=version)
    row = rows.order_by("-segment", "-version").first() if version != 0 else None
    if row is None:
        return FormInForce(segment, 0, usual_form())
    return FormInForce(row.segment, row.version, read_form(row.document)[0])


def form_of_request(request: CreditRequest) -> Form:
    """The form that a request was begun with."""
    return form_of(request.entity_id, request.segment, request.form_version).form


def conditions_of(entity_id: int) -> Conditions | None:
    """The newest terms and conditions; None while none are written down."""
    return Conditions.objects.filter(entity_id=entity_id).order_by("-version").first()


def conditions_by_id(conditions_id: int | None) -> Conditions | None:
    """Terms and conditions as a request was begun with."""
    return Conditions.objects.filter(pk=conditions_id).first() if conditions_id else None


def request_by_id(request_id: int) -> CreditRequest:
    """A request. Refuses: CreditRequestUnknown."""
    row = CreditRequest.objects.filter(pk=request_id).first()
    if row is None:
        raise request_unknown(str(request_id))
    return row


def request_numbered(entity_id: int, number: str) -> CreditRequest:
    """The request of a number, such as CR-0042. Refuses: CreditRequestUnknown."""
    row = CreditRequest.objects.filter(entity_id=entity_id, number=number.strip().upper()).first()
    if row is None:
        raise request_unknown(number)
    return row


def requests_by_id(request_ids: Collection[int]) -> dict[int, CreditRequest]:
    """{number: request}."""
    return {row.pk: row for row in CreditRequest.objects.filter(pk__in=among(request_ids))}


def request_unknown(number: str) -> CreditRequestUnknown:
    """The refusal of a number that no request has."""
    return CreditRequestUnknown(
        f"There is no credit request {safe_text(number)}.",
        facts={"number": safe_text(number)},
        remedy="Look at the queue of requests on the page Credit.",
    )


def typed_in(request_id: int, revision: int | None = None) -> tuple[int, dict[str, Any]]:
    """(revision, what was typed) of a request, the newest unless another is asked for."""
    rows = RequestRevision.objects.filter(request_id=request_id)
    rows = rows.filter(number=revision) if revision is not None else rows
    row = rows.order_by("-number").first()
    if row is None:
        return 0, {}
    people = people_of(request_id, row.number)
    return row.number, joined(row.typed, {one.place: one.details for one in people})


def people_of(request_id: int, revision: int | None = None) -> list[RequestPerson]:
    """Natural persons that a request tells of, of one revision or of all."""
    rows = RequestPerson.objects.filter(request_id=request_id).order_by("pk")
    return list(rows.filter(revision=revision) if revision is not None else rows)


def people_by_id(person_ids: Collection[int | None]) -> dict[int, RequestPerson]:
    """{number: person}."""
    rows = RequestPerson.objects.filter(pk__in=among({pk for pk in person_ids if pk}))
    return {row.pk: row for row in rows}


def answers_of(request: CreditRequest, on: date) -> Answers:
    """What a request says, with every problem: of its fields and of documents that are missing.

    One that was submitted has none: it was complete, and who was erased since is not missed.
    """
    form = form_of_request(request)
    read = read_answers(form, typed_in(request.pk)[1], request.submitted_on or on)
    if request.submitted_on is not None:
        return read._replace(problems=[])
    there = {row.document for row in files_of(request.pk)}
    missing = [
        Problem(kind, "FIELD_MISSING", f"{DOCUMENTS[kind]}: no file is there.", "Add the file.")
        for kind, is_required in form.documents.items()
        if is_required and kind not in there
    ]
    return read._replace(problems=[*read.problems, *missing])


def numbers_looked_at(values: dict[str, Any]) -> list[Looked]:
    """The registered numbers of an application, each held against its form."""
    country, found = values.get("country", ""), []
    if values.get("tax_id"):
        found.append(look_at_tax_id(values["tax_id"], country))
    if values.get("registration_number"):
        found.append(look_at_company_number(values["registration_number"], country))
    if values.get("bank_account"):
        found.append(look_at_account(values["bank_account"]))
    return found


def files_of(request_id: int) -> list[RequestFile]:
    """Documents that came with a request, in order."""
    return list(RequestFile.objects.filter(request_id=request_id).order_by("pk"))


def flags_of(request_id: int) -> list[RequestFlag]:
    """What a person should look at, as it was seen at submission."""
    return list(RequestFlag.objects.filter(request_id=request_id).order_by("pk"))


def consents_of(request_id: int) -> list[Consent]:
    """Consents, one by one."""
    return list(Consent.objects.filter(request_id=request_id).order_by("pk"))


def acceptance_of(request_id: int) -> Acceptance | None:
    """Who accepted the conditions for the applicant."""
    return Acceptance.objects.filter(request_id=request_id).order_by("-pk").first()


def guarantees_of(request_id: int) -> list[Signer]:
    """Guarantees that were asked for, with their signatures."""
    rows = list(Guarantee.objects.filter(request_id=request_id).order_by("pk"))
    return _with_signatures(rows)


def guarantee_by_id(guarantee_id: int) -> Signer | None:
    """One guarantee; None where there is none."""
    found = _with_signatures(list(Guarantee.objects.filter(pk=guarantee_id)))
    return found[0] if found else None


def _with_signatures(rows: list[Guarantee]) -> list[Signer]:
    signed = {
        row.guarantee_id: row
        for row in GuaranteeSignature.objects.filter(guarantee_id__in=among({r.pk for r in rows}))
    }
    people = people_by_id([r.person_id for r in rows] + [s.person_id for s in signed.values()])
    return [
        Signer(
            row,
            people.get(row.person_id),
            signature := signed.get(row.pk),
            people.get(signature.person_id) if signature else None,
        )
        for row in rows
    ]
