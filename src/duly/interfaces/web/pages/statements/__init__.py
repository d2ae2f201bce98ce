"""Statements of account: one to look at and take, many for post, those that go out by themselves;
copies of invoices; where our customers pay.

Purpose: the way of `duly statement`, `duly statements`, `duly schedule`, `duly copies`, `duly
entity` and `duly bank-details` for people who look first.
"""

from django.urls import path

from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.pages.statements import copies, one, ourselves, runs, schedules

urlpatterns = [
    path("statements/", runs.statements, name="statements"),
    path("statements/runs/<slug:token>/", runs.run, name="statements_run"),
    path("statements/runs/<slug:token>/statements.pdf", runs.pdf, name="statements_run_pdf"),
    path("statements/runs/<slug:token>/<slug:act>/", runs.change, name="statements_run_change"),
    path("statements/schedules/", schedules.schedules, name="statements_schedules"),
    path("statements/schedules/<slug:act>/", schedules.change, name="statements_schedule_change"),
    path("statements/schedules/runs/<int:run_id>/", schedules.run, name="statements_scheduled_run"),
    path(
        "statements/schedules/runs/<int:run_id>/statements.pdf",
        schedules.pdf,
        name="statements_scheduled_pdf",
    ),
    *file_patterns(
        "statements/schedules/runs/<int:run_id>/list", "statements_scheduled_list", schedules.listed
    ),
    path("statements/ourselves/", ourselves.ourselves, name="statements_ourselves"),
    path("statements/ourselves/logo/", ourselves.logo, name="statements_logo"),
    path(
        "statements/ourselves/<int:approval_id>/<slug:act>/",
        ourselves.decide,
        name="statements_decide",
    ),
    path("statements/copies/", copies.copies, name="statements_copies"),
    path("statements/copies/<int:copy_id>.pdf", copies.pdf, name="statements_copy"),
    path("statements/copies/<int:copy_id>/tie/", copies.tie, name="statements_copy_tie"),
    path(
        "statements/copies/<int:copy_id>/confirm/", copies.confirm, name="statements_copy_confirm"
    ),
    path("customers/<int:customer_id>/statement/", one.statement, name="statements_customer"),
    path("customers/<int:customer_id>/statement.pdf", one.pdf, name="statements_pdf"),
]
