"""A run of matching that is carried out behind the page, as far as it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from duly.access.rules.roles import may
from duly.interfaces.exchange.match_runs import match_run_of
from duly.interfaces.jobs.matching import match_money
from duly.interfaces.web.current import entity_of
from duly.interfaces.web.guard import page


@page()
def run(request: HttpRequest, token: str) -> HttpResponse:
    """A run; asked again while it goes on. Refuses: MatchRunUnknown."""
    found = match_run_of(entity_of(request).pk, token)
    told = {"run": found, "may_apply": may(request.user.role, "apply")}
    name = "web/cash_run_progress.html" if request.htmx else "web/cash_run.html"
    return render(request, name, told)


@page(act="apply", methods=("POST",))
def again(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with a run that broke off or stands still. Refuses: MatchRunUnknown."""
    entity = entity_of(request)
    match_money.enqueue(entity.pk, match_run_of(entity.pk, token).token)
    return redirect("cash_run", token)


urlpatterns = [
    path("cash/match/<str:token>/", run, name="cash_run"),
    path("cash/match/<str:token>/again/", again, name="cash_run_again"),
]
