"""Requests for credit that a colleague enters, and references taken by phone."""

from django.urls import path

from duly.interfaces.web.pages.asking import entering, phoned

urlpatterns = [
    path("credit/new/", entering.new, name="credit_new"),
    path("credit/requests/<int:request_id>/fill/", entering.resume, name="credit_fill"),
    path(
        "credit/requests/<int:request_id>/fill/documents/",
        entering.documents,
        name="credit_fill_documents",
    ),
    path(
        "credit/requests/<int:request_id>/fill/<slug:step>/", entering.step, name="credit_fill_step"
    ),
    path("credit/references/<int:reference_id>/", phoned.reference, name="credit_reference"),
]
