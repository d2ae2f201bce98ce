"""Every address of the web app. A page module exports `urlpatterns`; add it to PAGES."""

from django.urls import URLPattern, URLResolver

from duly.interfaces.api import orders
from duly.interfaces.web.pages import (
    aging,
    cash,
    customer,
    customers,
    desk,
    disputes,
    document,
    importing,
    items,
    outbox,
    overview,
    owner,
    palette,
    policies,
    refunds,
    sign_in,
    spreading,
    statements,
    templates,
)

PAGES = (
    overview,
    owner,
    desk,
    disputes,
    customers,
    customer,
    aging,
    cash,
    items,
    document,
    refunds,
    importing,
    outbox,
    palette,
    policies,
    templates,
    statements,
    spreading,
    sign_in,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(pattern for module in PAGES for pattern in module.urlpatterns),
    *orders.urlpatterns,
]
