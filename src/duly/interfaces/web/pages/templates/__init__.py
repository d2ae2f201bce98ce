"""The texts of steps in six languages, and an editor that shows them as a customer reads them.

Purpose: the way of `duly template` for people who look first.
"""

from django.urls import path

from duly.interfaces.web.pages.templates import editing, looking

urlpatterns = [
    path("templates/", looking.templates, name="templates"),
    path("templates/edit/", editing.edit, name="template_edit"),
    path("templates/preview/", editing.preview, name="template_preview"),
]
