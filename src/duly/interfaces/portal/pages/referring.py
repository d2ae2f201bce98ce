"""A referee answers five questions about the past, or says that they would rather not."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.credit.actions import answer_by_link, refuse_reference
from duly.credit.errors.requests import ReferenceAnswerUnfit
from duly.credit.queries.links import link_behind
from duly.credit.queries.references import question_form, reference_by_id
from duly.credit.queries.requests import request_by_id
from duly.credit.rules.links import REFERENCE
from duly.credit.rules.request_fields import Block
from duly.credit.rules.request_form import Form
from duly.interfaces.portal.filling import given_in, shown, wrong_in
from duly.interfaces.portal.guarding import public
from duly.interfaces.web.current import now, today
from duly.kernel.errors import Problem
from duly.parties.queries import entity_by_id

WHO = ("teller_name", "teller_role")


@public
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Five questions, each with one or some fields; none is required, one must be answered."""
    link = link_behind(purpose=REFERENCE, secret=secret, at=now())
    row, entity = reference_by_id(link.record_id), entity_by_id(link.entity_id)
    if entity is None or row.reference.request_id is None:
        raise Http404
    form = question_form(row.reference.kind)
    applicant = request_by_id(row.reference.request_id)
    told = {"entity": entity, "reference": row.reference, "applicant": applicant}
    if request.method != "POST":
        first = {"currency": applicant.currency}
        return render(request, "portal/reference.html", {**told, **questions(form, first, [])})
    on = today(entity)
    if request.POST.get("act") == "refuse":
        refuse_reference(secret=secret, on=on, at=now())
        return redirect(request.path)
    given = posted(form, request)
    who = {name: request.POST.get(name, "").strip()[:200] for name in WHO}
    person = {"name": who["teller_name"], "role": who["teller_role"]}
    try:
        answer_by_link(secret=secret, given=given, person=person, on=on, at=now())
    except ReferenceAnswerUnfit as error:
        problems = [Problem(**problem) for problem in error.facts["problems"]]
        context = {**told, **who, **questions(form, given, problems)}
        return render(request, "portal/reference.html", context, status=422)
    return redirect(request.path)


def posted(form: Form, request: HttpRequest) -> dict[str, object]:
    """Answers of a form of questions; what is empty is left out."""
    query = request.POST.copy()
    for name in WHO:
        query.pop(name, None)
    whole = Block("all", "", tuple(form.fields.values()))
    return {
        name: value for name, value in given_in(whole, query).items() if value not in ("", False)
    }


def questions(
    form: Form, typed: Mapping[str, object], problems: list[Problem]
) -> dict[str, object]:
    """The questions with what was typed, and what is wrong."""
    return {
        "questions": [(block, shown(block, form, typed, problems)) for block in form.blocks],
        "wrong": wrong_in(problems),
    }
