"""Every address of the web app. A page module exports `urlpatterns`; add it to PAGES."""

from django.urls import URLPattern, URLResolver

from duly.interfaces.web.pages import (
    aging,
    customer,
    customers,
    desk,
    document,
    importing,
    items,
    overview,
    owner,
    palette,
    sign_in,
)

PAGES = (
    overview,
    owner,
    desk,
    customers,
    customer,
    aging,
    items,
    document,
    importing,
    palette,
    sign_in,
)

urlpatterns: list[URLPattern | URLResolver] = [
    pattern for module in PAGES for pattern in module.urlpatterns
]
