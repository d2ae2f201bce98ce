"""A request entered by a colleague: the applicant's own form, step by step."""

from django.contrib.messages import success
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from duly.access.actions import Author
from duly.credit.actions import Evidence, begin_request
from duly.credit.models import CreditRequest
from duly.credit.queries.requests import request_by_id, request_unknown
from duly.interfaces.portal.steps import DOCUMENTS_STEP, LAST, Filling
from duly.interfaces.web.current import LARGEST_ID, actor, customer_of, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.links import address
from duly.interfaces.web.numbers import number_in


@page(act="ask_credit", methods=("POST",))
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft, of a customer where one is named, and go to its first step."""
    entity = entity_of(request)
    customer = number_in(request.POST.get("customer", ""), 18)
    row = begin_request(
        entity_id=entity.pk,
        currency=entity.currency,
        segment=request.POST.get("segment", "")[:64],
        source="clerk",
        author=Author(actor(request), now()),
        customer_id=customer_of(request, customer).pk if customer else None,
    )
    return redirect("credit_fill", row.pk)


def _request_of(request: HttpRequest, request_id: int) -> CreditRequest:
    """A request of the books at hand. Refuses: CreditRequestUnknown."""
    if request_id > LARGEST_ID:
        raise request_unknown(str(request_id))
    row = request_by_id(request_id)
    if row.entity_id != entity_of(request).pk:
        raise request_unknown(str(request_id))
    return row


def _filling(request: HttpRequest, row: CreditRequest) -> Filling:
    def place(step: str) -> str:
        if step == DOCUMENTS_STEP:
            return reverse("credit_fill_documents", args=[row.pk])
        return reverse("credit_fill_step", args=[row.pk, step])

    return Filling.of(row, today(entity_of(request)), Author(actor(request), now()), place)


@page(act="ask_credit")
def resume(request: HttpRequest, request_id: int) -> HttpResponse:
    """Where a draft goes on; one that was submitted is in the queue."""
    filling = _filling(request, _request_of(request, request_id))
    steps = filling.context("")["steps"]
    return redirect(next((one for one in steps if not one.is_done), steps[-1]).address)


@page(act="ask_credit", methods=("GET", "HEAD", "POST"))
def step(request: HttpRequest, request_id: int, step: str) -> HttpResponse:
    """One step, as the applicant's own page has it."""
    row = _request_of(request, request_id)
    filling = _filling(request, row)
    part = filling.block(step)
    if part is None:
        raise Http404
    if request.method != "POST":
        return render(request, "web/credit/fill.html", filling.context(step))
    problems = filling.keep(part, request)
    act, more = request.POST.get("act", ""), request.POST.get("more", "")
    is_told = not more and act != "later"
    if is_told and step == LAST and not problems:
        problems = filling.send(entity_of(request), Evidence())
        if not problems:
            success(request, f"{row.number} is submitted.")
            return redirect(_place_of(row))
    elif is_told and not problems:
        return redirect(filling.address(filling.after(step)))
    context = filling.context(step, problems, more, is_told=is_told)
    context["is_saved"] = act == "later"
    return render(request, "web/credit/fill.html", context, status=422 if is_told else 200)


def _place_of(row: CreditRequest) -> str:
    """The page of a request, where somebody decides about it."""
    return address("credit_request", row.pk) or reverse("credit_fill_step", args=[row.pk, LAST])


@page(act="ask_credit", methods=("GET", "HEAD", "POST"))
def documents(request: HttpRequest, request_id: int) -> HttpResponse:
    """Documents that came with the request."""
    filling = _filling(request, _request_of(request, request_id))
    problems = filling.keep_files(request) if request.method == "POST" else []
    if request.POST.get("act") == "next" and not problems:
        return redirect(filling.address(filling.after(DOCUMENTS_STEP)))
    context = filling.context(DOCUMENTS_STEP, problems, is_told=True)
    return render(request, "web/credit/fill.html", context, status=422 if problems else 200)
