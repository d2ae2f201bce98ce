"""The editor: the text at the left, what a real customer would read at the right, faults named."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.collections.actions import save_template
from duly.collections.errors import TemplateUnfit, WordingUnlawful
from duly.collections.queries.laws import lint_letter
from duly.collections.queries.policies import texts_of
from duly.collections.rules.templates import FIELDS, ITEM_FIELDS, check
from duly.collections.rules.texts import Text
from duly.interfaces.jobs.foreseeing import preview_text
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.kernel.errors import Malformed, Missing
from duly.kernel.locales import LANGUAGES
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.parties.queries.finding import CustomerFilter
from duly.receivables.queries import Owing, customers_page

LONGEST_NAME, LONGEST_SUBJECT, LONGEST_BODY = 64, 200, 20_000
OFFERED = 20  # customers to read it as


@page(act="edit_policy", methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest) -> HttpResponse:
    """The editor of `?name=` in `?language=`; keeps a version, or says where it is wrong."""
    entity = entity_of(request)
    given = request.POST if request.method == "POST" else request.GET
    name, language = _which(given)
    if request.method != "POST":
        kept = texts_of(entity.pk).get((name, language), (language, Text("", "")))[1]
        return _show(request, entity, name, language, kept)
    text = _text(request.POST)
    if not name:
        return _show(request, entity, name, language, text, name_error="Name it.")
    try:
        row = save_template(
            entity_id=entity.pk,
            name=name,
            language=language,
            subject=text.subject,
            body=text.body,
            actor=actor(request),
            at=now(),
        )
    except (TemplateUnfit, WordingUnlawful):
        return _show(request, entity, name, language, text, status=422)
    toasts.success(request, f"{row.name}, version {row.version}, is what is sent from now on.")
    return redirect("templates")


def _which(given: Mapping[str, str]) -> tuple[str, str]:
    """The template and its language. Refuses: Malformed."""
    language = given.get("language", "en")
    if language not in LANGUAGES:
        raise Malformed(
            f"Texts are in {', '.join(LANGUAGES)}, not in {language[:10]!r}.",
            facts={"language": language[:10]},
            remedy="Choose one of them.",
        )
    return given.get("name", "").strip()[:LONGEST_NAME], language


def _text(given: Mapping[str, str]) -> Text:
    """What was typed; a browser ends lines with two characters."""
    body = given.get("body", "").replace("\r\n", "\n")[:LONGEST_BODY]
    subject = " ".join(given.get("subject", "").split())[:LONGEST_SUBJECT]
    return Text(subject, body)


def _show(
    request: HttpRequest,
    entity: Entity,
    name: str,
    language: str,
    text: Text,
    *,
    name_error: str = "",
    status: int = 200,
) -> HttpResponse:
    lines = customers_page(
        entity_id=entity.pk,
        on=today(entity),
        wanted=CustomerFilter(),
        owing=Owing(entity.currency, True),
        order="overdue",
        after=None,
        limit=OFFERED,
    )
    customers = [(line.customer.code, line.customer.name) for line in lines]
    code = request.POST.get("customer", customers[0][0] if customers else "")
    told: dict[str, Any] = {
        "name": name,
        "name_error": name_error,
        "language": language,
        "languages": LANGUAGES,
        "text": text,
        "customers": customers,
        "chosen": code,
        "fields": sorted(FIELDS),
        "item_fields": sorted(ITEM_FIELDS),
        **_preview(entity, name, language, text, code),
    }
    return render(request, "web/template_edit.html", told, status=422 if name_error else status)


@page(act="edit_policy", methods=("POST",))
def preview(request: HttpRequest) -> HttpResponse:
    """The text as the customer would read it, with every fault; asked while somebody types."""
    entity = entity_of(request)
    name, language = _which(request.POST)
    code = request.POST.get("customer", "")
    told = _preview(entity, name, language, _text(request.POST), code)
    return render(request, "web/template_preview.html", told)


def _preview(entity: Entity, name: str, language: str, text: Text, code: str) -> dict[str, Any]:
    customer_id, unknown = None, ""
    if code:
        try:
            customer_id = parties.customer(entity_id=entity.pk, code=code).pk
        except Missing as error:
            unknown = error.message
    return {
        "preview": preview_text(
            entity=entity,
            on=today(entity),
            name=name,
            language=language,
            customer_id=customer_id,
            text=text,
        ),
        "preview_language": language,
        "unknown": unknown,
        "problems": check(*text) if text.subject or text.body else [],
        "laws": lint_letter(
            entity=entity,
            subject=text.subject,
            body=text.body,
            language=language,
            stage=name,
            on=today(entity),
        ),
        "is_empty": not (text.subject or text.body),
    }
