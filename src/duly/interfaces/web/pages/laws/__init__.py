"""The rules of law in force, where each comes from, and what a person made of it.

Purpose: the way of `duly laws list`, `show` and `level` for people who look first.
"""

from django.urls import path

from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.pages.laws import listing, one

urlpatterns = [
    path("laws/", listing.laws, name="laws"),
    *file_patterns("laws/rules", "laws", listing.table),
    path("laws/<str:rule_id>/", one.law, name="law_rule"),
    path("laws/<str:rule_id>/level/", one.change, name="law_level"),
]
