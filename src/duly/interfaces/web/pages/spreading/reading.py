"""The page of a firm's statements: ratios, models of failure, shares, what was kept by whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.access.rules.roles import may
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.spreading.shown import statements_context
from duly.interfaces.web.pages.spreading.whose import whose_of


@page()
def statements(
    request: HttpRequest, customer_id: int | None = None, request_id: int | None = None
) -> HttpResponse:
    """The page."""
    entity = entity_of(request)
    whose = whose_of(request, customer_id, request_id)
    told = statements_context(
        entity.pk, today(entity), request_id=request_id, customer_id=customer_id
    )
    told |= {"whose": whose, "may_spread": may(request.user.role, "assess_credit")}
    return render(request, "web/credit/statements.html", told)


urlpatterns = [
    path("customers/<int:customer_id>/financials/", statements, name="credit_statements_customer"),
    path(
        "credit/requests/<int:request_id>/financials/", statements, name="credit_statements_request"
    ),
]
