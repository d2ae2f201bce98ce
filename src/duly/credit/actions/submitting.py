"""Take a complete request in: who signed, what was agreed to, whom to ask, what to look at."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from duly.access.actions import Author, announce
from duly.credit.actions.links import issue_link
from duly.credit.actions.requests import write_revision
from duly.credit.actions.rescoring import rescore_request
from duly.credit.errors.requests import CreditRequestUnfit
from duly.credit.events import CreditRequestsSubmitted
from duly.credit.models import (
    Acceptance,
    Consent,
    CreditRequest,
    Guarantee,
    Reference,
    RequestFlag,
    RequestKey,
    RequestPerson,
    RequestRevision,
)
from duly.credit.queries.likenesses import known_alike
from duly.credit.queries.requests import (
    answers_of,
    conditions_by_id,
    form_of_request,
    people_of,
    request_by_id,
    typed_in,
)
from duly.credit.rules.flags import FlagPolicy, find_flags, keys_of
from duly.credit.rules.guarantees import wording
from duly.credit.rules.links import GUARANTEE
from duly.credit.rules.references import BANK, TRADE
from duly.credit.rules.request_fields import CONSENTS
from duly.kernel.errors import Problem
from duly.kernel.money import Money
from duly.storage import locks
from duly.storage.writing import whole

GUARANTEE_LINK_DAYS = 30


class Evidence(NamedTuple):
    """From where and with what somebody signed; empty where a colleague entered it."""

    address: str = ""
    browser: str = ""


@whole()
def submit_request(
    *,
    request_id: int,
    entity_name: str,
    on: date,
    evidence: Evidence,
    key: bytes,
    author: Author,
    policy: FlagPolicy = FlagPolicy(),  # noqa: B008 - frozen
) -> CreditRequest:
    """Take a request in as of a day; one that was taken in before is returned as it is.

    Writes: acceptance of the conditions, each consent, guarantees with their links, references to
    be asked, flags, each with what it saw, and a first score.
    Given: `key` that secrets of links are made with.
    Refuses: CreditRequestUnknown, CreditRequestUnfit with every problem.
    Announces: CreditRequestsSubmitted.
    """
    locks.hold(f"credit:{request_by_id(request_id).entity_id}")
    request = CreditRequest.objects.select_for_update().get(pk=request_id)
    if request.submitted_on is not None:
        return request
    read = answers_of(request, on)
    _refuse_unfit(request, read.problems)
    revision = _signed_revision(request, author)
    people = {row.place: row for row in people_of(request_id, revision)}
    _write_acceptance(request, people["signature"], evidence, author)
    _write_consents(request, read.values, author)
    _ask_guarantors(request, read.values, people, entity_name, key, author.at)
    _name_references(request, read.values, people)
    _write_flags(request, read.values, on, policy, author.at)
    request.submitted_on = on
    request.save(update_fields=["submitted_on"])
    rescore_request(request_id=request.pk, on=on, author=author)
    announce(event=CreditRequestsSubmitted(request.entity_id, (request.pk,)), at=author.at)
    return request


def _signed_revision(request: CreditRequest, author: Author) -> int:
    """The number of the revision that is sent in, under the name of whoever sends it."""
    number, typed = typed_in(request.pk)
    last = RequestRevision.objects.get(request_id=request.pk, number=number)
    if last.actor == author.actor:
        return number
    write_revision(request, number + 1, typed, author)
    return number + 1


def _refuse_unfit(request: CreditRequest, problems: list[Problem]) -> None:
    if problems:
        one = len(problems) == 1
        raise CreditRequestUnfit(
            f"{len(problems)} {'thing is' if one else 'things are'} missing or can't be: "
            f"{'; '.join(problem.message.rstrip('.') for problem in problems[:3])}.",
            facts={"number": request.number, "problems": problems},
            remedy="Mend each of them, and send it again. What was typed is kept.",
        )


def _write_acceptance(
    request: CreditRequest, signer: RequestPerson, evidence: Evidence, author: Author
) -> None:
    conditions = conditions_by_id(request.conditions_id)
    signed = RequestPerson.objects.create(
        entity_id=request.entity_id,
        request_id=request.pk,
        revision=0,
        place="signature.0",
        details={**signer.details, **evidence._asdict()},
    )
    Acceptance.objects.create(
        request_id=request.pk,
        conditions_id=conditions.pk if conditions else None,
        sha256=conditions.sha256 if conditions else "",
        person_id=signed.pk,
        way="form" if request.source == "form" else "told",
        accepted_at=author.at,
    )


def _write_consents(request: CreditRequest, values: dict[str, Any], author: Author) -> None:
    fields = form_of_request(request).fields
    Consent.objects.bulk_create(
        Consent(
            request_id=request.pk,
            kind=name,
            wording=fields[name].label,
            is_given=values.get(name, False),
            until_on=values.get("consents_until"),
            recorded_at=author.at,
        )
        for name in CONSENTS
        if name in fields
    )


def _ask_guarantors(
    request: CreditRequest,
    values: dict[str, Any],
    people: dict[str, RequestPerson],
    entity_name: str,
    key: bytes,
    at: datetime,
) -> None:
    usual = form_of_request(request).guarantee
    is_person = request.is_natural_person  # whose name must not stay in what is never changed
    called = f"the applicant of {request.number}" if is_person else request.name
    for place, row in enumerate(values.get("guarantors", ())):
        cap = row.get("cap")
        money = Money(cap, request.currency) if cap is not None else None
        guarantee = Guarantee.objects.create(
            entity_id=request.entity_id,
            request_id=request.pk,
            person_id=people[f"guarantors.{place}"].pk,
            kind=row["kind"],
            currency=request.currency,
            cap_minor=cap,
            until_on=row.get("until"),
            wording=wording(
                usual=usual,
                kind=row["kind"],
                applicant=called,
                entity=entity_name,
                cap=f"{request.currency} {money.text()}" if money is not None else "",
                until=row["until"].isoformat() if row.get("until") else "",
            ),
            asked_at=at,
        )
        issue_link(
            entity_id=request.entity_id,
            purpose=GUARANTEE,
            record_id=guarantee.pk,
            expires_at=at + timedelta(days=GUARANTEE_LINK_DAYS),
            key=key,
            at=at,
        )


def _name_references(
    request: CreditRequest, values: dict[str, Any], people: dict[str, RequestPerson]
) -> None:
    told: dict[str, Any] = {
        "entity_id": request.entity_id,
        "request_id": request.pk,
        "customer_id": request.customer_id,
    }
    rows = [
        Reference(
            kind=TRADE,
            name=row["name"],
            account_number=row.get("account_number", ""),
            person_id=people[f"trade_references.{place}"].pk,
            is_released=values.get("may_ask_references", False),
            **told,
        )
        for place, row in enumerate(values.get("trade_references", ()))
    ]
    if values.get("bank_name"):
        rows.append(
            Reference(
                kind=BANK,
                name=values["bank_name"],
                person_id=people["bank"].pk if "bank" in people else None,
                is_released=values.get("may_ask_bank", False),
                **told,
            )
        )
    Reference.objects.bulk_create(rows)


def _write_flags(
    request: CreditRequest, values: dict[str, Any], on: date, policy: FlagPolicy, at: datetime
) -> None:
    others = [
        one
        for one in known_alike(request.entity_id, values, request.pk)
        if not (one.kind == "customer" and one.record_id == request.customer_id)
    ]
    RequestFlag.objects.bulk_create(
        RequestFlag(
            request_id=request.pk,
            code=flag.code,
            text=flag.text[:500],
            facts=flag.facts,
            recorded_at=at,
        )
        for flag in find_flags(values, others=others, on=on, policy=policy)
    )
    RequestKey.objects.bulk_create(
        RequestKey(entity_id=request.entity_id, request_id=request.pk, kind=kind, value=value[:64])
        for kind, value in sorted(keys_of(values))
    )
