"""Held orders: the queue, and one of them with its exposure, its failed tests and its release.

Purpose: the way of `duly credit holds` and `release` for people who look first.
"""

from django.urls import path

from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.pages.holding import listing, one

urlpatterns = [
    path("credit/holds/", listing.listing, name="credit_holds"),
    *file_patterns("credit/holds/holds", "credit_holds", listing.table),
    path("credit/holds/<int:hold_id>/", one.one, name="credit_hold"),
    path("credit/holds/<int:hold_id>/release/", one.let_go, name="credit_hold_release"),
    path("credit/holds/<int:hold_id>/owner/", one.own, name="credit_hold_owner"),
]
