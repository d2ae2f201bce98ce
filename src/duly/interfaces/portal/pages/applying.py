"""The application: begun at an address that the firm gives out, saved and resumed by link."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from duly.access.actions import Author
from duly.credit.actions import Evidence, begin_request, issue_link
from duly.credit.models import CreditRequest
from duly.credit.queries.decisions import APPLICANT
from duly.credit.queries.links import link_behind
from duly.credit.queries.requests import form_of, request_by_id
from duly.credit.rules.links import DRAFT, DRAFT_DAYS, secret_of
from duly.credit.rules.request_fields import DOCUMENTS
from duly.interfaces.exchange.secret_links import link_key
from duly.interfaces.portal.guarding import (
    MOST_STARTS,
    START_SECONDS,
    address_of,
    count_files,
    count_save,
    counted,
    public,
    refuse_beyond,
)
from duly.interfaces.portal.steps import DOCUMENTS_STEP, LAST, Filling
from duly.interfaces.web.current import LARGEST_ID, now, today
from duly.parties.models import Entity
from duly.parties.queries import entity_by_id
from duly.storage.writing import whole


@public
def start(request: HttpRequest, entity_id: int, segment: str = "") -> HttpResponse:
    """Say what is asked; begin a draft on the first click. Not there until a form is open."""
    entity = entity_by_id(entity_id) if entity_id <= LARGEST_ID else None
    asked = form_of(entity_id, segment[:64]) if entity is not None else None
    if entity is None or asked is None or not asked.version:
        raise Http404
    if request.method != "POST":
        told = {"entity": entity, "asked": asked, "documents": _needed(asked.form.documents)}
        return render(request, "portal/start.html", told)
    refuse_beyond(request, "start", MOST_STARTS)
    counted(request, "start", START_SECONDS)
    at = now()
    with whole():
        row = begin_request(
            entity_id=entity.pk,
            currency=entity.currency,
            segment=asked.segment,
            source="form",
            author=Author(APPLICANT, at),
        )
        link = issue_link(
            entity_id=entity.pk,
            purpose=DRAFT,
            record_id=row.pk,
            expires_at=at + timedelta(days=DRAFT_DAYS),
            key=link_key(),
            at=at,
        )
    return redirect("portal:step", secret_of(link.nonce, link_key()), asked.form.blocks[0].id)


def _needed(documents: object) -> list[str]:
    return [DOCUMENTS[kind] for kind, must in dict(documents).items() if must]  # type: ignore[call-overload]


def _behind(secret: str) -> tuple[CreditRequest, Entity]:
    """The request and the firm behind a link. Refuses: LinkUnusable."""
    link = link_behind(purpose=DRAFT, secret=secret, at=now())
    row = request_by_id(link.record_id)
    entity = entity_by_id(row.entity_id)
    if entity is None:
        raise Http404
    return row, entity


def _filling(row: CreditRequest, entity: Entity, secret: str) -> Filling:
    def address(step: str) -> str:
        if step == DOCUMENTS_STEP:
            return reverse("portal:documents", args=[secret])
        return reverse("portal:step", args=[secret, step])

    return Filling.of(row, today(entity), Author(APPLICANT, now()), address)


@public
def draft(request: HttpRequest, secret: str) -> HttpResponse:
    """Where a draft goes on: at the first step that misses something. Sent, it says so."""
    row, entity = _behind(secret)
    filling = _filling(row, entity, secret)
    if row.submitted_on is not None:
        return render(request, "portal/sent.html", {"entity": entity, "credit_request": row})
    steps = filling.context("")["steps"]
    first = next((one for one in steps if not one.is_done), steps[-1])
    return redirect(first.address)


@public
def step(request: HttpRequest, secret: str, step: str) -> HttpResponse:
    """One step: keep what is typed, whatever is wrong with it, and tell that at its field."""
    row, entity = _behind(secret)
    if row.submitted_on is not None:
        return redirect("portal:draft", secret)
    filling = _filling(row, entity, secret)
    block = filling.block(step)
    if block is None:
        raise Http404
    told = {
        "entity": entity,
        "resume": request.build_absolute_uri(reverse("portal:draft", args=[secret])),
    }
    if request.method != "POST":
        return render(request, "portal/step.html", {**told, **filling.context(step)})
    count_save(request)
    problems = filling.keep(block, request)
    more = request.POST.get("more", "")
    act = request.POST.get("act", "")
    if more or act == "later":
        is_told = False
    elif step == LAST:
        problems = problems or filling.send(entity, _evidence(request))
        if not problems:
            return redirect("portal:draft", secret)
        is_told = True
    elif not problems:
        return redirect(filling.address(filling.after(step)))
    else:
        is_told = True
    context = filling.context(step, problems, more, is_told=is_told)
    context["is_saved"] = act == "later"
    status = 422 if is_told else 200
    return render(request, "portal/step.html", {**told, **context}, status=status)


def _evidence(request: HttpRequest) -> Evidence:
    return Evidence(address_of(request), request.headers.get("User-Agent", "")[:200])


@public
def documents(request: HttpRequest, secret: str) -> HttpResponse:
    """Files that come with the request, by their content and not by their name."""
    row, entity = _behind(secret)
    if row.submitted_on is not None:
        return redirect("portal:draft", secret)
    filling = _filling(row, entity, secret)
    if not filling.form.documents:
        raise Http404
    told = {
        "entity": entity,
        "resume": request.build_absolute_uri(reverse("portal:draft", args=[secret])),
    }
    if request.method != "POST":
        return render(request, "portal/documents.html", {**told, **filling.context(DOCUMENTS_STEP)})
    count_save(request)
    count_files(request)
    problems = filling.keep_files(request)
    if not problems and request.POST.get("act") == "next":
        return redirect(filling.address(filling.after(DOCUMENTS_STEP)))
    context = filling.context(DOCUMENTS_STEP, problems, is_told=True)
    status = 422 if problems else 200
    return render(request, "portal/documents.html", {**told, **context}, status=status)
