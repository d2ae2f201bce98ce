"""Disputes and deductions: the list by what they are expected to bring, one of them, their causes.

Purpose: the way of `duly dispute` for people who look first.
"""

from django.urls import path

from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.pages.disputes import listing, one, reasons, roots

urlpatterns = [
    path("disputes/", listing.listing, name="disputes"),
    *file_patterns("disputes/disputes", "disputes", listing.table),
    path("disputes/causes/", roots.roots, name="dispute_causes"),
    *file_patterns("disputes/causes/causes", "dispute_causes", roots.table),
    path("disputes/reasons/", reasons.reasons, name="dispute_reasons"),
    path("disputes/reasons/map/", reasons.map_one, name="dispute_reasons_map"),
    path("disputes/reasons/file/", reasons.map_file, name="dispute_reasons_file"),
    path("disputes/reasons/drop/", reasons.drop, name="dispute_reasons_drop"),
    path("disputes/<int:dispute_id>/", one.one, name="dispute"),
    path("disputes/<int:dispute_id>/verdict/", one.verdict, name="dispute_verdict"),
    path("disputes/<int:dispute_id>/files/", one.attach_here, name="dispute_attach"),
    path("disputes/files/<int:file_id>/", one.file, name="dispute_file"),
]
