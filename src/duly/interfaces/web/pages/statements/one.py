"""A customer's statement: what it says, and the PDF."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from duly.interfaces.exchange.enclosing import copies_listed, enclose, told_left_out
from duly.interfaces.exchange.statements import letters_of, statement_document
from duly.interfaces.exchange.writers.statements import Letter, document_data, page_data, typeset
from duly.interfaces.exchange.writers.statements.running import file_name
from duly.interfaces.web.current import customer_of, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.statements.asked import KINDS, PAPERS, read_asked
from duly.kernel.errors import Refusal
from duly.kernel.locales import LANGUAGES
from duly.parties.models import Customer
from duly.parties.queries import children_of
from duly.receivables.rules.statements import ACTIVITY, OPEN_ITEM

SHOWN_LINES = 200
MONTH = timedelta(days=30)


@page()
def statement(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What the statement says, by currency; `?kind=`, `?on=`, `?from=`, `?paper=`, `?language=`."""
    customer = customer_of(request, customer_id)
    given = dict(request.GET.items())
    told: dict[str, Any] = {
        "customer": customer,
        "given": given | {"on": given.get("on") or today(customer.entity).isoformat()},
        "kinds": KINDS,
        "papers": PAPERS,
        "languages": LANGUAGES,
        "is_activity": given.get("kind") == ACTIVITY,
        "has_group": bool(children_of(customer.pk, limit=1)),
        "shown": SHOWN_LINES,
    }
    if told["is_activity"] and not given.get("from"):
        given["from"] = (today(customer.entity) - MONTH).isoformat()
        told["given"]["from"] = given["from"]
    try:
        letter = _letter(customer, given)
        wanted = {name: text for name, text in told["given"].items() if text}
        told["letter"] = statement_document(letter)
        told["parts"] = letter.statement.parts
        told["numbers"] = letter.statement.kind == OPEN_ITEM
        copies = copies_listed(customer.entity_id, letter.statement)
        told["copies"] = len(copies.enclosed)
        told["left_out"] = told_left_out(copies.left_out) if copies.left_out else ""
        told["pdf"] = f"{reverse('statements_pdf', args=[customer.pk])}?{urlencode(wanted)}"
    except Refusal as error:
        told["refusal"] = error
    return render(
        request, "web/statements_customer.html", told, status=422 if "refusal" in told else 200
    )


@page()
def pdf(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The statement as it is printed. Refuses: StatementUnclear, InvalidDate."""
    customer = customer_of(request, customer_id)
    letter = _letter(customer, dict(request.GET.items()))
    drawn = typeset(document_data([page_data(letter)], letter)).pdf
    if request.GET.get("copies"):
        drawn, _ = enclose(drawn, copies_listed(customer.entity_id, letter.statement).enclosed)
    response = HttpResponse(drawn, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(letter)}"'
    return response


def _letter(customer: Customer, given: dict[str, str]) -> Letter:
    asked = read_asked(given, today(customer.entity))
    (letter,) = letters_of(customer.entity, [customer.pk], asked)
    return letter
