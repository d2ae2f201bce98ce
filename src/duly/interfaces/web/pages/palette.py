"""Find or do: customers, documents and pages by a few letters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.interfaces.web.guard import page


@page(needs_books=False)
def palette(request: HttpRequest) -> HttpResponse:
    """The hits for what was typed."""
    return render(request, "web/parts/hits.html", {"groups": []})


urlpatterns = [path("find/", palette, name="palette")]
