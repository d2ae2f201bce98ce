"""A customer reads an instalment agreement, signs it, and sees later what was paid."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author
from duly.collections.actions import PLAN_LINK, Signer, sign_plan
from duly.collections.errors import PlanUnfit, PlanUnsigned
from duly.collections.queries.plans import (
    Papers,
    Plan,
    changed_items,
    papers_of,
    plan_numbered,
    reckoned,
)
from duly.collections.rules.plans.moving import BINDING, CANCELLED, OFFERED
from duly.collections.rules.plans.reckoning import COVERED
from duly.credit.errors.requests import LinkUnusable
from duly.credit.queries.links import link_behind
from duly.interfaces.exchange.agreements import agreement_pdf
from duly.interfaces.portal.guarding import address_of, at_home_of, count_save, public
from duly.interfaces.web.current import now, today
from duly.parties.models import Entity
from duly.parties.queries import customer_by_id, entity_by_id
from duly.receivables.rules.references import spaced

CUSTOMER = "customer"  # who signs by a link, and is nobody of us
WORDS = {
    "open": "to come",
    "awaited": "awaited",
    "missed": "did not come",
    "part_paid": "came in part",
    "disputed": "questioned by you",
    "paid": "paid",
    "late": "paid late",
    "early": "paid early",
    "prepaid": "paid ahead",
    "credited": "credited",
}


@public
def plan(request: HttpRequest, secret: str) -> HttpResponse:
    """The agreement to sign; once signed, what was paid and what comes next."""
    entity, found, papers = _behind(secret)
    given = {name: request.POST.get(name, "") for name in ("name", "title")}
    error, is_agreed = None, request.POST.get("is_agreed") == "on"
    if request.method == "POST" and papers.signature is None:
        count_save(request)
        browser = request.headers.get("User-Agent", "")[:200]
        try:
            sign_plan(
                entity=entity,
                plan_id=found.row.pk,
                signer=Signer(given["name"], given["title"], "link", address_of(request), browser),
                is_agreed=is_agreed,
                on=today(entity),
                author=Author(CUSTOMER, now()),
            )
        except PlanUnsigned as unsigned:
            error = unsigned
        except PlanUnfit:
            return redirect(request.path)  # the page tells that what is owed changed
    if request.method == "POST" and error is None:
        return redirect(request.path)
    told = {**_told(entity, found, papers), **given, "is_agreed": is_agreed, "error": error}
    with at_home_of(entity):
        return render(request, "portal/plan.html", told, status=422 if error else 200)


@public
def agreement(request: HttpRequest, secret: str) -> HttpResponse:
    """The agreement as PDF."""
    _, found, _ = _behind(secret)
    name = f'attachment; filename="agreement-{found.row.pk}.pdf"'
    return HttpResponse(
        agreement_pdf(found).pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": name},
    )


def _behind(secret: str) -> tuple[Entity, Plan, Papers]:
    """What a link opens. A plan that was cancelled opens nothing."""
    link = link_behind(purpose=PLAN_LINK, secret=secret, at=now())
    entity = entity_by_id(link.entity_id)
    if entity is None:
        raise Http404
    found = plan_numbered(entity.pk, link.record_id)
    if found.row.state == CANCELLED:
        raise LinkUnusable(
            "This agreement does not stand any more.",
            remedy="Ask who sent it to you for a new one.",
        )
    return entity, found, papers_of(found)


def _told(entity: Entity, found: Plan, papers: Papers) -> dict[str, Any]:
    on, row = today(entity), found.row
    reckoning = reckoned(entity, [found], on)[row.pk]
    left = [one for one in reckoning.results if one.state not in COVERED]
    customer = customer_by_id(row.customer_id)
    is_offered = row.state == OFFERED
    return {
        "entity": entity,
        "customer": customer.name if customer else "",
        "plan": row,
        "document": papers.agreement.document if papers.agreement else {},
        "expires_on": papers.agreement.expires_on if papers.agreement else None,
        "has_lapsed": is_offered and papers.agreement and papers.agreement.expires_on < on,
        "has_changed": is_offered and bool(changed_items(found, on)),
        "is_offered": is_offered,
        "is_binding": row.state in BINDING,
        "signature": papers.signature,
        "rows": [
            (one, WORDS[one.state], one.state in COVERED, spaced(found.references[one.number]))
            for one in reckoning.results
        ],
        "next": left[0] if left else None,
        "next_reference": spaced(found.references[left[0].number]) if left else "",
        "left_minor": reckoning.left_minor,
        "received_minor": sum(one.received_minor for one in reckoning.results),
        "total_minor": sum(one.asked_minor for one in reckoning.results),
    }
