"""The overview: what is open, what is late, how fresh the books are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.interfaces.web.guard import page


@page(needs_books=False)
def overview(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    return render(request, "web/overview.html")


urlpatterns = [path("", overview, name="overview")]
