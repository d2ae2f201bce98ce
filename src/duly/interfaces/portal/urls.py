"""Addresses that people outside open."""

from django.urls import path

from duly.interfaces.portal.pages import applying, planning, referring, signing

app_name = "portal"
urlpatterns = [
    path("apply/<int:entity_id>/", applying.start, name="start"),
    path("apply/<int:entity_id>/<str:segment>/", applying.start, name="start_segment"),
    path("apply/draft/<str:secret>/", applying.draft, name="draft"),
    path("apply/draft/<str:secret>/documents/", applying.documents, name="documents"),
    path("apply/draft/<str:secret>/<slug:step>/", applying.step, name="step"),
    path("guarantee/<str:secret>/", signing.sign, name="guarantee"),
    path("plan/<str:secret>/", planning.plan, name="plan"),
    path("plan/<str:secret>/agreement.pdf", planning.agreement, name="plan_agreement"),
    path("reference/<str:secret>/", referring.answer, name="reference"),
]
