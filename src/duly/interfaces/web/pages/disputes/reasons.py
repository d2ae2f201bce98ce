"""What customers' codes mean, and who clears which reason in how many days."""

from pathlib import Path
from typing import Any, cast

from django.contrib import messages as toasts
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author, require
from duly.access.rules.roles import may
from duly.disputes.actions import (
    DutyDraft,
    MappingDraft,
    drop_mapping,
    map_reasons,
    set_duties,
)
from duly.disputes.queries.reasons import (
    duty_versions,
    mappings_of,
    policy_on,
    unknown_codes,
)
from duly.disputes.rules.reasons import EVERYBODY
from duly.interfaces.exchange.disputing import mappings_in
from duly.interfaces.exchange.uploads import refuse_too_big
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.templatetags.show import count
from duly.kernel.errors import Malformed, Refusal
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names, customer

SHOWN_VERSIONS = 20


@page(methods=("GET", "HEAD", "POST"))
def reasons(request: HttpRequest) -> HttpResponse:
    """The page; what is posted to it changes who clears a reason."""
    if request.method != "POST":
        return _shown(request)
    require(user=request.user, act="edit_policy")
    entity = entity_of(request)
    days = number_in(request.POST.get("days", "").strip(), 4)
    draft = DutyDraft(request.POST.get("reason", ""), request.POST.get("owner", ""), days or 0)
    try:
        set_duties(entity_id=entity.pk, drafts=[draft], on=today(entity), author=_author(request))
    except Refusal as error:
        return _shown(request, error)
    toasts.success(request, f"{draft.owner.strip()} clears {draft.reason} from today on.")
    return redirect("dispute_reasons")


@page(act="edit_policy", methods=("POST",))
def map_one(request: HttpRequest) -> HttpResponse:
    """Say what one code means."""
    entity = entity_of(request)
    told = request.POST
    try:
        whose = told.get("customer", "").strip()
        customer_id = customer(entity_id=entity.pk, code=whose).pk if whose else EVERYBODY
        draft = MappingDraft(told.get("code", ""), told.get("reason", ""), customer_id)
        map_reasons(entity_id=entity.pk, drafts=[draft], on=today(entity), author=_author(request))
    except Refusal as error:
        return _shown(request, error)
    toasts.success(request, f"{draft.code.strip()} means {draft.reason.replace('_', ' ')}.")
    return redirect("dispute_reasons")


@page(act="edit_policy", methods=("POST",))
def map_file(request: HttpRequest) -> HttpResponse:
    """Take the codes of a file: all of it, or none."""
    entity = entity_of(request)
    try:
        if hasattr(request, "too_big"):
            raise refuse_too_big(request.too_big)
        files = cast(list[TemporaryUploadedFile], request.FILES.getlist("files"))
        if not files:
            raise Malformed("No file was dropped.", remedy="Choose a CSV or XLSX file.")
        drafts = [
            draft
            for one in files
            for draft in mappings_in(entity.pk, Path(one.temporary_file_path()), str(one.name))
        ]
        changed = map_reasons(
            entity_id=entity.pk, drafts=drafts, on=today(entity), author=_author(request)
        )
    except Refusal as error:
        return _shown(request, error)
    toasts.success(request, f"{count(len(drafts), 'code,codes')}, {changed} new or changed.")
    return redirect("dispute_reasons")


@page(act="edit_policy", methods=("POST",))
def drop(request: HttpRequest) -> HttpResponse:
    """Forget what a code means."""
    row = drop_mapping(
        entity_id=entity_of(request).pk,
        code=request.POST.get("code", ""),
        customer_id=number_in(request.POST.get("customer", ""), 18) or EVERYBODY,
        author=_author(request),
    )
    toasts.success(request, f"{row.code} means nothing any more.")
    return redirect("dispute_reasons")


def _author(request: HttpRequest) -> Author:
    return Author(actor(request), now())


def _shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    entity = entity_of(request)
    told: dict[str, Any] = {
        **_codes(entity),
        "duties": sorted(policy_on(entity.pk, today(entity)).duties.items()),
        "versions": duty_versions(entity.pk)[:SHOWN_VERSIONS],
        "may_edit": may(request.user.role, "edit_policy"),
        "refusal": refusal,
        "given": request.POST,
    }
    return render(request, "web/dispute_reasons.html", told, status=422 if refusal else 200)


def _codes(entity: Entity) -> dict[str, Any]:
    mappings, unknown = mappings_of(entity.pk), unknown_codes(entity.pk)
    names = codes_and_names({*(c for c, _ in mappings), *(one.customer_id for one in unknown)})
    return {
        "mappings": [
            (code, reason, customer_id, names[customer_id][1] if customer_id else "Everybody")
            for (customer_id, code), reason in mappings.items()
        ],
        "unknown": [(one, *names[one.customer_id]) for one in unknown],
    }
