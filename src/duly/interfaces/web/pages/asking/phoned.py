"""A reference: what was told, and a form for what was taken by phone."""

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author
from duly.credit.actions import answer_reference, close_reference
from duly.credit.errors.requests import ReferenceAnswerUnfit, ReferenceUnknown
from duly.credit.queries.references import ReferenceRow, question_form, reference_by_id
from duly.credit.queries.requests import request_by_id
from duly.interfaces.portal.pages.referring import WHO, posted, questions
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.kernel.errors import Problem


@page(act="ask_credit", methods=("GET", "HEAD", "POST"))
def reference(request: HttpRequest, reference_id: int) -> HttpResponse:
    """Five questions as a colleague heard them answered; or that they were not."""
    entity = entity_of(request)
    row = _row_of(request, reference_id)
    asked = request_by_id(row.reference.request_id) if row.reference.request_id else None
    form = question_form(row.reference.kind)
    told = {"row": row, "reference": row.reference, "asked": asked}
    if request.method != "POST":
        typed = row.answer.typed if row.answer else {"currency": asked.currency if asked else ""}
        return render(request, "web/credit/reference.html", {**told, **questions(form, typed, [])})
    given, act = posted(form, request), request.POST.get("act", "")
    given.pop("why", None)
    person = {
        name: request.POST.get(f"teller_{name}", "").strip()[:200] for name in ("name", "role")
    }
    try:
        if act in ("refused", "unverifiable"):
            why = request.POST.get("why", "")
            close_reference(
                entity_id=entity.pk,
                reference_id=reference_id,
                state=act,
                why=why,
                on=today(entity),
                author=Author(actor(request), now()),
            )
        else:
            answer_reference(
                entity_id=entity.pk,
                reference_id=reference_id,
                given=given,
                way="phone",
                person=person,
                on=today(entity),
                author=Author(actor(request), now()),
            )
    except ReferenceAnswerUnfit as error:
        problems = [Problem(**problem) for problem in error.facts.get("problems", [])]
        problems = problems or [Problem("why", error.code, error.message, error.remedy)]
        typed = {name: request.POST.get(name, "") for name in (*WHO, "why")}
        context = {**told, **typed, **questions(form, given, problems)}
        return render(request, "web/credit/reference.html", context, status=422)
    success(request, f"What {row.reference.name} told is kept.")
    return redirect("credit_reference", reference_id)


def _row_of(request: HttpRequest, reference_id: int) -> ReferenceRow:
    """A reference of the books at hand. Refuses: ReferenceUnknown."""
    row = reference_by_id(reference_id) if reference_id <= LARGEST_ID else None
    if row is None or row.reference.entity_id != entity_of(request).pk:
        raise ReferenceUnknown(
            f"There is no reference {reference_id}.",
            facts={"reference": reference_id},
            remedy="Look at the request that named it.",
        )
    return row
