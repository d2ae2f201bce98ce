"""Every address of the web app. A page module exports `urlpatterns`; add it to PAGES."""

from django.urls import URLPattern, URLResolver, include, path

from duly.interfaces.api import orders
from duly.interfaces.web.pages import (
    aging,
    asking,
    calling,
    cards,
    cash,
    charges,
    customer,
    customers,
    deciding,
    desk,
    disputes,
    document,
    holding,
    importing,
    items,
    laws,
    outbox,
    overview,
    owner,
    palette,
    plans,
    policies,
    refunds,
    reviewing,
    sign_in,
    spreading,
    statements,
    templates,
)

PAGES = (
    overview,
    owner,
    desk,
    calling,
    disputes,
    asking,
    deciding,
    customers,
    customer,
    aging,
    cash,
    items,
    document,
    refunds,
    plans,
    charges,
    reviewing,
    holding,
    importing,
    outbox,
    palette,
    policies,
    templates,
    laws,
    statements,
    spreading,
    cards,
    sign_in,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *orders.urlpatterns,  # first: asked for many times a second
    *(pattern for module in PAGES for pattern in module.urlpatterns),
]
urlpatterns.append(path("", include("duly.interfaces.portal.urls")))
